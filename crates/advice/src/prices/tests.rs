use super::*;

#[test]
fn tables_are_read_or_refused_with_their_line() {
    let prices = Prices::parse_csv("Date;A;B\n2024-01-02;10;20\n2024-01-03 00:00;11;19\n").unwrap();
    assert_eq!(
        (prices.names.as_slice(), prices.dates[1].as_str()),
        (&["A".into(), "B".into()][..], "2024-01-03")
    );
    let returns = prices.returns().unwrap();
    assert!((returns.columns()[0][0] - 0.1).abs() < 1e-15 && (returns.columns()[1][0] + 0.05).abs() < 1e-15);
    let check = |text: &str, code: Code, part: &str| {
        let refusal = Prices::parse_csv(text).and_then(|p| p.complete(Missing::Refuse)).unwrap_err();
        assert_eq!(refusal.code, code, "{text}");
        assert!(refusal.message.contains(part), "{refusal}");
    };
    check("", Code::MalformedTable, "empty");
    check("date,A,A\n", Code::DuplicateAsset, "A appears twice");
    check("date,A\n2024-01-02,1\n2024-01-02,1\n", Code::MalformedTable, "Line 3");
    check("date,A\n2024-02-30,1\n2024-03-02,1\n", Code::MalformedTable, "no date");
    check("date,A\n2024-01-02,-1\n", Code::MalformedTable, "no price of A");
    check("date,A,B\n2024-01-02,1\n", Code::MalformedTable, "too few");
    check("date,A\n2024-01-02,1,2\n", Code::MalformedTable, "too many");
    check("date,A\n2024-01-02,1\n2024-01-03,\n", Code::NanOrInf, "A has no price on 2024-01-03");
}

#[test]
fn missing_prices_follow_the_chosen_rule() {
    let text = "date,A,B\n2024-01-02,1,5\n2024-01-03,,6\n2024-01-04,,7\n2024-01-05,4,8\n";
    let prices = || Prices::parse_csv(text).unwrap();
    assert_eq!(prices().complete(Missing::DropDate).unwrap().columns, [vec![1.0, 4.0], vec![5.0, 8.0]]);
    assert_eq!(prices().complete(Missing::Carry(2)).unwrap().columns[0], [1.0, 1.0, 1.0, 4.0]);
    assert_eq!(prices().complete(Missing::Carry(1)).unwrap_err().code, Code::NanOrInf);
    let jump = prices().complete(Missing::DropDate).unwrap().refuse_jumps(0.5).unwrap_err();
    assert_eq!((jump.code, jump.actual), (Code::PriceJump, Some(3.0)));
}
