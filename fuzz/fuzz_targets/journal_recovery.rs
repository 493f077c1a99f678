//! Throws damaged logs at recovery: it must never panic, never hand out a record that was not written, and leave a log
//! that opens again the same.

#![no_main]

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use journal::{Journal, Memory, Options, Reader, Sequence};
use libfuzzer_sys::fuzz_target;

const SEGMENT_HEADER_BYTES: usize = 68;
const FRAME_HEADER_BYTES: usize = 72;

type Contents = BTreeMap<Sequence, Vec<u8>>;

fuzz_target!(|input: &[u8]| {
    let Some((mode, rest)) = input.split_first() else { return };
    match mode % 3 {
        0 => drop(open(split(rest, *mode))),
        1 => {
            let mut contents = split(rest, *mode);
            contents.values_mut().for_each(|bytes| put_checksums(bytes));
            drop(open(contents));
        }
        _ => damage_a_real_log(rest),
    }
});

/// Opens a log and returns its records, if it is not refused.
fn open(contents: Contents) -> Option<Vec<Vec<u8>>> {
    let disk = Memory::holding(0, contents.clone());
    let reader = Reader::open(disk.clone(), Sequence::FIRST);
    let read = reader.map(|reader| gather(|each| reader.replay(Sequence::FIRST, each)));
    assert_eq!(disk.contents(), contents, "reading changed something");
    let Ok((journal, recovery)) = Journal::open(disk.clone(), Options::default()) else {
        assert!(read.is_err(), "a reader took what a writer refused");
        assert_eq!(disk.contents(), contents, "a refused log was changed");
        return None;
    };
    let found = gather(|each| journal.replay(Sequence::FIRST, each));
    assert_eq!(read.ok().as_ref(), Some(&found));
    assert_eq!(recovery.records, found.len() as u64);
    let chain = journal.chain();
    drop(journal);
    let (again, recovery) = Journal::open(disk, Options::default()).expect("it was repaired");
    assert_eq!((recovery.torn, again.chain()), (None, chain));
    assert_eq!(gather(|each| again.replay(Sequence::FIRST, each)), found);
    Some(found)
}

type Each<'a> = &'a mut dyn FnMut(journal::Record<'_>) -> ControlFlow<()>;

fn gather(replay: impl Fn(Each<'_>) -> Result<Sequence, journal::Error>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    replay(&mut |record| {
        found.push(record.bytes.to_vec());
        ControlFlow::Continue(())
    })
    .expect("what was opened can be replayed");
    found
}

/// One or two segments made of the input itself.
fn split(bytes: &[u8], mode: u8) -> Contents {
    let second = usize::from(mode) * bytes.len() / 256;
    let mut contents = Contents::from([(Sequence(1), bytes[second..].to_vec())]);
    if mode & 4 > 0 {
        contents.insert(Sequence(1 + u64::from(mode & 3)), bytes[..second].to_vec());
    }
    contents
}

/// Puts magic numbers, checksums and chain hashes into bytes that then are wrong in subtler ways.
fn put_checksums(bytes: &mut [u8]) {
    let Some((segment, mut rest)) = bytes.split_at_mut_checked(SEGMENT_HEADER_BYTES) else { return };
    segment[..8].copy_from_slice(b"SJNJRNL\n");
    segment[8..12].copy_from_slice(&[1, 0, 0, 0]);
    let checksum = crc32c::crc32c(&segment[..64]);
    segment[64..].copy_from_slice(&checksum.to_le_bytes());
    let mut chain: [u8; 32] = segment[32..64].try_into().expect("it has 32 bytes");
    while let Some((header, behind)) = rest.split_at_mut_checked(FRAME_HEADER_BYTES) {
        header[..4].copy_from_slice(b"\xffSJF");
        let kind = header[4] & 1;
        header[4..8].copy_from_slice(&[kind, 0, 0, 0]);
        let length = usize::from(header[8]).min(behind.len());
        header[8..12].copy_from_slice(&(length as u32).to_le_bytes());
        let (payload, following) = behind.split_at_mut(length);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&chain).update(&header[..32]).update(payload);
        chain = *hasher.finalize().as_bytes();
        header[32..64].copy_from_slice(&chain);
        header[64..68].copy_from_slice(&crc32c::crc32c(payload).to_le_bytes());
        let checksum = crc32c::crc32c(&header[..68]);
        header[68..].copy_from_slice(&checksum.to_le_bytes());
        rest = following;
    }
}

/// Writes a log as the input says, damages it as the input says, and opens it.
fn damage_a_real_log(input: &[u8]) {
    let mut input = input.iter().copied();
    let mut next = || input.next();
    let disk = Memory::new(0);
    let segment_bytes = 100 + u64::from(next().unwrap_or(0)) * 8;
    let options = Options { segment_bytes, ..Options::default() };
    let (mut journal, _) = Journal::open(disk.clone(), options).expect("an empty disk can be opened");
    let mut written = Vec::new();
    let mut batch_ends = vec![0];
    for _ in 0..next().unwrap_or(0) % 8 {
        for _ in 0..=next().unwrap_or(0) % 4 {
            let record = vec![next().unwrap_or(0); usize::from(next().unwrap_or(0))];
            journal.append(&record).expect("it is short");
            written.push(record);
        }
        journal.commit().expect("memory has room");
        batch_ends.push(written.len());
    }
    drop(journal);
    let mut contents = disk.contents();
    while let Some(kind) = next() {
        let which = usize::from(next().unwrap_or(0)) % contents.len();
        let segment = *contents.keys().nth(which).expect("it is below the length");
        let bytes = contents.get_mut(&segment).expect("it is one of the keys");
        let at = u16::from_le_bytes([next().unwrap_or(0), next().unwrap_or(0)]);
        let at = usize::from(at) % (bytes.len() + 1);
        let count = usize::from(next().unwrap_or(0)).min(bytes.len() - at);
        match kind % 6 {
            0 => bytes[at..at + count].iter_mut().for_each(|byte| *byte ^= kind | 1),
            1 => bytes[at..at + count].fill(kind),
            2 => drop(bytes.drain(at..at + count)),
            3 => bytes.truncate(at),
            4 => bytes.extend_from_within(at..at + count),
            _ => drop(contents.remove(&segment)),
        }
        if contents.is_empty() {
            return;
        }
    }
    if let Some(found) = open(contents) {
        assert!(batch_ends.contains(&found.len()), "part of a batch was read");
        assert_eq!(found, written[..found.len()], "a record was read that was not written");
    }
}
