//! The network's directory and process: made as `init` makes one, started as `serve` starts one, watched until it is
//! healthy.

use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use http_body_util::Empty;
use hyper::StatusCode;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::process::{Child, Command};

use crate::command::init;

/// A debug build makes RSA keys slowly; a release build is up in a second.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(15);

/// A directory with everything `serve` needs.
pub(crate) struct House {
    directory: PathBuf,
    temporary: bool,
    port: u16,
}

impl House {
    /// Makes the directory, or takes the one that is there, and settles the port.
    pub(crate) fn prepare(
        data: Option<PathBuf>,
        port: u16,
        https_port: Option<u16>,
    ) -> anyhow::Result<House> {
        let temporary = data.is_none();
        let directory =
            data.unwrap_or_else(|| std::env::temp_dir().join(format!("sojourn-demo-{}", std::process::id())));
        let port = free_port(port)?;
        if !directory.join("keys").exists() {
            println!("making keys in {}", directory.display());
            init::make(&directory, &["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        }
        let house = House { directory, temporary, port };
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
        format!(
            "# Written by `sojourn demo`; see sojourn.toml for what each setting means.\n\
             [network]\nclient_id = \"SOJOURN\"\n\
             [[network.keys]]\nversion = 1\nfile = \"keys/network-rsa.pem\"\n\
             [[network.keys]]\nversion = 1\nfile = \"keys/network-ed25519.pem\"\n\
             [listen]\nhttp = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\nstatus_page = true\n\
             {https}[journal]\ndirectory = \"journal\"\nsegment_mib = 64\n\
             [operator]\ntoken_file = \"operator.token\"\n[log]\nfilter = \"info\"\n",
            port = self.port,
            https = https.unwrap_or_default(),
        )
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

    /// Starts the network's process and waits until it answers. Its log goes to `network.log`.
    pub(crate) async fn start(&self) -> anyhow::Result<Child> {
        let log = OpenOptions::new().create(true).append(true).open(self.path("network.log"));
        let log = log.context("opening the network's log")?;
        let mut child = Command::new(std::env::current_exe().context("finding this program")?)
            .arg("serve")
            .arg("--config")
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("starting the network")?;
        let begun = Instant::now();
        while !self.is_healthy().await {
            if let Some(status) = child.try_wait().context("watching the network")? {
                bail!(
                    "the network ended at once ({status}); {} says why",
                    self.path("network.log").display()
                );
            }
            if begun.elapsed() > HEALTHY_WITHIN {
                bail!("the network does not answer; {} may say why", self.path("network.log").display());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(child)
    }

    async fn is_healthy(&self) -> bool {
        let http: Client<HttpConnector, Empty<bytes::Bytes>> =
            Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        let Ok(uri) = format!("{}/health", self.base_url()).parse() else { return false };
        http.get(uri).await.is_ok_and(|response| response.status() == StatusCode::OK)
    }

    /// Asks the network to stop and waits until it has.
    pub(crate) async fn stop(&self, child: &mut Child) -> anyhow::Result<()> {
        #[cfg(unix)]
        if let Some(id) = child.id() {
            let _ = Command::new("kill").arg("-TERM").arg(id.to_string()).status().await;
        }
        match tokio::time::timeout(STOPPED_WITHIN, child.wait()).await {
            Ok(status) => {
                let status = status.context("waiting for the network")?;
                if !status.success() {
                    bail!("the network ended with {status}; {} says why", self.path("network.log").display());
                }
                Ok(())
            }
            Err(_) => child.kill().await.context("killing the network"),
        }
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

fn free_port(wanted: u16) -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", wanted))
        .with_context(|| format!("port {wanted} of 127.0.0.1 is taken; --port 0 finds a free one"))?;
    Ok(listener.local_addr()?.port())
}

/// The operator's token of a directory.
pub(crate) fn token(directory: &Path) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(directory).with_context(|| format!("reading {}", directory.display()))?;
    Ok(text.trim().to_owned())
}
