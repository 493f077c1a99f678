//! A block as the engine carries it: whole bytes with height, parent and digest read out. Knows no more of it.

use bytes::{Buf as _, BufMut, Bytes};
use commonware_codec::{Buf, EncodeSize, Error, Read, ReadExt as _, Write};
use commonware_consensus::types::Height;
use commonware_consensus::{BoundedBlock, Heightable};
use commonware_cryptography::{Digested, Digestible, sha256};

use crate::Hash;

/// Bytes of one block: 2,000 transactions of 500 bytes.
pub const BLOCK_BYTES_MAX: usize = 1 << 20;
/// The length in front.
const PREFIX: usize = 4;

/// What the engine must know of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Its height; genesis is 0.
    pub height: u64,
    /// Its parent's digest.
    pub parent: Hash,
    /// Its digest, which must commit to every byte of it.
    pub digest: Hash,
}

/// Reads a block; `None` if it is not in canonical form or its digest does not cover all of it.
pub type Parse = fn(&[u8]) -> Option<Parsed>;

/// A block that was read.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    parsed: Parsed,
    bytes: Bytes,
}

impl Sealed {
    pub(crate) fn read(bytes: Bytes, parse: Parse) -> Option<Self> {
        let parsed = parse(&bytes)?;
        (bytes.len() <= BLOCK_BYTES_MAX).then_some(Self { parsed, bytes })
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// With its digest beside it, as the engine hands blocks about.
    pub(crate) fn digested(self) -> Digested<Self> {
        let digest = self.digest();
        Digested::precomputed(self, digest)
    }
}

impl PartialEq for Sealed {
    fn eq(&self, other: &Self) -> bool {
        self.parsed.digest == other.parsed.digest
    }
}

impl Eq for Sealed {}

impl Write for Sealed {
    fn write(&self, to: &mut impl BufMut) {
        to.put_u32(u32::try_from(self.bytes.len()).expect("at most BLOCK_BYTES_MAX"));
        to.put_slice(&self.bytes);
    }
}

impl EncodeSize for Sealed {
    fn encode_size(&self) -> usize {
        PREFIX + self.bytes.len()
    }
}

impl Read for Sealed {
    type Cfg = Parse;

    fn read_cfg(from: &mut impl Buf, parse: &Parse) -> Result<Self, Error> {
        let length = u32::read(from)? as usize;
        if length > BLOCK_BYTES_MAX {
            return Err(Error::InvalidLength(length));
        }
        if from.remaining() < length {
            return Err(Error::EndOfBuffer);
        }
        let bytes = from.copy_to_bytes(length);
        Self::read(bytes, *parse).ok_or(Error::Invalid("block", "not canonical"))
    }
}

impl Digestible for Sealed {
    type Digest = sha256::Digest;

    fn digest(&self) -> sha256::Digest {
        sha256::Digest(self.parsed.digest)
    }
}

impl Heightable for Sealed {
    fn height(&self) -> Height {
        Height::new(self.parsed.height)
    }
}

impl commonware_consensus::Block for Sealed {
    fn parent(&self) -> sha256::Digest {
        sha256::Digest(self.parsed.parent)
    }
}

impl BoundedBlock for Sealed {
    fn max_encode_size(_: &Parse) -> usize {
        PREFIX + BLOCK_BYTES_MAX
    }
}
