use clap::Parser;
use image::GrayImage;
use qr::lint::Context;

use super::draw::{Correction, Symbol};
use super::{Qr, lint, read};

const PAYLOADS: [&str; 4] = [
    "251001020123456789012345",
    "https://pay.example.org/o/01J9ZK3E8Q6T7V0W1X2Y3Z4A5B",
    "00020101021226190015org.example.pay5204581253031565802CN5904TEST6004TEST64200002zh0104测试面馆0202上海6304D2C2",
    "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=",
];

fn picture(payload: &str, correction: Correction, module: u32) -> GrayImage {
    let png = Symbol::of(payload, correction).unwrap().png(module).unwrap();
    image::load_from_memory(&png).unwrap().into_luma8()
}

#[test]
fn what_was_drawn_is_read() {
    for payload in PAYLOADS {
        for (correction, module) in [(Correction::Low, 4), (Correction::High, 3)] {
            let found = read::payloads(&picture(payload, correction, module));
            assert_eq!(found, [payload.as_bytes()], "{payload}");
        }
    }
}

#[test]
fn inverted_small_and_large_pictures_are_read() {
    let mut inverted = picture(PAYLOADS[0], Correction::Medium, 6);
    image::imageops::invert(&mut inverted);
    assert_eq!(read::payloads(&inverted), [PAYLOADS[0].as_bytes()]);
    assert_eq!(read::payloads(&picture(PAYLOADS[0], Correction::Medium, 64)), [PAYLOADS[0].as_bytes()]);
    assert_eq!(read::payloads(&picture(PAYLOADS[0], Correction::Medium, 2)), [PAYLOADS[0].as_bytes()]);
    assert_eq!(read::payloads(&GrayImage::new(0, 0)), Vec::<Vec<u8>>::new());
    assert_eq!(read::payloads(&GrayImage::new(50, 30)), Vec::<Vec<u8>>::new());
}

#[test]
fn a_payload_too_long_for_any_symbol_is_refused() {
    assert!(Symbol::of(&"x".repeat(2953), Correction::Low).is_ok());
    assert!(Symbol::of(&"x".repeat(2954), Correction::Low).is_err());
}

#[test]
fn every_line_gets_its_object() {
    let long = vec![b'9'; 100_000];
    let lines: Vec<&[u8]> =
        vec![b"", b"251001020123456789012345\r", b"\xFF\xFE", &long, b"last without line feed"];
    let mut output = Vec::new();
    lint::lint_lines(&mut lines.join(&b'\n').as_slice(), &mut output, &Context::default(), false).unwrap();
    let output = String::from_utf8(output).unwrap();
    let objects: Vec<serde_json::Value> =
        output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["unknown", "payment_code", "unknown", "payment_code", "unknown"]);
    let accepted: Vec<_> = objects.iter().map(|object| object["accepted"].as_bool().unwrap()).collect();
    assert_eq!(accepted, [false, true, false, false, false]);
    assert_eq!(objects[1]["fields"]["issuer"], "251001");
    assert!(
        objects[3]["input"].as_str().unwrap().len() < 10_000,
        "only the beginning of a long line is kept"
    );
    let mut output = Vec::new();
    lint::lint_lines(&mut b"".as_slice(), &mut output, &Context::default(), true).unwrap();
    assert!(output.is_empty(), "no line, no object");
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    qr: Qr,
}

#[test]
fn arguments_make_codes_that_are_accepted() {
    use clap::CommandFactory as _;
    Line::command().debug_assert();
    let directory = std::env::temp_dir().join(format!("qr-make-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    for (place, arguments) in [
        "merchant --owner org.example.pay --field 03=01J9ZK --currency cny --amount 100.00 --country CN --name NOODLES --city SHANGHAI --bill ORD-1 --language zh --local-name 测试面馆",
        "consumer --application A00000099901 --label SOJOURN --token 9512345678901234567",
        "payment-code --issuer 251001 --unique 123456789012345",
        "promptpay --mobile 081-234-5678 --amount 20",
        "promptpay --biller 099400016550100 --bill-reference 123 --cross-border",
        "paynow --entity 197401143C --amount 10.50 --expiry 20991231",
        "qris --owner ID.CO.EXAMPLE.WWW --merchant-number 936009990000000001 --national-identifier ID1020000000001 --criteria UMI --name WARUNG --city JAKARTA",
        "duitnow --acquirer 501664 --merchant 123456789 --name TEST --city BANGI",
        "vietqr --bank 970403 --account 0011012345678 --amount 180000 --purpose lunch",
        "qrph --bank TESTPHM2XXX --merchant 000600078800069 --name TEST --city Makati",
        "khqr --account shop@bank --merchant M1 --amount 5000 --expiry-ms 4100000000000 --name TEST --city PhnomPenh",
        "laoqr --institution 27710418 --receiver SHOP1",
        "fps --identifier 9999999 --amount 123",
        "bharatqr --address shop@bank --name TEST --city PUNE --postal-code 411001",
        "upi --address shop@bank --name Test --amount 10",
        "pix --key 12345678909 --name LOJA --city RECIFE",
    ]
    .into_iter()
    .enumerate()
    {
        let file = directory.join(format!("{place}.txt"));
        let words = ["sojourn", "make"].into_iter().chain(arguments.split(' ')).map(str::to_owned);
        let out = ["--out".to_owned(), file.display().to_string()];
        let line = Line::try_parse_from(words.chain(out)).unwrap_or_else(|error| panic!("{arguments}: {error}"));
        line.qr.run().unwrap_or_else(|error| panic!("{arguments}: {error}"));
        let payload = std::fs::read_to_string(&file).unwrap();
        let report = qr::lint::lint(payload.trim_end_matches('\n'), &Context::default());
        assert!(report.accepted, "{arguments}: {payload} {:?}", report.findings);
    }
    std::fs::remove_dir_all(&directory).unwrap();
    for arguments in
        ["promptpay", "promptpay --mobile 1 --wallet 2", "fps", "merchant --owner x --country CN"]
    {
        let words = ["sojourn", "make"].into_iter().chain(arguments.split(' '));
        assert!(
            Line::try_parse_from(words)
                .and_then(|line| line
                    .qr
                    .run()
                    .map_err(|_| clap::Error::new(clap::error::ErrorKind::ValueValidation)))
                .is_err(),
            "{arguments}"
        );
    }
}
