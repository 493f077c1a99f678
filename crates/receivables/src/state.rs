//! The state: who takes part, what is owed, whose it is. A transaction is decided into events without changing
//! anything, and events change it: all or nothing. Time is the block's. Knows no consensus and no storage.

mod admission;
mod apply;
mod key;
mod records;
mod rules;
mod table;

pub use key::Key;
pub use records::{
    AdvanceRecord, AuctionRecord, BidRecord, CertificateRecord, ChainRecord, Decision, LienKey, LienRecord,
    LockRecord, MemberRecord, NonceRecord, PartRecord, PartyRecord, PledgeRecord, ProgrammeRecord,
    RateRecord, Stage, Terms, UnitRecord, ValidatorsRecord,
};
pub use rules::{
    BIDS_MAX, FINGERPRINTS_MAX, LIENS_MAX, LOCK_MS_MAX, PARTS_MAX, PROPOSAL_DAYS, RECOURSE_MAX,
    TENOR_DAYS_MAX, TENOR_DAYS_USUAL, unit_id,
};

use std::collections::BTreeMap;

use crate::codec::{Codec, Malformed, Reader};
use crate::envelope::{Signed, Verify};
use crate::event::Event;
use crate::genesis::Genesis;
use crate::hash::{Hash, sha256};
use crate::identity::{MemberId, Party, Pseudonym, PublicKey, Validator};
use crate::proof::StateProof;
use crate::refusal::Refusal;
use crate::transaction::{CertificateId, Day, PartId, ProgrammeId, SetValidators, TimeMs};
use crate::tree::Tree;

use admission::Case;
use table::Table;

/// Milliseconds of a day.
pub const DAY_MS: TimeMs = 86_400_000;

/// Where and when a transaction is executed: all that the rules know of the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The block's height.
    pub height: u64,
    /// The block's epoch.
    pub epoch: u64,
    /// The block's time.
    pub time_ms: TimeMs,
}

impl Block {
    /// The day in UTC.
    pub fn day(&self) -> Day {
        Day::try_from(self.time_ms / DAY_MS).unwrap_or(Day::MAX)
    }
}

/// The whole state. See the module.
#[derive(Debug, Clone)]
pub struct State {
    chain: ChainRecord,
    tables: Tables,
    /// Whose a key is; follows from the members.
    owners: BTreeMap<PublicKey, MemberId>,
    tree: Tree,
}

impl State {
    /// The state before the first block. Refused if the members or validators could not be registered by governance.
    pub fn genesis(genesis: &Genesis) -> Result<State, Refusal> {
        let chain = ChainRecord { chain: genesis.chain(), recovery_blocks: genesis.recovery_blocks };
        let mut state = State::empty(chain);
        for member in &genesis.members {
            if state.tables.members.record(&member.member).is_some() {
                return Err(Refusal::Exists);
            }
            state.check_member(member)?;
            state.apply(&Event::MemberRegistered(member.clone()), Day::default());
        }
        let first = SetValidators { epoch: 0, validators: genesis.validators.clone() };
        state.check_validators(&first)?;
        state.apply(&Event::ValidatorsSet(first), Day::default());
        Ok(state)
    }

    fn empty(chain: ChainRecord) -> State {
        let mut tables = Tables::default();
        tables.chain.insert((), chain.clone());
        State { chain, tables, owners: BTreeMap::new(), tree: Tree::default() }
    }

    /// The chain's id.
    pub fn chain(&self) -> &Hash {
        &self.chain.chain
    }

    /// Whether the transaction would be executed in this block; changes nothing.
    pub fn check(&self, block: &Block, signed: &Signed, verify: Verify<'_>) -> Result<(), Refusal> {
        self.decide(block, signed, verify).map(drop)
    }

    /// Executes the transaction: what became true, or why nothing did.
    pub fn execute(
        &mut self,
        block: &Block,
        signed: &Signed,
        verify: Verify<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let events = self.decide(block, signed, verify)?;
        self.use_nonce(&signed.sender, signed.nonce);
        for event in &events {
            self.apply(event, block.day());
        }
        Ok(events)
    }

