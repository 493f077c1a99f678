//! A limit on total turnover, met exactly: the one extra trading cost at which the optimum trades just so much.

use crate::matrix::Matrix;
use crate::quadratic::{Active, Costs, Programme, Side, Solution};
use crate::refusal::{Code, Refusal};

const ROUNDS_MAX: usize = 200; // bisection alone would need about 60
const EXACT: f64 = 1e-14; // a turnover this close to its limit meets it

/// The optimum among those with Σ|x − held| ≤ `most`.
pub(super) fn solve_within(programme: &Programme, most: f64) -> Result<Solution, Refusal> {
    let free = programme.solve()?;
    let costs = programme.costs.as_ref().ok_or_else(|| {
        Refusal::new(Code::OutOfRange, "turnover", "A turnover limit needs present holdings.")
    })?;
    if turnover(&free.x, costs) <= most {
        return Ok(free);
    }
    let least = least_turnover(programme, costs)?;
    if least > most + 1e-12 {
        return Err(Refusal::new(
            Code::TurnoverBudget,
            "total turnover",
            "Meeting the other limits takes more trading.",
        )
        .found(most, least)
        .nearest(least)
        .remedy(
            "Raise the turnover limit or widen the bounds; a first investment is its own kind of proposal.",
        ));
    }
    search(programme, costs, free, most.max(least))
}

fn search(programme: &Programme, costs: &Costs, free: Solution, most: f64) -> Result<Solution, Refusal> {
    let mut dear = objective_size(programme);
    let mut high = priced(programme, costs, dear)?;
    while turnover(&high.x, costs) > most + EXACT && dear < 1e12 * objective_size(programme) {
        dear *= 4.0;
        high = priced(programme, costs, dear)?;
    }
    let (mut cheap, mut low) = (0.0, free);
    for round in 0..ROUNDS_MAX {
        let (above, below) = (turnover(&low.x, costs) - most, most - turnover(&high.x, costs));
        if below.abs() <= EXACT || dear - cheap <= 1e-15 * dear || above <= EXACT {
            break;
        }
        // Straight between two prices with the same active set, so the secant ends the search; halving every third
        // time keeps it from creeping.
        let share = if round % 3 == 2 { 0.5 } else { above / (above + below) };
        let price = cheap + share * (dear - cheap);
        let next = priced(programme, costs, price)?;
        if turnover(&next.x, costs) > most {
            (cheap, low) = (price, next);
        } else {
            (dear, high) = (price, next);
        }
    }
    let (above, below) = (turnover(&low.x, costs) - most, most - turnover(&high.x, costs));
    let mut solution = if above.abs() <= EXACT { low.clone() } else { high };
    if above > EXACT && below > EXACT {
        // The optimum jumps at this price: every mixture is optimal and one trades just enough.
        let share = above / (above + below);
        for (x, other) in solution.x.iter_mut().zip(&low.x) {
            *x = share * *x + (1.0 - share) * other;
        }
    }
    solution.objective = programme.objective(&solution.x);
    solution.certificate.active.push(Active {
        variable: None,
        row: Some("total turnover".into()),
        side: Side::Upper,
        price: -dear,
    });
    Ok(solution)
}

fn turnover(x: &[f64], costs: &Costs) -> f64 {
    x.iter().zip(&costs.held).map(|(a, b)| (a - b).abs()).sum()
}

fn priced(programme: &Programme, costs: &Costs, price: f64) -> Result<Solution, Refusal> {
    let raise = |list: &[f64]| list.iter().map(|c| c + price).collect();
    let costs = Costs { held: costs.held.clone(), buy: raise(&costs.buy), sell: raise(&costs.sell) };
    Programme { costs: Some(costs), ..programme.clone() }.solve()
}

fn least_turnover(programme: &Programme, costs: &Costs) -> Result<f64, Refusal> {
    let n = programme.linear.len();
    let flat = Matrix::zeros(n, n);
    let ones = Costs { held: costs.held.clone(), buy: vec![1.0; n], sell: vec![1.0; n] };
    let only = Programme { quadratic: &flat, linear: vec![0.0; n], costs: Some(ones), ..programme.clone() };
    Ok(turnover(&only.solve()?.x, costs))
}

fn objective_size(programme: &Programme) -> f64 {
    let n = programme.linear.len();
    let variance = (0..n).map(|i| programme.quadratic.at(i, i)).fold(0.0, f64::max);
    programme.linear.iter().fold(variance, |m, c| m.max(c.abs())).max(1e-12)
}
