//! An acquirer: asks for payments, learns results by answer, inquiry and notice, cancels and refunds.

use std::collections::BTreeMap;
use std::sync::Mutex;

use hop::{Answer, CallFailed, Door, Received, Service, plain};
use hyper::StatusCode;
use tokio::sync::watch;
use wire::body;
use wire::body::amount::{Amount, CurrencyCode};
use wire::body::cancel::{CancelAnswer, CancelRequest};
use wire::body::inquire::{InquiryAnswer, InquiryRefundAnswer, InquiryRefundRequest, InquiryRequest};
use wire::body::notify::{NotifyAcquirerRequest, NotifyAnswer};
use wire::body::order::{self, PaymentFactor, PaymentMethod, Scenario};
use wire::body::outcome::Outcome;
use wire::body::party::{Env, Merchant, Store};
use wire::body::pay::{PayAnswer, PayRequest};
use wire::body::refund::{RefundAnswer, RefundRequest};
use wire::body::scalar::{Id, Instant, Text, Url};
use wire::signature::Freshness;

use crate::line::{Credentials, Line};

/// How long an acquirer waits for writes and for reads (Alipay+ recommends both).
const WRITE_MS: u32 = 8_000;
const READ_MS: u32 = 5_000;

/// What a till sells.
#[derive(Clone, Debug)]
pub struct Order {
    /// The acquirer's idempotency key.
    pub request_id: String,
    /// The acquirer's reference for the merchant.
    pub merchant: String,
    /// Its reference for the store.
    pub store: Option<String>,
    /// What is bought.
    pub description: String,
    /// What it costs, in minor units.
    pub minor: u64,
    /// Of this currency.
    pub currency: CurrencyCode,
    /// Where the result is to be posted.
    pub notify_url: Option<String>,
    /// How long a code for it can be paid, when not as long as usual.
    pub lives_ms: Option<u64>,
    /// On what it was ordered, where the acquirer tells.
    pub env: Option<Env>,
}

/// An acquirer. The same value asks the network and serves its notices.
pub struct Acquirer {
    line: Line,
    door: Door,
    /// Results the network has told, by payment.
    notices: Mutex<BTreeMap<String, Outcome>>,
    changes: watch::Sender<u64>,
}

