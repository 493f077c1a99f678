//! A wallet's own books: what its users have, and every payment once, whatever the network repeats. Knows no network.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::watch;
use wire::body::amount::CurrencyCode;
use wire::body::result_code::ResultCode;

use super::Mood;
use crate::asking::Questions;

/// What every user begins with, in minor units.
const BALANCE_MINOR: i128 = 10_000_000;

/// One payment in a wallet's own books.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The network's number.
    pub payment_id: String,
    /// Who paid.
    pub customer: String,
    /// At which merchant.
    pub merchant: String,
    /// What was debited, in minor units.
    pub minor: u64,
    /// Of this currency.
    pub currency: CurrencyCode,
    /// What was given back since.
    pub refunded_minor: u64,
    /// How it stands with the user.
    pub standing: Standing,
    /// When it was debited, unix milliseconds.
    pub at_ms: u64,
}

/// How a payment stands between a wallet and its user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// The user is debited.
    Debited,
    /// The user never was, and never will be for this payment.
    Declined(ResultCode),
    /// Taken back, or never to be taken.
    Cancelled,
}

pub(super) struct Books {
    pub(super) currency: CurrencyCode,
    balances: BTreeMap<String, i128>,
    pub(super) payments: BTreeMap<String, Paid>,
    refunds: BTreeMap<String, u64>,
    pub(super) endless: bool,
    /// Payments the network is kept waiting for.
    pub(super) ignored: BTreeSet<String>,
    pub(super) moods: BTreeMap<String, Mood>,
    /// Tokens of the phones that users have the wallet on.
    pub(super) phones: BTreeMap<String, String>,
    pub(super) questions: Questions,
    /// Counts whenever a user's phone would show something else.
    changes: watch::Sender<u64>,
}

/// What is to be taken of whom, for which payment.
pub(super) struct Debit<'a> {
    pub(super) payment_id: &'a str,
    pub(super) customer: &'a str,
    pub(super) merchant: &'a str,
    pub(super) minor: u64,
}

impl Books {
    pub(super) fn new(currency: CurrencyCode) -> Books {
        Books {
            currency,
            balances: BTreeMap::new(),
            payments: BTreeMap::new(),
            refunds: BTreeMap::new(),
            endless: false,
            ignored: BTreeSet::new(),
            moods: BTreeMap::new(),
            phones: BTreeMap::new(),
            questions: Questions::default(),
            changes: watch::Sender::new(0),
        }
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    pub(super) fn balance(&self, customer: &str) -> i128 {
        self.balances.get(customer).copied().unwrap_or(BALANCE_MINOR)
    }

    /// A user's payments, oldest first.
    pub(super) fn history(&self, customer: &str) -> Vec<Paid> {
        let mut own: Vec<Paid> =
            self.payments.values().filter(|paid| paid.customer == customer).cloned().collect();
        own.sort_by_key(|paid| paid.at_ms);
        own
    }

    /// Everything debited and not given back, in minor units, over all users.
    pub(super) fn debited(&self) -> u64 {
        let debited = self.payments.values().filter(|paid| paid.standing == Standing::Debited);
        debited.map(|paid| paid.minor - paid.refunded_minor).sum()
    }

    /// Debits a user once; a repeat finds what was decided the first time.
    pub(super) fn debit(&mut self, asked: &Debit<'_>, mood: Mood) -> Standing {
        if let Some(known) = self.payments.get(asked.payment_id) {
            return known.standing;
        }
        let endless = self.endless;
        let balance = self.balances.entry(asked.customer.to_owned()).or_insert(BALANCE_MINOR);
        let standing = match mood {
            Mood::Declines(code) => Standing::Declined(code),
            _ if *balance < i128::from(asked.minor) && !endless => {
                Standing::Declined(ResultCode::UserBalanceNotEnough)
            }
            _ => {
                *balance -= i128::from(asked.minor);
                Standing::Debited
            }
        };
        self.write_down(asked, standing);
        standing
    }

    /// What became of a payment. Said once, it must stay true: should the request to debit still come, it is declined.
    pub(super) fn became(&mut self, payment_id: &str) -> Standing {
        if let Some(paid) = self.payments.get(payment_id) {
            return paid.standing;
        }
        let standing = Standing::Declined(ResultCode::OrderNotExist);
        self.write_down(&Debit { payment_id, customer: "", merchant: "", minor: 0 }, standing);
        standing
    }

    /// A cancel is taken whatever happened before, also when nothing did: then nothing ever will.
    pub(super) fn cancel(&mut self, payment_id: &str) {
        let asked = self.questions.close(payment_id, false).map(|(question, _)| question);
        match self.payments.get_mut(payment_id) {
            None => {
                let (customer, merchant) =
                    asked.as_ref().map_or(("", ""), |asked| (&asked.customer, &asked.merchant));
                let minor = asked.as_ref().map_or(0, |asked| asked.minor);
                self.write_down(&Debit { payment_id, customer, merchant, minor }, Standing::Cancelled);
            }
            Some(paid) => {
                if paid.standing == Standing::Debited {
                    *self.balances.entry(paid.customer.clone()).or_insert(BALANCE_MINOR) +=
                        i128::from(paid.minor);
                }
                paid.standing = Standing::Cancelled;
                self.changed();
            }
        }
    }

    /// Gives part of a payment back, once by the refund's key.
    pub(super) fn refund(&mut self, key: &str, payment_id: &str, minor: u64) -> Result<(), ResultCode> {
        if self.refunds.contains_key(key) {
            return Ok(());
        }
        let paid = self.payments.get_mut(payment_id).ok_or(ResultCode::OrderNotExist)?;
        if paid.standing != Standing::Debited || paid.refunded_minor + minor > paid.minor {
            return Err(ResultCode::ProcessFail);
        }
        paid.refunded_minor += minor;
        *self.balances.entry(paid.customer.clone()).or_insert(BALANCE_MINOR) += i128::from(minor);
        self.refunds.insert(key.to_owned(), minor);
        self.changed();
        Ok(())
    }

    fn write_down(&mut self, asked: &Debit<'_>, standing: Standing) {
        let paid = Paid {
            payment_id: asked.payment_id.to_owned(),
            customer: asked.customer.to_owned(),
            merchant: asked.merchant.to_owned(),
            minor: asked.minor,
            currency: self.currency,
            refunded_minor: 0,
            standing,
            at_ms: hop::now_ms(),
        };
        self.payments.insert(asked.payment_id.to_owned(), paid);
        self.changed();
    }
}
