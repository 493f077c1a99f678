//! The efficient frontier as its corners, and the points on it that maximise the Sharpe ratio or meet a risk limit.

use super::{Portfolio, Setting};
use crate::matrix::{Matrix, dot};
use crate::quadratic::{Corner, Solution, trace};
use crate::refusal::{Code, Refusal};

/// The whole frontier: portfolios between neighbouring corners are mixtures of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// Asset names.
    pub names: Vec<String>,
    /// From least variance to most return.
    pub corners: Vec<Corner>,
    /// Mean of each corner, for each period.
    pub means: Vec<f64>,
}

/// The frontier of w'μ against w'Σw under the limits and proportional costs.
pub fn frontier(setting: &Setting) -> Result<Frontier, Refusal> {
    let programme = setting.programme(vec![0.0; setting.moments.assets()])?;
    let (_, corners) = trace(&programme, &setting.moments.mean, |_, _| false)?;
    let means = corners.iter().map(|c| dot(&setting.moments.mean, &c.x)).collect();
    Ok(Frontier { names: setting.moments.names.clone(), corners, means })
}

impl Frontier {
    /// So many weight lists equally spaced in mean return, both ends included.
    pub fn points(&self, count: usize) -> Vec<Vec<f64>> {
        let (low, high) = (self.means[0], self.means[self.means.len() - 1]);
        let steps = count.saturating_sub(1).max(1) as f64;
        (0..count).map(|k| self.at_mean(low + (high - low) * (k as f64 / steps))).collect()
    }

    /// The weights of least variance with this mean, clamped to the frontier's ends.
    pub fn at_mean(&self, mean: f64) -> Vec<f64> {
        let after = self.means.partition_point(|m| *m < mean);
        if after == 0 || after >= self.corners.len() {
            return self.corners[after.min(self.corners.len() - 1)].x.clone();
        }
        let (low, high) = (self.means[after - 1], self.means[after]);
        let share = if high > low { (mean - low) / (high - low) } else { 0.0 };
        mix(&self.corners[after - 1].x, &self.corners[after].x, share)
    }
}

/// Largest (w'μ − free)/σ. Refused where nothing earns more than `free` for each period.
pub fn maximum_sharpe(setting: &Setting, free: f64) -> Result<Portfolio, Refusal> {
    refuse_trading(setting, "maximum Sharpe ratio")?;
    let moments = setting.moments;
    let mut programme = setting.programme(vec![0.0; moments.assets()])?;
    let mut best = None;
    let excess = |x: &[f64]| dot(&moments.mean, x) - free;
    let (first, corners) = trace(&programme, &moments.mean, |a, b| {
        best = peak(&moments.covariance, (excess(&a.x), &a.x), (excess(&b.x), &b.x));
        best.is_some_and(|share| share < 1.0)
    })?;
    let last = corners.len() - 1;
    let x = match best {
        Some(share) if last > 0 => mix(&corners[last - 1].x, &corners[last].x, share),
        _ => corners[last].x.clone(),
    };
    if excess(&x) <= 0.0 {
        let most = corners.iter().map(|c| dot(&moments.mean, &c.x)).fold(f64::NEG_INFINITY, f64::max);
        let message = "No admissible portfolio earned more than the risk-free rate.";
        return Err(Refusal::new(Code::NoPositiveExcessReturn, "excess return", message)
            .found(free, most)
            .nearest(most)
            .remedy("Ask for minimum variance, or bring other assets or expected returns."));
    }
    let method = format!("maximum Sharpe ratio, risk-free {free} a period; {}", moments.estimator.name());
    let variance = moments.covariance.quadratic(&x);
    if variance <= 0.0 {
        // Riskless above the free rate: the ratio has no bound, and the first such portfolio is as good as any.
        return portfolio(setting, method, first, x);
    }
    // At the peak λ = variance / excess; the programme at that λ certifies it.
    let lambda = variance / excess(&x);
    programme.linear = moments.mean.iter().map(|m| -lambda * m).collect();
    let solution = programme.solve()?;
    portfolio(setting, method, solution, x)
}

