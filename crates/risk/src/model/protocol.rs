//! The Fraud-Detection-Handbook's protocol: train seven days, wait seven for labels, test seven; cards known to be
//! defrauded leave the test. Does not know how features are made or models trained.

use std::collections::BTreeSet;

use super::metrics;

/// A labelled history in time order, one entry a payment.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Day since the history's first.
    pub days: Vec<u16>,
    /// The payer.
    pub cards: Vec<u64>,
    /// Whether it was fraud.
    pub frauds: Vec<bool>,
    /// Kind of fraud, zero for genuine.
    pub scenarios: Vec<u8>,
    /// Inputs, by column.
    pub columns: Vec<Vec<f32>>,
}

/// Days of one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// First day of training.
    pub train: u16,
    /// Days of training.
    pub length: u16,
    /// Days between training and test.
    pub delay: u16,
    /// Days of test.
    pub test: u16,
}

impl Round {
    /// Seven, seven and seven days.
    #[must_use]
    pub fn weeks(train: u16) -> Self {
        Self { train, length: 7, delay: 7, test: 7 }
    }

    /// The same test week, with training that begins earlier.
    #[must_use]
    pub fn longer(self, length: u16) -> Self {
        let end = self.train + self.length;
        Self { train: end.saturating_sub(length), length: length.min(end), ..self }
    }

    /// First day of the test.
    #[must_use]
    pub fn test_from(self) -> u16 {
        self.train + self.length + self.delay
    }
}

/// First training day of the handbook's single split.
pub const SINGLE: u16 = 115;
/// First training days of the four test rounds.
pub const TEST_ROUNDS: [u16; 4] = [115, 122, 129, 136];
/// First training days of the four rounds that choose: their tests end before any of the above begins.
pub const VALIDATION_ROUNDS: [u16; 4] = [101, 94, 87, 80];

/// How a model did in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct Result {
    /// Area under the ROC curve.
    pub auc: f64,
    /// Average precision.
    pub average_precision: f64,
    /// Card precision at one hundred.
    pub card_precision: f64,
    /// Of each scenario: number of frauds, and the share of them among the `frauds` highest scores.
    pub scenarios: Vec<(u8, usize, f64)>,
}

impl History {
    /// Number of payments.
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Rows of a round's training days.
    #[must_use]
    pub fn training(&self, round: Round) -> Vec<usize> {
        let days = round.train..round.train + round.length;
        (0..self.len()).filter(|row| days.contains(&self.days[*row])).collect()
    }

    /// Rows of a round's test days, without cards known to be defrauded: in training, or at least eight days before.
    #[must_use]
    pub fn test(&self, round: Round) -> Vec<usize> {
        let end = round.train + round.length;
        let mut known: BTreeSet<u64> = self
            .training(round)
            .into_iter()
            .filter(|row| self.frauds[*row])
            .map(|row| self.cards[row])
            .collect();
        let mut rows = Vec::new();
        for day in round.test_from()..round.test_from() + round.test {
            let known_day = day.saturating_sub(round.delay + 1);
            if known_day >= end || known_day + 1 == end {
                let frauds = (0..self.len()).filter(|row| self.days[*row] == known_day && self.frauds[*row]);
                known.extend(frauds.map(|row| self.cards[row]));
            }
            rows.extend(
                (0..self.len()).filter(|row| self.days[*row] == day && !known.contains(&self.cards[*row])),
            );
        }
        rows
    }

    /// Columns of some rows.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Vec<Vec<f32>> {
        self.columns.iter().map(|column| rows.iter().map(|row| column[*row]).collect()).collect()
    }

    /// Labels of some rows.
    #[must_use]
    pub fn labels(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|row| self.frauds[*row]).collect()
    }

    /// How scores of the given rows did.
    #[must_use]
    pub fn judge(&self, rows: &[usize], scores: &[i64]) -> Result {
        let frauds = self.labels(rows);
        let days: Vec<u16> = rows.iter().map(|row| self.days[*row]).collect();
        let cards: Vec<u64> = rows.iter().map(|row| self.cards[*row]).collect();
        let mut ranked: Vec<usize> = (0..rows.len()).collect();
        ranked.sort_by_key(|at| (std::cmp::Reverse(scores[*at]), *at));
        let top = frauds.iter().filter(|fraud| **fraud).count();
        let mut caught = [0usize; 256];
        let mut all = [0usize; 256];
        for (place, at) in ranked.into_iter().enumerate() {
            let scenario = usize::from(self.scenarios[rows[at]]);
            all[scenario] += usize::from(frauds[at]);
            caught[scenario] += usize::from(frauds[at] && place < top);
        }
        let share = |scenario: usize| caught[scenario] as f64 / all[scenario] as f64;
        Result {
            auc: metrics::auc(scores, &frauds),
            average_precision: metrics::average_precision(scores, &frauds),
            card_precision: metrics::card_precision(&days, &cards, scores, &frauds, 100),
            scenarios: (1..256)
                .filter(|kind| all[*kind] > 0)
                .map(|kind| (kind as u8, all[kind], share(kind)))
                .collect(),
        }
    }
}
