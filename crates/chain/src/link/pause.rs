//! How long to wait after trouble: longer each time, and never the same for two links that lost the same peer.

use std::time::Duration;

/// The first wait, at most.
const FIRST_MS: u64 = 200;
/// The longest wait.
const LONGEST_MS: u64 = 15_000;

/// Waits in a row.
#[derive(Debug, Default)]
pub(super) struct Pause {
    troubles: u32,
}

impl Pause {
    /// The next wait: between half of the step and all of it.
    pub(super) fn next(&mut self) -> Duration {
        let step = FIRST_MS.saturating_mul(1 << self.troubles.min(10)).min(LONGEST_MS);
        self.troubles = self.troubles.saturating_add(1);
        Duration::from_millis(fastrand::u64(step / 2..=step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit() {
        let mut pause = Pause::default();
        for step in [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000, 15_000, 15_000, 15_000] {
            let wait = pause.next();
            assert!(wait >= Duration::from_millis(step / 2) && wait <= Duration::from_millis(step));
        }
    }
}
