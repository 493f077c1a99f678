//! A snapshot: the state at a checkpoint, the block there, and what proves both. Whoever restores it trusts nobody: each
//! part is checked against the chain's id before it is used. Never holds a vote journal. Knows no file and no HTTP.

#[cfg(test)]
mod tests;

use std::fmt;

use receivables::codec::{Codec as _, hex};
use receivables::hash::sha256;
use receivables::identity::PublicKey;
use receivables::log::Frontier;
use receivables::proof::{Certificate, EpochStep, Header, Proof, ValidatorSignature};
use receivables::state::Key;
use receivables::{Genesis, Hash, State};

use crate::replica::{CHECKPOINT_BLOCKS, verify};

/// The first bytes of a snapshot.
const MAGIC: &[u8] = b"sojourn snapshot 1\n";
/// Its parts in their order.
const PARTS: [&str; 5] = ["proof", "block", "certificate", "log", "state"];
/// Bytes of a part's length in front of it, and of the hash behind it.
const LENGTH_BYTES: usize = 8;
const HASH_BYTES: usize = 32;

/// What a node gives away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Proof of the chain's own record at the checkpoint, under the header that speaks of exactly that height.
    pub proof: Proof,
    /// The block at the checkpoint.
    pub header: Header,
    /// What makes that block final, as [`consensus::Finalization::anchor`] has it.
    pub anchor: Vec<u8>,
    /// The log's right edge after that block.
    pub log: Frontier,
    /// [`State::dump`] after that block.
    pub state: Vec<u8>,
}

/// A snapshot that was checked whole.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The block at the checkpoint.
    pub header: Header,
    /// What makes it final.
    pub anchor: Vec<u8>,
    /// The log's right edge.
    pub log: Frontier,
    /// The state; its root was compared.
    pub state: State,
    /// How the validators changed since genesis.
    pub epochs: Vec<EpochStep>,
}

/// What is wrong with a snapshot, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Index of the first byte of the part.
    pub byte: usize,
    /// The part.
    pub part: &'static str,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} from byte {} on: {}", self.part, self.byte, self.what)
    }
}

impl Snapshot {
    /// The snapshot's bytes: each part after its length and before the hash of both.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let proof = self.proof.to_json();
        let (header, log) = (self.header.encode(), self.log.encode());
        for part in [proof.as_bytes(), &header, &self.anchor, &log, &self.state] {
            let length = (part.len() as u64).to_be_bytes();
            out.extend_from_slice(&length);
            out.extend_from_slice(part);
            out.extend_from_slice(&sha256(&[&length, part]));
        }
        out
    }

    /// Reads and checks a snapshot of this chain, everything in it.
    pub fn check(bytes: &[u8], genesis: &Genesis) -> Result<Restored, Flaw> {
        let parts = Parts::split(bytes)?;
        let chain = genesis.chain();
        let proof = parts.proof(&chain)?;
        let above = &proof.header;
        let header = parts.block(above)?;
        parts.certificate(&header, &chain, last_keys(&proof))?;
        let log = parts.log(above)?;
        let state = parts.state(above, &chain)?;
        Ok(Restored { header, anchor: parts.bytes(2).to_vec(), log, state, epochs: proof.epochs })
    }
}

/// The certificate that an anchor holds, as proofs have it.
pub fn certificate_of(found: consensus::Finalization) -> Certificate {
    let signatures = found.signatures.into_iter();
    Certificate {
        epoch: found.epoch,
        view: found.view,
        parent_view: found.parent_view,
        signatures: signatures.map(|(index, signature)| ValidatorSignature { index, signature }).collect(),
    }
}

fn last_keys(proof: &Proof) -> &[PublicKey] {
    proof.epochs.last().map_or(&proof.validators, |step| &step.validators)
}

/// A snapshot's parts with the place of each, not yet believed.
struct Parts<'a> {
    found: Vec<(usize, &'a [u8])>,
}

