use super::*;
use crate::{AMOUNT_ALL, Retirement};

const A: u128 = 1;
const B: u128 = 2;

fn book() -> Book {
    let mut book = Book::new();
    let account = |id| Account { id, ledger: 156, code: 1, ..Account::default() };
    book.create_accounts(1, &[account(A), account(B)], &mut Vec::new());
    book
}

fn single(id: u128) -> Transfer {
    Transfer {
        id,
        debit_account_id: A,
        credit_account_id: B,
        amount: 10,
        ledger: 156,
        code: 1,
        ..Transfer::default()
    }
}

fn pending(id: u128) -> Transfer {
    Transfer { flags: TransferFlags::PENDING, timeout_s: 60, user_data_64: 5, ..single(id) }
}

fn post(id: u128, pending_id: u128, amount: u128) -> Transfer {
    Transfer { id, pending_id, amount, flags: TransferFlags::POST_PENDING, ..Transfer::default() }
}

fn create(book: &mut Book, transfer: Transfer) -> TransferStatus {
    let mut statuses = Vec::new();
    book.create_transfers(10, &[transfer], &mut statuses);
    statuses[0]
}

#[test]
fn a_resolved_transfer_is_forgotten_and_an_open_one_is_not() {
    let mut book = book();
    assert_eq!(create(&mut book, single(1)), TransferStatus::Created);
    assert_eq!(create(&mut book, pending(2)), TransferStatus::Created);
    assert_eq!(book.retire(1), Retirement::Retired);
    assert_eq!(book.retire(1), Retirement::Unknown);
    assert_eq!(book.retire(2), Retirement::StillPending);
    assert_eq!(book.transfer(1), None);
    assert_eq!(book.account(A).map(|account| account.debits_posted), Some(10));
    book.audit().unwrap();
    // This is what the promise is for.
    assert_eq!(create(&mut book, single(1)), TransferStatus::Created);
    book.expire(u64::MAX / 2, &mut Vec::new());
    assert_eq!(book.retire(2), Retirement::Retired);
    assert_eq!(book.transfers_len(), 1);
    book.audit().unwrap();
}

#[test]
fn a_burned_id_is_forgotten() {
    let mut book = book();
    for id in 1..=5 {
        let missing = Transfer { debit_account_id: 99, ..single(id) };
        assert_eq!(create(&mut book, missing), TransferStatus::DebitAccountNotFound);
    }
    assert_eq!(book.retire(2), Retirement::Retired);
    assert_eq!(book.burned_len(), 4);
    for id in [1, 3, 4, 5] {
        assert_eq!(create(&mut book, single(id)), TransferStatus::IdAlreadyFailed);
    }
    assert_eq!(create(&mut book, single(2)), TransferStatus::Created);
    book.audit().unwrap();
}

#[test]
fn a_post_answers_repeated_requests_after_its_reservation_is_gone() {
    for (posted, same, different) in [(AMOUNT_ALL, 10, 9), (10, AMOUNT_ALL, 0), (4, 4, AMOUNT_ALL)] {
        let mut book = book();
        assert_eq!(create(&mut book, pending(1)), TransferStatus::Created);
        assert_eq!(create(&mut book, post(2, 1, posted)), TransferStatus::Created);
        assert_eq!(book.retire(1), Retirement::Retired);
        assert_eq!(create(&mut book, post(2, 1, same)), TransferStatus::Exists);
        assert_eq!(create(&mut book, post(2, 1, different)), TransferStatus::ExistsWithDifferentAmount);
        let other_data = Transfer { user_data_64: 6, ..post(2, 1, same) };
        assert_eq!(create(&mut book, other_data), TransferStatus::ExistsWithDifferentUserData64);
        assert_eq!(create(&mut book, post(3, 1, 1)), TransferStatus::PendingTransferNotFound);
        book.audit().unwrap();
        let restored = Book::restore(Limits::MAX, book.content()).unwrap();
        assert!(restored.content().eq(book.content()));
    }
}

#[test]
fn memory_is_bounded_by_what_is_not_retired() {
    let mut book = book();
    let mut statuses = Vec::new();
    let mut memory_bytes = 0;
    for payment in 0..60_000_u128 {
        let id = payment * 4 + 1;
        book.create_transfers(1, &[pending(id), post(id + 1, id, 7), single(id + 2)], &mut statuses);
        assert!(statuses.iter().all(|status| *status == TransferStatus::Created));
        if payment >= 1_000 {
            (0..3).for_each(|leg| assert_eq!(book.retire(id - 4_000 + leg), Retirement::Retired));
        }
        if payment == 10_000 {
            memory_bytes = book.memory_bytes();
        }
    }
    assert_eq!(book.transfers_len(), 3_000);
    assert_eq!(book.memory_bytes(), memory_bytes);
    assert_eq!(book.account(A).map(|account| account.debits_posted), Some(60_000 * 17));
    book.audit().unwrap();
}
