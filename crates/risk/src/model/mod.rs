//! A boosted ensemble of small trees: scored in nanoseconds by integer sums, explained by contributions that add up to
//! the score exactly. Does not know how it is trained or who may publish it.

pub mod bins;
pub mod calibration;
pub mod drift;
mod flat;
pub mod leak;
pub mod metrics;
pub mod protocol;
mod text;
pub mod train;

use crate::expression::{Kind, Schema};
use crate::{Contribution, Error};
pub use flat::Scorer;

use calibration::Calibration;
use drift::Profile;

/// Most features a model may read: its input is a fixed row.
pub const INPUTS: usize = 256;
/// Deepest tree.
pub const DEPTH_MAX: usize = 8;
/// Most trees.
pub const TREES_MAX: usize = 2_000;

/// A trained model, as it is written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Key of the feature declarations it was trained on.
    pub features: u64,
    /// Names of its inputs.
    pub inputs: Vec<String>,
    /// Depth of every tree.
    pub depth: usize,
    /// Score before any tree, millionths of log odds.
    pub base_micro: i64,
    /// Complete trees, nodes in level order.
    pub trees: Vec<Tree>,
    /// From score to probability.
    pub calibration: Calibration,
    /// What the inputs looked like in training.
    pub profile: Profile,
    /// What it was trained on and how it did, for people: lines of `name value`.
    pub notes: Vec<String>,
}

/// One complete tree. `nodes` holds inner nodes in level order, `values` those nodes' means and then the leaves, in
/// millionths of log odds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    /// Inner nodes.
    pub nodes: Vec<Node>,
    /// Means of inner nodes, then leaves.
    pub values: Vec<i32>,
}

/// Goes right where the input is greater than the threshold; a missing input (NaN) goes left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Greatest value that goes left.
    pub threshold: f32,
    /// Number of the input.
    pub input: u8,
}

impl Default for Node {
    /// A node that sends everything left: the filling of a branch that ends early.
    fn default() -> Self {
        Self { threshold: f32::INFINITY, input: 0 }
    }
}

/// One row of inputs.
pub type Row = [f32; INPUTS];

impl Model {
    /// Score of a row: base plus one leaf of each tree, millionths of log odds.
    #[must_use]
    pub fn score(&self, row: &Row) -> i64 {
        let inner = (1usize << self.depth) - 1;
        let mut sum = 0i64;
        for tree in &self.trees {
            let (nodes, values) = (&tree.nodes[..inner], &tree.values[..2 * inner + 1]);
            let mut at = 0usize;
            while at < inner {
                let node = nodes[at];
                at = 2 * at + 1 + usize::from(row[usize::from(node.input)] > node.threshold);
            }
            sum += i64::from(values[at]);
        }
        self.base_micro + sum
    }

    /// How much each input moved the score along the trees' paths, in input order. [`Model::rest`] plus their sum is
    /// the score, to the last digit.
    #[must_use]
    pub fn contributions(&self, row: &Row) -> Vec<i64> {
        let inner = (1usize << self.depth) - 1;
        let mut moved = vec![0i64; self.inputs.len()];
        for tree in &self.trees {
            let mut at = 0usize;
            while at < inner {
                let node = tree.nodes[at];
                let next = 2 * at + 1 + usize::from(row[usize::from(node.input)] > node.threshold);
                if let Some(moved) = moved.get_mut(usize::from(node.input)) {
                    *moved += i64::from(tree.values[next]) - i64::from(tree.values[at]);
                }
                at = next;
            }
        }
        moved
    }

    /// The score of a payment of which nothing is known: the base and every tree's mean.
    #[must_use]
    pub fn rest(&self) -> i64 {
        self.base_micro + self.trees.iter().map(|tree| i64::from(tree.values[0])).sum::<i64>()
    }

    /// Binds the inputs to slots.
    ///
    /// # Errors
    /// [`Error::Whole`] when the model was trained on other features than the schema's.
    pub fn bind(&self, schema: &Schema, features: u64) -> Result<Inputs, Error> {
        if self.features != features {
            let what = format!(
                "the model was trained on features {:016x}, these are {features:016x}",
                self.features
            );
            return Err(Error::Whole(what));
        }
        Inputs::bind(&self.inputs, schema)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`Error::Line`] where the file is not one this version writes.
    pub fn parse(file: &str) -> Result<Self, Error> {
        text::parse(file)
    }

    /// Writes the model file: the same model, the same text.
    #[must_use]
    pub fn write(&self) -> String {
        text::write(self)
    }
}

/// Where a model's inputs lie among the slots.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    slots: Vec<(u16, bool)>,
}

impl Inputs {
    /// Finds named inputs.
    ///
    /// # Errors
    /// [`Error::Whole`] for a name that is not a number among the facts and features.
    pub fn bind(names: &[String], schema: &Schema) -> Result<Self, Error> {
        let slot = |name: &String| match schema.slot(name) {
            Some((slot, kind @ (Kind::Int | Kind::Double))) => Ok((slot, kind == Kind::Double)),
            Some((_, kind)) => Err(Error::Whole(format!("input {name} is {}, not a number", kind.word()))),
            None => Err(Error::Whole(format!("input {name} is not a declared fact or feature"))),
        };
        if names.len() > INPUTS {
            return Err(Error::Whole(format!("{} inputs, the bound is {INPUTS}", names.len())));
        }
        Ok(Self { slots: names.iter().map(slot).collect::<Result<_, _>>()? })
    }

    /// Copies the inputs out of the slots.
    pub fn row(&self, slots: &[i64], row: &mut Row) {
        for (to, (slot, double)) in row.iter_mut().zip(&self.slots) {
            let bits = slots[usize::from(*slot)];
            *to = if *double { f64::from_bits(bits as u64) as f32 } else { bits as f32 };
        }
    }

    /// Contributions by slot, strongest first, at most `most`.
    #[must_use]
    pub fn strongest(&self, contributions: &[i64], most: usize) -> Vec<Contribution> {
        let mut all: Vec<Contribution> = self
            .slots
            .iter()
            .zip(contributions)
            .filter(|(_, micro)| **micro != 0)
            .map(|((slot, _), micro)| Contribution { slot: *slot, micro: *micro })
            .collect();
        all.sort_by_key(|one| (std::cmp::Reverse(one.micro.abs()), one.slot));
        all.truncate(most);
        all
    }
}

/// e to the power of x from nothing but products and sums, so that every machine trains the same model.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let twos = (x * std::f64::consts::LOG2_E).round();
    let rest = x - twos * 0.693_147_180_369_123_8 - twos * 1.908_214_929_270_587_7e-10;
    let series = (1..=13).rev().fold(1.0, |sum, term| 1.0 + sum * rest / f64::from(term));
    series * f64::from_bits(((twos as i64 + 1023) as u64) << 52)
}

/// The probability of a score in log odds.
#[must_use]
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + exp(-log_odds))
}

#[cfg(test)]
mod tests;
