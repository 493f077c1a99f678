//! Plain tables on a terminal. Widths follow what a terminal shows, so Chinese takes two columns a character.

/// Prints rows under a header; the first column to the left, the others to the right.
pub(super) fn print(header: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = header.iter().map(|h| shown(h)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(shown(cell));
        }
    }
    let line = |cells: &[String]| {
        let mut out = String::new();
        for (place, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(shown(cell)));
            out += if place > 0 { "  " } else { "" };
            out += &if place == 0 { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") };
        }
        println!("{}", out.trim_end());
    };
    line(&header.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
    line(&widths.iter().map(|w| "─".repeat(*w)).collect::<Vec<_>>());
    rows.iter().for_each(|row| line(row));
}

fn shown(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// Basis points as a percentage, a dash if unknown.
pub(super) fn basis_points(bp: Option<i64>) -> String {
    bp.map_or("–".into(), |bp| format!("{:.2} %", bp as f64 / 100.0))
}

/// Minor units with two decimals.
pub(super) fn money(minor: i64) -> String {
    let size = minor.unsigned_abs();
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, size / 100, size % 100)
}

/// An amount with up to two decimals as minor units.
pub(super) fn parse_money(text: &str) -> Result<i64, String> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || cents.len() > 2 || (!cents.is_empty() && !digits(cents)) {
        return Err(format!("{text:?} is no amount like 1234.50"));
    }
    format!("{whole}{cents:0<2}").parse().map_err(|_| format!("{text} is too large"))
}
