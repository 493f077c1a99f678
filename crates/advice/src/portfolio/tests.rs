use super::shortfall::{conditional, maximum_return_within, minimum_shortfall};
use super::*;
use crate::moments::{Estimator, Trust};
use crate::prices::Returns;
use crate::random::Random;

/// Returns with one common factor, so that correlations look like markets.
fn returns(seed: u64, assets: usize, periods: usize) -> Returns {
    let mut random = Random::new(seed);
    let market: Vec<f64> = (0..periods).map(|_| 0.0004 + 0.009 * random.normal()).collect();
    let columns = (0..assets)
        .map(|_| {
            let (beta, own) = (0.3 + random.unit(), 0.005 + 0.012 * random.unit());
            market.iter().map(|m| beta * m + own * random.normal()).collect()
        })
        .collect();
    Returns::try_new((0..assets).map(|i| format!("A{i:02}")).collect(), columns).unwrap()
}

fn moments(seed: u64, assets: usize, periods: usize) -> Moments {
    Moments::estimate(&returns(seed, assets, periods), Estimator::Sample, Trust::BARE).unwrap()
}

fn same(a: &[f64], b: &[f64], within: f64) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= within)
}

#[test]
fn sharpe_peaks_where_the_derivative_is_zero() {
    for seed in 0..30 {
        let moments = moments(seed, 2 + seed as usize, 400);
        let mut limits = Limits::long_only(moments.assets());
        if seed % 2 == 0 {
            limits.upper = vec![0.6; moments.assets()];
        }
        let setting = Setting::new(&moments, &limits);
        let Ok(best) = maximum_sharpe(&setting, 1e-5) else { continue };
        let ratio = |w: &[f64]| (dot(&moments.mean, w) - 1e-5) / moments.covariance.quadratic(w).sqrt();
        let peak = ratio(&best.weights);
        for point in frontier(&setting).unwrap().points(400) {
            assert!(ratio(&point) <= peak * (1.0 + 1e-12), "{seed}");
        }
        assert!(best.certificate.unwrap().residual < 1e-10);
    }
}

#[test]
fn nothing_above_the_free_rate_is_refused() {
    let moments = moments(1, 4, 300);
    let limits = Limits::long_only(4);
    let refusal = maximum_sharpe(&Setting::new(&moments, &limits), 1.0).unwrap_err();
    assert_eq!(refusal.code, Code::NoPositiveExcessReturn);
    let refusal = maximum_return(&Setting::new(&moments, &limits), 1e-6).unwrap_err();
    assert_eq!((refusal.code, refusal.rule.as_str()), (Code::Infeasible, "largest volatility"));
    let quietest = minimum_variance(&Setting::new(&moments, &limits)).unwrap();
    assert!((refusal.nearest.unwrap() - quietest.volatility(&moments)).abs() < 1e-15);
    let limit = 1.1 * quietest.volatility(&moments);
    let bold = maximum_return(&Setting::new(&moments, &limits), limit).unwrap();
    assert!(
        (bold.volatility(&moments) - limit).abs() < 1e-15 && bold.mean(&moments) >= quietest.mean(&moments)
    );
}

#[test]
fn total_turnover_is_met_exactly_or_refused() {
    for seed in 0..30 {
        let moments = moments(seed, 8, 300);
        let limits = Limits { upper: vec![0.4; 8], ..Limits::long_only(8) };
        let mut trading = Trading::free(vec![0.125; 8]);
        let free = minimum_variance(&Setting { trading: Some(&trading), ..Setting::new(&moments, &limits) })
            .unwrap();
        let turnover = |p: &Portfolio| p.weights.iter().map(|w| (w - 0.125).abs()).sum::<f64>();
        let most = 0.4 * turnover(&free);
        trading.turnover_max = Some(most);
        let bound = minimum_variance(&Setting { trading: Some(&trading), ..Setting::new(&moments, &limits) })
            .unwrap();
        assert!((turnover(&bound) - most).abs() < 1e-12, "{seed}: {} {most}", turnover(&bound));
        // No mixture of the start and the free optimum that trades as much is better.
        let mixed = efficient::mix(&[0.125; 8], &free.weights, 0.4);
        let variance = |w: &[f64]| moments.covariance.quadratic(w);
        assert!(variance(&bound.weights) <= variance(&mixed) * (1.0 + 1e-12));
        trading.turnover_max = None;
        trading.turnover_each_max = Some(0.01);
        let each = minimum_variance(&Setting { trading: Some(&trading), ..Setting::new(&moments, &limits) })
            .unwrap();
        assert!(each.weights.iter().all(|w| (w - 0.125).abs() <= 0.01 + 1e-15));
    }
    let moments = moments(1, 3, 300);
    let limits = Limits { upper: vec![0.5; 3], ..Limits::long_only(3) };
    let trading = Trading { turnover_max: Some(0.2), ..Trading::free(vec![1.0, 0.0, 0.0]) };
    let refusal = minimum_variance(&Setting { trading: Some(&trading), ..Setting::new(&moments, &limits) })
        .unwrap_err();
    assert_eq!((refusal.code, refusal.nearest), (Code::TurnoverBudget, Some(1.0)));
}

