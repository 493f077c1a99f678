//! Sanctions lists as operators publish and see them. A list is read here, outside every turn; what is different in it
//! is for the turn to record.

use engine::{Engine, Input, Reply, RiskAsked, subject};
use risk::Screening;
use risk::screening::list::Format;
use risk::screening::{Found, Party};
use wire::body::amount::Count;
use wire::body::operator::deliveries::PROOFS_BYTES_MAX;
use wire::body::operator::screening::{
    ScreeningHit, ScreeningList, ScreeningListFormat, ScreeningListPublish, ScreeningListsAnswer,
    ScreeningName, ScreeningPartyAnswer,
};
use wire::body::outcome::Outcome;
use wire::body::scalar::{Flag, List, Text};

use super::change::{illegal, parse, parse_within};
use super::verdict::{hex, instant, now_ms, units, word};
use super::{CHANGE_BYTES_MAX, LIST_BYTES_MAX, Refused};
use crate::Api;

/// Publishes a list: the engine's reply, or what is wrong with it and where.
pub(super) async fn publish(api: &Api, name: &str, bytes: &[u8]) -> Result<Reply, Refused> {
    if name.is_empty() || name.len() > 64 {
        return Err(illegal("A list's name has 1 to 64 bytes."));
    }
    let asked: ScreeningListPublish = parse_within(bytes, LIST_BYTES_MAX)?;
    let format = match asked.format {
        ScreeningListFormat::Un => Format::UnitedNations,
        ScreeningListFormat::Ofac => Format::Ofac,
        ScreeningListFormat::Own => Format::Own,
    };
    let reading = tokio::task::spawn_blocking(move || {
        format.read(asked.text.as_str(), asked.aliases.as_ref().map_or("", |aliases| aliases.as_str()))
    });
    let entries = reading.await.map_err(|_| illegal("Reading the list was broken off."))?;
    let entries = entries.map_err(|error| illegal(&format!("text: {error}.")))?;
    runtime::publish(&api.gate, name, entries).await.map_err(|why| illegal(&format!("text: {why}.")))
}

/// Reads what a party is called.
pub(super) fn name(bytes: &[u8]) -> Result<Input, Refused> {
    let asked: ScreeningName = parse(bytes)?;
    let birth = asked.birth_year.and_then(|year| i32::try_from(year.number()).ok());
    let party = Party { name: asked.name.as_str().to_owned(), birth };
    Ok(Input::Risk(RiskAsked::Name { subject: subject::named(asked.subject.as_str()), party }))
}

/// The lists, and how far everybody is compared with them.
pub(super) fn lists(engine: &Engine) -> ScreeningListsAnswer {
    let judge = engine.control().judge();
    let register = judge.register();
    let list = |(name, list): (&str, &risk::screening::List)| {
        let count = units(list.entries.len() as u64);
        let (changed, checked) = (instant(list.changed_ms), instant(list.checked_ms));
        ScreeningList::new(Text::cut(name), hex(list.version.0), count, changed, checked)
    };
    let (parties, hits, cleared) = register.counts();
    let oldest = register.checked_ms().unwrap_or(i64::MIN);
    let stale = now_ms(engine).saturating_sub(oldest) > judge.policy().lists_age_max_ms();
    let mut answer = ScreeningListsAnswer::new(Outcome::success());
    answer.lists = Some(List::cut(register.lists().map(list)));
    answer.party_count = Some(units(parties as u64));
    answer.hit_count = Some(units(hits as u64));
    answer.cleared_count = Some(units(cleared as u64));
    answer.waiting = Some(Flag(register.waits()));
    answer.stale = Some(Flag(stale));
    answer
}

/// One party; none where nobody of this name is known or was screened.
pub(super) fn party(engine: &Engine, named: &str) -> Option<ScreeningPartyAnswer> {
    let judge = engine.control().judge();
    let subject = subject::named(named);
    let known = judge.register().known(subject);
    let status = match judge.screening_of(subject) {
        Screening::Unknown if known.is_none() => return None,
        Screening::Unknown => "UNKNOWN",
        Screening::Clear => "CLEAR",
        Screening::Possible => "POSSIBLE",
        Screening::Listed => "LISTED",
    };
    let mut answer = ScreeningPartyAnswer::new(Outcome::success());
    answer.status = Some(word(status));
    if let Some(known) = known {
        answer.name = Some(Text::cut(&known.party.name));
        answer.birth_year =
            known.party.birth.and_then(|year| u64::try_from(year).ok()).and_then(Count::try_new);
        answer.hits = Some(hits(&known.hits));
    }
    Some(answer)
}

/// Hits as people read them.
pub(super) fn hits(hits: &[Found]) -> List<ScreeningHit, 100> {
    List::cut(hits.iter().filter_map(|hit| {
        Some(ScreeningHit::new(
            Text::cut(&hit.list),
            Text::cut(&hit.entry),
            Text::cut(&hit.name),
            Count::try_new(u64::from(hit.milli.clamp(1, 1_000)))?,
            Text::cut(&hit.why),
            Flag(hit.confirmed),
        ))
    }))
}

/// Who asks is known by the head of a request: whoever has a token may send a whole list, a model or proofs.
pub(crate) fn body_bytes_max(api: &Api, path: &str, headers: &hyper::HeaderMap) -> usize {
    let rest = path.strip_prefix(crate::OPERATOR_PREFIX).unwrap_or("");
    let most = match rest {
        "risk/changes" => CHANGE_BYTES_MAX,
        "deliveries/locks" | "deliveries/words" => PROOFS_BYTES_MAX,
        list if list.starts_with("risk/lists/") => LIST_BYTES_MAX,
        _ => return hop::BODY_BYTES_MAX,
    };
    if api.operator.admits(headers).is_some() { most } else { hop::BODY_BYTES_MAX }
}
