//! The payments that are played: every kind once, then ordinary ones. Slow kinds run beside the others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use members::{Acquirer, Mood, Operator, Order, Wallet};
use serde_json::json;
use tokio::task::JoinSet;
use wire::body::amount::{Amount, CurrencyCode};
use wire::body::confirm::ConfirmRequest;
use wire::body::outcome::{Outcome, Verdict};
use wire::body::pay::PayAnswer;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::ScanRequest;

use super::line;
use super::patience::patiently;
use super::stage::Stage;
use members::cast::{ACQUIRERS, AcquirerPart, WALLETS, WalletPart};

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
/// Longer than the network waits for a wallet.
const LATE: Duration = Duration::from_millis(6_500);
/// An order code nobody pays.
const SHORT_LIFE_MS: u64 = 1_500;
/// While slow payments are waited for, it is said so this often.
const TELL_EVERY: Duration = Duration::from_secs(10);
/// Every payment has ended by then.
const ENDED_WITHIN: Duration = Duration::from_secs(75);

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

/// One till, one phone, and what is bought.
#[derive(Clone)]
struct Scene {
    number: u32,
    kind: Kind,
    acquirer: Arc<Acquirer>,
    acquirer_number: usize,
    acquirer_part: &'static AcquirerPart,
    wallet: Arc<Wallet>,
    wallet_number: usize,
    wallet_part: &'static WalletPart,
    operator: Operator,
    customer: String,
    order: Order,
    currency: CurrencyCode,
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

impl Scene {
    async fn play(self) -> anyhow::Result<Played> {
        let begun = Instant::now();
        let said = self.perform().await;
        let (payment_id, refunded_minor) =
            said.with_context(|| format!("payment {} ({})", self.number, self.kind.name()))?;
        let elapsed = begun.elapsed();
        let result = self.result(&payment_id).await?;
        let path = format!("payments/{payment_id}");
        let view = patiently(|| self.operator.look(&path)).await?;
        let played = Played {
            kind: self.kind,
            payment_id,
            acquirer: self.acquirer_number,
            wallet: self.wallet_number,
            result,
            refunded_minor,
            elapsed,
        };
        println!("{}", line::of(self.number, &played, self.wallet_part, self.acquirer_part, &view));
        Ok(played)
    }

    async fn perform(&self) -> anyhow::Result<(String, u64)> {
        match self.kind {
            Kind::PaymentCode | Kind::NoLiquidity => self.pay_with_code().await.map(|id| (id, 0)),
            Kind::Declined => {
                self.wallet.set_mood(&self.customer, Mood::Declines(ResultCode::UserBalanceNotEnough));
                self.pay_with_code().await.map(|id| (id, 0))
            }
            Kind::Stopped => {
                let subject = format!("{}/{}", self.wallet_part.client_id, self.customer);
                let stop = json!({ "subject": subject, "reason": "reported stolen" });
                self.operator.change("risk/stops", &stop).await?;
                self.pay_with_code().await.map(|id| (id, 0))
            }
            Kind::Reviewed => {
                let first =
                    Order { request_id: format!("{}-before", self.order.request_id), ..self.order.clone() };
                let known = self.pay_for(&first).await?;
                let label = json!({ "label": "FRAUD", "reason": "the payer called: that was somebody else" });
                self.operator.change(&format!("risk/payments/{known}/label"), &label).await?;
                self.pay_with_code().await.map(|id| (id, 0))
            }
            Kind::LateAnswer => {
                self.wallet.set_mood(&self.customer, Mood::Late(LATE));
                self.pay_with_code().await.map(|id| (id, 0))
            }
            Kind::SilentWallet => {
                self.wallet.set_mood(&self.customer, Mood::Silent);
                self.pay_with_code().await.map(|id| (id, 0))
            }
            Kind::CancelledInDoubt => {
                self.wallet.set_mood(&self.customer, Mood::Silent);
                let id = self.pay_with_code().await?;
                self.cancel().await.map(|()| (id, 0))
            }
            Kind::Cancelled => {
                let id = self.pay_with_code().await?;
                self.cancel().await.map(|()| (id, 0))
            }
            Kind::OrderCode => {
                let shown = patiently(|| self.acquirer.order_code(&self.order)).await?;
                self.scan_and_confirm(&order_code(&shown)?, None).await.map(|id| (id, 0))
            }
            Kind::EntryLink => {
                let shown = patiently(|| self.acquirer.entry_link(&self.order)).await?;
                let link = shown.payment_url.as_ref().context("the answer has no paymentUrl")?;
                self.scan_and_confirm(link.as_str(), None).await.map(|id| (id, 0))
            }
            Kind::StandingCode => {
                let code = self.printed_code().await?;
                let amount = Amount::try_of(self.currency, self.order.minor).map_err(|why| anyhow!(why))?;
                self.scan_and_confirm(&code, Some(amount)).await.map(|id| (id, 0))
            }
            Kind::Expired => {
                let shown = patiently(|| self.acquirer.order_code(&self.order)).await?;
                tokio::time::sleep(Duration::from_millis(SHORT_LIFE_MS)).await;
                payment_id(&shown).map(|id| (id, 0))
            }
            Kind::Refunded => self.refund_in(1).await,
            Kind::RefundedInParts => self.refund_in(3).await,
        }
    }

