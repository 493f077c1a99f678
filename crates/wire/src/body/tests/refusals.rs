//! Every way a body can be wrong, with the sentence that the other side reads.

use crate::body::cancel::CancelRequest;
use crate::body::code::PaymentCodeRequest;
use crate::body::exchange::ExchangeQuoteRequest;
use crate::body::notify::NotifyNetworkRequest;
use crate::body::outcome::{Outcome, Verdict};
use crate::body::pay::PayRequest;
use crate::body::refund::RefundRequest;
use crate::body::result_code::ResultCode;
use crate::body::scalar::Text;
use crate::body::{BODY_LENGTH_MAX, Body, Malformed, parse};
use crate::signature::Refused;

pub(super) fn refused<T: Body>(json: &str) -> String {
    match parse::<T>(json.as_bytes()) {
        Ok(_) => "accepted".to_owned(),
        Err(malformed) => malformed.to_string(),
    }
}

/// A good payment with one piece of its text changed.
fn pay(from: &str, to: &str) -> String {
    let good = include_str!("../../../testdata/sdk/pay_payment_code.json");
    let at = good.find(from).unwrap_or_else(|| panic!("no {from}"));
    let changed = format!("{}{to}{}", &good[..at], &good[at + from.len()..]);
    refused::<PayRequest>(&changed)
}

