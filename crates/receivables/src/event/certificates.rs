//! What became true about a certificate and its parts.

use money::Currency;

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::Party;
use crate::transaction::{CertificateId, Day, Minor, PartId, ProgrammeId};

record! {
    /// See [`crate::Event::Proposed`].
    Proposed {
        /// The certificate, which is also its first part.
        certificate: CertificateId,
        /// The programme.
        programme: ProgrammeId,
        /// Who is owed.
        supplier: Party,
        /// What is owed.
        face: Minor,
        /// The currency.
        currency: Currency,
        /// The invoice's day.
        issue_day: Day,
        /// The day it is to be paid.
        due_day: Day,
        /// Why the term is above 180 days.
        tenor_reason: Option<u16>,
        /// Last day on which it can be accepted.
        accept_until_day: Day,
        /// Keyed hashes of the documents' fields.
        fingerprints: Vec<Hash>,
        /// Salted hash of the documents.
        document: Hash,
    }
}

record! {
    /// A certificate.
    Accepted {
        /// The certificate.
        certificate: CertificateId,
    }
}

record! {
    /// See [`crate::Event::Rejected`].
    Rejected {
        /// The certificate.
        certificate: CertificateId,
        /// A reason's code.
        reason: u16,
    }
}

record! {
    /// A part and its amount.
    PartAmount {
        /// The part.
        part: PartId,
        /// Its amount.
        amount: Minor,
    }
}

record! {
    /// See [`crate::Event::PartSplit`].
    PartSplit {
        /// The part, now closed.
        part: PartId,
        /// Its children, which have its holder.
        children: Vec<PartAmount>,
    }
}

record! {
    /// A part changed hands.
    Moved {
        /// The part.
        part: PartId,
        /// From whom.
        from: Party,
        /// To whom.
        to: Party,
        /// Whether the old holder answers for it.
        recourse: bool,
        /// Salted hash of a court's order.
        order: Option<Hash>,
    }
}

record! {
    /// See [`crate::Event::Pledged`].
    Pledged {
        /// The part.
        part: PartId,
        /// Who is secured.
        to: Party,
        /// Most that the pledgee is paid out of it.
        secured: Minor,
    }
}

record! {
    /// See [`crate::Event::Released`].
    Released {
        /// The part.
        part: PartId,
    }
}
