use super::*;
use crate::codec::hex;

fn leaf(number: u64) -> Vec<u8> {
    format!("event {number}").into_bytes()
}

fn log_of(size: u64) -> Log {
    let mut log = Log::default();
    for number in 0..size {
        assert_eq!(log.append(&leaf(number)), number);
    }
    log
}

/// The definition of RFC 9162, section 2.1.1, as it stands there.
fn defined_root(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => leaf_hash(one),
        many => {
            let middle = many.len().next_power_of_two() / 2;
            node_hash(&defined_root(&many[..middle]), &defined_root(&many[middle..]))
        }
    }
}

#[test]
fn roots_are_those_of_the_definition() {
    let leaves: Vec<Vec<u8>> = (0..70).map(leaf).collect();
    let mut frontier = Frontier::default();
    let log = log_of(70);
    for size in 0..=70 {
        let expected = defined_root(&leaves[..size]);
        assert_eq!(log_of(size as u64).root(), expected, "size {size}");
        assert_eq!(log.root_at(size as u64), Some(expected));
        assert_eq!(frontier.root(), expected);
        assert_eq!(root_of(leaves[..size].iter().map(Vec::as_slice)), expected);
        if let Some(next) = leaves.get(size) {
            frontier.append(leaf_hash(next));
        }
        assert_eq!(log_of(size as u64 + 1).frontier().size, size as u64 + 1);
    }
    assert_eq!(log.root_at(71), None);
    let mut again = log.frontier();
    again.append(leaf_hash(&leaf(70)));
    assert_eq!(again, log_of(71).frontier());
}

#[test]
fn known_roots_of_certificate_transparency() {
    // The eight leaves of the certificate-transparency reference tests.
    let leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let mut log = Log::default();
    for text in leaves {
        log.append(&crate::codec::unhex(text).unwrap());
    }
    let known = [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];
    for (size, expected) in known {
        assert_eq!(log.root_at(size).map(|root| hex(&root)).as_deref(), Some(expected), "size {size}");
    }
}

#[test]
fn every_leaf_is_shown_and_nothing_else() {
    let log = log_of(40);
    for size in 1..=40 {
        let root = log.root_at(size).unwrap();
        for index in 0..size {
            let path = log.inclusion(index, size).unwrap();
            let hash = leaf_hash(&leaf(index));
            assert!(verify_inclusion(&hash, index, size, &path, &root), "{index} of {size}");
            assert!(!verify_inclusion(&leaf_hash(b"other"), index, size, &path, &root));
            for other in (0..=size).filter(|other| *other != index) {
                assert!(!verify_inclusion(&hash, other, size, &path, &root), "{index} as {other} of {size}");
            }
            for at in 0..path.len() {
                let mut changed = path.clone();
                changed[at][0] ^= 1;
                assert!(!verify_inclusion(&hash, index, size, &changed, &root));
                assert!(!verify_inclusion(&hash, index, size, &path[..at], &root));
            }
            let longer = [path.clone(), vec![root]].concat();
            assert!(!verify_inclusion(&hash, index, size, &longer, &root));
        }
    }
    assert_eq!(log.inclusion(40, 40), None);
    assert_eq!(log.inclusion(0, 41), None);
    assert!(!verify_inclusion(&leaf_hash(b""), 0, 0, &[], &empty_root()));
}

#[test]
fn growth_is_shown_and_a_rewrite_is_not() {
    let log = log_of(33);
    let mut rewritten = log_of(4);
    rewritten.append(b"other");
    for number in 5..33 {
        rewritten.append(&leaf(number));
    }
    for new in 0..=33 {
        for old in 0..=new {
            let proof = log.consistency(old, new).unwrap();
            let (before, after) = (log.root_at(old).unwrap(), log.root_at(new).unwrap());
            assert!(verify_consistency(old, &before, new, &after, &proof), "{old} to {new}");
            if old > 4 {
                let other = rewritten.root_at(new).unwrap();
                let forged = rewritten.consistency(old, new).unwrap();
                assert!(!verify_consistency(old, &before, new, &other, &proof), "{old} to {new}");
                assert!(!verify_consistency(old, &before, new, &other, &forged));
            }
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at][31] ^= 1;
                assert!(!verify_consistency(old, &before, new, &after, &changed));
                assert!(!verify_consistency(old, &before, new, &after, &proof[..at]));
            }
            let longer = [proof, vec![before]].concat();
            assert!(!verify_consistency(old, &before, new, &after, &longer));
        }
    }
    assert_eq!(log.consistency(5, 4), None);
    assert_eq!(log.consistency(5, 34), None);
}

#[test]
fn tiles_hold_the_nodes_and_lie_where_the_standard_says() {
    let log = log_of(600);
    assert_eq!(tile(&log, 0, 0).map(|tile| tile.len()), Some(256 * 32));
    assert_eq!(tile(&log, 0, 2).map(|tile| tile.len()), Some(88 * 32));
    assert_eq!(tile(&log, 0, 3), None);
    assert_eq!(tile(&log, 1, 0).map(|tile| tile.len()), Some(2 * 32));
    assert_eq!(tile(&log, 1, 0).unwrap()[..32], log.root_at(256).unwrap());
    assert_eq!(tile(&log, 8, 0), None);
    assert_eq!(tile(&log, u32::MAX, 0), None);
    assert_eq!(tile(&log, 0, u64::MAX), None);
    assert_eq!(tile(&log, 0, u64::MAX / TILE_WIDTH), None);
    assert_eq!(tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile_path(3, 5, 88), "tile/3/005.p/88");
    assert_eq!(
        checkpoint_text("sojourn.example/log", 0, &empty_root()),
        "sojourn.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    );
}

/// A log that goes on from a frontier shows every later leaf, in trees of every later size, and no earlier one.
#[test]
fn a_log_goes_on_from_a_frontier() {
    for start in 0..=34 {
        let whole = log_of(40);
        let mut log = Log::from_frontier(&log_of(start).frontier()).unwrap();
        for number in start..40 {
            assert_eq!(log.append(&leaf(number)), number);
            assert_eq!(log.frontier(), log_of(number + 1).frontier());
        }
        assert_eq!((log.size(), log.root()), (40, whole.root()), "from {start}");
        for size in start + 1..=40 {
            for index in start..size {
                assert_eq!(log.inclusion(index, size), whole.inclusion(index, size), "{index} of {size}");
            }
        }
        assert_eq!(log.node(0, 0).is_some(), start < 2);
    }
    assert_eq!(Log::from_frontier(&Frontier { size: 3, peaks: vec![[0; 32]] }), None);
}
