//! Cases and what judges: which answers of the API each page is drawn from, and which call each form is.

use std::collections::{BTreeSet, VecDeque};

use console::cases::{CASES, CONTROL, Gathered, case, control, payment, queue};
use hop::{Answer, Service};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::{Desk, done};
use crate::form::Form;
use crate::site::{encoded, html};

/// Cases of a ring that are looked up; a larger one is told by so many.
const RING_MAX: usize = 24;

impl<S: Service> Desk<'_, S> {
    pub(super) async fn queue(&self) -> Answer {
        let told = self.ask("risk/cases", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        html(StatusCode::OK, queue(&self.visit, &told.body))
    }

    pub(super) async fn case(&mut self, number: &str, status: StatusCode) -> Answer {
        let told = self.ask(&format!("risk/cases/{}", encoded(number)), None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        let ring = self.ring(number, &told.body).await;
        self.visit.path = format!("{CASES}/{number}");
        html(status, case(&self.visit, &Gathered { answer: told.body, ring }))
    }

    /// The cases that hang together with one, nearest first.
    async fn ring(&self, number: &str, answer: &Value) -> Vec<String> {
        let mut seen = BTreeSet::from([number.to_owned()]);
        let (mut ring, mut open) = (Vec::new(), VecDeque::from([answer.clone()]));
        while let Some(answer) = open.pop_front() {
            for link in answer["links"].as_array().into_iter().flatten() {
                let other = link["number"].as_str().unwrap_or_default();
                if ring.len() == RING_MAX || !seen.insert(other.to_owned()) {
                    continue;
                }
                ring.push(other.to_owned());
                open.push_back(self.ask(&format!("risk/cases/{}", encoded(other)), None).await.body);
            }
        }
        ring
    }

    pub(super) async fn payment(&self, number: &str) -> Answer {
        let told = self.ask(&format!("payments/{}", encoded(number)), None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        let judged = self.ask(&format!("risk/payments/{}", encoded(number)), None).await;
        html(StatusCode::OK, payment(&self.visit, &told.body, &judged.body))
    }

    pub(super) async fn control(&mut self, status: StatusCode) -> Answer {
        let told = self.ask("risk", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        self.visit.path = CONTROL.to_owned();
        let screening = self.ask("risk/lists", None).await;
        let lists = if screening.status == StatusCode::OK { screening.body } else { Value::Null };
        html(status, control(&self.visit, &told.body, &lists))
    }

    pub(super) async fn claim(&mut self, number: &str) -> Answer {
        self.case_step(number, "claim", &json!({})).await
    }

    pub(super) async fn rule(&mut self, number: &str, form: &Form) -> Answer {
        let body = json!({ "ruling": form.text("ruling"), "reason": form.text("reason") });
        self.case_step(number, "ruling", &body).await
    }

    async fn case_step(&mut self, number: &str, step: &str, body: &Value) -> Answer {
        let told = self.ask(&format!("risk/cases/{}/{step}", encoded(number)), Some(body)).await;
        match self.note(&told) {
            StatusCode::OK => done(&format!("{CASES}/{}", encoded(number))),
            status => self.case(number, status).await,
        }
    }

    pub(super) async fn stop(&mut self, form: &Form) -> Answer {
        let body = json!({ "subject": form.text("subject"), "reason": form.text("reason") });
        self.control_step("risk/stops", &body, None).await
    }

    pub(super) async fn resume(&mut self, form: &Form) -> Answer {
        let body = json!({ "kind": "RESUME", "subject": form.text("subject") });
        self.control_step("risk/changes", &body, None).await
    }

    /// Approves as the person who is signed in, or as the one whose token the form brings.
    pub(super) async fn confirm(&mut self, number: &str, form: &Form) -> Answer {
        let other = Some(form.text("token")).filter(|token| !token.is_empty());
        self.control_step(&format!("risk/changes/{}/confirm", encoded(number)), &json!({}), other).await
    }

    pub(super) async fn withdraw(&mut self, number: &str) -> Answer {
        self.control_step(&format!("risk/changes/{}/withdraw", encoded(number)), &json!({}), None).await
    }

    async fn control_step(&mut self, path: &str, body: &Value, other: Option<&str>) -> Answer {
        let told = match other {
            None => self.ask(path, Some(body)).await,
            Some(token) => self.office.ask_as_other(token, path, body).await,
        };
        match self.note(&told) {
            StatusCode::OK => done(CONTROL),
            status => self.control(status).await,
        }
    }
}
