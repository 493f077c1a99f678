//! Scheme `rfc9421`: every reason to refuse a request, by changing one thing of a good one.

use super::*;

#[test]
fn scheme_rfc9421_requests() {
    let good = fields(&signed(Scheme::Rfc9421, BODY).headers);
    let refuse = |headers: Fields, expected: Refused| {
        assert_eq!(check(&headers, BODY, NOW_MS), Err(expected), "{headers:?}");
    };
    let input = |from: &str, to: &str| replaced(&good, "signature-input", from, to);
    let malformed = |why| Refused::Malformed { what: "signature-input", why };

    refuse(without(&good, "signature"), Refused::Missing { what: "signature" });
    refuse(without(&good, "content-type"), Refused::Missing { what: "a field that the signature covers" });
    refuse(without(&good, "idempotency-key"), Refused::Missing { what: "a field that the signature covers" });
    refuse(without(&good, "content-digest"), Refused::Missing { what: "a field that the signature covers" });
    refuse(input("sig1=", "sig2="), Refused::Missing { what: "sig1 in signature-input" });
    refuse(replaced(&good, "signature", "sig1=", "sig2="), Refused::Missing { what: "sig1 in signature" });
    refuse(input("acquirer-cn/2", "acquirer-jp/2"), Refused::UnknownClient);
    refuse(input("acquirer-cn/2", "acquirer-cn/3"), Refused::UnknownKey);
    refuse(input("acquirer-cn/2", "acquirer-cn/1"), Refused::UnknownKey);
    refuse(input("acquirer-cn/2", "acquirer-cn"), malformed("keyid is not <client id>/<key version>"));
    refuse(input(";tag=", ";alg=\"hmac-sha256\";tag="), Refused::UnknownAlgorithm);
    refuse(input(";tag=", ";alg=ed25519;tag="), Refused::UnknownAlgorithm);
    refuse(input("net-v1", "net-v2"), Refused::WrongTag);
    refuse(input(";tag=\"net-v1\"", ""), Refused::WrongTag);
    refuse(input(";tag=", ";created=1795341600;tag="), malformed("a name comes twice"));
    refuse(
        input(";tag=", ";scope=\"x\";tag="),
        malformed("a signature parameter is unknown or of the wrong kind"),
    );
    refuse(input("sig1=", "sig1=();tag=\"net-v1\", sig1="), malformed("a name comes twice"));
    refuse(
        input("\"@method\" ", "\"@method\" \"@method\" "),
        Refused::Repeated { what: "a component in signature-input" },
    );
    refuse(input("\"@method\" ", ""), Refused::NotCovered { component: "\"@method\"" });
    refuse(input("\"@target-uri\" ", ""), Refused::NotCovered { component: "\"@target-uri\"" });
    refuse(input("\"content-digest\" ", ""), Refused::NotCovered { component: "\"content-digest\"" });
    refuse(input("\"content-type\" ", ""), Refused::NotCovered { component: "\"content-type\"" });
    refuse(input(" \"idempotency-key\"", ""), Refused::NotCovered { component: "\"idempotency-key\"" });
    refuse(input(" \"x-deadline-ms\"", ""), Refused::NotCovered { component: "\"x-deadline-ms\"" });
    refuse(input("\"@method\"", "\"@METHOD\""), Refused::NotCovered { component: "\"@method\"" });
    refuse(
        input("\"@method\"", "\"@method\" \"@method\";req"),
        malformed("a request cannot cover its own request"),
    );
    refuse(
        input("\"@method\"", "\"@method\" \"X-Y\""),
        malformed("the name of a covered field is not in lower case"),
    );
    refuse(
        input("\"@method\"", "\"@method\" \"@query-params\""),
        malformed("it covers a derived component that is not supported"),
    );
    refuse(input("\"@method\"", "@method"), malformed("a value is of no kind that belongs here"));
    refuse(
        input(";nonce=\"AwMDAwMDAwMDAwMDAwMDAw\"", ""),
        Refused::Missing { what: "nonce in signature-input" },
    );
    refuse(
        input("AwMDAwMDAwMDAwMDAwMDAw", "short"),
        malformed("the nonce does not have 16 to 64 characters"),
    );
    refuse(input("expires=1795341660", "expires=1795341661"), Refused::WrongLife { life_s: 61 });
    refuse(input("expires=1795341660", "expires=1795341600"), Refused::WrongLife { life_s: 0 });
    refuse(input(";expires=1795341660", ""), Refused::Missing { what: "expires in signature-input" });
    refuse(input(";created=1795341600", ""), Refused::Missing { what: "created in signature-input" });
    refuse(input("AwMDAwMD", "BwMDAwMD"), Refused::WrongSignature);
    refuse(replaced(&good, "idempotency-key", "pr-1", "pr-2"), Refused::WrongSignature);
    refuse(replaced(&good, "x-deadline-ms", "8000", "9000"), Refused::WrongSignature);
    refuse(replaced(&good, "content-type", "UTF", "utf"), Refused::WrongSignature);
    refuse(replaced(&good, "content-digest", "sha-256", "sha-512"), Refused::DigestMismatch);
    let mut named = good.clone();
    set(&mut named, "client-id", "acquirer-jp");
    refuse(named, Refused::Malformed { what: "client-id", why: "it names another client than keyid" });
    let mut twice = good.clone();
    twice.push(("X-Deadline-Ms".into(), "8000".into()));
    refuse(twice, Refused::Repeated { what: "x-deadline-ms" });
}

