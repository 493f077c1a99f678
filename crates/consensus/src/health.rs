//! What the engine's measurements say of the network: who is connected, whose turns passed without a block. Knows the
//! names under which the engine measures, and nothing of what they are for.

use crate::Key;

/// Milliseconds since 1970 at which each connected peer became active, by key.
const CONNECTED: &str = "network_tracker_directory_connected{";
/// Views that ended without a block, by leader.
const SKIPPED: &str = "node_epochs_epoch_simplex_voter_state_nullifications_total{";

/// How the network looks from this node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Peers that are connected.
    pub peers: Vec<Key>,
    /// Validators whose turns passed without a block since this node started, and how many turns.
    pub skipped: Vec<(Key, u64)>,
}

impl Health {
    /// Reads the engine's measurements in Prometheus' text form.
    pub(crate) fn read(measured: &str) -> Self {
        let mut health = Self::default();
        for line in measured.lines() {
            if let Some(rest) = line.strip_prefix(CONNECTED) {
                health.peers.extend(label(rest, "peer=\""));
            } else if let Some(rest) = line.strip_prefix(SKIPPED) {
                let count = rest.rsplit(' ').next().and_then(|count| count.parse().ok());
                let (Some(key), Some(count)) = (label(rest, "leader=\""), count) else { continue };
                match health.skipped.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, sum)) => *sum += count,
                    None => health.skipped.push((key, count)),
                }
            }
        }
        health
    }
}

fn label(labels: &str, name: &str) -> Option<Key> {
    let digits = labels.split_once(name)?.1.get(..64)?;
    let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    let mut key = [0; 32];
    for (at, place) in key.iter_mut().enumerate() {
        *place = byte(at)?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_and_skipped_turns_are_read() {
        let key = |byte: u8| [byte; 32];
        let text = format!(
            "# TYPE x\n{CONNECTED}peer=\"{}\"}} 1795410105935\n{SKIPPED}epoch=\"0\",leader=\"{}\"}} 6\n\
             {SKIPPED}epoch=\"1\",leader=\"{}\"}} 2\nother 1\n{SKIPPED}epoch=\"1\",leader=\"é\"}} 2\n",
            "11".repeat(32),
            "22".repeat(32),
            "22".repeat(32)
        );
        let expected = Health { peers: vec![key(0x11)], skipped: vec![(key(0x22), 8)] };
        assert_eq!(Health::read(&text), expected);
    }
}
