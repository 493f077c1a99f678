//! The demo's network and members, up and registered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use engine::Engine;
use hop::{Service, Serving};
use journal::{Files, Reader, Sequence};
use members::{Acquirer, Credentials, Line, Market, Network, Operator, Wallet, push_rates};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::task::JoinHandle;
use wire::body::amount::{CurrencyCode, CurrencyPair};
use wire::signature::Scheme;
use wire::{ClientId, KeyVersion, PrivateKey, PublicKey};

use super::cast::{self, ACQUIRERS, PRICES, PROVIDERS, WALLETS};
use super::house::{self, House};

/// Agreements begin a moment after they are recorded.
const AGREEMENTS_HOLD_AFTER: Duration = Duration::from_millis(400);
/// FX providers push this often.
const PACE: Duration = Duration::from_secs(2);
/// How much each provider takes at one price, in minor units of the payer's currency.
const OFFER_SIZE: u64 = 900_000_000;

/// Everything that runs.
pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) network: Network,
    pub(crate) operator: Operator,
    pub(crate) credentials: BTreeMap<String, Credentials>,
    pub(crate) wallets: Vec<Arc<Wallet>>,
    pub(crate) acquirers: Vec<Arc<Acquirer>>,
    /// Where members are called, by client id.
    pub(crate) endpoints: BTreeMap<String, String>,
    process: Child,
    serving: Vec<Serving>,
    pushing: Vec<JoinHandle<()>>,
}

/// What the journal says after everything has stopped.
pub(crate) struct Replayed {
    pub(crate) facts: u64,
    pub(crate) hash: String,
}

impl Stage {
    /// Starts the network and its members, and registers those it does not know yet.
    pub(crate) async fn open(house: House, seed: u64) -> anyhow::Result<Stage> {
        let credentials = all_credentials(&house)?;
        let network = network(&house)?;
        let process = house.start().await?;
        let operator = Operator::new(&house.base_url(), &house::token(&house.path("operator.token"))?);
        let mut stage = Stage {
            house,
            network,
            operator,
            credentials,
            wallets: Vec::new(),
            acquirers: Vec::new(),
            endpoints: BTreeMap::new(),
            process,
            serving: Vec::new(),
            pushing: Vec::new(),
        };
        stage.start_members().await?;
        stage.register().await?;
        stage.start_rates(seed).await?;
        Ok(stage)
    }

    async fn start_members(&mut self) -> anyhow::Result<()> {
        for part in &WALLETS {
            let credentials = self.credentials[part.client_id].clone();
            let line = Line::new(&credentials, &self.network, Scheme::Rfc9421);
            let wallet = Arc::new(Wallet::new(&credentials, line, currency(part.currency)?));
            self.serve(part.client_id, wallet.clone()).await?;
            self.wallets.push(wallet);
        }
        for (number, part) in ACQUIRERS.iter().enumerate() {
            let credentials = self.credentials[part.client_id].clone();
            // One acquirer of each scheme, so that both are seen.
            let scheme = if number == 0 { Scheme::Rfc9421 } else { Scheme::Alipay };
            let line = Line::new(&credentials, &self.network, scheme);
            let acquirer = Arc::new(Acquirer::new(&credentials, line));
            self.serve(part.client_id, acquirer.clone()).await?;
            self.acquirers.push(acquirer);
        }
        Ok(())
    }

    async fn serve<S: Service>(&mut self, client_id: &str, service: Arc<S>) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("listening for a member")?;
        let serving = hop::serve(listener, None, service)?;
        self.endpoints.insert(client_id.to_owned(), format!("http://{}", serving.address));
        self.serving.push(serving);
        Ok(())
    }

    async fn register(&self) -> anyhow::Result<()> {
        let known = self.operator.look("members").await?;
        let known = known["members"].as_array().is_some_and(|members| !members.is_empty());
        if known {
            for (client_id, endpoint) in &self.endpoints {
                let body = serde_json::json!({ "endpoint": endpoint });
                self.operator.change(&format!("members/{client_id}/endpoint"), &body).await?;
            }
            return Ok(());
        }
        let keys = |client_id: &str| {
            let credentials = &self.credentials[client_id];
            [credentials.rsa.public().to_pem(), credentials.ed25519.public().to_pem()].map(|pem| bare(&pem))
        };
        let endpoint = |client_id: &str| self.endpoints.get(client_id).cloned();
        for (path, body) in cast::changes(&keys, &endpoint) {
            self.operator.change(&path, &body).await?;
        }
        tokio::time::sleep(AGREEMENTS_HOLD_AFTER).await;
        for (path, body) in cast::funds() {
            self.operator.change(&path, &body).await?;
        }
        Ok(())
    }

    /// The first offers are in before anything is played.
    async fn start_rates(&mut self, seed: u64) -> anyhow::Result<()> {
        let pairs = PRICES.iter().map(|(base, quote, price)| {
            Ok((CurrencyPair { base: currency(base)?, quote: currency(quote)? }, *price))
        });
        let pairs: Vec<(CurrencyPair, u64)> = pairs.collect::<anyhow::Result<_>>()?;
        for (number, part) in PROVIDERS.iter().enumerate() {
            let line = Line::new(&self.credentials[part.client_id], &self.network, Scheme::Rfc9421);
            let market = Market { pairs: pairs.clone(), margin_ppm: part.margin_ppm, size_minor: OFFER_SIZE };
            let outcome = market.push(&line).await?;
            if outcome != wire::body::outcome::Outcome::success() {
                return Err(anyhow!("{} could not push its rates: {}", part.name, outcome.code));
            }
            let seed = seed.wrapping_mul(31).wrapping_add(number as u64);
            self.pushing.push(tokio::spawn(push_rates(line, market, PACE, seed)));
        }
        Ok(())
    }

    /// Stops everything and replays the journal that is left.
    pub(crate) async fn close(mut self) -> anyhow::Result<Replayed> {
        self.pushing.iter().for_each(JoinHandle::abort);
        self.house.stop(&mut self.process).await?;
        for serving in self.serving.drain(..) {
            drop(tokio::time::timeout(Duration::from_millis(300), serving.stop()).await);
        }
        replay(&self.house.path("journal"))
    }
}

