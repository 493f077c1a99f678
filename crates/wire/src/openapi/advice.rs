//! The advisory service's part of the document. Its bodies are the adviser's own JSON, so they are described by their
//! fields and not by types of the payment contract.

use serde_json::{Map, Value, json};

use super::prose;

/// Method, path, operation, summary, fields of the body or query (`?` behind what may be left out), what is answered.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const MEMBERS: &[Row] = &[
    (
        "GET",
        "/advice/questionnaire",
        "adviceQuestionnaire",
        "The published questions, in English and Chinese",
        "",
        "version, questions, contradictions",
    ),
    (
        "POST",
        "/advice/profiles",
        "adviceAssess",
        "A user's answers become a risk profile",
        "request_id user jurisdiction age_years full_capacity? questionnaire answers",
        "id, class C1 to C5, scores, contradictions, caps, reasons, expires",
    ),
    ("GET", "/advice/profiles/{id}", "adviceProfile", "A profile", "", "as when it was made"),
    (
        "GET",
        "/advice/users/{user}",
        "adviceUser",
        "Everything a user has, by id",
        "",
        "user, jurisdiction, contradicted, profile, mandate, goals, proposals",
    ),
    (
        "POST",
        "/advice/goals",
        "adviceSetGoal",
        "What the money is for",
        "request_id user kind name until target_minor monthly_minor? required_bp? priority? floor_minor? reserve_minor? excluded?",
        "id and the goal",
    ),
    (
        "PATCH",
        "/advice/goals/{id}",
        "adviceChangeGoal",
        "Change a goal",
        "request_id kind? name? until? target_minor? monthly_minor? required_bp? priority? floor_minor? reserve_minor? excluded?",
        "id and the goal",
    ),
    (
        "GET",
        "/advice/goals/{id}/projection",
        "adviceProjection",
        "What may become of a goal",
        "monthly? years? model?",
        "percentiles for each year, probability with its standard error, assumptions, coverage test",
    ),
    (
        "GET",
        "/advice/models",
        "adviceModels",
        "The models a user may follow; only after a profile",
        "user",
        "models",
    ),
    (
        "GET",
        "/advice/products/{code}",
        "adviceProduct",
        "A product a user may hold; only after a profile",
        "user",
        "product, grade, costs, conflict of interest",
    ),
    (
        "POST",
        "/advice/proposals",
        "advicePropose",
        "Ask for a proposal",
        "request_id goal kind amount_minor?",
        "id, orders, fees, checks, explanation in two languages, alternatives, what was not done, expiry, hashes",
    ),
    (
        "GET",
        "/advice/proposals/{id}",
        "adviceProposal",
        "A proposal and its state",
        "",
        "as when it was made, with its present state",
    ),
    (
        "POST",
        "/advice/proposals/{id}/accept",
        "adviceAccept",
        "Accept a proposal: every rule is asked again and its orders are booked",
        "request_id confirmed?",
        "orders with their trade days, matching opinion",
    ),
    (
        "POST",
        "/advice/proposals/{id}/decline",
        "adviceDecline",
        "Decline a proposal",
        "request_id reason?",
        "id, state",
    ),
    (
        "POST",
        "/advice/orders/{id}/fills",
        "adviceFill",
        "Tell what became of an order",
        "request_id carried_out? units_millionths? amount_minor? fee_minor? day? lots?",
        "cash, payment out, orders still open",
    ),
    (
        "GET",
        "/advice/portfolios/{id}",
        "advicePortfolio",
        "What a goal's plan holds",
        "",
        "value, cash and its share, holdings, open orders, fees",
    ),
    (
        "GET",
        "/advice/portfolios/{id}/performance",
        "advicePerformance",
        "How a plan did",
        "",
        "plain gain always; time-weighted and money-weighted measures from one year on",
    ),
    (
        "GET",
        "/advice/portfolios/{id}/drift",
        "adviceDrift",
        "How far a plan is from its model",
        "",
        "each class with its target, share and band",
    ),
    (
        "GET",
        "/advice/portfolios/{id}/lots",
        "adviceLots",
        "A plan lot by lot",
        "",
        "units, cost, value, redemption fee today and when it falls",
    ),
    (
        "GET",
        "/advice/portfolios/{id}/tax",
        "adviceTax",
        "What a plan gained and lost for tax",
        "",
        "rules in force, this tax year's gains of all goals by term, sales, lots with cost and term, losses that could be taken and what stands in their way",
    ),
    (
        "POST",
        "/advice/mandates",
        "adviceSignMandate",
        "A user's permission",
        "request_id user turnover_year_bp managed? funds?",
        "id and the mandate",
    ),
    ("DELETE", "/advice/mandates/{id}", "adviceRevoke", "Revoke it, at once", "request_id", "id, day"),
    (
        "POST",
        "/advice/cash-rules",
        "adviceCashRules",
        "What may move from the wallet by itself",
        "request_id user goal sweep? round_up_step_minor? wallet_reserve_minor? emergency_minor? minimum_minor?",
        "the rules",
    ),
    (
        "POST",
        "/advice/cash-moves",
        "adviceCashMove",
        "What is to move now",
        "request_id user balance_minor paid_minor? refunded_minor? outflows_30_days_minor? due_30_days_minor?",
        "round-up, what waits, what moves to the reserve and to the goal",
    ),
    (
        "POST",
        "/advice/optimise",
        "adviceOptimise",
        "Weights and their certificate; recorded nowhere",
        "returns? moments? objective? estimator? cap? floor? groups? mean_min? held? cost_bp? turnover_max? turnover_each_max? free? aversion? confidence? assets_max? weight_min? periods_yearly?",
        "weights, active constraints and their prices, gap, residual",
    ),
    (
        "POST",
        "/advice/backtests",
        "adviceBacktest",
        "A walk-forward test with its benchmark rows",
        "request_id user products methods stocks? bonds? window? step? cost_bp? cap_bp?",
        "rows, p-values, number of comparisons",
    ),
    (
        "GET",
        "/advice/backtests/{id}",
        "adviceLookBacktest",
        "A finished back-test",
        "",
        "as when it was made",
    ),
    (
        "POST",
        "/advice/rebalance-runs",
        "adviceRebalance",
        "Screen all plans of the member",
        "request_id dry_run? after?",
        "plans screened, flagged, proposals, skipped by reason",
    ),
    (
        "GET",
        "/advice/rebalance-runs/{id}",
        "adviceLookRebalance",
        "A finished run",
        "",
        "as when it was made",
    ),
    ("POST", "/advice/complaints", "adviceComplain", "A user complains", "request_id user text about?", "id"),
    (
        "GET",
        "/advice/records",
        "adviceRecords",
        "A user's records: one hash chain",
        "user from?",
        "records, next",
    ),
    (
        "POST",
        "/advice/replay/{id}",
        "adviceReplay",
        "Compute a proposal again",
        "",
        "whether it is equal, byte for byte",
    ),
];

