//! How fast the embedded book is and how much memory it takes: `cargo bench -p ledger [-- PAYMENTS [NAME]]`.
//! Prints figures, judges nothing. Figures of a shared machine are ratios; the processor time is the steadier.

use std::collections::VecDeque;
use std::time::Instant;

use ledger::{AMOUNT_ALL, Account, AccountFlags, Book, Ledger, Transfer, TransferFlags, TransferStatus};

const PHP: u32 = 608;
const CNY: u32 = 156;
const WALLETS: u128 = 500;
const PROVIDERS: u128 = 20;
const ACQUIRERS: u128 = 1_000;
/// Payments between their reservation and their completion.
const IN_FLIGHT: usize = 1_000;
/// Payments remembered before they are retired, in the run that retires.
const REMEMBERED: usize = 50_000;
const BATCH: usize = 8_189;
const LEGS: u128 = 8;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let payments: u128 = words.next().and_then(|word| word.parse().ok()).unwrap_or(1_000_000);
    let wanted = words.next().unwrap_or_default();
    let scenarios: [(&str, Scenario); 7] = [
        ("payments, counted ids", |name, payments| run(name, payments, counted, None)),
        ("payments in random order", |name, payments| run(name, payments, scattered, None)),
        ("payments, unrelated ids", |name, payments| run(name, payments, unrelated, None)),
        ("payments, retired later", |name, payments| run(name, payments, counted, Some(REMEMBERED))),
        ("reservations alone", run_reserved),
        ("payments without funds", |name, payments| run_declined(name, payments)),
        ("single-phase, full batches", |name, payments| run_single(name, payments)),
    ];
    println!("{payments} payments: 2 linked reservations, then 2 posts and 4 fees linked; one call a chain");
    for (name, scenario) in scenarios.iter().filter(|(name, _)| name.contains(&wanted)) {
        scenario(name, payments);
    }
}

type Scenario = fn(&str, u128);

/// Which leg of all payments to its id: time-ordered, the leg of a payment in the low bits.
fn counted(leg: u128) -> u128 {
    (0x0190_0000_0000 << 80) + leg
}

/// Payments with no order at all, the leg in the low bits.
fn scattered(leg: u128) -> u128 {
    (unrelated(leg / LEGS) & !(LEGS - 1)) | (leg % LEGS)
}

/// No order and no relation between the legs of a payment.
fn unrelated(leg: u128) -> u128 {
    let mix = |word: u128| word.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    mix(mix(leg) ^ (mix(leg) >> 67)) | 1 << 40
}

fn run(name: &str, payments: u128, id: fn(u128) -> u128, remembered: Option<usize>) {
    let mut desk = Desk::new(id);
    let mut open = VecDeque::with_capacity(IN_FLIGHT);
    let mut done = VecDeque::new();
    let mut clock = Clock::start();
    for payment in 0..payments {
        desk.reserve(payment);
        open.push_back(payment);
        if open.len() == IN_FLIGHT {
            let payment = open.pop_front().expect("just filled");
            desk.complete(payment);
            if let Some(remembered) = remembered {
                done.push_back(payment);
                if done.len() > remembered {
                    desk.retire(done.pop_front().expect("more than none"));
                }
            }
        }
    }
    for payment in open {
        desk.complete(payment);
    }
    clock.stop();
    assert!(desk.book.is_balanced() && desk.refused == 0, "every payment went through");
    report(name, payments, 8, &clock, &desk.book);
}

fn run_reserved(name: &str, payments: u128) {
    let mut desk = Desk::new(counted);
    let mut clock = Clock::start();
    for payment in 0..payments {
        desk.reserve(payment);
    }
    clock.stop();
    assert!(desk.book.is_balanced() && desk.refused == 0, "every reservation went through");
    report(name, payments, 2, &clock, &desk.book);
}

/// The second reservation fails, so the first is taken back.
fn run_declined(name: &str, payments: u128) {
    let mut desk = Desk::new(counted);
    desk.book.reserve(10_000, 10);
    let mut clock = Clock::start();
    for payment in 0..payments {
        let mut legs = desk.reservation(payment);
        legs[1].amount = u128::MAX >> 1;
        desk.book.create_transfers(desk.now_ns, &legs, &mut desk.results);
        desk.now_ns += 5_000;
    }
    clock.stop();
    assert!(desk.book.is_balanced() && desk.results[1] == TransferStatus::ExceedsCredits);
    report(name, payments, 2, &clock, &desk.book);
}

fn run_single(name: &str, payments: u128) {
    let mut desk = Desk::new(counted);
    let mut batch = Vec::with_capacity(BATCH);
    let mut clock = Clock::start();
    for payment in 0..payments {
        let wallet = wallet(payment % WALLETS);
        batch.push(transfer(counted(payment), wallet, network(PHP), 41, PHP));
        if batch.len() == BATCH || payment + 1 == payments {
            desk.call(&batch);
            batch.clear();
        }
    }
    clock.stop();
    assert!(desk.book.is_balanced() && desk.refused == 0, "every transfer went through");
    report(name, payments, 1, &clock, &desk.book);
}

struct Desk {
    ids: fn(u128) -> u128,
    book: Book,
    results: Vec<TransferStatus>,
    now_ns: u64,
    refused: u64,
}

