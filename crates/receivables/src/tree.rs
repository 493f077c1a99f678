//! The state as an authenticated map: one root over all records, with proofs that a record is there, or that none is.
//! A binary trie over hashed keys; a leaf stands at the shallowest place that is its own. Knows no record's meaning.
//!
//! `leaf = SHA-256(0x00 ‖ key ‖ value)`, `branch = SHA-256(0x01 ‖ left ‖ right)`, `nothing = 32 zero bytes`, where key
//! and value are hashes themselves.

use crate::codec::record;
use crate::hash::{Hash, sha256};

/// The number of this scheme in headers.
pub const SCHEME: u8 = 1;
/// What stands where nothing is.
pub const EMPTY: Hash = [0; 32];

record! {
    /// A key hash and a value hash.
    Leaf {
        /// Hash of the record's key.
        key: Hash,
        /// Hash of the record's bytes.
        value: Hash,
    }
}

record! {
    /// What stands at a key's place, and the siblings from there up to the root.
    TreeProof {
        /// The leaf at the place where the key would be, if there is one.
        leaf: Option<Leaf>,
        /// Siblings, deepest first.
        siblings: Vec<Hash>,
    }
}

impl TreeProof {
    /// Whether under this root the key has this value; `None` asks whether it has none.
    pub fn verify(&self, root: &Hash, key: &Hash, value: Option<&Hash>) -> bool {
        let depth = self.siblings.len();
        let stands = match (&self.leaf, value) {
            (Some(leaf), Some(value)) => leaf.key == *key && leaf.value == *value,
            (Some(leaf), None) => leaf.key != *key && shared_bits(&leaf.key, key) >= depth,
            (None, None) => true,
            (None, Some(_)) => false,
        };
        if !stands || depth > 256 {
            return false;
        }
        let mut node = self.leaf.as_ref().map_or(EMPTY, |leaf| leaf_hash(&leaf.key, &leaf.value));
        for (above, sibling) in self.siblings.iter().enumerate() {
            node = match bit(key, depth - 1 - above) {
                false => branch_hash(&node, sibling),
                true => branch_hash(sibling, &node),
            };
        }
        node == *root
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Empty,
    Leaf(u32),
    Branch(u32),
}

#[derive(Debug, Clone)]
struct Branch {
    links: [Link; 2],
    /// Zero until it is asked for after a change.
    hash: Hash,
}

/// The map in memory: about 140 bytes a record.
#[derive(Debug, Clone)]
pub struct Tree {
    root: Link,
    leaves: Vec<Leaf>,
    branches: Vec<Branch>,
    free_leaves: Vec<u32>,
    free_branches: Vec<u32>,
}

impl Default for Tree {
    fn default() -> Self {
        Tree {
            root: Link::Empty,
            leaves: Vec::new(),
            branches: Vec::new(),
            free_leaves: Vec::new(),
            free_branches: Vec::new(),
        }
    }
}

impl Tree {
    /// Sets a key's value.
    pub fn set(&mut self, key: &Hash, value: Hash) {
        self.root = self.set_below(self.root, 0, key, value);
    }

    /// Removes a key, if it is there.
    pub fn remove(&mut self, key: &Hash) {
        self.root = self.remove_below(self.root, 0, key);
    }

    /// How many keys there are.
    pub fn size(&self) -> usize {
        self.leaves.len() - self.free_leaves.len()
    }

    /// The root. Only what changed since it was last asked is hashed again.
    pub fn root(&mut self) -> Hash {
        self.hash(self.root)
    }

    /// What stands at the key's place under the root. Costs a look at each node on the way, if the root was asked for
    /// since the last change; else what changed is hashed, and hashed again the next time.
    pub fn proof(&self, key: &Hash) -> TreeProof {
        let (mut link, mut siblings) = (self.root, Vec::new());
        while let Link::Branch(at) = link {
            let side = usize::from(bit(key, siblings.len()));
            let links = self.branches[at as usize].links;
            siblings.push(self.hash_of(links[1 - side]));
            link = links[side];
        }
        siblings.reverse();
        let leaf = match link {
            Link::Leaf(at) => Some(self.leaves[at as usize].clone()),
            Link::Empty | Link::Branch(_) => None,
        };
        TreeProof { leaf, siblings }
    }

