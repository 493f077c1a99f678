//! HTML for people: one page a file, rendered on the server from the engine's state. Knows no endpoint of the API and
//! decides nothing.

mod frame;
pub mod play;
mod status;
#[cfg(test)]
mod tests;

pub use frame::{STYLE, STYLE_PATH};
pub use status::{Status, status};
