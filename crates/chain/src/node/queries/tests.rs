//! Questions for fingerprints: limited, written down, counted across processes.

use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn empty(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("queries-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn they_are_limited_written_down_and_counted_on_after_a_restart() {
    let directory = empty("limited");
    let queries = Queries::open(&directory, 3).unwrap();
    assert_eq!(queries.asked(0), Asked { minute_max: 3, ..Asked::default() });
    let admitted: Vec<bool> = [0, 1, 59_999, 59_999, 60_000, 60_001]
        .into_iter()
        .map(|at| queries.admit(&[9, 0xab], HERE, 1_000 * MINUTE_MS + at).unwrap())
        .collect();
    assert_eq!(admitted, [true, true, true, false, true, true]);
    let log = fs::read_to_string(directory.join(LOG)).unwrap();
    assert_eq!(log.lines().next(), Some("60000000 127.0.0.1 09ab"));
    let now = 1_030 * MINUTE_MS;
    let asked = Asked { answered: 5, since_ms: Some(60_000_000), last_hour: 5, refused: 1, minute_max: 3 };
    assert_eq!(queries.asked(now), asked);
    assert_eq!(queries.asked(2_000 * MINUTE_MS).last_hour, 0);
    drop(queries);
    let queries = Queries::open(&directory, 7).unwrap();
    let afterwards = Asked { last_hour: 0, refused: 0, minute_max: 7, ..asked };
    assert_eq!(queries.asked(now), afterwards);
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_full_file_gives_way_to_one_that_goes_on_counting() {
    let directory = empty("full");
    let queries = Queries::open(&directory, u32::MAX).unwrap();
    queries.admit(&[9], HERE, 5).unwrap();
    queries.inner.lock().unwrap().bytes = LOG_BYTES_MAX + 1;
    queries.admit(&[9], HERE, 6).unwrap();
    assert_eq!(fs::read_to_string(directory.join(LOG)).unwrap(), "before 1 5\n6 127.0.0.1 09\n");
    drop(queries);
    let asked = Queries::open(&directory, 1).unwrap().asked(7);
    assert_eq!((asked.answered, asked.since_ms), (2, Some(5)));
    fs::remove_dir_all(&directory).unwrap();
}
