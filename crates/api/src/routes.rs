//! The whole surface, as a table from path to endpoint. All path families are the same endpoints.

use hop::{Answer, Received, plain};
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, StatusCode};

use crate::adviser::{ADVICE_PREFIX, HOUSE_PREFIX};
use crate::code_rules::{self, RULES_PATH};
use crate::signed::signed;
use crate::{Api, adviser, endpoint, operator};

/// What every member's path begins with: Alipay+'s prefix, Antom's, and the one Antom's clients use for client ids
/// that begin with `SANDBOX_`.
pub const MEMBER_PREFIXES: [&str; 3] = ["/aps/api/v1/", "/ams/api/v1/", "/ams/sandbox/api/v1/"];
/// What every operator's path begins with.
pub const OPERATOR_PREFIX: &str = "/operator/v1/";

pub(crate) async fn answer(api: &Api, received: Received) -> Answer {
    if let Some(path) = received.path.strip_prefix(OPERATOR_PREFIX) {
        let path = path.to_owned();
        if let Some(path) = path.strip_prefix(HOUSE_PREFIX) {
            return adviser::house(api, &received, path).await;
        }
        return operator::answer(api, received, &path).await;
    }
    if received.path.starts_with(ADVICE_PREFIX) {
        return adviser::member(api, received).await;
    }
    if received.path == RULES_PATH && received.method == Method::GET {
        return code_rules::download(api, &received);
    }
    let member_path = MEMBER_PREFIXES.iter().find_map(|prefix| received.path.strip_prefix(prefix));
    let Some(path) = member_path.map(str::to_owned) else {
        return plain(StatusCode::NOT_FOUND, "there is no such path");
    };
    if received.method != Method::POST {
        return wrong_method("POST", "members' endpoints take POST only");
    }
    match path.as_str() {
        "payments/pay" => signed(api, received, endpoint::pay::ENDPOINT).await,
        "payments/inquiryPayment" => signed(api, received, endpoint::inquiry_payment::ENDPOINT).await,
        "payments/cancelPayment" | "payments/cancel" => {
            signed(api, received, endpoint::cancel::ENDPOINT).await
        }
        "payments/refund" => signed(api, received, endpoint::refund::ENDPOINT).await,
        "payments/inquiryRefund" => signed(api, received, endpoint::inquiry_refund::ENDPOINT).await,
        "payments/consultPayment" | "payments/consult" => {
            signed(api, received, endpoint::consult::ENDPOINT).await
        }
        "codes/getPaymentCode" => signed(api, received, endpoint::payment_code::ENDPOINT).await,
        "payments/userInitiatedPay" => signed(api, received, endpoint::user_initiated_pay::ENDPOINT).await,
        "payments/confirm" => signed(api, received, endpoint::confirm::ENDPOINT).await,
        "payments/notifyPayment" => signed(api, received, endpoint::notify_payment::ENDPOINT).await,
        "payments/inquiryForeignExchangeQuote" => {
            signed(api, received, endpoint::exchange_quote::ENDPOINT).await
        }
        "codes/inquiryCodeRules" => signed(api, received, endpoint::code_rules::ENDPOINT).await,
        "fx/rates" => signed(api, received, endpoint::rates::ENDPOINT).await,
        "advances/consult" => signed(api, received, endpoint::advance_consult::ENDPOINT).await,
        "advances/offer" => signed(api, received, endpoint::advance_offer::ENDPOINT).await,
        "advances/draw" => signed(api, received, endpoint::advance_draw::ENDPOINT).await,
        "certificates/pay" => signed(api, received, endpoint::certificate_pay::ENDPOINT).await,
        _ => plain(StatusCode::NOT_FOUND, "there is no such endpoint"),
    }
}

/// The path is there, but not for this method (RFC 9110 section 15.5.6 asks to say for which).
pub(crate) fn wrong_method(allowed: &'static str, sentence: &str) -> Answer {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, sentence);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}
