//! One service in memory: every record goes through its bytes, and at the end the bytes alone give the same state.

mod golden;
mod journey;
mod refusals;
mod rubbish;
mod taxes;

use advice::record::{Record, verify_trail};
use advice::{Json, Refusal};

use crate::{Adviser, Call, Moment, Step, Verb, Who, outcome};

pub(crate) const TODAY: &str = "2026-03-02";
pub(crate) const WALLET: &str = "WALLET-A";

/// A service whose journal is a list.
pub(crate) struct Desk {
    pub(crate) adviser: Adviser,
    pub(crate) journal: Vec<String>,
    pub(crate) now: Moment,
    asked: u64,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk { adviser: Adviser::default(), journal: Vec::new(), now: at(TODAY), asked: 0 }
    }

    /// Asks as this one would over HTTP; changes get a fresh request id unless they bring one.
    pub(crate) fn ask(&mut self, who: Who, verb: Verb, names: &[&str], body: &str) -> Result<Json, Refusal> {
        let Json::Object(mut members) = Json::parse(body).unwrap_or_else(|why| panic!("{body}: {why}"))
        else {
            panic!("{body} is no object")
        };
        self.asked += 1;
        if matches!(verb.access(), crate::Access::MemberChange | crate::Access::HouseChange) {
            members.entry("request_id".into()).or_insert(Json::text(format!("r{}", self.asked)));
        }
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.call(&Call { who, verb, names, body: Json::Object(members) })
    }

    pub(crate) fn call(&mut self, call: &Call) -> Result<Json, Refusal> {
        let mut step = self.adviser.decide(self.now, call)?;
        while let Step::Work(work) = step {
            step = self.adviser.finish(self.now, work.run())?;
        }
        match step {
            Step::Answer(answer) => Ok(answer),
            Step::Facts(drafts) => {
                let first = self.journal.len() + 1;
                for draft in drafts {
                    let record = self.adviser.seal(self.now, draft);
                    self.journal.push(record.to_json().canonical());
                    self.adviser.apply(self.journal.len() as u64, &record).expect("our own record");
                }
                outcome(&self.record(first as u64))
            }
            Step::Repeat(number) => outcome(&self.record(number)),
            Step::Told { number, besides } => outcome(&self.record(number)).map(|told| merged(told, besides)),
            Step::Records { numbers, next } => Ok(Json::object([
                ("records", Json::List(numbers.iter().map(|n| self.record(*n).to_json()).collect())),
                ("next", next.map_or(Json::Null, |next| Json::Whole(next as i64))),
            ])),
            Step::Replay(number) => {
                let computed = self.record(number).body.member("computed").cloned().unwrap();
                advice::proposal::replay(&computed).map(|()| Json::Bool(true))
            }
            Step::Work(_) => unreachable!("work was done above"),
        }
    }

    pub(crate) fn record(&self, number: u64) -> Record {
        Record::from_json(&Json::parse(&self.journal[number as usize - 1]).unwrap()).unwrap()
    }

    /// A member asks.
    pub(crate) fn member(&mut self, verb: Verb, names: &[&str], body: &str) -> Result<Json, Refusal> {
        self.ask(Who::Member(WALLET.into()), verb, names, body)
    }

    /// A person of the house asks.
    pub(crate) fn person(
        &mut self,
        name: &str,
        verb: Verb,
        names: &[&str],
        body: &str,
    ) -> Result<Json, Refusal> {
        self.ask(Who::Person(name.into()), verb, names, body)
    }

    /// The state that the journal alone gives.
    pub(crate) fn recovered(&self) -> Adviser {
        let mut adviser = Adviser::default();
        for number in 1..=self.journal.len() as u64 {
            adviser.apply(number, &self.record(number)).expect("what was written is read");
        }
        adviser
    }

    /// Nothing is in the state that is not in the journal, and every user's records verify by themselves.
    pub(crate) fn check(&mut self) {
        assert!(self.recovered() == self.adviser, "replay gives another state");
        let subjects: Vec<String> = self.adviser.investors.keys().cloned().collect();
        for subject in subjects {
            let numbers = self.adviser.numbers(&subject).to_vec();
            let lines: Vec<String> = numbers.iter().map(|n| self.journal[*n as usize - 1].clone()).collect();
            assert_eq!(verify_trail(&lines.join("\n")).unwrap().len(), numbers.len(), "{subject}");
        }
    }
}

pub(crate) fn at(day: &str) -> Moment {
    let day = advice::calendar::Day::parse(day).unwrap();
    Moment { at_ms: i64::from(day.0) * 86_400_000 + 9 * 3_600_000 }
}

