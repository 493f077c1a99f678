//! Where a load happens: a directory, a network process, a wallet process, a relay process, and this process as the
//! acquirer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use journal::{Files, Reader, Sequence};
use members::{Acquirer, Credentials, Line, Market, Network, Operator, Server, Wallet};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::Child;
use wire::body::amount::{CurrencyCode, CurrencyPair};
use wire::signature::{Identity, Scheme};
use wire::{ClientId, KeyVersion, PrivateKey, PublicKey};

use super::offer::{self, Measured, Offer, Till};
use super::process;
use crate::command::demo::house::{self, House};
use crate::command::init;

/// The members of a load.
pub(crate) const ACQUIRER: &str = "LOAD-ACQ";
pub(crate) const WALLET: &str = "LOAD-WALLET";
const PROVIDER: &str = "LOAD-FX";
const NETWORK: &str = "SOJOURN";
/// Bills in minor units: the smallest, and how many there are above it.
const BILL: (u64, u64) = (2_000, 8_000);
/// Codes of one request.
const CODES_AT_ONCE: u8 = 10;
/// More than any load moves, in minor units.
const FUNDS: &str = "9000000000000000";

/// The keys of everybody, in the load's directory.
pub(crate) struct Parties {
    directory: PathBuf,
}

impl Parties {
    /// Makes the members' keys.
    fn make(directory: &Path) -> anyhow::Result<Parties> {
        for member in [ACQUIRER, WALLET, PROVIDER] {
            for (kind, make) in KINDS {
                let mut seed = [0; 32];
                SystemRandom::new().fill(&mut seed).ok().context("the system gave no random bytes")?;
                init::write_secret(
                    &directory.join(format!("keys/{member}-{kind}.pem")),
                    &make(seed).to_pem(),
                )?;
            }
        }
        Parties::read(directory)
    }

    /// The keys that are there.
    pub(crate) fn read(directory: &Path) -> anyhow::Result<Parties> {
        Ok(Parties { directory: directory.to_owned() })
    }

    fn key(&self, name: &str) -> anyhow::Result<PrivateKey> {
        let path = self.directory.join(format!("keys/{name}.pem"));
        let pem = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        PrivateKey::from_pem(&pem).with_context(|| format!("the key in {}", path.display()))
    }

    fn credentials(&self, member: &str) -> anyhow::Result<Credentials> {
        Ok(Credentials {
            client_id: ClientId::parse(member).context("a client id")?,
            key_version: version()?,
            rsa: self.key(&format!("{member}-rsa"))?,
            ed25519: self.key(&format!("{member}-ed25519"))?,
        })
    }

    /// A member's public key of a scheme.
    pub(crate) fn public_key(&self, member: &str, scheme: Scheme) -> anyhow::Result<PublicKey> {
        let credentials = self.credentials(member)?;
        Ok(match scheme {
            Scheme::Alipay => credentials.rsa.public(),
            Scheme::Rfc9421 => credentials.ed25519.public(),
        })
    }

    /// The identity that the network, and the relay in its place, signs with.
    pub(crate) fn network_identity(&self) -> anyhow::Result<Arc<Identity>> {
        let identity = Identity::new(ClientId::parse(NETWORK).context("a client id")?);
        let identity = identity.with(version()?, self.key("network-rsa")?);
        Ok(Arc::new(identity.with(version()?, self.key("network-ed25519")?)))
    }

    fn network_at(&self, base_url: &str) -> anyhow::Result<Network> {
        Ok(Network {
            base_url: Arc::from(base_url),
            client_id: ClientId::parse(NETWORK).context("a client id")?,
            key_version: version()?,
            rsa: self.key("network-rsa")?.public(),
            ed25519: self.key("network-ed25519")?.public(),
        })
    }
}

type Make = fn([u8; 32]) -> PrivateKey;
const KINDS: [(&str, Make); 2] =
    [("rsa", PrivateKey::generate_rsa), ("ed25519", PrivateKey::generate_ed25519)];

fn version() -> anyhow::Result<KeyVersion> {
    KeyVersion::parse("1").context("a key version")
}

fn currency(code: &str) -> anyhow::Result<CurrencyCode> {
    CurrencyCode::parse(code).context("a currency code")
}

/// The wallet's process, started by `load`.
#[derive(clap::Args)]
pub(crate) struct Wallets {
    /// The load's directory
    directory: PathBuf,
    /// Where the network is
    network: String,
}

