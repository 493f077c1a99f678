//! The wrong bodies, as data: what is wrong, who sends it where, and the code that says so.

use std::time::Duration;

use serde_json::{Value, json};

use super::{PAY, Stand};
use crate::voice::Voice;

/// Who sends.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Acquirer,
    OtherAcquirer,
    Wallet,
    OtherWallet,
    Provider,
}

impl Who {
    pub(super) fn of(self, stand: &Stand) -> &Voice {
        match self {
            Who::Acquirer => &stand.acquirer,
            Who::OtherAcquirer => &stand.other_acquirer,
            Who::Wallet => &stand.wallet,
            Who::OtherWallet => &stand.other_wallet,
            Who::Provider => &stand.provider,
        }
    }
}

/// One wrong request.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) who: Who,
    pub(super) path: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) code: &'static str,
}

/// Codes and payments of a state that is known.
pub(super) struct Codes {
    used: String,
    order: String,
    expired_order: String,
    /// Scanned by the first wallet.
    scanned: (String, String),
    /// Paid with `used`.
    paid: String,
}

impl Codes {
    pub(super) async fn make(stand: &Stand) -> Codes {
        let used = stand.payment_code().await;
        let order = stand.order("paid", None);
        let paid = stand.town.company.acquirers[0].pay_with_code(&order, &used).await;
        let (_, expired_order) = stand.order_code("expired", Some(300)).await;
        let (payment, code) = stand.order_code("scanned", None).await;
        let user = wire::body::scalar::Id::try_new("user-1").expect("an id");
        let text = wire::body::scalar::Text::try_new(code.as_str()).expect("a code");
        let scan = wire::body::scan::ScanRequest::new(text, user);
        stand.town.company.wallets[0].scan(&scan).await.expect("the network is up");
        let (_, order) = stand.order_code("open", None).await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let paid = paid.expect("the network is up").payment_id.expect("a payment").to_string();
        Codes { used, order, expired_order, scanned: (payment, code), paid }
    }
}

/// One field of a good request set to something wrong; null is a field left out.
struct Field(&'static str, Value, &'static str);

/// Everything that can be wrong with a request to pay.
pub(super) fn pays(codes: &Codes, good: &Value) -> Vec<Case> {
    let illegal = "PARAM_ILLEGAL";
    let fields = wrong_fields(codes, good);
    let mut all: Vec<Case> =
        fields.iter().enumerate().map(|(place, field)| spoil(good, place, field)).collect();
    let good = good.to_string();
    let deep = "[".repeat(60_000);
    let broken = [
        ("no body", String::new()),
        ("a word", "payment".to_owned()),
        ("half a body", good[..good.len() / 2].to_owned()),
        ("an array", format!("[{good}]")),
        ("two bodies", format!("{good}{good}")),
        ("null", "null".to_owned()),
        ("a field twice", format!("{},\"paymentRequestId\":\"other\"}}", &good[..good.len() - 1])),
        ("a deep array", format!("{{\"order\":{deep}")),
    ];
    all.extend(broken.map(|(name, body)| pay(name, body.into_bytes(), illegal)));
    all.push(pay(
        "no UTF-8",
        good.replace("noodles", "\u{1}").into_bytes().iter().map(garble).collect(),
        illegal,
    ));
    all
}

