//! A town for one test: a network that `init` made and `serve` runs, in a directory and on ports of its own, with the
//! whole cast around it. The directory stays behind when the test fails.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::UNIX_EPOCH;

use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use members::{Company, Credentials, Network, Operator, Server, facts};
use serde_json::Value;
use wire::{ClientId, KeyVersion, PrivateKey};

/// The binary under test.
pub(crate) const SOJOURN: &str = env!("CARGO_BIN_EXE_sojourn");
/// A loopback address that nothing else here uses: port 443 of it is the one place where the foreign client calls.
pub(crate) const OWN_ADDRESS: &str = "127.43.44.3";
/// Ports below those that systems give to outgoing connections: such a connection must not take the network's port while
/// the network is down.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

pub(crate) struct Town {
    pub(crate) directory: PathBuf,
    pub(crate) base_url: String,
    pub(crate) network: Network,
    pub(crate) operator: Operator,
    pub(crate) company: Company,
    pub(crate) server: Server,
}

impl Town {
    /// Founds a town.
    pub(crate) async fn found(name: &str) -> Town {
        Town::found_with(name, "127.0.0.1:0").await
    }

    /// Founds a town that also serves TLS at this address.
    pub(crate) async fn found_with(name: &str, https: &str) -> Town {
        Town::found_as(name, https, "").await
    }

    /// Founds a town with more settings.
    pub(crate) async fn found_set(name: &str, settings: &str) -> Town {
        Town::found_as(name, "127.0.0.1:0", settings).await
    }

    async fn found_as(name: &str, https: &str, settings: &str) -> Town {
        let directory = std::env::temp_dir().join(format!("sojourn-{name}-{}", std::process::id()));
        copy(made(), &directory);
        let port = free_port();
        settle(&directory.join("sojourn.toml"), port, https, settings);
        let base_url = format!("http://127.0.0.1:{port}");
        let network = Network::of_directory(&base_url, &directory).expect("init wrote the public keys");
        let server = start(&directory, &base_url).await.expect("the network starts");
        let operator = Operator::new(&base_url, &token(&directory));
        let company =
            Company::open(credentials(), &network, &operator).await.expect("the cast is registered");
        Town { directory, base_url, network, operator, company, server }
    }

    /// Starts the network's process again, after it was killed or stopped.
    pub(crate) async fn start(&mut self) -> std::io::Result<()> {
        self.server = start(&self.directory, &self.base_url).await?;
        Ok(())
    }

    /// How many facts the network has recorded.
    pub(crate) async fn facts(&self) -> u64 {
        facts(&self.base_url).await.expect("the network is up")
    }

    /// Stops the network and replays its journal, twice; both must say the same.
    pub(crate) async fn stop_and_replay(&mut self) -> Value {
        self.server.stop().await.expect("the network stops when asked");
        let (mut first, mut second) = (self.replay(), self.replay());
        for report in [&mut first, &mut second] {
            report["seconds"].take();
        }
        assert_eq!(first, second, "a journal was replayed to two states");
        first
    }

    fn replay(&self) -> Value {
        let journal = self.directory.join("journal");
        let output = Command::new(SOJOURN).args(["replay", "--json"]).arg(journal).output();
        let output = output.expect("the binary runs");
        assert!(output.status.success(), "replay: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("replay --json prints JSON")
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if std::thread::panicking() {
            say(&format!("the network's directory is kept: {}", self.directory.display()));
        } else {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

async fn start(directory: &Path, base_url: &str) -> std::io::Result<Server> {
    let (config, log) = (directory.join("sojourn.toml"), directory.join("network.log"));
    Server::start(Path::new(SOJOURN), &config, base_url, &log).await
}

/// The operator's bearer token of a network's directory.
pub(crate) fn token(directory: &Path) -> String {
    let token = std::fs::read_to_string(directory.join("operator.token"));
    token.expect("init wrote a token").trim().to_owned()
}

/// Prints a line that is seen whether the test passes or not, which the harness does not allow `eprintln`.
pub(crate) fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A directory that `init` made, once for each build of the binary: its RSA key takes a while.
fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let built =
            std::fs::metadata(SOJOURN).and_then(|binary| binary.modified()).expect("the binary is there");
        let built = built.duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("network-{built}"));
        if !directory.is_dir() {
            let ours = directory.with_extension(std::process::id().to_string());
            let hosts = ["--host", "localhost", "--host", "127.0.0.1", "--host", OWN_ADDRESS];
            let mut init = Command::new(SOJOURN);
            let status = init.arg("init").arg(&ours).args(hosts).stdout(Stdio::null()).status();
            assert!(status.expect("the binary runs").success(), "init failed");
            // Whoever tests beside us may have been faster; then theirs is as good.
            if std::fs::rename(&ours, &directory).is_err() {
                let _ = std::fs::remove_dir_all(&ours);
            }
        }
        directory
    })
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).expect("a temporary directory");
    for entry in std::fs::read_dir(from).expect("what init made") {
        let entry = entry.expect("what init made");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(std::fs::copy(from, to).expect("a temporary file")),
        }
    }
}

/// The sample configuration with ports of this test's, and with small files, so that the journal has several.
fn settle(config: &Path, port: u16, https: &str, settings: &str) {
    let mut text = std::fs::read_to_string(config).expect("init wrote a configuration");
    for (from, to) in [
        ("http = \"127.0.0.1:8080\"", format!("http = \"127.0.0.1:{port}\"")),
        ("https = \"127.0.0.1:8443\"", format!("https = \"{https}\"")),
        ("segment_mib = 256", "segment_mib = 1".to_owned()),
    ] {
        assert!(text.contains(from), "the sample configuration has no {from:?}");
        text = text.replace(from, &to);
    }
    std::fs::write(config, text + settings).expect("a temporary file");
}

pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let range = PORTS.end - PORTS.start;
    let offset = u16::try_from(std::process::id() % u32::from(range)).expect("below a port number");
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + (offset + number) % range;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Everybody's keys. All share one RSA key, since making one takes seconds; the Ed25519 keys differ.
fn credentials() -> BTreeMap<String, Credentials> {
    let wallets = WALLETS.iter().map(|part| part.client_id);
    let acquirers = ACQUIRERS.iter().map(|part| part.client_id);
    let providers = PROVIDERS.iter().map(|part| part.client_id);
    let all = wallets.chain(acquirers).chain(providers).zip(1..);
    all.map(|(client_id, number)| (client_id.to_owned(), credentials_of(client_id, number))).collect()
}

/// Keys for one member; the same number gives the same Ed25519 key.
pub(crate) fn credentials_of(client_id: &str, number: u8) -> Credentials {
    static RSA: OnceLock<PrivateKey> = OnceLock::new();
    Credentials {
        client_id: ClientId::parse(client_id).expect("a client id"),
        key_version: KeyVersion::parse("1").expect("a number"),
        rsa: RSA.get_or_init(|| PrivateKey::generate_rsa([7; 32])).clone(),
        ed25519: PrivateKey::generate_ed25519([number; 32]),
    }
}
