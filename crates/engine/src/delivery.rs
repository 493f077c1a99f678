//! Money that moves when, and only when, the receivables chain says so: the price of a part, an advance to a merchant,
//! what is paid on a certificate, what liens take of a merchant's sales. It is held before the chain is told, moved
//! on the chain's final word and released on it; no clock of ours releases what was held. Knows the chain's words,
//! not the chain.

mod advance;
mod asked;
mod due;
mod history;
mod lifecycle;
mod offer;
mod postings;
mod sales;
mod turn;
mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use directory::{Directory, MemberId, MerchantId, Time};
use ledger::Ledger;
use money::{Amount, Currency};
use receivables::Hash;
use receivables::hash::sha256;
use receivables::transaction::Payer;
use rustc_hash::FxHashMap;
use switch::Switch;

pub use advance::{Advance, Lien};
pub use asked::{Asked, Refusal};
pub(crate) use due::Due;
pub use offer::{Mandate, OfferAnswer, OfferMade, Offered};
pub(crate) use postings::{held, of_event};
use sales::Sales;
pub use word::{About, Secured, Word, heard};

/// Shares of one delivery: as many as a list of the chain holds.
pub const SHARES_MAX: usize = receivables::codec::LIST_MAX;
/// So long before the chain takes no proof any more, nothing is held for it: the proof would come too late.
const MARGIN_MS: u64 = 2_000;
/// What liens take of a day's sales is asked of an acquirer for so long; then it is an operator's exception.
const UNIT_LIMIT_MS: u64 = 30 * 86_400_000;

/// What money is to be moved for, as it was asked. Never changes afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begun {
    /// Counts deliveries from 1.
    pub number: u64,
    /// What it is known by outside: a lock's key, or what the asker chose.
    pub key: Hash,
    /// What it is for.
    pub what: What,
    /// Who pays.
    pub from: MemberId,
    /// The most that moves.
    pub amount: Amount,
    /// From then on the chain takes no proof of it; none: it always does.
    pub until: Option<Time>,
}

/// What a delivery is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// The price of a part that the chain has locked.
    Sale {
        /// The part.
        part: Hash,
        /// Who is paid for the seller.
        to: MemberId,
    },
    /// A certificate is paid: to its holders, as the chain shares it.
    Redemption {
        /// The certificate.
        certificate: Hash,
        /// In whose stead.
        payer: Payer,
        /// Of the amount, what is late interest, in minor units.
        interest_minor: u64,
    },
    /// An advance is paid out once its lien stands.
    Advance {
        /// The offer that was taken.
        offer: u64,
    },
    /// Liens on a merchant's sales are repaid.
    Unit {
        /// The merchant.
        merchant: MerchantId,
        /// The network's day up to which sales are in it, since 1970.
        day: u32,
        /// Sales less what was given back, in minor units.
        net_minor: u64,
    },
}

/// Where a delivery is in its life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// Nothing is held yet: who pays has not enough.
    Begun,
    /// Held; the chain may be told.
    Reserved,
    /// It came in, and a court keeps it from the payees.
    Withheld,
    /// Moved.
    Done,
    /// Nothing is held any more and nothing moved.
    Released,
}

/// What one payee gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// The payee, or the member that is paid for it.
    pub to: MemberId,
    /// How much.
    pub minor: u64,
    /// The part or the advance on the chain that it is for.
    pub of: Hash,
}

/// What becomes true about deliveries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Money is to be moved.
    Begun(Arc<Begun>),
    /// It is held.
    Reserved {
        /// Which delivery.
        number: u64,
    },
    /// It came in and is kept back.
    Withheld {
        /// Which delivery.
        number: u64,
        /// Who will get it.
        shares: Vec<Share>,
    },
    /// It moved.
    Done {
        /// Which delivery.
        number: u64,
        /// Who got it.
        shares: Vec<Share>,
    },
    /// It will not move.
    Released {
        /// Which delivery.
        number: u64,
    },
    /// A funder says on what terms it lends to merchants; replaces its last word for the currency.
    Mandated(Mandate),
    /// A merchant may draw an advance.
    Offered(Arc<Offered>),
}

