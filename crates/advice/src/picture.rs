//! Pictures as SVG text: frontier, weights, falls from the high, and the fan of a projection. Same data, same bytes;
//! no script, no font file, readable in black and white.

use std::fmt::Write;

/// A line with its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Text beside the line.
    pub label: String,
    /// Points from left to right.
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 170.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 52.0;
const COLOURS: [&str; 8] =
    ["#1f4e79", "#c55a11", "#548235", "#7030a0", "#806000", "#2e75b6", "#a9262b", "#595959"];

/// Lines over a plane; `percent` writes both axes in per cent.
pub fn lines(title: &str, x_label: &str, y_label: &str, lines: &[Line], percent: bool) -> String {
    let all = || lines.iter().flat_map(|l| l.points.iter());
    let frame = Frame::around(all().map(|p| p.0), all().map(|p| p.1));
    let mut out = frame.open(title, x_label, y_label, percent);
    for (place, line) in lines.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let dash = ["", " stroke-dasharray=\"6 3\"", " stroke-dasharray=\"2 2\""][place / COLOURS.len() % 3];
        if let [(x, y)] = line.points[..] {
            let (x, y) = (frame.x(x), frame.y(y));
            let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>");
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 6.0,
                y - 6.0,
                escaped(&line.label)
            );
            continue;
        }
        let path = path(&frame, &line.points);
        let _ = writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"{dash}/>"
        );
        let y = TOP + 14.0 * place as f64 + 8.0;
        let x = WIDTH - RIGHT + 10.0;
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{:.1}\" width=\"12\" height=\"3\" fill=\"{colour}\"/>",
            y - 5.0
        );
        let _ = writeln!(out, "<text x=\"{}\" y=\"{y:.1}\">{}</text>", x + 17.0, escaped(&line.label));
    }
    out + "</svg>\n"
}

/// Horizontal bars, largest first; values of 0 are left out.
pub fn bars(title: &str, values: &[(String, f64)]) -> String {
    let mut rows: Vec<&(String, f64)> = values.iter().filter(|v| v.1.abs() >= 5e-5).collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let most = rows.iter().map(|r| r.1).fold(1e-9, f64::max);
    let height = TOP + 24.0 * rows.len() as f64 + 16.0;
    let mut out = open(WIDTH, height, title);
    for (place, (name, value)) in rows.iter().enumerate() {
        let y = TOP + 24.0 * place as f64;
        let width = (value / most).max(0.0) * (WIDTH - 300.0);
        let _ = writeln!(
            out,
            "<text x=\"150\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            y + 13.0,
            escaped(name)
        );
        let _ = writeln!(
            out,
            "<rect x=\"158\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"17\" fill=\"{}\"/>",
            COLOURS[0]
        );
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\">{:.2} %</text>",
            width + 164.0,
            y + 13.0,
            value * 100.0
        );
    }
    out + "</svg>\n"
}

/// The fan of a projection: for each year five ascending values, from today's value on; `note` stands below.
pub fn fan(title: &str, start: f64, years: &[[f64; 5]], target: Option<f64>, note: &str) -> String {
    fan_in(["years", "value", "goal", "middle"], title, start, years, (target, note))
}

/// The same in another language: what it calls years, value, goal and the middle of the paths. Its parts have classes
/// (`ground`, `grid`, `wide`, `near`, `curve`, `aim`), so that a page can give them its own colours.
pub fn fan_in(
    words: [&str; 4],
    title: &str,
    start: f64,
    years: &[[f64; 5]],
    (target, note): (Option<f64>, &str),
) -> String {
    let [years_word, value_word, goal_word, middle_word] = words;
    let values = || years.iter().flatten().copied().chain([start, 0.0]).chain(target);
    let frame = Frame::around((0..=years.len()).map(|y| y as f64), values());
    let mut out = frame.open(title, years_word, value_word, false);
    let edge = |share: usize| {
        let mut points = vec![(0.0, start)];
        points.extend(years.iter().enumerate().map(|(year, row)| (year as f64 + 1.0, row[share])));
        points
    };
    for (low, high, class, fill) in [(0, 4, "wide", "#cfdeee"), (1, 3, "near", "#93b5d6")] {
        let mut outline = edge(low);
        outline.extend(edge(high).into_iter().rev());
        let _ = writeln!(out, "<path class=\"{class}\" d=\"{}Z\" fill=\"{fill}\"/>", path(&frame, &outline));
    }
    let middle = path(&frame, &edge(2));
    let _ = writeln!(
        out,
        "<path class=\"curve\" d=\"{middle}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
        COLOURS[0]
    );
    if let Some(target) = target {
        let y = frame.y(target);
        let _ = writeln!(
            out,
            "<path class=\"aim\" d=\"M{LEFT} {y:.1}L{:.1} {y:.1}\" stroke=\"{}\" stroke-dasharray=\"6 3\"/>",
            WIDTH - RIGHT,
            COLOURS[1]
        );
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            WIDTH - RIGHT + 6.0,
            y + 4.0,
            escaped(goal_word)
        );
    }
    for (share, label) in ["5 %", "25 %", middle_word, "75 %", "95 %"].iter().enumerate() {
        if let Some(last) = years.last() {
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\">{label}</text>",
                WIDTH - RIGHT + 40.0,
                frame.y(last[share]) + 4.0
            );
        }
    }
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"{:.1}\" font-size=\"10\">{}</text>",
        HEIGHT - 4.0,
        escaped(note)
    );
    out + "</svg>\n"
}

