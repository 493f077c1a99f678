//! The operator's advice pages: which answers of the adviser's house endpoints each is drawn from, and which call each
//! form is.

use advice::calendar::Day;
use console::advice::Replayed;
use console::house::{
    EVIDENCE, Found, PRODUCTS, RECORDS, REGISTER, RUNS, WATCH, evidence, products, records, register, runs,
    watch,
};
use hop::{Answer, Service};
use hyper::StatusCode;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};

use super::inside::Told;
use super::{Desk, done, nowhere};
use crate::form::Form;
use crate::site::{decoded_query, encoded, html};

/// Back-tests and runs shown, newest first.
const NEWEST: usize = 10;
/// Pages of the house's newest records that are looked through for changes of grades.
const PAGES_BACK: i64 = 10;
/// Records on a page of the service.
const PAGE: i64 = 20;

impl<S: Service> Desk<'_, S> {
    /// The pages below `/console/advice`.
    pub(super) async fn house_look(&mut self, parts: &[&str]) -> Answer {
        match parts {
            [] => self.register(StatusCode::OK).await,
            ["evidence"] => self.evidence().await,
            ["products"] => self.products(StatusCode::OK).await,
            ["runs"] => self.runs().await,
            ["watch"] => self.watch(StatusCode::OK).await,
            ["records"] => {
                let subject = decoded_query(self.received, "subject").unwrap_or_else(|| "house".to_owned());
                let from = decoded_query(self.received, "from").and_then(|from| from.parse().ok());
                self.records(subject, from.unwrap_or(1), None, StatusCode::OK).await
            }
            _ => nowhere(),
        }
    }

    /// The forms below `/console/advice`.
    pub(super) async fn house_change(&mut self, parts: &[&str], form: &Form) -> Answer {
        match parts {
            ["models", id, version, "approve"] => {
                let path = format!("advice/models/{}/{}/approve", encoded(id), encoded(version));
                let told = match form.text("token") {
                    "" => self.put(&path, json!({})).await,
                    token => self.put_as(token, &path, json!({})).await,
                };
                self.after_register(&told).await
            }
            ["switch"] => {
                let body = json!({ "stopped": form.text("stopped") == "yes", "why": form.text("why") });
                let told = self.put("advice/switch", body).await;
                self.after_register(&told).await
            }
            ["proposals", id, "release"] => {
                let path = format!("advice/proposals/{}/release", encoded(id));
                let told = self.put(&path, json!({ "why": form.text("why") })).await;
                match self.note(&told) {
                    StatusCode::OK => done(WATCH),
                    status => self.watch(status).await,
                }
            }
            ["products", "grade"] => {
                let path = format!("advice/products/{}/grade", encoded(form.text("product")));
                let told =
                    self.put(&path, json!({ "grade": form.text("grade"), "why": form.text("why") })).await;
                match self.note(&told) {
                    StatusCode::OK => done(PRODUCTS),
                    status => self.products(status).await,
                }
            }
            ["records", "replay"] => self.replay(form).await,
            _ => nowhere(),
        }
    }

    /// Changes something, under a request id of its own.
    async fn put(&self, path: &str, body: Value) -> Told {
        match with_request_id(body) {
            Some(body) => self.ask(path, Some(&body)).await,
            None => no_random_bytes(),
        }
    }

    async fn put_as(&self, token: &str, path: &str, body: Value) -> Told {
        match with_request_id(body) {
            Some(body) => self.office.ask_as_other(token, path, &body).await,
            None => no_random_bytes(),
        }
    }

    async fn after_register(&mut self, told: &Told) -> Answer {
        match self.note(told) {
            StatusCode::OK => done(REGISTER),
            status => self.register(status).await,
        }
    }

    async fn register(&mut self, status: StatusCode) -> Answer {
        let told = self.ask("advice/state", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        self.visit.path = REGISTER.to_owned();
        html(status, register(&self.visit, &told.body))
    }

    async fn evidence(&mut self) -> Answer {
        let told = self.ask("advice/report", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        let tests = self.newest(&told.body["backtests"], "backtests").await;
        self.visit.path = EVIDENCE.to_owned();
        html(StatusCode::OK, evidence(&self.visit, &told.body, &tests))
    }

    async fn runs(&mut self) -> Answer {
        let told = self.ask("advice/report", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        let all = self.newest(&told.body["rebalance_runs"], "rebalance-runs").await;
        self.visit.path = RUNS.to_owned();
        html(StatusCode::OK, runs(&self.visit, &all))
    }

    /// What the newest of these ids stand for, newest first.
    async fn newest(&self, ids: &Value, path: &str) -> Vec<Value> {
        let ids = ids.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut found = Vec::new();
        for id in ids.iter().rev().take(NEWEST).filter_map(Value::as_str) {
            let told = self.ask(&format!("advice/{path}/{}", encoded(id)), None).await;
            found.extend((told.status == StatusCode::OK).then_some(told.body));
        }
        found
    }

    async fn watch(&mut self, status: StatusCode) -> Answer {
        let told = self.ask("advice/report", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        self.visit.path = WATCH.to_owned();
        html(status, watch(&self.visit, &told.body))
    }

    async fn products(&mut self, status: StatusCode) -> Answer {
        let told = self.ask("advice/state", None).await;
        if told.status != StatusCode::OK {
            return self.failed(&told);
        }
        let age = told.body["policy"]["price_age_days_max"].as_i64().unwrap_or(0);
        let today = (self.office.now_ms)() / 86_400_000;
        let oldest = i64::try_from(today).unwrap_or(0) - age;
        let stale_before = Day(i32::try_from(oldest).unwrap_or(0)).to_string();
        let changes = self.grade_changes().await;
        self.visit.path = PRODUCTS.to_owned();
        html(status, products(&self.visit, &told.body, &changes, &stale_before))
    }

    /// Changes of grades among the house's newest records, newest first.
    async fn grade_changes(&self) -> Vec<Value> {
        let (mut low, mut high) = (0, 1);
        while !self.house_records(high * PAGE + 1).await.is_empty() {
            (low, high) = (high, high * 2);
        }
        // The last page that has a record lies from `low` on and before `high`.
        while high - low > 1 {
            let middle = (low + high) / 2;
            let beyond = self.house_records(middle * PAGE + 1).await.is_empty();
            if beyond { high = middle } else { low = middle }
        }
        let mut changes = Vec::new();
        for page in (0..=low).rev().take(usize::try_from(PAGES_BACK).unwrap_or(1)) {
            let records = self.house_records(page * PAGE + 1).await;
            changes.extend(records.into_iter().rev().filter(|record| record["kind"] == "grade"));
        }
        changes
    }

    async fn house_records(&self, from: i64) -> Vec<Value> {
        let told = self.ask(&format!("advice/records?subject=house&from={from}"), None).await;
        told.body["records"].as_array().cloned().unwrap_or_default()
    }

    async fn records(
        &mut self,
        subject: String,
        from: i64,
        replayed: Option<Replayed>,
        status: StatusCode,
    ) -> Answer {
        let told = self.ask(&format!("advice/records?subject={}&from={from}", encoded(&subject)), None).await;
        let status = match self.note(&told) {
            StatusCode::OK => status,
            refused => refused,
        };
        let rows = told.body["records"].as_array().cloned().unwrap_or_default();
        let next = told.body["next"].as_i64();
        self.visit.path = RECORDS.to_owned();
        html(status, records(&self.visit, &Found { subject, records: rows, next, replayed }))
    }

    async fn replay(&mut self, form: &Form) -> Answer {
        let (proposal, subject) = (form.text("proposal").to_owned(), form.text("subject").to_owned());
        let told = self.ask(&format!("advice/replay/{}", encoded(&proposal)), Some(&json!({}))).await;
        let status = self.note(&told);
        let replayed = (status == StatusCode::OK).then(|| Replayed {
            proposal,
            equal: told.body["equal"] == true,
            why: told.body["why"].as_str().unwrap_or_default().to_owned(),
        });
        self.records(subject, 1, replayed, status).await
    }
}

fn with_request_id(mut body: Value) -> Option<Value> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    body["request_id"] = json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    Some(body)
}

fn no_random_bytes() -> Told {
    let body = Value::String("the system gave no random bytes".to_owned());
    Told { status: StatusCode::SERVICE_UNAVAILABLE, body }
}
