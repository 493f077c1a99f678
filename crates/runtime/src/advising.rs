//! The adviser's own desk: its thread, its journal, its queue. Records are durable before anybody is told, and what
//! takes long is computed elsewhere, so that neither it nor the payments beside it ever wait for a computation.

use std::collections::VecDeque;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use advice::record::Record;
use advice::{Json, Refusal};
use adviser::{Adviser, Call, Done, Moment, Step, Unreadable, Work, outcome};
use journal::{Journal, Options, Recovery, Sequence, Storage};
use tokio::sync::{Semaphore, oneshot};

use crate::clock::Clock;
use crate::gate::Busy;

/// Calls waiting for a turn; more are turned away.
const INBOX_MAX: usize = 1_024;
/// Calls decided before one sync.
const BATCH_MAX: usize = 256;
/// Computations waiting or running; more are turned away.
const WORK_MAX: usize = 64;
/// Records kept at hand: whoever repeats a request or looks at a proposal mostly does so soon.
const RECENT_MAX: usize = 256;

/// Why a log does not give an adviser.
#[derive(Debug)]
pub enum AdviserFault {
    /// The log itself.
    Journal(journal::Error),
    /// A record in a sound log that this version cannot read.
    Record {
        /// Its number.
        sequence: Sequence,
        /// What is wrong with it.
        unreadable: Unreadable,
    },
}

impl fmt::Display for AdviserFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdviserFault::Journal(error) => error.fmt(f),
            AdviserFault::Record { sequence, unreadable } => {
                write!(f, "record {} of the adviser's journal: {unreadable}", sequence.0)
            }
        }
    }
}

impl std::error::Error for AdviserFault {}

impl From<journal::Error> for AdviserFault {
    fn from(error: journal::Error) -> AdviserFault {
        AdviserFault::Journal(error)
    }
}

/// Opens the adviser's log and replays it whole.
pub fn recover_adviser<S: Storage>(
    storage: S,
    options: Options,
) -> Result<(Adviser, Journal<S>, Recovery), AdviserFault> {
    let (journal, recovery) = Journal::open(storage, options)?;
    let mut adviser = Adviser::default();
    let mut fault = None;
    journal.replay(Sequence::FIRST, &mut |stored| {
        let applied = read(stored.bytes).and_then(|record| adviser.apply(stored.sequence.0, &record));
        match applied {
            Ok(()) => ControlFlow::Continue(()),
            Err(unreadable) => {
                fault = Some(AdviserFault::Record { sequence: stored.sequence, unreadable });
                ControlFlow::Break(())
            }
        }
    })?;
    match fault {
        Some(fault) => Err(fault),
        None => Ok((adviser, journal, recovery)),
    }
}

fn read(bytes: &[u8]) -> Result<Record, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable("it is not UTF-8".into()))?;
    let json = Json::parse(text).map_err(|refusal| Unreadable(refusal.message))?;
    Record::from_json(&json).map_err(|refusal| Unreadable(refusal.message))
}

/// The way to the adviser; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    inbox: SyncSender<Item>,
    /// Computations that may wait or run.
    places: Arc<Semaphore>,
    /// Computations that may run: one core fewer than there are, for the payments beside.
    cores: Arc<Semaphore>,
}

/// The running desk.
pub struct Advising {
    /// The way in.
    pub desk: Desk,
    /// Ends with the desk. The reason is the error that stopped it; the process must not go on answering.
    pub thread: JoinHandle<Result<(), journal::Error>>,
}

enum Item {
    Ask(Box<Call>, oneshot::Sender<Reply>),
    Finish(Box<Done>, oneshot::Sender<Reply>),
    Stop,
}

enum Reply {
    Told(Result<Json, Refusal>),
    Work(Box<Work>),
    Replay(Box<Record>),
}

/// Starts the desk on its own thread.
pub fn start_advising<S: Storage + Send + 'static>(
    adviser: Adviser,
    journal: Journal<S>,
) -> Result<Advising, std::io::Error> {
    let (inbox, items) = sync_channel(INBOX_MAX);
    let mut clerk = Clerk { adviser, journal, recent: VecDeque::new(), waiting: Vec::new() };
    let thread = std::thread::Builder::new().name("adviser".into()).spawn(move || clerk.run(&items))?;
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
    let desk =
        Desk { inbox, places: Arc::new(Semaphore::new(WORK_MAX)), cores: Arc::new(Semaphore::new(cores)) };
    Ok(Advising { desk, thread })
}

impl Desk {
    /// Asks; the answer comes once everything it tells is durable.
    pub async fn ask(&self, call: Call) -> Result<Result<Json, Refusal>, Busy> {
        let mut reply = self.send(|sender| Item::Ask(Box::new(call), sender)).await?;
        loop {
            reply = match reply {
                Reply::Told(told) => return Ok(told),
                Reply::Work(work) => {
                    let done = Box::new(self.compute(move || work.run()).await?);
                    self.send(|sender| Item::Finish(done, sender)).await?
                }
                Reply::Replay(record) => return self.compute(move || Ok(replayed(&record))).await,
            };
        }
    }

