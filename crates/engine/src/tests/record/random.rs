//! Facts made at random, with contents no decision would come to: reading must not depend on what makes sense.

use std::sync::Arc;

use directory::{Agreement, Change, Country, Key, Limit, MemberId, MerchantId, Store, Time};
use fastrand::Rng;
use money::{Amount, Currency, Rate, Share};
use switch::{CodeNumber, Considered, Event, Opened, PaymentId, Placed, Quote, RefundOpened, Terms};

use super::samples::{
    ALGORITHMS, ASKED, CANCELLERS, DECLINES, FUNDINGS, KINDS, OUTCOMES, REFUSALS, ROLES, STANDINGS,
};
use super::{delivered, judged};
use crate::{Fact, Funding};

/// Any fact.
pub(super) fn fact(random: &mut Rng) -> Fact {
    match random.u8(0..10) {
        9 => Fact::Delivery(delivered::random(random)),
        8 => Fact::Risk(judged::random_fact(random)),
        0 => Fact::Funding(Funding {
            kind: *random.choice(FUNDINGS).unwrap(),
            request_id: text(random),
            member: member(random),
            amount: amount(random),
            number: number(random),
        }),
        1 | 2 => Fact::Directory(change(random)),
        _ => Fact::Payment(event(random)),
    }
}

/// Numbers of every length.
pub(super) fn number(random: &mut Rng) -> u64 {
    random.u64(..) >> random.u32(0..64)
}

fn event(random: &mut Rng) -> Event {
    let (payment, refund) = (PaymentId(number(random)), random.u16(..));
    let decline = *random.choice(DECLINES).unwrap();
    match random.u8(0..22) {
        21 => Event::Judged { payment, judged: Arc::new(judged::random(random)) },
        0 => Event::CodesIssued {
            wallet: member(random),
            customer: text(random),
            device: option(random, text),
            codes: (0..random.usize(0..=10)).map(|_| CodeNumber(random.u64(..))).collect(),
            until: time(random),
        },
        1 => Event::Opened(Arc::new(opened(random))),
        2 => Event::Quoted { payment, terms: Arc::new(terms(random)) },
        3 => Event::Confirmed { payment },
        4 => Event::Reserved { payment },
        5 => Event::Sent { payment },
        6 => Event::Rejected { payment, decline },
        7 => Event::InDoubt { payment },
        8 => Event::Succeeded { payment },
        9 => Event::Failed { payment, decline },
        10 => Event::Expired { payment },
        11 => Event::Cancelled { payment, by: *random.choice(CANCELLERS).unwrap() },
        12 => Event::CancelAcknowledged { payment },
        13 => Event::LateSuccess { payment },
        14 => Event::NoticeTaken { payment },
        15 => Event::CancelledUnseen { acquirer: member(random), request_id: text(random) },
        16 => Event::RefundOpened(RefundOpened {
            payment,
            request_id: text(random),
            amount: amount(random),
            payer_amount: amount(random),
            interchange: amount(random),
            interchange_payer: amount(random),
        }),
        17 => Event::RefundSucceeded { payment, refund },
        18 => Event::RefundFailed { payment, refund, decline },
        19 => Event::Refused {
            asked: *random.choice(ASKED).unwrap(),
            acquirer: member(random),
            request_id: text(random),
            why: *random.choice(REFUSALS).unwrap(),
        },
        _ => Event::RefundStuck { payment, refund },
    }
}

fn opened(random: &mut Rng) -> Opened {
    Opened {
        payment: PaymentId(number(random)),
        kind: *random.choice(KINDS).unwrap(),
        acquirer: member(random),
        request_id: option(random, text),
        merchant: MerchantId(random.u32(..)),
        store: option(random, text),
        amount: amount(random),
        order_reference: text(random),
        order_description: text(random),
        notify_url: option(random, text),
        code: option(random, |random| CodeNumber(random.u64(..))),
        order_token: random.u64(..),
        expires: time(random),
        placed: Placed {
            terminal: option(random, text),
            device: option(random, text),
            by_buyer: random.bool(),
        },
    }
}

