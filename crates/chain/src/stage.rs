//! Four validators on this machine and a node that may follow them, each a process of its own, with keys of a cast: for the demonstration and the load.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use receivables::codec::hex;
use receivables::{Genesis, Hash};

use crate::cast::{Cast, node_seed};
use crate::client::Client;
use crate::files::{
    Config, FINGERPRINT_QUERIES_PER_MINUTE, Follower, GENESIS, NODE_KEY, public_key, write_config,
    write_genesis,
};
use crate::node::now_ms;

/// Validators.
pub const NODES: usize = 4;
/// The node after them, which follows without a vote once it is started.
pub const FOLLOWER: usize = NODES;
/// How long nodes may take to start and to catch up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The processes and their directory, which goes with them.
pub struct Stage {
    /// Where all is kept.
    pub directory: PathBuf,
    /// Who takes part.
    pub cast: Cast,
    /// The chain's id.
    pub chain: Hash,
    nodes: Vec<Node>,
    temporary: bool,
}

struct Node {
    directory: PathBuf,
    clients: SocketAddr,
    process: Option<Child>,
}

impl Stage {
    /// Writes the directories and starts the nodes.
    pub async fn open(seed: u64, directory: Option<PathBuf>) -> anyhow::Result<Self> {
        let temporary = directory.is_none();
        let named = || std::env::temp_dir().join(format!("sojourn-chain-{}", std::process::id()));
        let directory = directory.unwrap_or_else(named);
        let cast = Cast::new(seed);
        let ports = free_ports(2 * (NODES + 1))?;
        let (inside, outside) = ports.split_at(NODES + 1);
        let seeds: Vec<[u8; 32]> = (0..=NODES as u64).map(|node| node_seed(seed, node)).collect();
        let keys: Vec<_> =
            seeds.iter().zip(inside).map(|(seed, address)| (public_key(seed), *address)).collect();
        let follower = Follower { key: hex(&keys[FOLLOWER].0), address: keys[FOLLOWER].1 };
        let genesis = cast.genesis(now_ms() - 1_000, 1 << 40, &keys);
        let chain = genesis.chain();
        let mut nodes = Vec::new();
        for (number, seed) in seeds.iter().enumerate() {
            let home = directory.join(format!("node-{}", number + 1));
            let config = Config {
                chain: hex(&chain),
                nodes: inside[number],
                clients: outside[number],
                explorer: true,
                fingerprint_queries_per_minute: FINGERPRINT_QUERIES_PER_MINUTE,
                followers: if number == FOLLOWER { Vec::new() } else { vec![follower.clone()] },
            };
            furnish(&home, &genesis, &config, seed)?;
            nodes.push(Node { directory: home, clients: outside[number], process: None });
        }
        let mut stage = Self { directory, cast, chain, nodes, temporary };
        for node in 0..NODES {
            stage.start(node)?;
        }
        for node in 0..NODES {
            stage.reached(node, 2).await?;
        }
        Ok(stage)
    }

    /// Starts a node's process. Its output goes to `node.log` in its directory.
    pub fn start(&mut self, node: usize) -> anyhow::Result<()> {
        let node = &mut self.nodes[node];
        let process = logged("run", &node.directory, "node.log")?.spawn();
        node.process = Some(process.context("starting a node")?);
        Ok(())
    }

    /// Ends a node's process at once, in the middle of whatever it does.
    pub fn kill(&mut self, node: usize) -> anyhow::Result<()> {
        if let Some(mut process) = self.nodes[node].process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Empties a node's archives and vote journal, as a lost disk does.
    pub fn lose_disk(&mut self, node: usize) -> anyhow::Result<()> {
        fs::remove_dir_all(self.nodes[node].directory.join("ordering")).context("emptying a disk")
    }

    /// Runs another command of this program on a node's directory; its output if it succeeds, else as an error.
    pub async fn command(&self, name: &str, node: usize, file: &Path) -> anyhow::Result<String> {
        let program = std::env::current_exe().context("finding this program")?;
        let mut command = tokio::process::Command::new(program);
        command.args(["chain", name, "--data"]).arg(&self.nodes[node].directory).arg(file);
        let output = command.output().await.with_context(|| format!("running chain {name}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim())
    }

    /// A client of a node.
    pub fn client(&self, node: usize) -> Client {
        Client::new(&format!("http://{}", self.nodes[node].clients))
    }

    /// Where a node's clients reach it.
    pub fn address(&self, node: usize) -> SocketAddr {
        self.nodes[node].clients
    }

    /// Waits until a node has executed this height; tells how long that took.
    pub async fn reached(&self, node: usize, height: u64) -> anyhow::Result<Duration> {
        let client = self.client(node);
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            if client.height().await.is_ok_and(|there| there >= height) {
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let log = fs::read_to_string(self.nodes[node].directory.join("node.log")).unwrap_or_default();
        let last: Vec<&str> = log.lines().rev().take(5).collect();
        bail!("node {} did not come to height {height} in {PATIENCE:?}; its last words: {last:?}", node + 1)
    }

    /// Waits until no transaction waits at any validator that runs.
    pub async fn rested(&self) -> anyhow::Result<()> {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            let mut waiting = 0;
            for node in (0..NODES).filter(|node| self.nodes[*node].process.is_some()) {
                waiting += self.client(node).status("waiting").await?.parse::<u64>()?;
            }
            if waiting == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("transactions still wait after {PATIENCE:?}")
    }

    /// Memory of a node's process in KiB; nothing where the system does not tell.
    pub fn memory_kib(&self, node: usize) -> Option<u64> {
        let id = self.nodes[node].process.as_ref()?.id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse().ok()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for node in 0..self.nodes.len() {
            let _ = self.kill(node);
        }
        if self.temporary && self.directory.starts_with(std::env::temp_dir()) {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

/// A command of this program's `chain` on a directory, with its output at the end of a file there.
pub(crate) fn logged(name: &str, directory: &Path, log: &str) -> anyhow::Result<Command> {
    let log = File::options().create(true).append(true).open(directory.join(log))?;
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.args(["chain", name, "--data"]).arg(directory);
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command)
}

fn furnish(home: &Path, genesis: &Genesis, config: &Config, seed: &[u8; 32]) -> anyhow::Result<()> {
    fs::create_dir_all(home).with_context(|| format!("making {}", home.display()))?;
    write_genesis(&home.join(GENESIS), genesis)?;
    write_config(home, config)?;
    fs::write(home.join(NODE_KEY), hex(seed)).context("writing a demonstration's key")?;
    Ok(())
}

/// Ports of this machine that nobody listens on.
pub fn free_ports(count: usize) -> anyhow::Result<Vec<SocketAddr>> {
    let listeners: Result<Vec<_>, _> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect();
    let listeners = listeners.context("finding free ports")?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?)).collect()
}
