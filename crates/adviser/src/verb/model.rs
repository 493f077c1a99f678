//! Model portfolios: registered by anybody of the house, in use once two different people approved that very version.

use advice::model::Model;
use advice::record::Record;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment, Who};
use crate::fields::{Fields, not_known};
use crate::record::{Draft, HOUSE};

pub(super) fn register(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "model", &["request_id", "model"])?;
    let mut model = Model::from_json(fields.optional("model").unwrap_or(&Json::Null))?;
    // Approvals are given, not claimed.
    model.approvals.clear();
    for (code, _) in &model.weights_bp {
        adviser.house.listing(code)?;
    }
    let versions = adviser.house.models.keys().filter(|(id, _)| *id == model.id).map(|(_, version)| *version);
    let next = versions.max().unwrap_or(0) + 1;
    if model.version != next {
        let message = format!("The next version of {} is {next}; versions are never edited.", model.id);
        return Err(Refusal::new(Code::OutOfRange, "model version", message)
            .found(next as f64, model.version as f64)
            .nearest(next as f64));
    }
    // Everything but the approvals must be right already.
    let approved = Model { approvals: vec!["one".into(), "two".into()], ..model.clone() };
    approved.refuse_unusable(now.day().max(model.from))?;
    let facts = vec![("model", model.to_json())];
    Ok(Step::Facts(vec![Draft::of(now, call, HOUSE, "model", facts, model.to_json())]))
}

pub(super) fn approve(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    Fields::of(&call.body, "approval", &["request_id"])?;
    let key = key(&call.names)?;
    let model = adviser.house.models.get(&key).ok_or_else(|| not_known("model", &key.0))?;
    let Who::Person(person) = &call.who else {
        let message = "Models are approved by persons; the operator's token names none.";
        return Err(Refusal::new(Code::ModelNotApproved, "two-person approval", message)
            .remedy("Use the token of one of the persons of the configuration."));
    };
    if model.approvals.contains(person) {
        let message = format!("{person} approved this version already; another person must.");
        return Err(Refusal::new(Code::ModelNotApproved, "two-person approval", message)
            .found(2.0, model.approvals.len() as f64)
            .nearest(2.0));
    }
    let mut approved = model.clone();
    approved.approvals.push(person.clone());
    let facts = vec![
        ("model", Json::text(&key.0)),
        ("model_version", Json::Whole(key.1)),
        ("person", Json::text(person)),
    ];
    Ok(Step::Facts(vec![Draft::of(now, call, HOUSE, "approval", facts, approved.to_json())]))
}

fn key(names: &[String]) -> Result<(String, i64), Refusal> {
    match names {
        [id, version] => {
            let version = version.parse().map_err(|_| not_known("model version", version))?;
            Ok((id.clone(), version))
        }
        _ => Err(not_known("model", "")),
    }
}

pub(super) fn apply_registered(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let model = Model::from_json(record.body.member("model")?).ok()?;
    adviser.house.models.insert((model.id.clone(), model.version), model);
    Some(())
}

pub(super) fn apply_approved(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let body = &record.body;
    let key = (body.member("model")?.as_text()?.to_owned(), body.member("model_version")?.as_whole()?);
    adviser.house.models.get_mut(&key)?.approvals.push(body.member("person")?.as_text()?.to_owned());
    Some(())
}
