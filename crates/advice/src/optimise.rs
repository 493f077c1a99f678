//! One request for weights, from JSON to JSON: returns or moments, an objective, limits. For those who only want the
//! optimiser; it knows nothing of clients, products or suitability.

use std::collections::BTreeMap;

use crate::json::Json;
use crate::matrix::Matrix;
use crate::moments::{Estimator, Moments, Trust};
use crate::portfolio::shortfall::minimum_shortfall;
use crate::portfolio::{self, Few, Group, LeafOrder, Limits, Linkage, Portfolio, Setting, Trading};
use crate::prices::Returns;
use crate::refusal::{Code, Refusal};

/// Assets of one request at most: beyond it one answer would take seconds.
const ASSETS_MAX: usize = 200;
/// Nodes of a search for few assets; the gap is stated when it ends there.
const NODES_MAX: usize = 20_000;

/// Objectives by the names that `optimise` knows.
pub const OBJECTIVES: [&str; 12] = [
    "min-variance",
    "max-sharpe",
    "utility",
    "risk-parity",
    "hrp",
    "hrp-turned",
    "hrp-tree",
    "min-cvar",
    "few",
    "blend",
    "equal",
    "inverse-volatility",
];

/// Weights for a request like `{"returns": {"A": [0.01, …], …}, "objective": "min-variance", "cap": 0.4, "groups":
/// [{"name", "members", "lower", "upper"}], "mean_min": 0.001}`. Instead of `returns` it may bring `moments`:
/// `{"names", "mean", "covariance"}`. With `held`, `cost_bp` and the turnover limits count. All numbers are per period;
/// `periods_yearly` only scales what is shown.
pub fn optimise(request: &Json) -> Result<Json, Refusal> {
    let data = Data::read(request)?;
    let limits = limits(request, &data.moments.names)?;
    let trading = trading(request, &data.moments.names)?;
    let setting = Setting { moments: &data.moments, limits: &limits, trading: trading.as_ref() };
    let portfolio = build(request, &data, &setting)?;
    Ok(portfolio.to_json(Some(&data.moments), number(request, "periods_yearly")?.unwrap_or(1.0)))
}

struct Data {
    returns: Option<Returns>,
    moments: Moments,
}

impl Data {
    fn read(request: &Json) -> Result<Data, Refusal> {
        if let Some(moments) = request.member("moments") {
            return Ok(Data { returns: None, moments: moments_of(moments)? });
        }
        let Some(Json::Object(columns)) = request.member("returns") else {
            return Err(malformed("returns or moments are missing"));
        };
        refuse_too_many(columns.len())?;
        let numbers = columns.values().map(|column| numbers(column, "returns")).collect::<Result<_, _>>()?;
        let returns = Returns::try_new(columns.keys().cloned().collect(), numbers)?;
        let estimator = match text(request, "estimator")?.unwrap_or("lw") {
            "lw" => Estimator::LedoitWolf,
            "sample" => Estimator::Sample,
            other => return Err(malformed(&format!("estimator is lw or sample, not {other}"))),
        };
        let moments = Moments::estimate(&returns, estimator, Trust::BARE)?;
        Ok(Data { returns: Some(returns), moments })
    }

    fn returns(&self) -> Result<&Returns, Refusal> {
        self.returns.as_ref().ok_or_else(|| malformed("this objective needs returns, not moments"))
    }
}

fn moments_of(json: &Json) -> Result<Moments, Refusal> {
    let names = json.member("names").map(Json::elements).unwrap_or_default();
    let names: Vec<String> = names.iter().filter_map(|name| name.as_text().map(str::to_owned)).collect();
    refuse_too_many(names.len())?;
    crate::prices::refuse_repeated(&names)?;
    let rows = json.member("covariance").map(Json::elements).unwrap_or_default();
    let rows = rows.iter().map(|row| numbers(row, "covariance")).collect::<Result<Vec<_>, _>>()?;
    let mean = json.member("mean").map_or(Ok(vec![0.0; names.len()]), |mean| numbers(mean, "mean"))?;
    if rows.len() != names.len() || mean.len() != names.len() || rows.iter().any(|r| r.len() != names.len()) {
        return Err(malformed("names, mean and covariance differ in size"));
    }
    let n = names.len();
    let apart = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).find(|(i, j)| rows[*i][*j] != rows[*j][*i]);
    if let Some((i, j)) = apart {
        return Err(malformed(&format!("the covariance is not symmetric in row {i}, column {j}")));
    }
    let covariance = Matrix::try_new(n, n, rows.concat()).ok_or_else(|| malformed("the covariance"))?;
    Ok(Moments { names, mean, covariance, periods: 0, estimator: Estimator::Sample, shrinkage: 0.0 })
}

fn limits(request: &Json, names: &[String]) -> Result<Limits, Refusal> {
    let bound = |key: &str, default: f64| number(request, key).map(|value| value.unwrap_or(default));
    let mut limits = Limits {
        lower: vec![bound("floor", 0.0)?; names.len()],
        upper: vec![bound("cap", 1.0)?; names.len()],
        groups: Vec::new(),
        mean_min: number(request, "mean_min")?,
    };
    for group in request.member("groups").map(Json::elements).unwrap_or_default() {
        let members = group.member("members").map(Json::elements).unwrap_or_default();
        let members = members.iter().map(|m| place(names, m.as_text().unwrap_or_default()));
        limits.groups.push(Group {
            name: text(group, "name")?.unwrap_or("group").to_owned(),
            members: members.collect::<Result<_, _>>()?,
            lower: number(group, "lower")?.unwrap_or(0.0),
            upper: number(group, "upper")?.unwrap_or(1.0),
        });
    }
    Ok(limits)
}

