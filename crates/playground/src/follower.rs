//! The playground's own copy of the network's state, made from the journal's facts alone: what each fact did to the
//! book, to the unit, before and after.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use console::play::{Balance, Decision, FactName, Posting, PostingKind, Recorded, Verdict};
use directory::MemberId;
use engine::{Engine, Fact, Unreadable, read_record};
use journal::{Files, Reader, Sequence};
use ledger::{Ledger, Transfer, TransferFlags};
use money::{Amount, Currency};
use switch::funds::Reason;
use switch::{Event, Payment, PaymentId, Terms, postings};

/// Records read from the journal at a time.
const READ_MAX: usize = 20_000;

/// The copy.
pub(crate) struct Follower {
    engine: Engine,
    journal: PathBuf,
    /// Bytes of all facts taken.
    bytes: u64,
}

/// Why the copy cannot go on.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The journal could not be read.
    Journal(journal::Error),
    /// A record could not be.
    Record(Unreadable),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Lost::Journal(error) => write!(f, "reading the journal: {error}"),
            Lost::Record(error) => write!(f, "reading a record: {error}"),
        }
    }
}

/// A fact about a payment that was just taken.
pub(crate) struct Learned {
    /// The payment.
    pub(crate) payment: PaymentId,
    /// The event.
    pub(crate) event: Event,
    /// When it became true, unix milliseconds.
    pub(crate) at_ms: u64,
    /// What it did, if anybody wanted to know.
    pub(crate) recorded: Option<Recorded>,
}

