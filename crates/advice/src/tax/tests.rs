use super::*;

fn rules(jurisdiction: &str) -> Rules {
    Rules::known().into_iter().find(|rules| rules.jurisdiction == jurisdiction).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn lot(id: &str, bought: &str, units: i64, basis_minor: i64) -> TaxLot {
    TaxLot { id: id.into(), bought: day(bought), since: day(bought), units, basis_minor, matched: false }
}

fn parts(rules: &Rules, lots: &[TaxLot], units: i64, proceeds: i64) -> Vec<(String, i64, i64, i64)> {
    let pool = lots.iter().fold((0, 0), |sum, lot| (sum.0 + lot.units, sum.1 + lot.basis_minor));
    let parts = sell(rules, lots, pool, (day("2026-06-01"), units, proceeds), &[]).unwrap();
    parts.into_iter().map(|p| (p.lot, p.units, p.basis_minor, p.proceeds_minor)).collect()
}

#[test]
fn each_rule_takes_its_own_units() {
    let lots =
        [lot("a", "2024-01-02", 30, 300), lot("b", "2025-01-02", 30, 601), lot("c", "2026-01-02", 40, 400)];
    let part = |id: &str, units, basis, proceeds| (id.to_owned(), units, basis, proceeds);
    assert_eq!(parts(&rules("CN"), &lots, 40, 999), [part("a", 30, 300, 749), part("b", 10, 200, 250)]);
    assert_eq!(parts(&rules("US"), &lots, 40, 999), [part("b", 30, 601, 749), part("a", 10, 100, 250)]);
    assert_eq!(parts(&rules("GB"), &lots, 40, 999), [part("a", 30, 390, 749), part("b", 10, 130, 250)]);
    let named = |list: &[(&str, i64)]| {
        let list: Vec<_> = list.iter().map(|(id, units)| ((*id).to_owned(), *units)).collect();
        sell(&rules("US"), &lots, (0, 0), (day("2026-06-01"), 40, 999), &list)
    };
    let chosen = named(&[("c", 40)]).unwrap();
    assert_eq!((chosen.len(), chosen[0].basis_minor, chosen[0].proceeds_minor), (1, 400, 999));
    for wrong in
        [&[("c", 41)][..], &[("c", 39)], &[("x", 40)], &[("c", 20), ("c", 20)], &[("c", 0), ("b", 40)]]
    {
        assert_eq!(named(wrong).unwrap_err().code, Code::NotALot, "{wrong:?}");
    }
    let pooled = sell(&rules("GB"), &lots, (100, 1_301), (day("2026-06-01"), 1, 1), &[("a".into(), 1)]);
    assert_eq!(pooled.unwrap_err().code, Code::NotALot);
}

#[test]
fn units_of_the_same_day_leave_a_pool_first() {
    let lots = [lot("a", "2025-01-02", 50, 500), lot("b", "2026-06-01", 10, 300)];
    let sold = sell(&rules("GB"), &lots, (50, 500), (day("2026-06-01"), 20, 800), &[]).unwrap();
    let told: Vec<_> = sold.iter().map(|p| (p.lot.as_str(), p.units, p.basis_minor)).collect();
    assert_eq!(told, [("b", 10, 300), ("a", 10, 100)]);
}

/// The example of IRS Publication 550, "Wash sales": 100 shares bought for 1,000, sold for 750, 100 bought again for 800
/// within thirty days. The loss of 250 is put off and the new cost is 1,050.
#[test]
fn a_loss_bought_back_is_put_off() {
    let sale = Sale {
        day: day("2026-06-01"),
        since: day("2026-02-01"),
        units: 100,
        open_units: 100,
        basis_minor: 1_000,
        proceeds_minor: 750,
    };
    let carry = |bought: &str, units| matched_later(&rules("US"), &sale, &lot("n", bought, units, 8 * units));
    let whole = Carry { units: 100, moved_minor: 250, since: day("2026-02-01") };
    assert_eq!(carry("2026-06-01", 100), Some(whole));
    let held = i64::from(day("2026-06-01").0 - day("2026-02-01").0);
    let since = Day(day("2026-07-01").0 - held as i32);
    assert_eq!(carry("2026-07-01", 40), Some(Carry { units: 40, moved_minor: 100, since }));
    assert_eq!(carry("2026-07-02", 100), None, "the thirty-first day is free");
    let before = |bought: &str| matched_before(&rules("US"), &sale, &lot("o", bought, 100, 900));
    assert_eq!(before("2026-05-02").unwrap().moved_minor, 250);
    assert_eq!(before("2026-05-01"), None);
    let gain = Sale { proceeds_minor: 1_200, ..sale.clone() };
    assert_eq!(matched_later(&rules("US"), &gain, &lot("n", "2026-06-02", 100, 800)), None, "gains stand");
    let used = TaxLot { matched: true, ..lot("n", "2026-06-02", 100, 800) };
    assert_eq!(matched_later(&rules("US"), &sale, &used), None, "a lot takes back one loss");
    assert_eq!(matched_later(&rules("CN"), &sale, &lot("n", "2026-06-02", 100, 800)), None);
}

#[test]
fn in_britain_what_is_bought_within_thirty_days_is_what_was_sold() {
    let sale = Sale {
        day: day("2026-06-01"),
        since: day("2020-02-01"),
        units: 100,
        open_units: 80,
        basis_minor: 1_000,
        proceeds_minor: 3_000,
    };
    let back = matched_later(&rules("GB"), &sale, &lot("n", "2026-06-20", 50, 1_400)).unwrap();
    // The fifty are sold at their new cost of 1,400 and not at their share of the pool, 500: the gain falls by 900.
    assert_eq!((back.units, back.moved_minor), (50, -900));
    assert_eq!(matched_later(&rules("GB"), &sale, &lot("n", "2026-07-02", 50, 1_400)), None);
}

#[test]
fn terms_and_years_follow_the_rules() {
    let states = rules("US");
    assert!(
        !states.is_long(day("2025-03-01"), day("2026-03-01"))
            && states.is_long(day("2025-03-01"), day("2026-03-02"))
    );
    assert!(!rules("CN").is_long(day("2001-03-01"), day("2026-03-01")));
    for (jurisdiction, asked, first) in [
        ("US", "2026-12-31", "2026-01-01"),
        ("GB", "2026-04-05", "2025-04-06"),
        ("GB", "2026-04-06", "2026-04-06"),
    ] {
        assert_eq!(rules(jurisdiction).year_of(day(asked)), day(first), "{jurisdiction} {asked}");
    }
}

#[test]
fn rules_are_data_and_bad_data_is_named() {
    for rules in Rules::known() {
        assert_eq!(Rules::from_json(&rules.to_json()).unwrap(), rules);
    }
    let good = rules("US").to_json().canonical();
    for (from, to, what) in [
        ("\"US\"", "\"usa\"", "jurisdiction"),
        ("\"version\":\"1\"", "\"version\":1", "version"),
        ("\"wash_days\":30", "\"wash_days\":400", "wash_days"),
        ("\"order\":\"highest-cost\"", "\"order\":\"cheapest\"", "order"),
        ("\"taxed\":true", "\"taxed\":\"yes\"", "taxed"),
        ("\"year_begins\":\"01-01\"", "\"year_begins\":\"02-29\"", "year_begins"),
    ] {
        let bad = Json::parse(&good.replace(from, to)).unwrap();
        let refusal = Rules::from_json(&bad).unwrap_err();
        assert!(refusal.message.contains(what), "{from} {to}: {refusal}");
    }
}