impl Acquirer {
    /// An acquirer on this line.
    pub fn new(credentials: &Credentials, line: Line) -> Acquirer {
        let door = Door::new(credentials.identity(), Freshness::default());
        Acquirer { line, door, notices: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// Asks for a payment with the code a payer shows.
    pub async fn pay_with_code(&self, order: &Order, code: &str) -> Result<PayAnswer, CallFailed> {
        let mut request = pay_request(order, Scenario::PaymentCode)?;
        request.payment_method.payment_method_id = Some(text(code)?);
        self.pay(&request).await
    }

    /// Asks for a code to show to a payer.
    pub async fn order_code(&self, order: &Order) -> Result<PayAnswer, CallFailed> {
        self.pay(&pay_request(order, Scenario::OrderCode)?).await
    }

    /// Asks for a link that the payer's wallet opens.
    pub async fn entry_link(&self, order: &Order) -> Result<PayAnswer, CallFailed> {
        self.pay(&pay_request(order, Scenario::EntryCode)?).await
    }

    async fn pay(&self, request: &PayRequest) -> Result<PayAnswer, CallFailed> {
        self.line.ask("payments/pay", Some(&request.payment_request_id), WRITE_MS, request).await
    }

    /// Asks what became of a payment.
    pub async fn inquire(&self, request_id: &str) -> Result<InquiryAnswer, CallFailed> {
        let mut request = InquiryRequest::new();
        request.payment_request_id = Some(id(request_id)?);
        self.line.ask("payments/inquiryPayment", None, READ_MS, &request).await
    }

    /// Asks what became of the payment with the network's number.
    pub async fn inquire_number(&self, payment_id: &str) -> Result<InquiryAnswer, CallFailed> {
        let mut request = InquiryRequest::new();
        request.payment_id = Some(id(payment_id)?);
        self.line.ask("payments/inquiryPayment", None, READ_MS, &request).await
    }

    /// Takes a payment back.
    pub async fn cancel(&self, request_id: &str) -> Result<CancelAnswer, CallFailed> {
        let mut request = CancelRequest::new();
        request.payment_request_id = Some(id(request_id)?);
        self.line.ask("payments/cancelPayment", Some(request_id), WRITE_MS, &request).await
    }

    /// Gives money back, whole or in part.
    pub async fn refund(
        &self,
        payment_request_id: &str,
        refund_request_id: &str,
        currency: CurrencyCode,
        minor: u64,
    ) -> Result<RefundAnswer, CallFailed> {
        let mut request = RefundRequest::new(id(refund_request_id)?, amount(currency, minor)?);
        request.payment_request_id = Some(id(payment_request_id)?);
        self.line.ask("payments/refund", Some(refund_request_id), WRITE_MS, &request).await
    }

    /// Asks what became of a refund.
    pub async fn inquire_refund(&self, refund_request_id: &str) -> Result<InquiryRefundAnswer, CallFailed> {
        let mut request = InquiryRefundRequest::new();
        request.refund_request_id = Some(id(refund_request_id)?);
        self.line.ask("payments/inquiryRefund", None, READ_MS, &request).await
    }

    /// Counts the notices that came.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The result the network has told for a payment, if it has.
    pub fn notice(&self, payment_id: &str) -> Option<Outcome> {
        self.notices.lock().expect("nothing panics while it holds this lock").get(payment_id).cloned()
    }
}

/// Takes notices of results, at whatever path they come.
impl Service for Acquirer {
    async fn answer(&self, received: Received) -> Answer {
        let network = self.line.network().clone();
        let admitted = self
            .door
            .admit(&received, |client_id, scheme, version| network.key_of(client_id, scheme, version));
        let verified = match admitted {
            Ok(verified) => verified,
            Err(refused) => return plain(StatusCode::UNAUTHORIZED, &refused.refused.to_string()),
        };
        let outcome = match body::parse::<NotifyAcquirerRequest>(&received.body) {
            Ok(notice) => {
                let mut notices = self.notices.lock().expect("nothing panics while it holds this lock");
                notices.insert(notice.payment_id.to_string(), notice.payment_result);
                self.changes.send_modify(|count| *count += 1);
                Outcome::success()
            }
            Err(malformed) => Outcome::from(&malformed),
        };
        self.door.answer(&verified.exchange, body::write(&NotifyAnswer::new(outcome)))
    }
}

fn pay_request(order: &Order, scenario: Scenario) -> Result<PayRequest, CallFailed> {
    let whole = amount(order.currency, order.minor)?;
    let mut bought = order::Order::new(id(&order.request_id)?, text(&order.description)?, whole.clone());
    let mut merchant = Merchant::new(id(&order.merchant)?);
    merchant.store = order.store.as_deref().map(|store| id(store).map(Store::new)).transpose()?;
    bought.merchant = Some(merchant);
    bought.env = order.env.clone();
    let mut factor = PaymentFactor::new();
    factor.in_store_payment_scenario = Some(scenario);
    let method = PaymentMethod::new(text("CONNECT_WALLET")?);
    let mut request = PayRequest::new(id(&order.request_id)?, bought, whole, method, factor);
    let notify =
        |url: &str| Url::try_new(url).map_err(|why| CallFailed::NotSent(format!("the notify URL {why}")));
    request.payment_notify_url = order.notify_url.as_deref().map(notify).transpose()?;
    request.payment_expiry_time = order.lives_ms.map(|lives| Instant(hop::now_ms() + lives));
    Ok(request)
}

fn amount(currency: CurrencyCode, minor: u64) -> Result<Amount, CallFailed> {
    Amount::try_of(currency, minor).map_err(|why| CallFailed::NotSent(format!("the amount {why}")))
}

fn id(text: &str) -> Result<Id<64>, CallFailed> {
    Id::try_new(text).map_err(|why| CallFailed::NotSent(format!("the id {why}")))
}

fn text<const MAX: usize>(text: &str) -> Result<Text<MAX>, CallFailed> {
    Text::try_new(text).map_err(|why| CallFailed::NotSent(format!("the text {why}")))
}
