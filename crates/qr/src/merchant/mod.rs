//! EMVCo merchant-presented codes: read, looked into and made. Knows the standard's objects, no national scheme
//! beyond which of its values hold objects of their own.

mod amount;
mod build;
mod code;
mod dictionary;
mod encode;
mod object;
mod part;
mod scan;
mod template;

pub use amount::{Amount, Percentage};
pub use build::Builder;
pub use code::{Code, Initiation, Tip};
pub use dictionary::name;
pub(crate) use dictionary::{Entry, Format, additional_entry, language_entry, root as root_entry};
pub use encode::{Item, encode};
pub use object::{Object, Objects};
pub use part::{Account, Additional, Language};
pub(crate) use scan::scan;
pub use template::{AdditionalData, Template};

#[cfg(test)]
mod tests;
