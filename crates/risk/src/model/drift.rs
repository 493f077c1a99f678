//! How far inputs and scores have moved from what training saw: the population stability index over tenths.

/// For each input the tenths of its training values, and the tenths of the scores.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// Of each input: ascending cuts and the share of training rows between them, parts per million.
    pub inputs: Vec<Tenths>,
    /// Of the scores, in log odds.
    pub scores: Tenths,
}

/// Cuts of one column and the share of rows in each part.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tenths {
    /// Ascending; a value greater than `n` cuts is in part `n`.
    pub cuts: Vec<f32>,
    /// Share of each part, parts per million.
    pub shares: Vec<u32>,
}

/// Index from which a person should look.
pub const WARN: f64 = 0.1;
/// Index from which something should be done.
pub const ACT: f64 = 0.25;

impl Tenths {
    /// Takes the tenths of a column.
    #[must_use]
    pub fn of(column: &[f32]) -> Self {
        let mut sorted: Vec<f32> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let mut cuts: Vec<f32> =
            (1..10).filter_map(|tenth| sorted.get(tenth * sorted.len() / 10).copied()).collect();
        cuts.dedup();
        let shares = Self { cuts: cuts.clone(), shares: Vec::new() }.parts(column);
        let shares = shares.into_iter().map(|share| (share * 1e6).round() as u32).collect();
        Self { cuts, shares }
    }

    /// Population stability index of a column against these tenths: the sum of (now - then) ln(now / then).
    #[must_use]
    pub fn index(&self, column: &[f32]) -> f64 {
        let least = 1e-4; // an empty part counts as one in ten thousand
        let then = self.shares.iter().map(|share| (f64::from(*share) / 1e6).max(least));
        self.parts(column)
            .into_iter()
            .map(|now| now.max(least))
            .zip(then)
            .map(|(now, then)| (now - then) * (now / then).ln())
            .sum()
    }

    fn parts(&self, column: &[f32]) -> Vec<f64> {
        let mut counts = vec![0.0; self.cuts.len() + 1];
        column.iter().for_each(|value| counts[self.cuts.partition_point(|cut| value > cut)] += 1.0);
        let all = column.len().max(1) as f64;
        counts.into_iter().map(|count| count / all).collect()
    }
}
