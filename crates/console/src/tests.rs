//! Pages are whole, escaped, and hold what the engine holds.

use engine::Engine;

use crate::{Status, status};

#[test]
fn an_empty_network_has_a_page() {
    let page = status(&Status::of(&Engine::new()));
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{page}");
    for stage in ["code issued", "in doubt", "succeeded", "cancelled"] {
        assert!(page.contains(stage), "{stage}");
    }
    assert!(!page.contains("<script"), "pages carry no script");
}

#[test]
fn the_catalogues_of_every_page_have_no_gaps() {
    let pairs = |english: &str, chinese: &str| {
        assert!(!english.is_empty() && !chinese.is_empty());
        assert_eq!(english.matches('{').count(), chinese.matches('{').count(), "{english}");
    };
    crate::refusals::CATALOGUE.iter().for_each(|(_, english, chinese)| pairs(english, chinese));
    crate::shell::CATALOGUE.iter().for_each(|(_, english, chinese)| pairs(english, chinese));
}
