use super::*;

const DAY: Day = 20_454;

fn lending() -> Lending {
    Lending { limit_max: 3_100_000, limit_min: 10_000, cost_ppm: 40_000 }
}

fn consent() -> Consent {
    Consent { hash: [7; 32], from_day: DAY, withdrawn_day: None }
}

/// A café: 30 payments of 10.00 on each of 26 days a month.
fn steady(months: usize) -> History {
    let month = Month {
        gross: 780_000,
        refunds: 7_800,
        chargebacks: 0,
        largest_five: 78_000,
        payments: 780,
        active_days: 26,
    };
    History {
        source: Source::Ledger,
        region: 1,
        sector: 2,
        months: vec![month; months],
        days: vec![25_740; 30 * months],
        repayments: Vec::new(),
    }
}

fn offered(history: &History) -> Offer {
    match decide(history, Some(&consent()), &lending(), DAY) {
        Decision::Offered(offer) => offer,
        Decision::Refused(refused) => panic!("{refused:?}"),
    }
}

fn refused(history: &History, consent: Option<&Consent>) -> Refused {
    match decide(history, consent, &lending(), DAY) {
        Decision::Offered(offer) => panic!("{offer:?}"),
        Decision::Refused(refused) => refused,
    }
}

#[test]
fn a_steady_merchant_is_offered_what_weak_sales_repay() {
    let offer = offered(&steady(12));
    assert_eq!((offer.score, offer.limit), (950, 220_077), "0.3 × 772,200 × 0.95");
    assert_eq!(offer.owed, offer.limit + offer.limit * 4 / 100);
    assert_eq!(offer.share_ppm, 50_000, "5 % of 4,633,200 in 180 days is 231,660");
    assert!(u64::from(offer.share_ppm) * 4_633_200 / 1_000_000 >= offer.owed);
    assert!(!offer.generated);
    assert_eq!(offered(&steady(6)).limit, 105_405, "half the history, half the limit, and fewer points");
}

#[test]
fn weak_sales_bound_the_limit() {
    let mut weak = steady(12);
    weak.days.iter_mut().for_each(|day| *day /= 10);
    let offer = offered(&weak);
    assert_eq!(offer.share_ppm, 300_000);
    assert!(offer.owed <= 2_574 * 180 * 3 / 10 && offer.limit < 140_000, "{offer:?}");
}

#[test]
fn nothing_is_looked_at_without_consent() {
    let withdrawn = Consent { withdrawn_day: Some(DAY), ..consent() };
    let later = Consent { from_day: DAY + 1, ..consent() };
    for none in [None, Some(&withdrawn), Some(&later)] {
        let refused = refused(&steady(12), none);
        assert_eq!((refused.score, &refused.reasons[..]), (None, &[Reason::NoConsent][..]));
    }
}

#[test]
fn a_refusal_has_its_three_strongest_reasons_and_what_would_change_them() {
    let mut history = steady(6);
    for (number, month) in history.months.iter_mut().enumerate() {
        month.chargebacks = month.gross / 50;
        month.largest_five = month.gross * 9 / 10;
        month.gross = if number > 2 { month.gross / 3 } else { month.gross };
        month.active_days = 5;
    }
    let refused = refused(&history, Some(&consent()));
    assert!(refused.score.is_some_and(|score| score < SCORE_MIN), "{refused:?}");
    assert_eq!(refused.reasons.len(), 3);
    let texts: Vec<String> = refused.reasons.iter().map(Reason::text).collect();
    assert!(texts[0].contains("spread") && texts[0].contains("at most 1200000"), "{texts:?}");
    assert!(texts[1].contains("chargebacks") && texts[1].contains("at most 8000"), "{texts:?}");
    assert!(texts.iter().all(|text| text.contains("counts for more")), "{texts:?}");
    let short = super::tests::refused(&steady(2), Some(&consent()));
    assert_eq!(short.reasons, [Reason::ShortHistory { months: 2 }]);
    let small = Lending { limit_min: 1_000_000, ..lending() };
    let Decision::Refused(small) = decide(&steady(12), Some(&consent()), &small, DAY) else { panic!() };
    assert_eq!(small.reasons[0], Reason::SmallSales { limit: 220_077 });
}

