//! What a log holds itself to: sizes, batches over several frames, where reading begins, who may write.

use std::io;

use super::*;

/// Files as long as what is in them.
const NOT_PREPARED: Options = Options {
    segment_bytes: 256 << 20,
    prepare_bytes: 0,
    needed_from: Sequence(1),
    known_before: Sequence(1),
};

#[test]
fn a_record_and_a_batch_have_a_limit() {
    let (mut journal, _) = Journal::open(Memory::new(0), Options::default()).unwrap();
    let longest = vec![7; RECORD_BYTES_MAX];
    let mut expected = Vec::new();
    for size in [0, 1, RECORD_BYTES_MAX - 1, RECORD_BYTES_MAX, 3, FRAME_BYTES_MAX / 2, FRAME_BYTES_MAX / 2] {
        journal.append(&longest[..size]).unwrap();
        expected.push(longest[..size].to_vec());
    }
    let error = journal.append(&vec![7; RECORD_BYTES_MAX + 1]).unwrap_err();
    assert_eq!(error.to_string(), "a record of 4194301 bytes is over the limit of 4194300 bytes");
    journal.commit().unwrap();
    assert_eq!(records(&journal), expected);

    while journal.append(&longest).is_ok() {}
    let error = journal.append(&longest).unwrap_err();
    assert!(matches!(error, Error::BatchTooLarge { bytes } if bytes > BATCH_BYTES_MAX), "{error}");
    let committed = journal.commit().unwrap();
    assert_eq!(committed.next.0 - committed.first.0, 63);
}

#[test]
fn an_empty_batch_touches_nothing() {
    let disk = Memory::new(0);
    let (mut journal, recovery) = Journal::open(disk.clone(), Options::default()).unwrap();
    assert_eq!((recovery.next, recovery.chain, recovery.segments), (Sequence::FIRST, ChainHash::START, 0));
    let calls = disk.calls();
    let committed = journal.commit().unwrap();
    assert_eq!((committed.first, committed.next, committed.bytes), (Sequence(1), Sequence(1), 0));
    assert_eq!(disk.calls(), calls);
    write(&mut journal, vec![b"one".to_vec(); 500]).unwrap();
    assert_eq!(disk.calls(), calls + 2, "one write and one sync");
}

/// The format of version 1, byte for byte: a log written by any earlier build must stay readable.
#[test]
fn the_bytes_on_disk_are_these() {
    let disk = Memory::new(0);
    let options = Options { segment_bytes: 1 << 20, prepare_bytes: 0, ..Options::default() };
    let (mut journal, _) = Journal::open(disk.clone(), options).unwrap();
    write(&mut journal, vec![b"ab".to_vec(), vec![]]).unwrap();
    let bytes = disk.contents().remove(&Sequence::FIRST).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let fields = [
        // Segment: magic, version, first record, full from, reserved, chain hash, checksum.
        "534a4e4a524e4c0a",
        "01000000",
        "0100000000000000",
        "0000100000000000",
        "00000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0da5dc5d",
        // Frame: magic, kind, payload length, records, first record, batch, chain hash, checksums.
        "ff534a46",
        "00000000",
        "0a000000",
        "02000000",
        "0100000000000000",
        "0100000000000000",
        "86f0d65d1b3595c0b7c63012a77d320394af55b836ce64fcd90bf419f21614ca",
        "0e578648",
        "a1f17389",
        // Records: length, bytes.
        "020000006162",
        "00000000",
    ];
    assert_eq!(hex, fields.concat());
}

#[test]
fn the_chain_hash_depends_on_the_records_their_order_and_their_batches() {
    let chain = |batches: &[&[&str]]| {
        let (mut journal, _) = Journal::open(Memory::new(0), Options::default()).unwrap();
        for batch in batches {
            write(&mut journal, batch.iter().map(|record| record.as_bytes().to_vec()).collect()).unwrap();
        }
        journal.chain()
    };
    let one = chain(&[&["a", "b"]]);
    assert_eq!(one, chain(&[&["a", "b"]]));
    for other in
        [&[&["b", "a"] as &[&str]] as &[&[&str]], &[&["ab", ""]], &[&["a"], &["b"]], &[&["a", "b"], &["c"]]]
    {
        assert_ne!(one, chain(other));
    }
}

