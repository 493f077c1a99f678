//! The one clock. Everything below is told the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::Time;

/// Reads the system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock;

impl Clock {
    /// Now, in milliseconds since 1970.
    pub fn now(self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// How long until `due`; nothing if it has come.
    pub fn until(self, due: Time) -> Duration {
        Duration::from_millis(due.since_ms(self.now()))
    }
}
