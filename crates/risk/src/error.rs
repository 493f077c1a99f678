//! What can be wrong with a text, a list, a model or a change handed to this crate. A refused payment is a
//! [`crate::Verdict`], never an error.

use std::fmt;

/// Everything this crate refuses, with what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// An expression that does not parse, type or fit its cost bound.
    Expression {
        /// Byte offset in the expression's text.
        at: usize,
        /// What is wrong there.
        what: String,
    },
    /// A line of a declaration (features, rules, policy, model, list) that cannot be taken.
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// A whole that cannot be taken although each of its lines can.
    Whole(String),
    /// A change that its maker or checker may not make.
    Change(String),
    /// Bytes that are not the encoding they claim to be.
    Bytes {
        /// Byte offset.
        at: usize,
        /// What was expected there.
        what: &'static str,
    },
}

impl Error {
    /// A complaint about one line.
    #[must_use]
    pub fn line(line: usize, what: impl Into<String>) -> Self {
        Self::Line { line, what: what.into() }
    }

    /// The same complaint, told as belonging to a line of a larger text.
    #[must_use]
    pub fn on_line(self, line: usize) -> Self {
        match self {
            Self::Expression { at, what } => Self::Line { line, what: format!("at byte {at}: {what}") },
            Self::Whole(what) => Self::Line { line, what },
            other => other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression { at, what } => write!(out, "expression, byte {at}: {what}"),
            Self::Line { line, what } => write!(out, "line {line}: {what}"),
            Self::Whole(what) | Self::Change(what) => out.write_str(what),
            Self::Bytes { at, what } => write!(out, "byte {at}: expected {what}"),
        }
    }
}

impl std::error::Error for Error {}
