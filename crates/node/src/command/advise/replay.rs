//! `sojourn advise replay`: recorded answers computed again, byte for byte.

use std::path::PathBuf;

use advice::proposal::replay;
use advice::record::verify_trail;
use anyhow::bail;
use clap::Args;

use super::{source, table};

/// Compute recorded answers again and compare every byte
#[derive(Args)]
pub(super) struct Replay {
    /// A trail from `propose --trail` or from a service's export (one record a line), or one answer from
    /// `propose --json`
    file: PathBuf,
}

impl Replay {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let text = source::read_text(&self.file)?;
        if let Ok(single) = advice::Json::parse(&text)
            && single.member("request").is_some()
        {
            replay(&single)?;
            println!("equal bit for bit");
            return Ok(());
        }
        let trail = verify_trail(&text)?;
        let (mut rows, mut different) = (Vec::new(), 0);
        for record in trail.iter().filter(|r| r.kind == "proposal") {
            // A service keeps its computation inside a record that says more.
            let computed = record.body.member("computed").unwrap_or(&record.body);
            let outcome = match replay(computed) {
                Ok(()) => "equal bit for bit".into(),
                Err(refusal) => {
                    different += 1;
                    refusal.message
                }
            };
            rows.push(vec![
                record.sequence.to_string(),
                record.day.to_string(),
                record.subject.clone(),
                outcome,
            ]);
        }
        table::print(&["record", "day", "subject", "computed again"], &rows);
        println!("\n{} records, every hash and link verified", trail.len());
        if different > 0 {
            bail!("{different} of {} answers differ", rows.len());
        }
        Ok(())
    }
}
