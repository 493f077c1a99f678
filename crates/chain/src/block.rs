//! A block: a header, and the transactions that its `body` hash commits to. Knows no rules.

use std::sync::Arc;

use receivables::Hash;
use receivables::codec::{Codec, Reader};
use receivables::envelope::BYTES_MAX;
use receivables::hash::sha256;
use receivables::log::empty_root;
use receivables::proof::Header;
use receivables::{Genesis, State, tree};

/// Version of the rules that this program follows.
pub const VERSION: u8 = 1;
/// Bytes of a block's transactions: half of what the ordering carries, so that a header always fits.
pub const BODY_BYTES_MAX: usize = consensus::BLOCK_BYTES_MAX / 2;
/// Transactions of a block.
pub const TRANSACTIONS_MAX: usize = 2_000;

/// A header and its transactions as they were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What is signed.
    pub header: Header,
    /// Canonical bytes of each [`receivables::Signed`].
    pub transactions: Vec<Arc<[u8]>>,
}

impl Block {
    /// The first block, which all nodes make alike.
    pub fn genesis(genesis: &Genesis, state: &mut State) -> Self {
        let header = Header {
            version: VERSION,
            chain: genesis.chain(),
            height: 0,
            epoch: 0,
            time_ms: genesis.time_ms,
            parent: genesis.hash(),
            body: sha256(&[&body(&[])]),
            executed_height: 0,
            events: 0,
            events_root: empty_root(),
            log_size: 0,
            log_root: empty_root(),
            state_scheme: tree::SCHEME,
            state_height: 0,
            state_root: state.root(),
            next_validators: None,
        };
        Self { header, transactions: Vec::new() }
    }

    /// The bytes in which it travels: the header's length and bytes, then the transactions.
    pub fn encode(&self) -> Vec<u8> {
        let header = self.header.encode();
        let mut out = Vec::with_capacity(header.len() + 512 * self.transactions.len());
        out.extend_from_slice(&u32::try_from(header.len()).expect("a few hundred bytes").to_be_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(&body(&self.transactions));
        out
    }

    /// Reads a block; `None` unless in canonical form with a body that its header commits to.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (header, body) = open(bytes)?;
        let mut rest = Reader::new(body);
        let count = u32::read(&mut rest).ok()? as usize;
        if count > TRANSACTIONS_MAX || body.len() > BODY_BYTES_MAX {
            return None;
        }
        let mut transactions = Vec::with_capacity(count);
        for _ in 0..count {
            let length = u32::read(&mut rest).ok()? as usize;
            if length > BYTES_MAX {
                return None;
            }
            transactions.push(Arc::from(rest.take(length).ok()?));
        }
        rest.end().ok()?;
        Some(Self { header, transactions })
    }

    /// What the ordering must know of a block's bytes.
    pub fn parse(bytes: &[u8]) -> Option<consensus::Parsed> {
        let header = Self::decode(bytes)?.header;
        Some(consensus::Parsed { height: header.height, parent: header.parent, digest: header.digest() })
    }
}

/// The header of a block's bytes, without a look at the body.
pub fn header_of(bytes: &[u8]) -> Option<Header> {
    open(bytes).map(|(header, _)| header)
}

/// The hash that a header must commit to for these transactions.
pub fn body_hash(transactions: &[Arc<[u8]>]) -> Hash {
    sha256(&[&body(transactions)])
}

fn open(bytes: &[u8]) -> Option<(Header, &[u8])> {
    let (length, rest) = bytes.split_at_checked(4)?;
    let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
    let (header, body) = rest.split_at_checked(length)?;
    let header = Header::decode(header).ok()?;
    (header.body == sha256(&[body])).then_some((header, body))
}

fn body(transactions: &[Arc<[u8]>]) -> Vec<u8> {
    let length = |length: usize| u32::try_from(length).expect("bounded").to_be_bytes();
    let mut out = length(transactions.len()).to_vec();
    for transaction in transactions {
        out.extend_from_slice(&length(transaction.len()));
        out.extend_from_slice(transaction);
    }
    out
}
