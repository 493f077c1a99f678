//! Times what a payment costs: windows, rules, model, screening, the whole verdict. Prints one line of JSON each: CPU
//! nanoseconds as the mean, wall-clock percentiles over single calls. Arguments: number of users, and a list of names.
//! With `--count WHAT RUNS` it only runs one of them so often, for a tool that counts instructions: the difference of
//! two counts over the difference of runs is what one costs.
#![allow(clippy::float_arithmetic, reason = "figures about time")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use risk::expression::{Lists, Scope};
use risk::model::train::{Options, train};
use risk::model::{INPUTS, Inputs, Model, Scorer, bins};
use risk::rules::RuleSet;
use risk::screening::list::{Entry, own};
use risk::screening::{Party, Screener};
use risk::{Change, Event, Facts, Features, Judge, Key, Outcome, Record, Screening, Windows};

/// Nine features of each of three entities: counts, sums and time since over four windows.
fn features() -> Features {
    let mut text = String::new();
    for entity in ["payer", "merchant", "device"] {
        let _ = writeln!(text, "entity {entity} = {entity} hold 1048576");
    }
    let mut inputs = "inputs amount_minor".to_owned();
    for entity in ["payer", "merchant", "device"] {
        for (window, bucket) in [("1h", "10m"), ("1d", "2h"), ("7d", "12h"), ("30d", "2d")] {
            let _ = writeln!(text, "feature {entity}_count_{window} {entity} count {window} by {bucket}");
            let _ = writeln!(
                text,
                "feature {entity}_sum_{window} {entity} sum(amount_minor) {window} by {bucket}"
            );
            let _ = write!(inputs, " {entity}_count_{window} {entity}_sum_{window}");
        }
        let _ = writeln!(text, "feature {entity}_idle {entity} since");
        let _ = write!(inputs, " {entity}_idle");
    }
    Features::parse(&format!("{text}{inputs}\n")).expect("declarations")
}

/// Rules of the shapes that analysts write, no two with the same numbers.
fn rules(count: usize) -> String {
    let mut text = "list blocked\n".to_owned();
    for number in 0..count {
        let when = match number % 5 {
            0 => format!("amount_minor > {} && payer_count_1h >= {}", 900_000 + number, 50 + number),
            1 => format!(
                "payer_country == 'C{number}' && channel != 'qr' && amount_minor > {}",
                1_000 + number
            ),
            2 => format!("device in blocked || device_count_1d > {}", 500 + number),
            3 => format!("double(payer_sum_1d) > {}.5 * double(payer_sum_30d + 1) && hour < 6", 20 + number),
            _ => format!(
                "merchant_class in ['7995', '6051', '{number}'] && payer_sum_7d > {}",
                90_000_000 + number
            ),
        };
        let _ = writeln!(
            text,
            "rule r{number}\n when {when}\n then review R{number}\n say Rule {number}\n owner bench"
        );
        let hit = match number % 5 {
            0 => "amount_minor = 99999999, payer_count_1h = 9999".to_owned(),
            1 => format!("payer_country = 'C{number}', amount_minor = 99999"),
            2 => "device = 'x', blocked = 'x'".to_owned(),
            3 => "payer_sum_1d = 99999".to_owned(),
            _ => "merchant_class = '7995', payer_sum_7d = 999999999".to_owned(),
        };
        let _ = writeln!(text, " hit {hit}\n miss amount_minor = 1, hour = 7");
    }
    text
}

fn payment(random: &mut fastrand::Rng, users: u32, at_ms: i64) -> Facts {
    let user = random.u32(0..users);
    let key = |kind: u64, number: u32| Key(1 + kind).and(Key(u64::from(number) + 1));
    Facts {
        at_ms,
        amount_minor: random.i64(100..20_000),
        payer: key(1, user),
        merchant: key(2, random.u32(0..users / 10 + 1)),
        device: key(3, user),
        payer_country: Key::of("TH"),
        channel: Key::of("qr"),
        screening: Screening::Clear,
        ..Facts::default()
    }
}

/// CPU nanoseconds this process has run (Linux), else wall-clock ones.
fn cpu_ns(start: Instant) -> u64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let first = text.split_whitespace().next().and_then(|first| first.parse().ok());
    first.unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// What to run, and how.
struct Bench {
    /// Which one to run for counting, and how often.
    count: Option<(String, usize)>,
}

impl Bench {
    /// Runs for CPU time as the mean, and for percentiles of single calls.
    fn measure(&self, name: &str, runs: usize, mut once: impl FnMut(usize)) {
        if let Some((only, runs)) = &self.count {
            if name.starts_with(only) {
                (0..*runs).for_each(once);
            }
            return;
        }
        // The clock of CPU time ticks every few milliseconds.
        let (start, mut done) = (Instant::now(), 0);
        let before = cpu_ns(start);
        while done == 0 || start.elapsed().as_millis() < 80 {
            (0..runs).for_each(&mut once);
            done += runs;
        }
        let mean = (cpu_ns(start) - before) as f64 / done as f64;
        let mut each: Vec<u64> = (0..runs)
            .map(|run| {
                let start = Instant::now();
                once(runs + run);
                u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
            })
            .collect();
        each.sort_unstable();
        let at = |share: f64| each[((each.len() - 1) as f64 * share) as usize];
        println!(
            "{{\"what\": \"{name}\", \"cpu_ns\": {mean:.0}, \"p50_ns\": {}, \"p99_ns\": {}, \"p999_ns\": {}}}",
            at(0.5),
            at(0.99),
            at(0.999)
        );
    }
}

