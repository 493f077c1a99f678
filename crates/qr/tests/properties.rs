//! Properties that hold for every code and every text, over seeded random ones: what is made is read back the same,
//! nothing panics, and effort grows with the length only.

use std::time::{Duration, Instant};

use fastrand::Rng;
use qr::link::{Link, Upi};
use qr::lint::{Context, lint, lint_bytes};
use qr::merchant::{self, Amount, Item, Template};
use qr::routing::{Pattern, Rule, RuleSet};
use qr::{Currency, Issuer, LONGEST_BYTES, PaymentCode, PresentedCode, consumer};

/// Characters of one to four bytes, and those that mean something to a reader.
const CHARACTERS: &[char] =
    &['0', '1', '6', '3', 'A', 'z', ' ', '.', '*', '@', '/', '+', 'é', '测', '試', '😀'];

fn text(random: &mut Rng, longest: usize) -> String {
    let length = random.usize(1..=longest);
    (0..length).map(|_| CHARACTERS[random.usize(..CHARACTERS.len())]).collect()
}

fn template(random: &mut Rng) -> Template {
    let mut template = Template::of("org.example.pay");
    let mut ids: Vec<u8> = (1..=99).collect();
    random.shuffle(&mut ids);
    for id in ids.into_iter().take(random.usize(0..5)) {
        template = template.object(id, &text(random, 10));
    }
    template
}

/// A code with objects in random order, and the identifiers in that order.
fn merchant_code(random: &mut Rng) -> (merchant::Code, Vec<u8>) {
    let mut ids: Vec<u8> = (1..100).filter(|id| !matches!(id, 55..=57 | 63)).collect();
    random.shuffle(&mut ids);
    ids.truncate(random.usize(0..20));
    let mut builder = merchant::Builder::new();
    for &id in &ids {
        builder = match id {
            26..=51 | 80..=99 => builder.template(id, template(random)),
            62 => builder.template(62, Template::default().template(50, template(random))),
            53 => builder.currency(Currency::from_numeric(random.u16(0..1000)).expect("three digits")),
            54 => builder.amount(
                Amount::from_minor_units(random.u64(0..10_000_000_000), random.u32(0..3)).expect("short"),
            ),
            64 => {
                builder.language("zh", &text(random, 25), random.bool().then(|| text(random, 15)).as_deref())
            }
            _ => builder.object(
                id,
                &text(random, if id == 52 || id == 58 { 2 } else { 5 })
                    .chars()
                    .take(longest(id))
                    .collect::<String>(),
            ),
        };
    }
    let payload = builder.clone().payload();
    let code = builder.build().expect("every value fits its object");
    assert_eq!(payload.as_deref(), Ok(code.as_str()));
    (code, ids)
}

fn longest(id: u8) -> usize {
    match id {
        1 | 58 => 2,
        52 => 4,
        _ => 5,
    }
}

#[test]
fn merchant_codes_come_back_as_made_in_the_order_made() {
    let mut random = Rng::with_seed(1);
    for _ in 0..3000 {
        let (code, ids) = merchant_code(&mut random);
        let read = merchant::Code::parse(code.as_str()).expect("what was made can be read");
        assert_eq!(read, code);
        let order: Vec<u8> = read.objects().map(|object| object.id()).collect();
        assert_eq!(order[1..order.len() - 1], ids, "{}", code.as_str());
        // Written anew from its objects, a code is the same text.
        let mut again = merchant::Builder::of_version(code.value(0).expect("the first object"));
        for object in code.objects().filter(|object| !matches!(object.id(), 0 | 63)) {
            again = if object.is_template() {
                again.template(object.id(), copied(object))
            } else {
                again.object(object.id(), object.value())
            };
        }
        assert_eq!(again.build().expect("the same objects").as_str(), code.as_str());
        let mut leaves = Vec::new();
        let trunk: Vec<_> = code.objects().filter(|object| object.id() != 63).collect();
        for object in trunk.iter().filter(|object| object.is_template()) {
            leaves.push(
                object.objects().map(|inner| Item::Value(inner.id(), inner.value())).collect::<Vec<_>>(),
            );
        }
        let mut inner = leaves.iter();
        let items: Vec<_> = trunk
            .iter()
            .map(|object| match object.is_template() {
                true => Item::Inside(object.id(), inner.next().expect("one for each template")),
                false => Item::Value(object.id(), object.value()),
            })
            .collect();
        assert_eq!(merchant::encode(&items).as_deref(), Ok(code.as_str()));
    }
}

