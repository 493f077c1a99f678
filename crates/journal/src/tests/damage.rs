//! Damage to a small log, tried at every byte: it is refused, or cut where a crash can have torn it, and never
//! read as something that was not written.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::*;
use crate::frame::FrameHeader;
use crate::segment::{HEADER_BYTES, SegmentHeader};

type Contents = BTreeMap<Sequence, Vec<u8>>;

/// What opening a damaged copy of a log came to: refused with this message, or these many whole batches left.
enum Outcome {
    Refused(String),
    Kept(usize),
}

fn open(contents: Contents, written: &[Written]) -> Outcome {
    let disk = Memory::holding(0, contents.clone());
    let read = Reader::open(disk.clone(), Sequence::FIRST).map(|reader| records_read(&reader));
    assert_eq!(disk.contents(), contents, "reading changes nothing");
    match Journal::open(disk.clone(), Options::default()) {
        Err(Error::Storage { source, .. }) => panic!("{source}"),
        Err(error) => {
            assert_eq!(read.map_err(|error| error.to_string()), Err(error.to_string()));
            assert_eq!(disk.contents(), contents, "a refused log is left as it is");
            Outcome::Refused(error.to_string())
        }
        Ok((mut journal, recovery)) => {
            let found = records(&journal);
            assert_eq!(read.unwrap(), found);
            let kept = (0..=written.len()).find(|kept| all_records(&written[..*kept]) == found);
            let kept = kept.unwrap_or_else(|| panic!("a wrong record in {found:?}"));
            assert_eq!(recovery.batches, kept as u64);
            journal.append(b"life goes on").unwrap();
            journal.commit().unwrap();
            let after = records_read(&Reader::open(disk, Sequence::FIRST).unwrap());
            assert_eq!(after.split_last().unwrap(), (&b"life goes on".to_vec(), &found[..]));
            Outcome::Kept(kept)
        }
    }
}

#[test]
fn every_changed_byte_is_refused_or_cut_from_the_end() {
    for prepare_bytes in [0, 1000] {
        let (disk, written) = small_log(prepare_bytes);
        let contents = disk.contents();
        let last = written.last().unwrap();
        let mut cut = Vec::new();
        for (segment, bytes) in &contents {
            for (at, byte) in bytes.iter().enumerate() {
                let is_prepared = *segment == last.segment && at as u64 >= last.range.end;
                for change in [1, 0x80, 0xff, *byte].into_iter().filter(|change| *change != 0) {
                    let mut damaged = contents.clone();
                    damaged.get_mut(segment).unwrap()[at] ^= change;
                    match open(damaged, &written) {
                        Outcome::Kept(kept) if is_prepared => assert_eq!(kept, written.len()),
                        Outcome::Kept(kept) => {
                            assert_eq!((*segment, kept), (last.segment, written.len() - 1));
                            cut.push((at as u64, byte ^ change));
                        }
                        Outcome::Refused(message) => {
                            assert!(!is_prepared && message.contains(&segment::file_name(*segment)));
                        }
                    }
                }
            }
        }
        // One rotten byte is told from a torn write, unless it is the last one and became zero.
        assert_eq!(cut, [(last.range.end - 1, 0)]);
    }
}

#[test]
fn every_length_is_a_whole_number_of_batches_or_refused() {
    let (disk, written) = small_log(1000);
    let contents = disk.contents();
    let last_segment = written.last().unwrap().segment;
    for (segment, bytes) in &contents {
        for length in 0..bytes.len() {
            let mut damaged = contents.clone();
            damaged.get_mut(segment).unwrap().truncate(length);
            let whole = |batch: &&Written| batch.segment < *segment || batch.range.end <= length as u64;
            let is_possible = *segment == last_segment && length >= HEADER_BYTES;
            match open(damaged, &written) {
                Outcome::Refused(message) => assert!(!is_possible, "{length}: {message}"),
                Outcome::Kept(kept) => {
                    assert!(is_possible, "{length} bytes of {segment} should be refused");
                    assert_eq!(kept, written.iter().take_while(whole).count());
                }
            }
        }
    }
}

