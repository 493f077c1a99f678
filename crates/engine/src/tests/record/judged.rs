//! Verdicts and facts about risk control: one sample or a few of each, and any at random.

use fastrand::Rng;
use risk::cases::{CaseRecord, Ruling};
use risk::screening::list::Entry;
use risk::screening::{Found, Listed, Party, ScreeningRecord, Searched};
use risk::{
    Change, Contribution, Decision, Event, Facts, Key, Lack, Outcome, Reason, Record, Screening, Verdict,
    Versions,
};
use switch::{Decline, Judged, PaymentId};

use super::random::number;
use super::samples::DECLINES;
use crate::RiskFact;

const RULINGS: [Ruling; 3] = [Ruling::Fraud, Ruling::Genuine, Ruling::Unclear];

fn facts() -> Facts {
    Facts {
        at_ms: 1_795_406_400_000,
        amount_minor: 1_400,
        paid_minor: 81_250,
        currency: Key::of("PHP"),
        payer: Key::of("wallet-ph/juan"),
        merchant: Key::of("acquirer-cn/M-1"),
        corridor: Key::corridor("PH", "CN"),
        screening: Screening::Clear,
        ..Facts::default()
    }
}

pub(super) fn let_through() -> Judged {
    let versions = Versions { features: 1, rules: 2, ..Versions::default() };
    let verdict = Verdict { versions, lacks: Lack::Model as u8, ..Verdict::default() };
    Judged { facts: facts(), verdict, refused: None, case: None }
}

pub(super) fn refused() -> Judged {
    let reasons = vec![
        Reason::Stopped { subject: Key::of("wallet-ph") },
        Reason::Screening(Screening::Listed),
        Reason::Limit { subject: Key::of("PH-CN") },
        Reason::Rule { rule: 7 },
        Reason::Model,
    ];
    let verdict = Verdict {
        decision: Decision::Decline,
        reasons,
        score_ppm: 970_000,
        micro: -3_100_000,
        contributions: vec![Contribution { slot: 31, micro: 900_000 }, Contribution { slot: 1, micro: -7 }],
        shadow_rules: vec![0, 12],
        shadow_score_ppm: Some(3),
        lacks: 0,
        versions: Versions { features: u64::MAX, rules: 1, model: 2, lists: 3, policy: 4 },
    };
    Judged { facts: facts(), verdict, refused: Some(Decline::RiskReject), case: Some(300) }
}

