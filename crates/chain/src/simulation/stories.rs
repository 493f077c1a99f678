//! The stories that are told, one a value: what each node is, what befalls the network, what governance decides.

use consensus::simulation::{Fault, Role};

use super::{Act, Lie, NO_EPOCHS, Story};
use crate::cast::{BUYER, HARBOUR, NETWORK, NEWCOMER, RIVERSIDE};
use crate::pool::Bounds;

/// All stories.
pub fn stories() -> Vec<Story> {
    let calm = Story {
        name: "calm",
        seconds: 20,
        roles: vec![Role::Honest; 4],
        lie: None,
        loss: 0,
        faults: Vec::new(),
        acts: Vec::new(),
        load_every_ms: 50,
        load_each: 1,
        bounds: Bounds::default(),
        epoch_blocks: NO_EPOCHS,
        honest: vec![0, 1, 2, 3],
    };
    let three = vec![0, 1, 2];
    let with_last = |role| vec![Role::Honest, Role::Honest, Role::Honest, role];
    vec![
        calm.clone(),
        Story {
            name: "crashes and loss",
            seconds: 40,
            loss: 50,
            faults: vec![
                (6_000, Fault::Crash(1)),
                (14_000, Fault::Restart(1)),
                (20_000, Fault::Crash(2)),
                (26_000, Fault::RestartEmpty(2)),
                (30_000, Fault::Heal),
            ],
            ..calm.clone()
        },
        Story {
            name: "all stop",
            seconds: 30,
            faults: (0..4)
                .map(|node| (8_000, Fault::Crash(node)))
                .chain((0..4).map(|node| (12_000, Fault::Restart(node))))
                .collect(),
            ..calm.clone()
        },
        Story {
            name: "halves",
            seconds: 40,
            faults: vec![
                (6_000, Fault::Partition(vec![vec![0, 1], vec![2, 3]])),
                (14_000, Fault::Partition(vec![vec![0, 1, 2], vec![3]])),
                (22_000, Fault::Heal),
            ],
            ..calm.clone()
        },
        Story { name: "epochs", seconds: 30, epoch_blocks: 64, ..calm.clone() },
        other_validators(&calm),
        from_a_snapshot(&calm),
        a_flood(&calm),
        Story {
            name: "equivocation",
            seconds: 30,
            roles: with_last(Role::Twins),
            honest: three.clone(),
            ..calm.clone()
        },
        Story {
            name: "withheld blocks",
            seconds: 30,
            roles: with_last(Role::Withholds),
            honest: three.clone(),
            ..calm.clone()
        },
        Story {
            name: "wrong roots",
            seconds: 30,
            lie: Some(Lie::Roots),
            honest: three.clone(),
            ..calm.clone()
        },
        Story {
            name: "forged transactions",
            seconds: 30,
            lie: Some(Lie::Forgery),
            honest: three.clone(),
            ..calm.clone()
        },
        Story { name: "blocks of tomorrow", seconds: 30, lie: Some(Lie::Time), honest: three, ..calm },
    ]
}

/// Six nodes, of which four vote at a time: one is added, one gets another key (another node has it; the old one goes
/// on with the old key), one is suspended, while one crashes and messages are lost.
fn other_validators(calm: &Story) -> Story {
    let with_newcomer = vec![(NETWORK, 0), (HARBOUR, 1), (RIVERSIDE, 2), (BUYER, 3), (NEWCOMER, 4)];
    let with_new_key = vec![(NETWORK, 0), (HARBOUR, 1), (RIVERSIDE, 2), (BUYER, 5), (NEWCOMER, 4)];
    let without_riverside = vec![(NETWORK, 0), (HARBOUR, 1), (BUYER, 5), (NEWCOMER, 4)];
    Story {
        name: "other validators",
        seconds: 60,
        roles: vec![Role::Honest; 6],
        loss: 20,
        faults: vec![(12_000, Fault::Crash(1)), (18_000, Fault::Restart(1)), (50_000, Fault::Heal)],
        acts: vec![
            (2_000, Act::Welcome),
            (8_000, Act::Validators(with_newcomer)),
            (22_000, Act::Validators(with_new_key)),
            (32_000, Act::Suspend(RIVERSIDE)),
            (37_000, Act::Validators(without_riverside)),
        ],
        epoch_blocks: 32,
        honest: vec![0, 1, 2, 3, 4, 5],
        ..calm.clone()
    }
}

/// One member hands in five times what blocks take and fills its lane at every node, while another asks for something
/// small now and then: that is in one of the next blocks all the same.
fn a_flood(calm: &Story) -> Story {
    Story {
        name: "a flood",
        seconds: 20,
        load_each: 40,
        bounds: Bounds { member_count_max: 150, block_count_max: 16, ..Bounds::default() },
        acts: (8..24).map(|half| (half * 500, Act::Wish(2))).collect(),
        ..calm.clone()
    }
}

/// One node is lost with its disk and comes back from what another wrote down before, as a follower.
fn from_a_snapshot(calm: &Story) -> Story {
    Story {
        name: "from a snapshot",
        seconds: 40,
        loss: 20,
        faults: vec![
            (12_000, Fault::Crash(3)),
            (20_000, Fault::RestartFrom { node: 3, from: 1 }),
            (30_000, Fault::Heal),
        ],
        // Not every checkpoint has a header that speaks of exactly its height.
        load_every_ms: 1_000,
        acts: (5..18).map(|second| (second * 1_000, Act::Snapshot(1))).collect(),
        epoch_blocks: 16,
        ..calm.clone()
    }
}
