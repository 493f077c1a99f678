//! From a score to a probability: an isotonic fit (pool adjacent violators) on payments the model was not trained on.

/// Knots of score and probability, both ascending; between two knots the line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calibration {
    /// Score in millionths of log odds, probability in parts per million.
    pub knots: Vec<(i64, u32)>,
}

/// Most knots kept: more would follow the noise of one week.
pub const KNOTS_MAX: usize = 64;

impl Calibration {
    /// Fits to scores and what became of them.
    #[must_use]
    pub fn fit(scores: &[i64], frauds: &[bool]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by_key(|row| (scores[*row], *row));
        // Blocks of rows, frauds and the sum of scores; a block that falls below the one before joins it.
        let mut blocks: Vec<(u64, u64, i128)> = Vec::new();
        for row in order {
            let mut block = (1u64, u64::from(frauds[row]), i128::from(scores[row]));
            while let Some(last) = blocks.last() {
                if u128::from(last.1) * u128::from(block.0) < u128::from(block.1) * u128::from(last.0) {
                    break;
                }
                block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
                blocks.pop();
            }
            blocks.push(block);
        }
        while blocks.len() > KNOTS_MAX {
            let smallest = (1..blocks.len()).min_by_key(|at| blocks[*at].0 + blocks[*at - 1].0).unwrap_or(1);
            let gone = blocks.remove(smallest);
            let kept = &mut blocks[smallest - 1];
            *kept = (kept.0 + gone.0, kept.1 + gone.1, kept.2 + gone.2);
        }
        // One row more of each kind keeps the ends off certainty.
        let ppm = |rows: u64, bad: u64| {
            ((bad * 1_000_000 + 500_000 / rows.max(1)) / (rows + 1)).min(999_999) as u32
        };
        let mut knots: Vec<(i64, u32)> = blocks
            .iter()
            .map(|(rows, bad, sum)| ((sum / i128::from(*rows)) as i64, ppm(*rows, *bad)))
            .collect();
        knots.dedup_by_key(|(score, _)| *score);
        let mut floor = 0;
        for knot in &mut knots {
            floor = knot.1.max(floor);
            knot.1 = floor;
        }
        Self { knots }
    }

    /// The probability of a score, parts per million. Without knots, the logistic curve itself.
    #[must_use]
    pub fn ppm(&self, micro: i64) -> u32 {
        let Some((first, last)) = self.knots.first().zip(self.knots.last()) else {
            return (super::probability(micro as f64 / 1e6) * 1e6).round() as u32;
        };
        if micro <= first.0 {
            return first.1;
        }
        if micro >= last.0 {
            return last.1;
        }
        let above = self.knots.partition_point(|(score, _)| *score <= micro);
        let (lower, upper) = (self.knots[above - 1], self.knots[above]);
        let (run, rise) = (i128::from(upper.0 - lower.0), i128::from(upper.1) - i128::from(lower.1));
        lower.1 + (i128::from(micro - lower.0) * rise / run) as u32
    }
}
