//! What one seed plays: how many members, what goes wrong and how often. Every seed leaves some faults out, so that
//! each fault is also met alone.

use directory::Time;
use fastrand::Rng;

use crate::mail::Weather;

/// Monday, 2 March 2026, midnight in London: any day will do, as long as it is the same for everybody.
const FIRST_DAY: Time = Time(1_772_409_600_000);
const DAY_MS: u64 = 86_400_000;
/// The acquirers' cancel window closes 15 minutes after midnight of UTC+8.
const CANCEL_CLOSES_MS: u64 = 16 * 3_600_000 + 15 * 60_000;

/// The plan of a seed. Shares are of 1,000.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) start: Time,
    pub(crate) wallets: usize,
    pub(crate) acquirers: usize,
    pub(crate) providers: usize,
    /// How many times somebody goes shopping.
    pub(crate) purchases: u32,
    /// The mean time between two of them.
    pub(crate) purchase_gap_ms: u64,
    pub(crate) weather: Weather,
    /// Turns in which the network's process dies.
    pub(crate) crashes: u32,
    /// The longest the process stays down.
    pub(crate) down_ms_max: u64,
    /// What a turn with its sync takes at most; inputs that come meanwhile wait for the next.
    pub(crate) sync_ms_max: u64,
    pub(crate) segment_bytes: u64,
    /// Turns at which the network's clock is set back.
    pub(crate) clock_back: u32,
    pub(crate) mood: Mood,
    /// Which wallets lie.
    pub(crate) liars: Vec<bool>,
    /// Which wallets leave refunds unanswered for days.
    pub(crate) stubborn: Vec<bool>,
    /// The mean time between two acts of the operator.
    pub(crate) act_gap_ms: u64,
    /// How many times somebody does something on the receivables chain.
    pub(crate) trades: u32,
    /// The mean time between two of them.
    pub(crate) trade_gap_ms: u64,
    /// The mean time between two pushes of rates.
    pub(crate) push_gap_ms: u64,
    /// The largest amount, in units of the payee's currency, in tiny shops.
    pub(crate) tiny_minor_max: u64,
    /// Purchases in tiny shops, where every rounding shows.
    pub(crate) tiny: u32,
    /// Purchases beside which somebody begins a crime.
    pub(crate) crime: u32,
    /// Advances whose funder signs the lien late or never.
    pub(crate) reluctant: u32,
    /// Once business is over, the first acquirer takes out whatever it has, so that liens on its sales wait in vain.
    pub(crate) dry: bool,
}

/// How members behave when they are asked. Shares are of 1,000.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mood {
    /// Not answered at all.
    pub(crate) silent: u32,
    /// Answered seconds later.
    pub(crate) late: u32,
    /// Answered twice.
    pub(crate) twice: u32,
    /// Answered with U.
    pub(crate) unclear: u32,
    /// Declined.
    pub(crate) declined: u32,
}

impl Plan {
    pub(crate) fn draw(rng: &mut Rng) -> Plan {
        let wallets = rng.usize(3..=5);
        let purchases = if rng.u8(0..8) == 0 { rng.u32(200..400) } else { rng.u32(40..200) };
        let liars = rng.u8(0..4) == 0;
        let stubborn = rng.u8(0..4) == 0;
        let before_close = DAY_MS + CANCEL_CLOSES_MS - rng.u64(0..40 * 60_000);
        let start = if rng.u8(0..4) == 0 { before_close } else { rng.u64(0..DAY_MS) };
        Plan {
            start: FIRST_DAY.plus_ms(start),
            wallets,
            acquirers: rng.usize(2..=3),
            providers: rng.usize(2..=3),
            purchases,
            purchase_gap_ms: *pick(rng, &[30, 300, 2_000, 8_000, 60_000]),
            weather: Weather {
                lost: sometimes(rng, 120),
                doubled: sometimes(rng, 150),
                slow: sometimes(rng, 150),
                stuck: sometimes(rng, 40),
                latency_ms_max: *pick(rng, &[10, 80, 400]),
            },
            crashes: sometimes(rng, 25),
            down_ms_max: *pick(rng, &[500, 10_000, 50_000, 200_000]),
            sync_ms_max: *pick(rng, &[1, 4, 60, 400]),
            segment_bytes: *pick(rng, &[600, 6_000, 60_000, 1 << 20]),
            clock_back: sometimes(rng, 30),
            mood: Mood {
                silent: sometimes(rng, 200),
                late: sometimes(rng, 150),
                twice: sometimes(rng, 200),
                unclear: sometimes(rng, 200),
                declined: sometimes(rng, 150),
            },
            liars: (0..wallets).map(|wallet| liars && wallet == 0).collect(),
            stubborn: (0..wallets).map(|wallet| stubborn && wallet == 1).collect(),
            act_gap_ms: *pick(rng, &[8_000, 40_000, 200_000]),
            trades: *pick(rng, &[0, 25, 70]),
            trade_gap_ms: *pick(rng, &[500, 3_000, 15_000]),
            push_gap_ms: *pick(rng, &[5_000, 15_000, 50_000]),
            tiny_minor_max: *pick(rng, &[9, 60, 400]),
            tiny: *pick(rng, &[0, 250, 700]),
            crime: *pick(rng, &[0, 10, 40]),
            reluctant: sometimes(rng, 600),
            dry: rng.u8(0..4) == 0,
        }
    }
}

/// A share up to `most`, or none at all in one seed of three.
fn sometimes(rng: &mut Rng, most: u32) -> u32 {
    if rng.u8(0..3) == 0 { 0 } else { rng.u32(1..=most) }
}

/// One of them.
pub(crate) fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(0..from.len())]
}