const HOUSE: &[Row] = &[
    (
        "GET",
        "/operator/v1/advice/state",
        "adviceState",
        "Models, products, limits, switch and promise counters",
        "",
        "the house as it is",
    ),
    (
        "GET",
        "/operator/v1/advice/records",
        "adviceHouseRecords",
        "Any subject's records; the house's own are those of `house`",
        "subject from?",
        "records, next",
    ),
    (
        "GET",
        "/operator/v1/advice/report",
        "adviceReport",
        "Classes, contradictions, exceptions and each model's live record, over all users",
        "",
        "users, classes, suitability_exceptions, plans_above_class, live, backtests, rebalance_runs, counters",
    ),
    (
        "GET",
        "/operator/v1/advice/backtests/{id}",
        "adviceHouseBacktest",
        "A back-test that a member asked for",
        "",
        "as when it was made",
    ),
    (
        "GET",
        "/operator/v1/advice/rebalance-runs/{id}",
        "adviceHouseRun",
        "A rebalancing run that a member asked for",
        "",
        "as when it was made",
    ),
    (
        "GET",
        "/operator/v1/advice/proposals/{id}",
        "adviceHouseProposal",
        "Any user's proposal",
        "",
        "as when it was made, and its state",
    ),
    (
        "POST",
        "/operator/v1/advice/replay/{id}",
        "adviceHouseReplay",
        "Any user's proposal is computed again and compared bit for bit",
        "",
        "equal, why, record",
    ),
    (
        "POST",
        "/operator/v1/advice/products",
        "adviceListProduct",
        "List a product or change its terms",
        "request_id product capacity_minor? cutoff_minute? settlement_days? conflict? tracks? replacement?",
        "the listing",
    ),
    (
        "POST",
        "/operator/v1/advice/products/{code}/grade",
        "adviceGrade",
        "Give a product another grade; holders are told",
        "request_id grade why",
        "grade before and after, holders told",
    ),
    (
        "POST",
        "/operator/v1/advice/prices",
        "advicePrices",
        "Publish prices of a product, only ever added to",
        "request_id product prices checked?",
        "number, last day",
    ),
    (
        "POST",
        "/operator/v1/advice/models",
        "adviceRegisterModel",
        "Register the next version of a model",
        "request_id model",
        "the model, not approved",
    ),
    (
        "POST",
        "/operator/v1/advice/models/{id}/{version}/approve",
        "adviceApproveModel",
        "Approve a version; two persons are needed",
        "request_id",
        "the model with its approvals",
    ),
    (
        "POST",
        "/operator/v1/advice/switch",
        "adviceSwitch",
        "Stop the service, or start it again",
        "request_id stopped? why",
        "as set",
    ),
    (
        "POST",
        "/operator/v1/advice/jurisdictions",
        "adviceJurisdictions",
        "Where advice is offered",
        "request_id served",
        "as set",
    ),
    (
        "POST",
        "/operator/v1/advice/policy",
        "advicePolicy",
        "Limits in force",
        "request_id policy",
        "as set, whole",
    ),
    (
        "POST",
        "/operator/v1/advice/calendar",
        "adviceCalendar",
        "Days without trade besides weekends",
        "request_id closed_days",
        "as set",
    ),
    (
        "POST",
        "/operator/v1/advice/tax-rules",
        "adviceTaxRules",
        "What a sale means for tax in one jurisdiction",
        "request_id rules",
        "the rules, as set",
    ),
    (
        "POST",
        "/operator/v1/advice/proposals/{id}/release",
        "adviceRelease",
        "A person has looked at a proposal that needed one",
        "request_id why",
        "id, person",
    ),
];

