//! Segments in memory that lose, tear, flip and refuse on purpose, as told by the caller and one seed. Does not
//! know what is in them.

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Storage;
use crate::Sequence;

/// The smallest piece of a write that survives a crash wholly or not at all.
const SECTOR_BYTES: usize = 512;

/// What a crash takes of what was not synced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// The process was killed, the machine goes on: everything written is there.
    Nothing,
    /// The power failed: everything not synced is gone.
    Unsynced,
    /// The power failed during writing: of what was not synced each sector, each name and the length is old or new
    /// by chance, and a lost sector at the end may hold rubbish.
    Torn,
}

/// How a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing is done.
    Refused,
    /// A part is done. After a failed sync the rest of what was to be synced is taken for synced by later syncs,
    /// as operating systems do.
    Halfway,
    /// Like `Halfway`, with the error of a full disk.
    Full,
}

impl Fault {
    fn error(self) -> io::Error {
        match self {
            Fault::Refused | Fault::Halfway => io::Error::other("a fault on purpose"),
            Fault::Full => io::ErrorKind::StorageFull.into(),
        }
    }
}

/// A disk in memory. Clones are handles to the same disk; at most one of them holds the lock.
pub struct Memory {
    disk: Arc<Mutex<Disk>>,
    held: Option<Held>,
}

struct Held {
    _token: Arc<()>,
    crashes: u64,
}

struct Disk {
    files: BTreeMap<Sequence, File>,
    holder: Weak<()>,
    crashes: u64,
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    bytes_max: Option<u64>,
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

impl Memory {
    /// An empty disk. The seed decides what tears and how; without faults it changes nothing.
    pub fn new(seed: u64) -> Memory {
        Memory::holding(seed, BTreeMap::new())
    }

    /// A disk with these segments on it, durable.
    pub fn holding(seed: u64, contents: BTreeMap<Sequence, Vec<u8>>) -> Memory {
        let file = |bytes: Vec<u8>| File {
            seen: bytes.clone(),
            durable: bytes,
            unsynced: Vec::new(),
            exists: true,
            exists_durably: true,
        };
        let disk = Disk {
            files: contents.into_iter().map(|(segment, bytes)| (segment, file(bytes))).collect(),
            holder: Weak::new(),
            crashes: 0,
            calls: 0,
            faults: BTreeMap::new(),
            bytes_max: None,
            chance: Chance(seed),
        };
        Memory { disk: Arc::new(Mutex::new(disk)), held: None }
    }

    /// The segments as they are read now.
    pub fn contents(&self) -> BTreeMap<Sequence, Vec<u8>> {
        let disk = self.disk();
        let existing = disk.files.iter().filter(|(_, file)| file.exists);
        existing.map(|(segment, file)| (*segment, file.seen.clone())).collect()
    }

    /// Changes bits of one byte, durably; returns whether there is such a byte.
    pub fn flip(&self, segment: Sequence, offset: u64, bits: u8) -> bool {
        let mut disk = self.disk();
        let Some(file) = disk.files.get_mut(&segment) else { return false };
        let Ok(at) = usize::try_from(offset) else { return false };
        for bytes in [&mut file.durable, &mut file.seen] {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= bits;
            }
        }
        at < file.seen.len()
    }

    /// How many changing calls there have been: create, write, truncate, remove, sync, sync of names.
    pub fn calls(&self) -> u64 {
        self.disk().calls
    }

    /// Lets one changing call fail: 0 is the next one, 1 the one after it, and so on.
    pub fn fail(&self, calls_before: u64, fault: Fault) {
        let mut disk = self.disk();
        let call = disk.calls.saturating_add(calls_before);
        disk.faults.insert(call, fault);
    }

    /// Lets all segments together have at most so many bytes; `None` takes the limit away.
    pub fn limit(&self, bytes_max: Option<u64>) {
        self.disk().bytes_max = bytes_max;
    }

