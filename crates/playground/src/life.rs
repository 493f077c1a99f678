//! The payments that are followed: what happened to each, in order. More payments come than anybody can look at, so
//! those from outside are sampled and those made on the page are always followed.

use std::collections::BTreeMap;

use console::play::{Agreement, Ending, Life, Message, Price, Recorded, Row, Step};
use console::play::{Fee, FeeKind};
use directory::MemberId;
use members::Standing;
use runtime::number;
use switch::{Event, Opened, Payment, PaymentId, Stage};

use crate::follower::{Follower, Learned};
use crate::hops::Placed;

/// Payments kept at a time; the oldest go.
const FOLLOWED_MAX: usize = 150;
/// Payments from outside that are followed, of each second.
const SAMPLED_A_SECOND: u32 = 4;
/// What the page's own orders begin with.
pub(crate) const OUR_PREFIX: &str = "PLAY-";
/// Who holds the phones of the page.
pub(crate) const VISITOR: &str = "visitor";

/// One payment that is followed.
pub(crate) struct Followed {
    ours: bool,
    passed: Vec<(Stage, u64)>,
    steps: Vec<Step>,
    told_acquirer: Option<Ending>,
}

/// All of them, and how many there were in all.
#[derive(Default)]
pub(crate) struct Lives {
    followed: BTreeMap<PaymentId, Followed>,
    /// The newest payment of the page.
    pub(crate) latest_ours: Option<PaymentId>,
    /// Payments opened since the demo began, and of them those that were followed.
    pub(crate) seen: u64,
    pub(crate) taken: u64,
    second: u64,
    seen_this_second: u32,
    taken_this_second: u32,
    seen_last_second: u32,
}

/// Where something was put on a ladder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Put {
    /// At its end: the number of the step.
    Last(usize),
    /// Before something that was seen sooner.
    Between,
}

impl Lives {
    /// Whether it matters what this event did: its payment is followed, or may be from now on.
    pub(crate) fn wants(&self, event: &Event) -> bool {
        match event {
            Event::Opened(_) => true,
            event => event.payment().is_some_and(|payment| self.followed.contains_key(&payment)),
        }
    }

    /// Counts a payment that opened at `at_ms`, and begins to follow it if it is wanted.
    pub(crate) fn open(&mut self, opened: &Opened, at_ms: u64) {
        self.tick(at_ms);
        self.seen += 1;
        self.seen_this_second += 1;
        let ours = is_ours(opened);
        if !ours && self.taken_this_second >= SAMPLED_A_SECOND {
            return;
        }
        self.taken += 1;
        self.taken_this_second += u32::from(!ours);
        if ours {
            self.latest_ours = Some(opened.payment);
        }
        let life = Followed { ours, passed: Vec::new(), steps: Vec::new(), told_acquirer: None };
        self.followed.insert(opened.payment, life);
        while self.followed.len() > FOLLOWED_MAX {
            let Some(oldest) = self.followed.keys().next().copied() else { break };
            self.followed.remove(&oldest);
        }
    }

    /// A scanned standing code is the page's own when its phone scanned it.
    pub(crate) fn claim(&mut self, payment: PaymentId, customer: &str) {
        if customer == VISITOR
            && let Some(life) = self.followed.get_mut(&payment)
        {
            life.ours = true;
            self.latest_ours = self.latest_ours.max(Some(payment));
        }
    }

    /// Moves on to the second of this instant.
    pub(crate) fn tick(&mut self, at_ms: u64) {
        let second = at_ms / 1000;
        if second != self.second {
            self.seen_last_second = if second == self.second + 1 { self.seen_this_second } else { 0 };
            self.second = second;
            self.seen_this_second = 0;
            self.taken_this_second = 0;
        }
    }

    /// Payments opened in the last whole second.
    pub(crate) fn a_second(&self) -> u32 {
        self.seen_last_second
    }

    pub(crate) fn contains(&self, payment: PaymentId) -> bool {
        self.followed.contains_key(&payment)
    }

    /// The newest that is followed.
    pub(crate) fn newest(&self) -> Option<PaymentId> {
        self.followed.keys().next_back().copied()
    }