#[test]
fn costs_keep_small_trades_from_happening() {
    let moments = moments(9, 6, 500);
    let limits = Limits::long_only(6);
    let model = vec![1.0 / 6.0; 6];
    let mut held = model.clone();
    held[0] += 0.02;
    held[1] -= 0.02;
    let trading = Trading::free(held.clone());
    let setting = |trading| Setting { moments: &moments, limits: &limits, trading: Some(trading) };
    assert!(same(&track(&setting(&trading), &model).unwrap().weights, &model, 1e-12));
    let dear = Trading { buy: vec![0.01; 6], sell: vec![0.01; 6], ..trading.clone() };
    let kept = track(&setting(&dear), &model).unwrap();
    assert!(same(&kept.weights, &held, 1e-15), "{:?}", kept.weights);
    assert!(kept.certificate.unwrap().active.iter().any(|a| a.side == crate::quadratic::Side::Held));
}

#[test]
fn risk_shares_are_as_budgeted() {
    for seed in 0..40 {
        let n = 1 + (seed as usize * 3) % 60;
        let moments = moments(seed, n, 40 + n);
        let budgets: Vec<f64> = (0..n).map(|i| 1.0 + (i % 4) as f64).collect();
        let portfolio = risk_parity(&moments, &budgets).unwrap();
        let variance = moments.covariance.quadratic(&portfolio.weights);
        let pull = moments.covariance.times(&portfolio.weights);
        let total: f64 = budgets.iter().sum();
        for i in 0..n {
            let share = portfolio.weights[i] * pull[i] / variance;
            assert!((share / (budgets[i] / total) - 1.0).abs() < 1e-11, "{seed} {i}");
        }
    }
}

#[test]
fn few_assets_equal_full_enumeration() {
    for seed in 0..12 {
        let moments = moments(seed, 9, 200);
        let limits = Limits { upper: vec![0.7; 9], ..Limits::long_only(9) };
        let few = Few { assets_max: 3, weight_min: if seed % 2 == 0 { 0.0 } else { 0.2 }, nodes_max: 10_000 };
        let found = few_assets(&Setting::new(&moments, &limits), &few).unwrap();
        let mut best = f64::INFINITY;
        for mask in 1u32..512 {
            let inside = |i: usize| mask >> i & 1 == 1;
            if mask.count_ones() as usize > few.assets_max {
                continue;
            }
            let mut only = limits.clone();
            for i in 0..9 {
                only.lower[i] = if inside(i) { few.weight_min } else { 0.0 };
                only.upper[i] = if inside(i) { 0.7 } else { 0.0 };
            }
            if let Ok(portfolio) = minimum_variance(&Setting::new(&moments, &only)) {
                best = best.min(portfolio.volatility(&moments));
            }
        }
        assert!((found.volatility(&moments) - best).abs() < 1e-14, "{seed}");
        assert_eq!(found.search_gap, 0.0);
        let hurried = few_assets(&Setting::new(&moments, &limits), &Few { nodes_max: 1, ..few }).unwrap();
        assert!(hurried.search_gap >= 0.0 && hurried.volatility(&moments) >= best - 1e-15);
    }
}

#[test]
fn hierarchical_weights_match_the_published_steps() {
    // Two tight pairs: A with B, C with D. Every order halves between the pairs.
    let volatility = [0.01, 0.02, 0.01, 0.04];
    let mut moments = moments(1, 4, 100);
    for i in 0..4 {
        for j in 0..4 {
            let rho = if i == j {
                1.0
            } else if i / 2 == j / 2 {
                0.8
            } else {
                0.1
            };
            moments.covariance.set(i, j, rho * volatility[i] * volatility[j]);
        }
    }
    for linkage in [Linkage::Single, Linkage::Complete, Linkage::Average, Linkage::Ward] {
        for order in [LeafOrder::Tree, LeafOrder::Turned, LeafOrder::Optimal] {
            let weights = hierarchical(&moments, linkage, order).unwrap().weights;
            // Pair variances with inverse-variance weights 0.8/0.2 and 16/17, 1/17.
            let a = 0.64e-4 + 0.04 * 4e-4 + 2.0 * 0.8 * 0.2 * 0.8 * 2e-4;
            let (h, l) = (16.0 / 17.0, 1.0 / 17.0);
            let b = h * h * 1e-4 + l * l * 16e-4 + 2.0 * h * l * 0.8 * 4e-4;
            let first = b / (a + b);
            let expected = [first * 0.8, first * 0.2, (1.0 - first) * h, (1.0 - first) * l];
            assert!(same(&weights, &expected, 1e-15), "{linkage:?} {order:?} {weights:?}");
        }
    }
}

