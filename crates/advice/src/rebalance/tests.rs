use super::*;
use crate::calendar::Day;
use crate::suitability::Class;

#[test]
fn the_screen_flags_exactly_what_leaves_its_band() {
    let product = |code: &str, class: &str| {
        let json = format!(r#"{{"code":"{code}","class":"{class}","issuer_grade":"R2","own_grade":"R2"}}"#);
        Product::from_json(&crate::Json::parse(&json).unwrap()).unwrap()
    };
    let products = [product("B", "bond"), product("E", "equity"), product("F", "equity")];
    let model = Model {
        id: "m".into(),
        version: 1,
        class: Class::C3,
        horizon_months_max: 120,
        weights_bp: vec![("B".into(), 6_000), ("E".into(), 4_000)],
        approvals: vec![],
        from: Day(0),
        until: None,
    };
    let codes = ["B", "E", "F"].map(String::from);
    let screen = Screen::try_new(&model, &products, &codes, &Policy::default()).unwrap();
    let check = |amounts: [i64; 3], cash: i64, seen: Seen| {
        assert_eq!(screen.look(&amounts, cash), seen, "{amounts:?} {cash}")
    };
    check([6_000, 4_000, 0], 0, Seen::Quiet);
    check([6_000, 2_000, 2_000], 0, Seen::Quiet);
    check([5_200, 4_800, 0], 0, Seen::Quiet); // 48 % is the edge of 40 ± 8
    check([5_199, 4_801, 0], 0, Seen::Broken(1));
    check([6_000, 3_900, 0], 100, Seen::NewMoney);
    check([6_000, 3_901, 0], 99, Seen::Quiet);
    check([0, 0, 0], 0, Seen::Empty);
    check([0, 0, 0], 500, Seen::Broken(0));
    assert_eq!(screen.class_name(1), "equity");
    assert!(Screen::try_new(&model, &products, &codes[1..], &Policy::default()).is_err());
}