fn terms(random: &mut Rng) -> Terms {
    let considered = |random: &mut Rng| Considered {
        provider: member(random),
        rate: rate(random),
        outcome: *random.choice(OUTCOMES).unwrap(),
    };
    Terms {
        wallet: member(random),
        customer: text(random),
        device: option(random, text),
        quote: Quote {
            number: random.u32(..),
            provider: option(random, member),
            rate: rate(random),
            bound: time(random),
            expires: time(random),
            considered: (0..random.usize(0..=8)).map(|_| considered(random)).collect(),
        },
        payer_amount: amount(random),
        interchange: amount(random),
        interchange_payer: amount(random),
        acquirer_fee: amount(random),
        wallet_fee: amount(random),
    }
}

fn change(random: &mut Rng) -> Change {
    let member = member(random);
    let algorithm = *random.choice(ALGORITHMS).unwrap();
    match random.u8(0..10) {
        0 => Change::MemberAdded {
            client_id: text(random),
            role: *random.choice(ROLES).unwrap(),
            name: text(random),
            country: country(random),
            endpoint: option(random, text),
            code_prefix: option(random, |random| random.u32(..)),
        },
        1 => Change::EndpointSet { member, endpoint: option(random, text) },
        2 => Change::StandingSet { member, standing: *random.choice(STANDINGS).unwrap() },
        3 => {
            let (version, public_pem) = (random.u32(..), text(random));
            let (from, until) = (time(random), option(random, time));
            Change::KeyAdded { member, key: Key { version, algorithm, public_pem, from, until } }
        }
        4 => Change::KeyEnded { member, algorithm, version: random.u32(..), until: time(random) },
        5 => Change::AgreementAdded { member, agreement: agreement(random) },
        6 => {
            let (payee, payer) = (currency(random), currency(random));
            Change::CorridorSet { payee, payer, open: random.bool() }
        }
        8 => Change::CodeRulesPublished { version: random.u64(..), rules: text(random) },
        7 => Change::MerchantAdded {
            acquirer: member,
            reference: text(random),
            name: text(random),
            category: random.u16(..),
            country: country(random),
            city: text(random),
        },
        _ => {
            let terminals = (0..random.usize(0..5)).map(|_| text(random)).collect();
            let store = Store { reference: text(random), name: text(random), terminals };
            Change::StoreSet { merchant: MerchantId(random.u32(..)), store }
        }
    }
}

fn agreement(random: &mut Rng) -> Agreement {
    let limit = |random: &mut Rng| Limit {
        currency: currency(random),
        payment_min_minor: number(random),
        payment_max_minor: number(random),
    };
    Agreement {
        from: time(random),
        limits: (0..random.usize(0..5)).map(|_| limit(random)).collect(),
        settlement_currency: currency(random),
        interchange: Share::from_ppm(random.u32(0..=1_000_000)).unwrap(),
        network_fee: Share::from_ppm(random.u32(0..=1_000_000)).unwrap(),
    }
}

pub(super) fn option<T>(random: &mut Rng, make: impl Fn(&mut Rng) -> T) -> Option<T> {
    random.bool().then(|| make(random))
}

fn text(random: &mut Rng) -> Arc<str> {
    let length = if random.u8(0..20) == 0 { random.usize(0..300) } else { random.usize(0..12) };
    (0..length).map(|_| random.char(..)).collect::<String>().into()
}

fn time(random: &mut Rng) -> Time {
    Time(number(random))
}

fn member(random: &mut Rng) -> MemberId {
    MemberId(random.u32(..) >> random.u32(0..32))
}

fn country(random: &mut Rng) -> Country {
    let letters: String = (0..2).map(|_| random.char('A'..='Z')).collect();
    Country::parse(&letters).unwrap()
}

fn currency(random: &mut Rng) -> Currency {
    Currency::parse(random.choice(["CNY", "PHP", "ALL", "JPY", "KWD", "CLF", "ZMW"]).unwrap()).unwrap()
}

fn amount(random: &mut Rng) -> Amount {
    Amount::new(currency(random), number(random))
}

fn rate(random: &mut Rng) -> Rate {
    let (base, quote) = (currency(random), currency(random));
    let mantissa = random.u64(1..1_000_000_000_000_000_000) >> random.u32(0..59);
    Rate::from_parts(base, quote, mantissa.max(1), random.u8(0..=12)).unwrap()
}
