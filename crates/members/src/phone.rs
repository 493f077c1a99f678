//! A wallet user's phone, as a small interface for trying out: show a code, scan one, confirm, look back. Unsigned, so
//! it is for loopback only; a real wallet has its app here.

use bytes::Bytes;
use hop::{Answer, CallFailed, Received, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde_json::{Value, json};
use wire::body;
use wire::body::amount::{Amount, CurrencyCode};
use wire::body::confirm::ConfirmRequest;
use wire::body::scalar::{Id, Text};
use wire::body::scan::ScanRequest;

use crate::wallet::{Paid, Standing, Wallet};

/// Who holds the phone when the request does not say.
const CUSTOMER: &str = "user-1";

pub(crate) async fn answer(wallet: &Wallet, path: &str, received: &Received) -> Answer {
    let asked: Value = match (&received.method, received.body.is_empty()) {
        (_, true) => json!({}),
        _ => match serde_json::from_slice(&received.body) {
            Ok(Value::Object(asked)) => Value::Object(asked),
            _ => return said(StatusCode::BAD_REQUEST, &json!({ "error": "the body is not a JSON object" })),
        },
    };
    let customer = asked["customerId"].as_str().unwrap_or(CUSTOMER).to_owned();
    let answered = match (&received.method, path) {
        (&Method::POST, "code") => code(wallet, &customer).await,
        (&Method::POST, "scan") => scan(wallet, &customer, &asked).await,
        (&Method::POST, "confirm") => confirm(wallet, &customer, &asked).await,
        (&Method::GET, "history") => Ok(history(wallet, &customer)),
        _ => {
            return plain(
                StatusCode::NOT_FOUND,
                "POST /phone/code, /phone/scan, /phone/confirm; GET /phone/history",
            );
        }
    };
    match answered {
        Ok(answer) => said(StatusCode::OK, &answer),
        Err(Unanswered::Asked(why)) => said(StatusCode::BAD_REQUEST, &json!({ "error": why })),
        Err(Unanswered::Network(failed)) => {
            said(StatusCode::BAD_GATEWAY, &json!({ "error": failed.to_string() }))
        }
    }
}

enum Unanswered {
    Asked(String),
    Network(CallFailed),
}

impl From<CallFailed> for Unanswered {
    fn from(failed: CallFailed) -> Unanswered {
        Unanswered::Network(failed)
    }
}

async fn code(wallet: &Wallet, customer: &str) -> Result<Value, Unanswered> {
    let issued = wallet.codes(customer, 1).await?.pop();
    let issued = issued.ok_or_else(|| Unanswered::Asked("the network gave no code".to_owned()))?;
    let shown = body::write(&issued);
    serde_json::from_slice(&shown).map_err(|error| Unanswered::Asked(error.to_string()))
}

async fn scan(wallet: &Wallet, customer: &str, asked: &Value) -> Result<Value, Unanswered> {
    let code = asked["code"].as_str().ok_or_else(|| Unanswered::Asked("`code` is missing".to_owned()))?;
    let code = Text::try_new(code).map_err(|why| Unanswered::Asked(format!("`code` {why}")))?;
    let customer = Id::try_new(customer).map_err(|why| Unanswered::Asked(format!("`customerId` {why}")))?;
    let mut request = ScanRequest::new(code, customer);
    request.payment_amount = amount(&asked["amount"])?;
    shown(&wallet.scan(&request).await?)
}

async fn confirm(wallet: &Wallet, customer: &str, asked: &Value) -> Result<Value, Unanswered> {
    let id = |name: &str| match asked[name].as_str() {
        Some(text) => Id::try_new(text).map(Some).map_err(|why| Unanswered::Asked(format!("`{name}` {why}"))),
        None => Ok(None),
    };
    let payment_id =
        id("paymentId")?.ok_or_else(|| Unanswered::Asked("`paymentId` is missing".to_owned()))?;
    let mut request = ConfirmRequest::new(payment_id);
    request.quote_id = id("quoteId")?;
    shown(&wallet.confirm(customer, asked["merchant"].as_str().unwrap_or(""), &request).await?)
}

fn amount(asked: &Value) -> Result<Option<Amount>, Unanswered> {
    if asked.is_null() {
        return Ok(None);
    }
    let wrong = || Unanswered::Asked("`amount` is {\"currency\": \"CNY\", \"value\": \"10000\"}".to_owned());
    let currency = asked["currency"].as_str().and_then(CurrencyCode::parse).ok_or_else(wrong)?;
    let minor = asked["value"].as_str().and_then(|value| value.parse().ok()).ok_or_else(wrong)?;
    Amount::try_of(currency, minor)
        .map(Some)
        .map_err(|why| Unanswered::Asked(format!("`amount.value` {why}")))
}

fn history(wallet: &Wallet, customer: &str) -> Value {
    let row = |paid: &Paid| {
        json!({
            "paymentId": paid.payment_id,
            "merchant": paid.merchant,
            "amount": { "currency": paid.currency.as_str(), "value": paid.minor.to_string() },
            "refunded": { "currency": paid.currency.as_str(), "value": paid.refunded_minor.to_string() },
            "status": match paid.standing {
                Standing::Debited => "PAID",
                Standing::Declined(_) => "DECLINED",
                Standing::Cancelled => "CANCELLED",
            },
            "atMs": paid.at_ms.to_string(),
        })
    };
    json!({
        "customerId": customer,
        "balance": { "currency": wallet.currency().as_str(), "value": wallet.balance(customer).to_string() },
        "payments": wallet.history(customer).iter().map(row).collect::<Vec<_>>(),
    })
}

fn shown(answer: &impl serde::Serialize) -> Result<Value, Unanswered> {
    serde_json::to_value(answer).map_err(|error| Unanswered::Asked(error.to_string()))
}

fn said(status: StatusCode, answer: &Value) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(answer.to_string())).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
