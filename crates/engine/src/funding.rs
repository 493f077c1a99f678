//! Members' money at the network besides payments: prefunding paid in and out, and net debit caps. An operator's
//! acts, each once by its request id.

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::{Directory, MemberId, Time};
use ledger::{Ledger, Transfer, TransferFlags};
use money::{Amount, Currency};
use rustc_hash::FxHashMap;
use switch::funds::{Purpose, Reason, account_id, available};

/// What an operator does with a member's funds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FundingKind {
    /// The member paid in at the settlement bank.
    Deposit,
    /// The member is paid out.
    Withdrawal,
    /// Its net debit cap is raised.
    LineRaised,
    /// Its net debit cap is lowered.
    LineLowered,
}

/// One such act, as a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Funding {
    /// What is done.
    pub kind: FundingKind,
    /// The operator's idempotency key.
    pub request_id: Arc<str>,
    /// For whom.
    pub member: MemberId,
    /// How much.
    pub amount: Amount,
    /// Counts the acts from 1; given by the engine.
    pub number: u64,
}

/// Why an act is not done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FundingRefusal {
    /// There is no such member, or no agreement of it covers the currency.
    NotAgreed,
    /// An amount of nothing.
    AmountZero,
    /// The member has spent or reserved it.
    NotEnough,
    /// The same request id came with other content.
    RepeatInconsistent,
}

impl FundingRefusal {
    /// The reason in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            FundingRefusal::NotAgreed => {
                "there is no such member, or no agreement of it covers this currency"
            }
            FundingRefusal::AmountZero => "an amount of nothing",
            FundingRefusal::NotEnough => "the member has spent or reserved it",
            FundingRefusal::RepeatInconsistent => "this request id was used for something else",
        }
    }
}

/// What was done so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct FundingBook {
    acts: FxHashMap<Arc<str>, Funding>,
    /// Paid in less paid out, by member and currency.
    deposits: BTreeMap<(MemberId, Currency), i128>,
}

/// Transfer ids of funding live above every payment's.
const FUNDING_IDS: u128 = 1 << 120;

impl FundingBook {
    /// Whether an act is to be done; `None` if it already is.
    pub(crate) fn decide(
        &self,
        asked: &Funding,
        directory: &Directory,
        book: &dyn Ledger,
        now: Time,
    ) -> Result<Option<Funding>, FundingRefusal> {
        if let Some(done) = self.acts.get(&asked.request_id) {
            let same = Funding { number: done.number, ..asked.clone() } == *done;
            return if same { Ok(None) } else { Err(FundingRefusal::RepeatInconsistent) };
        }
        let currency = asked.amount.currency;
        let agreed = directory.member(asked.member).is_some_and(|member| {
            let covers = |agreement: &directory::Agreement| agreement.limit(currency).is_some();
            member.agreement(now).is_some_and(covers) || member.agreements.iter().any(covers)
        });
        if !agreed {
            return Err(FundingRefusal::NotAgreed);
        }
        if asked.amount.is_zero() {
            return Err(FundingRefusal::AmountZero);
        }
        let takes = matches!(asked.kind, FundingKind::Withdrawal | FundingKind::LineLowered);
        let minor = u128::from(asked.amount.minor);
        if takes && available(book, asked.member, currency) < minor {
            return Err(FundingRefusal::NotEnough);
        }
        if asked.kind == FundingKind::LineLowered
            && line(book, asked.member, currency) < i128::try_from(minor).expect("64 bits")
        {
            return Err(FundingRefusal::NotEnough);
        }
        Ok(Some(Funding { number: self.acts.len() as u64 + 1, ..asked.clone() }))
    }

    pub(crate) fn apply(&mut self, funding: &Funding) {
        let minor = i128::from(funding.amount.minor);
        let paid_in = match funding.kind {
            FundingKind::Deposit => minor,
            FundingKind::Withdrawal => -minor,
            FundingKind::LineRaised | FundingKind::LineLowered => 0,
        };
        *self.deposits.entry((funding.member, funding.amount.currency)).or_default() += paid_in;
        self.acts.insert(funding.request_id.clone(), funding.clone());
    }

    /// What a member has paid in less what it was paid out of one currency.
    pub(crate) fn deposits(&self, member: MemberId, currency: Currency) -> i128 {
        self.deposits.get(&(member, currency)).copied().unwrap_or(0)
    }

    /// All acts, by number.
    pub(crate) fn acts(&self) -> Vec<&Funding> {
        let mut acts: Vec<&Funding> = self.acts.values().collect();
        acts.sort_unstable_by_key(|act| act.number);
        acts
    }
}

/// Credit extended to a member: its net debit cap and what cancels had to be covered with.
pub(crate) fn line(book: &dyn Ledger, member: MemberId, currency: Currency) -> i128 {
    let account = book.account(account_id(member, currency, Purpose::CreditLine));
    account.map_or(0, |account| signed(account.debits_posted) - signed(account.credits_posted))
}

/// A balance as a signed number; the book keeps balances far below 2^127.
pub(crate) fn signed(balance: u128) -> i128 {
    i128::try_from(balance).expect("sums of 64-bit amounts stay below 2^127")
}

/// The transfer of an act.
pub(crate) fn transfer(funding: &Funding) -> Transfer {
    let currency = funding.amount.currency;
    let position = account_id(funding.member, currency, Purpose::Position);
    let bank = account_id(MemberId::NETWORK, currency, Purpose::Bank);
    let line = account_id(funding.member, currency, Purpose::CreditLine);
    let (from, to, reason) = match funding.kind {
        FundingKind::Deposit => (bank, position, Reason::Funding),
        FundingKind::Withdrawal => (position, bank, Reason::Funding),
        FundingKind::LineRaised => (line, position, Reason::CreditLine),
        FundingKind::LineLowered => (position, line, Reason::CreditLine),
    };
    Transfer {
        id: FUNDING_IDS + u128::from(funding.number),
        debit_account_id: from,
        credit_account_id: to,
        amount: u128::from(funding.amount.minor),
        ledger: u32::from(currency.numeric()),
        code: reason as u16,
        flags: TransferFlags::NONE,
        ..Transfer::default()
    }
}
