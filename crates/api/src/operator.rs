//! The operator's API: who takes part, on what terms, with what funds. A bearer token opens it; every change is
//! journaled like a payment.

mod change;
mod deliveries;
mod evidence;
mod names;
mod proven;
mod risk;
pub(crate) mod screening;
mod verdict;
mod view;

use std::sync::Arc;

use bytes::Bytes;
use engine::{Engine, Input, Reply, delivery};
use hop::{Answer, Received, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{HeaderMap, Method, Response, StatusCode};
use ring::digest::{SHA256, digest};
use runtime::wording;
use serde::Serialize;
use wire::body;
use wire::body::amount::Count;
use wire::body::operator::{ChangeAnswer, PersonAnswer};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::Text;

use crate::Api;
use crate::routes::wrong_method;

pub use proven::ReceivablesChain;

/// The bearer tokens of the operator's people, kept as hashes: comparing hashes tells nothing about a token by its timing.
#[derive(Clone)]
pub struct OperatorToken(Vec<(Arc<str>, [u8; 32])>);

/// Longest change to risk control that is taken: a model has some hundred thousand bytes.
pub(crate) const CHANGE_BYTES_MAX: usize = 4 << 20;
/// Longest sanctions list that is taken over HTTP.
pub(crate) const LIST_BYTES_MAX: usize = 32 << 20;

/// What the person is called whose line has a token alone.
pub(crate) const ONLY_PERSON: &str = "operator";

impl OperatorToken {
    /// Tokens from their text, one person a line: a name, a blank and the token, or a token alone. What takes two
    /// persons takes two names.
    pub fn new(text: &str) -> OperatorToken {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let person = |line: &str| match line.split_once(char::is_whitespace) {
            Some((name, token)) => (Arc::from(name), hash(token.trim())),
            None => (Arc::from(ONLY_PERSON), hash(line)),
        };
        OperatorToken(lines.map(person).collect())
    }

    /// Whose token this is, if it is one.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> Option<Arc<str>> {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = hash(given.and_then(|value| value.strip_prefix("Bearer "))?);
        self.0.iter().find(|(_, token)| *token == given).map(|(name, _)| name.clone())
    }
}

