//! The operator's console: who is signed in, and which page is asked for. A form changes something only if it comes from
//! a page of ours.

mod cases;
mod house;
mod inside;
mod session;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};

use console::cases::{CASES, CONSOLE, SIGN_IN, sign_in};
use console::{Notice, Visit};
use hop::{Answer, Received, Service, now_ms, plain};
use hyper::{Method, StatusCode};

use crate::form::Form;
use crate::site;
use inside::{Told, ask};
use session::{Session, Sessions, WHOLE_MS};

/// The cookie that holds a session's number.
const COOKIE: &str = "sojourn-console";

/// Serves the console over whatever answers the operator API.
pub struct Office<S> {
    inside: Arc<S>,
    sessions: Mutex<Sessions>,
    /// Host by which a proxy in front of it is reached, which then speaks TLS.
    proxied: Option<String>,
    now_ms: fn() -> u64,
}

/// A request of somebody who is signed in.
struct Desk<'a, S> {
    office: &'a Office<S>,
    session: Session,
    received: &'a Received,
    visit: Visit,
}

impl<S: Service> Office<S> {
    /// A console over this API. `proxied` is the host under which a TLS proxy in front of it is reached, if there is one.
    pub fn new(inside: Arc<S>, proxied: Option<String>) -> Office<S> {
        Office { inside, sessions: Mutex::default(), proxied, now_ms }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().expect("nothing panics while it holds this lock")
    }

    async fn route(&self, received: &Received) -> Answer {
        let path = received.path.as_str();
        if received.method == Method::GET
            && let Some(asset) = site::asset(path)
        {
            return asset;
        }
        match (&received.method, path) {
            (&Method::GET, "/") => return site::moved(CASES),
            (&Method::GET, SIGN_IN) => return site::html(StatusCode::OK, sign_in(&visit(received, None))),
            (&Method::GET | &Method::POST, _) => {}
            _ => return plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST only"),
        }
        let form = match received.method {
            Method::POST if !site::is_own_form(&received.headers) => {
                return plain(StatusCode::FORBIDDEN, "another site's page asked for this");
            }
            Method::POST => match Form::read(received) {
                Ok(form) => Some(form),
                Err(why) => return plain(StatusCode::BAD_REQUEST, why),
            },
            _ => None,
        };
        if let (SIGN_IN, Some(form)) = (path, &form) {
            return self.sign_in(received, form).await;
        }
        let number = site::cookie(&received.headers, COOKIE).unwrap_or_default();
        let Some(session) = self.sessions().find(number, (self.now_ms)()) else {
            return site::moved(SIGN_IN);
        };
        if path == "/console/sign-out" && form.is_some() {
            self.sessions().end(number);
            let mut answer = site::moved(SIGN_IN);
            site::put_cookie(&mut answer, &self.cookie("", 0));
            return answer;
        }
        let visit = visit(received, Some(session.person.clone()));
        Desk { office: self, session, received, visit }.answer(form).await
    }

    async fn sign_in(&self, received: &Received, form: &Form) -> Answer {
        let now_ms = (self.now_ms)();
        let refused = |status, code: &str, sentence: &str| {
            let notice =
                Notice::Refused { code: code.into(), sentence: sentence.into(), remedy: String::new() };
            site::html(status, sign_in(&Visit { notice: Some(notice), ..visit(received, None) }))
        };
        if !self.sessions().may_try(now_ms) {
            let sentence = "Too many wrong tokens came; try again in a minute.";
            return refused(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", sentence);
        }
        let token = form.text("token");
        let told = ask(&*self.inside, token, "person", None).await;
        if told.status == StatusCode::UNAUTHORIZED {
            self.sessions().was_wrong(now_ms);
            tracing::info!("somebody tried to sign in to the console with a wrong token");
            return refused(StatusCode::UNAUTHORIZED, "ACCESS_DENIED", "This token opens nothing.");
        }
        if let Some((code, sentence, _)) = told.refusal() {
            return refused(told.status, &code, &sentence);
        }
        let person = told.body["name"].as_str().unwrap_or_default();
        let Some(number) = self.sessions().begin(person, token, now_ms) else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "the system gave no random bytes");
        };
        tracing::info!(person, "signed in to the console");
        let mut answer = site::moved(CASES);
        site::put_cookie(&mut answer, &self.cookie(&number, WHOLE_MS / 1_000));
        answer
    }

    /// Asks in the name of whoever's token came with a form. Wrong ones count like those of the sign-in.
    async fn ask_as_other(&self, token: &str, path: &str, body: &serde_json::Value) -> Told {
        let now_ms = (self.now_ms)();
        if !self.sessions().may_try(now_ms) {
            let sentence = "Too many wrong tokens came; try again in a minute.".to_owned();
            return Told { status: StatusCode::TOO_MANY_REQUESTS, body: serde_json::Value::String(sentence) };
        }
        let told = ask(&*self.inside, token, path, Some(body)).await;
        if told.status == StatusCode::UNAUTHORIZED {
            self.sessions().was_wrong(now_ms);
        }
        told
    }

    fn cookie(&self, number: &str, seconds: u64) -> String {
        let secure = if self.proxied.is_some() { "; Secure" } else { "" };
        format!("{COOKIE}={number}; Path={CONSOLE}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
    }
}

