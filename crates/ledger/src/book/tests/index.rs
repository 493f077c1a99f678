use crate::book::index::{IdHash, IdIndex};

type Shape = fn(u128) -> u128;

/// Ids as systems make them.
const SHAPES: [(&str, Shape); 8] = [
    ("counted", |n| n),
    ("eight legs a payment, payments counted", |n| ((n / 8) << 8) | (n % 8)),
    ("one leg a payment", |n| n << 8),
    ("leg above the payment", |n| ((n % 8) << 64) | (n / 8)),
    ("time in milliseconds above, counter below", |n| {
        ((0x0190_0000_0000 + n / 50) << 80) | ((n % 50) << 40) | 7
    }),
    ("member, currency and purpose", |n| ((n / 100) << 64) | ((n % 100) << 32) | 156),
    ("upper half only", |n| n << 64),
    ("random", |n| {
        let word = n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        (word ^ (word >> 61)).wrapping_mul(0x2545_f491_4f6c_dd1d_8422_2325_cbf2_9ce5)
    }),
];

fn filled(shape: Shape, len: u32) -> IdIndex {
    let mut index = IdIndex::new();
    for n in 0..len {
        let id = shape(n.into());
        let vacancy = index.find(IdHash::of(id), |slot| shape(slot.into()) == id).unwrap_err();
        index.insert(vacancy, IdHash::of(id), n);
    }
    index
}

#[test]
fn every_shape_of_ids_is_spread_well() {
    for (name, shape) in SHAPES {
        let index = filled(shape, 80_000);
        let steps: Vec<u64> =
            (0..80_000_u32).map(|n| index.steps_to(IdHash::of(shape(n.into())), n)).collect();
        let mean_hundredths = steps.iter().sum::<u64>() * 100 / 80_000;
        println!(
            "{name}: {mean_hundredths} hundredths of a step on average, at most {:?}",
            steps.iter().max()
        );
        assert!(mean_hundredths < 1_600, "{name}: {mean_hundredths}");
        assert!(steps.iter().all(|steps| *steps < 600), "{name}");
    }
}

#[test]
fn every_id_is_found_after_others_are_removed() {
    for (name, shape) in SHAPES {
        let mut index = filled(shape, 3_000);
        let found = |index: &IdIndex, n: u32| {
            let id = shape(n.into());
            index.find(IdHash::of(id), |slot| shape(slot.into()) == id).ok()
        };
        for n in (0..3_000).filter(|n| n % 3 != 0) {
            index.remove(IdHash::of(shape(n.into())), n);
        }
        assert_eq!(index.len(), 1_000);
        for n in 0..3_000 {
            assert_eq!(found(&index, n), (n % 3 == 0).then_some(n), "{name}");
        }
        for n in (0..3_000).filter(|n| n % 3 == 0) {
            index.remove(IdHash::of(shape(n.into())), n);
        }
        assert_eq!(index.len(), 0);
    }
}

#[test]
fn ids_of_the_same_hash_are_told_apart() {
    let mut hashes: Vec<(u32, u128)> = (0..400_000).map(|id| (IdHash::of(id).bits(), id)).collect();
    hashes.sort_unstable();
    let same: Vec<[u128; 2]> =
        hashes.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| [pair[0].1, pair[1].1]).collect();
    assert!(!same.is_empty(), "among so many ids some share all 32 bits");
    for ids in same {
        let hash = IdHash::of(ids[0]);
        let mut index = IdIndex::new();
        let find = |index: &IdIndex, id: u128| index.find(hash, |slot| ids[slot as usize] == id);
        let vacancy = find(&index, ids[0]).unwrap_err();
        index.insert(vacancy, hash, 0);
        let vacancy = find(&index, ids[1]).unwrap_err();
        index.insert(vacancy, hash, 1);
        assert_eq!([find(&index, ids[0]).unwrap(), find(&index, ids[1]).unwrap()], [0, 1]);
        index.remove(hash, 0);
        assert!(find(&index, ids[0]).is_err());
        assert_eq!(find(&index, ids[1]).unwrap(), 1);
    }
}
