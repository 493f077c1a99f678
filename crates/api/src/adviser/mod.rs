//! The advisory service over HTTP: members' calls are signed like every other, the house's carry a person's or the
//! operator's bearer token. Finds the verb, reads the JSON, and says a refusal as problem details. Decides nothing.

mod problem;
mod surface;

use std::time::Instant;

use advice::{Code, Json, Refusal};
use adviser::{Access, Call, Verb, Who};
use bytes::Bytes;
use directory::{Role, Standing};
use hop::{Answer, Received, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Method, Response, StatusCode};
use runtime::{Clock, Desk};
use wire::header;

use crate::Api;
use crate::operator::ONLY_PERSON;

use problem::{body_of, status_of};
use surface::{HOUSE, MEMBERS, Route, find};

/// What every path of the service begins with.
pub(crate) const ADVICE_PREFIX: &str = "/advice/";
/// What the house's paths begin with, behind the operator's prefix.
pub(crate) const HOUSE_PREFIX: &str = "advice/";

/// The way to the adviser.
pub struct AdviserDoor {
    desk: Desk,
}

impl AdviserDoor {
    /// A door to this desk.
    pub fn new(desk: Desk) -> AdviserDoor {
        AdviserDoor { desk }
    }
}

/// A member's call.
pub(crate) async fn member(api: &Api, received: Received) -> Answer {
    let Some(door) = &api.adviser else { return plain(StatusCode::NOT_FOUND, "there is no such path") };
    let directory = api.gate.directory();
    let now = Clock.now();
    let admitted = api.door.admit(&received, |client_id, scheme, version| {
        api.keys.of_client(&directory, client_id, scheme, version, now)
    });
    let verified = match admitted {
        Ok(verified) => verified,
        Err(refused) => {
            let sentence = refused.refused.to_string();
            return match refused.exchange {
                None => plain(StatusCode::UNAUTHORIZED, &sentence),
                Some(exchange) => {
                    let told = problem::unsigned(&sentence).canonical().into_bytes();
                    api.door.answer_with(&exchange, StatusCode::UNAUTHORIZED, told)
                }
            };
        }
    };
    let client_id = verified.client_id.as_str();
    let permitted = directory.member_by_client(client_id).ok_or("the member is not registered");
    let permitted = permitted.and_then(|member| match (member.role, member.standing) {
        (Role::Wallet, Standing::Active) => Ok(()),
        (Role::Wallet, Standing::Suspended) => Err("the member is suspended"),
        _ => Err("advice is for wallets' users"),
    });
    let path = received.path.strip_prefix(ADVICE_PREFIX).unwrap_or_default();
    let (status, body) = match permitted {
        Err(sentence) => (StatusCode::FORBIDDEN, problem::forbidden(sentence)),
        Ok(()) => match call(MEMBERS, &received, path, Who::Member(client_id.to_owned())) {
            Ok(call) => told(door, call).await,
            Err(refused) => refused,
        },
    };
    api.door.answer_with(&verified.exchange, status, body.canonical().into_bytes())
}

/// The house's call.
pub(crate) async fn house(api: &Api, received: &Received, path: &str) -> Answer {
    let Some(door) = &api.adviser else { return plain(StatusCode::NOT_FOUND, "there is no such path") };
    let who = match api.operator.admits(&received.headers) {
        // A token that stands alone names nobody: what takes a person is not for it.
        Some(name) if *name == *ONLY_PERSON => Who::Operator,
        Some(name) => Who::Person(name.as_ref().to_owned()),
        None => {
            let mut answer = plain(StatusCode::UNAUTHORIZED, "the bearer token is missing or wrong");
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return answer;
        }
    };
    let (status, body) = match call(HOUSE, received, path, who) {
        Ok(call) => told(door, call).await,
        Err(refused) => refused,
    };
    let mut answer = Response::new(Full::new(Bytes::from(body.canonical())).boxed_unsync());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(header::JSON));
    answer
}

async fn told(door: &AdviserDoor, call: Call) -> (StatusCode, Json) {
    let begun = Instant::now();
    let verb = call.verb;
    let told = match door.desk.ask(call).await {
        Err(busy) => (StatusCode::SERVICE_UNAVAILABLE, problem::busy(&busy.to_string())),
        Ok(Ok(answer)) => (StatusCode::OK, answer),
        Ok(Err(refusal)) => {
            let status = status_of(refusal.code);
            (status, body_of(status, &refusal))
        }
    };
    tracing::debug!(
        verb = verb.name(),
        status = told.0.as_u16(),
        micros = begun.elapsed().as_micros(),
        "advice"
    );
    told
}

/// The call that a request is, or why it is none.
fn call(table: &[Route], received: &Received, path: &str, who: Who) -> Result<Call, (StatusCode, Json)> {
    let refused = |refusal: Refusal| {
        let status = status_of(refusal.code);
        (status, body_of(status, &refusal))
    };
    let found = find(table, &received.method, path).map_err(|allowed| match allowed {
        None => (StatusCode::NOT_FOUND, problem::nowhere("There is no such path.")),
        Some(allowed) => {
            let sentence = format!("This path takes {allowed}.");
            (StatusCode::METHOD_NOT_ALLOWED, problem::nowhere(&sentence))
        }
    })?;
    let (verb, names) = found;
    let body = if received.method == Method::GET || received.method == Method::DELETE {
        asked_by_query(received).map_err(refused)?
    } else {
        asked_by_body(received).map_err(refused)?
    };
    refuse_other_key(verb, received, &body).map_err(refused)?;
    Ok(Call { who, verb, names, body })
}

fn asked_by_body(received: &Received) -> Result<Json, Refusal> {
    let content_type = received.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(header::is_json) {
        return Err(Refusal::new(Code::MalformedTable, "content-type", "The body is JSON in UTF-8."));
    }
    let text = std::str::from_utf8(&received.body)
        .map_err(|_| Refusal::new(Code::MalformedTable, "body", "The body is not UTF-8."))?;
    Json::parse(text)
}

/// The query as an object of texts.
fn asked_by_query(received: &Received) -> Result<Json, Refusal> {
    let malformed = |what: &str| Refusal::new(Code::MalformedTable, "query", what);
    let mut members = std::collections::BTreeMap::new();
    let query = received.query.as_deref().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let parts = crate::operator::decoded(key).zip(crate::operator::decoded(value));
        let (key, value) = parts.ok_or_else(|| malformed("The query is not percent-encoded UTF-8."))?;
        if members.insert(key, Json::Text(value)).is_some() {
            return Err(malformed("The query names something twice."));
        }
    }
    Ok(Json::Object(members))
}

/// The key in the body counts, because every signature covers the body; a header may repeat it and not contradict it.
fn refuse_other_key(verb: Verb, received: &Received, body: &Json) -> Result<(), Refusal> {
    let changes = matches!(verb.access(), Access::MemberChange | Access::HouseChange);
    let given = received.headers.get(header::IDEMPOTENCY_KEY).map(|value| value.to_str().unwrap_or_default());
    match (changes, given, body.member("request_id").and_then(Json::as_text)) {
        (true, Some(given), Some(asked)) if given.trim_matches('"') != asked => {
            let message = "The idempotency-key field and request_id differ.";
            Err(Refusal::new(Code::MalformedTable, "request_id", message))
        }
        _ => Ok(()),
    }
}
