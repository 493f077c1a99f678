//! `chain prove` and `chain verify`: a proof is a file that needs no node to be believed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use receivables::codec::{Codec as _, hex, unhex};
use receivables::proof;
use receivables::state::Key;

use crate::client::Client;
use crate::replica::verify;

/// Fetches a proof from a node.
///
/// Of an event by its transaction's id, or of a record of the state by a fingerprint or a record's key: that it stands,
/// or that there is none ("this invoice is not financed"). The node is not trusted: check the file with `chain verify`.
#[derive(clap::Args)]
pub(super) struct Prove {
    /// The node's address for clients
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7100")]
    node: String,
    /// Id of the transaction whose event is to be shown
    #[arg(long, value_name = "ID", conflicts_with_all = ["fingerprint", "record"])]
    transaction: Option<String>,
    /// Which of its events
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    event: u64,
    /// A fingerprint that is financed, or not
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "record")]
    fingerprint: Option<String>,
    /// Key of any record, in canonical form
    #[arg(long, value_name = "KEY")]
    record: Option<String>,
    /// File to write; otherwise the proof is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Prove {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let path = match (&self.transaction, &self.fingerprint, &self.record) {
            (Some(id), _, _) => format!("/proof/{id}?event={}", self.event),
            (_, Some(fingerprint), _) => format!("/state/{}", hex(&fingerprint_key(fingerprint)?)),
            (_, _, Some(key)) => format!("/state/{key}"),
            _ => bail!("what is to be shown? --transaction, --fingerprint or --record"),
        };
        let text = Client::new(&self.node).text(&path).await?;
        match &self.out {
            Some(file) => {
                fs::write(file, &text).with_context(|| format!("writing {}", file.display()))?;
                println!("{} bytes in {}", text.len(), file.display());
            }
            None => println!("{text}"),
        }
        Ok(())
    }
}

/// Checks a proof without asking anybody, and prints what it shows. The exit status is 0 only if it is good.
#[derive(clap::Args)]
pub(super) struct Verify {
    /// The proof
    file: PathBuf,
    /// The chain's id, known from another way than the proof
    #[arg(long, value_name = "ID")]
    chain: String,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let text =
            fs::read_to_string(&self.file).with_context(|| format!("reading {}", self.file.display()))?;
        let chain =
            unhex(&self.chain).and_then(|bytes| bytes.try_into().ok()).context("an id has 64 digits")?;
        let shown = match proof::verify(&text, &chain, &verify) {
            Ok(shown) => shown,
            Err(flaw) => bail!("the proof shows nothing: {flaw}"),
        };
        println!("final at height {} of chain {}", shown.header.height, self.chain);
        if let Some(entry) = &shown.event {
            println!("event {}", entry.json());
        }
        if let Some((key, value)) = &shown.state {
            let stands = value.as_ref().map_or("no record".to_owned(), |bytes| hex(bytes));
            println!("record {} at height {}: {stands}", hex(key), shown.header.state_height);
        }
        Ok(())
    }
}

fn fingerprint_key(text: &str) -> anyhow::Result<Vec<u8>> {
    let fingerprint = unhex(text).and_then(|bytes| bytes.try_into().ok());
    Ok(Key::Fingerprint(fingerprint.context("a fingerprint has 64 digits")?).encode())
}
