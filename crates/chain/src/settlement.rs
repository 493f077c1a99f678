//! The payment network's side of a sale and of a redemption, against its book: reserve before the part moves, post
//! when the sale is final, void when the lock ended; shares of a redemption in one linked batch. Every transfer's id
//! follows from the chain, so asking twice is harmless. Knows no chain but its events.

use anyhow::{bail, ensure};
use ledger::{
    AMOUNT_ALL, Account, AccountFlags, AccountStatus, Book, Ledger as _, Transfer, TransferFlags,
    TransferStatus,
};
use receivables::Hash;
use receivables::codec::Codec as _;
use receivables::event::{Locked, Paid};
use receivables::hash::sha256;
use receivables::identity::Party;

/// Chart of accounts: somebody's money.
const MONEY: u16 = 1;
/// Chart of accounts: what came in for certificates and is not shared yet.
const CLEARING: u16 = 2;
/// Why money moves: a part is bought.
const SALE: u16 = 1;
/// Why money moves: a certificate is paid.
const REDEMPTION: u16 = 2;
/// Seconds after a lock's end at which its reservation ends by itself.
const MARGIN_S: u64 = 60;

/// A book in one currency.
pub struct Settlement {
    book: Book,
    ledger: u32,
}

impl Settlement {
    /// An empty book with its clearing account.
    pub fn new(currency: money::Currency, now_ms: u64) -> anyhow::Result<Self> {
        let mut side = Self { book: Book::new(), ledger: u32::from(currency.numeric()) };
        side.open(clearing(), CLEARING, AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS, now_ms)?;
        side.open(world(), MONEY, AccountFlags::NONE, now_ms)?;
        Ok(side)
    }

    /// Opens somebody's account with money from outside.
    pub fn fund(&mut self, party: &Party, amount: u64, now_ms: u64) -> anyhow::Result<()> {
        self.open(account(party), MONEY, AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS, now_ms)?;
        let id = number(&[b"fund", &party.encode()]);
        self.carry_out(&[self.transfer(id, world(), account(party), amount, MONEY)], now_ms)
    }

    /// What somebody has and may spend.
    pub fn balance(&self, party: &Party) -> u128 {
        let found = self.book.account(account(party)).unwrap_or_default();
        found.credits_posted.saturating_sub(found.debits_posted).saturating_sub(found.debits_pending)
    }

    /// Reserves a lock's price for the seller. Returns the reference that the chain is told.
    pub fn reserve(&mut self, lock: &Locked, now_ms: u64) -> anyhow::Result<Hash> {
        let funder = Party::Member(lock.to);
        let id = number(&[b"sale", &lock.key]);
        let seconds = lock.until_ms.saturating_sub(now_ms) / 1_000 + MARGIN_S;
        let transfer = Transfer {
            timeout_s: u32::try_from(seconds).unwrap_or(u32::MAX),
            flags: TransferFlags::PENDING,
            ..self.transfer(id, account(&funder), account(&lock.from), lock.price, SALE)
        };
        self.carry_out(&[transfer], now_ms)?;
        Ok(sha256(&[b"reserved", &id.to_be_bytes()]))
    }

    /// Posts a lock's price: the sale is final.
    pub fn post(&mut self, key: &Hash, now_ms: u64) -> anyhow::Result<()> {
        let transfer = Transfer {
            id: number(&[b"post", key]),
            pending_id: number(&[b"sale", key]),
            amount: AMOUNT_ALL,
            flags: TransferFlags::POST_PENDING,
            ..Transfer::default()
        };
        self.carry_out(&[transfer], now_ms)
    }

    /// Releases a lock's price: the lock ended and the part did not move.
    pub fn void(&mut self, key: &Hash, now_ms: u64) -> anyhow::Result<()> {
        let transfer = Transfer {
            id: number(&[b"void", key]),
            pending_id: number(&[b"sale", key]),
            flags: TransferFlags::VOID_PENDING,
            ..Transfer::default()
        };
        self.carry_out(&[transfer], now_ms)
    }

    /// Takes a buyer's payment for a certificate into clearing. Returns the reference that the chain is told.
    pub fn take_in(
        &mut self,
        buyer: &Party,
        certificate: &Hash,
        amount: u64,
        now_ms: u64,
    ) -> anyhow::Result<Hash> {
        let id = number(&[b"in", certificate, &amount.to_be_bytes()]);
        self.carry_out(&[self.transfer(id, account(buyer), clearing(), amount, REDEMPTION)], now_ms)?;
        Ok(sha256(&[b"received", &id.to_be_bytes()]))
    }

    /// Pays a final payment's shares out of clearing, all or none.
    pub fn share_out(&mut self, paid: &Paid, now_ms: u64) -> anyhow::Result<()> {
        let total: u64 = paid.shares.iter().map(|share| share.principal + share.interest).sum();
        ensure!(total + paid.reimbursed == paid.principal + paid.interest, "the shares are not what came in");
        let count = paid.shares.len();
        let transfers: Vec<Transfer> = paid
            .shares
            .iter()
            .enumerate()
            .map(|(place, share)| {
                let id = number(&[b"share", &paid.reference, &place.to_be_bytes()]);
                let amount = share.principal + share.interest;
                let linked = if place + 1 < count { TransferFlags::LINKED } else { TransferFlags::NONE };
                let transfer = self.transfer(id, clearing(), account(&share.payee), amount, REDEMPTION);
                Transfer { flags: linked, ..transfer }
            })
            .collect();
        self.carry_out(&transfers, now_ms)
    }

    /// Whether all sums to zero and nothing is left in clearing.
    pub fn is_settled(&self) -> bool {
        let clearing = self.book.account(clearing()).unwrap_or_default();
        self.book.is_balanced() && clearing.credits_posted == clearing.debits_posted
    }

    fn open(&mut self, id: u128, code: u16, flags: AccountFlags, now_ms: u64) -> anyhow::Result<()> {
        let account = Account { id, ledger: self.ledger, code, flags, ..Account::default() };
        let mut results = Vec::new();
        self.book.create_accounts(now_ms * 1_000_000, &[account], &mut results);
        match results.as_slice() {
            [AccountStatus::Created | AccountStatus::Exists] => Ok(()),
            other => bail!("the book opens no account: {other:?}"),
        }
    }

    fn transfer(&self, id: u128, from: u128, to: u128, amount: u64, code: u16) -> Transfer {
        Transfer {
            id,
            debit_account_id: from,
            credit_account_id: to,
            amount: u128::from(amount),
            ledger: self.ledger,
            code,
            ..Transfer::default()
        }
    }

    fn carry_out(&mut self, transfers: &[Transfer], now_ms: u64) -> anyhow::Result<()> {
        let mut results = Vec::new();
        self.book.create_transfers(now_ms * 1_000_000, transfers, &mut results);
        let good =
            |status: &TransferStatus| matches!(status, TransferStatus::Created | TransferStatus::Exists);
        ensure!(results.iter().all(good), "the book refuses: {results:?}");
        Ok(())
    }
}

fn account(party: &Party) -> u128 {
    number(&[b"account", &party.encode()])
}

fn clearing() -> u128 {
    number(&[b"clearing"])
}

fn world() -> u128 {
    number(&[b"world"])
}

/// A number that follows from what it is for.
fn number(parts: &[&[u8]]) -> u128 {
    let hash = sha256(parts);
    u128::from_be_bytes(hash[..16].try_into().expect("sixteen of 32 bytes")).clamp(1, u128::MAX - 1)
}
