//! At most so many assets, each either absent or of a least size: branch and bound on the exact programme. The bound
//! spreads each asset's own variance over the places left (perspective bound), which prunes far more than
//! leaving the count out.

use super::{Portfolio, Setting};
use crate::matrix::Matrix;
use crate::quadratic::{Programme, Solution};
use crate::refusal::{Code, Refusal};

/// How many assets, how small each may be, and how long the search may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Few {
    /// Assets at most.
    pub assets_max: usize,
    /// Least weight of an asset that is held; 0 for none.
    pub weight_min: f64,
    /// Programmes solved at most; the gap left is stated if this ends the search.
    pub nodes_max: usize,
}

/// Least variance with few assets. `search_gap` is 0 when proven.
pub fn few_assets(setting: &Setting, few: &Few) -> Result<Portfolio, Refusal> {
    let n = setting.moments.assets();
    if few.assets_max == 0 || !(0.0..=1.0).contains(&few.weight_min) {
        return Err(Refusal::new(
            Code::OutOfRange,
            "number of assets",
            "At least one asset must be allowed.",
        )
        .found(1.0, few.assets_max as f64)
        .nearest(1.0));
    }
    if few.weight_min * few.assets_max as f64 > 1.0 && few.weight_min > 1.0 {
        return Err(Refusal::new(Code::Infeasible, "least weight", "The least weight is above the whole."));
    }
    let programme = setting.programme(vec![0.0; n])?;
    let whole = programme.solve()?;
    let mut search = Search {
        programme: &programme,
        few,
        own: own_variance(programme.quadratic),
        best: None,
        nodes: 0,
        open: f64::INFINITY,
    };
    let mut states = vec![State::Open; n];
    // A bound above zero on an asset means it is in whatever happens.
    for (state, lower) in states.iter_mut().zip(&programme.lower) {
        if *lower > 0.0 {
            *state = State::In;
        }
    }
    search.propose(&states, &whole.x);
    search.visit(&mut states);
    let (nodes, open) = (search.nodes, search.open);
    let Some(best) = search.best else {
        return Err(Refusal::new(
            if open.is_finite() { Code::NodeLimit } else { Code::Infeasible },
            "number of assets",
            "No admissible portfolio holds this few assets.",
        )
        .found(few.assets_max as f64, whole.x.iter().filter(|x| **x > 0.0).count() as f64)
        .remedy("Allow more assets or wider bounds."));
    };
    let gap = if open < best.objective { (best.objective - open) / best.objective.abs() } else { 0.0 };
    Ok(Portfolio {
        method: format!(
            "minimum variance, at most {} assets, least weight {}, {nodes} nodes; {}",
            few.assets_max,
            few.weight_min,
            setting.moments.estimator.name()
        ),
        names: setting.moments.names.clone(),
        weights: best.x,
        certificate: Some(best.certificate),
        search_gap: gap,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    In,
    Out,
}

struct Search<'a> {
    programme: &'a Programme<'a>,
    few: &'a Few,
    own: Vec<f64>,
    best: Option<Solution>,
    nodes: usize,
    /// Least bound among branches not searched to their end.
    open: f64,
}

impl Search<'_> {
    fn visit(&mut self, states: &mut Vec<State>) {
        let inside = count(states, State::In);
        if inside > self.few.assets_max {
            return;
        }
        if inside == self.few.assets_max {
            let only: Vec<State> =
                states.iter().map(|s| if *s == State::Open { State::Out } else { *s }).collect();
            self.settle(&only);
            return;
        }
        let Some(bound) = self.bound(states) else { return };
        if self.best.as_ref().is_some_and(|b| bound.objective >= b.objective - 1e-12 * b.objective.abs()) {
            return;
        }
        if self.nodes >= self.few.nodes_max {
            self.open = self.open.min(bound.objective);
            return;
        }
        self.propose(states, &bound.x);
        let crowded = states.len() - count(states, State::Out) > self.few.assets_max;
        let undecided = |i: &usize| {
            let x = bound.x[*i];
            states[*i] == State::Open && x > 1e-12 && (crowded || x < self.few.weight_min)
        };
        let next = (0..states.len())
            .filter(undecided)
            .max_by(|a, b| bound.x[*a].total_cmp(&bound.x[*b]).then(b.cmp(a)));
        let Some(next) = next else {
            self.settle_support(states, &bound.x);
            return;
        };
        for state in [State::In, State::Out] {
            states[next] = state;
            self.visit(states);
        }
        states[next] = State::Open;
    }

    /// The relaxation's bound: exact where the count no longer binds.
    fn bound(&mut self, states: &[State]) -> Option<Solution> {
        let places: Vec<usize> = (0..states.len()).filter(|i| states[*i] != State::Out).collect();
        let inside = count(states, State::In);
        let mut matrix = self.programme.quadratic.part(&places);
        if places.len() > self.few.assets_max {
            let left = (self.few.assets_max - inside) as f64;
            let root: Vec<f64> = places
                .iter()
                .map(|i| if states[*i] == State::Open { self.own[*i].sqrt() } else { 0.0 })
                .collect();
            for (a, ra) in root.iter().enumerate() {
                for (b, rb) in root.iter().enumerate() {
                    let value = matrix.at(a, b) + ra * rb / left - if a == b { ra * ra } else { 0.0 };
                    matrix.set(a, b, value);
                }
            }
        }
        self.solve(&places, states, &matrix)
    }

    /// Solves exactly with the assets that are in, and keeps the result if it is the best.
    fn settle(&mut self, states: &[State]) {
        let places: Vec<usize> = (0..states.len()).filter(|i| states[*i] == State::In).collect();
        if places.is_empty() {
            return;
        }
        let matrix = self.programme.quadratic.part(&places);
        if let Some(mut solution) = self.solve(&places, states, &matrix) {
            solution.objective = self.programme.objective(&solution.x);
            if self.best.as_ref().is_none_or(|best| solution.objective < best.objective) {
                self.best = Some(solution);
            }
        }
    }

    fn settle_support(&mut self, states: &[State], x: &[f64]) {
        let support: Vec<State> =
            states
                .iter()
                .zip(x)
                .map(|(s, x)| {
                    if *s == State::In || (*s == State::Open && *x > 1e-12) { State::In } else { State::Out }
                })
                .collect();
        self.settle(&support);
    }

    /// Tries the largest weights of a relaxation, then single exchanges, for a good portfolio early.
    fn propose(&mut self, states: &[State], x: &[f64]) {
        if self.best.is_some() && !self.nodes.is_multiple_of(64) {
            return;
        }
        let mut ranked: Vec<usize> = (0..x.len()).filter(|i| states[*i] == State::Open).collect();
        ranked.sort_by(|a, b| x[*b].total_cmp(&x[*a]).then(a.cmp(b)));
        let mut trial: Vec<State> =
            states.iter().map(|s| if *s == State::In { State::In } else { State::Out }).collect();
        let room = self.few.assets_max.saturating_sub(count(states, State::In));
        ranked.iter().take(room).for_each(|i| trial[*i] = State::In);
        self.settle(&trial);
        let (chosen, others) = ranked.split_at(room.min(ranked.len()));
        for out in chosen.iter().rev().take(3) {
            for new in others.iter().take(6) {
                let mut swapped = trial.clone();
                swapped[*out] = State::Out;
                swapped[*new] = State::In;
                self.settle(&swapped);
            }
        }
    }

    fn solve(&mut self, places: &[usize], states: &[State], matrix: &Matrix) -> Option<Solution> {
        self.nodes += 1;
        let pick = |list: &[f64]| places.iter().map(|i| list[*i]).collect::<Vec<f64>>();
        let mut rows = self.programme.rows.clone();
        rows.iter_mut().for_each(|row| row.coefficients = pick(&row.coefficients));
        let costs = self.programme.costs.as_ref().map(|c| crate::quadratic::Costs {
            held: pick(&c.held),
            buy: pick(&c.buy),
            sell: pick(&c.sell),
        });
        let lower = places
            .iter()
            .map(|i| match states[*i] {
                State::In => self.programme.lower[*i].max(self.few.weight_min.min(self.programme.upper[*i])),
                _ => self.programme.lower[*i],
            })
            .collect();
        let small = Programme {
            quadratic: matrix,
            linear: pick(&self.programme.linear),
            lower,
            upper: pick(&self.programme.upper),
            rows,
            costs,
        };
        let mut solution = small.solve().ok()?;
        let mut x = vec![0.0; states.len()];
        places.iter().zip(&solution.x).for_each(|(i, value)| x[*i] = *value);
        for active in &mut solution.certificate.active {
            active.variable = active.variable.map(|v| places[v]);
        }
        if let Some(costs) = &self.programme.costs {
            // Selling what is left out is paid in full.
            let sold: f64 =
                (0..x.len()).filter(|i| !places.contains(i)).map(|i| costs.sell[i] * costs.held[i]).sum();
            solution.objective += sold;
        }
        solution.x = x;
        Some(solution)
    }
}

fn count(states: &[State], wanted: State) -> usize {
    states.iter().filter(|s| **s == wanted).count()
}

/// A diagonal that can be taken from the covariance and leaves it positive semidefinite: the largest multiple of the
/// variances each asset has of its own, 1/(Σ⁻¹)ᵢᵢ. All zero if the covariance is singular.
fn own_variance(covariance: &Matrix) -> Vec<f64> {
    let n = covariance.rows();
    let Ok(factor) = covariance.cholesky() else { return vec![0.0; n] };
    let own: Vec<f64> = (0..n)
        .map(|i| {
            let mut unit = vec![0.0; n];
            unit[i] = 1.0;
            1.0 / factor.solve(&unit)[i]
        })
        .collect();
    let leaves_positive = |share: f64| {
        let mut rest = covariance.clone();
        for (i, o) in own.iter().enumerate() {
            rest.set(i, i, covariance.at(i, i) - share * o);
        }
        rest.cholesky().is_ok()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if leaves_positive(middle) { low = middle } else { high = middle }
    }
    own.iter().map(|o| o * low * 0.999_999).collect()
}
