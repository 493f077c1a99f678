//! One digest of many proposals, computed on as many threads as asked: `benches/advice/bits.sh` compares it across
//! thread counts and builds. Whatever differs in one bit differs in the digest.
#![allow(clippy::float_arithmetic)]

use advice::digest::sha256;
use advice::proposal::{Request, answer};
use advice::random::Random;
use advice::{Json, Refusal};

const CODES: [&str; 5] = ["B1", "B2", "E1", "E2", "M1"];
const REQUESTS: u64 = 24;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let threads: usize = std::env::args().nth(1).map_or(Ok(1), |text| text.parse())?;
    let requests = (0..REQUESTS).map(request).collect::<Result<Vec<_>, Refusal>>()?;
    let mut digests: Vec<(usize, String)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1))
            .map(|worker| {
                let requests = &requests;
                scope.spawn(move || {
                    let mine = requests.iter().enumerate().skip(worker).step_by(threads.max(1));
                    mine.map(|(place, r)| (place, sha256(answer(r).canonical().as_bytes())))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    digests.sort();
    let whole: Vec<String> = digests.into_iter().map(|(_, digest)| digest).collect();
    println!("{} {} proposals", sha256(whole.join("\n").as_bytes()), whole.len());
    Ok(())
}

/// A request that differs in history, holdings, cash and goal.
fn request(seed: u64) -> Result<Request, Refusal> {
    let mut random = Random::new(seed);
    let product = |(place, code): (usize, &&str)| {
        let (class, grade, kind) =
            [("bond", "R2", "index"), ("equity", "R4", "index"), ("cash", "R1", "money")][place / 2];
        let text = format!(
            r#"{{"code":"{code}","class":"{class}","kind":"{kind}","issuer_grade":"{grade}","own_grade":"R1","purchase_fee_bp":10,"redemption_fees":[[30,50]]}}"#
        );
        Json::parse(&text)
    };
    let products = CODES.iter().enumerate().map(product).collect::<Result<_, _>>()?;
    let returns = CODES.map(|code| {
        let spread = if code.starts_with('E') { 0.04 } else { 0.008 };
        (code, Json::List((0..180).map(|_| Json::Number(0.003 + spread * random.normal())).collect()))
    });
    let holding = |code: &str, value: usize| {
        Json::object([
            ("code", Json::text(code)),
            ("bought", Json::text("2025-11-20")),
            ("value_minor", Json::Whole(value as i64)),
        ])
    };
    let holdings = CODES.map(|code| holding(code, random.below(400_000)));
    let text = r#"{"subject":"bits","day":"2025-12-02","kind":"drift","reserve_minor":1000,
        "profile":{"class":"C4","lowest":false,"capacity":70,"willingness":70,"knowledge":100,"expires":"2026-12-01","questionnaire":"2026-1"},
        "model":{"id":"m","class":"C4","weights_bp":{"B1":2500,"B2":2000,"E1":2500,"E2":1500,"M1":1500},"approvals":["a","b"]},
        "goal":{"name":"g","months":120,"monthly_minor":5000,"target_minor":2000000,"required_bp":8000}}"#;
    let Json::Object(mut members) = Json::parse(text)? else { unreachable!("the text above is an object") };
    members.insert("products".into(), Json::List(products));
    members.insert("holdings".into(), Json::List(holdings.into()));
    members.insert("cash_minor".into(), Json::Whole(random.below(300_000) as i64));
    let history = Json::object([("returns", Json::object(returns)), ("until", Json::text("2025-12-01"))]);
    members.insert("history".into(), history);
    Request::from_json(&Json::Object(members))
}