#[test]
fn the_table_is_monotone_and_adds_up() {
    assert_eq!(FEATURES.iter().map(Row::most).sum::<u32>(), SCORE_MAX);
    for row in &FEATURES {
        assert!(row.steps.windows(2).all(|pair| pair[0].0 < pair[1].0), "{}: bounds ascend", row.name);
        let probes = row.steps.iter().flat_map(|(bound, _)| [bound - 1, *bound, bound + 1]);
        let probes: Vec<u64> = [0].into_iter().chain(probes).chain([u64::MAX]).collect();
        for pair in probes.windows(2) {
            let (less, more) = (row.points(pair[0]), row.points(pair[1]));
            assert!(if row.more_is_better { less <= more } else { less >= more }, "{} at {pair:?}", row.name);
        }
        assert_eq!(row.feature.row().name, row.name);
    }
}

#[test]
fn a_history_of_nothing_is_refused_and_never_panics() {
    let nothing = History { months: Vec::new(), days: Vec::new(), ..steady(1) };
    assert_eq!(refused(&nothing, Some(&consent())).reasons, [Reason::ShortHistory { months: 0 }]);
    let month = Month {
        gross: u64::MAX / 64,
        refunds: u64::MAX,
        chargebacks: u64::MAX,
        largest_five: 0,
        payments: 1,
        active_days: 31,
    };
    let huge = History { months: vec![month; 12], days: vec![0; 400], ..steady(1) };
    refused(&huge, Some(&consent()));
}

#[test]
fn generated_histories_say_so_and_so_do_decisions() {
    let (mut offers, mut refusals) = (0, 0);
    let mut outcomes = Vec::new();
    for seed in 0..400 {
        let history = generated(seed);
        assert_eq!(history, generated(seed));
        assert_eq!(history.source, Source::Generated { seed });
        let decision = decide(&history, Some(&consent()), &lending(), DAY);
        match &decision {
            Decision::Offered(offer) => {
                offers += 1;
                assert!(offer.generated && offer.limit <= lending().limit_max && offer.score >= SCORE_MIN);
            }
            Decision::Refused(refused) => {
                refusals += 1;
                assert!(refused.generated && (1..=3).contains(&refused.reasons.len()));
            }
        }
        let defaulted = (seed % 3 > 0).then_some(seed % 50 == 1);
        outcomes.push(Outcome { region: history.region, sector: history.sector, decision, defaulted });
    }
    println!("{offers} offers and {refusals} refusals, all of generated histories");
    assert!(offers > 50 && refusals > 50, "{offers} and {refusals}");
    let regions = groups(&outcomes, |outcome| outcome.region);
    assert_eq!(regions.iter().map(|group| group.asked).sum::<u64>(), 400);
    assert_eq!(regions.iter().map(|group| group.offered).sum::<u64>(), offers);
    assert_eq!(regions.iter().map(|group| group.ratio_ppm).max(), Some(1_000_000));
    assert!(bands(&outcomes).iter().all(|band| band.from >= SCORE_MIN && band.defaulted <= band.ended));
}

#[test]
fn figures_are_what_they_say() {
    let offer = offered(&steady(12));
    let outcome = |region, decision, defaulted| Outcome { region, sector: 0, decision, defaulted };
    let good = Decision::Offered(offer.clone());
    let bad = decide(&steady(12), None, &lending(), DAY);
    let outcomes = [
        outcome(1, good.clone(), Some(false)),
        outcome(1, good.clone(), Some(true)),
        outcome(2, good, None),
        outcome(2, bad, None),
    ];
    let regions = groups(&outcomes, |outcome| outcome.region);
    let seen: Vec<_> = regions.iter().map(|one| (one.approval_ppm, one.ratio_ppm, one.limit)).collect();
    assert_eq!(seen, [(1_000_000, 1_000_000, offer.limit), (500_000, 500_000, offer.limit)]);
    assert_eq!(bands(&outcomes), [Band { from: 900, ended: 2, defaulted: 1, default_ppm: 500_000 }]);
    assert_eq!(drift_ppm(&[510, 520, 930], &[530, 540, 940]), Some(0));
    assert_eq!(drift_ppm(&[510, 520], &[910, 520]), Some(500_000));
    assert_eq!(drift_ppm(&[], &[1]), None);
}
