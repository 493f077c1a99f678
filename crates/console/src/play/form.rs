//! Forms of the playground: one action a form, its fields by name. The browser sends them as JSON; what becomes of it
//! comes back as fragments.

use maud::{Markup, html};

/// Where actions go; the action's own words follow.
const ACTIONS: &str = "/play/do/";

/// The address of an action such as `phone/pay`.
pub(crate) fn address(action: &str) -> String {
    format!("{ACTIONS}{action}")
}

/// A form of hidden fields and whatever stands in it.
pub(crate) fn form(action: &str, hidden: &[(&str, &str)], inside: Markup) -> Markup {
    html! {
        form method="post" action=(address(action)) autocomplete="off" {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (inside)
        }
    }
}

/// A form that is one button. The id keeps the focus when the page is drawn anew.
pub(crate) fn button(id: &str, class: &str, action: &str, hidden: &[(&str, &str)], label: Markup) -> Markup {
    form(action, hidden, html! { button id=(id) class=(class) type="submit" { (label) } })
}
