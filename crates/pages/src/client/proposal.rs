//! A proposal, seen and answered.

use console::advice::{ADVICE, Proposed, proposal};
use hop::{Answer, plain};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Call, Told, done};
use crate::form::Form;
use crate::site::{encoded, html};

impl Call<'_> {
    pub(super) async fn proposal(&mut self, id: &str, refused: Option<Told>) -> Answer {
        let told = self.ask(&format!("proposals/{}", encoded(id))).await;
        if told.code() == "NOT_KNOWN" {
            return plain(StatusCode::NOT_FOUND, "there is no such proposal");
        }
        self.note(&told);
        let status = refused.as_ref().map_or(told.page_status(), Told::page_status);
        if let Some(refused) = &refused {
            self.note(refused);
        }
        let mandate = self.user().await.done()["mandate"].clone();
        let answer = told.done();
        let before = match answer["state"].as_str() {
            Some("open") => {
                let goal = answer["goal"].as_str().unwrap_or_default();
                self.ask(&format!("portfolios/{}", encoded(goal))).await.done()
            }
            _ => Value::Null,
        };
        self.client.visit.path = format!("{ADVICE}/proposals/{id}");
        html(status, proposal(&self.client, &Proposed { answer, before, mandate }))
    }

    pub(super) async fn sign(&mut self, id: &str, form: &Form) -> Answer {
        let percent: i64 = form.text("turnover").parse().unwrap_or(-1);
        let body = json!({ "user": self.pages.user, "turnover_year_bp": percent.saturating_mul(100) });
        let told = self.tell(Method::POST, "mandates", body).await;
        self.answered(id, told).await
    }

    pub(super) async fn accept(&mut self, id: &str, form: &Form) -> Answer {
        let body = json!({ "confirmed": form.text("confirmed") == "yes" });
        let told = self.tell(Method::POST, &format!("proposals/{}/accept", encoded(id)), body).await;
        self.answered(id, told).await
    }

    pub(super) async fn decline(&mut self, id: &str, form: &Form) -> Answer {
        let mut body = json!({});
        if !form.text("reason").is_empty() {
            body["reason"] = json!(form.text("reason"));
        }
        let told = self.tell(Method::POST, &format!("proposals/{}/decline", encoded(id)), body).await;
        self.answered(id, told).await
    }

    async fn answered(&mut self, id: &str, told: Told) -> Answer {
        if told.is_done() {
            return done(&format!("{ADVICE}/proposals/{}", encoded(id)));
        }
        self.proposal(id, Some(told)).await
    }
}
