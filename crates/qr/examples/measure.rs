//! Measures decoding and encoding of payloads, for `benches/qr/compare.sh`. Knows no other library.
//!
//! `measure time FILE` prints nanoseconds, one line a payload and operation; `measure count OPERATION LINE ROUNDS FILE`
//! only does the work, so that a profiler can count instructions.

use std::hint::black_box;
use std::time::Instant;
use std::{env, fs, io};

use qr::merchant::{self, Code, Item, Object};

/// An object as a caller has it before encoding.
enum Owned {
    Value(u8, String),
    Inside(u8, Vec<Owned>),
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["time", file] => time(&fs::read_to_string(file)?),
        ["count", operation, line, rounds, file] => {
            let number = |text: &str| text.parse().map_err(io::Error::other);
            let text = fs::read_to_string(file)?;
            let payload = text.lines().nth(number(line)?).ok_or_else(|| io::Error::other("no such line"))?;
            let rounds: usize = number(rounds)?;
            match *operation {
                "decode" => (0..rounds).for_each(|_| decode(payload)),
                _ => with_items(&owned(payload), &mut |items| (0..rounds).for_each(|_| encode(items))),
            }
        }
        _ => return Err(io::Error::other("measure time FILE | measure count OPERATION LINE ROUNDS FILE")),
    }
    Ok(())
}

fn time(text: &str) {
    for (line, payload) in text.lines().enumerate() {
        println!("ours decode {line} {:.1}", nanoseconds(|| decode(payload)));
        with_items(&owned(payload), &mut |items| {
            println!("ours encode {line} {:.1}", nanoseconds(|| encode(items)));
        });
    }
}

/// The best of many short runs, after some to warm up: what others do on the machine only ever adds.
#[allow(clippy::float_arithmetic)] // A mean of durations, no money.
fn nanoseconds(mut work: impl FnMut()) -> f64 {
    const ROUNDS: u32 = 500;
    const RUNS: usize = 400;
    let mut run = || {
        let begun = Instant::now();
        (0..ROUNDS).for_each(|_| work());
        begun.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
    };
    (0..RUNS).map(|_| run()).fold(f64::INFINITY, f64::min)
}

/// Reads the code with every check, and looks at what a wallet looks at.
fn decode(payload: &str) {
    let code = Code::parse(black_box(payload)).expect("the payloads are right");
    black_box((
        code.amount(),
        code.currency(),
        code.name(),
        code.accounts().next().and_then(|one| one.guid()),
    ));
}

fn encode(items: &[Item<'_>]) {
    black_box(merchant::encode(black_box(items)).expect("the items come from right payloads"));
}

/// The objects of a payload but the checksum.
fn owned(payload: &str) -> Vec<Owned> {
    let code = Code::parse(payload).expect("the payloads are right");
    code.objects().filter(|object| object.id() != 63).map(copied).collect()
}

fn copied(object: Object<'_>) -> Owned {
    match object.is_template() {
        true => Owned::Inside(object.id(), object.objects().map(copied).collect()),
        false => Owned::Value(object.id(), object.value().to_owned()),
    }
}

/// Lends the objects to `work` as the tree that is encoded.
fn with_items(objects: &[Owned], work: &mut dyn FnMut(&[Item<'_>])) {
    fn lend<'a>(objects: &'a [Owned], done: &mut Vec<Item<'a>>, inner: &'a [Vec<Item<'a>>]) {
        let mut inner = inner.iter();
        done.extend(objects.iter().map(|object| match object {
            Owned::Value(id, value) => Item::Value(*id, value),
            Owned::Inside(id, _) => Item::Inside(*id, inner.next().map_or(&[], Vec::as_slice)),
        }));
    }
    // No payload nests deeper than one level.
    let inner: Vec<Vec<Item<'_>>> = objects
        .iter()
        .filter_map(|object| match object {
            Owned::Inside(_, objects) => {
                let mut items = Vec::new();
                lend(objects, &mut items, &[]);
                Some(items)
            }
            Owned::Value(..) => None,
        })
        .collect();
    let mut items = Vec::new();
    lend(objects, &mut items, &inner);
    work(&items);
}
