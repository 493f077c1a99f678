//! What a message says that was overheard: of which payment, what result, from whom. Believes nothing of it.

use console::play::MessageKind;
use hop::{Half, Overheard};
use serde::Deserialize;

/// What bodies are searched for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Body {
    pub(super) payment_id: Option<String>,
    pub(super) payment_request_id: Option<String>,
    pub(super) result: Option<ResultWords>,
    pub(super) payment_result: Option<ResultWords>,
    pub(super) payment_codes: Option<Vec<Code>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultWords {
    pub(super) result_code: String,
    pub(super) result_status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Code {
    pub(super) payment_code: String,
}

pub(super) fn read(body: &[u8]) -> Body {
    serde_json::from_slice(body).unwrap_or_default()
}

pub(super) fn body_of(heard: &Overheard) -> Body {
    match &heard.half {
        Half::Request { body, .. } | Half::Answer { body, .. } => read(body),
        Half::NoAnswer { .. } => Body::default(),
    }
}

pub(super) fn kind_of(half: &Overheard, body: &Body) -> MessageKind {
    match &half.half {
        Half::Request { .. } => MessageKind::Request,
        Half::Answer { .. } => {
            let said = body.payment_result.as_ref().or(body.result.as_ref());
            MessageKind::Answer {
                result: said.map(|said| said.result_code.clone()).unwrap_or_default(),
                status: said.map(|said| said.result_status.clone()).unwrap_or_default(),
            }
        }
        Half::NoAnswer { why } => MessageKind::NoAnswer { why: why.clone() },
    }
}

/// What this tells an acquirer of its payment: result code and status. A notice tells in its request, the rest in
/// answers.
pub(super) fn told(half: &Overheard, body: &Body) -> Option<(String, String)> {
    let said = match &half.half {
        Half::NoAnswer { .. } => None,
        _ => body.payment_result.as_ref().or(body.result.as_ref()),
    };
    said.map(|said| (said.result_code.clone(), said.result_status.clone()))
}

pub(super) fn request_key(client: &str, id: &str) -> String {
    format!("request {client} {id}")
}

/// The last sixteen of a payment code's digits are its own.
pub(super) fn code_key(digits: &str) -> String {
    let own = digits.len().saturating_sub(16);
    format!("code {}", digits.get(own..).unwrap_or_default())
}

/// Who says to have sent a request.
pub(super) fn sender(headers: &[(String, String)]) -> Option<String> {
    let field = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v);
    if let Some(input) = field("signature-input") {
        let (_, rest) = input.split_once("keyid=\"")?;
        return Some(rest.split(['/', '"']).next()?.to_owned());
    }
    field("client-id").cloned()
}
