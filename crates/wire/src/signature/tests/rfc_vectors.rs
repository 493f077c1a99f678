//! The examples of RFC 9421 (section 2.4 and appendix B.2) and RFC 9530: signature bases built and signatures verified.
//! The profile refuses these messages (other components, other algorithms), so they go to the layer below it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PSS_2048_8192_SHA512, VerificationAlgorithm};

use super::Fields;
use crate::key::{PrivateKey, PublicKey};
use crate::signature::rfc9421::field::{Dictionary, Member};
use crate::signature::rfc9421::{Request, Subject, build};
use crate::signature::{Refused, digest};

const REQUEST_DIGEST: &str =
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
const RESPONSE_DIGEST: &str =
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:";
const BUSY_DIGEST: &str =
    "sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObfwnHJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:";

/// Appendix B.1.2, the RSAPublicKey inside `test-key-rsa-pss`.
const RSA_PSS: &str = "MIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+\
    oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cv\
    SKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN\
    48V2pnDOkFV6+U9nV5oyc6XI2wIDAQAB";
/// Appendix B.1.3, the point of `test-key-ecc-p256`.
const P256: &str = "BKiFWGVSwqz2Rxh4z9ewk1tP/g/S38NBJI6he8QeBYrwMc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0=";
/// Appendix B.1.4.
const ED25519_PRIVATE: &str = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";
const ED25519_PUBLIC: &str = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";

