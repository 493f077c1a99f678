//! From answers to a class: capacity, willingness and knowledge apart, the more cautious counts, contradictions are
//! asked once again and then taken cautiously. It sees answers and dates, never behaviour or prices.

use std::collections::BTreeMap;

use crate::calendar::Day;
use crate::json::Json;
use crate::refusal::{Code, Refusal};
use crate::suitability::{Class, Policy};

mod questions;

pub use questions::{Choice, Contradiction, Measures, Question, Questionnaire};

/// What a person said, and facts known without asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// Version of the questionnaire that was shown.
    pub questionnaire: String,
    /// Chosen option, counted from 0, of each question by its identifier.
    pub chosen: BTreeMap<String, usize>,
    /// Day of the answers.
    pub day: Day,
    /// Age in whole years.
    pub age_years: u32,
    /// Whether the person has full legal capacity.
    pub full_capacity: bool,
    /// Whether this answers the second asking after a contradiction.
    pub asked_again: bool,
    /// Assessments already made on this day and in the twelve months before it.
    pub attempts: (u32, u32),
}

/// A profile: what a person may be advised to hold, why, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskProfile {
    /// C1 to C5.
    pub class: Class,
    /// The lowest category of C1: nothing above R1 under any circumstances.
    pub lowest: bool,
    /// 0 to 100: how much loss the circumstances bear.
    pub capacity: u32,
    /// 0 to 100: how much loss the person accepts.
    pub willingness: u32,
    /// 0 to 100: how much of it the person understands.
    pub knowledge: u32,
    /// Contradictions found, by rule.
    pub contradictions: Vec<String>,
    /// Caps that lowered the class, by rule.
    pub caps: Vec<String>,
    /// Why this class, in order.
    pub reasons: Vec<String>,
    /// First day on which it no longer counts.
    pub expires: Day,
    /// Version of the questionnaire.
    pub questionnaire: String,
}

/// The class that follows from the answers. Refused when answers are missing, contradict each other for the first
/// time, or come too often.
pub fn assess(form: &Questionnaire, answers: &Answers, policy: &Policy) -> Result<RiskProfile, Refusal> {
    let (day, year) = answers.attempts;
    for (made, most, span) in
        [(day, policy.assessments_per_day_max, "day"), (year, policy.assessments_per_year_max, "year")]
    {
        if made >= most {
            return Err(Refusal::new(
                Code::ProfileAttempts,
                format!("assessments a {span}"),
                "Too many assessments.",
            )
            .found(f64::from(most), f64::from(made) + 1.0)
            .remedy("Wait; answers that change to fit a product protect nobody."));
        }
    }
    let mut chosen = complete(form, answers)?;
    let mut contradictions = Vec::new();
    for rule in &form.contradictions {
        if rule.holds(&chosen) {
            contradictions.push(rule.name.to_owned());
        }
    }
    if !contradictions.is_empty() && !answers.asked_again {
        let message = format!("Answers contradict each other: {}.", contradictions.join("; "));
        return Err(Refusal::new(Code::ProfileContradictory, contradictions[0].clone(), message)
            .remedy("Ask these questions once again; after that the more cautious answer counts."));
    }
    for rule in form.contradictions.iter().filter(|rule| contradictions.iter().any(|c| c == rule.name)) {
        chosen.insert(rule.cautious.0.to_owned(), rule.cautious.1);
    }
    let score = |measures| form.score(measures, &chosen);
    let (capacity, willingness, knowledge) =
        (score(Measures::Capacity), score(Measures::Willingness), score(Measures::Knowledge));
    let mut profile = RiskProfile {
        class: Class::of_score(capacity.min(willingness)),
        lowest: false,
        capacity,
        willingness,
        knowledge,
        contradictions,
        caps: Vec::new(),
        reasons: Vec::new(),
        expires: answers.day.plus_months(policy.profile_months as i32),
        questionnaire: form.version.clone(),
    };
    profile.reasons.push(format!(
        "capacity {capacity} and willingness {willingness} of 100: the lower gives {}",
        profile.class.name()
    ));
    apply_caps(&mut profile, form, &chosen, answers, policy);
    Ok(profile)
}