fn replay(journal: &Path) -> anyhow::Result<Replayed> {
    let reader = Reader::open(Files::at(journal), Sequence::FIRST)?;
    let mut engine = Engine::new();
    let mut unreadable = None;
    reader.replay(Sequence::FIRST, &mut |record| match engine.replay(record.bytes) {
        Ok(()) => std::ops::ControlFlow::Continue(()),
        Err(error) => {
            unreadable = Some(error);
            std::ops::ControlFlow::Break(())
        }
    })?;
    if let Some(unreadable) = unreadable {
        return Err(unreadable).context("replaying the journal");
    }
    engine.check()?;
    let hash = engine.state_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Replayed { facts: engine.commit(), hash })
}

fn network(house: &House) -> anyhow::Result<Network> {
    let key = |name: &str| -> anyhow::Result<PublicKey> {
        let path = house.path(name);
        let pem = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        PublicKey::from_pem(&pem).with_context(|| format!("the key in {}", path.display()))
    };
    Ok(Network {
        base_url: Arc::from(house.base_url().as_str()),
        client_id: ClientId::parse("SOJOURN").context("the network's client id")?,
        key_version: version()?,
        rsa: key("keys/network-rsa.public.pem")?,
        ed25519: key("keys/network-ed25519.public.pem")?,
    })
}

fn version() -> anyhow::Result<KeyVersion> {
    KeyVersion::parse("1").context("a key version")
}

fn currency(code: &str) -> anyhow::Result<CurrencyCode> {
    CurrencyCode::parse(code).with_context(|| format!("{code} is no currency code"))
}

/// PEM on one line: the bare base64, as portals hand it out.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

/// Every member's keys, made once and kept beside the network's. RSA keys take their time, so they are made together.
fn all_credentials(house: &House) -> anyhow::Result<BTreeMap<String, Credentials>> {
    let wallets = WALLETS.iter().map(|part| part.client_id);
    let acquirers = ACQUIRERS.iter().map(|part| part.client_id);
    let names: Vec<&str> =
        wallets.chain(acquirers).chain(PROVIDERS.iter().map(|part| part.client_id)).collect();
    std::thread::scope(|scope| {
        let making: Vec<_> = names.iter().map(|name| scope.spawn(|| credentials(house, name))).collect();
        let made =
            making.into_iter().map(|making| making.join().map_err(|_| anyhow!("making a key failed"))?);
        names.iter().zip(made).map(|(name, made)| made.map(|made| ((*name).to_owned(), made))).collect()
    })
}

fn credentials(house: &House, client_id: &str) -> anyhow::Result<Credentials> {
    let key = |kind: &str, make: fn([u8; 32]) -> PrivateKey| -> anyhow::Result<PrivateKey> {
        let path = house.path(&format!("keys/{client_id}-{kind}.pem"));
        if let Ok(pem) = std::fs::read_to_string(&path) {
            return PrivateKey::from_pem(&pem).with_context(|| format!("the key in {}", path.display()));
        }
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).ok().context("the system gave no random bytes")?;
        let made = make(seed);
        crate::command::init::write_secret(&path, &made.to_pem())?;
        Ok(made)
    };
    Ok(Credentials {
        client_id: ClientId::parse(client_id).with_context(|| format!("{client_id} is no client id"))?,
        key_version: version()?,
        rsa: key("rsa", PrivateKey::generate_rsa)?,
        ed25519: key("ed25519", PrivateKey::generate_ed25519)?,
    })
}
