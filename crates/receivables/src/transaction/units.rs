//! What is asked about merchants' settlement units.

use money::Currency;

use super::{Day, Minor, Ppm};
use crate::codec::{code, record};
use crate::hash::Hash;
use crate::identity::{MemberId, Party};

record! {
    /// What an acquirer will owe a merchant for one scheme and day.
    NewUnit {
        /// The card scheme or wallet.
        scheme: u16,
        /// The currency.
        currency: Currency,
        /// The settlement day.
        day: Day,
        /// The amount.
        amount: Minor,
        /// Whether it can only fall from now on.
        fixed: bool,
    }
}

record! {
    /// See [`crate::Transaction::RegisterUnits`].
    RegisterUnits {
        /// The acquirer.
        registrar: MemberId,
        /// The merchant.
        merchant: Party,
        /// The units.
        units: Vec<NewUnit>,
    }
}

code! {
    /// Why a fixed unit falls.
    UnitReason {
        /// The merchant gave money back.
        0 = Refund,
        /// The payer took money back.
        1 = Chargeback,
        /// The scheme's or acquirer's fee.
        2 = Fee,
        /// A mistake.
        3 = Correction,
    }
}

record! {
    /// See [`crate::Transaction::AdjustUnit`].
    AdjustUnit {
        /// The unit.
        unit: Hash,
        /// By how much it falls.
        less: Minor,
        /// Why.
        reason: UnitReason,
    }
}

record! {
    /// See [`crate::Transaction::PlaceLien`]. The advance's id is the transaction's; signed by merchant and funder.
    PlaceLien {
        /// The merchant, who agrees.
        merchant: Party,
        /// The funder, who is repaid.
        funder: MemberId,
        /// The currency.
        currency: Currency,
        /// What is to be repaid, cost included.
        owed: Minor,
        /// Share of each settlement.
        share_ppm: Ppm,
        /// Most that is taken on one day.
        cap_per_day: Minor,
        /// Last day on which anything is taken.
        end_day: Day,
        /// Salted hash of the merchant's consent.
        consent: Hash,
        /// The transfer in the payment network's book that pays the advance out, used once.
        reference: Hash,
    }
}

record! {
    /// See [`crate::Transaction::SettleUnit`].
    SettleUnit {
        /// The unit.
        unit: Hash,
        /// The transfer in the payment network's book, used once.
        reference: Hash,
    }
}
