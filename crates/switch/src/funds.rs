//! The chart of accounts: which account of the book holds what, and how much of it can still be spent.

use directory::MemberId;
use ledger::{Account, AccountFlags, Ledger};
use money::Currency;

/// What an account is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// A member's claim on the network in one currency; it cannot spend more than it has.
    Position,
    /// The bank that holds members' deposits; its debits are what was paid in.
    Bank,
    /// Credit the network extends to one member: its debits are the net debit cap, spendable as funds.
    CreditLine,
    /// What came in for others and is not shared yet; the network's, of one currency.
    Clearing,
}

/// Why money moved, stamped on every transfer (the ledger's `code`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u16)]
pub enum Reason {
    /// A member pays in or takes out prefunding.
    Funding = 1,
    /// A net debit cap is raised or lowered.
    CreditLine = 2,
    /// A cancel had to be funded by the network because the money had been spent.
    Cover = 3,
    /// Payer's leg of a payment.
    PayerLeg = 10,
    /// Payee's leg of a payment.
    PayeeLeg = 11,
    /// Interchange.
    Interchange = 12,
    /// The network's fee.
    NetworkFee = 13,
    /// A leg of a cancelled payment, mirrored.
    Reversal = 20,
    /// A leg of a refund.
    Refund = 30,
    /// The price of a part of a certificate.
    Sale = 40,
    /// What is paid on a certificate.
    Redemption = 41,
    /// An advance to a merchant.
    Advance = 42,
    /// What liens take of a merchant's sales.
    Repayment = 43,
}

/// The number of an account in the book.
pub fn account_id(member: MemberId, currency: Currency, purpose: Purpose) -> u128 {
    let purpose: u128 = match purpose {
        Purpose::Position => 1,
        Purpose::Bank => 2,
        Purpose::CreditLine => 3,
        Purpose::Clearing => 4,
    };
    u128::from(member.0) << 32 | u128::from(currency.numeric()) << 8 | purpose
}

/// A new account, empty. Members' positions and clearing are limited to what they hold.
pub fn account(member: MemberId, currency: Currency, purpose: Purpose) -> Account {
    let limited = match purpose {
        Purpose::Position => member != MemberId::NETWORK,
        Purpose::Clearing => true,
        Purpose::Bank | Purpose::CreditLine => false,
    };
    Account {
        id: account_id(member, currency, purpose),
        ledger: u32::from(currency.numeric()),
        code: 1,
        flags: if limited { AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS } else { AccountFlags::NONE },
        ..Account::default()
    }
}

/// What a member can still spend of a currency, in minor units: posted credits less debits, reserved ones too.
pub fn available(book: &dyn Ledger, member: MemberId, currency: Currency) -> u128 {
    match book.account(account_id(member, currency, Purpose::Position)) {
        Some(account) => {
            account.credits_posted.saturating_sub(account.debits_posted + account.debits_pending)
        }
        None => 0,
    }
}
