use super::*;

fn model(id: &str, class: Class, months: i64, version: i64) -> Model {
    Model {
        id: id.into(),
        version,
        class,
        horizon_months_max: months,
        weights_bp: vec![("A".into(), 6_000), ("B".into(), 4_000)],
        approvals: vec!["wang".into(), "lee".into()],
        from: Day(0),
        until: None,
    }
}

#[test]
fn models_need_two_people_a_whole_and_their_days() {
    let good = model("m", Class::C3, 120, 1);
    assert!(good.refuse_unusable(Day(1)).is_ok());
    assert_eq!(Model::from_json(&good.to_json()).unwrap(), good);
    let check = |model: Model, code: Code| assert_eq!(model.refuse_unusable(Day(10)).unwrap_err().code, code);
    check(Model { approvals: vec!["wang".into(), "wang".into()], ..good.clone() }, Code::ModelNotApproved);
    check(Model { until: Some(Day(10)), ..good.clone() }, Code::ModelNotApproved);
    check(Model { weights_bp: vec![("A".into(), 9_999)], ..good.clone() }, Code::OutOfRange);
    check(Model { weights_bp: vec![("A".into(), 5_000), ("A".into(), 5_000)], ..good }, Code::DuplicateAsset);
}

#[test]
fn the_nearest_bucket_and_newest_version_is_chosen() {
    let models = [
        model("a", Class::C2, 36, 1),
        model("b", Class::C3, 36, 1),
        model("c", Class::C3, 120, 1),
        model("c", Class::C3, 120, 2),
    ];
    let chosen = |class, months| choose(&models, class, months, Day(5)).map(|m| (m.id.clone(), m.version));
    assert_eq!(chosen(Class::C3, 24).unwrap(), ("b".into(), 1));
    assert_eq!(chosen(Class::C5, 60).unwrap(), ("c".into(), 2));
    assert_eq!(chosen(Class::C1, 24).unwrap_err().code, Code::ModelNotApproved);
    assert_eq!(chosen(Class::C2, 60).unwrap_err().code, Code::ModelNotApproved);
}

#[test]
fn the_glide_takes_one_step_a_quarter() {
    let buckets = [12, 36, 120];
    assert_eq!(glide(&buckets, 2, 30, 3), 1);
    assert_eq!(glide(&buckets, 2, 6, 3), 1);
    assert_eq!(glide(&buckets, 2, 6, 2), 2);
    assert_eq!(glide(&buckets, 0, 600, 9), 0);
}

#[test]
fn a_plan_keeps_its_bucket_until_its_step_is_due() {
    let models = [
        model("short", Class::C3, 12, 1),
        model("middle", Class::C3, 36, 1),
        model("middle", Class::C3, 36, 2),
        model("long", Class::C3, 120, 1),
    ];
    let today = Day::parse("2026-06-01").unwrap();
    let held = |months_max, since: &str| Some(Bucket { months_max, since: Day::parse(since).unwrap() });
    for (months, before, id, version, since) in [
        (100, None, "long", 1, "2026-06-01"),
        (100, held(120, "2020-01-01"), "long", 1, "2020-01-01"),
        (6, held(120, "2026-02-28"), "middle", 2, "2026-06-01"),
        (6, held(120, "2026-03-02"), "long", 1, "2026-03-02"),
        (6, held(36, "2026-02-28"), "short", 1, "2026-06-01"),
        (24, held(36, "2020-01-01"), "middle", 2, "2020-01-01"),
        (24, held(48, "2020-01-01"), "middle", 2, "2026-06-01"),
    ] {
        let (chosen, bucket) = follow(&models, Class::C3, months, today, before).unwrap();
        let found = (chosen.id.as_str(), chosen.version, bucket.since.to_string());
        assert_eq!(found, (id, version, since.to_string()), "{months} {before:?}");
        assert_eq!(bucket.months_max, chosen.horizon_months_max);
    }
    assert_eq!(follow(&models, Class::C2, 6, today, None).unwrap_err().code, Code::ModelNotApproved);
}
