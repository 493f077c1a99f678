//! Grows boosted trees by Newton steps on the logistic loss (Friedman 2001; Chen and Guestrin 2016), level by level
//! over label-aware bins. The same rows and options give the same model, bit for bit.

use super::bins::{Binned, place};
use super::calibration::Calibration;
use super::drift::Profile;
use super::{DEPTH_MAX, INPUTS, Model, Node, TREES_MAX, Tree, probability};
use crate::Error;

/// How to train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Number of trees.
    pub trees: usize,
    /// Depth of each.
    pub depth: usize,
    /// Share of each Newton step taken, thousandths.
    pub rate_milli: u32,
    /// Least sum of second derivatives a child must hold.
    pub child_weight: f64,
    /// Ridge on leaf values.
    pub ridge: f64,
    /// Share of the columns each tree may use, thousandths.
    pub columns_milli: u32,
    /// Share of the genuine rows each tree sees, thousandths; frauds are too few to leave out.
    pub rows_milli: u32,
    /// Where the drawing of columns and rows begins.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trees: 100,
            depth: 3,
            rate_milli: 100,
            child_weight: 1.0,
            ridge: 1.0,
            columns_milli: 1_000,
            rows_milli: 1_000,
            seed: 1,
        }
    }
}

/// Trains on binned columns. `progress` is told after each tree how many there are.
///
/// # Errors
/// [`Error::Whole`] for options out of range, or labels that are all alike.
pub fn train(
    names: &[String],
    binned: &Binned,
    labels: &[bool],
    options: Options,
    mut progress: impl FnMut(usize),
) -> Result<Model, Error> {
    check(names, binned, labels, options)?;
    let mut scores = vec![0i64; labels.len()];
    let mut trees = Vec::with_capacity(options.trees);
    let mut grower = Grower::new(binned, options, labels.len());
    for number in 0..options.trees {
        grower.slopes(&scores, labels);
        grower.draw(labels);
        trees.push(grower.grow(&mut scores));
        progress(number + 1);
    }
    Ok(Model {
        features: 0,
        inputs: names.to_vec(),
        depth: options.depth,
        base_micro: 0,
        trees,
        calibration: Calibration::default(),
        profile: Profile::default(),
        notes: Vec::new(),
    })
}

fn check(names: &[String], binned: &Binned, labels: &[bool], options: Options) -> Result<(), Error> {
    let refuse = |what: String| Err(Error::Whole(what));
    if names.is_empty() || names.len() > INPUTS || names.len() != binned.columns.len() {
        return refuse(format!(
            "{} inputs for {} columns; at most {INPUTS}",
            names.len(),
            binned.columns.len()
        ));
    }
    if binned.columns.iter().any(|column| column.len() != labels.len()) {
        return refuse("columns and labels differ in length".into());
    }
    let frauds = labels.iter().filter(|label| **label).count();
    if frauds == 0 || frauds == labels.len() {
        return refuse(format!("{frauds} of {} rows are labelled fraud: nothing to learn", labels.len()));
    }
    if !(1..=DEPTH_MAX).contains(&options.depth) || !(1..=TREES_MAX).contains(&options.trees) {
        return refuse(format!("depth 1 to {DEPTH_MAX} and 1 to {TREES_MAX} trees"));
    }
    if !(1..=1_000).contains(&options.columns_milli) || !(1..=1_000).contains(&options.rows_milli) {
        return refuse("shares of columns and rows above 0 and at most 1".into());
    }
    if !(1..=1_000).contains(&options.rate_milli) || options.ridge < 0.0 || options.child_weight < 0.0 {
        return refuse("rate above 0 and at most 1, ridge and child weight not negative".into());
    }
    Ok(())
}

/// Sums of first and second derivatives.
type Slope = [f64; 2];

struct Grower<'a> {
    binned: &'a Binned,
    options: Options,
    /// Where each column's bins begin in a histogram.
    starts: Vec<usize>,
    slopes: Vec<Slope>,
    rows: Vec<u32>,
    /// Which columns this tree may use.
    used: Vec<bool>,
    state: u64,
}

/// A node that may still split: its rows, its histogram and where it stands in the tree.
struct Open {
    at: usize,
    from: usize,
    to: usize,
    sum: Slope,
    histogram: Vec<Slope>,
}

