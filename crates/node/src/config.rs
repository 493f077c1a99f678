//! The configuration file of a network: read once, checked whole, every path relative to the file. The sample that
//! `init` writes documents each setting and is parsed by a test.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use api::ReceivablesChain;
use receivables::Hash;
use receivables::codec::unhex;
use serde::Deserialize;
use wire::signature::Identity;
use wire::{ClientId, KeyVersion, PrivateKey};

use crate::command::serve::Addresses;

/// The commented sample; also what a missing optional setting means.
pub(crate) const SAMPLE: &str = include_str!("sample.toml");

/// All settings of `serve`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) network: Network,
    pub(crate) listen: Listen,
    pub(crate) journal: Journal,
    pub(crate) operator: Operator,
    pub(crate) advice: Option<Advice>,
    pub(crate) console: Option<Console>,
    pub(crate) chain: Option<Chain>,
    #[serde(default)]
    pub(crate) lists: Vec<List>,
    #[serde(default)]
    pub(crate) log: Log,
    /// Where the file was; other paths are relative to it.
    #[serde(skip)]
    directory: PathBuf,
}

/// Who the network is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Network {
    /// The name it signs as.
    pub(crate) client_id: String,
    /// Its signing keys.
    pub(crate) keys: Vec<SigningKey>,
}

/// A private key file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SigningKey {
    pub(crate) version: u32,
    pub(crate) file: PathBuf,
}

/// Where requests are taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    /// Without TLS; for a proxy on the same machine, or for trying out.
    pub(crate) http: Option<SocketAddr>,
    /// With TLS.
    pub(crate) https: Option<SocketAddr>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) certificate_key: Option<PathBuf>,
    /// Where members reach the network, when that is not one of the addresses above.
    pub(crate) public_url: Option<String>,
    /// Whether `/` shows payments and positions to whoever connects.
    #[serde(default)]
    pub(crate) status_page: bool,
}

/// Where facts are kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    pub(crate) directory: PathBuf,
    #[serde(default = "default_segment_mib")]
    pub(crate) segment_mib: u64,
}

/// Who may change who takes part.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operator {
    pub(crate) token_file: PathBuf,
}

/// Whether advice is offered, and where its records are kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advice {
    pub(crate) directory: PathBuf,
    #[serde(default = "default_advice_segment_mib")]
    pub(crate) segment_mib: u64,
}

/// Whether the operator's console is served, and where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Console {
    /// On this machine only.
    pub(crate) http: SocketAddr,
    /// The host under which a TLS proxy in front of it is reached.
    #[serde(default)]
    pub(crate) host: Option<String>,
}

/// The chain of receivables whose proofs are believed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chain {
    /// Its id, in hexadecimal.
    pub(crate) id: String,
    /// Of its members, by number, those that are members here, by client id.
    #[serde(default)]
    pub(crate) members: BTreeMap<String, String>,
}

/// A sanctions list that is kept in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) format: String,
    pub(crate) file: PathBuf,
    pub(crate) aliases: Option<PathBuf>,
}

/// What is logged.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    #[serde(default)]
    pub(crate) filter: Option<String>,
}

fn default_segment_mib() -> u64 {
    256
}

/// Small, because an old record is found by reading its file from the beginning.
fn default_advice_segment_mib() -> u64 {
    16
}

/// Shorter tokens can be guessed.
const TOKEN_LENGTH_MIN: usize = 24;

impl Chain {
    fn read(&self) -> anyhow::Result<ReceivablesChain> {
        let id = unhex(&self.id).and_then(|bytes| Hash::try_from(bytes).ok());
        let id =
            id.with_context(|| format!("[chain] `id` is 64 small hexadecimal digits, not {:?}", self.id))?;
        let mut members = BTreeMap::new();
        for (number, client) in &self.members {
            let place = || format!("[chain.members] {number} = {client:?}");
            let member = number.parse::<u32>().with_context(|| format!("{}: no member's number", place()))?;
            let client = ClientId::parse(client).with_context(|| format!("{}: no client id", place()))?;
            if members.insert(member, client).is_some() {
                bail!("{}: the number comes twice", place());
            }
        }
        Ok(ReceivablesChain::new(id, members))
    }
}

