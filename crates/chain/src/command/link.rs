//! `chain link`: the settlement member's adapter between a chain and its payment network.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use receivables::codec::hex;

use crate::files::public_key;
use crate::link::{self, KEY, LinkHome, Settings, TOKEN};

/// Links the chain to a payment network.
///
/// A process of the settlement member's own. It reads every final event of the chain from a node, checks that nothing
/// was changed or left out, and tells the network with proofs what concerns its money: locks, sales, payments, liens. It
/// asks the network what it holds money for, and tells the chain with the settler's signature. It keeps nothing that it
/// could not read again: kill it whenever you like, and start it again, here or on another machine. Two at a time
/// disturb nothing.
///
/// To begin: `--init` makes a directory with link.toml and a settler's key; put the network's token into network.token,
/// readable by its owner alone; let governance give the key the purpose of settling; `--check`; then run it.
#[derive(clap::Args)]
pub(super) struct Link {
    /// The link's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only check that nodes, network, token and key can be used together
    #[arg(long)]
    check: bool,
    /// Make the directory, with a new settler's key
    #[arg(long, conflicts_with = "check", requires_all = ["chain", "node", "network"])]
    init: bool,
    /// With --init: the chain's id
    #[arg(long, value_name = "ID", requires = "init")]
    chain: Option<String>,
    /// With --init: a node's address for clients; several may be given
    #[arg(long, value_name = "URL", requires = "init")]
    node: Vec<String>,
    /// With --init: where the network's operator API is reached
    #[arg(long, value_name = "URL", requires = "init")]
    network: Option<String>,
    /// With --init: where metrics are to be served
    #[arg(long, value_name = "ADDRESS", requires = "init")]
    metrics: Option<SocketAddr>,
}

impl Link {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        if self.init {
            return self.make();
        }
        let home = LinkHome::open(&self.data)?;
        if self.check { link::check(&home).await } else { link::run(home).await }
    }

    fn make(self) -> anyhow::Result<()> {
        let settings = Settings {
            chain: self.chain.context("--chain")?,
            nodes: self.node,
            network: self.network.context("--network")?,
            token_file: TOKEN.into(),
            key_file: KEY.into(),
            metrics: self.metrics,
        };
        let seed = LinkHome::make(&self.data, &settings)?;
        println!("made {}", self.data.display());
        println!("  link.toml       every setting, explained");
        println!("  {KEY}     signs as settler; its public key is {}", hex(&public_key(&seed)));
        println!("next: put the network's token into {} (chmod 600)", self.data.join(TOKEN).display());
        println!("then: sojourn chain link --data {} --check", self.data.display());
        Ok(())
    }
}
