//! What the score's thresholds are and what is decided when something needed to judge is missing, by amount and
//! corridor, written down in text. Does not notice that something is missing.
//!
//! ```text
//! score step-up 100000            # parts per million
//! score review  300000
//! score decline 900000
//! lists_age_max 24h
//! lack screening review
//! lack windows up 2000 corridor TH-SG approve
//! lack windows up 20000 step-up
//! lack windows review
//! held review up 50000 approve      # let through, with a case for a person
//! held review decline
//! held step-up approve
//! hit up 2000 review               # a party may be on a sanctions list
//! hit decline
//! held hit decline
//! ```
//! The first line of a lack that fits decides; the last one of each lack must fit always. `held` says whether a payment
//! that is to be reviewed, or whose payer is to prove more, is let through meanwhile; where nothing is said, it is not.
//! `hit` says what is decided where a party may be on a list (review where nothing is said), and `held hit` whether such
//! a payment is let through while people look at it; a party that is on a list is always declined.

use crate::verdict::{Decision, Lack};
use crate::{Error, Facts, Key, Screening};

/// Thresholds and the failure table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    thresholds: [u32; 4],
    lists_age_max_ms: i64,
    failures: Vec<Failure>,
    held: Vec<Held>,
    hits: Vec<Hit>,
    version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failure {
    lack: Lack,
    up_minor: Option<i64>,
    corridor: Option<Key>,
    decision: Decision,
}

/// What is decided where a party may be on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hit {
    up_minor: Option<i64>,
    corridor: Option<Key>,
    decision: Decision,
}

/// Whether what is held is let through meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    /// Nothing stands for whatever is held because a party may be on a list.
    decision: Option<Decision>,
    up_minor: Option<i64>,
    corridor: Option<Key>,
    passes: bool,
}

impl Policy {
    /// The policy of a bank-like house, which the commands start with: closed for sanctions, open below 20.00 and held above 200.00 for windows,
    /// rules alone while there is no model.
    pub const DEFAULT: &str = "\
score step-up 200000
score review  500000
score decline 950000
lists_age_max 24h
lack screening review
lack lists up 2000 approve
lack lists review
lack windows up 2000 approve
lack windows up 20000 step-up
lack windows review
lack model approve
lack rule step-up
";

