//! What judging a payment came to, with the reasons and the versions that made it, and its canonical bytes for the
//! journal. Does not know how it was reached.

use crate::Error;

/// What is to be done with a payment, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Decision {
    /// Let it through.
    #[default]
    Approve = 0,
    /// Let it through once the payer has proven more.
    StepUp = 1,
    /// Hold it for a person.
    Review = 2,
    /// Do not let it through.
    Decline = 3,
}

impl Decision {
    /// Every decision, mildest first.
    pub const ALL: [Self; 4] = [Self::Approve, Self::StepUp, Self::Review, Self::Decline];

    /// The word used for it in texts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::StepUp => "step-up",
            Self::Review => "review",
            Self::Decline => "decline",
        }
    }

    /// The decision of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.word() == word)
    }
}

/// Why, most severe first. Texts are looked up in the versions the verdict names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A stop on a party or corridor.
    Stopped {
        /// What is stopped.
        subject: crate::Key,
    },
    /// What screening says of a party.
    Screening(crate::Screening),
    /// A limit of a party or corridor would be exceeded.
    Limit {
        /// Whose limit it is.
        subject: crate::Key,
    },
    /// A live rule.
    Rule {
        /// Number of the rule in its set.
        rule: u16,
    },
    /// The model's score reached a threshold.
    Model,
    /// Something needed to judge was missing, and the failure policy decided.
    Degraded(Lack),
}

/// What can be missing when a payment is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Lack {
    /// The windows are being rebuilt or lag behind.
    Windows = 1,
    /// There is no live model, or it is of other features.
    Model = 2,
    /// A rule could not be evaluated.
    Rule = 4,
    /// The lists are older than allowed.
    Lists = 8,
    /// A party's screening status is not known.
    Screening = 16,
}

impl Lack {
    /// Every lack.
    pub const ALL: [Self; 5] = [Self::Windows, Self::Model, Self::Rule, Self::Lists, Self::Screening];

    /// The word used for it in texts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Model => "model",
            Self::Rule => "rule",
            Self::Lists => "lists",
            Self::Screening => "screening",
        }
    }
}

/// How much one feature moved the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Slot of the feature.
    pub slot: u16,
    /// Millionths of log odds.
    pub micro: i64,
}

/// The versions that judged: keys of the texts they were read from, zero where there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// Feature declarations.
    pub features: u64,
    /// Rule set.
    pub rules: u64,
    /// Live model.
    pub model: u64,
    /// Named lists, as of the last change.
    pub lists: u64,
    /// Failure policy, thresholds and limits.
    pub policy: u64,
}

/// The judgement of one payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What is to be done.
    pub decision: Decision,
    /// Why, most severe first, at most [`REASONS_MAX`].
    pub reasons: Vec<Reason>,
    /// The model's calibrated probability of fraud, parts per million.
    pub score_ppm: u32,
    /// The model's score: millionths of log odds before calibration. Equals the base plus all contributions.
    pub micro: i64,
    /// What moved the score, strongest first; empty for plain approvals.
    pub contributions: Vec<Contribution>,
    /// Rules in shadow that would have acted.
    pub shadow_rules: Vec<u16>,
    /// Probability of the model in shadow, if there is one.
    pub shadow_score_ppm: Option<u32>,
    /// Bits of every [`Lack`].
    pub lacks: u8,
    /// What judged.
    pub versions: Versions,
}

/// Most reasons a verdict carries.
pub const REASONS_MAX: usize = 5;

/// First byte of an encoded verdict.
const RECORD_VERSION: u8 = 1;

