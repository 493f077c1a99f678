//! `GET /operator/v1/advice/report`: what the house must be able to say of all its users at once: classes, contradictions,
//! exceptions, and the live record of each model with each member's users, which is what plans did and never a
//! back-test.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::suitability::{Position, matching};
use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::Moment;
use crate::house::House;
use crate::investor::{Investor, OfferState};
use crate::plan::Plan;

/// What the plans of one model did.
#[derive(Default)]
struct Live {
    first: Option<Day>,
    plans: i64,
    paid_minor: i64,
    value_minor: i64,
    fees_minor: i64,
}

pub(super) fn look(adviser: &Adviser, now: Moment) -> Result<Step, Refusal> {
    let (house, today) = (&adviser.house, now.day());
    let mut classes: BTreeMap<&str, i64> = BTreeMap::new();
    let mut live: BTreeMap<(&str, &(String, i64)), Live> = BTreeMap::new();
    let (mut expired, mut above, mut waiting) = (0, 0, Vec::new());
    for (subject, investor) in &adviser.investors {
        if let Some((_, profile)) = &investor.profile {
            *classes.entry(profile.class.name()).or_default() += 1;
            expired += i64::from(profile.refuse_expired(today).is_err());
        }
        for (id, plan) in &investor.plans {
            above += i64::from(holds_above_class(house, investor, plan, today));
            if let Some(model) = followed(investor, id) {
                // Users of one member hold one currency, so their sums say something.
                let member = subject.rsplit_once('/').map_or(subject.as_str(), |(member, _)| member);
                live.entry((member, model)).or_default().take(house, plan);
            }
        }
        for (id, offer) in investor.offers.iter().filter(|(_, offer)| offer.state == OfferState::Open) {
            if let Some(why) = &offer.review {
                let fields = [("id", id.as_str()), ("subject", subject), ("why", why)];
                waiting.push(Json::object(fields.map(|(key, value)| (key, Json::text(value)))));
            }
        }
    }
    let counted = |counts: BTreeMap<&str, i64>| {
        Json::object(counts.into_iter().map(|(name, count)| (name, Json::Whole(count))))
    };
    Ok(Step::Answer(Json::object([
        ("users", Json::Whole(adviser.investors.len() as i64)),
        ("classes", counted(classes)),
        ("profiles_expired", Json::Whole(expired)),
        ("questionnaire", Json::text(&house.form.version)),
        ("assessments", Json::Whole(house.counters.assessed)),
        ("contradictions", Json::Whole(house.counters.contradicted)),
        ("suitability_exceptions", Json::Whole(house.counters.exceptions)),
        ("plans_above_class", Json::Whole(above)),
        ("reviews_waiting", Json::List(waiting)),
        (
            "live",
            Json::List(live.into_iter().map(|((member, model), live)| live.to_json(member, model)).collect()),
        ),
        ("backtests", Json::texts(&house.backtests)),
        ("rebalance_runs", Json::texts(&house.runs)),
        ("counters", house.counters.to_json(today)),
    ])))
}

/// Whether a plan holds what its user could not buy today: after a product got a higher grade, or the user a lower class.
/// It forces no sale.
fn holds_above_class(house: &House, investor: &Investor, plan: &Plan, today: Day) -> bool {
    let lots = plan.valued(&house.market);
    let positions: Vec<Position> = lots
        .iter()
        .filter_map(|lot| {
            let product = &house.products.get(&lot.code)?.product;
            Some(Position { product, value_minor: lot.value_minor, bought_minor: lot.value_minor })
        })
        .collect();
    let profile = investor.profile.as_ref().map(|(_, profile)| profile);
    let of_mix = [advice::Code::SingleFundCap, advice::Code::FundSuspended];
    let opinion = matching(profile, today, &house.policy, &positions, None);
    !positions.is_empty() && opinion.permit().is_err_and(|refusal| !of_mix.contains(&refusal.code))
}

/// The model of the newest proposal that was accepted for a goal.
fn followed<'a>(investor: &'a Investor, goal: &str) -> Option<&'a (String, i64)> {
    let accepted = investor.offers.values().filter(|o| o.goal == goal && o.state == OfferState::Accepted);
    accepted.max_by_key(|offer| offer.number).map(|offer| &offer.model)
}

impl Live {
    fn take(&mut self, house: &House, plan: &Plan) {
        let first = plan.marks.first().map(|mark| mark.day);
        self.first = self.first.into_iter().chain(first).min();
        self.plans += 1;
        self.paid_minor += plan.marks.iter().map(|mark| mark.paid_minor).sum::<i64>();
        self.value_minor += plan.value_minor(&house.market);
        self.fees_minor += plan.fees_minor;
    }

    fn to_json(&self, member: &str, (model, version): &(String, i64)) -> Json {
        Json::object([
            ("member", Json::text(member)),
            ("model", Json::text(model)),
            ("version", Json::Whole(*version)),
            ("since", self.first.map_or(Json::Null, |day| Json::text(day.to_string()))),
            ("plans", Json::Whole(self.plans)),
            ("paid_in_minor", Json::Whole(self.paid_minor)),
            ("value_minor", Json::Whole(self.value_minor)),
            ("gain_minor", Json::Whole(self.value_minor - self.paid_minor)),
            ("fees_minor", Json::Whole(self.fees_minor)),
        ])
    }
}
