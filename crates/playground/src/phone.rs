//! The phones of the page: what each shows, and what happens when its holder touches it. Everything goes over the
//! wallet's real signed line to the network.

use std::sync::Arc;
use std::time::Duration;

use console::play::{Mood, TroubleKind};
use hop::CallFailed;
use members::cast::WalletPart;
use members::{Question, Standing, Wallet};
use money::{Amount, Currency};
use wire::body::code::IssuedCode;
use wire::body::confirm::ConfirmRequest;
use wire::body::outcome::{Outcome, Verdict};
use wire::body::pay::CodeValueType;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::{ScanAnswer, ScanRequest};

use crate::life::VISITOR;
use crate::{Change, NotDone, Playground, Trouble};

/// A confirm that gets no answer is repeated so often: the network is back by then, or the payment cancelled.
const CONFIRM_TRIES: u32 = 120;
const CONFIRM_EVERY: Duration = Duration::from_millis(500);
/// Longer than the network waits for a wallet.
const LATE: Duration = Duration::from_millis(6_500);

/// A phone.
pub(crate) struct Phone {
    pub(crate) wallet: Arc<Wallet>,
    pub(crate) part: &'static WalletPart,
    pub(crate) mood: Mood,
    pub(crate) screen: Screen,
    pub(crate) trouble: Option<Trouble>,
}

/// What it shows.
#[derive(Clone)]
pub(crate) enum Screen {
    Home,
    Code { text: String, digits: String, svg: String, until_ms: u64 },
    Scan,
    Amount { code: String, merchant: String, currency: Currency },
    Review { payment: String, quote: Option<Id<64>>, merchant: String },
    Asked(Question),
    Paying { payment: String },
    Done { payment: String },
}

impl Phone {
    pub(crate) fn new(wallet: Arc<Wallet>, part: &'static WalletPart) -> Phone {
        wallet.set_mood(VISITOR, members::Mood::Asks);
        wallet.set_phone(VISITOR, &format!("playground-{}", part.client_id));
        Phone { wallet, part, mood: Mood::Sound, screen: Screen::Home, trouble: None }
    }

    fn show(&mut self, screen: Screen) {
        self.screen = screen;
        self.trouble = None;
    }

    fn fail(&mut self, screen: Screen, trouble: Trouble) {
        self.screen = screen;
        self.trouble = Some(trouble);
    }

    /// Looks at what the wallet is doing with this phone's holder. Says whether the phone shows something else now.
    pub(crate) fn refresh(&mut self, now_ms: u64) -> bool {
        if let Some(question) = self.wallet.question(VISITOR) {
            let shown =
                matches!(&self.screen, Screen::Asked(shown) if shown.payment_id == question.payment_id);
            if !shown {
                self.show(Screen::Asked(question));
            }
            return !shown;
        }
        let payment = match &self.screen {
            Screen::Paying { payment } | Screen::Review { payment, .. } => Some(payment.clone()),
            Screen::Asked(question) => Some(question.payment_id.clone()),
            Screen::Code { until_ms, .. } => {
                // A code that a till has scanned leads to a payment; one that nobody has ends with its minute.
                let paid = self.wallet.history(VISITOR).pop().filter(|paid| paid.at_ms + 60_000 > *until_ms);
                if paid.is_none() && *until_ms <= now_ms {
                    self.show(Screen::Home);
                    return true;
                }
                paid.map(|paid| paid.payment_id)
            }
            Screen::Home | Screen::Scan | Screen::Amount { .. } | Screen::Done { .. } => None,
        };
        let ended = payment.filter(|payment| self.wallet.standing(payment).is_some());
        match ended {
            Some(payment) => {
                self.show(Screen::Done { payment });
                true
            }
            None => false,
        }
    }
}

/// What the wallet does with requests in each mood.
pub(crate) fn wallet_mood(mood: Mood) -> members::Mood {
    match mood {
        Mood::Sound => members::Mood::Asks,
        Mood::Declines => members::Mood::Declines(ResultCode::UserBalanceNotEnough),
        Mood::Late => members::Mood::Late(LATE),
        Mood::Silent => members::Mood::Silent,
        Mood::Twice => members::Mood::Twice,
    }
}

