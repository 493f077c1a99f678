//! The network's process: the real engine over a real journal on a disk in memory, one batch a turn, replies and
//! effects held back until the sync. It can die at any point of a turn, and comes back from its journal alone.

mod recovery;

use directory::Time;
use engine::delivery::Delivery;
use engine::{Engine, Input, Reply, Turn};
use journal::{Fault, Journal, Loss, Memory, Options, Sequence};
use switch::{Effect, PaymentId};

use crate::letter::{Ask, Open, Place, Told};
use crate::watch::Causes;

/// Where in a turn the process dies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CrashPoint {
    /// Everything is decided, nothing is written.
    BeforeSync,
    /// A write or sync fails, at this call; the process stops as it must.
    InSync(u64, Fault),
    /// The disk is full.
    DiskFull,
    /// Everything is safe, nothing is let out.
    AfterSync,
    /// Some of it is let out.
    LettingOut,
}

/// A death: where, and what the disk loses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Death {
    pub(crate) point: CrashPoint,
    pub(crate) loss: Loss,
}

/// The network's process and its disk.
pub(crate) struct Host {
    disk: Memory,
    options: Options,
    process: Option<Process>,
    /// Busy with its sync, or down, until then.
    free_at: Time,
    inbox: Vec<Arrival>,
    turn: Turn,
    /// Records before this one were synced: they may be relied on.
    synced: Sequence,
    limbo: Limbo,
}

/// A process that is up.
struct Process {
    journal: Journal<Memory>,
    engine: Engine,
}

/// What the disk may hold after a death.
#[derive(Default)]
struct Limbo {
    /// The state before the turn in which the process died, if it may come back.
    before: Option<[u8; 32]>,
    /// The state after it, if it may come back.
    after: Option<[u8; 32]>,
    /// The records of that turn.
    records: Vec<Vec<u8>>,
    causes: Causes,
}

/// Something that waits for the next turn.
struct Arrival {
    from: Place,
    call: u64,
    ask: Ask,
}

/// Somebody who waits for this turn's end: for the engine's reply, or for an answer to a question.
struct Waiting {
    from: Place,
    call: u64,
    question: Option<Ask>,
}

/// An answer: to whom, to which call.
type Addressed = (Place, u64, Told);

/// What became of a turn.
pub(crate) struct Turned {
    /// The records that are now durable for certain.
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) causes: Causes,
    /// To be let out, in this order.
    pub(crate) answers: Vec<Addressed>,
    pub(crate) effects: Vec<Effect>,
    /// Payments whose waiters are to look again.
    pub(crate) moved: Vec<PaymentId>,
    /// The process died; of what is to be let out only so much was.
    pub(crate) died: Option<usize>,
}

impl Host {
    pub(crate) fn new(seed: u64, segment_bytes: u64, start: Time) -> Host {
        Host {
            disk: Memory::new(seed),
            options: Options { segment_bytes, ..Options::default() },
            process: None,
            free_at: start,
            inbox: Vec::new(),
            turn: Turn::default(),
            synced: Sequence::FIRST,
            limbo: Limbo::default(),
        }
    }

    /// The engine, if the process is up.
    pub(crate) fn engine(&self) -> Option<&Engine> {
        self.process.as_ref().map(|process| &process.engine)
    }

    /// Takes a request in, if anybody is there to take it.
    pub(crate) fn receive(&mut self, from: Place, call: u64, ask: Ask) -> bool {
        if self.process.is_some() {
            self.inbox.push(Arrival { from, call, ask });
        }
        self.process.is_some()
    }

    /// When the process has something to do, or comes back.
    pub(crate) fn due_at(&self, now: Time) -> Option<Time> {
        match &self.process {
            None => Some(self.free_at),
            Some(_) if !self.inbox.is_empty() => Some(self.free_at.max(now)),
            Some(process) => process.engine.next_due().map(|due| due.max(self.free_at).max(now)),
        }
    }

    /// Keeps the process busy, or down, for a while.
    pub(crate) fn rest_until(&mut self, at: Time) {
        self.free_at = at;
    }

