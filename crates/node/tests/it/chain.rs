//! A receivables chain in one process, for tests: the real rules over really signed transactions, a block for each, made
//! final by four validators with Ed25519 keys. Knows no network; its proof files are those that a node would hand out.

mod people;
mod proofs;

use receivables::codec::Codec;
use receivables::hash::sha256;
use receivables::identity::{MemberId, Party, PublicKey, Vouch};
use receivables::log::{Log, root_of};
use receivables::proof::Header;
use receivables::state::DAY_MS;
use receivables::transaction::{
    CertificateRef, Day, Minor, Offer, PartId, PostRate, Propose, RateBand, SetProgramme, TakeOffer,
    Transaction,
};
use receivables::{Block, Entry, Event, Genesis, Hash, Refusal, Signed, State};

pub(crate) use people::Who;
use people::{GOVERNORS, verify};

/// The payment network's node, which proves that money moved; it is a court too.
pub(crate) const SETTLER: MemberId = 3;
/// Longest that a transaction may wait for its block.
const LIFE_MS: u64 = 60_000;
const PROGRAMME: u32 = 1;

pub(crate) struct Chain {
    genesis: Genesis,
    pub(crate) state: State,
    /// The time of the last block.
    pub(crate) time_ms: u64,
    entries: Vec<Entry>,
    log: Log,
    header: Header,
    nonce: u64,
    fingerprints: u64,
}

impl Chain {
    /// A chain of this name, with a programme of `buyer` in this currency. `members` may do all that is not governance.
    pub(crate) fn new(name: &str, time_ms: u64, members: &[MemberId], buyer: MemberId, code: &str) -> Chain {
        let genesis = people::genesis(name, time_ms, members);
        let state = State::genesis(&genesis).expect("a sound genesis");
        let header = Header {
            version: 1,
            chain: genesis.chain(),
            height: 0,
            epoch: 0,
            time_ms,
            parent: [0; 32],
            body: [0; 32],
            executed_height: 0,
            events: 0,
            events_root: root_of(std::iter::empty()),
            log_size: 0,
            log_root: Log::default().root(),
            state_scheme: 1,
            state_height: 0,
            state_root: [0; 32],
            next_validators: None,
        };
        let (entries, log) = (Vec::new(), Log::default());
        let mut chain = Chain { genesis, state, time_ms, entries, log, header, nonce: 0, fingerprints: 0 };
        let programme = SetProgramme {
            programme: PROGRAMME,
            buyer: Party::Member(buyer),
            currency: money::Currency::parse(code).expect("a currency"),
            buyer_class: 1,
            limit: money::MINOR_MAX,
            guarantee: None,
            tenor_days_max: 180,
            basis: receivables::transaction::DayCount::Actual360,
            late_rate_ppm: 100_000,
            fee_ppm_max: 10_000,
            recourse: true,
            grace_days: 3,
            default_days: 30,
        };
        let mut by: Vec<Who> = GOVERNORS.map(Who::Member).to_vec();
        by.push(Who::Member(buyer));
        chain.act(Transaction::SetProgramme(programme), &by).expect("governance");
        chain
    }

    pub(crate) fn id(&self) -> Hash {
        self.genesis.chain()
    }

    pub(crate) fn day(&self) -> Day {
        Day::try_from(self.time_ms / DAY_MS).expect("before the year 11 million")
    }

    /// A block with one transaction, signed by these; parties among them are vouched for anew.
    pub(crate) fn act(&mut self, transaction: Transaction, by: &[Who]) -> Result<Vec<Event>, Refusal> {
        let signed = self.signed(transaction, by);
        self.time_ms += 1;
        let block = Block { height: self.header.height + 1, epoch: 0, time_ms: self.time_ms };
        let events = self.state.execute(&block, &signed, &verify)?;
        let id = signed.id(&self.id());
        let entry = |event: &Event| Entry {
            height: block.height,
            time_ms: block.time_ms,
            transaction: id,
            event: event.clone(),
        };
        self.block(events.iter().map(entry).collect());
        Ok(events)
    }

    /// An empty block at this time.
    pub(crate) fn pass_to(&mut self, time_ms: u64) {
        self.time_ms = self.time_ms.max(time_ms);
        self.block(Vec::new());
    }

