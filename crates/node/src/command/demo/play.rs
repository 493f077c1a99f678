//! The payments that are played: every kind once, then ordinary ones. Slow kinds run beside the others.

mod scene;

use std::time::{Duration, Instant};

use anyhow::Context;
use members::Order;
use tokio::task::JoinSet;
use wire::body::amount::CurrencyCode;
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use super::line;
use super::stage::Stage;
use members::cast::{ACQUIRERS, WALLETS};
use scene::Scene;

/// What is played.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// The payer shows a code.
    PaymentCode,
    /// The merchant shows a code for the order.
    OrderCode,
    /// The acquirer's page hands the wallet a link.
    EntryLink,
    /// The payer scans the merchant's printed code and gives the amount.
    StandingCode,
    /// The wallet says no.
    Declined,
    /// The wallet's prefunding does not cover it.
    NoLiquidity,
    /// The operator's risk desk has stopped the payer.
    Stopped,
    /// Of a payer of whom a fraud is known: it goes through and becomes a case.
    Reviewed,
    /// The acquirer takes a success back.
    Cancelled,
    /// The acquirer gives everything back.
    Refunded,
    /// The acquirer gives it back in three parts.
    RefundedInParts,
    /// Nobody pays a code in time.
    Expired,
    /// The wallet answers too late; the network asks and learns that it was paid.
    LateAnswer,
    /// The wallet is silent; the acquirer cancels while the payment is in doubt.
    CancelledInDoubt,
    /// The wallet is silent; after a minute the network cancels by itself.
    SilentWallet,
}

/// Every kind, the slow ones first, since they run beside the rest.
const EVERY: [Kind; 15] = [
    Kind::SilentWallet,
    Kind::LateAnswer,
    Kind::CancelledInDoubt,
    Kind::Expired,
    Kind::PaymentCode,
    Kind::OrderCode,
    Kind::EntryLink,
    Kind::StandingCode,
    Kind::Declined,
    Kind::NoLiquidity,
    Kind::Stopped,
    Kind::Reviewed,
    Kind::Cancelled,
    Kind::Refunded,
    Kind::RefundedInParts,
];
const ORDINARY: [Kind; 6] = [
    Kind::PaymentCode,
    Kind::PaymentCode,
    Kind::OrderCode,
    Kind::StandingCode,
    Kind::Refunded,
    Kind::Declined,
];
/// The wallet whose prefunding is small, and a bill above it, in minor units of the first acquirer's currency.
const POOR_WALLET: usize = 1;
const LARGE_BILL: u64 = 2_500_000;
/// An order code nobody pays.
const SHORT_LIFE_MS: u64 = 1_500;
/// While slow payments are waited for, it is said so this often.
const TELL_EVERY: Duration = Duration::from_secs(10);

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::PaymentCode => "payment code",
            Kind::OrderCode => "order code",
            Kind::EntryLink => "entry link",
            Kind::StandingCode => "printed code",
            Kind::Declined => "declined",
            Kind::NoLiquidity => "no liquidity",
            Kind::Stopped => "stopped by risk",
            Kind::Reviewed => "to be reviewed",
            Kind::Cancelled => "cancelled",
            Kind::Refunded => "refunded",
            Kind::RefundedInParts => "three refunds",
            Kind::Expired => "expired",
            Kind::LateAnswer => "late wallet",
            Kind::CancelledInDoubt => "cancelled in doubt",
            Kind::SilentWallet => "silent wallet",
        }
    }

    /// How a payment of this kind must end.
    pub(crate) fn expected(self) -> ResultCode {
        match self {
            Kind::PaymentCode | Kind::OrderCode | Kind::EntryLink | Kind::StandingCode => ResultCode::Success,
            Kind::Refunded | Kind::RefundedInParts | Kind::LateAnswer => ResultCode::Success,
            Kind::Reviewed => ResultCode::Success,
            Kind::Declined => ResultCode::UserBalanceNotEnough,
            Kind::NoLiquidity => ResultCode::LiquidityPayer,
            Kind::Stopped => ResultCode::RiskReject,
            Kind::Cancelled | Kind::Expired | Kind::CancelledInDoubt | Kind::SilentWallet => {
                ResultCode::OrderIsClosed
            }
        }
    }

    fn is_slow(self) -> bool {
        matches!(self, Kind::SilentWallet | Kind::LateAnswer | Kind::CancelledInDoubt | Kind::Expired)
    }
}

