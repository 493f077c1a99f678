//! The whole playground: phones at the left, tills at the right, the network between them, one payment below.

use maud::{Markup, html};

use super::assets::{PLAY_SCRIPT_PATH, PLAY_STYLE_PATH, THEME_PATH};
use super::words::Word;
use super::{Language, Scene, life, network, payments, phone, steps, till};
use crate::frame::{Frame, frame};

/// The page, with everything in it as the scene has it.
pub fn page(scene: &Scene, language: Language) -> String {
    frame(Frame {
        language: language.tag(),
        title: language.say(Word::Title),
        class: "play",
        styles: &[PLAY_STYLE_PATH],
        first_script: Some(THEME_PATH),
        module: Some(PLAY_SCRIPT_PATH),
        drawn_with: Some("words"),
        refresh_s: None,
        body: body(scene, language),
    })
}

fn body(scene: &Scene, language: Language) -> Markup {
    let shown = scene.shown.as_ref();
    let shown_payment = shown.map(|life| life.row.payment.as_str());
    html! {
        a .skip href="#phones" { (language.say(Word::SkipToPhones)) }
        (head(language))
        noscript { p .trouble { (language.say(Word::NeedsScript)) } }
        main {
            div .devices {
                section #phones aria-label=(language.say(Word::PlayedBy)) tabindex="-1" {
                    @for one in &scene.phones { (phone::draw(one, language)) }
                }
                (network::draw(&scene.network, language))
                section #tills aria-label=(language.say(Word::MerchantTills)) tabindex="-1" {
                    @for one in &scene.tills { (till::draw(one, language)) }
                }
            }
            div .truth {
                (payments::draw(&scene.payments, shown_payment, language))
                (steps::draw(shown, language))
                (life::draw(shown, language))
            }
        }
        dialog #opened aria-labelledby="opened-title" {
            div #opened-content {}
            form method="dialog" { button #opened-close { (language.say(Word::Close)) } }
        }
        p #said .unseen role="status" aria-live="polite" {}
        p #notice role="alert" hidden {}
        (for_scripts(shown_payment, language))
    }
}

fn head(language: Language) -> Markup {
    let other = match language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    html! {
        header .top {
            p .brand { "Sojourn" }
            h1 { (language.say(Word::Title)) }
            p .tagline { (language.say(Word::Tagline)) }
            nav .jumps aria-label=(language.say(Word::Title)) {
                a href="#phones" { (language.say(Word::Phones)) }
                a href="#network" { (language.say(Word::Network)) }
                a href="#tills" { (language.say(Word::Tills)) }
                a href="#steps" { (language.say(Word::LifeOfPayment)) }
            }
            a href={ "/advice?lang=" (language.short()) } { (language.say(Word::Advice)) }
            a #other-language hreflang=(other.tag()) lang=(other.tag()) href={ "/play?lang=" (other.short()) } {
                (language.say(Word::OtherLanguage))
            }
            button #theme type="button" data-dark=(language.say(Word::ThemeDark))
                data-light=(language.say(Word::ThemeLight)) { (language.say(Word::ThemeDark)) }
        }
    }
}

/// What the scripts have to know and say.
fn for_scripts(shown: Option<&str>, language: Language) -> Markup {
    html! {
        div #words hidden data-lang=(language.short()) data-shown=(shown.unwrap_or_default())
            data-lost=(language.say(Word::Lost)) data-found=(language.say(Word::Found))
            data-not-done=(language.say(Word::NotDone)) data-unreachable=(language.say(Word::Unreachable))
            data-copied=(language.say(Word::Copied)) data-picture=(language.say(Word::PictureTooLarge)) {}
    }
}