    /// Puts a fact on its payment's ladder.
    pub(crate) fn record(&mut self, learned: &Learned, recorded: Recorded) -> Option<Put> {
        let life = self.followed.get_mut(&learned.payment)?;
        if let Some(stage) = recorded.stage {
            life.passed.push((stage, learned.at_ms));
        }
        Some(life.put(Step::Fact(Box::new(recorded))))
    }

    /// Puts a message on its payment's ladder.
    pub(crate) fn place(&mut self, placed: Placed) -> Option<Put> {
        let life = self.followed.get_mut(&placed.payment)?;
        if let Some((result, status)) = &placed.told_acquirer {
            life.told_acquirer = told(&placed.message, result, status).or(life.told_acquirer);
        }
        Some(life.put(Step::Message(placed.message)))
    }

    /// Puts the network's end on every ladder whose payment is under way, and its return on those that saw the end:
    /// the payment may have ended since.
    pub(crate) fn interrupt(&mut self, step: &Step, is_open: &dyn Fn(PaymentId) -> bool) {
        for (payment, life) in &mut self.followed {
            let concerned = match step {
                Step::Recovered { .. } => life.is_interrupted(),
                _ => is_open(*payment),
            };
            if concerned {
                life.put(step.clone());
            }
        }
    }

    /// Step of this number of a payment, and when its ladder began.
    pub(crate) fn step(&self, payment: PaymentId, number: usize) -> Option<(Step, u64)> {
        let steps = &self.followed.get(&payment)?.steps;
        Some((steps.get(number)?.clone(), at_ms(steps.first()?)))
    }

    /// Those that are followed, newest first.
    pub(crate) fn rows(&self, follower: &Follower, most: usize) -> Vec<Row> {
        let row = |(id, life): (&PaymentId, &Followed)| self.row(*id, life, follower);
        self.followed.iter().rev().filter_map(row).take(most).collect()
    }

    fn row(&self, id: PaymentId, life: &Followed, follower: &Follower) -> Option<Row> {
        let payment = follower.engine().switch().payment(id)?;
        Some(Row {
            payment: number::payment(id),
            at_ms: payment.opened_at.0,
            wallet: payment
                .terms
                .as_ref()
                .map(|terms| follower.member_name(terms.wallet))
                .unwrap_or_default(),
            merchant: merchant(payment, follower),
            payee: payment.opened.amount,
            payer: payment.terms.as_ref().map(|terms| terms.payer_amount),
            stage: payment.stage,
            ours: life.ours,
        })
    }

    /// One payment from hop to hop. `standing` knows the wallets' own books.
    pub(crate) fn life(
        &self,
        id: PaymentId,
        follower: &Follower,
        standing: &dyn Fn(MemberId, &str) -> Option<Standing>,
    ) -> Option<Life> {
        let life = self.followed.get(&id)?;
        let payment = follower.engine().switch().payment(id)?;
        let row = self.row(id, life, follower)?;
        Some(Life {
            lifelines: [
                row.wallet.clone(),
                "Sojourn".to_owned(),
                follower.member_name(payment.opened.acquirer),
            ],
            passed: life.passed.clone(),
            price: price(payment, follower),
            steps: life.steps.clone(),
            agreement: payment.stage.is_final().then(|| agreement(payment, life, standing)),
            row,
        })
    }
}

impl Followed {
    /// Whether the network was killed and has not come back yet.
    fn is_interrupted(&self) -> bool {
        let mut steps = self.steps.iter().rev();
        let last = steps.find(|step| matches!(step, Step::Killed { .. } | Step::Recovered { .. }));
        matches!(last, Some(Step::Killed { .. }))
    }

    /// By the instant it was seen; those of the same instant in the order they came.
    fn put(&mut self, step: Step) -> Put {
        let at = at_ms(&step);
        let place =
            self.steps.iter().rposition(|earlier| at_ms(earlier) <= at).map_or(0, |before| before + 1);
        let last = place == self.steps.len();
        self.steps.insert(place, step);
        if last { Put::Last(place) } else { Put::Between }
    }
}