fn apply_caps(
    profile: &mut RiskProfile,
    form: &Questionnaire,
    chosen: &BTreeMap<String, usize>,
    answers: &Answers,
    policy: &Policy,
) {
    if profile.knowledge < policy.knowledge_bar {
        profile.cap(
            Class::C3,
            format!("knowledge {} of 100 is below {}", profile.knowledge, policy.knowledge_bar),
        );
    }
    for question in &form.questions {
        let option = chosen.get(question.id).and_then(|c| question.choices.get(*c));
        let Some(option) = option else { continue };
        if let Some(cap) = option.cap {
            profile.cap(cap, format!("{}: {}", question.id, option.english));
        }
        if option.lowest {
            profile.make_lowest(format!("{}: {}", question.id, option.english));
        }
    }
    if answers.age_years > policy.age_years_max || answers.age_years < policy.age_years_min {
        profile.make_lowest(format!("age {}", answers.age_years));
    }
    if !answers.full_capacity {
        profile.make_lowest("no full legal capacity".into());
    }
}

fn complete(form: &Questionnaire, answers: &Answers) -> Result<BTreeMap<String, usize>, Refusal> {
    let unknown = |rule: &str, message: String| Err(Refusal::new(Code::AnswerUnknown, rule, message));
    if answers.questionnaire != form.version {
        return unknown("questionnaire", format!("The answers belong to version {}.", answers.questionnaire));
    }
    for question in &form.questions {
        match answers.chosen.get(question.id) {
            Some(choice) if *choice < question.choices.len() => {}
            Some(choice) => return unknown(question.id, format!("{} has no option {choice}.", question.id)),
            None => return unknown(question.id, format!("{} is not answered.", question.id)),
        }
    }
    match answers.chosen.keys().find(|id| form.questions.iter().all(|q| q.id != id.as_str())) {
        Some(id) => unknown(id, format!("There is no question {id}.")),
        None => Ok(answers.chosen.clone()),
    }
}

impl RiskProfile {
    /// Lowers the class to `cap` if it is above; conduct seen elsewhere may do this too, never the reverse.
    pub fn cap(&mut self, cap: Class, why: String) {
        if self.class > cap {
            self.class = cap;
            self.reasons.push(format!("at most {}: {why}", cap.name()));
            self.caps.push(why);
        }
    }

    fn make_lowest(&mut self, why: String) {
        self.cap(Class::C1, why.clone());
        self.lowest = true;
        self.reasons.push(format!("lowest category: {why}"));
    }

    /// Refuses a profile past its validity.
    pub fn refuse_expired(&self, today: Day) -> Result<(), Refusal> {
        if today < self.expires {
            return Ok(());
        }
        Err(Refusal::new(
            Code::ProfileExpired,
            "profile validity",
            format!("The profile expired on {}.", self.expires),
        )
        .found(f64::from(self.expires.0), f64::from(today.0))
        .remedy("Answer the questionnaire again."))
    }

    /// The profile as it is recorded.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("class", Json::text(self.class.name())),
            ("lowest", Json::Bool(self.lowest)),
            ("capacity", Json::Whole(i64::from(self.capacity))),
            ("willingness", Json::Whole(i64::from(self.willingness))),
            ("knowledge", Json::Whole(i64::from(self.knowledge))),
            ("contradictions", Json::texts(&self.contradictions)),
            ("caps", Json::texts(&self.caps)),
            ("reasons", Json::texts(&self.reasons)),
            ("expires", Json::text(self.expires.to_string())),
            ("questionnaire", Json::text(&self.questionnaire)),
        ])
    }

    /// Reads a recorded profile.
    pub fn from_json(json: &Json) -> Result<RiskProfile, Refusal> {
        let missing =
            |key: &str| Refusal::new(Code::MalformedTable, "profile", format!("The profile lacks {key}."));
        let text = |key: &str| json.member(key).and_then(Json::as_text).ok_or_else(|| missing(key));
        let score = |key: &str| {
            let value = json.member(key).and_then(Json::as_whole).filter(|v| (0..=100).contains(v));
            value.map(|v| v as u32).ok_or_else(|| missing(key))
        };
        let list = |key: &str| {
            let elements = json.member(key).map(Json::elements).unwrap_or_default();
            elements.iter().filter_map(|e| e.as_text().map(str::to_owned)).collect()
        };
        Ok(RiskProfile {
            class: Class::parse(text("class")?).ok_or_else(|| missing("a class C1 to C5"))?,
            lowest: json.member("lowest").and_then(Json::as_bool).ok_or_else(|| missing("lowest"))?,
            capacity: score("capacity")?,
            willingness: score("willingness")?,
            knowledge: score("knowledge")?,
            contradictions: list("contradictions"),
            caps: list("caps"),
            reasons: list("reasons"),
            expires: Day::parse(text("expires")?).ok_or_else(|| missing("a date of expiry"))?,
            questionnaire: text("questionnaire")?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
