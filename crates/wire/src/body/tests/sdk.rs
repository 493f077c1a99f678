//! Requests as `to_ams_json` of the official SDK for Python 1.7.1 writes them.

use crate::body::cancel::CancelRequest;
use crate::body::consult::ConsultRequest;
use crate::body::inquire::{InquiryRefundRequest, InquiryRequest, PaymentReference, RefundReference};
use crate::body::pay::{PayRequest, Presented};
use crate::body::refund::RefundRequest;
use crate::body::{Body, parse};

fn read<T: Body>(json: &str) -> T {
    parse(json.as_bytes()).unwrap_or_else(|malformed| panic!("{malformed}"))
}

#[test]
fn payments_in_all_three_presentations() {
    let cases = [
        (
            include_str!("../../../testdata/sdk/pay_payment_code.json"),
            Presented::PaymentCode("281001020123456789012345"),
        ),
        (include_str!("../../../testdata/sdk/pay_order_code.json"), Presented::OrderCode),
        (include_str!("../../../testdata/sdk/pay_order_code_enum.json"), Presented::OrderCode),
        (include_str!("../../../testdata/sdk/pay_entry_code.json"), Presented::EntryCode),
    ];
    for (json, presented) in cases {
        let request: PayRequest = read(json);
        assert_eq!(request.presented(), Ok(presented));
        assert_eq!(request.payment_amount.value.units(), 10_000, "quoted and unquoted");
        assert_eq!(request.payment_amount.currency.as_str(), "CNY");
        let merchant = request.merchant().unwrap();
        assert_eq!(merchant.reference_merchant_id.as_str(), "m-1");
        assert_eq!(merchant.merchant_display_name.as_deref(), Some("面馆"));
        assert_eq!(merchant.store.as_ref().unwrap().reference_store_id.as_str(), "s-1");
        let env = request.order.env.as_ref().unwrap();
        assert_eq!(env.store_terminal_request_time.unwrap().0, 1_795_341_600_000);
    }
    let request: PayRequest = read(cases[0].0);
    assert_eq!(request.payment_request_id.as_str(), "pr-1");
    assert_eq!(request.payment_notify_url.as_deref(), Some("https://acquirer.example/notify"));
    assert_eq!(request.payment_expiry_time.unwrap().0, 1_795_341_900_000);
    assert!(request.is_authorization.unwrap().0, "a JSON boolean");
}

#[test]
fn everything_after_a_payment() {
    let inquiry: InquiryRequest = read(include_str!("../../../testdata/sdk/inquiry_payment.json"));
    assert_eq!(inquiry.reference(), Ok(PaymentReference::Request("pr-1")));
    let cancel: CancelRequest = read(include_str!("../../../testdata/sdk/cancel.json"));
    assert_eq!(
        cancel.reference(),
        Ok(PaymentReference::Payment("20261122000001")),
        "the network's id counts"
    );
    let refund: RefundRequest = read(include_str!("../../../testdata/sdk/refund.json"));
    assert_eq!(refund.reference(), Ok(PaymentReference::Payment("20261122000001")));
    assert_eq!((refund.refund_request_id.as_str(), refund.refund_amount.value.units()), ("rr-1", 4_000));
    let query: InquiryRefundRequest = read(include_str!("../../../testdata/sdk/refund_query.json"));
    assert_eq!(query.reference(), Ok(RefundReference::Request("rr-1")));
    let query: InquiryRefundRequest = read(include_str!("../../../testdata/sdk/inquiry_refund.json"));
    assert_eq!(query.reference(), Ok(RefundReference::Refund("r-1")));
}

#[test]
fn consulting() {
    let consult: ConsultRequest = read(include_str!("../../../testdata/sdk/consult.json"));
    assert_eq!(consult.payment_amount.value.units(), 10_000);
    assert_eq!(consult.user_region.as_deref(), Some("PH"));
}
