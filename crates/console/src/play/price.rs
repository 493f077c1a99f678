//! Rate and fees of one payment: whose rate, which fees, who bears them.

use maud::{Markup, html};

use super::figures::money;
use super::words::Word;
use super::{Fee, FeeKind, Language, Price};

/// `1 CNY = 8.125 PHP`, and whose that is, as a line of a list of lines.
pub(crate) fn rate(price: &Price, language: Language) -> Markup {
    html! {
        div {
            dt { (language.say(Word::Rate)) }
            @match &price.rate {
                Some(rate) => (rate_text(rate, price, language)),
                None => dd { (language.say(Word::SameCurrency)) },
            }
        }
    }
}

fn rate_text(rate: &str, price: &Price, language: Language) -> Markup {
    html! {
        dd .money { "1\u{a0}" (price.payee.currency) " = " (rate) "\u{a0}" (price.payer.currency) }
        @if let Some(provider) = &price.provider {
            dd .bearer { (language.tell(Word::RateBy, &[("provider", provider)])) }
        }
    }
}

/// Every fee with its payer and its receiver.
pub(crate) fn fees(fees: &[Fee], language: Language) -> Markup {
    html! {
        dl .lines .fees {
            @if fees.is_empty() { div { dt { (language.say(Word::NoFees)) } dd {} } }
            @for fee in fees {
                div {
                    dt { (language.say(spoken(fee.kind))) }
                    dd { (money(fee.amount)) }
                    dd .bearer { (language.tell(Word::FeeBorne, &[("from", &fee.from), ("to", &fee.to)])) }
                }
            }
        }
    }
}

fn spoken(kind: FeeKind) -> Word {
    match kind {
        FeeKind::Interchange => Word::Interchange,
        FeeKind::AcquirerNetwork => Word::AcquirerNetworkFee,
        FeeKind::WalletNetwork => Word::WalletNetworkFee,
    }
}
