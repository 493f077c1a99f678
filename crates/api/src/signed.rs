//! What every member's request goes through: who asks is proven, the body is parsed once, and whatever is said back is
//! signed in the scheme of the question.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use directory::{Directory, Member, Role};
use hop::{Answer, Received, plain};
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;
use runtime::Clock;
use serde::Serialize;
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::{self, Body};
use wire::header;

use crate::Api;

/// Callers that say nothing are taken to wait this long (Alipay+ recommends 8 s for writes).
const DEADLINE_DEFAULT: Duration = Duration::from_millis(8_000);
/// We answer this much before a caller gives up.
const MARGIN: Duration = Duration::from_millis(1_000);
/// No answer is held back for longer than this.
const ANSWER_MAX: Duration = Duration::from_millis(7_000);
/// A caller in a great hurry still gets an answer that could be made.
const ANSWER_MIN: Duration = Duration::from_millis(50);

/// Who asks, proven, and by when it wants an answer.
pub(crate) struct Caller {
    /// The member.
    pub(crate) member: Arc<Member>,
    /// The directory the request is read with.
    pub(crate) directory: Arc<Directory>,
    /// When the answer must leave.
    pub(crate) answer_by: Instant,
}

type Answering<'a, A> = Pin<Box<dyn Future<Output = Result<A, Outcome>> + Send + 'a>>;

/// One endpoint: who may call it, what it does, and how it says no.
pub(crate) struct Endpoint<R, A> {
    /// The only role that may call it; none for any member.
    pub(crate) role: Option<Role>,
    /// Does it.
    pub(crate) answer: for<'a> fn(&'a Api, &'a Caller, R) -> Answering<'a, A>,
    /// An answer with nothing but a result.
    pub(crate) refused: fn(Outcome) -> A,
}

/// Answers one signed request.
pub(crate) async fn signed<R: Body, A: Serialize>(
    api: &Api,
    received: Received,
    endpoint: Endpoint<R, A>,
) -> Answer {
    let begun = Instant::now();
    let directory = api.gate.directory();
    let now = Clock.now();
    let admitted = api.door.admit(&received, |client_id, scheme, version| {
        api.keys.of_client(&directory, client_id, scheme, version, now)
    });
    let verified = match admitted {
        Ok(verified) => verified,
        Err(refused) => {
            return match refused.exchange {
                None => plain(StatusCode::UNAUTHORIZED, &refused.refused.to_string()),
                Some(exchange) => {
                    let outcome = Outcome::from(&refused.refused);
                    api.door.answer(&exchange, body::write(&(endpoint.refused)(outcome)))
                }
            };
        }
    };
    let Some(member) = directory.member_by_client(verified.client_id.as_str()).cloned() else {
        return plain(StatusCode::UNAUTHORIZED, "the member is not registered");
    };
    let caller = Caller { member, directory, answer_by: begun + patience(&received) };
    let answer = match read(&received, &caller, endpoint.role) {
        Ok(request) => (endpoint.answer)(api, &caller, request).await,
        Err(outcome) => Err(outcome),
    };
    let answer = answer.unwrap_or_else(endpoint.refused);
    api.door.answer(&verified.exchange, body::write(&answer))
}

fn read<R: Body>(received: &Received, caller: &Caller, role: Option<Role>) -> Result<R, Outcome> {
    let content_type = received.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(header::is_json) {
        return Err(Outcome::of(ResultCode::MediaTypeNotAcceptable));
    }
    if role.is_some_and(|role| role != caller.member.role) {
        return Err(Outcome::because(
            ResultCode::AccessDenied,
            "This endpoint is not for members of this role.",
        ));
    }
    body::parse(&received.body).map_err(|malformed| Outcome::from(&malformed))
}

/// How long the answer may take: less than the caller waits, so that it arrives.
fn patience(received: &Received) -> Duration {
    let asked = received.headers.get(header::DEADLINE_MS).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(header::parse_deadline_ms).map(|ms| Duration::from_millis(u64::from(ms)));
    asked.unwrap_or(DEADLINE_DEFAULT).saturating_sub(MARGIN).clamp(ANSWER_MIN, ANSWER_MAX)
}

/// The network is too busy, or is stopping.
pub(crate) fn busy(_: runtime::Busy) -> Outcome {
    Outcome::of(ResultCode::RequestTrafficExceedLimit)
}
