//! Bars beside numbers: a drawing for who sees it, the number for who does not. Widths are attributes of the drawing,
//! because the pages' policy forbids style in elements.

use maud::{Markup, html};

const WIDTH: i64 = 200;

/// A bar from the left, `part` of `whole`.
pub(crate) fn bar(part: i64, whole: i64, class: &str) -> Markup {
    let width =
        (i128::from(part.max(0)) * i128::from(WIDTH) / i128::from(whole.max(1))).min(i128::from(WIDTH));
    html! {
        svg .bar .(class) viewBox={ "0 0 " (WIDTH) " 12" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect .ground width=(WIDTH) height="12" {}
            rect .filled width=(width) height="12" {}
        }
    }
}

/// A bar to the left or right of a middle, `part` of the largest `most`.
pub(crate) fn swing(part: i64, most: i64) -> Markup {
    let half = WIDTH / 2;
    let width = i128::from(part.unsigned_abs()) * i128::from(half) / i128::from(most.max(1));
    let width = i64::try_from(width).unwrap_or(half).min(half);
    let begin = if part < 0 { half - width } else { half };
    html! {
        svg .bar .up[part > 0] .down[part < 0] viewBox={ "0 0 " (WIDTH) " 12" } preserveAspectRatio="none"
            aria-hidden="true" focusable="false" {
            rect .ground width=(WIDTH) height="12" {}
            rect .filled x=(begin) width=(width) height="12" {}
            rect .middle x=(half) width="1" height="12" {}
        }
    }
}

/// A bar with a mark and a band around it: where something is, and where it should be.
pub(crate) fn banded(part: i64, target: i64, band: i64, whole: i64, class: &str) -> Markup {
    let place = |value: i64| i128::from(value.clamp(0, whole)) * i128::from(WIDTH) / i128::from(whole.max(1));
    let (low, high) = (place(target - band), place(target + band));
    html! {
        svg .bar .(class) viewBox={ "0 0 " (WIDTH) " 12" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect .ground width=(WIDTH) height="12" {}
            rect .filled y="2" width=(place(part)) height="8" {}
            rect .band x=(low) width=(high - low) height="12" {}
            rect .middle x=(place(target)) width="2" height="12" {}
        }
    }
}
