//! The canonical codec and the hashes as test vectors for other languages, in `vectors/`: a line each, a value, its
//! bytes. The files are compared, never changed unasked; `RECEIVABLES_WRITE_VECTORS=1` writes them anew.

use receivables::codec::{Codec, hex, unhex};
use receivables::envelope::{bid_commitment, vouch_bytes};
use receivables::log::Log;
use receivables::price::{discount, yearly_cost_ppm};
use receivables::proof::vote_bytes;
use receivables::transaction::{DayCount, Transaction};
use receivables::tree::Tree;
use receivables::{Entry, Event, Signed};

use crate::story::tell;
use crate::world::*;

/// Compares with the file in `vectors/`, or writes it if asked to.
pub(crate) fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    if std::env::var_os("RECEIVABLES_WRITE_VECTORS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == text, "{} differs from what is made now", path.display());
}

fn lines(vectors: &[String]) -> String {
    format!("[\n{}\n]\n", vectors.join(",\n"))
}

fn round_trip<T: Codec + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = value.encode();
    assert_eq!(T::decode(&bytes).as_ref(), Ok(value));
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(T::decode(&longer).is_err() && T::decode(&bytes[..bytes.len() - 1]).is_err());
}

#[test]
fn values_and_their_bytes() {
    let story = tell(World::new());
    let chain = *story.world.state.chain();
    let mut vectors = Vec::new();
    let mut seen = Vec::new();
    for signed in &story.told {
        round_trip(signed);
        if seen.contains(&signed.transaction.tag()) {
            continue;
        }
        seen.push(signed.transaction.tag());
        vectors.push(format!(
            r#"{{"type":"Signed","name":"{}","chain":"{}","value":{},"bytes":"{}","signing":"{}","id":"{}"}}"#,
            signed.transaction.name(),
            hex(&chain),
            signed.json(),
            hex(&signed.encode()),
            hex(&signed.signing_bytes(&chain)),
            hex(&signed.id(&chain)),
        ));
    }
    seen.clear();
    for entry in &story.entries {
        round_trip(entry);
        if !seen.contains(&entry.event.tag()) {
            seen.push(entry.event.tag());
            vectors.push(format!(
                r#"{{"type":"Entry","name":"{}","value":{},"bytes":"{}"}}"#,
                entry.event.name(),
                entry.json(),
                hex(&entry.encode()),
            ));
        }
    }
    let genesis = genesis();
    round_trip(&genesis);
    vectors.push(format!(
        r#"{{"type":"Genesis","name":"{}","value":{},"bytes":"{}","chain":"{}"}}"#,
        genesis.name,
        genesis.json(),
        hex(&genesis.encode()),
        hex(&genesis.chain()),
    ));
    golden("codec.json", &lines(&vectors));
}

#[test]
fn kept_bytes_are_still_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/codec.json");
    let kept = std::fs::read_to_string(path).unwrap();
    let field = |line: &str, name: &str| {
        let (_, rest) = line.rsplit_once(&format!("\"{name}\":\"")).expect("the field");
        unhex(rest.split('"').next().unwrap()).expect("hex")
    };
    let mut read = 0;
    for line in kept.lines().filter(|line| line.contains("\"bytes\"")) {
        let bytes = field(line, "bytes");
        if line.starts_with("{\"type\":\"Signed\"") {
            let signed = Signed::parse(&bytes).unwrap();
            assert!(line.contains(&signed.json()));
            assert_eq!(field(line, "id"), signed.id(&genesis().chain()));
            let inner = Transaction::decode(&signed.transaction.encode());
            assert_eq!(inner.as_ref(), Ok(&signed.transaction));
        } else if line.starts_with("{\"type\":\"Entry\"") {
            let entry = Entry::decode(&bytes).unwrap();
            assert!(line.contains(&entry.json()));
            assert_eq!(Event::decode(&entry.event.encode()).as_ref(), Ok(&entry.event));
        }
        read += 1;
    }
    assert_eq!(read, 26 + 29 + 1);
}

#[test]
fn hashes_and_prices() {
    let mut vectors = Vec::new();
    let mut log = Log::default();
    for size in 0..=9u64 {
        vectors.push(format!(r#"{{"type":"LogRoot","size":{size},"root":"{}"}}"#, hex(&log.root())));
        log.append(format!("event {size}").as_bytes());
    }
    let mut tree = Tree::default();
    for size in 0..=5u64 {
        vectors.push(format!(r#"{{"type":"StateRoot","size":{size},"root":"{}"}}"#, hex(&tree.root())));
        tree.set(&hash(size), hash(100 + size));
    }
    let chain = genesis().chain();
    let commitment = bid_commitment(&chain, &hash(1), RIVAL, 45_000, &hash(2));
    let vouch = vouch_bytes(&chain, &hash(3), BANK);
    let vote = vote_bytes(&chain, 1, 300, 299, &hash(4));
    vectors.push(format!(r#"{{"type":"BidCommitment","commitment":"{}"}}"#, hex(&commitment)));
    vectors.push(format!(r#"{{"type":"VouchBytes","bytes":"{}"}}"#, hex(&vouch)));
    vectors.push(format!(r#"{{"type":"VoteBytes","bytes":"{}"}}"#, hex(&vote)));
    for (face, rate, days, basis) in [
        (10_000_000, 60_000, 90, DayCount::Actual360),
        (10_000_000, 60_000, 90, DayCount::Actual365),
        (100, 60_000, 30, DayCount::Actual360),
        (99_999_999_999, 123_457, 179, DayCount::Actual365),
    ] {
        let discount = discount(face, rate, days, basis);
        let cost = yearly_cost_ppm(discount, face - discount, days, basis).unwrap();
        vectors.push(format!(
            r#"{{"type":"Price","face":{face},"rate_ppm":{rate},"days":{days},"basis":{},"discount":{discount},"price":{},"yearly_cost_ppm":{cost}}}"#,
            basis.days(),
            face - discount,
        ));
    }
    golden("hashes.json", &lines(&vectors));
}
