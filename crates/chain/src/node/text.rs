//! What a node tells, as lines that programs and people can read. Knows no HTTP.

use std::fmt::Write as _;

use receivables::Hash;
use receivables::codec::{Codec as _, hex};

use crate::replica::{Executed, Outcome, Replica};

/// A line for each block, and one for each of its transactions.
pub(super) fn executed(blocks: &[Executed]) -> String {
    let mut out = String::new();
    for block in blocks {
        let _ = writeln!(out, "block {} {} {}", block.height, block.at_ms, hex(&block.digest));
        for (id, what) in &block.outcomes {
            let _ = write!(out, "{} {}", hex(id), outcome(block.height, what));
        }
    }
    out
}

/// What became of a transaction, in a line.
pub(super) fn outcome(height: u64, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Applied { first, events } => format!("applied {height} {first} {events}\n"),
        Outcome::Refused(refusal) => {
            format!("refused {height} {}: {}\n", refusal.name(), refusal.text())
        }
    }
}

/// Where the node stands, a name and a value a line.
pub(super) fn status(replica: &Replica, key: &[u8; 32]) -> String {
    let standing = replica.standing();
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "{name} {value}");
    };
    line("chain", hex(replica.chain()));
    line("node", hex(key));
    line("height", standing.height.to_string());
    line("epoch", replica.epoch().to_string());
    line("begun", replica.begun().to_string());
    line("digest", hex(&standing.digest));
    line("time_ms", standing.time_ms.to_string());
    line("log_size", standing.log_size.to_string());
    line("log_root", hex(&standing.log_root));
    line("state_height", standing.state_height.to_string());
    line("state_root", hex(&standing.state_root));
    line("records", standing.records.to_string());
    line("waiting", standing.waiting.to_string());
    line("applied", standing.counts.applied.to_string());
    line("refused", standing.counts.refused.to_string());
    line("turned_away", standing.counts.turned_away.to_string());
    line("blocks_refused", standing.counts.blocks_refused.to_string());
    for found in standing.evidence {
        line("evidence", found);
    }
    out
}

/// Who votes in an epoch: member, key and address a line.
pub(super) fn validators(replica: &Replica, epoch: u64) -> String {
    replica.look(|state| {
        let lines = state
            .validators(epoch)
            .iter()
            .map(|validator| format!("{} {} {}\n", validator.member, hex(&validator.key), validator.address));
        lines.collect()
    })
}

/// A part's record as JSON.
pub(super) fn part(replica: &Replica, id: &Hash) -> Option<String> {
    replica.look(|state| state.part(id).map(|part| part.json()))
}
