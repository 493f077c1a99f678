//! What is asked when money came in, or will not.

use super::{CertificateId, Minor, PartId};
use crate::codec::{choice, record};
use crate::hash::Hash;

choice! {
    /// Whose money came in.
    #[derive(Copy)]
    Payer {
        /// The buyer's.
        0 = Buyer(()),
        /// The guarantor's.
        1 = Guarantor(()),
        /// That of who passed this part on with recourse.
        2 = Recourse(PartId),
    }
}

record! {
    /// See [`crate::Transaction::Pay`].
    Pay {
        /// The certificate.
        certificate: CertificateId,
        /// Whose money.
        payer: Payer,
        /// What goes against the unpaid amount.
        principal: Minor,
        /// What goes against late interest.
        interest: Minor,
        /// The transfer in the payment network's book, used once.
        reference: Hash,
    }
}

record! {
    /// See [`crate::Transaction::WriteOff`].
    WriteOff {
        /// The certificate.
        certificate: CertificateId,
        /// What is given up by this step.
        amount: Minor,
        /// A reason's code.
        reason: u16,
    }
}
