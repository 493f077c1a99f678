use super::*;
use crate::random::Random;

fn lot(price: i64, held: i64, target: i64) -> Lot {
    Lot { price_minor: price, held, target_minor: target, fee_fixed_minor: 0, fee_bp: 0, trade_min: 0 }
}

/// Every count of every product.
fn enumerated(products: &[Lot], cash: i64) -> i64 {
    let total: i64 = cash + products.iter().map(|l| l.held * l.price_minor).sum::<i64>();
    let most: Vec<i64> = products.iter().map(|l| total / l.price_minor).collect();
    let mut best = i64::MAX;
    let mut counts = vec![0i64; products.len()];
    loop {
        let trades = products.iter().zip(&counts);
        let ok = trades.clone().all(|(l, c)| *c == l.held || (c - l.held).abs() >= l.trade_min);
        let fees: i64 = trades
            .clone()
            .filter(|(l, c)| **c != l.held)
            .map(|(l, c)| {
                l.fee_fixed_minor + ((c - l.held).abs() * l.price_minor * l.fee_bp + 9_999) / 10_000
            })
            .sum();
        let spent: i64 = trades.clone().map(|(l, c)| l.price_minor * c).sum();
        let idle = total - spent - fees;
        if ok && idle >= 0 {
            let apart: i64 = trades.map(|(l, c)| (l.target_minor - l.price_minor * c).abs()).sum();
            best = best.min(apart + idle + fees);
        }
        let Some(place) = (0..counts.len()).find(|i| counts[*i] < most[*i]) else { return best };
        counts[place] += 1;
        counts[..place].fill(0);
    }
}

#[test]
fn small_accounts_reach_the_integer_optimum() {
    let mut random = Random::new(3);
    for round in 0..300 {
        let n = 1 + random.below(3);
        let fees = round % 2 == 1;
        let mut products: Vec<Lot> = (0..n)
            .map(|_| Lot {
                fee_fixed_minor: if fees { random.below(9) as i64 } else { 0 },
                fee_bp: if fees { random.below(50) as i64 } else { 0 },
                trade_min: if fees { random.below(3) as i64 } else { 0 },
                ..lot(40 + random.below(300) as i64, random.below(4) as i64, 0)
            })
            .collect();
        let cash = random.below(2_000) as i64;
        let total = cash + products.iter().map(|l| l.held * l.price_minor).sum::<i64>();
        let weights: Vec<i64> = (0..n).map(|_| 1 + random.below(9) as i64).collect();
        for (product, target) in products.iter_mut().zip(share_out(total, &weights)) {
            product.target_minor = target;
        }
        let rounded = round_(&products, cash);
        assert_eq!(rounded.gap_minor, 0, "{products:?}");
        assert_eq!(
            rounded.distance_minor,
            enumerated(&products, cash),
            "{round} {products:?} {cash} {rounded:?}"
        );
        let spent: i64 = rounded.lots.iter().zip(&products).map(|(c, l)| c * l.price_minor).sum();
        assert_eq!(spent + rounded.fees_minor + rounded.idle_minor, total, "no unit is lost");
    }
}

fn round_(products: &[Lot], cash: i64) -> Rounded {
    round(products, cash, 0, 2_000_000).unwrap()
}

#[test]
fn the_search_states_its_gap_when_stopped() {
    let products: Vec<Lot> = (0..20).map(|i| lot(1_000 + 37 * i, 0, 5_000)).collect();
    let stopped = round(&products, 100_000, 0, 10).unwrap();
    assert!(stopped.gap_minor > 0 && stopped.idle_minor >= 0);
    let longer = round(&products, 100_000, 0, 300_000).unwrap();
    assert!(longer.distance_minor <= stopped.distance_minor);
    assert!(longer.distance_minor >= stopped.distance_minor - stopped.gap_minor);
}

#[test]
fn reserves_are_not_spent_and_nonsense_is_refused() {
    let products = [lot(100, 0, 1_000)];
    assert_eq!(round(&products, 1_000, 400, 1_000).unwrap().lots, [6]);
    assert_eq!(round(&products, 300, 400, 1_000).unwrap_err().code, Code::CashReserved);
    for bad in [lot(0, 0, 1), lot(1, -1, 1), lot(i64::MAX, 3, 1), lot(1, 0, i64::MAX), lot(1, 0, -5)] {
        assert_eq!(round(&[bad], 10, 0, 10).unwrap_err().code, Code::OutOfRange, "{bad:?}");
    }
}

#[test]
fn amounts_are_shared_without_loss() {
    for (total, weights, shares) in [
        (100, vec![1, 1, 1], vec![34, 33, 33]),
        (1, vec![5_000, 5_000], vec![1, 0]),
        (0, vec![1], vec![0]),
        (7, vec![0, 0], vec![0, 0]),
        (i64::MAX, vec![1, 1], vec![i64::MAX / 2 + 1, i64::MAX / 2]),
    ] {
        assert_eq!(share_out(total, &weights), shares);
    }
}
