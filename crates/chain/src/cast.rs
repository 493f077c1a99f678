//! Members and suppliers for demonstration, load and simulation, and how they sign. Their keys follow from a seed:
//! nobody else may use them.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use money::Currency;
use receivables::codec::Codec as _;
use receivables::envelope::vouch_bytes;
use receivables::hash::sha256;
use receivables::identity::{KeyGrant, Party, Purpose, Purposes, Role, Roles, Validator, Vouch};
use receivables::transaction::{DayCount, MemberStatus, Propose, RegisterMember, SetProgramme, Transaction};
use receivables::{Genesis, Hash, Signed};
use ring::signature::Ed25519KeyPair;

use crate::files::public_key;

/// The payment network: proves that money moved.
pub const NETWORK: u32 = 1;
/// A bank that buys parts and vouches for suppliers.
pub const HARBOUR: u32 = 2;
/// Another bank.
pub const RIVERSIDE: u32 = 3;
/// The buyer, a large company.
pub const BUYER: u32 = 4;
/// A bank that is not there at the beginning.
pub const NEWCOMER: u32 = 5;
/// An acquirer, which vouches for its merchants; not there at the beginning.
pub const ACQUIRER: u32 = 6;
/// The buyer's programme.
pub const PROGRAMME: u32 = 1;
/// How long a transaction may wait for its block.
const LIFETIME_MS: u64 = 120_000;

/// Somebody who signs: a member's machine or a party's wallet.
pub struct Signer {
    /// Its public key.
    pub key: [u8; 32],
    pair: Ed25519KeyPair,
    nonce: AtomicU64,
}

impl Signer {
    /// The signer of a seed.
    pub fn of(seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed");
        Self { key: public_key(seed), pair, nonce: AtomicU64::new(0) }
    }

    /// The party that this wallet is.
    pub fn party(&self) -> Party {
        Party::Pseudonym(self.key)
    }

    /// A signed transaction as it is sent, and its id. `others` sign too; vouches introduce parties.
    pub fn ask(
        &self,
        chain: &Hash,
        now_ms: u64,
        transaction: Transaction,
        others: &[&Signer],
        vouches: Vec<Vouch>,
    ) -> (Hash, Vec<u8>) {
        let mut signed = Signed {
            transaction,
            sender: self.key,
            nonce: self.nonce.fetch_add(1, Ordering::Relaxed) + 1,
            expires_ms: now_ms + LIFETIME_MS,
            vouches,
            signatures: Vec::new(),
        };
        let bytes = signed.signing_bytes(chain);
        for signer in std::iter::once(self).chain(others.iter().copied()) {
            signed.sign(signer.key, signer.signature(&bytes));
        }
        (signed.id(chain), signed.encode())
    }

    /// As a member, vouches for a party.
    pub fn vouch(&self, chain: &Hash, sponsor: u32, party: &Signer) -> Vouch {
        let signature = self.signature(&vouch_bytes(chain, &party.key, sponsor));
        Vouch { pseudonym: party.key, sponsor, key: self.key, signature }
    }

    /// Its signature of a message.
    pub fn signature(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }
}

/// Everybody.
pub struct Cast {
    seed: u64,
    /// The members' machines, by number from 1.
    members: Vec<Signer>,
}

impl Cast {
    /// The cast of a seed.
    pub fn new(seed: u64) -> Self {
        let members = (NETWORK..=ACQUIRER).map(|member| Signer::of(&member_seed(seed, member)));
        Self { seed, members: members.collect() }
    }

    /// A member's machine.
    pub fn member(&self, member: u32) -> &Signer {
        let place = usize::try_from(member.saturating_sub(1)).unwrap_or(0);
        &self.members[place.min(self.members.len() - 1)]
    }

    /// A supplier's wallet.
    pub fn supplier(&self, number: u64) -> Signer {
        Signer::of(&seed_of(self.seed, "supplier", number))
    }

    /// What the chain begins with: four members, each with a validator.
    pub fn genesis(&self, time_ms: u64, epoch_blocks: u64, nodes: &[([u8; 32], SocketAddr)]) -> Genesis {
        let members = (NETWORK..=BUYER).map(|member| self.registration(member));
        let validators = (NETWORK..=BUYER).zip(nodes).map(|(member, (key, address))| Validator {
            member,
            key: *key,
            address: address.to_string(),
        });
        Genesis {
            name: format!("cast {}", self.seed),
            time_ms,
            epoch_blocks,
            recovery_blocks: 1_000,
            members: members.collect(),
            validators: validators.collect(),
        }
    }

