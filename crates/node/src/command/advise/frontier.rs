//! `sojourn advise frontier`: the whole frontier from its corners.

use std::path::PathBuf;

use advice::moments::{Estimator, Moments, Trust};
use advice::picture::{self, Line};
use advice::portfolio::{Limits, Setting, frontier};
use advice::{Json, matrix};
use clap::Args;

use super::source::{self, Source};
use super::table;

/// The whole efficient frontier
#[derive(Args)]
pub(super) struct Frontier {
    #[command(flatten)]
    source: Source,
    /// Points to print, equally spaced in return
    #[arg(long, default_value_t = 11)]
    points: usize,
    /// Largest weight of every asset
    #[arg(long, default_value_t = 1.0)]
    cap: f64,
    /// Sample covariance instead of Ledoit-Wolf
    #[arg(long)]
    sample: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a picture
    #[arg(long)]
    svg: Option<PathBuf>,
}

impl Frontier {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let returns = self.source.whole()?.returns()?;
        let estimator = if self.sample { Estimator::Sample } else { Estimator::LedoitWolf };
        let moments = Moments::estimate(&returns, estimator, Trust::BARE)?;
        let n = moments.assets();
        let limits = Limits { upper: vec![self.cap; n], ..Limits::long_only(n) };
        let frontier = frontier(&Setting::new(&moments, &limits))?;
        let periods = self.source.periods;
        let place = |w: &[f64]| {
            let volatility = (moments.covariance.quadratic(w) * periods).sqrt();
            (volatility, matrix::dot(&moments.mean, w) * periods)
        };
        let points = frontier.points(self.points);
        if let Some(path) = &self.svg {
            let curve = frontier.points(200).iter().map(|w| place(w)).collect();
            let mut lines = vec![Line { label: "frontier".into(), points: curve }];
            for (i, name) in moments.names.iter().enumerate() {
                let mut single = vec![0.0; n];
                single[i] = 1.0;
                lines.push(Line { label: name.clone(), points: vec![place(&single)] });
            }
            lines.push(Line { label: "1/N".into(), points: vec![place(&vec![1.0 / n as f64; n])] });
            source::write(
                path,
                &picture::lines("Efficient frontier", "volatility a year", "mean a year", &lines, true),
            )?;
        }
        if self.json {
            let point = |w: &Vec<f64>| {
                let (volatility, mean) = place(w);
                Json::object([
                    ("mean_yearly", Json::Number(mean)),
                    ("volatility_yearly", Json::Number(volatility)),
                    ("weights", Json::numbers(w)),
                ])
            };
            let out = Json::object([
                ("assets", Json::texts(&moments.names)),
                ("corners", Json::Whole(frontier.corners.len() as i64)),
                ("points", Json::List(points.iter().map(point).collect())),
            ]);
            print!("{}", out.pretty());
            return Ok(());
        }
        println!(
            "{} corners; portfolios between neighbours are mixtures of them. {}\n",
            frontier.corners.len(),
            moments.estimator.name()
        );
        let rows: Vec<Vec<String>> = points
            .iter()
            .map(|w| {
                let (volatility, mean) = place(w);
                let mut largest: Vec<(usize, f64)> =
                    w.iter().copied().enumerate().filter(|x| x.1 > 5e-5).collect();
                largest.sort_by(|a, b| b.1.total_cmp(&a.1));
                let names: Vec<String> = largest
                    .iter()
                    .take(4)
                    .map(|(i, w)| format!("{} {:.0}", moments.names[*i], w * 100.0))
                    .collect();
                vec![
                    table::percent(volatility),
                    table::percent(mean),
                    largest.len().to_string(),
                    names.join(", "),
                ]
            })
            .collect();
        table::print(&["volatility", "mean", "assets", "largest, %"], &rows);
        Ok(())
    }
}
