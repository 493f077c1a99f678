//! The directed cases: what each rule means, where one rule comes before another, and the corners that random
//! events hardly ever meet. Each starts with the accounts of [`super::events::opening`].

mod accounts;
mod chains;
mod closing;
mod form;
mod limits;
mod repeats;
mod state;
mod time;
mod two_phase;

use super::script::Script;
use crate::{Transfer, TransferStatus};

pub(super) fn all() -> Vec<Script> {
    [
        accounts::cases(),
        form::cases(),
        state::cases(),
        repeats::cases(),
        chains::cases(),
        two_phase::cases(),
        limits::cases(),
        closing::cases(),
        time::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// From here on a rung of a ladder gets an id of its own.
const FRESH_ID: u128 = 1_000;

type Rung<E, S> = (S, fn(&mut E));

/// A ladder down the order of checks: the event begins with every fault at once; each rung names the fault that
/// is seen now and mends it.
fn ladder(mut event: Transfer, rungs: &[Rung<Transfer, TransferStatus>]) -> Vec<(Transfer, TransferStatus)> {
    let mut events = Vec::new();
    for (status, mend) in rungs {
        events.push((event, *status));
        mend(&mut event);
        if event.id >= FRESH_ID && event.id != u128::MAX {
            event.id += 1;
        }
    }
    events
}