#[test]
fn every_length_of_the_only_segment_is_cut() {
    let disk = Memory::new(0);
    let options = Options { prepare_bytes: 700, ..Options::default() };
    let (mut journal, _) = Journal::open(disk.clone(), options).unwrap();
    let written: Vec<Written> =
        (1..6).map(|size| write(&mut journal, vec![vec![size; 30]; 3]).unwrap()).collect();
    let contents = disk.contents();
    for length in 0..contents[&Sequence::FIRST].len() {
        for zeros in [0, 100] {
            let mut damaged = contents.clone();
            let bytes = damaged.get_mut(&Sequence::FIRST).unwrap();
            bytes.truncate(length);
            bytes.resize(length + zeros, 0);
            let ends_in_header = zeros > 0 && length < HEADER_BYTES;
            let whole = written.iter().filter(|batch| batch.range.end <= length as u64).count();
            match open(damaged, &written) {
                Outcome::Refused(message) => assert!(ends_in_header, "{length}: {message}"),
                Outcome::Kept(kept) => assert_eq!(kept, whole, "{length}"),
            }
        }
    }
}

/// Changes a small log and compares what opening it says with `expected`: a message, or how many batches are kept.
fn check(change: impl FnOnce(&mut Contents, &[Written]), expected: &str) {
    let (disk, written) = small_log(0);
    let mut contents = disk.contents();
    change(&mut contents, &written);
    let told = match open(contents, &written) {
        Outcome::Refused(message) => message,
        Outcome::Kept(kept) => format!("{kept} of {}", written.len()),
    };
    assert_eq!(told, expected);
}

/// A batch's bytes in its segment.
fn bytes<'a>(contents: &'a mut Contents, batch: &Written) -> &'a mut [u8] {
    let range = usize::try_from(batch.range.start).unwrap()..usize::try_from(batch.range.end).unwrap();
    &mut contents.get_mut(&batch.segment).unwrap()[range]
}

#[test]
fn damage_is_told_from_a_torn_end() {
    check(|_, _| (), "5 of 5");
    // Two or more bytes of the last batch: this is the limit, it may have been torn.
    check(|contents, log| bytes(contents, &log[4])[100..102].fill(0xee), "4 of 5");
    check(|contents, log| bytes(contents, &log[4])[..72].fill(0), "4 of 5");
    // The same in a batch that something follows was damaged later.
    check(
        |contents, log| bytes(contents, &log[3])[80..82].fill(0xee),
        "memory/00000000000000000046.journal is damaged at byte 68: expected a whole frame that begins with record \
         46, found a payload that does not match its CRC-32C; it was whole once, for record 47 of a later batch \
         follows at byte 162",
    );
    check(
        |contents, log| bytes(contents, &log[3])[..72].fill(0),
        "memory/00000000000000000046.journal is damaged at byte 68: expected a whole frame that begins with record \
         46, found bytes that are not the header of a frame; it was whole once, for record 47 of a later batch \
         follows at byte 162",
    );
    // So was the last batch of a segment that another follows, and a single byte anywhere.
    check(
        |contents, log| bytes(contents, &log[2])[900..].fill(0),
        "memory/00000000000000000007.journal is damaged at byte 833: expected a frame that begins with record 40, \
         found a payload that does not match its CRC-32C",
    );
    check(
        |contents, log| bytes(contents, &log[4])[100] ^= 4,
        "memory/00000000000000000046.journal is damaged at byte 262: expected 0xa1, by the checksum and the chain \
         hash of the frame, found 0xa5",
    );
    check(
        |contents, log| bytes(contents, &log[4])[9] ^= 1,
        "memory/00000000000000000046.journal is damaged at byte 171: expected 0x01, by the checksum and the chain \
         hash of the frame, found 0x00",
    );
}

/// Whoever changes records can make checksums fit, but not the chain.
#[test]
fn a_frame_with_right_checksums_and_another_history_is_refused() {
    for (victim, chain) in [(3, ChainHash::START), (4, ChainHash([9; 32]))] {
        let forge = |contents: &mut Contents, log: &[Written]| {
            let first = Sequence([1, 4, 7, 46, 47][victim]);
            let records = u32::try_from(log[victim].records.len()).unwrap();
            let frame = bytes(contents, &log[victim]);
            frame[80] ^= 1;
            FrameHeader::seal(frame, false, records, (first, first), chain);
        };
        let (disk, log) = small_log(0);
        let mut contents = disk.contents();
        forge(&mut contents, &log);
        match open(contents, &log) {
            Outcome::Refused(message) => {
                assert!(message.contains("expected a frame that continues chain hash"))
            }
            Outcome::Kept(_) => panic!("a forged batch {victim} was taken or cut"),
        }
    }
}

