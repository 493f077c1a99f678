//! THE table of deliveries: every stage against everything that can happen to it. Only the chain's word moves or
//! releases what is held: our clock may be wrong, and the proof may have been taken while we were down.

use directory::Time;

use super::{Delivery, Event, Refusal, Share, Stage, UNIT_LIMIT_MS, What};

/// What can happen to a delivery.
pub(super) enum Step {
    /// Whether who pays has enough.
    Funded(bool),
    /// The chain took the proof, finally: these are paid. Shares that a court keeps back are `withheld`.
    Final { shares: Vec<Share>, withheld: bool },
    /// The chain will never take the proof.
    Ended,
    /// A limit may have passed.
    Due,
}

/// What becomes true when `step` happens to `delivery`; nothing where it is so already or matters no more.
pub(super) fn next(delivery: &Delivery, step: &Step, now: Time) -> Result<Option<Event>, Refusal> {
    use Stage::*;
    use Step::*;
    let number = delivery.begun.number;
    Ok(match (delivery.stage, step) {
        (Begun, Funded(true)) => Some(Event::Reserved { number }),
        (Begun, Funded(false)) => None,
        // The chain was told of money that we never held: not by us.
        (Begun, Final { .. }) => return Err(Refusal::NotReserved),
        (Begun, Ended) => Some(Event::Released { number }),
        (Begun, Due) if gives_up(delivery, now) => Some(Event::Released { number }),
        // Held: it moves or is released on the chain's word alone.
        (Reserved, Final { shares, withheld: true }) => {
            Some(Event::Withheld { number, shares: shares.clone() })
        }
        (Reserved, Final { shares, withheld: false }) => Some(Event::Done { number, shares: shares.clone() }),
        (Reserved, Ended) => Some(Event::Released { number }),
        // In clearing until the court lets it go.
        (Withheld, Final { shares, .. }) if *shares != delivery.shares => return Err(Refusal::Contradicts),
        (Withheld, Final { withheld: true, .. }) => None,
        (Withheld, Final { shares, withheld: false }) => Some(Event::Done { number, shares: shares.clone() }),
        // Told again: nothing changes. Told otherwise: somebody is wrong, and nothing changes either.
        (Done, Final { shares, .. }) if *shares == delivery.shares => None,
        (Released, Ended) => None,
        (Done, Final { .. }) | (Withheld | Done, Ended) | (Released, Final { .. }) => {
            return Err(Refusal::Contradicts);
        }
        (Begun | Reserved | Withheld | Done | Released, Due) => None,
        (Reserved | Withheld | Done | Released, Funded(_)) => None,
    })
}

/// Nothing was held, so the chain was never told, and nobody else waits for it: it may end by our clock. A sale's lock
/// is the chain's, and so is its end.
fn gives_up(delivery: &Delivery, now: Time) -> bool {
    let late = delivery.begun.until.is_some_and(|until| until <= now);
    match delivery.begun.what {
        What::Sale { .. } => false,
        What::Redemption { .. } | What::Advance { .. } => late,
        What::Unit { .. } => now.since_ms(delivery.begun_at) > UNIT_LIMIT_MS,
    }
}