fn copied(object: merchant::Object<'_>) -> Template {
    object.objects().fold(Template::default(), |template, inner| {
        if inner.is_template() {
            template.template(inner.id(), copied(inner))
        } else {
            template.object(inner.id(), inner.value())
        }
    })
}

#[test]
fn consumer_codes_come_back_as_made() {
    let mut random = Rng::with_seed(2);
    for _ in 0..2000 {
        let name: Vec<u8> = (0..random.usize(5..=16)).map(|_| random.u8(..)).collect();
        let digits: String = (0..random.usize(1..=19)).map(|_| random.digit(10)).collect();
        let number = consumer::AccountNumber::parse(&digits).expect("up to 19 digits");
        let value: Vec<u8> = (0..random.usize(0..300)).map(|_| random.u8(..)).collect();
        let application = consumer::Application::new(&name).account_number(number).object(0xDF01, &value);
        let code =
            consumer::Builder::new().application(application).build().expect("every value fits its tag");
        let read = consumer::Code::parse(&code.to_text()).expect("what was made can be read");
        assert_eq!(read, code);
        let application = read.applications().next().expect("one application");
        assert_eq!((application.name(), application.account_number()), (name.as_slice(), Some(number)));
        assert_eq!(application.value(0xDF01), Some(value.as_slice()));
    }
}

#[test]
fn payment_codes_and_links_come_back_as_made() {
    let mut random = Rng::with_seed(3);
    for _ in 0..5000 {
        let issuer = Issuer::parse(&format!("{:06}", random.u32(0..1_000_000))).expect("six digits");
        let unique = random.u64(0..PaymentCode::UNIQUE_END);
        let code = PaymentCode::issue(issuer, unique).expect("sixteen digits");
        let read = PaymentCode::parse(code.as_str()).expect("24 digits");
        assert_eq!((read, read.issuer(), read.unique()), (code, Some(issuer), Some(unique)));
        let upi = Upi {
            address: "shop@bank".to_owned(),
            name: Some(text(&mut random, 30)),
            note: Some(text(&mut random, 30)),
            ..Upi::default()
        };
        let link = upi.to_link().expect("everything is encoded");
        assert_eq!(Link::parse(link.as_str()).expect("a link").read().0, qr::link::Content::Upi(upi));
    }
}

#[test]
fn no_text_and_no_bytes_panic() {
    let mut random = Rng::with_seed(4);
    let rules = rules();
    let context = Context { now: Some(1_800_000_000) };
    let mut seeds: Vec<Vec<u8>> =
        (0..40).map(|_| merchant_code(&mut random).0.as_str().as_bytes().to_vec()).collect();
    seeds.extend(SEEDS.iter().map(|seed| seed.as_bytes().to_vec()));
    for round in 0..6000 {
        let mut bytes = if round % 3 == 0 {
            (0..random.usize(0..200)).map(|_| random.u8(..)).collect()
        } else {
            seeds[random.usize(..seeds.len())].clone()
        };
        for _ in 0..random.usize(0..4) {
            mutate(&mut random, &mut bytes);
        }
        let report = lint_bytes(&bytes, &context);
        assert!(!report.to_json().contains('\n'));
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let parsed = PresentedCode::parse(text);
            assert!(!report.accepted || parsed.is_ok(), "what is accepted can be read: {text:?}");
            assert!(!report.strict || report.accepted);
            let characters = text.chars().count();
            assert!(report.findings.iter().all(|finding| finding.at <= characters), "{text:?}");
            if let Ok(code) = parsed {
                let _ = rules.answer(&code, "member");
            }
        }
        let _ = RuleSet::parse(&bytes);
        let _ = consumer::Code::from_bytes(bytes);
    }
}

