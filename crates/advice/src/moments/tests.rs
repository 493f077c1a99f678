use super::*;
use crate::random::Random;

fn returns(assets: usize, periods: usize) -> Returns {
    let mut random = Random::new(5);
    let columns = (0..assets).map(|_| (0..periods).map(|_| 0.01 * random.normal()).collect()).collect();
    Returns::try_new((0..assets).map(|i| format!("A{i}")).collect(), columns).unwrap()
}

#[test]
fn blocked_products_equal_plain_sums() {
    for (assets, periods) in [(1, 2), (3, 7), (5, 511), (9, 1300)] {
        let returns = returns(assets, periods);
        let moments = Moments::estimate(&returns, Estimator::Sample, Trust::BARE).unwrap();
        for i in 0..assets {
            for j in 0..assets {
                let (a, b) = (&returns.columns()[i], &returns.columns()[j]);
                let plain: f64 =
                    (0..periods).map(|t| (a[t] - moments.mean[i]) * (b[t] - moments.mean[j])).sum::<f64>();
                let value = moments.covariance.at(i, j);
                assert!((value - plain / (periods as f64 - 1.0)).abs() < 1e-17, "{assets} {periods} {i} {j}");
                assert_eq!(value.to_bits(), moments.covariance.at(j, i).to_bits());
            }
        }
    }
}

#[test]
fn ledoit_wolf_matches_the_formula_written_out() {
    // Four observations of two assets, centred: worked by hand with fractions.
    let columns = [[1.0, -1.0, 2.0, -2.0], [1.0, 0.0, 0.0, -1.0]];
    let returns = Returns::try_new(
        vec!["A".into(), "B".into()],
        columns.iter().map(|c| c.iter().map(|r| r * 0.1).collect()).collect(),
    )
    .unwrap();
    let moments = Moments::estimate(&returns, Estimator::LedoitWolf, Trust::BARE).unwrap();
    // Covariance (10, 3; 3, 2)/4 = (2.5, 0.75; 0.75, 0.5); its squares sum to 7.625; mean variance 1.5, squared
    // and doubled 4.5. Lengths squared 2, 1, 4, 5: fourth powers mean 46/4 = 11.5. Weight (11.5 − 7.625)/4/3.125.
    assert!((moments.shrinkage - 0.31).abs() < 1e-12, "{}", moments.shrinkage);
    assert!((moments.covariance.at(0, 0) - 0.01 * (0.69 * 2.5 + 0.31 * 1.5)).abs() < 1e-15);
    assert!((moments.covariance.at(0, 1) - 0.01 * 0.69 * 0.75).abs() < 1e-15);
}

#[test]
fn exponential_weights_halve() {
    let returns = Returns::try_new(vec!["A".into()], vec![vec![0.0, 0.03]]).unwrap();
    let moments =
        Moments::estimate(&returns, Estimator::Exponential { half_life: 1.0 }, Trust::BARE).unwrap();
    assert!((moments.mean[0] - 0.02).abs() < 1e-16);
    assert!((moments.covariance.at(0, 0) - (0.0004 / 3.0 + 0.0001 * 2.0 / 3.0)).abs() < 1e-16);
    let refusal =
        Moments::estimate(&returns, Estimator::Exponential { half_life: 0.0 }, Trust::BARE).unwrap_err();
    assert_eq!(refusal.code, Code::OutOfRange);
}

#[test]
fn short_histories_are_refused_with_the_length_needed() {
    let refusal = Moments::estimate(&returns(100, 260), Estimator::Sample, Trust::ADVICE).unwrap_err();
    assert_eq!((refusal.code, refusal.nearest), (Code::TooFewObservations, Some(300.0)));
    assert_eq!(
        Moments::estimate(&returns(3, 249), Estimator::Sample, Trust::ADVICE).unwrap_err().nearest,
        Some(250.0)
    );
}
