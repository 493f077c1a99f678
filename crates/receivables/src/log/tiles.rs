//! The log as files that any web server can hand out (C2SP tlog-tiles) and the text of its checkpoint (C2SP
//! tlog-checkpoint), to be signed as a note.

use super::Nodes;
use crate::hash::Hash;
use crate::proof::base64;

/// Hashes of a full tile.
pub const TILE_WIDTH: u64 = 256;

/// The tile's hashes, at most [`TILE_WIDTH`], as they are now; nothing where there is none yet. Tile level `n` holds
/// tree level `8 n`.
pub fn tile(nodes: &(impl Nodes + ?Sized), level: u32, index: u64) -> Option<Vec<u8>> {
    let tree_level = level.checked_mul(8).filter(|level| *level < 64)?;
    let first = index.checked_mul(TILE_WIDTH)?;
    let end = first.checked_add(TILE_WIDTH)?;
    let hashes: Vec<Hash> = (first..end).map_while(|place| nodes.node(tree_level, place)).collect();
    if hashes.is_empty() { None } else { Some(hashes.concat()) }
}

/// Where a tile of this many hashes lies: `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, all
/// but the last marked with an `x`.
pub fn tile_path(level: u32, index: u64, width: u64) -> String {
    let mut groups = format!("{:03}", index % 1_000);
    let mut rest = index / 1_000;
    while rest > 0 {
        groups = format!("x{:03}/{groups}", rest % 1_000);
        rest /= 1_000;
    }
    let partial = if width < TILE_WIDTH { format!(".p/{width}") } else { String::new() };
    format!("tile/{level}/{groups}{partial}")
}

/// The text that a checkpoint's note signs: origin, size and root, a line each.
pub fn checkpoint_text(origin: &str, size: u64, root: &Hash) -> String {
    format!("{origin}\n{size}\n{}\n", base64::encode(root))
}