#[test]
fn replay_begins_where_it_is_told() {
    let (disk, written) = small_log(1000);
    let all = all_records(&written);
    let (journal, _) = Journal::open(disk, Options::default()).unwrap();
    for from in 0..=all.len() as u64 + 3 {
        let mut expected = from.max(1);
        let next = journal
            .replay(Sequence(from), &mut |record| {
                assert_eq!(record.sequence, Sequence(expected));
                assert_eq!(record.bytes, all[usize::try_from(expected).unwrap() - 1]);
                let batch_ends = [3, 6, 45, 46, 54];
                assert_eq!(record.ends_batch, batch_ends.contains(&expected), "record {expected}");
                expected += 1;
                if expected == 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        assert_eq!(next.0, expected);
    }
}

#[test]
fn segments_that_a_snapshot_stands_for_may_be_archived() {
    let (disk, written) = small_log(1000);
    let mut contents = disk.contents();
    let chain = verify(&disk).unwrap().chain;
    contents.remove(&Sequence(1));
    let open = |needed_from, known_before| {
        let options = Options {
            needed_from: Sequence(needed_from),
            known_before: Sequence(known_before),
            ..Options::default()
        };
        Journal::open(Memory::holding(0, contents.clone()), options)
    };
    for (needed_from, first, batches) in [(7, 7, 3), (8, 7, 3), (45, 7, 3), (46, 46, 2), (55, 46, 2)] {
        let (journal, recovery) = open(needed_from, 0).unwrap();
        assert_eq!((recovery.first, recovery.batches, recovery.chain), (Sequence(first), batches, chain));
        assert_eq!(recovery.next, Sequence(all_records(&written).len() as u64 + 1));
        let error = journal.replay(Sequence(6), &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert!(matches!(error, Error::NotKept { asked: Sequence(6), .. }), "{error}");
    }
    for (needed_from, known_before, expected) in [
        (
            6,
            0,
            "memory/00000000000000000006.journal is missing: expected record 6, the log goes on at record 7",
        ),
        (7, 56, "the journal in memory ends before record 55: expected every record before 56"),
        (56, 0, "the journal in memory ends before record 55: expected every record before 56"),
    ] {
        let error = open(needed_from, known_before).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let options = Options { known_before: Sequence(2), ..Options::default() };
    let error = Journal::open(Memory::new(0), options).map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the journal in memory ends before record 1: expected every record before 2"
    );
}

#[test]
fn a_second_writer_is_refused_and_a_crashed_one_is_dead() {
    let disk = Memory::new(0);
    let (mut journal, _) = Journal::open(disk.clone(), Options::default()).unwrap();
    let error = Journal::open(disk.clone(), Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the journal in memory is in use by another process or handle");
    write(&mut journal, vec![b"before".to_vec()]).unwrap();
    disk.crash(Loss::Nothing);
    let (successor, _) = Journal::open(disk, Options::default()).unwrap();
    journal.append(b"from the grave").unwrap();
    assert!(matches!(journal.commit(), Err(Error::Storage { source, .. })
        if source.kind() == io::ErrorKind::PermissionDenied));
    assert_eq!(records(&successor), [b"before"]);
}

#[test]
fn zeros_are_prepared_for_the_next_batches_and_go_at_the_next_opening() {
    let disk = Memory::new(0);
    let options = Options { segment_bytes: 2000, prepare_bytes: 1000, ..Options::default() };
    let length = || disk.contents()[&Sequence::FIRST].len();
    let (mut journal, _) = Journal::open(disk.clone(), options).unwrap();
    let (mut lengths, mut ends) = (Vec::new(), Vec::new());
    // 100 bytes, 100, too many for preparing, 100, 900: past what was prepared.
    for bytes in [24, 24, 400, 24, 824] {
        ends.push(write(&mut journal, vec![vec![1; bytes]]).unwrap().range.end);
        lengths.push(length());
    }
    assert_eq!(ends, [168, 268, 744, 844, 1744]);
    assert_eq!(lengths, [1168, 1168, 1168, 1168, 1744]);
    write(&mut journal, vec![vec![1; 24]]).unwrap();
    assert_eq!(length(), 2000, "not more than the segment is to have");
    drop(journal);
    let (journal, recovery) = Journal::open(disk.clone(), options).unwrap();
    assert_eq!((recovery.torn, recovery.batches, length()), (None, 6, 1844));
    drop(journal);
}

#[test]
fn a_full_disk_poisons_and_loses_nothing() {
    let disk = Memory::new(0);
    let (mut journal, _) = Journal::open(disk.clone(), NOT_PREPARED).unwrap();
    write(&mut journal, vec![b"kept".to_vec()]).unwrap();
    disk.limit(Some(200));
    journal.append(&[1; 500]).unwrap();
    let error = journal.commit().unwrap_err();
    assert!(error.is_storage_full(), "{error}");
    for result in [
        journal.append(b"").map(drop),
        journal.commit().map(drop),
        journal.replay(Sequence::FIRST, &mut |_| ControlFlow::Continue(())).map(drop),
    ] {
        assert!(matches!(result, Err(Error::Poisoned { .. })));
    }
    drop(journal);
    let (journal, recovery) = Journal::open(disk, Options::default()).unwrap();
    assert_eq!(recovery.torn.unwrap().offset, 148);
    assert_eq!(records(&journal), [b"kept"]);
}
