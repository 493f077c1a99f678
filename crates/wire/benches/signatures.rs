//! CPU time of signing and verifying a message of one kilobyte in both schemes, in microseconds on this machine.
//! Figures to be read as ratios; run with `cargo bench -p wire`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wire::signature::{
    Exchange, Freshness, Identity, Moment, Nonce, OutgoingRequest, OutgoingResponse, RequestParts, Responder,
    ResponseParts, Scheme, verify_request, verify_response,
};
use wire::{ClientId, KeyVersion, PrivateKey};

const NOW_MS: u64 = 1_795_341_600_000;
const URI: &str = "https://pay.example.org/aps/api/v1/payments/pay";

fn main() {
    let body = format!(r#"{{"paymentRequestId":"pr-1","filler":"{}"}}"#, "x".repeat(1000)).into_bytes();
    println!("{:<28}{:>12}{:>12}", "µs per message of 1 KB", "alipay", "rfc9421");
    let columns = [PrivateKey::generate_rsa([1; 32]), PrivateKey::generate_ed25519([1; 32])]
        .map(|key| column(&key, &body));
    for (row, name) in ["sign request", "verify request", "sign answer", "verify answer"].iter().enumerate() {
        println!("{name:<28}{:>12.1}{:>12.1}", columns[0][row], columns[1][row]);
    }
    println!(
        "{:<28}{:>12.1}{:>12.1}",
        "one hop, both ends",
        columns[0].iter().sum::<f64>(),
        columns[1].iter().sum::<f64>()
    );
}

fn column(key: &PrivateKey, body: &[u8]) -> [f64; 4] {
    let scheme = Scheme::of(key.kind());
    let name = ClientId::parse("bench").expect("it is a client id");
    let identity = Identity::new(name.clone()).with(KeyVersion::FIRST, key.clone());
    let public = key.public();
    let moment = Moment { now_ms: NOW_MS, freshness: Freshness::default() };
    let outgoing = OutgoingRequest {
        method: "POST",
        target_uri: URI,
        idempotency_key: Some("pr-1"),
        deadline_ms: Some(8000),
        body,
    };
    let sign =
        || identity.sign_request(scheme, &outgoing, NOW_MS, &Nonce::new([5; 16])).expect("there is a key");
    let signed = sign();
    let request = RequestParts { method: "POST", target_uri: URI, headers: &signed.headers, body };
    let verify =
        || verify_request(&request, moment, |_, _, _| Ok(public.clone())).expect("the signature is good");
    let exchange: Exchange = signed.exchange.clone();
    let response = OutgoingResponse { status: 200, body };
    let answer = || identity.sign_response(&exchange, &response, NOW_MS).expect("there is a key");
    let answered = answer();
    let received = ResponseParts { status: 200, headers: &answered, body };
    let find_key = |_: Scheme, _: KeyVersion| Some(public.clone());
    let responder = Responder { client_id: &name, find_key: &find_key };
    let check = || verify_response(&exchange, &received, responder, moment).expect("the signature is good");
    [microseconds(sign), microseconds(verify), microseconds(answer), microseconds(check)]
}

/// The best of twenty short runs: what the work costs when nothing else disturbs it.
#[allow(clippy::float_arithmetic)]
fn microseconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let run = |work: &mut dyn FnMut(), count: u32| {
        let start = Instant::now();
        for _ in 0..count {
            work();
        }
        start.elapsed()
    };
    let mut work = || drop(black_box(work()));
    let once = run(&mut work, 10) / 10;
    let count = (Duration::from_millis(20).as_nanos() / once.as_nanos().max(1)).clamp(1, 10_000) as u32;
    let best = (0..20).map(|_| run(&mut work, count)).min().expect("there are twenty runs");
    best.as_secs_f64() * 1e6 / f64::from(count)
}
