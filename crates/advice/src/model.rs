//! Model portfolios: versioned weights that two people approved, in buckets of class and horizon, with the glide from
//! one bucket to the next. It does not construct them.

use crate::calendar::Day;
use crate::json::Json;
use crate::refusal::{Code, Refusal};
use crate::suitability::Class;

/// A model portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Name of the model.
    pub id: String,
    /// Version, from 1; a version is never edited.
    pub version: i64,
    /// Class it is made for.
    pub class: Class,
    /// Months to the goal it is made for, at most.
    pub horizon_months_max: i64,
    /// Weights by product code, basis points; they sum to 10,000.
    pub weights_bp: Vec<(String, i64)>,
    /// Who approved it.
    pub approvals: Vec<String>,
    /// First day of use.
    pub from: Day,
    /// First day after use, if it ends.
    pub until: Option<Day>,
}

impl Model {
    /// Refuses a model whose weights do not sum to the whole, that two people did not approve, or out of its range.
    pub fn refuse_unusable(&self, today: Day) -> Result<(), Refusal> {
        let sum: i64 = self.weights_bp.iter().map(|(_, w)| *w).fold(0, i64::saturating_add);
        if sum != 10_000 || self.weights_bp.iter().any(|(_, w)| !(0..=10_000).contains(w)) {
            return Err(Refusal::new(
                Code::OutOfRange,
                "sum of model weights",
                "Model weights must sum to 10,000 bp.",
            )
            .found(10_000.0, sum as f64)
            .nearest(10_000.0));
        }
        let mut codes: Vec<&str> = self.weights_bp.iter().map(|(code, _)| code.as_str()).collect();
        codes.sort_unstable();
        if codes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Refusal::new(
                Code::DuplicateAsset,
                "model weights",
                "A product appears twice in the model.",
            ));
        }
        let mut people = self.approvals.clone();
        people.sort();
        people.dedup();
        if people.len() < 2 {
            let message = format!("Model {} version {} lacks two people's approval.", self.id, self.version);
            return Err(Refusal::new(Code::ModelNotApproved, "two-person approval", message)
                .found(2.0, people.len() as f64)
                .nearest(2.0)
                .remedy("A second person must approve it."));
        }
        if today < self.from || self.until.is_some_and(|until| today >= until) {
            let message = format!("Model {} version {} is not in use on {today}.", self.id, self.version);
            return Err(Refusal::new(Code::ModelNotApproved, "range of use", message));
        }
        Ok(())
    }

    /// The model as it is recorded and hashed.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("id", Json::text(&self.id)),
            ("version", Json::Whole(self.version)),
            ("class", Json::text(self.class.name())),
            ("horizon_months_max", Json::Whole(self.horizon_months_max)),
            ("weights_bp", Json::object(self.weights_bp.iter().map(|(c, w)| (c.clone(), Json::Whole(*w))))),
            ("approvals", Json::texts(&self.approvals)),
            ("from", Json::text(self.from.to_string())),
            ("until", self.until.map_or(Json::Null, |day| Json::text(day.to_string()))),
        ])
    }

    /// Reads a model.
    pub fn from_json(json: &Json) -> Result<Model, Refusal> {
        let missing =
            |what: &str| Refusal::new(Code::MalformedTable, "model", format!("The model lacks {what}."));
        let text = |key: &str| json.member(key).and_then(Json::as_text);
        let Some(Json::Object(weights)) = json.member("weights_bp") else {
            return Err(missing("weights_bp"));
        };
        let weights_bp = weights
            .iter()
            .map(|(code, weight)| weight.as_whole().map(|w| (code.clone(), w)))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| missing("whole weights"))?;
        let day = |key: &str| match text(key) {
            None => Ok(None),
            Some(day) => Day::parse(day).map(Some).ok_or_else(|| missing(&format!("a date in {key}"))),
        };
        Ok(Model {
            id: text("id").ok_or_else(|| missing("an id"))?.to_owned(),
            version: json.member("version").and_then(Json::as_whole).unwrap_or(1),
            class: text("class").and_then(Class::parse).ok_or_else(|| missing("a class"))?,
            horizon_months_max: json.member("horizon_months_max").and_then(Json::as_whole).unwrap_or(720),
            weights_bp,
            approvals: json
                .member("approvals")
                .map(Json::elements)
                .unwrap_or_default()
                .iter()
                .filter_map(|a| a.as_text().map(str::to_owned))
                .collect(),
            from: day("from")?.unwrap_or(Day(0)),
            until: day("until")?,
        })
    }
}

/// The model for a class and horizon: the newest usable version of the shortest bucket that still reaches the goal.
/// A model of a lower class serves when the own class has none.
pub fn choose(models: &[Model], class: Class, months: i64, today: Day) -> Result<&Model, Refusal> {
    models
        .iter()
        .filter(|m| m.class <= class && m.horizon_months_max >= months && m.refuse_unusable(today).is_ok())
        .min_by_key(|m| (std::cmp::Reverse(m.class), m.horizon_months_max, std::cmp::Reverse(m.version)))
        .ok_or_else(|| {
            let message = format!("No approved model serves {} over {months} months.", class.name());
            Refusal::new(Code::ModelNotApproved, "model register", message)
        })
}

/// The bucket a plan follows, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Months to the goal that the bucket is made for, at most.
    pub months_max: i64,
    /// First day in it.
    pub since: Day,
}

/// The model a plan follows today. A plan without a bucket gets the one of its horizon; one with a bucket keeps it, or
/// glides one step down when its time has come. The newest usable version of the bucket counts.
pub fn follow(
    models: &[Model],
    class: Class,
    months_left: i64,
    today: Day,
    held: Option<Bucket>,
) -> Result<(&Model, Bucket), Refusal> {
    let fresh = choose(models, class, months_left, today)?;
    let first = (fresh, Bucket { months_max: fresh.horizon_months_max, since: today });
    let usable = || models.iter().filter(|m| m.class == fresh.class && m.refuse_unusable(today).is_ok());
    let mut buckets: Vec<i64> = usable().map(|m| m.horizon_months_max).collect();
    buckets.sort_unstable();
    buckets.dedup();
    let Some((held, current)) =
        held.and_then(|held| Some((held, buckets.iter().position(|b| *b == held.months_max)?)))
    else {
        return Ok(first);
    };
    let quarters_passed = if held.since.plus_months(3) <= today { 3 } else { 0 };
    let next = glide(&buckets, current, months_left, quarters_passed);
    let months_max = buckets[next];
    let newest = usable().filter(|m| m.horizon_months_max == months_max).max_by_key(|m| m.version);
    let since = if next == current { held.since } else { today };
    Ok(newest.map_or(first, |model| (model, Bucket { months_max, since })))
}

/// One step down the glide path: the bucket may fall by one only when a quarter has passed since the last step.
pub fn glide(buckets: &[i64], current: usize, months_left: i64, months_since_step: i64) -> usize {
    let wanted =
        buckets.iter().position(|most| months_left <= *most).unwrap_or(buckets.len().saturating_sub(1));
    if wanted < current && months_since_step >= 3 { current - 1 } else { current }
}

#[cfg(test)]
mod tests;
