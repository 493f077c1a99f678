//! Sales and purchases as tax sees them, through the calls that report them.

use advice::proposal::OrderSide;

use super::*;
use crate::plan::Booked;

/// A client of this jurisdiction with two goals; the ids of the goals.
fn client(desk: &mut Desk, jurisdiction: &str) -> [String; 2] {
    desk.person("ana", Verb::Serve, &[], r#"{"served":["CN","GB","PH","US"]}"#).unwrap();
    let first = {
        let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
        let answers = answers("u1", &form, 2).replace("\"CN\"", &format!("\"{jurisdiction}\""));
        desk.member(Verb::Assess, &[], &answers).unwrap();
        goal(desk, "A flat")
    };
    [first, goal(desk, "A boat")]
}

fn goal(desk: &mut Desk, name: &str) -> String {
    let goal = format!(
        r#"{{"user":"u1","kind":"home","name":"{name}","until":"2036-03-01","monthly_minor":50000,"target_minor":20000000}}"#
    );
    text(&desk.member(Verb::SetGoal, &[], &goal).unwrap(), "id")
}

/// An order as if it had been booked, and its fill. The answer, or the refusal.
fn filled(
    desk: &mut Desk,
    goal: &str,
    trade: (OrderSide, &str, i64, i64),
    lots: &str,
) -> Result<Json, Refusal> {
    let (side, code, units, amount) = trade;
    let id = format!("order-{}", desk.journal.len());
    let (day, number) = (desk.now.day(), desk.journal.len() as u64);
    let subject = format!("{WALLET}/u1");
    desk.adviser.note_place(&id, &subject, number);
    let plan = desk.adviser.investors.get_mut(&subject).unwrap().plans.get_mut(goal).unwrap();
    if side == OrderSide::Buy {
        plan.cash_minor += amount;
    }
    let booked = Booked {
        side,
        code: code.into(),
        amount_minor: amount,
        proposal: "proposal-1".into(),
        trade_day: day,
    };
    plan.open.insert(id.clone(), booked);
    let body = format!(
        r#"{{"carried_out":true,"units_millionths":{units},"amount_minor":{amount},"fee_minor":0,"day":"{day}"{lots}}}"#
    );
    desk.member(Verb::Fill, &[&id], &body)
}

/// Prices of this day like the last ones.
fn same_prices(desk: &mut Desk, day: &str) {
    for code in ["BONDS", "MONEY", "SHARES"] {
        let last = desk.adviser.house.market.series(code).unwrap().price_millionths;
        let price = format!("{}.{:06}", last / 1_000_000, last % 1_000_000);
        let body = format!(r#"{{"product":"{code}","prices":[["{day}","{price}"]]}}"#);
        desk.person("ana", Verb::PublishPrices, &[], &body).unwrap();
    }
}

fn tax(desk: &mut Desk, goal: &str) -> Json {
    desk.member(Verb::Tax, &[goal], "{}").unwrap()
}

fn year(told: &Json, key: &str) -> i64 {
    whole(told.member("all_goals_this_year").unwrap(), key)
}

const BUY: OrderSide = OrderSide::Buy;
const SELL: OrderSide = OrderSide::Sell;

#[test]
fn a_loss_bought_back_by_another_goal_is_put_off_into_it() {
    let mut desk = open_house();
    let [flat, boat] = client(&mut desk, "US");
    filled(&mut desk, &flat, (BUY, "SHARES", 100, 1_000), "").unwrap();
    desk.now = at("2026-03-05");
    filled(&mut desk, &flat, (SELL, "SHARES", 100, 750), "").unwrap();
    let before = tax(&mut desk, &flat);
    assert_eq!((year(&before, "short_losses_minor"), year(&before, "losses_put_off_minor")), (-250, 0));
    desk.now = at("2026-03-10");
    filled(&mut desk, &boat, (BUY, "SHARES", 40, 320), "").unwrap();
    let after = tax(&mut desk, &boat);
    assert_eq!((year(&after, "short_losses_minor"), year(&after, "losses_put_off_minor")), (-150, 100));
    let lot = &after.member("lots").unwrap().elements()[0];
    assert_eq!((whole(lot, "basis_minor"), text(lot, "held_since")), (420, "2026-03-07".into()));
    // Advice does not make it worse: what would put off the rest waits.
    same_prices(&mut desk, "2026-03-09");
    let proposed = format!(r#"{{"goal":"{flat}","kind":"initial","amount_minor":1000000}}"#);
    let proposal = desk.member(Verb::Propose, &[], &proposed);
    let proposal = proposal.unwrap_or_else(|refusal| panic!("{refusal}"));
    let left = proposal.member("proposal").unwrap().member("orders").unwrap().member("not_done").unwrap();
    let left = &left.elements()[0];
    assert_eq!((text(left, "product"), text(left, "reason")), ("SHARES".into(), "WASH_SALE".into()));
    // Sold at a gain later: the loss comes back with it.
    desk.now = at("2026-03-20");
    filled(&mut desk, &boat, (SELL, "SHARES", 40, 500), "").unwrap();
    assert_eq!(year(&tax(&mut desk, &boat), "short_gains_minor"), 80);
}

#[test]
fn one_lot_takes_back_the_losses_of_all_that_it_replaces() {
    let mut desk = open_house();
    let [flat, boat] = client(&mut desk, "US");
    for (day, goal, units, amount) in
        [("2025-01-06", &flat, 60, 1_200), ("2025-02-03", &flat, 40, 720), ("2026-02-20", &boat, 110, 550)]
    {
        desk.now = at(day);
        filled(&mut desk, goal, (BUY, "SHARES", units, amount), "").unwrap();
    }
    desk.now = at("2026-03-02");
    filled(&mut desk, &flat, (SELL, "SHARES", 100, 500), "").unwrap();
    let told = tax(&mut desk, &boat);
    assert_eq!((year(&told, "long_losses_minor"), year(&told, "losses_put_off_minor")), (0, 1_420));
    let lots = told.member("lots").unwrap().elements();
    let shown: Vec<(i64, i64)> =
        lots.iter().map(|lot| (whole(lot, "units_millionths"), whole(lot, "basis_minor"))).collect();
    assert_eq!(shown, [(10, 50), (40, 200 + 520), (60, 300 + 900)]);
}

#[test]
fn lots_are_chosen_by_the_rules_or_by_the_client() {
    let mut desk = open_house();
    let [flat, _] = client(&mut desk, "US");
    for (day, amount) in [("2024-01-08", 900), ("2025-01-06", 1_200), ("2026-01-05", 1_000)] {
        desk.now = at(day);
        filled(&mut desk, &flat, (BUY, "SHARES", 100, amount), "").unwrap();
    }
    desk.now = at("2026-03-02");
    filled(&mut desk, &flat, (SELL, "SHARES", 50, 550), "").unwrap();
    let told = tax(&mut desk, &flat);
    assert_eq!(whole(&told.member("sales").unwrap().elements()[0], "gain_minor"), -50, "the dearest first");
    let oldest = text(&told.member("lots").unwrap().elements()[0], "lot");
    let chosen = format!(r#","lots":{{"{oldest}":100}}"#);
    filled(&mut desk, &flat, (SELL, "SHARES", 100, 1_100), &chosen).unwrap();
    assert_eq!(year(&tax(&mut desk, &flat), "long_gains_minor"), 200, "held since 2024");
    let again = filled(&mut desk, &flat, (SELL, "SHARES", 100, 1_100), &chosen);
    assert_eq!(again.unwrap_err().code.name(), "NOT_A_LOT");
    for (lots, code) in [(r#","lots":[1]"#, "MALFORMED_TABLE"), (r#","lots":{"x":1.5}"#, "MALFORMED_TABLE")] {
        let refused = filled(&mut desk, &flat, (SELL, "SHARES", 1, 11), lots).unwrap_err();
        assert_eq!(refused.code.name(), code, "{lots}");
    }
    let bought = filled(&mut desk, &flat, (BUY, "SHARES", 1, 11), r#","lots":{"x":1}"#).unwrap_err();
    assert!(bought.message.contains("only a sale"), "{bought}");
}

#[test]
fn a_loss_that_could_be_taken_is_shown_with_what_stands_in_its_way() {
    let mut desk = open_house();
    let [flat, boat] = client(&mut desk, "US");
    let price = desk.adviser.house.market.series("SHARES").unwrap().price_millionths;
    let worth = price / 1_000_000;
    filled(&mut desk, &flat, (BUY, "SHARES", 1_000_000, worth * 2), "").unwrap();
    let loss = |desk: &mut Desk| tax(desk, &flat).member("losses").unwrap().elements()[0].clone();
    let told = loss(&mut desk);
    assert_eq!((whole(&told, "loss_minor"), told.member("free")), (worth, Some(&Json::Bool(true))));
    desk.now = at("2026-03-09");
    filled(&mut desk, &boat, (BUY, "SHARES", 1_000, 1), "").unwrap();
    let told = loss(&mut desk);
    assert_eq!(
        (text(&told, "free_from"), told.member("free")),
        ("2026-04-09".into(), Some(&Json::Bool(false)))
    );
    let rules = format!(r#"{{"user":"u1","goal":"{boat}","sweep":true}}"#);
    desk.member(Verb::SetCashRules, &[], &rules).unwrap();
    desk.now = at("2026-05-11");
    let told = loss(&mut desk);
    assert_eq!((told.member("free_from"), told.member("free")), (None, Some(&Json::Bool(false))));
    let why = told.member("in_the_way").unwrap().elements()[0].as_text().unwrap().to_owned();
    assert_eq!(why, format!("the cash rules that feed {boat}"));
}

#[test]
fn tax_rules_are_the_houses_and_who_has_none_is_told_so() {
    let mut desk = open_house();
    let [flat, _] = client(&mut desk, "PH");
    assert_eq!(desk.member(Verb::Tax, &[&flat], "{}").unwrap_err().code.name(), "NOT_KNOWN");
    let rules = r#"{"rules":{"jurisdiction":"PH","version":"2026","source":"counsel's letter of May","taxed":true,"order":"pool"}}"#;
    desk.person("ana", Verb::SetTaxRules, &[], rules).unwrap();
    let told = tax(&mut desk, &flat);
    assert_eq!(text(told.member("rules").unwrap(), "source"), "counsel's letter of May");
    let wrong = rules.replace("pool", "lottery");
    let refused = desk.person("ana", Verb::SetTaxRules, &[], &wrong).unwrap_err();
    assert!(refused.message.contains("order"), "{refused}");
    desk.check();
}

/// Whatever is bought and sold under whichever rules: what was paid is in the lots, in the sales or was moved between
/// them, and no unit is lost.
#[test]
fn no_cost_is_lost_under_any_rules() {
    for (seed, jurisdiction) in (0..6).flat_map(|seed| ["US", "GB", "CN"].map(|j| (seed, j))) {
        let mut random = advice::random::Random::new(seed);
        let mut below = |limit: usize| random.below(limit) as i64;
        let mut desk = open_house();
        let goals = client(&mut desk, jurisdiction);
        let (mut paid, mut received) = (0, 0);
        for step in 0..120 {
            desk.now = Moment { at_ms: at(TODAY).at_ms + step * 86_400_000 };
            let goal = &goals[below(2) as usize];
            let code = ["SHARES", "BONDS"][below(2) as usize];
            let held: i64 = desk.adviser.investors[&format!("{WALLET}/u1")].plans[goal]
                .lots
                .iter()
                .filter(|lot| lot.code == code)
                .map(|lot| lot.units)
                .sum();
            let (units, price) = (1 + below(500), 5 + below(10));
            if held > 0 && below(2) == 0 {
                let units = units.min(held);
                filled(&mut desk, goal, (SELL, code, units, units * price), "").unwrap();
                received += units * price;
            } else {
                filled(&mut desk, goal, (BUY, code, units, units * price), "").unwrap();
                paid += units * price;
            }
        }
        let investor = &desk.adviser.investors[&format!("{WALLET}/u1")];
        let lots: i64 = investor.plans.values().flat_map(|plan| &plan.lots).map(|lot| lot.basis_minor).sum();
        let sold: i64 = investor.sold.iter().map(|sold| sold.sale.basis_minor - sold.moved_minor).sum();
        let proceeds: i64 = investor.sold.iter().map(|sold| sold.sale.proceeds_minor).sum();
        assert_eq!((lots + sold, proceeds), (paid, received), "{jurisdiction} {seed}");
        assert!(investor.sold.iter().all(|sold| sold.sale.open_units >= 0), "{jurisdiction} {seed}");
        let mut names: Vec<&str> =
            investor.plans.values().flat_map(|plan| &plan.lots).map(|lot| lot.id.as_str()).collect();
        let held = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), held, "{jurisdiction} {seed}: a lot's name stands twice");
        let moved = investor.sold.iter().filter(|sold| sold.moved_minor != 0).count();
        assert!((moved > 0) == (jurisdiction != "CN"), "{jurisdiction} {seed}: {moved} were moved");
    }
}
