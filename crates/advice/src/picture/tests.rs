use super::*;

#[test]
fn pictures_are_well_formed_and_repeat() {
    let many: Vec<Line> = (0..20)
        .map(|k| Line { label: format!("a<b & {k}"), points: vec![(0.0, 0.0), (1.0, f64::from(k))] })
        .collect();
    let odd = vec![
        Line { label: "x".into(), points: vec![(f64::NAN, 1.0), (2.0, 2.0)] },
        Line { label: String::new(), points: vec![] },
    ];
    for svg in [
        lines("t", "x", "y", &many, true),
        lines("t", "x", "y", &odd, false),
        lines("t", "x", "y", &[], false),
        bars("w", &[("A".into(), 0.4), ("B".into(), 0.0), ("C".into(), 0.6)]),
        bars("none", &[]),
        fan("f", 100.0, &[[90.0, 95.0, 101.0, 110.0, 120.0]], Some(130.0), "note"),
        fan("f", 0.0, &[], None, ""),
    ] {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        let opened = svg.matches('<').count() - svg.matches("</").count();
        let closed = svg.matches("/>").count() + svg.matches("</").count();
        assert_eq!(opened, closed, "{svg}");
    }
    assert_eq!(lines("t", "x", "y", &many, true), lines("t", "x", "y", &many, true));
    assert!(lines("t", "x", "y", &many, true).contains("a&lt;b &amp; 3"));
}

#[test]
fn thinning_keeps_the_deepest_fall() {
    let mut returns = vec![0.001; 5_000];
    returns[2_345] = -0.4;
    returns[2_346] = 0.5;
    let points = falls(&returns);
    let deepest = points.iter().map(|p| p.1).fold(0.0, f64::min);
    assert!(points.len() <= 400 && (deepest + 0.4).abs() < 1e-12, "{deepest}");
}

#[test]
fn ticks_are_few_and_inside() {
    for range in [(0.0, 1.0), (-3.3, 1e7), (0.001, 0.0012), (5.0, 5.5)] {
        let ticks = ticks(range);
        assert!((3..=10).contains(&ticks.len()), "{range:?} {ticks:?}");
        assert!(ticks.iter().all(|t| *t >= range.0 && *t <= range.1));
    }
}
