//! What appending, committing and recovering cost on real files, with the processor's time beside the wall's. Figures
//! to be read as ratios on one machine; the directory comes from `JOURNAL_BENCH_DIRECTORY`, else the system's
//! temporary one.
//!
//! "no sync" puts the same files under a storage that leaves syncing out, to show what the log itself costs.

#![allow(clippy::float_arithmetic)] // rates for people

use std::fs::{self, TryLockError};
use std::hint::black_box;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use journal::{Files, Journal, Memory, Options, Sequence, Storage};

/// About what one event of a payment takes.
const RECORD_BYTES: usize = 150;
/// Enough to be steady, little enough to be quick.
const DURATION: Duration = Duration::from_secs(2);
/// A run ends here too, so that it does not fill the disk.
const BYTES_MAX: u64 = 1 << 30;

fn main() {
    let directory =
        std::env::var_os("JOURNAL_BENCH_DIRECTORY").map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("journal-bench-{}", std::process::id()));
    println!("records of {RECORD_BYTES} bytes; files in {}", directory.display());
    println!(
        "{:<22}{:>9}{:>12}{:>10}{:>14}{:>14}{:>14}",
        "storage", "batch", "records/s", "MB/s", "wall ns/rec", "user ns/rec", "system ns/rec"
    );
    for batch in [1, 100, 1000, 5000] {
        append("memory", batch, Memory::new(0), BYTES_MAX / 16);
        append("files, no sync", batch, Unsynced(Files::at(&directory)), BYTES_MAX);
        fs::remove_dir_all(&directory).expect("the run made it");
        append("files", batch, Files::at(&directory), BYTES_MAX);
        if batch == 5000 {
            recover(&directory);
        }
        fs::remove_dir_all(&directory).expect("the run made it");
    }
}

fn append<S: Storage>(name: &str, batch: usize, storage: S, bytes_max: u64) {
    let (mut journal, _) = Journal::open(storage, Options::default()).expect("an empty place can be opened");
    let mut record = [0x5a; RECORD_BYTES];
    let mut bytes = 0;
    let clock = Clock::start();
    while clock.wall.elapsed() < DURATION && bytes < bytes_max {
        for _ in 0..batch {
            let number = journal.append(black_box(&record)).expect("the batch is small");
            record[..8].copy_from_slice(&number.0.to_le_bytes());
        }
        bytes += journal.commit().expect("the disk has room").bytes;
    }
    clock.print(name, batch, journal.next().0 - 1, bytes);
}

fn recover(directory: &Path) {
    let clock = Clock::start();
    let (journal, recovery) = Journal::open(Files::at(directory), Options::default()).expect("it is whole");
    clock.print("opening", 5000, recovery.records, recovery.bytes);
    let clock = Clock::start();
    let mut sum = 0;
    journal
        .replay(Sequence::FIRST, &mut |record| {
            sum += record.bytes.len();
            ControlFlow::Continue(())
        })
        .expect("it is whole");
    black_box(sum);
    clock.print("replaying", 5000, recovery.records, recovery.bytes);
}

/// Wall time, and the process's time in user and system mode.
struct Clock {
    wall: Instant,
    processor: (f64, f64),
}

impl Clock {
    fn start() -> Clock {
        Clock { wall: Instant::now(), processor: processor_seconds() }
    }

    fn print(&self, name: &str, batch: usize, records: u64, bytes: u64) {
        let wall = self.wall.elapsed().as_secs_f64();
        let (user, system) = processor_seconds();
        let per_record = |seconds: f64| seconds * 1e9 / records as f64;
        println!(
            "{name:<22}{batch:>9}{:>12.0}{:>10.1}{:>14.1}{:>14.1}{:>14.1}",
            records as f64 / wall,
            bytes as f64 / wall / 1e6,
            per_record(wall),
            per_record(user - self.processor.0),
            per_record(system - self.processor.1),
        );
    }
}

/// User and system seconds of this process, from Linux's `/proc/self/stat` (proc(5), fields 14 and 15, in hundredths);
/// nothing elsewhere.
fn processor_seconds() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let mut fields = behind_name.split(' ').skip(11).map(|field| field.parse::<f64>().unwrap_or(0.0) / 100.0);
    (fields.next().unwrap_or(0.0), fields.next().unwrap_or(0.0))
}

/// Files whose syncs do nothing.
struct Unsynced(Files);

impl Storage for Unsynced {
    fn place(&self) -> String {
        self.0.place()
    }
    fn lock(&mut self) -> Result<(), TryLockError> {
        self.0.lock()
    }
    fn segments(&self) -> io::Result<Vec<Sequence>> {
        self.0.segments()
    }
    fn length(&self, segment: Sequence) -> io::Result<u64> {
        self.0.length(segment)
    }
    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(segment, offset, buffer)
    }
    fn create(&mut self, segment: Sequence) -> io::Result<()> {
        self.0.create(segment)
    }
    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write(segment, offset, bytes)
    }
    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        self.0.truncate(segment, length)
    }
    fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        self.0.remove(segment)
    }
    fn sync(&mut self, _: Sequence) -> io::Result<()> {
        Ok(())
    }
    fn sync_names(&mut self) -> io::Result<()> {
        Ok(())
    }
}
