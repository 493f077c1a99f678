use super::*;

/// Virtual seconds cost real ones: each story once here, many seeds with `chain simulate`.
fn check(name: &str, seed: u64) -> Told {
    let all = stories();
    let story = all.iter().find(|story| story.name == name).expect("a story of that name");
    let told = tell(story, seed);
    told.unwrap_or_else(|broken| {
        panic!("{broken}\nagain: sojourn chain simulate --story {name:?} --seeds {seed}..{}", seed + 1)
    })
}

#[test]
fn calm_and_the_same_seed_tells_the_same_story() {
    let told = check("calm", 1);
    assert!(told.height > 100 && told.applied > 300, "{told:?}");
    assert_eq!(told, check("calm", 1));
}

#[test]
fn crashes_and_loss() {
    assert!(check("crashes and loss", 2).height > 50);
}

#[test]
fn all_stop_and_come_back() {
    assert!(check("all stop", 3).height > 50);
}

#[test]
fn partitions_heal() {
    assert!(check("halves", 4).height > 50);
}

#[test]
fn epochs_follow_each_other() {
    assert!(check("epochs", 5).height > 3 * 64);
}

/// A pool that took whoever came first would let the other member wait for the whole of the flood’s lanes: some three
/// seconds.
#[test]
fn a_flood_from_one_member_starves_nobody_else() {
    let told = check("a flood", 14);
    assert!(told.turned_away > 1_000, "it was no flood: {told:?}");
    assert!(told.wish_ms_max > 0, "{told:?}");
}

/// One validator is added, one gets another key, one is suspended, while one crashes and messages are lost: whoever is
/// no validator any more follows, and all six have the same chain in the end.
#[test]
fn validators_change_and_old_keys_count_no_more() {
    let told = check("other validators", 12);
    let mut expected: Vec<Hash> = [0, 1, 5, 4].map(|node| peer_of(node).key).to_vec();
    let mut voting = told.validators.clone();
    expected.sort_unstable();
    voting.sort_unstable();
    assert_eq!(voting, expected, "{told:?}");
    assert!(told.height > 6 * 32, "{told:?}");
}

/// The halves of one validator propose and vote for different blocks: whoever hears both has the evidence, and nothing
/// splits.
#[test]
fn equivocation_leaves_evidence_and_splits_nothing() {
    let told = check("equivocation", 6);
    assert!(told.height > 30, "{told:?}");
    let twins = receivables::codec::hex(&peer_of(3).key);
    assert!(told.evidence.contains(&format!("{twins} voted for two blocks in one view")), "{told:?}");
    assert!(told.evidence.iter().all(|line| line.starts_with(&twins)), "nobody else: {told:?}");
}

#[test]
fn withheld_blocks_stop_nothing() {
    assert!(check("withheld blocks", 7).height > 20);
}

#[test]
fn invalid_blocks_are_refused_by_all() {
    for (name, seed) in [("wrong roots", 8), ("forged transactions", 9)] {
        let told = check(name, seed);
        assert!(told.height > 30 && told.blocks_refused > 0, "{name}: {told:?}");
    }
    // A time to come is no refusal: it waits, and its turn passes.
    assert!(check("blocks of tomorrow", 10).height > 20);
}
