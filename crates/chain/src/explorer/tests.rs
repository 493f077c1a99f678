//! Every word in both languages, pages whole and escaped, nothing in them that their policy forbids.

use super::words::{CATALOGUE, Word};
use super::*;

#[test]
fn every_word_is_in_both_languages() {
    for (word, english, chinese) in CATALOGUE {
        assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
        assert_eq!(Language::English.say(*word), *english);
        let translated = !chinese.is_ascii();
        assert!(translated || *word == Word::OtherLanguage, "{word:?} is not translated");
    }
    assert_eq!(Language::of(None, "zh-CN,zh;q=0.9"), Language::Chinese);
    assert_eq!(Language::of(Some("en"), "zh-CN"), Language::English);
    assert_eq!(Language::of(None, ""), Language::English);
}

#[test]
fn every_name_of_the_rules_has_its_chinese() {
    use receivables::identity::Role;
    use receivables::state::Stage;
    use receivables::transaction::MemberStatus;
    let stages = Stage::ALL.iter().map(|stage| stage.name());
    let roles = Role::ALL.iter().map(|role| role.name());
    let statuses = MemberStatus::ALL.iter().map(|status| status.name());
    for name in stages.chain(roles).chain(statuses) {
        assert_ne!(Language::Chinese.name(name), name);
    }
}

#[test]
fn a_frame_is_whole_and_escaped() {
    let body = html! { p { "<script>" } };
    let page =
        frame(Frame { language: Language::Chinese, here: "/explorer", title: "a < b", module: None, body });
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">") && page.ends_with("</html>"), "{page}");
    assert!(page.contains("a &lt; b") && page.contains("&lt;script&gt;"), "{page}");
    for forbidden in ["<script>", " style=", " onclick", "http://", "https://", "<style"] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
}

#[test]
fn a_supervisor_sees_costs_exposure_concentration_and_questions_in_both_languages() {
    let (two, _) = crate::replica::tests::figures::played();
    let asked =
        Asked { answered: 1_234, since_ms: Some(two.now_ms), last_hour: 56, refused: 7, minute_max: 60 };
    let page = |language| {
        let asking = Asking {
            replica: &two.proposer,
            health: Health::default(),
            key: crate::files::public_key(&[2; 32]),
            now_ms: two.now_ms,
            asked,
            language,
            who: "",
        };
        asking.framed(views::observer(&asking))
    };
    let page = [Language::English, Language::Chinese].map(page);
    for page in &page {
        for shown in [
            // Owed after a payment of 2,000.00, of a limit of 10,000.00; the one buyer's share is all of it.
            "7,000.00 CNY</td><td class=\"number\">10,000.00 CNY</td><td class=\"number\">70.00 %",
            "<rect width=\"1000000\"",
            "100.00 %",
            // One sale: worth, discount, fee, days, cost.
            "<td class=\"number\">1</td><td class=\"number\">3,000.00 CNY</td><td class=\"number\">45.00 CNY</td>\
             <td class=\"number\">5.00 CNY</td><td class=\"number\">90</td><td class=\"number\">6.77 %",
            // The member whose node this is.
            "<td class=\"number\">1234</td><td>2026-03-01",
            "<td class=\"number\">56</td><td class=\"number\">7</td><td class=\"number\">60</td>",
        ] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        assert!(!page.contains(" style="), "{page}");
    }
    assert!(page[0].contains("Taken for money, per funder") && page[1].contains("各资金方的融资费用"));
}