impl Playground {
    /// Gets a code from the network and shows it.
    pub(crate) async fn show_code(&self, phone: usize) -> Result<(), NotDone> {
        let wallet = self.state().phones[phone].wallet.clone();
        let issued = wallet.codes(VISITOR, 1).await;
        let screen = match issued.map(|mut codes| codes.pop()) {
            Ok(Some(code)) => self.code_screen(&code),
            Ok(None) => Err(Trouble { kind: TroubleKind::Refused, detail: String::new() }),
            Err(failed) => Err(no_answer(&failed)),
        };
        self.turn(phone, |phone| match screen {
            Ok(screen) => phone.show(screen),
            Err(trouble) => phone.fail(Screen::Home, trouble),
        });
        Ok(())
    }

    fn code_screen(&self, code: &IssuedCode) -> Result<Screen, Trouble> {
        let details = code.code_details.as_ref().map(|details| details.iter()).into_iter().flatten();
        let square = details.filter(|detail| detail.code_value_type == CodeValueType::Qrcode);
        let text = square.map(|detail| detail.code_value.to_string()).next();
        let text = text.unwrap_or_else(|| code.payment_code.to_string());
        let svg =
            (self.optics.draw)(&text).map_err(|detail| Trouble { kind: TroubleKind::Refused, detail })?;
        Ok(Screen::Code { text, digits: code.payment_code.to_string(), svg, until_ms: code.expiry_time.0 })
    }

    /// Opens the camera.
    pub(crate) fn open_camera(&self, phone: usize) {
        self.turn(phone, |phone| phone.show(Screen::Scan));
    }

    /// Goes back to the start. A question that is open stays open: the wallet goes on asking.
    pub(crate) fn go_home(&self, phone: usize) {
        self.turn(phone, |phone| phone.show(Screen::Home));
    }

    /// Reads a code: from text, from a picture, or from a till's screen.
    pub(crate) async fn read_code(&self, phone: usize, code: Result<String, Trouble>) {
        match code {
            Ok(code) => self.scan(phone, &code, None).await,
            Err(trouble) => self.turn(phone, |phone| phone.fail(Screen::Scan, trouble)),
        }
    }

    /// The payer of a standing code says how much.
    pub(crate) async fn give_amount(&self, phone: usize, amount: &str) -> Result<(), NotDone> {
        let Screen::Amount { code, currency, .. } = self.state().phones[phone].screen.clone() else {
            return Err(NotDone::Outdated);
        };
        match crate::amount(amount, currency) {
            Some(amount) => self.scan(phone, &code, Some(amount)).await,
            None => self.turn(phone, |phone| {
                phone.trouble = Some(Trouble { kind: TroubleKind::BadAmount, detail: String::new() });
            }),
        }
        Ok(())
    }

    async fn scan(&self, phone: usize, code: &str, amount: Option<Amount>) {
        let wallet = self.state().phones[phone].wallet.clone();
        let asked = scan_request(code, amount);
        let screen = match asked {
            Ok(request) => match wallet.scan(&request).await {
                Ok(answer) => after_scan(code, &answer),
                Err(failed) => Err(no_answer(&failed)),
            },
            Err(trouble) => Err(trouble),
        };
        self.turn(phone, |phone| match screen {
            Ok(screen) => phone.show(screen),
            Err(trouble) => phone.fail(Screen::Scan, trouble),
        });
    }

    /// The holder agrees to what is on the screen.
    pub(crate) async fn pay(self: &Arc<Self>, phone: usize) -> Result<(), NotDone> {
        let screen = self.state().phones[phone].screen.clone();
        let wallet = self.state().phones[phone].wallet.clone();
        match screen {
            Screen::Asked(question) => {
                let payment = question.payment_id.clone();
                self.turn(phone, |phone| phone.show(Screen::Paying { payment }));
                wallet.decide(&question.payment_id, true).await;
                Ok(())
            }
            Screen::Review { payment, quote, merchant } => {
                self.turn(phone, |phone| phone.show(Screen::Paying { payment: payment.clone() }));
                let playground = self.clone();
                tokio::spawn(async move { playground.confirm(phone, &payment, quote, &merchant).await });
                Ok(())
            }
            _ => Err(NotDone::Outdated),
        }
    }

