//! HTTP for members: every endpoint a file, the whole surface in `routes`. Proves who asks, parses once, hands over to
//! the gate and says what came of it. Decides nothing about money and knows no page for people.

mod adviser;
mod code;
mod code_rules;
mod endpoint;
mod indication;
mod operator;
mod routes;
mod said;
mod signed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use hop::{Answer, Door, Received};
use ring::rand::{SecureRandom, SystemRandom};
use runtime::{Gate, KeyRing};

pub use adviser::AdviserDoor;
pub use code_rules::RULES_PATH;
pub use operator::{OperatorToken, ReceivablesChain};
pub use routes::{MEMBER_PREFIXES, OPERATOR_PREFIX};

/// The HTTP face of a network.
pub struct Api {
    gate: Gate,
    door: Door,
    keys: Arc<KeyRing>,
    operator: OperatorToken,
    /// Where the network is reached, without a slash at the end; part of the links it hands out.
    public_url: String,
    random: SystemRandom,
    /// The way to the adviser, where there is one.
    adviser: Option<AdviserDoor>,
    /// The receivables chain whose proofs are believed, where there is one.
    chain: Option<ReceivablesChain>,
}

impl Api {
    /// An API over this gate.
    pub fn new(
        gate: Gate,
        door: Door,
        keys: Arc<KeyRing>,
        operator: OperatorToken,
        public_url: String,
    ) -> Api {
        Api {
            gate,
            door,
            keys,
            operator,
            public_url,
            random: SystemRandom::new(),
            adviser: None,
            chain: None,
        }
    }

    /// Also offers advice, through this door.
    pub fn with_adviser(mut self, door: AdviserDoor) -> Api {
        self.adviser = Some(door);
        self
    }

    /// Also moves money with this chain of receivables.
    pub fn with_chain(mut self, chain: ReceivablesChain) -> Api {
        self.chain = Some(chain);
        self
    }

    /// Answers one request, whatever it is.
    pub async fn answer(&self, received: Received) -> Answer {
        routes::answer(self, received).await
    }

    /// The longest body to be read of a request, by its head.
    pub fn body_bytes_max(&self, path: &str, headers: &hyper::HeaderMap) -> usize {
        operator::screening::body_bytes_max(self, path, headers)
    }

    /// Random bits for codes and tokens that must not be guessed.
    fn entropy<const COUNT: usize>(&self) -> Option<[u64; COUNT]> {
        let mut numbers = [0; COUNT];
        for number in &mut numbers {
            let mut bytes = [0; 8];
            self.random.fill(&mut bytes).ok()?;
            *number = u64::from_le_bytes(bytes);
        }
        Some(numbers)
    }
}
