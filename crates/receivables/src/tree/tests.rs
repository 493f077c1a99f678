use std::collections::BTreeMap;

use super::*;

fn key(number: u32) -> Hash {
    sha256(&[b"key", &number.to_be_bytes()])
}

/// The root as the module's first words define it, from all leaves at once.
fn defined_root(leaves: &[(Hash, Hash)], depth: usize) -> Hash {
    match leaves {
        [] => EMPTY,
        [(key, value)] => leaf_hash(key, value),
        many => {
            let middle = many.partition_point(|(key, _)| !bit(key, depth));
            branch_hash(&defined_root(&many[..middle], depth + 1), &defined_root(&many[middle..], depth + 1))
        }
    }
}

#[test]
fn however_it_came_about_the_same_records_have_the_same_root() {
    let mut random = fastrand::Rng::with_seed(7);
    let (mut tree, mut map) = (Tree::default(), BTreeMap::new());
    assert_eq!(tree.root(), EMPTY);
    for round in 0..3_000 {
        let mut at = key(random.u32(..200));
        if random.u32(..4) == 0 {
            // A neighbour that shares all bits but the last, as no hash ever will.
            at[31] ^= 1;
        }
        if random.u32(..3) == 0 {
            tree.remove(&at);
            map.remove(&at);
        } else {
            let value = key(random.u32(..));
            tree.set(&at, value);
            map.insert(at, value);
        }
        if round % 7 == 0 || round > 2_900 {
            let leaves: Vec<(Hash, Hash)> = map.iter().map(|(key, value)| (*key, *value)).collect();
            assert_eq!(tree.root(), defined_root(&leaves, 0), "round {round}");
            assert_eq!(tree.size(), map.len());
        }
    }
    for at in map.keys() {
        tree.remove(at);
    }
    assert_eq!((tree.root(), tree.size()), (EMPTY, 0));
}

#[test]
fn presence_and_absence_are_shown_and_nothing_false_is() {
    let mut tree = Tree::default();
    let nothing = tree.proof(&key(1));
    assert!(nothing.verify(&EMPTY, &key(1), None), "nothing is in an empty state");
    for number in 0..300 {
        tree.set(&key(number), key(number + 1_000));
    }
    let root = tree.root();
    for number in 0..600 {
        let (at, value) = (key(number), key(number + 1_000));
        let proof = tree.proof(&at);
        let there = number < 300;
        assert_eq!(proof.verify(&root, &at, Some(&value)), there);
        assert_eq!(proof.verify(&root, &at, None), !there);
        assert!(!proof.verify(&root, &at, Some(&key(1))), "another value");
        assert!(!proof.verify(&EMPTY, &at, there.then_some(&value)), "another root");
        assert!(!proof.verify(&root, &key(number + 1), Some(&value)), "another key");
        let mut changed = proof.clone();
        changed.siblings[0][3] ^= 1;
        assert!(!changed.verify(&root, &at, there.then_some(&value)));
        changed.siblings.remove(0);
        assert!(!changed.verify(&root, &at, there.then_some(&value)));
        let hidden = TreeProof { leaf: None, ..proof };
        assert!(!(there && hidden.verify(&root, &at, None)), "what is there cannot be hidden");
    }
    let deep = TreeProof { leaf: None, siblings: vec![EMPTY; 257] };
    assert!(!deep.verify(&root, &key(1), None));
}
