//! The disk behind the handles: for each segment what is read and what would survive a power failure. Does not
//! know who calls.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Weak;

use super::{Fault, Loss};
use crate::Sequence;

/// The smallest piece of a write that survives a crash wholly or not at all.
const SECTOR_BYTES: usize = 512;

pub(super) struct Disk {
    files: BTreeMap<Sequence, File>,
    pub(super) holder: Weak<()>,
    pub(super) crashes: u64,
    pub(super) calls: u64,
    pub(super) faults: BTreeMap<u64, Fault>,
    pub(super) bytes_max: Option<u64>,
    chance: Chance,
}

#[derive(Default)]
struct File {
    /// What is read.
    seen: Vec<u8>,
    /// What is there after a power failure.
    durable: Vec<u8>,
    /// Parts of `seen` that the next sync makes durable.
    unsynced: Vec<Range<usize>>,
    exists: bool,
    exists_durably: bool,
}

impl Disk {
    pub(super) fn holding(seed: u64, contents: BTreeMap<Sequence, Vec<u8>>) -> Disk {
        let mut files = BTreeMap::new();
        for (segment, bytes) in contents {
            let mut file = File { exists: true, exists_durably: true, ..File::default() };
            file.restart_with(bytes);
            files.insert(segment, file);
        }
        let (holder, faults) = (Weak::new(), BTreeMap::new());
        Disk { files, holder, crashes: 0, calls: 0, faults, bytes_max: None, chance: Chance(seed) }
    }

    pub(super) fn contents(&self) -> BTreeMap<Sequence, Vec<u8>> {
        let existing = self.files.iter().filter(|(_, file)| file.exists);
        existing.map(|(segment, file)| (*segment, file.seen.clone())).collect()
    }

    pub(super) fn segments(&self) -> Vec<Sequence> {
        self.files.iter().filter(|(_, file)| file.exists).map(|(segment, _)| *segment).collect()
    }

    /// Counts a call and returns the fault planned for it.
    pub(super) fn next_fault(&mut self) -> Option<Fault> {
        let call = self.calls;
        self.calls += 1;
        self.faults.remove(&call)
    }

    pub(super) fn flip(&mut self, segment: Sequence, offset: u64, bits: u8) -> bool {
        let (Some(file), Ok(at)) = (self.files.get_mut(&segment), usize::try_from(offset)) else {
            return false;
        };
        for bytes in [&mut file.durable, &mut file.seen] {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= bits;
            }
        }
        at < file.seen.len()
    }

    pub(super) fn crash(&mut self, loss: Loss) {
        self.crashes += 1;
        self.holder = Weak::new();
        self.faults.clear();
        if loss == Loss::Nothing {
            return;
        }
        let chance = &mut self.chance;
        self.files.retain(|_, file| {
            let torn = loss == Loss::Torn;
            if !torn || chance.below(2) == 0 {
                file.exists = file.exists_durably;
            }
            file.exists_durably = file.exists;
            let survives = if torn { file.torn(chance) } else { file.durable.clone() };
            file.restart_with(survives);
            file.exists
        });
    }

    pub(super) fn read(&self, segment: Sequence) -> io::Result<&[u8]> {
        let file = self.files.get(&segment).filter(|file| file.exists);
        file.map(|file| file.seen.as_slice()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn create(&mut self, segment: Sequence) -> io::Result<()> {
        let file = self.files.entry(segment).or_default();
        if file.exists {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        *file = File { exists: true, exists_durably: file.exists_durably, ..File::default() };
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        segment: Sequence,
        offset: u64,
        bytes: &[u8],
        fault: Option<Fault>,
    ) -> io::Result<()> {
        let from = usize::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let room = self.room();
        let halfway = self.chance.below(bytes.len() + 1);
        let file = self.file(segment)?;
        let fits = file.seen.len().saturating_sub(from).saturating_add(room);
        let (count, result) = match fault {
            Some(fault) => (halfway.min(fits), Err(fault.error())),
            None if fits < bytes.len() => (fits, Err(Fault::Full.error())),
            None => (bytes.len(), Ok(())),
        };
        file.overwrite(from, &bytes[..count]);
        result
    }

    pub(super) fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        self.file(segment)?.seen.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }

    pub(super) fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        self.file(segment)?.exists = false;
        Ok(())
    }

    pub(super) fn sync(&mut self, segment: Sequence, fault: Option<Fault>) -> io::Result<()> {
        let file = self.files.get_mut(&segment).filter(|file| file.exists);
        let file = file.ok_or(io::ErrorKind::NotFound)?;
        let Some(fault) = fault else {
            file.sync();
            return Ok(());
        };
        file.durable = file.torn(&mut self.chance);
        file.unsynced.clear();
        Err(fault.error())
    }

    pub(super) fn sync_names(&mut self) {
        self.files.retain(|_, file| {
            file.exists_durably = file.exists;
            file.exists
        });
    }

    fn file(&mut self, segment: Sequence) -> io::Result<&mut File> {
        let file = self.files.get_mut(&segment).filter(|file| file.exists);
        file.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// By how many bytes files can still grow.
    fn room(&self) -> usize {
        let Some(bytes_max) = self.bytes_max else { return usize::MAX };
        let used: usize = self.files.values().map(|file| file.seen.len()).sum();
        usize::try_from(bytes_max).unwrap_or(usize::MAX).saturating_sub(used)
    }
}

impl File {
    fn overwrite(&mut self, from: usize, bytes: &[u8]) {
        let end = from + bytes.len();
        if self.seen.len() < end {
            self.seen.resize(end, 0);
        }
        self.seen[from..end].copy_from_slice(bytes);
        self.unsynced.push(from..end);
    }

    fn sync(&mut self) {
        self.durable.resize(self.seen.len(), 0);
        for range in self.unsynced.drain(..) {
            let end = range.end.min(self.seen.len());
            let start = range.start.min(end);
            self.durable[start..end].copy_from_slice(&self.seen[start..end]);
        }
    }

    /// The file after a sync that was cut off: the length anywhere between old and new, each unsynced sector old or
    /// new, lost sectors behind the old end zero or rubbish.
    fn torn(&self, chance: &mut Chance) -> Vec<u8> {
        let (old, new) = (self.durable.len(), self.seen.len());
        let length = match chance.below(3) {
            0 => old,
            1 => new,
            _ => old.min(new) + chance.below(old.abs_diff(new) + 1),
        };
        let mut torn = self.durable.clone();
        torn.resize(length, 0);
        let kept_of_four = chance.below(5);
        let rubbish = chance.below(4) == 0;
        for range in &self.unsynced {
            let range_end = range.end.min(length).min(new);
            let mut start = range.start;
            while start < range_end {
                let end = ((start / SECTOR_BYTES + 1) * SECTOR_BYTES).min(range_end);
                if chance.below(4) < kept_of_four {
                    torn[start..end].copy_from_slice(&self.seen[start..end]);
                } else if rubbish {
                    torn[start.max(old).min(end)..end].fill_with(|| chance.byte());
                }
                start = end;
            }
        }
        torn
    }

    fn restart_with(&mut self, bytes: Vec<u8>) {
        self.seen.clone_from(&bytes);
        self.durable = bytes;
        self.unsynced.clear();
    }
}

/// Numbers that look random and are the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}