/// A payment that was played.
pub(crate) struct Played {
    pub(crate) kind: Kind,
    pub(crate) payment_id: String,
    pub(crate) acquirer: usize,
    pub(crate) wallet: usize,
    /// How it ended, by the acquirer's inquiry.
    pub(crate) result: Outcome,
    /// What was given back, in minor units of the payee's currency.
    pub(crate) refunded_minor: u64,
    pub(crate) elapsed: Duration,
}

/// The playing of all payments.
pub(crate) struct Play<'a> {
    stage: &'a Stage,
    random: fastrand::Rng,
    count: u32,
    /// Distinguishes the request ids of this run from those of an earlier one over the same journal.
    run: u64,
}

impl<'a> Play<'a> {
    pub(crate) fn new(stage: &'a Stage, seed: u64, count: u32) -> Play<'a> {
        Play { stage, random: fastrand::Rng::with_seed(seed), count, run: hop::now_ms() }
    }

    /// Plays them all and prints a line for each as it ends.
    pub(crate) async fn run(mut self) -> anyhow::Result<Vec<Played>> {
        println!("{}", line::head());
        let mut beside = JoinSet::new();
        let mut played = Vec::new();
        for number in 1..=self.count {
            let kind = match EVERY.get(number as usize - 1) {
                Some(kind) => *kind,
                None => ORDINARY[self.random.usize(..ORDINARY.len())],
            };
            let scene = self.scene(number, kind)?;
            if kind.is_slow() {
                beside.spawn(scene.play());
            } else {
                played.push(scene.play().await?);
            }
        }
        let begun = Instant::now();
        while !beside.is_empty() {
            match tokio::time::timeout(TELL_EVERY, beside.join_next()).await {
                Ok(Some(ended)) => played.push(ended.context("playing a payment")??),
                Ok(None) => {}
                Err(_) => {
                    let (left, waited) = (beside.len(), begun.elapsed().as_secs());
                    println!("      … {left} payments with a silent wallet are still open, {waited} s of 60");
                }
            }
        }
        Ok(played)
    }

    fn scene(&mut self, number: u32, kind: Kind) -> anyhow::Result<Scene> {
        let acquirer_number =
            if kind == Kind::NoLiquidity { 0 } else { self.random.usize(..ACQUIRERS.len()) };
        let wallet_number = match kind {
            Kind::NoLiquidity => POOR_WALLET,
            // Its prefunding is kept for the first payments.
            _ if number > EVERY.len() as u32 * 2 => [0, 2][self.random.usize(..2)],
            _ => self.random.usize(..WALLETS.len()),
        };
        let (acquirer_part, wallet_part) = (&ACQUIRERS[acquirer_number], &WALLETS[wallet_number]);
        let minor = match kind {
            Kind::NoLiquidity => LARGE_BILL,
            _ => self.random.u64(acquirer_part.bill.0..=acquirer_part.bill.1),
        };
        let currency = CurrencyCode::parse(acquirer_part.currency).context("a currency of the cast")?;
        let store = acquirer_part.stores[self.random.usize(..2)].0;
        let order = Order {
            request_id: format!("{}-{}-{number}", acquirer_part.client_id, self.run),
            merchant: acquirer_part.merchant.to_owned(),
            store: Some(store.to_owned()),
            description: format!("{} at {}", acquirer_part.merchant_name, acquirer_part.city),
            minor,
            currency,
            notify_url: None,
            lives_ms: (kind == Kind::Expired).then_some(SHORT_LIFE_MS),
            env: None,
        };
        // Moods are a user's, so those who are difficult are not those who simply pay.
        let customer = match kind {
            // Whoever is declined over and over is taken for somebody who tries out codes.
            Kind::Declined => format!("user-poor-{number}"),
            Kind::Stopped => "user-stopped".to_owned(),
            Kind::Reviewed => "user-reviewed".to_owned(),
            Kind::LateAnswer => "user-late".to_owned(),
            Kind::SilentWallet | Kind::CancelledInDoubt => "user-silent".to_owned(),
            _ => format!("user-{}", self.random.u32(1..=9)),
        };
        let wallet = &self.stage.company.wallets[wallet_number];
        wallet.set_phone(&customer, &format!("{}-{customer}", wallet_part.client_id));
        Ok(Scene {
            number,
            kind,
            acquirer: self.stage.company.acquirers[acquirer_number].clone(),
            acquirer_number,
            acquirer_part,
            wallet: wallet.clone(),
            wallet_number,
            wallet_part,
            operator: self.stage.operator.clone(),
            customer,
            order,
            currency,
        })
    }
}
