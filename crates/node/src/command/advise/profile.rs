//! `sojourn advise profile`: the questionnaire, asked on the terminal or answered from a file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use advice::Code;
use advice::calendar::Day;
use advice::profile::{Answers, Question, Questionnaire, RiskProfile, assess};
use advice::suitability::Policy;
use anyhow::{Context, bail};
use clap::Args;
use outlet::Outlet;

use super::{source, table};

/// The questionnaire, and the class that follows from answers
#[derive(Args)]
pub(super) struct Profile {
    /// Answers as JSON: {"chosen": {"income": 2, …}, "age_years": 40, "full_capacity": true}; asked for if left out
    #[arg(long)]
    answers: Option<PathBuf>,
    /// Only print the questionnaire
    #[arg(long)]
    questions: bool,
    /// Ask in Simplified Chinese
    #[arg(long)]
    chinese: bool,
    /// The amount in question, so that losses are asked in money
    #[arg(long, value_parser = table::parse_money, default_value = "10000")]
    amount: i64,
    /// Day of the answers
    #[arg(long)]
    day: String,
    /// Write the profile for `propose`
    #[arg(long)]
    output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Profile {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let form = Questionnaire::first();
        if self.questions {
            if self.json {
                print!("{}", form.to_json().pretty());
            } else {
                form.questions.iter().for_each(|q| self.print(q));
            }
            return Ok(());
        }
        let mut answers = match &self.answers {
            Some(path) => self.read(&form, path)?,
            None => self.ask(&form)?,
        };
        let policy = Policy::default();
        let profile = match assess(&form, &answers, &policy) {
            Err(refusal) if refusal.code == Code::ProfileContradictory && self.answers.is_none() => {
                println!("\n{}\nPlease look at the questions once again.", refusal.message);
                answers = Answers { asked_again: true, ..self.ask(&form)? };
                assess(&form, &answers, &policy)?
            }
            other => other?,
        };
        if let Some(path) = &self.output {
            source::write(path, &profile.to_json().pretty())?;
        }
        if self.json {
            print!("{}", profile.to_json().pretty());
        } else {
            show(&profile);
        }
        Ok(())
    }

    fn text(&self, english: &str, chinese: &str) -> String {
        let mut text = if self.chinese { chinese } else { english }.to_owned();
        while let Some((before, rest)) = text.clone().split_once("{loss ") {
            let Some((share, after)) = rest.split_once('}') else { break };
            let loss = self.amount / 100 * share.parse::<i64>().unwrap_or(0);
            text = format!("{before}{}{after}", table::money(loss));
        }
        text
    }

    fn print(&self, question: &Question) {
        println!("\n{}  {}", question.id, self.text(question.english, question.chinese));
        for (place, choice) in question.choices.iter().enumerate() {
            println!("  {place}  {}", self.text(choice.english, choice.chinese));
        }
    }

    fn day(&self) -> anyhow::Result<Day> {
        Day::parse(&self.day).with_context(|| format!("{} is no date like 2026-05-31", self.day))
    }

    fn read(&self, form: &Questionnaire, path: &std::path::Path) -> anyhow::Result<Answers> {
        let json = source::read_json(path)?;
        let Some(advice::Json::Object(chosen)) = json.member("chosen") else {
            bail!("the answers lack \"chosen\"")
        };
        let option = |value: &advice::Json| value.as_whole().and_then(|v| usize::try_from(v).ok());
        let chosen: Option<BTreeMap<String, usize>> =
            chosen.iter().map(|(id, value)| option(value).map(|v| (id.clone(), v))).collect();
        let truth =
            |key: &str, default: bool| json.member(key).and_then(advice::Json::as_bool).unwrap_or(default);
        let age = json
            .member("age_years")
            .and_then(advice::Json::as_whole)
            .context("the answers lack \"age_years\"")?;
        Ok(Answers {
            questionnaire: form.version.clone(),
            chosen: chosen.context("an answer is no option number")?,
            day: self.day()?,
            age_years: u32::try_from(age).context("age_years")?,
            full_capacity: truth("full_capacity", true),
            asked_again: truth("asked_again", false),
            attempts: (0, 0),
        })
    }

    fn ask(&self, form: &Questionnaire) -> anyhow::Result<Answers> {
        let mut chosen = BTreeMap::new();
        for question in &form.questions {
            self.print(question);
            let choice = number("your answer", question.choices.len() - 1)?;
            chosen.insert(question.id.to_owned(), choice);
        }
        Ok(Answers {
            questionnaire: form.version.clone(),
            chosen,
            day: self.day()?,
            age_years: number("\nyour age in years", 130)? as u32,
            full_capacity: true,
            asked_again: false,
            attempts: (0, 0),
        })
    }
}

fn number(what: &str, most: usize) -> anyhow::Result<usize> {
    loop {
        print!("{what} (0 to {most}): ");
        Outlet.flush()?;
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line)? == 0 {
            bail!("the answers ended early");
        }
        match line.trim().parse() {
            Ok(value) if value <= most => return Ok(value),
            _ => println!("a number from 0 to {most}, please"),
        }
    }
}

fn show(profile: &RiskProfile) {
    println!("{}{}\n", profile.class.name(), if profile.lowest { ", lowest category" } else { "" });
    let rows = [
        ("capacity", profile.capacity),
        ("willingness", profile.willingness),
        ("knowledge", profile.knowledge),
    ];
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(name, score)| vec![(*name).into(), score.to_string()]).collect();
    table::print(&["score", "of 100"], &rows);
    println!("\nwhy:");
    profile.reasons.iter().for_each(|reason| println!("  {reason}"));
    println!("\nvalid until {}; you may contest it by answering again", profile.expires);
}
