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
