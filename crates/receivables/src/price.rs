//! What time costs: bank discount, late interest, yearly cost, and sharing by largest remainder. Integers only. Knows
//! no certificate.

use money::MINOR_MAX;

use crate::transaction::{DayCount, Minor, Ppm};

/// A whole in millionths.
pub const WHOLE_PPM: Ppm = 1_000_000;

impl DayCount {
    /// Days in its year.
    pub fn days(self) -> u16 {
        match self {
            DayCount::Actual360 => 360,
            DayCount::Actual365 => 365,
        }
    }
}

/// Amount times rate times days: what interest is rounded from, so that pieces of time add up exactly.
pub fn accrued(amount: Minor, rate_ppm: Ppm, days: u32) -> u128 {
    u128::from(amount) * u128::from(rate_ppm) * u128::from(days)
}

/// Interest in minor units of what [`accrued`], rounded half up.
pub fn interest(accrued: u128, basis: DayCount) -> Minor {
    let year = u128::from(basis.days()) * u128::from(WHOLE_PPM);
    minor((accrued + year / 2) / year)
}

/// Bank discount: `round half up(face × rate × days / (basis × 1,000,000))`, at most the face.
pub fn discount(face: Minor, rate_ppm: Ppm, days: u32, basis: DayCount) -> Minor {
    interest(accrued(face, rate_ppm, days), basis).min(face)
}

/// The true yearly cost in millionths, `cost / price × basis / days`, rounded half up; nothing without price or days.
pub fn yearly_cost_ppm(cost: Minor, price: Minor, days: u32, basis: DayCount) -> Option<u64> {
    let below = u128::from(price) * u128::from(days);
    if below == 0 {
        return None;
    }
    let above = u128::from(cost) * u128::from(basis.days()) * u128::from(WHOLE_PPM);
    u64::try_from((above + below / 2) / below).ok()
}

/// The share of an amount, rounded down.
pub fn share(amount: Minor, share_ppm: Ppm) -> Minor {
    minor(u128::from(amount) * u128::from(share_ppm) / u128::from(WHOLE_PPM))
}

/// The whole in proportion to the weights; what does not divide goes, a unit each, to the largest remainders, earlier
/// ones first. Without any weight nobody gets anything.
pub fn apportion(whole: Minor, weights: &[Minor]) -> Vec<Minor> {
    let total: u128 = weights.iter().copied().map(u128::from).sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let product = |weight: Minor| u128::from(whole) * u128::from(weight);
    let mut shares: Vec<Minor> = weights.iter().map(|weight| minor(product(*weight) / total)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(product(weights[*place]) % total), *place));
    let left = whole - shares.iter().sum::<Minor>();
    for place in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        shares[place] += 1;
    }
    shares
}

/// Amounts are below [`MINOR_MAX`], and what is computed from them for a few years stays below 64 bits; beyond it the
/// largest amount is told rather than a wrong one.
fn minor(value: u128) -> Minor {
    Minor::try_from(value).unwrap_or(MINOR_MAX)
}

#[cfg(test)]
mod tests;
