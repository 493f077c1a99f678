//! Makes facts true, live and at replay alike: in the log, in the book and in the state. Decides nothing.

use directory::{Change, MemberId, Time};
use ledger::{Account, AccountStatus, Ledger as _, TransferStatus};
use money::Currency;
use switch::funds::{self, Purpose};
use switch::{Event, Moment, postings};

use super::{Engine, Log, Turn};
use crate::delivery;
use crate::funding;
use crate::record::{self, Fact};

impl Engine {
    pub(crate) fn fact(&mut self, fact: Fact, log: Log<'_>, turn: &mut Turn) {
        self.record.clear();
        record::write(&fact, self.now, &mut self.record);
        log(&self.record);
        turn.facts += 1;
        self.apply(&fact, self.now).expect("risk control takes what it has just decided");
    }

    /// Makes a fact true: in the book first, while the payment is as it was before.
    pub(super) fn apply(&mut self, fact: &Fact, at: Time) -> Result<(), risk::Error> {
        self.commit += 1;
        match fact {
            Fact::Payment(event) => {
                if let Some(payment) = event.payment().and_then(|id| self.switch.payment(id)) {
                    postings::of_event(payment, event, &self.book, &mut self.transfers);
                    self.control.take(payment, event, at);
                    self.deliveries.sold(payment, event, at);
                    self.post(at);
                    if let Event::Quoted { terms, .. } = event {
                        self.rates.take(&terms.quote, terms.payer_amount);
                    }
                }
                self.switch.apply(Moment { at, commit: self.commit }, event);
            }
            Fact::Directory(change) => {
                self.directory.apply(change);
                self.control.registered(change, &self.directory);
                if let Change::AgreementAdded { member, agreement } = change {
                    let currencies: Vec<Currency> =
                        agreement.limits.iter().map(|limit| limit.currency).collect();
                    self.open_accounts(*member, &currencies, at);
                }
            }
            Fact::Funding(act) => {
                self.transfers.push(funding::transfer(act));
                self.post(at);
                self.funding.apply(act);
            }
            Fact::Risk(fact) => self.control.apply(fact, &self.switch, at)?,
            Fact::Delivery(event) => {
                if let Some(delivery) = self.deliveries.of_event(event) {
                    delivery::of_event(delivery, event, &mut self.transfers);
                    self.post(at);
                }
                self.deliveries.apply(event, at);
            }
        }
        Ok(())
    }

    fn post(&mut self, at: Time) {
        if self.transfers.is_empty() {
            return;
        }
        self.book.create_transfers(at.as_ns(), &self.transfers, &mut self.statuses);
        for (status, transfer) in self.statuses.iter().zip(&self.transfers) {
            assert!(
                *status == TransferStatus::Created,
                "the book refused ({status:?}) a transfer that was decided: {transfer:?}"
            );
        }
        self.transfers.clear();
    }

    fn open_accounts(&mut self, member: MemberId, currencies: &[Currency], at: Time) {
        let mut accounts: Vec<Account> = Vec::with_capacity(currencies.len() * 5);
        for currency in currencies {
            accounts.push(funds::account(member, *currency, Purpose::Position));
            accounts.push(funds::account(member, *currency, Purpose::CreditLine));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Position));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Bank));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Clearing));
        }
        let mut statuses = Vec::with_capacity(accounts.len());
        self.book.create_accounts(at.as_ns(), &accounts, &mut statuses);
        for status in statuses {
            let fine = matches!(status, AccountStatus::Created | AccountStatus::Exists);
            assert!(fine, "the book refused an account of the chart: {status:?}");
        }
    }
}
