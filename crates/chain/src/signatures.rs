//! Whether transactions are well signed: Ed25519 under the rules of ZIP 215, by which a signature alone and many at once
//! are judged alike, so that no node refuses a block for a signature that another took. Knows no transaction.

use std::convert::Infallible;

use ed25519_zebra::batch::{Item, Verifier};
use ed25519_zebra::{Signature, VerificationKeyBytes};
use rand_core::{TryCryptoRng, TryRng};
use ring::rand::{SecureRandom as _, SystemRandom};

/// A signature that is to be checked.
#[derive(Clone)]
pub(crate) struct Claim(Item);

impl Claim {
    /// That the signature over the message is the key's.
    pub(crate) fn new(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Self {
        let (key, signature) = (VerificationKeyBytes::from(*key), Signature::from_bytes(signature));
        Self(Item::from((key, signature, message)))
    }

    /// Whether it holds.
    pub(crate) fn holds(&self) -> bool {
        self.0.clone().verify_single().is_ok()
    }
}

/// Whether all hold, for a third of what each alone costs. If not, it does not say which.
pub(crate) fn all_hold<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> bool {
    let mut together = Verifier::new();
    claims.into_iter().for_each(|claim| together.queue(claim.0.clone()));
    together.verify(System).is_ok()
}

/// The system's random bytes: whoever signs must not guess them.
struct System;

impl TryRng for System {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        SystemRandom::new().fill(bytes).expect("a system without random bytes runs no node");
        Ok(())
    }
}

impl TryCryptoRng for System {}

#[cfg(test)]
mod tests;
