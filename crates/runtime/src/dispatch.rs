//! Effects out: each becomes a signed call to a member, and its answer an input. A call that brings no believable
//! answer is an unclear one; asking again is the switch's decision, not ours.

use std::sync::Arc;

use bytes::Bytes;
use directory::{Directory, Member, MemberId};
use engine::Input;
use hop::{Call, CallFailed, Courier, Peer};
use switch::{Effect, Kind, Outcome, Payment, clock};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use wire::ClientId;
use wire::body::cancel::CancelAnswer;
use wire::body::notify::{NotifyAcquirerRequest, NotifyAnswer};
use wire::body::order::{PaymentFactor, PaymentMethod, Scenario};
use wire::body::outcome::Verdict;
use wire::body::scalar::Text;
use wire::body::wallet::{
    WalletCancelRequest, WalletInquiryAnswer, WalletInquiryRequest, WalletPayAnswer, WalletPayRequest,
    WalletRefundAnswer, WalletRefundRequest,
};
use wire::body::{self, Body};

use crate::clock::Clock;
use crate::gate::Gate;
use crate::keyring::{KeyRing, scheme_for};
use crate::run::Released;
use crate::{number, wording};

/// Calls under way at a time, over all members; more wait their turn.
const CALLS_MAX: usize = 8_192;
/// How long a wallet gets to debit, cancel or refund, and how long to say what became of a payment. The first is
/// the switch's own limit, so that both run out together.
const WRITE_MS: u32 = clock::WALLET_ANSWER_MS as u32;
const READ_MS: u32 = 5_000;
const NOTICE_MS: u32 = 5_000;

/// Paths at a wallet.
pub mod path {
    /// Debit the user.
    pub const PAY: &str = "/v1/payments/pay";
    /// What became of a debit?
    pub const INQUIRY: &str = "/v1/payments/inquiryPayment";
    /// Take a debit back.
    pub const CANCEL: &str = "/v1/payments/cancelPayment";
    /// Give money back.
    pub const REFUND: &str = "/v1/payments/refund";
    /// At an acquirer without a notify URL of its own: the result.
    pub const NOTIFY: &str = "/v1/payments/notifyPayment";
}

/// Carries effects out. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    gate: Gate,
    courier: Courier,
    keys: Arc<KeyRing>,
    room: Arc<Semaphore>,
    tasks: Handle,
}

impl Dispatch {
    /// Carries effects out with this courier; answers go in at the gate.
    pub fn new(gate: Gate, courier: Courier, keys: Arc<KeyRing>, tasks: Handle) -> Dispatch {
        Dispatch { gate, courier, keys, room: Arc::new(Semaphore::new(CALLS_MAX)), tasks }
    }

    /// Lets out what a turn released: replies, and effects, each begun by itself. Does not wait.
    pub fn send(&self, released: Released) {
        let dispatch = self.clone();
        // One task for the whole turn: waking others costs least from a thread that already runs tasks.
        self.tasks.spawn(async move {
            for effect in released.tell() {
                let dispatch = dispatch.clone();
                tokio::spawn(async move {
                    let Ok(_place) = dispatch.room.clone().acquire_owned().await else { return };
                    dispatch.carry_out(effect).await;
                });
            }
        });
    }

    async fn carry_out(&self, effect: Effect) {
        match effect {
            // The engine's own book has answered already.
            Effect::Judge(_) | Effect::Reserve(_) => {}
            Effect::AskToPay(payment) => self.ask_to_pay(&payment).await,
            Effect::AskWhatBecame(payment) => self.ask_what_became(&payment).await,
            Effect::AskToCancel(payment) => self.ask_to_cancel(&payment).await,
            Effect::AskToRefund(payment, refund) => self.ask_to_refund(&payment, refund).await,
            Effect::TellResult(payment) => self.tell_result(&payment).await,
        }
    }

    async fn ask_to_pay(&self, payment: &Payment) {
        let directory = self.gate.directory();
        let request = pay_request(payment, &directory);
        let key = number::payment(payment.id());
        let said = match request {
            Some(request) => {
                self.ask_wallet::<WalletPayAnswer>(payment, path::PAY, &key, WRITE_MS, &request).await
            }
            None => Err(CallFailed::NotSent("the payment has no terms".into())),
        };
        self.wallet_said(payment, said.map(|answer| answer.result.verdict()), path::PAY);
    }

