//! Serves the console's pages: signs the operator's people in and asks the operator API in their name, acts for a
//! wallet's user over the wallet's signed line, and keeps other sites' pages out. Whatever is shown came from an API;
//! this crate knows no engine and draws nothing itself.

mod client;
mod form;
mod office;
pub mod site;

pub use client::ClientPages;
pub use office::Office;
