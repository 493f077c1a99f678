//! A wallet: gets payment codes, debits its users when the network asks, gives money back, and never does either
//! twice. Its users can be in moods that try the network's patience.

mod books;
mod serving;

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use hop::{CallFailed, Door};
use tokio::sync::watch;
use wire::body::amount::CurrencyCode;
use wire::body::code::{IssuedCode, PaymentCodeAnswer, PaymentCodeRequest};
use wire::body::confirm::{ConfirmAnswer, ConfirmRequest};
use wire::body::notify::{NotifyAnswer, NotifyNetworkRequest};
use wire::body::outcome::{Outcome, Verdict};
use wire::body::party::Env;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::{ScanAnswer, ScanRequest};
use wire::signature::Freshness;

use crate::asking::Question;
use crate::line::{Credentials, Line};
use books::{Books, Debit};
pub use books::{Paid, Standing};

const WRITE_MS: u32 = 8_000;
const READ_MS: u32 = 5_000;
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

/// A wallet. The same value asks the network and serves it.
pub struct Wallet {
    line: Line,
    door: Door,
    currency: CurrencyCode,
    books: Mutex<Books>,
}

impl Wallet {
    /// A wallet on this line whose users hold `currency`.
    pub fn new(credentials: &Credentials, line: Line, currency: CurrencyCode) -> Wallet {
        let door = Door::new(credentials.identity(), Freshness::default());
        Wallet { line, door, currency, books: Mutex::new(Books::new(currency)) }
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
        self.books().balance(customer)
    }

    /// A user's payments, oldest first.
    pub fn history(&self, customer: &str) -> Vec<Paid> {
        self.books().history(customer)
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
        self.books().debited()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics while it holds this lock")
    }

    /// Counts whenever a user's phone would show something else.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.books().changes()
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
            let (customer, merchant, minor) = (&question.customer, &question.merchant, question.minor);
            let standing = self.books().debit(&Debit { payment_id, customer, merchant, minor }, mood);
            self.report(payment_id, standing).await;
        }
        self.books().changed();
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
        let (payment_id, minor) = (key.as_str(), amount.value.units());
        let standing = self.books().debit(&Debit { payment_id, customer, merchant, minor }, mood);
        if let Mood::Late(late) = mood {
            tokio::time::sleep(late).await;
        }
        self.report(&key, standing).await;
        if mood == Mood::Twice {
            self.report(&key, standing).await;
        }
        Ok(ConfirmAnswer { result: said(standing), ..answer })
    }
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
