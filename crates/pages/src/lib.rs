//! Serves the console's pages: signs the operator's people in, asks the operator API in their name, and keeps other
//! sites' pages out. Whatever is shown came from an API; this crate knows no engine and draws nothing itself.

mod form;
mod office;
mod site;

pub use office::Office;