impl Follower {
    pub(crate) fn new(journal: &Path) -> Follower {
        Follower { engine: Engine::new(), journal: journal.to_owned(), bytes: 0 }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The number of the next fact.
    fn next(&self) -> u64 {
        self.engine.commit() + Sequence::FIRST.0
    }

    /// Whether facts before this number are missing.
    pub(crate) fn misses(&self, number: u64) -> bool {
        self.next() < number
    }

    /// Takes a fact as it was told; one that is known is passed over.
    pub(crate) fn take(
        &mut self,
        number: u64,
        record: &[u8],
        wanted: &dyn Fn(&Event) -> bool,
    ) -> Result<Option<Learned>, Lost> {
        if number != self.next() {
            return Ok(None);
        }
        let (fact, at) = read_record(record).map_err(Lost::Record)?;
        let learned = match fact {
            Fact::Payment(event) => event.payment().map(|payment| (payment, event)),
            _ => None,
        };
        let recorded = learned.as_ref().filter(|(_, event)| wanted(event)).map(|(_, event)| {
            let transfers = self.transfers_of(event);
            let balances = self.balances(&transfers);
            (transfers, balances)
        });
        let before = learned.as_ref().and_then(|(id, _)| self.engine.switch().payment(*id)).map(|p| p.stage);
        self.engine.replay(record).map_err(Lost::Record)?;
        self.bytes += record.len() as u64;
        Ok(learned.map(|(payment, event)| {
            let recorded = recorded.and_then(|(transfers, balances)| {
                let stage = self.engine.switch().payment(payment).map(|p| p.stage);
                Some(Recorded {
                    number,
                    at_ms: at.0,
                    name: name(&event)?,
                    bytes: record.len() as u64,
                    stage: stage.filter(|stage| before != Some(*stage)),
                    postings: transfers.iter().filter_map(|t| self.posting(t, payment)).collect(),
                    sums: self.sums(&balances),
                    balances: self.after(balances),
                    verdict: self.verdict(&event),
                })
            });
            Learned { payment, event, at_ms: at.0, recorded }
        }))
    }

    /// Reads facts that it lacks from the journal's files, those before `until`, and not too many at once. Says
    /// how many were read.
    pub(crate) fn read(&self, until: u64, each: &mut dyn FnMut(u64, &[u8])) -> Result<usize, Lost> {
        let from = Sequence(self.next());
        let reader = Reader::open(Files::at(&self.journal), from).map_err(Lost::Journal)?;
        let mut count = 0;
        let read = reader.replay(from, &mut |record| {
            if record.sequence.0 >= until || count == READ_MAX {
                return ControlFlow::Break(());
            }
            count += 1;
            each(record.sequence.0, record.bytes);
            ControlFlow::Continue(())
        });
        read.map(|_| count).map_err(Lost::Journal)
    }

    /// How risk control judged, if that is what happened.
    fn verdict(&self, event: &Event) -> Option<Verdict> {
        let Event::Judged { judged, .. } = event else { return None };
        let verdict = &judged.verdict;
        let judge = self.engine.control().judge();
        let told = |reason: &risk::Reason| {
            let (code, say) = judge.told_by(verdict.versions.rules, *reason);
            format!("{code} ({say})")
        };
        Some(Verdict {
            decision: match verdict.decision {
                risk::Decision::Approve => Decision::Approve,
                risk::Decision::StepUp => Decision::StepUp,
                risk::Decision::Review => Decision::Review,
                risk::Decision::Decline => Decision::Decline,
            },
            score_ppm: verdict.score_ppm,
            reasons: verdict.reasons.iter().map(told).collect(),
            versions: [verdict.versions.rules, verdict.versions.model],
        })
    }

    /// The transfers an event makes, with the accounts of those that resolve a held one filled in.
    fn transfers_of(&self, event: &Event) -> Vec<Transfer> {
        let payment = event.payment().and_then(|id| self.engine.switch().payment(id));
        let Some(payment) = payment else { return Vec::new() };
        let mut transfers = Vec::new();
        postings::of_event(payment, event, self.engine.book(), &mut transfers);
        for transfer in &mut transfers {
            if let Some(held) =
                (transfer.pending_id != 0).then(|| self.engine.book().transfer(transfer.pending_id)).flatten()
            {
                transfer.debit_account_id = held.debit_account_id;
                transfer.credit_account_id = held.credit_account_id;
                transfer.amount = held.amount;
                transfer.ledger = held.ledger;
                transfer.code = held.code;
            }
        }
        transfers
    }

    /// Every account the transfers touch, as it is now.
    fn balances(&self, transfers: &[Transfer]) -> Vec<(u128, Balance)> {
        let mut accounts: Vec<u128> =
            transfers.iter().flat_map(|t| [t.debit_account_id, t.credit_account_id]).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let balance = |id: u128| {
            let account = self.engine.book().account(id)?;
            let has = has(&account);
            Some((
                id,
                Balance {
                    member: self.account_name(id),
                    currency: Currency::from_numeric(u16::try_from(account.ledger).ok()?).ok()?,
                    before_minor: has,
                    after_minor: has,
                    held_before_minor: account.debits_pending,
                    held_after_minor: account.debits_pending,
                },
            ))
        };
        accounts.into_iter().filter_map(balance).collect()
    }

    fn after(&self, balances: Vec<(u128, Balance)>) -> Vec<Balance> {
        let after = |(id, mut balance): (u128, Balance)| {
            if let Some(account) = self.engine.book().account(id) {
                balance.after_minor = has(&account);
                balance.held_after_minor = account.debits_pending;
            }
            balance
        };
        balances.into_iter().map(after).collect()
    }

    /// What the touched accounts have changed by in all, per currency.
    fn sums(&self, balances: &[(u128, Balance)]) -> Vec<(Currency, i128)> {
        let mut sums = std::collections::BTreeMap::<Currency, i128>::new();
        for (id, balance) in balances {
            let now = self.engine.book().account(*id).map_or(balance.before_minor, |account| has(&account));
            *sums.entry(balance.currency).or_default() += now - balance.before_minor;
        }
        sums.into_iter().collect()
    }

    fn posting(&self, transfer: &Transfer, payment: PaymentId) -> Option<Posting> {
        let currency = Currency::from_numeric(u16::try_from(transfer.ledger).ok()?).ok()?;
        let payment = self.engine.switch().payment(payment)?;
        Some(Posting {
            kind: if transfer.flags.contains(TransferFlags::PENDING) {
                PostingKind::Reserve
            } else if transfer.flags.contains(TransferFlags::POST_PENDING) {
                PostingKind::Post
            } else if transfer.flags.contains(TransferFlags::VOID_PENDING) {
                PostingKind::Void
            } else {
                PostingKind::Move
            },
            leg: leg(transfer, payment).to_owned(),
            from: self.account_name(transfer.debit_account_id),
            to: self.account_name(transfer.credit_account_id),
            amount: Amount::new(currency, u64::try_from(transfer.amount).ok()?),
        })
    }

    fn account_name(&self, account: u128) -> String {
        let member = self.member_name(owner(account));
        match account & 0xff {
            2 => format!("{member} (bank)"),
            3 => format!("{member} (credit line)"),
            _ => member,
        }
    }

    /// A member's name for people.
    pub(crate) fn member_name(&self, member: MemberId) -> String {
        match self.engine.directory().member(member) {
            Some(member) => member.name.to_string(),
            None => "Network".to_owned(),
        }
    }
}

/// What an account has: credits less debits, held ones aside.
fn has(account: &ledger::Account) -> i128 {
    let signed = |amount: u128| i128::try_from(amount).unwrap_or(i128::MAX);
    signed(account.credits_posted) - signed(account.debits_posted)
}

fn owner(account: u128) -> MemberId {
    MemberId(u32::try_from(account >> 32).unwrap_or(u32::MAX))
}

/// The leg's name in the rulebook, from its reason and who gives.
fn leg(transfer: &Transfer, payment: &Payment) -> &'static str {
    let Some(terms) = payment.terms.as_deref() else { return "" };
    let reason = |reason: Reason| transfer.code == reason as u16;
    let from = owner(transfer.debit_account_id);
    if reason(Reason::PayerLeg) {
        "P1"
    } else if reason(Reason::PayeeLeg) {
        "P2"
    } else if reason(Reason::Interchange) {
        if from == payment.opened.acquirer { "F1" } else { "F2" }
    } else if reason(Reason::NetworkFee) {
        if from == payment.opened.acquirer { "F3" } else { "F4" }
    } else if reason(Reason::Refund) {
        refund_leg(transfer, payment, terms)
    } else if reason(Reason::Reversal) {
        "reversal"
    } else if reason(Reason::Cover) {
        "cover"
    } else {
        ""
    }
}