/// Largest mean with a volatility (for each period) of at most `volatility`.
pub fn maximum_return(setting: &Setting, volatility: f64) -> Result<Portfolio, Refusal> {
    refuse_trading(setting, "volatility limit")?;
    let moments = setting.moments;
    let mut programme = setting.programme(vec![0.0; moments.assets()])?;
    let limit = volatility * volatility;
    let beyond = |c: &Corner| moments.covariance.quadratic(&c.x) > limit;
    let (first, corners) = trace(&programme, &moments.mean, |_, b| beyond(b))?;
    let least = moments.covariance.quadratic(&first.x);
    if least > limit * (1.0 + 1e-12) {
        return Err(Refusal::new(
            Code::Infeasible,
            "largest volatility",
            "No admissible portfolio is this quiet.",
        )
        .found(volatility, least.sqrt())
        .nearest(least.sqrt())
        .remedy("Raise the limit, or admit quieter assets."));
    }
    let last = &corners[corners.len() - 1];
    let (mut x, mut lambda) = (last.x.clone(), last.lambda);
    if corners.len() > 1 && beyond(last) {
        let before = &corners[corners.len() - 2];
        let share = crossing(&moments.covariance, &before.x, &last.x, limit);
        x = mix(&before.x, &last.x, share);
        lambda = before.lambda + share * (last.lambda - before.lambda);
    }
    programme.linear = moments.mean.iter().map(|m| -lambda * m).collect();
    let solution = programme.solve()?;
    let method =
        format!("maximum return, volatility at most {volatility} a period; {}", moments.estimator.name());
    portfolio(setting, method, solution, x)
}

/// The certified solution of the programme at λ, unless it differs from the point on the line only by a tie.
fn portfolio(
    setting: &Setting,
    method: String,
    solution: Solution,
    x: Vec<f64>,
) -> Result<Portfolio, Refusal> {
    let far = solution.x.iter().zip(&x).any(|(a, b)| (a - b).abs() > 1e-9);
    Ok(Portfolio {
        method,
        names: setting.moments.names.clone(),
        weights: if far { x } else { solution.x },
        certificate: Some(solution.certificate),
        search_gap: 0.0,
    })
}

/// Where between two corners the Sharpe ratio peaks: `None` below both, 1 when it still rises at the second.
fn peak(covariance: &Matrix, (m0, a): (f64, &[f64]), (m_end, b): (f64, &[f64])) -> Option<f64> {
    if m_end <= 0.0 {
        return Some(1.0);
    }
    let step: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
    if step.iter().all(|s| *s == 0.0) {
        // The line stands still over a range of λ; it may go on rising after it.
        return Some(1.0);
    }
    let pull = covariance.times(&step);
    let (v0, v1, v2) = (covariance.quadratic(a), dot(&pull, a), dot(&pull, &step));
    let m1 = m_end - m0;
    // d/ds (m0 + s·m1)/√(v0 + 2 s·v1 + s²·v2) = 0 is linear in s.
    let (rise, fall) = (m1 * v0 - m0 * v1, m0 * v2 - m1 * v1);
    if rise <= 0.0 {
        return Some(0.0);
    }
    if fall <= 0.0 || rise >= fall { Some(1.0) } else { Some(rise / fall) }
}

/// Where between two portfolios the variance reaches `limit`.
fn crossing(covariance: &Matrix, a: &[f64], b: &[f64], limit: f64) -> f64 {
    let step: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
    let pull = covariance.times(&step);
    let (v0, v1, v2) = (covariance.quadratic(a), dot(&pull, a), dot(&pull, &step));
    let room = (limit - v0).max(0.0);
    let root = (v1 * v1 + v2 * room).max(0.0).sqrt();
    if v1 + root > 0.0 { (room / (v1 + root)).clamp(0.0, 1.0) } else { 1.0 }
}

pub(super) fn mix(a: &[f64], b: &[f64], share: f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect()
}

fn refuse_trading(setting: &Setting, rule: &str) -> Result<(), Refusal> {
    match setting.trading {
        None => Ok(()),
        Some(_) => Err(Refusal::new(Code::OutOfRange, rule, "This objective does not take trading costs.")
            .remedy("Use maximum utility or tracking with costs.")),
    }
}
