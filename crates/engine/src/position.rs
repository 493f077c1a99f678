//! What members owe and are owed because of payments, as opposed to what they have paid in or may draw.

use directory::MemberId;
use ledger::Ledger;
use money::Currency;
use switch::funds::{Purpose, account_id};

use crate::engine::Engine;
use crate::funding::{line, signed};

/// One member's standing in one currency, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The member; 0 is the network.
    pub member: MemberId,
    /// The currency.
    pub currency: Currency,
    /// Net of all payments: positive is owed to the member, negative it owes.
    pub net_minor: i128,
    /// Paid in less paid out.
    pub deposits_minor: i128,
    /// Credit the network extends.
    pub line_minor: i128,
    /// Held for open payments and refunds.
    pub reserved_minor: u128,
    /// What it can still spend.
    pub available_minor: i128,
}

impl Engine {
    /// Every member's standing in every currency of its agreements, the network's included, by member and currency.
    pub fn positions(&self) -> Vec<Position> {
        let network = std::iter::once(MemberId::NETWORK);
        let members: Vec<MemberId> =
            network.chain(self.directory.members().map(|member| member.id)).collect();
        let mut currencies: Vec<Currency> = self
            .book
            .accounts()
            .filter_map(|account| Currency::from_numeric(account.ledger as u16).ok())
            .collect();
        currencies.sort_unstable();
        currencies.dedup();
        let pairs = members.iter().flat_map(|member| currencies.iter().map(|currency| (*member, *currency)));
        pairs.filter_map(|(member, currency)| self.position(member, currency)).collect()
    }

    /// One member's standing in one currency, if it has an account in it.
    pub fn position(&self, member: MemberId, currency: Currency) -> Option<Position> {
        let account = self.book.account(account_id(member, currency, Purpose::Position))?;
        let deposits_minor = self.funding.deposits(member, currency);
        let line_minor = line(&self.book, member, currency);
        let balance = signed(account.credits_posted) - signed(account.debits_posted);
        Some(Position {
            member,
            currency,
            net_minor: balance - deposits_minor - line_minor,
            deposits_minor,
            line_minor,
            reserved_minor: account.debits_pending,
            available_minor: balance - signed(account.debits_pending),
        })
    }
}
