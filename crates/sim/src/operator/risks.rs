//! The operator's risk desk: two people who stop, propose, confirm, screen, label and rule. They look at the network as it
//! stands, and may be late.

use std::sync::Arc;

use engine::{Engine, Input, RiskAsked, subject};
use risk::cases::Ruling;
use risk::{Change, Screening};

use super::Operator;
use crate::acquirer::{TERMINAL, TILL_DEVICE};
use crate::hands::Hands;
use crate::plan::pick;

fn ann() -> Arc<str> {
    Arc::from("ann")
}

fn ben() -> Arc<str> {
    Arc::from("ben")
}

impl Operator {
    pub(super) fn control_risk(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let Some(engine) = engine else { return };
        let judge = engine.control().judge();
        let waiting: Vec<u64> = judge.proposals().map(|(proposal, _)| proposal).collect();
        if let Some(proposal) = waiting.first().copied().filter(|_| hands.rng.u8(0..4) > 0) {
            let by = pick(hands.rng, &[ann(), ben(), ben()]).clone();
            let asked = match hands.rng.u8(0..6) {
                0 => RiskAsked::Withdraw { by, proposal },
                _ => RiskAsked::Confirm { by, proposal },
            };
            return self.ask(asked, hands);
        }
        let asked = match hands.rng.u8(0..15) {
            0 | 1 => match judge.stops().next() {
                Some((subject, _)) => RiskAsked::Propose { by: ann(), change: Change::Resume { subject } },
                None => self.stop(hands),
            },
            2 => self.stop(hands),
            3 | 4 => RiskAsked::Propose { by: ann(), change: self.change(hands) },
            5 => label(engine, hands),
            6 => RiskAsked::ListsAreCurrent,
            7 => {
                let status = *pick(hands.rng, &[Screening::Clear, Screening::Clear, Screening::Possible]);
                let subject = self.party(hands);
                RiskAsked::Screen { by: ann(), subject, status, reason: "compared".into() }
            }
            8..=10 => match self.compare(engine, hands) {
                Some(asked) => asked,
                None => return,
            },
            _ => work_off(engine, hands),
        };
        self.ask(asked, hands);
    }

    fn ask(&mut self, asked: RiskAsked, hands: &mut Hands<'_>) {
        self.begin(Input::Risk(asked), false, hands);
    }

    fn stop(&self, hands: &mut Hands<'_>) -> RiskAsked {
        RiskAsked::Stop { by: ann(), subject: self.party(hands), reason: "reported".into() }
    }

    /// Mostly a payer or a merchant, now and then a whole member or corridor.
    fn party(&self, hands: &mut Hands<'_>) -> risk::Key {
        let (member, _) = self.anybody(hands);
        let client_id = format!("member-{}", member.0);
        match hands.rng.u8(0..12) {
            0 => subject::member(&client_id),
            1 => subject::corridor("PH", "CN"),
            2..=5 => subject::merchant(&client_id, "m1"),
            6 => match hands.rng.u8(0..4) {
                0 => subject::device(crate::crime::RING_PHONE),
                1 => subject::device(TILL_DEVICE),
                2 => subject::terminal(&client_id, "m1", "s1", TERMINAL),
                _ => subject::store(&client_id, "m1", "s1"),
            },
            _ => subject::payer(&client_id, &format!("u{}", hands.rng.u8(0..6))),
        }
    }

    fn change(&self, hands: &mut Hands<'_>) -> Change {
        match hands.rng.u8(0..7) {
            6 => Change::Policy(risk::NETWORK_POLICY.replace(
                "lack lists approve",
                "hit up 500 review\nhit decline\nlack lists up 2000 approve\nlack lists decline",
            )),
            0 => Change::Rules(risk::NETWORK_RULES.to_owned()),
            1 => Change::Rules(impatient_rules()),
            2 => Change::Policy(risk::NETWORK_POLICY.to_owned()),
            3 => Change::Policy(
                risk::NETWORK_POLICY.replace("held review up 100000 approve", "held review up 100 approve"),
            ),
            4 => {
                let keys = (0..hands.rng.u8(0..3)).map(|_| self.party(hands)).collect();
                Change::List { name: "blocked_payers".to_owned(), keys }
            }
            _ => {
                let amount_max_minor = hands.rng.bool().then(|| hands.rng.i64(1_000..30_000));
                Change::Limit { subject: self.party(hands), amount_max_minor }
            }
        }
    }
}

/// The shipped rules, but whoever pays four times within ten minutes must prove more.
fn impatient_rules() -> String {
    let (before, last) = risk::NETWORK_RULES.split_once("rule many_in_ten_minutes").expect("it is shipped");
    let last = last.replace("  mode  shadow\n", "").replace(">= 12", ">= 3");
    format!("{before}rule many_in_ten_minutes{last}")
}

fn label(engine: &Engine, hands: &mut Hands<'_>) -> RiskAsked {
    let payment = switch::PaymentId(hands.rng.u64(1..=engine.switch().len() as u64 + 1));
    RiskAsked::Label { by: ben(), payment, fraud: hands.rng.u8(0..4) > 0, reason: "chargeback".into() }
}

/// Takes the case that is most urgent, or rules on it if it is taken.
fn work_off(engine: &Engine, hands: &mut Hands<'_>) -> RiskAsked {
    let at_ms = i64::try_from(hands.now.0).unwrap_or(i64::MAX);
    let cases = engine.control().cases();
    let queue = cases.queue(at_ms);
    let urgent = hands.rng.usize(0..3).min(queue.len().saturating_sub(1));
    // Whoever was found on a list is looked at before the others, as often as not.
    let found = |case: &&u64| cases.case(**case).is_some_and(|open| !open.hits.is_empty());
    let listed = queue.iter().find(found).filter(|_| hands.rng.bool());
    let Some(case) = listed.or(queue.get(urgent)).copied() else { return RiskAsked::ListsAreCurrent };
    let claimed = cases.case(case).and_then(|open| open.claimed.clone()).filter(|(_, until)| *until > at_ms);
    let first = cases.case(case).and_then(|open| open.proposed.clone());
    let by = match &first {
        Some((who, _)) if **who == *ann() => ben(),
        Some(_) => ann(),
        None => pick(hands.rng, &[ann(), ben()]).clone(),
    };
    match claimed {
        Some((who, _)) => {
            // The second person mostly agrees.
            let own = *pick(hands.rng, &[Ruling::Fraud, Ruling::Genuine, Ruling::Unclear]);
            let first = first.map(|(_, ruling)| ruling).filter(|_| hands.rng.u8(0..4) > 0);
            let ruling = first.unwrap_or(own);
            RiskAsked::Rule { by: who.as_str().into(), case, ruling, reason: "looked into".into() }
        }
        None => RiskAsked::Claim { by, case },
    }
}
