//! `POST /advice/mandates` and `DELETE /advice/mandates/{id}`: a permission is signed, and revocable at once, whatever
//! else is stopped.

use advice::calendar::Day;
use advice::mandate::Mandate;
use advice::record::Record;
use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::{Fields, not_known};
use crate::record::Draft;

pub(super) fn sign(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let known = ["request_id", "user", "managed", "funds", "turnover_year_bp"];
    let fields = Fields::of(&call.body, "mandate", &known)?;
    let subject = subject_in(call, &fields)?;
    adviser.house.refuse_stopped()?;
    let investor = adviser.investor(&subject)?;
    investor.profile(now.day())?;
    let mandate = Mandate {
        managed: fields.truth("managed")?,
        funds: fields.names("funds")?,
        turnover_year_bp: fields.whole("turnover_year_bp", 0..=1_000_000)?,
        signed: now.day(),
        revoked: None,
    };
    let id = adviser.new_id("mandate-", 0);
    let facts = vec![("id", Json::text(&id)), ("mandate", mandate.to_json())];
    let Json::Object(mut answer) = mandate.to_json() else { return Err(not_known("mandate", &id)) };
    answer.insert("id".into(), Json::text(id));
    Ok(Step::Facts(vec![Draft::of(now, call, &subject, "mandate", facts, Json::Object(answer))]))
}

pub(super) fn revoke(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    Fields::of(&call.body, "revocation", &["request_id"])?;
    let id = call.names.first().map_or("", String::as_str);
    let (subject, investor) = adviser.owner(call, "mandate", id)?;
    let in_force =
        investor.mandate.as_ref().filter(|(held, mandate)| held == id && mandate.revoked.is_none());
    in_force.ok_or_else(|| not_known("mandate in force", id))?;
    let facts = vec![("id", Json::text(id))];
    let answer = Json::object([("id", Json::text(id)), ("revoked", Json::text(now.day().to_string()))]);
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "revocation", facts, answer)]))
}

pub(super) fn apply_signed(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let id = record.body.member("id")?.as_text()?;
    let mandate = Mandate::from_json(record.body.member("mandate")?).ok()?;
    adviser.investors.get_mut(&record.subject)?.mandate = Some((id.to_owned(), mandate));
    adviser.note_place(id, &record.subject, number);
    Some(())
}

pub(super) fn apply_revoked(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let (_, mandate) = adviser.investors.get_mut(&record.subject)?.mandate.as_mut()?;
    mandate.revoked = Some(Day(record.day.0));
    Some(())
}
