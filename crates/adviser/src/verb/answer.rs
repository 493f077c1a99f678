//! `POST /advice/proposals/{id}/accept` and `/decline`, and the house's release of one that a person had to look at:
//! where orders are booked, the rules are asked a second time, on the day's profile, products and holdings.

use advice::calendar::Day;
use advice::mandate::{Action, permit};
use advice::model::Bucket;
use advice::proposal::{Kind, Order, OrderSide, match_booking, turnover_bp};
use advice::record::Record;
use advice::{Code, Json, Refusal};

use super::propose::{Wish, assemble, side, side_name};
use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment, Who};
use crate::fields::{Fields, not_known};
use crate::house::House;
use crate::investor::{Investor, Offer, OfferState};
use crate::plan::{Booked, Plan, value_minor};
use crate::record::Draft;

pub(super) fn accept(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "acceptance", &["request_id", "confirmed"])?;
    let confirmed = fields.truth("confirmed")?;
    let (id, subject, investor, offer) = offered(adviser, call)?;
    let facts = match book(adviser, now, subject, investor, offer, confirmed) {
        Ok(facts) => facts,
        // That it was refused is part of the trail: what the rules caught is counted from there.
        Err(refusal) => {
            let facts = vec![("id", Json::text(id)), ("refusal", refusal.to_json())];
            return Ok(Step::Facts(vec![Draft::of(now, call, subject, "accept", facts, Json::Null)]));
        }
    };
    let Json::Object(mut answer) = Json::object(facts.clone()) else { return Ok(Step::Answer(Json::Null)) };
    answer.insert("id".into(), Json::text(id));
    answer.insert("state".into(), Json::text("accepted"));
    let facts = facts.into_iter().chain([("id", Json::text(id))]).collect();
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "accept", facts, Json::Object(answer))]))
}

fn offered<'a>(
    adviser: &'a Adviser,
    call: &'a Call,
) -> Result<(&'a str, &'a str, &'a Investor, &'a Offer), Refusal> {
    let id = call.names.first().map_or("", String::as_str);
    let (subject, investor) = adviser.owner(call, "proposal", id)?;
    let offer = investor.offers.get(id).ok_or_else(|| not_known("proposal", id))?;
    Ok((id, subject, investor, offer))
}

