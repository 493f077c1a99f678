//! The book kept a second time, from the facts alone and straight from the rulebook (C.2, C.5): who is owed what
//! because of payments and deliveries, and what is held. Shares no code with the switch's postings.

use std::collections::BTreeMap;

use directory::MemberId;
use engine::{Engine, Funding, FundingKind};
use money::{Amount, Currency};
use switch::{Opened, RefundOpened, Terms};

type Account = (MemberId, Currency);

/// What every member's account must say.
#[derive(Debug, Default)]
pub(crate) struct Books {
    net: BTreeMap<Account, i128>,
    held: BTreeMap<Account, i128>,
    deposits: BTreeMap<Account, i128>,
    /// Moved with the receivables chain, not by payments.
    delivered: BTreeMap<Account, i128>,
    /// What came in for others and is not shared yet.
    clearing: BTreeMap<Currency, i128>,
}

/// A movement: from, to, how much.
type Move = (MemberId, MemberId, Amount);

impl Books {
    pub(crate) fn fund(&mut self, funding: &Funding) {
        let minor = i128::from(funding.amount.minor);
        let paid_in = match funding.kind {
            FundingKind::Deposit => minor,
            FundingKind::Withdrawal => -minor,
            FundingKind::LineRaised | FundingKind::LineLowered => 0,
        };
        *self.deposits.entry((funding.member, funding.amount.currency)).or_default() += paid_in;
    }

    /// What a delivery needs is held of who pays, or released.
    pub(crate) fn hold_delivery(&mut self, from: MemberId, amount: Amount, times: i128) {
        *self.held.entry((from, amount.currency)).or_default() += times * i128::from(amount.minor);
    }

    /// It came in; nobody has it yet.
    pub(crate) fn take_in(&mut self, from: MemberId, amount: Amount) {
        *self.delivered.entry((from, amount.currency)).or_default() -= i128::from(amount.minor);
        *self.clearing.entry(amount.currency).or_default() += i128::from(amount.minor);
    }

    /// Somebody gets its share.
    pub(crate) fn share_out(&mut self, to: MemberId, amount: Amount) {
        *self.delivered.entry((to, amount.currency)).or_default() += i128::from(amount.minor);
        *self.clearing.entry(amount.currency).or_default() -= i128::from(amount.minor);
    }

    /// What is in clearing.
    pub(crate) fn clearing(&self) -> i128 {
        self.clearing.values().sum()
    }

    /// Both currencies are held, or released.
    pub(crate) fn hold(&mut self, opened: &Opened, terms: &Terms, times: i128) {
        for (from, _, amount) in held(opened, terms) {
            *self.held.entry((from, amount.currency)).or_default() += times * i128::from(amount.minor);
        }
    }

    /// Everything a payment moves is moved, or moved back.
    pub(crate) fn pay(&mut self, opened: &Opened, terms: &Terms, times: i128) {
        let fee = (terms.wallet, MemberId::NETWORK, terms.wallet_fee);
        let mut moves = legs(opened, terms);
        moves.push(fee);
        moves.push((opened.acquirer, MemberId::NETWORK, terms.acquirer_fee));
        match terms.quote.provider {
            Some(provider) => {
                moves.push((opened.acquirer, provider, terms.interchange));
                moves.push((provider, terms.wallet, terms.interchange_payer));
            }
            None => moves.push((opened.acquirer, terms.wallet, terms.interchange)),
        }
        self.carry_out(&moves, times);
    }

    pub(crate) fn hold_refund(&mut self, opened: &Opened, terms: &Terms, refund: &RefundOpened, times: i128) {
        let mut hold = |member, amount: Amount| {
            *self.held.entry((member, amount.currency)).or_default() += times * i128::from(amount.minor);
        };
        hold(opened.acquirer, refund.amount);
        if let Some(provider) = terms.quote.provider {
            hold(provider, refund.payer_amount);
        }
    }

    pub(crate) fn refund(&mut self, opened: &Opened, terms: &Terms, refund: &RefundOpened) {
        let (acquirer, wallet) = (opened.acquirer, terms.wallet);
        let moves = match terms.quote.provider {
            Some(provider) => vec![
                (acquirer, provider, refund.amount),
                (provider, wallet, refund.payer_amount),
                (provider, acquirer, refund.interchange),
                (wallet, provider, refund.interchange_payer),
            ],
            None => vec![(acquirer, wallet, refund.amount), (wallet, acquirer, refund.interchange)],
        };
        self.carry_out(&moves, 1);
    }

    fn carry_out(&mut self, moves: &[Move], times: i128) {
        for (from, to, amount) in moves {
            *self.net.entry((*from, amount.currency)).or_default() -= times * i128::from(amount.minor);
            *self.net.entry((*to, amount.currency)).or_default() += times * i128::from(amount.minor);
        }
    }

    /// What a member is owed because of payments.
    pub(crate) fn net(&self, member: MemberId, currency: Currency) -> i128 {
        self.net.get(&(member, currency)).copied().unwrap_or(0)
    }

    /// Where the engine's book says something else, if it does.
    pub(crate) fn difference(&self, engine: &Engine) -> Option<String> {
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for position in engine.positions() {
            let account = (position.member, position.currency);
            let expected = |of: &BTreeMap<Account, i128>| of.get(&account).copied().unwrap_or(0);
            let held = i128::try_from(position.reserved_minor).unwrap_or(i128::MAX);
            let pairs = [
                ("net", position.net_minor, expected(&self.net) + expected(&self.delivered)),
                ("held", held, expected(&self.held)),
                ("deposits", position.deposits_minor, expected(&self.deposits)),
            ];
            if let Some((what, found, expected)) = pairs.iter().find(|(_, found, due)| found != due) {
                return Some(format!("{what} of {account:?} is {found}, by the facts {expected}"));
            }
            if position.available_minor < 0 && position.member != MemberId::NETWORK {
                return Some(format!("{account:?} has spent what it does not have: {position:?}"));
            }
            *sums.entry(position.currency).or_default() += position.net_minor;
        }
        for (currency, minor) in &self.clearing {
            *sums.entry(*currency).or_default() += minor;
        }
        let unbalanced = sums.into_iter().find(|(_, sum)| *sum != 0);
        unbalanced.map(|(currency, sum)| format!("positions in {currency} sum to {sum}"))
    }
}

/// The two legs of a payment, or the one where no currency is crossed.
fn legs(opened: &Opened, terms: &Terms) -> Vec<Move> {
    match terms.quote.provider {
        Some(provider) => {
            vec![(terms.wallet, provider, terms.payer_amount), (provider, opened.acquirer, opened.amount)]
        }
        None => vec![(terms.wallet, opened.acquirer, opened.amount)],
    }
}

/// What is held while the wallet is asked: the legs, and the wallet's fee where its interchange does not cover it.
fn held(opened: &Opened, terms: &Terms) -> Vec<Move> {
    let mut held = legs(opened, terms);
    if terms.wallet_fee.minor > terms.interchange_payer.minor {
        held.push((terms.wallet, MemberId::NETWORK, terms.wallet_fee));
    }
    held
}
