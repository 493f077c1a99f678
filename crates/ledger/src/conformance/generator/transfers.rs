//! Random transfers.

use super::accounts::{ACCOUNTS, ACCOUNTS_AT_FIRST, LEDGERS};
use super::{Clock, Generator};
use crate::{AMOUNT_ALL, Transfer, TransferFlags};

impl Generator {
    pub(super) fn transfer(&mut self) -> Transfer {
        let old = self.old_transfer();
        let mut transfer = match (self.random.below(100), old) {
            (0..8, Some(old)) => return old,
            (8..24, Some(old)) => self.alter(old),
            (24..60, Some(_)) => self.resolution(),
            (60..84, _) => self.reservation(),
            _ => self.single(),
        };
        if self.random.percent(4) {
            transfer = self.alter(transfer);
        }
        if self.random.percent(25) {
            transfer.flags = transfer.flags | TransferFlags::LINKED;
        }
        self.transfers.push(transfer);
        transfer
    }

    fn single(&mut self) -> Transfer {
        let ledger = self.random.one_of(&LEDGERS);
        let debit_account_id = self.account_id(ledger);
        let mut credit_account_id = self.account_id(ledger);
        while credit_account_id == debit_account_id && !self.random.percent(5) {
            credit_account_id = self.account_id(ledger);
        }
        let transfer = Transfer {
            id: self.fresh_id(),
            debit_account_id,
            credit_account_id,
            amount: self.amount(),
            user_data_128: self.random.below(3).into(),
            user_data_64: self.random.below(3),
            user_data_32: self.random.below(3) as u32,
            ledger,
            code: 1,
            ..Transfer::default()
        };
        match self.random.percent(20) {
            true => Transfer { flags: self.balancing(), ..transfer },
            false => transfer,
        }
    }

    fn reservation(&mut self) -> Transfer {
        let transfer = self.single();
        let timed = self.clock == Clock::Given && self.random.percent(60);
        let timeout_s = if timed { 1 + self.random.below(3) as u32 } else { 0 };
        let closing = match self.random.below(100) {
            0..2 => TransferFlags::CLOSING_DEBIT,
            2..4 => TransferFlags::CLOSING_CREDIT,
            4 => TransferFlags::CLOSING_DEBIT | TransferFlags::CLOSING_CREDIT,
            _ => TransferFlags::NONE,
        };
        Transfer { timeout_s, flags: transfer.flags | TransferFlags::PENDING | closing, ..transfer }
    }

    /// A post or void, mostly of a recent reservation that was carried out.
    fn resolution(&mut self) -> Transfer {
        let known = if self.random.percent(90) { &self.created } else { &self.transfers };
        let recent = if self.random.percent(80) { 40 } else { known.len() };
        let resolved_too = self.random.percent(15);
        let is_choice = |transfer: &&Transfer| {
            transfer.flags.contains(TransferFlags::PENDING)
                && transfer.pending_id == 0
                && (resolved_too || !self.resolved.contains(&transfer.id))
        };
        let reservations: Vec<Transfer> =
            known.iter().rev().take(recent).filter(is_choice).copied().collect();
        let pending = match reservations.len() as u64 {
            0 => self.single(),
            len => reservations[self.random.below(len) as usize],
        };
        let void = self.random.percent(35);
        let amount = match self.random.below(10) {
            0..3 if !void => AMOUNT_ALL,
            3..5 => 0,
            5..8 => pending.amount,
            _ if void => 0,
            _ => self.random.below(60).into(),
        };
        let said = |random: &mut super::Random, value: u128| if random.percent(30) { value } else { 0 };
        Transfer {
            id: self.fresh_id(),
            debit_account_id: said(&mut self.random, pending.debit_account_id),
            credit_account_id: said(&mut self.random, pending.credit_account_id),
            amount,
            pending_id: pending.id,
            user_data_128: self.random.below(3).into(),
            user_data_64: self.random.below(3),
            user_data_32: self.random.below(3) as u32,
            ledger: said(&mut self.random, pending.ledger.into()) as u32,
            code: said(&mut self.random, pending.code.into()) as u16,
            flags: if void { TransferFlags::VOID_PENDING } else { TransferFlags::POST_PENDING },
            ..Transfer::default()
        }
    }

    /// The same but for one field.
    fn alter(&mut self, old: Transfer) -> Transfer {
        let small = self.random.below(3);
        let any_id = self.random.below(ACCOUNTS as u64 + 2).into();
        match self.random.below(16) {
            0 => Transfer { id: self.random.one_of(&[0, u128::MAX]), ..old },
            1 => Transfer { debit_account_id: self.random.one_of(&[0, u128::MAX, any_id, any_id]), ..old },
            2 => Transfer { credit_account_id: self.random.one_of(&[0, u128::MAX, any_id, any_id]), ..old },
            3 | 4 => Transfer { amount: self.amount(), ..old },
            5 => {
                let some_id = self.old_transfer().map_or(7, |transfer| transfer.id);
                Transfer { pending_id: self.random.one_of(&[0, u128::MAX, old.id, some_id, some_id]), ..old }
            }
            6 => Transfer { user_data_128: small.into(), ..old },
            7 => Transfer { user_data_64: small, ..old },
            8 => Transfer { user_data_32: small as u32, ..old },
            9 => Transfer { timeout_s: self.timeout(), ..old },
            10 => Transfer { ledger: self.random.one_of(&[0, 156, 608, 999]), ..old },
            11 => Transfer { code: small as u16, ..old },
            12 => Transfer { timestamp_ns: small, ..old },
            13 => Transfer { flags: old.flags.without(TransferFlags::LINKED), ..old },
            _ => {
                let bit = 1 << self.random.one_of(&[0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 8, 9, 15]);
                Transfer { flags: TransferFlags::from_bits(old.flags.bits() ^ bit), ..old }
            }
        }
    }

    fn old_transfer(&mut self) -> Option<Transfer> {
        let len = self.transfers.len() as u64;
        let recent = if self.random.percent(50) { len.min(12) } else { len };
        (len > 0).then(|| self.transfers[(len - 1 - self.random.below(recent)) as usize])
    }

    fn fresh_id(&mut self) -> u128 {
        self.next_transfer_id += 1;
        // Ids that differ in the high half only, too.
        self.next_transfer_id | u128::from(self.random.below(2)) << 100
    }

    /// An account of this ledger, or rarely any.
    fn account_id(&mut self, ledger: u32) -> u128 {
        let id = 1 + u128::from(self.random.below(ACCOUNTS as u64));
        let fits = id <= ACCOUNTS_AT_FIRST && LEDGERS[id as usize % 2] == ledger;
        if fits || self.random.percent(2) { id } else { self.account_id(ledger) }
    }

    fn amount(&mut self) -> u128 {
        match self.random.below(100) {
            0..6 => 0,
            6..9 => u128::MAX - u128::from(self.random.below(40)),
            9..11 => u128::MAX / 2 + u128::from(self.random.below(40)),
            11..15 => u128::from(u64::MAX) + u128::from(self.random.below(40)),
            _ => u128::from(self.random.below(60)),
        }
    }

    fn timeout(&mut self) -> u32 {
        match self.clock {
            Clock::Given => self.random.one_of(&[0, 1, 2, u32::MAX]),
            // Long enough never to pass.
            Clock::Own => self.random.one_of(&[0, u32::MAX]),
        }
    }

    fn balancing(&mut self) -> TransferFlags {
        let (debit, credit) = (TransferFlags::BALANCING_DEBIT, TransferFlags::BALANCING_CREDIT);
        self.random.one_of(&[debit, credit, debit | credit])
    }
}
