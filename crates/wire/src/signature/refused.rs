//! Why a message is not accepted as signed: one value per reason, each with a sentence for the one who sent it.

use std::fmt;

use super::Exchange;

/// A request that is refused, and what a signed refusal can be tied to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The reason.
    pub refused: Refused,
    /// Set when the directory knows the member the request names: the refusal can then be signed. Otherwise nobody is
    /// identified, and the refusal is a bare HTTP status.
    pub exchange: Option<Box<Exchange>>,
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Refusal {
        Refusal { refused, exchange: None }
    }
}

/// Why a message is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// A header field, or a part of one, is not there.
    Missing {
        /// The field or part.
        what: &'static str,
    },
    /// A header field or part is there more than once.
    Repeated {
        /// The field or part.
        what: &'static str,
    },
    /// A header field or part cannot be read.
    Malformed {
        /// The field or part.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The signature does not cover something that it must.
    NotCovered {
        /// The component, as RFC 9421 writes it.
        component: &'static str,
    },
    /// An algorithm that this network does not use, or not with this key.
    UnknownAlgorithm,
    /// The `tag` parameter names another use of signatures.
    WrongTag,
    /// The directory has no such member.
    UnknownClient,
    /// The member has no such live key.
    UnknownKey,
    /// The answer was signed by somebody else than the one asked.
    WrongSigner,
    /// Signed too long ago.
    Stale {
        /// Milliseconds since it was signed.
        age_ms: u64,
    },
    /// Signed at a time that has not come yet.
    FromTheFuture {
        /// Milliseconds until then.
        ahead_ms: u64,
    },
    /// `expires` has passed.
    Expired {
        /// Milliseconds since.
        late_ms: u64,
    },
    /// `expires` lies too long after `created`, or before it.
    WrongLife {
        /// Seconds between the two, 0 when `expires` is not the later.
        life_s: u64,
    },
    /// The body is not the one the digest was made over.
    DigestMismatch,
    /// The signature is not the key's over this message.
    WrongSignature,
    /// The nonce has been used.
    Replayed,
    /// No nonce can be remembered just now.
    ReplayCacheFull,
}

impl Refused {
    /// Whether the sender may repeat the message later with success.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Refused::ReplayCacheFull)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Missing { what } => write!(f, "{what} is missing"),
            Refused::Repeated { what } => write!(f, "{what} is there more than once"),
            Refused::Malformed { what, why } => write!(f, "{what} cannot be read: {why}"),
            Refused::NotCovered { component } => write!(f, "the signature does not cover {component}"),
            Refused::UnknownAlgorithm => {
                f.write_str("the signature algorithm is not one of this network, or not this key's")
            }
            Refused::WrongTag => f.write_str("the signature's tag is not net-v1"),
            Refused::UnknownClient => f.write_str("no member has this client id"),
            Refused::UnknownKey => f.write_str("the member has no live key of this version"),
            Refused::WrongSigner => f.write_str("the answer is signed by somebody else than the one asked"),
            Refused::Stale { age_ms } => {
                write!(f, "the message was signed {age_ms} ms ago, which is too long")
            }
            Refused::FromTheFuture { ahead_ms } => {
                write!(f, "the message is signed {ahead_ms} ms ahead of our clock: check yours")
            }
            Refused::Expired { late_ms } => write!(f, "the signature expired {late_ms} ms ago"),
            Refused::WrongLife { life_s } => {
                write!(f, "the signature is to live {life_s} s, which is not accepted")
            }
            Refused::DigestMismatch => f.write_str("content-digest is not the digest of the body"),
            Refused::WrongSignature => f.write_str("the signature does not fit the message and the key"),
            Refused::Replayed => f.write_str("the nonce has been used before"),
            Refused::ReplayCacheFull => {
                f.write_str("too many requests within a minute: repeat this one shortly")
            }
        }
    }
}

impl std::error::Error for Refused {}
