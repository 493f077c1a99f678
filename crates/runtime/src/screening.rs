//! The screening desk beside the loop: compares parties with sanctions lists, a bounded task at a time, and hands in what
//! it finds. A turn only records; the searching is done here. Knows no list's format.

use std::time::Duration;

use engine::{Input, Reply, RiskAsked};
use risk::screening::list::Entry;
use risk::screening::{Desk, difference};

use crate::gate::{Busy, Gate};

/// A loop that is too busy is asked again after so long.
const AGAIN: Duration = Duration::from_millis(200);

/// Screens until the loop ends.
pub async fn screen(gate: Gate) {
    let mut work = gate.screening.clone();
    let mut desk = Desk::default();
    loop {
        let task = match gate.ask(|engine| engine.control().judge().register().task()).await {
            Ok(Some(task)) => task,
            Ok(None) => match work.changed().await {
                Ok(()) => continue,
                Err(_) => return,
            },
            Err(Busy) if work.has_changed().is_err() => return,
            Err(Busy) => {
                tokio::time::sleep(AGAIN).await;
                continue;
            }
        };
        let searching = tokio::task::spawn_blocking(move || {
            let searched = desk.search(&task);
            (desk, searched)
        });
        let Ok((used, searched)) = searching.await else { return };
        desk = used;
        match searched {
            // What was overtaken by another version of a list is refused, and asked for anew.
            Ok(searched) => match gate.submit(Input::Risk(RiskAsked::Searched(searched))).await {
                Ok(_) => {}
                Err(Busy) => tokio::time::sleep(AGAIN).await,
            },
            Err(error) => {
                tracing::error!(%error, "the lists cannot be searched");
                return;
            }
        }
    }
}

/// Publishes a list: what is different in it is found here, the turn records it. The answer is the engine's.
///
/// # Errors
/// What is wrong with the entries as a list, or that the loop is too busy.
pub async fn publish(gate: &Gate, list: &str, entries: Vec<Entry>) -> Result<Reply, String> {
    let name = list.to_owned();
    let busy = |busy: Busy| busy.to_string();
    let published = gate.ask(move |engine| engine.control().judge().register().list(&name));
    let published = published.await.map_err(busy)?;
    let name = list.to_owned();
    let compared = tokio::task::spawn_blocking(move || {
        let published = published.as_ref().map(|(version, entries)| (*version, &**entries));
        difference(&name, published, entries, 0)
    });
    let parts = compared.await.map_err(|_| "comparing the list was broken off".to_owned())?;
    let parts = parts.map_err(|error| error.to_string())?;
    gate.submit(Input::Risk(RiskAsked::PublishList { parts })).await.map_err(busy)
}
