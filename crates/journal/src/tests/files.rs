//! The log on real files: the lock, another process that is killed, a full disk, a failed sync, and a reader beside a
//! writer.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// A directory that is removed at the end of a test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("journal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Directory(path)
    }

    fn files(&self) -> Files {
        Files::at(self.0.join("deeper/still"))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_hold_what_memory_holds() {
    let directory = Directory::new("same");
    let (disk, written) = small_log(0);
    let options = Options { segment_bytes: 550, prepare_bytes: 0, ..Options::default() };
    for batch in &written {
        let (mut journal, recovery) =
            Journal::open_with_frames(directory.files(), options, SMALL_FRAME_BYTES).unwrap();
        assert_eq!(recovery.torn, None);
        write(&mut journal, batch.records.clone()).unwrap();
    }
    for (segment, bytes) in disk.contents() {
        let path = directory.0.join("deeper/still").join(segment::file_name(segment));
        assert_eq!(fs::read(path).unwrap(), bytes);
    }
    let (journal, _) = Journal::open(directory.files(), options).unwrap();
    assert_eq!(records(&journal), all_records(&written));
    assert_eq!(verify(&directory.files()).unwrap(), verify(&disk).unwrap());
}

#[test]
fn a_torn_end_is_cut_and_other_files_are_left_alone() {
    let directory = Directory::new("torn");
    let options = Options { prepare_bytes: 0, ..Options::default() };
    let (mut journal, _) = Journal::open(directory.files(), options).unwrap();
    let written = write(&mut journal, vec![b"whole".to_vec()]).unwrap();
    drop(journal);
    let path = directory.0.join("deeper/still");
    let segment = path.join("00000000000000000001.journal");
    OpenOptions::new().append(true).open(&segment).unwrap().write_all(b"half a frame").unwrap();
    for name in ["notes.txt", "1.journal", "0000000000000000000x.journal", "00000000000000000001.journal.old"]
    {
        fs::write(path.join(name), "not ours").unwrap();
    }
    let (journal, recovery) = Journal::open(directory.files(), Options::default()).unwrap();
    let file = segment.display().to_string();
    assert_eq!(recovery.torn, Some(Torn { file, offset: written.range.end, bytes: 12 }));
    assert_eq!(fs::metadata(&segment).unwrap().len(), written.range.end);
    assert_eq!(records(&journal), [b"whole"]);
    assert_eq!(fs::read_dir(path).unwrap().count(), 6);
}

#[test]
fn a_reader_needs_no_lock_and_sees_a_prefix() {
    let directory = Directory::new("reader");
    assert!(Reader::open(directory.files(), Sequence::FIRST).is_err(), "reading makes no directory");
    assert!(!directory.0.exists());
    // Many small segments; one that is lengthened by every batch; one that is prepared.
    for (segment_bytes, prepare_bytes) in [(3000, 1000), (1 << 30, 0), (1 << 30, 100_000)] {
        let options = Options { segment_bytes, prepare_bytes, ..Options::default() };
        let (mut journal, _) = Journal::open(directory.files(), options).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reading = scope.spawn(|| {
                let mut opened = 0;
                while !stop.load(Ordering::Relaxed) || opened < 3 {
                    let reader = Reader::open(directory.files(), Sequence::FIRST)
                        .unwrap_or_else(|error| panic!("{error}"));
                    let found = records_read(&reader);
                    assert_eq!(found.len() % 3, 0, "half a batch was seen");
                    for (index, record) in found.iter().enumerate() {
                        assert_eq!(*record, vec![(index / 3 % 255) as u8; index % 1000]);
                    }
                    opened += 1;
                }
            });
            for batch in 0..300_usize {
                let records = (batch * 3..batch * 3 + 3).map(|index| vec![(batch % 255) as u8; index % 1000]);
                write(&mut journal, records.collect()).unwrap();
            }
            stop.store(true, Ordering::Relaxed);
            reading.join().unwrap();
        });
        drop(journal);
        fs::remove_dir_all(&directory.0).unwrap();
    }
}

