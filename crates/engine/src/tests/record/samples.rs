//! One sample, or a few, of every fact: every member of every closed set, every optional part once there and once not.

use std::sync::Arc;

use directory::{
    Agreement, Change, Country, Key, KeyAlgorithm, Limit, MemberId, MerchantId, Role, Standing, Store, Time,
};
use money::{Amount, Currency, MINOR_MAX, Rate, Share};
use switch::{
    Asked, CancelledBy, CodeNumber, Considered, Decline, Event, Kind, OfferOutcome, Opened, PaymentId,
    Placed, Quote, RefundOpened, Refusal, Terms,
};

use super::{delivered, judged};
use crate::{Fact, Funding, FundingKind};

/// The refusals that are remembered, and so written: seven of payments, four of refunds.
pub(super) const REFUSALS: &[Refusal] = &[
    Refusal::NotAllowed,
    Refusal::AmountTooSmall,
    Refusal::AmountTooLarge,
    Refusal::CurrencyNotAgreed,
    Refusal::CorridorClosed,
    Refusal::NoRate,
    Refusal::ExpiryOutOfRange,
    Refusal::NotPaid,
    Refusal::RefundExceedsPayment,
    Refusal::Shortage(Decline::LiquidityAcquirer),
    Refusal::Shortage(Decline::LiquidityFx),
];

/// All members of a closed set; one that is missing here does not compile.
macro_rules! every {
    ($all:ident, $set:ident: $($member:ident),+ $(,)?) => {
        pub(super) const $all: &[$set] = &[$($set::$member),+];
        const _: fn($set) = |member| match member { $($set::$member => {})+ };
    };
}

every!(KINDS, Kind: ConsumerPresented, OrderCode, EntryCode);
every!(OUTCOMES, OfferOutcome: Chosen, Dearer, EndsTooSoon, TooSmall, NoLiquidity, NotAgreed);
every!(ASKED, Asked: Payment, Refund);
every!(CANCELLERS, CancelledBy: Acquirer, Limit);
every!(ROLES, Role: Wallet, Acquirer, FxProvider);
every!(STANDINGS, Standing: Active, Suspended);
every!(ALGORITHMS, KeyAlgorithm: Rsa256, Ed25519);
every!(FUNDINGS, FundingKind: Deposit, Withdrawal, LineRaised, LineLowered);
every!(
    DECLINES,
    Decline: BalanceNotEnough, UserNotExist, UserStatusAbnormal, KycNotQualified, VerificationFailed,
    UserLimitExceeded, RiskReject, ProcessFail, LiquidityPayer, LiquidityFx, LiquidityAcquirer,
);

/// Name, as in its golden file, and fact.
pub(in super::super) fn samples() -> Vec<(String, Fact)> {
    let mut samples: Vec<(String, Fact)> = Vec::new();
    let payments = payments().into_iter().map(|(name, event)| (name, Fact::Payment(event)));
    samples.extend(payments.map(|(name, fact)| (format!("payment-{name}"), fact)));
    let changes = changes().into_iter().map(|(name, change)| (name, Fact::Directory(change)));
    samples.extend(changes.map(|(name, fact)| (format!("directory-{name}"), fact)));
    for kind in FUNDINGS {
        let (name, request_id) = (lower(&format!("{kind:?}")), Arc::from("fund-1"));
        let (member, amount, number) = (MemberId(3), amount("CNY", 151_100_000_000_000_000), 9);
        let funding = Funding { kind: *kind, request_id, member, amount, number };
        samples.push((format!("funding-{name}"), Fact::Funding(funding)));
    }
    let risks = judged::samples().into_iter().map(|(name, fact)| (format!("risk-{name}"), Fact::Risk(fact)));
    samples.extend(risks);
    let deliveries = delivered::samples().into_iter();
    samples.extend(deliveries.map(|(name, event)| (format!("delivery-{name}"), Fact::Delivery(event))));
    samples
}

