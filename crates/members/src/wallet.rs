//! A wallet: gets payment codes, debits its users when the network asks, gives money back, and never does either
//! twice. Its users can be in moods that try the network's patience.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use hop::{Answer, CallFailed, Door, Received, Service, plain};
use hyper::StatusCode;
use tokio::sync::watch;
use wire::body::amount::CurrencyCode;
use wire::body::cancel::CancelAnswer;
use wire::body::code::{IssuedCode, PaymentCodeAnswer, PaymentCodeRequest};
use wire::body::confirm::{ConfirmAnswer, ConfirmRequest};
use wire::body::notify::{NotifyAnswer, NotifyNetworkRequest};
use wire::body::outcome::{Outcome, Verdict};
use wire::body::party::Env;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::{ScanAnswer, ScanRequest};
use wire::body::wallet::{
    WalletCancelRequest, WalletInquiryAnswer, WalletInquiryRequest, WalletPayAnswer, WalletPayRequest,
    WalletRefundAnswer, WalletRefundRequest,
};
use wire::body::{self, Body};
use wire::signature::{Exchange, Freshness};

use crate::asking::{ANSWER_WAITS, Question, Questions};
use crate::line::{Credentials, Line};
use crate::phone;

const WRITE_MS: u32 = 8_000;
const READ_MS: u32 = 5_000;
/// What every user begins with, in minor units.
const BALANCE_MINOR: i128 = 10_000_000;
/// Longer than anybody waits.
const SILENCE: Duration = Duration::from_secs(120);

/// How a wallet takes requests to debit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mood {
    /// As it should.
    #[default]
    Pays,
    /// Says no, for this reason.
    Declines(ResultCode),
    /// Debits, and answers this much too late.
    Late(Duration),
    /// Neither debits nor answers anything but cancels.
    Silent,
    /// Debits, and tells its result more than once.
    Twice,
    /// Asks the user first; see [`Wallet::question`].
    Asks,
}

/// One payment in a wallet's own books.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The network's number.
    pub payment_id: String,
    /// Who paid.
    pub customer: String,
    /// At which merchant.
    pub merchant: String,
    /// What was debited, in minor units.
    pub minor: u64,
    /// Of this currency.
    pub currency: CurrencyCode,
    /// What was given back since.
    pub refunded_minor: u64,
    /// How it stands with the user.
    pub standing: Standing,
    /// When it was debited, unix milliseconds.
    pub at_ms: u64,
}

/// How a payment stands between a wallet and its user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// The user is debited.
    Debited,
    /// The user never was, and never will be for this payment.
    Declined(ResultCode),
    /// Taken back, or never to be taken.
    Cancelled,
}

#[derive(Default)]
struct Books {
    balances: BTreeMap<String, i128>,
    payments: BTreeMap<String, Paid>,
    refunds: BTreeMap<String, u64>,
    endless: bool,
    /// Payments the network is kept waiting for.
    ignored: BTreeSet<String>,
    moods: BTreeMap<String, Mood>,
    /// Tokens of the phones that users have the wallet on.
    phones: BTreeMap<String, String>,
    questions: Questions,
}

/// A wallet. The same value asks the network and serves it.
pub struct Wallet {
    line: Line,
    door: Door,
    currency: CurrencyCode,
    books: Mutex<Books>,
    changes: watch::Sender<u64>,
}

