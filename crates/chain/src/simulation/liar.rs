//! A node whose machine proposes blocks that no honest one may accept.

use std::sync::Arc;

use consensus::{Judgement, Key, Machine, Peer, Round};

use crate::block::{Block, body_hash};
use crate::replica::Replica;

/// What a machine lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// The roots of the log and the state.
    Roots,
    /// A transaction in the block is not signed by who is named.
    Forgery,
    /// The block's time.
    Time,
    /// Nothing that can be seen, but no other half of the same node proposes the same block.
    Otherwise,
}

/// Follows honestly and lies when it is its turn.
pub(super) struct Liar {
    pub(super) replica: Arc<Replica>,
    pub(super) lie: Lie,
}

impl Machine for Liar {
    fn executed(&self) -> u64 {
        self.replica.executed()
    }

    fn has_work(&self) -> bool {
        self.replica.has_work()
    }

    fn propose(&self, round: Round, parent: &[u8], pending: &[&[u8]], now_ms: u64) -> Option<Vec<u8>> {
        let mut block = Block::decode(&self.replica.propose(round, parent, pending, now_ms)?)?;
        match self.lie {
            Lie::Roots => {
                block.header.log_root[0] ^= 1;
                block.header.state_root[31] ^= 1;
            }
            Lie::Time => block.header.time_ms += 86_400_000,
            Lie::Otherwise => block.header.time_ms += 1,
            Lie::Forgery => {
                let Some(first) = block.transactions.first_mut() else { return Some(block.encode()) };
                let mut forged = first.to_vec();
                if let Some(last) = forged.last_mut() {
                    *last ^= 1;
                }
                *first = forged.into();
                block.header.body = body_hash(&block.transactions);
            }
        }
        Some(block.encode())
    }

    fn judge(&self, round: Round, parent: &[u8], block: &[u8], now_ms: u64) -> Judgement {
        self.replica.judge(round, parent, block, now_ms)
    }

    fn execute(&self, block: &[u8], now_ms: u64) {
        self.replica.execute(block, now_ms);
    }

    fn validators(&self, epoch: u64) -> Vec<Peer> {
        self.replica.validators(epoch)
    }

    fn outgoing(&self) -> Vec<Arc<[u8]>> {
        self.replica.outgoing()
    }

    fn incoming(&self, transactions: &[&[u8]], now_ms: u64) {
        self.replica.incoming(transactions, now_ms);
    }

    fn evidence(&self, validator: Key, what: &'static str) {
        self.replica.evidence(validator, what);
    }
}
