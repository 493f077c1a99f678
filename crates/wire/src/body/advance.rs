//! `advances/consult`, `advances/offer` and `advances/draw`: a merchant, through its acquirer, asks what it could be
//! advanced on its own sales, a funder offers, the merchant takes it. Repayment is a share of its later sales.

use super::Body;
use super::amount::{Amount, Count, CurrencyCode, MinorOrZero};
use super::outcome::Outcome;
use super::scalar::{Id, Instant, List, Text};
use crate::key::ClientId;

object! {
    /// What could this merchant be advanced?
    pub struct AdvanceConsultRequest {
        must {
            /// The merchant, by the acquirer's reference.
            reference_merchant_id "referenceMerchantId": Id<32>,
            /// The currency of its sales.
            currency "currency": CurrencyCode,
        }
        may {
            /// SHA-256, in hexadecimal, of the salted text in which the merchant agreed that its sales are looked at. Without it there is no offer.
            consent_hash "consentHash": Id<64>,
        }
    }
}

impl Body for AdvanceConsultRequest {}

object! {
    /// An advance that the merchant may draw.
    pub struct AdvanceOffer {
        must {
            /// The offer's number.
            offer_number "offerNumber": Count<1, { u64::MAX }>,
            /// The largest advance.
            limit "limit": Amount,
            /// Cost, once, in millionths of what is drawn.
            cost_ppm "costPpm": Count<0, 1_000_000>,
            /// Share of sales that repays it, in millionths.
            share_ppm "sharePpm": Count<1, 1_000_000>,
            /// Most that is taken of one day's sales, in minor units.
            cap_per_day "capPerDay": MinorOrZero,
            /// Points of 1,000; `0` where a person decided.
            score "score": Count<0, 1_000>,
            /// Version of the published points table, in hexadecimal.
            table_version "tableVersion": Id<64>,
            /// Until when it may be drawn.
            expiry_time "expiryTime": Instant,
        }
        may {}
    }
}

object! {
    /// An offer, or why there is none now.
    pub struct AdvanceConsultAnswer {
        must {
            /// `S` with an offer.
            result "result": Outcome,
        }
        may {
            /// The offer.
            offer "offer": AdvanceOffer,
            /// Up to three reasons, the strongest first, each with what would change it. A person can be asked to look again.
            reasons "reasons": List<Text<400>, 3>,
        }
    }
}

impl Body for AdvanceConsultAnswer {}

object! {
    /// A funder offers an advance on its own judgement, within the terms on which it lends: a person has looked again. Once for each consent; the same request says it again.
    pub struct AdvanceOfferRequest {
        must {
            /// The merchant's acquirer.
            acquirer "acquirer": ClientId,
            /// The merchant, by the acquirer's reference.
            reference_merchant_id "referenceMerchantId": Id<32>,
            /// The merchant's consent, as the acquirer consults with it.
            consent_hash "consentHash": Id<64>,
            /// The largest advance.
            limit "limit": Amount,
            /// Cost, once, in millionths of what is drawn.
            cost_ppm "costPpm": Count<0, 1_000_000>,
            /// Share of sales that repays it, in millionths.
            share_ppm "sharePpm": Count<1, 1_000_000>,
            /// Most that is taken of one day's sales, in minor units.
            cap_per_day "capPerDay": MinorOrZero,
        }
        may {}
    }
}

impl Body for AdvanceOfferRequest {}

object! {
    /// The offer as the acquirer will see it when it consults.
    pub struct AdvanceOfferAnswer {
        must {
            /// Whether it is offered, now or before.
            result "result": Outcome,
        }
        may {
            /// The offer.
            offer "offer": AdvanceOffer,
        }
    }
}

impl Body for AdvanceOfferAnswer {}

object! {
    /// The merchant takes an offer, or part of it. An offer is drawn once; the same request says how it stands.
    pub struct AdvanceDrawRequest {
        must {
            /// The offer.
            offer_number "offerNumber": Count<1, { u64::MAX }>,
            /// How much.
            amount "amount": Amount,
        }
        may {}
    }
}

impl Body for AdvanceDrawRequest {}

words! {
    /// How an advance stands.
    pub enum AdvanceStage {
        /// The funder has not enough just now.
        Waiting = "WAITING",
        /// The money is held until the lien on sales stands.
        Held = "HELD",
        /// The acquirer has it, for the merchant.
        PaidOut = "PAID_OUT",
        /// It was not paid out.
        Released = "RELEASED",
    }
}

object! {
    /// How the advance stands.
    pub struct AdvanceDrawAnswer {
        must {
            /// Whether it was drawn, now or before.
            result "result": Outcome,
        }
        may {
            /// How it stands.
            stage "stage": AdvanceStage,
            /// What is still to be repaid, once it is paid out, in minor units.
            owed "owed": MinorOrZero,
        }
    }
}

impl Body for AdvanceDrawAnswer {}
