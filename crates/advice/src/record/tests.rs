use super::*;

#[test]
fn any_change_to_a_trail_is_seen() {
    let mut trail: Vec<Record> = Vec::new();
    for k in 0..4 {
        let body = Json::object([("amount", Json::Whole(100 * k)), ("note", Json::text("买入"))]);
        let next = Record::after(trail.last(), Day(k as i32), "user-1", "proposal", body);
        trail.push(next);
    }
    let text = |trail: &[Record]| trail.iter().map(|r| r.to_json().canonical() + "\n").collect::<String>();
    let whole = text(&trail);
    assert_eq!(verify_trail(&whole).unwrap(), trail);
    assert!(verify_trail(&whole.replacen("\"amount\":200", "\"amount\":201", 1)).is_err());
    assert!(verify_trail(&whole.replace("user-1", "user-2")).is_err());
    let dropped: String =
        whole.lines().enumerate().filter(|(k, _)| *k != 1).map(|(_, l)| format!("{l}\n")).collect();
    assert_eq!(verify_trail(&dropped).unwrap_err().rule, "trail");
    assert!(verify_trail(&text(&trail[1..])).is_err());
}
