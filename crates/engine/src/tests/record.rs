//! Facts as bytes: golden files that are never changed, round trips, and bytes that are no record.
//!
//! `golden/` holds one file per sample, as version 1 wrote it, and `index.txt` says what each means. A file is made once,
//! with `ENGINE_GOLDEN=write cargo test -p engine record`, and from then on only compared; that command writes files
//! that are missing and the index, and leaves every other file as it is. A changed shape is a new version: it gets new
//! samples and new files beside these.

mod delivered;
mod judged;
mod random;
mod samples;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use directory::Time;

pub(super) use samples::samples;

use super::network::BEGIN;
use crate::record::{Reader, read, write};
use crate::{Fact, Unreadable};

fn written(fact: &Fact, at: Time) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(fact, at, &mut bytes);
    bytes
}

/// The numbers of the fact: which part of the network it is about, and which fact of that part.
pub(super) fn kind(fact: &Fact) -> [u8; 2] {
    let bytes = written(fact, BEGIN);
    let mut reader = Reader::new(&bytes[2..]);
    reader.number().unwrap();
    [bytes[1], reader.byte().unwrap()]
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

#[test]
fn golden_files_are_read_and_written_as_ever() {
    let writes = std::env::var_os("ENGINE_GOLDEN").is_some_and(|value| value == "write");
    let (mut index, mut known) = (String::new(), BTreeSet::from(["index.txt".to_owned()]));
    for (name, fact) in samples() {
        let (file, bytes) = (format!("v1-{name}.bin"), written(&fact, BEGIN));
        index.push_str(&format!("{file}\n    at {} {fact:?}\n", BEGIN.0));
        if writes && !golden(&file).exists() {
            std::fs::write(golden(&file), &bytes).unwrap();
        }
        let kept = std::fs::read(golden(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(read(&kept), Ok((fact, BEGIN)), "{file} no longer reads as it did");
        assert_eq!(bytes, kept, "{file} is no longer written as it was");
        assert!(known.insert(file), "two samples of one name");
    }
    if writes {
        std::fs::write(golden("index.txt"), &index).unwrap();
    }
    assert_eq!(std::fs::read_to_string(golden("index.txt")).unwrap(), index);
    let kept = std::fs::read_dir(golden("")).unwrap().map(|entry| entry.unwrap().file_name());
    let kept: BTreeSet<String> = kept.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(kept, known, "each file has a sample");
}

/// What reading stops at where a part of the network or one of its facts is not known.
const UNKNOWN: [&str; 6] = [
    "kind",
    "fact about a payment",
    "fact about the directory",
    "kind of funding",
    "fact about risk control",
    "fact about a delivery",
];

/// A number that can be read is one that a sample has: nothing is left out of the golden files.
#[test]
fn every_number_has_a_sample() {
    let sampled: BTreeSet<[u8; 2]> = samples().iter().map(|(_, fact)| kind(fact)).collect();
    for part in 0..=u8::MAX {
        for number in 0..=u8::MAX {
            // Something for the number of a payment to be read from, before the fact's own content.
            let unknown = match read(&[1, part, 0, number, 1]) {
                Err(Unreadable { what, .. }) => UNKNOWN.contains(&what),
                Ok(_) => false,
            };
            assert_eq!(sampled.contains(&[part, number]), !unknown, "part {part}, number {number}");
        }
    }
    for version in (0..=u8::MAX).filter(|version| *version != 1) {
        let other = read(&[version, 1, 0, 5, 1]);
        assert!(matches!(other, Err(Unreadable { what: "version", .. })), "version {version}");
    }
}

#[test]
fn facts_at_random_come_back_as_they_were() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut kinds = BTreeSet::new();
    for _ in 0..20_000 {
        let (fact, at) = (random::fact(&mut random), Time(random::number(&mut random)));
        let bytes = written(&fact, at);
        kinds.insert(kind(&fact));
        assert_eq!(read(&bytes), Ok((fact, at)));
    }
    assert_eq!(kinds, samples().iter().map(|(_, fact)| kind(fact)).collect());
}

#[test]
fn a_record_cut_short_or_lengthened_is_no_record() {
    let mut random = fastrand::Rng::with_seed(2);
    let sampled = samples().into_iter().map(|(_, fact)| fact);
    let all: Vec<Fact> = sampled.chain((0..300).map(|_| random::fact(&mut random))).collect();
    for fact in all {
        let bytes = written(&fact, BEGIN);
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length} of {} bytes of {fact:?}", bytes.len());
        }
        for byte in [0, 1, 0x80, 0xff] {
            let longer: Vec<u8> = bytes.iter().copied().chain([byte]).collect();
            assert!(matches!(read(&longer), Err(Unreadable { what: "end", .. })), "{fact:?}");
        }
    }
}

/// Whatever bytes come: either they are no record, or they are exactly what would be written for what was read. So
/// two different records never mean the same, and nothing in a record is passed over.
#[test]
fn what_can_be_read_is_what_would_be_written() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut readable = 0;
    let mut check = |bytes: &[u8]| match read(bytes) {
        Ok((fact, at)) => {
            assert_eq!(written(&fact, at), bytes, "{fact:?}");
            readable += 1;
        }
        Err(error) => assert!(error.at <= bytes.len() && !error.to_string().is_empty()),
    };
    let originals: Vec<Vec<u8>> = samples().iter().map(|(_, fact)| written(fact, BEGIN)).collect();
    for original in &originals {
        for at in 0..original.len() {
            for byte in 0..=u8::MAX {
                let mut bytes = original.clone();
                bytes[at] = byte;
                check(&bytes);
            }
        }
    }
    for _ in 0..200_000 {
        let length = random.usize(0..64);
        let mut bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        // Most random bytes fail at once; let some begin like a record.
        if random.bool() && length > 3 {
            bytes[0] = 1;
            bytes[1] = random.u8(1..=4);
            bytes[2] &= 0x7f;
            bytes[3] = random.u8(1..=22);
        }
        check(&bytes);
        let (head, tail) = (random.choice(&originals).unwrap(), random.choice(&originals).unwrap());
        let spliced = [&head[..random.usize(0..=head.len())], &tail[random.usize(0..=tail.len())..]].concat();
        check(&spliced);
    }
    assert!(readable > 10_000, "only {readable} could be read: the test has lost its teeth");
}

/// A number has one way to be written.
#[test]
fn numbers_are_as_short_as_can_be() {
    for (bytes, expected) in [
        (&[0][..], Some(0)),
        (&[0x7f], Some(127)),
        (&[0x80, 1], Some(128)),
        (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], Some(u64::MAX)),
        (&[0x80, 0], None),
        (&[0xff, 0x80, 0], None),
        (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2], None),
        (&[0x80; 11], None),
        (&[0x80], None),
        (&[], None),
    ] {
        assert_eq!(Reader::new(bytes).number().ok(), expected, "{bytes:?}");
    }
}
