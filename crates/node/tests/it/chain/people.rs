//! Who takes part in the test chain, with real Ed25519 keys that follow from their numbers.

use receivables::envelope::vouch_bytes;
use receivables::hash::sha256;
use receivables::identity::{
    KeyGrant, MemberId, Party, PublicKey, Purposes, Role, Roles, Signature, Validator, Vouch,
};
use receivables::transaction::{MemberStatus, RegisterMember};
use receivables::{Genesis, Hash};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::SETTLER;

/// Members that vote.
pub(super) const GOVERNORS: [MemberId; 4] = [SETTLER, 1_001, 1_002, 1_003];
const TRADING: [Role; 3] = [Role::Sponsor, Role::Funder, Role::Registrar];
const GOVERNING: [Role; 3] = [Role::Settler, Role::Authority, Role::Validator];

/// Somebody on the chain.
#[derive(Clone, Copy)]
pub(crate) enum Who {
    /// A member.
    Member(MemberId),
    /// A party by its number, and who vouches for it.
    Party(u64, MemberId),
}

impl Who {
    pub(super) fn pair(&self) -> Ed25519KeyPair {
        match self {
            Who::Member(member) => pair(b"member", &member.to_be_bytes()),
            Who::Party(number, _) => pair(b"party", &number.to_be_bytes()),
        }
    }

    pub(super) fn key(&self) -> PublicKey {
        public(&self.pair())
    }

    pub(crate) fn as_party(&self) -> Party {
        match self {
            Who::Member(member) => Party::Member(*member),
            Who::Party(..) => Party::Pseudonym(self.key()),
        }
    }
}

pub(super) fn pair(kind: &[u8], number: &[u8]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&sha256(&[kind, number])).expect("32 bytes")
}

pub(super) fn public(pair: &Ed25519KeyPair) -> PublicKey {
    pair.public_key().as_ref().try_into().expect("32 bytes")
}

pub(super) fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

pub(super) fn vouch(chain: &Hash, party: &u64, sponsor: MemberId) -> Vouch {
    let (pseudonym, by) = (Who::Party(*party, sponsor).key(), Who::Member(sponsor));
    let signature = by.pair().sign(&vouch_bytes(chain, &pseudonym, sponsor));
    let signature = signature.as_ref().try_into().expect("64 bytes");
    Vouch { pseudonym, sponsor, key: by.key(), signature }
}

/// The validators' keys in the order of certificates.
pub(super) fn validators() -> Vec<Ed25519KeyPair> {
    let mut pairs: Vec<Ed25519KeyPair> = GOVERNORS.iter().map(validator).collect();
    pairs.sort_unstable_by_key(public);
    pairs
}

fn validator(member: &MemberId) -> Ed25519KeyPair {
    pair(b"validator", &member.to_be_bytes())
}

pub(super) fn genesis(name: &str, time_ms: u64, members: &[MemberId]) -> Genesis {
    let member = |(id, roles): (MemberId, &[Role])| {
        let key = Who::Member(id).key();
        let grant = KeyGrant { key, purposes: Purposes::all(), from_height: 0, until_height: None };
        RegisterMember {
            member: id,
            roles: Roles::of(roles),
            status: MemberStatus::Active,
            attestation: [0; 32],
            two_keys_from: None,
            keys: vec![grant],
        }
    };
    let all = members.iter().map(|id| (*id, &TRADING[..]));
    let all = all.chain(GOVERNORS.iter().map(|id| (*id, &GOVERNING[..])));
    Genesis {
        name: name.to_owned(),
        time_ms,
        epoch_blocks: 1 << 40,
        recovery_blocks: 100,
        members: all.map(member).collect(),
        validators: GOVERNORS
            .iter()
            .map(|id| Validator { member: *id, key: public(&validator(id)), address: String::new() })
            .collect(),
    }
}
