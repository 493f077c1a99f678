//! The whole cast at work: every member with its keys and its line, callable at a loopback port of its own, and
//! registered with the operator's API.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hop::{CallFailed, Service, Serving};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wire::body::amount::{CurrencyCode, CurrencyPair};
use wire::body::outcome::{Outcome, Verdict};
use wire::signature::Scheme;

use crate::cast::{self, ACQUIRERS, PRICES, PROVIDERS, WALLETS};
use crate::{Acquirer, Credentials, Line, Market, Network, Operator, OperatorFailed, Wallet, push_rates};

/// Agreements begin a moment after they are recorded.
const AGREEMENTS_HOLD_AFTER: Duration = Duration::from_millis(400);
/// FX providers push this often.
const PACE: Duration = Duration::from_secs(2);
/// How much each provider takes at one price, in minor units of the payer's currency.
const OFFER_SIZE: u64 = 900_000_000;
/// Why the locks here cannot be poisoned.
const UNPOISONED: &str = "nothing panics while it holds this lock";
/// Open requests get this long when a member closes.
const LAST_ANSWERS: Duration = Duration::from_millis(300);

/// Everybody, up.
pub struct Company {
    /// By client id.
    pub credentials: BTreeMap<String, Credentials>,
    /// In the order of [`cast::WALLETS`].
    pub wallets: Vec<Arc<Wallet>>,
    /// In the order of [`cast::ACQUIRERS`]. The first signs by RFC 9421, the second as Alipay+ does.
    pub acquirers: Vec<Arc<Acquirer>>,
    /// In the order of [`cast::PROVIDERS`]. Each has pushed its offers once.
    pub markets: Vec<(Line, Market)>,
    /// Where wallets and acquirers are called, by client id.
    pub endpoints: BTreeMap<String, String>,
    serving: Mutex<Vec<Serving>>,
    /// By provider: its pushing, while it pushes.
    pushing: Mutex<Vec<Option<JoinHandle<()>>>>,
}

/// Why the cast is not up.
#[derive(Debug)]
pub enum NotOpened {
    /// This member of the cast has no keys.
    NoCredentials(&'static str),
    /// A member's socket.
    Listening(std::io::Error),
    /// A member was not registered.
    Registering(OperatorFailed),
    /// Offers could not be pushed.
    Pushing(CallFailed),
    /// Offers were not taken.
    NotTaken(Outcome),
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotOpened::NoCredentials(client_id) => write!(f, "{client_id} has no keys"),
            NotOpened::Listening(error) => write!(f, "listening for a member: {error}"),
            NotOpened::Registering(failed) => write!(f, "registering a member: {failed}"),
            NotOpened::Pushing(failed) => write!(f, "pushing rates: {failed}"),
            NotOpened::NotTaken(outcome) => write!(f, "rates were not taken: {}", outcome.code),
        }
    }
}

impl std::error::Error for NotOpened {}

impl Company {
    /// Opens everybody, registers those whom the network does not know yet and pushes the first rates.
    pub async fn open(
        credentials: BTreeMap<String, Credentials>,
        network: &Network,
        operator: &Operator,
    ) -> Result<Company, NotOpened> {
        let mut company = Company {
            credentials,
            wallets: Vec::new(),
            acquirers: Vec::new(),
            markets: Vec::new(),
            endpoints: BTreeMap::new(),
            serving: Mutex::default(),
            pushing: Mutex::default(),
        };
        company.open_members(network).await?;
        company.register(operator).await.map_err(NotOpened::Registering)?;
        company.push_first(network).await?;
        Ok(company)
    }

    async fn open_members(&mut self, network: &Network) -> Result<(), NotOpened> {
        for part in &WALLETS {
            let credentials = self.credentials(part.client_id)?;
            let line = Line::new(credentials, network, Scheme::Rfc9421);
            let wallet = Arc::new(Wallet::new(credentials, line, currency(part.currency)));
            self.serve(part.client_id, wallet.clone()).await.map_err(NotOpened::Listening)?;
            self.wallets.push(wallet);
        }
        for (part, scheme) in ACQUIRERS.iter().zip([Scheme::Rfc9421, Scheme::Alipay]) {
            let credentials = self.credentials(part.client_id)?;
            let line = Line::new(credentials, network, scheme);
            let acquirer = Arc::new(Acquirer::new(credentials, line));
            self.serve(part.client_id, acquirer.clone()).await.map_err(NotOpened::Listening)?;
            self.acquirers.push(acquirer);
        }
        Ok(())
    }

    fn credentials(&self, client_id: &'static str) -> Result<&Credentials, NotOpened> {
        self.credentials.get(client_id).ok_or(NotOpened::NoCredentials(client_id))
    }

