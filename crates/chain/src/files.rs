//! A node's directory: its keys, its configuration, and the genesis it agreed to. Knows no chain.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use receivables::Genesis;
use receivables::codec::{Codec as _, hex, unhex};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};

/// The genesis as all members have it: hexadecimal canonical bytes.
pub const GENESIS: &str = "genesis.hex";
/// The node's configuration.
pub const CONFIG: &str = "chain.toml";
/// The node's secret seed.
pub const NODE_KEY: &str = "node.key";

/// The secret seed that takes its place when governance has named its key.
pub const NEXT_KEY: &str = "node-next.key";
/// The one before, which counts for nothing any more.
pub const PAST_KEY: &str = "node-past.key";
/// The snapshot that a node began with.
pub const SNAPSHOT: &str = "snapshot";
/// Keys that were there when a snapshot was restored, hexadecimal, a line each: they never vote again.
pub const RESTORED: &str = "restored";
/// The ordering's archives and vote journals.
pub const ORDERING: &str = "ordering";
/// What vote journals are called in there.
const VOTES: &str = "node-votes";

/// Questions for fingerprints within a minute, if the configuration does not say: a funder's desk needs few.
pub const FINGERPRINT_QUERIES_PER_MINUTE: u32 = 60;

/// What a node is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chain's id, as the member checked and agreed to. The node does not start on another genesis.
    pub chain: String,
    /// Where other nodes reach it.
    pub nodes: SocketAddr,
    /// Where its own clients reach it.
    pub clients: SocketAddr,
    /// Whether it serves pages for people and remembers what they show: some 200 bytes a certificate.
    #[serde(default = "yes")]
    pub explorer: bool,
    /// Questions for fingerprints that it answers within a minute: whoever has the key could guess invoices.
    #[serde(default = "queries_per_minute")]
    pub fingerprint_queries_per_minute: u32,
    /// Nodes that follow without a vote: they may connect to this one.
    #[serde(default)]
    pub followers: Vec<Follower>,
}

/// A node without a vote.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follower {
    /// Its key, hexadecimal.
    pub key: String,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A directory that is whole: the genesis is the agreed one.
pub struct Home {
    /// Where it is.
    pub directory: PathBuf,
    /// What the node is told.
    pub config: Config,
    /// What the chain began with.
    pub genesis: Genesis,
    /// The node's secret seed.
    pub seed: [u8; 32],
}

impl Home {
    /// Reads a directory. Fails if the genesis there is not the one whose id the configuration names.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        let config = fs::read_to_string(directory.join(CONFIG))
            .with_context(|| format!("reading {}", directory.join(CONFIG).display()))?;
        let config: Config = toml::from_str(&config).context("reading the configuration")?;
        let genesis = read_genesis(&directory.join(GENESIS))?;
        let chain = hex(&genesis.chain());
        ensure!(
            chain == config.chain,
            "the genesis here is of chain {chain}, but this node agreed to chain {}: it does not start",
            config.chain
        );
        let seed = read_seed(&directory.join(NODE_KEY))?;
        Ok(Self { directory: directory.to_owned(), config, genesis, seed })
    }

    /// The bytes of the snapshot that was restored here, if one was.
    pub fn snapshot(&self) -> anyhow::Result<Option<Vec<u8>>> {
        match fs::read(self.directory.join(SNAPSHOT)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("reading the snapshot"),
        }
    }

    /// Whether this node may vote with its key. A key that was there when a snapshot was restored may have voted
    /// before, and what it voted for is lost: voting again could contradict it. Fails if a vote journal lies beside such
    /// a key, because that one belongs to another machine.
    pub fn may_vote(&self) -> anyhow::Result<bool> {
        let lost = match fs::read_to_string(self.directory.join(RESTORED)) {
            Ok(keys) => keys.lines().any(|key| key == hex(&self.key())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).context("reading which keys were restored"),
        };
        if lost && let Ok(entries) = fs::read_dir(self.directory.join(ORDERING)) {
            for entry in entries {
                let name = entry?.file_name();
                ensure!(
                    !name.to_string_lossy().starts_with(VOTES),
                    "{} holds a vote journal, but the node was restored from a snapshot: a vote journal never goes to \
                     a second machine; remove the directory {ORDERING}",
                    self.directory.join(ORDERING).display()
                );
            }
        }
        Ok(!lost)
    }

    /// The node's public key.
    pub fn key(&self) -> [u8; 32] {
        public_key(&self.seed)
    }
}

fn yes() -> bool {
    true
}

fn queries_per_minute() -> u32 {
    FINGERPRINT_QUERIES_PER_MINUTE
}

/// Writes the configuration.
pub fn write_config(directory: &Path, config: &Config) -> anyhow::Result<()> {
    let Config { chain, nodes, clients, explorer, fingerprint_queries_per_minute, followers } = config;
    let mut text = format!(
        "chain = \"{chain}\"\nnodes = \"{nodes}\"\nclients = \"{clients}\"\nexplorer = {explorer}\n\
         fingerprint_queries_per_minute = {fingerprint_queries_per_minute}\n"
    );
    for Follower { key, address } in followers {
        text.push_str(&format!("\n[[followers]]\nkey = \"{key}\"\naddress = \"{address}\"\n"));
    }
    fs::write(directory.join(CONFIG), text).context("writing the configuration")
}

/// Writes a genesis.
pub fn write_genesis(file: &Path, genesis: &Genesis) -> anyhow::Result<()> {
    fs::write(file, hex(&genesis.encode()) + "\n").with_context(|| format!("writing {}", file.display()))
}

/// Reads a genesis.
pub fn read_genesis(file: &Path) -> anyhow::Result<Genesis> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let Some(bytes) = unhex(text.trim()) else { bail!("{} is not hexadecimal", file.display()) };
    Genesis::decode(&bytes).map_err(|malformed| anyhow::anyhow!("{}: {malformed}", file.display()))
}

/// Makes a secret seed in a file that only its owner can read.
pub fn make_seed(file: &Path) -> anyhow::Result<[u8; 32]> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).map_err(|_| anyhow::anyhow!("the system gives no randomness"))?;
    write_secret(file, hex(&seed).as_bytes()).with_context(|| format!("writing {}", file.display()))?;
    Ok(seed)
}

/// Reads a secret seed.
pub fn read_seed(file: &Path) -> anyhow::Result<[u8; 32]> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let bytes = unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.with_context(|| format!("{} is not 32 hexadecimal bytes", file.display()))
}

/// The public key of a seed.
pub fn public_key(seed: &[u8; 32]) -> [u8; 32] {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed");
    let mut key = [0; 32];
    key.copy_from_slice(pair.public_key().as_ref());
    key
}

/// Writes what only its owner may read; fails if the file exists.
pub fn write_secret(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file)?.write_all(bytes)
}
