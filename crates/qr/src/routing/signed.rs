//! A set of rules as it travels: canonical bytes and a signature apart from them. Knows no key and no algorithm; who
//! holds them says whether a signature is right.

use super::{Refused, RuleSet};

/// Canonical bytes with their signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
    /// Name of the key that signed them.
    pub key: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signed {
    /// Signs a set; `sign` gets the canonical bytes.
    pub fn seal(rules: &RuleSet, key: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Signed {
        let bytes = rules.canonical();
        let signature = sign(&bytes);
        Signed { bytes, key: key.to_owned(), signature }
    }

    /// Opens a downloaded set. `verify` gets key name, bytes and signature; nothing is read before it agreed. A set
    /// that does not follow the `held` one is refused, so that nobody can bring back an old one.
    pub fn open(
        &self,
        held: Option<&RuleSet>,
        verify: impl FnOnce(&str, &[u8], &[u8]) -> bool,
    ) -> Result<RuleSet, Refused> {
        if !verify(&self.key, &self.bytes, &self.signature) {
            return Err(Refused::Signature);
        }
        let offered = RuleSet::parse(&self.bytes)?;
        match held {
            Some(held)
                if offered.version() < held.version()
                    || offered.version() == held.version() && offered != *held =>
            {
                Err(Refused::Older { held: held.version(), offered: offered.version() })
            }
            _ => Ok(offered),
        }
    }
}
