//! A merchant's history as the score reads it, from the network's own payments. Reads nothing that the journal does
//! not have, and no payer's name leaves it.

use std::collections::BTreeMap;

use directory::{MerchantId, Time};
use money::Currency;
use receivables::score::{History, Month, Repayment, Source};
use rustc_hash::FxHashMap;
use switch::{Payment, RefundStage, Stage, Switch};

use super::Advance;
use super::sales::day_of;

/// Days of a month here: thirty, so that months compare.
const MONTH_DAYS: u32 = 30;
/// Days that are looked at: two years.
const DAYS_MAX: u32 = 720;

/// What the network knows of a merchant's sales in one currency before today.
pub(super) fn of_merchant(
    switch: &Switch,
    advances: &[Advance],
    merchant: MerchantId,
    currency: Currency,
    sector: u16,
    now: Time,
) -> History {
    let today = day_of(now);
    let own = |payment: &&Payment| {
        payment.opened.merchant == merchant && payment.opened.amount.currency == currency
    };
    let days_ago = |payment: &Payment| {
        let ago = today.checked_sub(day_of(payment.succeeded_at?))?;
        (1..=DAYS_MAX).contains(&ago).then_some(ago)
    };
    let sold: Vec<(u32, &Payment)> =
        switch.payments().filter(own).filter_map(|payment| Some((days_ago(payment)?, payment))).collect();
    let first = sold.iter().map(|(ago, _)| *ago).max().unwrap_or(0);
    let months = first / MONTH_DAYS;
    let repaid = |advance: &&Advance| advance.merchant == merchant && !advance.collects(today);
    let repayments = advances
        .iter()
        .filter(repaid)
        .map(|advance| Repayment { owed: advance.owed.minor, repaid: advance.repaid_minor });
    History {
        source: Source::Ledger,
        region: 0,
        sector,
        months: (0..months).rev().map(|month| one_month(&sold, month)).collect(),
        days: days(&sold, months * MONTH_DAYS),
        repayments: repayments.collect(),
    }
}

/// Month 0 ended yesterday.
fn one_month(sold: &[(u32, &Payment)], month: u32) -> Month {
    let (newest, oldest) = (month * MONTH_DAYS + 1, (month + 1) * MONTH_DAYS);
    let mut sums =
        Month { gross: 0, refunds: 0, chargebacks: 0, largest_five: 0, payments: 0, active_days: 0 };
    let mut payers: FxHashMap<(u32, &str), u64> = FxHashMap::default();
    let mut active = BTreeMap::new();
    for (ago, payment) in sold.iter().filter(|(ago, _)| (newest..=oldest).contains(ago)) {
        let minor = payment.opened.amount.minor;
        sums.gross = sums.gross.saturating_add(minor);
        sums.refunds = sums.refunds.saturating_add(given_back(payment));
        sums.payments += 1;
        active.insert(*ago, ());
        if let Some(terms) = &payment.terms {
            let paid = payers.entry((terms.wallet.0, &*terms.customer)).or_default();
            *paid = paid.saturating_add(minor);
        }
    }
    let mut payers: Vec<u64> = payers.into_values().collect();
    payers.sort_unstable_by(|one, other| other.cmp(one));
    sums.largest_five = payers.iter().take(5).fold(0, |sum: u64, paid| sum.saturating_add(*paid));
    sums.active_days = u32::try_from(active.len()).unwrap_or(MONTH_DAYS);
    sums
}

/// Net sales of so many days up to yesterday, the oldest first.
fn days(sold: &[(u32, &Payment)], count: u32) -> Vec<u64> {
    let mut days = vec![0_u64; count as usize];
    for (ago, payment) in sold.iter().filter(|(ago, _)| *ago <= count) {
        let net = payment.opened.amount.minor.saturating_sub(given_back(payment));
        let day = &mut days[(count - ago) as usize];
        *day = day.saturating_add(net);
    }
    days
}

/// Cancelled whole, or refunded.
fn given_back(payment: &Payment) -> u64 {
    if payment.stage == Stage::Cancelled {
        return payment.opened.amount.minor;
    }
    let done = payment.refunds.iter().filter(|refund| refund.stage == RefundStage::Succeeded);
    done.fold(0, |sum: u64, refund| sum.saturating_add(refund.amount.minor))
}
