//! How many payments one engine takes on one core: payment codes issued in tens, payments by them, the wallet's
//! answers, decided, applied and journaled. `cargo bench -p engine [-- PAYMENTS [INPUTS_A_TURN]]`.
//!
//! Prints figures, judges nothing. Figures of a shared machine are ratios; the processor's time is the steadier. The
//! log is written to the system's temporary directory, or to `ENGINE_BENCH_DIRECTORY`. Making the inputs is the
//! edge's work and is not timed; freeing them is.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use directory::{Agreement, Change, Country, Limit, MemberId, Role, Time};
use engine::{Engine, Funding, FundingKind, Input, Token, Turn};
use journal::{Files, Journal, Options, Reader, Sequence};
use money::{Amount, Currency, Rate, Share};
use switch::{CodeNumber, IssueCodes, Offer, Outcome, Pay, PayHow, PaymentId};

const BEGIN: Time = Time(1_795_363_200_000);
/// What one turn takes on the engine's clock, so that limits come up as they would.
const TURN_MS: u64 = 5;
const CODES_A_REQUEST: u64 = 10;
/// Payments whose inputs are made before the clock runs.
const ROUND: u64 = 50_000;
const WALLETS: u32 = 8;
const ACQUIRERS: u32 = 20;
const MERCHANTS: u32 = 50;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let mut number = |default| words.next().and_then(|word| word.parse().ok()).unwrap_or(default);
    let (payments, inputs_a_turn) = (number(500_000_u64), number(1_000_u64));
    println!(
        "{payments} payments by payer's code, {inputs_a_turn} inputs a turn, one sync a turn; \
         per payment a tenth of a code request, a payment and an answer"
    );
    let directory = std::env::var_os("ENGINE_BENCH_DIRECTORY").map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("engine-bench-{}", std::process::id()));
    let without = run("decide and apply", payments, inputs_a_turn, None);
    let (journal, _) =
        Journal::open(Files::at(&directory), Options::default()).expect("an empty directory can be opened");
    let with = run("decide, apply, journal", payments, inputs_a_turn, Some(journal));
    replay(&directory, &with);
    assert!(without == with, "the log does not change what is decided");
    std::fs::remove_dir_all(&directory).expect("the run made it");
}

/// One run; the state it came to.
fn run(name: &str, payments: u64, inputs_a_turn: u64, mut journal: Option<Journal<Files>>) -> [u8; 32] {
    let mut network = Network::new(&mut journal);
    network.engine.reserve(u32::try_from(payments).expect("fewer payments than 2^32"));
    let mut clock = Clock::default();
    let (mut bytes, mut facts, mut turns) = (0, 0, 0_u64);
    let mut in_commit = Duration::ZERO;
    let mut turn = Turn::default();
    let mut made = 0;
    while made < payments {
        let round = ROUND.min(payments - made);
        let inputs = network.round(made, round, inputs_a_turn);
        clock.start();
        for inputs in inputs {
            turn.clear();
            network.now = network.now.plus_ms(TURN_MS);
            let log = &mut |record: &[u8]| {
                if let Some(journal) = &mut journal {
                    journal.append(record).expect("the batch is small");
                }
            };
            network.engine.turn(network.now, inputs.into_iter(), log, &mut turn);
            if let Some(journal) = &mut journal {
                let begun = Instant::now();
                bytes += journal.commit().expect("the disk has room").bytes;
                in_commit += begun.elapsed();
            }
            (facts, turns) = (facts + turn.facts, turns + 1);
            black_box(&turn);
        }
        clock.stop_round(round);
        made += round;
    }
    clock.print(name, payments);
    if bytes > 0 {
        let share = in_commit.as_nanos() * 100 / u128::from(clock.wall_ns.max(1));
        let syncs_us = in_commit.as_micros() / u128::from(turns);
        println!(
            "{:26} {} bytes and {} hundredths of a record a payment; {share} % of the time in {turns} commits of {syncs_us} us",
            "",
            bytes / payments,
            facts * 100 / payments
        );
    }
    let succeeded = network.engine.switch().payments().filter(|payment| payment.commit.is_some()).count();
    assert_eq!(succeeded as u64, payments, "every payment was made");
    network.engine.check().expect("every invariant holds");
    network.engine.state_hash()
}

