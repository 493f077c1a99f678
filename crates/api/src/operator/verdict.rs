//! Risk control as operators see it: what judges, how a payment was judged and why, and the cases that wait.

use directory::Time;
use engine::{Control, Engine};
use risk::cases::{Case, Ruling};
use risk::rules::Mode;
use risk::{Change, Decision, Facts, Key, Lack, Verdict, Versions};
use runtime::{number, wording};
use switch::PaymentId;
use wire::body::amount::{Count, MinorOrZero, SignedMinor};
use wire::body::operator::cases::{
    RiskCase, RiskCaseAnswer, RiskCasesAnswer, RiskContribution, RiskLink, RiskReason, RiskRulingWord,
    RiskVerdict, RiskVerdictAnswer,
};
use wire::body::operator::risk::{
    RiskAnswer, RiskChangeKind, RiskDecision, RiskLabelWord, RiskList, RiskParty, RiskProposal, RiskRule,
};
use wire::body::outcome::Outcome;
use wire::body::scalar::{Flag, Id, Instant, List, Text};

use super::evidence;
use super::names::Names;

/// How payments are judged at present.
pub(super) fn control(engine: &Engine) -> RiskAnswer {
    let control = engine.control();
    let (judge, tally) = (control.judge(), control.tally());
    let proposed = judge.proposals().filter_map(|(_, proposal)| match &proposal.change {
        Change::Resume { subject } | Change::Limit { subject, .. } => Some(*subject),
        _ => None,
    });
    let parties = judge.stops().chain(judge.limits()).map(|(party, _)| party);
    let names = Names::of(engine, parties.chain(proposed));
    let mut answer = RiskAnswer::new(Outcome::success());
    answer.versions = Some(versions(judge.versions()));
    answer.shadow_version = judge.shadow_version().map(hex);
    answer.rules = Some(List::cut(judge.rules().rules().iter().map(|rule| {
        let mode = match rule.mode {
            Mode::Live => "LIVE",
            Mode::Shadow => "SHADOW",
            Mode::Off => "OFF",
        };
        let (name, code) = (wording::id(&rule.name), wording::id(&rule.code));
        RiskRule::new(name, decision(rule.action), code, word(mode), Text::cut(&rule.when))
    })));
    answer.proposals = Some(List::cut(judge.proposals().filter_map(|(id, proposal)| {
        let mut view = RiskProposal::new(
            Count::try_new(id)?,
            Text::cut(&proposal.maker),
            instant(proposal.at_ms),
            kind(&proposal.change),
        );
        tell_change(&mut view, &proposal.change, &names);
        Some(view)
    })));
    answer.stops = Some(List::cut(judge.stops().map(|(party, since_ms)| RiskParty {
        since: Some(instant(since_ms)),
        ..RiskParty::new(names.name(party))
    })));
    answer.limits = Some(List::cut(judge.limits().map(|(party, most)| RiskParty {
        amount_max_cents: Some(natural(most)),
        ..RiskParty::new(names.name(party))
    })));
    answer.lists = Some(List::cut(judge.lists().map(|(name, count)| {
        RiskList::new(Text::cut(name), natural(i64::try_from(count).unwrap_or(i64::MAX)))
    })));
    answer.judged = Some(List::cut(tally.decided.iter().map(|count| units(*count))));
    answer.refused = Some(units(tally.refused));
    answer.open_cases = Some(units(control.cases().open_count() as u64));
    answer
}

/// How one payment was judged; none where there is no such payment.
pub(super) fn of_payment(engine: &Engine, id: PaymentId) -> Option<RiskVerdictAnswer> {
    let payment = engine.switch().payment(id)?;
    let mut answer = RiskVerdictAnswer::new(Outcome::success());
    answer.verdict = payment.judged.as_ref().map(|judged| {
        let mut view = verdict(engine, id, &judged.facts, &judged.verdict);
        view.let_through = Flag(judged.refused.is_none());
        view.case_number = judged.case.and_then(Count::try_new);
        view
    });
    Some(answer)
}

/// The open cases, in the order in which they should be worked off.
pub(super) fn cases(engine: &Engine) -> RiskCasesAnswer {
    let now_ms = now_ms(engine);
    let cases = engine.control().cases();
    let open =
        cases.queue(now_ms).into_iter().filter_map(|id| case_view(engine, id, cases.case(id)?, now_ms));
    let mut answer = RiskCasesAnswer::new(Outcome::success());
    answer.cases = Some(List::cut(open));
    answer.open_count = Some(units(cases.open_count() as u64));
    answer
}