    async fn send(&self, item: impl FnOnce(oneshot::Sender<Reply>) -> Item) -> Result<Reply, Busy> {
        let (sender, receiver) = oneshot::channel();
        self.inbox.try_send(item(sender)).map_err(|_| Busy)?;
        receiver.await.map_err(|_| Busy)
    }

    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Busy)?;
        let core = self.cores.clone().acquire_owned().await.map_err(|_| Busy)?;
        let computing = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, though nobody waits for it any more.
            let _held = (place, core);
            work()
        });
        computing.await.map_err(|_| Busy)
    }

    /// Asks the desk to end after the calls it has taken.
    pub fn stop(&self) {
        let _ = self.inbox.send(Item::Stop);
    }
}

/// Whether the proposal in a record comes out the same, byte for byte.
fn replayed(record: &Record) -> Json {
    let again = record.body.member("computed").map(advice::proposal::replay);
    let (equal, why) = match again {
        Some(Ok(())) => (true, Json::Null),
        Some(Err(refusal)) => (false, Json::text(refusal.message)),
        None => (false, Json::text("The record holds no computation.")),
    };
    Json::object([("equal", Json::Bool(equal)), ("why", why), ("record", Json::text(record.hash()))])
}

struct Clerk<S: Storage> {
    adviser: Adviser,
    journal: Journal<S>,
    recent: VecDeque<(u64, Record)>,
    waiting: Vec<(oneshot::Sender<Reply>, Result<Step, Refusal>)>,
}

impl<S: Storage> Clerk<S> {
    fn run(&mut self, items: &Receiver<Item>) -> Result<(), journal::Error> {
        while let Ok(first) = items.recv() {
            let mut next = Some(first);
            let mut stop = false;
            while let Some(item) = next {
                match item {
                    Item::Ask(call, sender) => {
                        self.take(sender, |adviser, now| adviser.decide(now, &call))?
                    }
                    Item::Finish(done, sender) => {
                        self.take(sender, |adviser, now| adviser.finish(now, *done))?;
                    }
                    Item::Stop => stop = true,
                }
                next = if stop || self.waiting.len() >= BATCH_MAX { None } else { items.try_recv().ok() };
            }
            self.journal.commit()?;
            // From here on everything that was decided is safe.
            self.let_out()?;
            if stop {
                break;
            }
        }
        Ok(())
    }

    /// Decides, records and applies; nobody is told yet.
    fn take(
        &mut self,
        sender: oneshot::Sender<Reply>,
        decide: impl FnOnce(&Adviser, Moment) -> Result<Step, Refusal>,
    ) -> Result<(), journal::Error> {
        let now = Moment { at_ms: i64::try_from(Clock.now().0).unwrap_or(i64::MAX) };
        let step = match decide(&self.adviser, now) {
            Ok(Step::Facts(drafts)) => {
                let first = self.adviser.records() + 1;
                for draft in drafts {
                    let record = self.adviser.seal(now, draft);
                    let number = self.journal.append(record.to_json().canonical().as_bytes())?.0;
                    let applied = self.adviser.apply(number, &record);
                    applied.expect("what this version decides it can apply");
                    self.keep(number, record);
                }
                Ok(Step::Repeat(first))
            }
            step => step,
        };
        self.waiting.push((sender, step));
        Ok(())
    }

    fn keep(&mut self, number: u64, record: Record) {
        self.recent.push_back((number, record));
        if self.recent.len() > RECENT_MAX + BATCH_MAX {
            self.recent.drain(..BATCH_MAX);
        }
    }

    fn let_out(&mut self) -> Result<(), journal::Error> {
        for (sender, step) in std::mem::take(&mut self.waiting) {
            let reply = match step {
                Err(refusal) => Reply::Told(Err(refusal)),
                Ok(Step::Answer(answer)) => Reply::Told(Ok(answer)),
                Ok(Step::Work(work)) => Reply::Work(work),
                Ok(Step::Repeat(number)) => Reply::Told(outcome(&self.record(number)?)),
                Ok(Step::Told { number, besides }) => {
                    Reply::Told(outcome(&self.record(number)?).map(|told| with(told, besides)))
                }
                Ok(Step::Replay(number)) => Reply::Replay(Box::new(self.record(number)?)),
                Ok(Step::Records { numbers, next }) => Reply::Told(Ok(self.page(&numbers, next)?)),
                Ok(Step::Facts(_)) => unreachable!("facts were recorded when they were decided"),
            };
            // Whoever no longer waits is not told.
            drop(sender.send(reply));
        }
        Ok(())
    }

    fn page(&self, numbers: &[u64], next: Option<usize>) -> Result<Json, journal::Error> {
        let records = numbers.iter().map(|number| self.record(*number).map(|record| record.to_json()));
        Ok(Json::object([
            ("records", Json::List(records.collect::<Result<_, _>>()?)),
            ("next", next.map_or(Json::Null, |next| Json::Whole(next as i64))),
        ]))
    }

    /// A record that is durable, from memory or from the log.
    fn record(&self, number: u64) -> Result<Record, journal::Error> {
        if let Some((_, record)) = self.recent.iter().find(|(kept, _)| *kept == number) {
            return Ok(record.clone());
        }
        let mut found = None;
        self.journal.replay(Sequence(number), &mut |stored| {
            found = read(stored.bytes).ok();
            ControlFlow::Break(())
        })?;
        Ok(found.expect("what was applied can be read again"))
    }
}

/// An answer with what has changed since.
fn with(mut told: Json, besides: Json) -> Json {
    if let (Json::Object(told), Json::Object(besides)) = (&mut told, besides) {
        told.extend(besides);
    }
    told
}
