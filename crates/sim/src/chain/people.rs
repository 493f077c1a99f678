//! Who trades on the chain: suppliers propose what buyers accept, parts are split, passed on and sold at posted rates,
//! buyers pay, courts freeze, funders offer advances and merchants draw them.

use std::collections::BTreeMap;

use directory::{MemberId, MerchantId};
use engine::Engine;
use engine::delivery::{Asked, Mandate, Offered};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::hash::sha256;
use receivables::identity::{Party, PublicKey, Vouch};
use receivables::state::Decision;
use receivables::transaction::{
    CertificateRef, DayCount, ExpireLock, Freeze, Offer, PartId, Payer, PostRate, Propose, RateBand,
    SetProgramme, Split, TakeOffer, Transaction, Transfer,
};

use super::adapter::Signs;
use super::{Chain, GOVERNORS, SETTLER, currency, day, key, pseudonym, vouch};
use crate::cast::{Cast, worth};
use crate::hands::Hands;
use crate::plan::pick;

/// Who they are.
pub(super) struct People {
    /// Owes: the first acquirer, in the stead of one of its large merchants.
    buyer: MemberId,
    /// Buy parts and lend: the FX providers, which have every currency.
    funders: Vec<MemberId>,
    merchants: u32,
    pub(super) currency: Currency,
    pub(super) trades: u32,
    suppliers: u64,
    asked: u64,
    granted: u64,
    pub(super) signs: BTreeMap<u64, Signs>,
}

impl People {
    pub(super) fn new(cast: &Cast) -> People {
        People {
            buyer: cast.acquirers[0].member,
            funders: cast.providers.clone(),
            merchants: u32::try_from(cast.acquirers[0].merchants.len()).expect("a few merchants"),
            currency: currency(cast),
            trades: 0,
            suppliers: 0,
            asked: 0,
            granted: 0,
            signs: BTreeMap::new(),
        }
    }

    pub(super) fn members(&self) -> Vec<u32> {
        self.funders.iter().chain([&self.buyer]).map(|member| member.0).collect()
    }
}

impl Chain {
    /// Governance's programme and the funders' tables.
    pub(super) fn first_terms(&mut self) {
        let (buyer, currency) = (self.people.buyer.0, self.people.currency);
        let programme = SetProgramme {
            programme: 1,
            buyer: Party::Member(buyer),
            currency,
            buyer_class: 1,
            limit: money::MINOR_MAX,
            guarantee: None,
            tenor_days_max: 180,
            basis: DayCount::Actual360,
            late_rate_ppm: 100_000,
            fee_ppm_max: 10_000,
            recourse: false,
            grace_days: 3,
            default_days: 30,
        };
        let keys: Vec<PublicKey> = GOVERNORS.iter().chain([&buyer]).map(|member| key(*member, 0)).collect();
        let wish = self.signed(Transaction::SetProgramme(programme), &keys, vec![]);
        self.waiting.push(wish);
        for funder in self.people.funders.clone() {
            let band = RateBand {
                buyer_class: 1,
                days_max: 180,
                amount_min: 1,
                amount_max: money::MINOR_MAX,
                rate_ppm: 60_000,
                fee: 0,
            };
            let wish = PostRate {
                funder: funder.0,
                currency,
                bands: vec![band],
                budget: money::MINOR_MAX,
                until_ms: self.time.0 + (1 << 40),
                recourse: false,
                replaces: None,
            };
            let wish = self.signed(Transaction::PostRate(wish), &[key(funder.0, 0)], vec![]);
            self.waiting.push(wish);
        }
    }

    /// Somebody does something.
    pub(super) fn trade(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        match hands.rng.u8(0..16) {
            0..=2 => self.propose(hands),
            3 => self.divide(hands),
            4 => self.pass_on(hands),
            5..=7 => self.sell(hands),
            8 | 9 => self.redeem(hands),
            10 | 11 => self.freeze(hands),
            12 => self.mandate(hands),
            13 => self.grant(hands),
            _ => self.draw(engine, hands),
        }
    }