/// One case with its payments and what it shares with others; none where there is no such case.
pub(super) fn case(engine: &Engine, id: u64) -> Option<RiskCaseAnswer> {
    let control = engine.control();
    let cases = control.cases();
    let case = cases.case(id)?;
    let mut answer = RiskCaseAnswer::new(Outcome::success());
    answer.case = case_view(engine, id, case, now_ms(engine));
    answer.evidence = Some(List::cut(case.evidence.iter().map(|one| {
        let payment = PaymentId(one.payment);
        let mut view = verdict(engine, payment, &one.facts, &one.verdict);
        let judged = engine.switch().payment(payment).and_then(|payment| payment.judged.clone());
        view.let_through = Flag(judged.is_some_and(|judged| judged.refused.is_none()));
        view.case_number = Count::try_new(id);
        view
    })));
    answer.windows = case.evidence.last().map(|one| evidence::windows(control, &one.facts));
    if !case.hits.is_empty() {
        answer.hits = Some(super::screening::hits(&case.hits));
    }
    answer.links = Some(List::cut(cases.linked(id).into_iter().filter_map(|(other, key)| {
        let of = |party: fn(&Facts) -> Key| case.evidence.iter().any(|one| party(&one.facts) == key);
        let shared = match () {
            () if of(|facts| facts.device) => "DEVICE",
            () if of(|facts| facts.merchant) => "MERCHANT",
            () => "TERMINAL",
        };
        Some(RiskLink::new(Count::try_new(other)?, word(shared)))
    })));
    Some(answer)
}

fn verdict(engine: &Engine, id: PaymentId, facts: &Facts, verdict: &Verdict) -> RiskVerdict {
    let control = engine.control();
    let mut view = RiskVerdict::new(
        wording::id(&number::payment(id)),
        decision(verdict.decision),
        Flag(true),
        instant(facts.at_ms),
        SignedMinor(i128::from(facts.amount_minor)),
        units(u64::from(verdict.score_ppm)),
    );
    (view.payer, view.merchant) = parties(engine, id);
    view.reasons = Some(reasons(control, verdict));
    view.facts = Some(evidence::facts(engine, id, facts));
    view.device = device(engine, id);
    view.contributions = Some(List::cut(verdict.contributions.iter().map(|one| {
        RiskContribution::new(Text::cut(&feature(control, one.slot)), SignedMinor(i128::from(one.micro)))
    })));
    let lacked = Lack::ALL.into_iter().filter(|lack| verdict.lacks & *lack as u8 != 0);
    view.lacks = Some(List::cut(lacked.map(|lack| Text::cut(lack.word()))));
    view.shadow_rules = Some(List::cut(verdict.shadow_rules.iter().map(|rule| {
        let reason = risk::Reason::Rule { rule: *rule };
        Text::cut(&control.judge().told_by(verdict.versions.rules, reason).0)
    })));
    view.shadow_score_ppm = verdict.shadow_score_ppm.map(|ppm| units(u64::from(ppm)));
    view.versions = Some(versions(verdict.versions));
    view.label = control.label(id).map(|fraud| match fraud {
        true => RiskLabelWord::Fraud,
        false => RiskLabelWord::Genuine,
    });
    view
}

fn reasons(control: &Control, verdict: &Verdict) -> List<RiskReason, 16> {
    List::cut(verdict.reasons.iter().map(|reason| {
        let (code, say) = control.judge().told_by(verdict.versions.rules, *reason);
        RiskReason::new(wording::id(&code), Text::cut(&say))
    }))
}

fn feature(control: &Control, slot: u16) -> String {
    let features = control.judge().windows().features();
    let fact = risk::FIELDS.get(usize::from(slot)).map(|(name, _)| (*name).to_owned());
    let derived = || features.names().get(usize::from(slot) - risk::FACT_SLOTS).cloned();
    fact.or_else(derived).unwrap_or_else(|| format!("slot {slot}"))
}

fn case_view(engine: &Engine, id: u64, case: &Case, now_ms: i64) -> Option<RiskCase> {
    let open = case.ruled.is_none();
    let ended_ms = case.ruled.as_ref().map_or(now_ms, |(.., at_ms)| *at_ms);
    let mut view = RiskCase::new(
        Count::try_new(id)?,
        instant(case.raised_ms),
        instant(case.due_ms),
        natural(case.age_ms(ended_ms) / 1_000),
        Flag(open && case.due_ms <= now_ms),
        natural(case.expected_loss_minor()),
        units(case.evidence.len() as u64),
        Flag(case.sanctions),
    );
    if let Some(newest) = case.evidence.last() {
        (view.payer, view.merchant) = parties(engine, PaymentId(newest.payment));
        view.reasons = Some(reasons(engine.control(), &newest.verdict));
    }
    let worth = case.evidence.iter().map(|one| i128::from(one.facts.amount_minor)).sum();
    view.amount_cents = Some(SignedMinor(worth));
    if let Some((who, found)) = case.proposed.as_ref().filter(|_| open) {
        view.proposed_by = Some(Text::cut(who));
        view.proposed_ruling = Some(ruling(*found));
    }
    let known = engine.control().judge().register().known(case.subject);
    view.party_name = known.map(|known| Text::cut(&known.party.name));
    if let Some((who, until_ms)) = case.claimed.as_ref().filter(|(_, until_ms)| open && *until_ms > now_ms) {
        view.claimed_by = Some(Text::cut(who));
        view.claimed_until = Some(instant(*until_ms));
    }
    if let Some((who, found, reason, _)) = &case.ruled {
        view.ruled_by = Some(Text::cut(who));
        view.ruling = Some(ruling(*found));
        view.ruling_reason = Some(Text::cut(reason));
    }
    Some(view)
}

