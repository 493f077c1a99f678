//! The log for anybody who wants to follow or copy it: tiles of hashes and of entries (C2SP tlog-tiles), and a
//! checkpoint signed as a note with the node's key (C2SP tlog-checkpoint, signed-note). Knows no HTTP.

use receivables::Hash;
use receivables::codec::hex;
use receivables::hash::sha256;
use receivables::log::{TILE_WIDTH, checkpoint_text};
use receivables::proof::base64;
use ring::signature::Ed25519KeyPair;

use crate::files::public_key;
use crate::replica::Replica;

/// The kind of signature that is Ed25519 over the note's text.
const ED25519: u8 = 1;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Level of hashes; nothing for the entries themselves.
    level: Option<u32>,
    index: u64,
    width: u64,
}

impl Asked {
    /// Reads what is behind `tile/`: a level or `entries`, the index in groups of three digits, all but the last marked
    /// with an `x`, and for a tile that is not full `.p/` and its width. Nothing if it is written in any other way.
    pub(super) fn parse(path: &[&str]) -> Option<Self> {
        let (level, rest) = path.split_first()?;
        let (width, groups) = match rest {
            [groups @ .., last, width] if last.ends_with(".p") => (Some(*width), [groups, &[*last]].concat()),
            groups => (None, groups.to_vec()),
        };
        let (last, high) = groups.split_last()?;
        let mut index = 0_u64;
        for group in high {
            index = index.checked_mul(1_000)?.checked_add(three(group.strip_prefix('x')?)?)?;
        }
        let last = if width.is_some() { last.strip_suffix(".p")? } else { last };
        index = index.checked_mul(1_000)?.checked_add(three(last)?)?;
        let shortest = high.first().is_none_or(|group| *group != "x000");
        let width = match width {
            Some(width) => plain(width).filter(|width| (1..TILE_WIDTH).contains(width))?,
            None => TILE_WIDTH,
        };
        let level = match *level {
            "entries" => None,
            level => Some(u32::try_from(plain(level)?).ok().filter(|level| *level < 8)?),
        };
        shortest.then_some(Self { level, index, width })
    }

    /// The tile's bytes; nothing if the log has not grown so far, or what is asked for was before the snapshot that
    /// this node began with.
    pub(super) fn tile(self, replica: &Replica) -> Option<Vec<u8>> {
        match self.level {
            Some(level) => {
                let mut tile = replica.tile(level, self.index)?;
                let bytes = usize::try_from(self.width).ok()? * size_of::<Hash>();
                tile.truncate(bytes);
                (tile.len() == bytes).then_some(tile)
            }
            None => {
                let first = self.index.checked_mul(TILE_WIDTH)?;
                let mut bundle = Vec::new();
                for place in 0..self.width {
                    let entry = replica.entry(first.checked_add(place)?)?;
                    bundle.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
                    bundle.extend_from_slice(&entry);
                }
                Some(bundle)
            }
        }
    }
}

fn three(digits: &str) -> Option<u64> {
    let all = digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if all { digits.parse().ok() } else { None }
}

fn plain(digits: &str) -> Option<u64> {
    let number = digits.parse::<u64>().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// The name of this chain's log, and of every node's key for it.
pub(super) fn origin(chain: &Hash) -> String {
    format!("sojourn-receivables/{}", hex(chain))
}

/// The newest root as a signed note. Every executed event is final, so no signed root is ever taken back.
pub(super) fn checkpoint(replica: &Replica, seed: &[u8; 32]) -> String {
    let standing = replica.standing();
    let origin = origin(replica.chain());
    let text = checkpoint_text(&origin, standing.log_size, &standing.log_root);
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed");
    let signature =
        [key_id(&origin, &public_key(seed)).as_slice(), pair.sign(text.as_bytes()).as_ref()].concat();
    format!("{text}\n\u{2014} {origin} {}\n", base64::encode(&signature))
}

/// The node's key as verifiers of notes write it: `name+id+key`.
pub(super) fn note_key(chain: &Hash, key: &[u8; 32]) -> String {
    let origin = origin(chain);
    let named = [[ED25519].as_slice(), key].concat();
    format!("{origin}+{}+{}\n", hex(&key_id(&origin, key)), base64::encode(&named))
}

fn key_id(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let hash = sha256(&[name.as_bytes(), b"\n", &[ED25519], key]);
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_the_standard_writes_them() {
        let asked = |level, index, width| Some(Asked { level, index, width });
        for (path, expected) in [
            ("0/000", asked(Some(0), 0, 256)),
            ("1/x001/x234/067", asked(Some(1), 1_234_067, 256)),
            ("0/x001/000.p/17", asked(Some(0), 1_000, 17)),
            ("entries/002.p/255", asked(None, 2, 255)),
            ("0/0", None),
            ("0/x000/001", None),
            ("0/000.p/256", None),
            ("0/000.p/0", None),
            ("0/000.p/01", None),
            ("0/000.p", None),
            ("00/000", None),
            ("8/000", None),
            ("0/+01", None),
            ("0", None),
            ("0/x999/x999/x999/x999/x999/x999/x999/999", None),
        ] {
            let parts: Vec<&str> = path.split('/').collect();
            assert_eq!(Asked::parse(&parts), expected, "{path}");
        }
    }
}
