//! A playground in the middle of things: every screen, every step, every way to end.

use money::{Amount, Currency};
use switch::Stage;

use crate::play::*;

const NOW_MS: u64 = 1_795_000_000_000;
const PAYMENT: &str = "P000000000000000017";

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn of(code: &str, minor: u64) -> Amount {
    Amount::new(currency(code), minor)
}

pub(super) fn scenes() -> Vec<(String, Scene)> {
    let named = |name: &str, scene: Scene| (name.to_owned(), scene);
    vec![named("paying", paying()), named("empty", empty()), named("done", done()), named("broken", broken())]
}

fn empty() -> Scene {
    Scene {
        phones: wallets().map(|wallet| phone(wallet, Screen::Home)).into(),
        tills: vec![till(true, TillScreen::Home), till(false, TillScreen::Home)],
        network: network(true),
        payments: Vec::new(),
        shown: None,
    }
}

fn paying() -> Scene {
    let [bayani, chao, hanok] = wallets();
    let asked = of("JPY", 1_280);
    let mut shanghai = till(true, TillScreen::Home);
    shanghai.in_sight = vec![("CHAOPHRAYA".into(), "Chao Phraya Wallet".into())];
    shanghai.sales = vec![sale(0), sale(1), sale(2)];
    Scene {
        phones: vec![
            phone(bayani, Screen::Review(price())),
            phone(chao, Screen::Code(code(Some("282001123456789012345678")))),
            Phone { history: history(), ..phone(hanok, Screen::Home) },
        ],
        tills: vec![shanghai, till(false, TillScreen::Code { code: code(None), amount: asked })],
        network: network(true),
        payments: rows(),
        shown: Some(life()),
    }
}

fn done() -> Scene {
    let [bayani, chao, hanok] = wallets();
    let in_sight = vec![("SUMIDA-ACQ".to_owned(), "Asakusa Paper & Brush".to_owned())];
    Scene {
        phones: vec![
            phone(bayani, Screen::Done(receipt(Ending::Paid, true))),
            phone(chao, Screen::Scan { in_sight }),
            phone(hanok, Screen::Paying(price())),
        ],
        tills: vec![
            till(true, TillScreen::Done(receipt(Ending::Paid, false))),
            till(false, TillScreen::Waiting { amount: of("JPY", 980), since_ms: NOW_MS, unreachable: true }),
        ],
        network: network(true),
        payments: rows(),
        shown: Some(Life { agreement: Some(agreement(true)), ..life() }),
    }
}

fn broken() -> Scene {
    let [bayani, chao, hanok] = wallets();
    let amount = Screen::Amount { merchant: "Lotus Noodle House".into(), currency: currency("CNY") };
    let kinds = [TroubleKind::NoCode, TroubleKind::Refused, TroubleKind::BadAmount];
    let trouble = |kind: usize| Some(Trouble { kind: kinds[kind], detail: "RISK_REJECT".into() });
    let mut shown = life();
    shown.passed = vec![
        (Stage::Quoted, NOW_MS),
        (Stage::Reserved, NOW_MS),
        (Stage::Sent, NOW_MS),
        (Stage::InDoubt, NOW_MS + 6_000),
        (Stage::Cancelled, NOW_MS + 9_000),
    ];
    shown.row.stage = Stage::Cancelled;
    shown.agreement = Some(agreement(false));
    Scene {
        phones: vec![
            Phone { mood: Mood::Silent, trouble: trouble(0), ..phone(bayani, amount) },
            Phone { mood: Mood::Declines, trouble: trouble(1), ..phone(chao, Screen::Home) },
            phone(hanok, Screen::Done(receipt(Ending::Cancelled, true))),
        ],
        tills: vec![
            Till { trouble: trouble(2), ..till(true, TillScreen::Home) },
            till(false, TillScreen::Done(receipt(Ending::Cancelled, false))),
        ],
        network: network(false),
        payments: rows(),
        shown: Some(shown),
    }
}

struct Wallet(&'static str, &'static str, &'static str, &'static str, i128);

