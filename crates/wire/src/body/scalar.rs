//! The scalars of the contract. Each is read strictly and says what is wrong; numbers and booleans that clients send
//! unquoted are taken as their text. Amounts are elsewhere.

mod client;
mod flag;
mod instant;
mod list;
mod text;

pub(super) use text::{Kind, Scalar};

pub use flag::{Flag, Truth};
pub use instant::Instant;
pub use list::List;
pub use text::{Category, CodePrefix, Id, Percent, Region, Text, Url};
