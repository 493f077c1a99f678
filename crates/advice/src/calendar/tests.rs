use super::*;

#[test]
fn days_are_counted_and_written_back() {
    let check = |text: &str, number: i32| {
        assert_eq!(Day::parse(text), Some(Day(number)), "{text}");
        assert_eq!(Day(number).to_string(), text);
    };
    check("1970-01-01", 0);
    check("2000-02-29", 11_016);
    check("2024-12-31", 20_088);
    check("1583-01-01", -141_349);
    for number in -100_000..100_000 {
        assert_eq!(Day::parse(&Day(number).to_string()), Some(Day(number)));
    }
    for text in
        ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024/01/01", "", "日期日期"]
    {
        assert_eq!(Day::parse(text), None, "{text}");
    }
}

#[test]
fn months_are_added_within_the_month() {
    let plus = |text: &str, months: i32| Day::parse(text).unwrap().plus_months(months).to_string();
    assert_eq!(plus("2024-01-31", 1), "2024-02-29");
    assert_eq!(plus("2024-12-15", 12), "2025-12-15");
    assert_eq!(plus("2024-03-31", -1), "2024-02-29");
}
