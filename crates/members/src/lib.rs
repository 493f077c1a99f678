//! Wallets, acquirers and FX providers as an outside developer would write them: over real signed HTTP, against the
//! public contract only. For the demo, the load and tests. Knows nothing of the network's inside.

mod acquirer;
mod asking;
pub mod cast;
mod company;
mod fx;
mod line;
mod operator;
mod phone;
mod server;
mod wallet;

pub use acquirer::{Acquirer, Order};
pub use asking::Question;
pub use company::{Company, NotOpened};
pub use fx::{Market, push_rates};
pub use line::{Credentials, Line, Network};
pub use operator::{Operator, OperatorFailed};
pub use server::{Server, facts};
pub use wallet::{Mood, Paid, Standing, Wallet};
