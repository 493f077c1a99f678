//! `POST /advice/profiles` and `GET /advice/profiles/{id}`: answers become a profile. Contradictions are asked once
//! again; that they were asked is the state's knowledge, not the caller's claim.

use std::collections::BTreeMap;

use advice::digest::sha256;
use advice::profile::{Answers, RiskProfile, assess};
use advice::record::Record;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, INVESTORS_MAX, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::Fields;
use crate::record::Draft;

const FIELDS: &[&str] =
    &["request_id", "user", "jurisdiction", "age_years", "full_capacity", "questionnaire", "answers"];

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "profile", FIELDS)?;
    let subject = subject_in(call, &fields)?;
    let house = &adviser.house;
    house.refuse_stopped()?;
    let jurisdiction = fields.name("jurisdiction")?;
    house.refuse_unserved(jurisdiction)?;
    let known = adviser.investors.get(&subject);
    if known.is_none() && adviser.investors.len() >= INVESTORS_MAX {
        let message = "The service takes no more users.";
        return Err(Refusal::new(Code::OutOfRange, "users", message)
            .found(INVESTORS_MAX as f64, (adviser.investors.len() + 1) as f64));
    }
    let answers = Answers {
        questionnaire: fields.text("questionnaire")?.to_owned(),
        chosen: chosen(&fields)?,
        day: now.day(),
        age_years: fields.whole("age_years", 0..=150)? as u32,
        full_capacity: fields.truth("full_capacity")?,
        asked_again: known.is_some_and(|investor| investor.contradicted),
        attempts: known.map_or((0, 0), |investor| investor.attempts(now.day())),
    };
    let hash = |json: &Json| Json::text(sha256(json.canonical().as_bytes()));
    let mut facts = vec![
        ("jurisdiction", Json::text(jurisdiction)),
        ("asked_again", Json::Bool(answers.asked_again)),
        ("questionnaire_hash", hash(&house.form.to_json())),
        ("policy_hash", hash(&house.policy.to_json())),
    ];
    match assess(&house.form, &answers, &house.policy) {
        Ok(profile) => {
            let id = adviser.new_id("profile-", 0);
            let answer = told(&id, &profile);
            facts.push(("id", Json::text(id)));
            facts.push(("profile", profile.to_json()));
            Ok(Step::Facts(vec![Draft::of(now, call, &subject, "profile", facts, answer)]))
        }
        Err(refusal) if refusal.code == Code::ProfileContradictory => {
            facts.push(("refusal", refusal.to_json()));
            Ok(Step::Facts(vec![Draft::of(now, call, &subject, "contradiction", facts, Json::Null)]))
        }
        Err(refusal) => Err(refusal),
    }
}

pub(super) fn look(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    let id = call.names.first().map_or("", String::as_str);
    Ok(Step::Repeat(adviser.place(call, "profile", id)?.number))
}

fn chosen(fields: &Fields) -> Result<BTreeMap<String, usize>, Refusal> {
    let one = |(question, option): (&String, &Json)| {
        let option = option.as_whole().and_then(|option| usize::try_from(option).ok());
        let option = option.ok_or_else(|| {
            let message = format!("The answer to {question} is the number of an option, from 0.");
            Refusal::new(Code::AnswerUnknown, question.clone(), message)
        })?;
        Ok((question.clone(), option))
    };
    fields.object("answers")?.iter().map(one).collect()
}

fn told(id: &str, profile: &RiskProfile) -> Json {
    let Json::Object(mut members) = profile.to_json() else { return Json::Null };
    members.insert("id".into(), Json::text(id));
    Json::Object(members)
}

pub(super) fn apply(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let body = &record.body;
    let id = body.member("id")?.as_text()?.to_owned();
    let profile = RiskProfile::from_json(body.member("profile")?).ok()?;
    let investor = adviser.investors.entry(record.subject.clone()).or_default();
    investor.jurisdiction = body.member("jurisdiction")?.as_text()?.to_owned();
    investor.assessed.retain(|day| day.plus_months(12) > record.day);
    investor.assessed.push(record.day);
    investor.contradicted = false;
    adviser.house.counters.assessed += 1;
    investor.profile = Some((id.clone(), profile));
    adviser.note_place(&id, &record.subject, number);
    Some(())
}

pub(super) fn apply_contradiction(adviser: &mut Adviser, record: &Record) -> Option<()> {
    adviser.house.counters.contradicted += 1;
    let investor = adviser.investors.entry(record.subject.clone()).or_default();
    investor.contradicted = true;
    investor.jurisdiction = record.body.member("jurisdiction")?.as_text()?.to_owned();
    Some(())
}
