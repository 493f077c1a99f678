//! What operators ask of risk control: from path, body and who asks to one input of the engine.

use std::sync::Arc;

use engine::{Input, RiskAsked, subject};
use risk::cases::Ruling;
use risk::{Change, Screening};
use runtime::number;
use switch::PaymentId;
use wire::body::operator::cases::{RiskRuling, RiskRulingWord};
use wire::body::operator::risk::{
    RiskChange, RiskChangeKind, RiskLabel, RiskLabelWord, RiskScreening, RiskScreeningStatus, RiskStep,
    RiskStop,
};

use super::change::{parse, parse_within};
use super::{CHANGE_BYTES_MAX, Refused};

/// Reads what somebody asks of risk control at a path below `risk/`.
pub(super) fn read(by: &Arc<str>, path: &[&str], bytes: &[u8]) -> Result<Input, Refused> {
    let by = by.clone();
    let asked = match path {
        ["changes"] => RiskAsked::Propose { by, change: change(parse_within(bytes, CHANGE_BYTES_MAX)?)? },
        ["changes", number, "confirm"] => {
            let _: RiskStep = parse(bytes)?;
            RiskAsked::Confirm { by, proposal: numbered(number)? }
        }
        ["changes", number, "withdraw"] => {
            let _: RiskStep = parse(bytes)?;
            RiskAsked::Withdraw { by, proposal: numbered(number)? }
        }
        ["stops"] => {
            let stop: RiskStop = parse(bytes)?;
            let reason = Arc::from(stop.reason.as_str());
            RiskAsked::Stop { by, subject: subject::named(stop.subject.as_str()), reason }
        }
        ["screenings"] => {
            let found: RiskScreening = parse(bytes)?;
            let status = match found.status {
                RiskScreeningStatus::Clear => Screening::Clear,
                RiskScreeningStatus::Possible => Screening::Possible,
                RiskScreeningStatus::Listed => Screening::Listed,
            };
            let (subject, reason) =
                (subject::named(found.subject.as_str()), Arc::from(found.reason.as_str()));
            RiskAsked::Screen { by, subject, status, reason }
        }
        ["parties"] => return super::screening::name(bytes),
        ["lists-are-current"] => {
            let _: RiskStep = parse(bytes)?;
            RiskAsked::ListsAreCurrent
        }
        ["payments", number, "label"] => {
            let label: RiskLabel = parse(bytes)?;
            let fraud = label.label == RiskLabelWord::Fraud;
            RiskAsked::Label {
                by,
                payment: payment(number)?,
                fraud,
                reason: Arc::from(label.reason.as_str()),
            }
        }
        ["cases", number, "claim"] => {
            let _: RiskStep = parse(bytes)?;
            RiskAsked::Claim { by, case: numbered(number)? }
        }
        ["cases", number, "ruling"] => {
            let asked: RiskRuling = parse(bytes)?;
            let ruling = match asked.ruling {
                RiskRulingWord::Fraud => Ruling::Fraud,
                RiskRulingWord::Genuine => Ruling::Genuine,
                RiskRulingWord::Unclear => Ruling::Unclear,
            };
            RiskAsked::Rule { by, case: numbered(number)?, ruling, reason: Arc::from(asked.reason.as_str()) }
        }
        _ => return Err(Refused::not_found("There is no such path.")),
    };
    Ok(Input::Risk(asked))
}

fn change(asked: RiskChange) -> Result<Change, Refused> {
    let text = || asked.text.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default();
    let subject = || subject::named(asked.subject.as_ref().map_or("", |subject| subject.as_str()));
    Ok(match asked.kind {
        RiskChangeKind::Rules => Change::Rules(text()),
        RiskChangeKind::Policy => Change::Policy(text()),
        RiskChangeKind::Model => Change::Shadow(text()),
        RiskChangeKind::PromoteModel => Change::Promote,
        RiskChangeKind::RollBackModel => Change::Rollback,
        RiskChangeKind::List => {
            let entries = asked.entries.iter().flat_map(|entries| entries.iter());
            Change::List {
                name: asked.name.as_ref().map_or("", |name| name.as_str()).to_owned(),
                keys: entries.map(|entry| subject::named(entry.as_str())).collect(),
            }
        }
        RiskChangeKind::Resume => Change::Resume { subject: subject() },
        RiskChangeKind::Limit => {
            let most = asked.amount_max_cents.map(|most| i64::try_from(most.units()));
            let too_large = |_| super::change::illegal("amountMaxCents is too large.");
            Change::Limit { subject: subject(), amount_max_minor: most.transpose().map_err(too_large)? }
        }
    })
}

fn numbered(text: &str) -> Result<u64, Refused> {
    text.parse().map_err(|_| Refused::not_found("That is no number."))
}

fn payment(text: &str) -> Result<PaymentId, Refused> {
    number::read_payment(text).ok_or_else(|| Refused::not_found("That is no payment's number."))
}