impl Wallet {
    /// A wallet on this line whose users hold `currency`.
    pub fn new(credentials: &Credentials, line: Line, currency: CurrencyCode) -> Wallet {
        let door = Door::new(credentials.identity(), Freshness::default());
        Wallet { line, door, currency, books: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// The wallet's signed line to the network.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The same wallet, whose users never run out: for loads.
    #[must_use]
    pub fn with_endless_money(self) -> Wallet {
        self.books().endless = true;
        self
    }

    /// From now on, requests to debit this user are taken like this.
    pub fn set_mood(&self, customer: &str, mood: Mood) {
        self.books().moods.insert(customer.to_owned(), mood);
    }

    /// From now on, this user has the wallet on the phone of this token, and the network is told so.
    pub fn set_phone(&self, customer: &str, token: &str) {
        self.books().phones.insert(customer.to_owned(), token.to_owned());
    }

    /// What a user's wallet runs on, as the network is told; nothing for a phone nobody has named.
    fn env(&self, customer: &str) -> Option<Env> {
        let token = self.books().phones.get(customer).and_then(|token| Text::try_new(token.as_str()).ok())?;
        Some(Env { terminal_type: Some(Text::cut("APP")), device_token_id: Some(token), ..Env::new() })
    }

    fn mood(&self, customer: &str) -> Mood {
        self.books().moods.get(customer).copied().unwrap_or_default()
    }

    /// The currency its users hold.
    pub fn currency(&self) -> CurrencyCode {
        self.currency
    }

    /// What a user has, in minor units.
    pub fn balance(&self, customer: &str) -> i128 {
        self.books().balances.get(customer).copied().unwrap_or(BALANCE_MINOR)
    }

    /// A user's payments, oldest first.
    pub fn history(&self, customer: &str) -> Vec<Paid> {
        let mut own: Vec<Paid> =
            self.books().payments.values().filter(|paid| paid.customer == customer).cloned().collect();
        own.sort_by_key(|paid| paid.at_ms);
        own
    }

    /// How a payment stands with its user, if the wallet knows it.
    pub fn standing(&self, payment_id: &str) -> Option<Standing> {
        self.books().payments.get(payment_id).map(|paid| paid.standing)
    }

    /// What a payment debited its user and what was given back since, in minor units.
    pub fn amounts(&self, payment_id: &str) -> Option<(u64, u64)> {
        self.books().payments.get(payment_id).map(|paid| (paid.minor, paid.refunded_minor))
    }

    /// Everything debited and not given back, in minor units, over all users.
    pub fn debited(&self) -> u64 {
        let books = self.books();
        let debited = books.payments.values().filter(|paid| paid.standing == Standing::Debited);
        debited.map(|paid| paid.minor - paid.refunded_minor).sum()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics while it holds this lock")
    }

    /// Counts whenever a user's phone would show something else.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// What a user is being asked.
    pub fn question(&self, customer: &str) -> Option<Question> {
        self.books().questions.of(customer)
    }

    /// A user answers. Nothing happens if nothing is asked any more.
    pub async fn decide(&self, payment_id: &str, agreed: bool) {
        let Some((question, told_to_wait)) = self.books().questions.close(payment_id, agreed) else { return };
        if told_to_wait {
            let mood = if agreed { Mood::Pays } else { Mood::Declines(ResultCode::ProcessFail) };
            let standing =
                self.debit(payment_id, &question.customer, &question.merchant, question.minor, mood);
            self.report(payment_id, standing).await;
        }
        self.changed();
    }

    /// Tells the network how a debit ended. A notice that is lost is made up by the network's inquiry.
    async fn report(&self, payment_id: &str, standing: Standing) {
        let Ok(id) = id(payment_id) else { return };
        let notice = NotifyNetworkRequest::new(id, said(standing));
        let told =
            self.line.ask::<NotifyAnswer>("payments/notifyPayment", Some(payment_id), READ_MS, &notice).await;
        if let Err(failed) = told {
            tracing::debug!(%failed, payment = payment_id, "the network did not take a notice");
        }
    }

    /// Gets codes that a user can show.
    pub async fn codes(&self, customer: &str, count: u8) -> Result<Vec<IssuedCode>, CallFailed> {
        let mut request = PaymentCodeRequest::new(id(customer)?);
        request.code_quantity = wire::body::amount::Count::try_new(u64::from(count));
        request.env = self.env(customer);
        let answer: PaymentCodeAnswer =
            self.line.ask("codes/getPaymentCode", None, READ_MS, &request).await?;
        match (answer.result.verdict(), answer.payment_codes) {
            (Verdict::Done, Some(codes)) => Ok(codes.into_vec()),
            _ => Err(CallFailed::Unreadable(format!("no codes: {}", answer.result.code))),
        }
    }

    /// Sends what a user scanned.
    pub async fn scan(&self, request: &ScanRequest) -> Result<ScanAnswer, CallFailed> {
        let env = request.env.clone().or_else(|| self.env(&request.customer_id));
        let request = ScanRequest { env, ..request.clone() };
        self.line.ask("payments/userInitiatedPay", None, WRITE_MS, &request).await
    }

    /// A user agreed: asks the network to reserve, debits when it says so, and reports.
    pub async fn confirm(
        &self,
        customer: &str,
        merchant: &str,
        request: &ConfirmRequest,
    ) -> Result<ConfirmAnswer, CallFailed> {
        let key = request.payment_id.to_string();
        let answer: ConfirmAnswer = self.line.ask("payments/confirm", Some(&key), WRITE_MS, request).await?;
        let (Verdict::Done, Some(amount)) = (answer.result.verdict(), &answer.pay_to_amount) else {
            return Ok(answer);
        };
        let mood = self.mood(customer);
        if mood == Mood::Silent {
            return Ok(answer);
        }
        let standing = self.debit(&key, customer, merchant, amount.value.units(), mood);
        if let Mood::Late(late) = mood {
            tokio::time::sleep(late).await;
        }
        self.report(&key, standing).await;
        if mood == Mood::Twice {
            self.report(&key, standing).await;
        }
        Ok(ConfirmAnswer { result: said(standing), ..answer })
    }

    /// Debits a user once; a repeat finds what was decided the first time.
    fn debit(&self, payment_id: &str, customer: &str, merchant: &str, minor: u64, mood: Mood) -> Standing {
        let mut books = self.books();
        if let Some(known) = books.payments.get(payment_id) {
            return known.standing;
        }
        let endless = books.endless;
        let balance = books.balances.entry(customer.to_owned()).or_insert(BALANCE_MINOR);
        let standing = match mood {
            Mood::Declines(code) => Standing::Declined(code),
            _ if *balance < i128::from(minor) && !endless => {
                Standing::Declined(ResultCode::UserBalanceNotEnough)
            }
            _ => {
                *balance -= i128::from(minor);
                Standing::Debited
            }
        };
        self.write_down(&mut books, payment_id, customer, merchant, minor, standing);
        standing
    }

    fn write_down(
        &self,
        books: &mut Books,
        payment_id: &str,
        customer: &str,
        merchant: &str,
        minor: u64,
        standing: Standing,
    ) {
        let paid = Paid {
            payment_id: payment_id.to_owned(),
            customer: customer.to_owned(),
            merchant: merchant.to_owned(),
            minor,
            currency: self.currency,
            refunded_minor: 0,
            standing,
            at_ms: hop::now_ms(),
        };
        books.payments.insert(payment_id.to_owned(), paid);
        self.changed();
    }

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
        let standing =
            self.debit(&request.payment_id, customer, merchant, request.pay_to_amount.value.units(), mood);
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
        self.changed();
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
        if books.questions.is_open(request.payment_id.as_str()) {
            let mut answer = WalletInquiryAnswer::new(Outcome::success());
            answer.payment_result = Some(Outcome::of(ResultCode::PaymentInProcess));
            return answer;
        }
        let standing = match books.payments.get(request.payment_id.as_str()) {
            Some(paid) => paid.standing,
            None => {
                // Said once, it must stay true: should the request to debit still come, it is declined.
                let standing = Standing::Declined(ResultCode::OrderNotExist);
                self.write_down(&mut books, &request.payment_id, "", "", 0, standing);
                standing
            }
        };
        let mut answer = WalletInquiryAnswer::new(Outcome::success());
        answer.payment_result = Some(said(standing));
        answer
    }

    /// A cancel is taken whatever happened before, also when nothing did: then nothing ever will.
    fn asked_to_cancel(&self, request: &WalletCancelRequest) -> CancelAnswer {
        let Some(key) = request.payment_id.as_ref().or(request.payment_request_id.as_ref()) else {
            return CancelAnswer::new(Outcome::of(ResultCode::ParamIllegal));
        };
        let mut books = self.books();
        let asked = books.questions.close(key.as_str(), false).map(|(question, _)| question);
        match books.payments.get(key.as_str()).map(|paid| (paid.standing, paid.customer.clone(), paid.minor))
        {
            None => {
                let (customer, merchant) =
                    asked.as_ref().map_or(("", ""), |asked| (&asked.customer, &asked.merchant));
                let minor = asked.as_ref().map_or(0, |asked| asked.minor);
                self.write_down(&mut books, key, customer, merchant, minor, Standing::Cancelled);
            }
            Some((standing, customer, minor)) => {
                if standing == Standing::Debited {
                    *books.balances.entry(customer).or_insert(BALANCE_MINOR) += i128::from(minor);
                }
                if let Some(paid) = books.payments.get_mut(key.as_str()) {
                    paid.standing = Standing::Cancelled;
                }
                self.changed();
            }
        }
        CancelAnswer::new(Outcome::success())
    }

    fn asked_to_refund(&self, request: &WalletRefundRequest) -> WalletRefundAnswer {
        let mut books = self.books();
        let minor = request.refund_from_amount.value.units();
        let key = request.refund_request_id.to_string();
        if books.refunds.contains_key(&key) {
            return WalletRefundAnswer::new(Outcome::success());
        }
        let Some(paid) = books.payments.get_mut(request.payment_id.as_str()) else {
            return WalletRefundAnswer::new(Outcome::of(ResultCode::OrderNotExist));
        };
        if paid.standing != Standing::Debited || paid.refunded_minor + minor > paid.minor {
            return WalletRefundAnswer::new(Outcome::of(ResultCode::ProcessFail));
        }
        paid.refunded_minor += minor;
        let customer = paid.customer.clone();
        *books.balances.entry(customer).or_insert(BALANCE_MINOR) += i128::from(minor);
        books.refunds.insert(key, minor);
        self.changed();
        WalletRefundAnswer::new(Outcome::success())
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

fn said(standing: Standing) -> Outcome {
    match standing {
        Standing::Debited => Outcome::success(),
        Standing::Declined(code) => Outcome::of(code),
        Standing::Cancelled => Outcome::of(ResultCode::OrderIsClosed),
    }
}

fn id(text: &str) -> Result<Id<64>, CallFailed> {
    Id::try_new(text).map_err(|why| CallFailed::NotSent(format!("the id {why}")))
}
