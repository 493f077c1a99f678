//! The questions, with losses shown in money on the client's own amount. Answers that were given stay chosen when the
//! page comes back.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{Client, QUESTIONNAIRE, both, page};
use crate::document::{list, text};

/// What the form holds.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The client's own amount, minor units: losses are shown on it.
    pub amount_minor: i64,
    /// Years of age, as typed.
    pub age: String,
    /// Chosen option by question.
    pub chosen: BTreeMap<String, usize>,
}

/// The page over the answer of `GET /advice/questionnaire`.
pub fn questionnaire(client: &Client, form: &Form, answer: &Value) -> String {
    let language = client.language();
    let body = html! {
        p { (language.say(Word::QuestionsHint)) }
        form .card method="get" action=(QUESTIONNAIRE) {
            p { label for="own-amount" { (language.say(Word::OwnAmount)) ", " (client.currency) }
                input #own-amount name="amount" inputmode="decimal" required pattern="[0-9]+([.][0-9]+)?"
                    value=(client.field(form.amount_minor)); }
            button type="submit" { (language.say(Word::ShowInMoney)) }
        }
        form method="post" action=(QUESTIONNAIRE) {
            input type="hidden" name="questionnaire" value=(text(answer, "version"));
            input type="hidden" name="amount" value=(client.field(form.amount_minor));
            p { label for="age" { (language.say(Word::AgeYears)) }
                input #age name="age" inputmode="numeric" required pattern="[0-9]{1,3}" value=(form.age); }
            fieldset {
                legend { (language.say(Word::FullCapacity)) }
                label .choice { input type="radio" name="capacity" value="yes" required checked; " " (language.say(Word::Yes)) }
                label .choice { input type="radio" name="capacity" value="no"; " " (language.say(Word::No)) }
            }
            @for question in list(answer, "questions") { (one(client, form, question)) }
            button .primary type="submit" { (language.say(Word::SendAnswers)) }
        }
    };
    page(client, language.say(Word::Questionnaire), body)
}

fn one(client: &Client, form: &Form, question: &Value) -> Markup {
    let (id, language) = (text(question, "id"), client.language());
    let said = |of: &Value| in_money(client, form.amount_minor, both(of, "english", "chinese", language));
    html! {
        fieldset {
            legend { (said(question)) }
            @for (place, choice) in list(question, "choices").iter().enumerate() {
                label .choice {
                    input type="radio" name={ "answer-" (id) } value=(place) required
                        checked[form.chosen.get(id) == Some(&place)];
                    " " (said(choice))
                }
            }
        }
    }
}

/// Puts money where a text has `{loss 20}`: so many per cent of the client's own amount.
fn in_money(client: &Client, amount_minor: i64, text: &str) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{loss ") {
        let (percent, after) = after.split_once('}').unwrap_or((after, ""));
        let minor = i128::from(amount_minor) * percent.parse::<i128>().unwrap_or(0) / 100;
        told.push_str(before);
        told.push_str(&crate::play::position(minor, client.currency));
        rest = after;
    }
    told + rest
}