/// Appendix B.2, `test-request`.
fn request_fields() -> Fields {
    [
        ("Host", "example.com"),
        ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("Content-Type", "application/json"),
        ("Content-Digest", REQUEST_DIGEST),
        ("Content-Length", "18"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn response_fields(digest: &str, length: &str) -> Fields {
    [("Content-Type", "application/json"), ("Content-Digest", digest), ("Content-Length", length)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn test_request(headers: &Fields) -> Request<'_> {
    Request {
        method: "POST",
        target_uri: "https://example.com/foo?param=Value&Pet=dog",
        headers: Some(headers),
        signature: None,
    }
}

/// Builds the base for a `signature-input` and compares it line by line.
fn base(subject: Subject<'_>, input: &str, expected: &[&str]) -> String {
    let dictionary = Dictionary::parse(input).unwrap();
    let (_, Member::List(covered)) = dictionary.iter().next().unwrap() else { panic!("no list") };
    let base = build(subject, covered).unwrap();
    let (_, parameters) = input.split_once('=').unwrap();
    let last = format!("\"@signature-params\": {parameters}");
    let expected: Vec<&str> = expected.iter().copied().chain([last.as_str()]).collect();
    assert_eq!(base.lines().collect::<Vec<_>>(), expected);
    base
}

fn verify(algorithm: &'static dyn VerificationAlgorithm, key: &str, base: &str, signature: &str) {
    let [key, signature] = [key, signature].map(|text| STANDARD.decode(text).unwrap());
    let key = ring::signature::UnparsedPublicKey::new(algorithm, key);
    key.verify(base.as_bytes(), &signature).unwrap();
}

#[test]
fn b_2_1_minimal() {
    let headers = request_fields();
    let input = "sig-b21=();created=1618884473;keyid=\"test-key-rsa-pss\";nonce=\"b3k2pp5k7z-50gnwp.yemd\"";
    let base = base(Subject::Request(test_request(&headers)), input, &[]);
    verify(
        &RSA_PSS_2048_8192_SHA512,
        RSA_PSS,
        &base,
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
    );
}

/// B.2.2 covers `@query-param`, which nobody here may: it is refused by name.
#[test]
fn b_2_2_selective_is_refused() {
    let input =
        "sig-b22=(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\");created=1618884473";
    let dictionary = Dictionary::parse(input).unwrap();
    let Some(Member::List(covered)) = dictionary.get("sig-b22") else { panic!("no list") };
    let headers = request_fields();
    let refused = build(Subject::Request(test_request(&headers)), covered).unwrap_err();
    let why = "a component has a parameter that is not supported";
    assert_eq!(refused, Refused::Malformed { what: "signature-input", why });
}

#[test]
fn b_2_3_full_coverage() {
    let headers = request_fields();
    let input = "sig-b23=(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" \"content-digest\" \
                 \"content-length\");created=1618884473;keyid=\"test-key-rsa-pss\"";
    let base = base(
        Subject::Request(test_request(&headers)),
        input,
        &[
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT",
            "\"@method\": POST",
            "\"@path\": /foo",
            "\"@query\": ?param=Value&Pet=dog",
            "\"@authority\": example.com",
            "\"content-type\": application/json",
            &format!("\"content-digest\": {REQUEST_DIGEST}"),
            "\"content-length\": 18",
        ],
    );
    verify(
        &RSA_PSS_2048_8192_SHA512,
        RSA_PSS,
        &base,
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
    );
}

#[test]
fn b_2_4_a_response() {
    let headers = response_fields(RESPONSE_DIGEST, "23");
    let input = "sig-b24=(\"@status\" \"content-type\" \"content-digest\" \"content-length\");created=1618884473\
                 ;keyid=\"test-key-ecc-p256\"";
    let asked = request_fields();
    let base = base(
        Subject::Response { status: 200, headers: &headers, request: test_request(&asked) },
        input,
        &[
            "\"@status\": 200",
            "\"content-type\": application/json",
            &format!("\"content-digest\": {RESPONSE_DIGEST}"),
            "\"content-length\": 23",
        ],
    );
    verify(
        &ECDSA_P256_SHA256_FIXED,
        P256,
        &base,
        "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==",
    );
}

#[test]
fn b_2_5_hmac() {
    let headers = request_fields();
    let input =
        "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
    let base = base(
        Subject::Request(test_request(&headers)),
        input,
        &[
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT",
            "\"@authority\": example.com",
            "\"content-type\": application/json",
        ],
    );
    let secret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap());
    let expected = STANDARD.decode("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=").unwrap();
    assert_eq!(ring::hmac::sign(&key, base.as_bytes()).as_ref(), expected);
}

#[test]
fn b_2_6_ed25519() {
    let headers = request_fields();
    let input = "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
                 ;created=1618884473;keyid=\"test-key-ed25519\"";
    let base = base(
        Subject::Request(test_request(&headers)),
        input,
        &[
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT",
            "\"@method\": POST",
            "\"@path\": /foo",
            "\"@authority\": example.com",
            "\"content-type\": application/json",
            "\"content-length\": 18",
        ],
    );
    let expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    let key = PrivateKey::from_pem(ED25519_PRIVATE).unwrap();
    assert_eq!(key.public(), PublicKey::from_pem(ED25519_PUBLIC).unwrap());
    let signature = key.sign(base.as_bytes());
    assert_eq!(STANDARD.encode(&signature), expected);
    assert!(key.public().verifies(base.as_bytes(), &signature));
    let raw = STANDARD.encode(&STANDARD.decode(ED25519_PUBLIC).unwrap()[12..]);
    verify(&ED25519, &raw, &base, expected);
}

#[test]
fn section_2_4_a_response_bound_to_its_request() {
    let asked = request_fields();
    let headers = response_fields(BUSY_DIGEST, "62");
    let input = "reqres=(\"@status\" \"content-digest\" \"content-type\" \"@authority\";req \"@method\";req \"@path\";req \
                 \"content-digest\";req);created=1618884479;keyid=\"test-key-ecc-p256\"";
    let base = base(
        Subject::Response { status: 503, headers: &headers, request: test_request(&asked) },
        input,
        &[
            "\"@status\": 503",
            &format!("\"content-digest\": {BUSY_DIGEST}"),
            "\"content-type\": application/json",
            "\"@authority\";req: example.com",
            "\"@method\";req: POST",
            "\"@path\";req: /foo",
            &format!("\"content-digest\";req: {REQUEST_DIGEST}"),
        ],
    );
    verify(
        &ECDSA_P256_SHA256_FIXED,
        P256,
        &base,
        "dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag==",
    );
}

/// Draft 13 of the standard had this example in section 2.4: the only published one that covers the request's
/// signature with `key`, as our answers do.
#[test]
fn a_response_that_covers_the_signature_of_its_request() {
    let asked = request_fields();
    let headers = response_fields(BUSY_DIGEST, "62");
    let signature = "LAH8BjcfcOcLojiuOBFWn0P5keD3xAOuJRGziCLuD8r5MW9S0RoXXLzLSRfGY/3SF8kVIkHjE13SEFdTo4Af/fJ/Pu9wheqoLVdwXyY/UkBIS1M8Brc8IODsn5DFIrG0IrburbLi0uCc+E2ZIIb6HbUJ+o+jP58JelMTe0QE3IpWINTEzpxjqDf5/Df+InHCAkQCTuKsamjWXUpyOT1Wkxi7YPVNOjW4MfNuTZ9HdbD2Tr65+BXeTG9ZS/9SWuXAc+BZ8WyPz0QRz//ec3uWXd7bYYODSjRAxHqX+S1ag3LZElYyUKaAIjZ8MGOt4gXEwCSLDv/zqxZeWLj/PDkn6w==";
    let request = Request { signature: Some(("sig1", signature)), ..test_request(&asked) };
    let input = "reqres=(\"@status\" \"content-length\" \"content-type\" \"signature\";req;key=\"sig1\" \"@authority\";req \
                 \"@method\";req);created=1618884479;keyid=\"test-key-ecc-p256\"";
    let base = base(
        Subject::Response { status: 503, headers: &headers, request },
        input,
        &[
            "\"@status\": 503",
            "\"content-length\": 62",
            "\"content-type\": application/json",
            &format!("\"signature\";req;key=\"sig1\": :{signature}:"),
            "\"@authority\";req: example.com",
            "\"@method\";req: POST",
        ],
    );
    verify(
        &ECDSA_P256_SHA256_FIXED,
        P256,
        &base,
        "mh17P4TbYYBmBwsXPT4nsyVzW4Rp9Fb8WcvnfqKCQLoMvzOBLD/n32tL/GPW6XE5GAS5bdsg1khK6lBzV1Cx/Q==",
    );
}

/// RFC 9530 appendix, and the bodies of the examples above.
#[test]
fn digests() {
    let hello = b"{\"hello\": \"world\"}";
    assert_eq!(digest::write(hello), "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    let malformed = |why| Err(Refused::Malformed { what: "content-digest", why });
    let cases: [(&str, &[u8], Result<(), Refused>); 10] = [
        ("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", hello, Ok(())),
        (REQUEST_DIGEST, hello, Ok(())),
        (RESPONSE_DIGEST, b"{\"message\": \"good dog\"}", Ok(())),
        (BUSY_DIGEST, b"{\"busy\": true, \"message\": \"Your call is very important to us\"}", Ok(())),
        // RFC 9530 appendix B.1: the body has a line feed at its end.
        ("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", b"{\"hello\": \"world\"}\n", Ok(())),
        ("md5=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", hello, Ok(())),
        ("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", b"{}", Err(Refused::DigestMismatch)),
        // One right and one wrong digest are wrong.
        (
            "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:",
            hello,
            Err(Refused::DigestMismatch),
        ),
        ("md5=:AAAA:", hello, malformed("it has neither sha-256 nor sha-512")),
        (
            "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE",
            hello,
            malformed("a digest must be a byte sequence"),
        ),
    ];
    for (field, body, expected) in cases {
        assert_eq!(digest::check(field, body), expected, "{field}");
    }
}
