//! The demo's network: its directory, made as `init` makes one, and its process, started as `serve` starts one.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context;
use members::Server;

use crate::command::init;

/// The operator's people of the demo: what takes two persons needs two.
pub(crate) const PERSONS: [&str; 2] = ["ana", "ben"];
/// Their tokens.
pub(crate) const PEOPLE: &str = "people.token";

/// A directory with everything `serve` needs.
pub(crate) struct House {
    directory: PathBuf,
    temporary: bool,
    port: u16,
    /// Where the operator's console is served, if it is; advice is offered with it.
    console_port: Option<u16>,
}

impl House {
    /// Makes the directory, or takes the one that is there, and settles the port.
    pub(crate) fn prepare(
        data: Option<PathBuf>,
        port: u16,
        https_port: Option<u16>,
        console_port: Option<u16>,
    ) -> anyhow::Result<House> {
        let temporary = data.is_none();
        let directory =
            data.unwrap_or_else(|| std::env::temp_dir().join(format!("sojourn-demo-{}", std::process::id())));
        let port = free_port(port, "--port")?;
        if !directory.join("keys").exists() {
            println!("making keys in {}", directory.display());
            init::make(&directory, &["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        }
        let console_port = console_port.map(|port| free_port(port, "--console-port")).transpose()?;
        let house = House { directory, temporary, port, console_port };
        house.name_people()?;
        std::fs::write(house.config(), house.settings(https_port)).context("writing the configuration")?;
        Ok(house)
    }

    fn settings(&self, https_port: Option<u16>) -> String {
        let https = https_port.map(|port| {
            format!(
                "https = \"127.0.0.1:{port}\"\ncertificate = \"tls/certificate.pem\"\n\
                 certificate_key = \"tls/key.pem\"\n"
            )
        });
        let console = self.console_port.map(|port| {
            format!("[console]\nhttp = \"127.0.0.1:{port}\"\n[advice]\ndirectory = \"advice\"\n")
        });
        format!(
            "# Written by `sojourn demo`; see sojourn.toml for what each setting means.\n\
             [network]\nclient_id = \"SOJOURN\"\n\
             [[network.keys]]\nversion = 1\nfile = \"keys/network-rsa.pem\"\n\
             [[network.keys]]\nversion = 1\nfile = \"keys/network-ed25519.pem\"\n\
             [listen]\nhttp = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\nstatus_page = true\n\
             {https}[journal]\ndirectory = \"journal\"\nsegment_mib = 64\n\
             [operator]\ntoken_file = \"{PEOPLE}\"\n{console}[log]\nfilter = \"info\"\n",
            port = self.port,
            https = https.unwrap_or_default(),
            console = console.unwrap_or_default(),
        )
    }

    /// Gives the operator's two people a token each, beside the one that the demo itself uses.
    fn name_people(&self) -> anyhow::Result<()> {
        let file = self.path(PEOPLE);
        if file.exists() {
            return Ok(());
        }
        let mut lines = token(&self.path("operator.token"))?;
        for person in PERSONS {
            lines.push_str(&format!("\n{person} {}", init::secret()?));
        }
        init::write_secret(&file, &(lines + "\n"))
    }

    /// The token of one of the operator's people.
    pub(crate) fn token_of(&self, person: &str) -> anyhow::Result<String> {
        let lines = token(&self.path(PEOPLE))?;
        let mut named = lines.lines().filter_map(|line| line.split_once(' '));
        let found = named.find(|(name, _)| *name == person).map(|(_, token)| token.to_owned());
        found.with_context(|| format!("{} has no line for {person}", self.path(PEOPLE).display()))
    }

    /// Where the operator's console is, if it is served.
    pub(crate) fn console_url(&self) -> Option<String> {
        self.console_port.map(|port| format!("http://127.0.0.1:{port}/console"))
    }

    fn config(&self) -> PathBuf {
        self.directory.join("demo.toml")
    }

    /// A file of the network's directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Where the network is.
    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the network's process and waits until it answers. Its log goes to `network.log`, and what it does is
    /// told to a playground at `tell`.
    pub(crate) async fn start(&self, tell: Option<SocketAddr>) -> anyhow::Result<Server> {
        let program = std::env::current_exe().context("finding this program")?;
        let (config, log) = (self.config(), self.path("network.log"));
        let arguments: Vec<String> =
            tell.into_iter().flat_map(|address| ["--tell".to_owned(), address.to_string()]).collect();
        let base_url = self.base_url();
        let server = Server::start_with(&program, &config, &base_url, &log, &arguments);
        server.await.context("starting the network")
    }
}

/// A temporary directory goes with the demo.
impl Drop for House {
    fn drop(&mut self) {
        if self.temporary && self.directory.starts_with(std::env::temp_dir()) {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

fn free_port(wanted: u16, option: &str) -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", wanted))
        .with_context(|| format!("port {wanted} of 127.0.0.1 is taken; {option} 0 finds a free one"))?;
    Ok(listener.local_addr()?.port())
}

/// The operator's token of a directory.
pub(crate) fn token(directory: &Path) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(directory).with_context(|| format!("reading {}", directory.display()))?;
    Ok(text.trim().to_owned())
}