impl Desk {
    fn new(ids: fn(u128) -> u128) -> Self {
        let mut book = Book::new();
        let limited = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS;
        let account = |id, ledger, flags| Account { id, ledger, code: 1, flags, ..Account::default() };
        let mut accounts = vec![bank(PHP), bank(CNY), network(PHP), network(CNY)];
        let mut accounts: Vec<Account> = accounts
            .drain(..)
            .zip([PHP, CNY, PHP, CNY])
            .map(|(id, ledger)| account(id, ledger, AccountFlags::NONE))
            .collect();
        accounts.extend((0..WALLETS).map(|n| account(wallet(n), PHP, limited)));
        accounts.extend((0..PROVIDERS).flat_map(|n| {
            [account(provider(n, PHP), PHP, limited), account(provider(n, CNY), CNY, limited)]
        }));
        accounts.extend((0..ACQUIRERS).map(|n| account(acquirer(n), CNY, limited)));
        let mut statuses = Vec::new();
        book.create_accounts(1, &accounts, &mut statuses);
        let mut desk = Self { ids, book, results: Vec::new(), now_ns: 1_000_000_000, refused: 0 };
        let funds: Vec<Transfer> = accounts[4..]
            .iter()
            .enumerate()
            .map(|(n, to)| transfer(n as u128 + 1, bank(to.ledger), to.id, 1 << 60, to.ledger))
            .collect();
        desk.call(&funds);
        desk
    }

    fn id(&self, payment: u128, leg: u128) -> u128 {
        (self.ids)(payment * LEGS + leg)
    }

    fn reservation(&self, payment: u128) -> [Transfer; 2] {
        let (wallet, acquirer) = (wallet(payment % WALLETS), acquirer(payment * 7 % ACQUIRERS));
        let provider = |ledger| provider(payment * 3 % PROVIDERS, ledger);
        let pending = |transfer: Transfer| Transfer {
            timeout_s: 60,
            flags: transfer.flags | TransferFlags::PENDING,
            user_data_128: payment,
            ..transfer
        };
        [
            linked(pending(transfer(self.id(payment, 0), wallet, provider(PHP), 81_250, PHP))),
            pending(transfer(self.id(payment, 1), provider(CNY), acquirer, 10_000, CNY)),
        ]
    }

    fn reserve(&mut self, payment: u128) {
        let legs = self.reservation(payment);
        self.call(&legs);
    }

    fn complete(&mut self, payment: u128) {
        let (wallet, acquirer) = (wallet(payment % WALLETS), acquirer(payment * 7 % ACQUIRERS));
        let provider = |ledger| provider(payment * 3 % PROVIDERS, ledger);
        let fee = |leg, from, to, amount, ledger| Transfer {
            user_data_128: payment,
            ..transfer(self.id(payment, leg), from, to, amount, ledger)
        };
        let post = |leg, pending| Transfer {
            id: self.id(payment, leg),
            pending_id: self.id(payment, pending),
            amount: AMOUNT_ALL,
            flags: TransferFlags::POST_PENDING,
            ..Transfer::default()
        };
        let legs = [
            linked(post(2, 0)),
            linked(post(3, 1)),
            linked(fee(4, acquirer, provider(CNY), 60, CNY)),
            linked(fee(5, provider(PHP), wallet, 488, PHP)),
            linked(fee(6, acquirer, network(CNY), 10, CNY)),
            fee(7, wallet, network(PHP), 41, PHP),
        ];
        self.call(&legs);
    }

    fn retire(&mut self, payment: u128) {
        for leg in 0..LEGS {
            self.book.retire(self.id(payment, leg));
        }
    }

    fn call(&mut self, transfers: &[Transfer]) {
        self.book.create_transfers(self.now_ns, transfers, &mut self.results);
        self.now_ns += 5_000;
        self.refused +=
            self.results.iter().filter(|status| **status != TransferStatus::Created).count() as u64;
    }
}

fn transfer(id: u128, from: u128, to: u128, amount: u128, ledger: u32) -> Transfer {
    Transfer {
        id,
        debit_account_id: from,
        credit_account_id: to,
        amount,
        ledger,
        code: 1,
        ..Transfer::default()
    }
}

fn linked(transfer: Transfer) -> Transfer {
    Transfer { flags: transfer.flags | TransferFlags::LINKED, ..transfer }
}

fn bank(ledger: u32) -> u128 {
    1 << 64 | u128::from(ledger)
}

fn network(ledger: u32) -> u128 {
    2 << 64 | u128::from(ledger)
}

fn wallet(number: u128) -> u128 {
    3 << 64 | number << 16 | u128::from(PHP)
}

fn provider(number: u128, ledger: u32) -> u128 {
    4 << 64 | number << 16 | u128::from(ledger)
}

fn acquirer(number: u128) -> u128 {
    5 << 64 | number << 16 | u128::from(CNY)
}

struct Clock {
    started: Instant,
    processor_ns_before: u64,
    wall_ns: u64,
    processor_ns: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        let processor_ns_before = processor_ns().unwrap_or(0);
        Self { started: Instant::now(), processor_ns_before, wall_ns: 0, processor_ns: None }
    }

    fn stop(&mut self) {
        self.wall_ns = self.started.elapsed().as_nanos() as u64;
        self.processor_ns = processor_ns().map(|now| now - self.processor_ns_before);
    }
}

/// What this thread has had of the processor; Linux only.
fn processor_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn report(name: &str, payments: u128, transfers_each: u64, clock: &Clock, book: &Book) {
    let payments = payments as u64;
    let nanoseconds = clock.processor_ns.unwrap_or(clock.wall_ns).max(1);
    let per_second = |count: u64| u128::from(count) * 1_000_000_000 / u128::from(nanoseconds);
    let held = (book.transfers_len() + book.burned_len()).max(1);
    println!(
        "{name:28} {:>9} payments/s {:>10} transfers/s {:>6} ns/payment (wall {:>6}) {:>8} held, {:>4} bytes each",
        per_second(payments),
        per_second(payments * transfers_each),
        nanoseconds / payments,
        clock.wall_ns / payments,
        held,
        book.memory_bytes() / held,
    );
}
