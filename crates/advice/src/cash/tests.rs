use super::*;

fn wallet(balance: i64) -> Wallet {
    Wallet {
        balance_minor: balance,
        reserve_minor: 1_000,
        outflows_30_days_minor: (1..=100).map(|k| k * 50).collect(),
        due_30_days_minor: 300,
    }
}

#[test]
fn the_sweep_leaves_the_largest_of_three_needs() {
    assert_eq!(wallet(10_000).kept_minor(), 4_750);
    assert_eq!(wallet(10_000).sweep_minor(), 5_250);
    assert_eq!(wallet(4_000).sweep_minor(), 0);
    let due = Wallet { due_30_days_minor: 9_000, ..wallet(10_000) };
    assert_eq!(due.sweep_minor(), 1_000);
    let unknown = Wallet { outflows_30_days_minor: vec![], ..wallet(10_000) };
    assert_eq!(unknown.sweep_minor(), 9_000);
    assert_eq!(Wallet { balance_minor: i64::MIN, ..wallet(0) }.sweep_minor(), 0);
}

#[test]
fn round_ups_collect_wait_reverse_and_stop() {
    let mut change = RoundUps::default();
    assert_eq!(change.collect(1_234, 100, &wallet(10_000)), 66);
    assert_eq!(change.collect(1_200, 100, &wallet(10_000)), 0);
    assert_eq!(change.collect(1_234, 100, &wallet(4_750)), 0);
    assert_eq!(change.collect(1_201, 100, &wallet(4_760)), 10);
    assert_eq!(change.release(100, &wallet(10_000)), 0);
    assert_eq!(change.reverse(1_234, 100), 66);
    assert_eq!(change.collected_minor, 10);
    assert_eq!(change.release(10, &wallet(4_750)), 0);
    assert_eq!(change.release(10, &wallet(10_000)), 10);
    assert_eq!(change.collected_minor, 0);
}

#[test]
fn the_reserve_fills_before_any_goal() {
    assert_eq!(reserve_first(500, 900, 1_000), (100, 400));
    assert_eq!(reserve_first(50, 0, 1_000), (50, 0));
    assert_eq!(reserve_first(500, 2_000, 1_000), (0, 500));
}

#[test]
fn wallets_are_read_strictly() {
    let read = |text: &str| Wallet::from_json(&Json::parse(text).unwrap());
    let wallet = read(r#"{"balance_minor":100,"outflows_30_days_minor":[5,40]}"#).unwrap();
    assert_eq!((wallet.kept_minor(), wallet.sweep_minor()), (40, 60));
    for bad in ["{}", r#"{"balance_minor":-1}"#, r#"{"balance_minor":1,"outflows_30_days_minor":["x"]}"#] {
        assert_eq!(read(bad).unwrap_err().code, Code::MalformedTable, "{bad}");
    }
}
