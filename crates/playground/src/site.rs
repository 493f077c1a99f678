//! The page's small server: the page, its assets, what can be done on it, and the stream of what changes. Answers this
//! machine only, and nothing that another site's page sends.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use console::play::{self, Language, Mood, TroubleKind};
use hop::{Answer, Received, Service, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, HOST, ORIGIN};
use hyper::{HeaderMap, Method, StatusCode};
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use pages::ClientPages;
use pages::site::{header, html, is_ours, kept_to_itself, language_named, moved, query, typed};
use runtime::number;
use serde_json::{Map, Value};
use switch::PaymentId;

use crate::{NotDone, Playground, Trouble, phone, stream, till};

/// What the page may load: its own scripts, styles and pictures, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves a playground, and beside it the advice pages of one user.
pub struct PlaySite {
    /// The playground.
    pub playground: Arc<Playground>,
    /// The advice pages.
    pub advice: ClientPages,
}

impl Service for PlaySite {
    async fn answer(&self, received: Received) -> Answer {
        if !is_ours(&received.headers, None) {
            return guarded(plain(
                StatusCode::MISDIRECTED_REQUEST,
                "the playground answers on this machine only",
            ));
        }
        if ClientPages::serves(&received.path) {
            return self.advice.answer(&received).await;
        }
        let answer = match (&received.method, received.path.as_str()) {
            (&Method::GET, "/" | "/play/") => moved("/play"),
            (&Method::GET, "/play") => page(&self.playground, &received),
            (&Method::GET, "/play/events") => {
                stream::open(self.playground.clone(), language(&received), asked_payment(&received))
            }
            (&Method::GET, path) => asset(path).unwrap_or_else(|| message(&self.playground, path, &received)),
            (&Method::POST, path) => match path.strip_prefix("/play/do/") {
                Some(action) => act(&self.playground, action, &received).await,
                None => plain(StatusCode::NOT_FOUND, "there is no such action"),
            },
            _ => plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST only"),
        };
        guarded(answer)
    }
}

fn guarded(answer: Answer) -> Answer {
    kept_to_itself(answer, POLICY, "no-referrer")
}

fn page(playground: &Playground, received: &Received) -> Answer {
    let state = playground.state();
    let shown = asked_payment(received).or(state.lives.latest_ours).or_else(|| state.lives.newest());
    let scene = state.scene(shown);
    drop(state);
    html(StatusCode::OK, play::page(&scene, language(received)))
}

fn asset(path: &str) -> Option<Answer> {
    let (_, content_type, text) = play::assets().iter().find(|(name, _, _)| *name == path)?;
    Some(typed(StatusCode::OK, content_type, (*text).to_owned()))
}

fn message(playground: &Playground, path: &str, received: &Received) -> Answer {
    let state = playground.state();
    let directory = state.follower.engine().directory();
    let name =
        |client: &str| directory.member_by_client(client).map(|m| m.name.to_string()).unwrap_or_default();
    let id = path.strip_prefix("/play/message/").and_then(|id| id.parse().ok());
    match id.and_then(|id| state.hops.open(id, &name)) {
        Some(opened) => html(StatusCode::OK, play::message(&opened, language(received))),
        None => plain(StatusCode::NOT_FOUND, "there is nothing here, or it is no longer kept"),
    }
}

/// The language that was asked for by name, else the one the browser prefers.
fn language(received: &Received) -> Language {
    language_named(&received.headers, query(received, "lang"))
}

fn asked_payment(received: &Received) -> Option<PaymentId> {
    query(received, "payment").and_then(number::read_payment)
}

/// What was sent with an action.
struct Fields(Map<String, Value>);

impl Fields {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    fn phone(&self) -> Result<usize, NotDone> {
        let wallet = self.text("wallet");
        WALLETS.iter().position(|part| part.client_id == wallet).ok_or(NotDone::Unknown)
    }

    fn till(&self) -> Result<usize, NotDone> {
        let till = self.text("till");
        ACQUIRERS.iter().position(|part| part.client_id == till).ok_or(NotDone::Unknown)
    }
}

