//! Why something was not done: a code, the rule, the limit, what was asked and the nearest value that would be
//! accepted. It knows nothing of transport; a service turns it into problem details.

use crate::json::Json;

/// A refusal is an answer, not a failure of the machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Which rule of the closed list refused.
    pub code: Code,
    /// One plain sentence for a person.
    pub message: String,
    /// The constraint or rule by its own name.
    pub rule: String,
    /// The limit in the rule's own unit.
    pub limit: Option<f64>,
    /// What was asked or found, same unit.
    pub actual: Option<f64>,
    /// The nearest value that would have been accepted, same unit.
    pub nearest: Option<f64>,
    /// What to change.
    pub remedy: Box<str>,
}

impl Refusal {
    /// A refusal without numbers; add them with the methods below.
    pub fn new(code: Code, rule: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
            rule: rule.into(),
            limit: None,
            actual: None,
            nearest: None,
            remedy: Box::default(),
        }
    }

    /// Adds the limit and what was found.
    pub fn found(mut self, limit: f64, actual: f64) -> Refusal {
        self.limit = Some(limit);
        self.actual = Some(actual);
        self
    }

    /// Adds the nearest acceptable value.
    pub fn nearest(mut self, nearest: f64) -> Refusal {
        self.nearest = Some(nearest);
        self
    }

    /// Adds what the asker can change.
    pub fn remedy(mut self, remedy: impl Into<Box<str>>) -> Refusal {
        self.remedy = remedy.into();
        self
    }

    /// Reads a recorded refusal; none if this is no refusal of the closed list.
    pub fn from_json(json: &Json) -> Option<Refusal> {
        let text = |key: &str| json.member(key).and_then(Json::as_text);
        let number = |key: &str| json.member(key).and_then(Json::as_number);
        Some(Refusal {
            code: Code::parse(text("code")?)?,
            message: text("message")?.to_owned(),
            rule: text("rule")?.to_owned(),
            limit: number("limit"),
            actual: number("actual"),
            nearest: number("nearest"),
            remedy: text("remedy")?.into(),
        })
    }

    /// The refusal as canonical JSON, every field always present.
    pub fn to_json(&self) -> Json {
        let number = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(Json::Null, Json::Number);
        Json::object([
            ("code", Json::text(self.code.name())),
            ("message", Json::text(&self.message)),
            ("rule", Json::text(&self.rule)),
            ("limit", number(self.limit)),
            ("actual", number(self.actual)),
            ("nearest", number(self.nearest)),
            ("remedy", Json::text(self.remedy.as_ref())),
        ])
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} [{}]", self.code.name(), self.message, self.rule)?;
        for (label, value) in [("limit", self.limit), ("actual", self.actual), ("nearest", self.nearest)] {
            if let Some(value) = value {
                write!(f, "; {label} {value}")?;
            }
        }
        if self.remedy.is_empty() { Ok(()) } else { write!(f, ". {}", self.remedy) }
    }
}

impl std::error::Error for Refusal {}

macro_rules! codes {
    ($($variant:ident $name:literal $why:literal,)*) => {
        /// The closed list of refusals.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $why] $variant,)* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// Reads a code as it is sent and stored.
            pub fn parse(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The code as it is sent and stored.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }
        }
    };
}

