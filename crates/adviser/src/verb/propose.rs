//! `POST /advice/proposals` and `GET /advice/proposals/{id}`: a request is put together from the state, computed away
//! from it, and recorded with its answer, whether that is a proposal or a refusal.

use advice::calendar::Day;
use advice::model::{Bucket, follow};
use advice::proposal::{Kind, Order, OrderSide, Request};
use advice::record::Record;
use advice::suitability::permit_strategy;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields};
use crate::investor::{Investor, Offer, OfferState};
use crate::record::Draft;
use crate::work::{Computed, Screened, Task, Work};

/// Offers of one user kept at hand; older ones are in their records.
const OFFERS_MAX: usize = 32;

/// A proposal to be computed: the whole request, and the state of the plan it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) subject: String,
    pub(crate) goal: String,
    pub(crate) revision: i64,
    pub(crate) deposit_minor: i64,
    pub(crate) bucket: Bucket,
    pub(crate) request: Request,
}

/// What a proposal is asked for.
pub(super) struct Wish {
    pub(super) kind: Kind,
    pub(super) deposit_minor: i64,
    pub(super) withdraw_minor: i64,
}

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "proposal", &["request_id", "goal", "kind", "amount_minor"])?;
    let goal = fields.name("goal")?;
    let (subject, investor) = adviser.owner(call, "goal", goal)?;
    let name = fields.text("kind")?;
    let kind =
        Kind::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind).ok_or_else(|| {
            let names: Vec<&str> = Kind::ALL.iter().map(|(_, name)| *name).collect();
            Refusal::new(Code::OutOfRange, "kind", format!("There is no proposal of kind {name}."))
                .remedy(format!("Choose among {}.", names.join(", ")))
        })?;
    let amount = fields.optional_whole("amount_minor", 1..=AMOUNT_MAX)?;
    let wish = Wish {
        kind,
        deposit_minor: if kind == Kind::Withdrawal { 0 } else { amount.unwrap_or(0) },
        withdraw_minor: if kind == Kind::Withdrawal {
            fields.whole("amount_minor", 1..=AMOUNT_MAX)?
        } else {
            0
        },
    };
    let asked = vec![assemble(adviser, now, subject, investor, goal, &wish)?];
    let task = Task::Proposals { asked, screened: Screened::default() };
    Ok(Step::Work(Box::new(Work { call: call.clone(), task })))
}

/// Everything a proposal depends on today, in one document.
pub(super) fn assemble(
    adviser: &Adviser,
    now: Moment,
    subject: &str,
    investor: &Investor,
    goal: &str,
    wish: &Wish,
) -> Result<Asked, Refusal> {
    let (house, today) = (&adviser.house, now.day());
    house.refuse_stopped()?;
    house.refuse_unserved(&investor.jurisdiction)?;
    permit_strategy(investor.profile.as_ref().map(|(_, profile)| profile), today)?;
    let profile = investor.profile(today)?;
    let plan = investor.plan(goal)?;
    if !plan.open.is_empty() {
        let message = format!("{} orders of this plan are not carried out yet.", plan.open.len());
        return Err(
            Refusal::new(Code::Unsettled, "open orders", message).remedy("Report what became of them first.")
        );
    }
    let models = house.all_models();
    let months = plan.goal.months_left(today);
    let (model, bucket) = follow(&models, profile.class, months, today, plan.bucket)?;
    let holdings = plan.valued(&house.market);
    let mut codes: Vec<String> = model.weights_bp.iter().map(|(code, _)| code.clone()).collect();
    codes.extend(holdings.iter().map(|lot| lot.code.clone()));
    codes.sort();
    codes.dedup();
    let products = codes.iter().map(|code| Ok(house.listing(code)?.product.clone()));
    let request = Request {
        subject: subject.to_owned(),
        day: today,
        kind: wish.kind,
        profile: Some(profile.clone()),
        products: products.collect::<Result<_, Refusal>>()?,
        model: model.clone(),
        holdings,
        cash_minor: plan.cash_minor - plan.payout_minor + wish.deposit_minor,
        reserve_minor: plan.goal.reserve_minor,
        withdraw_minor: wish.withdraw_minor,
        goal: (plan.goal.target_minor > 0).then(|| plan.goal.as_planned(today)),
        history: house.market.history(&codes)?,
        excluded: plan.goal.excluded.clone(),
        policy: house.policy.clone(),
        mandate: investor.mandate.as_ref().map(|(_, mandate)| mandate.clone()),
        turnover_past_bp: plan.turnover_past_bp(today),
        waits: crate::tax::waits(house, investor, &codes, today),
    };
    let (goal, revision, deposit_minor) = (goal.to_owned(), plan.revision, wish.deposit_minor);
    Ok(Asked { subject: subject.to_owned(), goal, revision, deposit_minor, bucket, request })
}

pub(super) fn finish(
    adviser: &Adviser,
    now: Moment,
    call: &Call,
    computed: Computed,
) -> Result<Step, Refusal> {
    let one = computed.all.into_iter().next();
    let (asked, answer) =
        one.ok_or_else(|| Refusal::new(Code::OutOfRange, "proposal", "Nothing was asked for."))?;
    refuse_moved(adviser, &asked)?;
    let id = adviser.new_id("proposal-", 0);
    let (facts, told) = facts(adviser, &id, &asked, answer);
    Ok(Step::Facts(vec![Draft::of(now, call, &asked.subject, "proposal", facts, told)]))
}

