//! What can be told without a network: amounts as people type them, what is followed, what is told over the feed. The
//! whole is tested from outside, by the binary's tests and in a browser.

use std::sync::Arc;

use bytes::Bytes;
use console::play::Step;
use directory::{MemberId, MerchantId, Time};
use hop::{Half, Overheard};
use money::{Amount, Currency};
use switch::{Event, Kind, Opened, PaymentId};

use crate::amount;
use crate::feed::{Line, Told};
use crate::life::Lives;

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

#[test]
fn amounts_are_read_as_people_type_them() {
    let table = [
        ("CNY", "100", Some(10_000)),
        ("CNY", " 0.5 ", Some(50)),
        ("CNY", "12.34", Some(1_234)),
        ("JPY", "1500", Some(1_500)),
        ("CNY", "12.345", None),
        ("JPY", "1.5", None),
        ("JPY", "15.", Some(15)),
        ("CNY", ".5", None),
        ("CNY", "0.00", None),
        ("CNY", "-1", None),
        ("CNY", "1,000", None),
        ("CNY", "1e3", None),
        ("CNY", "", None),
        ("CNY", "99999999999999999999", None),
        ("CNY", "１", None),
    ];
    for (code, text, minor) in table {
        let expected = minor.map(|minor| Amount::new(currency(code), minor));
        assert_eq!(amount(text, currency(code)), expected, "{code} {text:?}");
    }
}

fn opened(payment: u64, request_id: &str) -> Opened {
    Opened {
        payment: PaymentId(payment),
        kind: Kind::OrderCode,
        acquirer: MemberId(1),
        request_id: Some(request_id.into()),
        merchant: MerchantId(1),
        store: None,
        amount: Amount::new(currency("CNY"), 100),
        order_reference: "1".into(),
        order_description: "tea".into(),
        notify_url: None,
        code: None,
        order_token: 1,
        expires: Time(0),
        placed: switch::Placed::default(),
    }
}

#[test]
fn a_few_payments_of_each_second_are_followed_and_all_of_our_own() {
    let mut lives = Lives::default();
    for second in 0..3_u64 {
        for number in 0..500_u64 {
            let id = second * 500 + number;
            let ours = number % 100 == 99;
            let opened = opened(id, &if ours { format!("PLAY-{id}") } else { format!("outside-{id}") });
            assert!(lives.wants(&Event::Opened(Arc::new(opened.clone()))));
            lives.open(&opened, second * 1_000 + number * 2);
            assert_eq!(lives.contains(PaymentId(id)), number < 4 || ours, "payment {id}");
            let sent = Event::Sent { payment: PaymentId(id) };
            assert_eq!(lives.wants(&sent), number < 4 || ours, "payment {id}");
        }
    }
    assert_eq!(lives.seen, 1_500);
    assert_eq!(lives.taken, 3 * (4 + 5));
    assert_eq!(lives.a_second(), 500, "of the last whole second");
    assert_eq!(lives.latest_ours, Some(PaymentId(1_499)));
}

#[test]
fn what_is_told_arrives_byte_for_byte() {
    let headers = vec![("signature".to_owned(), "sig=:AAAA:".to_owned())];
    let body = Bytes::from_static(b"{\"paymentId\":\"\xff\"}");
    let halves = [
        Half::Request {
            peer: Some("BAYANI".into()),
            method: "POST".into(),
            target_uri: "http://127.0.0.1/v1/payments/pay".into(),
            headers: headers.clone(),
            body: body.clone(),
        },
        Half::Answer { status: 200, headers, body },
        Half::NoAnswer { why: "no answer in time".into() },
    ];
    for (hop, half) in (1..).zip(halves) {
        let heard = Overheard { hop, at_ms: 17, half };
        let line = serde_json::to_string(&Told::Message(Line::from(heard.clone()))).expect("it is JSON");
        let Some(Told::Message(line)) = Told::read(&line) else { panic!("{line}") };
        assert_eq!(format!("{:?}", line.overheard()), format!("{:?}", Some(heard)));
    }
    for broken in ["", "{}", "{\"Fact\":{}}", "nonsense"] {
        assert!(Told::read(broken).is_none(), "{broken:?}");
    }
}

#[test]
fn whoever_saw_the_network_die_sees_it_come_back() {
    let mut lives = Lives::default();
    lives.open(&opened(1, "PLAY-1"), 0);
    lives.open(&opened(2, "PLAY-2"), 0);
    let (killed, recovered) = (Step::Killed { at_ms: 5 }, Step::Recovered { at_ms: 9, facts: 7 });
    lives.interrupt(&killed, &|payment| payment == PaymentId(1));
    // The first has ended meanwhile, the second never was under way.
    lives.interrupt(&recovered, &|_| false);
    lives.interrupt(&recovered, &|_| false);
    assert!(matches!(lives.step(PaymentId(1), 1), Some((Step::Recovered { at_ms: 9, facts: 7 }, 5))));
    assert!(lives.step(PaymentId(1), 2).is_none(), "it comes back once");
    assert!(lives.step(PaymentId(2), 0).is_none());
}
