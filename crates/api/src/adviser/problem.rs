//! A refusal as problem details (RFC 9457): the status that goes with its code, and its fields as extensions.

use advice::{Code, Json, Refusal};
use hyper::StatusCode;

/// The status of a code.
pub(super) fn status_of(code: Code) -> StatusCode {
    match code {
        Code::MalformedTable | Code::AnswerUnknown => StatusCode::BAD_REQUEST,
        Code::NotKnown => StatusCode::NOT_FOUND,
        Code::IdempotencyConflict | Code::InputsChanged => StatusCode::CONFLICT,
        Code::JurisdictionNotServed => StatusCode::FORBIDDEN,
        Code::ProfileAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::KillSwitch => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The body of a refusal.
pub(super) fn body_of(status: StatusCode, refusal: &Refusal) -> Json {
    let Json::Object(mut members) = refusal.to_json() else { return Json::Null };
    members.insert("type".into(), Json::text(format!("urn:sojourn:advice:{}", refusal.code.name())));
    members.insert("title".into(), Json::text(refusal.code.name()));
    members.insert("status".into(), Json::Whole(i64::from(status.as_u16())));
    members.insert("detail".into(), Json::text(&refusal.message));
    Json::Object(members)
}

pub(super) fn unsigned(sentence: &str) -> Json {
    plain(StatusCode::UNAUTHORIZED, "SIGNATURE_REFUSED", sentence)
}

pub(super) fn forbidden(sentence: &str) -> Json {
    plain(StatusCode::FORBIDDEN, "ACCESS_DENIED", sentence)
}

pub(super) fn busy(sentence: &str) -> Json {
    plain(StatusCode::SERVICE_UNAVAILABLE, "BUSY", sentence)
}

pub(super) fn nowhere(sentence: &str) -> Json {
    plain(StatusCode::NOT_FOUND, "NO_SUCH_PATH", sentence)
}

/// A problem that is not the adviser's.
fn plain(status: StatusCode, code: &str, sentence: &str) -> Json {
    Json::object([
        ("type", Json::text("about:blank")),
        ("title", Json::text(code)),
        ("status", Json::Whole(i64::from(status.as_u16()))),
        ("detail", Json::text(sentence)),
        ("code", Json::text(code)),
    ])
}
