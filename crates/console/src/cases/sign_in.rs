//! Signing in with the token that opens the operator API.

use maud::html;

use super::words::Word;
use super::{CASES, SIGN_IN};
use crate::shell::{Shell, Visit, shell};

/// The form. The token goes into a password field and never comes back.
pub fn sign_in(visit: &Visit) -> String {
    let language = visit.language;
    let body = html! {
        p { (language.say(Word::SignInHint)) }
        form .card method="post" action=(SIGN_IN) {
            p {
                label for="token" { (language.say(Word::Token)) }
                input #token type="password" name="token" required autocomplete="current-password" maxlength="512";
            }
            button .primary type="submit" { (language.say(Word::SignIn)) }
        }
        p .quiet { (language.say(Word::SessionHint)) }
    };
    let place = language.say(Word::Console);
    let way = Visit { path: CASES.to_owned(), ..visit.clone() };
    shell(Shell {
        visit: &way,
        place,
        title: language.say(Word::SignIn),
        ways: Vec::new(),
        corner: html! {},
        body,
    })
}
