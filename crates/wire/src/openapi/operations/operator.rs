//! The endpoints for the operator's tools.

use super::{Operation, ask, list};
use crate::body::operator::{
    ChangeAnswer, PersonAnswer, cases, deliveries, funds, member, merchant, risk, screening, terms,
};
use crate::body::result_code::ResultCode::{self, *};
use crate::body::{Described, code_rules};
use crate::paths;

/// Changes by the operator all end alike.
const CHANGE: &[ResultCode] = &[Success, ParamIllegal, RepeatReqInconsistent, ProcessFail, UnknownException];

/// What is shown by proofs may also be of a chain that does not say so, or of a delivery that is not known yet.
const PROVEN: &[ResultCode] = &[
    Success,
    ParamIllegal,
    InvalidSignature,
    OrderNotExist,
    RepeatReqInconsistent,
    ProcessFail,
    UnknownException,
];

pub(super) const OPERATIONS: &[Operation] = &[
    list(paths::OPERATOR_MEMBERS, "List the members", member::MembersAnswer::describe),
    ask(
        paths::OPERATOR_MEMBER_ADD,
        "Add a member",
        member::MemberAdd::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_STANDING_SET,
        "Suspend a member or let it in again",
        member::StandingSet::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_ENDPOINT_SET,
        "Say where a member is called",
        member::EndpointSet::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_KEY_ADD,
        "Give a member a further key",
        member::KeyAdd::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_KEY_END,
        "End a member's key",
        member::KeyEnd::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_AGREEMENT_ADD,
        "Give a member new terms",
        terms::Agreement::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(paths::OPERATOR_MERCHANTS, "List an acquirer's merchants", merchant::MerchantsAnswer::describe),
    ask(
        paths::OPERATOR_MERCHANT_ADD,
        "Register a merchant",
        merchant::MerchantAdd::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_STORE_SET,
        "Add or change a store and its terminals",
        merchant::StoreSet::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_FUNDING,
        "Record what a member paid in or was paid out",
        funds::Funding::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_CREDIT,
        "Raise or lower a member's net debit cap",
        funds::CreditChange::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(paths::OPERATOR_POSITIONS, "Show how everybody stands", funds::PositionsAnswer::describe),
    list(paths::OPERATOR_CORRIDORS, "List the corridors", terms::CorridorsAnswer::describe),
    ask(
        paths::OPERATOR_CODE_RULES_PUBLISH,
        "Publish the rules by which codes are told apart",
        code_rules::CodeRulesPublish::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_CORRIDOR_SET,
        "Open or close a corridor",
        terms::Corridor::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(
        paths::OPERATOR_DELIVERIES,
        "List what the receivables chain is to be told",
        deliveries::DeliveriesAnswer::describe,
    ),
    ask(
        paths::OPERATOR_DELIVERY_LOCK,
        "Show that a part is locked until its price is there",
        deliveries::LockHeard::describe,
        ChangeAnswer::describe,
        PROVEN,
    ),
    ask(
        paths::OPERATOR_DELIVERY_PAYMENT,
        "Ask that a certificate is paid",
        deliveries::CertificatePayment::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_DELIVERY_WORD,
        "Show what the chain finally says",
        deliveries::DeliveryWord::describe,
        ChangeAnswer::describe,
        PROVEN,
    ),
    ask(
        paths::OPERATOR_LENDING,
        "Say on what terms a member lends to merchants",
        deliveries::Lending::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(paths::OPERATOR_PERSON, "Say whose token is used", PersonAnswer::describe),
    list(paths::OPERATOR_RISK, "Show how payments are judged", risk::RiskAnswer::describe),
    ask(
        paths::OPERATOR_RISK_CHANGE,
        "Propose a change to risk control",
        risk::RiskChange::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_CONFIRM,
        "Confirm another person's change",
        risk::RiskStep::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_WITHDRAW,
        "Take a proposed change back",
        risk::RiskStep::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_STOP,
        "Stop a party or corridor at once",
        risk::RiskStop::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_SCREENING,
        "Record what screening found of a party",
        risk::RiskScreening::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_LISTS,
        "Confirm that the sanctions lists are current",
        risk::RiskStep::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(
        paths::OPERATOR_SCREENING_LISTS,
        "Show the sanctions lists, and how far everybody is compared with them",
        screening::ScreeningListsAnswer::describe,
    ),
    ask(
        paths::OPERATOR_SCREENING_PUBLISH,
        "Publish a version of a sanctions list",
        screening::ScreeningListPublish::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_SCREENING_NAME,
        "Say what a party is called",
        screening::ScreeningName::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(
        paths::OPERATOR_SCREENING_PARTY,
        "Show what was found of a party",
        screening::ScreeningPartyAnswer::describe,
    ),
    list(
        paths::OPERATOR_RISK_VERDICT,
        "Show how a payment was judged, and why",
        cases::RiskVerdictAnswer::describe,
    ),
    ask(
        paths::OPERATOR_RISK_LABEL,
        "Say what a payment turned out to be",
        risk::RiskLabel::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    list(paths::OPERATOR_RISK_CASES, "List the open cases", cases::RiskCasesAnswer::describe),
    list(
        paths::OPERATOR_RISK_CASE,
        "Show a case with its evidence and links",
        cases::RiskCaseAnswer::describe,
    ),
    ask(
        paths::OPERATOR_RISK_CLAIM,
        "Take a case for half an hour",
        risk::RiskStep::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
    ask(
        paths::OPERATOR_RISK_RULING,
        "Rule on a case",
        cases::RiskRuling::describe,
        ChangeAnswer::describe,
        CHANGE,
    ),
];