#[test]
fn scheme_rfc9421_covers_the_whole_request() {
    let good = fields(&signed(Scheme::Rfc9421, BODY).headers);
    let judge = |method: &str, target_uri: &str, body: &[u8]| {
        let request = RequestParts { method, target_uri, headers: &good, body };
        verify_request(&request, moment(NOW_MS), directory).map(|_| ()).map_err(|refusal| refusal.refused)
    };
    assert_eq!(judge("POST", URI, BODY), Ok(()));
    assert_eq!(judge("PUT", URI, BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", &URI.replace("pay.", "other."), BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", &format!("{URI}?x=1"), BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", URI, b"{}"), Err(Refused::DigestMismatch));
    let why = "it is not absolute";
    assert_eq!(judge("POST", "/ams/api", BODY), Err(Refused::Malformed { what: "target URI", why }));
}

/// The signature base follows the sender's own order and spacing, not ours.
#[test]
fn scheme_rfc9421_any_order_of_components_is_verified() {
    use crate::signature::rfc9421::field::{Dictionary, Member};
    use crate::signature::rfc9421::{Request, Subject, build};
    use base64::Engine;
    let mut headers = fields(&signed(Scheme::Rfc9421, BODY).headers);
    let input = "other=();created=1, sig1=( \"x-deadline-ms\"  \"content-type\" \"@target-uri\" \"content-digest\" \"@path\"                  \"idempotency-key\" \"@method\" ); tag=\"net-v1\"; keyid=\"acquirer-cn/2\";nonce=\"0123456789abcdef\" ;x=1";
    let input =
        input.trim_end_matches(" ;x=1").to_owned() + ";alg=\"ed25519\";expires=1795341630;created=1795341600";
    let dictionary = Dictionary::parse(&input).unwrap();
    let Some(Member::List(covered)) = dictionary.get("sig1") else { panic!("no list") };
    let subject = Subject::Request(Request {
        method: "POST",
        target_uri: URI,
        headers: Some(&headers),
        signature: None,
    });
    let signature = ed25519().sign(build(subject, covered).unwrap().as_bytes());
    let base64 = base64::engine::general_purpose::STANDARD.encode(signature);
    set(&mut headers, "signature-input", &input);
    set(&mut headers, "signature", &format!("other=:AAAA:, sig1=:{base64}:"));
    let verified = check(&headers, BODY, NOW_MS).unwrap();
    assert_eq!(verified.nonce.as_deref(), Some("0123456789abcdef"));
}

#[test]
fn scheme_rfc9421_a_call_without_body() {
    let request = OutgoingRequest {
        method: "GET",
        target_uri: URI,
        idempotency_key: None,
        deadline_ms: None,
        body: b"",
    };
    let sent = acquirer().sign_request(Scheme::Rfc9421, &request, NOW_MS, &Nonce::new([3; 16])).unwrap();
    let headers = fields(&sent.headers);
    let request = RequestParts { method: "GET", target_uri: URI, headers: &headers, body: b"" };
    assert!(verify_request(&request, moment(NOW_MS), directory).is_ok());
    // A body slipped in afterwards is not the digest's.
    let request = RequestParts { body: b"{}", ..request };
    let refusal = verify_request(&request, moment(NOW_MS), directory).unwrap_err();
    assert_eq!(refusal.refused, Refused::DigestMismatch);
}

#[test]
fn scheme_rfc9421_times() {
    let good = fields(&signed(Scheme::Rfc9421, BODY).headers);
    // `created` is cut to the second below: 400 ms before NOW_MS.
    let cases = [
        (0, Ok(())),
        (64_600, Ok(())),
        (64_601, Err(Refused::Expired { late_ms: 5_001 })),
        (-5_400, Ok(())),
        (-5_401, Err(Refused::FromTheFuture { ahead_ms: 5_001 })),
    ];
    for (after_ms, expected) in cases {
        assert_eq!(
            check(&good, BODY, NOW_MS.strict_add_signed(after_ms)).map(|_| ()),
            expected,
            "{after_ms}"
        );
    }
}
