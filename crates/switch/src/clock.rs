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
    let day = succeeded.plus_ms(DAY_OFFSET_MS).0 / DAY_MS;
    Time((day + 1).saturating_mul(DAY_MS) - DAY_OFFSET_MS).plus_ms(CANCEL_GRACE_MS)
}

/// When something asked of the outside is asked again: offsets from when it was first owed, then a steady pace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Schedule {
    offsets_ms: &'static [u64],
    /// After the last offset; none when asking ends there.
    then_every_ms: Option<u64>,
}

/// Asked once; what comes next is another stage's.
pub(crate) static ONCE: Schedule = Schedule { offsets_ms: &[0], then_every_ms: None };
/// What happened to this payment? (until the limit cancels it)
pub(crate) static INQUIRE: Schedule =
    Schedule { offsets_ms: &[2_000, 4_000, 8_000, 15_000, 30_000], then_every_ms: None };
/// Take this payment back.
pub(crate) static CANCEL: Schedule = Schedule {
    offsets_ms: &[0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 60_000, 300_000, 900_000],
    then_every_ms: Some(900_000),
};
/// Give this refund to the payer.
pub(crate) static REFUND: Schedule = Schedule {
    offsets_ms: &[0, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000],
    then_every_ms: Some(3_600_000),
};
/// This is the result.
pub(crate) static NOTICE: Schedule = Schedule {
    offsets_ms: &[
        0, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
    ],
    then_every_ms: None,
};

/// One thing owed to the outside: since when, and when it is asked next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Strand {
    owed: Option<(Time, &'static Schedule)>,
    due: Option<Time>,
}

impl Strand {
    /// Begins to owe something.
    pub(crate) fn owe(&mut self, since: Time, schedule: &'static Schedule) {
        self.owed = Some((since, schedule));
        self.restart();
    }

    /// Owes nothing any more.
    pub(crate) fn settle(&mut self) {
        *self = Strand::default();
    }

    /// When the outside is to be asked next.
    pub(crate) fn due(&self) -> Option<Time> {
        self.due
    }

    /// If it is time, takes this point and all that have passed, so that a late start asks once and not in a burst.
    pub(crate) fn take_due(&mut self, now: Time) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now);
        if is_due {
            self.due = self.owed.and_then(|(since, schedule)| schedule.after(since, now));
        }
        is_due
    }

    /// Begins the schedule anew: after a restart nobody knows what was asked.
    pub(crate) fn restart(&mut self) {
        self.due = self.owed.map(|(since, schedule)| since.plus_ms(schedule.offsets_ms[0]));
    }
}

impl Schedule {
    /// The first point later than `now` of something owed since `since`.
    fn after(&self, since: Time, now: Time) -> Option<Time> {
        let passed_ms = now.since_ms(since);
        let offset_ms = match self.offsets_ms.iter().find(|offset| **offset > passed_ms) {
            Some(offset) => *offset,
            None => {
                let (every, last) = (self.then_every_ms?, *self.offsets_ms.last()?);
                last.saturating_add(((passed_ms - last) / every + 1).saturating_mul(every))
            }
        };
        Some(since.plus_ms(offset_ms)).filter(|point| *point > now)
    }
}
