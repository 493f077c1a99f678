use super::*;
use crate::book::Content;

/// A book that is recounted after every batch, and put away and restored now and then.
struct Audited {
    book: Book,
    calls: u32,
}

impl Audited {
    fn check(&mut self) {
        self.book.audit().unwrap();
        assert!(self.book.is_balanced());
        self.calls += 1;
        if self.calls.is_multiple_of(7) {
            let restored = Book::restore(Limits::MAX, self.book.content()).unwrap();
            assert!(restored.content().eq(self.book.content()));
            self.book = restored;
        }
    }
}

impl Ledger for Audited {
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        self.book.create_accounts(now_ns, accounts, results);
        self.check();
    }

    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        let before: Vec<Content> = self.book.content().collect();
        self.book.create_transfers(now_ns, transfers, results);
        let changes = |status: &TransferStatus| *status == TransferStatus::Created || status.burns_id();
        if !results.iter().any(changes) {
            assert!(self.book.content().eq(before), "a batch of which nothing came changes nothing");
        }
        self.check();
    }

    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        self.book.expire(now_ns, expired);
        self.check();
    }

    fn account(&self, id: u128) -> Option<Account> {
        self.book.account(id)
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        self.book.transfer(id)
    }
}

#[test]
fn a_restored_book_behaves_as_the_one_it_was_made_from() {
    let make = || Audited { book: Book::new(), calls: 0 };
    conformance::check_cases(Clock::Given, make).unwrap();
    for seed in 100..112 {
        conformance::check_seed(Clock::Given, seed, BATCHES, make).unwrap();
    }
}

#[test]
fn content_comes_in_a_fixed_order_and_whole() {
    let content: Vec<Content> = sample().content().collect();
    let kinds: Vec<u8> = content.iter().map(|piece| bytes(piece)[0]).collect();
    assert_eq!(kinds, [0, 1, 1, 2, 2, 2, 3]);
    assert_eq!(bytes(&content[1]).len(), 1 + 6 * 16 + 8 + 4 + 4 + 2 + 2 + 8);
    assert_eq!(bytes(&content[3]).len(), 1 + 6 * 16 + 8 + 4 + 4 + 4 + 2 + 2 + 8 + 2);
    // Any two pieces differ, so no field is left out that tells these apart.
    for (index, piece) in content.iter().enumerate() {
        assert!(content[..index].iter().all(|other| bytes(other) != bytes(piece)));
    }
}

#[test]
fn content_that_no_book_could_have_is_refused() {
    let content: Vec<Content> = sample().content().collect();
    let restore = |content: &[Content]| Book::restore(Limits::MAX, content.iter().copied()).map(|_| ());
    assert_eq!(restore(&content), Ok(()));
    let twice = [&content[..5], &content[4..5], &content[5..]].concat();
    let swapped = [&content[..3], &[content[4], content[3]], &content[5..]].concat();
    let without_account = [&content[..1], &content[2..]].concat();
    let burned_twice = [&content[..], &content[6..]].concat();
    for (wrong, id) in [(twice, 11), (swapped, 10), (without_account, 10), (burned_twice, 99)] {
        assert_eq!(restore(&wrong), Err(Error::Unrestorable { id }));
    }
    let mut richer = content.clone();
    let Content::Account(account) = &mut richer[2] else { panic!("an account") };
    account.credits_posted += 1;
    assert_eq!(restore(&richer), Err(Error::Unbalanced { ledger: 156 }));
    let without_post = [&content[..4], &content[5..]].concat();
    assert_eq!(restore(&without_post), Err(Error::PostedDiffers { account_id: 1 }));
    let small = Limits { accounts_max: 2, transfers_max: 3 };
    assert_eq!(Book::restore(small, content).map(|_| ()), Err(Error::Unrestorable { id: 99 }));
}

/// A reservation, its post, an open reservation and a burned id.
fn sample() -> Book {
    let mut book = Book::new();
    let account = |id| Account { id, ledger: 156, code: 1, ..Account::default() };
    book.create_accounts(1, &[account(2), account(1)], &mut Vec::new());
    let pending = |id, debit_account_id| Transfer {
        id,
        debit_account_id,
        credit_account_id: 2,
        amount: 5,
        timeout_s: 3,
        ledger: 156,
        code: 1,
        flags: TransferFlags::PENDING,
        ..Transfer::default()
    };
    let post = Transfer {
        id: 11,
        pending_id: 10,
        amount: 4,
        flags: TransferFlags::POST_PENDING,
        ..Transfer::default()
    };
    let mut statuses = Vec::new();
    book.create_transfers(9, &[pending(10, 1), post, pending(12, 1), pending(99, 3)], &mut statuses);
    assert_eq!(statuses[3], TransferStatus::DebitAccountNotFound);
    book
}

fn bytes(piece: &Content) -> Vec<u8> {
    let mut bytes = Vec::new();
    piece.write(&mut |part| bytes.extend_from_slice(part));
    bytes
}
