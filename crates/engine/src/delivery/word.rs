//! What the chain's events say to deliveries: which one is meant, and what becomes of it. Knows no proof: whoever calls
//! has seen that the event is final.

use directory::{MemberId, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::event::{self, Event};
use receivables::transaction::{Minor, Payer};

use super::lifecycle::Step;
use super::{Asked, Context, Deliveries, Delivery, Lien, Refusal, Share, What};

/// How the chain names a delivery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum About {
    /// By its key: a lock's.
    Key(Hash),
    /// By what the chain was told that the money is known by.
    Reference(Hash),
}

/// The chain's final word on a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Word {
    /// The proof of a price was taken: the part is the funder's.
    Sold {
        /// Whose the part is.
        funder: MemberId,
        /// The currency.
        currency: Currency,
        /// Who gets the price.
        share: Share,
    },
    /// The proof of a payment was taken, and these get it.
    Paid {
        /// The certificate.
        certificate: Hash,
        /// In whose stead.
        payer: Payer,
        /// The currency.
        currency: Currency,
        /// Of what was paid, late interest, in minor units.
        interest_minor: u64,
        /// Who gets it.
        shares: Vec<Share>,
        /// Whether a freeze keeps it from them for now.
        withheld: bool,
    },
    /// The lien of an advance stands.
    Secured(Secured),
    /// Liens' share of a merchant's sales was taken.
    Settled {
        /// The acquirer.
        acquirer: MemberId,
        /// The currency.
        currency: Currency,
        /// Who is repaid.
        shares: Vec<Share>,
    },
    /// A lock ended; its part did not move.
    LockEnded,
    /// In the state after a final block, no money was known by the delivery's reference.
    Absent {
        /// The block's time, or an earlier one's.
        at: Time,
    },
}

/// A lien on a merchant's sales, as the chain has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Secured {
    /// The advance's id on the chain.
    pub advance: Hash,
    /// Who gets the money for the merchant.
    pub agent: MemberId,
    /// Who lends.
    pub funder: MemberId,
    /// What is to be repaid.
    pub owed: Amount,
    /// Share of sales.
    pub share_ppm: u32,
    /// Most that is taken of one day's sales, in minor units.
    pub cap_minor: u64,
    /// Last day, since 1970, on which anything is taken.
    pub end_day: u32,
    /// Hash of the merchant's consent.
    pub consent: Hash,
}

/// What a final event asks of deliveries or tells them, if anything. `member` finds the network's member that is one
/// of the chain's; its errors are passed on.
pub fn heard<E>(event: &Event, member: impl Fn(u32) -> Result<MemberId, E>) -> Result<Option<Asked>, E> {
    let (about, word) = match event {
        Event::Locked(locked) => {
            return Ok(Some(Asked::Locked {
                key: locked.key,
                part: locked.part,
                funder: member(locked.to)?,
                to: member(locked.agent)?,
                price: Amount::new(locked.currency, locked.price),
                until: Time(locked.until_ms),
            }));
        }
        Event::Sold(sold) => {
            let share = Share { to: member(sold.agent)?, minor: sold.price, of: sold.part };
            (About::Key(sold.key), Word::Sold { funder: member(sold.to)?, currency: sold.currency, share })
        }
        Event::LockEnded(ended) => (About::Key(ended.key), Word::LockEnded),
        Event::Paid(paid) => (About::Reference(paid.reference), word_of_payment(paid, member)?),
        Event::RecoursePaid(paid) => {
            let share = Share { to: member(paid.agent)?, minor: paid.amount, of: paid.part };
            let word = Word::Paid {
                certificate: paid.certificate,
                payer: Payer::Recourse(paid.part),
                currency: paid.currency,
                interest_minor: 0,
                shares: vec![share],
                withheld: false,
            };
            (About::Reference(paid.reference), word)
        }
        Event::LienPlaced(placed) => {
            let terms = &placed.terms;
            let secured = Secured {
                advance: placed.advance,
                agent: member(placed.agent)?,
                funder: member(terms.funder)?,
                owed: Amount::new(terms.currency, terms.owed),
                share_ppm: terms.share_ppm,
                cap_minor: terms.cap_per_day,
                end_day: terms.end_day,
                consent: terms.consent,
            };
            (About::Reference(terms.reference), Word::Secured(secured))
        }
        Event::UnitSettled(settled) => {
            let share = |lien: &event::LienShare| {
                Ok(Share { to: member(lien.funder)?, minor: lien.amount, of: lien.advance })
            };
            let shares = settled.liens.iter().map(share).collect::<Result<_, E>>()?;
            let (acquirer, currency) = (member(settled.registrar)?, settled.currency);
            (About::Reference(settled.reference), Word::Settled { acquirer, currency, shares })
        }
        _ => return Ok(None),
    };
    Ok(Some(Asked::Said { about, word }))
}