fn wallets() -> [Wallet; 3] {
    [
        Wallet("BAYANI", "Bayani Pay", "PH", "PHP", 2_500_000),
        Wallet("CHAOPHRAYA", "Chao Phraya Wallet", "TH", "THB", 1_480_025),
        Wallet("HANOK", "Hanok Pay", "KR", "KRW", 612_300),
    ]
}

fn phone(Wallet(wallet, name, country, code, balance_minor): Wallet, screen: Screen) -> Phone {
    Phone {
        wallet: wallet.into(),
        name: name.into(),
        country: country.into(),
        currency: currency(code),
        balance_minor,
        mood: Mood::Sound,
        screen,
        trouble: None,
        history: Vec::new(),
    }
}

fn till(shanghai: bool, screen: TillScreen) -> Till {
    let (acquirer, acquirer_name, merchant, store, city, code, usual_minor) = match shanghai {
        true => ("BUND-ACQ", "Bund Acquiring", "Lotus Noodle House", "The Bund", "SHANGHAI", "CNY", 10_000),
        false => {
            ("SUMIDA-ACQ", "Sumida Acquiring", "Asakusa Paper & Brush", "Asakusa", "TOKYO", "JPY", 1_280)
        }
    };
    Till {
        acquirer: acquirer.into(),
        acquirer_name: acquirer_name.into(),
        merchant: merchant.into(),
        store: store.into(),
        city: city.into(),
        currency: currency(code),
        usual_minor,
        screen,
        in_sight: Vec::new(),
        trouble: None,
        sales: Vec::new(),
    }
}

fn network(up: bool) -> Network {
    let provider = |id: &str, name: &str, on| Provider { id: id.into(), name: name.into(), on };
    Network {
        up,
        restarts: u32::from(!up),
        crash_armed: !up,
        facts: 1_284,
        bytes: 214_880,
        payments: if up { 17 } else { 51_284 },
        followed: 17,
        payments_a_second: if up { 0 } else { 498 },
        sums: ["CNY", "JPY", "KRW", "PHP", "THB"].map(|code| (currency(code), 0)).into(),
        open: 1,
        providers: vec![
            provider("HARBOUR-FX", "Harbour FX", true),
            provider("MERIDIAN-FX", "Meridian FX", up),
        ],
    }
}

fn code(digits: Option<&str>) -> ShownCode {
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\"><path d=\"");
    for (place, bit) in (0..841_u32).zip((0..841_u32).map(|n| n.wrapping_mul(2_654_435_761) >> 31)) {
        if bit == 1 {
            svg.push_str(&format!("M{} {}h1v1h-1z", place % 29, place / 29));
        }
    }
    svg.push_str("\"/></svg>");
    ShownCode {
        text: "00020101021226580016A000000677010111011300668123456789520458125303156540510.005802CN6304"
            .into(),
        digits: digits.map(str::to_owned),
        svg,
        until_ms: NOW_MS + 60_000,
    }
}

fn price() -> Price {
    let fee = |kind, from: &str, to: &str, amount| Fee { kind, from: from.into(), to: to.into(), amount };
    Price {
        payment: PAYMENT.into(),
        merchant: "Lotus Noodle House".into(),
        payee: of("CNY", 10_000),
        payer: of("PHP", 81_250),
        rate: Some("8.125".into()),
        provider: Some("Harbour FX".into()),
        fees: vec![
            fee(FeeKind::Interchange, "Bund Acquiring", "Bayani Pay", of("CNY", 60)),
            fee(FeeKind::AcquirerNetwork, "Bund Acquiring", "Sojourn", of("CNY", 10)),
            fee(FeeKind::WalletNetwork, "Bayani Pay", "Sojourn", of("PHP", 41)),
        ],
        until_ms: NOW_MS + 600_000,
    }
}

fn receipt(ending: Ending, on_phone: bool) -> Receipt {
    Receipt {
        payment: PAYMENT.into(),
        other: if on_phone { "Lotus Noodle House" } else { "Bayani Pay" }.into(),
        payee: of("CNY", 10_000),
        payer: Some(of("PHP", 81_250)),
        rate: Some("8.125".into()),
        provider: Some("Harbour FX".into()),
        at_ms: NOW_MS,
        ending,
        result: if ending == Ending::Paid { "SUCCESS" } else { "ORDER_IS_CLOSED" }.into(),
        refunded: if on_phone { of("PHP", 0) } else { of("CNY", 4_000) },
    }
}

