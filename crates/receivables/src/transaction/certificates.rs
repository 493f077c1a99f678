//! What is asked about a certificate and its parts.

use super::{CertificateId, Day, Minor, PartId, ProgrammeId};
use crate::codec::record;
use crate::hash::Hash;
use crate::identity::Party;

record! {
    /// See [`crate::Transaction::Propose`].
    Propose {
        /// The buyer's programme.
        programme: ProgrammeId,
        /// Who is owed, and the first holder.
        supplier: Party,
        /// What is owed.
        face: Minor,
        /// The invoice's day.
        issue_day: Day,
        /// The day it is to be paid.
        due_day: Day,
        /// Why the term is above 180 days, shown to observers.
        tenor_reason: Option<u16>,
        /// Keyed hashes of the documents' normalised fields, ascending.
        fingerprints: Vec<Hash>,
        /// Salted hash of the documents.
        document: Hash,
    }
}

record! {
    /// A certificate by id.
    CertificateRef {
        /// The certificate.
        certificate: CertificateId,
    }
}

record! {
    /// See [`crate::Transaction::Reject`].
    Reject {
        /// The proposal.
        certificate: CertificateId,
        /// A reason's code, the parties' own.
        reason: u16,
    }
}

record! {
    /// See [`crate::Transaction::Split`].
    Split {
        /// The part.
        part: PartId,
        /// Amounts of the children, which add up to the part.
        amounts: Vec<Minor>,
    }
}

record! {
    /// See [`crate::Transaction::Transfer`].
    Transfer {
        /// The part.
        part: PartId,
        /// Whose it is from now on.
        to: Party,
        /// Whether the old holder answers for it if the buyer defaults.
        recourse: bool,
    }
}

record! {
    /// See [`crate::Transaction::Pledge`].
    Pledge {
        /// The part.
        part: PartId,
        /// Who is secured.
        to: Party,
        /// Most that the pledgee is paid out of it.
        secured: Minor,
    }
}

record! {
    /// A part by id.
    PartRef {
        /// The part.
        part: PartId,
    }
}