    fn propose(&mut self, hands: &mut Hands<'_>) {
        self.people.suppliers += 1;
        let sponsor = pick(hands.rng, &self.people.funders).0;
        let supplier = pseudonym(sponsor, self.people.suppliers);
        let face = hands.rng.u64(1..=worth(self.people.currency) / 2);
        let wish = Propose {
            programme: 1,
            supplier: Party::Pseudonym(supplier),
            face,
            issue_day: day(self.time),
            due_day: day(self.time) + 90,
            tenor_reason: None,
            fingerprints: vec![sha256(&[b"invoice", &self.people.suppliers.to_be_bytes()])],
            document: [0; 32],
        };
        let signed = self.signed(Transaction::Propose(wish), &[supplier], vec![vouch(sponsor, supplier)]);
        let certificate = signed.id(self.state.chain());
        self.submit(signed, hands);
        let wish = Transaction::Accept(CertificateRef { certificate });
        let signed = self.signed(wish, &[key(self.people.buyer.0, 0)], vec![]);
        self.submit(signed, hands);
    }

    /// A part that somebody could do something with, and the key of its holder.
    fn part(&self, hands: &mut Hands<'_>) -> Option<(PartId, u64, PublicKey)> {
        let free: Vec<(PartId, u64, PublicKey)> = self
            .state
            .parts()
            .filter(|(_, part)| !part.split && part.lock.is_none() && part.paid == 0)
            .map(|(id, part)| (*id, part.amount, key_of(&part.holder)))
            .collect();
        if free.is_empty() { None } else { Some(*pick(hands.rng, &free)) }
    }

    fn divide(&mut self, hands: &mut Hands<'_>) {
        let Some((part, amount, holder)) = self.part(hands) else { return };
        if amount < 2 {
            return;
        }
        let first = hands.rng.u64(1..amount);
        let wish = Transaction::Split(Split { part, amounts: vec![first, amount - first] });
        let signed = self.signed(wish, &[holder], vec![]);
        self.submit(signed, hands);
    }

    fn pass_on(&mut self, hands: &mut Hands<'_>) {
        let Some((part, _, holder)) = self.part(hands) else { return };
        self.people.suppliers += 1;
        let sponsor = pick(hands.rng, &self.people.funders).0;
        let to = pseudonym(sponsor, self.people.suppliers);
        let wish = Transaction::Transfer(Transfer { part, to: Party::Pseudonym(to), recourse: false });
        let vouches: Vec<Vouch> = vec![vouch(sponsor, to)];
        let signed = self.signed(wish, &[holder], vouches);
        self.submit(signed, hands);
    }

    /// A holder takes a posted rate: the part is locked for a while.
    fn sell(&mut self, hands: &mut Hands<'_>) {
        let Some((part, _, holder)) = self.part(hands) else { return };
        let rates: Vec<Hash> = self.state.rates().map(|(id, _)| *id).collect();
        let Some(rate) = rates.get(hands.rng.usize(0..rates.len().max(1))) else { return };
        let wish = TakeOffer {
            part,
            offer: Offer::Posted(*rate),
            price_min: 1,
            until_ms: self.time.max(hands.now).0 + hands.rng.u64(1_000..120_000),
        };
        let signed = self.signed(Transaction::TakeOffer(wish), &[holder], vec![]);
        self.submit(signed, hands);
    }

    /// The buyer asks the network to pay a certificate, all or part of it; at times more than is owed.
    fn redeem(&mut self, hands: &mut Hands<'_>) {
        let owed: Vec<(Hash, u64)> = self
            .state
            .certificates()
            .filter(|(_, certificate)| certificate.decision == Decision::Accepted)
            .map(|(id, certificate)| (*id, certificate.unpaid()))
            .collect();
        if owed.is_empty() {
            return;
        }
        let (certificate, unpaid) = *pick(hands.rng, &owed);
        self.people.asked += 1;
        let minor = match hands.rng.u8(0..6) {
            0 => unpaid + 1,
            1..=3 => unpaid,
            _ => hands.rng.u64(1..=unpaid.max(1)),
        };
        let asked = Asked::Pay {
            key: sha256(&[b"pay", &self.people.asked.to_be_bytes()]),
            certificate,
            payer: Payer::Buyer(()),
            from: self.people.buyer,
            principal: Amount::new(self.people.currency, minor),
            interest_minor: 0,
            until: hands.now.plus_ms(hands.rng.u64(3_000..90_000)),
        };
        self.link.want(asked);
    }

