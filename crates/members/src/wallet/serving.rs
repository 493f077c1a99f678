//! What a wallet answers when the network asks it: to debit, what became of it, to cancel, to give back.

use hop::{Answer, Received, Service, plain};
use hyper::StatusCode;
use wire::body::cancel::CancelAnswer;
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::wallet::{
    WalletCancelRequest, WalletInquiryAnswer, WalletInquiryRequest, WalletPayAnswer, WalletPayRequest,
    WalletRefundAnswer, WalletRefundRequest,
};
use wire::body::{self, Body};
use wire::signature::Exchange;

use super::books::Debit;
use super::{Mood, SILENCE, Wallet, said};
use crate::asking::ANSWER_WAITS;
use crate::phone;

impl Wallet {
    async fn asked_to_pay(&self, request: WalletPayRequest) -> WalletPayAnswer {
        let customer = request.payment_method.customer_id.as_ref().map_or("", |id| id.as_str());
        let mut mood = self.mood(customer);
        if mood == Mood::Silent {
            self.books().ignored.insert(request.payment_id.to_string());
            tokio::time::sleep(SILENCE).await;
        }
        if mood == Mood::Asks && self.standing(&request.payment_id).is_none() {
            mood = match self.ask_user(&request, customer).await {
                Some(true) => Mood::Pays,
                Some(false) => Mood::Declines(ResultCode::ProcessFail),
                None => return WalletPayAnswer::new(Outcome::of(ResultCode::PaymentInProcess)),
            };
        }
        let merchant = request.order.merchant.as_ref().and_then(|merchant| merchant.merchant_name.as_ref());
        let merchant = merchant.map_or("", |name| name.as_str());
        let (payment_id, minor) = (request.payment_id.as_str(), request.pay_to_amount.value.units());
        let standing = self.books().debit(&Debit { payment_id, customer, merchant, minor }, mood);
        match mood {
            Mood::Late(late) => tokio::time::sleep(late).await,
            Mood::Twice => self.report(&request.payment_id, standing).await,
            _ => {}
        }
        WalletPayAnswer::new(said(standing))
    }

    /// What the user says, if it is said while the network waits.
    async fn ask_user(&self, request: &WalletPayRequest, customer: &str) -> Option<bool> {
        let mut decided = self.books().questions.ask(request, customer);
        self.books().changed();
        let heard = tokio::time::timeout(ANSWER_WAITS, decided.wait_for(Option::is_some)).await;
        if let Some(decision) = heard.ok().and_then(|heard| heard.ok().and_then(|decided| *decided)) {
            return Some(decision);
        }
        let told = self.books().questions.tell_to_wait(&request.payment_id);
        // Decided in the very last moment.
        if told { None } else { *decided.borrow() }
    }

    async fn asked_what_became(&self, request: WalletInquiryRequest) -> WalletInquiryAnswer {
        let ignored = self.books().ignored.contains(request.payment_id.as_str());
        if ignored {
            tokio::time::sleep(SILENCE).await;
        }
        let mut books = self.books();
        let mut answer = WalletInquiryAnswer::new(Outcome::success());
        answer.payment_result = Some(match books.questions.is_open(request.payment_id.as_str()) {
            true => Outcome::of(ResultCode::PaymentInProcess),
            false => said(books.became(request.payment_id.as_str())),
        });
        answer
    }

    fn asked_to_cancel(&self, request: &WalletCancelRequest) -> CancelAnswer {
        let Some(key) = request.payment_id.as_ref().or(request.payment_request_id.as_ref()) else {
            return CancelAnswer::new(Outcome::of(ResultCode::ParamIllegal));
        };
        self.books().cancel(key.as_str());
        CancelAnswer::new(Outcome::success())
    }

    fn asked_to_refund(&self, request: &WalletRefundRequest) -> WalletRefundAnswer {
        let minor = request.refund_from_amount.value.units();
        let (key, payment_id) = (request.refund_request_id.as_str(), request.payment_id.as_str());
        let given = self.books().refund(key, payment_id, minor);
        WalletRefundAnswer::new(given.map_or_else(Outcome::of, |()| Outcome::success()))
    }

    async fn serve_network(&self, received: &Received, exchange: &Exchange) -> Answer {
        let bytes = &received.body;
        let answer = match received.path.as_str() {
            "/v1/payments/pay" => match read::<WalletPayRequest>(bytes) {
                Ok(request) => body::write(&self.asked_to_pay(request).await),
                Err(outcome) => body::write(&WalletPayAnswer::new(outcome)),
            },
            "/v1/payments/inquiryPayment" => match read::<WalletInquiryRequest>(bytes) {
                Ok(request) => body::write(&self.asked_what_became(request).await),
                Err(outcome) => body::write(&WalletInquiryAnswer::new(outcome)),
            },
            "/v1/payments/cancelPayment" => match read::<WalletCancelRequest>(bytes) {
                Ok(request) => body::write(&self.asked_to_cancel(&request)),
                Err(outcome) => body::write(&CancelAnswer::new(outcome)),
            },
            "/v1/payments/refund" => match read::<WalletRefundRequest>(bytes) {
                Ok(request) => body::write(&self.asked_to_refund(&request)),
                Err(outcome) => body::write(&WalletRefundAnswer::new(outcome)),
            },
            _ => return plain(StatusCode::NOT_FOUND, "a wallet has no such path"),
        };
        self.door.answer(exchange, answer)
    }
}

impl Service for Wallet {
    async fn answer(&self, received: Received) -> Answer {
        if let Some(path) = received.path.strip_prefix("/phone/") {
            return phone::answer(self, path, &received).await;
        }
        let network = self.line.network();
        let admitted = self
            .door
            .admit(&received, |client_id, scheme, version| network.key_of(client_id, scheme, version));
        match admitted {
            Ok(verified) => self.serve_network(&received, &verified.exchange).await,
            Err(refused) => plain(StatusCode::UNAUTHORIZED, &refused.refused.to_string()),
        }
    }
}

fn read<T: Body>(bytes: &[u8]) -> Result<T, Outcome> {
    body::parse(bytes).map_err(|malformed| Outcome::from(&malformed))
}