fn refund_leg(transfer: &Transfer, payment: &Payment, terms: &Terms) -> &'static str {
    let (from, to) = (owner(transfer.debit_account_id), owner(transfer.credit_account_id));
    match (from, to) {
        (from, _) if from == payment.opened.acquirer => "R1",
        (_, to) if to == terms.wallet => "R2",
        (_, to) if to == payment.opened.acquirer => "R3",
        _ => "R4",
    }
}

fn name(event: &Event) -> Option<FactName> {
    Some(match event {
        Event::Opened(_) => FactName::Opened,
        Event::Judged { .. } => FactName::Judged,
        Event::Quoted { .. } => FactName::Quoted,
        Event::Confirmed { .. } => FactName::Confirmed,
        Event::Reserved { .. } => FactName::Reserved,
        Event::Sent { .. } => FactName::Sent,
        Event::Rejected { .. } => FactName::Rejected,
        Event::InDoubt { .. } => FactName::InDoubt,
        Event::Succeeded { .. } => FactName::Succeeded,
        Event::Failed { .. } => FactName::Failed,
        Event::Expired { .. } => FactName::Expired,
        Event::Cancelled { .. } => FactName::Cancelled,
        Event::CancelAcknowledged { .. } => FactName::CancelAcknowledged,
        Event::LateSuccess { .. } => FactName::LateSuccess,
        Event::NoticeTaken { .. } => FactName::NoticeTaken,
        Event::RefundOpened(_) => FactName::RefundOpened,
        Event::RefundSucceeded { .. } => FactName::RefundSucceeded,
        Event::RefundFailed { .. } => FactName::RefundFailed,
        Event::RefundStuck { .. } => FactName::RefundStuck,
        Event::CodesIssued { .. } | Event::CancelledUnseen { .. } | Event::Refused { .. } => return None,
    })
}
