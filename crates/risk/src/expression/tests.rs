//! The subset's semantics as a table, its refusals, and random expressions run beside the `cel` crate.

use cel::{Context, Env, ExecutionError, Value};
use std::sync::Arc;

use super::{Kind, Lists, Outcome, Schema, Scope, compile};
use crate::Key;

const NAMES: [(&str, Kind); 6] = [
    ("amount", Kind::Int),
    ("count", Kind::Int),
    ("mean", Kind::Double),
    ("zero", Kind::Double),
    ("country", Kind::Text),
    ("known", Kind::Bool),
];

fn schema() -> Schema {
    let mut schema = Schema::default();
    for (name, kind) in NAMES {
        schema.add(name, kind);
    }
    schema.add_list("blocked");
    schema.add_velocity("payer count 1d".into(), 1);
    schema
}

fn slots(amount: i64, count: i64, mean: f64, country: &str, known: bool) -> Vec<i64> {
    vec![amount, count, mean.to_bits() as i64, 0, Key::of(country).0 as i64, i64::from(known)]
}

fn run(text: &str) -> String {
    let mut lists = Lists::with(1);
    lists.set(0, [Key::of("IR").0]);
    let slots = slots(1_000, 3, 2.5, "TH", true);
    match compile(text, &schema()) {
        Err(error) => error.to_string(),
        Ok(program) => match (program.run(Scope { slots: &slots, lists: &lists }), program.kind()) {
            (Outcome::Error, _) => "error".into(),
            (Outcome::Value(value), Kind::Double) => f64::from_bits(value as u64).to_string(),
            (Outcome::Value(value), Kind::Bool) => (value == 1).to_string(),
            (Outcome::Value(value), _) => value.to_string(),
        },
    }
}

