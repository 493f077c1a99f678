//! A reader beside a writer, interleaved call by call: it sees whole batches from the beginning, at least those that
//! were committed before it was opened, and never takes a write in progress for damage.

use std::cell::{Cell, RefCell};
use std::sync::mpsc::{Receiver, Sender, channel};

use fastrand::Rng;

use super::*;

const SEEDS: u64 = 200;
/// Calls of one writer: it would else write the faster the more there is to read.
const CALLS_MAX: usize = 300;

#[test]
fn a_reader_sees_a_prefix_whatever_is_written_between_its_calls() {
    for seed in 0..SEEDS {
        let race = std::panic::catch_unwind(|| race(seed));
        assert!(race.is_ok(), "seed {seed} failed");
    }
}

fn race(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let disk = Memory::new(seed);
    // Small segments that fill often, or one that is longer than what a reader reads at a time.
    let (segment_bytes, record_bytes_max) = if rng.u8(0..8) > 0 { (600, 100) } else { (1 << 22, 12_000) };
    let prepare_bytes = [0, 900, 1_000_000][rng.usize(0..3)];
    let options = Options { segment_bytes, prepare_bytes, ..Options::default() };
    drop(Journal::open(disk.clone(), options).unwrap());
    let (permit, permits) = channel();
    let (call_done, done) = channel();
    std::thread::scope(|scope| {
        let (writer_disk, writer_rng) = (disk.clone(), rng.fork());
        scope.spawn(move || {
            write_while_permitted(writer_disk, options, (permits, call_done), writer_rng, record_bytes_max)
        });
        let steps_max = rng.usize(2..12);
        let step_rng = RefCell::new(rng.fork());
        let left = Cell::new(CALLS_MAX);
        let step = || {
            let steps = step_rng.borrow_mut().usize(0..steps_max).min(left.get());
            left.set(left.get() - steps);
            for _ in 0..steps {
                permit.send(()).unwrap();
                done.recv().unwrap();
            }
        };
        let mut known = 0;
        for _ in 0..6 {
            let hook = |_: &str| {
                step();
                Ok(())
            };
            let reader = Reader::open(Hooked { storage: disk.clone(), hook }, Sequence::FIRST)
                .unwrap_or_else(|error| panic!("{error}"));
            let found = records_read(&reader);
            assert!(found.len() >= known, "{} records are fewer than {known}", found.len());
            assert_eq!(found.len() % 3, 0, "half a batch was seen");
            for (record, number) in found.iter().zip(1_u32..) {
                assert!(record.chunks(4).all(|part| number.to_le_bytes().starts_with(part)));
            }
            known = found.len();
            (0..20).for_each(|_| step());
        }
        drop(permit);
    });
}

/// Commits batches of three records full of their numbers; each call to the storage waits for a permit, and says when
/// the next one is reached.
fn write_while_permitted(
    disk: Memory,
    options: Options,
    (permits, done): (Receiver<()>, Sender<()>),
    mut rng: Rng,
    record_bytes_max: usize,
) {
    let is_first = RefCell::new(true);
    let hook = |_: &str| {
        // What was permitted before is done once the next call is about to be made.
        if !is_first.replace(false) {
            let _ = done.send(());
        }
        permits.recv().map_err(io::Error::other)
    };
    let Ok((mut journal, _)) = Journal::open(Hooked { storage: disk, hook }, options) else { return };
    loop {
        for number in 1..=3 {
            let number = u32::try_from(journal.next().0).unwrap() + number - 1;
            let record = number.to_le_bytes().repeat(rng.usize(0..record_bytes_max / 4));
            journal.append(&record).unwrap();
        }
        if journal.commit().is_err() {
            return;
        }
    }
}
