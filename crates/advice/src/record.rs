//! The trail: each record carries the hash of its body and of the record before it, so that nothing can be changed or
//! dropped unseen. It is data only; where records are kept is the caller's business.

use crate::calendar::Day;
use crate::digest::sha256;
use crate::json::Json;
use crate::refusal::{Code, Refusal};

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Place in the trail, from 1.
    pub sequence: i64,
    /// The day it belongs to.
    pub day: Day,
    /// Whom it is about.
    pub subject: String,
    /// What it is: `profile`, `proposal`, `accept`, `decline`, `order`, `backtest`, `grade-change`, ….
    pub kind: String,
    /// What is recorded.
    pub body: Json,
    /// Hash of the record before; 64 zeros for the first.
    pub previous: String,
}

/// The hash before the first record.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Record {
    /// The next record of a trail.
    pub fn after(last: Option<&Record>, day: Day, subject: &str, kind: &str, body: Json) -> Record {
        Record {
            sequence: last.map_or(1, |l| l.sequence + 1),
            day,
            subject: subject.to_owned(),
            kind: kind.to_owned(),
            body,
            previous: last.map_or(BEGINNING.to_owned(), Record::hash),
        }
    }

    /// Hash of the record: SHA-256 of its canonical header, which holds the hash of the body.
    pub fn hash(&self) -> String {
        sha256(self.header().canonical().as_bytes())
    }

    fn header(&self) -> Json {
        Json::object([
            ("sequence", Json::Whole(self.sequence)),
            ("day", Json::text(self.day.to_string())),
            ("subject", Json::text(&self.subject)),
            ("kind", Json::text(&self.kind)),
            ("body_hash", Json::text(sha256(self.body.canonical().as_bytes()))),
            ("previous", Json::text(&self.previous)),
        ])
    }

    /// One line of the trail: header, hash and body.
    pub fn to_json(&self) -> Json {
        let Json::Object(mut members) = self.header() else { unreachable!("a header is an object") };
        members.insert("hash".into(), Json::text(self.hash()));
        members.insert("body".into(), self.body.clone());
        Json::Object(members)
    }

    /// Reads a line and checks its hashes.
    pub fn from_json(json: &Json) -> Result<Record, Refusal> {
        let broken = |what: &str| {
            Refusal::new(Code::InputsChanged, "record", format!("The record's {what} does not fit."))
        };
        let text = |key: &str| {
            json.member(key).and_then(Json::as_text).map(str::to_owned).ok_or_else(|| broken(key))
        };
        let record = Record {
            sequence: json.member("sequence").and_then(Json::as_whole).ok_or_else(|| broken("sequence"))?,
            day: Day::parse(&text("day")?).ok_or_else(|| broken("day"))?,
            subject: text("subject")?,
            kind: text("kind")?,
            body: json.member("body").ok_or_else(|| broken("body"))?.clone(),
            previous: text("previous")?,
        };
        if text("hash")? != record.hash() {
            return Err(broken("hash"));
        }
        Ok(record)
    }
}

/// Checks a whole trail of JSON lines: every hash, every link, no gap. The records, or the first that does not fit.
pub fn verify_trail(lines: &str) -> Result<Vec<Record>, Refusal> {
    let mut trail: Vec<Record> = Vec::new();
    for (place, line) in lines.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let record = Record::from_json(&Json::parse(line)?)?;
        let expected =
            trail.last().map_or((1, BEGINNING.to_owned()), |last| (last.sequence + 1, last.hash()));
        if (record.sequence, &record.previous) != (expected.0, &expected.1) {
            let message = format!("Line {} does not follow the one before.", place + 1);
            return Err(Refusal::new(Code::InputsChanged, "trail", message));
        }
        trail.push(record);
    }
    Ok(trail)
}

#[cfg(test)]
mod tests;