impl Verdict {
    /// Appends the canonical bytes: equal verdicts, equal bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let short = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
        out.extend_from_slice(&[RECORD_VERSION, self.decision as u8, self.lacks]);
        out.extend_from_slice(&self.score_ppm.to_le_bytes());
        out.extend_from_slice(&self.micro.to_le_bytes());
        out.extend_from_slice(&self.shadow_score_ppm.unwrap_or(u32::MAX).to_le_bytes());
        let Versions { features, rules, model, lists, policy } = self.versions;
        [features, rules, model, lists, policy]
            .iter()
            .for_each(|one| out.extend_from_slice(&one.to_le_bytes()));
        out.extend_from_slice(&short(self.reasons.len()));
        for reason in &self.reasons {
            let (tag, value) = match *reason {
                Reason::Stopped { subject } => (0u8, subject.0),
                Reason::Screening(status) => (1, status as u64),
                Reason::Limit { subject } => (2, subject.0),
                Reason::Rule { rule } => (3, u64::from(rule)),
                Reason::Model => (4, 0),
                Reason::Degraded(lack) => (5, lack as u64),
            };
            out.push(tag);
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.extend_from_slice(&short(self.contributions.len()));
        for contribution in &self.contributions {
            out.extend_from_slice(&contribution.slot.to_le_bytes());
            out.extend_from_slice(&contribution.micro.to_le_bytes());
        }
        out.extend_from_slice(&short(self.shadow_rules.len()));
        self.shadow_rules.iter().for_each(|rule| out.extend_from_slice(&rule.to_le_bytes()));
    }

    /// Reads a verdict from the front of `bytes` and returns how many bytes it took.
    ///
    /// # Errors
    /// [`Error::Bytes`] where the bytes are not what [`Verdict::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), Error> {
        let mut from = Reader { bytes, at: 0 };
        if from.byte()? != RECORD_VERSION {
            return Err(Error::Bytes { at: 0, what: "verdict record version 1" });
        }
        let decision = usize::from(from.byte()?);
        let decision = *Decision::ALL.get(decision).ok_or(Error::Bytes { at: 1, what: "a decision" })?;
        let lacks = from.byte()?;
        let score_ppm = u32::from_le_bytes(from.take()?);
        let micro = i64::from_le_bytes(from.take()?);
        let shadow = u32::from_le_bytes(from.take()?);
        let mut long = || from.take().map(u64::from_le_bytes);
        let versions =
            Versions { features: long()?, rules: long()?, model: long()?, lists: long()?, policy: long()? };
        let reasons = (0..from.short()?).map(|_| from.reason()).collect::<Result<_, _>>()?;
        let contributions = (0..from.short()?)
            .map(|_| Ok(Contribution { slot: from.short()?, micro: i64::from_le_bytes(from.take()?) }))
            .collect::<Result<_, _>>()?;
        let shadow_rules = (0..from.short()?).map(|_| from.short()).collect::<Result<_, _>>()?;
        let shadow_score_ppm = (shadow != u32::MAX).then_some(shadow);
        let verdict = Self {
            decision,
            reasons,
            score_ppm,
            micro,
            contributions,
            shadow_rules,
            shadow_score_ppm,
            lacks,
            versions,
        };
        Ok((verdict, from.at))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.bytes.get(self.at..self.at + N).and_then(|part| part.try_into().ok());
        let taken = taken.ok_or(Error::Bytes { at: self.at, what: "more of the verdict" })?;
        self.at += N;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn short(&mut self) -> Result<u16, Error> {
        self.take().map(u16::from_le_bytes)
    }

    fn reason(&mut self) -> Result<Reason, Error> {
        let at = self.at;
        let tag = self.byte()?;
        let value = u64::from_le_bytes(self.take()?);
        let wrong = Error::Bytes { at, what: "a reason" };
        Ok(match tag {
            0 => Reason::Stopped { subject: crate::Key(value) },
            1 => Reason::Screening(match value {
                0 => crate::Screening::Unknown,
                1 => crate::Screening::Clear,
                2 => crate::Screening::Possible,
                3 => crate::Screening::Listed,
                _ => return Err(wrong),
            }),
            2 => Reason::Limit { subject: crate::Key(value) },
            3 => Reason::Rule { rule: u16::try_from(value).map_err(|_| wrong)? },
            4 if value == 0 => Reason::Model,
            5 => Reason::Degraded(Lack::ALL.into_iter().find(|lack| *lack as u64 == value).ok_or(wrong)?),
            _ => return Err(wrong),
        })
    }
}
