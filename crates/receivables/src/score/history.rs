//! A merchant's history as the network's ledger has it, and the features that follow. No age, sex, religion, ethnicity,
//! contacts or device is in it, so none can be used.

use crate::price::WHOLE_PPM;
use crate::score::REPAYMENT_DAYS;
use crate::transaction::Minor;

/// Where a history comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The network's ledger.
    Ledger,
    /// Made up from a seed.
    Generated {
        /// The seed.
        seed: u64,
    },
}

/// What the ledger knows of a merchant's sales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Where it comes from.
    pub source: Source,
    /// Region, for fairness figures only: no feature reads it.
    pub region: u16,
    /// Sector, for fairness figures only: no feature reads it.
    pub sector: u16,
    /// Full months, the oldest first.
    pub months: Vec<Month>,
    /// Net sales of each day, the oldest first.
    pub days: Vec<Minor>,
    /// Earlier advances that are over.
    pub repayments: Vec<Repayment>,
}

/// One month's sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Sales before refunds and chargebacks.
    pub gross: Minor,
    /// Given back.
    pub refunds: Minor,
    /// Taken back.
    pub chargebacks: Minor,
    /// Paid by the five payers that paid most.
    pub largest_five: Minor,
    /// Payments.
    pub payments: u32,
    /// Days with a payment.
    pub active_days: u32,
}

impl Month {
    fn net(&self) -> Minor {
        self.gross.saturating_sub(self.refunds).saturating_sub(self.chargebacks)
    }
}

/// An earlier advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repayment {
    /// What was to be repaid.
    pub owed: Minor,
    /// What was.
    pub repaid: Minor,
}

/// What is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    /// Full months with sales.
    pub months: u32,
    /// Median monthly net sales, minor units.
    pub monthly: Minor,
    /// Net sales of 180 days if every month were as weak as the 20th percentile of thirty-day runs.
    pub weak_path: Minor,
    /// Spread of monthly sales: distance of the quartiles over the median, in millionths.
    pub variation_ppm: u64,
    /// Median of the last three months over that of the three before, in millionths.
    pub trend_ppm: u64,
    /// Days with sales, of thirty a month, in millionths.
    pub active_ppm: u64,
    /// Refunds over gross sales, in millionths.
    pub refunds_ppm: u64,
    /// Chargebacks over gross sales, in millionths.
    pub chargebacks_ppm: u64,
    /// The five largest payers' share, in millionths.
    pub largest_five_ppm: u64,
    /// The strongest month's share of the year's sales over an even share, in millionths.
    pub season_ppm: u64,
    /// Payments a month.
    pub payments: u64,
    /// Average payment, minor units.
    pub ticket: Minor,
    /// Repaid of what was owed on earlier advances, in millionths; a whole if there were none.
    pub repaid_ppm: u64,
}

impl History {
    /// The features of this history.
    pub fn features(&self) -> Features {
        let active: Vec<&Month> = self.months.iter().filter(|month| month.payments > 0).collect();
        let nets: Vec<Minor> = active.iter().map(|month| month.net()).collect();
        let sum = |of: fn(&Month) -> u64| active.iter().map(|month| u128::from(of(month))).sum::<u128>();
        let (gross, payments) = (sum(|month| month.gross), sum(|month| u64::from(month.payments)));
        let count = active.len() as u128;
        let median = percentile(&nets, 50);
        let spread = percentile(&nets, 75) - percentile(&nets, 25);
        let recent = &nets[nets.len().saturating_sub(3)..];
        let before = &nets[nets.len().saturating_sub(6)..nets.len() - recent.len()];
        let year = &nets[nets.len().saturating_sub(12)..];
        let strongest = u128::from(year.iter().copied().max().unwrap_or(0)) * year.len() as u128;
        let owed: u128 = self.repayments.iter().map(|one| u128::from(one.owed)).sum();
        let repaid: u128 = self.repayments.iter().map(|one| u128::from(one.repaid.min(one.owed))).sum();
        let whole = |none: u64, above: u128, below: u128| if below == 0 { none } else { ratio(above, below) };
        let none_before = before.is_empty();
        Features {
            months: u32::try_from(active.len()).unwrap_or(u32::MAX),
            monthly: median,
            weak_path: self.weak_path(),
            variation_ppm: whole(u64::MAX, u128::from(spread), u128::from(median)),
            trend_ppm: if none_before {
                u64::from(WHOLE_PPM)
            } else {
                whole(0, u128::from(percentile(recent, 50)), u128::from(percentile(before, 50)))
            },
            active_ppm: whole(0, sum(|month| u64::from(month.active_days)), count * 30).min(1_000_000),
            refunds_ppm: whole(0, sum(|month| month.refunds), gross),
            chargebacks_ppm: whole(0, sum(|month| month.chargebacks), gross),
            largest_five_ppm: whole(u64::from(WHOLE_PPM), sum(|month| month.largest_five), gross),
            season_ppm: whole(u64::MAX, strongest, year.iter().copied().map(u128::from).sum()),
            payments: u64::try_from(payments.checked_div(count).unwrap_or(0)).unwrap_or(u64::MAX),
            ticket: Minor::try_from(gross.checked_div(payments).unwrap_or(0)).unwrap_or(Minor::MAX),
            repaid_ppm: whole(u64::from(WHOLE_PPM), repaid, owed),
        }
    }

    /// The 20th percentile of the sums of thirty days in a row, for 180 days.
    fn weak_path(&self) -> Minor {
        let sum = |days: &[Minor]| days.iter().fold(0, |sum: Minor, day| sum.saturating_add(*day));
        let sums: Vec<Minor> = self.days.windows(30).map(sum).collect();
        percentile(&sums, 20).saturating_mul(REPAYMENT_DAYS / 30)
    }
}

fn ratio(above: u128, below: u128) -> u64 {
    u64::try_from(above * u128::from(WHOLE_PPM) / below).unwrap_or(u64::MAX)
}

/// The value that so many of a hundred values do not exceed, by the nearest rank; zero of nothing.
fn percentile(values: &[Minor], percent: usize) -> Minor {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}
