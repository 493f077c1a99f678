//! The network's operator: moves members' funds, drains and refills them, suspends, changes keys and agreements, and
//! keeps its own book of what was paid in. Repeats what was not answered.

mod lists;
mod payout;
mod risks;

use std::collections::BTreeMap;
use std::ops::Range;

use directory::{Change, MemberId, Standing};
use engine::{Engine, Funding, FundingKind, FundingRefusal, Input, Reply};
use ledger::Ledger;
use money::{Amount, Currency};
use switch::funds::{Purpose, account_id};

use crate::cast::{Cast, agreement, key, worth};
use crate::hands::Hands;
use crate::letter::{Letter, Told, Wake};
use crate::plan::pick;

const AGAIN_MS: u64 = 5_000;

/// The operator.
pub(crate) struct Operator {
    cast: Cast,
    acts: Vec<Act>,
    calls: BTreeMap<u64, usize>,
    key_versions: u32,
    /// Where parties are compared with lists.
    desk: risk::screening::Desk,
}

struct Act {
    input: Input,
    /// Answered for good.
    settled: bool,
    /// Done, and counted.
    done: bool,
    /// Repeats another act's request id with other content: must be refused.
    forged: bool,
}

impl Operator {
    pub(crate) fn new(cast: Cast, first: &[Input]) -> Operator {
        let act = |input: &Input| Act { input: input.clone(), settled: true, done: true, forged: false };
        Operator {
            cast,
            acts: first.iter().map(act).collect(),
            calls: BTreeMap::new(),
            key_versions: 1,
            desk: risk::screening::Desk::default(),
        }
    }

    /// Whether the operator's own book and the network's agree about what was done: `recorded` says whether the
    /// network has an act of this request id.
    pub(crate) fn disagreement(&self, recorded: impl Fn(&str) -> bool) -> Option<String> {
        for act in self.acts.iter().filter(|act| !act.forged) {
            let Input::Fund(funding) = &act.input else { continue };
            let recorded = recorded(&funding.request_id);
            // A refused act may have been done by a repeat that was under way and whose answer was lost.
            let may_differ = act.settled && !act.done && recorded;
            if recorded != act.done && !may_differ {
                return Some(format!(
                    "{funding:?} is recorded: {recorded}, the operator was told that it is done: {}",
                    act.done
                ));
            }
        }
        None
    }

    pub(crate) fn take(&mut self, letter: Letter, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        match letter {
            Letter::Wake(Wake::Act) if !hands.quiet => {
                self.act(engine, hands);
                let gap = hands.plan.act_gap_ms;
                hands.wake_in(gap / 2..gap * 2, Wake::Act);
            }
            Letter::Wake(Wake::Desk) if !hands.quiet => self.screen(engine, hands),
            Letter::Wake(Wake::PayOut) => self.pay_out(engine, hands),
            Letter::Wake(Wake::ActAgain { act }) if !self.acts[act].settled => self.send(act, hands),
            Letter::Answer { call, told: Told::Reply(reply) } => {
                if let Some(act) = self.calls.get(&call).copied() {
                    self.learn(act, &reply, hands);
                }
            }
            _ => {}
        }
    }

    fn learn(&mut self, act: usize, reply: &Reply, hands: &mut Hands<'_>) {
        let act = &mut self.acts[act];
        if let Reply::FundingRefused(refusal) = reply {
            hands.coverage.saw("funding refused", format!("{refusal:?}"));
        }
        if let Reply::ChangeRefused(refusal) = reply {
            hands.coverage.saw("change refused", format!("{refusal:?}"));
        }
        match (reply, act.forged) {
            (Reply::Done, true) => {
                hands.broken(format!("the same request id was taken with other content: {:?}", act.input));
            }
            (Reply::FundingRefused(FundingRefusal::RepeatInconsistent), false) => {
                hands.broken(format!("an act that was not changed was refused as changed: {:?}", act.input));
            }
            (Reply::Done, false) => (act.settled, act.done) = (true, true),
            (
                Reply::FundingRefused(_)
                | Reply::Changed
                | Reply::ChangeRefused(_)
                | Reply::Risk(_)
                | Reply::RiskRefused(_)
                | Reply::DeliveryRefused(_),
                _,
            ) => act.settled = true,
            _ => {}
        }
    }

