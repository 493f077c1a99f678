//! The whole content of a book in one fixed order, for state hashes and snapshots, and a book from such content.
//! Knows neither hash functions nor files.

use super::accounts::Accounts;
use super::index::IdHash;
use super::transfers::{Inherited, Known, NO_SLOT, TransferRecord};
use super::{Book, Limits, TIMESTAMP_MAX_NS};
use crate::{Account, Error, Phase, Transfer};

/// One piece of a book's content. The pieces together are the book: a book restored from them behaves the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// First and once.
    Clock {
        /// The latest timestamp the book has given, in nanoseconds.
        latest_ns: u64,
        /// How many transfers have been retired.
        retired: u64,
    },
    /// Then every account, by id.
    Account(Account),
    /// Then every transfer not retired, by timestamp.
    Transfer {
        /// As recorded.
        transfer: Transfer,
        /// Where it is in its life.
        phase: Phase,
        /// In which fields a post or void equals its pending transfer, which may be retired by now: bit 0 the
        /// amount, bits 1 to 3 the user data of 128, 64 and 32 bits.
        inherited: u8,
    },
    /// Last every burned id, by id.
    Burned(u128),
}

impl Content {
    /// The piece as bytes: a tag, then every field in the order of its type, little-endian, at full width.
    pub fn write(&self, sink: &mut impl FnMut(&[u8])) {
        match self {
            Self::Clock { latest_ns, retired } => {
                sink(&[0]);
                [latest_ns, retired].iter().for_each(|word| sink(&word.to_le_bytes()));
            }
            Self::Account(account) => {
                sink(&[1]);
                write_account(account, sink);
            }
            Self::Transfer { transfer, phase, inherited } => {
                sink(&[2]);
                write_transfer(transfer, sink);
                sink(&[*phase as u8, *inherited]);
            }
            Self::Burned(id) => {
                sink(&[3]);
                sink(&id.to_le_bytes());
            }
        }
    }
}

fn write_account(account: &Account, sink: &mut impl FnMut(&[u8])) {
    let wide = [
        account.id,
        account.debits_pending,
        account.debits_posted,
        account.credits_pending,
        account.credits_posted,
        account.user_data_128,
    ];
    wide.iter().for_each(|word| sink(&word.to_le_bytes()));
    sink(&account.user_data_64.to_le_bytes());
    sink(&account.user_data_32.to_le_bytes());
    sink(&account.ledger.to_le_bytes());
    sink(&account.code.to_le_bytes());
    sink(&account.flags.bits().to_le_bytes());
    sink(&account.timestamp_ns.to_le_bytes());
}

fn write_transfer(transfer: &Transfer, sink: &mut impl FnMut(&[u8])) {
    let wide = [
        transfer.id,
        transfer.debit_account_id,
        transfer.credit_account_id,
        transfer.amount,
        transfer.pending_id,
        transfer.user_data_128,
    ];
    wide.iter().for_each(|word| sink(&word.to_le_bytes()));
    sink(&transfer.user_data_64.to_le_bytes());
    sink(&transfer.user_data_32.to_le_bytes());
    sink(&transfer.timeout_s.to_le_bytes());
    sink(&transfer.ledger.to_le_bytes());
    sink(&transfer.code.to_le_bytes());
    sink(&transfer.flags.bits().to_le_bytes());
    sink(&transfer.timestamp_ns.to_le_bytes());
}

impl Book {
    /// Every piece of the book's content, in an order that depends on nothing but the content. Sorts first.
    pub fn content(&self) -> impl Iterator<Item = Content> {
        let clock = Content::Clock { latest_ns: self.latest_ns, retired: self.retired };
        let mut slots: Vec<_> = self.transfers.slots().collect();
        slots.sort_unstable_by_key(|slot| self.transfers.record(*slot).timestamp_ns);
        let mut burned = self.transfers.burned().to_vec();
        burned.sort_unstable();
        let transfers = slots.into_iter().map(|slot| {
            let record = self.transfers.record(slot);
            Content::Transfer {
                transfer: self.transfers.transfer(slot, &self.accounts),
                phase: record.phase,
                inherited: record.inherited.bits(),
            }
        });
        std::iter::once(clock)
            .chain(self.accounts().map(Content::Account))
            .chain(transfers)
            .chain(burned.into_iter().map(Content::Burned))
    }

