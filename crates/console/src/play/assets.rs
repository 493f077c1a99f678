//! What the page loads: style sheets and small scripts, by path.

use crate::frame::{STYLE, STYLE_PATH};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const SHEET: &str = "text/css; charset=utf-8";

/// The playground's style sheet.
pub(crate) const PLAY_STYLE_PATH: &str = "/play/play.css";
/// Runs before the page is drawn, so that no other theme flashes up.
pub(crate) const THEME_PATH: &str = "/play/theme.js";
/// The script that begins everything else.
pub(crate) const PLAY_SCRIPT_PATH: &str = "/play/play.js";

/// Path, content type and text of everything that the page loads.
pub fn assets() -> &'static [(&'static str, &'static str, &'static str)] {
    &[
        (STYLE_PATH, SHEET, STYLE),
        (PLAY_STYLE_PATH, SHEET, include_str!("assets/play.css")),
        (THEME_PATH, SCRIPT, include_str!("assets/theme.js")),
        (PLAY_SCRIPT_PATH, SCRIPT, include_str!("assets/play.js")),
        ("/play/actions.js", SCRIPT, include_str!("assets/actions.js")),
        ("/play/clocks.js", SCRIPT, include_str!("assets/clocks.js")),
        ("/play/morph.js", SCRIPT, include_str!("assets/morph.js")),
        ("/play/notices.js", SCRIPT, include_str!("assets/notices.js")),
        ("/play/opened.js", SCRIPT, include_str!("assets/opened.js")),
        ("/play/picture.js", SCRIPT, include_str!("assets/picture.js")),
        ("/play/stream.js", SCRIPT, include_str!("assets/stream.js")),
    ]
}
