//! Who asks what, and when. The closed list of verbs is the whole surface of the service.

use advice::Json;
use advice::calendar::Day;

/// One call, its body read but not yet understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Who asks, proven.
    pub who: Who,
    /// What is asked.
    pub verb: Verb,
    /// What the path names, in its order.
    pub names: Vec<String>,
    /// The body of a change, or the query of a look, as an object.
    pub body: Json,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A member, by its client id. It speaks for its users and sees nobody else's.
    Member(String),
    /// A person of the house, by name.
    Person(String),
    /// The operator's tools. They may do what needs no second person.
    Operator,
}

/// When something is asked. Time is an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub at_ms: i64,
}

impl Moment {
    /// The day, UTC.
    pub fn day(self) -> Day {
        Day(i32::try_from(self.at_ms.div_euclid(86_400_000)).unwrap_or(i32::MAX / 2))
    }

    /// Minute of the day, UTC.
    pub fn minute(self) -> i64 {
        self.at_ms.div_euclid(60_000).rem_euclid(1_440)
    }
}

/// Who may use a verb, and whether it changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Members look.
    MemberLook,
    /// Members change; a request id is needed.
    MemberChange,
    /// The house looks.
    HouseLook,
    /// The house changes; a request id is needed.
    HouseChange,
}

macro_rules! verbs {
    ($($variant:ident $name:literal $access:ident $why:literal,)*) => {
        /// Everything that can be asked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Verb { $(#[doc = $why] $variant,)* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Verb::$variant,)*];

            /// The verb as it is recorded.
            pub fn name(self) -> &'static str {
                match self { $(Verb::$variant => $name,)* }
            }

            /// Who may use it.
            pub fn access(self) -> Access {
                match self { $(Verb::$variant => Access::$access,)* }
            }
        }
    };
}

verbs! {
    Questionnaire "questionnaire" MemberLook "The published questions.",
    Assess "profile" MemberChange "A user's answers become a profile.",
    Profile "look-profile" MemberLook "A profile.",
    Overview "overview" MemberLook "Everything a user has, by id.",
    SetGoal "goal" MemberChange "A user's goal, and its plan.",
    ChangeGoal "goal-change" MemberChange "A goal is changed.",
    Projection "projection" MemberLook "What may become of a goal.",
    Models "models" MemberLook "The models a user may follow.",
    Product "product" MemberLook "One product a user may hold.",
    Propose "proposal" MemberChange "A proposal is asked for.",
    Proposal "look-proposal" MemberLook "A proposal and its state.",
    Accept "accept" MemberChange "A proposal is accepted and its orders are booked.",
    Decline "decline" MemberChange "A proposal is declined.",
    Fill "fill" MemberChange "An order was carried out, or was not.",
    Portfolio "portfolio" MemberLook "What a plan holds.",
    Performance "performance" MemberLook "How a plan did.",
    Drift "drift" MemberLook "How far a plan is from its model.",
    Lots "lots" MemberLook "A plan's holdings lot by lot.",
    Tax "tax" MemberLook "What a plan gained and lost for tax.",
    SignMandate "mandate" MemberChange "A user gives a permission.",
    Revoke "revocation" MemberChange "A user takes the permission back.",
    SetCashRules "cash-rules" MemberChange "What may move from the wallet by itself.",
    MoveCash "cash-move" MemberChange "A payment or a day's end: what is to move now.",
    Optimise "optimise" MemberLook "Weights, and nothing else.",
    Backtest "backtest" MemberChange "A walk-forward test with its benchmark rows.",
    LookBacktest "look-backtest" MemberLook "A finished back-test.",
    Rebalance "rebalance-run" MemberChange "All plans of a member are screened.",
    LookRebalance "look-rebalance-run" MemberLook "A finished run.",
    Complain "complaint" MemberChange "A user complains.",
    Records "records" MemberLook "The records of a user, for export.",
    Replay "replay" MemberLook "A proposal is computed again.",
    ListProduct "product-listing" HouseChange "A product is listed, or its terms change.",
    GradeProduct "grade" HouseChange "A product gets another grade of ours.",
    PublishPrices "prices" HouseChange "Prices of a product.",
    RegisterModel "model" HouseChange "A version of a model, not yet in use.",
    ApproveModel "approval" HouseChange "A person approves a version of a model.",
    Switch "switch" HouseChange "The service is stopped or started again.",
    Serve "jurisdictions" HouseChange "Where advice is offered.",
    SetPolicy "policy" HouseChange "The limits in force.",
    SetCalendar "calendar" HouseChange "Days on which nothing is traded.",
    SetTaxRules "tax-rules" HouseChange "What a sale means for tax in one jurisdiction.",
    Release "release" HouseChange "A person has looked at a proposal that needed one.",
    HouseState "house" HouseLook "Models, products, counters and the switch.",
    HouseRecords "house-records" HouseLook "The records of any subject.",
    HouseReport "report" HouseLook "What the house can say of all its users at once.",
    HouseBacktest "house-backtest" HouseLook "A back-test that a member asked for.",
    HouseRun "house-run" HouseLook "A rebalancing run that a member asked for.",
    HouseProposal "house-proposal" HouseLook "Any user's proposal.",
    HouseReplay "house-replay" HouseLook "Any user's proposal is computed again and compared.",
}
