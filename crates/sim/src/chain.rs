//! The receivables chain beside the network: the real rules as one state machine with blocks, a waiting room and
//! transactions that get lost or come twice, people who trade on it, and the link that reads what is final for the
//! network and tells the chain what the network holds. The link forgets everything now and then, as a process that
//! dies does; the chain stands still now and then, and never takes anything back.

mod adapter;
mod liar;
mod link;
mod people;
mod word;

use std::collections::BTreeMap;

use directory::Time;
use engine::Engine;
use engine::delivery::{Share, Stage};
use money::Currency;
use receivables::envelope::KeySignature;
use receivables::hash::sha256;
use receivables::identity::{KeyGrant, PublicKey, Purposes, Role, Roles, Validator, Vouch};
use receivables::state::DAY_MS;
use receivables::transaction::{MemberStatus, RegisterMember, Transaction};
use receivables::{Block, Event, Genesis, Hash, Refusal, Signed, State};

use crate::cast::Cast;
use crate::hands::Hands;
use crate::letter::{Letter, Told, Wake};
use crate::watch::Delivered;
use link::Link;
use people::People;

/// Members of the chain that are none of the network's: its own node, and those that vote beside it.
const SETTLER: u32 = 1_001;
const GOVERNORS: [u32; 4] = [SETTLER, 1_002, 1_003, 1_004];
/// A transaction's time to come into a block.
const LIFE_MS: u64 = 30_000;

/// See the module.
pub(crate) struct Chain {
    state: State,
    height: u64,
    time: Time,
    waiting: Vec<Signed>,
    /// What is final, with the time of its block.
    log: Vec<(Time, Hash, Event)>,
    /// Payments of the chain by the network's key: who was paid.
    paid: BTreeMap<Hash, Vec<Share>>,
    nonce: u64,
    link: Link,
    people: People,
    stands_still: bool,
    /// Why transactions of the last blocks were refused.
    refused: Vec<&'static str>,
}

impl Chain {
    pub(crate) fn new(cast: &Cast, start: Time) -> Result<Chain, String> {
        let people = People::new(cast);
        let text = |refusal: Refusal| format!("the chain cannot begin: {}", refusal.text());
        let genesis = genesis(&people.members(), start);
        let mut chain = Chain {
            state: State::genesis(&genesis).map_err(text)?,
            height: 0,
            time: start,
            waiting: Vec::new(),
            log: Vec::new(),
            paid: BTreeMap::new(),
            nonce: 0,
            link: Link::default(),
            people,
            stands_still: false,
            refused: Vec::new(),
        };
        chain.first_terms();
        chain.block(start);
        match chain.state.programmes().count() {
            0 => Err(format!("the chain has no programme: {:?}", chain.refused)),
            _ => Ok(chain),
        }
    }

    pub(crate) fn take(
        &mut self,
        letter: Letter,
        engine: Option<&Engine>,
        delivered: &Delivered,
        hands: &mut Hands<'_>,
    ) {
        match letter {
            Letter::Wake(Wake::Trade) if !hands.quiet && self.people.trades < hands.plan.trades => {
                self.people.trades += 1;
                self.trade(engine, hands);
                let gap = hands.plan.trade_gap_ms;
                hands.wake_in(gap / 2..gap * 2, Wake::Trade);
            }
            Letter::Wake(Wake::Block) => self.next_block(delivered, hands),
            Letter::Wake(Wake::Link) => self.wake_link(engine, hands),
            Letter::Answer { call, told: Told::Deliveries(open) } => self.work_off(call, &open, hands),
            Letter::Answer { call, told: Told::Reply(reply) } => self.link.answered(call, &reply, hands),
            _ => {}
        }
    }

    /// Hands a transaction in: it may get lost, or come twice. The first of a few begins a block.
    fn submit(&mut self, signed: Signed, hands: &mut Hands<'_>) {
        if hands.mishap(hands.plan.weather.lost) {
            hands.coverage.saw("chain", "transaction lost");
            return;
        }
        if self.waiting.is_empty() {
            hands.wake_in(20..400, Wake::Block);
        }
        let twice = hands.mishap(hands.plan.weather.doubled);
        if twice {
            self.waiting.push(signed.clone());
        }
        self.waiting.push(signed);
    }

