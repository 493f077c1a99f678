//! What is asked of deliveries and told about them, and what becomes true then. What is told was
//! shown to be final on the chain before it came here.

use std::sync::Arc;

use directory::{MemberId, Standing, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::transaction::Payer;
use switch::funds::{Purpose, account_id};

use super::lifecycle;
use super::postings::total;
use super::{
    About, Begun, Context, Deliveries, Delivery, Event, Mandate, Offered, SHARES_MAX, Share, Stage, What,
    Word,
};

/// Something for deliveries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The chain has locked a part until its price is there.
    Locked {
        /// The lock's key.
        key: Hash,
        /// The part.
        part: Hash,
        /// Who buys.
        funder: MemberId,
        /// Who is paid for the seller.
        to: MemberId,
        /// What for.
        price: Amount,
        /// When the lock ends on the chain.
        until: Time,
    },
    /// Somebody pays a certificate.
    Pay {
        /// The asker's key.
        key: Hash,
        /// The certificate.
        certificate: Hash,
        /// In whose stead.
        payer: Payer,
        /// Whose money.
        from: MemberId,
        /// Against the unpaid amount.
        principal: Amount,
        /// Against late interest, in minor units.
        interest_minor: u64,
        /// When the proof is of no use any more.
        until: Time,
    },
    /// A funder says on what terms it lends to merchants.
    Mandate(Mandate),
    /// A merchant, through its acquirer, asks what it could be advanced.
    Offer {
        /// The acquirer.
        acquirer: MemberId,
        /// The merchant, by the acquirer's reference.
        merchant: Arc<str>,
        /// In which currency.
        currency: Currency,
        /// Hash of the merchant's consent to its history being looked at.
        consent: Option<Hash>,
    },
    /// A funder offers an advance on its own judgement: a person has looked again. Once for each consent; number and
    /// validity are given by the engine.
    Grant(Box<Offered>),
    /// The merchant takes an offer, or part of it.
    Draw {
        /// The acquirer.
        acquirer: MemberId,
        /// The offer.
        offer: u64,
        /// How much of it.
        amount: Amount,
    },
    /// What the chain finally says about a delivery.
    Said {
        /// Which delivery.
        about: About,
        /// What it says.
        word: Word,
    },
}

/// Why something asked of deliveries is not done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is no such member, it is suspended, or no agreement of it covers the currency.
    NotAgreed,
    /// An amount of nothing.
    AmountZero,
    /// The same key came with other content.
    RepeatInconsistent,
    /// No delivery has this key.
    Unknown,
    /// The chain was told of money that is not held.
    NotReserved,
    /// It is not what the chain, or the asker, said before, or not what may be paid.
    Contradicts,
    /// The lien on the chain has other terms than were drawn on.
    LienDiffers,
    /// The chain's time was not beyond the delivery's limit.
    TooEarly,
    /// That the chain knows no money of it ends nothing: a lock has an end of its own, sales have none.
    OnlyByEvent,
    /// There is no such merchant of this acquirer.
    UnknownMerchant,
    /// There is no such offer for this acquirer.
    UnknownOffer,
    /// The offer is over.
    OfferOver,
    /// More than the offer is for, or less than is lent.
    AmountOutOfRange,
    /// Nobody lends in this currency now.
    NoFunder,
    /// Sales of the merchant are being shared among its liens; a new one has to wait.
    UnitUnderWay,
}

impl Refusal {
    /// The reason in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::NotAgreed => "a member is unknown or suspended, or has no agreement for this currency",
            Refusal::AmountZero => "an amount of nothing",
            Refusal::RepeatInconsistent => "this key was used for something else",
            Refusal::Unknown => "nothing is known by this key",
            Refusal::NotReserved => "no money is held for this",
            Refusal::Contradicts => "it is not what was said before, or not what may be paid",
            Refusal::LienDiffers => "the lien on the chain has other terms than were drawn on",
            Refusal::TooEarly => "the block came before this delivery's time was over",
            Refusal::OnlyByEvent => "no absence ends this, only the chain's own event",
            Refusal::UnknownMerchant => "this acquirer has no such merchant",
            Refusal::UnknownOffer => "this acquirer has no such offer",
            Refusal::OfferOver => "the offer is over",
            Refusal::AmountOutOfRange => "more than the offer is for, or less than is lent",
            Refusal::NoFunder => "nobody lends in this currency now",
            Refusal::UnitUnderWay => "sales of this merchant are being settled; ask again later",
        }
    }
}

