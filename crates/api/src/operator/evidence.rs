//! What a payment was judged by, for people: its facts with parties by their names, and what the windows hold.

use engine::{Control, Engine};
use risk::expression::Kind;
use risk::{FACT_SLOTS, FIELDS, Facts, Key, Screening};
use switch::PaymentId;
use wire::body::operator::cases::RiskFact;
use wire::body::scalar::{List, Text};

use super::verdict::parties;

/// Told elsewhere, or only set while something else is judged.
const LEFT_OUT: [&str; 3] = ["at_ms", "event", "score_ppm"];
/// How a payment was begun, as facts have it.
const CHANNELS: [&str; 3] = ["payer_code", "order_code", "entry_code"];

/// The facts of a payment. A party that is not known is left out.
pub(super) fn facts(engine: &Engine, id: PaymentId, facts: &Facts) -> List<RiskFact, 64> {
    let names = names(engine, id);
    let mut slots = [0; FACT_SLOTS];
    facts.write(&mut slots);
    let told = FIELDS.iter().zip(slots).filter(|((name, _), _)| !LEFT_OUT.contains(name));
    List::cut(told.filter_map(|((name, kind), slot)| {
        let value = match kind {
            Kind::Text => {
                let key = Key(slot.cast_unsigned());
                if key == Key::NONE {
                    return None;
                }
                let known = names.iter().find(|known| Key::of(known) == key);
                known.cloned().unwrap_or_else(|| format!("{:016x}", key.0))
            }
            _ if *name == "screening" => screened(facts.screening).to_owned(),
            _ => value(*kind, slot),
        };
        Some(RiskFact::new(Text::cut(name), Text::cut(&value)))
    }))
}

fn screened(screening: Screening) -> &'static str {
    match screening {
        Screening::Unknown => "unknown",
        Screening::Clear => "clear",
        Screening::Possible => "possible",
        Screening::Listed => "listed",
    }
}

/// What the windows hold at present for a payment with these facts.
pub(super) fn windows(control: &Control, facts: &Facts) -> List<RiskFact, 1_000> {
    let windows = control.judge().windows();
    let features = windows.features();
    let schema = features.schema();
    let mut slots = vec![0; schema.len()];
    windows.read(facts, &mut slots);
    let derived = slots.iter().zip(schema.kinds()).skip(FACT_SLOTS);
    List::cut(
        features
            .names()
            .iter()
            .zip(derived)
            .map(|(name, (slot, kind))| RiskFact::new(Text::cut(name), Text::cut(&value(*kind, *slot)))),
    )
}

fn value(kind: Kind, slot: i64) -> String {
    match kind {
        Kind::Int => slot.to_string(),
        Kind::Double => format!("{:.4}", f64::from_bits(slot.cast_unsigned())),
        Kind::Bool => (slot != 0).to_string(),
        Kind::Text => format!("{:016x}", slot),
    }
}

/// The texts whose keys the payment's facts may be.
fn names(engine: &Engine, id: PaymentId) -> Vec<String> {
    let mut names: Vec<String> = CHANNELS.map(str::to_owned).to_vec();
    let Some(payment) = engine.switch().payment(id) else { return names };
    let directory = engine.directory();
    let (payer, merchant) = parties(engine, id);
    names.extend(payer.iter().chain(&merchant).map(|name| name.as_str().to_owned()));
    names.extend(engine::device(payment).map(|token| format!("device/{token}")));
    let wallet = payment.terms.as_ref().and_then(|terms| directory.member(terms.wallet));
    let members = wallet.into_iter().chain(directory.member(payment.opened.acquirer));
    names.extend(members.map(|member| member.client_id.to_string()));
    names.extend(payment.terms.iter().map(|terms| terms.payer_amount.currency.code().to_owned()));
    if let Some(shop) = directory.merchant(payment.opened.merchant) {
        let to = shop.country.code();
        names.extend([to.to_owned(), format!("{:04}", shop.category)]);
        names.extend(
            wallet
                .into_iter()
                .flat_map(|w| [w.country.code().to_owned(), format!("{}-{to}", w.country.code())]),
        );
        if let (Some(merchant), Some(store)) = (&merchant, &payment.opened.store) {
            names.push(format!("{}/{store}", merchant.as_str()));
        }
    }
    names
}
