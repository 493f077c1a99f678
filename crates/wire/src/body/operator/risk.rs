//! Risk control for the operator's people: changes by two, stops by one, labels, and what judges at present.

use crate::body::Body;
use crate::body::amount::{Count, MinorOrZero};
use crate::body::malformed::Malformed;
use crate::body::outcome::Outcome;
use crate::body::scalar::{Id, Instant, List, Text};

words! {
    /// What is to be changed about how payments are judged.
    pub enum RiskChangeKind {
        /// The whole rule set, as `text`.
        Rules = "RULES",
        /// Thresholds, failure table and what is let through while it is looked at, as `text`.
        Policy = "POLICY",
        /// A model for shadow, as `text`: scored and recorded, deciding nothing.
        Model = "MODEL",
        /// The model in shadow decides from now on.
        PromoteModel = "PROMOTE_MODEL",
        /// The model before decides again.
        RollBackModel = "ROLL_BACK_MODEL",
        /// The whole of the list `name`, as `entries`.
        List = "LIST",
        /// Lifts the stop of `subject`.
        Resume = "RESUME",
        /// The most that one payment of `subject` may be worth; without `amountMaxCents`, no limit any more.
        Limit = "LIMIT",
    }
}

object! {
    /// Proposes a change; it holds when another person has confirmed it.
    pub struct RiskChange {
        must {
            /// What is to be changed.
            kind "kind": RiskChangeKind,
        }
        may {
            /// Rules, policy or model.
            text "text": Text<3_000_000>,
            /// The list's name, as rules use it.
            name "name": Id<64>,
            /// The list's entries: parties as `wallet/customer`, `acquirer/merchant`, `device/token`.
            entries "entries": List<Text<256>, 10_000>,
            /// A member's client id, `acquirer/merchant`, `acquirer/merchant/store`, `acquirer/merchant/store/terminal`,
            /// `wallet/customer`, `device/token`, or a corridor as `PH-CN`.
            subject "subject": Text<256>,
            /// Cents of a dollar, roughly.
            amount_max_cents "amountMaxCents": MinorOrZero,
        }
    }
}

impl Body for RiskChange {
    fn coherent(&self) -> Result<(), Malformed> {
        let (field, there) = match self.kind {
            RiskChangeKind::Rules | RiskChangeKind::Policy | RiskChangeKind::Model => {
                ("text", self.text.is_some())
            }
            RiskChangeKind::List => ("name", self.name.is_some()),
            RiskChangeKind::Resume | RiskChangeKind::Limit => ("subject", self.subject.is_some()),
            RiskChangeKind::PromoteModel | RiskChangeKind::RollBackModel => return Ok(()),
        };
        if there { Ok(()) } else { Err(Malformed::field(field, "is missing for this kind of change")) }
    }
}

object! {
    /// The path says it all.
    pub struct RiskStep {
        must {}
        may {
            /// A remark for the operator's own log; the network does not keep it.
            remark "remark": Text<512>,
        }
    }
}

impl Body for RiskStep {}

object! {
    /// Stops a party or corridor from the next payment on.
    pub struct RiskStop {
        must {
            /// A member's client id, `acquirer/merchant`, `acquirer/merchant/store`, `acquirer/merchant/store/terminal`,
            /// `wallet/customer`, `device/token`, or a corridor as `PH-CN`.
            subject "subject": Text<256>,
            /// Why.
            reason "reason": Text<512>,
        }
        may {}
    }
}

impl Body for RiskStop {}

words! {
    /// What screening found of a party.
    pub enum RiskScreeningStatus {
        /// No hit, or a hit that was cleared.
        Clear = "CLEAR",
        /// A hit that waits for a person.
        Possible = "POSSIBLE",
        /// The listed party.
        Listed = "LISTED",
    }
}

object! {
    /// Says what screening found of a party.
    pub struct RiskScreening {
        must {
            /// The party, named as in a stop.
            subject "subject": Text<256>,
            /// What was found.
            status "status": RiskScreeningStatus,
            /// The hit, or what cleared it.
            reason "reason": Text<512>,
        }
        may {}
    }
}

