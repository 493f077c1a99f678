//! Reads histories of payments, CSV or Parquet, into facts. Refuses what is malformed with file, line and
//! column; does not judge.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use clap::Args;
use risk::model::protocol;
use risk::{Facts, Features, Key, Labelled, Screening, Windows, model};

use super::shown::progress;

/// The day on which the simulated tables begin.
const DAY_ZERO: &str = "2018-04-01";
const DAY_MS: i64 = 86_400_000;

/// Which history, and with which features.
#[derive(Args, Clone)]
pub(super) struct Source {
    /// CSV (plain or .gz) or Parquet, in time order; the first line names the columns
    #[arg(long, value_name = "FILE")]
    pub(super) history: PathBuf,
    /// Feature declarations: a file, or `wallet`, `handbook` or `network` (what a network starts with) for the built-in
    /// ones
    #[arg(long, value_name = "FILE", default_value = "wallet")]
    pub(super) features: String,
    /// Days until a fraud is known; its label counts from then on
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(super) label_delay: u16,
    /// Leave out payments whose scenario is above this
    #[arg(long, value_name = "N")]
    pub(super) scenario_max: Option<u8>,
    /// Date of t = 0, where the history counts seconds
    #[arg(long, value_name = "DATE", default_value = DAY_ZERO)]
    pub(super) day_zero: String,
}

/// A history in memory.
pub(super) struct Payments {
    pub(super) payments: Vec<Labelled>,
    pub(super) labelled: bool,
    pub(super) first_day_ms: i64,
}

impl Source {
    pub(super) fn features(&self) -> anyhow::Result<Features> {
        let text = match self.features.as_str() {
            "wallet" => risk::WALLET_FEATURES.to_owned(),
            "handbook" => risk::HANDBOOK_FEATURES.to_owned(),
            "network" => risk::NETWORK_FEATURES.to_owned(),
            path => std::fs::read_to_string(path).with_context(|| format!("reading features {path}"))?,
        };
        Features::parse(&text).with_context(|| format!("features {}", self.features))
    }

    pub(super) fn label_delay_ms(&self) -> i64 {
        i64::from(self.label_delay) * DAY_MS
    }

    pub(super) fn read(&self) -> anyhow::Result<Payments> {
        let zero_ms =
            risk::instant::parse(&self.day_zero).with_context(|| format!("--day-zero {}", self.day_zero))?;
        let name = self.history.display().to_string();
        let size = std::fs::metadata(&self.history).with_context(|| format!("opening {name}"))?.len();
        let bar = progress(size, "reading history");
        let mut reader = crate::table::open(&self.history, &bar)?;
        let mut line = String::new();
        reader.read_line(&mut line).with_context(|| format!("reading {name}"))?;
        let columns = Columns::of(line.trim_end(), &name)?;
        let mut payments = Vec::new();
        let mut last_ms = i64::MIN;
        for number in 2.. {
            line.clear();
            if reader.read_line(&mut line).with_context(|| format!("reading {name} line {number}"))? == 0 {
                break;
            }
            let payment =
                columns.payment(line.trim_end(), zero_ms).with_context(|| format!("{name} line {number}"))?;
            ensure!(
                payment.facts.at_ms >= last_ms,
                "{name} line {number}: earlier than the line above: sort by time first"
            );
            last_ms = payment.facts.at_ms;
            if self.scenario_max.is_none_or(|most| payment.scenario <= most) {
                payments.push(payment);
            }
        }
        bar.finish_and_clear();
        ensure!(!payments.is_empty(), "{name} holds no payment");
        let first_day_ms =
            if columns.seconds { zero_ms } else { payments[0].facts.at_ms.div_euclid(DAY_MS) * DAY_MS };
        Ok(Payments { payments, labelled: columns.label.is_some(), first_day_ms })
    }
}

impl Payments {
    pub(super) fn day(&self, payment: &Labelled) -> u16 {
        u16::try_from((payment.facts.at_ms - self.first_day_ms) / DAY_MS).unwrap_or(u16::MAX)
    }

    /// Refuses a history that nothing can be learned or measured from.
    pub(super) fn must_be_labelled(&self) -> anyhow::Result<()> {
        ensure!(self.labelled, "the history has no label column (scenario or fraud)");
        ensure!(self.payments.iter().any(|payment| payment.scenario > 0), "no payment is labelled fraud");
        Ok(())
    }