    fn block(&mut self, entries: Vec<Entry>) {
        let leaves: Vec<Vec<u8>> = entries.iter().map(Codec::encode).collect();
        for leaf in &leaves {
            self.log.append(leaf);
        }
        self.entries.extend(entries);
        let height = self.header.height + 1;
        self.header = Header {
            height,
            time_ms: self.time_ms,
            parent: self.header.digest(),
            body: sha256(&[b"body", &height.to_be_bytes()]),
            executed_height: height,
            events: u32::try_from(leaves.len()).expect("a few"),
            events_root: root_of(leaves.iter().map(Vec::as_slice)),
            log_size: self.log.size(),
            log_root: self.log.root(),
            state_height: height,
            state_root: self.state.root(),
            ..self.header.clone()
        };
    }

    fn signed(&mut self, transaction: Transaction, by: &[Who]) -> Signed {
        self.nonce += 1;
        let chain = self.id();
        let vouch = |who: &Who| match who {
            Who::Member(_) => None,
            Who::Party(party, sponsor) => Some(people::vouch(&chain, party, *sponsor)),
        };
        let vouches: Vec<Vouch> = by.iter().filter_map(vouch).collect();
        let keys: Vec<PublicKey> = by.iter().map(Who::key).collect();
        let mut signed = Signed {
            transaction,
            sender: keys[0],
            nonce: self.nonce,
            expires_ms: self.time_ms + LIFE_MS,
            vouches,
            signatures: Vec::new(),
        };
        let bytes = signed.signing_bytes(&chain);
        for who in by {
            let signature = who.pair().sign(&bytes).as_ref().try_into().expect("64 bytes");
            signed.sign(who.key(), signature);
        }
        signed
    }

    /// A certificate that the buyer owes to this supplier in ninety days. Returns it, which is also its first part.
    pub(crate) fn certificate(&mut self, buyer: MemberId, supplier: Who, face: Minor) -> Hash {
        self.fingerprints += 1;
        let day = self.day();
        let wish = Propose {
            programme: PROGRAMME,
            supplier: supplier.as_party(),
            face,
            issue_day: day,
            due_day: day + 90,
            tenor_reason: None,
            fingerprints: vec![sha256(&[b"invoice", &self.fingerprints.to_be_bytes()])],
            document: [0; 32],
        };
        let events = self.act(Transaction::Propose(wish), &[supplier]).expect("an invoice");
        let proposed = events.iter().find_map(|event| match event {
            Event::Proposed(proposed) => Some(proposed.certificate),
            _ => None,
        });
        let certificate = proposed.expect("it was proposed");
        let accept = Transaction::Accept(CertificateRef { certificate });
        self.act(accept, &[Who::Member(buyer)]).expect("the buyer accepts");
        certificate
    }

    /// A funder's table of rates for everything.
    pub(crate) fn rate(&mut self, funder: MemberId, code: &str) -> Hash {
        let band = RateBand {
            buyer_class: 1,
            days_max: 180,
            amount_min: 1,
            amount_max: money::MINOR_MAX,
            rate_ppm: 60_000,
            fee: 0,
        };
        let wish = PostRate {
            funder,
            currency: money::Currency::parse(code).expect("a currency"),
            bands: vec![band],
            budget: money::MINOR_MAX,
            until_ms: self.time_ms + (1 << 40),
            recourse: false,
            replaces: None,
        };
        let events = self.act(Transaction::PostRate(wish), &[Who::Member(funder)]).expect("a table");
        let Event::RatePosted(posted) = &events[0] else { panic!("{events:?}") };
        posted.rate
    }

    /// The holder takes a posted rate: the part is locked for so long. Returns the lock's key and price.
    pub(crate) fn lock(&mut self, part: PartId, holder: Who, rate: Hash, for_ms: u64) -> (Hash, Minor) {
        let until_ms = self.time_ms + for_ms;
        let wish = TakeOffer { part, offer: Offer::Posted(rate), price_min: 1, until_ms };
        let events = self.act(Transaction::TakeOffer(wish), &[holder]).expect("the rate fits");
        let locked = events.iter().find_map(|event| match event {
            Event::Locked(locked) => Some((locked.key, locked.price)),
            _ => None,
        });
        locked.expect("it was locked")
    }
}
