//! How a payment was judged before money was asked for: a fact of the payment like its terms. Does not judge.

use risk::{Facts, Verdict};

use crate::payment::Decline;

/// A payment's one verdict and what followed from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// What was known when it was judged.
    pub facts: Facts,
    /// How it was judged, by which versions.
    pub verdict: Verdict,
    /// What the acquirer is told, where the payment was not let through.
    pub refused: Option<Decline>,
    /// The case that a person is to look at, where it became one.
    pub case: Option<u64>,
}
