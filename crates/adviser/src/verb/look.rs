//! What may be seen, and in which order: the questions first, models and products only after the profile, and of those
//! only what the user's class may hold. And the house's own view of itself.

use advice::model::Model;
use advice::suitability::{Grade, permit_strategy};
use advice::tax::Rules;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::Fields;

/// Records are kept for so many years at least: what China's suitability rules for securities ask, and more than those
/// of the EU (5 to 7) and the US (5). No call deletes one, and a journal that lacks a segment is not opened.
const RECORDS_YEARS: i64 = 20;

pub(super) fn questionnaire(adviser: &Adviser) -> Result<Step, Refusal> {
    Ok(Step::Answer(adviser.house.form.to_json()))
}

/// The highest grade a user may be shown, and the profile's class.
fn permitted(
    adviser: &Adviser,
    now: Moment,
    call: &Call,
    what: &'static str,
) -> Result<(Grade, advice::suitability::Class), Refusal> {
    let fields = Fields::of(&call.body, what, &["user"])?;
    let subject = subject_in(call, &fields)?;
    let investor = adviser.investors.get(&subject);
    let profile = investor.and_then(|investor| investor.profile.as_ref()).map(|(_, profile)| profile);
    permit_strategy(profile, now.day())?;
    let unknown = || Refusal::new(Code::StrategyBeforeProfile, what, "The profile comes first.");
    let profile = profile.ok_or_else(unknown)?;
    let most = if profile.lowest { Grade::R1 } else { profile.class.grade_max() };
    Ok((most, profile.class))
}

pub(super) fn models(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let (most, class) = permitted(adviser, now, call, "models")?;
    let eligible = |model: &&Model| {
        let grades = model.weights_bp.iter().filter_map(|(code, _)| adviser.house.products.get(code));
        model.class <= class
            && model.refuse_unusable(now.day()).is_ok()
            && grades.map(|listing| listing.product.grade()).all(|grade| grade <= most)
    };
    let shown = adviser.house.models.values().filter(eligible).map(Model::to_json).collect();
    Ok(Step::Answer(Json::object([("models", Json::List(shown))])))
}

pub(super) fn product(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let (most, class) = permitted(adviser, now, call, "product")?;
    let listing = adviser.house.listing(call.names.first().map_or("", String::as_str))?;
    let grade = listing.product.grade();
    if grade > most {
        let message = format!("{} may hold up to {}.", class.name(), most.name());
        return Err(Refusal::new(Code::ProductAboveClass, "product grade", message)
            .found(most.number() as f64, grade.number() as f64)
            .nearest(most.number() as f64));
    }
    let Json::Object(mut shown) = listing.to_json() else { return Ok(Step::Answer(Json::Null)) };
    let series = adviser.house.market.series(&listing.product.code);
    let last = series.and_then(|series| series.last);
    shown.insert("last_price_day".into(), last.map_or(Json::Null, |day| Json::text(day.to_string())));
    shown.insert(
        "price_millionths".into(),
        series.map_or(Json::Null, |series| Json::Whole(series.price_millionths)),
    );
    Ok(Step::Answer(Json::Object(shown)))
}

pub(super) fn house(adviser: &Adviser, now: Moment) -> Result<Step, Refusal> {
    let house = &adviser.house;
    let priced = house.products.values().map(|listing| {
        let series = house.market.series(&listing.product.code);
        let last = series.and_then(|s| s.last).map_or(Json::Null, |day| Json::text(day.to_string()));
        let Json::Object(mut shown) = listing.to_json() else { return Json::Null };
        shown.insert("last_price_day".into(), last);
        Json::Object(shown)
    });
    Ok(Step::Answer(Json::object([
        ("stopped", house.stopped.as_ref().map_or(Json::Null, Json::text)),
        ("jurisdictions", Json::texts(&house.served.iter().collect::<Vec<_>>())),
        ("tax_rules", Json::List(house.tax.values().map(Rules::to_json).collect())),
        ("policy", house.policy.to_json()),
        ("models", Json::List(house.models.values().map(Model::to_json).collect())),
        ("products", Json::List(priced.collect())),
        ("users", Json::Whole(adviser.investors.len() as i64)),
        ("records", Json::Whole(adviser.records() as i64)),
        ("records_kept_years", Json::Whole(RECORDS_YEARS)),
        ("counters", house.counters.to_json(now.day())),
    ])))
}