impl Wallets {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let parties = Parties::read(&self.directory)?;
            let credentials = parties.credentials(WALLET)?;
            let line = Line::new(&credentials, &parties.network_at(&self.network)?, Scheme::Rfc9421);
            let wallet = Arc::new(Wallet::new(&credentials, line, currency("PHP")?).with_endless_money());
            let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
            let serving = hop::serve(listener, None, wallet)?;
            println!("{}", serving.address);
            tokio::signal::ctrl_c().await?;
            Ok(())
        })
    }
}

/// Everything that runs during a load.
pub(crate) struct Site {
    house: House,
    network: Server,
    _wallet: Child,
    relay: Child,
    relay_url: String,
    credentials: Credentials,
    parties: Parties,
    scheme: Scheme,
}

/// What the network's journal holds afterwards.
pub(crate) struct Facts {
    bytes: u64,
    facts: u64,
    syncs: u64,
    payments: u64,
}

impl Facts {
    pub(crate) fn bytes_each(&self) -> u64 {
        self.bytes / self.payments.max(1)
    }

    #[allow(clippy::float_arithmetic, reason = "a measurement, not money")]
    pub(crate) fn facts_a_sync(&self) -> f64 {
        self.facts as f64 / self.syncs.max(1) as f64
    }
}

impl Site {
    pub(crate) async fn open(scheme: Scheme) -> anyhow::Result<Site> {
        let house = House::prepare(None, 0, None, None)?;
        let parties = Parties::make(&house.path(""))?;
        let network = house.start(None).await?;
        let directory = house.path("");
        let directory = directory.to_str().context("a directory with a UTF-8 name")?;
        let (wallet, wallet_at) = process::start(&["load-wallets", directory, &house.base_url()]).await?;
        let wallet_url = format!("http://{wallet_at}");
        let scheme_name = if scheme == Scheme::Alipay { "alipay" } else { "rfc9421" };
        let (relay, relay_at) = process::start(&["relay", directory, &wallet_url, scheme_name]).await?;
        let credentials = parties.credentials(ACQUIRER)?;
        let relay_url = format!("http://{relay_at}");
        let site = Site { house, network, _wallet: wallet, relay, relay_url, credentials, parties, scheme };
        site.register(&wallet_url).await?;
        Ok(site)
    }

    async fn register(&self, wallet_url: &str) -> anyhow::Result<()> {
        let operator =
            Operator::new(&self.house.base_url(), &house::token(&self.house.path("operator.token"))?);
        let members = [
            json!({ "clientId": WALLET, "role": "WALLET", "name": "Load Wallet", "country": "PH",
                "endpoint": wallet_url, "codePrefix": "299001" }),
            json!({ "clientId": ACQUIRER, "role": "ACQUIRER", "name": "Load Acquirer", "country": "CN" }),
            json!({ "clientId": PROVIDER, "role": "FX_PROVIDER", "name": "Load FX", "country": "SG" }),
        ];
        for member in &members {
            operator.change("members", member).await?;
            let client_id = member["clientId"].as_str().context("a client id")?;
            self.give_key(&operator, client_id).await?;
            let limit =
                |code: &str| json!({ "currency": code, "paymentMin": "1", "paymentMax": "1000000000" });
            let (limits, own) = match client_id {
                WALLET => (vec![limit("PHP")], "PHP"),
                ACQUIRER => (vec![limit("CNY")], "CNY"),
                _ => (vec![limit("CNY"), limit("PHP")], "CNY"),
            };
            let mut terms =
                json!({ "limits": limits, "settlementCurrency": own, "networkFeePercent": "0.05" });
            if client_id == ACQUIRER {
                terms["interchangePercent"] = json!("0.60");
            }
            operator.change(&format!("members/{client_id}/agreements"), &terms).await?;
        }
        let merchant = json!({ "referenceMerchantId": "M-1", "merchantName": "Load Noodles", "merchantMCC": "5812",
            "country": "CN", "city": "SHANGHAI" });
        operator.change(&format!("members/{ACQUIRER}/merchants"), &merchant).await?;
        let store = json!({ "referenceStoreId": "S-1", "storeName": "One" });
        operator.change(&format!("members/{ACQUIRER}/merchants/M-1/stores"), &store).await?;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        for (client_id, code) in [(WALLET, "PHP"), (PROVIDER, "CNY")] {
            let deposit = json!({ "fundingRequestId": format!("load-{client_id}"), "direction": "IN",
                "amount": { "currency": code, "value": FUNDS } });
            operator.change(&format!("members/{client_id}/funding"), &deposit).await?;
        }
        Ok(())
    }

