//! What must hold after every turn, and the hash by which two engines are known to be in the same state.

use std::collections::BTreeMap;

use directory::MemberId;
use ledger::{Book, Ledger as _};
use money::Currency;
use switch::funds::{Purpose, account_id};
use switch::{Payment, Stage, clock, postings};

use crate::delivery;
use crate::engine::Engine;
use crate::funding::signed;
use crate::record::{self, Writer};

/// A broken invariant: a bug of ours, never of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken(pub String);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "broken invariant: {}", self.0)
    }
}

impl std::error::Error for Broken {}

impl Engine {
    /// Checks everything that must always hold. Costs a walk over all payments: for simulation, tools and tests; what
    /// every turn asserts is cheap.
    pub fn check(&self) -> Result<(), Broken> {
        if !self.book.is_balanced() {
            return Err(Broken("a ledger's debits and credits differ".into()));
        }
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for position in self.positions() {
            *sums.entry(position.currency).or_default() += position.net_minor;
        }
        for (currency, sum) in &mut sums {
            *sum += signed(
                self.book
                    .account(account_id(MemberId::NETWORK, *currency, Purpose::Clearing))
                    .map_or(0, |clearing| clearing.credits_posted - clearing.debits_posted),
            );
        }
        if let Some((currency, sum)) = sums.into_iter().find(|(_, sum)| *sum != 0) {
            return Err(Broken(format!("positions and clearing in {currency} sum to {sum}, not to zero")));
        }
        let mut counted: BTreeMap<Stage, u64> = BTreeMap::new();
        let mut held: BTreeMap<(MemberId, Currency), u128> = BTreeMap::new();
        for payment in self.switch.payments() {
            *counted.entry(payment.stage).or_default() += 1;
            self.check_payment(payment)?;
            for (member, amount) in postings::held(payment) {
                *held.entry((member, amount.currency)).or_default() += u128::from(amount.minor);
            }
        }
        for (member, amount) in self.deliveries.open().filter_map(delivery::held) {
            *held.entry((member, amount.currency)).or_default() += u128::from(amount.minor);
        }
        self.check_deliveries()?;
        self.check_held(&held)?;
        let counts = |stage: &Stage| (counted.get(stage).copied().unwrap_or(0), self.switch.count(*stage));
        match Stage::ALL.iter().map(|stage| (stage, counts(stage))).find(|(_, (walked, kept))| walked != kept)
        {
            Some((stage, (walked, kept))) => {
                Err(Broken(format!("{walked} payments are {stage:?}, not {kept}")))
            }
            None => Ok(()),
        }
    }

    /// The book holds what open payments and refunds need, and nothing else.
    fn check_held(&self, held: &BTreeMap<(MemberId, Currency), u128>) -> Result<(), Broken> {
        for position in self.positions() {
            let needed = held.get(&(position.member, position.currency)).copied().unwrap_or(0);
            if position.reserved_minor != needed {
                let (member, currency) = (position.member.0, position.currency);
                let found = position.reserved_minor;
                return Err(Broken(format!(
                    "{found} of {currency} is held of member {member}, but {needed} is needed"
                )));
            }
        }
        Ok(())
    }

    /// No advance is repaid beyond what is owed, and clearing holds what courts keep back, and nothing else.
    fn check_deliveries(&self) -> Result<(), Broken> {
        if let Some(over) = self.deliveries.advances().iter().find(|one| one.repaid_minor > one.owed.minor) {
            return Err(Broken(format!(
                "the advance of delivery {} is repaid beyond what is owed",
                over.delivery
            )));
        }
        let mut kept: BTreeMap<Currency, u128> = BTreeMap::new();
        for delivery in self.deliveries.open().filter(|delivery| delivery.stage == delivery::Stage::Withheld)
        {
            let shares = delivery.shares.iter().map(|share| u128::from(share.minor));
            *kept.entry(delivery.begun.amount.currency).or_default() += shares.sum::<u128>();
        }
        let currency_of = |account: &ledger::Account| Currency::from_numeric(account.ledger as u16).ok();
        for account in self.book.accounts() {
            let Some(currency) = currency_of(&account) else { continue };
            if account.id != account_id(MemberId::NETWORK, currency, Purpose::Clearing) {
                continue;
            }
            let needed = kept.get(&currency).copied().unwrap_or(0);
            if account.credits_posted - account.debits_posted != needed {
                return Err(Broken(format!(
                    "clearing of {currency} does not hold the {needed} that courts keep back"
                )));
            }
        }
        Ok(())
    }

