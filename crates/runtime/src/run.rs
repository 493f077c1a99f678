//! The loop: take everything that waits, one turn, one sync, and only then replies, effects and news.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use directory::Directory;
use engine::{Engine, Input, Reply, Token, Turn};
use journal::{Journal, Storage};
use rustc_hash::FxHashMap;
use switch::{Effect, Payment, PaymentId, RefundStage};
use tokio::sync::{oneshot, watch};

use crate::clock::Clock;
use crate::gate::{Gate, INBOX_MAX, Item, Observer, Question};

/// Inputs of one turn: enough to fill a sync, few enough that nobody waits for a turn for long.
pub const BATCH_MAX: usize = 4_096;
/// Turns that record something begin at least so far apart, so that those who come meanwhile share the next sync and the
/// wakes around it. Whoever comes to a loop at rest waits for nobody.
const TURN_EVERY: Duration = Duration::from_millis(5);
/// The loop looks up at least this often.
const IDLE: Duration = Duration::from_secs(1);

/// What a turn lets out: its facts are safe, and nobody has been told yet.
#[derive(Default)]
pub struct Released {
    replies: Vec<(oneshot::Sender<Reply>, Reply)>,
    effects: Vec<Effect>,
}

impl Released {
    /// Tells those who still wait for a reply, and returns what is to be carried out.
    pub fn tell(self) -> Vec<Effect> {
        for (sender, reply) in self.replies {
            // Whoever no longer waits is not told.
            drop(sender.send(reply));
        }
        self.effects
    }

    fn is_empty(&self) -> bool {
        self.replies.is_empty() && self.effects.is_empty()
    }
}

/// Where replies and effects go once their facts are safe. Must not block.
pub type Outbox = Box<dyn FnMut(Released) + Send>;

/// The running loop.
pub struct Loop {
    /// The door.
    pub gate: Gate,
    /// Ends with the loop. The reason is the error that stopped it; the process must not go on answering.
    pub thread: JoinHandle<Result<(), journal::Error>>,
}

/// Starts the loop on its own thread.
pub fn start<S: Storage + Send + 'static>(
    engine: Engine,
    journal: Journal<S>,
    outbox: impl FnOnce(Gate) -> Outbox,
    observer: Option<Observer>,
) -> Result<Loop, std::io::Error> {
    let (inbox, items) = sync_channel(INBOX_MAX);
    let (news, directory) = watch::channel(Arc::new(engine.directory().clone()));
    let (work, screening) = watch::channel(());
    let gate = Gate { inbox, directory, screening };
    let outbox = outbox(gate.clone());
    let mut turner = Turner {
        engine,
        journal,
        clock: Clock,
        outbox,
        observer,
        news,
        work,
        inputs: Vec::new(),
        replies: Vec::new(),
        questions: Vec::new(),
        facts: Vec::new(),
        waiting: FxHashMap::default(),
        turn: Turn::default(),
        released: Released::default(),
    };
    let thread = std::thread::Builder::new().name("engine".into()).spawn(move || turner.run(&items))?;
    Ok(Loop { gate, thread })
}

/// A reply that is held back until its payment ends.
struct Waiting {
    refund: Option<u16>,
    reply: oneshot::Sender<Reply>,
}

struct Turner<S: Storage> {
    engine: Engine,
    journal: Journal<S>,
    clock: Clock,
    outbox: Outbox,
    observer: Option<Observer>,
    news: watch::Sender<Arc<Directory>>,
    work: watch::Sender<()>,
    inputs: Vec<(Token, Input)>,
    replies: Vec<Option<(oneshot::Sender<Reply>, bool)>>,
    questions: Vec<Question>,
    /// The facts of the turn, for the observer.
    facts: Vec<Vec<u8>>,
    waiting: FxHashMap<PaymentId, Vec<Waiting>>,
    turn: Turn,
    released: Released,
}

impl<S: Storage> Turner<S> {
    fn run(&mut self, items: &Receiver<Item>) -> Result<(), journal::Error> {
        loop {
            let stop = self.collect(items);
            let begun = Instant::now();
            let recorded = self.turn_once()?;
            if stop {
                return Ok(());
            }
            if recorded {
                std::thread::sleep(TURN_EVERY.saturating_sub(begun.elapsed()));
            }
        }
    }