fn hash(text: &str) -> [u8; 32] {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Why an operator's request is not done, with the HTTP status that goes with it.
pub(crate) struct Refused {
    status: StatusCode,
    outcome: Outcome,
}

impl Refused {
    pub(crate) fn not_found(what: &str) -> Refused {
        Refused { status: StatusCode::NOT_FOUND, outcome: Outcome::because(ResultCode::ParamIllegal, what) }
    }

    pub(crate) fn conflict(outcome: Outcome) -> Refused {
        Refused { status: StatusCode::CONFLICT, outcome }
    }

    pub(crate) fn malformed(outcome: Outcome) -> Refused {
        Refused { status: StatusCode::BAD_REQUEST, outcome }
    }
}

pub(crate) async fn answer(api: &Api, received: Received, path: &str) -> Answer {
    let Some(by) = api.operator.admits(&received.headers) else {
        let mut answer = plain(StatusCode::UNAUTHORIZED, "the operator's bearer token is missing or wrong");
        answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return answer;
    };
    let parts: Vec<String> = match path.split('/').map(decoded).collect() {
        Some(parts) => parts,
        None => return plain(StatusCode::BAD_REQUEST, "the path is not percent-encoded UTF-8"),
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if received.method == Method::GET {
        return match parts.as_slice() {
            ["person"] => {
                let mut person = PersonAnswer::new(Outcome::success());
                person.name = Some(Text::cut(&by));
                json(StatusCode::OK, &person)
            }
            ["members"] => json(StatusCode::OK, &view::members(&api.gate.directory())),
            ["members", client_id, "merchants"] => {
                json(StatusCode::OK, &view::merchants(&api.gate.directory(), client_id))
            }
            ["corridors"] => json(StatusCode::OK, &view::corridors(&api.gate.directory())),
            ["positions"] => match api.gate.ask(view::positions).await {
                Ok(positions) => json(StatusCode::OK, &positions),
                Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
            },
            ["payments", number] => payment(api, number).await,
            ["deliveries"] => match api.gate.ask(deliveries::open).await {
                Ok(open) => json(StatusCode::OK, &open),
                Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
            },
            ["risk"] => asked(api, |engine| Some(verdict::control(engine))).await,
            ["risk", "lists"] => asked(api, |engine| Some(screening::lists(engine))).await,
            ["risk", "parties", subject] => {
                let subject = (*subject).to_owned();
                asked(api, move |engine| screening::party(engine, &subject)).await
            }
            ["risk", "cases"] => asked(api, |engine| Some(verdict::cases(engine))).await,
            ["risk", "cases", number] => match number.parse() {
                Ok(number) => asked(api, move |engine| verdict::case(engine, number)).await,
                Err(_) => plain(StatusCode::NOT_FOUND, "that is no case's number"),
            },
            ["risk", "payments", number] => match runtime::number::read_payment(number) {
                Some(id) => asked(api, move |engine| verdict::of_payment(engine, id)).await,
                None => plain(StatusCode::NOT_FOUND, "that is no payment's number"),
            },
            _ => plain(StatusCode::NOT_FOUND, "there is no such path"),
        };
    }
    if received.method != Method::POST {
        return wrong_method("GET, POST", "GET to look, POST to change");
    }
    if let ["risk", "lists", name] = parts.as_slice() {
        return match screening::publish(api, name, &received.body).await {
            Ok(reply) => replied(reply),
            Err(refused) => json(refused.status, &ChangeAnswer::new(refused.outcome)),
        };
    }
    let read = match parts.as_slice() {
        ["code-rules"] => change::code_rules(api, &received.body),
        ["risk", rest @ ..] => risk::read(&by, rest, &received.body),
        ["deliveries", rest @ ..] => deliveries::read(api, rest, &received.body).await,
        _ => change::read(&api.gate.directory(), &parts, &received.body),
    };
    match read {
        Ok(input) => submit(api, input).await,
        Err(refused) => json(refused.status, &ChangeAnswer::new(refused.outcome)),
    }
}

async fn payment(api: &Api, number: &str) -> Answer {
    let Some(id) = runtime::number::read_payment(number) else {
        return plain(StatusCode::NOT_FOUND, "that is no payment's number");
    };
    match api.gate.ask(move |engine| view::payment(engine, id)).await {
        Ok(Some(payment)) => json(StatusCode::OK, &payment),
        Ok(None) => plain(StatusCode::NOT_FOUND, "there is no such payment"),
        Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
    }
}

/// Answers a question about risk control from the engine's state.
async fn asked<T: Serialize + Send + 'static>(
    api: &Api,
    question: impl FnOnce(&Engine) -> Option<T> + Send + 'static,
) -> Answer {
    match api.gate.ask(question).await {
        Ok(Some(answer)) => json(StatusCode::OK, &answer),
        Ok(None) => plain(StatusCode::NOT_FOUND, "there is no such payment or case"),
        Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
    }
}

async fn submit(api: &Api, input: Input) -> Answer {
    match api.gate.submit(input).await {
        Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
        Ok(reply) => replied(reply),
    }
}

/// What the engine's reply is to an operator.
fn replied(reply: Reply) -> Answer {
    let refused = |sentence: &str| {
        json(StatusCode::CONFLICT, &ChangeAnswer::new(Outcome::because(ResultCode::ProcessFail, sentence)))
    };
    match reply {
        Reply::Changed | Reply::Done => json(StatusCode::OK, &ChangeAnswer::new(Outcome::success())),
        Reply::Risk(proposal) => {
            let mut answer = ChangeAnswer::new(Outcome::success());
            answer.proposal_number = proposal.and_then(Count::try_new);
            json(StatusCode::OK, &answer)
        }
        Reply::ChangeRefused(refusal) => refused(refusal.sentence()),
        Reply::FundingRefused(refusal) => refused(refusal.sentence()),
        Reply::RiskRefused(refusal) => refused(&format!("{refusal}.")),
        Reply::Delivery(_) | Reply::Offer(_) => json(StatusCode::OK, &ChangeAnswer::new(Outcome::success())),
        // Not known yet, perhaps: whoever brings the chain's word brings it again.
        Reply::DeliveryRefused(delivery::Refusal::Unknown) => {
            let sentence = "No delivery is known by this yet.";
            let outcome = Outcome::because(ResultCode::OrderNotExist, sentence);
            json(StatusCode::NOT_FOUND, &ChangeAnswer::new(outcome))
        }
        Reply::DeliveryRefused(refusal @ delivery::Refusal::RepeatInconsistent) => {
            let outcome = Outcome::because(ResultCode::RepeatReqInconsistent, &sentence(refusal));
            json(StatusCode::CONFLICT, &ChangeAnswer::new(outcome))
        }
        Reply::DeliveryRefused(refusal) => refused(&sentence(refusal)),
        Reply::Refused(refusal) => json(StatusCode::CONFLICT, &ChangeAnswer::new(wording::refusal(refusal))),
        Reply::Payment(_) | Reply::Refund(..) | Reply::Codes(..) => {
            plain(StatusCode::INTERNAL_SERVER_ERROR, "the engine answered something else")
        }
    }
}

/// A refusal of deliveries as a sentence.
pub(crate) fn sentence(refusal: delivery::Refusal) -> String {
    let mut sentence = format!("{}.", refusal.sentence());
    sentence[..1].make_ascii_uppercase();
    sentence
}

fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body::write(body))).boxed_unsync());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(wire::header::JSON));
    answer
}

/// A part of a path without its percent encoding (RFC 3986 section 2.1).
pub(crate) fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'%' => {
                let digits = std::str::from_utf8(after.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &after[2..];
            }
            byte => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
