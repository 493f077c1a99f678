//! The matcher on names that must and must not meet, list formats and their refusals, clearings, and the public pairs
//! where they are at hand.

use super::compare::{compare, explain};
use super::list::{Entry, ofac, own, united_nations};
use super::name::Name;
use super::{Party, Screener};

fn milli(one: &str, other: &str) -> u32 {
    compare(&Name::of(one), &Name::of(other)).milli
}

#[test]
fn alike_names_meet_and_others_do_not() {
    for (one, other) in [
        ("Владимир Путин", "Vladimir Putin"),
        ("SALEK, ABDULHAI", "Abdulhai Salek"),
        ("Osama bin Laden", "Usama ibn Laden"),
        ("'Abd al-Aziz al-Nuristani", "Abdul Aziz Nooristani"),
        ("Good Will Company", "Goodwill Company"),
        ("习近平", "Xi Jinping"),
        ("A. Khamenei", "Ali Khamenei"),
        ("Igor Sech1n", "Igor Sechin"),
        ("Vladimir Vladimirovich Putin", "Vladimir Putin"),
        ("Bowne Global Solutions, L.L.C.", "Bowne Global Solutions LLC"),
        ("JC Juncker", "Jean-Claude Juncker"),
        ("PLA", "People\u{2019}s Liberation Army"),
        ("vanderbilt corp", "van der bilt corp"),
        ("Brigade Forty-Four", "Brigade 44"),
        ("I9or Sech1n", "Igor Sechin"),
        ("CHANG MYONGC-HIN", "CHANG MYONG-CHIN"),
        ("Shi Jinping", "Xi Jinping"),
        ("Siemens Aktiengeselschaft", "Siemens AG"),
    ] {
        assert!(milli(one, other) >= 700, "{one} | {other}: {}", milli(one, other));
        assert_eq!(milli(one, other), milli(other, one), "{one} | {other}: either way round");
    }
    for (one, other) in [
        ("Roberto Fox", "Vicente Fox"),
        ("Corp", "Microsoft Corporation"),
        ("Frost, William G.", "William W Frost"),
        ("SALMAN BIN MUHAMMAD", "MUHAMMAD BIN SALMAN"),
        ("Management Company 23", "Management Company"),
        ("习近朋", "习近平"),
        ("George Bush", "George Habbash"),
        ("N.N.", "Nursultan Nazarbayev"),
        ("Kim Hyo'k", "Kim Kyu"),
        ("", "Vladimir Putin"),
        ("...", "---"),
    ] {
        assert!(milli(one, other) < 700, "{one} | {other}: {}", milli(one, other));
    }
}

#[test]
fn a_hit_is_explained_word_by_word_as_the_words_were_laid() {
    for (one, other, expected) in [
        ("Vladimir Putin", "PUTIN, Vladimir", "vladimir vladimir 1000, putin putin 1000"),
        ("Good Will Company", "Goodwill Co", "goodwill goodwill 1000"),
        ("JC Juncker", "Jean-Claude Juncker", "jc jc 880, juncker juncker 1000"),
        ("Igor Setchin", "Igor Sechin", "igor igor 1000, setchin sechin 858"),
        ("Ann", "Bob", ""),
    ] {
        let laid = explain(&Name::of(one), &Name::of(other));
        let told: Vec<String> =
            laid.iter().map(|(one, other, milli)| format!("{one} {other} {milli}")).collect();
        assert_eq!(told.join(", "), expected, "{one} | {other}");
    }
}

