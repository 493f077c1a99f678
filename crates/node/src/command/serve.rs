//! `sojourn serve`: the network itself. Recovers, serves until it is told to stop, and stops at once when the journal
//! can no longer be trusted.

mod advising;
mod listing;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use api::{AdviserDoor, Api, OperatorToken};
use hop::{Courier, Door, Serving, Tapped};
use indicatif::{ProgressBar, ProgressStyle};
use journal::{Files, Options};
use pages::Office;
use playground::Teller;
use runtime::{Dispatch, Gate, KeyRing, Loop};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tracing_subscriber::EnvFilter;
use wire::signature::{Freshness, Identity};

use crate::command::stop;
use crate::config::Config;
use crate::site::Site;

/// Runs a network: serves members and the operator until Ctrl-C or SIGTERM.
///
/// The configuration comes from `sojourn init DIR`. The journal is replayed first, however the last run ended.
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// The configuration file that `init` wrote
    #[arg(long, value_name = "FILE")]
    config: PathBuf,

    /// Stop when standard input ends: when whoever started this is gone
    #[arg(long, hide = true)]
    until_input_ends: bool,

    /// Tell the demo's playground at this address every fact and every signed message
    #[arg(long, value_name = "ADDRESS", hide = true)]
    tell: Option<SocketAddr>,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        log_to_stderr(&config)?;
        let identity = config.identity()?;
        let token = config.operator_token()?;
        let running = start_engine(&config)?;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting tokio")?;
        let teller = self.teller()?;
        if self.until_input_ends {
            stop::with_standard_input()?;
        }
        let outcome = runtime.block_on(serve(&config, identity, &token, running, teller));
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        outcome
    }

    /// Messages of members are nobody else's business: they are told on this machine only.
    fn teller(&self) -> anyhow::Result<Option<Teller>> {
        let Some(address) = self.tell else { return Ok(None) };
        if !address.ip().is_loopback() {
            bail!("--tell takes an address of this machine, not {address}");
        }
        Teller::start(address).map(Some).context("starting to tell the playground")
    }
}

