//! What the state keeps of the chain, its members and the programmes they agreed on.

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{KeyGrant, MemberId, Roles, Validator};
use crate::transaction::{MemberStatus, Minor, SetProgramme};

record! {
    /// The chain itself.
    ChainRecord {
        /// Its id.
        chain: Hash,
        /// Blocks that a lost key's replacement by governance waits.
        recovery_blocks: u64,
    }
}

record! {
    /// A member.
    MemberRecord {
        /// What it may be.
        roles: Roles,
        /// Whether it takes part.
        status: MemberStatus,
        /// Salted hash of the attestation that it is known.
        attestation: Hash,
        /// From this amount on it takes two of its keys.
        two_keys_from: Option<Minor>,
        /// Its keys, past ones too.
        keys: Vec<KeyGrant>,
    }
}

record! {
    /// A party that a member vouches for.
    PartyRecord {
        /// The member.
        sponsor: MemberId,
    }
}

record! {
    /// Nonces that a sender has used.
    NonceRecord {
        /// The highest.
        highest: u64,
        /// Bit `n` tells whether `highest − n` was used, of [`crate::envelope::NONCE_WINDOW`].
        used: [u8; 128],
    }
}

record! {
    /// A programme and what is owed under it.
    ProgrammeRecord {
        /// The terms.
        terms: SetProgramme,
        /// What the buyer owes: faces accepted less what it paid.
        owed: Minor,
        /// What the guarantor stands in for.
        guaranteed: Minor,
        /// What the buyer owes the guarantor.
        reimbursable: Minor,
    }
}

record! {
    /// The validators of the epochs from one on.
    ValidatorsRecord {
        /// The validators.
        validators: Vec<Validator>,
    }
}
