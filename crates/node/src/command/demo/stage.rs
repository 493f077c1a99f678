//! The demo's network and members, up and registered.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use engine::Engine;
use journal::{Files, Reader, Sequence};
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use members::{Company, Credentials, Network, Operator, Server};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::Mutex;
use wire::{ClientId, KeyVersion, PrivateKey};

use super::desk::Desk;
use super::house::{self, House};

/// Everything that runs.
pub(crate) struct Stage {
    pub(crate) house: Arc<House>,
    pub(crate) network: Network,
    pub(crate) operator: Operator,
    pub(crate) desk: Desk,
    pub(crate) company: Arc<Company>,
    pub(crate) server: Arc<Mutex<Server>>,
}

/// What the journal says after everything has stopped.
pub(crate) struct Replayed {
    pub(crate) facts: u64,
    pub(crate) hash: String,
}

impl Stage {
    /// Starts the network and its members, and registers those it does not know yet.
    pub(crate) async fn open(house: House, seed: u64, tell: Option<SocketAddr>) -> anyhow::Result<Stage> {
        let credentials = all_credentials(&house)?;
        let network = Network::of_directory(&house.base_url(), &house.path(""))?;
        let server = house.start(tell).await?;
        let operator = Operator::new(&house.base_url(), &house::token(&house.path("operator.token"))?);
        let [first, second] = house::PERSONS
            .map(|person| house.token_of(person).map(|token| Operator::new(&house.base_url(), &token)));
        let desk = Desk { first: first?, second: second? };
        desk.publish_model().await.context("publishing the model")?;
        let company = Company::open(credentials, &network, &operator).await?;
        company.keep_pushing(seed);
        Ok(Stage {
            house: Arc::new(house),
            network,
            operator,
            desk,
            company: Arc::new(company),
            server: Arc::new(Mutex::new(server)),
        })
    }

    /// Stops everything and replays the journal that is left.
    pub(crate) async fn close(self) -> anyhow::Result<Replayed> {
        self.company.stop_pushing();
        self.server.lock().await.stop().await?;
        self.company.close().await;
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
        key_version: KeyVersion::parse("1").context("a key version")?,
        rsa: key("rsa", PrivateKey::generate_rsa)?,
        ed25519: key("ed25519", PrivateKey::generate_ed25519)?,
    })
}
