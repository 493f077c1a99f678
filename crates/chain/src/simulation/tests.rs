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

#[test]
fn equivocation_splits_nothing() {
    assert!(check("equivocation", 6).height > 30);
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