/// One delivery as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// What was asked.
    pub begun: Arc<Begun>,
    /// When.
    pub begun_at: Time,
    /// How far it is.
    pub stage: Stage,
    /// Who got it, or will.
    pub shares: Vec<Share>,
}

/// What the chain is told that the money of the delivery with this key is known by.
pub fn reference(key: &Hash) -> Hash {
    sha256(&[b"sojourn delivery", key])
}

/// What the chain is to be told about a delivery: a function of its stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Awaits {
    /// That the money is held, with [`Delivery::reference`].
    Proof,
    /// That its time is over; and whether the proof was taken before.
    End,
}

impl Delivery {
    /// What the chain is told that the money is known by.
    pub fn reference(&self) -> Hash {
        reference(&self.begun.key)
    }

    /// What is needed from the chain now.
    pub fn awaits(&self, now: Time) -> Option<Awaits> {
        let over = self.begun.until.is_some_and(|until| until <= now);
        match self.stage {
            Stage::Begun if over => Some(Awaits::End),
            Stage::Reserved if over => Some(Awaits::End),
            Stage::Reserved => Some(Awaits::Proof),
            Stage::Begun | Stage::Withheld | Stage::Done | Stage::Released => None,
        }
    }

    /// Whether a proof could still be in time.
    fn in_time(&self, now: Time) -> bool {
        self.begun.until.is_none_or(|until| now.plus_ms(MARGIN_MS) < until)
    }

    fn is_unit_of(&self, of: MerchantId, currency: Currency) -> bool {
        matches!(self.begun.what, What::Unit { merchant, .. } if merchant == of)
            && self.begun.amount.currency == currency
    }

    /// What the book holds for it.
    fn holds(&self) -> bool {
        self.stage == Stage::Reserved
    }
}

/// What deciding may look at.
pub(crate) struct Context<'a> {
    pub(crate) now: Time,
    pub(crate) directory: &'a Directory,
    pub(crate) book: &'a dyn Ledger,
    pub(crate) switch: &'a Switch,
}

/// All deliveries, and what merchants were offered and owe.
#[derive(Debug, Default)]
pub struct Deliveries {
    all: Vec<Delivery>,
    by_key: FxHashMap<Hash, u64>,
    by_reference: FxHashMap<Hash, u64>,
    open: BTreeSet<u64>,
    pub(crate) mandates: BTreeMap<(MemberId, Currency), Mandate>,
    pub(crate) offers: Vec<Arc<Offered>>,
    pub(crate) advances: Vec<Advance>,
    pub(crate) sales: BTreeMap<(MerchantId, Currency), Sales>,
    due: BTreeSet<(Time, Due)>,
}

