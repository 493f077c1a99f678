//! Money between the wallet and the plan: what may be swept, what rounding up collects, and the reserve that comes
//! first. Whole minor units; it moves nothing itself.

use crate::json::Json;
use crate::refusal::{Code, Refusal};

/// What is known about a wallet on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Balance, minor units.
    pub balance_minor: i64,
    /// Reserve the owner chose to keep.
    pub reserve_minor: i64,
    /// Outflows of each 30-day span known, any order.
    pub outflows_30_days_minor: Vec<i64>,
    /// Payments known to fall due in the next 30 days.
    pub due_30_days_minor: i64,
}

impl Wallet {
    /// Reads a wallet: `balance_minor` is required, the rest is nothing if left out.
    pub fn from_json(json: &Json) -> Result<Wallet, Refusal> {
        let malformed = |key: &str| {
            Refusal::new(Code::MalformedTable, "wallet", format!("The wallet has no usable {key}."))
        };
        let amount = |value: &Json| value.as_whole().filter(|minor| (0..=1 << 50).contains(minor));
        let whole = |key: &str| match json.member(key) {
            None => Ok(0),
            Some(value) => amount(value).ok_or_else(|| malformed(key)),
        };
        let key = "outflows_30_days_minor";
        let outflows = json.member(key).map(Json::elements).unwrap_or_default().iter().map(amount);
        json.member("balance_minor").ok_or_else(|| malformed("balance_minor"))?;
        Ok(Wallet {
            balance_minor: whole("balance_minor")?,
            reserve_minor: whole("reserve_minor")?,
            outflows_30_days_minor: outflows.collect::<Option<_>>().ok_or_else(|| malformed(key))?,
            due_30_days_minor: whole("due_30_days_minor")?,
        })
    }

    /// What must stay: the most of the chosen reserve, the 95th percentile of 30-day outflows (the value at or above
    /// 95 % of them) and what falls due.
    pub fn kept_minor(&self) -> i64 {
        let mut outflows = self.outflows_30_days_minor.clone();
        outflows.sort_unstable();
        let place = (outflows.len() * 95).div_ceil(100);
        let usual = place.checked_sub(1).and_then(|p| outflows.get(p)).copied().unwrap_or(0);
        self.reserve_minor.max(usual).max(self.due_30_days_minor)
    }

    /// What may move into a plan today.
    pub fn sweep_minor(&self) -> i64 {
        self.balance_minor.saturating_sub(self.kept_minor()).max(0)
    }
}

/// Change collected by rounding payments up. It moves only when it reaches a product's minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundUps {
    /// Collected so far.
    pub collected_minor: i64,
}

impl RoundUps {
    /// A payment of `paid_minor` rounded up to the next multiple of `step_minor`; nothing below the reserve.
    pub fn collect(&mut self, paid_minor: i64, step_minor: i64, wallet: &Wallet) -> i64 {
        if paid_minor <= 0 || step_minor <= 1 || wallet.balance_minor <= wallet.kept_minor() {
            return 0;
        }
        let change = (step_minor - paid_minor % step_minor) % step_minor;
        let change = change.min(wallet.balance_minor - wallet.kept_minor());
        self.collected_minor += change;
        change
    }

    /// A refund of a payment takes its change back, as far as it has not moved yet.
    pub fn reverse(&mut self, refunded_minor: i64, step_minor: i64) -> i64 {
        if refunded_minor <= 0 || step_minor <= 1 {
            return 0;
        }
        let change = ((step_minor - refunded_minor % step_minor) % step_minor).min(self.collected_minor);
        self.collected_minor -= change;
        change
    }

    /// Takes what is collected if it reaches the product's minimum and the wallet stays above what must stay.
    pub fn release(&mut self, minimum_minor: i64, wallet: &Wallet) -> i64 {
        if self.collected_minor < minimum_minor || self.collected_minor > wallet.sweep_minor() {
            return 0;
        }
        std::mem::take(&mut self.collected_minor)
    }
}

/// Shares new money between the emergency reserve and goals: the reserve is full before any goal gets anything.
/// (reserve, goals)
pub fn reserve_first(amount_minor: i64, reserve_held_minor: i64, reserve_wanted_minor: i64) -> (i64, i64) {
    let missing = reserve_wanted_minor.saturating_sub(reserve_held_minor).max(0);
    let reserve = amount_minor.max(0).min(missing);
    (reserve, amount_minor.max(0) - reserve)
}

#[cfg(test)]
mod tests;
