//! The demo's network to play with in a browser: phones, tills and the network between them, on one page. Follows the
//! network from outside, by its journal and its messages; what a person does on the page goes over the members' real
//! signed lines. Part of the demo only.

mod fault;
mod feed;
mod follower;
mod hops;
mod life;
mod phone;
mod scene;
mod site;
mod state;
mod stream;
#[cfg(test)]
mod tests;
mod till;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use console::play::TroubleKind;
use hop::now_ms;
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use members::{Acquirer, Network, Wallet};
use money::{Amount, Currency};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

pub use feed::Teller;
pub use site::PlaySite;

use feed::Told;
use follower::{Follower, Lost};
use hops::Hops;
use life::Lives;
use phone::Phone;
use state::{Change, State};
use till::Till;

/// Changes a page may lag behind before it is told to look at everything anew.
const CHANGES: usize = 4_096;
/// Screens whose time is up are looked for this often, and the network's counters told.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What the demo lends: its processes and its FX providers.
pub trait Host: Send + Sync + 'static {
    /// Kills the network's process where it stands, and returns when it is gone.
    fn kill(&self) -> Answering<'_>;
    /// Starts it again, and returns when it answers.
    fn restart(&self) -> Answering<'_>;
    /// An FX provider, by its place in the cast, pushes rates or withdraws.
    fn provide(&self, provider: usize, on: bool) -> Answering<'_>;
}

/// What a host does, or why it could not.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Eyes: drawing symbols and reading pictures of them.
#[derive(Clone, Copy)]
pub struct Optics {
    /// A text as an SVG document.
    pub draw: fn(&str) -> Result<String, String>,
    /// What the symbols of a PNG or JPEG hold.
    pub read: fn(&[u8]) -> Result<Vec<String>, String>,
}

/// Everything the page is made of. Shared by all who look at it.
pub struct Playground {
    state: Mutex<State>,
    changes: broadcast::Sender<Change>,
    host: Arc<dyn Host>,
    optics: Optics,
    numbers: AtomicU64,
}

/// Something a person wanted did not happen; shown where they wanted it.
#[derive(Clone)]
struct Trouble {
    kind: TroubleKind,
    detail: String,
}

/// An action that does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum NotDone {
    /// The screen has moved on since.
    Outdated,
    /// There is no such phone, till, provider or mood.
    Unknown,
    /// The network is being killed or started already.
    Busy,
}

/// Where everything is that the page is made of.
pub struct Place {
    /// The network's journal.
    pub journal: PathBuf,
    /// Its public keys.
    pub network: Network,
    /// In the order of the cast.
    pub wallets: Vec<Arc<Wallet>>,
    /// In the order of the cast.
    pub acquirers: Vec<Arc<Acquirer>>,
    /// Where the network calls members, by client id.
    pub endpoints: BTreeMap<String, String>,
}