impl Deliveries {
    /// What becomes true when this is asked, if anything: what is known by the same key and is the same is left as it
    /// is. Offers are decided by [`Deliveries::offered`].
    pub(crate) fn decide(&self, ctx: &Context<'_>, asked: &Asked) -> Result<Option<Event>, Refusal> {
        match asked {
            Asked::Locked { key, part, funder, to, price, until } => {
                let what = What::Sale { part: *part, to: *to };
                self.begin_once(ctx, self.begun(*key, what, *funder, *price, Some(*until)))
            }
            Asked::Pay { key, certificate, payer, from, principal, interest_minor, until } => {
                let minor = principal.minor.checked_add(*interest_minor).ok_or(Refusal::Contradicts)?;
                let what = What::Redemption {
                    certificate: *certificate,
                    payer: *payer,
                    interest_minor: *interest_minor,
                };
                let amount = Amount::new(principal.currency, minor);
                self.begin_once(ctx, self.begun(*key, what, *from, amount, Some(*until)))
            }
            Asked::Mandate(mandate) => self.mandated(ctx, mandate),
            Asked::Grant(offer) => self.granted(ctx, offer),
            Asked::Draw { acquirer, offer, amount } => self.draw(ctx, *acquirer, *offer, *amount),
            Asked::Said { about, word } => self.said(ctx, about, word),
            Asked::Offer { .. } => Ok(None),
        }
    }

    pub(super) fn begun(
        &self,
        key: Hash,
        what: What,
        from: MemberId,
        amount: Amount,
        until: Option<Time>,
    ) -> Begun {
        Begun { number: self.next_number(), key, what, from, amount, until }
    }

    pub(super) fn begin_once(&self, ctx: &Context<'_>, begun: Begun) -> Result<Option<Event>, Refusal> {
        if let Some(known) = self.find(&begun.key) {
            let same = Begun { number: known.begun.number, ..begun } == *known.begun;
            return if same { Ok(None) } else { Err(Refusal::RepeatInconsistent) };
        }
        if begun.amount.is_zero() {
            return Err(Refusal::AmountZero);
        }
        agreed(ctx, begun.from, begun.amount.currency)?;
        if let What::Sale { to, .. } = begun.what {
            agreed(ctx, to, begun.amount.currency)?;
        }
        Ok(Some(Event::Begun(Arc::new(begun))))
    }

    fn said(&self, ctx: &Context<'_>, about: &About, word: &Word) -> Result<Option<Event>, Refusal> {
        let delivery = self.find_about(about).ok_or(Refusal::Unknown)?;
        lifecycle::next(delivery, &self.step(ctx, delivery, word)?, ctx.now)
    }

    /// Whether shares are what this delivery can pay: to the right payees, no more than is held, no more than is owed.
    pub(super) fn may_be_paid(
        &self,
        ctx: &Context<'_>,
        delivery: &Delivery,
        shares: &[Share],
    ) -> Result<(), Refusal> {
        let Begun { what, amount, .. } = &*delivery.begun;
        let sum = total(shares);
        let whole = sum == u128::from(amount.minor);
        let fits = match what {
            What::Sale { part, to } => {
                matches!(shares, [share] if share.to == *to && share.of == *part) && whole
            }
            What::Redemption { .. } => whole,
            What::Advance { offer } => {
                let acquirer = self.offer(*offer).map(|offered| offered.acquirer);
                let is_new =
                    |of| delivery.stage == Stage::Done || self.advances.iter().all(|one| one.key != of);
                matches!(shares, [share] if Some(share.to) == acquirer && is_new(share.of)) && whole
            }
            // Of a unit that was paid, the advances have moved on since: a repetition is compared, not judged again.
            What::Unit { .. } if delivery.stage == Stage::Done => true,
            What::Unit { merchant, .. } => {
                sum <= u128::from(amount.minor)
                    && (1..shares.len()).all(|end| shares[..end].iter().all(|one| one.of != shares[end].of))
                    && shares.iter().all(|share| self.is_owed(*merchant, amount.currency, share))
            }
        };
        let account = |share: &Share| account_id(share.to, amount.currency, Purpose::Position);
        let known = shares.iter().all(|share| ctx.book.account(account(share)).is_some());
        if fits && known && shares.len() <= SHARES_MAX { Ok(()) } else { Err(Refusal::Contradicts) }
    }
}

/// Whether a member takes part and has an account in the currency.
pub(super) fn agreed(ctx: &Context<'_>, member: MemberId, currency: Currency) -> Result<(), Refusal> {
    let active = ctx.directory.member(member).is_some_and(|known| known.standing == Standing::Active);
    let has_account = ctx.book.account(account_id(member, currency, Purpose::Position)).is_some();
    if active && has_account { Ok(()) } else { Err(Refusal::NotAgreed) }
}
