//! Cuts columns into bins with an eye on the labels. Quantiles of all rows cannot see a tail that holds a twentieth of
//! a percent of them, and that tail is where rare fraud lives; so most cuts are spent around the frauds' own values.

/// Most bins of one column.
pub const BINS_MAX: usize = 1_024;
/// Share of the cuts that follow all rows; the rest follow the frauds.
const QUANTILE_CUTS: usize = 256;

/// A matrix of binned columns.
#[derive(Debug, Clone)]
pub struct Binned {
    /// For each column, each row's bin.
    pub columns: Vec<Vec<u16>>,
    /// For each column, ascending: a value is in bin `n` when it is greater than `n` cuts.
    pub cuts: Vec<Vec<f32>>,
}

/// Bins every column.
#[must_use]
pub fn bin(columns: &[Vec<f32>], labels: &[bool]) -> Binned {
    let cuts: Vec<Vec<f32>> = columns.iter().map(|column| cuts(column, labels)).collect();
    let binned = columns
        .iter()
        .zip(&cuts)
        .map(|(column, cuts)| column.iter().map(|value| place(*value, cuts)).collect());
    Binned { columns: binned.collect(), cuts }
}

/// How many cuts a value is greater than; NaN is greater than none.
#[must_use]
pub fn place(value: f32, cuts: &[f32]) -> u16 {
    cuts.partition_point(|cut| value > *cut) as u16
}

fn cuts(column: &[f32], labels: &[bool]) -> Vec<f32> {
    let mut values: Vec<f32> = column.iter().copied().filter(|value| !value.is_nan()).collect();
    values.sort_unstable_by(f32::total_cmp);
    let all = values.clone();
    values.dedup();
    let mut cuts: Vec<f32> = Vec::new();
    if values.len() <= BINS_MAX {
        cuts.extend(values.windows(2).map(|pair| between(pair[0], pair[1])));
    } else {
        let mut cut_at = |index: usize| {
            if index > 0 && index < values.len() {
                cuts.push(between(values[index - 1], values[index]));
            }
        };
        let place = |value: f32| values.partition_point(|known| *known < value);
        (1..QUANTILE_CUTS).for_each(|step| cut_at(place(all[step * all.len() / QUANTILE_CUTS])));
        let mut frauds: Vec<usize> = column
            .iter()
            .zip(labels)
            .filter(|(value, fraud)| **fraud && !value.is_nan())
            .map(|(value, _)| place(*value))
            .collect();
        frauds.sort_unstable();
        frauds.dedup();
        // Below and above a fraud: two cuts each.
        let steps = ((BINS_MAX - QUANTILE_CUTS) / 2 - 1).min(frauds.len());
        for step in 0..steps {
            let index = frauds[step * frauds.len() / steps];
            cut_at(index);
            cut_at(index + 1);
        }
    }
    cuts.retain(|cut| !cut.is_nan());
    cuts.sort_unstable_by(f32::total_cmp);
    cuts.dedup();
    cuts
}

/// A value that separates two neighbours: not below the lower and below the upper.
fn between(lower: f32, upper: f32) -> f32 {
    let middle = lower / 2.0 + upper / 2.0;
    if middle >= lower && middle < upper { middle } else { lower }
}
