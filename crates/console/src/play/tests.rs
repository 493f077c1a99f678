//! The playground's page: whole and escaped in both languages, nothing in it that its Content-Security-Policy forbids,
//! and a catalogue without gaps.

mod sample;

use money::{Amount, Currency};
use switch::Stage;

use super::words::CATALOGUE;
use super::*;

const BOTH: [Language; 2] = [Language::English, Language::Chinese];

/// With `SOJOURN_SAMPLE=DIR` the pages are written there, to be looked at.
#[test]
fn every_scene_is_drawn_whole_in_both_languages() {
    for (name, scene) in sample::scenes() {
        for language in BOTH {
            let page = page(&scene, language);
            assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{name}");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())), "{name}");
            for forbidden in ["style=\"", "<script>", "onclick", "http://", "https://"] {
                assert!(!page.contains(forbidden), "{name} holds {forbidden}");
            }
            ids_are_unique(&name, &page);
            if let Ok(folder) = std::env::var("SOJOURN_SAMPLE") {
                let path = format!("{folder}/{name}-{}.html", language.short());
                std::fs::write(path, page).expect("the folder can be written to");
            }
        }
    }
    if let Ok(folder) = std::env::var("SOJOURN_SAMPLE") {
        for language in BOTH {
            let path = format!("{folder}/message-{}.html", language.short());
            std::fs::write(path, message(&sample::opened(), language)).expect("the folder can be written to");
        }
    }
}

fn ids_are_unique(name: &str, page: &str) {
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{name}: an id occurs twice");
}

/// What replaces an element is that element.
#[test]
fn fragments_are_the_elements_of_the_page() {
    for (name, scene) in sample::scenes() {
        let page = page(&scene, Language::English);
        let mut fragments = vec![network(&scene.network, Language::English)];
        fragments.extend(scene.phones.iter().map(|one| phone(one, Language::English)));
        fragments.extend(scene.tills.iter().map(|one| till(one, Language::English)));
        match &scene.shown {
            Some(shown) => {
                fragments.extend([life(shown, Language::English), steps(shown, Language::English)]);
                for one in &shown.steps {
                    fragments.push(step(one, shown.began_ms(), Language::English));
                }
            }
            None => fragments.extend([no_life(Language::English), no_steps(Language::English)]),
        }
        let current = scene.shown.as_ref().map(|life| life.row.payment.as_str());
        fragments.push(payments(&scene.payments, current, Language::English));
        for fragment in fragments {
            assert!(page.contains(&fragment), "{name} does not hold {fragment}");
        }
    }
}

#[test]
fn no_word_is_missing_in_either_language() {
    for (word, english, chinese) in CATALOGUE {
        assert!(!english.trim().is_empty() && !chinese.trim().is_empty(), "{word:?}");
        assert_eq!(put_ins(english), put_ins(chinese), "{word:?} puts in other things");
        let han = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        let other_language = *word == super::words::Word::OtherLanguage;
        assert_eq!(han(chinese), !other_language, "{word:?}: {chinese}");
        assert_eq!(han(english), other_language, "{word:?}: {english}");
    }
}

fn put_ins(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    names.sort_unstable();
    names
}

#[test]
fn figures_are_written_with_their_currency_and_its_decimals() {
    let currency = |code: &str| Currency::parse(code).expect("a currency");
    let check = |code: &str, minor: u64, expected: &str| {
        assert_eq!(figures::amount(Amount::new(currency(code), minor)).replace('\u{a0}', " "), expected);
    };
    check("CNY", 123_450, "CNY 1,234.50");
    check("CNY", 5, "CNY 0.05");
    check("KRW", 20_340, "KRW 20,340");
    check("JPY", 999, "JPY 999");
    check("KWD", 1_234_567_890, "KWD 1,234,567.890");
    assert_eq!(figures::signed(-80_803, currency("PHP")), "−808.03");
    assert_eq!(figures::signed(0, currency("JPY")), "0");
    assert_eq!(figures::in_fours("281001123456789012345678"), "2810 0112 3456 7890 1234 5678");
    let time = figures::time(1_795_000_000_123).into_string();
    assert!(time.contains("datetime=\"2026-11-18T11:06:40.123Z\""), "{time}");
    assert!(time.contains("title=\"2026-11-18 11:06:40.123 UTC\">11:06:40<"), "{time}");
    assert!(figures::time(u64::MAX).into_string().contains("<time"), "no instant makes it fail");
}

#[test]
fn the_way_that_a_payment_took_is_drawn() {
    let drawn = |passed: &[Stage]| {
        let passed: Vec<(Stage, u64)> = passed.iter().copied().zip(100..).collect();
        lifecycle::lifecycle(&passed, 100, Language::English).into_string()
    };
    let ways = |drawing: &str| drawing.matches("class=\"way taken\"").count();
    let paid = drawn(&[Stage::Quoted, Stage::Reserved, Stage::Sent, Stage::Succeeded]);
    assert_eq!(ways(&paid), 4, "from the beginning to the end");
    assert!(paid.contains("It went: Quoted → Reserved → Sent → Succeeded."), "{paid}");
    assert_eq!(ways(&drawn(&[Stage::CodeIssued, Stage::Cancelled])), 2);
    assert_eq!(ways(&drawn(&[])), 0);
    // Every stage is reached by some way, so none stands alone.
    for stage in Stage::ALL {
        assert!(ways(&drawn(&[stage])) <= 1, "{stage:?} alone");
    }
}

#[test]
fn what_others_wrote_is_escaped() {
    let mut scene = sample::scenes().remove(0).1;
    let evil = "<img src=x onerror=alert(1)>\"'".to_owned();
    scene.phones[0].name.clone_from(&evil);
    scene.tills[0].merchant.clone_from(&evil);
    scene.payments[0].wallet.clone_from(&evil);
    assert!(!page(&scene, Language::English).contains("<img src=x"));
    let mut opened = sample::opened();
    opened.body.clone_from(&evil);
    opened.headers[0].1.clone_from(&evil);
    assert!(!message(&opened, Language::Chinese).contains("<img src=x"));
}

#[test]
fn messages_are_shown_indented_and_byte_for_byte() {
    let shown = message(&sample::opened(), Language::English);
    assert!(
        shown.contains("{\n  &quot;result&quot;: {\n    &quot;resultCode&quot;: &quot;SUCCESS&quot;"),
        "{shown}"
    );
    assert!(shown.contains("0000  7b 22 72 65 73 75 6c 74"), "{shown}");
    for broken in ["", "}}]]", "\"\\", "{\"a\":[1,{}],\"b\":[]}", "支付"] {
        let opened = Opened { body: broken.to_owned(), ..sample::opened() };
        assert!(message(&opened, Language::English).contains("opened-title"), "{broken}");
    }
}

#[test]
fn every_asset_is_asked_for_and_there() {
    let page = page(&sample::scenes()[0].1, Language::English);
    let all: Vec<&str> = assets().iter().map(|(path, ..)| *path).collect();
    let texts: String = assets().iter().map(|(.., text)| *text).collect();
    for (path, content_type, text) in assets() {
        assert!(
            page.contains(path) || texts.contains(&format!("from \"{path}\"")),
            "{path} is asked for by nobody"
        );
        assert!(!text.is_empty() && content_type.contains("charset=utf-8"), "{path}");
    }
    for imported in texts.split("from \"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(all.contains(&imported), "{imported} is nowhere");
    }
}
