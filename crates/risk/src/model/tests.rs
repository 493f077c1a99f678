//! A model against rows it must learn, its sums, its file, its metrics, and what it refuses.

use super::calibration::Calibration;
use super::metrics::{auc, average_precision, card_precision};
use super::train::{Options, train};
use super::{INPUTS, Model, Scorer, bins, exp};

/// Rows whose fraud is one part in 500, hidden in a thin tail of the first column and an interaction of the others.
fn rows(count: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<bool>) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut columns = vec![Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    let mut labels = Vec::new();
    for _ in 0..count {
        let tail = random.f32() < 0.001;
        let first = if tail { 100.0 + random.f32() } else { random.f32() * 100.0 };
        let (second, third) = (random.f32(), random.f32());
        labels.push(tail || (second > 0.97 && third > 0.97));
        for (column, value) in columns.iter_mut().zip([first, second, third, random.f32()]) {
            column.push(value);
        }
    }
    (columns, labels)
}

fn names() -> Vec<String> {
    ["first", "second", "third", "noise"].map(str::to_owned).to_vec()
}

fn row(columns: &[Vec<f32>], at: usize) -> super::Row {
    let mut row = [0.0; INPUTS];
    columns.iter().enumerate().for_each(|(number, column)| row[number] = column[at]);
    row
}

fn trained() -> (Model, Vec<Vec<f32>>, Vec<bool>) {
    let (columns, labels) = rows(20_000, 1);
    let options = Options { trees: 40, depth: 3, ..Options::default() };
    let model = train(&names(), &bins::bin(&columns, &labels), &labels, options, |_| {}).expect("trains");
    (model, columns, labels)
}

#[test]
fn it_learns_what_is_rare() {
    let (model, ..) = trained();
    let (columns, labels) = rows(20_000, 2);
    let scores: Vec<i64> = (0..labels.len()).map(|at| model.score(&row(&columns, at))).collect();
    let found = average_precision(&scores, &labels);
    assert!(found > 0.95, "average precision on fresh rows {found}");
}

#[test]
fn contributions_add_up_to_the_score() {
    let (model, columns, labels) = trained();
    for at in 0..labels.len() {
        let row = row(&columns, at);
        let sum: i64 = model.contributions(&row).iter().sum();
        assert_eq!(model.rest() + sum, model.score(&row), "row {at}");
    }
    let missing = [f32::NAN; INPUTS];
    assert_eq!(model.rest() + model.contributions(&missing).iter().sum::<i64>(), model.score(&missing));
}

#[test]
fn the_same_rows_give_the_same_file_and_the_file_the_same_model() {
    let (mut model, columns, labels) = trained();
    assert_eq!(model.write(), trained().0.write());
    let scores: Vec<i64> = (0..labels.len()).map(|at| model.score(&row(&columns, at))).collect();
    model.calibration = Calibration::fit(&scores, &labels);
    model.profile.inputs = columns.iter().map(|column| super::drift::Tenths::of(column)).collect();
    model.notes.push("rows 20000".into());
    let text = model.write();
    let back = Model::parse(&text).expect("own file");
    assert_eq!(back, model);
    let refused = Model::parse(&text.replace("depth 3", "depth 2")).expect_err("changed").to_string();
    assert!(refused.contains("changed"), "{refused}");
    assert!(Model::parse(&text[..text.len() / 2]).is_err());
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..200 {
        let at = random.usize(0..text.len());
        let cut = format!("{}{}", &text[..at], &text[(at + random.usize(0..40)).min(text.len())..]);
        let rekeyed = cut
            .rsplit_once("key ")
            .map_or(String::new(), |(above, _)| format!("{above}key {:016x}\n", crate::Key::of(above).0));
        let _ = Model::parse(&cut);
        if let Ok(model) = Model::parse(&rekeyed) {
            let score = model.score(&[1.0; INPUTS]);
            assert_eq!(model.rest() + model.contributions(&[1.0; INPUTS]).iter().sum::<i64>(), score);
        }
    }
}

