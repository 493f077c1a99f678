//! What every page stands in: head, title, style. No script and nothing from elsewhere.

use maud::{DOCTYPE, Markup, html};

/// Where pages look for the style sheet.
pub const STYLE_PATH: &str = "/style.css";

/// The style sheet of every page: calm, exact, light and dark, from phone to wall.
pub const STYLE: &str = include_str!("style.css");

pub(crate) fn page(title: &str, refresh_s: Option<u32>, body: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = refresh_s {
                    meta http-equiv="refresh" content=(seconds);
                }
                title { (title) }
                link rel="stylesheet" href=(STYLE_PATH);
            }
            body {
                header { p .brand { "Sojourn" } h1 { (title) } }
                main { (body) }
            }
        }
    };
    page.into_string()
}
