//! What payments are worth.

use money::{Amount, Currency, MINOR_MAX};

#[test]
fn sizes_compare_across_currencies() {
    for (code, minor, cents) in [
        ("USD", 12_345, 12_345),
        ("CNY", 10_000, 1_400),
        ("PHP", 81_250, 1_381),
        ("JPY", 10_000, 6_500),
        ("KWD", 1_000, 325),
        ("IDR", 100, 1),
        ("IDR", 0, 0),
        ("XAF", 700, 70_000),
    ] {
        let currency = Currency::parse(code).unwrap();
        assert_eq!(super::cents(Amount::new(currency, minor)), cents, "{minor} {code}");
        assert!(super::cents(Amount::new(currency, MINOR_MAX)) > 0);
    }
    assert!(super::MICRO_DOLLARS.is_sorted_by_key(|(code, _)| *code));
}
