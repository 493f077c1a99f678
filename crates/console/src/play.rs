//! The playground: a page on which a person pays abroad and sees every hop, posting and signature of it. Draws what it
//! is given; who fills it in is elsewhere.

mod view;

mod assets;
mod code;
mod figures;
mod form;
mod life;
mod lifecycle;
mod message;
mod network;
mod page;
mod payments;
mod phone;
mod price;
mod receipt;
mod stage;
mod steps;
#[cfg(test)]
mod tests;
mod till;
mod trouble;
mod words;

pub use crate::language::Language;
pub(crate) use assets::THEME_PATH;
pub use assets::assets;
pub(crate) use figures::{amount, count, position};
pub use life::{life, no_life};
pub use message::message;
pub use network::network;
pub use page::page;
pub use payments::payments;
pub use phone::phone;
pub use steps::{no_steps, step, steps};
pub use till::till;
pub use view::*;