    /// Reads a policy.
    ///
    /// # Errors
    /// [`Error::Line`] for a line that cannot be taken, [`Error::Whole`] for a lack that nothing always decides.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut policy = Self {
            thresholds: [u32::MAX; 4],
            lists_age_max_ms: 0,
            failures: Vec::new(),
            held: Vec::new(),
            hits: Vec::new(),
            version: Key::of(text).0,
        };
        for (index, line) in text.lines().enumerate() {
            let body = line.split('#').next().unwrap_or("").trim();
            if body.is_empty() {
                continue;
            }
            let words: Vec<&str> = body.split_whitespace().collect();
            policy.take(&words).map_err(|what| Error::line(index + 1, what))?;
        }
        if policy.lists_age_max_ms == 0 {
            return Err(Error::Whole("the policy does not say lists_age_max".into()));
        }
        for lack in Lack::ALL {
            let last = policy.failures.iter().rfind(|failure| failure.lack == lack);
            if !last.is_some_and(|failure| failure.up_minor.is_none() && failure.corridor.is_none()) {
                let what = format!(
                    "the last line of `lack {}` must hold for every amount and corridor",
                    lack.word()
                );
                return Err(Error::Whole(what));
            }
        }
        let [_, step_up, review, decline] = policy.thresholds;
        if step_up > review || review > decline {
            return Err(Error::Whole("score thresholds must rise from step-up to review to decline".into()));
        }
        Ok(policy)
    }

    fn take(&mut self, words: &[&str]) -> Result<(), String> {
        match *words {
            ["score", decision, ppm] => {
                let decision = Decision::from_word(decision).filter(|one| *one != Decision::Approve);
                let decision = decision.ok_or("score step-up, review or decline PPM")?;
                let ppm = ppm.parse().ok().filter(|ppm| *ppm <= 1_000_000);
                self.thresholds[decision as usize] = ppm.ok_or("parts per million: 0 to 1000000")?;
            }
            ["lists_age_max", hours] => {
                let hours = hours.strip_suffix('h').and_then(|hours| hours.parse::<i64>().ok());
                let hours = hours
                    .filter(|hours| (1..=24 * 31).contains(hours))
                    .ok_or("hours, as 24h, at most 744h")?;
                self.lists_age_max_ms = hours * 3_600_000;
            }
            ["lack", lack, ref rest @ .., decision] => {
                let known = Lack::ALL.into_iter().find(|known| known.word() == lack);
                let lack =
                    known.ok_or(format!("{lack}: windows, model, rule, lists or screening expected"))?;
                let word = decision;
                let decision = Decision::from_word(word)
                    .ok_or(format!("{word}: approve, step-up, review or decline expected"))?;
                let (up_minor, corridor) = within(rest)?;
                self.failures.push(Failure { lack, up_minor, corridor, decision });
            }
            ["hit", ref rest @ .., word] => {
                let decision = Decision::from_word(word);
                let decision = decision
                    .filter(|one| matches!(one, Decision::Review | Decision::Decline))
                    .ok_or(format!("{word}: review or decline expected"))?;
                let (up_minor, corridor) = within(rest)?;
                self.hits.push(Hit { up_minor, corridor, decision });
            }
            ["held", held, ref rest @ .., word] => {
                let known = Decision::from_word(held);
                let decision = match known.filter(|one| matches!(one, Decision::Review | Decision::StepUp)) {
                    Some(decision) => Some(decision),
                    None if held == "hit" => None,
                    None => return Err(format!("{held}: review, step-up or hit expected")),
                };
                let passes = match word {
                    "approve" => true,
                    "decline" => false,
                    other => return Err(format!("{other}: approve or decline expected")),
                };
                let (up_minor, corridor) = within(rest)?;
                self.held.push(Held { decision, up_minor, corridor, passes });
            }
            _ => return Err(format!("{}: score, lists_age_max, lack, hit or held expected", words[0])),
        }
        Ok(())
    }

    /// What a probability of fraud asks for.
    #[must_use]
    pub fn scored(&self, ppm: u32) -> Decision {
        let [_, step_up, review, decline] = self.thresholds;
        match ppm {
            _ if ppm >= decline => Decision::Decline,
            _ if ppm >= review => Decision::Review,
            _ if ppm >= step_up => Decision::StepUp,
            _ => Decision::Approve,
        }
    }

    /// What is decided of a payment when something is missing.
    #[must_use]
    pub fn lacking(&self, lack: Lack, facts: &Facts) -> Decision {
        let fits = |failure: &&Failure| {
            failure.lack == lack
                && failure.up_minor.is_none_or(|up| facts.amount_minor <= up)
                && failure.corridor.is_none_or(|corridor| facts.corridor == corridor)
        };
        self.failures.iter().find(fits).map_or(Decision::Review, |failure| failure.decision)
    }

    /// What is decided of a payment of which a party may be on a list: a person is to look at it, unless the policy says
    /// decline.
    #[must_use]
    pub fn possible(&self, facts: &Facts) -> Decision {
        let fits = |hit: &&Hit| {
            hit.up_minor.is_none_or(|up| facts.amount_minor <= up)
                && hit.corridor.is_none_or(|corridor| facts.corridor == corridor)
        };
        self.hits.iter().find(fits).map_or(Decision::Review, |hit| hit.decision)
    }

    /// Whether a payment of this verdict is let through now.
    #[must_use]
    pub fn passes(&self, decision: Decision, facts: &Facts) -> bool {
        // A payment of somebody who may be listed is held by lines of its own, whatever else is to be looked at.
        let hit = facts.screening == Screening::Possible && decision == Decision::Review;
        let what = (!hit).then_some(decision);
        let fits = |held: &&Held| {
            held.decision == what
                && held.up_minor.is_none_or(|up| facts.amount_minor <= up)
                && held.corridor.is_none_or(|corridor| facts.corridor == corridor)
        };
        match decision {
            Decision::Approve => true,
            Decision::Decline => false,
            Decision::Review | Decision::StepUp => {
                self.held.iter().find(fits).is_some_and(|held| held.passes)
            }
        }
    }

    /// Oldest that sanctions lists may be, milliseconds.
    #[must_use]
    pub fn lists_age_max_ms(&self) -> i64 {
        self.lists_age_max_ms
    }

    /// The key of the text the policy was read from.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }
}

/// `[up AMOUNT] [corridor FROM-TO]`.
fn within(words: &[&str]) -> Result<(Option<i64>, Option<Key>), String> {
    let (mut up_minor, mut corridor) = (None, None);
    for pair in words.chunks(2) {
        match *pair {
            ["up", amount] => {
                let amount = amount.parse().ok().filter(|amount: &i64| *amount > 0);
                up_minor = Some(amount.ok_or("up AMOUNT in minor units")?);
            }
            ["corridor", named] => corridor = Some(Key::of(named)),
            _ => return Err("only `up AMOUNT` and `corridor FROM-TO` may narrow a line".into()),
        }
    }
    Ok((up_minor, corridor))
}
