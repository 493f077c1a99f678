//! A chain of seven members with a programme, and short words to ask it for things.

use money::Currency;
use receivables::envelope::{KeySignature, vouch_bytes};
use receivables::hash::sha256;
use receivables::identity::{
    KeyGrant, MemberId, Party, PublicKey, Purposes, Role, Roles, Signature, Validator, Vouch,
};
use receivables::state::DAY_MS;
use receivables::transaction::*;
use receivables::{Block, Event, Genesis, Hash, Refusal, Signed, State};

pub(crate) const BANK: MemberId = 1;
pub(crate) const FUNDER: MemberId = 2;
pub(crate) const NETWORK: MemberId = 3;
pub(crate) const COURT: MemberId = 4;
pub(crate) const GUARANTOR: MemberId = 5;
pub(crate) const BUYER: MemberId = 6;
pub(crate) const RIVAL: MemberId = 7;
pub(crate) const GOVERNORS: [MemberId; 4] = [BANK, FUNDER, NETWORK, COURT];
pub(crate) const PROGRAMME: ProgrammeId = 1;
/// The first day, 1 January 2026.
pub(crate) const TODAY: Day = 20_454;

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) block: Block,
    nonce: u64,
}

/// A member's key: each has two.
pub(crate) fn key(member: MemberId, number: u8) -> PublicKey {
    sha256(&[b"member", &member.to_be_bytes(), &[number]])
}

/// A party that the bank vouches for.
pub(crate) fn party(number: u8) -> Party {
    Party::Pseudonym(sha256(&[b"party", &[number]]))
}

pub(crate) fn member(id: MemberId) -> Party {
    Party::Member(id)
}

pub(crate) fn hash(number: u64) -> Hash {
    sha256(&[b"hash", &number.to_be_bytes()])
}

pub(crate) fn cny() -> Currency {
    Currency::parse("CNY").unwrap()
}

/// The stand-in for Ed25519: whoever knows the key and the message can make it.
pub(crate) fn sign(key: &PublicKey, message: &[u8]) -> Signature {
    let half = sha256(&[key, message]);
    [half, half].concat().try_into().unwrap()
}

pub(crate) fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    *signature == sign(key, message)
}

pub(crate) fn registration(id: MemberId, roles: &[Role]) -> RegisterMember {
    let grant = |number| KeyGrant {
        key: key(id, number),
        purposes: Purposes::all(),
        from_height: 0,
        until_height: None,
    };
    RegisterMember {
        member: id,
        roles: Roles::of(roles),
        status: MemberStatus::Active,
        attestation: hash(u64::from(id)),
        two_keys_from: None,
        keys: vec![grant(0), grant(1)],
    }
}

pub(crate) fn validator(member: MemberId) -> Validator {
    let key = sha256(&[b"validator", &member.to_be_bytes()]);
    Validator { member, key, address: format!("127.0.0.1:{}", 9_000 + member) }
}

pub(crate) fn genesis() -> Genesis {
    let roles: [(MemberId, &[Role]); 7] = [
        (BANK, &[Role::Validator, Role::Sponsor, Role::Funder]),
        (FUNDER, &[Role::Validator, Role::Funder]),
        (NETWORK, &[Role::Validator, Role::Settler, Role::Registrar]),
        (COURT, &[Role::Validator, Role::Authority]),
        (GUARANTOR, &[Role::Guarantor]),
        (BUYER, &[]),
        (RIVAL, &[Role::Funder]),
    ];
    Genesis {
        name: "test".to_owned(),
        time_ms: u64::from(TODAY) * DAY_MS,
        epoch_blocks: 1_000,
        recovery_blocks: 100,
        members: roles.iter().map(|(id, roles)| registration(*id, roles)).collect(),
        validators: GOVERNORS.map(validator).to_vec(),
    }
}

pub(crate) fn programme() -> SetProgramme {
    SetProgramme {
        programme: PROGRAMME,
        buyer: member(BUYER),
        currency: cny(),
        buyer_class: 1,
        limit: 1_000_000,
        guarantee: Some(Guarantee { member: GUARANTOR, share_ppm: 500_000, limit: 400_000 }),
        tenor_days_max: 200,
        basis: DayCount::Actual360,
        late_rate_ppm: 100_000,
        fee_ppm_max: 10_000,
        recourse: true,
        grace_days: 3,
        default_days: 30,
    }
}

