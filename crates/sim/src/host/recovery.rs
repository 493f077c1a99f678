//! The process comes back: opens its journal, which may fail again, replays it, and must find exactly what was safe.

use std::ops::ControlFlow;

use engine::Engine;
use journal::{Error, Fault, Journal, Loss, Memory, Options, Sequence};

use super::{Host, Process};
use crate::watch::Causes;

/// What a recovery brought.
pub(crate) struct Recovered {
    /// The records of the turn in which the process died, if they turned out to be durable.
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) causes: Causes,
    /// A torn tail was cut.
    pub(crate) torn: bool,
}

impl Host {
    /// Opens the journal and replays it. Nothing comes back if the disk fails once more on the way.
    pub(crate) fn recover(&mut self, fault: Option<(u64, Fault, Loss)>) -> Result<Option<Recovered>, String> {
        let options = Options { known_before: self.synced, ..self.options };
        if let Some((calls, fault, loss)) = fault {
            self.disk.fail(calls, fault);
            let opened = Journal::open(self.disk.clone(), options);
            self.disk.crash(loss);
            match opened {
                // What an opening has found is durable, and a crash at once does not take it back.
                Ok((journal, _)) => self.synced = journal.next(),
                Err(Error::Storage { .. }) => {}
                Err(error) => return Err(format!("the journal cannot be opened: {error}")),
            }
            return Ok(None);
        }
        let (journal, recovery) = Journal::open(self.disk.clone(), options)
            .map_err(|error| format!("the journal cannot be opened: {error}"))?;
        let engine = replay(&journal)?;
        let limbo = std::mem::take(&mut self.limbo);
        let hash = engine.state_hash();
        let survived = limbo.after == Some(hash);
        if !survived && limbo.before != Some(hash) && (limbo.before, limbo.after) != (None, None) {
            return Err(format!(
                "recovery came to another state: {} records, {} synced before",
                recovery.records,
                self.synced.0 - 1
            ));
        }
        self.synced = journal.next();
        let mut process = Process { journal, engine };
        process.engine.resume();
        self.process = Some(process);
        let (records, causes) = match survived {
            true => (limbo.records, limbo.causes),
            false => (Vec::new(), Causes::default()),
        };
        Ok(Some(Recovered { records, causes, torn: recovery.torn.is_some() }))
    }

    /// Replays the whole journal beside the living engine: both must be in the same state.
    pub(crate) fn check_replay(&self) -> Result<[u8; 32], String> {
        let process = self.process.as_ref().ok_or("the process is down")?;
        let (live, replayed) = (process.engine.state_hash(), replay(&process.journal)?.state_hash());
        match live == replayed {
            true => Ok(live),
            false => Err("replaying the journal leads to another state than the living one".to_owned()),
        }
    }
}

fn replay(journal: &Journal<Memory>) -> Result<Engine, String> {
    let mut engine = Engine::new();
    let mut unreadable = None;
    let mut each = |record: journal::Record<'_>| match engine.replay(record.bytes) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            unreadable = Some(format!("record {} cannot be replayed: {error}", record.sequence));
            ControlFlow::Break(())
        }
    };
    journal.replay(Sequence::FIRST, &mut each).map_err(|error| format!("replay failed: {error}"))?;
    match unreadable {
        Some(error) => Err(error),
        None => Ok(engine),
    }
}
