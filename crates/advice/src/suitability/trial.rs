//! A trial of the rules: random people, products and proposals, judged a second time by rules written out anew. A
//! proposal that passes the gate and fails the second judge is a breach.

use super::{Class, Grade, Policy, Position, Product, ProductKind, State, matching};
use crate::calendar::Day;
use crate::profile::RiskProfile;
use crate::random::Random;

/// What a trial counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trial {
    /// Proposals the gate let through.
    pub permitted: u64,
    /// Proposals it refused.
    pub refused: u64,
    /// Let through against the rules: must be 0.
    pub breaches: u64,
}

/// Runs `count` random proposals through the gate from a seed.
pub fn breaches(seed: u64, count: u64) -> Trial {
    let mut random = Random::new(seed);
    let policy = Policy::default();
    let mut trial = Trial::default();
    let mut products: Vec<Product> = (0..40)
        .map(|i| {
            product(
                &format!("F{i:02}"),
                Grade::ALL[i % 5],
                [ProductKind::Money, ProductKind::Index, ProductKind::Active][i % 3],
            )
        })
        .collect();
    for round in 0..count {
        if round % 16 == 0 {
            // The list itself changes all the time.
            let some = random.below(products.len());
            products[some].issuer_grade = Grade::ALL[random.below(5)];
            products[some].own_grade = Grade::ALL[random.below(5)];
            products[some].state =
                [State::Open, State::Open, State::Open, State::Limited, State::Suspended][random.below(5)];
        }
        let class = Class::ALL[random.below(5)];
        let mut person = profile(class, class == Class::C1 && random.below(2) == 0);
        person.expires = Day(50 + random.below(400) as i32);
        let today = Day(100);
        let person = (random.below(50) > 0).then_some(person);
        let calm = random.below(3) > 0;
        let mut positions: Vec<Position> = Vec::with_capacity(8);
        for _ in 0..1 + random.below(8) {
            let mut chosen = random.below(products.len());
            if calm && products[chosen].grade() > class.grade_max() {
                chosen = random.below(products.len());
            }
            let value = random.below(1_000_000) as i64;
            let bought = if random.below(3) == 0 { 0 } else { 1 + random.below(value as usize + 1) as i64 };
            positions.push(Position {
                product: &products[chosen],
                value_minor: value.max(bought),
                bought_minor: bought,
            });
        }
        let loss = (random.below(3) > 0).then(|| random.below(if calm { 1_200 } else { 5_000 }) as i64);
        let permitted = matching(person.as_ref(), today, &policy, &positions, loss).permit().is_ok();
        trial.permitted += u64::from(permitted);
        trial.refused += u64::from(!permitted);
        trial.breaches += u64::from(permitted && !lawful(person.as_ref(), today, &positions, loss));
    }
    trial
}

/// The rules once more, in other words and plain numbers.
fn lawful(person: Option<&RiskProfile>, today: Day, positions: &[Position], loss: Option<i64>) -> bool {
    let bought: Vec<&Position> = positions.iter().filter(|p| p.bought_minor > 0).collect();
    if bought.is_empty() {
        return true;
    }
    let Some(person) = person else { return false };
    let rank = match person.class {
        Class::C1 => 1,
        Class::C2 => 2,
        Class::C3 => 3,
        Class::C4 => 4,
        Class::C5 => 5,
    };
    let grade = |p: &Product| (p.issuer_grade as i64).max(p.own_grade as i64) + 1;
    let whole: f64 = positions.iter().map(|p| p.value_minor as f64).sum();
    let mean = positions.iter().map(|p| p.value_minor as f64 / whole * grade(p.product) as f64).sum::<f64>();
    let most = if person.lowest { 1 } else { rank };
    today.0 < person.expires.0
        && bought.iter().all(|p| grade(p.product) <= most)
        && bought.iter().all(|p| matches!(p.product.state, State::Open))
        && bought.iter().all(|p| {
            matches!(p.product.kind, ProductKind::Money | ProductKind::Index)
                || p.value_minor as f64 <= 0.2 * whole + 0.5
        })
        && mean <= most as f64 + 1e-6
        && loss.is_none_or(|l| l <= [0, 500, 1_500, 2_500, 3_700][rank as usize - 1])
}

pub(super) fn profile(class: Class, lowest: bool) -> RiskProfile {
    RiskProfile {
        class,
        lowest,
        capacity: 50,
        willingness: 50,
        knowledge: 100,
        contradictions: Vec::new(),
        caps: Vec::new(),
        reasons: Vec::new(),
        expires: Day(365),
        questionnaire: "2026-1".into(),
    }
}

pub(super) fn product(code: &str, grade: Grade, kind: ProductKind) -> Product {
    Product {
        code: code.into(),
        class: "equity".into(),
        kind,
        issuer_grade: grade,
        own_grade: grade,
        yearly_cost_bp: 50,
        purchase_fee_bp: 0,
        redemption_fees: Vec::new(),
        minimum_minor: 1,
        step_minor: 1,
        state: State::Open,
    }
}