async fn act(playground: &Arc<Playground>, action: &str, received: &Received) -> Answer {
    if !is_own(&received.headers) {
        return refusal(StatusCode::FORBIDDEN, "another site's page asked for this");
    }
    let Ok(fields) = serde_json::from_slice(&received.body).map(Fields) else {
        return refusal(StatusCode::BAD_REQUEST, "the body is not a JSON object");
    };
    match carry_out(playground, action, &fields).await {
        Ok(()) => {
            let mut done = plain(StatusCode::NO_CONTENT, "");
            *done.body_mut() = Full::default().boxed_unsync();
            done
        }
        Err(NotDone::Outdated) => refusal(StatusCode::CONFLICT, "the screen has moved on since"),
        Err(NotDone::Unknown) => refusal(StatusCode::NOT_FOUND, "there is no such thing on this page"),
        Err(NotDone::Busy) => refusal(StatusCode::CONFLICT, "this is under way already"),
    }
}

/// JSON is what only our own page can send without being asked first; and it says where it comes from.
fn is_own(headers: &HeaderMap) -> bool {
    let json = header(headers, CONTENT_TYPE).starts_with("application/json");
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let from = |origin: &str| origin.split_once("://").is_some_and(|(_, from)| from == header(headers, HOST));
    json && origin.is_none_or(from)
}

fn refusal(status: StatusCode, why: &str) -> Answer {
    typed(status, "application/json", serde_json::json!({ "error": why }).to_string())
}

async fn carry_out(playground: &Arc<Playground>, action: &str, fields: &Fields) -> Result<(), NotDone> {
    match action {
        "phone/show-code" => playground.show_code(fields.phone()?).await,
        "phone/scan" => {
            playground.open_camera(fields.phone()?);
            Ok(())
        }
        "phone/home" => {
            playground.go_home(fields.phone()?);
            Ok(())
        }
        "phone/read" => {
            let code = code_to_read(playground, fields)?;
            playground.read_code(fields.phone()?, code).await;
            Ok(())
        }
        "phone/amount" => playground.give_amount(fields.phone()?, fields.text("amount")).await,
        "phone/pay" => playground.pay(fields.phone()?).await,
        "phone/refuse" => playground.refuse(fields.phone()?).await,
        "till/charge" => {
            let code = code_to_charge(playground, fields)?;
            playground.charge(fields.till()?, fields.text("amount"), code)
        }
        "till/show" => playground.show_order(fields.till()?, fields.text("amount")).await,
        "till/cancel" => playground.cancel_sale(fields.till()?).await,
        "till/home" => {
            playground.clear_till(fields.till()?);
            Ok(())
        }
        "till/refund" => {
            playground.refund_sale(fields.till()?, fields.text("payment"), fields.text("amount")).await
        }
        "break/mood" => {
            let mood = Mood::ALL.into_iter().find(|mood| mood.word() == fields.text("mood"));
            playground.set_mood(fields.phone()?, mood.ok_or(NotDone::Unknown)?);
            Ok(())
        }
        "break/provider" => {
            let provider = fields.text("provider");
            let number = PROVIDERS.iter().position(|part| part.client_id == provider);
            let on = matches!(fields.text("on"), "true" | "on");
            playground.provide(number.ok_or(NotDone::Unknown)?, on).await
        }
        "break/crash" => playground.crash().await,
        "break/crash-next" => {
            playground.arm_crash();
            Ok(())
        }
        _ => Err(NotDone::Unknown),
    }
}

/// What a phone's camera sees: a till's screen, a picture, or a text.
fn code_to_read(playground: &Playground, fields: &Fields) -> Result<Result<String, Trouble>, NotDone> {
    if fields.has("till") {
        let state = playground.state();
        return match &state.tills[fields.till()?].screen {
            till::Screen::Code { text, .. } => Ok(Ok(text.clone())),
            _ => Err(NotDone::Outdated),
        };
    }
    let none = |detail: String| Trouble { kind: TroubleKind::NoCode, detail };
    if fields.has("picture") {
        let picture = STANDARD.decode(fields.text("picture")).map_err(|error| none(error.to_string()));
        let codes = picture.and_then(|picture| (playground.optics.read)(&picture).map_err(none));
        return Ok(codes.and_then(|codes| codes.into_iter().next().ok_or_else(|| none(String::new()))));
    }
    Ok(Some(fields.text("text").trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| none(String::new())))
}

/// What a till's scanner sees: a phone's screen, or a text.
fn code_to_charge(playground: &Playground, fields: &Fields) -> Result<String, NotDone> {
    if fields.has("code") {
        return Ok(fields.text("code").trim().to_owned());
    }
    match &playground.state().phones[fields.phone()?].screen {
        phone::Screen::Code { text, .. } => Ok(text.clone()),
        _ => Err(NotDone::Outdated),
    }
}