fn log_to_stderr(config: &Config) -> anyhow::Result<()> {
    let filter = config.log.filter.as_deref().unwrap_or("info");
    let filter = EnvFilter::try_new(filter).with_context(|| format!("[log] `filter` {filter:?}"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    Ok(())
}

/// The recovered engine and its log, before the loop runs.
struct Recovered {
    engine: engine::Engine,
    journal: journal::Journal<Files>,
}

fn start_engine(config: &Config) -> anyhow::Result<Recovered> {
    let directory = config.path(&config.journal.directory);
    std::fs::create_dir_all(&directory).with_context(|| format!("making {}", directory.display()))?;
    let begun = Instant::now();
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("replaying {bar:40} {pos}/{len} records")
            .expect("the template is well formed"),
    );
    let options = Options { segment_bytes: config.journal.segment_mib << 20, ..Options::default() };
    let found = runtime::recover(Files::at(&directory), options, &mut |read, all| {
        bar.set_length(all);
        bar.set_position(read);
    })?;
    bar.finish_and_clear();
    found.engine.check()?;
    if let Some(torn) = &found.recovery.torn {
        tracing::warn!(
            file = torn.file,
            offset = torn.offset,
            bytes = torn.bytes,
            "a torn batch was cut off"
        );
    }
    tracing::info!(
        records = found.recovery.records,
        payments = found.engine.switch().len(),
        seconds = begun.elapsed().as_secs_f64(),
        "recovered"
    );
    Ok(Recovered { engine: found.engine, journal: found.journal })
}

async fn serve(
    config: &Config,
    identity: Arc<Identity>,
    token: &str,
    recovered: Recovered,
    teller: Option<Teller>,
) -> anyhow::Result<()> {
    let keys = Arc::new(KeyRing::default());
    let tap = teller.as_ref().map(Teller::tap);
    let courier = Courier::new(identity.clone()).with_tap(tap.clone());
    let tasks = Handle::current();
    let (dispatch_keys, tasks) = (keys.clone(), tasks.clone());
    let outbox = move |gate: Gate| -> runtime::Outbox {
        let dispatch = Dispatch::new(gate, courier, dispatch_keys, tasks);
        Box::new(move |released| dispatch.send(released))
    };
    // Sockets first: when the loop begins to ask wallets, they can answer.
    let mut listeners = bind(config).await?;
    let observer = teller.as_ref().map(Teller::observer);
    let Loop { gate, thread } = runtime::start(recovered.engine, recovered.journal, outbox, observer)
        .context("starting the engine's thread")?;
    let public_url = config.public_url(&listeners.addresses());
    let door = Door::new(identity, Freshness::default());
    let mut lists = listing::of(config)?;
    listing::publish(&mut lists, &gate).await.context("publishing the sanctions lists")?;
    let screening =
        [tokio::spawn(runtime::screen(gate.clone())), tokio::spawn(listing::keep(lists, gate.clone()))];
    let mut beside = advising::start(config)?;
    let mut api = Api::new(gate.clone(), door, keys, OperatorToken::new(token), public_url);
    if let Some(beside) = &beside {
        api = api.with_adviser(AdviserDoor::new(beside.desk.clone()));
    }
    if let Some(chain) = config.chain()? {
        api = api.with_chain(chain);
    }
    let api = Arc::new(api);
    let site = Arc::new(Site::new(api, gate.clone(), config.listen.status_page));
    let console = listeners.console.take();
    let mut serving = Vec::new();
    if let (Some(listener), Some(console)) = (console, &config.console) {
        let office = Office::new(site.clone(), console.host.clone());
        let server = hop::serve(listener, None, Arc::new(office)).context("serving the console")?;
        tracing::info!(address = %server.address, "serving the operator's console");
        serving.push(server);
    }
    let site = Arc::new(Tapped::new(site, tap));
    serving.extend(listeners.serve(config, &site)?);
    let (ended, engine_ended) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("engine-watch".into())
        .spawn(move || ended.send(thread.join()))
        .context("starting the watch")?;
    tokio::pin!(engine_ended);
    tokio::select! {
        stopped = stop::asked() => stopped?,
        ended = &mut engine_ended => return Err(why_ended(ended)),
        ended = advising::ended(&mut beside) => return Err(ended),
    }
    tracing::info!("stopping");
    screening.iter().for_each(tokio::task::JoinHandle::abort);
    for server in serving {
        server.stop().await;
    }
    advising::stop(beside).await;
    gate.stop();
    match engine_ended.await {
        Ok(Ok(Ok(()))) => Ok(()),
        ended => Err(why_ended(ended)),
    }
}

type Ended = Result<std::thread::Result<Result<(), journal::Error>>, tokio::sync::oneshot::error::RecvError>;

/// The engine must not end by itself. What was decided in its last turn has not been told to anybody.
fn why_ended(ended: Ended) -> anyhow::Error {
    match ended {
        Ok(Ok(Err(error))) => anyhow!(error).context("the journal cannot be written; the network stops"),
        Ok(Err(_)) => anyhow!("a broken invariant stopped the engine; see the message above"),
        Ok(Ok(Ok(()))) | Err(_) => anyhow!("the engine ended by itself"),
    }
}

/// Bound sockets, not yet served.
struct Listeners {
    http: Option<TcpListener>,
    https: Option<TcpListener>,
    console: Option<TcpListener>,
}

async fn bind(config: &Config) -> anyhow::Result<Listeners> {
    let one = async |address: Option<SocketAddr>| match address {
        Some(address) => {
            let listener = TcpListener::bind(address).await;
            listener.map(Some).with_context(|| format!("listening on {address}"))
        }
        None => Ok(None),
    };
    Ok(Listeners {
        http: one(config.listen.http).await?,
        https: one(config.listen.https).await?,
        console: one(config.console.as_ref().map(|console| console.http)).await?,
    })
}

/// Where the network can be reached.
pub(crate) struct Addresses {
    pub(crate) http: Option<SocketAddr>,
    pub(crate) https: Option<SocketAddr>,
}

impl Listeners {
    fn addresses(&self) -> Addresses {
        let of = |listener: &Option<TcpListener>| {
            listener.as_ref().and_then(|listener| listener.local_addr().ok())
        };
        Addresses { http: of(&self.http), https: of(&self.https) }
    }

    fn serve(self, config: &Config, site: &Arc<Tapped<Site>>) -> anyhow::Result<Vec<Serving>> {
        let mut serving = Vec::new();
        if let Some(listener) = self.http {
            let server = hop::serve(listener, None, site.clone())?;
            tracing::info!(address = %server.address, "serving HTTP");
            serving.push(server);
        }
        if let (Some(listener), Some((certificate, key))) = (self.https, config.tls()?) {
            let tls = hop::server_config(&certificate, &key).context("[listen] certificate and key")?;
            let server = hop::serve(listener, Some(tls), site.clone())?;
            tracing::info!(address = %server.address, "serving HTTPS");
            serving.push(server);
        }
        Ok(serving)
    }
}
