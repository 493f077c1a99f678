//! Laying the leaves of a cluster tree in a line: as the tree stands, with parts turned at each merge, or with the
//! least sum of distances between neighbours (Bar-Joseph, Gifford, Jaakkola 2001). It knows no weights.

use crate::matrix::Matrix;

/// Leaves in the order of the tree, first branch first.
pub(super) fn tree(n: usize, merges: &[(usize, usize)]) -> Vec<usize> {
    let mut leaves = Vec::with_capacity(n);
    let mut stack = vec![n + merges.len() - 1];
    while let Some(node) = stack.pop() {
        if node < n {
            leaves.push(node);
        } else {
            let (a, b) = merges[node - n];
            stack.push(b);
            stack.push(a);
        }
    }
    leaves
}

/// Leaves with the least sum of neighbours' distances that the tree allows; the root's first branch stays first.
pub(super) fn optimal(distance: &Matrix, merges: &[(usize, usize)]) -> Vec<usize> {
    let n = distance.rows();
    if n < 3 {
        return tree(n, merges);
    }
    let ways = Ways::new(distance, merges);
    let (u, w) = ways.best_ends(merges[merges.len() - 1]);
    let mut leaves = Vec::with_capacity(n);
    ways.lay(distance, ways.members.len() - 1, u, w, &mut leaves);
    leaves
}

/// Each merge chooses its best end leaves and only turns its two parts for them; what lies deeper stays.
pub(super) fn turned(distance: &Matrix, merges: &[(usize, usize)]) -> Vec<usize> {
    let n = distance.rows();
    let ways = Ways::new(distance, merges);
    let mut lines: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    for (a, b) in merges {
        let (u, w) = ways.best_ends((*a, *b));
        let (mut first, mut second) = (lines[*a].clone(), lines[*b].clone());
        if ways.branches[*a].is_some_and(|(_, late)| ways.members[late].contains(&u)) {
            first.reverse();
        }
        if ways.branches[*b].is_some_and(|(early, _)| ways.members[early].contains(&w)) {
            second.reverse();
        }
        first.append(&mut second);
        lines.push(first);
    }
    lines.pop().unwrap_or_default()
}

/// For every cluster and two end leaves the least sum between them.
struct Ways {
    /// cost(u, w): for the smallest cluster holding both, u leftmost and w rightmost.
    cost: Matrix,
    /// Leaves of each cluster in the order of the tree.
    members: Vec<Vec<usize>>,
    branches: Vec<Option<(usize, usize)>>,
}

impl Ways {
    fn new(distance: &Matrix, merges: &[(usize, usize)]) -> Ways {
        let n = distance.rows();
        let members = (0..n).map(|i| vec![i]).collect();
        let mut ways = Ways { cost: Matrix::zeros(n, n), members, branches: vec![None; n] };
        for (a, b) in merges {
            ways.join(distance, (*a, *b));
            let all = ways.members[*a].iter().chain(&ways.members[*b]).copied().collect();
            ways.members.push(all);
            ways.branches.push(Some((*a, *b)));
        }
        ways
    }

    /// Which leaves can stand at the far end of `node` when `near` stands at the near one.
    fn far_ends(&self, node: usize, near: usize) -> &[usize] {
        match self.branches[node] {
            None => &self.members[node],
            Some((a, b)) if self.members[a].contains(&near) => &self.members[b],
            Some((a, _)) => &self.members[a],
        }
    }

    fn join(&mut self, distance: &Matrix, (a, b): (usize, usize)) {
        let mut found = Vec::new();
        for u in &self.members[a] {
            let inner = self.far_ends(a, *u);
            // Best way from u through all of a to stand beside leaf k of b.
            let beside = |k: usize| {
                let sums = inner.iter().map(|m| self.cost.at(*u, *m) + distance.at(*m, k));
                sums.fold(f64::INFINITY, f64::min)
            };
            let mut reach = vec![0.0; distance.rows()];
            self.members[b].iter().for_each(|k| reach[*k] = beside(*k));
            for w in &self.members[b] {
                let sums = self.far_ends(b, *w).iter().map(|k| reach[*k] + self.cost.at(*k, *w));
                found.push((*u, *w, sums.fold(f64::INFINITY, f64::min)));
            }
        }
        for (u, w, sum) in found {
            self.cost.set(u, w, sum);
            self.cost.set(w, u, sum);
        }
    }

    /// The best leftmost leaf of the first part and rightmost of the second.
    fn best_ends(&self, (a, b): (usize, usize)) -> (usize, usize) {
        let mut best = (f64::INFINITY, self.members[a][0], self.members[b][0]);
        for u in &self.members[a] {
            for w in &self.members[b] {
                if self.cost.at(*u, *w) < best.0 {
                    best = (self.cost.at(*u, *w), *u, *w);
                }
            }
        }
        (best.1, best.2)
    }

    /// Lays a cluster with `u` first and `w` last.
    fn lay(&self, distance: &Matrix, node: usize, u: usize, w: usize, out: &mut Vec<usize>) {
        let Some((a, b)) = self.branches[node] else {
            out.push(u);
            return;
        };
        let (first, second) = if self.members[a].contains(&u) { (a, b) } else { (b, a) };
        let mut best = (f64::INFINITY, u, w);
        for m in self.far_ends(first, u) {
            for k in self.far_ends(second, w) {
                let sum = self.cost.at(u, *m) + distance.at(*m, *k) + self.cost.at(*k, w);
                if sum < best.0 {
                    best = (sum, *m, *k);
                }
            }
        }
        self.lay(distance, first, u, best.1, out);
        self.lay(distance, second, best.2, w, out);
    }
}

#[cfg(test)]
mod tests;
