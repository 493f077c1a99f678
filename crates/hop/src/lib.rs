//! One signed HTTP hop, both sides of it: calling a peer and checking its answer, serving peers and signing ours.
//! Knows neither payments nor who takes part; names, keys and paths are arguments.

mod clock;
mod courier;
mod serve;
mod signed;
mod tap;
#[cfg(test)]
mod tests;
mod tls;

pub use clock::now_ms;
pub use courier::{ANSWER_BYTES_MAX, Call, CallFailed, Courier, FindKey, Http, Peer, client};
pub use serve::{Answer, BODY_BYTES_MAX, Body, Received, Service, Serving, plain, serve};
pub use signed::{Door, NotAdmitted};
pub use tap::{Half, Overheard, Tap, Tapped};
pub use tls::{TlsFault, server_config};
