//! A child process and the processor time it has used.

use std::process::Stdio;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Starts this program with these arguments and waits for the first line it prints.
pub(crate) async fn start(arguments: &[&str]) -> anyhow::Result<(Child, String)> {
    let mut child = Command::new(std::env::current_exe().context("finding this program")?)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting {}", arguments.join(" ")))?;
    let output = child.stdout.take().context("a piped output")?;
    let mut lines = BufReader::new(output).lines();
    let line = lines.next_line().await?.with_context(|| format!("{} ended at once", arguments.join(" ")))?;
    Ok((child, line))
}

/// Processor time a process has used so far, user and system, in microseconds (Linux: proc(5), clock ticks of 10 ms).
pub(crate) fn cpu_us(process: u32) -> anyhow::Result<u64> {
    let path = format!("/proc/{process}/stat");
    let stat = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    // The second field is a name in parentheses that may hold blanks.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Ok((ticks(11) + ticks(12)) * 10_000)
}