codes! {
    ProfileMissing "PROFILE_MISSING" "No risk profile is on record.",
    ProfileExpired "PROFILE_EXPIRED" "The profile is older than its validity.",
    ProfileContradictory "PROFILE_CONTRADICTORY" "Answers contradict each other and were not resolved.",
    ProfileAttempts "PROFILE_ATTEMPTS" "Too many assessments in a day or a year.",
    AnswerUnknown "ANSWER_UNKNOWN" "An answer names no question or option of the questionnaire.",
    ClassLowestR1Only "CLASS_LOWEST_R1_ONLY" "The lowest category may hold R1 products only.",
    ProductAboveClass "PRODUCT_ABOVE_CLASS" "A product's grade is above the investor's class.",
    PortfolioAboveClass "PORTFOLIO_ABOVE_CLASS" "The portfolio's grade is above the investor's class.",
    LossLimitExceeded "LOSS_LIMIT_EXCEEDED" "The twelve-month loss measure is above the class limit.",
    MinorOrNoCapacity "MINOR_OR_NO_CAPACITY" "The investor lacks full legal capacity.",
    JurisdictionNotServed "JURISDICTION_NOT_SERVED" "Advice is not offered in this jurisdiction.",
    MandateMissing "MANDATE_MISSING" "The action needs a mandate.",
    MandateRevoked "MANDATE_REVOKED" "The mandate was revoked.",
    MandateExceeded "MANDATE_EXCEEDED" "The action goes beyond the mandate.",
    SingleFundCap "SINGLE_FUND_CAP" "One fund would exceed its share of the entrusted assets.",
    FundCapacity "FUND_CAPACITY" "All clients together would exceed the fund's capacity.",
    TurnoverBudget "TURNOVER_BUDGET" "The turnover budget is used up.",
    WashSale "WASH_SALE" "Buying now would put off a loss that was taken.",
    ShortHoldingFee "SHORT_HOLDING_FEE" "Selling now costs a short-holding fee.",
    BelowMinimum "BELOW_MINIMUM" "An order is below the product's minimum.",
    NotALot "NOT_A_LOT" "An order is not a whole number of lots.",
    CashReserved "CASH_RESERVED" "The cash belongs to the reserve.",
    Unsettled "UNSETTLED" "Units are not settled yet.",
    FundSuspended "FUND_SUSPENDED" "The fund takes no orders.",
    AfterCutoff "AFTER_CUTOFF" "Too late for today; accepted for the next day.",
    PriceStale "PRICE_STALE" "A price is too old.",
    PriceJump "PRICE_JUMP" "A price moved more than is believable.",
    TooFewObservations "TOO_FEW_OBSERVATIONS" "History is too short for the number of assets.",
    CovarianceNotPd "COVARIANCE_NOT_PD" "A matrix is not positive definite where it must be.",
    NanOrInf "NAN_OR_INF" "A number is missing or not finite.",
    DuplicateAsset "DUPLICATE_ASSET" "The same asset appears twice.",
    MalformedTable "MALFORMED_TABLE" "A table or document cannot be read.",
    Infeasible "INFEASIBLE" "Limits contradict each other.",
    NoPositiveExcessReturn "NO_POSITIVE_EXCESS_RETURN" "Nothing earns more than the risk-free rate.",
    NodeLimit "NODE_LIMIT" "The search stopped before its proof.",
    ResidualTooLarge "RESIDUAL_TOO_LARGE" "The solution failed its own verification.",
    GoalUnreachable "GOAL_UNREACHABLE" "The goal cannot be reached with this plan.",
    StrategyBeforeProfile "STRATEGY_BEFORE_PROFILE" "No strategy is shown before the profile is known.",
    PerformanceTooShort "PERFORMANCE_TOO_SHORT" "Shown performance must span a year at least.",
    BenchmarkMissing "BENCHMARK_MISSING" "A back-test must show its benchmark rows.",
    PromiseWording "PROMISE_WORDING" "A text promises a return.",
    ProposalExpired "PROPOSAL_EXPIRED" "The proposal is too old.",
    InputsChanged "INPUTS_CHANGED" "The inputs changed since the proposal.",
    IdempotencyConflict "IDEMPOTENCY_CONFLICT" "The same key came with another request.",
    ModelNotApproved "MODEL_NOT_APPROVED" "The model lacks two approvals.",
    KillSwitch "KILL_SWITCH" "The operator stopped the service.",
    ReviewPending "REVIEW_PENDING" "A person must look at the proposal first.",
    NotKnown "NOT_KNOWN" "There is nothing of this name for the one who asks.",
    OutOfRange "OUT_OF_RANGE" "An argument lies outside its range.",
}
