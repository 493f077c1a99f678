use super::*;
use crate::cast::Cast;
use crate::simulation::{Told, stories, tell};

/// The story, played once.
fn told() -> &'static Told {
    static TOLD: std::sync::OnceLock<Told> = std::sync::OnceLock::new();
    TOLD.get_or_init(play)
}

fn play() -> Told {
    let all = stories();
    let story = all.iter().find(|story| story.name == "from a snapshot").unwrap();
    tell(story, 11).unwrap_or_else(|broken| {
        panic!("{broken}\nagain: sojourn chain simulate --story \"from a snapshot\" --seeds 11..12")
    })
}

/// The genesis of that story.
fn genesis() -> Genesis {
    let peers = (0..4).map(consensus::simulation::peer_of);
    let nodes: Vec<_> = peers.map(|peer| (peer.key, peer.address)).collect();
    Cast::new(11).genesis(crate::simulation::BEGIN_MS, 16, &nodes)
}

/// Every part's length and hash anew, so that only what the parts say is left to refuse a change.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = MAGIC.len();
    for _ in PARTS {
        let length = u64::from_be_bytes(bytes[at..at + LENGTH_BYTES].try_into().unwrap());
        let end = at + LENGTH_BYTES + usize::try_from(length).unwrap();
        let hash = sha256(&[&bytes[at..at + LENGTH_BYTES], &bytes[at + LENGTH_BYTES..end]]);
        bytes[end..end + HASH_BYTES].copy_from_slice(&hash);
        at = end + HASH_BYTES;
    }
    bytes
}

/// A node that lost its disk comes back from another's snapshot, is in step, and the snapshot bears no change.
#[test]
fn a_restored_node_is_in_step_and_no_byte_of_a_snapshot_may_change() {
    let told = told();
    assert!(told.height > 60 && told.applied > 20, "{} {}", told.height, told.applied);
    let (bytes, genesis) = (told.snapshot.clone().expect("it was restored"), genesis());
    let restored = Snapshot::check(&bytes, &genesis).unwrap();
    assert!(!restored.epochs.is_empty(), "the snapshot is of a later epoch");
    println!("{} bytes at height {}", bytes.len(), restored.header.height);

    let starts: Vec<usize> = Parts::split(&bytes).unwrap().found.iter().map(|(at, _)| *at).collect();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        let flaw = Snapshot::check(&changed, &genesis).expect_err("a changed byte");
        let part = starts.iter().rposition(|start| *start <= place);
        let expected = part.map_or("beginning", |part| PARTS[part]);
        assert_eq!(flaw.part, expected, "byte {place}: {flaw}");
    }
    // Whoever changes a byte and makes the checksums anew is refused by signatures and roots. Lengths are left as they
    // are: what they then cut off has no checksum.
    let in_length = |place: usize| starts.iter().any(|start| (*start..start + LENGTH_BYTES).contains(&place));
    let mut refused = std::collections::BTreeMap::<String, usize>::new();
    for place in (MAGIC.len()..bytes.len()).step_by(7).filter(|place| !in_length(*place)) {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        let changed = sealed(changed);
        if changed == bytes {
            continue;
        }
        let flaw = Snapshot::check(&changed, &genesis).expect_err("a changed byte with new checksums");
        *refused.entry(flaw.part.to_owned()).or_default() += 1;
    }
    println!("refused with new checksums: {refused:?}");
    assert_eq!(refused.len(), PARTS.len(), "{refused:?}");
}

#[test]
fn cut_long_and_foreign_snapshots_are_refused_with_what_and_where() {
    let bytes = told().snapshot.clone().expect("it was restored");
    let check = |bytes: &[u8], genesis: &Genesis, expected: &str| {
        let flaw = Snapshot::check(bytes, genesis).expect_err(expected).to_string();
        assert!(flaw.contains(expected), "{flaw}, not {expected}");
    };
    let genesis = genesis();
    check(b"", &genesis, "the beginning from byte 0 on: not a snapshot of this format");
    check(&bytes[..bytes.len() - 1], &genesis, "the state from byte");
    check(&bytes[..bytes.len() - 40], &genesis, "the file ends within it");
    check(&[bytes.as_slice(), b"x"].concat(), &genesis, "1 bytes too many");
    let other = Genesis { name: "another".to_owned(), ..genesis };
    check(&bytes, &other, "the proof from byte 19 on: a snapshot of chain");
}
