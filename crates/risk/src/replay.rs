//! Plays a labelled history through windows in the order in which things became known: the one way features are made
//! for training and back-tests, and the same code as in the payment path.

use crate::{Event, Facts, Outcome, Windows};

/// One payment of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// What was known when it was made.
    pub facts: Facts,
    /// Kind of fraud; zero is genuine.
    pub scenario: u8,
}

/// Plays payments, which must be in time order, and tells each one's slots as they were before it was counted. A fraud's
/// label is counted when it becomes known, `label_delay_ms` after the payment, and never before.
pub fn replay(
    windows: &mut Windows,
    payments: &[Labelled],
    label_delay_ms: i64,
    mut each: impl FnMut(usize, &Labelled, &mut [i64]),
) {
    let mut slots = vec![0; windows.features().schema().len()];
    let mut due = payments.iter().filter(|payment| payment.scenario > 0).peekable();
    for (number, payment) in payments.iter().enumerate() {
        let known =
            |label: &&&Labelled| label.facts.at_ms.saturating_add(label_delay_ms) <= payment.facts.at_ms;
        while let Some(label) = due.next_if(|label| known(&label)) {
            let at_ms = label.facts.at_ms.saturating_add(label_delay_ms);
            windows.observe(&Outcome { at_ms, event: Event::Fraud, facts: label.facts });
        }
        let places = windows.read_places(&payment.facts, &mut slots);
        each(number, payment, &mut slots);
        // A history holds what was let through and paid, both at one time.
        for event in [Event::Asked, Event::Paid] {
            windows.take(
                &Outcome { at_ms: payment.facts.at_ms, event, facts: payment.facts },
                &mut slots,
                Some(places),
            );
        }
    }
}
