//! Schedules, strands and the day of the network, without a network.

use directory::Time;

use super::world::{MIDNIGHT, NOON};
use crate::clock::{CANCEL, INQUIRE, NOTICE, ONCE, REFUND, Schedule, Strand, cancel_until};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// The moments, since it was owed, at which something is asked, for whoever looks exactly when it is due.
fn asked_at(schedule: &'static Schedule, count: usize) -> Vec<u64> {
    let mut strand = Strand::default();
    strand.owe(NOON, schedule);
    let mut moments = Vec::new();
    while let Some(due) = strand.due().filter(|_| moments.len() < count) {
        assert!(!strand.take_due(Time(due.0 - 1)), "nothing is asked early");
        assert!(strand.take_due(due));
        assert!(!strand.take_due(due), "nothing is asked twice");
        moments.push(due.since_ms(NOON));
    }
    moments
}

#[test]
fn everything_is_asked_at_its_times() {
    for (name, schedule, moments) in [
        ("once", &ONCE, vec![0]),
        ("inquiry", &INQUIRE, [2, 4, 8, 15, 30].map(|s| s * SECOND).to_vec()),
        (
            "cancel",
            &CANCEL,
            [0, 1, 2, 4, 8, 16, 30, 60, 300, 900, 1_800, 2_700, 3_600].map(|s| s * SECOND).to_vec(),
        ),
        (
            "refund",
            &REFUND,
            [0, 2, 4, 8, 15, 30, 60, 300, 900, 3_600, 7_200, 10_800].map(|s| s * SECOND).to_vec(),
        ),
        (
            "notice",
            &NOTICE,
            vec![
                0,
                15 * SECOND,
                MINUTE,
                5 * MINUTE,
                15 * MINUTE,
                HOUR,
                3 * HOUR,
                6 * HOUR,
                12 * HOUR,
                24 * HOUR,
            ],
        ),
    ] {
        // One more than expected is asked for, where the schedule ends.
        let ends = !matches!(name, "cancel" | "refund");
        assert_eq!(asked_at(schedule, moments.len() + usize::from(ends)), moments, "{name}");
    }
}

#[test]
fn a_late_look_asks_once_and_goes_on_at_the_next_time() {
    for (schedule, late_ms, next_ms) in [
        (&CANCEL, 0, Some(SECOND)),
        (&CANCEL, 5 * SECOND, Some(8 * SECOND)),
        (&CANCEL, HOUR, Some(HOUR + 15 * MINUTE)),
        (&CANCEL, 365 * 24 * HOUR, Some(365 * 24 * HOUR + 15 * MINUTE)),
        (&CANCEL, 365 * 24 * HOUR + 1, Some(365 * 24 * HOUR + 15 * MINUTE)),
        (&INQUIRE, 9 * SECOND, Some(15 * SECOND)),
        (&INQUIRE, 30 * SECOND, None),
        (&NOTICE, 7 * 24 * HOUR, None),
        (&ONCE, HOUR, None),
    ] {
        let mut strand = Strand::default();
        strand.owe(NOON, schedule);
        let now = NOON.plus_ms(late_ms);
        assert!(strand.take_due(now), "{schedule:?} at {late_ms}");
        assert!(!strand.take_due(now), "{schedule:?} at {late_ms}");
        assert_eq!(strand.due().map(|due| due.since_ms(NOON)), next_ms, "{schedule:?} at {late_ms}");
    }
}

#[test]
fn after_a_restart_a_debt_is_asked_once_more() {
    for (schedule, asked, restarted_ms, next_ms) in
        [(&CANCEL, 4, 5 * SECOND, Some(8 * SECOND)), (&NOTICE, 10, 48 * HOUR, None), (&ONCE, 1, SECOND, None)]
    {
        let mut strand = Strand::default();
        strand.owe(NOON, schedule);
        for _ in 0..asked {
            let due = strand.due().unwrap();
            strand.take_due(due);
        }
        strand.restart();
        let now = NOON.plus_ms(restarted_ms);
        assert!(strand.take_due(now) && !strand.take_due(now), "{schedule:?}");
        assert_eq!(strand.due().map(|due| due.since_ms(NOON)), next_ms, "{schedule:?}");
    }
}

#[test]
fn what_is_settled_is_not_asked() {
    let mut strand = Strand::default();
    strand.owe(NOON, &CANCEL);
    strand.settle();
    strand.restart();
    assert!(strand.due().is_none() && !strand.take_due(Time(u64::MAX)));
}

/// A clock that is wrong costs a wrong answer, not the process.
#[test]
fn the_end_of_time_is_survived() {
    for now in [Time(0), Time(1), Time(u64::MAX - 1), Time(u64::MAX)] {
        for since in [Time(0), Time(u64::MAX - 1), Time(u64::MAX)] {
            let mut strand = Strand::default();
            strand.owe(since, &CANCEL);
            strand.take_due(now);
        }
        assert!(cancel_until(now) >= Time(now.0 / 2));
    }
}

#[test]
fn a_payment_can_be_cancelled_until_a_quarter_past_its_day() {
    let end = MIDNIGHT.plus_ms(24 * HOUR + 15 * MINUTE);
    for (succeeded, until) in [
        (MIDNIGHT, end),
        (NOON, end),
        (MIDNIGHT.plus_ms(24 * HOUR - 1), end),
        (MIDNIGHT.plus_ms(24 * HOUR), end.plus_ms(24 * HOUR)),
        (Time(MIDNIGHT.0 - 1), Time(end.0 - 24 * HOUR)),
        (Time(0), Time(16 * HOUR + 15 * MINUTE)),
    ] {
        assert_eq!(cancel_until(succeeded), until, "{succeeded:?}");
    }
}
