//! The only door to the engine: inputs go in and wait for their reply, questions are answered from safe state.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use directory::Directory;
use engine::{Engine, Input, Reply};
use tokio::sync::{oneshot, watch};

/// Inputs waiting for a turn; more are turned away, so that a flood costs memory nowhere.
pub const INBOX_MAX: usize = 65_536;

/// The engine cannot take it now: the inbox is full, or the network is stopping. Nothing was recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Busy;

impl std::fmt::Display for Busy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the network is too busy to take this, or is stopping")
    }
}

impl std::error::Error for Busy {}

/// Sees every fact of a turn once it is safe, as it stands in the log, with its number.
pub type Observer = Box<dyn FnMut(u64, &[u8]) + Send>;

/// A question to be answered from the engine's state after a sync.
pub(crate) type Question = Box<dyn FnOnce(&Engine) + Send>;

pub(crate) enum Item {
    /// An input; `until_final` holds the reply back until the payment it is about has ended.
    Input {
        input: Input,
        reply: oneshot::Sender<Reply>,
        until_final: bool,
    },
    Question(Question),
    Stop,
}

/// A handle to the door; cheap to clone.
#[derive(Clone)]
pub struct Gate {
    pub(crate) inbox: SyncSender<Item>,
    pub(crate) directory: watch::Receiver<Arc<Directory>>,
    /// Changes whenever a turn leaves somebody to be screened.
    pub(crate) screening: watch::Receiver<()>,
}

impl Gate {
    /// Hands an input in and returns its reply once its facts are safe.
    pub async fn submit(&self, input: Input) -> Result<Reply, Busy> {
        self.send(input, false)?.await.map_err(|_| Busy)
    }

    /// Hands an input in; the reply comes when its facts are safe and the payment or refund has ended. To be given
    /// up by dropping the receiver: the payment goes on.
    pub fn submit_until_final(&self, input: Input) -> Result<oneshot::Receiver<Reply>, Busy> {
        self.send(input, true)
    }

    /// Hands an input in and forgets about its reply.
    pub fn tell(&self, input: Input) -> Result<(), Busy> {
        self.send(input, false).map(|_| ())
    }

    fn send(&self, input: Input, until_final: bool) -> Result<oneshot::Receiver<Reply>, Busy> {
        let (reply, receiver) = oneshot::channel();
        self.enter(Item::Input { input, reply, until_final })?;
        Ok(receiver)
    }

    /// Asks something of the engine's state as it is after the next sync.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (answer, receiver) = oneshot::channel();
        // Whoever no longer waits is not told.
        self.enter(Item::Question(Box::new(move |engine| drop(answer.send(question(engine))))))?;
        receiver.await.map_err(|_| Busy)
    }

    fn enter(&self, item: Item) -> Result<(), Busy> {
        self.inbox.try_send(item).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Busy,
        })
    }

    /// The directory as it was after the last change that is safe.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.borrow().clone()
    }

    /// Asks the loop to end after the turn it is in.
    pub fn stop(&self) {
        // A full inbox is a running loop: it will see the closed door soon enough.
        let _ = self.inbox.send(Item::Stop);
    }
}
