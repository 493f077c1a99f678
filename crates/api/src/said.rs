//! What is said about a payment to acquirers: the same facts for `pay` and `inquiryPayment`, under the names of both
//! path families.

use directory::Directory;
use runtime::{number, wording};
use switch::{Kind, Payment, Refund, Stage};
use wire::body::inquire::{
    InquiryAnswer, InquiryRefundAnswer, Transaction, TransactionStatus, TransactionType,
};
use wire::body::pay::{
    CodeDetail, CodeValueType, DisplayType, OrderCodeForm, PayAnswer, PspCustomerInfo, RedirectActionForm,
};
use wire::body::refund::RefundAnswer;
use wire::body::scalar::{List, Text, Url};

use crate::code;

/// The facts that both answers tell, under the same names in two bodies of the contract.
macro_rules! tell {
    ($answer:ident, $payment:ident, $directory:ident) => {
        let opened = &$payment.opened;
        $answer.payment_request_id = opened.request_id.as_deref().map(wording::id);
        $answer.payment_id = Some(wording::id(&number::payment(opened.payment)));
        $answer.payment_amount = wording::amount(opened.amount);
        $answer.payment_create_time = Some(wording::instant($payment.opened_at));
        $answer.payment_time = $payment.succeeded_at.map(wording::instant);
        $answer.acquirer_id =
            $directory.member(opened.acquirer).and_then(|member| wording::client_id(&member.client_id));
        if let Some(terms) = &$payment.terms {
            $answer.actual_payment_amount = wording::amount(terms.payer_amount);
            $answer.customer_id = Some(wording::id(&terms.customer));
            $answer.psp_customer_info = Some(customer_info($payment, $directory));
            if let Some(wallet) = $directory.member(terms.wallet) {
                $answer.psp_id = wording::client_id(&wallet.client_id);
                $answer.wallet_brand_name = Some(Text::cut(&wallet.name));
            }
        }
        $answer.payment_quote = wording::quote($payment);
        $answer.settlement_amount = wording::amount_or_zero(opened.amount);
        $answer.gross_settlement_amount = wording::amount_or_zero(opened.amount);
    };
}

/// The answer to `pay`.
pub(crate) fn pay_answer(payment: &Payment, directory: &Directory, public_url: &str) -> PayAnswer {
    let mut answer = PayAnswer::new(wording::outcome(payment));
    tell!(answer, payment, directory);
    if matches!(payment.stage, Stage::CodeIssued | Stage::Quoted) {
        show_code(payment, directory, public_url, &mut answer);
    }
    answer
}

/// What the merchant shows, or where the payer goes on.
fn show_code(payment: &Payment, directory: &Directory, public_url: &str, answer: &mut PayAnswer) {
    let opened = &payment.opened;
    match opened.kind {
        Kind::ConsumerPresented => {}
        Kind::OrderCode => {
            let merchant = directory.merchant(opened.merchant);
            // A name or town that the standard's letters cannot write still leaves a code: see `code::clipped`.
            let code = merchant.and_then(|merchant| code::order_code(opened, merchant).ok());
            answer.order_code_form = code.map(|code| {
                let drawn = CodeDetail::new(CodeValueType::Qrcode, Text::cut(&code), DisplayType::Text);
                let mut form = OrderCodeForm::new(wording::instant(opened.expires), List::cut([drawn]));
                form.payment_method_type = Some(Text::cut("CONNECT_WALLET"));
                form
            });
        }
        Kind::EntryCode => {
            if let Ok(url) = Url::try_new(code::order_link(public_url, opened)) {
                let (method, form) = (Text::cut("GET"), Text::cut("RedirectActionForm"));
                answer.redirect_action_form = Some(RedirectActionForm::new(method, url.clone(), form));
                answer.normal_url = Some(url.clone());
                answer.payment_url = Some(url);
            }
        }
    }
}

fn customer_info(payment: &Payment, directory: &Directory) -> PspCustomerInfo {
    let terms = payment.terms.as_ref();
    let wallet = terms.and_then(|terms| directory.member(terms.wallet));
    PspCustomerInfo {
        psp_name: wallet.map(|wallet| Text::cut(&wallet.name)),
        psp_customer_id: terms.map(|terms| Text::cut(&terms.customer)),
        ..PspCustomerInfo::new()
    }
}

/// The answer to `inquiryPayment`.
pub(crate) fn inquiry_answer(payment: &Payment, directory: &Directory) -> InquiryAnswer {
    let mut answer = InquiryAnswer::answered(wording::outcome(payment));
    tell!(answer, payment, directory);
    answer.transactions = transactions(payment);
    answer
}

/// What happened after the payment: refunds, oldest first, and the cancel of a success.
fn transactions(payment: &Payment) -> Option<List<Transaction, 200>> {
    let mut all: Vec<Transaction> = Vec::new();
    for (place, refund) in payment.refunds.iter().enumerate() {
        let outcome = wording::refund_outcome(refund);
        let status = TransactionStatus::of(&outcome);
        let number = number::refund(payment.id(), u16::try_from(place).unwrap_or(u16::MAX));
        let Some(amount) = wording::amount(refund.amount) else { continue };
        let mut transaction =
            Transaction::new(outcome, wording::id(&number), TransactionType::Refund, status, amount);
        transaction.transaction_request_id = Some(wording::id(&refund.request_id));
        transaction.transaction_time = Some(wording::instant(refund.since));
        all.push(transaction);
    }
    if let (Stage::Cancelled, Some(_), Some(amount)) =
        (payment.stage, payment.succeeded_at, wording::amount(payment.opened.amount))
    {
        let number = wording::id(&number::payment(payment.id()));
        let done = wire::body::outcome::Outcome::success();
        let status = TransactionStatus::Success;
        all.push(Transaction::new(done, number, TransactionType::Cancel, status, amount));
    }
    (!all.is_empty()).then(|| List::cut(all))
}

/// The answer to `refund`.
pub(crate) fn refund_answer(payment: &Payment, place: u16, refund: &Refund) -> RefundAnswer {
    let mut answer = RefundAnswer::new(wording::refund_outcome(refund));
    answer.refund_request_id = Some(wording::id(&refund.request_id));
    answer.refund_id = Some(wording::id(&number::refund(payment.id(), place)));
    answer.payment_id = Some(wording::id(&number::payment(payment.id())));
    answer.refund_amount = wording::amount(refund.amount);
    answer.refund_time = Some(wording::instant(refund.since));
    answer.settlement_amount = wording::amount_or_zero(refund.amount);
    answer.gross_settlement_amount = wording::amount_or_zero(refund.amount);
    answer
}

/// The answer to `inquiryRefund`.
pub(crate) fn inquiry_refund_answer(payment: &Payment, place: u16, refund: &Refund) -> InquiryRefundAnswer {
    let mut answer = InquiryRefundAnswer::answered(wording::refund_outcome(refund));
    answer.refund_request_id = Some(wording::id(&refund.request_id));
    answer.refund_id = Some(wording::id(&number::refund(payment.id(), place)));
    answer.payment_id = Some(wording::id(&number::payment(payment.id())));
    answer.refund_amount = wording::amount(refund.amount);
    answer.refund_time = Some(wording::instant(refund.since));
    answer.settlement_amount = wording::amount_or_zero(refund.amount);
    answer.gross_settlement_amount = wording::amount_or_zero(refund.amount);
    answer
}
