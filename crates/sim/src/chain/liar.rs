//! Somebody who has the link's line to the network and says what is not so. The network cannot know the chain, but what
//! contradicts itself it must refuse: a wrong payee, more than is held or owed, a key that means something else, an end
//! that is too early.

use directory::Time;
use engine::Engine;
use engine::delivery::{About, Asked, Delivery, Lien, Secured, Share, Stage, What, Word};
use money::Amount;
use receivables::hash::sha256;
use receivables::transaction::Payer;

use super::Chain;
use crate::hands::Hands;
use crate::plan::pick;

impl Chain {
    /// Says something that is wrong wherever the delivery stands by the time it is heard.
    pub(super) fn lie(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let Some(engine) = engine else { return };
        // What is open could still move wrongly; advances are few, and there is most to be wrong about.
        let of = hands.rng.u8(0..4);
        let wanted = |one: &&Delivery| match of {
            0 => true,
            1 => matches!(one.begun.what, What::Advance { .. }),
            _ => !matches!(one.stage, Stage::Done | Stage::Released),
        };
        let all: Vec<&Delivery> = engine.deliveries().all().filter(wanted).collect();
        let Some(delivery) = all.get(hands.rng.usize(0..all.len().max(1))) else { return };
        let lien = engine.deliveries().lien(delivery);
        let more = delivery.begun.amount.minor + 1;
        let lies = [
            Some(said_of_nothing()),
            Some(other_content(delivery)),
            final_word(delivery, lien.as_ref(), more).map(|word| said(delivery, word)),
            wrong_payee(delivery, lien.as_ref()),
            more_than_owed(engine, delivery),
            wrong_end(delivery, lien.as_ref()),
            too_early(delivery),
        ];
        let lies: Vec<Asked> = lies.into_iter().flatten().collect();
        let lie = pick(hands.rng, &lies).clone();
        self.link.lie(lie, hands);
    }
}

fn said(delivery: &Delivery, word: Word) -> Asked {
    let about = match delivery.begun.what {
        What::Sale { .. } => About::Key(delivery.begun.key),
        What::Redemption { .. } | What::Advance { .. } | What::Unit { .. } => {
            About::Reference(delivery.reference())
        }
    };
    Asked::Said { about, word }
}

fn said_of_nothing() -> Asked {
    Asked::Said { about: About::Key(sha256(&[b"nothing has this key"])), word: Word::LockEnded }
}

/// The chain's word that so much moved; of an advance, that so much is owed more than was drawn.
fn final_word(delivery: &Delivery, lien: Option<&Lien>, minor: u64) -> Option<Word> {
    let (begun, currency) = (&*delivery.begun, delivery.begun.amount.currency);
    let other = Share { to: begun.from, minor, of: begun.key };
    Some(match begun.what {
        What::Sale { part, to } => {
            Word::Sold { funder: begun.from, currency, share: Share { to, minor, of: part } }
        }
        What::Redemption { certificate, payer, interest_minor } => {
            Word::Paid { certificate, payer, currency, interest_minor, shares: vec![other], withheld: false }
        }
        What::Advance { .. } => Word::Secured(secured(lien?, minor - begun.amount.minor)),
        What::Unit { .. } => Word::Settled { acquirer: begun.from, currency, shares: vec![other] },
    })
}

fn secured(lien: &Lien, more: u64) -> Secured {
    let offered = &lien.offered;
    Secured {
        advance: sha256(&[b"an advance that is not", &offered.consent]),
        agent: offered.acquirer,
        funder: offered.funder,
        owed: Amount::new(offered.limit.currency, lien.owed_minor + more),
        share_ppm: offered.share_ppm,
        cap_minor: offered.cap_minor,
        end_day: lien.end_day,
        consent: offered.consent,
    }
}

/// The same key with another amount.
fn other_content(delivery: &Delivery) -> Asked {
    let begun = &delivery.begun;
    let other = Amount::new(begun.amount.currency, begun.amount.minor + 1);
    match &begun.what {
        What::Sale { part, to } => Asked::Locked {
            key: begun.key,
            part: *part,
            funder: begun.from,
            to: *to,
            price: other,
            until: begun.until.unwrap_or(delivery.begun_at),
        },
        What::Redemption { .. } | What::Advance { .. } | What::Unit { .. } => Asked::Pay {
            key: begun.key,
            certificate: begun.key,
            payer: Payer::Buyer(()),
            from: begun.from,
            principal: other,
            interest_minor: 0,
            until: delivery.begun_at.plus_ms(1 << 40),
        },
    }
}

/// All of it to whoever pays.
fn wrong_payee(delivery: &Delivery, lien: Option<&Lien>) -> Option<Asked> {
    let begun = &delivery.begun;
    let word = match begun.what {
        What::Sale { part, to } if to != begun.from => Word::Sold {
            funder: begun.from,
            currency: begun.amount.currency,
            share: Share { to: begun.from, minor: begun.amount.minor, of: part },
        },
        What::Advance { .. } => Word::Secured(Secured { agent: begun.from, ..secured(lien?, 0) }),
        What::Sale { .. } | What::Redemption { .. } | What::Unit { .. } => return None,
    };
    Some(said(delivery, word))
}

/// All that liens take together to the one that is owed less.
fn more_than_owed(engine: &Engine, delivery: &Delivery) -> Option<Asked> {
    let begun = &delivery.begun;
    let What::Unit { merchant, .. } = begun.what else { return None };
    let of_merchant = engine.deliveries().advances().iter().filter(|one| one.merchant == merchant);
    let least = of_merchant.min_by_key(|one| one.owed_minor())?;
    let share = Share { to: least.funder, minor: begun.amount.minor, of: least.key };
    let word = Word::Settled { acquirer: begun.from, currency: begun.amount.currency, shares: vec![share] };
    (least.owed_minor() < begun.amount.minor).then(|| said(delivery, word))
}

/// What has moved does not end, and what has ended does not move.
fn wrong_end(delivery: &Delivery, lien: Option<&Lien>) -> Option<Asked> {
    let begun = &delivery.begun;
    let word = match (delivery.stage, &begun.what) {
        (Stage::Withheld | Stage::Done, What::Sale { .. }) => Word::LockEnded,
        (Stage::Withheld | Stage::Done, _) => Word::Absent { at: begun.until.unwrap_or(delivery.begun_at) },
        (Stage::Released, _) => final_word(delivery, lien, begun.amount.minor)?,
        (Stage::Begun | Stage::Reserved, _) => return None,
    };
    Some(said(delivery, word))
}

/// That nothing is known of the money, in a block before its time was over.
fn too_early(delivery: &Delivery) -> Option<Asked> {
    let until = delivery.begun.until?;
    Some(said(delivery, Word::Absent { at: Time(until.0 - 1) }))
}