    fn check_payment(&self, payment: &Payment) -> Result<(), Broken> {
        let id = payment.id().0;
        if let (true, Some(sent)) = (payment.stage.holds_reservation(), payment.sent_at)
            && self.now.since_ms(sent) > clock::SENT_LIMIT_MS
        {
            return Err(Broken(format!(
                "payment {id} holds a reservation longer than {} ms",
                clock::SENT_LIMIT_MS
            )));
        }
        if payment.stage == Stage::Succeeded && payment.commit.is_none() {
            return Err(Broken(format!("payment {id} succeeded without a commit number")));
        }
        if payment.refunded().minor > payment.opened.amount.minor {
            return Err(Broken(format!("payment {id} refunds more than was paid")));
        }
        let refunded: u64 =
            payment.refunds.iter().filter(|r| r.stage.counts()).map(|r| r.payer_amount.minor).sum();
        let paid = payment.terms.as_ref().map_or(0, |terms| terms.payer_amount.minor);
        if refunded > paid {
            return Err(Broken(format!("payment {id} gives the payer back more than was taken")));
        }
        Ok(())
    }

    /// A hash of every fact in the state: equal exactly when two engines have come to the same.
    pub fn state_hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let mut bytes = Vec::new();
        // With its kind and length before it, nothing passes for another thing or for a part of one.
        let mut each = |kind: Kind, write: &dyn Fn(&mut Writer<'_>)| {
            bytes.clear();
            write(&mut Writer::new(&mut bytes));
            hasher.update(&[kind as u8]);
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(&bytes);
        };
        each(Kind::Commit, &|w| w.number(self.commit));
        self.directory.members().for_each(|member| each(Kind::Member, &|w| record::state::member(member, w)));
        self.directory
            .merchants()
            .for_each(|merchant| each(Kind::Merchant, &|w| record::state::merchant(merchant, w)));
        if let Some((version, rules)) = self.directory.code_rules() {
            each(Kind::CodeRules, &|w| {
                w.number(version);
                w.text(rules);
            });
        }
        for (payee, payer, open) in self.directory.corridors() {
            each(Kind::Corridor, &|w| {
                w.currency(payee);
                w.currency(payer);
                w.byte(u8::from(open));
            });
        }
        self.funding
            .acts()
            .into_iter()
            .for_each(|act| each(Kind::Funding, &|w| record::state::funding(act, w)));
        for (number, code) in self.switch.codes() {
            each(Kind::Code, &|w| record::state::code(number, code, w));
        }
        for (at, (acquirer, request_id)) in self.switch.unseen_cancels() {
            each(Kind::UnseenCancel, &|w| {
                w.time(at);
                w.member(*acquirer);
                w.text(request_id);
            });
        }
        for (at, (asked, acquirer, request_id), why) in self.switch.refused() {
            each(Kind::Refused, &|w| {
                w.time(at);
                record::state::refused(*asked, *acquirer, request_id, why, w);
            });
        }
        self.switch
            .payments()
            .for_each(|payment| each(Kind::Payment, &|w| record::state::payment(payment, w)));
        self.deliveries.all().for_each(|one| each(Kind::Delivery, &|w| record::state::delivery(one, w)));
        self.deliveries
            .terms()
            .into_iter()
            .for_each(|event| each(Kind::Terms, &|w| record::delivery::write(&event, w)));
        each(Kind::Sales, &|w| record::state::sales(&self.deliveries, w));
        hash_book(&self.book, &mut each);
        each(Kind::Risk, &|w| {
            w.append(|bytes| {
                self.control.judge.encode(bytes);
                self.control.cases.encode(bytes);
            });
            for (payment, fraud) in &self.control.labelled {
                w.number(payment.0);
                w.byte(u8::from(*fraud));
            }
        });
        *hasher.finalize().as_bytes()
    }
}

/// What a state is made of.
#[derive(Clone, Copy)]
enum Kind {
    Commit,
    Member,
    Merchant,
    CodeRules,
    Corridor,
    Funding,
    Code,
    UnseenCancel,
    Refused,
    Payment,
    Account,
    Transfers,
    Risk,
    Delivery,
    Terms,
    Sales,
}

/// Hashes what it is given to write.
type Each<'a> = &'a mut dyn FnMut(Kind, &dyn Fn(&mut Writer<'_>));

fn hash_book(book: &Book, each: Each<'_>) {
    for account in book.accounts() {
        each(Kind::Account, &|w| {
            w.wide(account.id);
            let balances = [account.debits_pending, account.debits_posted, account.credits_pending];
            balances.into_iter().chain([account.credits_posted]).for_each(|balance| w.wide(balance));
            w.number(account.timestamp_ns);
        });
    }
    each(Kind::Transfers, &|w| w.number(book.transfers_len() as u64));
}
