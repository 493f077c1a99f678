use super::{Content, Link, Upi, mpm_link};
use crate::finding::Severity;
use crate::merchant::Amount;

#[test]
fn links_are_cut() {
    for (text, scheme, host, path) in [
        ("https://pay.example.org", "https", "pay.example.org", ""),
        ("HTTPS://Pay.Example.ORG:8443/o/1?x=1#y", "HTTPS", "Pay.Example.ORG", "/o/1"),
        ("https://user@pay.example.org/", "https", "pay.example.org", "/"),
        ("https://[::1]/a", "https", "[::1]", "/a"),
        ("upi://pay?pa=a@b", "upi", "pay", ""),
    ] {
        let link = Link::parse(text).unwrap();
        assert_eq!((link.scheme(), link.host(), link.path()), (scheme, host, path), "{text}");
        assert_eq!(link.as_str(), text);
    }
    for text in [
        "",
        "pay.example.org",
        "https:",
        "https://",
        "https:///x",
        "https://a b",
        "https://例/",
        "1https://x",
        "h_s://x",
    ] {
        assert!(Link::parse(text).is_err(), "{text}");
    }
}

#[test]
fn queries_are_decoded_with_their_places() {
    let link = Link::parse("upi://pay?pa=a@b&pn=Test+Shop%20%E6%B5%8B&&x&bad=%zz%4#f=1").unwrap();
    let pairs: Vec<_> = link.query().collect();
    let pair = |at: usize, name: &str, value: &str| (at, name.to_owned(), value.to_owned());
    let expected =
        [pair(10, "pa", "a@b"), pair(17, "pn", "Test Shop 测"), pair(43, "x", ""), pair(45, "bad", "%zz%4")];
    assert_eq!(pairs, expected);
}

#[test]
fn upi_links_come_back_as_made() {
    let upi = Upi {
        address: "test.shop@examplebank".to_owned(),
        name: Some("Test & Söhne".to_owned()),
        amount: Amount::parse("10.50").ok(),
        category: Some("5812".to_owned()),
        reference: Some("ORD-0001".to_owned()),
        note: Some("two teas, please".to_owned()),
        ..Upi::default()
    };
    let link = upi.to_link().unwrap();
    let read = Link::parse(link.as_str()).unwrap().read();
    assert_eq!(read, (Content::Upi(upi), Vec::new()));
}

#[test]
fn the_published_payload_is_read_and_made() {
    let text = "HTTPS://QR.SAMPLEDOMAIN.COM/MPM/3/R1BMRDA5NVBMVlMwMDIwMUNEU0QwMzMwMTE0U0FNUExFUExBVEZPUk0wMjExU0FNUExFTUVS\
        SURDSVJEMDM5MDExMlNBTVBMRUlTU1VFUjAyMDIxMjAzMTNNSU5JUFJPR1JBTUlE";
    let (content, findings) = Link::parse(text).unwrap().read();
    let Content::AlipayPayload(payload) = content else { panic!("{content:?} {findings:?}") };
    assert_eq!(findings, []);
    let issuer = payload.object("CIRD").unwrap();
    assert_eq!(
        issuer.fields,
        [(1, "SAMPLEISSUER".to_owned()), (2, "12".to_owned()), (3, "MINIPROGRAMID".to_owned())]
    );
    let objects =
        [("CDSD", "0114SAMPLEPLATFORM0211SAMPLEMERID"), ("CIRD", "0112SAMPLEISSUER0202120313MINIPROGRAMID")];
    assert_eq!(mpm_link("QR.SAMPLEDOMAIN.COM", &objects).unwrap().as_str(), text);
}

#[test]
fn payloads_with_padding_survive_the_path() {
    for value in ["0101A", "0102AB", "0103ABC", "0104测试测试"] {
        let link = mpm_link("pay.example.org", &[("CDSD", value)]).unwrap();
        let (content, findings) = link.read();
        let Content::AlipayPayload(payload) = content else { panic!("{link:?} {findings:?}") };
        assert_eq!(payload.object("CDSD").unwrap().value, value);
    }
    assert!(mpm_link("pay.example.org", &[("CDS", "x")]).is_err());
    assert!(mpm_link("pay.example.org", &[("CDSD", &"x".repeat(1000))]).is_err());
    assert!(mpm_link("pay.example.org", &[("CDSD", &"x".repeat(990))]).is_err());
}

#[test]
fn order_codes_name_their_acquirer() {
    for (text, acquirer) in [
        ("https://alipay.com/28100204ABCD1234", Some("002")),
        ("https://qr.alipay.com/281123040001", Some("123")),
        ("https://alipay.com/28100205ABCD1234", None),
        ("https://alipay.com/28100204ABC", None),
        ("https://alipay.com/281ab204ABCD", None),
        ("https://alipay.com.example.org/28100204ABCD", None),
        ("https://example.org/28100204ABCD", None),
        ("https://alipay.com", None),
    ] {
        let found = match Link::parse(text).unwrap().read().0 {
            Content::AlipayOrder { acquirer } => Some(acquirer),
            _ => None,
        };
        assert_eq!(found.as_deref(), acquirer, "{text}");
    }
}

#[test]
fn broken_payloads_are_refused() {
    use base64::Engine as _;
    for payload in [
        "",
        "GPLD",
        "GPLD001",
        "GPLDxxx",
        "GPLD009PLVS00202",
        "GPLD009PLVS00201X",
        "XXXX009PLVS00201",
        "GPLD008PLVS00201",
        "测",
    ] {
        let text = base64::engine::general_purpose::STANDARD.encode(payload);
        let link = Link::parse(&format!("https://pay.example.org/mpm/3/{text}")).unwrap();
        let (content, findings) = link.read();
        assert_eq!(
            (content, findings[0].severity, findings[0].at),
            (Content::Other, Severity::Error, 30),
            "{payload}"
        );
    }
    let (content, findings) = Link::parse("https://pay.example.org/MPM/3/%").unwrap().read();
    assert_eq!((content, findings.len()), (Content::Other, 1));
}