/// Reads the log back into an empty engine.
fn replay(directory: &std::path::Path, expected: &[u8; 32]) {
    let mut engine = Engine::new();
    let mut clock = Clock::default();
    let reader = Reader::open(Files::at(directory), Sequence::FIRST).expect("the log was closed well");
    let mut records = 0;
    clock.start();
    let replayed = reader.replay(Sequence::FIRST, &mut |record| {
        engine.replay(record.bytes).expect("it was written by this version");
        records += 1;
        ControlFlow::Continue(())
    });
    clock.stop_round(records.max(1));
    replayed.expect("the log is whole");
    assert!(engine.state_hash() == *expected, "replay comes to the same state");
    clock.print("replay, per record", records);
}

struct Network {
    engine: Engine,
    now: Time,
}

impl Network {
    /// Wallets that pay in PHP, acquirers that are paid in CNY, two FX providers, everybody with ample funds.
    fn new(journal: &mut Option<Journal<Files>>) -> Network {
        let mut network = Network { engine: Engine::new(), now: BEGIN };
        let mut inputs = Vec::new();
        for wallet in 0..WALLETS {
            network.member(&mut inputs, Role::Wallet, Some(251_000 + wallet), 1 + wallet);
        }
        for acquirer in 0..ACQUIRERS {
            let member = 1 + WALLETS + acquirer;
            network.member(&mut inputs, Role::Acquirer, None, member);
            for merchant in 0..MERCHANTS {
                inputs.push(Input::Change(Change::MerchantAdded {
                    acquirer: MemberId(member),
                    reference: format!("M-{merchant}").into(),
                    name: "Noodles".into(),
                    category: 5812,
                    country: Country::parse("CN").expect("two letters"),
                    city: "SHANGHAI".into(),
                }));
            }
        }
        for (provider, price) in [(1 + WALLETS + ACQUIRERS, "8.1250"), (2 + WALLETS + ACQUIRERS, "8.1262")] {
            network.member(&mut inputs, Role::FxProvider, None, provider);
            let rate = Rate::parse(currency("CNY"), currency("PHP"), price).expect("a price");
            let offer = Offer { rate, size_minor: u64::MAX, until: BEGIN.plus_ms(86_400_000) };
            inputs.push(Input::Rates { provider: MemberId(provider), offers: vec![offer] });
        }
        let mut turn = Turn::default();
        let log = &mut |record: &[u8]| {
            if let Some(journal) = journal {
                journal.append(record).expect("the batch is small");
            }
        };
        network.engine.turn(BEGIN, (0..).zip(inputs), log, &mut turn);
        network
    }

    fn member(&self, inputs: &mut Vec<Input>, role: Role, code_prefix: Option<u32>, id: u32) {
        let currencies: &[&str] = match role {
            Role::Wallet => &["PHP"],
            Role::Acquirer => &["CNY"],
            Role::FxProvider => &["CNY", "PHP"],
        };
        inputs.push(Input::Change(Change::MemberAdded {
            client_id: format!("member-{id}").into(),
            role,
            name: "Member".into(),
            country: Country::parse("PH").expect("two letters"),
            endpoint: Some("https://member.example".into()),
            code_prefix,
        }));
        let limit = |code: &&str| Limit {
            currency: currency(code),
            payment_min_minor: 1,
            payment_max_minor: 100_000_000,
        };
        let (interchange, network_fee) = match role {
            Role::Acquirer => (6_000, 1_000),
            Role::Wallet | Role::FxProvider => (0, 500),
        };
        let agreement = Agreement {
            from: BEGIN,
            limits: currencies.iter().map(limit).collect(),
            settlement_currency: currency(currencies[0]),
            interchange: Share::from_ppm(interchange).expect("below the whole"),
            network_fee: Share::from_ppm(network_fee).expect("below the whole"),
        };
        inputs.push(Input::Change(Change::AgreementAdded { member: MemberId(id), agreement }));
        for code in currencies {
            inputs.push(Input::Fund(Funding {
                kind: FundingKind::Deposit,
                request_id: format!("deposit-{id}-{code}").into(),
                member: MemberId(id),
                amount: Amount::new(currency(code), 1_000_000_000_000_000),
                number: 0,
            }));
        }
    }

