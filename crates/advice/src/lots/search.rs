//! Branch and bound over lots, dearest product first. Because targets and money are conserved, the measure is the
//! given surplus plus twice the sum of what stays below target, which gives the bound.

use super::{Lot, Rounded};

pub(super) fn best(products: &[Lot], cash: i128, nodes_max: usize) -> Rounded {
    let mut order: Vec<usize> = (0..products.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(products[*i].price_minor), *i));
    let total: i128 =
        cash + products.iter().map(|l| i128::from(l.held) * i128::from(l.price_minor)).sum::<i128>();
    let targets: i128 = products.iter().map(|l| i128::from(l.target_minor)).sum();
    let mut search = Search {
        products,
        order,
        surplus: total - targets,
        lots: products.iter().map(|l| l.held).collect(),
        best: Vec::new(),
        below: i128::MAX,
        nodes_left: nodes_max,
        open: i128::MAX,
    };
    search.start();
    search.visit(0, Sums { below: 0, signed: 0, fees: 0 });
    let proven = search.below.min(search.open);
    let fees: i128 = (0..products.len()).map(|i| fee(&products[i], search.best[i])).sum();
    let spent: i128 = (0..products.len()).map(|i| value(&products[i], search.best[i])).sum();
    let apart: i128 = (0..products.len())
        .map(|i| (i128::from(products[i].target_minor) - value(&products[i], search.best[i])).abs())
        .sum();
    let idle = total - spent - fees;
    Rounded {
        fees_minor: fees as i64,
        idle_minor: idle as i64,
        distance_minor: (apart + idle + fees) as i64,
        gap_minor: (2 * (search.below - proven)) as i64,
        lots: search.best,
    }
}

#[derive(Debug, Clone, Copy)]
struct Sums {
    /// Σ of what stays below target.
    below: i128,
    /// Σ(target − value).
    signed: i128,
    fees: i128,
}

impl Sums {
    fn with(self, apart: i128, fee: i128) -> Sums {
        Sums { below: self.below + apart.max(0), signed: self.signed + apart, fees: self.fees + fee }
    }
}

struct Search<'a> {
    products: &'a [Lot],
    order: Vec<usize>,
    /// Total less targets; Σ(target − value) + surplus − fees is the idle cash and must not be below zero.
    surplus: i128,
    lots: Vec<i64>,
    best: Vec<i64>,
    /// Σ below target of the best found.
    below: i128,
    nodes_left: usize,
    /// Least bound among branches given up.
    open: i128,
}

impl Search<'_> {
    /// A good start: everything rounded down, then lots bought where most is missing while cash lasts; standing
    /// still if even that costs more than there is.
    fn start(&mut self) {
        let floor: Vec<i64> =
            self.products.iter().map(|l| allowed(l, l.target_minor / l.price_minor)).collect();
        let held: Vec<i64> = self.products.iter().map(|l| l.held).collect();
        self.keep(&held);
        let mut trial = if self.feasible(&floor) { floor } else { held };
        self.keep(&trial);
        for _ in 0..4 * self.products.len() {
            let mut found = None;
            let now = self.shortfall(&trial);
            let mut least = now;
            for i in 0..trial.len() {
                for step in [1, -1] {
                    let mut next = trial.clone();
                    next[i] = allowed(&self.products[i], next[i] + step);
                    if next[i] < 0 || next[i] == trial[i] {
                        continue;
                    }
                    let missing = self.shortfall(&next);
                    if missing < least && self.feasible(&next) {
                        (least, found) = (missing, Some(next));
                    }
                }
            }
            let Some(next) = found else { break };
            trial = next;
            self.keep(&trial);
        }
    }

    fn visit(&mut self, depth: usize, sums: Sums) {
        // What is over target elsewhere must come from below target in the rest.
        let debt = -(sums.signed + self.surplus - sums.fees);
        let bound = sums.below + debt.max(0);
        if bound >= self.below {
            return;
        }
        let Some(i) = self.order.get(depth).copied() else {
            if debt <= 0 {
                self.below = sums.below;
                self.best = self.lots.clone();
            }
            return;
        };
        if self.nodes_left == 0 {
            self.open = self.open.min(bound);
            return;
        }
        let lot = self.products[i];
        let floor = lot.target_minor / lot.price_minor;
        // Outwards from the target: up one, down one, and so on, until both ways are bounded off.
        let (mut up, mut down) = (Some(floor + 1), Some(floor));
        let mut stood_still = false;
        while up.is_some() || down.is_some() {
            for direction in [0, 1] {
                let slot = if direction == 0 { &mut up } else { &mut down };
                let Some(count) = *slot else { continue };
                let apart = i128::from(lot.target_minor) - value(&lot, count);
                let next = sums.with(apart, fee(&lot, count));
                let hopeless = next.below + (-(next.signed + self.surplus - sums.fees)).max(0) >= self.below;
                if hopeless {
                    *slot = None;
                    continue;
                }
                *slot = if direction == 0 { Some(count + 1) } else { (count > 0).then(|| count - 1) };
                if allowed(&lot, count) == count {
                    self.nodes_left = self.nodes_left.saturating_sub(1);
                    self.lots[i] = count;
                    stood_still |= count == lot.held;
                    self.visit(depth + 1, next);
                }
            }
        }
        // Standing still costs no fee, so it may be worth a visit beyond where trades are hopeless.
        self.lots[i] = lot.held;
        if !stood_still {
            let apart = i128::from(lot.target_minor) - value(&lot, lot.held);
            self.visit(depth + 1, sums.with(apart, 0));
        }
    }

    fn keep(&mut self, lots: &[i64]) {
        if self.feasible(lots) {
            let below = self.shortfall(lots);
            if below < self.below {
                self.below = below;
                self.best = lots.to_vec();
            }
        }
    }

    fn shortfall(&self, lots: &[i64]) -> i128 {
        let apart =
            |i: usize| (i128::from(self.products[i].target_minor) - value(&self.products[i], lots[i])).max(0);
        (0..lots.len()).map(apart).sum()
    }

    fn feasible(&self, lots: &[i64]) -> bool {
        let mut left = self.surplus;
        for (product, count) in self.products.iter().zip(lots) {
            left += i128::from(product.target_minor) - value(product, *count) - fee(product, *count);
        }
        left >= 0
    }
}

fn value(lot: &Lot, count: i64) -> i128 {
    i128::from(count) * i128::from(lot.price_minor)
}

fn fee(lot: &Lot, count: i64) -> i128 {
    if count == lot.held {
        return 0;
    }
    let traded = (i128::from(count) - i128::from(lot.held)).abs() * i128::from(lot.price_minor);
    i128::from(lot.fee_fixed_minor) + (traded * i128::from(lot.fee_bp) + 9_999) / 10_000
}

/// The count itself, or what is held if the trade would be too small.
fn allowed(lot: &Lot, count: i64) -> i64 {
    if (count - lot.held).abs() < lot.trade_min { lot.held } else { count }
}
