//! Consistency: the old tree is the beginning of the new one (RFC 9162, sections 2.1.4.1 and 2.1.4.2).

use super::{Nodes, empty_root, node_hash, split_point, subtree};
use crate::hash::Hash;

/// The nodes that show it; none are needed from an empty tree or to the same one. Nothing if `old` is above `new` or
/// nodes are missing.
pub fn consistency(nodes: &(impl Nodes + ?Sized), old: u64, new: u64) -> Option<Vec<Hash>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let mut proof = Vec::new();
    let (mut from, mut to, mut known) = (0, new, true);
    while old != to {
        let middle = from + split_point(to - from)?;
        if old <= middle {
            proof.push(subtree(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(subtree(nodes, from, middle)?);
            from = middle;
            known = false;
        }
    }
    if !known {
        proof.push(subtree(nodes, from, to)?);
    }
    proof.reverse();
    Some(proof)
}

/// Whether the tree of `old` leaves with `old_root` is the beginning of that of `new` leaves with `new_root`.
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old == 0 || old >= new {
        let same = old == new && old_root == new_root && (old > 0 || *old_root == empty_root());
        let from_nothing = old == 0 && new > 0 && *old_root == empty_root();
        return proof.is_empty() && (same || from_nothing);
    }
    let mut nodes = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { nodes.next() };
    let Some(first) = first else { return false };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut old_found, mut new_found) = (*first, *first);
    for node in nodes {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old_found = node_hash(node, &old_found);
            new_found = node_hash(node, &new_found);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_found = node_hash(&new_found, node);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old_found == *old_root && new_found == *new_root
}
