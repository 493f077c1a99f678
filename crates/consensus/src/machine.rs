//! What the ordering asks of the ordered: to propose, judge and execute blocks. Knows no implementation.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::Key;

/// When a block is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// The epoch.
    pub epoch: u64,
    /// The view within the epoch.
    pub view: u64,
}

/// A validator, or one who follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its key.
    pub key: Key,
    /// Where it listens.
    pub address: SocketAddr,
}

/// What is to be thought of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It may become final.
    Accept,
    /// It can never be right, and why.
    Refuse(&'static str),
    /// What is missing, an execution or the time, will come.
    Wait,
}

/// What orders are for. All calls are short and from several threads; blocks are whole, as [`crate::Parse`] reads them.
pub trait Machine: Send + Sync + 'static {
    /// The highest final block that was executed.
    fn executed(&self) -> u64;

    /// Whether something waits for a block.
    fn has_work(&self) -> bool;

    /// The next block on `parent`, whose ancestors `pending` are not executed yet, newest first, `parent` included.
    /// `None` passes the turn on.
    fn propose(&self, round: Round, parent: &[u8], pending: &[&[u8]], now_ms: u64) -> Option<Vec<u8>>;

    /// Judges a block on its parent. Never refuses for a clock or for what is not here yet: a refusal is for ever.
    fn judge(&self, round: Round, parent: &[u8], block: &[u8], now_ms: u64) -> Judgement;

    /// Executes a final block. Blocks come in order; one that was executed may come again and is passed over.
    fn execute(&self, block: &[u8], now_ms: u64);

    /// Who votes in an epoch; known as soon as the epoch before is executed.
    fn validators(&self, epoch: u64) -> Vec<Peer>;

    /// What this node's own clients handed in since the last call, for the other nodes.
    fn outgoing(&self) -> Vec<Arc<[u8]>>;

    /// What another node handed on, one message's worth.
    fn incoming(&self, transactions: &[&[u8]], now_ms: u64);

    /// A validator signed two things that exclude each other.
    fn evidence(&self, validator: Key, what: &'static str);
}
