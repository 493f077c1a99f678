//! What the state keeps of merchants' settlement units and the liens on them.

use money::Currency;

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::price;
use crate::transaction::{Day, Minor, PlaceLien};

record! {
    /// What an acquirer will owe a merchant for one scheme and day.
    UnitRecord {
        /// The acquirer.
        registrar: MemberId,
        /// The merchant.
        merchant: Party,
        /// The card scheme or wallet.
        scheme: u16,
        /// The currency.
        currency: Currency,
        /// The settlement day.
        day: Day,
        /// The amount.
        amount: Minor,
        /// Whether it can only fall.
        fixed: bool,
        /// Whether it was paid out.
        paid: bool,
    }
}

record! {
    /// An advance that is repaid out of settlements.
    AdvanceRecord {
        /// The terms.
        terms: PlaceLien,
        /// Repaid so far.
        repaid: Minor,
        /// The day of `taken`.
        day: Day,
        /// Taken on that day.
        taken: Minor,
    }
}

impl AdvanceRecord {
    /// What is still owed.
    pub fn owed(&self) -> Minor {
        self.terms.owed - self.repaid
    }

    /// Whether nothing is taken any more although something is owed: a person has to look at it.
    pub fn needs_review(&self, day: Day) -> bool {
        self.owed() > 0 && day > self.terms.end_day
    }

    /// What it takes of a unit of this amount on this day, if so much is left.
    pub fn takes(&self, amount: Minor, left: Minor, day: Day) -> Minor {
        if day > self.terms.end_day {
            return 0;
        }
        let today = if self.day == day { self.taken } else { 0 };
        let cap = self.terms.cap_per_day - today;
        price::share(amount, self.terms.share_ppm).min(left).min(cap).min(self.owed())
    }
}

record! {
    /// Whose settlements in which currency.
    #[derive(PartialOrd, Ord)]
    LienKey {
        /// The merchant.
        merchant: Party,
        /// The currency.
        currency: Currency,
    }
}

record! {
    /// Advances in the order in which they are repaid.
    LienRecord {
        /// Open advances.
        advances: Vec<Hash>,
    }
}
