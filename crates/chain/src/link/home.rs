//! A link's directory: what it is told, the settler's key, the network's token, and where it goes on reading. Keys and
//! tokens are files of their owner alone.

use std::fs;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use receivables::Hash;
use receivables::codec::{Codec as _, hex, unhex};
use receivables::link::{Position, Reading};
use serde::{Deserialize, Serialize};

use crate::cast::Signer;
use crate::files::{make_seed, read_seed};

/// What the link is told.
pub const LINK: &str = "link.toml";
/// The settler's secret seed.
pub const KEY: &str = "settler.key";
/// The network's token.
pub const TOKEN: &str = "network.token";
/// Where it goes on reading.
const POSITION: &str = "position";

/// What a link is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The chain's id. Nothing of another chain is believed.
    pub chain: String,
    /// Nodes of the chain: the first that answers is asked.
    pub nodes: Vec<String>,
    /// The payment network.
    pub network: String,
    /// File with the network's token for its operator API.
    #[serde(default = "token_file")]
    pub token_file: PathBuf,
    /// File with the settler's secret seed.
    #[serde(default = "key_file")]
    pub key_file: PathBuf,
    /// Where metrics are served, if they are.
    pub metrics: Option<SocketAddr>,
}

fn token_file() -> PathBuf {
    TOKEN.into()
}

fn key_file() -> PathBuf {
    KEY.into()
}

/// A link's directory, read.
pub struct LinkHome {
    /// What it is told.
    pub settings: Settings,
    /// The chain's id.
    pub chain: Hash,
    /// Signs as the settlement member.
    pub signer: Signer,
    /// The network's token.
    pub token: String,
    position: PathBuf,
}

impl LinkHome {
    /// Reads a directory. Fails if a secret in it can be read by others.
    pub fn open(directory: &Path) -> anyhow::Result<LinkHome> {
        let file = directory.join(LINK);
        let text = fs::read_to_string(&file)
            .with_context(|| format!("reading {}; `chain link --init` makes one", file.display()))?;
        let settings: Settings =
            toml::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
        let chain = unhex(&settings.chain).and_then(|bytes| Hash::try_from(bytes).ok());
        let chain = chain.with_context(|| format!("{}: `chain` has 64 digits", file.display()))?;
        ensure!(!settings.nodes.is_empty(), "{}: `nodes` names no node", file.display());
        for url in settings.nodes.iter().chain([&settings.network]) {
            ensure!(
                url.starts_with("http://") || url.starts_with("https://"),
                "{}: {url} is no http:// or https:// address",
                file.display()
            );
        }
        ensure!(
            is_private(&settings.network),
            "{}: the token would travel to {} in clear; use https://",
            file.display(),
            settings.network
        );
        let (key, token) = (directory.join(&settings.key_file), directory.join(&settings.token_file));
        owners_alone(&key)?;
        owners_alone(&token)?;
        let signer = Signer::of(&read_seed(&key)?);
        let lines = fs::read_to_string(&token).with_context(|| format!("reading {}", token.display()))?;
        let line = lines.lines().map(str::trim).find(|line| !line.is_empty());
        let token = line.and_then(|line| line.rsplit(char::is_whitespace).next());
        let token = token.with_context(|| "the token's file is empty".to_owned())?.to_owned();
        Ok(LinkHome { settings, chain, signer, token, position: directory.join(POSITION) })
    }

    /// Makes a directory with a new settler's key; the token's file is put there by who has it. Overwrites nothing.
    pub fn make(directory: &Path, settings: &Settings) -> anyhow::Result<[u8; 32]> {
        let file = directory.join(LINK);
        if file.exists() {
            bail!("{} exists; nothing was changed", file.display());
        }
        fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
        let seed = make_seed(&directory.join(&settings.key_file))?;
        fs::write(&file, settings.sample()).with_context(|| format!("writing {}", file.display()))?;
        Ok(seed)
    }

    /// What was read before, or a new beginning: a position that is lost or damaged costs only time.
    pub fn reading(&self) -> Reading {
        let read = || {
            let text = fs::read_to_string(&self.position).ok()?;
            let bytes = unhex(text.strip_prefix(&self.named())?.trim())?;
            Reading::from(Position::decode(&bytes).ok()?)
        };
        read().unwrap_or_default()
    }

    /// Notes where to go on.
    pub fn keep(&self, position: &Position) -> anyhow::Result<()> {
        let text = format!("{}{}\n", self.named(), hex(&position.encode()));
        let beside = self.position.with_extension("new");
        fs::write(&beside, text).with_context(|| format!("writing {}", beside.display()))?;
        fs::rename(&beside, &self.position).with_context(|| format!("writing {}", self.position.display()))
    }

    /// A position counts for one chain and one network.
    fn named(&self) -> String {
        format!("{}\n{}\n", self.settings.chain, self.settings.network)
    }
}

impl Settings {
    fn sample(&self) -> String {
        let nodes: Vec<String> = self.nodes.iter().map(|node| format!("{node:?}")).collect();
        let metrics = self.metrics.map_or("# metrics = \"127.0.0.1:7190\"".to_owned(), |address| {
            format!("metrics = \"{address}\"")
        });
        format!(
            "# The link between the receivables chain and a payment network; see `sojourn chain link --help`.\n\n\
             # The chain's id, compared with the other members by another way.\n\
             chain = \"{}\"\n\
             # Nodes of the chain. The first is asked, and the next when it dies or lies.\n\
             nodes = [{}]\n\
             # The payment network: plain HTTP on this machine only.\n\
             network = \"{}\"\n\
             # Paths are relative to this file. Both files must be readable by their owner alone.\n\
             token_file = {:?}\n\
             key_file = {:?}\n\
             # Where Prometheus reads figures.\n\
             {metrics}\n",
            self.chain,
            nodes.join(", "),
            self.network,
            self.token_file.display().to_string(),
            self.key_file.display().to_string(),
        )
    }
}

/// Whether what is sent there is read by nobody on the way.
fn is_private(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return true };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn owners_alone(file: &Path) -> anyhow::Result<()> {
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("there is no {}", file.display()),
        Err(error) => return Err(error).with_context(|| format!("looking at {}", file.display())),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        ensure!(
            metadata.permissions().mode() & 0o077 == 0,
            "{} can be read by others; `chmod 600 {}`",
            file.display(),
            file.display()
        );
    }
    let _ = metadata;
    Ok(())
}