    /// The inputs of `count` payments after `before`, in turns: codes first, then payments, each answered two turns
    /// after it was asked for.
    fn round(&self, before: u64, count: u64, inputs_a_turn: u64) -> Vec<Vec<(Token, Input)>> {
        let payments_a_turn = (inputs_a_turn * 10 / 21).max(1);
        let turns_needed = usize::try_from(count.div_ceil(payments_a_turn)).expect("it fits") + 2;
        let mut turns: Vec<Vec<(Token, Input)>> = Vec::new();
        turns.resize_with(turns_needed, Vec::new);
        for payment in 0..count {
            let turn = usize::try_from(payment / payments_a_turn).expect("it fits");
            self.payment(before + payment, &mut turns[turn..turn + 3]);
        }
        turns
    }

    fn payment(&self, payment: u64, turns: &mut [Vec<(Token, Input)>]) {
        let wallet = (payment / CODES_A_REQUEST % u64::from(WALLETS)) as u32;
        if payment.is_multiple_of(CODES_A_REQUEST) {
            let entropy = std::array::from_fn(|index| scattered(payment + index as u64));
            let customer = Arc::from(format!("2088{:016}", payment * 7919 % 1_000_003));
            let asked =
                IssueCodes { wallet: MemberId(1 + wallet), customer, device: None, count: 10, entropy };
            turns[0].push((payment, Input::Switch(switch::Input::IssueCodes(asked))));
        }
        let acquirer = MemberId(1 + WALLETS + (payment % u64::from(ACQUIRERS)) as u32);
        let code = CodeNumber(scattered(payment) % 10_000_000_000_000_000);
        let pay = Pay {
            acquirer,
            request_id: format!("2026112300{payment:022}").into(),
            how: PayHow::PaymentCode { prefix: 251_000 + wallet, code },
            merchant: Some(format!("M-{}", payment % u64::from(MERCHANTS)).into()),
            store: None,
            amount: Amount::new(currency("CNY"), 1_000 + payment % 20_000),
            settlement_currency: Some(currency("CNY")),
            order_reference: format!("order-{payment:016}").into(),
            order_description: "Beef noodles, large".into(),
            notify_url: None,
            placed: switch::Placed::default(),
            entropy: payment,
        };
        turns[1].push((payment, Input::Switch(switch::Input::Pay(pay))));
        let wallet = MemberId(1 + wallet);
        let said =
            switch::Input::WalletSaid { wallet, payment: PaymentId(payment + 1), outcome: Outcome::Done };
        turns[2].push((payment, Input::Switch(said)));
    }
}

/// The random bits of the code for this payment.
fn scattered(payment: u64) -> u64 {
    let mixed = (payment + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 31).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a code of ISO 4217")
}

/// Wall and processor time, added up over several stretches.
#[derive(Default)]
struct Clock {
    started: Option<(Instant, u64)>,
    wall_ns: u64,
    processor_ns: u64,
    /// The least one thing took in a whole stretch: what it would be without the neighbours.
    best_ns: Option<u64>,
}

impl Clock {
    fn start(&mut self) {
        self.started = Some((Instant::now(), processor_ns().unwrap_or(0)));
    }

    fn stop_round(&mut self, count: u64) {
        let Some((wall, before)) = self.started.take() else { return };
        let processor_ns = processor_ns().unwrap_or(0) - before;
        self.wall_ns += wall.elapsed().as_nanos() as u64;
        self.processor_ns += processor_ns;
        self.best_ns = self.best_ns.into_iter().chain([processor_ns / count]).min();
    }

    fn print(&self, name: &str, count: u64) {
        let per_second = |ns: u64| u128::from(count) * 1_000_000_000 / u128::from(ns.max(1));
        println!(
            "{name:26} {:>9} /s wall {:>9} /s of processor {:>6} ns each, {:>6} in the best round",
            per_second(self.wall_ns),
            per_second(self.processor_ns),
            self.processor_ns / count.max(1),
            self.best_ns.unwrap_or(0),
        );
    }
}

/// What this thread has had of the processor; Linux only.
fn processor_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}
