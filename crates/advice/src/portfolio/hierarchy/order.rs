//! Laying the leaves of a cluster tree in a line: as the tree stands, or with the least sum of distances between
//! neighbours (Bar-Joseph, Gifford, Jaakkola 2001).

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
    // cost(u, w): the least sum for the smallest cluster holding both, u leftmost and w rightmost.
    let mut cost = Matrix::zeros(n, n);
    let mut members: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    let mut branches: Vec<Option<(usize, usize)>> = vec![None; n];
    for (a, b) in merges {
        join(distance, &mut cost, &members, &branches, (*a, *b));
        let all = members[*a].iter().chain(&members[*b]).copied().collect();
        members.push(all);
        branches.push(Some((*a, *b)));
    }
    let (a, b) = merges[merges.len() - 1];
    let mut best = (f64::INFINITY, 0, 0);
    for u in &members[a] {
        for w in &members[b] {
            if cost.at(*u, *w) < best.0 {
                best = (cost.at(*u, *w), *u, *w);
            }
        }
    }
    let line = Line { distance, cost: &cost, members: &members, branches: &branches };
    let mut leaves = Vec::with_capacity(n);
    line.lay(members.len() - 1, best.1, best.2, &mut leaves);
    leaves
}

/// Which leaves can stand at the far end of `node` when `near` stands at the near one.
fn far_ends<'a>(
    members: &'a [Vec<usize>],
    branches: &[Option<(usize, usize)>],
    node: usize,
    near: usize,
) -> &'a [usize] {
    match branches[node] {
        None => &members[node],
        Some((a, b)) if members[a].contains(&near) => &members[b],
        Some((a, _)) => &members[a],
    }
}

fn join(
    distance: &Matrix,
    cost: &mut Matrix,
    members: &[Vec<usize>],
    branches: &[Option<(usize, usize)>],
    (a, b): (usize, usize),
) {
    for u in &members[a] {
        let inner = far_ends(members, branches, a, *u);
        // Best way from u through all of a to stand beside leaf k of b.
        let reach: Vec<(usize, f64)> = members[b]
            .iter()
            .map(|k| {
                let best =
                    inner.iter().map(|m| cost.at(*u, *m) + distance.at(*m, *k)).fold(f64::INFINITY, f64::min);
                (*k, best)
            })
            .collect();
        for w in &members[b] {
            let starts = far_ends(members, branches, b, *w);
            let best = reach
                .iter()
                .filter(|(k, _)| starts.contains(k))
                .map(|(k, sum)| sum + cost.at(*k, *w))
                .fold(f64::INFINITY, f64::min);
            cost.set(*u, *w, best);
            cost.set(*w, *u, best);
        }
    }
}

struct Line<'a> {
    distance: &'a Matrix,
    cost: &'a Matrix,
    members: &'a [Vec<usize>],
    branches: &'a [Option<(usize, usize)>],
}

impl Line<'_> {
    /// Lays a cluster with `u` first and `w` last.
    fn lay(&self, node: usize, u: usize, w: usize, out: &mut Vec<usize>) {
        let Some((a, b)) = self.branches[node] else {
            out.push(u);
            return;
        };
        let (first, second) = if self.members[a].contains(&u) { (a, b) } else { (b, a) };
        let mut best = (f64::INFINITY, u, w);
        for m in far_ends(self.members, self.branches, first, u) {
            for k in far_ends(self.members, self.branches, second, w) {
                let sum = self.cost.at(u, *m) + self.distance.at(*m, *k) + self.cost.at(*k, w);
                if sum < best.0 {
                    best = (sum, *m, *k);
                }
            }
        }
        self.lay(first, u, best.1, out);
        self.lay(second, best.2, w, out);
    }
}
