//! Answers as the clients of both families read them: exact JSON, absent where there is nothing to say.

use crate::body::amount::{Amount, AmountOrZero, CurrencyCode, CurrencyPair, MinorOrZero, Price};
use crate::body::consult::{ConsultAnswer, DisableReason, PaymentMethodCategory, PaymentOption};
use crate::body::inquire::{InquiryAnswer, InquiryRefundAnswer, TransactionStatus};
use crate::body::outcome::Outcome;
use crate::body::pay::{CodeDetail, CodeValueType, DisplayType, OrderCodeForm, PayAnswer};
use crate::body::quote::Quote;
use crate::body::result_code::ResultCode;
use crate::body::scalar::{Id, Instant, List, Text, Truth, Url};
use crate::body::write;

fn json(body: &impl serde::Serialize) -> String {
    String::from_utf8(write(body)).unwrap()
}

fn cny(minor: u64) -> Amount {
    Amount::try_of(CurrencyCode::parse("CNY").unwrap(), minor).unwrap()
}

#[test]
fn a_payment_that_waits_for_its_payer() {
    let details = vec![CodeDetail::new(
        CodeValueType::Qrcode,
        Text::try_new("https://q.example/1").unwrap(),
        DisplayType::Text,
    )];
    let form = OrderCodeForm::new(Instant(1_795_342_200_000), List::try_new(details).unwrap());
    let answer = PayAnswer {
        payment_id: Some(Id::try_new("20261122000001").unwrap()),
        payment_amount: Some(cny(10_000)),
        order_code_form: Some(form),
        normal_url: Some(Url::try_new("https://network.example/p/1").unwrap()),
        ..PayAnswer::new(Outcome::of(ResultCode::PaymentInProcess))
    };
    assert_eq!(
        json(&answer),
        concat!(
            r#"{"result":{"resultStatus":"U","resultCode":"PAYMENT_IN_PROCESS","resultMessage":"The payment is in process: ask again."},"#,
            r#""paymentId":"20261122000001","paymentAmount":{"currency":"CNY","value":"10000"},"#,
            r#""orderCodeForm":{"expireTime":"2026-11-22T10:10:00+00:00","codeDetails":[{"codeValueType":"QRCODE","codeValue":"https://q.example/1","displayType":"TEXT"}]},"#,
            r#""normalUrl":"https://network.example/p/1"}"#,
        )
    );
}

#[test]
fn an_answered_question_has_two_results() {
    let quote = Quote {
        guaranteed: Some(Truth(true)),
        ..Quote::new(
            Id::try_new("q-1").unwrap(),
            CurrencyPair::parse("CNY/PHP").unwrap(),
            Price::try_new("8.1250").unwrap(),
        )
    };
    let gross = AmountOrZero::new(CurrencyCode::parse("CNY").unwrap(), MinorOrZero::try_new(10_000).unwrap());
    let answer = InquiryAnswer {
        payment_quote: Some(quote),
        gross_settlement_amount: Some(gross),
        ..InquiryAnswer::answered(Outcome::success())
    };
    assert_eq!(
        json(&answer),
        concat!(
            r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success."},"#,
            r#""paymentResult":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success."},"#,
            r#""paymentStatus":"SUCCESS","paymentResultCode":"SUCCESS","paymentResultMessage":"Success.","#,
            r#""paymentQuote":{"quoteId":"q-1","quoteCurrencyPair":"CNY/PHP","quotePrice":"8.1250","guaranteed":true},"#,
            r#""grossSettlementAmount":{"currency":"CNY","value":"10000"}}"#,
        )
    );
    let statuses = [
        (ResultCode::Success, TransactionStatus::Success),
        (ResultCode::PaymentInProcess, TransactionStatus::Processing),
        (ResultCode::OrderIsClosed, TransactionStatus::Cancelled),
        (ResultCode::UserBalanceNotEnough, TransactionStatus::Fail),
    ];
    for (code, status) in statuses {
        assert_eq!(InquiryAnswer::answered(Outcome::of(code)).payment_status, Some(status));
        assert_eq!(InquiryRefundAnswer::answered(Outcome::of(code)).refund_status, Some(status));
    }
}

#[test]
fn wallets_that_could_pay() {
    let option = PaymentOption {
        payment_method_category: Some(PaymentMethodCategory::Wallet),
        disable_reason: Some(DisableReason::ExceedLimit),
        ..PaymentOption::new(Text::try_new("wallet-ph").unwrap(), Truth(false))
    };
    let answer = ConsultAnswer {
        payment_options: List::try_new(vec![option]),
        ..ConsultAnswer::new(Outcome::success())
    };
    assert_eq!(
        json(&answer),
        concat!(
            r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success."},"#,
            r#""paymentOptions":[{"paymentMethodType":"wallet-ph","enabled":false,"paymentMethodCategory":"WALLET","disableReason":"EXCEED_CHANNEL_LIMIT_RULE"}]}"#,
        )
    );
}
