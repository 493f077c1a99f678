//! From target amounts to whole lots, starting from what is held and counting fees: an exact search that states its
//! gap when it is stopped. All money is whole minor units of one currency.

use crate::refusal::{Code, Refusal};

mod search;

/// One product to be held in whole lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    /// Price of one lot, above zero.
    pub price_minor: i64,
    /// Lots held now.
    pub held: i64,
    /// Amount wished for.
    pub target_minor: i64,
    /// Fee of any trade in this product.
    pub fee_fixed_minor: i64,
    /// Fee as a share of the traded amount, in basis points, rounded up.
    pub fee_bp: i64,
    /// Smallest trade, in lots.
    pub trade_min: i64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    /// Lots to hold of each product.
    pub lots: Vec<i64>,
    /// Fees of getting there.
    pub fees_minor: i64,
    /// Cash left above the reserve.
    pub idle_minor: i64,
    /// Σ|target − held value| + idle cash + fees: the measure made small.
    pub distance_minor: i64,
    /// The measure can be smaller by this much at most; 0 is proven optimal.
    pub gap_minor: i64,
}

const HOLDINGS_MAX: usize = 1_000; // a portfolio with more is not one person's
const AMOUNT_MAX: i64 = 1 << 53; // sums of a thousand such amounts and their fees stay far inside i128

/// Whole lots as near the targets as cash above the reserve allows. Cash and holdings together are what is shared
/// out; targets below that total leave the rest idle. The search solves `nodes_max` steps at most.
pub fn round(
    products: &[Lot],
    cash_minor: i64,
    reserve_minor: i64,
    nodes_max: usize,
) -> Result<Rounded, Refusal> {
    if products.len() > HOLDINGS_MAX {
        return Err(Refusal::new(Code::OutOfRange, "holdings", "Too many holdings.")
            .found(HOLDINGS_MAX as f64, products.len() as f64)
            .nearest(HOLDINGS_MAX as f64));
    }
    let sane = |l: &Lot| {
        let amounts =
            [l.price_minor, l.target_minor, l.fee_fixed_minor, cash_minor.saturating_abs(), reserve_minor];
        let held = l.held.checked_mul(l.price_minor).is_some_and(|value| value <= AMOUNT_MAX);
        l.price_minor > 0
            && amounts.iter().all(|a| (0..=AMOUNT_MAX).contains(a))
            && l.held >= 0
            && held
            && (0..=10_000).contains(&l.fee_bp)
            && l.trade_min >= 0
    };
    if !products.iter().all(sane) {
        return Err(Refusal::new(Code::OutOfRange, "lots", "A price, amount or fee is out of range."));
    }
    if cash_minor < reserve_minor {
        return Err(Refusal::new(Code::CashReserved, "cash reserve", "The cash does not cover the reserve.")
            .found(reserve_minor as f64, cash_minor as f64)
            .nearest(reserve_minor as f64)
            .remedy("Pay in the difference or lower the reserve."));
    }
    Ok(search::best(products, i128::from(cash_minor) - i128::from(reserve_minor), nodes_max))
}

/// Shares an amount by weights so that no unit is lost: floors, then the largest remainders, ties to the first.
pub fn share_out(total_minor: i64, weights_bp: &[i64]) -> Vec<i64> {
    let sum: i128 = weights_bp.iter().map(|w| i128::from((*w).max(0))).sum();
    if sum == 0 || total_minor <= 0 {
        return vec![0; weights_bp.len()];
    }
    let part = |w: i64| i128::from(total_minor) * i128::from(w.max(0));
    let mut shares: Vec<i64> = weights_bp.iter().map(|w| (part(*w) / sum) as i64).collect();
    let left = total_minor - shares.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(part(weights_bp[*i]) % sum), *i));
    order.iter().take(left as usize).for_each(|i| shares[*i] += 1);
    shares
}

#[cfg(test)]
mod tests;