fn merged(told: Json, besides: Json) -> Json {
    let (Json::Object(mut told), Json::Object(besides)) = (told, besides) else { panic!("objects") };
    told.extend(besides);
    Json::Object(told)
}

pub(crate) fn text(json: &Json, key: &str) -> String {
    json.member(key)
        .and_then(Json::as_text)
        .unwrap_or_else(|| panic!("no {key} in {}", json.canonical()))
        .to_owned()
}

pub(crate) fn whole(json: &Json, key: &str) -> i64 {
    json.member(key).and_then(Json::as_whole).unwrap_or_else(|| panic!("no {key} in {}", json.canonical()))
}

/// Answers of somebody in the middle: class C4 by capacity and willingness.
pub(crate) fn answers(user: &str, form: &Json, option: usize) -> String {
    let questions = form.member("questions").unwrap().elements();
    let answers = questions.iter().map(|question| {
        let points: Vec<i64> =
            question.member("choices").unwrap().elements().iter().map(|c| whole(c, "points")).collect();
        // What is right or wrong is known; the rest is as asked for.
        let known =
            points.iter().all(|p| [0, 100].contains(p)).then(|| points.iter().position(|p| *p == 100));
        format!("\"{}\":{}", text(question, "id"), known.flatten().unwrap_or(option.min(points.len() - 1)))
    });
    format!(
        r#"{{"user":"{user}","jurisdiction":"CN","age_years":40,"full_capacity":true,"questionnaire":"2026-1","answers":{{{}}}}}"#,
        answers.collect::<Vec<_>>().join(",")
    )
}

/// A house that serves CN with three priced products and one model that two people approved.
pub(crate) fn open_house() -> Desk {
    let mut desk = Desk::new();
    desk.person("ana", Verb::Serve, &[], r#"{"served":["CN","PH"]}"#).unwrap();
    for (code, class, grade, kind) in [
        ("SHARES", "equity", "R4", "index"),
        ("BONDS", "bond", "R2", "index"),
        ("MONEY", "cash", "R1", "money"),
    ] {
        let product = format!(
            r#"{{"product":{{"code":"{code}","class":"{class}","issuer_grade":"{grade}","own_grade":"R1","kind":"{kind}",
            "minimum_minor":100,"purchase_fee_bp":5,"redemption_fees":[[7,150]],"yearly_cost_bp":30}},"conflict":""}}"#
        );
        desk.person("ana", Verb::ListProduct, &[], &product).unwrap();
        desk.person("ana", Verb::PublishPrices, &[], &prices(code)).unwrap();
    }
    let model = r#"{"model":{"id":"middle","version":1,"class":"C4","weights_bp":{"SHARES":4000,"BONDS":4000,"MONEY":2000}}}"#;
    desk.person("ana", Verb::RegisterModel, &[], model).unwrap();
    for person in ["ana", "bo"] {
        desk.person(person, Verb::ApproveModel, &["middle", "1"], "{}").unwrap();
    }
    desk
}

/// Ten years of month ends up to the day before today, written without chance.
fn prices(code: &str) -> String {
    let mut price = 10_000.0f64;
    let (drift, swing) = match code {
        "SHARES" => (0.006, 0.04),
        "BONDS" => (0.003, 0.009),
        _ => (0.001, 0.0001),
    };
    let mut list = Vec::new();
    for month in 0..122 {
        let (year, of_year) = (2016 + month / 12, month % 12 + 1);
        let day = if month == 121 { 27 } else { 28 };
        // A sum of incommensurable waves is as good as noise here.
        let wave = (month as f64 * 1.7 + drift * 900.0).sin() + (month as f64 * 0.61).cos();
        price *= 1.0 + drift + swing * wave * 0.7;
        list.push(format!("[\"{year:04}-{of_year:02}-{day}\",\"{price:.4}\"]"));
    }
    format!(r#"{{"product":"{code}","prices":[{}]}}"#, list.join(","))
}

/// A user with a profile, a mandate and a goal; returns the goal's id.
pub(crate) fn settle(desk: &mut Desk, user: &str) -> String {
    let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
    desk.member(Verb::Assess, &[], &answers(user, &form, 2)).unwrap();
    let mandate = format!(r#"{{"user":"{user}","managed":false,"turnover_year_bp":20000}}"#);
    desk.member(Verb::SignMandate, &[], &mandate).unwrap();
    let goal = format!(
        r#"{{"user":"{user}","kind":"home","name":"A flat","until":"2036-03-01","monthly_minor":50000,"target_minor":20000000}}"#
    );
    text(&desk.member(Verb::SetGoal, &[], &goal).unwrap(), "id")
}