impl<S: Service> Service for Office<S> {
    async fn answer(&self, received: Received) -> Answer {
        if !site::is_ours(&received.headers, self.proxied.as_deref()) {
            let sentence = "the console answers under its own name only";
            return site::guarded(plain(StatusCode::MISDIRECTED_REQUEST, sentence));
        }
        let mut answer = self.route(&received).await;
        site::remember_language(&mut answer, &received);
        site::guarded(answer)
    }
}

impl<S: Service> Desk<'_, S> {
    /// The table of the console.
    async fn answer(self, form: Option<Form>) -> Answer {
        let Some(below) = self.received.path.strip_prefix(CONSOLE) else { return nowhere() };
        let parts: Vec<&str> = below.split('/').skip(1).collect();
        match form {
            None => self.look(&parts).await,
            Some(form) => self.change(&parts, &form).await,
        }
    }

    async fn look(mut self, parts: &[&str]) -> Answer {
        match parts {
            [] | [""] => site::moved(CASES),
            ["cases"] => self.queue().await,
            ["cases", number] => self.case(number, StatusCode::OK).await,
            ["payments", number] => self.payment(number).await,
            ["control"] => self.control(StatusCode::OK).await,
            ["advice", rest @ ..] => self.house_look(rest).await,
            _ => nowhere(),
        }
    }

    async fn change(mut self, parts: &[&str], form: &Form) -> Answer {
        match parts {
            ["cases", number, "claim"] => self.claim(number).await,
            ["cases", number, "ruling"] => self.rule(number, form).await,
            ["control", "stop"] => self.stop(form).await,
            ["control", "resume"] => self.resume(form).await,
            ["control", "changes", number, "confirm"] => self.confirm(number, form).await,
            ["control", "changes", number, "withdraw"] => self.withdraw(number).await,
            ["advice", rest @ ..] => self.house_change(rest, form).await,
            _ => nowhere(),
        }
    }

    /// Asks the API as the person who is signed in.
    async fn ask(&self, path: &str, body: Option<&serde_json::Value>) -> Told {
        ask(&*self.office.inside, &self.session.token, path, body).await
    }

    /// Puts what the API refused at the top of the page that follows; its status is the page's.
    fn note(&mut self, told: &Told) -> StatusCode {
        if let Some((code, sentence, remedy)) = told.refusal() {
            self.visit.notice = Some(Notice::Refused { code, sentence, remedy });
        }
        told.status
    }

    /// A look that failed: why, in the API's words.
    fn failed(&self, told: &Told) -> Answer {
        match told.status {
            StatusCode::UNAUTHORIZED => site::moved(SIGN_IN),
            status => {
                let (code, sentence, _) = told.refusal().unwrap_or_default();
                plain(status, &format!("{code}: {sentence}"))
            }
        }
    }
}

/// Where a form that was done leads: back to its page, which says so.
fn done(page: &str) -> Answer {
    site::moved(&format!("{page}?done=yes"))
}

fn visit(received: &Received, person: Option<String>) -> Visit {
    let notice = (site::query(received, "done") == Some("yes")).then_some(Notice::Done);
    Visit { language: site::language(received), path: received.path.clone(), person, notice }
}

fn nowhere() -> Answer {
    plain(StatusCode::NOT_FOUND, "there is no such page")
}
