//! The model file: lines of text, exact to the bit, closed by a key of everything above. Does not judge the model.

use std::fmt::Write as _;
use std::str::SplitWhitespace;

use super::calibration::Calibration;
use super::drift::{Profile, Tenths};
use super::{DEPTH_MAX, INPUTS, Model, Node, TREES_MAX, Tree};
use crate::{Error, Key};

const FIRST_LINE: &str = "sojourn risk model 1";

pub(super) fn write(model: &Model) -> String {
    let mut out = format!(
        "{FIRST_LINE}\nfeatures {:016x}\ndepth {}\nbase {}\n",
        model.features, model.depth, model.base_micro
    );
    for note in &model.notes {
        let _ = writeln!(out, "note {}", note.replace('\n', " "));
    }
    for (number, input) in model.inputs.iter().enumerate() {
        let _ = write!(out, "input {input}");
        tenths(&mut out, model.profile.inputs.get(number));
    }
    out.push_str("scores");
    tenths(&mut out, Some(&model.profile.scores));
    for (score, ppm) in &model.calibration.knots {
        let _ = writeln!(out, "knot {score} {ppm}");
    }
    for tree in &model.trees {
        out.push_str("tree");
        for node in &tree.nodes {
            let _ = write!(out, " {}:{:08x}", node.input, node.threshold.to_bits());
        }
        for value in &tree.values {
            let _ = write!(out, " {value}");
        }
        out.push('\n');
    }
    let key = Key::of(&out).0;
    let _ = writeln!(out, "key {key:016x}");
    out
}

fn tenths(out: &mut String, tenths: Option<&Tenths>) {
    for (number, share) in tenths.map_or(&[][..], |tenths| &tenths.shares).iter().enumerate() {
        let cut = tenths.and_then(|tenths| tenths.cuts.get(number)).map_or(0, |cut| cut.to_bits());
        let _ = write!(out, " {cut:08x}:{share}");
    }
    out.push('\n');
}

pub(super) fn parse(file: &str) -> Result<Model, Error> {
    let body = file.trim_end();
    let (above, key) = body
        .rsplit_once("\nkey ")
        .ok_or_else(|| Error::line(1, "no key at the end: the file is cut short"))?;
    let last = body.lines().count();
    if u64::from_str_radix(key, 16) != Ok(Key::of(&format!("{above}\n")).0) {
        return Err(Error::line(last, "the key does not fit: the file was changed or cut"));
    }
    let mut lines = above.lines().enumerate().map(|(index, line)| (index + 1, line));
    if lines.next().is_none_or(|(_, line)| line != FIRST_LINE) {
        return Err(Error::line(1, format!("{FIRST_LINE:?} expected: a model of another version")));
    }
    let mut model = Model {
        features: 0,
        inputs: Vec::new(),
        depth: 0,
        base_micro: 0,
        trees: Vec::new(),
        calibration: Calibration::default(),
        profile: Profile::default(),
        notes: Vec::new(),
    };
    for (number, line) in lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        take(&mut model, word, rest)
            .ok_or_else(|| Error::line(number, format!("{word}: not as this version writes it")))?;
    }
    if model.inputs.is_empty() || model.trees.is_empty() || !model.calibration.knots.is_sorted() {
        return Err(Error::Whole("a model needs inputs, trees and ascending knots".into()));
    }
    Ok(model)
}

fn take(model: &mut Model, word: &str, rest: &str) -> Option<()> {
    match word {
        "features" => model.features = u64::from_str_radix(rest, 16).ok()?,
        "depth" => model.depth = rest.parse().ok().filter(|depth| (1..=DEPTH_MAX).contains(depth))?,
        "base" => model.base_micro = rest.parse().ok().filter(|base: &i64| base.abs() < 1 << 40)?,
        "note" => model.notes.push(rest.to_owned()),
        "input" if model.inputs.len() < INPUTS => {
            let mut words = rest.split_whitespace();
            model.inputs.push(words.next()?.to_owned());
            model.profile.inputs.push(read_tenths(words)?);
        }
        "scores" => model.profile.scores = read_tenths(rest.split_whitespace())?,
        "knot" => {
            let (score, ppm) = rest.split_once(' ')?;
            let ppm = ppm.parse().ok().filter(|ppm| *ppm < 1_000_000u32)?;
            model.calibration.knots.push((score.parse().ok()?, ppm));
        }
        "tree" if model.depth > 0 && model.trees.len() < TREES_MAX => model.trees.push(tree(model, rest)?),
        _ => return None,
    }
    Some(())
}

fn read_tenths(words: SplitWhitespace<'_>) -> Option<Tenths> {
    let mut tenths = Tenths::default();
    for word in words {
        let (cut, share) = word.split_once(':')?;
        tenths.cuts.push(f32::from_bits(u32::from_str_radix(cut, 16).ok()?));
        tenths.shares.push(share.parse().ok()?);
    }
    tenths.cuts.pop();
    let ascending = tenths.cuts.is_sorted() && tenths.shares.len() <= 10;
    ascending.then_some(tenths)
}

fn tree(model: &Model, rest: &str) -> Option<Tree> {
    let inner = (1 << model.depth) - 1;
    let words: Vec<&str> = rest.split_whitespace().collect();
    if words.len() != inner + 2 * inner + 1 {
        return None;
    }
    let node = |word: &&str| {
        let (input, threshold) = word.split_once(':')?;
        let input: u8 = input.parse().ok().filter(|input| usize::from(*input) < model.inputs.len())?;
        let threshold = f32::from_bits(u32::from_str_radix(threshold, 16).ok()?);
        (!threshold.is_nan()).then_some(Node { threshold, input })
    };
    let nodes = words[..inner].iter().map(node).collect::<Option<_>>()?;
    let value = |word: &&str| word.parse::<i32>().ok().filter(|value| value.abs() <= 1_000_000_000);
    Some(Tree { nodes, values: words[inner..].iter().map(value).collect::<Option<_>>()? })
}