pub(super) fn samples() -> Vec<(String, RiskFact)> {
    let (at_ms, by) = (1_795_406_400_000, "ann".to_owned());
    let subject = Key::of("acquirer-cn/M-1");
    let change = |change| RiskFact::Record(Record::Proposed { id: 1, maker: "ann".into(), at_ms, change });
    let record = RiskFact::Record;
    let mut samples = vec![
        ("proposed-rules", change(Change::Rules("rule any".into()))),
        ("proposed-policy", change(Change::Policy("score review 1".into()))),
        ("proposed-shadow", change(Change::Shadow("model 1".into()))),
        ("proposed-promote", change(Change::Promote)),
        ("proposed-rollback", change(Change::Rollback)),
        ("proposed-list", change(Change::List { name: "blocked".into(), keys: vec![subject, Key(1)] })),
        ("proposed-resume", change(Change::Resume { subject })),
        ("proposed-limit", change(Change::Limit { subject, amount_max_minor: Some(5) })),
        ("proposed-no-limit", change(Change::Limit { subject, amount_max_minor: None })),
        ("published", record(Record::Published { id: 1, checker: "ben".into(), at_ms })),
        ("withdrawn", record(Record::Withdrawn { id: 1, by: by.clone(), at_ms })),
        ("stopped", record(Record::Stopped { subject, by: by.clone(), at_ms, reason: "ring".into() })),
        ("health", record(Record::Health { at_ms, windows: true, lists_at_ms: at_ms })),
        (
            "screened",
            record(Record::Screened {
                subject,
                status: Screening::Possible,
                by: by.clone(),
                at_ms,
                reason: "a namesake".into(),
            }),
        ),
        ("claimed", RiskFact::Case(CaseRecord::Claimed { case: 9, by: by.clone(), until_ms: at_ms + 1 })),
    ];
    for (name, fraud) in [("labelled-fraud", true), ("labelled-genuine", false)] {
        let reason = "chargeback".to_owned();
        samples.push((name, RiskFact::Labelled { payment: PaymentId(300), by: by.clone(), fraud, reason }));
    }
    for (name, ruling) in ["ruled-fraud", "ruled-genuine", "ruled-unclear"].into_iter().zip(RULINGS) {
        let reason = "called the payer".to_owned();
        let ruled = CaseRecord::Ruled { case: 9, by: by.clone(), ruling, reason, at_ms };
        samples.push((name, RiskFact::Case(ruled)));
    }
    let screening = screenings(at_ms).into_iter().map(|(name, record)| (name, RiskFact::Screening(record)));
    samples.extend(screening);
    samples.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

fn screenings(at_ms: i64) -> Vec<(&'static str, ScreeningRecord)> {
    let entry = Entry {
        id: "6908555".into(),
        names: vec!["MOHAMMED AL-SAMPLE".into(), "محمد".into()],
        births: vec![1957, 1958],
        person: true,
    };
    let list = Listed {
        list: "un".into(),
        at_ms,
        from: Key::NONE,
        version: Key(7),
        new: 1,
        more: true,
        gone: Vec::new(),
        came: vec![entry],
    };
    let compared =
        Listed { from: Key(7), new: 0, more: false, gone: vec!["1".into()], came: vec![], ..list.clone() };
    let party = Party { name: "Mohammed Sample".into(), birth: Some(1957) };
    let found = Found {
        list: "un".into(),
        entry: "6908555".into(),
        entry_version: Key(8),
        party_version: party.version(),
        name: "MOHAMMED AL-SAMPLE".into(),
        milli: 990,
        why: "mohammed, sample, the same year of birth".into(),
        confirmed: false,
    };
    let subject = Key::of("wallet-ph/juan");
    let all = Searched {
        epoch: 3,
        at_ms,
        through: Some((Key::NONE, Key(u64::MAX))),
        parties: vec![],
        hits: vec![(subject, found)],
    };
    let one =
        Searched { through: None, parties: vec![(subject, party.version())], hits: vec![], ..all.clone() };
    vec![
        ("listed-in-part", ScreeningRecord::Listed(list)),
        ("listed", ScreeningRecord::Listed(compared)),
        ("named", ScreeningRecord::Named { subject, party, at_ms }),
        (
            "named-alone",
            ScreeningRecord::Named { subject, party: Party { name: "山田".into(), birth: None }, at_ms },
        ),
        ("searched-all", ScreeningRecord::Searched(all)),
        ("searched-one", ScreeningRecord::Searched(one)),
    ]
}

fn any_screening(random: &mut Rng, by: String, reason: String) -> ScreeningRecord {
    let (at_ms, subject, some) = (random.i64(..), Key(random.u64(..)), Key(random.u64(..)));
    match random.u8(0..3) {
        0 => ScreeningRecord::Named {
            subject,
            party: Party { name: by, birth: random.bool().then(|| random.i32(..)) },
            at_ms,
        },
        1 => {
            let births = (0..random.usize(0..3)).map(|_| random.i32(..)).collect();
            let entry = Entry {
                id: by.clone(),
                names: vec![by.clone(), reason.clone()],
                births,
                person: random.bool(),
            };
            let came = vec![entry; random.usize(0..3)];
            let (more, new) = (random.bool(), random.usize(..));
            ScreeningRecord::Listed(Listed {
                list: by,
                at_ms,
                from: some,
                version: subject,
                new,
                more,
                gone: vec![reason],
                came,
            })
        }
        _ => {
            let hit = Found {
                list: by.clone(),
                entry: reason.clone(),
                entry_version: some,
                party_version: subject,
                name: by,
                milli: random.u32(..),
                why: reason,
                confirmed: false,
            };
            ScreeningRecord::Searched(Searched {
                epoch: random.u64(..),
                at_ms,
                through: random.bool().then_some((subject, some)),
                parties: vec![(some, subject); random.usize(0..3)],
                hits: vec![(subject, hit); random.usize(0..3)],
            })
        }
    }
}

pub(super) fn random(random: &mut Rng) -> Judged {
    let reasons = (0..random.usize(0..5)).map(|_| match random.u8(0..6) {
        0 => Reason::Stopped { subject: Key(random.u64(..)) },
        1 => Reason::Screening(screening(random)),
        2 => Reason::Limit { subject: Key(random.u64(..)) },
        3 => Reason::Rule { rule: random.u16(..) },
        4 => Reason::Model,
        _ => Reason::Degraded(*random.choice(&Lack::ALL).unwrap()),
    });
    let reasons = reasons.collect();
    let contributions = (0..random.usize(0..4))
        .map(|_| Contribution { slot: random.u16(..), micro: random.i64(..) })
        .collect();
    let verdict = Verdict {
        decision: *random.choice(&Decision::ALL).unwrap(),
        reasons,
        score_ppm: random.u32(..),
        micro: random.i64(..),
        contributions,
        shadow_rules: (0..random.usize(0..3)).map(|_| random.u16(..)).collect(),
        shadow_score_ppm: random.bool().then(|| random.u32(0..1_000_000)),
        lacks: random.u8(..),
        versions: Versions {
            features: random.u64(..),
            rules: random.u64(..),
            model: random.u64(..),
            lists: random.u64(..),
            policy: random.u64(..),
        },
    };
    let refused = random.bool().then(|| *random.choice(DECLINES).unwrap());
    Judged { facts: any_facts(random), verdict, refused, case: random.bool().then(|| number(random)) }
}

pub(super) fn random_fact(random: &mut Rng) -> RiskFact {
    let mut text = || -> String { (0..random.usize(0..9)).map(|_| random.char('a'..='ü')).collect() };
    let (by, reason, name) = (text(), text(), text());
    let (id, at_ms, subject) = (random.u64(..), random.i64(..), Key(random.u64(..)));
    RiskFact::Record(match random.u8(0..13) {
        0 => return RiskFact::Labelled { payment: PaymentId(id), by, fraud: random.bool(), reason },
        1 => return RiskFact::Case(CaseRecord::Claimed { case: id, by, until_ms: at_ms }),
        10 => return RiskFact::Screening(any_screening(random, by, reason)),
        2 | 3 => {
            let ruling = RULINGS[random.usize(0..3)];
            return RiskFact::Case(CaseRecord::Ruled { case: id, by, ruling, reason, at_ms });
        }
        4 => Record::Published { id, checker: by, at_ms },
        5 => Record::Withdrawn { id, by, at_ms },
        6 => Record::Stopped { subject, by, at_ms, reason },
        7 => Record::Health { at_ms, windows: random.bool(), lists_at_ms: random.i64(..) },
        8 => Record::Screened { subject, status: screening(random), by, at_ms, reason },
        9 => {
            let event = *random.choice(&Event::ALL).unwrap();
            Record::Observed(Outcome { at_ms, event, facts: any_facts(random) })
        }
        _ => {
            let amount_max_minor = random.bool().then(|| random.i64(0..));
            let change = match random.u8(0..8) {
                0 => Change::Rules(reason),
                1 => Change::Policy(reason),
                2 => Change::Shadow(reason),
                3 => Change::Promote,
                4 => Change::Rollback,
                5 => Change::List { name, keys: (0..random.u64(0..5)).map(Key).collect() },
                6 => Change::Resume { subject },
                _ => Change::Limit { subject, amount_max_minor },
            };
            Record::Proposed { id, maker: by, at_ms, change }
        }
    })
}

fn screening(random: &mut Rng) -> Screening {
    let all = [Screening::Unknown, Screening::Clear, Screening::Possible, Screening::Listed];
    all[random.usize(0..4)]
}

fn any_facts(random: &mut Rng) -> Facts {
    Facts {
        at_ms: random.i64(..),
        amount_minor: random.i64(..),
        paid_minor: random.i64(..),
        currency: Key(random.u64(..)),
        payer: Key(random.u64(..)),
        merchant: Key(random.u64(..)),
        terminal: Key(random.u64(..)),
        device: Key(random.u64(..)),
        wallet: Key(random.u64(..)),
        acquirer: Key(random.u64(..)),
        payer_country: Key(random.u64(..)),
        merchant_country: Key(random.u64(..)),
        corridor: Key(random.u64(..)),
        channel: Key(random.u64(..)),
        merchant_class: Key(random.u64(..)),
        screening: screening(random),
    }
}