    fn send(&mut self, act: usize, hands: &mut Hands<'_>) {
        let call = hands.ask_engine(self.acts[act].input.clone());
        self.calls.insert(call, act);
        hands.wake(AGAIN_MS, Wake::ActAgain { act });
    }

    pub(super) fn begin(&mut self, input: Input, forged: bool, hands: &mut Hands<'_>) {
        self.acts.push(Act { input, settled: false, done: false, forged });
        self.send(self.acts.len() - 1, hands);
    }

    fn act(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        match hands.rng.u8(0..19) {
            13..=18 => self.control_risk(engine, hands),
            0..=2 => self.drain(engine, hands),
            3..=5 => self.move_funds(hands),
            6 => self.forge(hands),
            7 | 8 => self.suspend(hands),
            9 => self.change_key(hands),
            10 => self.change_agreement(hands),
            11 => self.close_corridor(hands),
            _ => self.meddle(hands),
        }
    }

    pub(super) fn anybody(&self, hands: &mut Hands<'_>) -> (MemberId, Currency) {
        let wallets = self.cast.wallets.iter().map(|wallet| (wallet.member, wallet.currency));
        let acquirers = self.cast.acquirers.iter().map(|acquirer| (acquirer.member, acquirer.currency));
        let providers = self
            .cast
            .providers
            .iter()
            .flat_map(|provider| self.cast.currencies.iter().map(move |currency| (*provider, *currency)));
        let all: Vec<(MemberId, Currency)> = wallets.chain(acquirers).chain(providers).collect();
        *pick(hands.rng, &all)
    }

    fn fund(&mut self, kind: FundingKind, member: MemberId, amount: Amount, hands: &mut Hands<'_>) {
        let request_id = format!("act-{}", self.acts.len()).into();
        self.begin(Input::Fund(Funding { kind, request_id, member, amount, number: 0 }), false, hands);
    }

    /// Pays a member out to the last unit, and in again a while later.
    fn drain(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let (member, currency) = self.anybody(hands);
        let account =
            engine.and_then(|engine| engine.book().account(account_id(member, currency, Purpose::Position)));
        let Some(account) = account else { return };
        let left = account.credits_posted - account.debits_posted - account.debits_pending;
        let minor = u64::try_from(left).unwrap_or(u64::MAX).min(money::MINOR_MAX);
        self.fund(FundingKind::Withdrawal, member, Amount::new(currency, minor), hands);
        let back = Amount::new(currency, hands.rng.u64(1..=5 * worth(currency)));
        let request_id = format!("act-{}", self.acts.len()).into();
        let refill = Funding { kind: FundingKind::Deposit, request_id, member, amount: back, number: 0 };
        self.later(Input::Fund(refill), 2_000..60_000, hands);
    }

    fn move_funds(&mut self, hands: &mut Hands<'_>) {
        let (member, currency) = self.anybody(hands);
        let kinds = [
            FundingKind::Deposit,
            FundingKind::Withdrawal,
            FundingKind::LineRaised,
            FundingKind::LineLowered,
        ];
        let kind = *pick(hands.rng, &kinds);
        let minor = hands.rng.u64(0..5 * worth(currency));
        self.fund(kind, member, Amount::new(currency, minor), hands);
    }

