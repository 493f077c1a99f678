//! One goal: its projection, its portfolio and performance, changes of its plan, and the wallet's broker, which carries
//! orders out at the newest published price.

use console::advice::{ADVICE, Asked, goal, performance, portfolio};
use hop::{Answer, plain};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Call, Told, done};
use crate::form::Form;
use crate::site::{encoded, html, query};

/// A price counts millionths of a minor unit, a holding millionths of a unit.
const SCALE: i128 = 1_000_000_000_000;

impl Call<'_> {
    pub(super) async fn goal(&mut self, id: &str, refused: Option<Told>) -> Answer {
        let user = self.user().await;
        self.note(&user);
        let mut status = refused.as_ref().map_or(user.page_status(), Told::page_status);
        let user = user.done();
        let Some(one) = user["goals"].as_array().into_iter().flatten().find(|goal| goal["id"] == id) else {
            return plain(StatusCode::NOT_FOUND, "there is no such goal");
        };
        // The slider's values are whole major units.
        let asked = Asked {
            monthly_minor: query(self.received, "monthly").and_then(|monthly| self.minor(monthly)),
            years: query(self.received, "years").and_then(|years| years.parse().ok()),
        };
        let mut path = format!("goals/{}/projection", encoded(id));
        let asks = [("monthly", asked.monthly_minor), ("years", asked.years)];
        for (place, (name, value)) in asks.iter().filter_map(|(n, v)| Some((n, (*v)?))).enumerate() {
            path.push_str(&format!("{}{name}={value}", if place == 0 { '?' } else { '&' }));
        }
        let projection = self.ask(&path).await;
        self.note(&projection);
        if let Some(refused) = &refused {
            self.note(refused);
        } else if !projection.is_done() {
            status = projection.page_status();
        }
        self.client.visit.path = format!("{ADVICE}/goals/{id}");
        html(status, goal(&self.client, one, &asked, &projection.done()))
    }

    pub(super) async fn change_goal(&mut self, id: &str, form: &Form) -> Answer {
        let amounts = self.minor(form.text("target")).zip(self.minor(form.text("monthly")));
        let Some((target, monthly)) = amounts else {
            self.refuse("AMOUNT");
            return self.goal(id, None).await;
        };
        let body = json!({ "target_minor": target, "monthly_minor": monthly });
        let told = self.tell(Method::PATCH, &format!("goals/{}", encoded(id)), body).await;
        if told.is_done() {
            done(&format!("{ADVICE}/goals/{}", encoded(id)))
        } else {
            self.goal(id, Some(told)).await
        }
    }

    pub(super) async fn propose(&mut self, id: &str, form: &Form) -> Answer {
        let mut body = json!({ "goal": id, "kind": form.text("kind") });
        if !form.text("amount").is_empty() {
            let Some(amount) = self.minor(form.text("amount")) else {
                self.refuse("AMOUNT");
                return self.goal(id, None).await;
            };
            body["amount_minor"] = json!(amount);
        }
        let told = self.tell(Method::POST, "proposals", body).await;
        if told.is_done() {
            return done(&format!("{ADVICE}/proposals/{}", told.body["id"].as_str().unwrap_or_default()));
        }
        self.goal(id, Some(told)).await
    }

    pub(super) async fn portfolio(&mut self, id: &str, refused: Option<Told>) -> Answer {
        let base = format!("portfolios/{}", encoded(id));
        let told = self.ask(&base).await;
        if !told.is_done() {
            return plain(told.page_status(), "there is no such plan");
        }
        let (drift, lots) =
            (self.ask(&format!("{base}/drift")).await, self.ask(&format!("{base}/lots")).await);
        self.note(&drift);
        if let Some(refused) = &refused {
            self.note(refused);
        }
        let status = refused.as_ref().map_or(StatusCode::OK, Told::page_status);
        self.client.visit.path = format!("{ADVICE}/goals/{id}/portfolio");
        html(status, portfolio(&self.client, &told.done(), &drift.done(), &lots.done()))
    }

    pub(super) async fn performance(&mut self, id: &str) -> Answer {
        let base = format!("portfolios/{}", encoded(id));
        let plan = self.ask(&base).await;
        if !plan.is_done() {
            return plain(plan.page_status(), "there is no such plan");
        }
        let told = self.ask(&format!("{base}/performance")).await;
        self.note(&told);
        let status = told.page_status();
        let name = plan.body["goal"]["name"].as_str().unwrap_or_default().to_owned();
        let mut answer = told.done();
        if answer.is_null() {
            answer = json!({ "id": id });
        }
        html(status, performance(&self.client, &name, &answer))
    }

    /// Carries out every open order of a plan; the first one that is refused ends it.
    pub(super) async fn carry_out(&mut self, id: &str) -> Answer {
        let told = self.ask(&format!("portfolios/{}", encoded(id))).await;
        for order in told.body["orders_open"].as_array().into_iter().flatten() {
            let told = self.fill(order).await;
            if !told.is_done() {
                return self.portfolio(id, Some(told)).await;
            }
        }
        done(&format!("{ADVICE}/goals/{}/portfolio", encoded(id)))
    }

    async fn fill(&self, order: &Value) -> Told {
        let text = |key: &str| order[key].as_str().unwrap_or_default();
        let path = format!("products/{}?user={}", encoded(text("product")), encoded(&self.pages.user));
        let listing = self.ask(&path).await;
        if !listing.is_done() {
            return listing;
        }
        let price = i128::from(listing.body["price_millionths"].as_i64().unwrap_or(0)).max(1);
        let amount = order["amount_minor"].as_i64().unwrap_or(0);
        let fee_bp = match text("side") {
            "buy" => listing.body["product"]["purchase_fee_bp"].as_i64().unwrap_or(0),
            _ => 0,
        };
        let fee = amount * fee_bp / 10_000;
        // What is bought is worth what it cost: units are rounded up to the next millionth, what is sold is rounded down.
        let exact = i128::from(amount - fee) * SCALE;
        let up = if text("side") == "buy" { price - 1 } else { 0 };
        let units = i64::try_from((exact + up) / price).unwrap_or(i64::MAX);
        let body = json!({
            "carried_out": true, "units_millionths": units, "amount_minor": amount, "fee_minor": fee,
            "day": today(),
        });
        self.tell(Method::POST, &format!("orders/{}/fills", encoded(text("id"))), body).await
    }
}

fn today() -> String {
    let days = hop::now_ms() / 86_400_000;
    advice::calendar::Day(i32::try_from(days).unwrap_or(0)).to_string()
}
