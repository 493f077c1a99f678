//! The playground: a page on which a person pays abroad and sees every hop, posting and signature of it. Draws what it
//! is given; who fills it in is elsewhere.

mod view;

pub use view::*;