    /// A member with its roles and its key.
    pub fn registration(&self, member: u32) -> RegisterMember {
        let roles = match member {
            NETWORK => Roles::of(&[Role::Settler, Role::Registrar, Role::Validator]),
            BUYER => Roles::of(&[Role::Sponsor, Role::Validator]),
            ACQUIRER => Roles::of(&[Role::Sponsor, Role::Registrar]),
            _ => Roles::of(&[Role::Funder, Role::Sponsor, Role::Validator]),
        };
        RegisterMember {
            member,
            roles,
            status: MemberStatus::Active,
            attestation: sha256(&[b"attestation", &member.to_be_bytes()]),
            two_keys_from: None,
            keys: self.keys(member),
        }
    }

    /// A member's machine may do everything. The network's link has a key of its own, for nothing but settling.
    fn keys(&self, member: u32) -> Vec<KeyGrant> {
        let grant = |key, purposes| KeyGrant { key, purposes, from_height: 0, until_height: None };
        let mut keys = vec![grant(self.member(member).key, Purposes::all())];
        if member == NETWORK {
            keys.push(grant(public_key(&settler_seed(self.seed)), Purposes::of(&[Purpose::Settle])));
        }
        keys
    }

    /// Governance and the buyer agree on the buyer's programme.
    pub fn programme(&self, chain: &Hash, now_ms: u64, limit: u64) -> (Hash, Vec<u8>) {
        let terms = SetProgramme {
            programme: PROGRAMME,
            buyer: Party::Member(BUYER),
            currency: currency(),
            buyer_class: 1,
            limit,
            guarantee: None,
            tenor_days_max: 180,
            basis: DayCount::Actual360,
            late_rate_ppm: 80_000,
            fee_ppm_max: 10_000,
            recourse: false,
            grace_days: 5,
            default_days: 60,
        };
        let others = [self.member(HARBOUR), self.member(RIVERSIDE), self.member(BUYER)];
        self.member(NETWORK).ask(chain, now_ms, Transaction::SetProgramme(terms), &others, Vec::new())
    }

    /// A supplier proposes a certificate over an invoice of 90 days. Introduces the supplier, whose bank is Harbour.
    pub fn proposal(
        &self,
        chain: &Hash,
        now_ms: u64,
        supplier: &Signer,
        face: u64,
        invoice: &str,
    ) -> (Hash, Vec<u8>) {
        self.proposal_by(HARBOUR, chain, now_ms, supplier, face, invoice)
    }

    /// The same with another bank: what the supplier is paid, its bank is paid for it.
    pub fn proposal_by(
        &self,
        bank: u32,
        chain: &Hash,
        now_ms: u64,
        supplier: &Signer,
        face: u64,
        invoice: &str,
    ) -> (Hash, Vec<u8>) {
        let today = u32::try_from(now_ms / receivables::state::DAY_MS).unwrap_or(u32::MAX);
        let wish = Propose {
            programme: PROGRAMME,
            supplier: supplier.party(),
            face,
            issue_day: today,
            due_day: today + 90,
            tenor_reason: None,
            fingerprints: vec![fingerprint(invoice)],
            document: sha256(&[b"document", invoice.as_bytes()]),
        };
        let vouch = self.member(bank).vouch(chain, bank, supplier);
        supplier.ask(chain, now_ms, Transaction::Propose(wish), &[], vec![vouch])
    }
}

/// The keyed hash of an invoice's normalised fields. A real key is shared by the members alone.
pub fn fingerprint(invoice: &str) -> Hash {
    sha256(&[b"key of the members", invoice.as_bytes()])
}

/// The currency of the programme.
pub fn currency() -> Currency {
    Currency::from_numeric(156).expect("the yuan is in ISO 4217")
}

/// The secret seed of the network's link.
pub fn settler_seed(seed: u64) -> [u8; 32] {
    seed_of(seed, "settler", u64::from(NETWORK))
}

/// The secret seed of a member's machine.
fn member_seed(seed: u64, member: u32) -> [u8; 32] {
    seed_of(seed, "member", u64::from(member))
}

/// A node's secret seed.
pub fn node_seed(seed: u64, node: u64) -> [u8; 32] {
    seed_of(seed, "node", node)
}

fn seed_of(seed: u64, role: &str, number: u64) -> [u8; 32] {
    sha256(&[b"cast", &seed.to_be_bytes(), role.as_bytes(), &number.to_be_bytes()])
}
