//! `sojourn risk score`: judges every payment of a history and writes decision and score, one a line.

use std::io::{BufWriter, Write};

use clap::Args;
use outlet::Outlet;
use serde_json::json;

use super::backtest::Judges;
use super::history::Source;

/// What to score.
#[derive(Args)]
pub(super) struct Score {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    judges: Judges,
    /// Show payments from this day on, counted from the history's first
    #[arg(long, value_name = "DAY", default_value_t = 0)]
    from: u16,
    /// Show only payments with at least this probability, parts per million
    #[arg(long, value_name = "PPM", default_value_t = 0)]
    least: u32,
    /// One JSON object a line instead of CSV
    #[arg(long)]
    json: bool,
}

impl Score {
    pub(super) fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(self.judges.model.is_some(), "--model FILE is needed to score");
        let payments = self.source.read()?;
        let mut judge = self.judges.judge(&self.source, &self.judges.rules)?;
        let teller = judge.clone();
        let from_ms = payments.first_day_ms + i64::from(self.from) * 86_400_000;
        let mut out = BufWriter::new(Outlet);
        let mut failed = None;
        if !self.json {
            writeln!(out, "row,at_ms,amount_minor,decision,score_ppm,reasons")?;
        }
        judge.backtest(
            &payments.payments,
            self.source.label_delay_ms(),
            from_ms,
            |number, payment, verdict| {
                if failed.is_some() || verdict.score_ppm < self.least {
                    return;
                }
                let reasons: Vec<String> =
                    verdict.reasons.iter().map(|reason| teller.told(*reason).0).collect();
                let (facts, decision, ppm) = (&payment.facts, verdict.decision.word(), verdict.score_ppm);
                let wrote = if self.json {
                    let line = json!({"row": number, "at_ms": facts.at_ms, "amount_minor": facts.amount_minor,
                    "decision": decision, "score_ppm": ppm, "reasons": reasons});
                    writeln!(out, "{line}")
                } else {
                    writeln!(
                        out,
                        "{number},{},{},{decision},{ppm},{}",
                        facts.at_ms,
                        facts.amount_minor,
                        reasons.join(" ")
                    )
                };
                failed = wrote.err();
            },
        );
        // A reader that has seen enough is no error.
        match failed.map_or_else(|| out.flush(), Err) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }
}
