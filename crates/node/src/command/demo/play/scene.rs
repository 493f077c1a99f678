//! One payment as it is played: a till, a phone, what is bought, and what goes wrong with it on purpose.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use members::cast::{AcquirerPart, WalletPart};
use members::{Acquirer, Mood, Operator, Order, Wallet};
use serde_json::json;
use wire::body::amount::{Amount, CurrencyCode};
use wire::body::confirm::ConfirmRequest;
use wire::body::outcome::{Outcome, Verdict};
use wire::body::pay::PayAnswer;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::ScanRequest;

use super::{Kind, Played, SHORT_LIFE_MS};
use crate::command::demo::line;
use crate::command::demo::patience::patiently;

/// Longer than the network waits for a wallet.
const LATE: Duration = Duration::from_millis(6_500);

/// Every payment has ended by then.
const ENDED_WITHIN: Duration = Duration::from_secs(75);

/// One till, one phone, and what is bought.
#[derive(Clone)]
pub(super) struct Scene {
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) acquirer: Arc<Acquirer>,
    pub(super) acquirer_number: usize,
    pub(super) acquirer_part: &'static AcquirerPart,
    pub(super) wallet: Arc<Wallet>,
    pub(super) wallet_number: usize,
    pub(super) wallet_part: &'static WalletPart,
    pub(super) operator: Operator,
    pub(super) customer: String,
    pub(super) order: Order,
    pub(super) currency: CurrencyCode,
}

impl Scene {
    pub(super) async fn play(self) -> anyhow::Result<Played> {
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