    fn decide(&self, block: &Block, signed: &Signed, verify: Verify<'_>) -> Result<Vec<Event>, Refusal> {
        let case = Case::admit(self, block, signed, verify)?;
        let mut events = case.introductions();
        events.extend(case.decide(&signed.transaction)?);
        Ok(events)
    }

    /// The member whose share of the chain a transaction uses, by its sender's key: a flood from one must not starve
    /// the others. Checks no signature.
    pub fn answers_for(&self, signed: &Signed) -> Option<MemberId> {
        if let Some(member) = self.owners.get(&signed.sender) {
            return Some(*member);
        }
        let vouch = signed.vouches.iter().find(|vouch| vouch.pseudonym == signed.sender);
        let known = self.tables.parties.record(&signed.sender).map(|party| party.sponsor);
        known.or(vouch.map(|vouch| vouch.sponsor))
    }

    /// The root over all records. Only what changed since it was last asked is hashed.
    pub fn root(&mut self) -> Hash {
        self.tables.flush(&mut self.tree);
        self.tree.root()
    }

    /// Shows the record with this key under the root as it was last asked for, or that there was none; what changed
    /// since does not count.
    pub fn prove(&self, key: &Key) -> StateProof {
        let bytes = key.encode();
        let tree = self.tree.proof(&sha256(&[&bytes]));
        StateProof { key: bytes, value: self.tables.bytes_under_root(key), tree }
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.tables.count()
    }

    /// The whole state as canonical bytes, for a snapshot.
    pub fn dump(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.tables.write(&mut out);
        out
    }

    /// The state of a dump. Whoever restores compares [`State::root`] with a final header's.
    pub fn restore(bytes: &[u8]) -> Result<State, Malformed> {
        let mut input = Reader::new(bytes);
        let tables = Tables::read(&mut input)?;
        input.end()?;
        let chain = tables.chain.record(&()).cloned().ok_or(Malformed::Short)?;
        let mut owners = BTreeMap::new();
        for (id, member) in tables.members.iter() {
            owners.extend(member.keys.iter().map(|grant| (grant.key, *id)));
        }
        Ok(State { chain, tables, owners, tree: Tree::default() })
    }

    /// The validators of an epoch.
    pub fn validators(&self, epoch: u64) -> &[Validator] {
        self.tables.validators.last_up_to(&epoch).map_or(&[], |(_, record)| record.validators.as_slice())
    }

    /// A member.
    pub fn member(&self, id: MemberId) -> Option<&MemberRecord> {
        self.tables.members.record(&id)
    }

    /// All members by number.
    pub fn members(&self) -> impl DoubleEndedIterator<Item = (&MemberId, &MemberRecord)> {
        self.tables.members.iter()
    }

    /// Who vouches for a party.
    pub fn party(&self, pseudonym: &Pseudonym) -> Option<&PartyRecord> {
        self.tables.parties.record(pseudonym)
    }

    /// A programme.
    pub fn programme(&self, id: ProgrammeId) -> Option<&ProgrammeRecord> {
        self.tables.programmes.record(&id)
    }

    /// All programmes by number.
    pub fn programmes(&self) -> impl DoubleEndedIterator<Item = (&ProgrammeId, &ProgrammeRecord)> {
        self.tables.programmes.iter()
    }

    /// A certificate.
    pub fn certificate(&self, id: &CertificateId) -> Option<&CertificateRecord> {
        self.tables.certificates.record(id)
    }

    /// All certificates by id.
    pub fn certificates(&self) -> impl DoubleEndedIterator<Item = (&CertificateId, &CertificateRecord)> {
        self.tables.certificates.iter()
    }

    /// A part.
    pub fn part(&self, id: &PartId) -> Option<&PartRecord> {
        self.tables.parts.record(id)
    }

