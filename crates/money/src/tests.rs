//! Money's promises, as data: every row is an input and what it must give.

use crate::{Amount, Currency, Error, MINOR_MAX, Rate, Rounding, Share, split};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn amount(text: &str) -> Amount {
    let (code, minor) = text.split_once(' ').unwrap();
    Amount::parse_minor(currency(code), minor).unwrap()
}

#[test]
fn the_table_is_sorted_and_has_no_number_twice() {
    let rows = crate::iso4217::TABLE;
    assert!(rows.windows(2).all(|pair| pair[0].code < pair[1].code));
    for row in rows {
        assert_eq!(Currency::from_numeric(row.numeric).unwrap().code(), row.code);
        assert!(row.exponent <= 4);
    }
    for wrong in ["", "CN", "cny", "CNYY", "XXX", "人民币"] {
        assert_eq!(Currency::parse(wrong), Err(Error::UnknownCurrency), "{wrong}");
    }
}

#[test]
fn amounts_are_read_and_written() {
    for (input, expected) in [("CNY 10000", "CNY 100.00"), ("JPY 812", "JPY 812"), ("KWD 5", "KWD 0.005")] {
        assert_eq!(amount(input).to_string(), expected);
    }
    for (digits, error) in [
        ("", Error::NotDigits),
        ("-1", Error::NotDigits),
        ("+1", Error::NotDigits),
        ("1.0", Error::NotDigits),
        (" 1", Error::NotDigits),
        ("١", Error::NotDigits),
        ("10000000000000001", Error::TooLarge),
        ("99999999999999999999999", Error::TooLarge),
    ] {
        assert_eq!(Amount::parse_minor(currency("CNY"), digits), Err(error), "{digits:?}");
    }
    assert_eq!(amount("CNY 1").plus(amount("PHP 1")), Err(Error::CurrencyMismatch));
    assert_eq!(amount("CNY 1").minus(amount("CNY 2")), Err(Error::BelowZero));
    assert_eq!(Amount::new(currency("CNY"), MINOR_MAX).plus(amount("CNY 1")), Err(Error::TooLarge));
}

#[test]
fn rates_convert_exactly() {
    for (pair, price, from, rounding, to) in [
        ("CNY PHP", "8.1250", "CNY 10000", Rounding::HalfEven, "PHP 81250"),
        ("CNY PHP", "8.1250", "CNY 60", Rounding::HalfEven, "PHP 488"), // 487.5, half to even
        ("CNY PHP", "8.1250", "CNY 20", Rounding::HalfEven, "PHP 162"), // 162.5, half to even
        ("CNY PHP", "8.1250", "CNY 60", Rounding::FavoursPayer, "PHP 487"),
        ("CNY PHP", "8.1250", "CNY 60", Rounding::FavoursPayee, "PHP 488"),
        ("CNY JPY", "20.55", "CNY 10000", Rounding::HalfEven, "JPY 2055"),
        ("JPY CNY", "0.0487", "JPY 2055", Rounding::HalfEven, "CNY 10008"),
        ("JPY KWD", "0.00204", "JPY 1000", Rounding::HalfEven, "KWD 2040"),
        ("KWD JPY", "490", "KWD 1", Rounding::HalfEven, "JPY 0"),
    ] {
        let (base, quote) = pair.split_once(' ').unwrap();
        let rate = Rate::parse(currency(base), currency(quote), price).unwrap();
        assert_eq!(rate.convert(amount(from), rounding), Ok(amount(to)), "{from} at {price}");
        assert_eq!(rate.to_string(), price);
    }
    for (price, error) in [
        ("", Error::NotDigits),
        (".5", Error::NotDigits),
        ("5.", Error::NotDigits),
        ("1e3", Error::NotDigits),
        ("-1", Error::NotDigits),
        ("0.000", Error::ZeroPrice),
        ("1.0000000000001", Error::TooPrecise),
        ("1234567890123456789", Error::TooPrecise),
    ] {
        assert_eq!(Rate::parse(currency("CNY"), currency("PHP"), price), Err(error), "{price:?}");
    }
    let dear = Rate::parse(currency("CNY"), currency("PHP"), "999999999999999999").unwrap();
    assert_eq!(
        dear.convert(Amount::new(currency("CNY"), MINOR_MAX), Rounding::HalfEven),
        Err(Error::TooLarge)
    );
    let rate = |price| Rate::parse(currency("CNY"), currency("PHP"), price).unwrap();
    assert!(rate("8.12").is_cheaper_than(rate("8.1250")));
    assert!(!rate("8.1250").is_cheaper_than(rate("8.125")));
}

#[test]
fn shares_are_exact() {
    for (percent, of, rounding, part) in [
        ("0.60", "CNY 10000", Rounding::HalfEven, "CNY 60"),
        ("0.05", "PHP 81250", Rounding::HalfEven, "PHP 41"), // 40.625
        ("0.05", "PHP 81250", Rounding::FavoursPayer, "PHP 40"),
        ("100", "PHP 81250", Rounding::HalfEven, "PHP 81250"),
    ] {
        assert_eq!(
            Share::parse_percent(percent).unwrap().of(amount(of), rounding),
            amount(part),
            "{percent} of {of}"
        );
    }
    for (percent, written) in [("0.60", "0.6%"), ("12", "12%"), ("0.0050", "0.005%")] {
        assert_eq!(Share::parse_percent(percent).unwrap().to_string(), written);
    }
    for (percent, error) in
        [("101", Error::TooLarge), ("0.00001", Error::TooPrecise), ("x", Error::NotDigits)]
    {
        assert_eq!(Share::parse_percent(percent), Err(error));
    }
}

#[test]
fn splits_lose_no_unit() {
    let minor = |whole, weights: &[u32]| {
        split(amount(whole), weights).iter().map(|part| part.minor).collect::<Vec<_>>()
    };
    assert_eq!(minor("CNY 100", &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(minor("CNY 5", &[0, 0]), [5, 0]);
    assert_eq!(minor("CNY 5", &[]), [] as [u64; 0]);
    let mut random = 7_u64;
    for _ in 0..2_000 {
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random >> 33
        };
        let weights: Vec<u32> = (0..1 + next() % 9).map(|_| next() as u32).collect();
        let whole = Amount::new(currency("CNY"), next() * next() % MINOR_MAX);
        assert_eq!(split(whole, &weights).iter().map(|part| part.minor).sum::<u64>(), whole.minor);
    }
}
