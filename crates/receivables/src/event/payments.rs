//! What became true when money came in, or will not.

use money::Currency;

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::transaction::{CertificateId, Minor, PartId, Payer};

record! {
    /// What one payee is paid for one part.
    Share {
        /// The part.
        part: PartId,
        /// The holder, or who is secured by it.
        payee: Party,
        /// The agent: the member that is paid for the payee, its sponsor or the payee itself.
        agent: MemberId,
        /// Against the unpaid amount.
        principal: Minor,
        /// Against late interest.
        interest: Minor,
    }
}

record! {
    /// See [`crate::Event::Paid`].
    Paid {
        /// The certificate.
        certificate: CertificateId,
        /// Whose money.
        payer: Payer,
        /// The currency.
        currency: Currency,
        /// Against the unpaid amount.
        principal: Minor,
        /// Against late interest.
        interest: Minor,
        /// The transfer in the payment network's book.
        reference: Hash,
        /// Who is paid what; adds up to principal and interest.
        shares: Vec<Share>,
        /// What the guarantor gets back of what it paid.
        reimbursed: Minor,
        /// The guarantor, if it gets something back.
        guarantor: Option<MemberId>,
        /// What is unpaid now.
        unpaid: Minor,
        /// Whether a freeze keeps the shares in the clearing account.
        withheld: bool,
    }
}

record! {
    /// See [`crate::Event::RecoursePaid`].
    RecoursePaid {
        /// The certificate.
        certificate: CertificateId,
        /// The part.
        part: PartId,
        /// Who held it and is paid.
        from: Party,
        /// The agent: the member that is paid for it, its sponsor or itself.
        agent: MemberId,
        /// Who answered for it and holds it again.
        to: Party,
        /// The part's unpaid amount, paid now.
        amount: Minor,
        /// The currency.
        currency: Currency,
        /// The transfer in the payment network's book.
        reference: Hash,
    }
}

record! {
    /// See [`crate::Event::WrittenOff`].
    WrittenOff {
        /// The certificate.
        certificate: CertificateId,
        /// Given up by this step.
        amount: Minor,
        /// Given up in all.
        total: Minor,
        /// A reason's code.
        reason: u16,
    }
}
