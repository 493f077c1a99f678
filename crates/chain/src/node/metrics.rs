//! What an operator watches, in Prometheus' text form: ours first, then all that the engine measures. The alarm is
//! `sojourn_chain_seconds_since_block > 5`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use receivables::codec::hex;

use super::edge::Edge;
use super::now_ms;

/// Bytes of the write that shows how long the disk takes.
const PROBE_BYTES: usize = 4_096;

/// All measurements, now.
pub(super) fn text(edge: &Edge) -> String {
    let standing = edge.replica.standing();
    let health = edge.started.health();
    let mut out = String::new();
    let mut tell = |name: &str, kind: &str, help: &str, value: f64| {
        let _ = write!(
            out,
            "# HELP sojourn_chain_{name} {help}\n# TYPE sojourn_chain_{name} {kind}\nsojourn_chain_{name} {value}\n"
        );
    };
    let count = |number: usize| number as f64;
    let whole = |number: u64| number as f64;
    tell("height", "gauge", "Height of the last final block that was executed.", whole(standing.height));
    let since = seconds(now_ms().saturating_sub(standing.executed_at_ms));
    tell("seconds_since_block", "gauge", "Seconds since the last block; alarm above 5.", since);
    tell("epoch", "gauge", "Epoch of the next block.", whole(edge.replica.epoch()));
    tell("votes", "gauge", "Whether this node votes.", f64::from(u8::from(edge.votes())));
    tell("peers", "gauge", "Nodes that are connected.", count(health.peers.len()));
    tell("pool_transactions", "gauge", "Transactions that wait.", count(standing.waiting));
    tell("pool_bytes", "gauge", "Bytes of those.", count(standing.waiting_bytes));
    tell("records", "gauge", "Records of the state.", count(standing.records));
    tell("events", "counter", "Events since the chain began.", whole(standing.log_size));
    tell("applied_total", "counter", "Transactions applied.", whole(standing.counts.applied));
    tell("refused_total", "counter", "Transactions refused at execution.", whole(standing.counts.refused));
    tell("turned_away_total", "counter", "Transactions not taken in.", whole(standing.counts.turned_away));
    tell("blocks_refused_total", "counter", "Blocks voted against.", whole(standing.counts.blocks_refused));
    tell("contradictions", "gauge", "Contradictory votes seen.", count(standing.evidence.len()));
    tell(
        "verify_seconds_sum",
        "counter",
        "Time spent on signatures.",
        seconds(standing.counts.verify_ns / 1_000_000),
    );
    tell("verify_seconds_count", "counter", "Transactions checked.", whole(standing.counts.verified));
    let asked = edge.asked();
    tell(
        "fingerprint_queries_total",
        "counter",
        "Questions for fingerprints answered.",
        whole(asked.answered),
    );
    tell("fingerprint_queries_refused_total", "counter", "Refused: too many.", whole(asked.refused));
    if let Some(took) = probe(&edge.directory) {
        tell("fsync_seconds", "gauge", "Time of a write of 4 KiB that was synced, just now.", took);
    }
    tell("disk_bytes", "gauge", "Bytes in the node's directory.", whole(bytes_in(&edge.directory)));
    out.push_str("# HELP sojourn_chain_skipped_total Turns that passed without a block, by validator.\n");
    out.push_str("# TYPE sojourn_chain_skipped_total counter\n");
    for (key, turns) in &health.skipped {
        let _ = writeln!(out, "sojourn_chain_skipped_total{{validator=\"{}\"}} {turns}", hex(key));
    }
    out + &(edge.started.metrics)()
}

#[expect(clippy::float_arithmetic, reason = "a figure for people")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1e3
}

/// Seconds that a small synced write takes; nothing if the disk does not take it.
fn probe(directory: &Path) -> Option<f64> {
    let path = directory.join("probe");
    let begun = Instant::now();
    let mut file = fs::File::create(&path).ok()?;
    std::io::Write::write_all(&mut file, &[0; PROBE_BYTES]).ok()?;
    file.sync_all().ok()?;
    let took = begun.elapsed().as_secs_f64();
    let _ = fs::remove_file(path);
    Some(took)
}

fn bytes_in(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => bytes_in(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    bytes.sum()
}