/// All checks in their fixed order, then what is booked.
fn book(
    adviser: &Adviser,
    now: Moment,
    subject: &str,
    investor: &Investor,
    offer: &Offer,
    confirmed: bool,
) -> Result<Vec<(&'static str, Json)>, Refusal> {
    let (house, today) = (&adviser.house, now.day());
    house.refuse_stopped()?;
    refuse_closed(offer)?;
    if today > offer.expires {
        let message = format!("The proposal could be accepted until {}.", offer.expires);
        return Err(Refusal::new(Code::ProposalExpired, "proposal", message).remedy("Ask for a new one."));
    }
    let plan = investor.plan(&offer.goal)?;
    if plan.revision != offer.revision {
        let message = "The plan changed since the proposal was made.";
        return Err(Refusal::new(Code::InputsChanged, "plan", message).remedy("Ask for a new one."));
    }
    if let Some(why) = &offer.review {
        return Err(Refusal::new(
            Code::ReviewPending,
            "crisis rule",
            format!("A person must look first: {why}."),
        ));
    }
    let model = house.models.get(&offer.model).ok_or_else(|| not_known("model", &offer.model.0))?;
    model.refuse_unusable(today)?;
    let kind = Kind::ALL.iter().find(|(_, name)| *name == offer.kind).map_or(Kind::Drift, |(kind, _)| *kind);
    let wish = Wish { kind, deposit_minor: offer.deposit_minor, withdraw_minor: offer.withdraw_minor };
    let request = assemble(adviser, now, subject, investor, &offer.goal, &wish)?.request;
    let matching = match_booking(&request, &offer.orders);
    matching.permit()?;
    let turnover_bp = turnover_bp(&request, &offer.orders);
    let action = Action {
        day: today,
        codes: offer.orders.iter().map(|order| order.code.as_str()).collect(),
        turnover_bp,
        turnover_past_bp: plan.turnover_past_bp(today),
        confirmed,
    };
    permit(investor.mandate.as_ref().map(|(_, mandate)| mandate), &action)?;
    let mut booked = Vec::new();
    for (place, order) in offer.orders.iter().enumerate() {
        refuse_unbookable(house, plan, order, today)?;
        let listing = house.listing(&order.code)?;
        let (trade_day, late) = house.trade_day(now, listing);
        let note = if late { Json::text(Code::AfterCutoff.name()) } else { Json::Null };
        booked.push(Json::object([
            ("id", Json::text(format!("{}-{place}", adviser.new_id("order-", 0)))),
            ("side", Json::text(side_name(order.side))),
            ("product", Json::text(&order.code)),
            ("amount_minor", Json::Whole(order.amount_minor)),
            ("fee_minor", Json::Whole(order.fee_minor)),
            ("trade_day", Json::text(trade_day.to_string())),
            ("note", note),
        ]));
    }
    Ok(vec![
        ("goal", Json::text(&offer.goal)),
        ("orders", Json::List(booked)),
        ("matching", matching.to_json()),
        ("turnover_bp", Json::Whole(turnover_bp)),
        ("deposit_minor", Json::Whole(offer.deposit_minor)),
        ("withdraw_minor", Json::Whole(offer.withdraw_minor)),
        ("payout_minor", Json::Whole(if offer.orders.is_empty() { offer.withdraw_minor } else { 0 })),
    ])
}

fn refuse_closed(offer: &Offer) -> Result<(), Refusal> {
    if offer.state == OfferState::Open {
        return Ok(());
    }
    let message = format!("The proposal is {} already.", offer.state.name());
    Err(Refusal::new(Code::InputsChanged, "proposal", message))
}

/// Limits that belong to orders alone: the fund's capacity and state, and units that are not settled.
fn refuse_unbookable(house: &House, plan: &Plan, order: &Order, today: Day) -> Result<(), Refusal> {
    let listing = house.listing(&order.code)?;
    match order.side {
        OrderSide::Buy => {
            let Some(capacity) = listing.capacity_minor else { return Ok(()) };
            let units = house.units.get(&order.code).copied().unwrap_or(0);
            let after = value_minor(&house.market, &order.code, units).saturating_add(order.amount_minor);
            if after <= capacity {
                return Ok(());
            }
            let message = format!("All clients together would hold {after} of {}.", order.code);
            Err(Refusal::new(Code::FundCapacity, "fund capacity", message)
                .found(capacity as f64, after as f64)
                .nearest((capacity - after + order.amount_minor).max(0) as f64))
        }
        OrderSide::Sell => {
            if listing.product.state == advice::suitability::State::Suspended {
                let message = format!("{} takes no orders.", order.code);
                return Err(Refusal::new(Code::FundSuspended, "fund state", message));
            }
            let settled = plan.settled_units(&order.code, today);
            let value = value_minor(&house.market, &order.code, settled);
            if value >= order.amount_minor {
                return Ok(());
            }
            let message = format!("Units of {} worth {value} are settled.", order.code);
            Err(Refusal::new(Code::Unsettled, "settlement", message)
                .found(value as f64, order.amount_minor as f64)
                .nearest(value as f64)
                .remedy("Wait until they are settled."))
        }
    }
}

pub(super) fn decline(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "refusal of a proposal", &["request_id", "reason"])?;
    let reason = fields.optional_text("reason")?.unwrap_or_default();
    let (id, subject, _, offer) = offered(adviser, call)?;
    refuse_closed(offer)?;
    let facts = vec![("id", Json::text(id)), ("reason", Json::text(reason))];
    let answer = Json::object([("id", Json::text(id)), ("state", Json::text("declined"))]);
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "decline", facts, answer)]))
}

