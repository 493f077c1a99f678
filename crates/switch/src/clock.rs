//! Every time limit of a payment, in one place, and when the outside is asked again. Reads no clock.

use directory::Time;

/// Sent without an answer: in doubt after this long. The acquirer waits 8 s, the network answers within 7 s.
pub const WALLET_ANSWER_MS: u64 = 6_000;
/// In doubt for this long since the wallet was asked: cancelled, and the reservation released.
pub const SENT_LIMIT_MS: u64 = 60_000;
/// An order code lives this long unless the acquirer says otherwise.
pub const ORDER_DEFAULT_MS: u64 = 10 * 60_000;
/// No order code lives longer.
pub const ORDER_MAX_MS: u64 = 30 * 60_000;
/// A payment code of a payer lives this long.
pub const CODE_MS: u64 = 60_000;
/// A quote for a consumer-presented payment.
pub const QUOTE_CONSUMER_MS: u64 = 90_000;
/// A quote shown to a payer at a merchant's code.
pub const QUOTE_MERCHANT_MS: u64 = 600_000;
/// A quote must outlive the payment's own limit by half a minute, or it is not begun.
pub const QUOTE_LEFT_MIN_MS: u64 = 90_000;
/// A refund is asked for again for this long, then it is an operator's exception.
pub const REFUND_LIMIT_MS: u64 = 72 * 3_600_000;
/// A refund may be asked for this long after the payment.
pub const REFUND_WINDOW_MS: u64 = 366 * DAY_MS;
/// A cancel that came before its payment is remembered this long: longer than any signature stays fresh.
pub const UNSEEN_CANCEL_MS: u64 = 15 * 60_000;
/// Ended payment codes are remembered this much longer, to say "expired" rather than "unknown".
pub const CODE_REMEMBERED_MS: u64 = 10 * 60_000;

const DAY_MS: u64 = 86_400_000;
/// The network's day begins at midnight of UTC+8, as Alipay+ clears.
const DAY_OFFSET_MS: u64 = 8 * 3_600_000;
/// An acquirer may cancel this long after the day of the payment has ended.
const CANCEL_GRACE_MS: u64 = 15 * 60_000;

/// The last instant at which an acquirer may cancel a payment that succeeded at `succeeded`.
pub fn cancel_until(succeeded: Time) -> Time {
    let day = (succeeded.0 + DAY_OFFSET_MS) / DAY_MS;
    Time((day + 1) * DAY_MS - DAY_OFFSET_MS + CANCEL_GRACE_MS)
}

/// When something asked of the outside is asked again: offsets from when it was first owed, then a steady pace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Schedule {
    offsets_ms: &'static [u64],
    /// After the last offset; none when asking ends there.
    then_every_ms: Option<u64>,
}

/// Asked once; what comes next is another stage's.
pub(crate) const ONCE: Schedule = Schedule { offsets_ms: &[0], then_every_ms: None };
/// What happened to this payment? (until the limit cancels it)
pub(crate) const INQUIRE: Schedule =
    Schedule { offsets_ms: &[2_000, 4_000, 8_000, 15_000, 30_000], then_every_ms: None };
/// Take this payment back.
pub(crate) const CANCEL: Schedule = Schedule {
    offsets_ms: &[0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 60_000, 300_000, 900_000],
    then_every_ms: Some(900_000),
};
/// Give this refund to the payer.
pub(crate) const REFUND: Schedule = Schedule {
    offsets_ms: &[0, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000],
    then_every_ms: Some(3_600_000),
};
/// This is the result.
pub(crate) const NOTICE: Schedule = Schedule {
    offsets_ms: &[
        0, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
    ],
    then_every_ms: None,
};

/// One thing owed to the outside: since when, and which of its schedule's points comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Strand {
    owed: Option<(Time, Schedule)>,
    next: u32,
}

impl Strand {
    /// Begins to owe something.
    pub(crate) fn owe(&mut self, since: Time, schedule: Schedule) {
        *self = Strand { owed: Some((since, schedule)), next: 0 };
    }

    /// Owes nothing any more.
    pub(crate) fn settle(&mut self) {
        *self = Strand::default();
    }

    /// When the outside is to be asked next.
    pub(crate) fn due(&self) -> Option<Time> {
        let (since, schedule) = self.owed?;
        point(schedule, self.next).map(|offset| since.plus_ms(offset))
    }

    /// If it is time, takes this point and all that have passed, so that a late start asks once and not in a burst.
    pub(crate) fn take_due(&mut self, now: Time) -> bool {
        let was_due = self.due().is_some_and(|due| due <= now);
        while self.due().is_some_and(|due| due <= now) {
            self.next += 1;
        }
        was_due
    }

    /// Asks at once again, whatever was asked before: after a restart nobody knows.
    pub(crate) fn restart(&mut self) {
        self.next = 0;
    }
}

fn point(schedule: Schedule, index: u32) -> Option<u64> {
    let last = schedule.offsets_ms.len() - 1;
    match (schedule.offsets_ms.get(index as usize), schedule.then_every_ms) {
        (Some(offset), _) => Some(*offset),
        (None, Some(every)) => Some(schedule.offsets_ms[last] + every * (u64::from(index) - last as u64)),
        (None, None) => None,
    }
}