impl Deliveries {
    /// A delivery by its number.
    pub fn delivery(&self, number: u64) -> Option<&Delivery> {
        self.all.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// A delivery by its key.
    pub fn find(&self, key: &Hash) -> Option<&Delivery> {
        self.by_key.get(key).and_then(|number| self.delivery(*number))
    }

    /// The delivery that the chain means.
    pub fn find_about(&self, about: &About) -> Option<&Delivery> {
        match about {
            About::Key(key) => self.find(key),
            About::Reference(reference) => {
                self.by_reference.get(reference).and_then(|number| self.delivery(*number))
            }
        }
    }

    /// All deliveries, in order.
    pub fn all(&self) -> impl Iterator<Item = &Delivery> {
        self.all.iter()
    }

    /// Those that are not over, in order.
    pub fn open(&self) -> impl Iterator<Item = &Delivery> {
        self.open.iter().filter_map(|number| self.delivery(*number))
    }

    /// All advances that were paid out, in order.
    pub fn advances(&self) -> &[Advance] {
        &self.advances
    }

    /// Whether liens will take something of sales once their day is over.
    pub fn has_sales_to_share(&self) -> bool {
        self.due.iter().any(|(_, due)| matches!(due, Due::Sales(..)))
    }

    /// An offer by its number.
    pub fn offer(&self, number: u64) -> Option<&Arc<Offered>> {
        self.offers.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Funders' standing terms and all offers, as facts.
    pub(crate) fn terms(&self) -> Vec<Event> {
        let mandates = self.mandates.values().cloned().map(Event::Mandated);
        mandates.chain(self.offers.iter().cloned().map(Event::Offered)).collect()
    }

    /// What becomes true when the money is there or not, or a limit has passed.
    pub(crate) fn looked_at(&self, number: u64, ctx: &Context<'_>) -> Option<Event> {
        let delivery = self.delivery(number)?;
        let next = |step| lifecycle::next(delivery, &step, ctx.now).expect("a look refuses nothing");
        let there = || delivery.in_time(ctx.now) && postings::is_there(delivery, ctx.book);
        next(lifecycle::Step::Due).or_else(|| next(lifecycle::Step::Funded(there())))
    }

    /// The delivery that something asked is about, if it is known.
    pub(crate) fn meant(&self, asked: &Asked) -> Option<&Delivery> {
        match asked {
            Asked::Locked { key, .. } | Asked::Pay { key, .. } => self.find(key),
            Asked::Said { about, .. } => self.find_about(about),
            Asked::Draw { offer, .. } => self.find(&advance::draw_key(*offer)),
            Asked::Mandate(_) | Asked::Offer { .. } | Asked::Grant(_) => None,
        }
    }

    /// The delivery that a fact is about, as it was before.
    pub(crate) fn of_event(&self, event: &Event) -> Option<&Delivery> {
        match event {
            Event::Reserved { number }
            | Event::Withheld { number, .. }
            | Event::Done { number, .. }
            | Event::Released { number } => self.delivery(*number),
            Event::Begun(_) | Event::Mandated(_) | Event::Offered(_) => None,
        }
    }

    /// Makes a fact true.
    pub(crate) fn apply(&mut self, event: &Event, at: Time) {
        match event {
            Event::Begun(begun) => self.begin(begun, at),
            Event::Reserved { number } => self.to(*number, Stage::Reserved, &[]),
            Event::Withheld { number, shares } => self.to(*number, Stage::Withheld, shares),
            Event::Done { number, shares } => {
                self.to(*number, Stage::Done, shares);
                self.repay(*number, shares, at);
            }
            Event::Released { number } => {
                self.to(*number, Stage::Released, &[]);
                self.watch_after(*number);
            }
            Event::Mandated(mandate) => {
                self.mandates.insert((mandate.funder, mandate.lent_max.currency), mandate.clone());
            }
            Event::Offered(offered) => self.offers.push(offered.clone()),
        }
    }

    /// Sales that waited for an advance to be paid out or not are looked at again.
    fn watch_after(&mut self, number: u64) {
        let Some(What::Advance { offer }) = self.delivery(number).map(|one| one.begun.what.clone()) else {
            return;
        };
        if let Some(offered) = self.offer(offer).cloned() {
            self.watch_sales(offered.merchant, offered.limit.currency);
        }
    }

    fn begin(&mut self, begun: &Arc<Begun>, at: Time) {
        if let What::Unit { merchant, day, .. } = begun.what {
            self.sales_closed(merchant, begun.amount.currency, day);
        }
        self.by_key.insert(begun.key, begun.number);
        self.by_reference.insert(reference(&begun.key), begun.number);
        self.open.insert(begun.number);
        self.all.push(Delivery { begun: begun.clone(), begun_at: at, stage: Stage::Begun, shares: vec![] });
        self.due.insert((at, Due::Delivery(begun.number)));
    }

    fn to(&mut self, number: u64, stage: Stage, shares: &[Share]) {
        let place = usize::try_from(number).expect("it is in memory") - 1;
        let delivery = self.all.get_mut(place).expect("deciding has found it");
        delivery.stage = stage;
        delivery.shares = shares.to_vec();
        if matches!(stage, Stage::Done | Stage::Released) {
            self.open.remove(&number);
        }
    }

    fn next_number(&self) -> u64 {
        self.all.len() as u64 + 1
    }
}