pub(super) fn release(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "release", &["request_id", "why"])?;
    let why = fields.text("why")?;
    let Who::Person(person) = &call.who else {
        let message = "A person must look at it; the operator's token names none.";
        return Err(Refusal::new(Code::ReviewPending, "crisis rule", message));
    };
    let (id, subject, _, offer) = offered(adviser, call)?;
    refuse_closed(offer)?;
    let facts = vec![("id", Json::text(id)), ("why", Json::text(why)), ("person", Json::text(person))];
    let answer = Json::object([("id", Json::text(id)), ("released_by", Json::text(person))]);
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "release", facts, answer)]))
}

pub(super) fn apply_accept(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let body = &record.body;
    if let Some(refusal) = body.member("refusal") {
        adviser.house.counters.refused(&Refusal::from_json(refusal)?);
        return Some(());
    }
    let id = body.member("id")?.as_text()?.to_owned();
    let goal = body.member("goal")?.as_text()?;
    let whole = |key: &str| body.member(key)?.as_whole();
    let (deposit, withdraw, turnover) =
        (whole("deposit_minor")?, whole("withdraw_minor")?, whole("turnover_bp")?);
    let orders = body.member("orders")?.elements();
    let orders: Vec<(String, Booked)> =
        orders.iter().map(|order| booked(order, &id)).collect::<Option<_>>()?;
    let Adviser { house, investors, .. } = adviser;
    let investor = investors.get_mut(&record.subject)?;
    let offer = investor.offers.get_mut(&id)?;
    offer.state = OfferState::Accepted;
    let months_max = offer.bucket_months_max;
    let plan = investor.plans.get_mut(goal)?;
    let before = plan.value_minor(&house.market);
    plan.cash_minor += deposit;
    if deposit > 0 {
        plan.mark(record.day, before, deposit);
    }
    plan.payout_minor += withdraw;
    plan.turnover.retain(|(day, _)| day.plus_months(12) > record.day);
    plan.turnover.push((record.day, turnover));
    let since =
        plan.bucket.filter(|held| held.months_max == months_max).map_or(record.day, |held| held.since);
    plan.bucket = Some(Bucket { months_max, since });
    plan.revision += 1;
    let ids: Vec<String> = orders.iter().map(|(id, _)| id.clone()).collect();
    plan.open.extend(orders);
    plan.pay_out(record.day, &house.market);
    house.counters.accepted += 1;
    let checks = body.member("matching").and_then(|matching| matching.member("checks"));
    let failed = |check: &Json| check.member("passed").and_then(Json::as_bool) == Some(false);
    house.counters.exceptions += i64::from(checks.is_some_and(|list| list.elements().iter().any(failed)));
    for id in ids {
        adviser.note_place(&id, &record.subject, number);
    }
    Some(())
}

fn booked(json: &Json, proposal: &str) -> Option<(String, Booked)> {
    let text = |key: &str| json.member(key)?.as_text();
    let booked = Booked {
        side: side(text("side")?)?,
        code: text("product")?.to_owned(),
        amount_minor: json.member("amount_minor")?.as_whole()?,
        proposal: proposal.to_owned(),
        trade_day: Day::parse(text("trade_day")?)?,
    };
    Some((text("id")?.to_owned(), booked))
}

pub(super) fn apply_decline(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let id = record.body.member("id")?.as_text()?;
    adviser.investors.get_mut(&record.subject)?.offers.get_mut(id)?.state = OfferState::Declined;
    adviser.house.counters.declined += 1;
    Some(())
}

pub(super) fn apply_release(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let id = record.body.member("id")?.as_text()?;
    adviser.investors.get_mut(&record.subject)?.offers.get_mut(id)?.review = None;
    Some(())
}