/// What is found by searching few candidates is what comparing every name would find.
#[test]
fn a_search_finds_what_comparing_everything_does() {
    let mut random = fastrand::Rng::with_seed(8);
    let parts =
        ["ivan", "petrov", "muhammad", "hassan", "abdul", "rahman", "li", "wei", "kim", "garcia", "lopez"];
    let mut name = || -> String {
        let words = (0..random.usize(2..5)).map(|_| {
            let mut word = parts[random.usize(0..parts.len())].to_owned();
            if random.u8(0..3) == 0 {
                word.insert(random.usize(0..=word.len()), char::from(random.u8(b'a'..=b'z')));
            }
            word
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let entries: Vec<Entry> = (0..60).map(|number| entry(&number.to_string(), &name(), &[])).collect();
    let mut screener = Screener::default();
    screener.replace("own", entries.clone()).expect("a first version");
    for _ in 0..200 {
        let query = name();
        let hits = screener.search(&Party { name: query.clone(), birth: None }, 850);
        let mut found: Vec<(String, u32)> = hits.into_iter().map(|hit| (hit.id, hit.milli)).collect();
        let all = entries.iter().map(|one| (one.id.clone(), milli(&query, &one.names[0])));
        let mut expected: Vec<(String, u32)> = all.filter(|(_, milli)| *milli >= 850).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn a_standing_population_is_searched_in_what_changed_only() {
    let old = own("1,Jane Roe\n2,Ivan Sidorov\n").expect("own form");
    let new = own("1,Jane Roe\n2,Ivan Sidorov;Vanya Sidorov\n3,Petr Orlov\n").expect("own form");
    let population = ["Jane Roe", "Sidorov Ivan", "Nobody Atall", "Orlov, Petr"]
        .map(|name| Party { name: name.into(), birth: None });
    let found = Screener::rescreen("own", (&old, &new), &population, 900).expect("a list");
    let told: Vec<(usize, &str)> = found.iter().map(|(number, hit)| (*number, &hit.id[..])).collect();
    assert_eq!(told, [(1, "2"), (3, "3")], "Jane Roe was searched before");
}

fn entry(id: &str, name: &str, births: &[i32]) -> Entry {
    Entry { id: id.into(), names: vec![name.into()], births: births.to_vec(), person: true }
}

#[test]
fn a_search_weighs_births_and_keeps_clearings_until_something_changes() {
    let mut screener = Screener::default();
    let others =
        (0..60).map(|number| entry(&format!("x{number}"), &format!("Unrelated Person{number}"), &[]));
    let entries: Vec<Entry> = others.chain([entry("1", "Ivan Petrovich Sidorov", &[1970])]).collect();
    screener.replace("own", entries.clone()).expect("a first version");
    let party = |birth| Party { name: "Sidorov, Ivan".into(), birth };
    let best = |screener: &Screener, birth| {
        screener.search(&party(birth), 0).into_iter().find(|hit| hit.id == "1").expect("found")
    };
    let (alone, near, far) =
        (best(&screener, None), best(&screener, Some(1971)), best(&screener, Some(1990)));
    assert_eq!((alone.milli, alone.years_apart), (near.milli, None));
    assert_eq!((far.milli + 200, far.years_apart), (near.milli, Some(20)));
    assert!(screener.clear(&party(None), alone.entry_version, "ann", "Ann").is_err(), "one person twice");
    screener.clear(&party(None), alone.entry_version, "ann", "bob").expect("two persons");
    assert!(
        best(&screener, None).cleared && !best(&screener, Some(1971)).cleared,
        "another party is not cleared"
    );
    let mut changed = entries.clone();
    changed[60].names.push("Vanya Sidorov".into());
    assert_eq!(Screener::delta(&entries, &changed).len(), 1, "only what changed is searched again");
    screener.replace("own", changed).expect("a new version");
    assert!(!best(&screener, None).cleared, "the entry changed, so the clearing lapsed");
    let refused = screener.replace("own", entries[..50].to_vec()).expect_err("a broken download").to_string();
    assert_eq!(refused, "list own: 50 entries, 61 before; more than 2 in a hundred lost");
}

#[test]
fn lists_are_read_or_refused_with_their_line() {
    let xml = "<?xml version=\"1.0\"?><CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>7</DATAID><FIRST_NAME>ERIC</FIRST_NAME>\
        <SECOND_NAME>BADEGE &amp; CO</SECOND_NAME><INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME>E. B.</ALIAS_NAME></INDIVIDUAL_ALIAS>\
        <INDIVIDUAL_DATE_OF_BIRTH><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>";
    let found = united_nations(xml).expect("the UN's form");
    let expected = Entry {
        id: "7".into(),
        names: vec!["ERIC BADEGE & CO".into(), "E. B.".into()],
        births: vec![1971],
        person: true,
    };
    assert_eq!(found, [expected]);
    let sdn = "36,\"ROE, Jane\",\"individual\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 19 Mar 1960; nationality\"\n\u{1a}\n";
    let found = ofac(sdn, "36,12,\"aka\",\"JANIE\",-0- \n").expect("the OFAC's form");
    assert_eq!(
        found,
        [Entry {
            id: "36".into(),
            names: vec!["ROE, Jane".into(), "JANIE".into()],
            births: vec![1960],
            person: true
        }]
    );
    assert_eq!(own("a1,Jane Roe;Janie,1960;1961\n").expect("own form")[0].births, [1960, 1961]);
    for (result, expected) in [
        (united_nations("<LIST><INDIVIDUAL></LIST>"), "line 1: </LIST> closes nothing"),
        (united_nations("<LIST>"), "the list ends inside LIST"),
        (united_nations("<LIST\n"), "line 1: a tag is not closed"),
        (united_nations(""), "the list holds no entry"),
        (ofac("36,\"X\"\n", ""), "line 1: number, name and ten more columns expected (OFAC SDN.CSV)"),
        (own("# nobody\n\nx\n"), "line 3: id,name;alias,birth years expected"),
        (own("x,Jane,196\u{e9}\n"), "line 1: 196\u{e9} is no year"),
    ] {
        assert_eq!(result.expect_err(expected).to_string(), expected);
    }
}

#[test]
fn any_text_is_read_without_harm() {
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..3_000 {
        let mut text = || -> String {
            (0..random.usize(0..60)).filter_map(|_| char::from_u32(random.u32(1..0x1_1000))).collect()
        };
        let (one, other) = (text(), text());
        let found = milli(&one, &other);
        assert!(found <= 1_000, "{one:?} {other:?}");
        let _ = (united_nations(&one), ofac(&one, &other), own(&one));
    }
    assert!(milli(&"a ".repeat(500), &"b".repeat(500)) <= 1_000);
}

/// Where the public name pairs are beside the checkout, the half that was not tuned on must stay well matched.
#[test]
fn the_public_pairs_are_told_apart() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/names/pairs.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("SKIPPED: no {path}");
        return;
    };
    let (mut hits, mut wrong, mut missed) = (0.0, 0.0, 0.0);
    for line in text.lines().skip(1) {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for char in line.chars() {
            match char {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                _ => cells.last_mut().expect("a cell").push(char),
            }
        }
        let hash = cells[2]
            .bytes()
            .chain(cells[3].bytes())
            .fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        if (hash >> 8) % 2 == 1 {
            match (milli(&cells[2], &cells[3]) >= 700, cells[4] == "true") {
                (true, true) => hits += 1.0,
                (true, false) => wrong += 1.0,
                (false, true) => missed += 1.0,
                (false, false) => {}
            }
        }
    }
    let score: f64 = 2.0 * hits / (2.0 * hits + wrong + missed);
    assert!(score >= 0.86, "F1 {score} on the half that was not tuned on");
}