    /// Takes what is lost, releases the lock, and lets every call of a handle that held it fail from now on.
    pub fn crash(&self, loss: Loss) {
        let mut disk = self.disk();
        let disk = &mut *disk;
        disk.crashes += 1;
        disk.holder = Weak::new();
        disk.faults.clear();
        let chance = &mut disk.chance;
        disk.files.retain(|_, file| {
            match loss {
                Loss::Nothing => {}
                Loss::Unsynced => {
                    file.exists = file.exists_durably;
                    file.restart_with(file.durable.clone());
                }
                Loss::Torn => {
                    file.exists = if chance.below(2) == 0 { file.exists } else { file.exists_durably };
                    file.restart_with(file.torn(chance));
                }
            }
            if loss != Loss::Nothing {
                file.exists_durably = file.exists;
            }
            file.exists || file.exists_durably
        });
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a changing call and returns the disk, with the fault to be played.
    fn change(&mut self) -> io::Result<(MutexGuard<'_, Disk>, Option<Fault>)> {
        let mut disk = self.disk();
        if self.held.as_ref().is_none_or(|held| held.crashes != disk.crashes) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "the disk is not locked by this handle",
            ));
        }
        let call = disk.calls;
        disk.calls += 1;
        match disk.faults.remove(&call) {
            Some(Fault::Refused) => Err(Fault::Refused.error()),
            fault => Ok((disk, fault)),
        }
    }

    /// Like `change`, for calls that have no middle.
    fn change_whole(&mut self) -> io::Result<MutexGuard<'_, Disk>> {
        match self.change()? {
            (disk, None) => Ok(disk),
            (_, Some(fault)) => Err(fault.error()),
        }
    }
}

impl Clone for Memory {
    /// A handle to the same disk, without the lock.
    fn clone(&self) -> Memory {
        Memory { disk: Arc::clone(&self.disk), held: None }
    }
}

impl Storage for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn lock(&mut self) -> Result<(), TryLockError> {
        let mut disk = self.disk();
        if disk.holder.strong_count() > 0 {
            return Err(TryLockError::WouldBlock);
        }
        let token = Arc::new(());
        disk.holder = Arc::downgrade(&token);
        let crashes = disk.crashes;
        drop(disk);
        self.held = Some(Held { _token: token, crashes });
        Ok(())
    }

    fn segments(&self) -> io::Result<Vec<Sequence>> {
        let disk = self.disk();
        Ok(disk.files.iter().filter(|(_, file)| file.exists).map(|(segment, _)| *segment).collect())
    }

    fn length(&self, segment: Sequence) -> io::Result<u64> {
        self.disk().file(segment).map(|file| file.seen.len() as u64)
    }

    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut disk = self.disk();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = disk.file(segment)?.seen.get(from..).unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn create(&mut self, segment: Sequence) -> io::Result<()> {
        let mut disk = self.change_whole()?;
        let file = disk.files.entry(segment).or_default();
        if file.exists {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        *file = File { exists: true, exists_durably: file.exists_durably, ..File::default() };
        Ok(())
    }

    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut disk, fault) = self.change()?;
        let disk = &mut *disk;
        let from = usize::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let room = disk.room();
        let file = disk.file(segment)?;
        let held = file.seen.len().saturating_sub(from).min(bytes.len());
        let fits = held.saturating_add(room);
        let (count, result) = match fault {
            Some(fault) => (disk.chance.below(bytes.len() + 1), Err(fault.error())),
            None if fits < bytes.len() => (fits, Err(Fault::Full.error())),
            None => (bytes.len(), Ok(())),
        };
        disk.file(segment)?.overwrite(from, &bytes[..count.min(fits)]);
        result
    }

    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        let mut disk = self.change_whole()?;
        let file = disk.file(segment)?;
        file.seen.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }

    fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        let mut disk = self.change_whole()?;
        disk.file(segment)?.exists = false;
        Ok(())
    }

    fn sync(&mut self, segment: Sequence) -> io::Result<()> {
        let (mut disk, fault) = self.change()?;
        let disk = &mut *disk;
        disk.file(segment)?;
        let Some(file) = disk.files.get_mut(&segment) else { return Err(io::ErrorKind::NotFound.into()) };
        match fault {
            None => {
                file.sync();
                Ok(())
            }
            Some(fault) => {
                file.durable = file.torn(&mut disk.chance);
                file.unsynced.clear();
                Err(fault.error())
            }
        }
    }

    fn sync_names(&mut self) -> io::Result<()> {
        let mut disk = self.change_whole()?;
        disk.files.retain(|_, file| {
            file.exists_durably = file.exists;
            file.exists
        });
        Ok(())
    }
}

impl Disk {
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
            let mut start = range.start;
            while start < range.end.min(length) {
                let sector_end = (start / SECTOR_BYTES + 1) * SECTOR_BYTES;
                let end = sector_end.min(range.end).min(length);
                if chance.below(4) < kept_of_four {
                    let seen_end = end.min(new).max(start);
                    torn[start..seen_end].copy_from_slice(&self.seen[start..seen_end]);
                } else if rubbish {
                    torn[start.max(old).min(end)..end].fill_with(|| chance.byte());
                }
                start = sector_end;
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
