//! Which weights to move to: new money first, sales only where a band stays broken, each trade weighed against its
//! cost, and none that other samples of the same history would reverse.

use super::request::{Kind, Request};
use crate::json::Json;
use crate::moments::{Estimator, Moments, Trust};
use crate::portfolio::{Group, Limits, Setting, Trading, track};
use crate::prices::Returns;
use crate::quadratic::Certificate;
use crate::random::Random;
use crate::refusal::{Code, Refusal};

/// How the weights were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Product codes, ascending.
    pub codes: Vec<String>,
    /// Weights to move to.
    pub weights: Vec<f64>,
    /// The model's weights after exclusions.
    pub model: Vec<f64>,
    /// Each asset class against its band, before any trade.
    pub drifts: Vec<ClassDrift>,
    /// Whether sales are needed to bring a class back into its band.
    pub sells: bool,
    /// Products whose trade other samples of the history reverse too often.
    pub unstable: Vec<String>,
    /// Yearly tracking error against the model before and after, basis points.
    pub tracking_bp: (i64, i64),
    /// Certificate of the programme solved.
    pub certificate: Option<Certificate>,
}

/// One asset class against its band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassDrift {
    /// The class.
    pub class: String,
    /// Target, basis points of the plan.
    pub target_bp: i64,
    /// Actual share, new cash counted in the whole.
    pub actual_bp: i64,
    /// Width of the band on either side.
    pub band_bp: i64,
}

impl ClassDrift {
    /// Whether the share lies outside its band.
    pub fn is_broken(&self) -> bool {
        (self.actual_bp - self.target_bp).abs() > self.band_bp
    }
}

const SAMPLES: u32 = 25; // resampled histories a trade must survive
const TRUST: Trust = Trust { periods_min: 60, periods_per_asset_min: 3 }; // five years of months

pub(super) fn decide(request: &Request) -> Result<Decision, Refusal> {
    let codes = request.codes();
    let model = model_weights(request, &codes)?;
    let whole = request.invested_minor() as f64;
    let held: Vec<f64> = codes.iter().map(|c| request.held_minor(c) as f64 / whole).collect();
    let drifts = drifts(request, &codes, &model, &held);
    let returns = returns(request, &codes)?;
    let moments = Moments::estimate(&returns, Estimator::LedoitWolf, TRUST)?;
    let problem = Problem { request, codes: &codes, model: &model, held: &held, drifts: &drifts };
    let (weights, sells, certificate) = problem.solve(&moments)?;
    let unstable = problem.unstable(&returns, &weights, sells)?;
    let stray = |w: &[f64]| {
        let apart: Vec<f64> = w.iter().zip(&model).map(|(a, b)| a - b).collect();
        ((moments.covariance.quadratic(&apart) * 12.0).sqrt() * 10_000.0).round() as i64
    };
    let tracking_bp = (stray(&held), stray(&weights));
    Ok(Decision {
        weights,
        model,
        drifts,
        sells,
        unstable,
        tracking_bp,
        certificate: Some(certificate),
        codes,
    })
}

impl Decision {
    /// The decision as it is recorded.
    pub fn to_json(&self) -> Json {
        let drift = |d: &ClassDrift| {
            Json::object([
                ("class", Json::text(&d.class)),
                ("target_bp", Json::Whole(d.target_bp)),
                ("actual_bp", Json::Whole(d.actual_bp)),
                ("band_bp", Json::Whole(d.band_bp)),
                ("broken", Json::Bool(d.is_broken())),
            ])
        };
        Json::object([
            ("codes", Json::texts(&self.codes)),
            ("weights", Json::numbers(&self.weights)),
            ("model", Json::numbers(&self.model)),
            ("drifts", Json::List(self.drifts.iter().map(drift).collect())),
            ("sells", Json::Bool(self.sells)),
            ("unstable", Json::texts(&self.unstable)),
            ("tracking_before_bp", Json::Whole(self.tracking_bp.0)),
            ("tracking_after_bp", Json::Whole(self.tracking_bp.1)),
            ("certificate", self.certificate.as_ref().map_or(Json::Null, |c| c.to_json(&self.codes))),
        ])
    }
}