impl World {
    pub(crate) fn new() -> World {
        World::of(&genesis())
    }

    pub(crate) fn of(genesis: &Genesis) -> World {
        let state = State::genesis(genesis).unwrap();
        let block = Block { height: 1, epoch: 0, time_ms: u64::from(TODAY) * DAY_MS + 1 };
        let mut world = World { state, block, nonce: 0 };
        world.govern(Transaction::SetProgramme(programme()), &[BUYER, GUARANTOR]).unwrap();
        world
    }

    pub(crate) fn day(&self) -> Day {
        self.block.day()
    }

    pub(crate) fn pass_days(&mut self, days: u32) {
        self.block.time_ms += u64::from(days) * DAY_MS;
        self.block.height += 1;
    }

    /// Signs with these keys; parties among them are vouched for by the bank, and so are parties that are named.
    pub(crate) fn envelope(&mut self, transaction: Transaction, keys: &[PublicKey]) -> Signed {
        self.nonce += 1;
        let mut named: Vec<Party> = Vec::new();
        match &transaction {
            Transaction::Transfer(wish) => named.push(wish.to),
            Transaction::Pledge(wish) => named.push(wish.to),
            Transaction::CourtTransfer(wish) => named.push(wish.to),
            Transaction::Propose(wish) => named.push(wish.supplier),
            Transaction::RegisterUnits(wish) => named.push(wish.merchant),
            Transaction::PlaceLien(wish) => named.push(wish.merchant),
            _ => {}
        }
        let vouches = named.iter().filter_map(|party| match party {
            Party::Pseudonym(pseudonym) => Some(self.vouch(pseudonym)),
            Party::Member(_) => None,
        });
        let mut signed = Signed {
            transaction,
            sender: keys[0],
            nonce: self.nonce,
            expires_ms: self.block.time_ms + 60_000,
            vouches: vouches.collect(),
            signatures: Vec::new(),
        };
        self.seal(&mut signed, keys);
        signed
    }

    pub(crate) fn vouch(&self, pseudonym: &PublicKey) -> Vouch {
        let signature = sign(&key(BANK, 0), &vouch_bytes(self.state.chain(), pseudonym, BANK));
        Vouch { pseudonym: *pseudonym, sponsor: BANK, key: key(BANK, 0), signature }
    }

    /// Signs again what was changed.
    pub(crate) fn seal(&self, signed: &mut Signed, keys: &[PublicKey]) {
        let bytes = signed.signing_bytes(self.state.chain());
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        let by = |key: &PublicKey| KeySignature { key: *key, signature: sign(key, &bytes) };
        signed.signatures = keys.iter().map(by).collect();
    }

    pub(crate) fn run(&mut self, signed: &Signed) -> Result<Vec<Event>, Refusal> {
        let checked = self.state.check(&self.block, signed, &verify);
        let done = self.state.execute(&self.block, signed, &verify);
        assert_eq!(checked, done.as_ref().map(|_| ()).map_err(|refusal| *refusal), "admission foresees");
        done
    }

    pub(crate) fn ask(
        &mut self,
        transaction: Transaction,
        keys: &[PublicKey],
    ) -> Result<Vec<Event>, Refusal> {
        let signed = self.envelope(transaction, keys);
        self.run(&signed)
    }

    /// A party or member asks alone.
    pub(crate) fn by(&mut self, who: Party, transaction: Transaction) -> Result<Vec<Event>, Refusal> {
        let key = match who {
            Party::Member(id) => key(id, 0),
            Party::Pseudonym(pseudonym) => pseudonym,
        };
        self.ask(transaction, &[key])
    }

    /// Three of the four voting members ask, and whoever is bound by it.
    pub(crate) fn govern(
        &mut self,
        transaction: Transaction,
        bound: &[MemberId],
    ) -> Result<Vec<Event>, Refusal> {
        let keys: Vec<PublicKey> = GOVERNORS[..3].iter().chain(bound).map(|id| key(*id, 0)).collect();
        self.ask(transaction, &keys)
    }

    pub(crate) fn proposal(&self, number: u64, face: Minor, days: u32) -> Propose {
        Propose {
            programme: PROGRAMME,
            supplier: party(1),
            face,
            issue_day: self.day(),
            due_day: self.day() + days,
            tenor_reason: None,
            fingerprints: vec![hash(number)],
            document: hash(1_000_000 + number),
        }
    }