/// Every field of a request to pay, wrong.
fn wrong_fields(codes: &Codes, good: &Value) -> Vec<Field> {
    let code = good["paymentMethod"]["paymentMethodId"].as_str().expect("a code");
    let long = |length: usize| Value::from("x".repeat(length));
    let illegal = "PARAM_ILLEGAL";
    let mut fields = vec![
        Field("/paymentRequestId", Value::Null, illegal),
        Field("/paymentRequestId", json!(""), illegal),
        Field("/paymentRequestId", long(65), illegal),
        Field("/paymentRequestId", json!(["a"]), illegal),
        Field("/paymentRequestId", json!("two words"), illegal),
        Field("/order", Value::Null, illegal),
        Field("/order", json!([]), illegal),
        Field("/order/referenceOrderId", Value::Null, illegal),
        Field("/order/orderDescription", Value::Null, illegal),
        Field("/order/orderDescription", long(257), illegal),
        Field("/order/orderDescription", json!("bell\u{7}"), illegal),
        Field("/order/orderAmount", Value::Null, illegal),
        Field("/order/merchant/referenceMerchantId", Value::Null, illegal),
        Field("/order/merchant/referenceMerchantId", json!("M-NOBODY"), "MERCHANT_NOT_REGISTERED"),
        Field("/order/merchant/referenceMerchantId", json!("M-TOKYO-1"), "MERCHANT_NOT_REGISTERED"),
        Field("/order/merchant/store/referenceStoreId", json!("S-NOWHERE"), "MERCHANT_NOT_REGISTERED"),
        Field("/paymentAmount", Value::Null, illegal),
        Field("/paymentAmount/currency", Value::Null, illegal),
        Field("/paymentAmount/currency", json!("cny"), illegal),
        Field("/paymentAmount/currency", json!("CN"), illegal),
        Field("/paymentAmount/currency", json!("XQZ"), illegal),
        Field("/paymentAmount/currency", json!("CHF"), "CURRENCY_NOT_SUPPORT"),
        Field("/paymentAmount/value", Value::Null, illegal),
        Field("/paymentAmount/value", json!(1200.5), illegal),
        Field("/paymentAmount/value", json!(-1), illegal),
        Field("/paymentAmount/value", json!(true), illegal),
        Field("/paymentAmount/value", json!("5000001"), "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        Field("/paymentMethod", Value::Null, illegal),
        Field("/paymentMethod/paymentMethodType", Value::Null, illegal),
        Field("/paymentMethod/paymentMethodId", Value::Null, illegal),
        Field("/paymentMethod/paymentMethodId", long(1_025), illegal),
        Field("/paymentMethod/paymentMethodId", json!(code[..23]), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!(format!("{code}0")), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!(format!("999001{}", &code[6..])), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!("281001020000000000000000"), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!("hQVDUFYwMWE"), "INVALID_CODE"),
        Field(
            "/paymentMethod/paymentMethodId",
            json!("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8="),
            "INVALID_CODE",
        ),
        Field("/paymentMethod/paymentMethodId", json!("%00%ff"), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!(codes.used), "INVALID_CODE"),
        Field("/paymentMethod/paymentMethodId", json!(codes.order), "INVALID_CODE"),
        Field("/paymentFactor", Value::Null, illegal),
        Field("/paymentFactor/inStorePaymentScenario", Value::Null, illegal),
        Field("/paymentFactor/inStorePaymentScenario", json!("Cashier"), illegal),
        // Fields that would change what is paid.
        Field("/surchargeInfo", json!({ "fee": "1" }), illegal),
        Field("/payToAmount", json!({ "currency": "PHP", "value": "1" }), illegal),
        Field("/paymentFactor/isAgreementPayment", json!("true"), illegal),
        Field("/settlementStrategy", json!({ "settlementCurrency": "USD" }), "SETTLE_CONTRACT_NOT_MATCH"),
        Field("/paymentNotifyUrl", json!("nowhere"), illegal),
        Field("/paymentExpiryTime", json!("tomorrow"), illegal),
    ];
    for value in ["-1", "0", "00", "1.5", "1e3", "+1", " 1", "1 ", "", "one", "０", "1_000", "0x10"] {
        fields.push(Field("/paymentAmount/value", json!(value), illegal));
    }
    fields.push(Field("/paymentAmount/value", json!("9007199254740993"), "PAYMENT_AMOUNT_EXCEED_LIMIT"));
    fields.push(Field("/paymentAmount/value", json!("18446744073709551615"), illegal));
    fields.push(Field("/paymentAmount/value", json!("99999999999999999999999999"), illegal));
    fields
}

fn pay(name: &'static str, body: Vec<u8>, code: &'static str) -> Case {
    Case { name, who: Who::Acquirer, path: PAY, body, code }
}

/// A byte that no UTF-8 holds in the place of a control character.
fn garble(byte: &u8) -> u8 {
    if *byte == 1 { 0xff } else { *byte }
}

fn spoil(good: &Value, place: usize, Field(pointer, value, code): &Field) -> Case {
    let mut body = good.clone();
    body["paymentRequestId"] = json!(format!("wrong-{place}"));
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    body.pointer_mut(parent).expect("a field of the good request")[name] = value.clone();
    pay(pointer, body.to_string().into_bytes(), code)
}

/// A row: what is wrong, who sends it where, and the code that says so.
type Row = (&'static str, Who, &'static str, Value, &'static str);

const INQUIRE: &str = "ams/api/v1/payments/inquiryPayment";
const CANCEL: &str = "ams/api/v1/payments/cancel";
const REFUND: &str = "aps/api/v1/payments/refund";
const INQUIRE_REFUND: &str = "aps/api/v1/payments/inquiryRefund";
const CONSULT: &str = "ams/api/v1/payments/consult";
const GET_CODE: &str = "aps/api/v1/codes/getPaymentCode";
const SCAN: &str = "aps/api/v1/payments/userInitiatedPay";
const CONFIRM: &str = "aps/api/v1/payments/confirm";
const NOTIFY: &str = "aps/api/v1/payments/notifyPayment";
const QUOTE: &str = "aps/api/v1/payments/inquiryForeignExchangeQuote";
const RATES: &str = "aps/api/v1/fx/rates";

/// What can be wrong elsewhere.
pub(super) fn others(codes: &Codes) -> Vec<Case> {
    let case = |(name, who, path, body, code): Row| Case {
        name,
        who,
        path,
        body: body.to_string().into_bytes(),
        code,
    };
    let rows = [out_of_role(codes), about_payments(codes), incomplete(), about_scans(codes)];
    rows.into_iter().flatten().map(case).collect()
}

fn refund(payment: &str, currency: &str, value: &str) -> Value {
    json!({
        "paymentId": payment,
        "refundRequestId": "wrong",
        "refundAmount": { "currency": currency, "value": value },
    })
}

fn offer(price: &str, until: &str) -> Value {
    json!({ "rates": [{ "pair": "CNY/PHP", "price": price, "size": "100", "validUntil": until }] })
}

/// Endpoints of other roles.
fn out_of_role(codes: &Codes) -> Vec<Row> {
    use Who::{Acquirer, Provider, Wallet};
    let (paid, payment) = (codes.paid.as_str(), codes.scanned.0.as_str());
    vec![
        ("a wallet asks for a payment", Wallet, PAY, json!({}), "ACCESS_DENIED"),
        ("an FX provider asks for a payment", Provider, PAY, json!({}), "ACCESS_DENIED"),
        ("a wallet cancels", Wallet, CANCEL, json!({ "paymentId": paid }), "ACCESS_DENIED"),
        ("a wallet refunds", Wallet, REFUND, refund(paid, "CNY", "1"), "ACCESS_DENIED"),
        ("an acquirer asks for codes", Acquirer, GET_CODE, json!({ "customerId": "u" }), "ACCESS_DENIED"),
        ("an acquirer confirms", Acquirer, CONFIRM, json!({ "paymentId": payment }), "ACCESS_DENIED"),
        ("a wallet pushes rates", Wallet, RATES, offer("8.1", "2099-01-01T00:00:00Z"), "ACCESS_DENIED"),
    ]
}

/// Payments and refunds that are not there, not the sender's, or not to be had like this.
fn about_payments(codes: &Codes) -> Vec<Row> {
    use Who::{Acquirer, OtherAcquirer};
    let paid = codes.paid.as_str();
    vec![
        ("nothing is named", Acquirer, INQUIRE, json!({}), "PARAM_ILLEGAL"),
        ("an unknown request", Acquirer, INQUIRE, json!({ "paymentRequestId": "x" }), "ORDER_NOT_EXIST"),
        ("an unknown payment", Acquirer, INQUIRE, json!({ "paymentId": "P1" }), "ORDER_NOT_EXIST"),
        ("another's payment", OtherAcquirer, INQUIRE, json!({ "paymentId": paid }), "ORDER_NOT_EXIST"),
        ("another's cancel", OtherAcquirer, CANCEL, json!({ "paymentId": paid }), "ORDER_NOT_EXIST"),
        ("nothing to cancel", Acquirer, CANCEL, json!({}), "PARAM_ILLEGAL"),
        ("another's refund", OtherAcquirer, REFUND, refund(paid, "CNY", "1"), "ORDER_NOT_EXIST"),
        ("a refund of nothing", Acquirer, REFUND, refund("P1", "CNY", "1"), "ORDER_NOT_EXIST"),
        ("a refund of zero", Acquirer, REFUND, refund(paid, "CNY", "0"), "PARAM_ILLEGAL"),
        ("a negative refund", Acquirer, REFUND, refund(paid, "CNY", "-1"), "PARAM_ILLEGAL"),
        ("a refund in dollars", Acquirer, REFUND, refund(paid, "USD", "1"), "PARAM_ILLEGAL"),
        (
            "an unknown refund",
            Acquirer,
            INQUIRE_REFUND,
            json!({ "refundRequestId": "x" }),
            "REFUND_NOT_EXIST",
        ),
        ("no refund", Acquirer, INQUIRE_REFUND, json!({}), "PARAM_ILLEGAL"),
    ]
}

/// Requests that say too little, or what cannot be.
fn incomplete() -> Vec<Row> {
    use Who::{Acquirer, Provider, Wallet};
    vec![
        ("no user", Wallet, GET_CODE, json!({}), "PARAM_ILLEGAL"),
        ("no codes", Wallet, GET_CODE, json!({ "customerId": "u", "codeQuantity": "0" }), "PARAM_ILLEGAL"),
        (
            "eleven codes",
            Wallet,
            GET_CODE,
            json!({ "customerId": "u", "codeQuantity": "11" }),
            "PARAM_ILLEGAL",
        ),
        ("no rates", Provider, RATES, json!({}), "PARAM_ILLEGAL"),
        ("a price of zero", Provider, RATES, offer("0", "2099-01-01T00:00:00Z"), "PARAM_ILLEGAL"),
        ("a negative price", Provider, RATES, offer("-8", "2099-01-01T00:00:00Z"), "PARAM_ILLEGAL"),
        ("an old offer", Provider, RATES, offer("8.1", "2001-01-01T00:00:00Z"), "PARAM_ILLEGAL"),
        ("nothing to consult", Acquirer, CONSULT, json!({}), "PARAM_ILLEGAL"),
        ("no pair", Wallet, QUOTE, json!({}), "PARAM_ILLEGAL"),
    ]
}

/// Codes that wallets scan, and orders they confirm.
fn about_scans(codes: &Codes) -> Vec<Row> {
    use Who::{OtherWallet, Wallet};
    let (payment, code, paid) = (codes.scanned.0.as_str(), codes.scanned.1.as_str(), codes.paid.as_str());
    let scan = |code: &str| json!({ "codeValue": code, "customerId": "user-1" });
    let wrong_crc = format!("{}0000", &code[..code.len() - 4]);
    vec![
        ("an expired order", Wallet, SCAN, scan(&codes.expired_order), "ORDER_IS_CLOSED"),
        ("a wrong checksum", Wallet, SCAN, scan(&wrong_crc), "INVALID_CODE"),
        ("half a code", Wallet, SCAN, scan(&code[..code.len() / 2]), "INVALID_CODE"),
        ("no code", Wallet, SCAN, scan("hello"), "INVALID_CODE"),
        ("a payer's code", Wallet, SCAN, scan(&codes.used), "INVALID_CODE"),
        ("a foreign link", Wallet, SCAN, scan("https://example.com/pay/1"), "INVALID_CODE"),
        (
            "a foreign merchant",
            Wallet,
            SCAN,
            scan(
                "00020101021126360014br.gov.bcb.pix0114+55619999999995204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63045D2F",
            ),
            "INVALID_CODE",
        ),
        (
            "a guessed token",
            Wallet,
            SCAN,
            scan(&format!("http://127.0.0.1/entry/{payment}.0000000000000001")),
            "INVALID_CODE",
        ),
        ("another's order", OtherWallet, CONFIRM, json!({ "paymentId": payment }), "ORDER_STATUS_INVALID"),
        (
            "an unknown order",
            Wallet,
            CONFIRM,
            json!({ "paymentId": "P000000000000099999" }),
            "ORDER_NOT_EXIST",
        ),
        ("no order", Wallet, CONFIRM, json!({}), "PARAM_ILLEGAL"),
        (
            "a quote of nobody",
            Wallet,
            CONFIRM,
            json!({ "paymentId": payment, "quoteId": format!("{payment}Q99") }),
            "QUOTE_EXPIRED",
        ),
        (
            "another's report",
            OtherWallet,
            NOTIFY,
            json!({ "paymentId": paid, "paymentResult": { "resultStatus": "F", "resultCode": "PROCESS_FAIL" } }),
            "ORDER_NOT_EXIST",
        ),
    ]
}
