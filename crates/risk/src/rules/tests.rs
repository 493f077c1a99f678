//! What a rule set reads, refuses, and says of payments.

use super::{RuleSet, Said};
use crate::expression::{Lists, Scope};
use crate::{Facts, Features, Key, Windows};

const FEATURES: &str =
    "entity payer = payer\nfeature paid_day payer count 1d\nfeature mean_day payer mean(amount_minor) 1d\n";

const RULES: &str = "
list blocked

rule large
  when  amount_minor > 50000
  and   paid_day == 0
  then  review LARGE_FIRST
  say   A large first payment
  owner fraud desk
  hit   amount_minor = 60000
  miss  amount_minor = 60000, paid_day = 3

rule listed
  when  device in blocked
  then  decline BLOCKED_DEVICE
  say   The device is on the list
  owner fraud desk
  mode  shadow
  from  2026-01-01
  until 2026-02-01
  hit   amount_minor = 1, device = 'x', blocked = 'x'
  miss  amount_minor = 1
";

fn parse(text: &str) -> Result<RuleSet, crate::Error> {
    RuleSet::parse(text, Features::parse(FEATURES).expect("declarations").schema())
}

#[test]
fn cases_are_run_when_a_set_is_read() {
    let wrong = RULES.replace(", blocked = 'x'", "");
    assert_eq!(parse(&wrong).expect_err("a wrong case").to_string(), "line 21: rule listed misses here");
    for (text, expected) in [
        ("when true", "line 1: when before any rule"),
        (
            "rule a\n when amount_minor > 1.5",
            "line 2: at byte 13: int > double: convert with int() or double()",
        ),
        ("rule a\n when amount_minor + 1", "line 2: when must be bool, this is int"),
        ("rule a\n when true", "line 1: rule a has no then"),
        ("rule a\n when true\n then stop X", "line 3: stop: approve, step-up, review or decline expected"),
        (
            "rule a\n when true\n then review x",
            "line 3: a reason code of capitals, digits and _, at most 40, is needed",
        ),
        ("rule a\n when true\n then review X", "line 1: rule a has no say"),
        (
            "rule a\n when true\n then review X\n say y\n owner z",
            "line 1: rule a needs at least one hit and one miss case",
        ),
        (
            "rule a\n when true\n then review X\n say y\n owner z\n from 2026-13-01",
            "line 6: 2026-13-01: a date or UTC instant expected",
        ),
        ("rule a\n when true\n when true", "line 3: when is there twice"),
        ("rule a\nrule a", "line 2: rule a is there twice"),
        ("list amount_minor", "line 1: amount_minor is already a fact or feature"),
        (
            "rule a\n when 1 / (amount_minor - 1) == 0\n then review X\n say y\n owner z\n hit amount_minor = 1\n miss amount_minor = 2",
            "line 6: rule a cannot be evaluated here",
        ),
        (
            "rule a\n when true\n then review X\n say y\n owner z\n hit mean_day = 1",
            "line 6: mean_day is double, 1 is not",
        ),
        ("frobnicate", "line 1: frobnicate: not a word of a rule"),
    ] {
        assert_eq!(parse(text).expect_err(text).to_string(), expected, "{text}");
    }
}

#[test]
fn rules_hold_within_their_dates_and_lists() {
    let set = parse(RULES).expect("rules");
    assert_eq!(set.lists(), ["blocked"]);
    let windows = Windows::new(Features::parse(FEATURES).expect("declarations"));
    let mut lists = Lists::with(1);
    lists.set(0, [Key::of("stolen").0]);
    let check = |date: &str, device: &str, amount_minor: i64, expected: &[&str]| {
        let at_ms = crate::instant::parse(date).expect("a date");
        let facts = Facts { at_ms, amount_minor, device: Key::of(device), ..Facts::default() };
        let mut slots = vec![0; windows.features().schema().len()];
        windows.read(&facts, &mut slots);
        let mut hits = Vec::new();
        set.evaluate(Scope { slots: &slots, lists: &lists }, at_ms, |_, rule, said| {
            assert_eq!(said, Said::Hit);
            hits.push(rule.code.clone());
        });
        assert_eq!(hits, expected, "{date} {device} {amount_minor}");
    };
    check("2026-01-15", "stolen", 60_000, &["LARGE_FIRST", "BLOCKED_DEVICE"]);
    check("2026-01-15", "own", 60_000, &["LARGE_FIRST"]);
    check("2026-02-01", "stolen", 100, &[]);
    check("2025-12-31", "stolen", 100, &[]);
}
