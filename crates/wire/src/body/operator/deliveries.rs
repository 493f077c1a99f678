//! Money that moves with the receivables chain, for the chain's link: proofs of what the chain has locked and of its
//! final words, and what the network holds and awaits. Everything may be sent again.

use crate::body::Body;
use crate::body::amount::{Amount, Count, CurrencyCode, MinorOrZero};
use crate::body::certificate::{DeliveryStage, PayerKind, payer_fits};
use crate::body::malformed::Malformed;
use crate::body::outcome::Outcome;
use crate::body::scalar::{Id, Instant, List, Text};
use crate::key::ClientId;

/// Longest proof file that is taken, in characters: a hundred epochs of thirty validators fit.
pub const PROOF_LENGTH_MAX: usize = 4 * 1024 * 1024;
/// Longest body with proofs: two of the longest, whose quotation marks are escaped.
pub const PROOFS_BYTES_MAX: usize = 9 * 1024 * 1024;

object! {
    /// The chain has locked a part until its price is there.
    pub struct LockHeard {
        must {
            /// The proof file that shows the chain's `Locked` event.
            proof "proof": Text<PROOF_LENGTH_MAX>,
        }
        may {}
    }
}

impl Body for LockHeard {}

object! {
    /// A member pays a certificate.
    pub struct CertificatePayment {
        must {
            /// The asker's key for it: 32 bytes in hexadecimal, used once.
            key "key": Id<64>,
            /// The certificate, in hexadecimal.
            certificate "certificate": Id<64>,
            /// In whose stead.
            payer "payer": PayerKind,
            /// Whose money.
            from "from": ClientId,
            /// Against the unpaid amount.
            principal "principal": Amount,
            /// From when on it is of no use.
            until "until": Instant,
        }
        may {
            /// Against late interest, in minor units.
            interest "interest": MinorOrZero,
            /// The part that was passed on with recourse.
            part "part": Id<64>,
        }
    }
}

impl Body for CertificatePayment {
    fn coherent(&self) -> Result<(), Malformed> {
        payer_fits(self.payer, self.part.as_ref())
    }
}

object! {
    /// What the chain finally says about a delivery, shown by proof files. Of one event: `Sold`, `LockEnded`, `Paid`, `RecoursePaid`, `LienPlaced` or `UnitSettled`. Of two: `Paid` whose shares a freeze withheld, and the `FreezeSet` that freed the certificate later. With `key`: a header whose time is not before the delivery's limit, and the absence of the delivery's reference from the state at that height or later.
    pub struct DeliveryWord {
        must {
            /// The proof files.
            proofs "proofs": List<Text<PROOF_LENGTH_MAX>, 2>,
        }
        may {
            /// The key, in hexadecimal, of the delivery that ends because the chain took no proof of it.
            key "key": Id<64>,
        }
    }
}

impl Body for DeliveryWord {
    fn coherent(&self) -> Result<(), Malformed> {
        if self.proofs.is_empty() { Err(Malformed::field("proofs", "is empty")) } else { Ok(()) }
    }
}

object! {
    /// The terms on which a member lends to merchants in one currency; replaces what it said before.
    pub struct Lending {
        must {
            /// What it lends at most to all together.
            lent_max "lentMax": Amount,
            /// Largest advance to one merchant, in minor units.
            largest "largest": MinorOrZero,
            /// Smallest advance, in minor units.
            smallest "smallest": MinorOrZero,
            /// Cost, once, in millionths of the advance.
            cost_ppm "costPpm": Count<0, 1_000_000>,
            /// Until when.
            until "until": Instant,
        }
        may {}
    }
}

impl Body for Lending {}

words! {
    /// What a delivery is for.
    pub enum DeliveryKind {
        /// The price of a part.
        Sale = "SALE",
        /// A payment on a certificate.
        Redemption = "REDEMPTION",
        /// An advance to a merchant.
        Advance = "ADVANCE",
        /// What liens take of a merchant's sales.
        Unit = "UNIT",
    }
}

words! {
    /// What the chain is to be told.
    pub enum DeliveryAwaits {
        /// That the money is held, with the reference.
        Proof = "PROOF",
        /// That its time is over.
        End = "END",
    }
}

object! {
    /// A lien to be placed for an advance.
    pub struct LienView {
        must {
            /// The acquirer.
            acquirer "acquirer": ClientId,
            /// The merchant, by the acquirer's reference.
            reference_merchant_id "referenceMerchantId": Id<32>,
            /// What is to be repaid, cost included, in minor units.
            owed "owed": MinorOrZero,
            /// Share of sales, in millionths.
            share_ppm "sharePpm": Count<1, 1_000_000>,
            /// Most that is taken of one day's sales, in minor units.
            cap_per_day "capPerDay": MinorOrZero,
            /// Last day on which it collects, since 1970.
            end_day "endDay": Count<0, { u32::MAX as u64 }>,
            /// Hash of the merchant's consent.
            consent_hash "consentHash": Id<64>,
            /// The offer that was drawn.
            offer_number "offerNumber": Count<1, { u64::MAX }>,
        }
        may {}
    }
}

object! {
    /// One delivery.
    pub struct DeliveryView {
        must {
            /// Its number.
            number "number": Count<1, { u64::MAX }>,
            /// Its key, in hexadecimal.
            key "key": Id<64>,
            /// What it is for.
            kind "kind": DeliveryKind,
            /// Who pays.
            from "from": ClientId,
            /// The currency.
            currency "currency": CurrencyCode,
            /// The most that moves, in minor units.
            amount "amount": MinorOrZero,
            /// Where it is.
            stage "stage": DeliveryStage,
            /// What the chain is told that the money is known by, in hexadecimal.
            reference "reference": Id<64>,
        }
        may {
            /// What the chain is to be told.
            awaits "awaits": DeliveryAwaits,
            /// When its time is over.
            until "until": Instant,
            /// The part or certificate, in hexadecimal.
            subject "subject": Id<64>,
            /// In whose stead a certificate is paid.
            payer "payer": PayerKind,
            /// The part that was passed on with recourse, in hexadecimal.
            part "part": Id<64>,
            /// Of the amount, late interest, in minor units.
            interest "interest": MinorOrZero,
            /// The merchant whose sales they are, by the acquirer's reference.
            reference_merchant_id "referenceMerchantId": Id<32>,
            /// Its sales, in minor units.
            net_sales "netSales": MinorOrZero,
            /// The network's day up to which they are in it, since 1970.
            day "day": Count<0, { u32::MAX as u64 }>,
            /// The merchant's advances that may take something of them, by their ids on the chain.
            advances "advances": List<Id<64>, 64>,
            /// The lien that an advance waits for.
            lien "lien": LienView,
        }
    }
}

object! {
    /// Deliveries that are not over.
    pub struct DeliveriesAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// By number.
            deliveries "deliveries": List<DeliveryView, 100_000>,
        }
    }
}

impl Body for DeliveriesAnswer {}