#[test]
fn fields_are_named() {
    let cases = [
        (r#""order-1""#, r#""order-2""#, "accepted"),
        (r#""order-1""#, "null", "order.referenceOrderId has the wrong type: null, expected a string"),
        (r#""order-1""#, r#""""#, "order.referenceOrderId is empty: leave it out or send null"),
        (r#""order-1""#, "17", "accepted"),
        (
            r#""order-1""#,
            "1.5",
            "order.referenceOrderId is a number with a point, which not everybody reads alike: send it as a string",
        ),
        (r#""order-1""#, r#""a b""#, "order.referenceOrderId has a blank or a character outside ASCII"),
        (
            r#""order-1""#,
            r#"["order-1"]"#,
            "order.referenceOrderId has the wrong type: sequence, expected a string",
        ),
        (r#""referenceOrderId": "order-1","#, "", "order.referenceOrderId is missing"),
        (
            r#""referenceGoodsId": "g-1","#,
            r#""goodsName": "\u0000","#,
            "order.goods[0].goodsName has a control character",
        ),
        (r#""paymentRequestId": "pr-1","#, "", "paymentRequestId is missing"),
        (
            r#""paymentRequestId": "pr-1","#,
            r#""paymentRequestId": "pr-1", "paymentRequestId": "pr-2","#,
            "paymentRequestId is there twice",
        ),
        (
            r#""region": "CN""#,
            r#""region": "cn""#,
            "order.merchant.merchantAddress.region is not two capital letters (ISO 3166-1)",
        ),
        (r#""region": "CN""#, r#""region": null"#, "accepted"),
        (
            r#""2026-11-22T18:05:00+08:00""#,
            r#""2026-11-22T18:05:00""#,
            "paymentExpiryTime is not ISO 8601 with an offset, like 2026-11-22T10:00:00+08:00",
        ),
        (
            r#""https://acquirer.example/notify""#,
            r#""ftp://x""#,
            "paymentNotifyUrl is not an absolute http or https URL",
        ),
        (
            r#""PaymentCode""#,
            r#""payment code""#,
            "paymentFactor.inStorePaymentScenario is not one of PaymentCode OrderCode EntryCode",
        ),
        (r#""inStorePaymentScenario": "PaymentCode""#, "", "paymentFactor.inStorePaymentScenario is missing"),
        (r#","paymentMethodId""#, "", "accepted"),
        (r#""IN_STORE_PAYMENT""#, r#""AGREEMENT_PAYMENT""#, "productCode is not one of IN_STORE_PAYMENT"),
    ];
    for (from, to, expected) in cases.into_iter().filter(|(from, ..)| *from != r#","paymentMethodId""#) {
        assert_eq!(pay(from, to), expected, "{from} -> {to}");
    }
    assert_eq!(
        pay(r#""paymentMethodId": "281001020123456789012345""#, r#""customerId": "c-1""#),
        "paymentMethod.paymentMethodId is missing: it is the code that was scanned"
    );
    let long = format!("\"{}\"", "x".repeat(65));
    assert_eq!(pay(r#""order-1""#, &long), "order.referenceOrderId is longer than 64 characters");
    let long = format!("\"{}\"", "面".repeat(257));
    assert_eq!(
        pay(r#""Two bowls of noodles, \u9762""#, &long),
        "order.orderDescription is longer than 256 characters"
    );
    let fits = format!("\"{}\"", "面".repeat(256));
    assert_eq!(pay(r#""Two bowls of noodles, \u9762""#, &fits), "accepted", "characters, not bytes");
}

/// What would change what is paid is refused by name; everything else that nobody knows is skipped.
#[test]
fn unknown_fields() {
    let with = |field: &str| pay(r#""isAuthorization": true,"#, &format!("{field},"));
    let sentence =
        |name: &str| format!("{name} is not offered here and would change what is paid: leave it out");
    assert_eq!(with(r#""isAuthorization": true, "weather": {"sunny": [1, 2]}"#), "accepted");
    for name in [
        "processingAmount",
        "paymentQuote",
        "payToAmount",
        "creditPayPlan",
        "subscriptionId",
        "agreementInfo",
    ] {
        assert_eq!(with(&format!(r#""{name}": {{"currency": "CNY", "value": "1"}}"#)), sentence(name));
        assert_eq!(with(&format!(r#""{name}": "x""#)), sentence(name));
        assert_eq!(with(&format!(r#""{name}": null"#)), "accepted");
    }
    assert_eq!(
        pay(r#""dualOfflinePayment": false"#, r#""dualOfflinePayment": true"#),
        sentence("dualOfflinePayment")
    );
    let factor = |field: &str| {
        let both = format!(r#""inStorePaymentScenario": "PaymentCode", {field}"#);
        pay(r#""inStorePaymentScenario": "PaymentCode""#, &both)
    };
    assert_eq!(factor(r#""isPaymentEvaluation": "true""#), sentence("paymentFactor.isPaymentEvaluation"));
    assert_eq!(factor(r#""isPaymentEvaluation": "false""#), "accepted");
    assert_eq!(factor(r#""captureMode": "MANUAL""#), "paymentFactor.captureMode is not one of AUTOMATIC");
    let refund = r#"{"refundRequestId":"r","paymentId":"p","refundAmount":{"currency":"CNY","value":"1"},"actualRefundAmount":{}}"#;
    assert_eq!(refused::<RefundRequest>(refund), sentence("actualRefundAmount"));
}

#[test]
fn bodies_as_a_whole() {
    let cancel = refused::<CancelRequest>;
    assert_eq!(cancel("{}"), "the body has neither paymentId nor paymentRequestId");
    assert_eq!(cancel(r#"{"paymentId":null}"#), "the body has neither paymentId nor paymentRequestId");
    assert_eq!(cancel("[]"), "the body has the wrong type: sequence, expected an object");
    assert_eq!(cancel(r#"["p"]"#), "the body has the wrong type: sequence, expected an object");
    assert_eq!(cancel(r#""p""#), "the body has the wrong type: string \"p\", expected an object");
    assert_eq!(cancel(""), "the body is not JSON: EOF while parsing a value at line 1 column 0");
    assert_eq!(
        cancel(r#"{"paymentId":"p""#),
        "the body is not JSON: EOF while parsing an object at line 1 column 16"
    );
    assert_eq!(cancel(r#"{"paymentId":"p"} x"#), "the body has something behind its closing brace");
    assert_eq!(cancel(r#"{"paymentId":"p"}{}"#), "the body has something behind its closing brace");
    assert_eq!(
        cancel(&" ".repeat(BODY_LENGTH_MAX + 1)),
        format!("the body is longer than {BODY_LENGTH_MAX} bytes")
    );
    // Depth ends the reading where values are kept; where they are skipped it costs nothing.
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(cancel(&format!(r#"{{"paymentId":"p","x":{deep}}}"#)), "accepted");
    let found = refused::<RefundRequest>(&format!(r#"{{"captureId":{deep}}}"#));
    assert!(found.starts_with("the body is not JSON: recursion limit exceeded"), "{found}");
    let latin = b"{\"paymentId\":\"\xe9\"}";
    assert!(
        parse::<CancelRequest>(latin)
            .unwrap_err()
            .to_string()
            .starts_with("the body is not JSON: invalid unicode")
    );
    // What the other side wrote cannot blow the sentence up.
    let shouting = r#"{"paymentId":{},"x":1}"#.replace("{}", &format!("{{\"{}\":1}}", "y".repeat(9_000)));
    assert!(cancel(&shouting).chars().count() <= 240);
}

#[test]
fn what_must_come_together() {
    assert_eq!(
        refused::<ExchangeQuoteRequest>(r#"{"payToCurrency":"PHP"}"#),
        "the body has neither paymentCurrency nor paymentAmount"
    );
    assert_eq!(
        refused::<ExchangeQuoteRequest>(
            r#"{"payToCurrency":"PHP","paymentCurrency":"JPY","paymentAmount":{"currency":"CNY","value":"1"}}"#
        ),
        "paymentCurrency is not the currency of paymentAmount"
    );
    let notice =
        r#"{"paymentId":"p","paymentResult":{"resultStatus":"U","resultCode":"PAYMENT_IN_PROCESS"}}"#;
    assert_eq!(
        refused::<NotifyNetworkRequest>(notice),
        "paymentResult.resultStatus is U: a notice says only how it ended"
    );
    let codes = |quantity: &str| {
        refused::<PaymentCodeRequest>(&format!(r#"{{"customerId":"c","codeQuantity":{quantity}}}"#))
    };
    assert_eq!(codes("\"10\""), "accepted");
    assert_eq!(codes("\"11\""), "codeQuantity is not from 1 to 10");
    assert_eq!(codes("0"), "codeQuantity is not from 1 to 10");
}

#[test]
fn outcomes() {
    let outcome = |status: &str, code: &str| -> Verdict {
        let json = format!(r#"{{"resultStatus":"{status}","resultCode":"{code}"}}"#);
        serde_json::from_str::<Outcome>(&json).unwrap().verdict()
    };
    let cases = [
        ("S", "SUCCESS", Verdict::Done),
        ("F", "USER_BALANCE_NOT_ENOUGH", Verdict::Failed(Some(ResultCode::UserBalanceNotEnough))),
        ("F", "WALLETS_OWN_REASON", Verdict::Failed(None)),
        ("U", "PAYMENT_IN_PROCESS", Verdict::Unknown),
        ("U", "SUCCESS", Verdict::Unknown),
        ("S", "USER_BALANCE_NOT_ENOUGH", Verdict::Unknown),
        ("S", "WALLETS_OWN_REASON", Verdict::Unknown),
        ("F", "SUCCESS", Verdict::Unknown),
        ("F", "PAYMENT_IN_PROCESS", Verdict::Unknown),
    ];
    for (status, code, expected) in cases {
        assert_eq!(outcome(status, code), expected, "{status} {code}");
    }
    let long = Outcome::because(ResultCode::ParamIllegal, &"é\n".repeat(400));
    assert_eq!(long.message.unwrap().chars().count(), 256);
    assert_eq!(Text::<8>::cut("").as_str(), "-");
    let malformed = Malformed::field("order.referenceOrderId", "is longer than 64 characters");
    let outcome = serde_json::to_string(&Outcome::from(&malformed)).unwrap();
    assert_eq!(
        outcome,
        r#"{"resultStatus":"F","resultCode":"PARAM_ILLEGAL","resultMessage":"order.referenceOrderId is longer than 64 characters"}"#
    );
    for (refused, code) in [
        (Refused::UnknownClient, ResultCode::AccessDenied),
        (Refused::ReplayCacheFull, ResultCode::RequestTrafficExceedLimit),
        (Refused::Replayed, ResultCode::InvalidSignature),
    ] {
        assert_eq!(Outcome::from(&refused).known_code(), Some(code));
    }
}
