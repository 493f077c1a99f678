//! `POST /advice/complaints`: a user's complaint, kept with everything else about it.

use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::Fields;
use crate::record::Draft;

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "complaint", &["request_id", "user", "about", "text"])?;
    let subject = subject_in(call, &fields)?;
    adviser.investor(&subject)?;
    let about = fields.optional_text("about")?.unwrap_or_default();
    let facts = vec![("text", Json::text(fields.text("text")?)), ("about", Json::text(about))];
    let answer = Json::object([("id", Json::text(adviser.new_id("complaint-", 0)))]);
    Ok(Step::Facts(vec![Draft::of(now, call, &subject, "complaint", facts, answer)]))
}

pub(super) fn apply(adviser: &mut Adviser) -> Option<()> {
    adviser.house.counters.complaints += 1;
    Some(())
}