struct Split {
    gain: f64,
    column: usize,
    bin: u16,
    left: Slope,
}

impl<'a> Grower<'a> {
    fn new(binned: &'a Binned, options: Options, rows: usize) -> Self {
        let mut starts = vec![0];
        for cuts in &binned.cuts {
            starts.push(starts[starts.len() - 1] + cuts.len() + 1);
        }
        Self {
            binned,
            options,
            starts,
            slopes: vec![[0.0; 2]; rows],
            rows: Vec::new(),
            used: Vec::new(),
            state: options.seed,
        }
    }

    fn slopes(&mut self, scores: &[i64], labels: &[bool]) {
        for ((slope, score), label) in self.slopes.iter_mut().zip(scores).zip(labels) {
            let p = probability(*score as f64 / 1e6);
            *slope = [p - f64::from(u8::from(*label)), p * (1.0 - p)];
        }
    }

    /// Draws the columns and rows of the next tree. The genuine rows drawn stand for those that were not.
    fn draw(&mut self, labels: &[bool]) {
        let Options { columns_milli, rows_milli, .. } = self.options;
        let columns = self.binned.columns.len();
        self.used = (0..columns).map(|_| self.chance(columns_milli)).collect();
        if !self.used.contains(&true) {
            self.used = vec![true; columns];
        }
        self.rows.clear();
        for (row, fraud) in labels.iter().enumerate() {
            if *fraud || self.chance(rows_milli) {
                self.rows.push(row as u32);
                if !fraud && rows_milli < 1_000 {
                    self.slopes[row] = self.slopes[row].map(|slope| slope * 1_000.0 / f64::from(rows_milli));
                }
            }
        }
    }

