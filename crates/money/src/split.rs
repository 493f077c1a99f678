//! Splitting an amount by weights so that the parts add up to the whole, to the unit.

use crate::Amount;

/// Parts of `whole` in proportion to `weights`; what does not divide goes, a unit each, to the largest remainders,
/// earlier parts first (Hamilton's method). With no weight at all everything goes to the first part; without parts
/// there is nothing to give.
pub fn split(whole: Amount, weights: &[u32]) -> Vec<Amount> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        let parts =
            (0..weights.len()).map(|part| if part == 0 { whole } else { Amount::zero(whole.currency) });
        return parts.collect();
    }
    let product = |weight: u32| u128::from(whole.minor) * u128::from(weight);
    let mut minor: Vec<u128> = weights.iter().map(|weight| product(*weight) / total).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|part| (std::cmp::Reverse(product(weights[*part]) % total), *part));
    let left = u128::from(whole.minor) - minor.iter().sum::<u128>();
    for part in order.into_iter().take(usize::try_from(left).expect("fewer units left than parts")) {
        minor[part] += 1;
    }
    let amount =
        |minor: u128| Amount::new(whole.currency, u64::try_from(minor).expect("a part of the whole"));
    minor.into_iter().map(amount).collect()
}