fn ruling(ruling: Ruling) -> RiskRulingWord {
    match ruling {
        Ruling::Fraud => RiskRulingWord::Fraud,
        Ruling::Genuine => RiskRulingWord::Genuine,
        Ruling::Unclear => RiskRulingWord::Unclear,
    }
}

/// Payer and merchant of a payment, as rules and lists name them.
pub(super) fn parties(engine: &Engine, id: PaymentId) -> (Option<Text<256>>, Option<Text<256>>) {
    let client_id = |member| engine.directory().member(member).map(|member| member.client_id.clone());
    let Some(payment) = engine.switch().payment(id) else { return (None, None) };
    let payer = payment.terms.as_ref().and_then(|terms| {
        client_id(terms.wallet).map(|wallet| Text::cut(&format!("{wallet}/{}", terms.customer)))
    });
    let merchant = engine.directory().merchant(payment.opened.merchant).and_then(|merchant| {
        client_id(merchant.acquirer).map(|acquirer| Text::cut(&format!("{acquirer}/{}", merchant.reference)))
    });
    (payer, merchant)
}

/// The device a payment was judged by, as stops and lists name it.
fn device(engine: &Engine, id: PaymentId) -> Option<Text<256>> {
    let payment = engine.switch().payment(id)?;
    let token = engine::device(payment)?;
    Some(Text::cut(&format!("device/{token}")))
}

fn tell_change(view: &mut RiskProposal, change: &Change, names: &Names) {
    match change {
        Change::Rules(text) | Change::Policy(text) | Change::Shadow(text) => {
            view.text = Some(Text::cut(text))
        }
        Change::Promote | Change::Rollback => {}
        Change::List { name, keys } => {
            view.name = Some(Text::cut(name));
            view.entry_count = Some(units(keys.len() as u64));
        }
        Change::Resume { subject } => view.subject = Some(names.name(*subject)),
        Change::Limit { subject, amount_max_minor } => {
            view.subject = Some(names.name(*subject));
            view.amount_max_cents = amount_max_minor.map(natural);
        }
    }
}

fn kind(change: &Change) -> RiskChangeKind {
    match change {
        Change::Rules(_) => RiskChangeKind::Rules,
        Change::Policy(_) => RiskChangeKind::Policy,
        Change::Shadow(_) => RiskChangeKind::Model,
        Change::Promote => RiskChangeKind::PromoteModel,
        Change::Rollback => RiskChangeKind::RollBackModel,
        Change::List { .. } => RiskChangeKind::List,
        Change::Resume { .. } => RiskChangeKind::Resume,
        Change::Limit { .. } => RiskChangeKind::Limit,
    }
}

fn decision(decision: Decision) -> RiskDecision {
    match decision {
        Decision::Approve => RiskDecision::Approve,
        Decision::StepUp => RiskDecision::StepUp,
        Decision::Review => RiskDecision::Review,
        Decision::Decline => RiskDecision::Decline,
    }
}

fn versions(versions: Versions) -> List<Id<16>, 5> {
    let Versions { features, rules, model, lists, policy } = versions;
    List::cut([features, rules, model, lists, policy].map(hex))
}

pub(super) fn hex(number: u64) -> Id<16> {
    word(&format!("{number:016x}"))
}

pub(super) fn word(text: &str) -> Id<16> {
    Id::try_new(text).expect("at most sixteen visible characters")
}

pub(super) fn units(number: u64) -> MinorOrZero {
    MinorOrZero::try_new(number.min(money::MINOR_MAX)).expect("it is cut to the largest there is")
}

fn natural(number: i64) -> MinorOrZero {
    units(u64::try_from(number).unwrap_or(0))
}

pub(super) fn instant(at_ms: i64) -> Instant {
    wording::instant(Time(u64::try_from(at_ms).unwrap_or(0)))
}

pub(super) fn now_ms(engine: &Engine) -> i64 {
    i64::try_from(engine.now().0).unwrap_or(i64::MAX)
}