    fn set_below(&mut self, link: Link, depth: usize, key: &Hash, value: Hash) -> Link {
        match link {
            Link::Empty => self.new_leaf(key, value),
            Link::Leaf(at) if self.leaves[at as usize].key == *key => {
                self.leaves[at as usize].value = value;
                link
            }
            Link::Leaf(at) => {
                let side = usize::from(bit(&self.leaves[at as usize].key, depth));
                let mut links = [Link::Empty; 2];
                links[side] = link;
                let branch = self.new_branch(links);
                self.set_below(branch, depth, key, value)
            }
            Link::Branch(at) => {
                let side = usize::from(bit(key, depth));
                let below = self.set_below(self.branches[at as usize].links[side], depth + 1, key, value);
                let branch = &mut self.branches[at as usize];
                branch.links[side] = below;
                branch.hash = EMPTY;
                link
            }
        }
    }

    fn remove_below(&mut self, link: Link, depth: usize, key: &Hash) -> Link {
        match link {
            Link::Leaf(at) if self.leaves[at as usize].key == *key => {
                self.free_leaves.push(at);
                Link::Empty
            }
            Link::Empty | Link::Leaf(_) => link,
            Link::Branch(at) => {
                let side = usize::from(bit(key, depth));
                let below = self.remove_below(self.branches[at as usize].links[side], depth + 1, key);
                let branch = &mut self.branches[at as usize];
                branch.links[side] = below;
                branch.hash = EMPTY;
                match branch.links {
                    [Link::Empty, alone] | [alone, Link::Empty] if !matches!(alone, Link::Branch(_)) => {
                        self.free_branches.push(at);
                        alone
                    }
                    _ => link,
                }
            }
        }
    }

    /// Hashes what changed below a link, and keeps it.
    fn hash(&mut self, link: Link) -> Hash {
        if let Link::Branch(at) = link
            && self.branches[at as usize].hash == EMPTY
        {
            let links = self.branches[at as usize].links;
            let hash = branch_hash(&self.hash(links[0]), &self.hash(links[1]));
            self.branches[at as usize].hash = hash;
        }
        self.hash_of(link)
    }

    fn hash_of(&self, link: Link) -> Hash {
        match link {
            Link::Empty => EMPTY,
            Link::Leaf(at) => {
                let leaf = &self.leaves[at as usize];
                leaf_hash(&leaf.key, &leaf.value)
            }
            Link::Branch(at) => match &self.branches[at as usize] {
                Branch { links, hash: EMPTY } => {
                    branch_hash(&self.hash_of(links[0]), &self.hash_of(links[1]))
                }
                Branch { hash, .. } => *hash,
            },
        }
    }

    fn new_leaf(&mut self, key: &Hash, value: Hash) -> Link {
        let leaf = Leaf { key: *key, value };
        if let Some(at) = self.free_leaves.pop() {
            self.leaves[at as usize] = leaf;
            return Link::Leaf(at);
        }
        self.leaves.push(leaf);
        Link::Leaf(place(self.leaves.len()))
    }

    fn new_branch(&mut self, links: [Link; 2]) -> Link {
        let branch = Branch { links, hash: EMPTY };
        if let Some(at) = self.free_branches.pop() {
            self.branches[at as usize] = branch;
            return Link::Branch(at);
        }
        self.branches.push(branch);
        Link::Branch(place(self.branches.len()))
    }
}

fn place(length: usize) -> u32 {
    u32::try_from(length - 1).expect("memory ends before four billion records")
}

fn leaf_hash(key: &Hash, value: &Hash) -> Hash {
    sha256(&[&[0], key, value])
}

fn branch_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The bit of a key at a depth, the most significant first.
fn bit(key: &Hash, depth: usize) -> bool {
    key[depth / 8] >> (7 - depth % 8) & 1 == 1
}

/// How many bits two keys share from the front.
fn shared_bits(one: &Hash, other: &Hash) -> usize {
    let differs = one.iter().zip(other).position(|(one, other)| one != other);
    differs.map_or(256, |byte| byte * 8 + (one[byte] ^ other[byte]).leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