/// Falls from the high so far of a list of returns, thinned to at most 400 points that keep each stretch's deepest.
pub fn falls(returns: &[f64]) -> Vec<(f64, f64)> {
    let (mut value, mut peak) = (1.0f64, 1.0f64);
    let falls: Vec<f64> = returns
        .iter()
        .map(|r| {
            value *= 1.0 + r;
            peak = peak.max(value);
            value / peak - 1.0
        })
        .collect();
    let stretch = falls.len().div_ceil(400).max(1);
    let deepest = |part: &[f64]| part.iter().copied().fold(0.0, f64::min);
    falls.chunks(stretch).enumerate().map(|(k, part)| ((k * stretch) as f64, deepest(part))).collect()
}

struct Frame {
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn around(x: impl Iterator<Item = f64>, y: impl Iterator<Item = f64>) -> Frame {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for value in values.filter(|v| v.is_finite()) {
                (low, high) = (low.min(value), high.max(value));
            }
            if low > high {
                return (0.0, 1.0);
            }
            let room = if high > low { 0.04 * (high - low) } else { high.abs().max(1.0) * 0.1 };
            (low - room, high + room)
        };
        let (mut x, mut y) = (x, y);
        Frame { x: range(&mut x), y: range(&mut y) }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (value - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (value - self.y.0) / (self.y.1 - self.y.0) * (HEIGHT - TOP - BOTTOM)
    }

    fn open(&self, title: &str, x_label: &str, y_label: &str, percent: bool) -> String {
        let mut out = open(WIDTH, HEIGHT, title);
        let mark = |value: f64| if percent { format!("{:.1} %", value * 100.0) } else { short(value) };
        for tick in ticks(self.x) {
            let x = self.x(tick);
            let bottom = HEIGHT - BOTTOM;
            let _ = writeln!(
                out,
                "<path d=\"M{x:.1} {TOP}L{x:.1} {bottom}\" class=\"grid\" stroke=\"#e4e4e4\"/>"
            );
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                bottom + 16.0,
                mark(tick)
            );
        }
        for tick in ticks(self.y) {
            let y = self.y(tick);
            let _ = writeln!(
                out,
                "<path d=\"M{LEFT} {y:.1}L{} {y:.1}\" class=\"grid\" stroke=\"#e4e4e4\"/>",
                WIDTH - RIGHT
            );
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                y + 4.0,
                mark(tick)
            );
        }
        let middle = (LEFT + WIDTH - RIGHT) / 2.0;
        let _ = writeln!(
            out,
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - 20.0,
            escaped(x_label)
        );
        let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\">{}</text>", TOP - 6.0, escaped(y_label));
        out
    }
}

fn open(width: f64, height: f64, title: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n<title>{title}</title>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n<text x=\"12\" y=\"18\" font-size=\"14\">{title}</text>\n"
    )
}

fn path(frame: &Frame, points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (place, (x, y)) in points.iter().filter(|p| p.0.is_finite() && p.1.is_finite()).enumerate() {
        let _ = write!(path, "{}{:.1} {:.1}", if place == 0 { 'M' } else { 'L' }, frame.x(*x), frame.y(*y));
    }
    path
}

/// Round numbers inside a range, four to nine of them.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let mut step = 1e-9;
    let mut turn = 0;
    while (high - low) / step > 9.0 {
        step *= [2.0, 2.5, 2.0][turn % 3];
        turn += 1;
    }
    let first = (low / step).ceil();
    (0..12).map(|k| (first + f64::from(k)) * step).take_while(|t| *t <= high).collect()
}

fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if size >= 1e9 => format!("{:.1}bn", value / 1e9),
        _ if size >= 1e6 => format!("{:.1}m", value / 1e6),
        _ if size >= 1e4 => format!("{:.0}k", value / 1e3),
        _ => format!("{}", (value * 100.0).round() / 100.0),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
