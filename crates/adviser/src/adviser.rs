//! The state: a call is decided against it, and records are applied to it. Deciding changes nothing.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::record::{BEGINNING, Record};
use advice::{Code, Json, Refusal};

use crate::call::{Access, Call, Moment, Who};
use crate::fields::{Fields, not_known};
use crate::house::House;
use crate::investor::Investor;
use crate::record::{Draft, asked_hash};
use crate::verb;
use crate::work::{Done, Work};

/// For so many days a repeated request id gets its first answer; after that it is a new request.
const KEYS_DAYS: i32 = 30;
/// Users of all members together: some kilobytes each.
pub(crate) const INVESTORS_MAX: usize = 1_000_000;

/// What a call comes to.
#[derive(Debug)]
pub enum Step {
    /// Known from the state; nothing is recorded.
    Answer(Json),
    /// Decided: seal, record and apply each, in this order. The first one carries the answer.
    Facts(Vec<Draft>),
    /// Asked before: the answer stands in the record of this number.
    Repeat(u64),
    /// The answer stands in the record of this number, except what has changed since.
    Told {
        /// Its number in the journal.
        number: u64,
        /// Members that replace the record's.
        besides: Json,
    },
    /// The records of these numbers are the answer; `next` is where the next page begins.
    Records {
        /// Numbers in the journal, ascending.
        numbers: Vec<u64>,
        /// Place of the first record that is left out.
        next: Option<usize>,
    },
    /// The proposal in the record of this number is to be computed again and compared.
    Replay(u64),
    /// To be computed away from the state, and brought back with [`Adviser::finish`].
    Work(Box<Work>),
}

/// A record in a sound journal that this version cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this version cannot read it: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Everything the service knows.
#[derive(Debug, Default, PartialEq)]
pub struct Adviser {
    pub(crate) house: House,
    /// By subject: `member/user`.
    pub(crate) investors: BTreeMap<String, Investor>,
    trails: BTreeMap<String, Trail>,
    keys: BTreeMap<String, Key>,
    /// Whom everything that has an id belongs to.
    places: BTreeMap<String, Place>,
    records: u64,
    newest: Option<Day>,
}

/// The end of a subject's hash chain, and where its records are.
#[derive(Debug, Clone, PartialEq)]
struct Trail {
    hash: String,
    numbers: Vec<u64>,
}

/// A request id that was used.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    asked_hash: String,
    number: u64,
    day: Day,
}

/// Where something that has an id was recorded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) subject: String,
    pub(crate) number: u64,
}

impl Adviser {
    /// Decides a call. A refusal that is not among the facts is not recorded.
    pub fn decide(&self, now: Moment, call: &Call) -> Result<Step, Refusal> {
        self.refuse_others(call)?;
        if matches!(call.verb.access(), Access::MemberChange | Access::HouseChange)
            && let Some(number) = self.asked_before(call)?
        {
            return Ok(Step::Repeat(number));
        }
        verb::decide(self, now, call)
    }

    /// Takes back what was computed. What changed meanwhile is refused.
    pub fn finish(&self, now: Moment, done: Done) -> Result<Step, Refusal> {
        if matches!(done.call.verb.access(), Access::MemberChange | Access::HouseChange)
            && let Some(number) = self.asked_before(&done.call)?
        {
            return Ok(Step::Repeat(number));
        }
        verb::finish(self, now, done)
    }

    /// Puts a decision at the end of its subject's chain. It is to be recorded and applied before the next is sealed.
    pub fn seal(&self, now: Moment, draft: Draft) -> Record {
        let trail = self.trails.get(&draft.subject);
        Record {
            sequence: trail.map_or(0, |trail| trail.numbers.len() as i64) + 1,
            day: now.day(),
            subject: draft.subject,
            kind: draft.kind.to_owned(),
            body: draft.body,
            previous: trail.map_or(BEGINNING.to_owned(), |trail| trail.hash.clone()),
        }
    }

    /// Makes a record true: the only change of the state. `number` is its place in the journal, from 1.
    pub fn apply(&mut self, number: u64, record: &Record) -> Result<(), Unreadable> {
        let unreadable = |what: &str| Unreadable(format!("{} of {}: {what}", record.kind, record.subject));
        let expected = self.trails.get(&record.subject);
        let expected = expected.map_or((1, BEGINNING), |t| (t.numbers.len() as i64 + 1, t.hash.as_str()));
        if (record.sequence, record.previous.as_str()) != expected || number != self.records + 1 {
            return Err(unreadable("it does not follow the record before"));
        }
        self.forget_keys(record.day);
        verb::apply(self, number, record).ok_or_else(|| unreadable("a part of its body is missing"))?;
        let hash = record.hash();
        let trail = self.trails.entry(record.subject.clone());
        let trail = trail.or_insert_with(|| Trail { hash: String::new(), numbers: Vec::new() });
        trail.hash = hash;
        trail.numbers.push(number);
        if let Some(key) = key_of_record(record) {
            let asked_hash = record.body.member("asked_hash").and_then(Json::as_text).unwrap_or_default();
            self.keys.insert(key, Key { asked_hash: asked_hash.to_owned(), number, day: record.day });
        }
        self.house.counters.first_day.get_or_insert(record.day);
        self.records = number;
        Ok(())
    }

