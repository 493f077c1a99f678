//! Who the client is: start, questionnaire, profile, models, complaints.

use std::collections::BTreeMap;

use console::advice::{ADVICE, Form as Questions, PROFILE, models, profile, questionnaire, start};
use hop::Answer;
use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{Call, Told, done};
use crate::form::Form;
use crate::site::{encoded, html, query};

/// The amount that losses are shown on before the client names one, in major units.
const OWN_AMOUNT: &str = "100000";

impl Call<'_> {
    pub(super) async fn start(&mut self) -> Answer {
        let told = self.user().await;
        self.note(&told);
        let status = told.page_status();
        let user = told.done();
        let mut projections = Vec::new();
        for goal in user["goals"].as_array().into_iter().flatten() {
            let id = goal["id"].as_str().unwrap_or_default();
            let projection = self.ask(&format!("goals/{}/projection", encoded(id))).await;
            if projection.is_done() {
                projections.push((id.to_owned(), projection.body));
            }
        }
        html(status, start(&self.client, &user, &projections))
    }

    pub(super) async fn profile(&mut self) -> Answer {
        let told = self.user().await;
        self.note(&told);
        let status = told.page_status();
        html(status, profile(&self.client, &told.done()["profile"]))
    }

    pub(super) async fn models(&mut self) -> Answer {
        let told = self.ask(&format!("models?user={}", encoded(&self.pages.user))).await;
        self.note(&told);
        let status = told.page_status();
        html(status, models(&self.client, &told.done()))
    }

    pub(super) async fn questions(&mut self) -> Answer {
        let amount = query(self.received, "amount").unwrap_or(OWN_AMOUNT);
        let form = Questions {
            amount_minor: self.minor(amount).or_else(|| self.minor(OWN_AMOUNT)).unwrap_or(0),
            ..Questions::default()
        };
        self.show_questions(&form, StatusCode::OK).await
    }

    async fn show_questions(&mut self, form: &Questions, status: StatusCode) -> Answer {
        let told = self.ask("questionnaire").await;
        self.note(&told);
        let status = if told.is_done() { status } else { told.page_status() };
        html(status, questionnaire(&self.client, form, &told.done()))
    }

    pub(super) async fn assess(&mut self, form: &Form) -> Answer {
        let chosen: BTreeMap<String, usize> = form
            .fields()
            .filter_map(|(name, value)| Some((name.strip_prefix("answer-")?.to_owned(), value.parse().ok()?)))
            .collect();
        let answers: Map<String, Value> =
            chosen.iter().map(|(question, option)| (question.clone(), json!(option))).collect();
        let body = json!({
            "user": self.pages.user,
            "jurisdiction": self.pages.country,
            "age_years": form.text("age").parse::<i64>().unwrap_or(-1),
            "full_capacity": form.text("capacity") == "yes",
            "questionnaire": form.text("questionnaire"),
            "answers": answers,
        });
        let told = self.tell(Method::POST, "profiles", body).await;
        if told.is_done() {
            return done(PROFILE);
        }
        self.note(&told);
        let amount_minor = self.minor(form.text("amount")).unwrap_or(0);
        let form = Questions { amount_minor, age: form.text("age").to_owned(), chosen };
        self.show_questions(&form, told.page_status()).await
    }

    pub(super) async fn complain(&mut self, form: &Form) -> Answer {
        let body = json!({ "user": self.pages.user, "about": form.text("about"), "text": form.text("text") });
        let told: Told = self.tell(Method::POST, "complaints", body).await;
        if told.is_done() {
            return done(PROFILE);
        }
        self.note(&told);
        self.profile().await
    }

    pub(super) async fn set_goal(&mut self, form: &Form) -> Answer {
        let amounts = self.minor(form.text("target")).zip(self.minor(form.text("monthly")));
        let Some((target, monthly)) = amounts else {
            self.refuse("AMOUNT");
            return self.start().await;
        };
        let body = json!({
            "user": self.pages.user, "kind": form.text("kind"), "name": form.text("name"),
            "until": form.text("until"), "target_minor": target, "monthly_minor": monthly,
        });
        let told = self.tell(Method::POST, "goals", body).await;
        if told.is_done() {
            return done(&format!("{ADVICE}/goals/{}", told.body["id"].as_str().unwrap_or_default()));
        }
        self.note(&told);
        self.start().await
    }
}
