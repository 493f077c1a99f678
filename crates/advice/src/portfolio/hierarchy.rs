//! Hierarchical risk parity (López de Prado 2016): cluster by correlation, order the leaves, halve the order. Leaf
//! orders that carry the same name elsewhere give other weights; here each has its own.

use super::Portfolio;
use crate::matrix::Matrix;
use crate::moments::Moments;
use crate::refusal::{Code, Refusal};

mod order;

/// How the distance of two clusters follows from that of their parts (Lance and Williams 1967).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linkage {
    /// The closest members.
    Single,
    /// The farthest members.
    Complete,
    /// The mean over all pairs.
    Average,
    /// The growth of the sum of squares.
    Ward,
}

/// How the leaves of the tree are laid in a line before it is halved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafOrder {
    /// As the merges leave them, the older cluster first (PyPortfolioOpt, Riskfolio).
    Tree,
    /// Each merge turns its two parts so that they fit best, the parts themselves unchanged: what SciPy's
    /// `optimal_leaf_ordering`, and so skfolio, does.
    Turned,
    /// Neighbours as close as the tree allows at all (Bar-Joseph 2001).
    Optimal,
}

impl Linkage {
    /// The name used in records.
    pub fn name(self) -> &'static str {
        match self {
            Linkage::Single => "single",
            Linkage::Complete => "complete",
            Linkage::Average => "average",
            Linkage::Ward => "Ward",
        }
    }
}

impl LeafOrder {
    /// The name used in records.
    pub fn name(self) -> &'static str {
        match self {
            LeafOrder::Tree => "tree order (as PyPortfolioOpt)",
            LeafOrder::Turned => "parts turned at each merge (as SciPy and skfolio)",
            LeafOrder::Optimal => "optimal leaf order",
        }
    }
}

/// Hierarchical risk parity with inverse-variance weights inside each half.
pub fn hierarchical(moments: &Moments, linkage: Linkage, order: LeafOrder) -> Result<Portfolio, Refusal> {
    let n = moments.assets();
    if let Some(still) = (0..n).find(|i| moments.covariance.at(*i, *i) <= 0.0) {
        let message = format!("{} never moves.", moments.names[still]);
        return Err(
            Refusal::new(Code::CovarianceNotPd, "hierarchical risk parity", message).remedy("Leave it out.")
        );
    }
    let correlation = moments.correlations();
    let mut distance = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let value = if i == j { 0.0 } else { (0.5 * (1.0 - correlation.at(i, j))).max(0.0).sqrt() };
            distance.set(i, j, value);
        }
    }
    let tree = merges(&distance, linkage);
    let leaves = match order {
        LeafOrder::Tree => order::tree(n, &tree),
        LeafOrder::Turned => order::turned(&distance, &tree),
        LeafOrder::Optimal => order::optimal(&distance, &tree),
    };
    let mut weights = vec![1.0; n];
    halve(&moments.covariance, &leaves, &mut weights);
    let method = format!(
        "hierarchical risk parity, {} linkage, {}; {}",
        linkage.name(),
        order.name(),
        moments.estimator.name()
    );
    Ok(Portfolio { method, names: moments.names.clone(), weights, certificate: None, search_gap: 0.0 })
}

/// The merges of agglomerative clustering: pairs of cluster numbers, the smaller first; leaves are 0..n and merge k
/// makes cluster n + k. Equal distances take the first pair.
fn merges(distance: &Matrix, linkage: Linkage) -> Vec<(usize, usize)> {
    let n = distance.rows();
    let mut between = distance.clone();
    // (cluster number, size) of each row still in use.
    let mut clusters: Vec<Option<(usize, f64)>> = (0..n).map(|i| Some((i, 1.0))).collect();
    let mut tree = Vec::with_capacity(n.saturating_sub(1));
    for step in 1..n {
        let mut nearest = (f64::INFINITY, 0, 0);
        for i in (0..n).filter(|i| clusters[*i].is_some()) {
            for j in (i + 1..n).filter(|j| clusters[*j].is_some()) {
                if between.at(i, j) < nearest.0 {
                    nearest = (between.at(i, j), i, j);
                }
            }
        }
        let (apart, i, j) = nearest;
        let (Some(a), Some(b)) = (clusters[i], clusters[j]) else { break };
        for (k, other) in clusters.iter().enumerate() {
            let Some(other) = other else { continue };
            if k == i || k == j {
                continue;
            }
            let (to_a, to_b) = (between.at(i, k), between.at(j, k));
            let value = match linkage {
                Linkage::Single => to_a.min(to_b),
                Linkage::Complete => to_a.max(to_b),
                Linkage::Average => (a.1 * to_a + b.1 * to_b) / (a.1 + b.1),
                Linkage::Ward => {
                    let total = a.1 + b.1 + other.1;
                    let sum = (a.1 + other.1) * to_a * to_a + (b.1 + other.1) * to_b * to_b;
                    ((sum - other.1 * apart * apart) / total).max(0.0).sqrt()
                }
            };
            between.set(i, k, value);
            between.set(k, i, value);
        }
        tree.push((a.0.min(b.0), a.0.max(b.0)));
        clusters[i] = Some((n + step - 1, a.1 + b.1));
        clusters[j] = None;
    }
    tree
}

/// Splits the line in the middle and shares the weight by the inverse of each half's variance, down to single assets.
fn halve(covariance: &Matrix, leaves: &[usize], weights: &mut [f64]) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = leaves.split_at(leaves.len() / 2);
    let (a, b) = (cluster_variance(covariance, left), cluster_variance(covariance, right));
    let share = if a + b > 0.0 { 1.0 - a / (a + b) } else { 0.5 };
    left.iter().for_each(|i| weights[*i] *= share);
    right.iter().for_each(|i| weights[*i] *= 1.0 - share);
    halve(covariance, left, weights);
    halve(covariance, right, weights);
}

fn cluster_variance(covariance: &Matrix, members: &[usize]) -> f64 {
    let inverse: Vec<f64> = members.iter().map(|i| 1.0 / covariance.at(*i, *i)).collect();
    let total: f64 = inverse.iter().sum();
    let mut sum = 0.0;
    for (a, i) in members.iter().enumerate() {
        for (b, j) in members.iter().enumerate() {
            sum += inverse[a] * inverse[b] * covariance.at(*i, *j);
        }
    }
    sum / (total * total)
}