    async fn serve<S: Service>(&mut self, client_id: &str, service: Arc<S>) -> std::io::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let serving = hop::serve(listener, None, service)?;
        self.endpoints.insert(client_id.to_owned(), format!("http://{}", serving.address));
        self.serving.lock().expect(UNPOISONED).push(serving);
        Ok(())
    }

    async fn register(&self, operator: &Operator) -> Result<(), OperatorFailed> {
        let known = operator.look("members").await?;
        if known["members"].as_array().is_some_and(|members| !members.is_empty()) {
            for (client_id, endpoint) in &self.endpoints {
                let body = serde_json::json!({ "endpoint": endpoint });
                operator.change(&format!("members/{client_id}/endpoint"), &body).await?;
            }
            return Ok(());
        }
        let keys = |client_id: &str| {
            let known = self.credentials.get(client_id);
            let keys = known.map(|credentials| [credentials.rsa.public(), credentials.ed25519.public()]);
            keys.into_iter().flatten().map(|key| bare(&key.to_pem())).collect()
        };
        let endpoint = |client_id: &str| self.endpoints.get(client_id).cloned();
        for (path, body) in cast::changes(&keys, &endpoint) {
            operator.change(&path, &body).await?;
        }
        tokio::time::sleep(AGREEMENTS_HOLD_AFTER).await;
        for (path, body) in cast::funds() {
            operator.change(&path, &body).await?;
        }
        Ok(())
    }

    async fn push_first(&mut self, network: &Network) -> Result<(), NotOpened> {
        let pair = |(base, quote, price): &(&'static str, &'static str, u64)| {
            (CurrencyPair { base: currency(base), quote: currency(quote) }, *price)
        };
        for part in &PROVIDERS {
            let line = Line::new(self.credentials(part.client_id)?, network, Scheme::Rfc9421);
            let pairs = PRICES.iter().map(pair).collect();
            let market = Market { pairs, margin_ppm: part.margin_ppm, size_minor: OFFER_SIZE };
            let outcome = market.push(&line).await.map_err(NotOpened::Pushing)?;
            if outcome.verdict() != Verdict::Done {
                return Err(NotOpened::NotTaken(outcome));
            }
            self.markets.push((line, market));
        }
        Ok(())
    }

    /// From now on FX providers push prices that wander, from one seed.
    pub fn keep_pushing(&self, seed: u64) {
        self.stop_pushing();
        (0..self.markets.len()).for_each(|number| self.begin_pushing(number, seed));
    }

    /// From now on the FX provider of this place in [`cast::PROVIDERS`] pushes prices, if it does not already.
    pub fn begin_pushing(&self, number: usize, seed: u64) {
        let seed = seed.wrapping_mul(31).wrapping_add(number as u64);
        let mut pushing = self.pushing.lock().expect(UNPOISONED);
        pushing.resize_with(self.markets.len(), || None);
        if let (Some((line, market)), Some(place)) = (self.markets.get(number), pushing.get_mut(number)) {
            place.get_or_insert_with(|| tokio::spawn(push_rates(line.clone(), market.clone(), PACE, seed)));
        }
    }

    /// Every FX provider that pushes prices begins anew, at once: a network that has just started knows none.
    pub fn push_again(&self, seed: u64) {
        let pushing: Vec<usize> = {
            let mut all = self.pushing.lock().expect(UNPOISONED);
            let taken = all.iter_mut().map(Option::take).enumerate();
            taken.filter_map(|(number, one)| one.map(|one| (number, one.abort()))).map(|(n, ())| n).collect()
        };
        pushing.into_iter().for_each(|number| self.begin_pushing(number, seed));
    }

    /// The FX provider of this place withdraws its offers and pushes nothing more.
    pub async fn withdraw(&self, number: usize) -> Result<(), CallFailed> {
        let pushing = self.pushing.lock().expect(UNPOISONED).get_mut(number).and_then(Option::take);
        if let Some(pushing) = pushing {
            pushing.abort();
            // Its last push must not arrive after the withdrawal.
            drop(pushing.await);
        }
        match self.markets.get(number) {
            Some((line, market)) => Market { size_minor: 0, ..market.clone() }.push(line).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// FX providers push nothing more.
    pub fn stop_pushing(&self) {
        self.pushing.lock().expect(UNPOISONED).drain(..).flatten().for_each(|pushing| pushing.abort());
    }

    /// Closes everybody's socket.
    pub async fn close(&self) {
        self.stop_pushing();
        let serving: Vec<Serving> = self.serving.lock().expect(UNPOISONED).drain(..).collect();
        for serving in serving {
            drop(tokio::time::timeout(LAST_ANSWERS, serving.stop()).await);
        }
    }
}

fn currency(code: &str) -> CurrencyCode {
    CurrencyCode::parse(code).expect("the cast names currencies by three capital letters")
}

/// PEM on one line: the bare base64, as portals hand it out.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}
