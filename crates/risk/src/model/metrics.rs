//! How well scores separate frauds: area under the ROC curve, average precision, precision of the day's first hundred
//! cards. Does not know which rows may be judged.

/// Area under the ROC curve, ties counted half; 0.5 where one class is absent.
#[must_use]
pub fn auc(scores: &[i64], frauds: &[bool]) -> f64 {
    let order = ascending(scores);
    let (mut rank_sum, mut at) = (0.0, 0);
    while at < order.len() {
        let tie = tie(scores, &order, at);
        let mean_rank = (at + 1 + at + tie) as f64 / 2.0;
        rank_sum += order[at..at + tie].iter().filter(|row| frauds[**row]).count() as f64 * mean_rank;
        at += tie;
    }
    let bad = frauds.iter().filter(|fraud| **fraud).count() as f64;
    let good = frauds.len() as f64 - bad;
    if bad == 0.0 || good == 0.0 { 0.5 } else { (rank_sum - bad * (bad + 1.0) / 2.0) / (bad * good) }
}

/// Average precision: precision at each threshold weighted by the recall it adds (no interpolation).
#[must_use]
pub fn average_precision(scores: &[i64], frauds: &[bool]) -> f64 {
    let curve = curve(scores, frauds);
    let mut last = 0.0;
    let mut area = 0.0;
    for point in curve {
        area += (point.recall - last) * point.precision;
        last = point.recall;
    }
    area
}

/// One threshold's rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Scores from here up are called fraud.
    pub threshold: i64,
    /// Share of those called that are fraud.
    pub precision: f64,
    /// Share of the frauds called.
    pub recall: f64,
    /// Share of the genuine called.
    pub false_rate: f64,
}

/// The rates at every different score, highest first.
#[must_use]
pub fn curve(scores: &[i64], frauds: &[bool]) -> Vec<Point> {
    let mut order = ascending(scores);
    order.reverse();
    let bad = frauds.iter().filter(|fraud| **fraud).count().max(1) as f64;
    let good = (frauds.iter().filter(|fraud| !**fraud).count()).max(1) as f64;
    let (mut hits, mut called, mut at) = (0.0, 0.0, 0);
    let mut points = Vec::new();
    while at < order.len() {
        let tie = tie(scores, &order, at);
        hits += order[at..at + tie].iter().filter(|row| frauds[**row]).count() as f64;
        called += tie as f64;
        at += tie;
        let threshold = scores[order[at - 1]];
        points.push(Point {
            threshold,
            precision: hits / called,
            recall: hits / bad,
            false_rate: (called - hits) / good,
        });
    }
    points
}

/// Card precision at `top`: each day the cards with the highest score, share of them that had a fraud that day; cards
/// that were found leave the days after. Mean over the days.
#[must_use]
pub fn card_precision(days: &[u16], cards: &[u64], scores: &[i64], frauds: &[bool], top: usize) -> f64 {
    let mut present: Vec<u16> = days.to_vec();
    present.sort_unstable();
    present.dedup();
    let mut found = std::collections::BTreeSet::new();
    let mut sum = 0.0;
    for day in &present {
        let mut best: std::collections::BTreeMap<u64, (i64, bool)> = std::collections::BTreeMap::new();
        for row in (0..days.len()).filter(|row| days[*row] == *day && !found.contains(&cards[*row])) {
            let entry = best.entry(cards[row]).or_insert((i64::MIN, false));
            *entry = (entry.0.max(scores[row]), entry.1 || frauds[row]);
        }
        let mut ranked: Vec<(i64, u64, bool)> =
            best.into_iter().map(|(card, (score, fraud))| (score, card, fraud)).collect();
        ranked.sort_by_key(|(score, card, _)| (std::cmp::Reverse(*score), *card));
        let hits: Vec<u64> =
            ranked.iter().take(top).filter(|(.., fraud)| *fraud).map(|(_, card, _)| *card).collect();
        sum += hits.len() as f64 / top as f64;
        found.extend(hits);
    }
    if present.is_empty() { 0.0 } else { sum / present.len() as f64 }
}

fn ascending(scores: &[i64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by_key(|row| (scores[*row], *row));
    order
}

/// How many rows from `at` on have the same score.
fn tie(scores: &[i64], order: &[usize], at: usize) -> usize {
    order[at..].iter().take_while(|row| scores[**row] == scores[order[at]]).count()
}
