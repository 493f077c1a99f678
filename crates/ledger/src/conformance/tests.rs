use super::*;
use crate::{Account, Book, Transfer};

#[test]
fn book_and_model_keep_every_case() {
    check_cases(Clock::Given, Book::new).unwrap();
    check_cases(Clock::Given, Model::new).unwrap();
}

#[test]
fn book_walks_in_step_with_the_model() {
    for seed in 1_000..1_040 {
        check_seed(Clock::Given, seed, 150, Book::new).unwrap();
    }
}

/// A book that ignores the time it is told, as a remote one does.
struct OwnClock {
    book: Book,
    now_ns: u64,
}

impl OwnClock {
    fn new() -> Self {
        Self { book: Book::new(), now_ns: 5_000 }
    }

    fn tick(&mut self) -> u64 {
        self.now_ns += 1_000_003;
        self.now_ns
    }
}

impl Ledger for OwnClock {
    fn create_accounts(&mut self, _: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        let now_ns = self.tick();
        self.book.create_accounts(now_ns, accounts, results);
    }

    fn create_transfers(&mut self, _: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        let now_ns = self.tick();
        self.book.create_transfers(now_ns, transfers, results);
    }

    fn expire(&mut self, _: u64, expired: &mut Vec<Transfer>) {
        self.book.expire(self.now_ns, expired);
    }

    fn account(&self, id: u128) -> Option<Account> {
        self.book.account(id)
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        self.book.transfer(id)
    }
}

#[test]
fn a_book_with_its_own_clock_can_be_checked_too() {
    check_cases(Clock::Own, OwnClock::new).unwrap();
    for seed in 0..20 {
        check_seed(Clock::Own, seed, 150, OwnClock::new).unwrap();
    }
    assert!(check_seed(Clock::Given, 0, 150, OwnClock::new).is_err());
}

#[test]
fn a_failure_says_where_and_what() {
    let failure = check_cases(Clock::Given, OwnClock::new).unwrap_err();
    assert!(failure.to_string().starts_with("case \""), "{failure}");
    assert!(failure.to_string().contains("expected"), "{failure}");
    let failure = check_seed(Clock::Given, 3, 10, OwnClock::new).unwrap_err();
    assert!(failure.to_string().starts_with("seed 3, batch 0: "), "{failure}");
}