    async fn ask_what_became(&self, payment: &Payment) {
        let key = number::payment(payment.id());
        let request = WalletInquiryRequest {
            payment_request_id: Some(wording::id(&key)),
            ..WalletInquiryRequest::new(wording::id(&key))
        };
        let said =
            self.ask_wallet::<WalletInquiryAnswer>(payment, path::INQUIRY, &key, READ_MS, &request).await;
        let verdict = said.map(|answer| match (answer.result.verdict(), answer.payment_result) {
            (Verdict::Done, Some(result)) => result.verdict(),
            _ => Verdict::Unknown,
        });
        self.wallet_said(payment, verdict, path::INQUIRY);
    }

    fn wallet_said(&self, payment: &Payment, said: Result<Verdict, CallFailed>, path: &str) {
        let Some(wallet) = payment.terms.as_ref().map(|terms| terms.wallet) else { return };
        if let Err(failed) = &said {
            tracing::info!(payment = payment.id().0, path, %failed, "no answer from the wallet that can be believed");
        }
        let outcome = outcome(said);
        self.tell(switch::Input::WalletSaid { wallet, payment: payment.id(), outcome });
    }

    async fn ask_to_cancel(&self, payment: &Payment) {
        let key = number::payment(payment.id());
        let request = WalletCancelRequest {
            payment_id: Some(wording::id(&key)),
            payment_request_id: Some(wording::id(&key)),
        };
        match self.ask_wallet::<CancelAnswer>(payment, path::CANCEL, &key, WRITE_MS, &request).await {
            Ok(answer) if answer.result.verdict() == Verdict::Done => {
                self.tell(switch::Input::CancelTaken { payment: payment.id() });
            }
            Ok(_) => {
                tracing::warn!(payment = payment.id().0, "the wallet did not take a cancel; it is sent again")
            }
            Err(failed) => tracing::info!(payment = payment.id().0, %failed, "a cancel is sent again"),
        }
    }

    async fn ask_to_refund(&self, payment: &Payment, refund: u16) {
        let key = number::refund(payment.id(), refund);
        let said = match refund_request(payment, refund) {
            Some(request) => {
                self.ask_wallet::<WalletRefundAnswer>(payment, path::REFUND, &key, WRITE_MS, &request).await
            }
            None => Err(CallFailed::NotSent("the refund has no amount".into())),
        };
        if let Err(failed) = &said {
            tracing::info!(payment = payment.id().0, refund, %failed, "a refund is asked for again");
        }
        let outcome = outcome(said.map(|answer| answer.result.verdict()));
        self.tell(switch::Input::RefundSaid { payment: payment.id(), refund, outcome });
    }

    async fn tell_result(&self, payment: &Payment) {
        let directory = self.gate.directory();
        let Some(acquirer) = directory.member(payment.opened.acquirer) else { return };
        let Some(request) = notice(payment, acquirer, &directory) else { return };
        let Some((peer, path)) = self.notice_peer(acquirer, payment.opened.notify_url.as_deref()) else {
            return;
        };
        let call =
            Call { path: &path, idempotency_key: None, deadline_ms: NOTICE_MS, body: body::write(&request) };
        let answer = self.courier.call(&peer, call).await;
        let taken = answer.is_ok_and(|bytes| {
            body::parse::<NotifyAnswer>(&bytes).is_ok_and(|answer| answer.result.verdict() == Verdict::Done)
        });
        if taken {
            self.tell(switch::Input::NoticeTaken { payment: payment.id() });
        }
    }

    /// Where a notice goes: to the URL of the request if it lies under the endpoint the acquirer is registered with,
    /// otherwise to that endpoint. The network never calls an address that only a request names.
    fn notice_peer(&self, acquirer: &Arc<Member>, notify_url: Option<&str>) -> Option<(Peer, String)> {
        let peer = self.peer(acquirer)?;
        let own =
            notify_url.and_then(|url| url.strip_prefix(&*peer.base_url)).filter(|rest| rest.starts_with('/'));
        let path = own.unwrap_or(path::NOTIFY).to_owned();
        Some((peer, path))
    }

    async fn ask_wallet<A: Body>(
        &self,
        payment: &Payment,
        path: &str,
        idempotency_key: &str,
        deadline_ms: u32,
        request: &impl serde::Serialize,
    ) -> Result<A, CallFailed> {
        let directory = self.gate.directory();
        let wallet: Option<MemberId> = payment.terms.as_ref().map(|terms| terms.wallet);
        let peer = wallet.and_then(|wallet| directory.member(wallet)).and_then(|member| self.peer(member));
        let peer =
            peer.ok_or_else(|| CallFailed::NotSent("the wallet has no endpoint or no live key".into()))?;
        let call =
            Call { path, idempotency_key: Some(idempotency_key), deadline_ms, body: body::write(request) };
        let bytes: Bytes = self.courier.call(&peer, call).await?;
        body::parse(&bytes).map_err(|malformed| CallFailed::Unreadable(malformed.to_string()))
    }

