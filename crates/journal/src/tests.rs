//! Tests of the log as a whole, on memory and on files.

use std::ops::ControlFlow;

use crate::*;

/// Every record from the beginning, read from an open journal.
fn records<S: Storage>(journal: &Journal<S>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let next = journal
        .replay(Sequence::FIRST, &mut |record| {
            assert_eq!(record.sequence.0, found.len() as u64 + 1);
            found.push(record.bytes.to_vec());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(next.0, found.len() as u64 + 1);
    found
}

#[test]
fn what_was_committed_is_there_again() {
    let disk = Memory::new(1);
    let options = Options { segment_bytes: 1000, ..Options::default() };
    let mut written = Vec::new();
    for turn in 0..20_u8 {
        let (mut journal, recovery) = Journal::open(disk.clone(), options).unwrap();
        assert_eq!(records(&journal), written);
        assert_eq!(recovery.records, written.len() as u64);
        for size in 0..usize::from(turn) {
            let record = vec![turn; size * 7];
            journal.append(&record).unwrap();
            written.push(record);
        }
        let committed = journal.commit().unwrap();
        assert_eq!(committed.next.0, written.len() as u64 + 1);
        journal.append(b"never committed").unwrap();
        assert_eq!(records(&journal), written);
    }
    assert!(disk.contents().len() > 5);
}
