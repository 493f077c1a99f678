//! One story in which every transaction is asked for and every event happens, in the order of the main path.

use receivables::envelope::bid_commitment;
use receivables::identity::{Party, PublicKey, Role};
use receivables::state::unit_id;
use receivables::transaction::*;
use receivables::{Entry, Event, Signed};

use crate::invariants::hold;
use crate::world::*;

pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) told: Vec<Signed>,
    pub(crate) entries: Vec<Entry>,
}

impl Story {
    fn ask(&mut self, transaction: Transaction, keys: &[PublicKey]) -> Vec<Event> {
        let signed = self.world.envelope(transaction, keys);
        let events = self.world.run(&signed).expect("the story is sound");
        let id = signed.id(self.world.state.chain());
        let (height, time_ms) = (self.world.block.height, self.world.block.time_ms);
        let entry = |event: &Event| Entry { height, time_ms, transaction: id, event: event.clone() };
        self.entries.extend(events.iter().map(entry));
        self.told.push(signed);
        events
    }

    fn by(&mut self, who: Party, transaction: Transaction) -> Vec<Event> {
        match who {
            Party::Member(id) => self.ask(transaction, &[key(id, 0)]),
            Party::Pseudonym(pseudonym) => self.ask(transaction, &[pseudonym]),
        }
    }

    fn govern(&mut self, transaction: Transaction, bound: &[u32]) {
        let keys: Vec<PublicKey> = GOVERNORS.iter().chain(bound).map(|id| key(*id, 0)).collect();
        self.ask(transaction, &keys);
    }
}

pub(crate) fn tell(world: World) -> Story {
    let mut story = Story { world, told: Vec::new(), entries: Vec::new() };
    govern(&mut story);
    let parts = trade(&mut story);
    sell(&mut story, &parts);
    collect(&mut story);
    units(&mut story);
    hold(&story.world.state);
    story
}

fn govern(story: &mut Story) {
    story.govern(Transaction::RegisterMember(registration(9, &[Role::Funder])), &[]);
    let rotation = RotateKey { member: 9, old: key(9, 1), new: Some(key(9, 2)), from_height: 2 };
    story.ask(Transaction::RotateKey(rotation), &[key(9, 0), key(9, 1)]);
    story.govern(Transaction::SetProgramme(programme()), &[BUYER, GUARANTOR]);
    let validators = GOVERNORS.map(validator).to_vec();
    story.govern(Transaction::SetValidators(SetValidators { epoch: 2, validators }), &[]);
}

fn trade(story: &mut Story) -> Vec<PartId> {
    let rejected = story.world.proposal(1, 100_000, 90);
    let events = story.by(party(1), Transaction::Propose(rejected.clone()));
    let Some(Event::Proposed(proposed)) = events.last() else { panic!("{events:?}") };
    let wish = Reject { certificate: proposed.certificate, reason: 7 };
    story.by(member(BUYER), Transaction::Reject(wish));
    let events = story.by(party(1), Transaction::Propose(rejected));
    let Some(Event::Proposed(proposed)) = events.last() else { panic!("{events:?}") };
    let certificate = proposed.certificate;
    story.by(member(BUYER), Transaction::Accept(CertificateRef { certificate }));
    let wish = Split { part: certificate, amounts: vec![60_000, 30_000, 10_000] };
    let events = story.by(party(1), Transaction::Split(wish));
    let Some(Event::PartSplit(split)) = events.last() else { panic!("{events:?}") };
    let parts: Vec<PartId> = split.children.iter().map(|child| child.part).collect();
    let wish = Transfer { part: parts[1], to: party(2), recourse: true };
    story.by(party(1), Transaction::Transfer(wish));
    let wish = Pledge { part: parts[2], to: member(BANK), secured: 9_000 };
    story.by(party(1), Transaction::Pledge(wish));
    story.by(member(BANK), Transaction::Release(PartRef { part: parts[2] }));
    for frozen in [true, false] {
        let wish = Freeze { certificate, frozen, order: hash(4) };
        story.by(member(COURT), Transaction::Freeze(wish));
    }
    let wish = CourtTransfer { part: parts[2], to: party(3), order: hash(5) };
    story.govern(Transaction::CourtTransfer(wish), &[]);
    parts
}

fn sell(story: &mut Story, parts: &[PartId]) {
    let band = RateBand {
        buyer_class: 1,
        days_max: 180,
        amount_min: 1,
        amount_max: 90_000,
        rate_ppm: 60_000,
        fee: 0,
    };
    let until_ms = story.world.block.time_ms + 86_400_000;
    let table = PostRate {
        funder: FUNDER,
        currency: cny(),
        bands: vec![band],
        budget: 100_000,
        until_ms,
        recourse: false,
        replaces: None,
    };
    let events = story.by(member(FUNDER), Transaction::PostRate(table));
    let Some(Event::RatePosted(posted)) = events.last() else { panic!("{events:?}") };
    let offer = Offer::Posted(posted.rate);
    for settles in [false, true] {
        let until_ms = story.world.block.time_ms + 1_000;
        let wish = TakeOffer { part: parts[0], offer, price_min: 59_100, until_ms };
        let events = story.by(party(1), Transaction::TakeOffer(wish));
        let Some(Event::Locked(locked)) = events.last() else { panic!("{events:?}") };
        let (part, key) = (parts[0], locked.key);
        if settles {
            let wish = SettleLock { part, key, reference: hash(6), registries: vec![hash(7)] };
            story.by(member(NETWORK), Transaction::SettleLock(wish));
        } else {
            story.world.block.time_ms += 1_000;
            story.by(party(1), Transaction::ExpireLock(ExpireLock { part, key }));
        }
    }
    let now = story.world.block.time_ms;
    let wish = OpenAuction {
        part: parts[1],
        commit_until_ms: now + 1_000,
        reveal_until_ms: now + 2_000,
        rate_ppm_max: 90_000,
        recourse: false,
    };
    let events = story.by(party(2), Transaction::OpenAuction(wish));
    let Some(Event::AuctionOpened(opened)) = events.last() else { panic!("{events:?}") };
    let auction = opened.auction;
    let commitment = bid_commitment(story.world.state.chain(), &auction, RIVAL, 45_000, &hash(9));
    let wish = CommitBid { auction, bidder: RIVAL, commitment };
    story.by(member(RIVAL), Transaction::CommitBid(wish));
    story.world.block.time_ms += 1_000;
    let wish = RevealBid { auction, bidder: RIVAL, rate_ppm: 45_000, salt: hash(9) };
    story.by(member(RIVAL), Transaction::RevealBid(wish));
}

