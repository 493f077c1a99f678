//! The ways between the network and its members: one queue under virtual time that loses, doubles, delays and so
//! reorders letters. Does not know what they say.

use std::collections::BTreeMap;

use directory::Time;
use fastrand::Rng;

use crate::letter::{Letter, Place};

/// Signed requests older than this are refused at the network's door, as stale.
pub(crate) const FRESH_MS: u64 = 120_000;

/// How letters fare. Shares are of 1,000.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    /// Lost.
    pub(crate) lost: u32,
    /// Arriving twice.
    pub(crate) doubled: u32,
    /// Held up for seconds.
    pub(crate) slow: u32,
    /// Held up for a minute and more.
    pub(crate) stuck: u32,
    /// What an undisturbed letter takes at most.
    pub(crate) latency_ms_max: u64,
}

impl Weather {
    /// Everything arrives, once, soon.
    pub(crate) const FINE: Weather = Weather { lost: 0, doubled: 0, slow: 0, stuck: 0, latency_ms_max: 40 };

    fn delay(&self, rng: &mut Rng) -> u64 {
        let roll = rng.u32(0..1000);
        if roll < self.stuck {
            rng.u64(20_000..140_000)
        } else if roll < self.stuck + self.slow {
            rng.u64(500..12_000)
        } else {
            rng.u64(1..=self.latency_ms_max)
        }
    }
}

/// Everything on its way, by when it arrives.
pub(crate) struct Mail {
    queue: BTreeMap<(Time, u64), (Place, Letter)>,
    sequence: u64,
    calls: u64,
    pub(crate) weather: Weather,
    /// Letters that were sent over the ways.
    pub(crate) sent: u64,
}

impl Mail {
    pub(crate) fn new(weather: Weather) -> Mail {
        Mail { queue: BTreeMap::new(), sequence: 0, calls: 0, weather, sent: 0 }
    }

    /// A number for a new request, never given twice.
    pub(crate) fn next_call(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    /// Sends a letter over the ways.
    pub(crate) fn send(&mut self, at: Time, to: Place, letter: Letter, rng: &mut Rng) {
        self.sent += 1;
        let weather = self.weather;
        if rng.u32(0..1000) < weather.lost {
            return;
        }
        if rng.u32(0..1000) < weather.doubled {
            self.put(at.plus_ms(weather.delay(rng)), to, letter.clone());
        }
        self.put(at.plus_ms(weather.delay(rng)), to, letter);
    }

    /// Leaves a letter to be found at `at`, for certain.
    pub(crate) fn put(&mut self, at: Time, to: Place, letter: Letter) {
        self.sequence += 1;
        self.queue.insert((at, self.sequence), (to, letter));
    }

    /// When the next letter arrives.
    pub(crate) fn next_at(&self) -> Option<Time> {
        self.queue.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next letter out.
    pub(crate) fn take(&mut self) -> Option<(Time, Place, Letter)> {
        self.queue.pop_first().map(|((at, _), (to, letter))| (at, to, letter))
    }
}