impl Body for RiskScreening {}

words! {
    /// What a payment turned out to be.
    pub enum RiskLabelWord {
        /// Fraud.
        Fraud = "FRAUD",
        /// Genuine.
        Genuine = "GENUINE",
    }
}

object! {
    /// Says what a payment turned out to be; the windows learn it from now on.
    pub struct RiskLabel {
        must {
            /// What.
            label "label": RiskLabelWord,
            /// How that is known.
            reason "reason": Text<512>,
        }
        may {}
    }
}

impl Body for RiskLabel {}

words! {
    /// What was decided, mildest first.
    pub enum RiskDecision {
        /// Let through.
        Approve = "APPROVE",
        /// The payer is to prove more.
        StepUp = "STEP_UP",
        /// A person is to look at it.
        Review = "REVIEW",
        /// Not let through.
        Decline = "DECLINE",
    }
}

object! {
    /// A rule in force.
    pub struct RiskRule {
        must {
            /// Its name.
            name "name": Id<64>,
            /// What it asks for.
            decision "decision": RiskDecision,
            /// The reason code it gives.
            code "code": Id<64>,
            /// `LIVE`, `SHADOW` or `OFF`.
            mode "mode": Id<16>,
            /// When it hits, in CEL.
            when "when": Text<8_192>,
        }
        may {}
    }
}

object! {
    /// A change that waits for a second person.
    pub struct RiskProposal {
        must {
            /// Its number.
            number "number": Count<1, { u64::MAX }>,
            /// Who made it.
            maker "maker": Text<64>,
            /// When.
            proposed_time "proposedTime": Instant,
            /// What is to be changed.
            kind "kind": RiskChangeKind,
        }
        may {
            /// Rules, policy or model.
            text "text": Text<60_000>,
            /// The list's name.
            name "name": Text<64>,
            /// How many entries the list would have.
            entry_count "entryCount": MinorOrZero,
            /// The party, where its name is known here.
            subject "subject": Text<256>,
            /// Cents of a dollar.
            amount_max_cents "amountMaxCents": MinorOrZero,
        }
    }
}

object! {
    /// A party or corridor that is stopped or limited.
    pub struct RiskParty {
        must {
            /// Its name where it is known here, else its key as sixteen hexadecimal digits.
            subject "subject": Text<256>,
        }
        may {
            /// Since when it is stopped.
            since "since": Instant,
            /// The most one payment may be worth, cents of a dollar.
            amount_max_cents "amountMaxCents": MinorOrZero,
        }
    }
}

object! {
    /// A list that rules search.
    pub struct RiskList {
        must {
            /// Its name.
            name "name": Text<64>,
            /// How many entries it has.
            entry_count "entryCount": MinorOrZero,
        }
        may {}
    }
}

object! {
    /// How payments are judged at present, and what came of it so far.
    pub struct RiskAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// Versions of features, rules, model, lists and policy, in this order.
            versions "versions": List<Id<16>, 5>,
            /// The version of the model in shadow.
            shadow_version "shadowVersion": Id<16>,
            /// The rules, in order.
            rules "rules": List<RiskRule, 1_000>,
            /// What waits for a second person.
            proposals "proposals": List<RiskProposal, 100>,
            /// Who is stopped.
            stops "stops": List<RiskParty, 1_000>,
            /// Who has a limit of its own.
            limits "limits": List<RiskParty, 1_000>,
            /// The lists.
            lists "lists": List<RiskList, 100>,
            /// Payments judged, by decision: approve, step-up, review, decline.
            judged "judged": List<MinorOrZero, 4>,
            /// Of them not let through.
            refused "refused": MinorOrZero,
            /// Cases that wait for a person.
            open_cases "openCases": MinorOrZero,
        }
    }
}

impl Body for RiskAnswer {}