/// Refuses what belongs to a plan or house that is another by now.
pub(super) fn refuse_moved(adviser: &Adviser, asked: &Asked) -> Result<(), Refusal> {
    adviser.house.refuse_stopped()?;
    let plan = adviser.investor(&asked.subject)?.plan(&asked.goal)?;
    if plan.revision == asked.revision {
        return Ok(());
    }
    let message = "The plan changed while the proposal was computed.";
    Err(Refusal::new(Code::InputsChanged, "plan", message).remedy("Ask again."))
}

/// What is recorded of a proposal, and what is told besides it.
pub(super) fn facts(
    adviser: &Adviser,
    id: &str,
    asked: &Asked,
    computed: Json,
) -> (Vec<(&'static str, Json)>, Json) {
    let request = &asked.request;
    let conflict = |code: &String| {
        let listing = adviser.house.products.get(code)?;
        (!listing.conflict.is_empty()).then(|| (code.clone(), Json::text(&listing.conflict)))
    };
    let told = Json::object([
        ("id", Json::text(id)),
        ("goal", Json::text(&asked.goal)),
        ("kind", Json::text(request.kind.name())),
        ("state", Json::text("open")),
        ("conflicts", Json::object(request.codes().iter().filter_map(conflict))),
    ]);
    let mut facts = vec![
        ("id", Json::text(id)),
        ("goal", Json::text(&asked.goal)),
        ("revision", Json::Whole(asked.revision)),
        ("deposit_minor", Json::Whole(asked.deposit_minor)),
        ("bucket_months_max", Json::Whole(asked.bucket.months_max)),
    ];
    if let Some(refusal) = computed.member("refusal") {
        facts.push(("refusal", refusal.clone()));
    }
    facts.push(("computed", computed));
    (facts, told)
}

pub(super) fn look(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    let id = call.names.first().map_or("", String::as_str);
    let number = adviser.place(call, "proposal", id)?.number;
    let (_, investor) = adviser.owner(call, "proposal", id)?;
    let state = investor.offers.get(id).map_or("archived", |offer| offer.state.name());
    Ok(Step::Told { number, besides: Json::object([("state", Json::text(state))]) })
}

pub(super) fn apply(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let body = &record.body;
    let id = body.member("id")?.as_text()?;
    let computed = body.member("computed")?;
    let request = computed.member("request")?;
    let model = request.member("model")?;
    let refusal = computed.member("refusal");
    let proposal = computed.member("proposal");
    let list = proposal.and_then(|p| p.member("orders")).and_then(|orders| orders.member("list"));
    let day = |json: &Json| json.as_text().and_then(Day::parse);
    let offer = Offer {
        number,
        goal: body.member("goal")?.as_text()?.to_owned(),
        revision: body.member("revision")?.as_whole()?,
        model: (model.member("id")?.as_text()?.to_owned(), model.member("version")?.as_whole()?),
        bucket_months_max: body.member("bucket_months_max")?.as_whole()?,
        kind: request.member("kind")?.as_text()?.to_owned(),
        orders: list.map(Json::elements).unwrap_or_default().iter().map(order).collect::<Option<_>>()?,
        deposit_minor: body.member("deposit_minor")?.as_whole()?,
        withdraw_minor: request.member("withdraw_minor")?.as_whole()?,
        expires: proposal.and_then(|p| p.member("expires")).and_then(day).unwrap_or(record.day),
        review: proposal.and_then(|p| p.member("review")).and_then(Json::as_text).map(str::to_owned),
        state: if refusal.is_some() { OfferState::Refused } else { OfferState::Open },
    };
    adviser.house.counters.proposals += 1;
    if let Some(refusal) = refusal.and_then(Refusal::from_json) {
        adviser.house.counters.refused(&refusal);
    }
    let investor = adviser.investors.get_mut(&record.subject)?;
    investor.offers.insert(id.to_owned(), offer);
    if investor.offers.len() > OFFERS_MAX {
        let oldest = investor.offers.iter().min_by_key(|(_, offer)| offer.number).map(|(id, _)| id.clone());
        oldest.map(|id| investor.offers.remove(&id));
    }
    adviser.note_place(id, &record.subject, number);
    Some(())
}

fn order(json: &Json) -> Option<Order> {
    let whole = |key: &str| json.member(key)?.as_whole();
    Some(Order {
        side: side(json.member("side")?.as_text()?)?,
        code: json.member("product")?.as_text()?.to_owned(),
        amount_minor: whole("amount_minor")?,
        fee_minor: whole("fee_minor")?,
    })
}

pub(super) fn side(name: &str) -> Option<OrderSide> {
    match name {
        "buy" => Some(OrderSide::Buy),
        "sell" => Some(OrderSide::Sell),
        _ => None,
    }
}

pub(super) fn side_name(side: OrderSide) -> &'static str {
    match side {
        OrderSide::Buy => "buy",
        OrderSide::Sell => "sell",
    }
}