impl Playground {
    /// A page over this place. Hears the network on `feed` from now on.
    pub fn open(place: Place, host: Arc<dyn Host>, optics: Optics, feed: TcpListener) -> Arc<Playground> {
        let currency = |code: &str| Currency::parse(code).expect("the cast's currencies are ISO 4217's");
        let phones =
            place.wallets.iter().zip(&WALLETS).map(|(wallet, part)| Phone::new(wallet.clone(), part));
        let tills = place.acquirers.iter().zip(&ACQUIRERS).map(|(acquirer, part)| {
            let endpoint = place.endpoints.get(part.client_id);
            Till::new(acquirer.clone(), part, currency(part.currency), endpoint)
        });
        let state = State {
            follower: Follower::new(&place.journal),
            hops: Hops::new(place.network),
            lives: Lives::default(),
            phones: phones.collect(),
            tills: tills.collect(),
            providers: [true; PROVIDERS.len()],
            up: true,
            restarts: 0,
            crash_armed: false,
        };
        let playground = Arc::new(Playground {
            state: Mutex::new(state),
            changes: broadcast::channel(CHANGES).0,
            host,
            optics,
            numbers: AtomicU64::new(1),
        });
        tokio::spawn(playground.clone().listen(feed));
        tokio::spawn(playground.clone().look());
        for (number, wallet) in place.wallets.into_iter().enumerate() {
            tokio::spawn(playground.clone().watch_wallet(number, wallet));
        }
        playground
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Tells every page. Nobody may be looking.
    fn tell(&self, change: Change) {
        drop(self.changes.send(change));
    }

    fn tell_tills(&self) {
        (0..ACQUIRERS.len()).for_each(|till| self.tell(Change::Till(till)));
    }

    /// Phones whose camera is open see another world.
    fn tell_phones(&self) {
        (0..WALLETS.len()).for_each(|phone| self.tell(Change::Phone(phone)));
    }

    /// Hears the network, and each of its processes anew.
    async fn listen(self: Arc<Self>, feed: TcpListener) {
        loop {
            match feed.accept().await {
                Ok((stream, _)) => self.hear_all(stream).await,
                Err(error) => {
                    tracing::debug!(%error, "the network could not be heard");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    async fn hear_all(self: &Arc<Self>, stream: TcpStream) {
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        self.lost(self.state().catch_up(u64::MAX, &mut Vec::new()));
        loop {
            line.clear();
            let read = (&mut lines).take(feed::LINE_BYTES_MAX).read_line(&mut line).await;
            if !matches!(read, Ok(1..)) {
                return;
            }
            match Told::read(&line) {
                Some(told) => self.hear(told),
                None => return,
            }
        }
    }

    /// Takes one thing told, and tells the pages what became of it.
    fn hear(self: &Arc<Self>, told: Told) {
        let mut changes = Vec::new();
        let mut state = self.state();
        let heard = match told {
            Told::Fact { number, record } => match feed::bytes(&record) {
                Some(record) => state.hear_fact(number, &record, &mut changes),
                None => Ok(()),
            },
            Told::Tip { number } if state.follower.misses(number + 1) => {
                state.catch_up(number + 1, &mut changes)
            }
            Told::Tip { .. } => Ok(()),
            Told::Message(line) => {
                line.overheard().into_iter().for_each(|heard| state.hear_message(heard, &mut changes));
                Ok(())
            }
        };
        let crash = state.crash_now();
        drop(state);
        self.lost(heard);
        changes.dedup();
        changes.into_iter().for_each(|change| self.tell(change));
        if crash {
            let playground = self.clone();
            tokio::spawn(async move { playground.crash().await });
        }
    }

    fn lost(&self, heard: Result<(), Lost>) {
        if let Err(lost) = heard {
            tracing::warn!(%lost, "the playground cannot follow the network");
        }
    }

    async fn watch_wallet(self: Arc<Self>, number: usize, wallet: Arc<Wallet>) {
        let mut changes = wallet.changes();
        while changes.changed().await.is_ok() {
            self.refresh_phone(number);
        }
    }

    fn refresh_phone(&self, number: usize) {
        self.state().phones[number].refresh(now_ms());
        self.tell(Change::Phone(number));
    }

    /// Looks at what changes by time alone.
    async fn look(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            let mut turned = Vec::new();
            {
                let mut state = self.state();
                state.lives.tick(now_ms());
                for (number, phone) in state.phones.iter_mut().enumerate() {
                    if phone.refresh(now_ms()) {
                        turned.push(number);
                    }
                }
            }
            turned.into_iter().for_each(|number| self.tell(Change::Phone(number)));
            self.tell(Change::Network);
        }
    }
}

/// A decimal amount in major units, as people type it: at most the currency's decimals, more than nothing.
fn amount(text: &str, currency: Currency) -> Option<Amount> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimals = usize::from(currency.exponent());
    if whole.is_empty() || part.len() > decimals {
        return None;
    }
    let amount = Amount::parse_minor(currency, &format!("{whole}{part:0<decimals$}")).ok()?;
    (!amount.is_zero()).then_some(amount)
}