    /// Waits for the first item or limit, then takes all that are there. Says whether to stop.
    fn collect(&mut self, items: &Receiver<Item>) -> bool {
        let wait = self.engine.next_due().map_or(IDLE, |due| self.clock.until(due).min(IDLE));
        let mut next = match items.recv_timeout(wait) {
            Ok(item) => Some(item),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return true,
        };
        while let Some(item) = next {
            match item {
                Item::Input { input, reply, until_final } => {
                    self.inputs.push((self.replies.len() as Token, input));
                    self.replies.push(Some((reply, until_final)));
                }
                Item::Question(question) => self.questions.push(question),
                Item::Stop => return true,
            }
            if self.inputs.len() + self.questions.len() >= BATCH_MAX {
                break;
            }
            next = items.try_recv().ok();
        }
        false
    }

    /// Turns, syncs and lets out. Says whether a fact was recorded.
    fn turn_once(&mut self) -> Result<bool, journal::Error> {
        self.turn.clear();
        self.facts.clear();
        let mut refused = None;
        let (journal, facts, observed) = (&mut self.journal, &mut self.facts, self.observer.is_some());
        let mut log = |record: &[u8]| {
            refused = refused.take().or(journal.append(record).err());
            if observed {
                facts.push(record.to_vec());
            }
        };
        self.engine.turn(self.clock.now(), self.inputs.drain(..), &mut log, &mut self.turn);
        if let Some(error) = refused {
            return Err(error);
        }
        let committed = self.journal.commit()?;
        // From here on everything the turn decided is safe.
        if let Some(observer) = &mut self.observer {
            for (number, fact) in (committed.first.0..).zip(&self.facts) {
                observer(number, fact);
            }
        }
        self.let_out();
        Ok(committed.next > committed.first)
    }

    fn let_out(&mut self) {
        if self.turn.directory_changed {
            self.news.send_replace(Arc::new(self.engine.directory().clone()));
        }
        if self.turn.to_screen {
            self.work.send_replace(());
        }
        for (token, reply) in self.turn.replies.drain(..) {
            let index = usize::try_from(token).expect("tokens are indices");
            if let Some((sender, until_final)) = self.replies[index].take() {
                match waits_for(&reply).filter(|_| until_final) {
                    Some((payment, refund)) => {
                        self.waiting.entry(payment).or_default().push(Waiting { refund, reply: sender });
                    }
                    None => self.released.replies.push((sender, reply)),
                }
            }
        }
        self.replies.clear();
        self.released.effects.append(&mut self.turn.effects);
        self.wake();
        if !self.released.is_empty() {
            (self.outbox)(std::mem::take(&mut self.released));
        }
        for question in self.questions.drain(..) {
            question(&self.engine);
        }
    }

    /// Tells those whose payment has moved to its end; it will, within a minute, and so nobody is kept for longer.
    fn wake(&mut self) {
        for id in &self.turn.moved {
            let Some(waiting) = self.waiting.remove(id) else { continue };
            let payment = self.engine.switch().payment(*id).expect("what moved is known");
            let (ended, kept): (Vec<Waiting>, Vec<Waiting>) =
                waiting.into_iter().partition(|waiting| has_ended(payment, waiting.refund));
            for waiting in ended {
                let payment = Box::new(payment.clone());
                let reply = match waiting.refund {
                    Some(refund) => Reply::Refund(payment, refund),
                    None => Reply::Payment(payment),
                };
                self.released.replies.push((waiting.reply, reply));
            }
            let kept: Vec<Waiting> = kept.into_iter().filter(|waiting| !waiting.reply.is_closed()).collect();
            if !kept.is_empty() {
                self.waiting.insert(*id, kept);
            }
        }
    }
}

/// What a reply could be held back for.
fn waits_for(reply: &Reply) -> Option<(PaymentId, Option<u16>)> {
    let (payment, refund) = match reply {
        Reply::Payment(payment) => (payment, None),
        Reply::Refund(payment, refund) => (payment, Some(*refund)),
        _ => return None,
    };
    (!has_ended(payment, refund)).then_some((payment.id(), refund))
}

fn has_ended(payment: &Payment, refund: Option<u16>) -> bool {
    match refund {
        Some(refund) => payment.refunds[usize::from(refund)].stage != RefundStage::Sent,
        None => payment.stage.is_final(),
    }
}
