//! Auctions: until when bids are taken and opened, how many, and the best that was opened.

use maud::html;

use super::draw::{percent, time};
use super::words::Word;
use super::{Asking, Page, ROWS_MAX};

pub(super) fn page(asking: &Asking<'_>) -> Page {
    let now_ms = asking.replica.standing().time_ms;
    let mut auctions = asking.replica.look(|state| {
        let auctions = state.auctions();
        let with_certificate = auctions
            .filter_map(|(_, auction)| Some((auction.clone(), state.part(&auction.part)?.certificate)));
        with_certificate.collect::<Vec<_>>()
    });
    auctions.sort_by_key(|(auction, _)| std::cmp::Reverse(auction.reveal_until_ms));
    let state = |taken: bool, until: u64| match (taken, until > now_ms) {
        (true, _) => Word::Taken,
        (false, true) => Word::Open,
        (false, false) => Word::Ended,
    };
    let body = html! {
        @if auctions.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Certificate)) } th { (asking.say(Word::Seller)) }
                th { (asking.say(Word::State)) } th { (asking.say(Word::CommitUntil)) }
                th { (asking.say(Word::RevealUntil)) } th .number { (asking.say(Word::Bids)) }
                th .number { (asking.say(Word::BestRate)) }
            } }
            tbody { @for (auction, certificate) in auctions.iter().take(ROWS_MAX) { tr {
                td { (asking.certificate(certificate)) }
                td { (asking.party(&auction.seller)) }
                td { (asking.say(state(auction.taken, auction.reveal_until_ms))) }
                td { (time(auction.commit_until_ms)) }
                td { (time(auction.reveal_until_ms)) }
                td .number { (auction.bids.len()) }
                td .number { @if let Some(rate) = auction.best().and_then(|bid| bid.rate_ppm) {
                    (percent(u64::from(rate)))
                } }
            } } }
        } }
        (asking.more(auctions.len(), ROWS_MAX))
    };
    Page::new(asking.say(Word::Auctions), "/explorer/auctions", body)
}
