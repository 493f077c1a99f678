use super::{Currency, LIST};

#[test]
fn the_list_is_sorted_and_unique() {
    assert!(LIST.windows(2).all(|pair| pair[0].0 < pair[1].0), "ordered by number, none twice");
    for (number, letters, exponent) in LIST {
        assert_eq!(Currency::from_alphabetic(letters).map(Currency::numeric), Some(*number));
        assert!(letters.len() == 3 && *exponent <= 4);
    }
}

#[test]
fn digits_both_ways() {
    for (digits, letters, exponent) in [
        ("156", Some("CNY"), Some(2)),
        ("392", Some("JPY"), Some(0)),
        ("048", Some("BHD"), Some(3)),
        ("000", None, None),
    ] {
        let currency = Currency::parse(digits).unwrap();
        assert_eq!(&currency.digits(), digits.as_bytes());
        assert_eq!((currency.alphabetic(), currency.exponent()), (letters, exponent));
    }
    for wrong in ["", "CNY", "15", "1560", "１56", "-15", "1 6"] {
        assert!(Currency::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Currency::from_numeric(1000), None);
}