/// Method and path of every endpoint of the service.
pub fn advice_paths() -> impl Iterator<Item = (&'static str, &'static str)> {
    MEMBERS.iter().chain(HOUSE).map(|row| (row.0, row.1))
}

/// Adds the service's endpoints.
pub(super) fn put_paths(paths: &mut Map<String, Value>) {
    for (rows, of_member) in [(MEMBERS, true), (HOUSE, false)] {
        for row in rows {
            let item = paths.entry(row.1).or_insert_with(|| json!({}));
            item[row.0.to_ascii_lowercase()] = described(row, of_member);
        }
    }
}

fn described(row: &Row, of_member: bool) -> Value {
    let (method, path, operation, summary, fields, answer) = *row;
    let fields: Vec<(&str, bool)> =
        fields.split_whitespace().map(|f| f.strip_suffix('?').map_or((f, true), |f| (f, false))).collect();
    let by_query = matches!(method, "GET" | "DELETE");
    let mut parameters: Vec<Value> = super::placeholders(path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if of_member {
        let shared = prose::MEMBER_PARAMETERS.iter();
        parameters.extend(shared.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })));
    }
    if by_query {
        let named = |(name, needed): &(&str, bool)| json!({ "name": name, "in": "query", "required": needed, "schema": { "type": "string" } });
        parameters.extend(fields.iter().map(named));
    }
    let mut described = json!({
        "operationId": operation,
        "summary": summary,
        "tags": ["advice"],
        "security": if of_member { json!([{ "alipay": [] }, { "rfc9421": [] }]) } else { json!([{ "operator": [] }]) },
        "parameters": parameters,
        "responses": {
            "200": { "description": answer, "content": { "application/json": { "schema": { "type": "object" } } } },
            "default": {
                "description": "A refusal as problem details (RFC 9457) with code, message, rule, limit, actual, nearest and remedy.",
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
        },
    });
    if !by_query {
        let properties: Map<String, Value> =
            fields.iter().map(|(name, _)| ((*name).to_owned(), json!({}))).collect();
        let required: Vec<&str> =
            fields.iter().filter(|(_, needed)| *needed).map(|(name, _)| *name).collect();
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    described
}