fn payments() -> Vec<(String, Event)> {
    let payment = PaymentId(300);
    let mut events: Vec<(String, Event)> = vec![
        ("codes-issued".into(), codes_issued(None)),
        ("codes-issued-on-device".into(), codes_issued(Some("d41d8cd98f00b204"))),
        ("confirmed".into(), Event::Confirmed { payment }),
        ("reserved".into(), Event::Reserved { payment }),
        ("sent".into(), Event::Sent { payment }),
        ("in-doubt".into(), Event::InDoubt { payment }),
        ("succeeded".into(), Event::Succeeded { payment }),
        ("expired".into(), Event::Expired { payment }),
        ("cancel-acknowledged".into(), Event::CancelAcknowledged { payment }),
        ("late-success".into(), Event::LateSuccess { payment }),
        ("notice-taken".into(), Event::NoticeTaken { payment }),
        (
            "cancelled-unseen".into(),
            Event::CancelledUnseen { acquirer: MemberId(3), request_id: "never-came".into() },
        ),
        ("refund-opened".into(), Event::RefundOpened(refund())),
        ("refund-succeeded".into(), Event::RefundSucceeded { payment, refund: 99 }),
        ("refund-stuck".into(), Event::RefundStuck { payment, refund: 0 }),
        ("quoted".into(), Event::Quoted { payment, terms: Arc::new(terms()) }),
        (
            "quoted-on-device".into(),
            Event::Quoted { payment, terms: Arc::new(Terms { device: Some("d41d8cd9".into()), ..terms() }) },
        ),
        ("quoted-at-home".into(), Event::Quoted { payment, terms: Arc::new(terms_at_home()) }),
        ("judged".into(), Event::Judged { payment, judged: Arc::new(judged::let_through()) }),
        ("judged-and-refused".into(), Event::Judged { payment, judged: Arc::new(judged::refused()) }),
    ];
    for kind in KINDS {
        let name = format!("opened-{}", lower(&format!("{kind:?}")));
        events.push((name, Event::Opened(Arc::new(opened(*kind)))));
    }
    for (name, placed) in placed() {
        let opened = Opened { placed, ..opened(Kind::OrderCode) };
        events.push((format!("opened-placed-{name}"), Event::Opened(Arc::new(opened))));
    }
    for by in CANCELLERS {
        let name = format!("cancelled-by-{}", lower(&format!("{by:?}")));
        events.push((name, Event::Cancelled { payment, by: *by }));
    }
    for (asked, whys) in ASKED.iter().zip([&REFUSALS[..7], &REFUSALS[7..]]) {
        for why in whys.iter().copied() {
            let name = lower(&format!("refused-{asked:?}-{why:?}").replace(['(', ')'], "-"));
            let (asked, acquirer, request_id) = (*asked, MemberId(3), Arc::from("refused-1"));
            let event = Event::Refused { asked, acquirer, request_id, why };
            events.push((name.trim_end_matches('-').into(), event));
        }
    }
    for decline in DECLINES.iter().copied() {
        let name = lower(&format!("{decline:?}"));
        events.push((format!("rejected-{name}"), Event::Rejected { payment, decline }));
        events.push((format!("failed-{name}"), Event::Failed { payment, decline }));
        events.push((format!("refund-failed-{name}"), Event::RefundFailed { payment, refund: 1, decline }));
    }
    events
}

fn codes_issued(device: Option<&str>) -> Event {
    let codes = [0, 123_456_789_012_345, 9_999_999_999_999_999];
    Event::CodesIssued {
        wallet: MemberId(1),
        customer: "juan".into(),
        device: device.map(Arc::from),
        codes: codes.into_iter().map(CodeNumber).collect(),
        until: Time(1_795_406_460_000),
    }
}

