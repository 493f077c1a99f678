//! What is recorded: a draft of a decision, sealed into its subject's hash chain, and read back as the answer it gave.

use advice::digest::sha256;
use advice::record::Record;
use advice::{Json, Refusal};

use crate::call::{Call, Moment, Who};

/// Layout of the bodies written by this version; readers know every version before it.
pub(crate) const BODY_VERSION: i64 = 2;

/// The subject of what concerns everybody.
pub(crate) const HOUSE: &str = "house";

/// A decision before it is sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub(crate) subject: String,
    pub(crate) kind: &'static str,
    pub(crate) body: Json,
}

impl Draft {
    /// A decision on a call: what was asked, and what comes of it in `facts`. The answer is what the caller is told.
    pub(crate) fn of(
        now: Moment,
        call: &Call,
        subject: &str,
        kind: &'static str,
        facts: Vec<(&'static str, Json)>,
        answer: Json,
    ) -> Draft {
        let by = match &call.who {
            Who::Member(client_id) => Json::text(format!("member {client_id}")),
            Who::Person(name) => Json::text(format!("person {name}")),
            Who::Operator => Json::text("operator"),
        };
        let mut members = vec![
            ("version", Json::Whole(BODY_VERSION)),
            ("at_ms", Json::Whole(now.at_ms)),
            ("by", by),
            ("verb", Json::text(call.verb.name())),
            ("asked", call.body.clone()),
            ("asked_hash", Json::text(asked_hash(call))),
            ("names", Json::texts(&call.names)),
            ("answer", answer),
        ];
        members.extend(facts);
        Draft { subject: subject.to_owned(), kind, body: Json::object(members) }
    }

    /// A consequence for another subject: it repeats nothing of the call and answers nobody.
    pub(crate) fn notice(
        now: Moment,
        subject: &str,
        kind: &'static str,
        facts: Vec<(&'static str, Json)>,
    ) -> Draft {
        let mut members = vec![("version", Json::Whole(BODY_VERSION)), ("at_ms", Json::Whole(now.at_ms))];
        members.extend(facts);
        Draft { subject: subject.to_owned(), kind, body: Json::object(members) }
    }
}

/// Hash of everything that makes a call the same call.
pub(crate) fn asked_hash(call: &Call) -> String {
    let whole = Json::object([
        ("verb", Json::text(call.verb.name())),
        ("names", Json::texts(&call.names)),
        ("body", call.body.clone()),
    ]);
    sha256(whole.canonical().as_bytes())
}

/// What a record told the one who asked.
pub fn outcome(record: &Record) -> Result<Json, Refusal> {
    if let Some(refusal) = record.body.member("refusal").and_then(Refusal::from_json) {
        return Err(refusal);
    }
    let mut answer = record.body.member("answer").cloned().unwrap_or(Json::Null);
    // What was computed stands once in the record and is told from there.
    if let (Json::Object(members), Some(computed)) = (&mut answer, record.body.member("computed")) {
        for key in ["proposal", "hashes", "code_version", "seed"] {
            members.insert(key.to_owned(), computed.member(key).cloned().unwrap_or(Json::Null));
        }
    }
    Ok(answer)
}
