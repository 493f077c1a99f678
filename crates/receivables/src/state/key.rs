//! What a record of the state is asked for by; the tag is the first byte of what the state tree hashes.

use crate::codec::choice;
use crate::hash::Hash;
use crate::identity::{MemberId, Pseudonym, PublicKey};
use crate::state::LienKey;
use crate::transaction::{CertificateId, PartId, ProgrammeId};

choice! {
    /// A record's key.
    Key {
        /// The chain itself: [`crate::state::ChainRecord`].
        1 = Chain(()),
        /// [`crate::state::MemberRecord`].
        2 = Member(MemberId),
        /// [`crate::state::PartyRecord`].
        3 = Party(Pseudonym),
        /// [`crate::state::NonceRecord`].
        4 = Nonce(PublicKey),
        /// [`crate::state::ValidatorsRecord`], from an epoch on.
        5 = Validators(u64),
        /// [`crate::state::ProgrammeRecord`].
        6 = Programme(ProgrammeId),
        /// [`crate::state::CertificateRecord`].
        7 = Certificate(CertificateId),
        /// [`crate::state::PartRecord`].
        8 = Part(PartId),
        /// The certificate that has a fingerprint; absent: financed by nobody here.
        9 = Fingerprint(Hash),
        /// A payment reference that was used.
        10 = Reference(Hash),
        /// [`crate::state::RateRecord`].
        11 = Rate(Hash),
        /// [`crate::state::AuctionRecord`].
        12 = Auction(Hash),
        /// [`crate::state::UnitRecord`].
        13 = Unit(Hash),
        /// [`crate::state::AdvanceRecord`].
        14 = Advance(Hash),
        /// [`crate::state::LienRecord`].
        15 = Liens(LienKey),
    }
}
