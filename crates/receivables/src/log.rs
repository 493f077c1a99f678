//! The log of all events as a Merkle tree (RFC 9162, section 2.1): append, root, proofs that a leaf is in it and that
//! it only ever grew. Knows no meaning of a leaf. Nodes come from wherever they are kept: here in memory, or from
//! tiles.

mod growth;
mod path;
mod tiles;

pub use growth::{consistency, verify_consistency};
pub use path::{inclusion, root_from_path, verify_inclusion};
pub use tiles::{TILE_WIDTH, checkpoint_text, tile, tile_path};

use crate::hash::{Hash, sha256};

/// The hash of a leaf: `SHA-256(0x00 ‖ leaf)`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// The hash of a node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of a tree without leaves: `SHA-256()`.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The root over leaves that are all at hand, such as one block's events.
pub fn root_of<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(leaf_hash(leaf));
    }
    frontier.root()
}

/// Nodes of full subtrees: level 0 holds leaf hashes, level `n` the root of each full run of `2^n` leaves.
pub trait Nodes {
    /// The node, or nothing where there is no full subtree yet.
    fn node(&self, level: u32, index: u64) -> Option<Hash>;
}

/// A log in memory with all its full subtrees: 64 bytes an event. One that goes on from a [`Frontier`] has no subtrees
/// of earlier leaves but the frontier's, which is all that later leaves need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    levels: Vec<Level>,
}

/// The nodes of one level that are kept, and the index of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Level {
    first: u64,
    nodes: Vec<Hash>,
}

impl Level {
    fn end(&self) -> u64 {
        self.first + self.nodes.len() as u64
    }
}

impl Log {
    /// The log that goes on where a frontier ends; nothing if the frontier has not a peak for each bit of its size.
    pub fn from_frontier(frontier: &Frontier) -> Option<Log> {
        if frontier.peaks.len() != frontier.size.count_ones() as usize {
            return None;
        }
        let levels = 0..u64::BITS - frontier.size.leading_zeros();
        let mut levels: Vec<Level> =
            levels.map(|level| Level { first: frontier.size >> level, nodes: Vec::new() }).collect();
        for ((level, index), peak) in peaks(frontier.size).zip(&frontier.peaks) {
            levels[level as usize] = Level { first: index, nodes: vec![*peak] };
        }
        Some(Log { levels })
    }

    /// Appends a leaf; returns its index.
    pub fn append(&mut self, leaf: &[u8]) -> u64 {
        self.append_hash(leaf_hash(leaf))
    }

    /// Appends a leaf by its hash; returns its index.
    pub fn append_hash(&mut self, leaf: Hash) -> u64 {
        let index = self.size();
        let (mut node, mut level) = (leaf, 0);
        loop {
            if self.levels.len() == level {
                self.levels.push(Level::default());
            }
            self.levels[level].nodes.push(node);
            if self.levels[level].end() % 2 == 1 {
                return index;
            }
            let nodes = &self.levels[level].nodes;
            node = node_hash(&nodes[nodes.len() - 2], &nodes[nodes.len() - 1]);
            level += 1;
        }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, Level::end)
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        subtree(self, 0, self.size()).unwrap_or_else(empty_root)
    }

    /// The root when the log had this size; nothing if it never had.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        if size == 0 { Some(empty_root()) } else { subtree(self, 0, size) }
    }

    /// Shows that the leaf at `index` is in the tree of the first `size` leaves.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        inclusion(self, index, size)
    }

    /// Shows that the tree of the first `old` leaves was not changed by growing to `new`.
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        consistency(self, old, new)
    }

    /// What a node that keeps no log needs to go on appending.
    pub fn frontier(&self) -> Frontier {
        let size = self.size();
        let peak = |(level, index)| self.node(level, index).expect("the right edge is always kept");
        Frontier { size, peaks: peaks(size).map(peak).collect() }
    }
}

impl Nodes for Log {
    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        let level = self.levels.get(usize::try_from(level).ok()?)?;
        level.nodes.get(usize::try_from(index.checked_sub(level.first)?).ok()?).copied()
    }
}

crate::codec::record! {
    /// The right edge of a log: appends and tells the root with 32 bytes a level, proves nothing.
    #[derive(Default)]
    Frontier {
        /// How many leaves there are.
        size: u64,
        /// Roots of the full subtrees from left to right.
        peaks: Vec<Hash>,
    }
}

impl Frontier {
    /// Appends a leaf by its hash; returns its index.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a peak for each bit of the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
        self.size - 1
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let last = peaks.next().unwrap_or_else(empty_root);
        peaks.fold(last, |right, left| node_hash(&left, &right))
    }
}

/// Places of the full subtrees that make up a tree of this size, from left to right.
fn peaks(size: u64) -> impl Iterator<Item = (u32, u64)> {
    let levels = (0..64).rev().filter(move |level| size >> level & 1 == 1);
    levels.map(move |level: u32| (level, (size >> level) - 1))
}

/// The root of leaves `from..to`, where `from` is a multiple of the largest power of two below the length, as the
/// recursion of RFC 9162 makes it. Nothing if the run is empty or nodes are missing.
fn subtree(nodes: &(impl Nodes + ?Sized), from: u64, to: u64) -> Option<Hash> {
    let length = to.checked_sub(from)?;
    if length.is_power_of_two() {
        let level = length.trailing_zeros();
        return nodes.node(level, from >> level);
    }
    let middle = from + split_point(length)?;
    Some(node_hash(&subtree(nodes, from, middle)?, &subtree(nodes, middle, to)?))
}

/// The largest power of two below `length`; nothing for less than two leaves.
fn split_point(length: u64) -> Option<u64> {
    if length < 2 { None } else { Some(1 << (63 - (length - 1).leading_zeros())) }
}

#[cfg(test)]
mod tests;
