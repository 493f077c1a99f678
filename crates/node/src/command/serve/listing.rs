//! Sanctions lists kept as files: published when the network starts, and again whenever a file was written anew. Knows
//! neither formats nor parties.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow, bail};
use engine::Reply;
use risk::screening::list::Format;
use runtime::Gate;

use crate::config::Config;

/// Files are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A longer file is no list.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// One list and where it is kept.
pub(crate) struct Listing {
    name: String,
    format: Format,
    file: PathBuf,
    aliases: Option<PathBuf>,
    written: Option<SystemTime>,
}

/// The lists of a configuration.
pub(crate) fn of(config: &Config) -> anyhow::Result<Vec<Listing>> {
    let listing = |list: &crate::config::List| {
        let format = match list.format.as_str() {
            "UN" => Format::UnitedNations,
            "OFAC" => Format::Ofac,
            "OWN" => Format::Own,
            other => bail!("[[lists]] {}: `format` is UN, OFAC or OWN, not {other:?}", list.name),
        };
        if list.name.is_empty() || list.name.len() > 64 {
            bail!("[[lists]] `name` has 1 to 64 bytes, not {:?}", list.name);
        }
        let aliases = list.aliases.as_ref().map(|path| config.path(path));
        let (name, file) = (list.name.clone(), config.path(&list.file));
        Ok(Listing { name, format, file, aliases, written: None })
    };
    config.lists.iter().map(listing).collect()
}

/// Publishes every list, as far as its file was written anew since. The first that cannot be published ends it.
pub(crate) async fn publish(lists: &mut [Listing], gate: &Gate) -> anyhow::Result<()> {
    for list in lists {
        list.publish(gate).await.with_context(|| format!("list {} in {}", list.name, list.file.display()))?;
    }
    Ok(())
}

/// Looks after the files until it is dropped. What cannot be published is logged, and the list stays as it is.
pub(crate) async fn keep(mut lists: Vec<Listing>, gate: Gate) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        for list in &mut lists {
            if let Err(error) = list.publish(&gate).await {
                tracing::error!(list = list.name, file = %list.file.display(), "not published: {error:#}");
            }
        }
    }
}

impl Listing {
    async fn publish(&mut self, gate: &Gate) -> anyhow::Result<()> {
        let written = self.written()?;
        if self.written == Some(written) {
            return Ok(());
        }
        // Whatever comes of it: the same bytes are not tried again.
        self.written = Some(written);
        let (format, text, aliases) = (self.format, read(&self.file)?, self.aliases.as_ref().map(read));
        let aliases = aliases.transpose()?.unwrap_or_default();
        let reading = tokio::task::spawn_blocking(move || format.read(&text, &aliases));
        let entries = reading.await.context("reading was broken off")?.map_err(|error| anyhow!("{error}"))?;
        let count = entries.len();
        match runtime::publish(gate, &self.name, entries).await.map_err(|why| anyhow!(why))? {
            Reply::RiskRefused(refused) => bail!("{refused}"),
            _ => tracing::info!(list = self.name, entries = count, "published"),
        }
        Ok(())
    }

    /// When the newer of its files was written.
    fn written(&self) -> anyhow::Result<SystemTime> {
        let one = |path: &PathBuf| {
            let about = std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
            if about.len() > FILE_BYTES_MAX {
                bail!("{} is longer than {FILE_BYTES_MAX} bytes", path.display());
            }
            about.modified().with_context(|| format!("reading {}", path.display()))
        };
        let aliases = self.aliases.as_ref().map(one).transpose()?;
        Ok(aliases.into_iter().fold(one(&self.file)?, SystemTime::max))
    }
}

/// A file as text; the OFAC closes its own with the end-of-file sign of another age, which readers pass over.
fn read(path: &PathBuf) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|latin| {
        // Older files are in Latin-1, of which every byte is a character.
        latin.as_bytes().iter().map(|byte| char::from(*byte)).collect()
    }))
}