/// A lost sector may differ from the right one in a single byte if the frame has only a few there.
#[test]
fn a_sector_with_little_of_the_frame_is_no_witness() {
    // The segment's header, the frame's header and the record's length take 144 bytes.
    for (beyond_the_sector, expected) in [(1, 0), (8, 0), (9, 1), (100, 1)] {
        let disk = Memory::new(0);
        let options = Options { prepare_bytes: 0, ..Options::default() };
        let (mut journal, _) = Journal::open(disk.clone(), options).unwrap();
        let written = write(&mut journal, vec![vec![0x77; 512 - 144 + beyond_the_sector]]).unwrap();
        let mut contents = disk.contents();
        *bytes(&mut contents, &written).last_mut().unwrap() = 0xee;
        match (open(contents, &[written]), expected) {
            (Outcome::Kept(kept), 0) => assert_eq!(kept, 0),
            (Outcome::Refused(_), 1) => {}
            _ => panic!("{beyond_the_sector} bytes in the last sector"),
        }
    }
}

#[test]
fn missing_and_foreign_segments_are_refused() {
    check(
        |contents, _| drop(contents.remove(&Sequence(1))),
        "memory/00000000000000000001.journal is missing: expected record 1, the log goes on at record 7",
    );
    check(
        |contents, _| drop(contents.remove(&Sequence(7))),
        "memory/00000000000000000007.journal is missing: expected record 7, the log goes on at record 46",
    );
    check(
        |contents, _| drop(contents.remove(&Sequence(46))),
        "memory/00000000000000000046.journal is missing: it holds record 46 and what follows",
    );
    check(
        |contents, _| {
            let other = contents[&Sequence(1)].clone();
            contents.insert(Sequence(7), other);
        },
        "memory/00000000000000000007.journal is damaged at byte 12: expected first record 7, as its name says, found \
         first record 1",
    );
    check(
        |contents, _| change_header(contents, |header| header.chain = ChainHash([1; 32])),
        "memory/00000000000000000007.journal is damaged at byte 32: expected chain hash \
         1466a689195f1165ebcc4adad517e7c6434670b60157d96f59ef78678b27a512, where the segment before ends, found chain \
         hash 0101010101010101010101010101010101010101010101010101010101010101",
    );
    check(
        |contents, _| change_header(contents, |header| header.version = 2),
        "memory/00000000000000000007.journal has format version 2 at byte 8: expected 1 or older; it was written by a \
         later version of this software",
    );
    check(
        |contents, _| {
            let twice = contents[&Sequence(7)].clone();
            contents.get_mut(&Sequence(7)).unwrap().extend(&twice[HEADER_BYTES..]);
        },
        "memory/00000000000000000007.journal is damaged at byte 1148: expected record 46 of batch 46, found record 7 of \
         batch 7",
    );
}

fn change_header(contents: &mut Contents, change: impl FnOnce(&mut SegmentHeader)) {
    let bytes = contents.get_mut(&Sequence(7)).unwrap();
    let mut header = SegmentHeader::parse(&bytes[..HEADER_BYTES]).unwrap();
    change(&mut header);
    bytes[..HEADER_BYTES].copy_from_slice(&header.encode());
}

#[test]
fn arbitrary_bytes_never_panic_and_never_become_records() {
    let mut rng = Rng::with_seed(5);
    let (disk, written) = small_log(0);
    for _ in 0..3000 {
        let mut contents = disk.contents();
        for _ in 0..rng.u8(1..6) {
            let segment = Sequence([1, 7, 46, rng.u64(..)][rng.usize(..4)]);
            let bytes = contents.entry(segment).or_default();
            let from = rng.usize(..=bytes.len());
            match rng.u8(0..5) {
                0 => bytes.truncate(from),
                1 => bytes.extend_from_within(from..),
                2 => rng.fill(&mut bytes[from..]),
                3 => bytes.splice(from..from, (0..rng.u8(..)).map(|_| rng.u8(..))).for_each(drop),
                _ => drop(contents.remove(&segment)),
            }
        }
        if contents.is_empty() {
            continue;
        }
        open(contents, &written);
    }
}