/// Not a test: what the next test runs in another process until it is killed.
#[test]
#[ignore = "runs for ever, in another process"]
fn write_until_killed() {
    let directory = std::env::var_os("JOURNAL_DIRECTORY").expect("the other test tells the directory");
    let options = Options { segment_bytes: 2000, ..Options::default() };
    let (mut journal, _) = Journal::open(Files::at(directory), options).unwrap();
    loop {
        let first = journal.next().0;
        let records = (first..first + first % 5 + 1).map(|number| number.to_le_bytes().to_vec()).collect();
        write(&mut journal, records).unwrap();
        // The test harness catches what `println` writes.
        writeln!(io::stderr(), "committed {}", journal.next()).unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_it_told_of_and_leaves_no_lock() {
    let directory = Directory::new("killed");
    let mut told = 1;
    for _ in 0..5 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::files::write_until_killed", "--ignored", "--nocapture"])
            .env("JOURNAL_DIRECTORY", directory.0.join("deeper/still"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stderr.take().unwrap()).lines().map(Result::unwrap);
        for line in lines.by_ref().take(20) {
            told = line.strip_prefix("committed ").unwrap().parse().unwrap();
        }
        let error = Journal::open(directory.files(), Options::default()).map(|_| ()).unwrap_err();
        let place = directory.0.join("deeper/still").display().to_string();
        assert_eq!(
            error.to_string(),
            format!("the journal in {place} is in use by another process or handle")
        );
        writer.kill().unwrap();
        for line in lines {
            told = line.strip_prefix("committed ").and_then(|next| next.parse().ok()).unwrap_or(told);
        }
        writer.wait().unwrap();
        let (journal, recovery) = Journal::open(directory.files(), Options::default()).unwrap();
        assert!(recovery.next.0 >= told, "{} is before {told}", recovery.next);
        for (number, record) in (1_u64..).zip(records(&journal)) {
            assert_eq!(record, number.to_le_bytes());
        }
    }
    assert!(told > 100);
}

#[test]
#[cfg(target_os = "linux")]
fn a_failing_disk_poisons_and_the_next_opening_repairs() {
    // A batch whose sync failed can still be read when only the process stopped: then it counts.
    for (fault, bytes, told, kept) in [
        ("write", 300, "writing", 2),
        ("write", 3, "writing", 2),
        ("sync", 300, "syncing", 2),
        ("sync", 3, "syncing", 3),
        ("sync_names", 300, "syncing", 2),
    ] {
        let directory = Directory::new(fault);
        let is_failing = AtomicBool::new(false);
        let hook = |call: &str| match (is_failing.load(Ordering::Relaxed), call) {
            // The real error of a full device.
            (true, "write") if fault == "write" => {
                File::options().write(true).open("/dev/full")?.write_all(&[0])
            }
            (true, call) if call == fault => Err(io::Error::other("input/output error")),
            _ => Ok(()),
        };
        let options = Options { segment_bytes: 300, ..Options::default() };
        let (mut journal, _) = Journal::open(Hooked { storage: directory.files(), hook }, options).unwrap();
        write(&mut journal, vec![b"first".to_vec(), b"second".to_vec()]).unwrap();
        is_failing.store(true, Ordering::Relaxed);
        let error = write(&mut journal, vec![vec![3; bytes]]).map(drop).unwrap_err();
        assert_eq!(error.is_storage_full(), fault == "write");
        assert!(error.to_string().starts_with(told), "{error}");
        assert!(matches!(journal.commit(), Err(Error::Poisoned { .. })));
        drop(journal);
        let (mut journal, recovery) = Journal::open(directory.files(), options).unwrap();
        assert_eq!(recovery.records, kept, "{fault}");
        write(&mut journal, vec![b"after".to_vec()]).unwrap();
        let mut expected = vec![b"first".to_vec(), b"second".to_vec(), vec![3; bytes]];
        expected.truncate(usize::try_from(kept).unwrap());
        expected.push(b"after".to_vec());
        assert_eq!(records(&journal), expected);
    }
}
