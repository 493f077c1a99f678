//! Verdicts and the cases that people work off, with their reasons.

use crate::body::Body;
use crate::body::amount::{Count, MinorOrZero, SignedMinor};
use crate::body::operator::risk::{RiskDecision, RiskLabelWord};
use crate::body::operator::screening::ScreeningHit;
use crate::body::outcome::Outcome;
use crate::body::scalar::{Flag, Id, Instant, List, Text};

words! {
    /// What a person found.
    pub enum RiskRulingWord {
        /// Fraud, or the listed party.
        Fraud = "FRAUD",
        /// Genuine, or not the listed party.
        Genuine = "GENUINE",
        /// Not to be told: gives no label.
        Unclear = "UNCLEAR",
    }
}

object! {
    /// Rules on a case that is claimed.
    pub struct RiskRuling {
        must {
            /// What was found.
            ruling "ruling": RiskRulingWord,
            /// Why.
            reason "reason": Text<512>,
        }
        may {}
    }
}

impl Body for RiskRuling {}

object! {
    /// A reason of a verdict.
    pub struct RiskReason {
        must {
            /// Its code.
            code "code": Id<64>,
            /// In words.
            say "say": Text<512>,
        }
        may {}
    }
}

object! {
    /// How much one feature moved the model's score.
    pub struct RiskContribution {
        must {
            /// The feature.
            feature "feature": Text<64>,
            /// Millionths of log odds.
            micro "micro": SignedMinor,
        }
        may {}
    }
}

object! {
    /// Something a payment was judged by: a fact of it, or what a window held.
    pub struct RiskFact {
        must {
            /// Its name, as rules write it.
            name "name": Text<64>,
            /// Its value: a number, or a party or code by its name where that is known here, else its key as sixteen
            /// hexadecimal digits.
            value "value": Text<256>,
        }
        may {}
    }
}

object! {
    /// How one payment was judged.
    pub struct RiskVerdict {
        must {
            /// The payment's number.
            payment_id "paymentId": Id<64>,
            /// What was decided.
            decision "decision": RiskDecision,
            /// Whether it went on to its wallet.
            let_through "letThrough": Flag,
            /// When it was judged.
            judged_time "judgedTime": Instant,
            /// What it was worth, cents of a dollar, roughly.
            amount_cents "amountCents": SignedMinor,
            /// The model's probability of fraud, parts per million; zero without a model.
            score_ppm "scorePpm": MinorOrZero,
        }
        may {
            /// The payer, as `wallet/customer`.
            payer "payer": Text<256>,
            /// The merchant, as `acquirer/merchant`.
            merchant "merchant": Text<256>,
            /// The device the payer pays on, as `device/token`, where wallet or acquirer told it.
            device "device": Text<256>,
            /// Why, most severe first.
            reasons "reasons": List<RiskReason, 16>,
            /// What was known of the payment; what was not is left out.
            facts "facts": List<RiskFact, 64>,
            /// What moved the score, strongest first.
            contributions "contributions": List<RiskContribution, 256>,
            /// What it was judged without.
            lacks "lacks": List<Text<32>, 8>,
            /// Rules in shadow that would have acted.
            shadow_rules "shadowRules": List<Text<64>, 1_000>,
            /// The score of the model in shadow, parts per million.
            shadow_score_ppm "shadowScorePpm": MinorOrZero,
            /// Versions of features, rules, model, lists and policy, in this order.
            versions "versions": List<Id<16>, 5>,
            /// The case it belongs to.
            case_number "caseNumber": Count<1, { u64::MAX }>,
            /// What was said of it later.
            label "label": RiskLabelWord,
        }
    }
}

object! {
    /// How a payment was judged, and why.
    pub struct RiskVerdictAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The verdict; absent where the payment was not judged yet.
            verdict "verdict": RiskVerdict,
        }
    }
}

impl Body for RiskVerdictAnswer {}

object! {
    /// One case.
    pub struct RiskCase {
        must {
            /// Its number.
            number "number": Count<1, { u64::MAX }>,
            /// When it was raised.
            raised_time "raisedTime": Instant,
            /// By when somebody should have ruled.
            due_time "dueTime": Instant,
            /// How long it has been open, seconds.
            age_seconds "ageSeconds": MinorOrZero,
            /// Whether it is overdue.
            overdue "overdue": Flag,
            /// Probability of fraud times amount, cents of a dollar.
            expected_loss_cents "expectedLossCents": MinorOrZero,
            /// How many payments it holds.
            payment_count "paymentCount": MinorOrZero,
            /// Whether a sanctions hit is part of it: then two must agree.
            sanctions "sanctions": Flag,
        }
        may {
            /// The payer, as `wallet/customer`.
            payer "payer": Text<256>,
            /// The merchant of its newest payment, as `acquirer/merchant`.
            merchant "merchant": Text<256>,
            /// What its payments were worth together, cents of a dollar, roughly.
            amount_cents "amountCents": SignedMinor,
            /// Why its newest payment was held, most severe first.
            reasons "reasons": List<RiskReason, 16>,
            /// Who has ruled on a sanctions hit, so that another person must rule the same.
            proposed_by "proposedBy": Text<64>,
            /// What that person found.
            proposed_ruling "proposedRuling": RiskRulingWord,
            /// What the party is called, where it is known by name: a case of somebody found on a list.
            party_name "partyName": Text<256>,
            /// Who has claimed it.
            claimed_by "claimedBy": Text<64>,
            /// Until when.
            claimed_until "claimedUntil": Instant,
            /// Who has ruled.
            ruled_by "ruledBy": Text<64>,
            /// What.
            ruling "ruling": RiskRulingWord,
            /// Why.
            ruling_reason "rulingReason": Text<512>,
        }
    }
}

object! {
    /// The open cases: overdue ones first, then by expected loss.
    pub struct RiskCasesAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// At most the first thousand.
            cases "cases": List<RiskCase, 1_000>,
            /// How many are open.
            open_count "openCount": MinorOrZero,
        }
    }
}

impl Body for RiskCasesAnswer {}

object! {
    /// What another case shares with this one.
    pub struct RiskLink {
        must {
            /// The other case.
            number "number": Count<1, { u64::MAX }>,
            /// What they share: `DEVICE`, `MERCHANT` or `TERMINAL`.
            shared "shared": Id<16>,
        }
        may {}
    }
}

object! {
    /// A case with its evidence and what it is linked to.
    pub struct RiskCaseAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The case.
            case "case": RiskCase,
            /// Its payments, oldest first.
            evidence "evidence": List<RiskVerdict, 100>,
            /// What the windows hold at present for its newest payment.
            windows "windows": List<RiskFact, 1_000>,
            /// Entries of sanctions lists that the party may be.
            hits "hits": List<ScreeningHit, 100>,
            /// Other cases that share something with it.
            links "links": List<RiskLink, 1_000>,
        }
    }
}

impl Body for RiskCaseAnswer {}