fn trading(request: &Json, names: &[String]) -> Result<Option<Trading>, Refusal> {
    let Some(held) = request.member("held") else { return Ok(None) };
    let Json::Object(held) = held else { return Err(malformed("held is an object of weights")) };
    let weights = weights(held, names)?;
    let cost = vec![number(request, "cost_bp")?.unwrap_or(0.0) / 10_000.0; names.len()];
    Ok(Some(Trading {
        buy: cost.clone(),
        sell: cost,
        turnover_max: number(request, "turnover_max")?,
        turnover_each_max: number(request, "turnover_each_max")?,
        ..Trading::free(weights)
    }))
}

fn weights(held: &BTreeMap<String, Json>, names: &[String]) -> Result<Vec<f64>, Refusal> {
    let mut weights = vec![0.0; names.len()];
    for (name, weight) in held {
        let weight = weight.as_number().ok_or_else(|| malformed(&format!("the weight of {name}")))?;
        weights[place(names, name)?] = weight;
    }
    Ok(weights)
}

fn build(request: &Json, data: &Data, setting: &Setting) -> Result<Portfolio, Refusal> {
    let (moments, limits) = (setting.moments, setting.limits);
    Ok(match text(request, "objective")?.unwrap_or("min-variance") {
        "min-variance" => portfolio::minimum_variance(setting)?,
        "max-sharpe" => portfolio::maximum_sharpe(setting, number(request, "free")?.unwrap_or(0.0))?,
        "utility" => portfolio::maximum_utility(setting, number(request, "aversion")?.unwrap_or(3.0))?,
        "risk-parity" => portfolio::risk_parity(moments, &vec![1.0; moments.assets()])?,
        "hrp" => portfolio::hierarchical(moments, Linkage::Ward, LeafOrder::Optimal)?,
        "hrp-turned" => portfolio::hierarchical(moments, Linkage::Ward, LeafOrder::Turned)?,
        "hrp-tree" => portfolio::hierarchical(moments, Linkage::Single, LeafOrder::Tree)?,
        "min-cvar" => {
            let confidence = number(request, "confidence")?.unwrap_or(0.95);
            minimum_shortfall(data.returns()?, confidence, limits)?.portfolio
        }
        "few" => {
            let most = request.member("assets_max").and_then(Json::as_whole).unwrap_or(5);
            let assets_max = usize::try_from(most).map_err(|_| malformed("assets_max is below zero"))?;
            let weight_min = number(request, "weight_min")?.unwrap_or(0.0);
            portfolio::few_assets(setting, &Few { assets_max, weight_min, nodes_max: NODES_MAX })?
        }
        "blend" => portfolio::half_equal_half_minimum_variance(moments, limits)?,
        "equal" => portfolio::equal(&moments.names),
        "inverse-volatility" => portfolio::inverse_volatility(moments)?,
        other => {
            let message = format!("There is no objective {other}.");
            return Err(Refusal::new(Code::OutOfRange, "objective", message)
                .remedy(format!("Choose among {}.", OBJECTIVES.join(", "))));
        }
    })
}

fn place(names: &[String], name: &str) -> Result<usize, Refusal> {
    names.iter().position(|n| n == name).ok_or_else(|| {
        Refusal::new(Code::OutOfRange, "assets", format!("There is no asset {name:?}."))
            .remedy(format!("Choose among {}.", names.join(", ")))
    })
}

fn refuse_too_many(assets: usize) -> Result<(), Refusal> {
    if (1..=ASSETS_MAX).contains(&assets) {
        return Ok(());
    }
    let message = format!("{assets} assets; between 1 and {ASSETS_MAX} are taken.");
    Err(Refusal::new(Code::OutOfRange, "assets", message)
        .found(ASSETS_MAX as f64, assets as f64)
        .nearest(ASSETS_MAX as f64))
}

fn numbers(json: &Json, what: &str) -> Result<Vec<f64>, Refusal> {
    let Json::List(list) = json else { return Err(malformed(&format!("{what} is no list of numbers"))) };
    let all: Option<Vec<f64>> = list.iter().map(Json::as_number).collect();
    all.ok_or_else(|| Refusal::new(Code::NanOrInf, what, format!("A number of {what} is missing.")))
}

fn number(json: &Json, key: &str) -> Result<Option<f64>, Refusal> {
    let value = json
        .member(key)
        .map(|value| value.as_number().ok_or_else(|| malformed(&format!("{key} is no number"))));
    value.transpose()
}

fn text<'a>(json: &'a Json, key: &str) -> Result<Option<&'a str>, Refusal> {
    let value =
        json.member(key).map(|value| value.as_text().ok_or_else(|| malformed(&format!("{key} is no text"))));
    value.transpose()
}

fn malformed(what: &str) -> Refusal {
    Refusal::new(Code::MalformedTable, "optimise", format!("The request cannot be read: {what}."))
}

#[cfg(test)]
mod tests;
