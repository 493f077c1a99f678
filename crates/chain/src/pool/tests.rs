use super::*;

fn id(number: u64) -> Id {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

fn put(pool: &mut Pool, member: u64, number: u64, length: usize) -> Result<(), Full> {
    let mut bytes = vec![0; length];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    pool.insert(member, id(number), bytes.into(), 100 + number)
}

fn numbers(chosen: &[Arc<[u8]>]) -> Vec<u64> {
    chosen.iter().map(|bytes| u64::from_be_bytes(bytes[..8].try_into().unwrap())).collect()
}

#[test]
fn a_flood_from_one_member_starves_nobody() {
    let mut pool = Pool::new(Bounds {
        member_count_max: 1_000,
        member_bytes_max: 1 << 20,
        bytes_max: 4 << 20,
        ..Bounds::default()
    });
    let taken = (0..5_000).filter(|number| put(&mut pool, 1, *number, 100).is_ok()).count();
    assert_eq!(taken, 1_000);
    assert_eq!(put(&mut pool, 1, 9_000, 100), Err(Full::Member));
    for number in 10_000..10_003 {
        put(&mut pool, 2, number, 100).unwrap();
    }
    put(&mut pool, 3, 20_000, 100).unwrap();
    // One of each in turn: the quiet members are in the next block whole.
    let chosen = numbers(&pool.choose(1_000, 100, &FxHashSet::default()));
    assert_eq!(chosen, [0, 10_000, 20_000, 1, 10_001, 2, 10_002, 3, 4, 5]);
}

#[test]
fn the_turn_goes_round() {
    let mut pool = Pool::new(Bounds::default());
    for number in 0..9 {
        put(&mut pool, number % 3, number, 50).unwrap();
    }
    let first: Vec<u64> = (0..4).map(|_| numbers(&pool.choose(50, 9, &FxHashSet::default()))[0]).collect();
    assert_eq!(first, [0, 1, 2, 0]);
}

#[test]
fn bounds_hold_and_removal_gives_room() {
    let mut pool =
        Pool::new(Bounds { member_count_max: 3, member_bytes_max: 250, bytes_max: 400, ..Bounds::default() });
    assert_eq!(put(&mut pool, 1, 1, 100), Ok(()));
    assert_eq!(put(&mut pool, 1, 1, 100), Err(Full::Duplicate));
    assert_eq!(put(&mut pool, 1, 2, 100), Ok(()));
    assert_eq!(put(&mut pool, 1, 3, 100), Err(Full::Member));
    assert_eq!(put(&mut pool, 2, 4, 200), Ok(()));
    assert_eq!(put(&mut pool, 3, 5, 100), Err(Full::Pool));
    pool.remove(&id(1));
    pool.remove(&id(77));
    assert_eq!(put(&mut pool, 3, 5, 100), Ok(()));
    // Numbers 2, 4 and 5 live until 102, 104 and 105.
    pool.expire(104);
    assert_eq!(pool.len(), 2);
    pool.expire(200);
    assert!(pool.is_empty());
    assert_eq!(put(&mut pool, 2, 6, 200), Ok(()));
}

#[test]
fn what_an_unfinished_block_has_is_left_out() {
    let mut pool = Pool::new(Bounds::default());
    for number in 0..6 {
        put(&mut pool, number % 2, number, 50).unwrap();
    }
    let except: FxHashSet<Id> = [id(0), id(3)].into_iter().collect();
    let mut chosen = numbers(&pool.choose(1_000, 10, &except));
    chosen.sort_unstable();
    assert_eq!(chosen, [1, 2, 4, 5]);
    assert_eq!(pool.choose(1_000, 2, &except).len(), 2);
}