fn history() -> Vec<Receipt> {
    let entry = |number: u64, ending| {
        let payer = Some(of("KRW", 20_340 + number));
        Receipt { payment: format!("P{number:018}"), payer, refunded: of("KRW", 0), ..receipt(ending, true) }
    };
    vec![entry(9, Ending::Paid), entry(8, Ending::Declined), entry(3, Ending::Paid)]
}

fn sale(number: u64) -> Sale {
    let payment = format!("P{:018}", 14 + number);
    let ending = if number == 1 { Ending::Declined } else { Ending::Paid };
    let receipt = Receipt { payment, ..receipt(ending, false) };
    Sale { receipt, refundable_minor: if number == 1 { 0 } else { 6_000 } }
}

fn rows() -> Vec<Row> {
    let stages =
        [Stage::Succeeded, Stage::InDoubt, Stage::Cancelled, Stage::Failed, Stage::Quoted, Stage::Sent];
    let row = |(number, stage): (u64, Stage)| Row {
        payment: format!("P{:018}", 17 - number),
        at_ms: NOW_MS - number * 9_000,
        wallet: "Bayani Pay".into(),
        merchant: if number % 2 == 0 { "Lotus Noodle House" } else { "Asakusa Paper & Brush" }.into(),
        payee: of("CNY", 10_000 + number),
        payer: (number < 5).then(|| of("PHP", 81_250)),
        stage,
        ours: number != 2,
    };
    (0..).zip(stages).map(row).collect()
}

fn life() -> Life {
    let at = |after: u64| NOW_MS + after;
    let request =
        |id, after, from, to, name: &str| message(id, at(after), from, to, name, MessageKind::Request);
    let answer = |id, after, from, to, name: &str| {
        let kind = MessageKind::Answer { result: "SUCCESS".into(), status: "S".into() };
        message(id, at(after), from, to, name, kind)
    };
    let (wallet, network, acquirer) = (Party::Wallet, Party::Network, Party::Acquirer);
    let no_answer = MessageKind::NoAnswer { why: "timed out after 5000 ms".into() };
    Life {
        row: rows().remove(0),
        lifelines: ["Bayani Pay".into(), "Sojourn".into(), "Bund Acquiring".into()],
        passed: vec![
            (Stage::Quoted, at(2)),
            (Stage::Reserved, at(2)),
            (Stage::Sent, at(2)),
            (Stage::Succeeded, at(18)),
        ],
        price: Some(price()),
        steps: vec![
            request(1, 0, acquirer, network, "pay"),
            fact(101, at(2), FactName::Opened, None),
            fact(102, at(2), FactName::Quoted, Some(Stage::Quoted)),
            Step::Fact(Box::new(reserved(at(2)))),
            fact(104, at(2), FactName::Sent, Some(Stage::Sent)),
            request(2, 3, network, wallet, "pay"),
            Step::Message(Message {
                check: Check::Nothing,
                ..inner(message(3, at(11), wallet, network, "pay", no_answer))
            }),
            Step::Killed { at_ms: at(12) },
            Step::Recovered { at_ms: at(1_312), facts: 1_284 },
            request(4, 1_313, network, wallet, "inquiryPayment"),
            answer(5, 1_316, wallet, network, "inquiryPayment"),
            Step::Fact(Box::new(succeeded(at(1_318)))),
            answer(6, 1_319, network, acquirer, "pay"),
        ],
        agreement: Some(agreement(true)),
    }
}

fn inner(step: Step) -> Message {
    match step {
        Step::Message(message) => message,
        other => panic!("{other:?} is no message"),
    }
}

fn message(id: u64, at_ms: u64, from: Party, to: Party, name: &str, kind: MessageKind) -> Step {
    let check = Check::Good { scheme: "RSA-SHA256".into(), signer: "BAYANI".into(), key_version: "1".into() };
    Step::Message(Message { id, at_ms, from, to, name: name.into(), kind, check })
}