    async fn pay_with_code(&self) -> anyhow::Result<String> {
        self.pay_for(&self.order).await
    }

    async fn pay_for(&self, order: &Order) -> anyhow::Result<String> {
        let mut codes = patiently(|| self.wallet.codes(&self.customer, 1)).await?;
        let code = codes.pop().context("the network gave no code")?.payment_code;
        payment_id(&patiently(|| self.acquirer.pay_with_code(order, &code)).await?)
    }

    async fn scan_and_confirm(&self, code: &str, amount: Option<Amount>) -> anyhow::Result<String> {
        let code = Text::try_new(code).map_err(|why| anyhow!("the code {why}"))?;
        let customer = Id::try_new(self.customer.as_str()).map_err(|why| anyhow!("the customer {why}"))?;
        let mut scan = ScanRequest::new(code, customer);
        scan.payment_amount = amount;
        let shown = patiently(|| self.wallet.scan(&scan)).await?;
        let id = shown
            .payment_id
            .with_context(|| format!("the code was not understood: {}", shown.result.code))?;
        let mut confirm = ConfirmRequest::new(id.clone());
        confirm.quote_id = shown.payment_quote.map(|quote| quote.quote_id);
        let merchant = self.acquirer_part.merchant_name;
        patiently(|| self.wallet.confirm(&self.customer, merchant, &confirm)).await?;
        Ok(id.to_string())
    }

    async fn printed_code(&self) -> anyhow::Result<String> {
        let path = format!("members/{}/merchants", self.acquirer_part.client_id);
        let merchants = patiently(|| self.operator.look(&path)).await?;
        merchants["merchants"][0]["entryCode"]
            .as_str()
            .map(str::to_owned)
            .context("the merchant has no printed code")
    }

    async fn cancel(&self) -> anyhow::Result<()> {
        let answer = patiently(|| self.acquirer.cancel(&self.order.request_id)).await?;
        match answer.result.verdict() {
            Verdict::Done => Ok(()),
            _ => bail!("the cancel was answered with {}", answer.result.code),
        }
    }

    /// Pays, and gives everything back in so many parts that do not divide evenly.
    async fn refund_in(&self, parts: u64) -> anyhow::Result<(String, u64)> {
        let id = self.pay_with_code().await?;
        let mut left = self.order.minor;
        for part in (1..=parts).rev() {
            let minor = if part == 1 { left } else { left / part + 1 };
            let request_id = format!("{}-r{part}", self.order.request_id);
            let refund = || self.acquirer.refund(&self.order.request_id, &request_id, self.currency, minor);
            let answer = patiently(refund).await?;
            if answer.result.verdict() != Verdict::Done {
                bail!("a refund was answered with {}", answer.result.code);
            }
            left -= minor;
        }
        Ok((id, self.order.minor))
    }

    /// How the payment ended, asked until it has.
    async fn result(&self, payment_id: &str) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        loop {
            let answer = patiently(|| self.acquirer.inquire_number(payment_id)).await?;
            let result = answer.payment_result.context("the inquiry was not answered")?;
            if result.verdict() != Verdict::Unknown {
                return Ok(result);
            }
            if begun.elapsed() > ENDED_WITHIN {
                bail!("payment {payment_id} has not ended after {} s", ENDED_WITHIN.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

fn payment_id(answer: &PayAnswer) -> anyhow::Result<String> {
    let id = answer.payment_id.as_ref().map(ToString::to_string);
    id.with_context(|| {
        let sentence = answer.result.message.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("pay was refused: {} {sentence}", answer.result.code)
    })
}

fn order_code(answer: &PayAnswer) -> anyhow::Result<String> {
    let form = answer.order_code_form.as_ref().context("the answer has no orderCodeForm")?;
    form.code_details.first().map(|detail| detail.code_value.to_string()).context("the form has no code")
}
