//! The demo's playground: what the page needs of the demo, and the socket it is served on.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use hop::Serving;
use members::{Company, Server};
use playground::{Answering, Host, Optics, Place, PlaySite, Playground};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::advising;
use super::house::House;
use super::stage::Stage;
use crate::command::qr;

/// The page's sockets, bound before the network starts.
pub(crate) struct Garden {
    page: TcpListener,
    feed: TcpListener,
    feed_address: SocketAddr,
}

impl Garden {
    /// Binds the page's port, and one for what the network tells.
    pub(crate) async fn bind(port: u16) -> anyhow::Result<Garden> {
        let page = TcpListener::bind(("127.0.0.1", port))
            .await
            .with_context(|| format!("port {port} of 127.0.0.1 is taken; --play-port 0 finds a free one"))?;
        let feed = TcpListener::bind("127.0.0.1:0").await.context("listening for the network")?;
        let feed_address = feed.local_addr()?;
        Ok(Garden { page, feed, feed_address })
    }

    /// Where the network tells what it does.
    pub(crate) fn feed(&self) -> SocketAddr {
        self.feed_address
    }

    /// Serves the page, until what is returned is dropped.
    pub(crate) fn open(self, stage: &Stage, seed: u64) -> anyhow::Result<Serving> {
        let place = Place {
            journal: stage.house.path("journal"),
            network: stage.network.clone(),
            wallets: stage.company.wallets.clone(),
            acquirers: stage.company.acquirers.clone(),
            endpoints: stage.company.endpoints.clone(),
        };
        let host = Gardener {
            house: stage.house.clone(),
            server: stage.server.clone(),
            company: stage.company.clone(),
            feed: self.feed_address,
            seed,
        };
        let optics = Optics { draw, read };
        let playground = Playground::open(place, Arc::new(host), optics, self.feed);
        let advice = advising::pages(stage)?;
        hop::serve(self.page, None, Arc::new(PlaySite { playground, advice }))
            .context("serving the playground")
    }
}

/// Does to the demo what the page wants.
struct Gardener {
    house: Arc<House>,
    server: Arc<Mutex<Server>>,
    company: Arc<Company>,
    feed: SocketAddr,
    seed: u64,
}

impl Host for Gardener {
    fn kill(&self) -> Answering<'_> {
        Box::pin(async { self.server.lock().await.kill().await.map_err(|error| error.to_string()) })
    }

    fn restart(&self) -> Answering<'_> {
        Box::pin(async {
            let mut server = self.server.lock().await;
            *server = self.house.start(Some(self.feed)).await.map_err(|error| format!("{error:#}"))?;
            self.company.push_again(self.seed);
            Ok(())
        })
    }

    fn provide(&self, provider: usize, on: bool) -> Answering<'_> {
        Box::pin(async move {
            match on {
                true => self.company.begin_pushing(provider, self.seed),
                false => self.company.withdraw(provider).await.map_err(|failed| failed.to_string())?,
            }
            Ok(())
        })
    }
}

fn draw(text: &str) -> Result<String, String> {
    qr::svg(text).map_err(|error| format!("{error:#}"))
}

fn read(picture: &[u8]) -> Result<Vec<String>, String> {
    qr::read_picture(picture).map_err(|error| format!("{error:#}"))
}