    /// The request id of an act that was done, with another amount.
    fn forge(&mut self, hands: &mut Hands<'_>) {
        let done: Vec<&Act> = self.acts.iter().filter(|act| act.done).collect();
        let fundings = done.iter().filter_map(|act| match &act.input {
            Input::Fund(funding) => Some(funding),
            _ => None,
        });
        let fundings: Vec<&Funding> = fundings.collect();
        let mut forged = Funding::clone(*pick(hands.rng, &fundings));
        forged.amount.minor += 1;
        self.begin(Input::Fund(forged), true, hands);
    }

    /// Suspends somebody and lets it in again a while later.
    fn suspend(&mut self, hands: &mut Hands<'_>) {
        let (member, _) = self.anybody(hands);
        let standing = |standing| Input::Change(Change::StandingSet { member, standing });
        self.begin(standing(Standing::Suspended), false, hands);
        self.later(standing(Standing::Active), 2_000..40_000, hands);
    }

    /// Closes the way between two currencies, and opens it again a while later.
    fn close_corridor(&mut self, hands: &mut Hands<'_>) {
        let payee = pick(hands.rng, &self.cast.acquirers).currency;
        let payer = pick(hands.rng, &self.cast.wallets).currency;
        let corridor = |open| Input::Change(Change::CorridorSet { payee, payer, open });
        self.begin(corridor(false), false, hands);
        self.later(corridor(true), 2_000..40_000, hands);
    }

    /// Begins an act some time from now, and sees to it that it is done.
    fn later(&mut self, input: Input, after_ms: Range<u64>, hands: &mut Hands<'_>) {
        self.acts.push(Act { input, settled: false, done: false, forged: false });
        hands.wake_in(after_ms, Wake::ActAgain { act: self.acts.len() - 1 });
    }

    fn change_key(&mut self, hands: &mut Hands<'_>) {
        let (member, _) = self.anybody(hands);
        let change = if hands.rng.bool() {
            self.key_versions += 1;
            Change::KeyAdded { member, key: key(self.key_versions, hands.now) }
        } else {
            Change::KeyEnded {
                member,
                algorithm: directory::KeyAlgorithm::Ed25519,
                version: hands.rng.u32(1..=self.key_versions),
                until: hands.now,
            }
        };
        self.begin(Input::Change(change), false, hands);
    }

    /// New fees or limits from soon on.
    fn change_agreement(&mut self, hands: &mut Hands<'_>) {
        let from = hands.now.plus_ms(hands.rng.u64(0..3_000));
        let (member, agreement) = if hands.rng.bool() {
            let wallet = pick(hands.rng, &self.cast.wallets);
            let mut terms = agreement(from, &[wallet.currency], 0, *pick(hands.rng, &[0, 700, 40_000]));
            terms.limits[0].payment_max_minor = worth(wallet.currency) * hands.rng.u64(1..4);
            (wallet.member, terms)
        } else {
            let acquirer = pick(hands.rng, &self.cast.acquirers);
            let interchange = *pick(hands.rng, &[0, 9_000, 300_000, 1_000_000]);
            // Its limits stay: a request beyond them is bad input and is not remembered, so that widening them while
            // a copy of a refused request is under way would let the copy through.
            (acquirer.member, agreement(from, &[acquirer.currency], interchange, 900))
        };
        self.begin(Input::Change(Change::AgreementAdded { member, agreement }), false, hands);
    }

    /// Changes that must be refused.
    fn meddle(&mut self, hands: &mut Hands<'_>) {
        let nobody = MemberId(9_999);
        let change = match hands.rng.u8(0..3) {
            0 => Change::StandingSet { member: nobody, standing: Standing::Suspended },
            1 => Change::AgreementAdded {
                member: self.cast.wallets[0].member,
                agreement: agreement(hands.plan.start, &self.cast.currencies, 0, 0),
            },
            _ => Change::KeyEnded {
                member: self.cast.wallets[0].member,
                algorithm: directory::KeyAlgorithm::Ed25519,
                version: 77,
                until: hands.now,
            },
        };
        self.begin(Input::Change(change), false, hands);
    }
}