    /// Plays the history through windows and keeps the inputs of the days asked for.
    pub(super) fn featured(
        &self,
        features: &Features,
        label_delay_ms: i64,
        days: std::ops::Range<u16>,
    ) -> anyhow::Result<protocol::History> {
        let names = features.inputs();
        ensure!(!names.is_empty(), "the feature declarations name no inputs");
        let inputs = model::Inputs::bind(names, features.schema())?;
        let mut history =
            protocol::History { columns: vec![Vec::new(); names.len()], ..protocol::History::default() };
        let bar = progress(self.payments.len() as u64, "making features");
        let mut row = [0.0; model::INPUTS];
        let mut windows = Windows::new(features.clone());
        risk::replay(&mut windows, &self.payments, label_delay_ms, |number, payment, slots| {
            if number % 50_000 == 0 {
                bar.set_position(number as u64);
            }
            let day = self.day(payment);
            if !days.contains(&day) {
                return;
            }
            inputs.row(slots, &mut row);
            history.columns.iter_mut().zip(&row).for_each(|(column, value)| column.push(*value));
            history.days.push(day);
            history.cards.push(payment.facts.payer.0);
            history.frauds.push(payment.scenario > 0);
            history.scenarios.push(payment.scenario);
        });
        bar.finish_and_clear();
        Ok(history)
    }
}

/// Where each fact stands in a line.
struct Columns {
    count: usize,
    seconds: bool,
    at: usize,
    amount: usize,
    payer: usize,
    label: Option<usize>,
    texts: Vec<(usize, Text)>,
}

#[derive(Clone, Copy)]
enum Text {
    Merchant,
    Terminal,
    Device,
    Wallet,
    Acquirer,
    PayerCountry,
    MerchantCountry,
    Channel,
    Currency,
    MerchantClass,
}

impl Columns {
    fn of(head: &str, name: &str) -> anyhow::Result<Self> {
        let heads: Vec<&str> = head.split(',').map(str::trim).collect();
        let find = |names: &[&str]| heads.iter().position(|head| names.contains(head));
        let need = |names: &[&str]| {
            find(names).with_context(|| format!("{name} line 1: no column {}", names.join(" or ")))
        };
        let texts = [
            (Text::Merchant, ["merchant", "terminal"]),
            (Text::Terminal, ["terminal", "merchant"]),
            (Text::Device, ["device", "device"]),
            (Text::Wallet, ["wallet", "wallet"]),
            (Text::Acquirer, ["acquirer", "acquirer"]),
            (Text::PayerCountry, ["payer_country", "country"]),
            (Text::MerchantCountry, ["merchant_country", "merchant_country"]),
            (Text::Channel, ["channel", "channel"]),
            (Text::Currency, ["currency", "currency"]),
            (Text::MerchantClass, ["merchant_class", "mcc"]),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(text, names)| names.iter().find_map(|name| find(&[name])).map(|at| (at, text)));
        Ok(Self {
            count: heads.len(),
            seconds: find(&["t"]).is_some(),
            at: need(&["t", "at", "at_ms"])?,
            amount: need(&["cents", "amount_minor"])?,
            payer: need(&["customer", "payer"])?,
            label: find(&["scenario", "fraud"]),
            texts: texts.collect(),
        })
    }

    fn payment(&self, line: &str, zero_ms: i64) -> anyhow::Result<Labelled> {
        let mut cells = [""; 32];
        let mut count = 0;
        for cell in line.split(',') {
            if count == cells.len() {
                bail!("more than {} columns", cells.len());
            }
            cells[count] = cell.trim();
            count += 1;
        }
        ensure!(count == self.count, "{count} columns, the first line has {}", self.count);
        let at = cells[self.at];
        let at_ms = match at.parse::<i64>() {
            Ok(seconds) if self.seconds => seconds.checked_mul(1_000).and_then(|ms| ms.checked_add(zero_ms)),
            Ok(ms) => Some(ms),
            Err(_) => risk::instant::parse(at),
        };
        let at_ms = at_ms.with_context(|| format!("{at:?} is no time"))?;
        let amount = cells[self.amount];
        let amount_minor: i64 =
            amount.parse().with_context(|| format!("{amount:?} is no amount in minor units"))?;
        ensure!(amount_minor >= 0, "amount {amount_minor} is negative");
        let scenario = match self.label.map(|label| cells[label]) {
            None | Some("false" | "FALSE") => 0,
            Some("true" | "TRUE") => 1,
            Some(label) => {
                label.parse().with_context(|| format!("{label:?} is no label (0 genuine, above 0 fraud)"))?
            }
        };
        let mut facts = Facts { at_ms, amount_minor, paid_minor: amount_minor, ..Facts::default() };
        facts.payer = Key::of(cells[self.payer]);
        facts.screening = Screening::Clear;
        for (at, text) in &self.texts {
            let key = Key::of(cells[*at]);
            match text {
                Text::Merchant => facts.merchant = key,
                Text::Terminal => facts.terminal = key,
                Text::Device => facts.device = key,
                Text::Wallet => facts.wallet = key,
                Text::Acquirer => facts.acquirer = key,
                Text::PayerCountry => facts.payer_country = key,
                Text::MerchantCountry => facts.merchant_country = key,
                Text::Channel => facts.channel = key,
                Text::Currency => facts.currency = key,
                Text::MerchantClass => facts.merchant_class = key,
            }
        }
        Ok(Labelled { facts, scenario })
    }
}
