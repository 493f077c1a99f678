//! Random lives of a log: thousands of seeds, each with commits, failures, crashes that lose and tear, and damage
//! at the end. A failure names its seed.

use fastrand::Rng;

use super::*;

const SEEDS: u64 = 3000;

#[test]
fn everything_committed_survives_every_crash() {
    for seed in 0..SEEDS {
        let life = std::panic::catch_unwind(|| Life::new(seed).live());
        assert!(life.is_ok(), "seed {seed} failed");
    }
}

struct Life {
    rng: Rng,
    disk: Memory,
    options: Options,
    frame_bytes_max: usize,
    committed: Vec<Written>,
    /// A batch whose commit failed: it may be there or not, but not in part.
    uncertain: Option<Vec<Vec<u8>>>,
}

impl Life {
    fn new(seed: u64) -> Life {
        let mut rng = Rng::with_seed(seed);
        let segment_bytes = rng.u64(69..6000);
        let frame_bytes_max = if rng.bool() { FRAME_BYTES_MAX } else { rng.usize(100..2000) };
        let prepare_bytes = if rng.bool() { 0 } else { rng.u64(0..5000) };
        let options = Options { segment_bytes, prepare_bytes, ..Options::default() };
        let disk = Memory::new(seed);
        Life { rng, disk, options, frame_bytes_max, committed: Vec::new(), uncertain: None }
    }

    fn live(mut self) {
        for _ in 0..self.rng.u64(1..8) {
            let Some(mut journal) = self.open_with_faults() else { continue };
            if self.rng.u8(0..4) == 0 {
                // What an opening has reported is durable, also if the power fails at once.
                self.disk.crash(Loss::Unsynced);
                drop(journal);
                journal = self.open();
            }
            self.work(&mut journal);
            let _ = journal.append(b"appended, not committed");
            self.crash();
            drop(journal);
        }
        drop(self.open());
        self.damage();
    }

    fn crash(&mut self) {
        let loss = [Loss::Nothing, Loss::Unsynced, Loss::Torn][self.rng.usize(0..3)];
        self.disk.crash(loss);
        self.disk.limit(None);
    }

    /// Opens while a call may fail; then only the storage may be blamed, and nothing may be lost.
    fn open_with_faults(&mut self) -> Option<Journal<Memory>> {
        if self.rng.u8(0..4) > 0 {
            return Some(self.open());
        }
        let fault = self.fault();
        self.disk.fail(self.rng.u64(0..8), fault);
        match Journal::open_with_frames(self.disk.clone(), self.options, self.frame_bytes_max) {
            Ok((journal, recovery)) => {
                self.check(&journal, &recovery);
                Some(journal)
            }
            Err(Error::Storage { .. }) => {
                self.crash();
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn fault(&mut self) -> Fault {
        [Fault::Refused, Fault::Halfway, Fault::Full][self.rng.usize(0..3)]
    }

    fn open(&mut self) -> Journal<Memory> {
        let (journal, recovery) =
            Journal::open_with_frames(self.disk.clone(), self.options, self.frame_bytes_max)
                .unwrap_or_else(|error| panic!("{error}"));
        self.check(&journal, &recovery);
        journal
    }

    fn check(&mut self, journal: &Journal<Memory>, recovery: &Recovery) {
        let found = records(journal);
        let mut expected = all_records(&self.committed);
        if let Some(uncertain) = self.uncertain.take()
            && found.len() > expected.len()
        {
            expected.extend(uncertain.iter().cloned());
            let (segment, end) = journal.extents.iter().copied().rfind(|(_, end)| *end > 68).unwrap();
            let start = self.committed.iter().rfind(|batch| batch.segment == segment);
            let range = start.map_or(68, |batch| batch.range.end)..end;
            self.committed.push(Written { segment, range, records: uncertain });
        }
        assert_eq!(found, expected);
        assert_eq!(recovery.records, found.len() as u64);
        assert_eq!(recovery.batches, self.committed.len() as u64);
        assert_eq!(recovery.next, journal.next());
        let verified = verify(&self.disk).unwrap();
        assert_eq!((verified.chain, verified.torn), (journal.chain(), None));
    }

    fn work(&mut self, journal: &mut Journal<Memory>) {
        for _ in 0..self.rng.u64(0..12) {
            let batch = self.batch();
            match self.rng.u8(0..12) {
                0 => {
                    let fault = self.fault();
                    self.disk.fail(self.rng.u64(0..3), fault);
                }
                1 => {
                    let used: usize = self.disk.contents().values().map(Vec::len).sum();
                    self.disk.limit(Some(used as u64 + self.rng.u64(0..3000)));
                }
                _ => {}
            }
            match write(journal, batch.clone()) {
                Ok(written) => self.committed.push(written),
                Err(Error::Storage { .. }) => {
                    self.uncertain = Some(batch);
                    assert!(matches!(journal.append(b"more"), Err(Error::Poisoned { .. })));
                    assert!(matches!(journal.commit(), Err(Error::Poisoned { .. })));
                    return;
                }
                Err(error) => panic!("{error}"),
            }
        }
        if self.rng.bool() {
            assert_eq!(records(journal), all_records(&self.committed));
        }
    }

    fn batch(&mut self) -> Vec<Vec<u8>> {
        let size_max = [3, 40, 400, 3000][self.rng.usize(0..4)];
        let fill = self.rng.choice([None, Some(0), Some(0xff)]).flatten();
        let mut batch = Vec::new();
        for _ in 0..self.rng.u64(1..9) {
            let mut record = vec![fill.unwrap_or(0); self.rng.usize(0..size_max)];
            if fill.is_none() {
                self.rng.fill(&mut record);
            }
            batch.push(record);
        }
        batch
    }

    /// Damages a batch that is not the last: never accepted, and the error names the place.
    fn damage(&mut self) {
        let Some(last) = self.committed.len().checked_sub(1).filter(|last| *last > 0) else { return };
        let victim = self.committed[self.rng.usize(0..last)].clone();
        let mut contents = self.disk.contents();
        let bytes = contents.get_mut(&victim.segment).unwrap();
        let range = usize::try_from(victim.range.start).unwrap()..usize::try_from(victim.range.end).unwrap();
        let before = bytes.clone();
        match self.rng.u8(0..4) {
            0 => {
                for _ in 0..self.rng.u8(1..9) {
                    bytes[self.rng.usize(range.clone())] ^= self.rng.u8(1..);
                }
            }
            1 => {
                let from = self.rng.usize(range.clone());
                bytes[from..range.end].fill(0);
            }
            2 => {
                let from = self.rng.usize(range.clone());
                self.rng.fill(&mut bytes[from..range.end]);
            }
            _ => {
                let cut = self.rng.usize(1..=range.len());
                bytes.drain(range.end - cut..range.end);
            }
        }
        if bytes.get(range.clone()) == before.get(range) {
            return;
        }
        let disk = Memory::holding(0, contents.clone());
        match Journal::open(disk.clone(), Options::default()).map(|(_, recovery)| recovery) {
            Err(Error::Corrupt { file, offset, .. }) => {
                assert!(file.ends_with(&segment::file_name(victim.segment)), "{file}");
                assert!(
                    victim.range.contains(&offset) || offset == victim.range.start,
                    "byte {offset}, damage at {:?}",
                    victim.range
                );
            }
            other => panic!("damage at {:?} of {} led to {other:?}", victim.range, victim.segment),
        }
        assert_eq!(disk.contents(), contents, "a refused log is left as it is");
    }
}
