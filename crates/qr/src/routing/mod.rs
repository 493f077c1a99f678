//! Code-routing rules: which member a presented code belongs to. Signs nothing, fetches nothing, moves nothing.
//!
//! The network publishes one [`RuleSet`]; wallets download it, check its signature and ask it of every scanned code:
//! mine, the network's, or nobody's? Longer patterns win over shorter ones, and a set in which two rules say
//! different things about the same codes cannot be published.
//!
//! ```
//! use qr::PresentedCode;
//! use qr::routing::{Answer, Pattern, Rule, RuleSet};
//! let rule = |pattern, member: &str| Rule::new(pattern, "sojourn", member);
//! let rules = RuleSet::publish(7, 1_795_385_924, vec![
//!     rule(Pattern::prefix("2510")?, "wallet-a")?,
//!     rule(Pattern::prefix("251001")?, "wallet-b")?,
//!     rule(Pattern::owner("org.example.pay")?, "acquirer-c")?,
//! ])?;
//! let code = PresentedCode::parse("251001020123456789012345").expect("24 digits are a payment code");
//! assert!(matches!(rules.answer(&code, "wallet-b"), Answer::Mine(_)));
//! let Answer::Network(route) = rules.answer(&code, "wallet-a") else { panic!("the longer prefix wins") };
//! assert_eq!(route.rule.member(), "wallet-b");
//! # Ok::<(), qr::routing::Refused>(())
//! ```

mod answer;
mod canonical;
mod pattern;
mod rule_set;
mod signed;

pub use answer::{Answer, Route};
pub use pattern::Pattern;
pub use rule_set::{Rule, RuleSet};
pub use signed::Signed;

use std::fmt;

/// Why a rule, a set of rules or a downloaded set is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// A pattern that no code can have or that covers everything.
    Pattern {
        /// The pattern as given.
        text: String,
    },
    /// A scheme or member name with blanks or other than ASCII letters, digits and `._-`.
    Name {
        /// The name as given.
        text: String,
    },
    /// Two rules for the same codes.
    Conflict {
        /// The pattern both have.
        pattern: Pattern,
        /// Who the first gives it to.
        first: String,
        /// Who the second gives it to.
        second: String,
    },
    /// More rules than a wallet should have to keep.
    TooManyRules {
        /// How many are allowed.
        most: usize,
    },
    /// A line of the canonical form that cannot be read, or that is not where the canonical form has it.
    Line {
        /// Counted from one.
        number: usize,
    },
    /// The signature does not belong to the bytes.
    Signature,
    /// An older set than the one already held, or another one under the same version.
    Older {
        /// Version held.
        held: u64,
        /// Version offered.
        offered: u64,
    },
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Pattern { text } => write!(f, "“{text}” is not a pattern a code can match"),
            Refused::Name { text } => write!(f, "“{text}” is not a name of ASCII letters, digits and ._-"),
            Refused::Conflict { pattern, first, second } => {
                write!(f, "two rules for {pattern}: one gives it to {first}, one to {second}")
            }
            Refused::TooManyRules { most } => write!(f, "a set holds at most {most} rules"),
            Refused::Line { number } => write!(f, "line {number} is not in canonical form"),
            Refused::Signature => f.write_str("the signature does not belong to this set"),
            Refused::Older { held, offered } => {
                write!(f, "version {offered} does not follow version {held}, which is held already")
            }
        }
    }
}

#[cfg(test)]
mod tests;
