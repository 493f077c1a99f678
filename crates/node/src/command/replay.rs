//! `sojourn replay`: reads a journal and says what it holds. Changes nothing and needs no lock.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use engine::Engine;
use indicatif::{ProgressBar, ProgressStyle};
use journal::{Files, Reader, Sequence};
use serde_json::json;
use switch::Stage;

/// Replays a journal: verifies every byte, rebuilds the state, and prints counts, positions and the state hash.
///
/// The journal is only read; a running network may hold it, then what is committed so far is replayed.
#[derive(clap::Args)]
pub(crate) struct Replay {
    /// The journal's directory
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Replay {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if !self.directory.is_dir() {
            bail!("{} is no directory", self.directory.display());
        }
        let begun = Instant::now();
        let reader = Reader::open(Files::at(&self.directory), Sequence::FIRST)?;
        let found = reader.found().clone();
        let bar = ProgressBar::new(found.records).with_style(
            ProgressStyle::with_template("replaying {bar:40} {pos}/{len} records, {per_sec}")
                .expect("the template is well formed"),
        );
        let mut engine = Engine::new();
        let mut failed = None;
        reader.replay(Sequence::FIRST, &mut |record| {
            bar.inc(1);
            match engine.replay(record.bytes) {
                Ok(()) => ControlFlow::Continue(()),
                Err(unreadable) => {
                    failed = Some((record.sequence, unreadable));
                    ControlFlow::Break(())
                }
            }
        })?;
        bar.finish_and_clear();
        if let Some((sequence, unreadable)) = failed {
            return Err(unreadable).with_context(|| format!("record {} of the journal", sequence.0));
        }
        engine.check()?;
        self.print(&engine, &found, begun);
        Ok(())
    }

    fn print(&self, engine: &Engine, found: &journal::Recovery, begun: Instant) {
        let mut stages: BTreeMap<Stage, u64> = BTreeMap::new();
        engine.switch().payments().for_each(|payment| *stages.entry(payment.stage).or_default() += 1);
        let hash: String = engine.state_hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = |member: directory::MemberId| match engine.directory().member(member) {
            Some(member) => member.client_id.to_string(),
            None => "network".to_owned(),
        };
        if self.json {
            let stages: serde_json::Map<String, serde_json::Value> =
                stages.iter().map(|(stage, count)| (format!("{stage:?}"), json!(count))).collect();
            let positions: Vec<_> = engine
                .positions()
                .iter()
                .map(|position| {
                    json!({
                        "member": name(position.member),
                        "currency": position.currency.code(),
                        "netMinor": position.net_minor.to_string(),
                        "reservedMinor": position.reserved_minor.to_string(),
                        "availableMinor": position.available_minor.to_string(),
                    })
                })
                .collect();
            let report = json!({
                "records": found.records,
                "batches": found.batches,
                "segments": found.segments,
                "bytes": found.bytes,
                "tornBytes": found.torn.as_ref().map_or(0, |torn| torn.bytes),
                "payments": stages,
                "members": engine.directory().members().count(),
                "merchants": engine.directory().merchants().count(),
                "positions": positions,
                "stateHash": hash,
                "seconds": begun.elapsed().as_secs_f64(),
            });
            println!("{report}");
            return;
        }
        println!(
            "{} records in {} batches and {} segments, {} bytes",
            found.records, found.batches, found.segments, found.bytes
        );
        if let Some(torn) = &found.torn {
            println!(
                "torn: {} bytes of {} from offset {} are no whole batch",
                torn.bytes, torn.file, torn.offset
            );
        }
        println!(
            "{} members, {} merchants",
            engine.directory().members().count(),
            engine.directory().merchants().count()
        );
        for (stage, count) in &stages {
            println!("{count:>12} {stage:?}");
        }
        for position in engine.positions() {
            let (member, currency) = (name(position.member), position.currency);
            println!(
                "{member:>20} {currency} {:>20} net, {:>20} reserved (minor units)",
                position.net_minor, position.reserved_minor
            );
        }
        println!("every currency sums to zero; replayed in {:.2} s", begun.elapsed().as_secs_f64());
        println!("state hash {hash}");
    }
}
