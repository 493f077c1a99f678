//! The house's products: listed with their terms, graded again with notice to all who hold them, and priced.

use advice::record::Record;
use advice::suitability::{Grade, Position, Product, matching};
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields};
use crate::house::Listing;
use crate::investor::Investor;
use crate::market::read_quotes;
use crate::record::{Draft, HOUSE};

const FIELDS: &[&str] = &[
    "request_id",
    "product",
    "capacity_minor",
    "cutoff_minute",
    "settlement_days",
    "conflict",
    "tracks",
    "replacement",
];
/// Products on the list.
const PRODUCTS_MAX: usize = 5_000;

pub(super) fn list(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "product", FIELDS)?;
    let product = Product::from_json(fields.optional("product").unwrap_or(&Json::Null))?;
    if adviser.house.products.len() >= PRODUCTS_MAX && !adviser.house.products.contains_key(&product.code) {
        let message = format!("{PRODUCTS_MAX} products are listed at most.");
        return Err(Refusal::new(Code::OutOfRange, "products", message));
    }
    let conflict = fields.optional_text("conflict")?.unwrap_or_default();
    advice::proposal::refuse_promises(conflict)?;
    let replacement = fields.optional_text("replacement")?.unwrap_or_default();
    if !replacement.is_empty() {
        refuse_replacement(adviser, &product, replacement, fields.optional_text("tracks")?)?;
    }
    let listing = Json::object([
        ("product", product.to_json()),
        (
            "capacity_minor",
            fields.optional_whole("capacity_minor", 0..=AMOUNT_MAX)?.map_or(Json::Null, Json::Whole),
        ),
        ("cutoff_minute", Json::Whole(fields.optional_whole("cutoff_minute", 0..=1_440)?.unwrap_or(1_440))),
        ("settlement_days", Json::Whole(fields.optional_whole("settlement_days", 0..=30)?.unwrap_or(1))),
        ("conflict", Json::text(conflict)),
        ("tracks", Json::text(fields.optional_text("tracks")?.unwrap_or_default())),
        ("replacement", Json::text(replacement)),
    ]);
    let before = adviser.house.products.get(&product.code).map(|listing| listing.product.grade());
    let facts = vec![("listing", listing.clone())];
    let mut drafts = vec![Draft::of(now, call, HOUSE, "product-listing", facts, listing)];
    drafts.extend(notices(adviser, now, &product, before));
    Ok(Step::Facts(drafts))
}

pub(super) fn grade(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "grade", &["request_id", "grade", "why"])?;
    let mut product = adviser.house.listing(call.names.first().map_or("", String::as_str))?.product.clone();
    let grade = Grade::parse(fields.text("grade")?).ok_or_else(|| fields.refuse("no grade R1 to R5"))?;
    let why = fields.text("why")?;
    let before = product.grade();
    product.own_grade = grade;
    let facts = vec![
        ("product", Json::text(&product.code)),
        ("own_grade", Json::text(grade.name())),
        ("why", Json::text(why)),
    ];
    let notices = notices(adviser, now, &product, Some(before));
    let answer = Json::object([
        ("product", Json::text(&product.code)),
        ("grade_before", Json::text(before.name())),
        ("grade", Json::text(product.grade().name())),
        ("holders_told", Json::Whole(notices.len() as i64)),
    ]);
    let mut drafts = vec![Draft::of(now, call, HOUSE, "grade", facts, answer)];
    drafts.extend(notices);
    Ok(Step::Facts(drafts))
}

/// A replacement is another listed product of the same class that does not follow the same.
fn refuse_replacement(
    adviser: &Adviser,
    product: &Product,
    replacement: &str,
    tracks: Option<&str>,
) -> Result<(), Refusal> {
    let other = adviser.house.listing(replacement)?;
    let same = tracks.is_some_and(|tracks| !tracks.is_empty() && tracks == other.tracks);
    if replacement != product.code && other.product.class == product.class && !same {
        return Ok(());
    }
    let message = format!(
        "{replacement} does not replace {}: another of its class that follows something else does.",
        product.code
    );
    Err(Refusal::new(Code::OutOfRange, "replacement", message))
}

/// A notice to everybody who holds the product, each with the matching opinion on what is held. It forces no sale.
fn notices(adviser: &Adviser, now: Moment, product: &Product, before: Option<Grade>) -> Vec<Draft> {
    let Some(before) = before.filter(|before| *before != product.grade()) else { return Vec::new() };
    let holders =
        adviser.investors.iter().filter(|(_, investor)| value(adviser, investor, &product.code) > 0);
    let notice = |(subject, investor): (&String, &Investor)| {
        let held = value(adviser, investor, &product.code);
        // As if bought today: that is the question the notice answers.
        let position = Position { product, value_minor: held, bought_minor: held };
        let profile = investor.profile.as_ref().map(|(_, profile)| profile);
        let opinion = matching(profile, now.day(), &adviser.house.policy, &[position], None);
        let facts = vec![
            ("product", Json::text(&product.code)),
            ("grade_before", Json::text(before.name())),
            ("grade", Json::text(product.grade().name())),
            ("held_minor", Json::Whole(held)),
            ("matching", opinion.to_json()),
        ];
        Draft::notice(now, subject, "grade-notice", facts)
    };
    holders.map(notice).collect()
}

fn value(adviser: &Adviser, investor: &Investor, code: &str) -> i64 {
    let lots = investor.plans.values().flat_map(|plan| plan.valued(&adviser.house.market));
    lots.filter(|lot| lot.code == code).map(|lot| lot.value_minor).sum()
}

pub(super) fn prices(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "prices", &["request_id", "product", "prices", "checked"])?;
    let code = fields.text("product")?;
    adviser.house.listing(code)?;
    let quotes = read_quotes(fields.optional("prices").unwrap_or(&Json::Null))?;
    adviser.house.market.permit(code, &quotes, fields.truth("checked")?)?;
    let answer = Json::object([
        ("product", Json::text(code)),
        ("prices", Json::Whole(quotes.len() as i64)),
        ("until", quotes.last().map_or(Json::Null, |(day, _)| Json::text(day.to_string()))),
    ]);
    // The prices stand in what was asked; once is enough.
    Ok(Step::Facts(vec![Draft::of(now, call, HOUSE, "prices", Vec::new(), answer)]))
}

pub(super) fn apply_listed(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let listing = record.body.member("listing")?;
    let whole = |key: &str| listing.member(key).and_then(Json::as_whole);
    let text = |key: &str| listing.member(key).and_then(Json::as_text).map(str::to_owned).unwrap_or_default();
    let product = Product::from_json(listing.member("product")?).ok()?;
    let listed = Listing {
        capacity_minor: whole("capacity_minor"),
        cutoff_minute: whole("cutoff_minute")?,
        settlement_days: whole("settlement_days")?,
        conflict: listing.member("conflict")?.as_text()?.to_owned(),
        // Records from before there was either have neither.
        tracks: text("tracks"),
        replacement: text("replacement"),
        product,
    };
    adviser.house.products.insert(listed.product.code.clone(), listed);
    Some(())
}

pub(super) fn apply_graded(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let code = record.body.member("product")?.as_text()?;
    let grade = Grade::parse(record.body.member("own_grade")?.as_text()?)?;
    adviser.house.products.get_mut(code)?.product.own_grade = grade;
    Some(())
}

pub(super) fn apply_prices(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let asked = record.body.member("asked")?;
    let quotes = read_quotes(asked.member("prices")?).ok()?;
    adviser.house.market.add(asked.member("product")?.as_text()?, &quotes);
    Some(())
}
