//! Gives a book and the model the same batches and compares what they answer and hold. Knows no rule.

use std::collections::BTreeSet;

use super::generator::{Batch, Generator};
use super::script::compare;
use super::{Clock, Failure, Model, Report};
use crate::{Account, AccountStatus, Ledger, Transfer, TransferStatus};

pub(super) fn run<L: Ledger>(
    clock: Clock,
    seed: u64,
    batches: u32,
    subject: &mut L,
) -> Result<Report, Failure> {
    let mut pair =
        Pair { clock, subject, model: Model::new(), report: Report::default(), seen: Seen::default() };
    let mut generator = Generator::new(seed, clock);
    for batch in 0..batches {
        let (now_ns, events) = generator.next(pair.model.next_deadline_ns());
        pair.step(now_ns, &events, &mut generator)
            .map_err(|difference| Failure { place: format!("seed {seed}, batch {batch}"), difference })?;
    }
    let place = || format!("seed {seed}, after {batches} batches");
    let everything = std::mem::take(&mut pair.seen);
    pair.compare_held(&everything).map_err(|difference| Failure { place: place(), difference })?;
    Ok(pair.report)
}

/// The book under test and the model, side by side.
struct Pair<'a, L> {
    clock: Clock,
    subject: &'a mut L,
    model: Model,
    report: Report,
    seen: Seen,
}

/// Ids to look up.
#[derive(Default)]
struct Seen {
    accounts: BTreeSet<u128>,
    transfers: BTreeSet<u128>,
}

impl<L: Ledger> Pair<'_, L> {
    fn step(&mut self, now_ns: u64, batch: &Batch, generator: &mut Generator) -> Result<(), String> {
        let touched = match batch {
            Batch::Accounts(accounts) => self.accounts(now_ns, accounts)?,
            Batch::Transfers(transfers) => self.transfers(now_ns, transfers, generator)?,
            Batch::Expire => self.expire(now_ns)?,
        };
        self.seen.accounts.extend(&touched.accounts);
        self.seen.transfers.extend(&touched.transfers);
        // Any transfer may change any account, and there are few accounts.
        let accounts = self.seen.accounts.clone();
        self.compare_held(&Seen { accounts, transfers: touched.transfers })
    }

    fn accounts(&mut self, now_ns: u64, accounts: &[Account]) -> Result<Seen, String> {
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        self.subject.create_accounts(now_ns, accounts, &mut found);
        let created = found.iter().position(|status| *status == AccountStatus::Created);
        let shown_ns = created.and_then(|index| {
            let account = self.subject.account(accounts.get(index)?.id)?;
            Some(account.timestamp_ns + (accounts.len() - 1 - index) as u64)
        });
        let now_ns = self.time(now_ns, shown_ns);
        self.model.create_accounts(now_ns, accounts, &mut expected);
        self.report.count_accounts(&expected);
        compare_each("account", accounts, &expected, &found)?;
        Ok(Seen { accounts: accounts.iter().map(|account| account.id).collect(), ..Seen::default() })
    }

    fn transfers(
        &mut self,
        now_ns: u64,
        transfers: &[Transfer],
        generator: &mut Generator,
    ) -> Result<Seen, String> {
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        self.subject.create_transfers(now_ns, transfers, &mut found);
        let created = found.iter().position(|status| *status == TransferStatus::Created);
        let shown_ns = created.and_then(|index| {
            let transfer = self.subject.transfer(transfers.get(index)?.id)?;
            Some(transfer.timestamp_ns + (transfers.len() - 1 - index) as u64)
        });
        let now_ns = self.time(now_ns, shown_ns);
        self.model.create_transfers(now_ns, transfers, &mut expected);
        self.report.count_transfers(&expected);
        generator.learn(transfers, &expected);
        compare_each("transfer", transfers, &expected, &found)?;
        Ok(Seen { transfers: transfers.iter().map(|transfer| transfer.id).collect(), ..Seen::default() })
    }

    fn expire(&mut self, now_ns: u64) -> Result<Seen, String> {
        let (mut expected, mut found) = (Vec::new(), vec![Transfer::default()]);
        self.subject.expire(now_ns, &mut found);
        self.model.expire(now_ns, &mut expected);
        self.report.expired += expected.len() as u64;
        compare("expired", &expected, &found)?;
        Ok(Seen { transfers: expected.iter().map(|transfer| transfer.id).collect(), ..Seen::default() })
    }

    /// The time of a batch: as given, or as a book with its own clock shows by what it has just created.
    fn time(&self, now_ns: u64, shown_ns: Option<u64>) -> u64 {
        match self.clock {
            Clock::Given => now_ns,
            Clock::Own => shown_ns.unwrap_or(0),
        }
    }

    fn compare_held(&self, ids: &Seen) -> Result<(), String> {
        for &id in &ids.accounts {
            compare("account", &self.model.account(id), &self.subject.account(id))?;
        }
        for &id in &ids.transfers {
            compare("transfer", &self.model.transfer(id), &self.subject.transfer(id))?;
        }
        Ok(())
    }
}

fn compare_each<E: std::fmt::Debug, S: PartialEq + std::fmt::Debug>(
    what: &str,
    events: &[E],
    expected: &[S],
    found: &[S],
) -> Result<(), String> {
    compare("number of statuses", &expected.len(), &found.len())?;
    let differs = expected.iter().zip(found).position(|(expected, found)| expected != found);
    match differs {
        None => Ok(()),
        Some(index) => compare(
            &format!("status of {what} {index} of {}, {:?}", events.len(), events[index]),
            &expected[index],
            &found[index],
        ),
    }
}
