//! Scheme `alipay`: every reason to refuse a request, by changing one thing of a good one.

use super::*;

#[test]
fn scheme_alipay_requests() {
    let good = fields(&signed(Scheme::Alipay, BODY).headers);
    let refuse =
        |headers: Fields, expected: Refused| assert_eq!(check(&headers, BODY, NOW_MS), Err(expected));
    for (name, what) in [("client-id", header::CLIENT_ID), ("signature", header::SIGNATURE)] {
        refuse(without(&good, name), Refused::Missing { what });
    }
    refuse(without(&good, "request-time"), Refused::Missing { what: "request-time" });
    let mut twice = good.clone();
    twice.push(("Client-Id".into(), "acquirer-cn".into()));
    refuse(twice, Refused::Repeated { what: "client-id" });
    refuse(replaced(&good, "client-id", "-cn", "-jp"), Refused::UnknownClient);
    refuse(replaced(&good, "signature", "keyVersion=1", "keyVersion=3"), Refused::UnknownKey);
    refuse(replaced(&good, "signature", "keyVersion=1", "keyVersion=2"), Refused::UnknownKey);
    refuse(replaced(&good, "signature", "RSA256", "HS256"), Refused::UnknownAlgorithm);
    refuse(replaced(&good, "signature", "RSA256", "none"), Refused::UnknownAlgorithm);
    refuse(
        replaced(&good, "signature", "keyVersion=1,", ""),
        Refused::Missing { what: "keyVersion in signature" },
    );
    refuse(
        replaced(&good, "signature", "keyVersion=1", "keyVersion=1,keyVersion=1"),
        Refused::Repeated { what: "a part of signature" },
    );
    let malformed = |what, why| Refused::Malformed { what, why };
    refuse(
        replaced(&good, "signature", "keyVersion=1", "keyVersion=one"),
        malformed("signature", "keyVersion is not a number from 1 to 999999"),
    );
    refuse(
        replaced(&good, "signature", "signature=", "signature=%"),
        malformed("signature", "the value is not base64, with or without URL escapes"),
    );
    refuse(
        replaced(&good, "signature", "signature=", "nonce=1,signature="),
        malformed("signature", "it has another part than algorithm, keyVersion and signature"),
    );
    refuse(
        replaced(&good, "request-time", "+00:00", ""),
        malformed("request-time", "it is neither ISO 8601 with an offset nor unix milliseconds"),
    );
    refuse(
        replaced(&good, "client-id", "acquirer-cn", "acquirer cn"),
        malformed("client-id", "it is not 1 to 64 letters, digits, '_' or '-'"),
    );
    refuse(replaced(&good, "client-id", "cn", "cü"), malformed("client-id", "it is not visible ASCII"));
}

/// The one line of the scheme: what it covers, and what it does not.
#[test]
fn scheme_alipay_covers_method_path_client_time_and_body_only() {
    let good = fields(&signed(Scheme::Alipay, BODY).headers);
    let judge = |method: &str, target_uri: &str, headers: &Fields, body: &[u8]| {
        let request = RequestParts { method, target_uri, headers, body };
        verify_request(&request, moment(NOW_MS), directory).map(|_| ()).map_err(|refusal| refusal.refused)
    };
    assert_eq!(judge("POST", URI, &good, BODY), Ok(()));
    assert_eq!(judge("PUT", URI, &good, BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", &URI.replace("pay.", "other."), &good, BODY), Ok(()), "the host is not covered");
    assert_eq!(judge("POST", &format!("{URI}2"), &good, BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", &format!("{URI}?x=1"), &good, BODY), Err(Refused::WrongSignature));
    assert_eq!(judge("POST", URI, &good, b"{}"), Err(Refused::WrongSignature));
    let later = replaced(&good, "request-time", "10:00:00", "10:00:01");
    assert_eq!(judge("POST", URI, &later, BODY), Err(Refused::WrongSignature));
    let other = replaced(&good, "x-deadline-ms", "8000", "9000");
    assert_eq!(judge("POST", URI, &other, BODY), Ok(()), "the deadline is not covered");
}

#[test]
fn scheme_alipay_times() {
    let good = fields(&signed(Scheme::Alipay, BODY).headers);
    // The request time is cut to the second below: 400 ms before NOW_MS.
    let cases = [
        (0, Ok(())),
        (299_600, Ok(())),
        (299_601, Err(Refused::Stale { age_ms: 300_001 })),
        (-300_400, Ok(())),
        (-300_401, Err(Refused::FromTheFuture { ahead_ms: 300_001 })),
    ];
    for (after_ms, expected) in cases {
        assert_eq!(
            check(&good, BODY, NOW_MS.strict_add_signed(after_ms)).map(|_| ()),
            expected,
            "{after_ms}"
        );
    }
}
