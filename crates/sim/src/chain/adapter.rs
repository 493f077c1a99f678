//! When a funder's adapter signs the lien that its advance waits for: at once, at the last moment, or never, so that the
//! money must come back. Knows nothing of what the lien says.

use engine::delivery::What;

use super::Chain;
use crate::hands::Hands;
use crate::letter::Open;
use crate::plan::pick;

/// What is signed so late is in a block in time, or just not.
const LATE_MS: u64 = 6_000;

/// What an adapter does with the lien of one offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Signs {
    AtOnce,
    AtTheLastMoment,
    Never,
}

impl Chain {
    /// Whether what proves this delivery is signed by now. Only liens need somebody else's signature.
    pub(super) fn is_signed(&mut self, one: &Open, hands: &mut Hands<'_>) -> bool {
        let begun = &one.delivery.begun;
        let What::Advance { offer } = begun.what else { return true };
        let reluctant = hands.mishap(hands.plan.reluctant);
        let signs = *self.people.signs.entry(offer).or_insert_with(|| match reluctant {
            true => *pick(hands.rng, &[Signs::AtTheLastMoment, Signs::Never]),
            false => Signs::AtOnce,
        });
        hands.coverage.saw("lien signed", format!("{signs:?}"));
        match signs {
            Signs::AtOnce => true,
            Signs::AtTheLastMoment => begun.until.is_some_and(|until| until <= hands.now.plus_ms(LATE_MS)),
            Signs::Never => false,
        }
    }
}