fn model(features: &Features, rows: usize) -> Model {
    let mut random = fastrand::Rng::with_seed(2);
    let names = features.inputs();
    let columns: Vec<Vec<f32>> =
        names.iter().map(|_| (0..rows).map(|_| random.f32() * 20_000.0).collect()).collect();
    let labels: Vec<bool> =
        (0..rows).map(|row| columns[0][row] > 19_000.0 && columns[1][row] > 10_000.0).collect();
    let mut model =
        train(names, &bins::bin(&columns, &labels), &labels, Options::default(), |_| {}).expect("trains");
    model.features = features.version();
    model
}

fn publish(judge: &mut Judge, change: Change) {
    let proposed = judge.propose(change, "maker", 0).expect("a change that holds");
    judge.apply(&proposed).expect("own record");
    if let Record::Proposed { id, .. } = proposed {
        let published = judge.confirm(id, "checker", 0).expect("another person");
        judge.apply(&published).expect("own record");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (arguments, count) = match arguments.iter().position(|argument| argument == "--count") {
        Some(at) => {
            let runs = arguments.get(at + 2).and_then(|runs| runs.parse().ok()).expect("--count WHAT RUNS");
            (arguments[..at].to_vec(), Some((arguments[at + 1].clone(), runs)))
        }
        None => (arguments, None),
    };
    let bench = Bench { count };
    let users: u32 = arguments.first().and_then(|first| first.parse().ok()).unwrap_or(100_000);
    let mut random = fastrand::Rng::with_seed(1);
    let features = features();
    for (entity, bytes) in features.bytes().filter(|_| bench.count.is_none()) {
        println!("{{\"what\": \"bytes of one {entity}\", \"bytes\": {bytes}}}");
    }
    let mut judge = Judge::new(features.clone());
    if bench.count.is_none() {
        judge.reserve();
    }
    let mut at_ms = 1_800_000_000_000;
    // Ten days, however many users: fewer for counting instructions see the same idle times.
    let step_ms = 300_000_000 / i64::from(users);
    for _ in 0..users * 3 {
        at_ms += step_ms;
        let facts = payment(&mut random, users, at_ms);
        judge.observe(&Outcome { at_ms, event: Event::Paid, facts });
    }
    judge.apply(&Record::Health { at_ms, windows: true, lists_at_ms: at_ms }).expect("health");
    let some: Vec<Facts> =
        (0..40_000).map(|step| payment(&mut random, users, at_ms + step * step_ms)).collect();

    let mut slots = vec![0; features.schema().len()];
    let mut windows: Windows = judge.windows().clone();
    bench.measure("windows: 27 features read", 20_000, |run| windows.read(&some[run], black_box(&mut slots)));
    bench.measure("windows: 3 entities updated", 20_000, |run| {
        windows.observe(&Outcome { at_ms: some[run].at_ms, event: Event::Paid, facts: some[run] });
    });
    for count in [50, 100] {
        let set = RuleSet::parse(&rules(count), features.schema()).expect("rules");
        let lists = Lists::with(1);
        bench.measure(&format!("rules: {count}"), 20_000, |_| {
            set.evaluate(Scope { slots: black_box(&slots), lists: &lists }, at_ms, |number, _, _| {
                black_box(number);
            });
        });
    }
    // Counting tools are slow, and fewer rows make trees of the same size.
    let model = model(&features, if bench.count.is_some() { 2_000 } else { 20_000 });
    let inputs = Inputs::bind(&model.inputs, features.schema()).expect("inputs");
    let scorer = Scorer::new(&model);
    let mut row = [0f32; INPUTS];
    inputs.row(&slots, &mut row);
    bench.measure("model: 100 trees of depth 3", 20_000, |_| {
        black_box(scorer.score(black_box(&row)));
    });
    bench.measure("model: contributions", 20_000, |_| {
        black_box(scorer.contributions(black_box(&row)));
    });
    publish(&mut judge, Change::Rules(rules(100)));
    publish(&mut judge, Change::Shadow(model.write()));
    publish(&mut judge, Change::Promote);
    bench.measure("verdict: 27 features, 100 rules, 100 trees", 20_000, |run| {
        black_box(judge.judge(&some[run]));
    });
    bench.measure("verdict and update", 20_000, |run| {
        black_box(judge.judge(&some[run]));
        judge.observe(&Outcome { at_ms: some[run].at_ms, event: Event::Paid, facts: some[run] });
    });
    if let Some(list) = arguments.get(1) {
        screening(&bench, list);
    }
}

/// Times searches in a list of `id,name;alias,births` lines, with its own names, slightly altered, and others'.
fn screening(bench: &Bench, path: &str) {
    let text = std::fs::read_to_string(path).expect("a readable list");
    let entries: Vec<Entry> = own(&text).expect("a list of own form");
    let altered =
        |entry: &Entry| Party { name: entry.names[0].replacen('a', "e", 1).to_lowercase(), birth: None };
    let queries: Vec<Party> = entries.iter().map(altered).collect();
    let mut screener = Screener::default();
    screener.replace("bench", entries).expect("a first version");
    bench.measure(&format!("screening: one name in {}", screener.names()), 2_000, |run| {
        black_box(screener.search(&queries[run * 7 % queries.len()], 850));
    });
}
