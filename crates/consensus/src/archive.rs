//! Final blocks and their certificates, by height. Knows no engine type on its outside.

use bytes::Bytes;
use commonware_codec::{Decode as _, Encode as _};
use commonware_consensus::marshal::Identifier;
use commonware_consensus::marshal::core::Mailbox;
use commonware_consensus::marshal::standard::Standard;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::simplex::types::Finalization as Finalized;
use commonware_consensus::types::Height;
use commonware_cryptography::Digestible as _;
use commonware_cryptography::certificate::Verifier as _;
use commonware_cryptography::sha256::Digest;

use crate::block::Sealed;
use crate::{Hash, Signature};

/// The blocks and certificates of this node.
#[derive(Clone)]
pub struct Archive(pub(crate) Mailbox<Scheme, Standard<Sealed>>);

/// What makes a block final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finalization {
    /// The epoch.
    pub epoch: u64,
    /// The view of the proposal.
    pub view: u64,
    /// The view of its parent.
    pub parent_view: u64,
    /// The block's digest.
    pub digest: Hash,
    /// Signatures by ascending number among the epoch's keys in ascending order.
    pub signatures: Vec<(u32, Signature)>,
    /// The same as the engine writes it: where a node that joins may start.
    pub anchor: Vec<u8>,
}

impl Archive {
    /// The final block at a height; `None` if this node has not got it.
    pub async fn block(&self, height: u64) -> Option<Vec<u8>> {
        let block = self.0.get_block(Identifier::<Digest>::Height(Height::new(height))).await?;
        Some(block.inner().bytes().to_vec())
    }

    /// The certificate of the block at a height. A block has none of its own if only a descendant was voted final.
    pub async fn finalization(&self, height: u64) -> Option<Finalization> {
        self.0.get_finalization(Height::new(height)).await.as_ref().map(Finalization::of)
    }
}

impl Finalization {
    /// Reads an anchor; nothing unless it is in canonical form. Checks no signature.
    pub fn read(anchor: &[u8]) -> Option<Self> {
        let all = Scheme::certificate_codec_config_unbounded();
        let found = Finalized::<Scheme, Digest>::decode_cfg(Bytes::copy_from_slice(anchor), &all).ok()?;
        let read = Self::of(&found);
        let whole = read.signatures.len() == found.certificate.signers.iter().count();
        (whole && read.anchor == anchor).then_some(read)
    }

    fn of(found: &Finalized<Scheme, Digest>) -> Self {
        let proposal = &found.proposal;
        let signers = found.certificate.signers.iter();
        let signatures = signers.zip(&found.certificate.signatures).filter_map(|(signer, signature)| {
            let mut bytes = [0; 64];
            bytes.copy_from_slice(signature.get()?.as_ref());
            Some((signer.get(), bytes))
        });
        Self {
            epoch: proposal.round.epoch().get(),
            view: proposal.round.view().get(),
            parent_view: proposal.parent.get(),
            digest: proposal.payload.0,
            signatures: signatures.collect(),
            anchor: found.encode().to_vec(),
        }
    }
}

impl Archive {
    /// The digest of the final block at a height.
    pub(crate) async fn digest(&self, height: u64) -> Option<Hash> {
        let block = self.0.get_block(Identifier::<Digest>::Height(Height::new(height))).await?;
        Some(block.digest().0)
    }
}
