//! A model laid out for the payment path: the trees of one depth in one row of nodes, walked without a branch that could
//! be mispredicted. Scores and contributions are [`Model`]'s, to the last digit.

use super::{Model, Node, Row};

/// A model ready to score.
#[derive(Debug, Clone)]
pub struct Scorer {
    rest: i64,
    base: i64,
    inputs: usize,
    trees: Depth,
}

/// Trees by depth, so that the walk of each has a known length.
#[derive(Debug, Clone)]
enum Depth {
    One(Trees<2>),
    Two(Trees<4>),
    Three(Trees<8>),
    Four(Trees<16>),
    Five(Trees<32>),
    Six(Trees<64>),
    Seven(Trees<128>),
    Eight(Trees<256>),
}

/// Complete trees of `2^depth = N` leaves. Nodes and means are numbered from 1, so that the children of `n` are `2n` and
/// `2n + 1`; leaf `N + n` has place `n`.
#[derive(Debug, Clone)]
struct Trees<const N: usize> {
    nodes: Vec<[Node; N]>,
    means: Vec<[i32; N]>,
    leaves: Vec<[i32; N]>,
}

macro_rules! with {
    ($depth:expr, $trees:ident => $what:expr) => {
        match $depth {
            Depth::One($trees) => $what,
            Depth::Two($trees) => $what,
            Depth::Three($trees) => $what,
            Depth::Four($trees) => $what,
            Depth::Five($trees) => $what,
            Depth::Six($trees) => $what,
            Depth::Seven($trees) => $what,
            Depth::Eight($trees) => $what,
        }
    };
}

impl Scorer {
    /// Lays a model out.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let trees = match model.depth {
            0 | 1 => Depth::One(Trees::new(model)),
            2 => Depth::Two(Trees::new(model)),
            3 => Depth::Three(Trees::new(model)),
            4 => Depth::Four(Trees::new(model)),
            5 => Depth::Five(Trees::new(model)),
            6 => Depth::Six(Trees::new(model)),
            7 => Depth::Seven(Trees::new(model)),
            _ => Depth::Eight(Trees::new(model)),
        };
        Self { rest: model.rest(), base: model.base_micro, inputs: model.inputs.len(), trees }
    }

    /// See [`Model::score`].
    #[must_use]
    pub fn score(&self, row: &Row) -> i64 {
        self.base + with!(&self.trees, trees => trees.score(row))
    }

    /// See [`Model::contributions`].
    #[must_use]
    pub fn contributions(&self, row: &Row) -> Vec<i64> {
        let mut moved = [0; super::INPUTS];
        with!(&self.trees, trees => trees.contribute(row, &mut moved));
        moved[..self.inputs].to_vec()
    }

    /// See [`Model::rest`].
    #[must_use]
    pub fn rest(&self) -> i64 {
        self.rest
    }
}

impl<const N: usize> Trees<N> {
    fn new(model: &Model) -> Self {
        let trees = model.trees.len();
        let mut all = Self {
            nodes: vec![[Node::default(); N]; trees],
            means: vec![[0; N]; trees],
            leaves: vec![[0; N]; trees],
        };
        let inner = (1 << model.depth) - 1;
        for (number, tree) in model.trees.iter().enumerate() {
            // A tree of no depth is one of depth 1 that sends everything left, where its only value is.
            let leaves = tree.values.get(inner..).unwrap_or_default();
            all.leaves[number].iter_mut().zip(leaves).for_each(|(to, from)| *to = *from);
            all.nodes[number][1..].iter_mut().zip(&tree.nodes).for_each(|(to, from)| *to = *from);
            all.means[number][1..].iter_mut().zip(&tree.values).for_each(|(to, from)| *to = *from);
        }
        all
    }

    fn score(&self, row: &Row) -> i64 {
        let trees = self.nodes.iter().zip(&self.leaves);
        trees.map(|(nodes, leaves)| i64::from(leaves[Self::walk(nodes, row, |_, _| ()) % N])).sum()
    }

    fn contribute(&self, row: &Row, moved: &mut [i64; super::INPUTS]) {
        for ((nodes, means), leaves) in self.nodes.iter().zip(&self.means).zip(&self.leaves) {
            let mut before = i64::from(means[1 % N]);
            let end = Self::walk(nodes, row, |input, next| {
                // The last step ends at a leaf, which lies elsewhere.
                if next < N {
                    let mean = i64::from(means[next]);
                    moved[usize::from(input)] += mean - before;
                    before = mean;
                }
            });
            let last = nodes[end / 2 % N].input;
            moved[usize::from(last)] += i64::from(leaves[end % N]) - before;
        }
    }

    /// The number of the leaf, `N` to `2N - 1`, that a row falls on; `step` sees each node's input and where it leads.
    #[inline(always)]
    fn walk(nodes: &[Node; N], row: &Row, mut step: impl FnMut(u8, usize)) -> usize {
        let mut at = 1;
        for _ in 0..N.trailing_zeros() {
            // The remainder changes nothing: it only shows that no check is needed.
            let node = nodes[at % N];
            at = 2 * at + usize::from(row[usize::from(node.input)] > node.threshold);
            step(node.input, at);
        }
        at
    }
}