    /// A court freezes a certificate or lets it go.
    fn freeze(&mut self, hands: &mut Hands<'_>) {
        let all: Vec<(Hash, bool)> = self.state.certificates().map(|(id, one)| (*id, one.frozen)).collect();
        if all.is_empty() {
            return;
        }
        let frozen: Vec<(Hash, bool)> = all.iter().copied().filter(|(_, frozen)| *frozen).collect();
        let (certificate, frozen) = match frozen.is_empty() {
            true => *pick(hands.rng, &all),
            false => *pick(hands.rng, &frozen),
        };
        self.set_frozen(certificate, !frozen, hands);
    }

    fn set_frozen(&mut self, certificate: Hash, frozen: bool, hands: &mut Hands<'_>) {
        let wish = Transaction::Freeze(Freeze { certificate, frozen, order: [1; 32] });
        let signed = self.signed(wish, &[key(SETTLER, 0)], vec![]);
        self.submit(signed, hands);
    }

    /// Everything that is frozen is let go, and locks that are over end: the world comes to rest.
    pub(super) fn thaw(&mut self, hands: &mut Hands<'_>) {
        let frozen = self.state.certificates().filter(|(_, certificate)| certificate.frozen);
        let frozen: Vec<Hash> = frozen.map(|(id, _)| *id).collect();
        frozen.into_iter().for_each(|certificate| self.set_frozen(certificate, false, hands));
        let over = self.state.parts().filter_map(|(id, part)| {
            let lock = part.lock.as_ref().filter(|lock| lock.until_ms <= self.time.0)?;
            Some(ExpireLock { part: *id, key: lock.key })
        });
        for wish in over.collect::<Vec<_>>() {
            let signed = self.signed(Transaction::ExpireLock(wish), &[key(SETTLER, 0)], vec![]);
            self.submit(signed, hands);
        }
    }

    fn mandate(&mut self, hands: &mut Hands<'_>) {
        let funder = *pick(hands.rng, &self.people.funders);
        let most = worth(self.people.currency) * 20;
        self.link.want(Asked::Mandate(Mandate {
            funder,
            lent_max: Amount::new(self.people.currency, most),
            largest_minor: most / 10,
            smallest_minor: 1,
            cost_ppm: hands.rng.u32(0..100_000),
            until: hands.now.plus_ms(400 * 86_400_000),
        }));
    }

    fn grant(&mut self, hands: &mut Hands<'_>) {
        self.people.granted += 1;
        let limit = hands.rng.u64(1..=worth(self.people.currency));
        self.link.want(Asked::Grant(Box::new(Offered {
            number: 0,
            acquirer: self.people.buyer,
            merchant: MerchantId(hands.rng.u32(1..=self.people.merchants)),
            funder: *pick(hands.rng, &self.people.funders),
            consent: sha256(&[b"consent", &self.people.granted.to_be_bytes()]),
            limit: Amount::new(self.people.currency, limit),
            cost_ppm: 40_000,
            share_ppm: *pick(hands.rng, &[20_000, 150_000, 700_000, 1_000_000]),
            cap_minor: hands.rng.u64(1..=worth(self.people.currency)),
            score: 0,
            version: [0; 32],
            until: hands.now,
        })));
    }

    /// A merchant draws what it was offered.
    fn draw(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let offers = (1..).map_while(|number| engine?.deliveries().offer(number).cloned());
        let offers: Vec<_> = offers.collect();
        if offers.is_empty() {
            return;
        }
        let offered = pick(hands.rng, &offers);
        let minor = hands.rng.u64(1..=offered.limit.minor);
        let amount = Amount::new(offered.limit.currency, minor);
        self.link.want(Asked::Draw { acquirer: offered.acquirer, offer: offered.number, amount });
    }

    /// The chain's name of a merchant.
    pub(super) fn merchant(&self, merchant: MerchantId) -> (PublicKey, Vouch) {
        let party = pseudonym(self.people.buyer.0, u64::from(merchant.0) << 32);
        (party, vouch(self.people.buyer.0, party))
    }
}

/// Who signs for a party.
fn key_of(party: &Party) -> PublicKey {
    match party {
        Party::Member(id) => key(*id, 0),
        Party::Pseudonym(pseudonym) => *pseudonym,
    }
}
