//! `sojourn qr lint`: explains each payload of standard input, one a line, and never fails on any.

use std::io::{self, BufRead, BufWriter, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::Args;
use outlet::Outlet;
use qr::LONGEST_BYTES;
use qr::lint::{Context, Report, lint_bytes};

/// Arguments of `sojourn qr lint`.
#[derive(Args)]
pub(super) struct Lint {
    /// Payloads; without any, one is read from each line of standard input
    payloads: Vec<String>,
    /// Time at which expiry is judged, in seconds since 1970; the current time if left out
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
    /// Write for people instead of JSON
    #[arg(long)]
    text: bool,
}

impl Lint {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let context = Context { now: Some(self.now.unwrap_or_else(now)) };
        let mut output = BufWriter::new(Outlet);
        let done = if self.payloads.is_empty() {
            lint_lines(&mut io::stdin().lock(), &mut output, &context, self.text)
        } else {
            let payloads = self.payloads.iter();
            payloads
                .map(|payload| payload.as_bytes())
                .try_for_each(|payload| write_report(&mut output, &lint_bytes(payload, &context), self.text))
        };
        done.and_then(|()| output.flush()).context("explaining payloads")
    }
}

/// Explains each line. A line end is a line feed, with or without a carriage return before it.
pub(super) fn lint_lines(
    input: &mut impl BufRead,
    output: &mut impl Write,
    context: &Context,
    text: bool,
) -> io::Result<()> {
    let mut line = Vec::new();
    while read_line(input, &mut line)? {
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        write_report(output, &lint_bytes(&line, context), text)?;
    }
    Ok(())
}

/// Reads one line without its line feed; says whether there was one. Of a line beyond what is looked at only the
/// beginning is kept, so that no input can fill the memory.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut any = false;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        let room = (LONGEST_BYTES + 2).saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

pub(super) fn write_report(output: &mut impl Write, report: &Report, text: bool) -> io::Result<()> {
    if !text {
        return writeln!(output, "{}", report.to_json());
    }
    let verdict = match (report.accepted, report.strict) {
        (true, true) => "accepted, by the letter of the standard",
        (true, false) => "accepted, with departures",
        (false, _) => "refused",
    };
    let schemes: Vec<_> = report.profiles.iter().map(|scheme| scheme.name()).collect();
    writeln!(output, "{}", report.input)?;
    writeln!(output, "  {} {}: {verdict}", report.kind.name(), schemes.join(", "))?;
    for finding in &report.findings {
        let (severity, at) = (finding.severity.name(), finding.at);
        writeln!(output, "  {severity} at {at}: {} [{}]", finding.message, finding.rule)?;
    }
    Ok(())
}

/// Seconds since 1970; before that the clock is wrong and nothing is expired.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
