//! The network's card: whether its process is up, what it has written, that no money is out of place, who sells
//! currency, and the buttons that kill it.

use maud::{Markup, html};

use super::figures::{count, position, size};
use super::form::{button, form};
use super::words::Word;
use super::{Language, Network, Provider};

/// The network, as an element that is replaced whole.
pub fn network(network: &Network, language: Language) -> String {
    draw(network, language).into_string()
}

pub(crate) fn draw(network: &Network, language: Language) -> Markup {
    let (state, tone) = if network.up { (Word::Up, "good") } else { (Word::Down, "bad") };
    let said = if network.up { String::new() } else { language.say(Word::DownHint).to_owned() };
    html! {
        section .network #network aria-labelledby="network-name" data-say=(said) data-up=(network.up) {
            header .device-head {
                h2 #network-name { (language.say(Word::Network)) }
                p .state .(tone) { (language.say(state)) }
            }
            div .screen tabindex="0" role="group" aria-labelledby="network-name" {
                (figures(network, language))
                (sums(network, language))
                h3 { (language.say(Word::Providers)) }
                @for provider in &network.providers { (seller(provider, language)) }
            }
            (crash(network, language))
        }
    }
}

fn figures(network: &Network, language: Language) -> Markup {
    let line =
        |word: Word, value: String| html! { div { dt { (language.say(word)) } dd .number { (value) } } };
    let of = [
        ("followed", count(network.followed)),
        ("payments", count(network.payments)),
        ("rate", count(u64::from(network.payments_a_second))),
    ];
    let put_in: Vec<(&str, &str)> = of.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let sampled = network.followed < network.payments;
    let following = if sampled { Word::Sampling } else { Word::Following };
    html! {
        dl .lines {
            (line(Word::Facts, count(network.facts)))
            (line(Word::Bytes, size(network.bytes)))
            (line(Word::Open, count(network.open)))
            (line(Word::Restarts, count(u64::from(network.restarts))))
        }
        p .quiet #following { (language.tell(following, &put_in)) }
    }
}

fn sums(network: &Network, language: Language) -> Markup {
    html! {
        h3 { (language.say(Word::Sums)) }
        ul .sums {
            @for (currency, minor) in &network.sums {
                li .money .(if *minor == 0 { "good" } else { "bad" }) { (position(*minor, *currency)) }
            }
        }
    }
}

fn seller(provider: &Provider, language: Language) -> Markup {
    let (state, change, on, tone) = match provider.on {
        true => (Word::ProviderOn, Word::BreakProvider, "false", "good"),
        false => (Word::ProviderOff, Word::MendProvider, "true", "bad"),
    };
    let fields = [("provider", provider.id.as_str()), ("on", on)];
    let label = html! {
        (language.say(change)) span .unseen { " " (provider.name) }
    };
    html! {
        div .provider {
            p { (provider.name) " " span .(tone) { (language.say(state)) } }
            (button(&format!("provider-{}", provider.id), "trouble-maker small", "break/provider", &fields, label))
        }
    }
}

fn crash(network: &Network, language: Language) -> Markup {
    let next = if network.crash_armed { Word::CrashArmed } else { Word::CrashNext };
    html! {
        div .crash {
            h3 { (language.say(Word::Break)) }
            (button("crash-now", "trouble-maker wide", "break/crash", &[], html! { (language.say(Word::CrashNow)) }))
            (form("break/crash-next", &[], html! {
                button .trouble-maker .wide #crash-next type="submit" aria-pressed=(network.crash_armed) {
                    (language.say(next))
                }
            }))
        }
    }
}
