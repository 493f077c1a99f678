//! A client's advice pages: which page or form is which call of the advisory service, over the wallet's signed line.
//! Whose pages they are is settled by whoever serves them; no key and no token is ever on a page.

mod goal;
mod person;
mod proposal;
mod records;

use console::advice::{ADVICE, Client};
use console::{Notice, Visit};
use hop::{Answer, Received, plain};
use hyper::{Method, StatusCode};
use members::Line;
use money::Currency;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};

use crate::form::Form;
use crate::site;

/// The pages of one user of a wallet.
pub struct ClientPages {
    /// The wallet's signed line to the network.
    pub line: Line,
    /// The wallet's name for people.
    pub wallet: String,
    /// The user, as the wallet names it.
    pub user: String,
    /// Where the user is at home (ISO 3166-1 alpha-2).
    pub country: String,
    /// What the wallet's users hold.
    pub currency: Currency,
}

/// An answer of the service.
#[derive(Clone, Debug)]
struct Told {
    status: u16,
    body: Value,
}

impl Told {
    fn is_done(&self) -> bool {
        self.status == 200
    }

    /// What was answered, nothing if it was refused.
    fn done(self) -> Value {
        if self.is_done() { self.body } else { Value::Null }
    }

    /// The problem's code, empty if there is none.
    fn code(&self) -> &str {
        if self.is_done() { "" } else { self.body["code"].as_str().unwrap_or_default() }
    }

    fn notice(&self) -> Option<Notice> {
        let text = |key: &str| self.body[key].as_str().unwrap_or_default().to_owned();
        let refused =
            || Notice::Refused { code: text("code"), sentence: text("detail"), remedy: text("remedy") };
        (!self.is_done()).then(refused)
    }

    fn page_status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY)
    }
}

/// A visit of the user's.
struct Call<'a> {
    pages: &'a ClientPages,
    received: &'a Received,
    client: Client,
}

impl ClientPages {
    /// Whether a path is one of these pages'.
    pub fn serves(path: &str) -> bool {
        path == ADVICE
            || path.strip_prefix(ADVICE).is_some_and(|rest| rest.starts_with('/'))
            || path == "/pages.css"
    }

    /// Answers a request for one of these pages. Who may connect at all is settled before.
    pub async fn answer(&self, received: &Received) -> Answer {
        let mut answer = self.route(received).await;
        site::remember_language(&mut answer, received);
        site::guarded(answer)
    }

    async fn route(&self, received: &Received) -> Answer {
        if let Some(asset) = site::asset(&received.path) {
            return asset;
        }
        let form = match received.method {
            Method::GET => None,
            Method::POST if !site::is_own_form(&received.headers) => {
                return plain(StatusCode::FORBIDDEN, "another site's page asked for this");
            }
            Method::POST => match Form::read(received) {
                Ok(form) => Some(form),
                Err(why) => return plain(StatusCode::BAD_REQUEST, why),
            },
            _ => return plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST only"),
        };
        let notice = (site::query(received, "done") == Some("yes")).then_some(Notice::Done);
        let language = site::language(received);
        let visit = Visit { language, path: received.path.clone(), person: None, notice };
        let client = Client { visit, wallet: self.wallet.clone(), currency: self.currency };
        let call = Call { pages: self, received, client };
        let below = received.path.strip_prefix(ADVICE).unwrap_or_default();
        let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        match &form {
            None => call.look(&parts).await,
            Some(form) => call.change(&parts, form).await,
        }
    }
}

impl Call<'_> {
    async fn look(mut self, parts: &[&str]) -> Answer {
        match parts {
            [] => self.start().await,
            ["profile"] => self.profile().await,
            ["questionnaire"] => self.questions().await,
            ["models"] => self.models().await,
            ["documents"] => self.documents(None).await,
            ["export"] => self.export().await,
            ["goals", id] => self.goal(id, None).await,
            ["goals", id, "portfolio"] => self.portfolio(id, None).await,
            ["goals", id, "performance"] => self.performance(id).await,
            ["proposals", id] => self.proposal(id, None).await,
            _ => plain(StatusCode::NOT_FOUND, "there is no such page"),
        }
    }

    async fn change(mut self, parts: &[&str], form: &Form) -> Answer {
        match parts {
            ["questionnaire"] => self.assess(form).await,
            ["complaints"] => self.complain(form).await,
            ["goals"] => self.set_goal(form).await,
            ["goals", id] => self.change_goal(id, form).await,
            ["goals", id, "proposals"] => self.propose(id, form).await,
            ["goals", id, "fills"] => self.carry_out(id).await,
            ["proposals", id, "mandate"] => self.sign(id, form).await,
            ["proposals", id, "accept"] => self.accept(id, form).await,
            ["proposals", id, "decline"] => self.decline(id, form).await,
            ["proposals", id, "replay"] => self.replay(id).await,
            _ => plain(StatusCode::NOT_FOUND, "there is no such form"),
        }
    }

    /// Looks something up.
    async fn ask(&self, path: &str) -> Told {
        self.call(Method::GET, path, None).await
    }

    /// Changes something, under a request id of its own.
    async fn tell(&self, method: Method, path: &str, mut body: Value) -> Told {
        let mut bytes = [0; 16];
        if SystemRandom::new().fill(&mut bytes).is_err() {
            return no_answer("the system gave no random bytes");
        }
        body["request_id"] = json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        self.call(method, path, Some(&body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Told {
        match self.pages.line.advise(method, path, body).await {
            Ok((status, body)) => Told { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) },
            Err(failed) => no_answer(&failed.to_string()),
        }
    }

    /// Everything the user has; nothing for somebody who is new.
    async fn user(&self) -> Told {
        let told = self.ask(&format!("users/{}", site::encoded(&self.pages.user))).await;
        if told.code() == "NOT_KNOWN" { Told { status: 200, body: Value::Null } } else { told }
    }

    /// Puts what was refused at the top of the page that follows, unless something stands there already.
    fn note(&mut self, told: &Told) {
        if self.client.visit.notice.is_none() || !told.is_done() {
            self.client.visit.notice = told.notice().or(self.client.visit.notice.take());
        }
    }

    /// What these pages refuse by themselves, by its code in the catalogue of refusals.
    fn refuse(&mut self, code: &str) {
        let (code, sentence, remedy) = (code.to_owned(), String::new(), String::new());
        self.client.visit.notice = Some(Notice::Refused { code, sentence, remedy });
    }

    /// An amount as people type it, in minor units: `1234.50`, with at most the currency's decimals.
    fn minor(&self, text: &str) -> Option<i64> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let decimals = usize::from(self.pages.currency.exponent());
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || part.len() > decimals || !digits(whole) || !digits(part) {
            return None;
        }
        format!("{whole}{part:0<decimals$}").parse().ok()
    }
}

fn no_answer(why: &str) -> Told {
    Told { status: 503, body: json!({ "code": "NO_ANSWER", "detail": why }) }
}

fn done(page: &str) -> Answer {
    site::moved(&format!("{page}?done=yes"))
}