/// Asset classes in ascending order.
pub(super) fn classes(request: &Request, codes: &[String]) -> Vec<String> {
    let mut classes: Vec<String> =
        codes.iter().filter_map(|c| request.product(c)).map(|p| p.class.clone()).collect();
    classes.sort();
    classes.dedup();
    classes
}

/// Returns of these products over the months all have.
pub(super) fn returns(request: &Request, codes: &[String]) -> Result<Returns, Refusal> {
    let column = |code: &String| {
        let place = request.history.codes.iter().position(|c| c == code);
        place.map(|p| request.history.returns[p].clone()).unwrap_or_default()
    };
    Returns::try_new(codes.to_vec(), codes.iter().map(column).collect())
}

/// Model weights with excluded products' shares given to the others of their class.
fn model_weights(request: &Request, codes: &[String]) -> Result<Vec<f64>, Refusal> {
    let own = |code: &String| request.model.weights_bp.iter().find(|(c, _)| c == code).map_or(0, |(_, w)| *w);
    let class = |code: &String| request.product(code).map(|p| p.class.as_str()).unwrap_or_default();
    let excluded = |code: &String| request.excluded.contains(code);
    let mut weights: Vec<f64> = codes.iter().map(|c| own(c) as f64 / 10_000.0).collect();
    for (place, code) in codes.iter().enumerate().filter(|(_, c)| excluded(c)) {
        let others: Vec<usize> = (0..codes.len())
            .filter(|o| !excluded(&codes[*o]) && class(&codes[*o]) == class(code) && own(&codes[*o]) > 0)
            .collect();
        let sum: i64 = others.iter().map(|o| own(&codes[*o])).sum();
        if own(code) > 0 && sum == 0 {
            let message = format!("{code} is the model's only product of class {}.", class(code));
            return Err(Refusal::new(Code::Infeasible, "exclusions", message)
                .remedy("Keep it or choose another model."));
        }
        others
            .iter()
            .for_each(|o| weights[*o] += own(code) as f64 / 10_000.0 * own(&codes[*o]) as f64 / sum as f64);
        weights[place] = 0.0;
    }
    Ok(weights)
}

fn drifts(request: &Request, codes: &[String], model: &[f64], held: &[f64]) -> Vec<ClassDrift> {
    let share = |class: &str, list: &[f64]| {
        let members =
            codes.iter().zip(list).filter(|(c, _)| request.product(c).is_some_and(|p| p.class == class));
        (members.map(|(_, w)| w).sum::<f64>() * 10_000.0).round() as i64
    };
    let drift = |class: String| {
        let target_bp = share(&class, model);
        let band_bp =
            (target_bp * request.policy.band_relative_bp / 10_000).max(request.policy.band_floor_bp);
        ClassDrift { target_bp, actual_bp: share(&class, held), band_bp, class }
    };
    classes(request, codes).into_iter().map(drift).collect()
}

struct Problem<'a> {
    request: &'a Request,
    codes: &'a [String],
    model: &'a [f64],
    held: &'a [f64],
    drifts: &'a [ClassDrift],
}