fn placed() -> [(&'static str, Placed); 2] {
    let device = Some(Arc::from("d41d8cd98f00b204"));
    let till = Placed { terminal: Some("T-1".into()), device: None, by_buyer: false };
    [("at-a-till", till), ("by-the-buyer", Placed { terminal: None, device, by_buyer: true })]
}

/// A payer's code has everything that can be left out, the others less and less.
fn opened(kind: Kind) -> Opened {
    let by_code = kind == Kind::ConsumerPresented;
    let text = |there: bool, text: &str| there.then(|| Arc::from(text));
    Opened {
        payment: PaymentId(300),
        kind,
        acquirer: MemberId(3),
        request_id: text(kind != Kind::EntryCode, "2026112300000001"),
        merchant: MerchantId(70_000),
        store: text(by_code, "S-1"),
        amount: amount("CNY", 10_000),
        order_reference: "order-1".into(),
        order_description: "牛肉面 ×2".into(),
        notify_url: text(by_code, "https://acquirer.example/notify"),
        code: by_code.then_some(CodeNumber(123_456_789_012_345)),
        order_token: 0xfedc_ba98_7654_3210,
        expires: Time(1_795_406_460_000),
        placed: Placed::default(),
    }
}

fn terms() -> Terms {
    let rate = |price| Rate::parse(currency("CNY"), currency("PHP"), price).expect("a price");
    let considered = |(number, outcome): (u32, &OfferOutcome)| Considered {
        provider: MemberId(2 + number),
        rate: rate("8.1250"),
        outcome: *outcome,
    };
    Terms {
        wallet: MemberId(1),
        customer: "juan".into(),
        device: None,
        quote: Quote {
            number: 2,
            provider: Some(MemberId(2)),
            rate: rate("8.1250"),
            bound: Time(1_795_406_400_000),
            expires: Time(1_795_406_490_000),
            considered: (0..).zip(OUTCOMES).map(considered).collect(),
        },
        payer_amount: amount("PHP", 81_250),
        interchange: amount("CNY", 60),
        interchange_payer: amount("PHP", 488),
        acquirer_fee: amount("CNY", 10),
        wallet_fee: amount("PHP", 41),
    }
}

fn terms_at_home() -> Terms {
    let rate = Rate::identity(currency("CNY"));
    let quote = Quote { number: 1, provider: None, rate, considered: vec![], ..terms().quote };
    let all = amount("CNY", MINOR_MAX);
    Terms { quote, payer_amount: all, interchange_payer: all, wallet_fee: amount("CNY", 0), ..terms() }
}

fn refund() -> RefundOpened {
    RefundOpened {
        payment: PaymentId(300),
        request_id: "refund-1".into(),
        amount: amount("CNY", 4_000),
        payer_amount: amount("PHP", 32_500),
        interchange: amount("CNY", 24),
        interchange_payer: amount("PHP", 195),
    }
}

fn changes() -> Vec<(String, Change)> {
    let member = MemberId(1);
    let endpoint = Arc::from("https://wallet.example");
    let mut changes: Vec<(String, Change)> = vec![
        ("endpoint-set".into(), Change::EndpointSet { member, endpoint: Some(endpoint) }),
        ("endpoint-removed".into(), Change::EndpointSet { member, endpoint: None }),
        ("agreement-added".into(), Change::AgreementAdded { member, agreement: agreement() }),
        (
            "merchant-added".into(),
            Change::MerchantAdded {
                acquirer: MemberId(3),
                reference: "M-1".into(),
                name: "面馆".into(),
                category: 5812,
                country: country("CN"),
                city: "SHANGHAI".into(),
            },
        ),
        ("store-set".into(), Change::StoreSet { merchant: MerchantId(1), store: store(&["T-1", "T-2"]) }),
        (
            "code-rules-published".into(),
            Change::CodeRulesPublished { version: 7, rules: "code-rules 1\n".into() },
        ),
        ("store-without-terminals".into(), Change::StoreSet { merchant: MerchantId(1), store: store(&[]) }),
    ];
    for open in [true, false] {
        let name = if open { "corridor-opened" } else { "corridor-closed" };
        let (payee, payer) = (currency("CNY"), currency("PHP"));
        changes.push((name.into(), Change::CorridorSet { payee, payer, open }));
    }
    for role in ROLES {
        let name = format!("member-added-{}", lower(&format!("{role:?}")));
        let wallet = *role == Role::Wallet;
        changes.push((
            name,
            Change::MemberAdded {
                client_id: "member-1".into(),
                role: *role,
                name: "Member".into(),
                country: country("PH"),
                endpoint: wallet.then(|| Arc::from("https://wallet.example")),
                code_prefix: wallet.then_some(251_001),
            },
        ));
    }
    for standing in STANDINGS {
        let name = format!("standing-{}", lower(&format!("{standing:?}")));
        changes.push((name, Change::StandingSet { member, standing: *standing }));
    }
    for algorithm in ALGORITHMS.iter().copied() {
        let name = lower(&format!("{algorithm:?}"));
        let until = (algorithm == KeyAlgorithm::Ed25519).then_some(Time(1_800_000_000_000));
        let key = Key { version: 2, algorithm, public_pem: "-----BEGIN".into(), from: Time(0), until };
        changes.push((format!("key-added-{name}"), Change::KeyAdded { member, key }));
        let until = Time(1_800_000_000_000);
        let ended = Change::KeyEnded { member, algorithm, version: 2, until };
        changes.push((format!("key-ended-{name}"), ended));
    }
    changes
}

fn agreement() -> Agreement {
    let limit =
        |code, payment_max_minor| Limit { currency: currency(code), payment_min_minor: 1, payment_max_minor };
    Agreement {
        from: Time(1_795_406_400_000),
        limits: vec![limit("CNY", 5_000_000), limit("KWD", MINOR_MAX)],
        settlement_currency: currency("CNY"),
        interchange: Share::from_ppm(6_000).expect("below the whole"),
        network_fee: Share::from_ppm(1_000_000).expect("the whole"),
    }
}

fn store(terminals: &[&str]) -> Store {
    let terminals = terminals.iter().map(|terminal| Arc::from(*terminal)).collect();
    Store { reference: "S-1".into(), name: "Bund".into(), terminals }
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a code of ISO 4217")
}

fn amount(code: &str, minor: u64) -> Amount {
    Amount::new(currency(code), minor)
}

fn country(code: &str) -> Country {
    Country::parse(code).expect("two letters")
}

/// `FxProvider` as `fx-provider`.
fn lower(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
