//! `sojourn risk explain`: everything that judged one payment of a history: features, rules, and what each input added
//! to the score.

use anyhow::Context;
use clap::Args;
use risk::expression::Kind;
use risk::{Verdict, Windows};
use serde_json::{Value, json};

use super::backtest::Judges;
use super::history::Source;
use super::shown::Table;

/// Which payment.
#[derive(Args)]
pub(super) struct Explain {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    judges: Judges,
    /// The payment, counted from 0 among those of the history
    #[arg(long)]
    row: usize,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let payments = self.source.read()?;
        let payment = *payments.payments.get(self.row).with_context(|| {
            format!("--row {}: the history holds {} payments", self.row, payments.payments.len())
        })?;
        let upto = &payments.payments[..=self.row];
        let mut judge = self.judges.judge(&self.source, &self.judges.rules)?;
        judge.explain_all();
        let mut found: Option<Verdict> = None;
        judge.backtest(upto, self.source.label_delay_ms(), payment.facts.at_ms, |number, _, verdict| {
            if number == self.row {
                found = Some(verdict.clone());
            }
        });
        let verdict = found.context("the payment was not judged")?;
        let features = self.source.features()?;
        let mut slots = vec![0; features.schema().len()];
        let mut windows = Windows::new(features.clone());
        risk::replay(&mut windows, upto, self.source.label_delay_ms(), |number, _, now| {
            if number == self.row {
                slots.copy_from_slice(now);
            }
        });
        let names: Vec<&str> = risk::FIELDS
            .iter()
            .map(|(name, _)| *name)
            .chain(features.names().iter().map(String::as_str))
            .collect();
        let value = |slot: usize| match features.schema().kinds()[slot] {
            Kind::Double => json!(f64::from_bits(slots[slot] as u64)),
            _ => json!(slots[slot]),
        };
        let mut reasons = Table::new(&["reason", "says"]);
        for reason in &verdict.reasons {
            let (code, says) = judge.told(*reason);
            reasons.row(vec![json!(code), json!(says)]);
        }
        let mut parts = Table::new(&["input", "value", "adds"]);
        for one in &verdict.contributions {
            let slot = usize::from(one.slot);
            parts.row(vec![json!(names[slot]), value(slot), json!(one.micro as f64 / 1e6)]);
        }
        if self.json {
            let values: serde_json::Map<String, Value> =
                (risk::FACT_SLOTS..names.len()).map(|slot| (names[slot].to_owned(), value(slot))).collect();
            let shadow: Vec<&str> = verdict
                .shadow_rules
                .iter()
                .map(|rule| judge.rules().rules()[usize::from(*rule)].name.as_str())
                .collect();
            let versions = verdict.versions;
            let whole = json!({"row": self.row, "amount_minor": payment.facts.amount_minor, "scenario": payment.scenario,
                "decision": verdict.decision.word(), "score_ppm": verdict.score_ppm, "log_odds": verdict.micro as f64 / 1e6,
                "rest": judge.score_rest() as f64 / 1e6, "reasons": reasons.json(), "contributions": parts.json(),
                "shadow_rules": shadow, "features": values,
                "versions": {"features": format!("{:016x}", versions.features), "rules": format!("{:016x}", versions.rules),
                    "model": format!("{:016x}", versions.model), "lists": format!("{:016x}", versions.lists),
                    "policy": format!("{:016x}", versions.policy)}});
            println!("{whole:#}");
            return Ok(());
        }
        println!(
            "payment {} of {} minor units, labelled {}: {}, probability {:.4} %",
            self.row,
            payment.facts.amount_minor,
            payment.scenario,
            verdict.decision.word(),
            f64::from(verdict.score_ppm) / 1e4
        );
        reasons.print();
        if self.judges.model.is_some() {
            println!(
                "\nscore {:.6} = rest {:.6} +",
                verdict.micro as f64 / 1e6,
                judge.score_rest() as f64 / 1e6
            );
            parts.print();
        }
        Ok(())
    }
}