fn at_ms(step: &Step) -> u64 {
    match step {
        Step::Message(message) => message.at_ms,
        Step::Fact(recorded) => recorded.at_ms,
        Step::Killed { at_ms } | Step::Recovered { at_ms, .. } => *at_ms,
    }
}

fn is_ours(opened: &Opened) -> bool {
    opened.request_id.as_deref().is_some_and(|id| id.starts_with(OUR_PREFIX))
}

/// What a message to an acquirer says about how the payment ended, if it does.
fn told(message: &Message, result: &str, status: &str) -> Option<Ending> {
    match (message.name.as_str(), status, result) {
        ("cancelPayment" | "cancel", "S", _) => Some(Ending::Cancelled),
        ("pay" | "inquiryPayment" | "notifyPayment", "S", _) => Some(Ending::Paid),
        ("pay" | "inquiryPayment" | "notifyPayment", "F", "ORDER_IS_CLOSED") => Some(Ending::Cancelled),
        ("pay" | "inquiryPayment" | "notifyPayment", "F", _) => Some(Ending::Declined),
        _ => None,
    }
}

fn merchant(payment: &Payment, follower: &Follower) -> String {
    let merchant = follower.engine().directory().merchant(payment.opened.merchant);
    merchant.map(|merchant| merchant.name.to_string()).unwrap_or_default()
}

/// What a payment costs, once it has been quoted.
pub(crate) fn price(payment: &Payment, follower: &Follower) -> Option<Price> {
    let terms = payment.terms.as_deref()?;
    let (wallet, acquirer) =
        (follower.member_name(terms.wallet), follower.member_name(payment.opened.acquirer));
    let network = || "Sojourn".to_owned();
    let fee = |kind, from: &str, to: String, amount| Fee { kind, from: from.to_owned(), to, amount };
    let crossed = terms.quote.provider.is_some();
    Some(Price {
        payment: number::payment(payment.id()),
        merchant: merchant(payment, follower),
        payee: payment.opened.amount,
        payer: terms.payer_amount,
        rate: crossed.then(|| terms.quote.rate.to_string()),
        provider: terms.quote.provider.map(|provider| follower.member_name(provider)),
        fees: vec![
            fee(FeeKind::Interchange, &acquirer, wallet.clone(), terms.interchange),
            fee(FeeKind::AcquirerNetwork, &acquirer, network(), terms.acquirer_fee),
            fee(FeeKind::WalletNetwork, &wallet, network(), terms.wallet_fee),
        ],
        until_ms: terms.quote.expires.0,
    })
}

/// How a stage ends a payment.
pub(crate) fn ending(stage: Stage) -> Ending {
    match stage {
        Stage::Succeeded => Ending::Paid,
        Stage::Failed | Stage::Rejected => Ending::Declined,
        Stage::Cancelled => Ending::Cancelled,
        Stage::Expired => Ending::Expired,
        Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent | Stage::InDoubt => Ending::Unknown,
    }
}

/// What a wallet's own books say.
pub(crate) fn standing_as_ending(standing: Standing) -> Ending {
    match standing {
        Standing::Debited => Ending::Paid,
        Standing::Declined(_) => Ending::Declined,
        Standing::Cancelled => Ending::Cancelled,
    }
}

fn agreement(
    payment: &Payment,
    life: &Followed,
    standing: &dyn Fn(MemberId, &str) -> Option<Standing>,
) -> Agreement {
    let network = ending(payment.stage);
    let key = number::payment(payment.id());
    let wallet =
        payment.terms.as_ref().and_then(|terms| standing(terms.wallet, &key)).map(standing_as_ending);
    let paid = network == Ending::Paid;
    // Nobody may think it is paid unless it is; whether it was declined or cancelled is a matter of words.
    let agrees =
        [life.told_acquirer, wallet].into_iter().flatten().all(|said| (said == Ending::Paid) == paid);
    let wallet_must_know = paid && wallet.is_none() && payment.terms.is_some();
    Agreement {
        network,
        acquirer: life.told_acquirer,
        wallet,
        nothing_held: switch::postings::held(payment).is_empty(),
        agrees: agrees && !wallet_must_know,
    }
}