impl<'a> Parts<'a> {
    fn split(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let Some(mut rest) = bytes.strip_prefix(MAGIC) else {
            let what = "not a snapshot of this format".to_owned();
            return Err(Flaw { byte: 0, part: "beginning", what });
        };
        let mut found = Vec::new();
        for part in PARTS {
            let byte = bytes.len() - rest.len();
            let flaw = |what: &str| Flaw { byte, part, what: what.to_owned() };
            let (length, after) =
                rest.split_first_chunk::<LENGTH_BYTES>().ok_or_else(|| flaw("the file ends before it"))?;
            let (body, after) = usize::try_from(u64::from_be_bytes(*length))
                .ok()
                .and_then(|length| after.split_at_checked(length))
                .ok_or_else(|| flaw("the file ends within it, or its length was changed"))?;
            let (hash, after) = after
                .split_first_chunk::<HASH_BYTES>()
                .ok_or_else(|| flaw("the file ends before its checksum"))?;
            if sha256(&[length, body]) != *hash {
                return Err(flaw("its checksum differs: the file was changed or cut"));
            }
            found.push((byte, body));
            rest = after;
        }
        if !rest.is_empty() {
            let what = format!("{} bytes too many", rest.len());
            return Err(Flaw { byte: bytes.len() - rest.len(), part: "end", what });
        }
        Ok(Self { found })
    }

    fn bytes(&self, part: usize) -> &'a [u8] {
        self.found[part].1
    }

    fn flaw(&self, part: usize, what: impl fmt::Display) -> Flaw {
        Flaw { byte: self.found[part].0, part: PARTS[part], what: what.to_string() }
    }

    fn proof(&self, chain: &Hash) -> Result<Proof, Flaw> {
        let text = std::str::from_utf8(self.bytes(0)).map_err(|_| self.flaw(0, "not text"))?;
        let proof = Proof::parse(text).map_err(|flaw| self.flaw(0, flaw))?;
        if proof.chain != *chain {
            let (theirs, ours) = (hex(&proof.chain), hex(chain));
            return Err(self.flaw(0, format!("a snapshot of chain {theirs}, not of {ours}")));
        }
        let shown = proof.verify(chain, &verify).map_err(|flaw| self.flaw(0, flaw))?;
        match shown.state {
            Some((key, Some(_))) if key == Key::Chain(()).encode() && shown.event.is_none() => Ok(proof),
            _ => Err(self.flaw(0, "shows something else than the chain's record")),
        }
    }

    /// The block of which the proved header speaks.
    fn block(&self, above: &Header) -> Result<Header, Flaw> {
        let header = Header::decode(self.bytes(1)).map_err(|malformed| self.flaw(1, malformed))?;
        let height = header.height;
        let spoken = above.executed_height == height && above.state_height == height;
        if !spoken || header.epoch != above.epoch || !height.is_multiple_of(CHECKPOINT_BLOCKS) {
            return Err(self.flaw(1, "not the checkpoint that the proof speaks of"));
        }
        Ok(header)
    }

    fn certificate(&self, header: &Header, chain: &Hash, keys: &[PublicKey]) -> Result<(), Flaw> {
        let read = consensus::Finalization::read(self.bytes(2));
        let found = read.ok_or_else(|| self.flaw(2, "not a certificate in canonical form"))?;
        if found.digest != header.digest() || !certificate_of(found).finalizes(header, chain, keys, &verify) {
            return Err(self.flaw(2, "does not make the block final"));
        }
        Ok(())
    }

    fn log(&self, above: &Header) -> Result<Frontier, Flaw> {
        let log = Frontier::decode(self.bytes(3)).map_err(|malformed| self.flaw(3, malformed))?;
        let whole = log.peaks.len() == log.size.count_ones() as usize;
        if !whole || log.size != above.log_size || log.root() != above.log_root {
            return Err(self.flaw(3, "its root is not the one in the proved header"));
        }
        Ok(log)
    }

    fn state(&self, above: &Header, chain: &Hash) -> Result<State, Flaw> {
        let mut state = State::restore(self.bytes(4)).map_err(|malformed| self.flaw(4, malformed))?;
        if state.root() != above.state_root || state.chain() != chain {
            return Err(self.flaw(4, "its root is not the one in the proved header"));
        }
        Ok(state)
    }
}
