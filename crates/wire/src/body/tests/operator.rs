//! What the operator's tools may send wrongly.

use super::refusals::refused;
use crate::body::operator::member::{KeyAdd, MemberAdd};
use crate::body::operator::terms::Agreement;

#[test]
fn operator_bodies() {
    let member = |extra: &str| {
        refused::<MemberAdd>(&format!(r#"{{"clientId":"wallet-ph","name":"Wallet","country":"PH",{extra}}}"#))
    };
    assert_eq!(member(r#""role":"WALLET","codePrefix":"281001""#), "accepted");
    assert_eq!(
        member(r#""role":"WALLET","codePrefix":"028100""#),
        "codePrefix is not six digits of which the first is not 0"
    );
    assert_eq!(member(r#""role":"ACQUIRER","codePrefix":"281001""#), "codePrefix is for wallets only");
    assert_eq!(member(r#""role":"BANK""#), "role is not one of WALLET ACQUIRER FX_PROVIDER");
    let dotted = r#"{"clientId":"a.b","name":"A","country":"PH","role":"WALLET"}"#;
    assert_eq!(refused::<MemberAdd>(dotted), "clientId is not 1 to 64 letters, digits, '_' and '-'");
    let key = |fields: &str| refused::<KeyAdd>(&format!(r#"{{"version":"1","publicKey":{fields}}}"#));
    let pem = serde_json::to_string(include_str!("../../../testdata/test-only-ed25519-public.pem")).unwrap();
    assert_eq!(key(&pem), "accepted");
    assert_eq!(key("\"AAAA\""), "publicKey is refused: the bytes in the PEM frame are not a key");
    assert_eq!(
        key(&format!(r#"{pem},"from":"2026-11-22T10:00:00Z","until":"2026-11-22T10:00:00Z""#)),
        "until is not after from"
    );
    let agreement = |limits: &str| {
        refused::<Agreement>(&format!(
            r#"{{"settlementCurrency":"CNY","interchangePercent":"0.60","limits":[{limits}]}}"#
        ))
    };
    let limit = r#"{"currency":"CNY","paymentMin":"1","paymentMax":"100"}"#;
    assert_eq!(agreement(limit), "accepted");
    assert_eq!(agreement(""), "limits is empty: an agreement covers at least one currency");
    assert_eq!(agreement(&format!("{limit},{limit}")), "limits[1].currency comes twice");
    assert_eq!(agreement(&limit.replace("\"100\"", "\"0\"")), "limits[0].paymentMax is zero");
    assert_eq!(agreement(&limit.replace("\"1\"", "\"101\"")), "limits[0].paymentMin is above paymentMax");
    let percent = |percent: &str| {
        refused::<Agreement>(&format!(
            r#"{{"settlementCurrency":"CNY","networkFeePercent":"{percent}","limits":[{limit}]}}"#
        ))
    };
    for (text, expected) in [
        ("0", "accepted"),
        ("100.00", "accepted"),
        ("99.9999", "accepted"),
        ("0.00001", "networkFeePercent has more than four decimals"),
        ("100.1", "networkFeePercent is not from 0 to 100"),
        ("007", "networkFeePercent is not from 0 to 100"),
        ("-1", "networkFeePercent is not digits with at most one point"),
    ] {
        assert_eq!(percent(text), expected, "{text}");
    }
}
