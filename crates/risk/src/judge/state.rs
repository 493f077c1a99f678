//! The judge's whole state as bytes, for the hash by which two engines are known to be the same. Does not read it back:
//! records do that.

use super::asked::sorted;
use super::{Bound, Judge};
use crate::{Key, Record};

impl Judge {
    /// Appends everything a verdict could depend on: equal judges, equal bytes, on every machine.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |number: u64| out.extend_from_slice(&number.to_le_bytes());
        put(self.rules.version());
        put(self.policy.version());
        for bound in [&self.live, &self.shadow, &self.before] {
            put(bound.as_ref().map_or(0, |bound: &Bound| bound.version));
        }
        for (name, keys) in &self.named {
            put(Key::of(name).0);
            put(keys.len() as u64);
            keys.iter().for_each(|key| put(key.0));
        }
        for parties in [sorted(&self.stops), sorted(&self.limits)] {
            put(parties.len() as u64);
            parties.iter().for_each(|(key, value)| {
                put(key.0);
                put(*value as u64);
            });
        }
        let mut screened: Vec<(Key, u8)> =
            self.screened.iter().map(|(key, status)| (*key, *status as u8)).collect();
        screened.sort_unstable();
        screened.iter().for_each(|(key, status)| put(key.0 ^ u64::from(*status)));
        put(self.next_proposal);
        put(u64::from(self.windows_whole));
        put(self.lists_at_ms as u64);
        for (id, proposal) in &self.proposals {
            let (id, maker) = (*id, proposal.maker.clone());
            Record::Proposed { id, maker, at_ms: proposal.at_ms, change: proposal.change.clone() }
                .encode(out);
        }
        self.register.encode(out);
        self.windows.encode(out);
    }
}
