//! HTML for people: one page a file, rendered on the server from the engine's state or from what the API answered. Knows
//! no endpoint of the API and decides nothing.

pub mod advice;
mod bars;
pub mod cases;
mod document;
mod frame;
pub mod house;
mod language;
pub mod play;
mod refusals;
mod shell;
mod status;
#[cfg(test)]
mod tests;

pub use frame::{STYLE, STYLE_PATH};
pub use language::Language;
pub use shell::{Notice, Visit, assets};
pub use status::{Status, status};
