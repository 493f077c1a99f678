//! `userInitiatedPay`: a wallet sends what its user scanned, and learns which order it is and what it costs.

use std::sync::Arc;

use directory::Role;
use engine::{Input, Reply};
use runtime::{number, wording};
use switch::{Kind, Payment, Scan, ScanTarget};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::Flag;
use wire::body::scan::{ScanAnswer, ScanRequest, ScannedCodeType};

use crate::Api;
use crate::code::{self, Foreign, Shown};
use crate::endpoint::amount;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<ScanRequest, ScanAnswer> = Endpoint {
    role: Some(Role::Wallet),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: ScanAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: ScanRequest) -> Result<ScanAnswer, Outcome> {
    let shown = code::read_shown(&request.code_value).map_err(|foreign| match foreign {
        Foreign::Malformed(malformed) => {
            Outcome::because(ResultCode::InvalidCode, &format!("codeValue: {malformed}"))
        }
        Foreign::NotOurs => {
            Outcome::because(ResultCode::InvalidCode, "codeValue is no code of this network.")
        }
    })?;
    let target = match shown {
        Shown::Order { payment, token } => ScanTarget::Order { payment, token },
        Shown::Standing { merchant, store } => {
            let found =
                caller.directory.merchant(merchant).ok_or_else(|| Outcome::of(ResultCode::InvalidCode))?;
            match &request.payment_amount {
                None => return need_amount(caller, found.acquirer),
                Some(asked) => ScanTarget::Standing {
                    acquirer: found.acquirer,
                    merchant: found.reference.clone(),
                    store: store.map(Arc::from),
                    amount: amount(asked, "paymentAmount")?,
                },
            }
        }
    };
    let [entropy] = api.entropy().ok_or_else(|| Outcome::of(ResultCode::UnknownException))?;
    let customer = Arc::from(request.customer_id.as_str());
    let device = super::device(request.env.as_ref());
    let scan = Scan { wallet: caller.member.id, customer, device, target, entropy };
    match api.gate.submit(Input::Switch(switch::Input::Scan(scan))).await.map_err(busy)? {
        Reply::Payment(payment) => Ok(shown_to_payer(caller, &payment)),
        Reply::Refused(refusal) => Err(wording::refusal(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

/// A standing code without an amount: the wallet is to ask its user, in the currency the merchant is paid in.
fn need_amount(caller: &Caller, acquirer: directory::MemberId) -> Result<ScanAnswer, Outcome> {
    let agreement = caller.directory.agreement(acquirer, runtime::Clock.now());
    let agreement = agreement.ok_or_else(|| Outcome::of(ResultCode::AccessDenied))?;
    let mut answer = ScanAnswer::new(Outcome::success());
    answer.code_type = Some(ScannedCodeType::EntryCode);
    answer.need_amount = Some(Flag(true));
    answer.amount_currency = Some(wording::currency(agreement.settlement_currency));
    Ok(answer)
}

fn shown_to_payer(caller: &Caller, payment: &Payment) -> ScanAnswer {
    let mut answer = ScanAnswer::new(Outcome::success());
    answer.code_type = Some(match payment.opened.kind {
        Kind::EntryCode => ScannedCodeType::EntryCode,
        Kind::OrderCode | Kind::ConsumerPresented => ScannedCodeType::OrderCode,
    });
    answer.payment_id = Some(wording::id(&number::payment(payment.id())));
    answer.acquirer_id = caller
        .directory
        .member(payment.opened.acquirer)
        .and_then(|member| wording::client_id(&member.client_id));
    answer.order = wording::order(payment, &caller.directory);
    answer.payment_amount = wording::amount(payment.opened.amount);
    answer.pay_to_amount = payment.terms.as_ref().and_then(|terms| wording::amount(terms.payer_amount));
    answer.payment_quote = wording::quote(payment);
    answer.payment_expiry_time = Some(wording::instant(payment.opened.expires));
    answer
}
