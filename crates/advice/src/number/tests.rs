use super::*;

#[test]
fn logarithm_and_exponential_agree_with_the_system_to_the_last_places() {
    let mut x = 1e-300;
    while x < 1e300 {
        let (ours, theirs) = (logarithm(x), x.ln());
        assert!((ours - theirs).abs() <= 4e-16 * theirs.abs().max(1.0), "ln {x}: {ours} {theirs}");
        x *= 1.7;
    }
    let mut x = -700.0;
    while x < 700.0 {
        let (ours, theirs) = (exponential(x), x.exp());
        assert!((ours / theirs - 1.0).abs() < 1e-14, "exp {x}: {ours} {theirs}");
        x += 0.37;
    }
    assert_eq!((logarithm(1.0), exponential(0.0)), (0.0, 1.0));
    assert!((power(1.07, 10.0) - 1.967151357289567).abs() < 1e-14);
    assert!(logarithm(-1.0).is_nan() && logarithm(0.0).is_infinite());
}

#[test]
fn normal_quantiles_match_the_tables() {
    for (p, z) in
        [(0.5, 0.0), (0.975, 1.959963984540054), (0.01, -2.3263478740408408), (0.05, -1.6448536269514722)]
    {
        assert!((normal_quantile(p) - z).abs() < 1e-8, "{p}");
    }
    assert!(normal_quantile(1.5).is_nan());
}

#[test]
fn quantiles_interpolate() {
    let list = [1.0, 2.0, 4.0];
    for (share, value) in [(0.0, 1.0), (0.25, 1.5), (0.5, 2.0), (0.75, 3.0), (1.0, 4.0), (2.0, 4.0)] {
        assert_eq!(quantile(&list, share), value);
    }
    assert_eq!(quantile(&[], 0.5), 0.0);
}