    /// The holder does not agree. The network is told only where it asked.
    pub(crate) async fn refuse(&self, phone: usize) -> Result<(), NotDone> {
        let (screen, wallet) = {
            let state = self.state();
            (state.phones[phone].screen.clone(), state.phones[phone].wallet.clone())
        };
        match screen {
            Screen::Asked(question) => wallet.decide(&question.payment_id, false).await,
            Screen::Review { .. } => self.go_home(phone),
            _ => return Err(NotDone::Outdated),
        }
        Ok(())
    }

    /// Confirms until there is an answer: the network may be gone for a moment.
    async fn confirm(&self, phone: usize, payment: &str, quote: Option<Id<64>>, merchant: &str) {
        let wallet = self.state().phones[phone].wallet.clone();
        let Ok(id) = Id::try_new(payment) else { return };
        let mut request = ConfirmRequest::new(id);
        request.quote_id = quote;
        for _ in 0..CONFIRM_TRIES {
            let answered = wallet.confirm(VISITOR, merchant, &request).await;
            let standing = wallet.standing(payment);
            match (answered, standing) {
                (_, Some(_)) => break,
                (Ok(answer), None) if answer.result.verdict() != Verdict::Done => {
                    let trouble = refused(&answer.result);
                    self.turn(phone, |phone| phone.fail(Screen::Home, trouble));
                    return;
                }
                // Reserved, and the wallet is silent: the network will cancel.
                (Ok(_), None) => return,
                (Err(_), None) => tokio::time::sleep(CONFIRM_EVERY).await,
            }
        }
        self.refresh_phone(phone);
    }

    /// Changes a phone, and says so.
    pub(crate) fn turn(&self, phone: usize, change: impl FnOnce(&mut Phone)) {
        change(&mut self.state().phones[phone]);
        self.tell(Change::Phone(phone));
        // Tills see which phones show a code.
        self.tell_tills();
    }
}

fn scan_request(code: &str, amount: Option<Amount>) -> Result<ScanRequest, Trouble> {
    let none = |_| Trouble { kind: TroubleKind::NoCode, detail: String::new() };
    let mut request =
        ScanRequest::new(Text::try_new(code).map_err(none)?, Id::try_new(VISITOR).map_err(none)?);
    request.payment_amount = match amount {
        Some(amount) => Some(
            runtime::wording::amount(amount)
                .ok_or(Trouble { kind: TroubleKind::BadAmount, detail: String::new() })?,
        ),
        None => None,
    };
    Ok(request)
}

fn after_scan(code: &str, answer: &ScanAnswer) -> Result<Screen, Trouble> {
    let merchant = answer.order.as_ref().and_then(|order| order.merchant.as_ref());
    let merchant = merchant.and_then(|merchant| merchant.merchant_name.as_ref());
    let merchant = merchant.map(ToString::to_string).unwrap_or_default();
    if let (Some(_), Some(currency)) = (&answer.need_amount, answer.amount_currency)
        && let Ok(currency) = Currency::parse(currency.as_str())
    {
        return Ok(Screen::Amount { code: code.to_owned(), merchant, currency });
    }
    match &answer.payment_id {
        Some(payment) if answer.pay_to_amount.is_some() => Ok(Screen::Review {
            payment: payment.to_string(),
            quote: answer.payment_quote.as_ref().map(|quote| quote.quote_id.clone()),
            merchant,
        }),
        _ => Err(refused(&answer.result)),
    }
}

fn refused(result: &Outcome) -> Trouble {
    let foreign = matches!(
        result.known_code(),
        Some(
            ResultCode::InvalidCode
                | ResultCode::ExpiredCode
                | ResultCode::ParamIllegal
                | ResultCode::OrderNotExist
        )
    );
    Trouble {
        kind: if foreign { TroubleKind::ForeignCode } else { TroubleKind::Refused },
        detail: result.code.to_string(),
    }
}

pub(crate) fn no_answer(failed: &CallFailed) -> Trouble {
    Trouble { kind: TroubleKind::NoAnswer, detail: failed.to_string() }
}

/// The contract's word for how a debit stands, as the wallet reported it.
pub(crate) fn result_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Debited => ResultCode::Success.as_str(),
        Standing::Declined(code) => code.as_str(),
        Standing::Cancelled => ResultCode::OrderIsClosed.as_str(),
    }
}
