//! A proposal on a terminal. Knows nothing of where it came from.

use advice::proposal::{Proposal, Request};

use super::table;

/// Prints what to trade and why, what was left out, and the rows beside it.
pub(super) fn proposal(request: &Request, proposal: &Proposal, chinese: bool) {
    let explanation = &proposal.explanation;
    println!("{}\n", if chinese { &explanation.chinese } else { &explanation.english });
    println!("{}\n", explanation.would_change[usize::from(chinese)]);
    let orders = &proposal.orders;
    let rows: Vec<Vec<String>> = orders
        .holdings
        .iter()
        .map(|(code, after)| {
            let signed: i64 = orders
                .list
                .iter()
                .filter(|o| o.code == *code)
                .map(|o| {
                    if o.side == advice::proposal::OrderSide::Buy { o.amount_minor } else { -o.amount_minor }
                })
                .sum();
            let fee: i64 = orders.list.iter().filter(|o| o.code == *code).map(|o| o.fee_minor).sum();
            let grade = request.product(code).map_or("", |p| p.grade().name());
            vec![
                code.clone(),
                grade.into(),
                table::money(request.held_minor(code)),
                table::money(signed),
                table::money(fee),
                table::money(*after),
            ]
        })
        .collect();
    table::print(&["product", "grade", "before", "order", "fee", "after"], &rows);
    println!(
        "cash after {}, of it reserve {}",
        table::money(orders.cash_minor),
        table::money(request.reserve_minor)
    );
    for skip in &orders.skipped {
        let days = skip.days_left.map_or(String::new(), |d| {
            format!(", {d} days left, fee avoided {}", table::money(skip.fee_avoided_minor))
        });
        println!(
            "not done: {} {} ({}{days})",
            skip.code,
            table::money(skip.amount_minor),
            skip.reason.name()
        );
    }
    println!();
    alternatives(proposal);
    println!("\nchecks passed: {}", proposal.matching.checks.len());
    if let Some(why) = &proposal.review {
        println!("A person must look at this first: {why}.");
    }
    println!("can be accepted until {}; past returns say nothing certain about the future", proposal.expires);
}

/// The boring rows beside ours.
fn alternatives(proposal: &Proposal) {
    let rows: Vec<Vec<String>> = proposal
        .alternatives
        .iter()
        .map(|a| {
            let goal = a.goal_bp.map_or("–".into(), |(p, e)| {
                format!("{:.1} ± {:.1} %", p as f64 / 100.0, e as f64 / 100.0)
            });
            vec![
                a.name.into(),
                a.grade.name().into(),
                if a.permitted { "yes" } else { "no" }.into(),
                table::money(a.fees_minor),
                table::basis_points(Some(a.yearly_cost_bp)),
                table::basis_points(a.loss_bp),
                table::basis_points(a.worst_bp),
                goal,
            ]
        })
        .collect();
    table::print(
        &[
            "alternative",
            "grade",
            "permitted",
            "fees now",
            "cost a year",
            "worst 1/20 of years",
            "worst 12 months",
            "goal reached",
        ],
        &rows,
    );
}
