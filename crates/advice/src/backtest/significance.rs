//! Whether two Sharpe ratios differ: pairs of periods drawn again in blocks. A block costs the same whatever its
//! length, because sums over runs are differences of running sums.

use crate::random::Random;

const DRAWS: usize = 5_000; // places p = 0.01 within 0.0015

/// Two-sided p of the difference in Sharpe ratio of two series of the same periods (circular block bootstrap, the
/// difference centred at what was observed). 1 where either has no spread.
pub fn p_value(a: &[f64], b: &[f64], free: f64, block: usize, seed: u64) -> f64 {
    let count = a.len().min(b.len());
    let block = block.clamp(1, count.max(1));
    let sums = running(a, b, free, count, block);
    let whole = &sums[count];
    let Some(observed) = difference(whole, count) else { return 1.0 };
    let mut random = Random::new(seed);
    let mut beyond = 0;
    for _ in 0..DRAWS {
        let mut total = [0.0; 4];
        let mut drawn = 0;
        while drawn < count {
            let run = block.min(count - drawn);
            let at = random.below(count);
            for (k, t) in total.iter_mut().enumerate() {
                *t += sums[at + run][k] - sums[at][k];
            }
            drawn += run;
        }
        if difference(&total, count).is_some_and(|d| (d - observed).abs() >= observed.abs()) {
            beyond += 1;
        }
    }
    (beyond + 1) as f64 / (DRAWS + 1) as f64
}

/// Running sums of a, a², b, b² over the periods and a block's length beyond them.
fn running(a: &[f64], b: &[f64], free: f64, count: usize, block: usize) -> Vec<[f64; 4]> {
    let mut sums = vec![[0.0; 4]];
    for t in 0..count + block {
        let (x, y) = (a[t % count] - free, b[t % count] - free);
        let last = sums[t];
        sums.push([last[0] + x, last[1] + x * x, last[2] + y, last[3] + y * y]);
    }
    sums
}

fn difference(sums: &[f64; 4], count: usize) -> Option<f64> {
    let ratio = |sum: f64, squares: f64| {
        let mean = sum / count as f64;
        let variance = squares / count as f64 - mean * mean;
        (variance > 1e-18).then(|| mean / variance.sqrt())
    };
    Some(ratio(sums[2], sums[3])? - ratio(sums[0], sums[1])?)
}
