//! What is there to be shown, and how it changes as the network's facts and messages are heard.

use console::play::Step;
use members::cast::PROVIDERS;
use switch::{Event, PaymentId, Stage};

use crate::follower::{Follower, Learned, Lost};
use crate::hops::{Hops, Placed};
use crate::life::{Lives, Put};
use crate::phone::Phone;
use crate::till::Till;

/// What is there to be shown.
pub(crate) struct State {
    pub(crate) follower: Follower,
    pub(crate) hops: Hops,
    pub(crate) lives: Lives,
    pub(crate) phones: Vec<Phone>,
    pub(crate) tills: Vec<Till>,
    pub(crate) providers: [bool; PROVIDERS.len()],
    pub(crate) up: bool,
    pub(crate) restarts: u32,
    pub(crate) crash_armed: bool,
}

/// Something on the page is another now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Phone(usize),
    Till(usize),
    Network,
    Payments,
    Life(PaymentId),
    /// One more step at the end of a ladder.
    Step(PaymentId, usize),
    /// The whole ladder.
    Steps(PaymentId),
}

impl State {
    /// Takes a fact, reading those before it from the journal if they were left out.
    pub(crate) fn hear_fact(
        &mut self,
        number: u64,
        record: &[u8],
        changes: &mut Vec<Change>,
    ) -> Result<(), Lost> {
        if self.follower.misses(number) {
            self.catch_up(number, changes)?;
        }
        self.take_fact(number, record, changes)
    }

    /// Reads facts from the journal, up to the one before `until`.
    pub(crate) fn catch_up(&mut self, until: u64, changes: &mut Vec<Change>) -> Result<(), Lost> {
        loop {
            let mut read = Vec::new();
            let count =
                self.follower.read(until, &mut |number, record| read.push((number, record.to_vec())))?;
            for (number, record) in read {
                self.take_fact(number, &record, changes)?;
            }
            if count == 0 {
                return Ok(());
            }
        }
    }

    fn take_fact(&mut self, number: u64, record: &[u8], changes: &mut Vec<Change>) -> Result<(), Lost> {
        let lives = &self.lives;
        let learned = self.follower.take(number, record, &|event| lives.wants(event))?;
        let Some(learned) = learned else { return Ok(()) };
        let mut placed = Vec::new();
        match &learned.event {
            Event::Opened(opened) => {
                self.lives.open(opened, learned.at_ms);
                if self.lives.contains(learned.payment) {
                    let directory = self.follower.engine().directory();
                    let acquirer = directory.member(opened.acquirer).map(|member| member.client_id.clone());
                    let request = acquirer.as_deref().zip(opened.request_id.as_deref());
                    let code = opened.code.map(|code| code.0);
                    self.hops.opened(learned.payment, request, code, directory, &mut placed);
                }
                changes.push(Change::Payments);
            }
            Event::Quoted { payment, terms } => self.lives.claim(*payment, &terms.customer),
            _ => {}
        }
        self.place(placed, changes);
        self.record(learned, changes);
        Ok(())
    }

    fn record(&mut self, mut learned: Learned, changes: &mut Vec<Change>) {
        let Some(recorded) = learned.recorded.take() else { return };
        let payment = learned.payment;
        let moved = recorded.stage.is_some();
        put(self.lives.record(&learned, recorded), payment, changes);
        if matches!(learned.event, Event::Quoted { .. }) {
            // The wallet is known from now on, and stands at the head of its lifeline.
            changes.push(Change::Steps(payment));
        }
        if moved {
            changes.push(Change::Life(payment));
            changes.push(Change::Payments);
        }
    }

    pub(crate) fn hear_message(&mut self, heard: hop::Overheard, changes: &mut Vec<Change>) {
        let (lives, follower) = (&self.lives, &self.follower);
        let find = |client: &str, request_id: &str| {
            let member = follower.engine().directory().member_by_client(client)?.id;
            let reference = switch::Reference::Request(request_id.into());
            let payment = follower.engine().switch().find(member, &reference)?.id();
            lives.contains(payment).then_some(payment)
        };
        let mut placed = Vec::new();
        let directory = follower.engine().directory();
        self.hops.hear(heard, directory, &|payment| lives.contains(payment), &find, &mut placed);
        self.place(placed, changes);
    }

    fn place(&mut self, placed: Vec<Placed>, changes: &mut Vec<Change>) {
        for placed in placed {
            let (payment, told) = (placed.payment, placed.told_acquirer.is_some());
            put(self.lives.place(placed), payment, changes);
            if told {
                changes.push(Change::Life(payment));
            }
        }
    }

    /// Whether the crash that was armed is due: a payment of the page has been sent to its wallet. Asked once.
    pub(crate) fn crash_now(&mut self) -> bool {
        let due = self.crash_armed
            && self
                .lives
                .latest_ours
                .and_then(|payment| self.follower.engine().switch().payment(payment))
                .is_some_and(|payment| payment.stage == Stage::Sent);
        if due {
            self.crash_armed = false;
        }
        due
    }

    /// Puts the network's end or return on the ladders of open payments.
    pub(crate) fn interrupt(&mut self, step: &Step) {
        let switch = self.follower.engine().switch();
        let is_open = |payment| switch.payment(payment).is_some_and(|payment| !payment.stage.is_final());
        self.lives.interrupt(step, &is_open);
    }
}

fn put(put: Option<Put>, payment: PaymentId, changes: &mut Vec<Change>) {
    match put {
        Some(Put::Last(number)) => changes.push(Change::Step(payment, number)),
        Some(Put::Between) => changes.push(Change::Steps(payment)),
        None => {}
    }
}