#[test]
fn views_move_means_as_far_as_they_are_trusted() {
    let moments = moments(4, 3, 400);
    let equilibrium = Equilibrium { weights: vec![0.5, 0.3, 0.2], aversion: 3.0, free: 0.0, tau: 0.05 };
    let none = black_litterman(&moments, &equilibrium, &[]).unwrap();
    // Without views the optimum at the market's aversion is the market, up to the extra uncertainty.
    let limits = Limits::long_only(3);
    let market = maximum_utility(&Setting::new(&none, &limits), 3.0 / 1.05).unwrap();
    assert!(same(&market.weights, &equilibrium.weights, 1e-12), "{:?}", market.weights);
    let view = |confidence| View { coefficients: vec![1.0, -1.0, 0.0], mean: 0.002, confidence };
    let spread = |m: &Moments| m.mean[0] - m.mean[1];
    let certain = black_litterman(&moments, &equilibrium, &[view(1.0)]).unwrap();
    assert!((spread(&certain) - 0.002).abs() < 1e-15);
    let half = black_litterman(&moments, &equilibrium, &[view(0.5)]).unwrap();
    assert!((spread(&half) - 0.5 * (spread(&none) + 0.002)).abs() < 1e-15);
    let twice = black_litterman(&moments, &equilibrium, &[view(1.0), view(1.0)]).unwrap_err();
    assert_eq!(twice.code, Code::CovarianceNotPd);
}

#[test]
fn least_shortfall_is_proven_by_its_dual() {
    for seed in 0..40 {
        let (n, periods) = (3 + seed as usize % 12, 60 + 37 * (seed as usize % 9));
        let returns = returns(seed, n, periods);
        let mut limits = Limits::long_only(n);
        if seed % 3 == 0 {
            limits.upper = vec![1.5 / n as f64 + 0.1; n];
            limits.groups.push(Group { name: "first".into(), members: vec![0, 1], lower: 0.2, upper: 0.6 });
        }
        let found = minimum_shortfall(&returns, 0.9, &limits).unwrap();
        let certificate = found.portfolio.certificate.clone().unwrap();
        assert!(certificate.gap_relative < 1e-11 && certificate.residual < 1e-11, "{seed}: {certificate:?}");
        let mut random = Random::new(seed);
        for _ in 0..200 {
            let (a, b) = (random.below(n), random.below(n));
            let mut moved = found.portfolio.weights.clone();
            let shift = 0.01 * random.unit();
            moved[a] += shift;
            moved[b] -= shift;
            let group = moved[0] + moved[1];
            let inside = (0..n).all(|i| moved[i] >= 0.0 && moved[i] <= limits.upper[i])
                && (limits.groups.is_empty() || (0.2..=0.6).contains(&group));
            if inside {
                assert!(conditional(&returns, 0.9, &moved).1 >= found.conditional - 1e-15);
            }
        }
        let limit = 1.15 * found.conditional;
        let bold = maximum_return_within(&returns, 0.9, limit, &limits).unwrap();
        assert!(bold.conditional <= limit + 1e-12, "{seed}");
        limits.mean_min = Some(crate::matrix::dot(
            &returns.columns().iter().map(|c| crate::matrix::sum(c) / periods as f64).collect::<Vec<_>>(),
            &bold.portfolio.weights,
        ));
        if let Ok(back) = minimum_shortfall(&returns, 0.9, &limits) {
            assert!(
                back.conditional >= bold.conditional - 1e-9,
                "{seed}: {} {}",
                back.conditional,
                bold.conditional
            );
        }
    }
    let refusal = maximum_return_within(&returns(1, 3, 100), 0.95, 0.0, &Limits::long_only(3)).unwrap_err();
    assert_eq!(refusal.code, Code::LossLimitExceeded);
}

#[test]
fn groups_and_names_appear_in_certificates_and_refusals() {
    let moments = moments(2, 4, 300);
    let mut limits = Limits::long_only(4);
    limits.groups.push(Group { name: "banks".into(), members: vec![0, 1], lower: 0.9, upper: 1.0 });
    let portfolio = minimum_variance(&Setting::new(&moments, &limits)).unwrap();
    let active = portfolio.certificate.unwrap().active;
    assert!(active.iter().any(|a| a.row.as_deref() == Some("banks") && a.price > 0.0), "{active:?}");
    limits.mean_min = Some(0.5);
    let refusal = minimum_variance(&Setting::new(&moments, &limits)).unwrap_err();
    assert_eq!((refusal.code, refusal.rule.as_str()), (Code::Infeasible, "least mean return"));
    limits.groups[0].members.push(9);
    assert_eq!(minimum_variance(&Setting::new(&moments, &limits)).unwrap_err().rule, "banks");
}
