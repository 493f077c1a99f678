//! One payment for the operator's people: its terms, and how it was judged.

use maud::html;
use serde_json::Value;

use super::words::Word;
use super::{CASES, console, evidence};
use crate::document::{text, whole};
use crate::shell::Visit;

/// A payment, from `GET /operator/v1/payments/{id}` and `GET /operator/v1/risk/payments/{id}`.
pub fn payment(visit: &Visit, payment: &Value, judged: &Value) -> String {
    let language = visit.language;
    let line = |word, value: String| html! { div { dt { (language.say(word)) } dd { (value) } } };
    let amount = |of: &Value| {
        let currency = money::Currency::parse(text(of, "currency")).ok()?;
        let minor = whole(of, "value").and_then(|minor| u64::try_from(minor).ok())?;
        Some(crate::play::amount(money::Amount::new(currency, minor)))
    };
    let verdict = &judged["verdict"];
    let body = html! {
        @if let Some(case) = whole(verdict, "caseNumber") {
            p { a href={ (CASES) "/" (case) } { (language.tell(Word::CaseNumber, &[("n", &case.to_string())])) } }
        }
        dl .facts {
            (line(Word::State, text(payment, "stage").to_owned()))
            (line(Word::Merchant, text(payment, "merchant").to_owned()))
            (line(Word::Acquirer, text(payment, "acquirer").to_owned()))
            (line(Word::Wallet, text(&payment["terms"], "wallet").to_owned()))
            @if let Some(paid) = amount(&payment["paymentAmount"]) { (line(Word::PayeeReceives, paid)) }
            @if let Some(paid) = amount(&payment["terms"]["payerAmount"]) { (line(Word::PayerPays, paid)) }
            @if !text(payment, "decline").is_empty() { (line(Word::Reason, text(payment, "decline").to_owned())) }
        }
        h2 { (language.say(Word::HowJudged)) }
        @if verdict.is_object() { (evidence::verdict(verdict, language)) }
        @else { p .quiet { (language.say(Word::NotJudged)) } }
    };
    console(visit, &language.tell(Word::PaymentNumber, &[("n", text(payment, "paymentId"))]), body)
}
