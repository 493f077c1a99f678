//! What members ask of each other: who takes part, under which programmes, and what courts order.

use money::Currency;

use super::{CertificateId, Minor, PartId, Ppm, ProgrammeId};
use crate::codec::{code, record};
use crate::hash::Hash;
use crate::identity::{KeyGrant, MemberId, Party, PublicKey, Roles, Validator};

code! {
    /// Whether a member takes part.
    MemberStatus {
        /// Takes part.
        0 = Active,
        /// Its keys count for nothing, nor do those it vouched for.
        1 = Suspended,
    }
}

record! {
    /// See [`crate::Transaction::RegisterMember`]. For a known member the keys are added and all else replaced.
    RegisterMember {
        /// Its number, chosen by governance.
        member: MemberId,
        /// What it may be.
        roles: Roles,
        /// Whether it takes part.
        status: MemberStatus,
        /// Salted hash of the attestation that it is known (KYC).
        attestation: Hash,
        /// From this amount on, disposing and accepting ask for two of its keys.
        two_keys_from: Option<Minor>,
        /// Its new keys.
        keys: Vec<KeyGrant>,
    }
}

record! {
    /// See [`crate::Transaction::RotateKey`]. Signed by the old key and a governing key of the same member; or, for a lost
    /// key, by governance with a waiting time.
    RotateKey {
        /// The member.
        member: MemberId,
        /// The key that ends.
        old: PublicKey,
        /// The key that follows, or none.
        new: Option<PublicKey>,
        /// First height at which the old key no longer counts and the new one does.
        from_height: u64,
    }
}

code! {
    /// Days in a year for interest, by the custom of the currency's market.
    DayCount {
        /// Actual days over 360.
        0 = Actual360,
        /// Actual days over 365.
        1 = Actual365,
    }
}

record! {
    /// A guarantor stands in for a share of each certificate.
    Guarantee {
        /// The guarantor.
        member: MemberId,
        /// Share of the face it stands in for.
        share_ppm: Ppm,
        /// Most it stands in for at once, over the whole programme.
        limit: Minor,
    }
}

record! {
    /// See [`crate::Transaction::SetProgramme`].
    SetProgramme {
        /// Its number.
        programme: ProgrammeId,
        /// Who owes; never changes.
        buyer: Party,
        /// The currency; never changes.
        currency: Currency,
        /// Class of the buyer in posted rates.
        buyer_class: u8,
        /// Most the buyer may owe at once.
        limit: Minor,
        /// Who stands in for it.
        guarantee: Option<Guarantee>,
        /// Days from issue to due, at most 365.
        tenor_days_max: u16,
        /// Day count of discounts and late interest.
        basis: DayCount,
        /// Late interest a year.
        late_rate_ppm: Ppm,
        /// Most that a funder's fee may be, as a share of the amount.
        fee_ppm_max: Ppm,
        /// Whether holders may pass on with recourse.
        recourse: bool,
        /// Days after due until a certificate is overdue.
        grace_days: u16,
        /// Further days until it is defaulted.
        default_days: u16,
    }
}

record! {
    /// See [`crate::Transaction::Freeze`].
    Freeze {
        /// The certificate.
        certificate: CertificateId,
        /// Frozen or free.
        frozen: bool,
        /// Salted hash of the order.
        order: Hash,
    }
}

record! {
    /// See [`crate::Transaction::CourtTransfer`].
    CourtTransfer {
        /// The part.
        part: PartId,
        /// Whose it is now.
        to: Party,
        /// Salted hash of the order.
        order: Hash,
    }
}

record! {
    /// See [`crate::Transaction::SetValidators`].
    SetValidators {
        /// The epoch they serve from.
        epoch: u64,
        /// At least four.
        validators: Vec<Validator>,
    }
}
