//! `sojourn demo`: the whole network on this machine. The network runs as a process of its own; wallets, acquirers and
//! FX providers talk to it over real signed HTTP.

mod advising;
mod credentials;
mod desk;
mod garden;
pub(crate) mod house;
mod line;
mod patience;
mod play;
mod stage;
mod summary;

use std::path::PathBuf;

use anyhow::Context;

use advising::Seeding;
use garden::Garden;
use house::{House, PEOPLE, PERSONS};
use play::Play;
use stage::Stage;

use crate::command::stop;

/// Runs a whole network on this machine and plays payments of every kind over real signed HTTP.
///
/// Three wallets (PHP, THB, KRW), two acquirers with merchants in Shanghai and Tokyo, and two FX providers. Meanwhile
/// and afterwards a page to play with them is served for a browser, and the network takes payments from outside until
/// Ctrl-C; see --write-credentials.
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// End after the played payments, with a summary and exit status 0 only if every check held
    #[arg(long)]
    once: bool,

    /// Seed of amounts, users and rates
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// How many payments to play
    #[arg(long, value_name = "COUNT", default_value_t = 60)]
    payments: u32,

    /// Keep the network's directory here, and go on with it next time [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The network's port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8088)]
    port: u16,

    /// The playground's port on 127.0.0.1, for a browser; 0 takes a free one. Not with --once
    #[arg(long, default_value_t = 8089)]
    play_port: u16,

    /// The port of the operator's console on 127.0.0.1, for a browser; 0 takes a free one. Not with --once
    #[arg(long, default_value_t = 8090)]
    console_port: u16,

    /// Also serve TLS on this port of 127.0.0.1, with a self-signed certificate
    #[arg(long, value_name = "PORT")]
    https_port: Option<u16>,

    /// Write what an outside developer needs to join as one of the demo's members, private keys included
    #[arg(long, value_name = "FILE")]
    write_credentials: Option<PathBuf>,
}

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting tokio")?;
        let outcome = runtime.block_on(self.play());
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        outcome
    }

    fn console_port(&self) -> Option<u16> {
        (!self.once).then_some(self.console_port)
    }

    async fn play(self) -> anyhow::Result<()> {
        let house = House::prepare(self.data.clone(), self.port, self.https_port, self.console_port())?;
        let garden = if self.once { None } else { Some(Garden::bind(self.play_port).await?) };
        let stage = Stage::open(house, self.seed, garden.as_ref().map(Garden::feed)).await?;
        let page = garden.map(|garden| garden.open(&stage, self.seed)).transpose()?;
        if let Some(page) = &page {
            println!("playground, for a browser: http://{}/play", page.address);
        }
        if let Some(console) = stage.house.console_url() {
            let (people, file) = (PERSONS.join(" or "), stage.house.path(PEOPLE));
            println!("operator's console: {console}   (the tokens of {people} are in {})", file.display());
        }
        if let Some(file) = &self.write_credentials {
            credentials::write(file, &stage)?;
            println!("credentials of every member: {}", file.display());
        }
        if !self.once {
            tokio::spawn(Seeding::of(&stage, self.seed)?.run());
        }
        println!("status page: {}/", stage.house.base_url());
        println!();
        let played = tokio::select! {
            played = Play::new(&stage, self.seed, self.payments).run() => Some(played),
            pressed = stop::asked() => {
                pressed?;
                None
            }
        };
        let Some(played) = played else {
            return stage.close().await.map(|_| ());
        };
        let verdict = summary::print(&stage, &played?).await?;
        if !self.once {
            println!(
                "the network stays up for payments from outside: {}   (Ctrl-C ends)",
                stage.house.base_url()
            );
            stop::asked().await?;
        }
        let replayed = stage.close().await?;
        println!("replayed the journal: {} facts, state hash {}", replayed.facts, replayed.hash);
        verdict.into_result()
    }
}
