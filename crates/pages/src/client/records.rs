//! The client's records: listed, exported as one file that verifies without the service, and computed again.

use console::advice::{DOCUMENTS, Replayed, documents};
use hop::Answer;
use hyper::header::{CONTENT_DISPOSITION, HeaderValue};
use hyper::{Method, StatusCode};
use serde_json::json;

use super::{Call, Told, no_answer};
use crate::site::{encoded, html, typed};

/// Pages of records that are read; the service gives twenty on each.
const PAGES_MAX: usize = 200;

impl Call<'_> {
    pub(super) async fn documents(&mut self, replayed: Option<Replayed>) -> Answer {
        let (status, records) = match self.lines().await {
            Ok(lines) => {
                (StatusCode::OK, lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect())
            }
            Err(told) if told.code() == "NOT_KNOWN" => (StatusCode::OK, Vec::new()),
            Err(told) => {
                self.note(&told);
                (told.page_status(), Vec::new())
            }
        };
        self.client.visit.path = DOCUMENTS.to_owned();
        html(status, documents(&self.client, &records, replayed.as_ref()))
    }

    pub(super) async fn export(&mut self) -> Answer {
        match self.lines().await {
            Ok(lines) => {
                let mut answer = typed(StatusCode::OK, "application/jsonl; charset=utf-8", lines.concat());
                let file = HeaderValue::from_static("attachment; filename=\"advice-records.jsonl\"");
                answer.headers_mut().insert(CONTENT_DISPOSITION, file);
                answer
            }
            Err(_) => self.documents(None).await,
        }
    }

    /// Every record as one line in its canonical spelling: hashes are of bytes, so no other reader may spell them.
    async fn lines(&self) -> Result<Vec<String>, Told> {
        let mut lines = Vec::new();
        let mut from = Some(1);
        for _ in 0..PAGES_MAX {
            let Some(first) = from else { break };
            let path = format!("records?user={}&from={first}", encoded(&self.pages.user));
            let heard = self.pages.line.advise(Method::GET, &path, None).await;
            let (status, body) = heard.map_err(|failed| no_answer(&failed.to_string()))?;
            if status != 200 {
                return Err(Told { status, body: serde_json::from_slice(&body).unwrap_or_default() });
            }
            let page = advice::Json::parse(&String::from_utf8_lossy(&body));
            let page = page.map_err(|refusal| no_answer(&refusal.message))?;
            let records = page.member("records").map(advice::Json::elements).unwrap_or_default();
            lines.extend(records.iter().map(|record| record.canonical() + "\n"));
            from = page.member("next").and_then(advice::Json::as_whole);
        }
        Ok(lines)
    }

    pub(super) async fn replay(&mut self, id: &str) -> Answer {
        let told = self.call(Method::POST, &format!("replay/{}", encoded(id)), Some(&json!({}))).await;
        if !told.is_done() {
            self.note(&told);
            return self.documents(None).await;
        }
        let replayed = Replayed {
            proposal: id.to_owned(),
            equal: told.body["equal"] == true,
            why: told.body["why"].as_str().unwrap_or_default().to_owned(),
        };
        self.documents(Some(replayed)).await
    }
}
