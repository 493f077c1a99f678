//! What became true about merchants' settlement units and the liens on them.

use money::Currency;

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::transaction::{Day, Minor, PlaceLien};

record! {
    /// See [`crate::Event::UnitRegistered`].
    UnitRegistered {
        /// Its id.
        unit: Hash,
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
        /// Whether it can only fall from now on.
        fixed: bool,
    }
}

record! {
    /// See [`crate::Event::LienPlaced`].
    LienPlaced {
        /// The advance's id.
        advance: Hash,
        /// The terms.
        terms: PlaceLien,
        /// The agent: the member that is paid for the merchant, its sponsor or the merchant itself.
        agent: MemberId,
    }
}

record! {
    /// What a lien takes out of a unit.
    LienShare {
        /// The advance.
        advance: Hash,
        /// Who is repaid.
        funder: MemberId,
        /// How much.
        amount: Minor,
        /// What the merchant still owes.
        owed: Minor,
    }
}

record! {
    /// See [`crate::Event::UnitSettled`].
    UnitSettled {
        /// The unit.
        unit: Hash,
        /// The acquirer, whose money it is.
        registrar: MemberId,
        /// The merchant.
        merchant: Party,
        /// The currency.
        currency: Currency,
        /// The whole amount.
        amount: Minor,
        /// The transfer in the payment network's book.
        reference: Hash,
        /// What liens take, in their order.
        liens: Vec<LienShare>,
        /// What the merchant is paid.
        rest: Minor,
    }
}
