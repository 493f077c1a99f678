//! Paths of a plan drawn from a history. A run of consecutive months acts on a plan as one factor and one sum of
//! deposits, so a path costs one step for each block and year, not for each month.

use super::{Method, Plan};
use crate::number::{exponential, logarithm};
use crate::random::Random;

/// For each year's end and path: growth of 1 invested at the start, and of 1 added at the end of each month.
pub(super) struct Paths {
    count: usize,
    /// Year after year, path after path.
    factors: Vec<(f64, f64)>,
}

impl Paths {
    /// Draws paths over whole years; a last year begun counts its months only.
    pub(super) fn draw(history: &[f64], months: usize, method: &Method) -> Paths {
        let mut factors = vec![(0.0, 0.0); months.div_ceil(12) * method.paths];
        walk(&[history], months, method, |year, path, (a, b)| {
            factors[year * method.paths + path] = (a[0], b[0]);
        });
        Paths { count: method.paths, factors }
    }

    pub(super) fn factors(&self, year: usize, path: usize) -> (f64, f64) {
        self.factors[year * self.count + path]
    }

    pub(super) fn values(&self, year: usize, start: f64, monthly: f64) -> Vec<f64> {
        let row = &self.factors[year * self.count..(year + 1) * self.count];
        row.iter().map(|(a, b)| a * start + b * monthly).collect()
    }

    pub(super) fn share_reaching(&self, year: usize, plan: &Plan, target: i64) -> f64 {
        let (start, monthly, target) = (plan.start_minor as f64, plan.monthly_minor as f64, target as f64);
        let row = &self.factors[year * self.count..(year + 1) * self.count];
        row.iter().filter(|(a, b)| a * start + b * monthly >= target).count() as f64 / self.count as f64
    }
}

/// Portfolios drawn together: what is drawn is the same for all of them, and their sums do not wait for each other.
const TOGETHER: usize = 6;

/// What each path of each portfolio comes to: the factors of its last year, as [`Paths::draw`] would have them. All
/// histories are of one length.
pub(super) fn ends(histories: &[&[f64]], months: usize, method: &Method) -> Vec<Vec<(f64, f64)>> {
    histories.chunks(TOGETHER).flat_map(|some| ends_of(some, months, method)).collect()
}

fn ends_of(histories: &[&[f64]], months: usize, method: &Method) -> Vec<Vec<(f64, f64)>> {
    let last = months.div_ceil(12) - 1;
    let mut ends = vec![Vec::with_capacity(method.paths); histories.len()];
    walk(histories, months, method, |year, _, (a, b)| {
        if year == last {
            ends.iter_mut().enumerate().for_each(|(lane, ends)| ends.push((a[lane], b[lane])));
        }
    });
    ends
}

/// One factor for each portfolio.
type Lanes = [f64; TOGETHER];

/// Walks every path of portfolios whose histories are of one length, and tells the factors at each year's end.
fn walk(
    histories: &[&[f64]],
    months: usize,
    method: &Method,
    mut tell: impl FnMut(usize, usize, (&Lanes, &Lanes)),
) {
    let length = histories[0].len();
    let runs: Vec<Runs> = histories.iter().map(|history| Runs::new(history)).collect();
    let mut gross = vec![[1.0; TOGETHER]; 2 * length];
    let mut errors = [0.0; TOGETHER];
    if method.mean_uncertain {
        errors.iter_mut().zip(histories).for_each(|(e, h)| *e = mean_error(h, method.block_months));
        for (lane, history) in histories.iter().enumerate() {
            gross.iter_mut().zip(history.iter().chain(*history)).for_each(|(month, r)| month[lane] = 1.0 + r);
        }
    }
    let mut random = Random::new(method.seed);
    let lengths = lengths(method.block_months);
    for path in 0..method.paths {
        // One error of the mean for the whole path: it does not average out over time.
        let normal = if method.mean_uncertain { random.normal() } else { 0.0 };
        let shifts = errors.map(|error| 1.0 + error * normal);
        let (mut a, mut b) = ([1.0; TOGETHER], [0.0; TOGETHER]);
        let (mut at, mut left) = (0, 0);
        for year in 0..months.div_ceil(12) {
            let mut missing = 12.min(months - year * 12);
            while missing > 0 {
                if left == 0 {
                    at = random.below(length);
                    left = lengths[random.below(lengths.len())];
                }
                let run = left.min(missing);
                if method.mean_uncertain {
                    let (grow, add) = shifted(&gross[at..at + run], &shifts);
                    for lane in 0..TOGETHER {
                        a[lane] *= grow[lane];
                        b[lane] = b[lane] * grow[lane] + add[lane];
                    }
                } else {
                    for (lane, runs) in runs.iter().enumerate() {
                        let (grow, add) = runs.plain(at, run);
                        a[lane] *= grow;
                        b[lane] = b[lane] * grow + add;
                    }
                }
                at = (at + run) % length;
                left -= run;
                missing -= run;
            }
            tell(year, path, (&a, &b));
        }
    }
}

/// Growth and deposits over a run of months, every month's growth off by the path's error of the mean.
fn shifted(months: &[Lanes], shifts: &Lanes) -> (Lanes, Lanes) {
    let (mut grow, mut add) = ([1.0; TOGETHER], [0.0; TOGETHER]);
    for gross in months {
        for lane in 0..TOGETHER {
            let month = gross[lane] * shifts[lane];
            grow[lane] *= month;
            add[lane] = add[lane] * month + 1.0;
        }
    }
    (grow, add)
}

/// Products over runs of consecutive months, the end of the history joined to its beginning.
struct Runs {
    /// Product of the first k months.
    product: Vec<f64>,
    /// Σ over the first k months of 1 / product through that month.
    inverse: Vec<f64>,
}

impl Runs {
    fn new(history: &[f64]) -> Runs {
        let twice = history.iter().chain(history).map(|r| 1.0 + r);
        let (mut product, mut inverse) = (vec![1.0], vec![0.0]);
        for (k, g) in twice.enumerate() {
            product.push(product[k] * g);
            inverse.push(inverse[k] + 1.0 / product[k + 1]);
        }
        Runs { product, inverse }
    }

    fn plain(&self, at: usize, run: usize) -> (f64, f64) {
        let end = self.product[at + run];
        (end / self.product[at], end * (self.inverse[at + run] - self.inverse[at]))
    }
}

/// A table of block lengths at equally spaced quantiles of the geometric distribution with the given mean.
fn lengths(mean: usize) -> Vec<usize> {
    const ENTRIES: usize = 1024; // finer than a block of twelve months can tell
    if mean <= 1 {
        return vec![1];
    }
    let stay = logarithm(1.0 - 1.0 / mean as f64);
    (0..ENTRIES)
        .map(|k| 1 + (logarithm((k as f64 + 0.5) / ENTRIES as f64) / stay) as usize)
        .map(|l| l.min(12 * mean))
        .collect()
}

/// Standard error of the monthly mean from the spread of block means, so that slow swings count.
fn mean_error(history: &[f64], block: usize) -> f64 {
    let logs: Vec<f64> = history.iter().map(|r| logarithm(1.0 + r)).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let blocks: Vec<f64> =
        logs.windows(block.max(1)).map(|w| w.iter().sum::<f64>() / w.len() as f64 - mean).collect();
    let spread = blocks.iter().map(|d| d * d).sum::<f64>() / blocks.len() as f64;
    let error = (spread * block as f64 / logs.len() as f64).sqrt();
    exponential(error) - 1.0
}
