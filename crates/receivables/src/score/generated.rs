//! Histories of merchants that do not exist, for demonstration and tests. They say so, and so does all that follows
//! from them.

use crate::score::history::{History, Month, Source};
use crate::transaction::Minor;

/// A merchant's year made up from a seed: the same seed, the same merchant.
pub fn generated(seed: u64) -> History {
    let mut dice = Dice { state: seed };
    let months_count = 2 + dice.below(23);
    let ticket = 500 + dice.below(40_000);
    let a_day = 1 + dice.below(40);
    let open_of_ten = 1 + dice.below(10);
    let (refunds, chargebacks) = (dice.below(120), dice.below(12));
    let concentration = 5 + dice.below(90);
    let growth = 85 + dice.below(22);
    let mut level = 1_000;
    let (mut months, mut days) = (Vec::new(), Vec::new());
    for _ in 0..months_count {
        let mut month =
            Month { gross: 0, refunds: 0, chargebacks: 0, largest_five: 0, payments: 0, active_days: 0 };
        let season = level * (40 + dice.below(121)) / 100;
        for _ in 0..30 {
            let open = dice.below(10) < open_of_ten;
            let payments = if open { a_day * season / 1_000 + dice.below(3) } else { 0 };
            let gross: Minor = (0..payments).map(|_| ticket / 2 + dice.below(ticket)).sum();
            month.gross += gross;
            month.payments += u32::try_from(payments).unwrap_or(u32::MAX);
            month.active_days += u32::from(payments > 0);
            days.push(gross - gross * (refunds + chargebacks) / 1_000);
        }
        month.refunds = month.gross * refunds / 1_000;
        month.chargebacks = month.gross * chargebacks / 1_000;
        month.largest_five = month.gross * concentration / 100;
        months.push(month);
        level = level * growth / 100;
    }
    let (region, sector) = (small(dice.below(5)), small(dice.below(8)));
    History { source: Source::Generated { seed }, region, sector, months, days, repayments: Vec::new() }
}

fn small(number: u64) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice {
    state: u64,
}

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