#[test]
fn means_what_cel_means() {
    for (text, expected) in [
        ("amount > 500 && country == 'TH'", "true"),
        ("amount > 500 && country == \"SG\" || known", "true"),
        ("!(amount > 500)", "false"),
        ("amount * 2 - 1", "1999"),
        ("double(amount) / mean", "400"),
        ("amount / (count - 3) > 1", "error"),
        ("amount / (count - 3) > 1 && false", "false"),
        ("false && amount / (count - 3) > 1", "false"),
        ("amount / (count - 3) > 1 || known", "true"),
        ("known || amount / (count - 3) > 1", "true"),
        ("(amount / (count - 3) > 1 ? 1 : 2) == 2", "error"),
        ("(known ? amount / (count - 3) : 2) == 2", "error"),
        ("(known ? amount : 2) == 1000", "true"),
        ("known ? amount > 1 : count > 1", "true"),
        ("!known ? amount > 1 : count > 9", "false"),
        ("mean / zero > 1.0", "true"),
        ("zero / zero == zero / zero", "false"),
        ("zero / zero != zero / zero", "true"),
        ("int(mean) == 2", "true"),
        ("int(mean / zero) == 2", "error"),
        ("country in ['SG', 'TH']", "true"),
        ("count in [1, 2]", "false"),
        ("country in blocked", "false"),
        ("velocity('payer', 'count', '1d') == 3", "true"),
        ("9223372036854775807 + count > 0", "error"),
        ("-amount < 0", "true"),
        ("amount % 7 == 6 // last digit rule", "true"),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
}

#[test]
fn refuses_what_it_cannot_bound_or_type() {
    for (text, expected) in [
        ("amount > 1.5", "expression, byte 7: int > double: convert with int() or double()"),
        ("amuont > 1", "expression, byte 0: amuont is not a fact, a feature or a list"),
        ("amountt > 1", "expression, byte 0: amountt is not a fact, a feature or a list (is amount meant?)"),
        ("country > 'A'", "expression, byte 8: string values have no order here"),
        ("[1,2].all(x, x > 1)", "expression, byte 5: .: members, methods, macros and indexes are not taken"),
        (
            "matches(country, 'a*')",
            "expression, byte 0: matches() is not taken; known are int(), double() and velocity()",
        ),
        ("amount && known", "expression, byte 0: && needs bool, this is int"),
        ("amount > ", "expression, byte 9: the end where a value belongs"),
        ("(amount > 1", "expression, byte 11: ) expected, found the end"),
        ("country == 'TH", "expression, byte 11: this text is not closed"),
        ("amount > 1 amount", "expression, byte 11: amount after the end of the expression"),
        ("country in [1]", "expression, byte 12: int in a list searched for string"),
        ("blocked == 'x'", "expression, byte 0: blocked is a list: it stands only right of `in`"),
        (
            "velocity('payer', 'count', '2d') > 1",
            "expression, byte 0: no declared feature is `payer count 2d`: declare it first",
        ),
        ("99999999999999999999 > 1", "expression, byte 0: 99999999999999999999 does not fit a number"),
        ("amount # 1", "expression, byte 7: '#' has no meaning here"),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
    assert!(run(&"(".repeat(200)).contains("nested deeper"));
    assert!(run(&"!".repeat(200)).contains("nested deeper"));
    assert!(run(&vec!["1<2"; 300].join("&&")).contains("in a row"));
    let dear = run(&vec!["(amount + count > count)"; 140].join(" || "));
    assert!(dear.contains("operations, the bound is"), "{dear}");
    assert!(run(&"x".repeat(5_000)).contains("longer than"));
}

#[test]
fn hostile_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces = [
        "amount", "(", ")", "&&", "?", ":", "-", "!", "1", "0.5", "'a", "\"", "[", "]", " in ", "é", "==",
        "/", "1e", "%",
    ];
    for _ in 0..20_000 {
        let text: String = (0..random.usize(0..20)).map(|_| pieces[random.usize(0..pieces.len())]).collect();
        run(&text);
    }
}

/// Grows a random well-typed expression.
fn grow(random: &mut fastrand::Rng, kind: Kind, depth: u32) -> String {
    let leaf = depth == 0 || random.u32(0..6) == 0;
    match kind {
        Kind::Int if leaf => {
            ["amount", "count", "0", "1", "7", "9223372036854775807"][random.usize(0..6)].into()
        }
        Kind::Int => match random.u32(0..8) {
            0 => format!("-({})", grow(random, Kind::Int, depth - 1)),
            1 => choice(random, Kind::Int, depth),
            _ => binary(random, &["+", "-", "*", "/", "%"], Kind::Int, depth),
        },
        Kind::Double if leaf => ["mean", "zero", "1.5", "0.0", "1e300"][random.usize(0..5)].into(),
        Kind::Double => match random.u32(0..6) {
            0 => choice(random, Kind::Double, depth),
            1 => format!("double({})", grow(random, Kind::Int, depth - 1)),
            _ => binary(random, &["+", "-", "*", "/"], Kind::Double, depth),
        },
        Kind::Text => ["country", "'TH'", "'SG'"][random.usize(0..3)].into(),
        Kind::Bool if leaf => {
            ["known", "true", "false", "count > 1", "country == 'TH'"][random.usize(0..5)].into()
        }
        Kind::Bool => match random.u32(0..9) {
            0 => format!("!({})", grow(random, Kind::Bool, depth - 1)),
            1 => choice(random, Kind::Bool, depth),
            2 => binary(random, &["==", "!="], Kind::Text, depth),
            3 => format!("{} in [1, 3, 1000]", grow(random, Kind::Int, 0)),
            4 => binary(random, &["==", "!=", "<", "<=", ">", ">="], Kind::Double, depth),
            5 => binary(random, &["==", "!=", "<", "<=", ">", ">="], Kind::Int, depth),
            _ => binary(random, &["&&", "||"], Kind::Bool, depth),
        },
    }
}

fn binary(random: &mut fastrand::Rng, signs: &[&str], kind: Kind, depth: u32) -> String {
    let (left, right) = (grow(random, kind, depth - 1), grow(random, kind, depth - 1));
    format!("({left} {} {right})", signs[random.usize(0..signs.len())])
}

fn choice(random: &mut fastrand::Rng, kind: Kind, depth: u32) -> String {
    let condition = grow(random, Kind::Bool, depth - 1);
    format!("({condition} ? {} : {})", grow(random, kind, depth - 1), grow(random, kind, depth - 1))
}

#[test]
fn agrees_with_the_cel_crate_on_random_expressions() {
    let mut random = fastrand::Rng::with_seed(20_260_101);
    let env = Arc::new(Env::stdlib());
    let lists = Lists::with(1);
    let (mut values, mut errors, mut unordered) = (0, 0, 0);
    for _ in 0..3_000 {
        let text = grow(&mut random, Kind::Bool, 4);
        let (amount, count) = (random.i64(-3..2_000), random.i64(0..4));
        let (mean, country, known) =
            (f64::from(random.u32(0..8)) / 2.0, ["TH", "SG"][random.usize(0..2)], random.bool());
        let Ok(program) = compile(&text, &schema()) else { panic!("{text}: ours refuses") };
        let ours = program.run(Scope { slots: &slots(amount, count, mean, country, known), lists: &lists });
        let mut context = Context::with_env(env.clone());
        context.add_variable_from_value("amount", amount);
        context.add_variable_from_value("count", count);
        context.add_variable_from_value("mean", mean);
        context.add_variable_from_value("zero", 0.0);
        context.add_variable_from_value("country", country);
        context.add_variable_from_value("known", known);
        let theirs = env.compile(&text).expect("well-formed").execute(&context);
        match (ours, theirs) {
            (Outcome::Value(value), Ok(Value::Bool(expected))) => {
                assert_eq!(
                    value == 1,
                    expected,
                    "{text} amount={amount} count={count} mean={mean} {country} {known}"
                );
                values += 1;
            }
            (Outcome::Error, Err(_)) => errors += 1,
            // That crate has no order for NaN at all; CEL's text says that every such comparison is false.
            (_, Err(ExecutionError::NoSuchOverload(_))) => unordered += 1,
            (ours, theirs) => {
                panic!(
                    "{text}: ours {ours:?}, theirs {theirs:?}, amount={amount} count={count} mean={mean} {country} {known}"
                )
            }
        }
    }
    assert!(
        values > 1_000 && errors > 100 && unordered < 200,
        "{values} values, {errors} errors, {unordered} unordered: the generator lost its variety"
    );
}
