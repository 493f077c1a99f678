//! An FX provider: pushes rates that differ in price, size and life, and at times none. Decides nothing about
//! payments and hears nothing of them.

use directory::MemberId;
use engine::Input;
use money::Currency;
use switch::Offer;

use crate::cast::{price, worth};
use crate::hands::Hands;
use crate::letter::{Letter, Wake};

/// One FX provider.
pub(crate) struct Provider {
    member: MemberId,
    currencies: Vec<Currency>,
}

impl Provider {
    pub(crate) fn new(member: MemberId, currencies: Vec<Currency>) -> Provider {
        Provider { member, currencies }
    }

    pub(crate) fn take(&mut self, letter: Letter, hands: &mut Hands<'_>) {
        if letter_is_push(&letter) && !hands.quiet {
            self.push(hands);
            let gap = hands.plan.push_gap_ms;
            hands.wake_in(gap / 2..gap * 2, Wake::Push);
        }
    }

    fn push(&mut self, hands: &mut Hands<'_>) {
        if hands.mishap(80) {
            return;
        }
        let mut offers = Vec::new();
        for base in &self.currencies {
            for quote in self.currencies.iter().filter(|quote| *quote != base) {
                let Some(rate) = price(*base, *quote, hands.rng.u64(0..60)) else { continue };
                let size_minor = match hands.rng.u8(0..12) {
                    0 => 0,
                    1 => hands.rng.u64(0..worth(*quote)),
                    _ => worth(*quote) * hands.rng.u64(1..50),
                };
                let life_ms = match hands.rng.u8(0..8) {
                    0 => hands.rng.u64(0..100_000),
                    1 => hands.rng.u64(90_000..130_000),
                    _ => hands.rng.u64(120_000..1_200_000),
                };
                offers.push(Offer { rate, size_minor, until: hands.now.plus_ms(life_ms) });
            }
        }
        hands.ask_engine(Input::Rates { provider: self.member, offers });
    }
}

fn letter_is_push(letter: &Letter) -> bool {
    matches!(letter, Letter::Wake(Wake::Push))
}
