//! What every page stands in: head, title, style sheets, scripts. All of it by path, nothing from elsewhere.

use maud::{DOCTYPE, Markup, html};

/// Where pages look for the style sheet.
pub const STYLE_PATH: &str = "/style.css";

/// The style sheet of every page: calm, exact, light and dark, from phone to wall.
pub const STYLE: &str = include_str!("style.css");

/// A page to be framed.
pub(crate) struct Frame<'a> {
    /// BCP 47.
    pub(crate) language: &'a str,
    pub(crate) title: &'a str,
    /// The class of the body.
    pub(crate) class: &'a str,
    /// Paths of style sheets beside the common one.
    pub(crate) styles: &'a [&'a str],
    /// Path of a script that runs before anything is drawn.
    pub(crate) first_script: Option<&'a str>,
    /// Path of a module that runs once everything is there.
    pub(crate) module: Option<&'a str>,
    /// Nothing is drawn before the element with this id is there, so that nothing moves while the page comes in.
    pub(crate) drawn_with: Option<&'a str>,
    /// The page asks again this often.
    pub(crate) refresh_s: Option<u32>,
    pub(crate) body: Markup,
}

/// The page, whole.
pub(crate) fn frame(frame: Frame<'_>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(frame.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = frame.refresh_s {
                    meta http-equiv="refresh" content=(seconds);
                }
                title { (frame.title) " · Sojourn" }
                link rel="icon" href="data:,";
                @if let Some(id) = frame.drawn_with { link rel="expect" href={ "#" (id) } blocking="render"; }
                link rel="stylesheet" href=(STYLE_PATH);
                @for path in frame.styles { link rel="stylesheet" href=(path); }
                @if let Some(path) = frame.first_script { script src=(path) {} }
                @if let Some(path) = frame.module { script type="module" src=(path) {} }
            }
            body class=(frame.class) { (frame.body) }
        }
    };
    page.into_string()
}

/// A page of figures that asks for itself again.
pub(crate) fn page(title: &str, refresh_s: Option<u32>, body: Markup) -> String {
    frame(Frame {
        language: "en",
        title,
        class: "figures",
        styles: &[],
        first_script: None,
        module: None,
        drawn_with: None,
        refresh_s,
        body: html! {
            header { p .brand { "Sojourn" } h1 { (title) } }
            main { (body) }
        },
    })
}