    /// One turn: decide, append, sync, and only then hand out what may leave.
    pub(crate) fn turn(&mut self, now: Time, death: Option<Death>) -> Result<Turned, String> {
        let mut process = self.process.take().ok_or("a turn of a process that is down")?;
        let before = death.map(|_| process.engine.state_hash());
        let (inputs, asked, causes) = self.sort_inbox();
        let mut records: Vec<Vec<u8>> = Vec::new();
        self.turn.clear();
        let Process { journal, engine } = &mut process;
        let mut failed = None;
        let mut log = |bytes: &[u8]| {
            records.push(bytes.to_vec());
            failed = failed.take().or(journal.append(bytes).err());
        };
        engine.turn(now, inputs.into_iter(), &mut log, &mut self.turn);
        if let Some(error) = failed {
            return Err(format!("the journal refused a record: {error}"));
        }
        let Some(Death { point, loss }) = death else {
            journal.commit().map_err(|error| format!("a commit failed by itself: {error}"))?;
            self.synced = journal.next();
            let (answers, effects) = self.let_out(&asked, engine, journal)?;
            self.process = Some(process);
            let moved = std::mem::take(&mut self.turn.moved);
            return Ok(Turned { records, causes, answers, effects, moved, died: None });
        };
        let synced = self.sync_and_die(point, journal)?;
        self.limbo = Limbo { before, after: Some(engine.state_hash()), records: vec![], causes };
        let mut turned = Turned {
            records: vec![],
            causes: Causes::default(),
            answers: vec![],
            effects: vec![],
            moved: vec![],
            died: Some(0),
        };
        match synced {
            Some(true) => {
                self.limbo.before = None;
                self.synced = journal.next();
                (turned.answers, turned.effects) = self.let_out(&asked, engine, journal)?;
                (turned.records, turned.causes) = (records, std::mem::take(&mut self.limbo.causes));
                turned.died = Some(match point {
                    CrashPoint::LettingOut => (turned.answers.len() + turned.effects.len()).div_ceil(2),
                    _ => 0,
                });
            }
            Some(false) => self.limbo.after = None,
            None => self.limbo.records = records,
        }
        self.disk.crash(loss);
        self.disk.limit(None);
        self.inbox.clear();
        Ok(turned)
    }

    /// Goes as far as the death allows: whether the turn is safe, or nobody knows.
    fn sync_and_die(&self, point: CrashPoint, journal: &mut Journal<Memory>) -> Result<Option<bool>, String> {
        match point {
            CrashPoint::BeforeSync => return Ok(Some(false)),
            CrashPoint::AfterSync | CrashPoint::LettingOut => {}
            CrashPoint::InSync(calls, fault) => self.disk.fail(calls, fault),
            CrashPoint::DiskFull => {
                let used: usize = self.disk.contents().values().map(Vec::len).sum();
                self.disk.limit(Some(used as u64 + 20));
            }
        }
        match (journal.commit(), point) {
            (Ok(_), _) => Ok(Some(true)),
            (Err(_), CrashPoint::InSync(..) | CrashPoint::DiskFull) => Ok(None),
            (Err(error), _) => Err(format!("a commit failed by itself: {error}")),
        }
    }

    /// Separates what the engine is to decide from what is only asked.
    fn sort_inbox(&mut self) -> (Vec<(u64, Input)>, Vec<Waiting>, Causes) {
        let (mut inputs, mut asked, mut causes) = (Vec::new(), Vec::new(), Causes::default());
        for (token, arrival) in self.inbox.drain(..).enumerate() {
            match arrival.ask {
                Ask::Engine(input) => {
                    causes.note(&input);
                    inputs.push((token as u64, input));
                    asked.push(Waiting { from: arrival.from, call: arrival.call, question: None });
                }
                question => {
                    asked.push(Waiting { from: arrival.from, call: arrival.call, question: Some(question) });
                }
            }
        }
        (inputs, asked, causes)
    }

    /// What may leave, now that it is safe; refuses if it is not.
    fn let_out(
        &mut self,
        asked: &[Waiting],
        engine: &Engine,
        journal: &Journal<Memory>,
    ) -> Result<(Vec<Addressed>, Vec<Effect>), String> {
        if journal.next().0 != engine.commit() + 1 {
            return Err(format!(
                "answers were to leave with {} of {} facts synced",
                journal.next().0 - 1,
                engine.commit()
            ));
        }
        let mut replies = self.turn.replies.drain(..);
        let mut answers = Vec::with_capacity(asked.len());
        for Waiting { from, call, question } in asked {
            let told = match question {
                None => Told::Reply(replies.next().map_or(Reply::Done, |(_, reply)| reply)),
                Some(question) => look_up(question, engine),
            };
            if *call != 0 {
                answers.push((*from, *call, told));
            }
        }
        drop(replies);
        Ok((answers, std::mem::take(&mut self.turn.effects)))
    }
}

fn look_up(question: &Ask, engine: &Engine) -> Told {
    match question {
        Ask::Engine(_) => Told::Payment(None),
        Ask::Payment { acquirer, reference } => {
            Told::Payment(engine.switch().find(*acquirer, reference).map(|payment| Box::new(payment.clone())))
        }
        Ask::Refund { acquirer, request_id } => {
            let found = engine.switch().find_refund(*acquirer, request_id);
            Told::Refund(found.map(|(payment, number)| (Box::new(payment.clone()), number)))
        }
        Ask::Deliveries => {
            let deliveries = engine.deliveries();
            let open = |delivery: &Delivery| Open {
                delivery: delivery.clone(),
                awaits: delivery.awaits(engine.now()),
                lien: deliveries.lien(delivery),
            };
            Told::Deliveries(deliveries.open().map(open).collect())
        }
    }
}