    /// True in so many of a thousand draws (a counter, mixed as by splitmix64).
    fn chance(&mut self, milli: u32) -> bool {
        if milli >= 1_000 {
            return true;
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 1_000 < u64::from(milli)
    }

    /// Grows one tree and adds its leaves to the scores.
    fn grow(&mut self, scores: &mut [i64]) -> Tree {
        let inner = (1 << self.options.depth) - 1;
        let mut tree = Tree { nodes: vec![Node::default(); inner], values: vec![0; 2 * inner + 1] };
        let mut weights = vec![0.0; 2 * inner + 1];
        let count = self.rows.len();
        let drawn = self.rows.iter().map(|row| self.slopes[*row as usize]);
        let sum = drawn.fold([0.0; 2], |sum, slope| [sum[0] + slope[0], sum[1] + slope[1]]);
        let histogram = self.histogram(0, count);
        let mut open = vec![Open { at: 0, from: 0, to: count, sum, histogram }];
        for level in 0..=self.options.depth {
            let mut next = Vec::new();
            for node in open {
                let split = if level < self.options.depth { self.split(&node) } else { None };
                match split {
                    Some(split) => {
                        tree.nodes[node.at] = Node {
                            threshold: self.binned.cuts[split.column][usize::from(split.bin)],
                            input: split.column as u8,
                        };
                        self.part(node, &split, level + 1 < self.options.depth, &mut next);
                    }
                    None => self.leaf(&node, &mut tree, &mut weights),
                }
            }
            open = next;
        }
        means(&mut tree, &weights, inner);
        self.add(&tree, scores);
        tree
    }

    /// Writes a leaf at the leftmost end below a node, where every row of it arrives.
    fn leaf(&self, node: &Open, tree: &mut Tree, weights: &mut [f64]) {
        let step =
            -node.sum[0] / (node.sum[1] + self.options.ridge) * f64::from(self.options.rate_milli) * 1_000.0;
        let micro = step.round().clamp(-1e9, 1e9) as i32;
        let mut at = node.at;
        while at < tree.nodes.len() {
            at = 2 * at + 1;
        }
        tree.values[at] = micro;
        weights[at] = (node.to - node.from) as f64;
    }

    /// Adds a tree's leaves to the scores of all rows, drawn or not.
    fn add(&self, tree: &Tree, scores: &mut [i64]) {
        let cut = |node: &Node| place(node.threshold, &self.binned.cuts[usize::from(node.input)]);
        let cuts: Vec<u16> = tree.nodes.iter().map(cut).collect();
        for (row, score) in scores.iter_mut().enumerate() {
            let mut at = 0;
            while at < cuts.len() {
                let column = &self.binned.columns[usize::from(tree.nodes[at].input)];
                at = 2 * at + 1 + usize::from(column[row] > cuts[at]);
            }
            *score += i64::from(tree.values[at]);
        }
    }

    fn histogram(&self, from: usize, to: usize) -> Vec<Slope> {
        let mut histogram = vec![[0.0; 2]; self.starts[self.starts.len() - 1]];
        let rows = &self.rows[from..to];
        let slopes: Vec<Slope> = rows.iter().map(|row| self.slopes[*row as usize]).collect();
        let whole = rows.len() == self.slopes.len();
        for (number, (column, start)) in self.binned.columns.iter().zip(&self.starts).enumerate() {
            if !self.used[number] {
                continue;
            }
            let bins = &mut histogram[*start..];
            let mut add = |bin: u16, slope: &Slope| {
                let sum = &mut bins[usize::from(bin)];
                sum[0] += slope[0];
                sum[1] += slope[1];
            };
            if whole {
                column.iter().zip(&slopes).for_each(|(bin, slope)| add(*bin, slope));
            } else {
                rows.iter().zip(&slopes).for_each(|(row, slope)| add(column[*row as usize], slope));
            }
        }
        histogram
    }

    fn split(&self, node: &Open) -> Option<Split> {
        let ridge = self.options.ridge;
        let worth = |sum: Slope| sum[0] * sum[0] / (sum[1] + ridge);
        let whole = worth(node.sum);
        let mut best: Option<Split> = None;
        for column in (0..self.binned.columns.len()).filter(|column| self.used[*column]) {
            let bins = &node.histogram[self.starts[column]..self.starts[column + 1]];
            let mut left = [0.0; 2];
            for (bin, slope) in bins[..bins.len() - 1].iter().enumerate() {
                left = [left[0] + slope[0], left[1] + slope[1]];
                let right = [node.sum[0] - left[0], node.sum[1] - left[1]];
                if left[1] < self.options.child_weight {
                    continue;
                }
                if right[1] < self.options.child_weight {
                    break;
                }
                let gain = worth(left) + worth(right) - whole;
                if gain > best.as_ref().map_or(1e-9, |best| best.gain) {
                    best = Some(Split { gain, column, bin: bin as u16, left });
                }
            }
        }
        best
    }

    /// Parts a node's rows, keeping their order, and opens its two children. Only the smaller one is counted again.
    fn part(&mut self, node: Open, split: &Split, more: bool, next: &mut Vec<Open>) {
        let column = &self.binned.columns[split.column];
        let (left, right): (Vec<u32>, Vec<u32>) =
            self.rows[node.from..node.to].iter().partition(|row| column[**row as usize] <= split.bin);
        let middle = node.from + left.len();
        self.rows[node.from..middle].copy_from_slice(&left);
        self.rows[middle..node.to].copy_from_slice(&right);
        let rest = [node.sum[0] - split.left[0], node.sum[1] - split.left[1]];
        let (small, large) =
            if left.len() <= right.len() { ((node.from, middle), 0) } else { ((middle, node.to), 1) };
        let (counted, other) = if more {
            let counted = self.histogram(small.0, small.1);
            let mut other = node.histogram;
            other
                .iter_mut()
                .zip(&counted)
                .for_each(|(sum, part)| *sum = [sum[0] - part[0], sum[1] - part[1]]);
            (counted, other)
        } else {
            (Vec::new(), Vec::new())
        };
        let (for_left, for_right) = if large == 0 { (counted, other) } else { (other, counted) };
        next.push(Open {
            at: 2 * node.at + 1,
            from: node.from,
            to: middle,
            sum: split.left,
            histogram: for_left,
        });
        next.push(Open { at: 2 * node.at + 2, from: middle, to: node.to, sum: rest, histogram: for_right });
    }
}

/// Gives every inner node the mean of the leaves below it, weighted by the rows that came there.
fn means(tree: &mut Tree, weights: &[f64], inner: usize) {
    let mut weights = weights.to_vec();
    for at in (0..inner).rev() {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let weight = weights[left] + weights[right];
        weights[at] = weight;
        let sum =
            f64::from(tree.values[left]) * weights[left] + f64::from(tree.values[right]) * weights[right];
        tree.values[at] = if weight > 0.0 { (sum / weight).round() as i32 } else { 0 };
    }
}