    pub(crate) fn propose(&mut self, wish: Propose) -> Result<CertificateId, Refusal> {
        let supplier = wish.supplier;
        let events = self.by(supplier, Transaction::Propose(wish))?;
        let id = events.iter().find_map(|event| match event {
            Event::Proposed(proposed) => Some(proposed.certificate),
            _ => None,
        });
        Ok(id.expect("a proposal's event"))
    }

    pub(crate) fn accept(&mut self, certificate: CertificateId) -> Result<Vec<Event>, Refusal> {
        self.by(member(BUYER), Transaction::Accept(CertificateRef { certificate }))
    }

    /// A certificate that the buyer owes to party 1, due in so many days.
    pub(crate) fn live(&mut self, number: u64, face: Minor, days: u32) -> CertificateId {
        let wish = self.proposal(number, face, days);
        let id = self.propose(wish).unwrap();
        self.accept(id).unwrap();
        id
    }

    pub(crate) fn split(&mut self, part: PartId, amounts: &[Minor]) -> Result<Vec<PartId>, Refusal> {
        let holder = self.state.part(&part).unwrap().holder;
        let wish = Split { part, amounts: amounts.to_vec() };
        let events = self.by(holder, Transaction::Split(wish))?;
        let children = events.iter().find_map(|event| match event {
            Event::PartSplit(split) => Some(split.children.iter().map(|child| child.part).collect()),
            _ => None,
        });
        Ok(children.expect("a split's event"))
    }

    pub(crate) fn transfer(
        &mut self,
        part: PartId,
        to: Party,
        recourse: bool,
    ) -> Result<Vec<Event>, Refusal> {
        let holder = self.state.part(&part).unwrap().holder;
        self.by(holder, Transaction::Transfer(Transfer { part, to, recourse }))
    }

    pub(crate) fn pay(
        &mut self,
        certificate: CertificateId,
        payer: Payer,
        principal: Minor,
        interest: Minor,
    ) -> Result<Vec<Event>, Refusal> {
        let reference = hash(2_000_000 + self.nonce);
        let wish = Pay { certificate, payer, principal, interest, reference };
        self.by(member(NETWORK), Transaction::Pay(wish))
    }

    /// The funder's table: 6 % for up to 180 days, class 1, no fee.
    pub(crate) fn rates(&mut self, budget: Minor, recourse: bool) -> Hash {
        let band = RateBand {
            buyer_class: 1,
            days_max: 180,
            amount_min: 1,
            amount_max: 1_000_000,
            rate_ppm: 60_000,
            fee: 0,
        };
        let wish = PostRate {
            funder: FUNDER,
            currency: cny(),
            bands: vec![band],
            budget,
            until_ms: self.block.time_ms + 100 * DAY_MS,
            recourse,
            replaces: None,
        };
        match &self.by(member(FUNDER), Transaction::PostRate(wish)).unwrap()[..] {
            [Event::RatePosted(posted)] => posted.rate,
            other => panic!("{other:?}"),
        }
    }

    /// The holder takes the offer; the lock's key is returned.
    pub(crate) fn take(&mut self, part: PartId, offer: Offer, price_min: Minor) -> Result<Hash, Refusal> {
        let holder = self.state.part(&part).unwrap().holder;
        let until_ms = self.block.time_ms + 3_600_000;
        let wish = TakeOffer { part, offer, price_min, until_ms };
        self.by(holder, Transaction::TakeOffer(wish))?;
        Ok(self.state.part(&part).unwrap().lock.as_ref().unwrap().key)
    }

    pub(crate) fn settle(&mut self, part: PartId, key: Hash) -> Result<Vec<Event>, Refusal> {
        let reference = hash(3_000_000 + self.nonce);
        let wish = SettleLock { part, key, reference, registries: vec![hash(9)] };
        self.by(member(NETWORK), Transaction::SettleLock(wish))
    }

    pub(crate) fn freeze(&mut self, certificate: CertificateId, frozen: bool) -> Result<Vec<Event>, Refusal> {
        let wish = Freeze { certificate, frozen, order: hash(8) };
        self.by(member(COURT), Transaction::Freeze(wish))
    }
}
