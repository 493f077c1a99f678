//! `certificates/pay`: a member pays a certificate of the receivables chain with its own money. The chain says who gets
//! it.

use super::Body;
use super::amount::{Amount, MinorOrZero};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::scalar::{Id, Instant};

words! {
    /// In whose stead a certificate is paid.
    pub enum PayerKind {
        /// The buyer.
        Buyer = "BUYER",
        /// The guarantor.
        Guarantor = "GUARANTOR",
        /// Who passed `part` on with recourse.
        Recourse = "RECOURSE",
    }
}

/// Recourse is for one part, and only recourse is.
pub(super) fn payer_fits(payer: PayerKind, part: Option<&Id<64>>) -> Result<(), Malformed> {
    match (payer, part) {
        (PayerKind::Recourse, None) => Err(Malformed::field("part", "is missing")),
        (PayerKind::Buyer | PayerKind::Guarantor, Some(_)) => {
            Err(Malformed::field("part", "is only for recourse"))
        }
        _ => Ok(()),
    }
}

words! {
    /// Where a delivery is.
    pub enum DeliveryStage {
        /// Nothing is held yet.
        Begun = "BEGUN",
        /// Held.
        Reserved = "RESERVED",
        /// It came in and a court keeps it.
        Withheld = "WITHHELD",
        /// Moved.
        Done = "DONE",
        /// It will not move.
        Released = "RELEASED",
    }
}

object! {
    /// A member pays a certificate. The same request again says how the payment stands.
    pub struct CertificatePayRequest {
        must {
            /// The member's id for it, used once.
            request_id "requestId": Id<64>,
            /// The certificate, in hexadecimal.
            certificate "certificate": Id<64>,
            /// In whose stead.
            payer "payer": PayerKind,
            /// Against the unpaid amount.
            principal "principal": Amount,
            /// From when on it is of no use.
            until "until": Instant,
        }
        may {
            /// Against late interest, in minor units.
            interest "interest": MinorOrZero,
            /// The part that was passed on with recourse, in hexadecimal.
            part "part": Id<64>,
        }
    }
}

impl Body for CertificatePayRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        payer_fits(self.payer, self.part.as_ref())
    }
}

object! {
    /// How the payment stands.
    pub struct CertificatePayAnswer {
        must {
            /// Whether it was asked for, now or before.
            result "result": Outcome,
        }
        may {
            /// Where it is.
            stage "stage": DeliveryStage,
            /// What the chain is told that the money is known by, in hexadecimal.
            reference "reference": Id<64>,
        }
    }
}

impl Body for CertificatePayAnswer {}
