//! A typed subset of CEL (Common Expression Language), compiled once to numbered slots and run without allocation.
//! Does not know what the slots mean.
//!
//! Taken: `int`, `double`, `bool` and `string` values; `+ - * / %`, comparisons, `&& || !`, `?:`, `in` over literal
//! and named lists, `int()`, `double()`, `velocity(…)`. Refused by name: macros, maps, messages, regular expressions
//! and everything else that could cost without bound. Semantics are CEL's: no mixing of int and double, overflow and
//! division by zero are errors, and `&&` and `||` absorb the error of one side where the other decides.

mod compile;
mod lex;
mod parse;
mod run;

pub use compile::{COST_MAX, Program};
pub use parse::{Expr, Node, TEXT_BYTES_MAX, parse};
pub use run::{Lists, Outcome, Scope};

use std::collections::BTreeMap;

use crate::Error;

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sixty-four bit signed integer.
    Int,
    /// IEEE 754 double.
    Double,
    /// True or false.
    Bool,
    /// A text, compared by its key.
    Text,
}

impl Kind {
    /// CEL's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Double => "double",
            Self::Bool => "bool",
            Self::Text => "string",
        }
    }
}

/// The names an expression may use, with their slots and kinds, and the named lists.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    names: BTreeMap<String, (u16, Kind)>,
    lists: BTreeMap<String, u16>,
    velocities: BTreeMap<String, u16>,
    kinds: Vec<Kind>,
}

impl Schema {
    /// Adds a name in the next slot and returns the slot.
    pub fn add(&mut self, name: &str, kind: Kind) -> u16 {
        let slot = self.kinds.len() as u16;
        self.kinds.push(kind);
        self.names.insert(name.to_owned(), (slot, kind));
        slot
    }

    /// Adds a named list and returns its number.
    pub fn add_list(&mut self, name: &str) -> u16 {
        let next = self.lists.len() as u16;
        *self.lists.entry(name.to_owned()).or_insert(next)
    }

    /// Makes `velocity(entity, aggregate, window)` mean the given slot.
    pub(crate) fn add_velocity(&mut self, signature: String, slot: u16) {
        self.velocities.entry(signature).or_insert(slot);
    }

    /// Slot and kind of a name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<(u16, Kind)> {
        self.names.get(name).copied()
    }

    /// Number of a named list.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<u16> {
        self.lists.get(name).copied()
    }

    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there is no slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Kind of each slot, in slot order.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The named lists in order of their numbers.
    #[must_use]
    pub fn list_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.lists.iter().collect();
        names.sort_by_key(|(_, number)| **number);
        names.into_iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Names whose beginning or end looks like the given one, for a complaint that helps.
    fn near(&self, name: &str) -> Option<&str> {
        let stem = &name[..name.char_indices().nth(4).map_or(name.len(), |(at, _)| at)];
        self.names.keys().map(String::as_str).find(|known| known.starts_with(stem))
    }
}

/// Parses, types and compiles an expression.
///
/// # Errors
/// [`Error::Expression`] with the byte where the text leaves the language, the types or the cost bound.
pub fn compile(text: &str, schema: &Schema) -> Result<Program, Error> {
    compile::compile(&parse(text)?, schema)
}

#[cfg(test)]
mod tests;
