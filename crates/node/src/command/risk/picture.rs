//! Pictures as SVG: ROC, precision-recall, drift. Draws numbers it is given; computes only where to put them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use risk::model::drift::{ACT, WARN};
use risk::model::metrics::{auc, average_precision, curve};

const SIDE: f64 = 400.0;
const EDGE: f64 = 50.0;

/// Writes `roc.svg` and `precision-recall.svg`.
pub(super) fn curves(folder: &Path, scores: &[i64], frauds: &[bool]) -> anyhow::Result<()> {
    let points = curve(scores, frauds);
    let mut roc = vec![(0.0, 0.0)];
    roc.extend(points.iter().map(|point| (point.false_rate, point.recall)));
    let title = format!("ROC, area {:.3}", auc(scores, frauds));
    save(folder, "roc.svg", &chart(&title, "share of genuine called", "share of frauds called", &roc, true))?;
    let line: Vec<(f64, f64)> = points.iter().map(|point| (point.recall, point.precision)).collect();
    let title = format!("Precision and recall, average precision {:.3}", average_precision(scores, frauds));
    save(folder, "precision-recall.svg", &chart(&title, "recall", "precision", &line, false))
}

/// Writes `drift.svg`: one bar an input.
pub(super) fn drift(folder: &Path, indices: &[(String, f64)]) -> anyhow::Result<()> {
    let most = indices.iter().map(|(_, index)| *index).fold(ACT * 1.2, f64::max);
    let height = 60.0 + indices.len() as f64 * 18.0;
    let mut out = open(620.0, height, "Population stability index");
    let x = |index: f64| 220.0 + index / most * 360.0;
    for (number, (name, index)) in indices.iter().enumerate() {
        let y = 44.0 + number as f64 * 18.0;
        let colour = if *index >= ACT {
            "#b3261e"
        } else if *index >= WARN {
            "#b26a00"
        } else {
            "#2b6cb0"
        };
        let _ = writeln!(out, r#"<text x="212" y="{}" text-anchor="end">{name}</text>"#, y + 11.0);
        let width = (x(*index) - x(0.0)).max(1.0);
        let _ = writeln!(out, r#"<rect x="220" y="{y}" width="{width:.1}" height="13" fill="{colour}"/>"#);
    }
    for (level, word) in [(WARN, "look"), (ACT, "act")] {
        let at = x(level);
        let _ = writeln!(
            out,
            r##"<path d="M{at:.1} 40V{:.1}" stroke="#444" stroke-dasharray="3 3"/>"##,
            height - 8.0
        );
        let _ = writeln!(out, r#"<text x="{at:.1}" y="36" text-anchor="middle">{word} {level}</text>"#);
    }
    save(folder, "drift.svg", &(out + "</svg>\n"))
}

fn chart(title: &str, across: &str, up: &str, points: &[(f64, f64)], diagonal: bool) -> String {
    let place = |(x, y): (f64, f64)| (EDGE + x * SIDE, EDGE + (1.0 - y) * SIDE);
    let mut out = open(SIDE + 2.0 * EDGE, SIDE + 2.0 * EDGE, title);
    for tenth in 0..=10 {
        let share = f64::from(tenth) / 10.0;
        let ((x, y), (end, top)) = (place((share, share)), place((1.0, 1.0)));
        let bottom = EDGE + SIDE;
        let _ = writeln!(out, r##"<path d="M{x} {bottom}V{top}M{EDGE} {y}H{end}" stroke="#e3e3e3"/>"##);
        if tenth % 2 == 0 {
            let _ =
                writeln!(out, r#"<text x="{x}" y="{}" text-anchor="middle">{share}</text>"#, bottom + 16.0);
            let _ =
                writeln!(out, r#"<text x="{}" y="{}" text-anchor="end">{share}</text>"#, EDGE - 6.0, y + 4.0);
        }
    }
    if diagonal {
        let (from, to) = (place((0.0, 0.0)), place((1.0, 1.0)));
        let _ = writeln!(
            out,
            r##"<path d="M{} {}L{} {}" stroke="#999" stroke-dasharray="4 4"/>"##,
            from.0, from.1, to.0, to.1
        );
    }
    // A curve of a hundred thousand points looks like one of a thousand.
    let mut path = String::new();
    let mut last = (f64::MIN, f64::MIN);
    for (number, point) in points.iter().enumerate() {
        let (x, y) = place(*point);
        if number + 1 == points.len() || (x - last.0).abs() + (y - last.1).abs() >= 0.5 {
            let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { 'M' } else { 'L' });
            last = (x, y);
        }
    }
    let _ = writeln!(out, r##"<path d="{path}" fill="none" stroke="#2b6cb0" stroke-width="2"/>"##);
    let middle = EDGE + SIDE / 2.0;
    let _ = writeln!(
        out,
        r#"<text x="{middle}" y="{}" text-anchor="middle">{across}</text>"#,
        SIDE + 2.0 * EDGE - 10.0
    );
    let _ = writeln!(
        out,
        r#"<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{up}</text>"#
    );
    out + "</svg>\n"
}

fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{}\" y=\"22\" text-anchor=\"middle\" font-size=\"15\">{title}</text>\n",
        width / 2.0
    )
}

fn save(folder: &Path, name: &str, picture: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(name);
    std::fs::write(&path, picture).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("wrote {}", path.display());
    Ok(())
}