impl Problem<'_> {
    /// New money only; then, if a band stays broken, with sales at least half-way back.
    fn solve(&self, moments: &Moments) -> Result<(Vec<f64>, bool, Certificate), Refusal> {
        let only_new = self.tracked(moments, false);
        if let Ok((weights, certificate)) = only_new {
            let after = drifts(self.request, self.codes, self.model, &weights);
            let forced = matches!(self.request.kind, Kind::ModelChange | Kind::ProfileChange | Kind::Glide);
            if !forced && !after.iter().any(ClassDrift::is_broken) {
                return Ok((weights, self.request.invested_minor() < self.total_held(), certificate));
            }
        }
        self.tracked(moments, true).map(|(weights, certificate)| (weights, true, certificate))
    }

    fn total_held(&self) -> i64 {
        self.request.holdings.iter().map(|l| l.value_minor).sum()
    }

    fn tracked(&self, moments: &Moments, sells: bool) -> Result<(Vec<f64>, Certificate), Refusal> {
        let n = self.codes.len();
        let mut limits = Limits::long_only(n);
        let paying_out = self.request.invested_minor() < self.total_held();
        for (i, code) in self.codes.iter().enumerate() {
            let Some(product) = self.request.product(code) else { continue };
            let most = self.request.policy.single_fund_cap_bp as f64 / 10_000.0;
            let cap = if product.kind.is_capped() { most.max(self.model[i].min(most)) } else { 1.0 };
            limits.upper[i] = cap.max(self.held[i]).min(self.held[i].max(1.0));
            if self.request.excluded.contains(code) || self.model[i] == 0.0 {
                limits.upper[i] = self.held[i];
            }
            match (sells, paying_out) {
                (true, _) => {}
                (false, false) => limits.lower[i] = self.held[i],
                (false, true) => limits.upper[i] = self.held[i],
            }
        }
        if sells {
            limits.groups = self.drifts.iter().map(|d| self.half_way(d)).collect();
        }
        let trading = self.trading();
        // Utility over the years of amortisation: costs are one-off, straying is paid every year.
        let policy = &self.request.policy;
        let years = (policy.tracking_aversion * policy.amortisation_years) as f64 * 12.0;
        let scaled = Moments { covariance: moments.covariance.clone().scaled(years), ..moments.clone() };
        let setting = Setting { moments: &scaled, limits: &limits, trading: Some(&trading) };
        let portfolio = track(&setting, self.model)?;
        let none = Certificate { gap: 0.0, gap_relative: 0.0, residual: 0.0, active: Vec::new() };
        Ok((portfolio.weights, portfolio.certificate.unwrap_or(none)))
    }

    /// A class out of its band comes back at least half-way inside it; the others stay within theirs.
    fn half_way(&self, drift: &ClassDrift) -> Group {
        let members = (0..self.codes.len())
            .filter(|i| self.request.product(&self.codes[*i]).is_some_and(|p| p.class == drift.class))
            .collect();
        let width = if drift.is_broken() { drift.band_bp / 2 } else { drift.band_bp } as f64;
        let target = drift.target_bp as f64;
        Group {
            name: format!("band of class {}", drift.class),
            members,
            lower: ((target - width) / 10_000.0).max(0.0),
            upper: (target + width) / 10_000.0,
        }
    }

    /// Costs of each product: purchase fee, and the redemption fee its lots would pay today on average.
    fn trading(&self) -> Trading {
        let mut trading = Trading::free(self.held.to_vec());
        for (i, code) in self.codes.iter().enumerate() {
            let Some(product) = self.request.product(code) else { continue };
            trading.buy[i] = product.purchase_fee_bp as f64 / 10_000.0;
            let (mut fees, mut value) = (0.0, 0.0);
            for lot in self.request.holdings.iter().filter(|l| l.code == *code) {
                let days = i64::from(self.request.day.0 - lot.bought.0);
                fees += lot.value_minor as f64 * product.redemption_fee_bp(days).0 as f64 / 10_000.0;
                value += lot.value_minor as f64;
            }
            trading.sell[i] = if value > 0.0 { fees / value } else { 0.0 };
        }
        trading
    }

    /// Products whose trade changes its sign in too many resampled histories.
    fn unstable(&self, returns: &Returns, weights: &[f64], sells: bool) -> Result<Vec<String>, Refusal> {
        const NOTHING: f64 = 1e-6; // a millionth of the plan is no trade
        let mut random = Random::new(self.request.seed());
        let mut flips = vec![0; weights.len()];
        for _ in 0..SAMPLES {
            let months: Vec<usize> =
                (0..returns.periods()).map(|_| random.below(returns.periods())).collect();
            let columns = returns.columns().iter().map(|c| months.iter().map(|t| c[*t]).collect()).collect();
            let sample = Returns::try_new(self.codes.to_vec(), columns)?;
            let moments = Moments::estimate(&sample, Estimator::LedoitWolf, TRUST)?;
            let Ok((other, _)) = self.tracked(&moments, sells) else { continue };
            for (i, flip) in flips.iter_mut().enumerate() {
                let (now, then) = (weights[i] - self.held[i], other[i] - self.held[i]);
                let trades = now.abs() > NOTHING && then.abs() > NOTHING;
                *flip += i64::from(trades && (now > 0.0) != (then > 0.0));
            }
        }
        let limit = self.request.policy.sign_flips_bp_max * i64::from(SAMPLES);
        Ok(self.codes.iter().zip(flips).filter(|(_, f)| f * 10_000 > limit).map(|(c, _)| c.clone()).collect())
    }
}