/// Holders get their shares, and a guarantor what it is paid back.
fn word_of_payment<E>(paid: &event::Paid, member: impl Fn(u32) -> Result<MemberId, E>) -> Result<Word, E> {
    let share = |to: u32, minor: Minor, of: Hash| Ok(Share { to: member(to)?, minor, of });
    let holders = paid.shares.iter().map(|one| share(one.agent, one.principal + one.interest, one.part));
    let guarantor = paid.guarantor.map(|member| share(member, paid.reimbursed, paid.certificate));
    Ok(Word::Paid {
        certificate: paid.certificate,
        payer: paid.payer,
        currency: paid.currency,
        interest_minor: paid.interest,
        shares: holders.chain(guarantor).collect::<Result<_, E>>()?,
        withheld: paid.withheld,
    })
}

impl Deliveries {
    /// What the chain's word means for the delivery that it is about.
    pub(super) fn step(&self, ctx: &Context<'_>, delivery: &Delivery, word: &Word) -> Result<Step, Refusal> {
        let begun = &*delivery.begun;
        let currency = begun.amount.currency;
        let (shares, withheld) = match (&begun.what, word) {
            (What::Sale { .. }, Word::Sold { funder, currency: of, share }) => {
                agrees(*funder == begun.from && *of == currency)?;
                (vec![*share], false)
            }
            (What::Sale { .. }, Word::LockEnded) => return Ok(Step::Ended),
            (
                What::Redemption { certificate, payer, interest_minor },
                Word::Paid { certificate: of, payer: by, currency: paid, interest_minor: late, .. },
            ) if (of, by, paid, late) != (certificate, payer, &currency, interest_minor) => {
                return Err(Refusal::Contradicts);
            }
            (What::Redemption { .. }, Word::Paid { shares, withheld, .. }) => (shares.clone(), *withheld),
            (What::Advance { .. }, Word::Secured(secured)) => {
                let lien = self.lien(delivery).ok_or(Refusal::UnknownOffer)?;
                if !is_of(&lien, secured) {
                    return Err(Refusal::LienDiffers);
                }
                let share = Share { to: secured.agent, minor: begun.amount.minor, of: secured.advance };
                (vec![share], false)
            }
            (What::Unit { .. }, Word::Settled { acquirer, currency: of, shares }) => {
                agrees(*acquirer == begun.from && *of == currency)?;
                (shares.clone(), false)
            }
            (What::Sale { .. } | What::Unit { .. }, Word::Absent { .. }) => {
                return Err(Refusal::OnlyByEvent);
            }
            (What::Redemption { .. } | What::Advance { .. }, Word::Absent { at }) => {
                let over = begun.until.is_some_and(|until| until <= *at);
                return if over { Ok(Step::Ended) } else { Err(Refusal::TooEarly) };
            }
            _ => return Err(Refusal::Contradicts),
        };
        self.may_be_paid(ctx, delivery, &shares)?;
        Ok(Step::Final { shares, withheld })
    }
}

fn agrees(does: bool) -> Result<(), Refusal> {
    if does { Ok(()) } else { Err(Refusal::Contradicts) }
}

/// Whether the lien on the chain is the one that was drawn on.
fn is_of(lien: &Lien, secured: &Secured) -> bool {
    let drawn = Secured {
        advance: secured.advance,
        agent: lien.offered.acquirer,
        funder: lien.offered.funder,
        owed: Amount::new(lien.offered.limit.currency, lien.owed_minor),
        share_ppm: lien.offered.share_ppm,
        cap_minor: lien.offered.cap_minor,
        end_day: lien.end_day,
        consent: lien.offered.consent,
    };
    drawn == *secured
}