    /// Records applied so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The id that something in the `place`-th draft of a step gets, from 0.
    pub(crate) fn new_id(&self, prefix: &str, place: usize) -> String {
        format!("{prefix}{}", self.records + 1 + place as u64)
    }

    pub(crate) fn note_place(&mut self, id: &str, subject: &str, number: u64) {
        self.places.insert(id.to_owned(), Place { subject: subject.to_owned(), number });
    }

    /// What has this id, if it belongs to the one who asks. Otherwise it is as if it were not there.
    pub(crate) fn place(&self, call: &Call, what: &str, id: &str) -> Result<&Place, Refusal> {
        let place = self.places.get(id).filter(|place| match &call.who {
            Who::Member(member) => belongs(&place.subject, member),
            Who::Person(_) | Who::Operator => true,
        });
        place.ok_or_else(|| not_known(what, id))
    }

    pub(crate) fn investor(&self, subject: &str) -> Result<&Investor, Refusal> {
        self.investors.get(subject).ok_or_else(|| not_known("user", user_of(subject)))
    }

    /// The user of the caller's that has this id's thing.
    pub(crate) fn owner(&self, call: &Call, what: &str, id: &str) -> Result<(&str, &Investor), Refusal> {
        let place = self.place(call, what, id)?;
        Ok((&place.subject, self.investor(&place.subject)?))
    }

    pub(crate) fn numbers(&self, subject: &str) -> &[u64] {
        self.trails.get(subject).map_or(&[], |trail| &trail.numbers)
    }

    /// Whoever uses a verb of the other side is told that there is none.
    fn refuse_others(&self, call: &Call) -> Result<(), Refusal> {
        let member = matches!(call.who, Who::Member(_));
        let for_member = matches!(call.verb.access(), Access::MemberLook | Access::MemberChange);
        if member == for_member { Ok(()) } else { Err(not_known("call", call.verb.name())) }
    }

    fn asked_before(&self, call: &Call) -> Result<Option<u64>, Refusal> {
        let Some(key) = self.keys.get(&key_of_call(call)?) else { return Ok(None) };
        if key.asked_hash == asked_hash(call) {
            return Ok(Some(key.number));
        }
        let message = "This request id came before with another request.";
        Err(Refusal::new(Code::IdempotencyConflict, "request_id", message).remedy("Use a new request id."))
    }

    /// Days only go on; once for each new one, keys that are too old are forgotten.
    fn forget_keys(&mut self, day: Day) {
        if self.newest.is_some_and(|newest| newest >= day) {
            return;
        }
        self.newest = Some(day);
        self.keys.retain(|_, key| key.day.0 + KEYS_DAYS >= day.0);
    }
}

/// The subject of a member's user. Users have no slash in their names, so it cannot be read in two ways.
pub(crate) fn subject_of(member: &str, user: &str) -> String {
    format!("{member}/{user}")
}

/// Whether a subject is a member or one of its users.
pub(crate) fn belongs(subject: &str, member: &str) -> bool {
    subject == member || subject.rsplit_once('/').is_some_and(|(owner, _)| owner == member)
}

/// The user's name in a subject.
pub(crate) fn user_of(subject: &str) -> &str {
    subject.rsplit_once('/').map_or(subject, |(_, user)| user)
}

/// The user that a body names, as a subject of the caller's.
pub(crate) fn subject_in(call: &Call, fields: &Fields) -> Result<String, Refusal> {
    let Who::Member(member) = &call.who else { return Err(not_known("user", "")) };
    Ok(subject_of(member, fields.name("user")?))
}

fn key_of_call(call: &Call) -> Result<String, Refusal> {
    let id = call.body.member("request_id").and_then(Json::as_text);
    let id = id.filter(|id| (1..=64).contains(&id.len())).ok_or_else(|| {
        Refusal::new(Code::MalformedTable, "request_id", "A request_id of 1 to 64 bytes is needed.")
            .remedy("Make one for each request, and repeat it when you repeat the request.")
    })?;
    Ok(match &call.who {
        Who::Member(member) => format!("member {member}\n{id}"),
        Who::Person(name) => format!("person {name}\n{id}"),
        Who::Operator => format!("operator\n{id}"),
    })
}

fn key_of_record(record: &Record) -> Option<String> {
    let by = record.body.member("by")?.as_text()?;
    Some(format!("{by}\n{}", record.body.member("asked")?.member("request_id")?.as_text()?))
}