    /// All parts by id.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = (&PartId, &PartRecord)> {
        self.tables.parts.iter()
    }

    /// The certificate that has this fingerprint.
    pub fn fingerprint(&self, fingerprint: &Hash) -> Option<&CertificateId> {
        self.tables.fingerprints.record(fingerprint)
    }

    /// All fingerprints.
    pub fn fingerprints(&self) -> impl DoubleEndedIterator<Item = (&Hash, &CertificateId)> {
        self.tables.fingerprints.iter()
    }

    /// A table of rates.
    pub fn rate(&self, id: &Hash) -> Option<&RateRecord> {
        self.tables.rates.record(id)
    }

    /// All tables of rates.
    pub fn rates(&self) -> impl DoubleEndedIterator<Item = (&Hash, &RateRecord)> {
        self.tables.rates.iter()
    }

    /// An auction.
    pub fn auction(&self, id: &Hash) -> Option<&AuctionRecord> {
        self.tables.auctions.record(id)
    }

    /// All auctions.
    pub fn auctions(&self) -> impl DoubleEndedIterator<Item = (&Hash, &AuctionRecord)> {
        self.tables.auctions.iter()
    }

    /// A settlement unit.
    pub fn unit(&self, id: &Hash) -> Option<&UnitRecord> {
        self.tables.units.record(id)
    }

    /// All settlement units.
    pub fn units(&self) -> impl DoubleEndedIterator<Item = (&Hash, &UnitRecord)> {
        self.tables.units.iter()
    }

    /// An advance.
    pub fn advance(&self, id: &Hash) -> Option<&AdvanceRecord> {
        self.tables.advances.record(id)
    }

    /// All advances.
    pub fn advances(&self) -> impl DoubleEndedIterator<Item = (&Hash, &AdvanceRecord)> {
        self.tables.advances.iter()
    }

    /// Open advances of a merchant in the order in which they are repaid.
    pub fn liens(&self, merchant: &Party, currency: money::Currency) -> &[Hash] {
        let key = LienKey { merchant: *merchant, currency };
        self.tables.liens.record(&key).map_or(&[], |record| record.advances.as_slice())
    }
}

macro_rules! tables {
    ($($tag:literal $name:ident: $key:ty => $value:ty, $variant:ident;)*) => {
        #[derive(Debug, Clone, Default)]
        struct Tables { $($name: Table<$key, $value>,)* }

        impl Tables {
            fn flush(&mut self, tree: &mut Tree) {
                $(self.$name.flush($tag, tree);)*
            }
            fn write(&self, out: &mut Vec<u8>) {
                $(self.$name.write(out);)*
            }
            fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(Tables { $($name: Table::read(input)?,)* })
            }
            fn count(&self) -> usize {
                0 $(+ self.$name.len())*
            }
            fn bytes_under_root(&self, key: &Key) -> Option<Vec<u8>> {
                match key {
                    $(Key::$variant(key) => self.$name.bytes_under_root(key),)*
                }
            }
        }
    };
}

tables! {
    1 chain: () => ChainRecord, Chain;
    2 members: MemberId => MemberRecord, Member;
    3 parties: Pseudonym => PartyRecord, Party;
    4 nonces: PublicKey => NonceRecord, Nonce;
    5 validators: u64 => ValidatorsRecord, Validators;
    6 programmes: ProgrammeId => ProgrammeRecord, Programme;
    7 certificates: CertificateId => CertificateRecord, Certificate;
    8 parts: PartId => PartRecord, Part;
    9 fingerprints: Hash => CertificateId, Fingerprint;
    10 references: Hash => (), Reference;
    11 rates: Hash => RateRecord, Rate;
    12 auctions: Hash => AuctionRecord, Auction;
    13 units: Hash => UnitRecord, Unit;
    14 advances: Hash => AdvanceRecord, Advance;
    15 liens: LienKey => LienRecord, Liens;
}