fn fact(number: u64, at_ms: u64, name: FactName, stage: Option<Stage>) -> Step {
    let (postings, balances, sums) = (Vec::new(), Vec::new(), Vec::new());
    Step::Fact(Box::new(Recorded {
        number,
        at_ms,
        name,
        bytes: 212,
        stage,
        postings,
        balances,
        sums,
        verdict: None,
    }))
}

fn posting(kind: PostingKind, leg: &str, from: &str, to: &str, amount: Amount) -> Posting {
    Posting { kind, leg: leg.into(), from: from.into(), to: to.into(), amount }
}

fn balance(member: &str, code: &str, before: i128, after: i128, held: (u128, u128)) -> Balance {
    Balance {
        member: member.into(),
        currency: currency(code),
        before_minor: before,
        after_minor: after,
        held_before_minor: held.0,
        held_after_minor: held.1,
    }
}

fn reserved(at_ms: u64) -> Recorded {
    Recorded {
        number: 103,
        at_ms,
        name: FactName::Reserved,
        bytes: 41,
        stage: Some(Stage::Reserved),
        postings: vec![
            posting(PostingKind::Reserve, "P1", "Bayani Pay", "Harbour FX", of("PHP", 81_250)),
            posting(PostingKind::Reserve, "P2", "Harbour FX", "Bund Acquiring", of("CNY", 10_000)),
        ],
        balances: vec![
            balance("Bayani Pay", "PHP", 900_000_000, 900_000_000, (0, 81_250)),
            balance("Harbour FX", "CNY", 900_000_000, 900_000_000, (0, 10_000)),
        ],
        sums: vec![(currency("CNY"), 0), (currency("PHP"), 0)],
        verdict: None,
    }
}

fn succeeded(at_ms: u64) -> Recorded {
    let moved = |leg: &str, from: &str, to: &str, amount| posting(PostingKind::Move, leg, from, to, amount);
    Recorded {
        number: 105,
        at_ms,
        name: FactName::Succeeded,
        bytes: 44,
        stage: Some(Stage::Succeeded),
        postings: vec![
            posting(PostingKind::Post, "P1", "Bayani Pay", "Harbour FX", of("PHP", 81_250)),
            posting(PostingKind::Post, "P2", "Harbour FX", "Bund Acquiring", of("CNY", 10_000)),
            moved("F1", "Bund Acquiring", "Harbour FX", of("CNY", 60)),
            moved("F2", "Harbour FX", "Bayani Pay", of("PHP", 488)),
            moved("F3", "Bund Acquiring", "Network", of("CNY", 10)),
            moved("F4", "Bayani Pay", "Network", of("PHP", 41)),
        ],
        balances: vec![
            balance("Bayani Pay", "PHP", 900_000_000, 899_919_197, (81_250, 0)),
            balance("Harbour FX", "PHP", 0, 80_762, (0, 0)),
            balance("Network", "PHP", 0, 41, (0, 0)),
            balance("Harbour FX", "CNY", 900_000_000, 899_990_060, (10_000, 0)),
            balance("Bund Acquiring", "CNY", -120, 9_810, (0, 0)),
        ],
        sums: vec![(currency("CNY"), 0), (currency("PHP"), 0)],
        verdict: None,
    }
}

fn agreement(agrees: bool) -> Agreement {
    Agreement {
        network: Ending::Paid,
        acquirer: agrees.then_some(Ending::Paid),
        wallet: agrees.then_some(Ending::Paid),
        nothing_held: agrees,
        agrees,
    }
}

pub(super) fn opened() -> Opened {
    let body = r#"{"result":{"resultCode":"SUCCESS","resultStatus":"S"},"payToAmount":{"currency":"CNY","value":"10000"},"empty":[]}"#;
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Opened {
        message: inner(message(
            5,
            NOW_MS,
            Party::Wallet,
            Party::Network,
            "pay",
            MessageKind::Answer { result: "SUCCESS".into(), status: "S".into() },
        )),
        between: ["Bayani Pay".into(), "Sojourn".into()],
        start_line: "HTTP/1.1 200 OK".into(),
        headers: vec![
            header("content-type", "application/json; charset=UTF-8"),
            header("client-id", "BAYANI"),
            header(
                "signature",
                "algorithm=RSA256,keyVersion=1,signature=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
            ),
        ],
        body: body.into(),
        bytes: body.len() as u64,
    }
}