    fn next_block(&mut self, delivered: &Delivered, hands: &mut Hands<'_>) {
        if hands.mishap(if self.stands_still { 700 } else { hands.plan.crashes }) {
            self.stands_still = true;
            hands.coverage.saw("chain", "stands still");
            hands.wake_in(1_000..20_000, Wake::Block);
            return;
        }
        self.stands_still = false;
        let before = self.log.len();
        self.block(hands.now);
        for refusal in self.refused.drain(..) {
            hands.coverage.saw("chain refused", refusal);
        }
        for (_, _, event) in &self.log[before..] {
            hands.coverage.saw("chain", event.name());
            if let Some(key) = self.taken(event)
                && delivered.stage(&key) != Some(Stage::Reserved)
            {
                let stage = delivered.stage(&key);
                hands.broken(format!("the chain took a proof while the money was {stage:?}: {event:?}"));
            }
        }
    }

    /// Executes what waits, in order.
    fn block(&mut self, now: Time) {
        self.height += 1;
        self.time = self.time.max(now);
        let block = Block { height: self.height, epoch: 0, time_ms: self.time.0 };
        for signed in std::mem::take(&mut self.waiting) {
            let id = signed.id(self.state.chain());
            match self.state.execute(&block, &signed, &|_, _, _| true) {
                Ok(events) => events.into_iter().for_each(|event| self.log.push((self.time, id, event))),
                Err(refusal) => self.refused.push(refusal.name()),
            }
        }
    }

    /// A transaction with the signatures of these keys; the first is the sender's.
    fn signed(&mut self, transaction: Transaction, keys: &[PublicKey], vouches: Vec<Vouch>) -> Signed {
        self.nonce += 1;
        sealed(transaction, self.nonce, self.time.0 + LIFE_MS, keys, vouches)
    }
}

/// The chain's key of a member; a second one signs liens, whose numbers are its nonces.
fn key(member: u32, number: u8) -> PublicKey {
    let mut key = sha256(&[b"simulated key", &member.to_be_bytes(), &[number]]);
    key[31] &= 0x3f;
    key
}

fn sealed(
    transaction: Transaction,
    nonce: u64,
    expires_ms: u64,
    keys: &[PublicKey],
    vouches: Vec<Vouch>,
) -> Signed {
    let sender = keys[0];
    let mut signatures: Vec<KeySignature> =
        keys.iter().map(|key| KeySignature { key: *key, signature: [0; 64] }).collect();
    signatures.sort_unstable_by_key(|signature| signature.key);
    signatures.dedup();
    Signed { transaction, sender, nonce, expires_ms, vouches, signatures }
}

fn genesis(members: &[u32], start: Time) -> Genesis {
    let all = [Role::Sponsor, Role::Funder, Role::Registrar];
    let ours = [Role::Settler, Role::Authority, Role::Validator];
    let member = |(member, roles): (u32, &[Role])| {
        let grant = |number| KeyGrant {
            key: key(member, number),
            purposes: Purposes::all(),
            from_height: 0,
            until_height: None,
        };
        RegisterMember {
            member,
            roles: Roles::of(roles),
            status: MemberStatus::Active,
            attestation: [0; 32],
            two_keys_from: None,
            keys: vec![grant(0), grant(1)],
        }
    };
    let others = members.iter().map(|id| (*id, &all[..]));
    let governors = GOVERNORS.iter().map(|id| (*id, &ours[..]));
    let validator = |id: &u32| Validator { member: *id, key: key(*id, 9), address: String::new() };
    Genesis {
        name: "simulated".to_owned(),
        time_ms: start.0,
        epoch_blocks: 1 << 40,
        recovery_blocks: 100,
        members: others.chain(governors).map(member).collect(),
        validators: GOVERNORS.iter().map(validator).collect(),
    }
}

/// The chain's day.
fn day(time: Time) -> u32 {
    u32::try_from(time.0 / DAY_MS).unwrap_or(u32::MAX)
}

/// Somebody who is known on the chain by this key alone.
fn pseudonym(sponsor: u32, number: u64) -> PublicKey {
    let mut key = sha256(&[b"simulated party", &sponsor.to_be_bytes(), &number.to_be_bytes()]);
    key[31] &= 0x3f;
    key
}

fn vouch(sponsor: u32, pseudonym: PublicKey) -> Vouch {
    Vouch { pseudonym, sponsor, key: key(sponsor, 0), signature: [0; 64] }
}

/// A currency that several members have: the first acquirer's, which every FX provider has too.
fn currency(cast: &Cast) -> Currency {
    cast.acquirers[0].currency
}