/// One certificate is paid in full; another defaults, comes back by recourse and is given up.
fn collect(story: &mut Story) {
    let pay = |certificate, payer, principal, reference: u64| {
        Transaction::Pay(Pay { certificate, payer, principal, interest: 0, reference: hash(reference) })
    };
    let first = story.world.state.certificates().find(|(_, one)| one.leaves.len() == 3).map(|(id, _)| *id);
    let first = first.expect("the certificate that was split");
    story.by(member(NETWORK), pay(first, Payer::Buyer(()), 100_000, 20));
    let wish = story.world.proposal(2, 5_000, 10);
    let events = story.by(party(4), Transaction::Propose(Propose { supplier: party(4), ..wish }));
    let Some(Event::Proposed(proposed)) = events.last() else { panic!("{events:?}") };
    let certificate = proposed.certificate;
    story.by(member(BUYER), Transaction::Accept(CertificateRef { certificate }));
    let wish = Transfer { part: certificate, to: party(5), recourse: true };
    story.by(party(4), Transaction::Transfer(wish));
    story.world.pass_days(43);
    story.by(member(NETWORK), pay(certificate, Payer::Guarantor(()), 1_000, 21));
    story.by(member(NETWORK), pay(certificate, Payer::Recourse(certificate), 4_000, 22));
    let wish = WriteOff { certificate, amount: 4_000, reason: 3 };
    story.by(member(NETWORK), Transaction::WriteOff(wish));
}

fn units(story: &mut Story) {
    let wish = PlaceLien {
        merchant: party(6),
        funder: FUNDER,
        currency: cny(),
        owed: 5_000,
        share_ppm: 100_000,
        cap_per_day: 1_000,
        end_day: story.world.day() + 90,
        consent: hash(10),
        reference: hash(24),
    };
    let Party::Pseudonym(merchant) = party(6) else { panic!() };
    story.ask(Transaction::PlaceLien(wish), &[merchant, key(FUNDER, 0)]);
    let unit = NewUnit { scheme: 1, currency: cny(), day: story.world.day(), amount: 2_000, fixed: true };
    let id = unit_id(NETWORK, &party(6), &unit);
    let wish = RegisterUnits { registrar: NETWORK, merchant: party(6), units: vec![unit] };
    story.by(member(NETWORK), Transaction::RegisterUnits(wish));
    let wish = AdjustUnit { unit: id, less: 100, reason: UnitReason::Refund };
    story.by(member(NETWORK), Transaction::AdjustUnit(wish));
    story.by(member(NETWORK), Transaction::SettleUnit(SettleUnit { unit: id, reference: hash(23) }));
}

/// Whoever moves the money needs no state: an event says who is paid for a party, in what currency, by which reference.
#[test]
fn an_event_says_by_itself_who_is_paid() {
    let story = tell(World::new());
    let state = &story.world.state;
    let agent_of = |party: &Party| match party {
        Party::Member(id) => *id,
        Party::Pseudonym(pseudonym) => state.party(pseudonym).expect("it takes part").sponsor,
    };
    let mut paid = Vec::new();
    for entry in &story.entries {
        match &entry.event {
            Event::Locked(one) => paid.push((one.from, one.agent, one.currency)),
            Event::Sold(one) => paid.push((one.from, one.agent, one.currency)),
            Event::RecoursePaid(one) => paid.push((one.from, one.agent, one.currency)),
            Event::LienPlaced(one) => paid.push((one.terms.merchant, one.agent, one.terms.currency)),
            Event::UnitSettled(one) => {
                let unit = state.unit(&one.unit).expect("it is there");
                assert_eq!((one.registrar, one.currency), (unit.registrar, unit.currency));
            }
            Event::Paid(one) => {
                let shares: Minor = one.shares.iter().map(|share| share.principal + share.interest).sum();
                assert_eq!(shares + one.reimbursed, one.principal + one.interest);
                assert_eq!(one.guarantor.is_some(), one.reimbursed > 0);
                paid.extend(one.shares.iter().map(|share| (share.payee, share.agent, one.currency)));
            }
            _ => {}
        }
    }
    let parties = paid.iter().filter(|(party, ..)| matches!(party, Party::Pseudonym(_))).count();
    assert!(parties > 3 && parties < paid.len(), "both parties and members are paid");
    for (party, agent, currency) in paid {
        assert_eq!((agent, currency), (agent_of(&party), cny()));
    }
}

#[test]
fn every_transaction_and_every_event_happens() {
    let story = tell(World::new());
    let mut tags: Vec<u8> = story.told.iter().map(|signed| signed.transaction.tag()).collect();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags, (1..=26).collect::<Vec<u8>>());
    let mut tags: Vec<u8> = story.entries.iter().map(|entry| entry.event.tag()).collect();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags, (1..=29).collect::<Vec<u8>>());
}