impl Config {
    /// Reads and checks the file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let mut config = Config::parse(&text).with_context(|| format!("in {}", path.display()))?;
        config.directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(config)
    }

    /// Reads and checks a text.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Config> {
        let config: Config = toml::from_str(text)?;
        if config.listen.http.is_none() && config.listen.https.is_none() {
            bail!("[listen] needs `http`, `https` or both");
        }
        let certified = config.listen.certificate.is_some() && config.listen.certificate_key.is_some();
        if config.listen.https.is_some() && !certified {
            bail!("[listen] `https` needs `certificate` and `certificate_key`");
        }
        if !(1..=65_536).contains(&config.journal.segment_mib) {
            bail!("[journal] `segment_mib` is 1 to 65536, not {}", config.journal.segment_mib);
        }
        if let Some(console) = config.console.as_ref().filter(|console| !console.http.ip().is_loopback()) {
            bail!(
                "[console] `http` is an address of this machine, like 127.0.0.1:8090, not {}; put a TLS proxy in \
                 front of it",
                console.http
            );
        }
        if let Some(advice) = config.advice.as_ref().filter(|a| !(1..=65_536).contains(&a.segment_mib)) {
            bail!("[advice] `segment_mib` is 1 to 65536, not {}", advice.segment_mib);
        }
        config.chain()?;
        Ok(config)
    }

    /// A path of the file, from where we are.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }

    /// The network's name and signing keys.
    pub(crate) fn identity(&self) -> anyhow::Result<Arc<Identity>> {
        let client_id = ClientId::parse(&self.network.client_id)
            .with_context(|| format!("[network] `client_id` {:?} is no client id", self.network.client_id))?;
        let mut identity = Identity::new(client_id);
        for key in &self.network.keys {
            let path = self.path(&key.file);
            let pem =
                std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let private =
                PrivateKey::from_pem(&pem).with_context(|| format!("the key in {}", path.display()))?;
            let version = KeyVersion::parse(&key.version.to_string());
            identity =
                identity.with(version.with_context(|| format!("key version {}", key.version))?, private);
        }
        Ok(Arc::new(identity))
    }

    /// The chain of receivables, if there is one.
    pub(crate) fn chain(&self) -> anyhow::Result<Option<ReceivablesChain>> {
        self.chain.as_ref().map(Chain::read).transpose()
    }

    /// Where the network is reached, for the links it hands out.
    pub(crate) fn public_url(&self, addresses: &Addresses) -> String {
        let bound = || match (addresses.https, addresses.http) {
            (Some(address), _) => format!("https://{address}"),
            (None, Some(address)) => format!("http://{address}"),
            (None, None) => String::new(),
        };
        self.listen.public_url.as_ref().map_or_else(bound, |url| url.trim_end_matches('/').to_owned())
    }

    /// The bearer tokens of the operator's people: one a line, each behind its name, or one alone.
    pub(crate) fn operator_token(&self) -> anyhow::Result<String> {
        let path = self.path(&self.operator.token_file);
        let token = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let lines = token.lines().map(str::trim).filter(|line| !line.is_empty());
        let tokens: Vec<&str> =
            lines.map(|line| line.rsplit(char::is_whitespace).next().unwrap_or(line)).collect();
        let good = |token: &&str| {
            token.len() >= TOKEN_LENGTH_MIN && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if tokens.is_empty() || !tokens.iter().all(good) {
            bail!("each token in {} must be at least {TOKEN_LENGTH_MIN} visible characters", path.display());
        }
        Ok(token)
    }

    /// Certificate and key for TLS, if it is served.
    pub(crate) fn tls(&self) -> anyhow::Result<Option<(Vec<u8>, Vec<u8>)>> {
        let (Some(_), Some(certificate), Some(key)) =
            (self.listen.https, &self.listen.certificate, &self.listen.certificate_key)
        else {
            return Ok(None);
        };
        let read = |path: &Path| {
            let path = self.path(path);
            std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
        };
        Ok(Some((read(certificate)?, read(key)?)))
    }
}

#[cfg(test)]
mod tests;