    /// A book with this content, which must come in the order of [`Self::content`].
    ///
    /// # Errors
    /// [`Error::Unrestorable`] for a piece that no book could hold, or what [`Self::audit`] finds in the whole.
    pub fn restore(limits: Limits, content: impl IntoIterator<Item = Content>) -> Result<Self, Error> {
        let mut book = Self::with_limits(limits);
        let mut previous_ns = 0;
        for piece in content {
            match piece {
                Content::Clock { latest_ns, .. } if latest_ns > TIMESTAMP_MAX_NS => {
                    return Err(Error::Unrestorable { id: 0 });
                }
                Content::Clock { latest_ns, retired } => {
                    (book.latest_ns, book.retired) = (latest_ns, retired)
                }
                Content::Account(account) => book.restore_account(&account)?,
                Content::Transfer { transfer, phase, inherited } => {
                    if transfer.timestamp_ns <= previous_ns || transfer.timestamp_ns > book.latest_ns {
                        return Err(Error::Unrestorable { id: transfer.id });
                    }
                    previous_ns = transfer.timestamp_ns;
                    book.restore_transfer(&transfer, phase, Inherited::from_bits(inherited))?;
                }
                Content::Burned(id) => {
                    if id == 0 || book.is_full() || !book.transfers.burn(id) {
                        return Err(Error::Unrestorable { id });
                    }
                }
            }
        }
        book.audit()?;
        Ok(book)
    }

    fn is_full(&self) -> bool {
        self.transfers.ids_len() >= self.limits.transfers_max as usize
    }

    fn restore_account(&mut self, account: &Account) -> Result<(), Error> {
        let refused = Error::Unrestorable { id: account.id };
        let full = self.accounts.len() >= self.limits.accounts_max as usize;
        if full || account.id == 0 || account.timestamp_ns > self.latest_ns || !balances_fit(account) {
            return Err(refused);
        }
        let hash = IdHash::of(account.id);
        let vacancy = self.accounts.find(hash, account.id).err().ok_or(refused)?;
        self.accounts.insert(vacancy, hash, account);
        Ok(())
    }

    fn restore_transfer(
        &mut self,
        transfer: &Transfer,
        phase: Phase,
        inherited: Inherited,
    ) -> Result<(), Error> {
        let refused = Error::Unrestorable { id: transfer.id };
        let debit = self.accounts.slot(transfer.debit_account_id).ok_or(refused)?;
        let credit = self.accounts.slot(transfer.credit_account_id).ok_or(refused)?;
        if self.is_full() || transfer.id == 0 || !shares_ledger(&self.accounts, transfer, [debit, credit]) {
            return Err(refused);
        }
        let hash = IdHash::of(transfer.id);
        let Known::Unknown(vacancy) = self.transfers.find(hash, transfer.id) else {
            return Err(refused);
        };
        let record = TransferRecord {
            id: transfer.id,
            amount: transfer.amount,
            pending_id: transfer.pending_id,
            user_data_128: transfer.user_data_128,
            user_data_64: transfer.user_data_64,
            timestamp_ns: transfer.timestamp_ns,
            debit,
            credit,
            user_data_32: transfer.user_data_32,
            timeout_s: transfer.timeout_s,
            earlier: NO_SLOT,
            later: NO_SLOT,
            code: transfer.code,
            flags: transfer.flags,
            phase,
            inherited,
        };
        let slot = self.transfers.insert(vacancy, hash, record);
        if phase == Phase::Pending {
            self.deadlines.append(&mut self.transfers, slot);
        }
        Ok(())
    }
}

/// No pair of balances that the book adds up may overflow.
fn balances_fit(account: &Account) -> bool {
    account.debits_pending.checked_add(account.debits_posted).is_some()
        && account.credits_pending.checked_add(account.credits_posted).is_some()
}

fn shares_ledger(accounts: &Accounts, transfer: &Transfer, slots: [u32; 2]) -> bool {
    slots.iter().all(|slot| accounts.ledger(accounts.record(*slot)) == transfer.ledger)
}