#[test]
fn a_model_of_another_version_is_refused_with_its_line() {
    let text = trained().0.write();
    for (from, to, expected) in [
        (
            "sojourn risk model 1",
            "sojourn risk model 2",
            "line 1: \"sojourn risk model 1\" expected: a model of another version",
        ),
        ("depth 3", "depth 99", "line 3: depth: not as this version writes it"),
        ("\ntree ", "\nforest ", "not as this version writes it"),
    ] {
        let changed = text.replacen(from, to, 1);
        let above = changed.rsplit_once("key ").expect("a key").0;
        let rekeyed = format!("{above}key {:016x}\n", crate::Key::of(above).0);
        let told = Model::parse(&rekeyed).expect_err(expected).to_string();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn an_input_that_knows_the_label_is_refused_by_name() {
    let (mut columns, labels) = rows(2_000, 3);
    let names = names();
    assert_eq!(super::leak::refuse(&names, &columns, &labels), Ok(()));
    for sign in [1.0, -1.0] {
        columns[1] = labels.iter().map(|label| sign * f32::from(u8::from(*label))).collect();
        let told = super::leak::refuse(&names, &columns, &labels).expect_err("a leak").to_string();
        assert!(told.starts_with(&format!("input {} alone separates fraud", names[1])), "{told}");
    }
}

#[test]
fn unlearnable_rows_are_refused() {
    let (columns, labels) = rows(2_000, 3);
    let binned = bins::bin(&columns, &labels);
    let none = vec![false; 2_000];
    let check = |labels: &[bool], options: Options, expected: &str| {
        let error = train(&names(), &binned, labels, options, |_| {}).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(&none, Options::default(), "nothing to learn");
    check(&none[..5], Options::default(), "differ in length");
    check(&labels, Options { depth: 20, ..Options::default() }, "depth 1 to");
    check(&labels, Options { rate_milli: 0, ..Options::default() }, "rate above 0");
}

#[test]
fn metrics_agree_with_values_computed_by_hand() {
    // Scores 4 3 2 1, frauds at 4 and 2: AUC 3/4, AP = 1/2 * 1 + 1/2 * 2/3.
    let (scores, frauds) = ([4, 3, 2, 1], [true, false, true, false]);
    assert!((auc(&scores, &frauds) - 0.75).abs() < 1e-12);
    assert!((average_precision(&scores, &frauds) - 5.0 / 6.0).abs() < 1e-12);
    // All tied: AUC 1/2, AP the base rate.
    assert!((auc(&[7; 4], &frauds) - 0.5).abs() < 1e-12);
    assert!((average_precision(&[7; 4], &frauds) - 0.5).abs() < 1e-12);
    // Day 0 finds card 1; on day 1 it has left, and card 2 is found.
    let found = card_precision(&[0, 0, 1, 1], &[1, 2, 1, 2], &[9, 1, 9, 5], &[true, false, true, true], 1);
    assert!((found - 1.0).abs() < 1e-12);
}

#[test]
fn probabilities_rise_with_scores() {
    let mut random = fastrand::Rng::with_seed(9);
    let scores: Vec<i64> = (0..20_000).map(|_| random.i64(-6_000_000..4_000_000)).collect();
    let frauds: Vec<bool> =
        scores.iter().map(|score| random.f64() < 1.0 / (1.0 + (-*score as f64 / 1e6).exp())).collect();
    let calibration = Calibration::fit(&scores, &frauds);
    assert!(calibration.knots.len() <= super::calibration::KNOTS_MAX);
    let mut last = 0;
    for score in (-7_000_000..5_000_000).step_by(10_000) {
        let ppm = calibration.ppm(score);
        assert!(ppm >= last && ppm < 1_000_000, "{score}: {ppm} after {last}");
        let truth = 1e6 / (1.0 + (-score as f64 / 1e6).exp());
        assert!(
            (f64::from(ppm) - truth).abs() < 80_000.0 || !(-5_000_000..=3_000_000).contains(&score),
            "{score}: {ppm}, truly {truth}"
        );
        last = ppm;
    }
}

#[test]
fn the_exponential_is_exact_to_twelve_digits() {
    for step in -6_000..6_000 {
        let x = f64::from(step) / 10.0;
        assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
    }
}

#[test]
fn laid_out_flat_it_says_the_same() {
    let (columns, labels) = rows(4_000, 3);
    let binned = bins::bin(&columns, &labels);
    let mut missing = [f32::NAN; INPUTS];
    missing[1] = 0.99;
    for depth in 1..=super::DEPTH_MAX {
        let options = Options { trees: 9, depth, ..Options::default() };
        let model = train(&names(), &binned, &labels, options, |_| {}).expect("trains");
        let flat = Scorer::new(&model);
        let rows =
            (0..400).map(|at| row(&columns, at)).chain([[0.0; INPUTS], missing, [f32::INFINITY; INPUTS]]);
        for row in rows {
            assert_eq!(flat.score(&row), model.score(&row), "depth {depth}");
            assert_eq!(flat.contributions(&row), model.contributions(&row), "depth {depth}");
        }
        assert_eq!(flat.rest(), model.rest());
    }
}
