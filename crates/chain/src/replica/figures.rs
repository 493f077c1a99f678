//! What a supervisor asks of the whole chain, counted as events come so that no page goes through the state: what funders
//! took for their money, what is owed by due day, and terms that are long. Follows from the log; decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use money::Currency;
use receivables::identity::MemberId;
use receivables::state::{CertificateRecord, DAY_MS, Decision, TENOR_DAYS_USUAL};
use receivables::transaction::{CertificateId, Day, ProgrammeId};
use receivables::{Entry, Event, Hash, State};

use super::Replica;

/// Under which programme, by whom, in which currency.
pub type Source = (ProgrammeId, MemberId, Currency);

/// What funders took for parts that they bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Parts bought.
    pub sales: u64,
    /// What they are worth on their due days, in minor units.
    pub face: u64,
    /// Kept back as discount.
    pub discount: u64,
    /// Fees beside it.
    pub fee: u64,
    /// Discounts and fees times the days of their programme's year.
    cost_years: u128,
    /// Prices times days until due: what cost relates to.
    price_days: u128,
    /// Amounts times days until due.
    face_days: u128,
}

/// Counted so far.
#[derive(Debug, Default)]
pub(super) struct Figures {
    taken: BTreeMap<Source, Taken>,
    /// Locks that wait for their price, by key.
    locked: BTreeMap<Hash, (Source, Taken)>,
    /// What is unpaid of accepted certificates, by the day from which they are overdue.
    due: BTreeMap<(Day, CertificateId), (Currency, u64)>,
    /// Certificates with terms above the usual that are not over.
    long: BTreeSet<CertificateId>,
}

/// What is overdue on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// How many certificates.
    pub count: usize,
    /// What is unpaid of them, in minor units.
    pub sums: BTreeMap<Currency, u64>,
    /// The oldest of them.
    pub oldest: Vec<CertificateId>,
}

impl Taken {
    /// The sum of two.
    pub fn and(self, other: &Taken) -> Taken {
        Taken {
            sales: self.sales + other.sales,
            face: self.face.saturating_add(other.face),
            discount: self.discount.saturating_add(other.discount),
            fee: self.fee.saturating_add(other.fee),
            cost_years: self.cost_years.saturating_add(other.cost_years),
            price_days: self.price_days.saturating_add(other.price_days),
            face_days: self.face_days.saturating_add(other.face_days),
        }
    }

    /// Days until due, on average by amount.
    pub fn days(&self) -> Option<u64> {
        let half = u128::from(self.face / 2);
        (self.face_days + half).checked_div(u128::from(self.face)).and_then(|days| u64::try_from(days).ok())
    }

    /// Discount and fees as a cost a year, in millionths of the price, rounded half up.
    pub fn yearly_cost_ppm(&self) -> Option<u64> {
        let above = self.cost_years.checked_mul(1_000_000)?.checked_add(self.price_days / 2)?;
        u64::try_from(above.checked_div(self.price_days)?).ok()
    }
}

impl Figures {
    /// What stands in a state whose events are not here.
    pub(super) fn of(state: &State) -> Self {
        let mut figures = Figures::default();
        for (id, record) in state.certificates() {
            figures.owed(id, record);
            if is_long(record) && matches!(record.decision, Decision::Proposed | Decision::Accepted) {
                figures.long.insert(*id);
            }
        }
        figures
    }

    /// Counts an event; the state is that after it.
    pub(super) fn event(&mut self, state: &State, entry: &Entry) {
        match &entry.event {
            Event::Proposed(proposed)
                if proposed.due_day.saturating_sub(proposed.issue_day) > Day::from(TENOR_DAYS_USUAL) =>
            {
                self.long.insert(proposed.certificate);
            }
            Event::Rejected(rejected) => {
                self.long.remove(&rejected.certificate);
            }
            Event::Accepted(accepted) => self.changed(state, &accepted.certificate),
            Event::Paid(paid) => self.changed(state, &paid.certificate),
            Event::Closed(closed) => {
                self.long.remove(&closed.certificate);
                self.changed(state, &closed.certificate);
            }
            Event::Locked(locked) => {
                let day = Day::try_from(entry.time_ms / DAY_MS).unwrap_or(Day::MAX);
                let Some(part) = state.part(&locked.part) else { return };
                let Some(record) = state.certificate(&part.certificate) else { return };
                let cost = u128::from(locked.discount) + u128::from(locked.fee);
                let days = u128::from(record.due_day.saturating_sub(day));
                let taken = Taken {
                    sales: 1,
                    face: part.amount,
                    discount: locked.discount,
                    fee: locked.fee,
                    cost_years: cost * u128::from(record.terms.basis.days()),
                    price_days: u128::from(locked.price) * days,
                    face_days: u128::from(part.amount) * days,
                };
                self.locked.insert(locked.key, ((record.programme, locked.to, record.currency), taken));
            }
            Event::LockEnded(ended) => {
                self.locked.remove(&ended.key);
            }
            Event::Sold(sold) => {
                if let Some((source, taken)) = self.locked.remove(&sold.key) {
                    let sum = self.taken.entry(source).or_default();
                    *sum = sum.and(&taken);
                }
            }
            _ => {}
        }
    }

    fn changed(&mut self, state: &State, id: &CertificateId) {
        if let Some(record) = state.certificate(id) {
            self.owed(id, record);
        }
    }

    fn owed(&mut self, id: &CertificateId, record: &CertificateRecord) {
        let key = (record.due_day.saturating_add(Day::from(record.terms.grace_days)), *id);
        match record.decision {
            Decision::Accepted => {
                self.due.insert(key, (record.currency, record.unpaid()));
            }
            Decision::Proposed | Decision::Rejected | Decision::Closed => {
                self.due.remove(&key);
            }
        }
    }
}

fn is_long(record: &CertificateRecord) -> bool {
    record.due_day.saturating_sub(record.issue_day) > Day::from(TENOR_DAYS_USUAL)
}

impl Replica {
    /// What funders took for their money since this node began; nothing if it does not count.
    pub fn taken(&self) -> BTreeMap<Source, Taken> {
        self.lock().trail.figures.taken.clone()
    }

    /// What is overdue on a day, grace over and unpaid: in all, and the oldest so many.
    pub fn overdue(&self, day: Day, rows_max: usize) -> Overdue {
        let inner = self.lock();
        let mut overdue = Overdue::default();
        for ((_, id), (currency, unpaid)) in inner.trail.figures.due.range(..=(day, [u8::MAX; 32])) {
            overdue.count += 1;
            let sum = overdue.sums.entry(*currency).or_default();
            *sum = sum.saturating_add(*unpaid);
            if overdue.oldest.len() < rows_max {
                overdue.oldest.push(*id);
            }
        }
        overdue
    }

    /// Certificates with terms above 180 days that are not over: how many, and the first so many.
    pub fn long_terms(&self, rows_max: usize) -> (usize, Vec<CertificateId>) {
        let inner = self.lock();
        let long = &inner.trail.figures.long;
        (long.len(), long.iter().take(rows_max).copied().collect())
    }
}
