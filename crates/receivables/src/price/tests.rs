use super::*;

#[test]
fn the_test_vector_of_the_price() {
    let basis = DayCount::Actual360;
    let discount = discount(10_000_000, 60_000, 90, basis);
    assert_eq!(discount, 150_000, "100,000.00 at 6 % for 90 days costs 1,500.00");
    let price = 10_000_000 - discount;
    assert_eq!(price, 9_850_000);
    assert_eq!(yearly_cost_ppm(discount, price, 90, basis), Some(60_914), "6.09 %");
}

#[test]
fn discounts_round_half_up() {
    let cases: &[(Minor, Ppm, u32, DayCount, Minor)] = &[
        (1, 60_000, 90, DayCount::Actual360, 0),
        (100, 60_000, 30, DayCount::Actual360, 1), // 0.5
        (100, 59_999, 30, DayCount::Actual360, 0),
        (10_000_000, 60_000, 90, DayCount::Actual365, 147_945), // 147,945.2
        (MINOR_MAX, 1_000_000, 365, DayCount::Actual365, MINOR_MAX),
        (MINOR_MAX, 1_000_000, 365, DayCount::Actual360, MINOR_MAX), // never more than the face
        (5, 0, 90, DayCount::Actual360, 0),
        (5, 60_000, 0, DayCount::Actual360, 0),
    ];
    for (face, rate, days, basis, expected) in cases {
        assert_eq!(discount(*face, *rate, *days, *basis), *expected, "{face} {rate} {days} {basis:?}");
    }
    assert_eq!(yearly_cost_ppm(1, 0, 90, DayCount::Actual360), None);
    assert_eq!(yearly_cost_ppm(1, 9, 0, DayCount::Actual360), None);
}

#[test]
fn late_interest_in_pieces_is_that_of_the_whole() {
    let whole = accrued(333, 70_000, 100);
    let pieces: u128 = [1, 9, 40, 50].into_iter().map(|days| accrued(333, 70_000, days)).sum();
    assert_eq!(interest(whole, DayCount::Actual365), interest(pieces, DayCount::Actual365));
}

#[test]
fn shares_sum_exactly_and_ties_go_to_the_first() {
    let cases: &[(Minor, &[Minor], &[Minor])] = &[
        (10, &[1, 1, 1], &[4, 3, 3]),
        (100, &[60, 40], &[60, 40]),
        (1, &[1, 2], &[0, 1]),
        (5, &[0, 3, 0, 2], &[0, 3, 0, 2]),
        (2, &[5, 5, 5], &[1, 1, 0]),
        (7, &[0, 0], &[0, 0]),
        (MINOR_MAX, &[MINOR_MAX, MINOR_MAX], &[MINOR_MAX / 2, MINOR_MAX / 2]),
    ];
    for (whole, weights, expected) in cases {
        assert_eq!(apportion(*whole, weights), *expected, "{whole} by {weights:?}");
    }
}
