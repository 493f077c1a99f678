//! Tables, JSON and progress as the risk commands show them. Does not know what is shown.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

/// A table with a heading for each column; columns of numbers are aligned right.
pub(super) struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    pub(super) fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: Vec<Value>) {
        self.rows.push(cells);
    }

    /// The rows as JSON objects keyed by the headings.
    pub(super) fn json(&self) -> Value {
        let keys: Vec<String> =
            self.heads.iter().map(|head| head.replace([' ', '@', '-'], "_").to_lowercase()).collect();
        let object = |row: &Vec<Value>| keys.iter().cloned().zip(row.iter().cloned()).collect();
        Value::Array(self.rows.iter().map(|row| Value::Object(object(row))).collect())
    }

    pub(super) fn print(&self) {
        let cells: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(told).collect()).collect();
        let width = |column: usize| {
            let longest = cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            longest.max(self.heads[column].chars().count())
        };
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let right = |column: usize| self.rows.iter().all(|row| !row[column].is_string());
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded = cells.enumerate().map(|(column, cell)| {
                let width = widths[column];
                if right(column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            println!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
        };
        line(&mut self.heads.iter().copied());
        println!("{}", widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
        cells.iter().for_each(|row| line(&mut row.iter().map(String::as_str)));
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Number(number) if number.is_f64() => format!("{:.4}", number.as_f64().unwrap_or(f64::NAN)),
        other => other.to_string(),
    }
}

/// A bar on the terminal; silent where the output is not one.
pub(super) fn progress(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(5));
    let style =
        ProgressStyle::with_template("{msg:<24} {bar:32} {percent:>3}%  {pos}/{len}  {elapsed} (left {eta})");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
