//! `pay`: an acquirer asks for a payment. With a payer's code the answer waits for the wallet, as long as the caller
//! does; with a merchant's code it is given at once.

use std::sync::Arc;

use directory::{Role, Time};
use engine::{Input, Reply};
use runtime::wording;
use switch::{Pay, PayHow, Payment, Placed, Reference};
use wire::body::outcome::Outcome;
use wire::body::party::Env;
use wire::body::pay::{PayAnswer, PayRequest, Presented};
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::code::{self, Foreign};
use crate::endpoint::amount;
use crate::said;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<PayRequest, PayAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: PayAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: PayRequest) -> Result<PayAnswer, Outcome> {
    let pay = read(api, caller, &request)?;
    let reference = Reference::Request(pay.request_id.clone());
    let waits = matches!(pay.how, PayHow::PaymentCode { .. });
    let input = Input::Switch(switch::Input::Pay(pay));
    let reply = if waits {
        let reply = api.gate.submit_until_final(input).map_err(busy)?;
        match tokio::time::timeout_at(caller.answer_by.into(), reply).await {
            Ok(reply) => reply.map_err(|_| busy(runtime::Busy))?,
            Err(_) => return unfinished(api, caller, reference).await,
        }
    } else {
        api.gate.submit(input).await.map_err(busy)?
    };
    match reply {
        Reply::Payment(payment) => Ok(said(api, caller, &payment)),
        Reply::Refused(refusal) => {
            let mut answer = PayAnswer::new(wording::refusal(refusal));
            answer.payment_request_id = Some(request.payment_request_id);
            Err(answer.result)
        }
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

/// The caller is about to give up: where the payment is now.
async fn unfinished(api: &Api, caller: &Caller, reference: Reference) -> Result<PayAnswer, Outcome> {
    let acquirer = caller.member.id;
    let found = api
        .gate
        .ask(move |engine| engine.switch().find(acquirer, &reference).cloned())
        .await
        .map_err(busy)?;
    match found {
        Some(payment) => Ok(said(api, caller, &payment)),
        None => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

fn said(api: &Api, caller: &Caller, payment: &Payment) -> PayAnswer {
    said::pay_answer(payment, &caller.directory, &api.public_url)
}

fn read(api: &Api, caller: &Caller, request: &PayRequest) -> Result<Pay, Outcome> {
    let expires = request.payment_expiry_time.map(|instant| Time(instant.0));
    let how = match request.presented().map_err(|malformed| Outcome::from(&malformed))? {
        Presented::PaymentCode(text) => {
            let (prefix, code) = code::read_payment_code(text).map_err(|foreign| {
                Outcome::because(
                    ResultCode::InvalidCode,
                    &match foreign {
                        Foreign::Malformed(malformed) => {
                            format!("paymentMethod.paymentMethodId: {malformed}")
                        }
                        Foreign::NotOurs => {
                            "paymentMethod.paymentMethodId is no code of this network.".to_owned()
                        }
                    },
                )
            })?;
            PayHow::PaymentCode { prefix, code }
        }
        Presented::OrderCode => PayHow::OrderCode { expires },
        Presented::EntryCode => PayHow::EntryCode { expires },
    };
    let settlement = request.settlement_strategy.as_ref().and_then(|strategy| strategy.settlement_currency);
    let settlement = settlement.map(|code| super::currency(code, "settlementStrategy.settlementCurrency"));
    let merchant = request.merchant();
    let [entropy] = api.entropy().ok_or_else(|| Outcome::of(ResultCode::UnknownException))?;
    Ok(Pay {
        acquirer: caller.member.id,
        request_id: Arc::from(request.payment_request_id.as_str()),
        how,
        merchant: merchant.map(|merchant| Arc::from(merchant.reference_merchant_id.as_str())),
        store: merchant
            .and_then(|merchant| merchant.store.as_ref())
            .map(|store| Arc::from(store.reference_store_id.as_str())),
        amount: amount(&request.payment_amount, "paymentAmount")?,
        settlement_currency: settlement.transpose()?,
        order_reference: Arc::from(request.order.reference_order_id.as_str()),
        order_description: Arc::from(request.order.order_description.as_str()),
        notify_url: request.payment_notify_url.as_ref().map(|url| Arc::from(url.as_str())),
        placed: placed(request),
        entropy,
    })
}

/// The terminal is named by the store or by the circumstances; the device by the circumstances alone.
fn placed(request: &PayRequest) -> Placed {
    let env = request.env();
    let store = request.merchant().and_then(|merchant| merchant.store.as_ref());
    let terminal = store.and_then(|store| store.terminal_id.as_ref().or(store.store_terminal_id.as_ref()));
    let terminal = terminal.or(env.and_then(|env| env.store_terminal_id.as_ref()));
    let device = super::device(env);
    let by_buyer = device.is_some() && env.is_some_and(Env::is_buyers);
    Placed { terminal: terminal.map(|id| Arc::from(id.as_str())), device, by_buyer }
}
