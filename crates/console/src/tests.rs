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
