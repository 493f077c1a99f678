//! What must hold after every turn, and the hash by which two engines are known to be in the same state.

use std::collections::BTreeMap;

use ledger::Book;
use money::Currency;
use switch::{Payment, Stage, clock};

use crate::engine::Engine;
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
        if let Some((currency, sum)) = sums.into_iter().find(|(_, sum)| *sum != 0) {
            return Err(Broken(format!("positions in {currency} sum to {sum}, not to zero")));
        }
        let mut counted: BTreeMap<Stage, u64> = BTreeMap::new();
        for payment in self.switch.payments() {
            *counted.entry(payment.stage).or_default() += 1;
            self.check_payment(payment)?;
        }
        let counts = |stage: &Stage| (counted.get(stage).copied().unwrap_or(0), self.switch.count(*stage));
        match Stage::ALL.iter().map(|stage| (stage, counts(stage))).find(|(_, (walked, kept))| walked != kept)
        {
            Some((stage, (walked, kept))) => {
                Err(Broken(format!("{walked} payments are {stage:?}, not {kept}")))
            }
            None => Ok(()),
        }
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
        let mut each = |write: &dyn Fn(&mut Writer<'_>)| {
            bytes.clear();
            write(&mut Writer::new(&mut bytes));
            hasher.update(&bytes);
        };
        each(&|w| w.number(self.commit));
        self.directory.members().for_each(|member| each(&|w| record::state::member(member, w)));
        self.directory.merchants().for_each(|merchant| each(&|w| record::state::merchant(merchant, w)));
        if let Some((version, rules)) = self.directory.code_rules() {
            each(&|w| {
                w.number(version);
                w.text(rules);
            });
        }
        for (payee, payer, open) in self.directory.corridors() {
            each(&|w| {
                w.currency(payee);
                w.currency(payer);
                w.byte(u8::from(open));
            });
        }
        self.funding.acts().into_iter().for_each(|act| each(&|w| record::state::funding(act, w)));
        for (number, code) in self.switch.codes() {
            each(&|w| record::state::code(number, code, w));
        }
        for (at, (acquirer, request_id)) in self.switch.unseen_cancels() {
            each(&|w| {
                w.time(at);
                w.member(*acquirer);
                w.text(request_id);
            });
        }
        for (at, (asked, acquirer, request_id)) in self.switch.refused() {
            each(&|w| {
                w.time(at);
                w.byte(*asked as u8);
                w.member(*acquirer);
                w.text(request_id);
            });
        }
        self.switch.payments().for_each(|payment| each(&|w| record::state::payment(payment, w)));
        hash_book(&self.book, &mut each);
        *hasher.finalize().as_bytes()
    }
}

/// Hashes what it is given to write.
type Each<'a> = &'a mut dyn FnMut(&dyn Fn(&mut Writer<'_>));

fn hash_book(book: &Book, each: Each<'_>) {
    for account in book.accounts() {
        each(&|w| {
            w.wide(account.id);
            let balances = [account.debits_pending, account.debits_posted, account.credits_pending];
            balances.into_iter().chain([account.credits_posted]).for_each(|balance| w.wide(balance));
            w.number(account.timestamp_ns);
        });
    }
    each(&|w| w.number(book.transfers_len() as u64));
}
