//! Answers of both schemes, refusals that can be signed, and arbitrary header fields.

use super::*;

/// A refusal can be signed exactly when the directory knows the member.
#[test]
fn a_refusal_knows_whether_anybody_is_identified() {
    for scheme in [Scheme::Alipay, Scheme::Rfc9421] {
        let sent = signed(scheme, BODY);
        let judge = |headers: &Fields, now_ms| {
            let request = RequestParts { method: "POST", target_uri: URI, headers, body: BODY };
            verify_request(&request, moment(now_ms), directory).unwrap_err()
        };
        let good = fields(&sent.headers);
        let stale = judge(&good, NOW_MS + 1_000_000);
        assert_eq!(stale.exchange, Some(Box::new(sent.exchange)));
        assert_eq!(judge(&without(&good, "signature"), NOW_MS).exchange, None);
        let field = if scheme == Scheme::Alipay { "client-id" } else { "signature-input" };
        let unknown = judge(&replaced(&good, field, "acquirer-cn", "nobody"), NOW_MS);
        assert_eq!((unknown.refused, unknown.exchange), (Refused::UnknownClient, None));
    }
}

#[test]
fn answers() {
    for scheme in [Scheme::Alipay, Scheme::Rfc9421] {
        let exchange = signed(scheme, BODY).exchange;
        let answer = OutgoingResponse { status: 200, body: b"{}" };
        let good = fields(&network().sign_response(&exchange, &answer, NOW_MS).unwrap());
        let judge = |headers: &Fields, status, body: &[u8], after_ms| {
            check_response(&exchange, headers, status, body, NOW_MS.strict_add_signed(after_ms)).map(|_| ())
        };
        assert_eq!(judge(&good, 200, b"{}", 0), Ok(()));
        assert!(judge(&vec![], 200, b"{}", 0).is_err(), "an unsigned answer is refused");
        for (name, _) in &good {
            let content_type = scheme == Scheme::Alipay && name == "content-type";
            assert_eq!(
                judge(&without(&good, name), 200, b"{}", 0).is_ok(),
                content_type,
                "{scheme:?} without {name}"
            );
        }
        assert!(judge(&good, 200, b"{ }", 0).is_err(), "the body is covered");
        assert_eq!(
            judge(&good, 500, b"{}", 0).is_ok(),
            scheme == Scheme::Alipay,
            "only rfc9421 covers the status"
        );
        assert!(judge(&good, 200, b"{}", 400_000).is_err(), "a stale answer is refused");
        assert!(judge(&good, 200, b"{}", -400_000).is_err(), "so is one from the future");

        // The answer to another request: same call, other nonce or second.
        let request = OutgoingRequest {
            method: "POST",
            target_uri: URI,
            idempotency_key: None,
            deadline_ms: None,
            body: BODY,
        };
        let other = acquirer().sign_request(scheme, &request, NOW_MS, &Nonce::new([4; 16])).unwrap().exchange;
        let judged = check_response(&other, &good, 200, b"{}", NOW_MS);
        assert_eq!(
            judged.is_ok(),
            scheme == Scheme::Alipay,
            "only rfc9421 ties an answer to its very request"
        );
    }
}

#[test]
fn answers_of_somebody_else() {
    let answer = OutgoingResponse { status: 200, body: b"{}" };
    let exchange = signed(Scheme::Rfc9421, BODY).exchange;
    let headers = fields(&acquirer().sign_response(&exchange, &answer, NOW_MS).unwrap());
    assert_eq!(check_response(&exchange, &headers, 200, b"{}", NOW_MS), Err(Refused::WrongSigner));

    let exchange = signed(Scheme::Alipay, BODY).exchange;
    let headers = fields(&network().sign_response(&exchange, &answer, NOW_MS).unwrap());
    let headers = replaced(&headers, "client-id", "acquirer-cn", "acquirer-jp");
    assert_eq!(check_response(&exchange, &headers, 200, b"{}", NOW_MS), Err(Refused::WrongSigner));

    // A request signed by us and sent back as an answer does not pass for one.
    let request = fields(&signed(Scheme::Rfc9421, BODY).headers);
    let exchange = signed(Scheme::Rfc9421, BODY).exchange;
    assert!(check_response(&exchange, &request, 200, BODY, NOW_MS).is_err());
}

#[test]
fn every_refusal_has_a_sentence() {
    let good = fields(&signed(Scheme::Alipay, BODY).headers);
    let refused = check(&good, BODY, NOW_MS + 1_000_000).unwrap_err();
    assert_eq!(refused.to_string(), "the message was signed 1000400 ms ago, which is too long");
    assert!(Refused::ReplayCacheFull.is_passing() && !refused.is_passing());
}

/// Damaged and arbitrary header fields: never a panic, never a pass unless nothing that counts was changed.
#[test]
fn arbitrary_fields_never_panic_and_never_pass() {
    let mut random = fastrand::Rng::with_seed(3);
    for scheme in [Scheme::Alipay, Scheme::Rfc9421] {
        let sent = signed(scheme, BODY);
        let good = fields(&sent.headers);
        for _ in 0..2_000 {
            let mut headers = good.clone();
            let index = random.usize(..headers.len());
            let mut bytes = headers[index].1.clone().into_bytes();
            for _ in 0..=random.usize(..3) {
                let position = random.usize(..bytes.len());
                match random.u8(..4) {
                    0 => bytes[position] = random.u8(b' '..=b'~'),
                    1 => bytes.insert(position, *random.choice(b"\"();,=:?% \t\\".iter()).unwrap()),
                    2 => drop(bytes.remove(position)),
                    _ => bytes.truncate(position + 1),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            let text = String::from_utf8(bytes).unwrap();
            let changed = text != good[index].1;
            headers[index].1 = text;
            let passed = check(&headers, BODY, NOW_MS).is_ok();
            let counts = scheme == Scheme::Rfc9421
                || ["client-id", "request-time"].contains(&headers[index].0.as_str());
            // Blanks that a structured field allows, and base64 escapes that were not needed, change nothing.
            let harmless = ["signature-input", "signature"].contains(&headers[index].0.as_str())
                || value(&headers, "content-type").trim() == value(&good, "content-type");
            assert!(!(passed && changed && counts && !harmless), "{headers:?}");
            let _ = check_response(&sent.exchange, &headers, 200, BODY, NOW_MS);
        }
    }
    for _ in 0..2_000 {
        let mut noise = || (0..random.usize(..60)).map(|_| char::from(random.u8(..128))).collect::<String>();
        let headers: Fields = ["signature", "signature-input", "client-id", "request-time", "content-digest"]
            .map(|name| (name.to_owned(), noise()))
            .into();
        assert!(check(&headers, BODY, NOW_MS).is_err());
    }
}

/// A directory that hands out a key of the other kind is caught, not trusted.
#[test]
fn a_key_of_the_other_kind_verifies_nothing() {
    for (scheme, wrong) in [(Scheme::Alipay, ed25519()), (Scheme::Rfc9421, rsa())] {
        let headers = fields(&signed(scheme, BODY).headers);
        let request = RequestParts { method: "POST", target_uri: URI, headers: &headers, body: BODY };
        let refusal = verify_request(&request, moment(NOW_MS), |_, _, _| Ok(wrong.public())).unwrap_err();
        assert_eq!(refusal.refused, Refused::UnknownAlgorithm);
    }
}
