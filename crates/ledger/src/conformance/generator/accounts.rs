//! Random accounts.

use super::Generator;
use crate::{Account, AccountFlags};

/// As many as can meet each other often.
pub(super) const ACCOUNTS_AT_FIRST: u128 = 10;
/// With those that may come later.
pub(super) const ACCOUNTS: u128 = 12;
pub(super) const LEDGERS: [u32; 2] = [156, 608];

impl Generator {
    /// Accounts of every kind on both ledgers, so that later batches have something to move money between.
    pub(super) fn first_accounts(&mut self) -> Vec<Account> {
        let limits = [
            AccountFlags::NONE,
            AccountFlags::NONE,
            AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
            AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS,
        ];
        for id in 1..=ACCOUNTS_AT_FIRST {
            let (ledger, flags) = (LEDGERS[id as usize % 2], limits[(id as usize - 1) / 2 % limits.len()]);
            self.accounts.push(Account { id, ledger, code: 1, flags, ..Account::default() });
        }
        self.accounts.clone()
    }

    pub(super) fn account(&mut self) -> Account {
        let old = self.accounts[self.random.below(self.accounts.len() as u64) as usize];
        let mut account = match self.random.below(10) {
            0..3 => old,
            3..7 => self.alter_account(old),
            _ => self.fresh_account(),
        };
        if self.random.percent(25) {
            account.flags = account.flags | AccountFlags::LINKED;
        }
        self.accounts.push(account);
        account
    }

    fn fresh_account(&mut self) -> Account {
        Account {
            id: self.random.below(ACCOUNTS as u64 + 4).into(),
            ledger: self.random.one_of(&LEDGERS),
            code: 1,
            flags: AccountFlags::from_bits(self.random.below(1 << 6) as u16).without(AccountFlags::LINKED),
            ..Account::default()
        }
    }

    fn alter_account(&mut self, old: Account) -> Account {
        let small = self.random.below(3);
        match self.random.below(13) {
            0 => Account { id: self.random.one_of(&[0, u128::MAX]), ..old },
            1 => Account { debits_pending: small.into(), ..old },
            2 => Account { debits_posted: small.into(), ..old },
            3 => Account { credits_pending: small.into(), ..old },
            4 => Account { credits_posted: small.into(), ..old },
            5 => Account { user_data_128: small.into(), ..old },
            6 => Account { user_data_64: small, ..old },
            7 => Account { user_data_32: small as u32, ..old },
            8 => Account { ledger: self.random.one_of(&[0, 156, 608]), ..old },
            9 => Account { code: small as u16, ..old },
            10 => Account { timestamp_ns: small, ..old },
            11 => Account { flags: old.flags.without(AccountFlags::LINKED), ..old },
            _ => {
                let bit = AccountFlags::from_bits(1 << self.random.below(16));
                Account { flags: AccountFlags::from_bits(old.flags.bits() ^ bit.bits()), ..old }
            }
        }
    }
}
