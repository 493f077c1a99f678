//! One directed case: events with the statuses they must get, and the state they must leave. Knows no rule.

use super::events::opening;
use super::{Failure, Report};
use crate::{Account, AccountFlags, AccountStatus, Ledger, Transfer, TransferStatus};

/// When the first event of a case happens, in nanoseconds.
pub(super) const START_NS: u64 = 1_000_000_000_000;

pub(super) struct Script {
    name: &'static str,
    steps: Vec<Step>,
    needs_given_clock: bool,
}

enum Step {
    Time(u64),
    Accounts(Vec<(Account, AccountStatus)>),
    Transfers(Vec<(Transfer, TransferStatus)>),
    Expire(Vec<u128>),
    /// Debits pending and posted, credits pending and posted.
    Balances(u128, [u128; 4]),
    Closed(u128, bool),
    /// All but the timestamp.
    Record(Transfer),
    Timestamp(u128, u64),
    NoAccount(u128),
    NoTransfer(u128),
}

impl Script {
    pub(super) fn new(name: &'static str) -> Self {
        let accounts = opening().into_iter().map(|account| (account, AccountStatus::Created)).collect();
        Self { name, steps: vec![Step::Accounts(accounts)], needs_given_clock: false }
    }

    pub(super) fn needs_given_clock(&self) -> bool {
        self.needs_given_clock
    }

    /// The time of the batches from here on, in nanoseconds.
    pub(super) fn at(mut self, now_ns: u64) -> Self {
        self.needs_given_clock = true;
        self.then(Step::Time(now_ns))
    }

    /// One batch of accounts.
    pub(super) fn accounts(self, events: impl Into<Vec<(Account, AccountStatus)>>) -> Self {
        self.then(Step::Accounts(events.into()))
    }

    /// One batch of transfers.
    pub(super) fn transfers(self, events: impl Into<Vec<(Transfer, TransferStatus)>>) -> Self {
        self.then(Step::Transfers(events.into()))
    }

    /// A batch for each transfer, the last of which gets another status than the others.
    pub(super) fn one_by_one(self, events: impl IntoIterator<Item = (Transfer, TransferStatus)>) -> Self {
        events.into_iter().fold(self, |script, event| script.transfers([event]))
    }

    /// Expiry releases these.
    pub(super) fn expires(mut self, ids: impl Into<Vec<u128>>) -> Self {
        self.needs_given_clock = true;
        self.then(Step::Expire(ids.into()))
    }

    pub(super) fn balances(self, account_id: u128, balances: [u128; 4]) -> Self {
        self.then(Step::Balances(account_id, balances))
    }

    pub(super) fn closed(self, account_id: u128, closed: bool) -> Self {
        self.then(Step::Closed(account_id, closed))
    }

    pub(super) fn records(self, transfer: Transfer) -> Self {
        self.then(Step::Record(transfer))
    }

    pub(super) fn timestamp(mut self, transfer_id: u128, timestamp_ns: u64) -> Self {
        self.needs_given_clock = true;
        self.then(Step::Timestamp(transfer_id, timestamp_ns))
    }

    pub(super) fn no_account(self, id: u128) -> Self {
        self.then(Step::NoAccount(id))
    }

    pub(super) fn no_transfer(self, id: u128) -> Self {
        self.then(Step::NoTransfer(id))
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(super) fn run(&self, ledger: &mut impl Ledger, report: &mut Report) -> Result<(), Failure> {
        let mut now_ns = START_NS;
        for (number, step) in self.steps.iter().enumerate() {
            let found = step.run(ledger, &mut now_ns, report);
            found.map_err(|difference| Failure {
                place: format!("case \"{}\", step {number}", self.name),
                difference,
            })?;
        }
        Ok(())
    }
}

impl Step {
    fn run(&self, ledger: &mut impl Ledger, now_ns: &mut u64, report: &mut Report) -> Result<(), String> {
        match self {
            Self::Time(time_ns) => *now_ns = *time_ns,
            Self::Accounts(events) => {
                let (accounts, expected): (Vec<_>, Vec<_>) = events.iter().copied().unzip();
                let mut statuses = vec![AccountStatus::Exists];
                ledger.create_accounts(*now_ns, &accounts, &mut statuses);
                report.count_accounts(&statuses);
                compare("statuses", &expected, &statuses)?;
            }
            Self::Transfers(events) => {
                let (transfers, expected): (Vec<_>, Vec<_>) = events.iter().copied().unzip();
                let mut statuses = vec![TransferStatus::Exists];
                ledger.create_transfers(*now_ns, &transfers, &mut statuses);
                report.count_transfers(&statuses);
                compare("statuses", &expected, &statuses)?;
            }
            Self::Expire(ids) => {
                let mut expired = vec![Transfer::default()];
                ledger.expire(*now_ns, &mut expired);
                report.expired += expired.len() as u64;
                let found: Vec<u128> = expired.iter().map(|transfer| transfer.id).collect();
                compare("expired", ids, &found)?;
                let recorded = expired.iter().map(|transfer| ledger.transfer(transfer.id)).collect();
                let expired: Vec<_> = expired.into_iter().map(Some).collect();
                compare("expired records", &recorded, &expired)?;
            }
            Self::Balances(id, expected) => {
                let found = ledger.account(*id).map(|account| {
                    let Account { debits_pending, debits_posted, credits_pending, credits_posted, .. } =
                        account;
                    [debits_pending, debits_posted, credits_pending, credits_posted]
                });
                compare("balances", &Some(*expected), &found)?;
            }
            Self::Closed(id, expected) => {
                let found = ledger.account(*id).map(|account| account.flags.contains(AccountFlags::CLOSED));
                compare("closed", &Some(*expected), &found)?;
            }
            Self::Record(expected) => {
                let found = ledger.transfer(expected.id);
                let found = found.map(|transfer| Transfer { timestamp_ns: 0, ..transfer });
                compare("record", &Some(*expected), &found)?;
            }
            Self::Timestamp(id, expected) => {
                let found = ledger.transfer(*id).map(|transfer| transfer.timestamp_ns);
                compare("timestamp", &Some(*expected), &found)?;
            }
            Self::NoAccount(id) => compare("account", &None, &ledger.account(*id))?,
            Self::NoTransfer(id) => compare("transfer", &None, &ledger.transfer(*id))?,
        }
        Ok(())
    }
}

pub(super) fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: &T,
    found: &T,
) -> Result<(), String> {
    match expected == found {
        true => Ok(()),
        false => Err(format!("{what}: expected {expected:?}, found {found:?}")),
    }
}