    /// Only the key of the scheme measured, so that the network uses it both ways.
    async fn give_key(&self, operator: &Operator, client_id: &str) -> anyhow::Result<()> {
        let pem = self.parties.public_key(client_id, self.scheme)?.to_pem();
        let bare: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let key = json!({ "version": "1", "publicKey": bare });
        Ok(operator.change(&format!("members/{client_id}/keys"), &key).await?)
    }

    fn till(&self, name: &str) -> anyhow::Result<Till> {
        Ok(Till {
            merchant: "M-1".to_owned(),
            store: "S-1".to_owned(),
            currency: currency("CNY")?,
            bill: BILL,
            run: format!("{name}-{}", hop::now_ms()),
        })
    }

    /// Complete payments through the network.
    pub(crate) async fn load_network(&self, offer: &Offer) -> anyhow::Result<Measured> {
        let at = self.parties.network_at(&self.house.base_url())?;
        self.push_rates(&at).await?;
        let acquirer = Line::new(&self.credentials, &at, self.scheme);
        let acquirer = Arc::new(Acquirer::new(&self.credentials, acquirer));
        let codes = self.codes(&at, offer.count()).await?;
        let process = self.network.id().context("the network's process")?;
        let before = process::cpu_us(process)?;
        let measured = offer::run(offer, &acquirer, &self.till("net")?, codes).await?;
        Ok(measured.with_cpu(process::cpu_us(process)? - before))
    }

    /// The same hops through the relay. Its codes are of the same shape, and nobody looks at them.
    pub(crate) async fn load_relay(&self, offer: &Offer) -> anyhow::Result<Measured> {
        let at = self.parties.network_at(&self.relay_url)?;
        let acquirer = Line::new(&self.credentials, &at, self.scheme);
        let acquirer = Arc::new(Acquirer::new(&self.credentials, acquirer));
        let codes = (0..offer.count()).map(|number| format!("29900102{number:016}")).collect();
        let process = self.relay.id().context("the relay's process")?;
        let before = process::cpu_us(process)?;
        let measured = offer::run(offer, &acquirer, &self.till("relay")?, codes).await?;
        Ok(measured.with_cpu(process::cpu_us(process)? - before))
    }

    async fn push_rates(&self, at: &Network) -> anyhow::Result<()> {
        let pair = CurrencyPair { base: currency("CNY")?, quote: currency("PHP")? };
        let market =
            Market { pairs: vec![(pair, 8_125_000)], margin_ppm: 0, size_minor: 900_000_000_000_000 };
        let line = Line::new(&self.parties.credentials(PROVIDER)?, at, self.scheme);
        let outcome = market.push(&line).await?;
        match outcome.verdict() {
            wire::body::outcome::Verdict::Done => Ok(()),
            _ => bail!("rates were not taken: {}", outcome.code),
        }
    }

    async fn codes(&self, at: &Network, count: usize) -> anyhow::Result<Vec<String>> {
        let credentials = self.parties.credentials(WALLET)?;
        let line = Line::new(&credentials, at, self.scheme);
        let wallet = Wallet::new(&credentials, line, currency("PHP")?);
        let mut codes = Vec::with_capacity(count);
        while codes.len() < count {
            let issued = wallet.codes("user-1", CODES_AT_ONCE).await?;
            codes.extend(issued.into_iter().map(|issued| issued.payment_code.to_string()));
        }
        codes.truncate(count);
        Ok(codes)
    }

    /// Stops everything and reads the journal.
    pub(crate) async fn close(mut self) -> anyhow::Result<Facts> {
        self.relay.kill().await.context("stopping the relay")?;
        self.network.stop().await?;
        let reader = Reader::open(Files::at(self.house.path("journal")), Sequence::FIRST)?;
        let found = reader.found();
        let mut engine = engine::Engine::new();
        reader.replay(Sequence::FIRST, &mut |record| match engine.replay(record.bytes) {
            Ok(()) => std::ops::ControlFlow::Continue(()),
            Err(_) => std::ops::ControlFlow::Break(()),
        })?;
        engine.check()?;
        let payments = engine.switch().len() as u64;
        Ok(Facts { bytes: found.bytes, facts: found.records, syncs: found.batches, payments })
    }
}