    fn peer(&self, member: &Arc<Member>) -> Option<Peer> {
        let scheme = scheme_for(member, Clock.now())?;
        let (keys, known) = (self.keys.clone(), member.clone());
        Some(Peer {
            client_id: ClientId::parse(&member.client_id)?,
            base_url: member.endpoint.clone()?,
            scheme,
            find_key: Arc::new(move |scheme, version| keys.of_member(&known, scheme, version, Clock.now())),
        })
    }

    fn tell(&self, input: switch::Input) {
        if self.gate.tell(Input::Switch(input)).is_err() {
            tracing::warn!("the inbox is full: a member's answer is dropped and will be asked for again");
        }
    }
}

fn outcome(said: Result<Verdict, CallFailed>) -> Outcome {
    match said {
        Ok(Verdict::Done) => Outcome::Done,
        Ok(Verdict::Failed(code)) => Outcome::Declined(wording::decline_of(code)),
        Ok(Verdict::Unknown) | Err(_) => Outcome::Unclear,
    }
}

fn pay_request(payment: &Payment, directory: &Directory) -> Option<WalletPayRequest> {
    let terms = payment.terms.as_ref()?;
    let key = number::payment(payment.id());
    let prefix = directory.member(terms.wallet)?.code_prefix?;
    let mut method = PaymentMethod::new(Text::cut("CONNECT_WALLET"));
    method.payment_method_id =
        payment.opened.code.map(|code| Text::cut(&wording::payment_code(prefix, code)));
    method.customer_id = Some(wording::id(&terms.customer));
    let mut factor = PaymentFactor::new();
    factor.in_store_payment_scenario = Some(match payment.opened.kind {
        Kind::ConsumerPresented => Scenario::PaymentCode,
        Kind::OrderCode => Scenario::OrderCode,
        Kind::EntryCode => Scenario::EntryCode,
    });
    let mut request = WalletPayRequest::new(
        wording::id(&key),
        wording::id(&key),
        wording::order(payment, directory)?,
        wording::amount(payment.opened.amount)?,
        wording::amount(terms.payer_amount)?,
        method,
        factor,
    );
    request.payment_quote = wording::quote(payment);
    request.payment_expiry_time =
        payment.sent_at.map(|sent| wording::instant(sent.plus_ms(clock::SENT_LIMIT_MS)));
    request.acquirer_id =
        directory.member(payment.opened.acquirer).and_then(|member| wording::client_id(&member.client_id));
    Some(request)
}

fn refund_request(payment: &Payment, refund: u16) -> Option<WalletRefundRequest> {
    let asked = payment.refunds.get(usize::from(refund))?;
    let key = number::refund(payment.id(), refund);
    let mut request = WalletRefundRequest::new(
        wording::id(&number::payment(payment.id())),
        wording::id(&key),
        wording::id(&key),
        wording::amount(asked.amount)?,
        wording::amount_or_zero(asked.payer_amount)?,
    );
    request.refund_quote = wording::quote(payment);
    Some(request)
}

fn notice(payment: &Payment, acquirer: &Member, directory: &Directory) -> Option<NotifyAcquirerRequest> {
    let key = number::payment(payment.id());
    let request_id = payment.opened.request_id.as_deref().unwrap_or(&key);
    let mut request = NotifyAcquirerRequest::of(
        wording::outcome(payment),
        wording::id(request_id),
        wording::id(&key),
        wording::amount(payment.opened.amount)?,
    );
    tracing::debug!(payment = payment.id().0, acquirer = %acquirer.client_id, "a result is told");
    request.payment_create_time = Some(wording::instant(payment.opened_at));
    request.payment_time = payment.succeeded_at.map(wording::instant);
    if let Some(terms) = &payment.terms {
        request.customer_id = Some(wording::id(&terms.customer));
        if let Some(wallet) = directory.member(terms.wallet) {
            request.psp_id = wording::client_id(&wallet.client_id);
            request.wallet_brand_name = Some(Text::cut(&wallet.name));
        }
    }
    request.settlement_amount = wording::amount_or_zero(payment.opened.amount);
    request.gross_settlement_amount = wording::amount_or_zero(payment.opened.amount);
    Some(request)
}