const SEEDS: &[&str] = &[
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVl\
     c2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==",
    "00020101021126490009SG.PAYNOW010120210197401143C03010040820271231520400005303702540410.55802SG5912TEST PTE LTD6009Si\
     ngapore62090105INV-163040566",
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
    "https://alipay.com/28100204ABCD1234",
    "upi://pay?pa=shop@bank&pn=Test%20Shop&am=10.00&cu=INR&tr=1",
    "HTTPS://QR.SAMPLEDOMAIN.COM/MPM/3/R1BMRDA5NVBMVlMwMDIwMUNEU0QwMzMwMTE0U0FNUExFUExBVEZPUk0wMjExU0FNUExFTUVSSURDSV\
     JEMDM5MDExMlNBTVBMRUlTU1VFUjAyMDIxMjAzMTNNSU5JUFJPR1JBTUlE",
    "251001020123456789012345",
    "code-rules 1\nversion 3\nissued 7\nprefix 25 0 test a\nprefix 26 0 test b\n",
];

fn rules() -> RuleSet {
    let rule = |pattern: Pattern| Rule::new(pattern, "test", "member").expect("plain names");
    let rules = vec![
        rule(Pattern::prefix("25").expect("digits")),
        rule(Pattern::owner("org.example").expect("a domain")),
        rule(Pattern::domain("alipay.com/28").expect("a domain")),
        rule(Pattern::application("A000000055").expect("hexadecimal")),
        rule(Pattern::Scheme(qr::profile::Scheme::VietQr)),
    ];
    RuleSet::publish(1, 0, rules).expect("no two are alike")
}

fn mutate(random: &mut Rng, bytes: &mut Vec<u8>) {
    let at = random.usize(..=bytes.len());
    match random.u8(0..5) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.u8(..)),
        2 if at < bytes.len() => bytes[at] = random.u8(..),
        3 if at < bytes.len() => bytes[at] = b'0' + random.u8(..10),
        _ => {
            let copy = bytes[at..].to_vec();
            bytes.extend(copy);
        }
    }
}

/// Texts that a careless reader takes quadratic time over, grown to `length` bytes.
fn hostile(length: usize) -> Vec<(&'static str, String)> {
    let filled = |head: &str, piece: &str| {
        let pieces = piece.repeat((length - head.len()) / piece.len());
        format!("{head}{pieces}")
    };
    let mut nested = Vec::new();
    while nested.len() + 4 < length * 3 / 4 {
        let size = u16::try_from(nested.len()).expect("short");
        nested = [&[0x61, 0x82][..], &size.to_be_bytes(), &nested].concat();
    }
    let applications =
        [b"\x85\x05CPV01\x61\x07\x4F\x05\xA0\x00\x00\x09\x99".as_slice(), &[0x50, 0].repeat(length / 3)]
            .concat();
    let encoded = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    vec![
        ("empty objects of one identifier", filled("000201", "5400")),
        ("accounts without owner", filled("000201", "26040100")),
        ("times of KHQR", filled("0002015802KH30080004a@b", "9900")),
        ("indicators of tips", filled("000201", "550202")),
        ("truncated templates", filled("000201", "2699")),
        ("characters of four bytes", filled("000201599", "😀")),
        ("digits", filled("", "9")),
        ("pairs of a query", filled("upi://pay?pa=a@b", "&a=1")),
        ("percent signs", filled("https://example.org/MPM/3/", "%41")),
        ("labels of a host", filled("https://", "a.")),
        ("letters before a colon", filled("", "a")),
        ("nested templates", encoded(&[b"\x85\x05CPV01".as_slice(), &nested].concat())),
        ("objects of one tag", encoded(&applications)),
        ("base64 that is none", filled("hQVDUFY", "*")),
    ]
}

#[test]
fn effort_grows_with_the_length_only() {
    let rules = rules();
    let context = Context::default();
    let effort = |text: &str| {
        let once = || {
            let begun = Instant::now();
            let report = lint(text, &context);
            if let Ok(code) = PresentedCode::parse(text) {
                let _ = rules.routes(&code);
            }
            drop(report);
            begun.elapsed()
        };
        (0..9).map(|_| once()).min().unwrap_or_default()
    };
    for ((name, short), (_, long)) in hostile(LONGEST_BYTES / 4).into_iter().zip(hostile(LONGEST_BYTES)) {
        assert!(long.len() <= LONGEST_BYTES + 4, "{name}");
        let (short, long) = (effort(&short), effort(&long));
        // Four times the length: four times the effort where it is linear, sixteen where it is quadratic. What takes
        // less than a millisecond is too short to compare on a busy machine.
        let bound = short * 10 + Duration::from_millis(2);
        assert!(long < bound, "{name}: {short:?} for a quarter, {long:?} for the whole");
    }
}
