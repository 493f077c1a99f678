//! The tills of the page: what each shows and sells. Everything goes over the acquirer's real signed line to the
//! network, and a till that gets no answer asks until it has one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use console::play::{Ending, TroubleKind};
use hop::{CallFailed, now_ms};
use members::cast::AcquirerPart;
use members::{Acquirer, Order};
use money::{Amount, Currency};
use runtime::wording;
use wire::body::amount::CurrencyCode;
use wire::body::outcome::{Outcome, Verdict};
use wire::body::pay::PayAnswer;
use wire::body::result_code::ResultCode;

use crate::life::OUR_PREFIX;
use crate::phone::no_answer;
use crate::{Change, NotDone, Playground, Trouble};

/// Between two tries to reach the network.
const ASK_EVERY: Duration = Duration::from_millis(700);
/// Before a till asks what became of a payment: a notice is faster, unless it was lost. Doubles until the longest.
const INQUIRE_AFTER: Duration = Duration::from_secs(2);
const INQUIRE_AFTER_MAX: Duration = Duration::from_secs(8);
/// Every payment has ended by then, also when the network was gone for a while.
const ENDED_WITHIN: Duration = Duration::from_secs(150);
/// An order code lives so long.
const CODE_LIVES_MS: u64 = 120_000;
/// Sales a till remembers.
const SALES_MAX: usize = 40;

/// A till.
pub(crate) struct Till {
    pub(crate) acquirer: Arc<Acquirer>,
    pub(crate) part: &'static AcquirerPart,
    pub(crate) currency: Currency,
    /// Where results are posted.
    notify_url: Option<String>,
    pub(crate) screen: Screen,
    pub(crate) trouble: Option<Trouble>,
    /// Oldest first.
    pub(crate) sales: Vec<Sale>,
}

/// What it shows. Sales are named by their request ids.
#[derive(Clone)]
pub(crate) enum Screen {
    Home,
    Code { sale: String, text: String, svg: String, until_ms: u64 },
    Waiting { sale: String, since_ms: u64, unreachable: bool },
    Done { sale: String },
}

/// A sale.
#[derive(Clone)]
pub(crate) struct Sale {
    /// The acquirer's idempotency key.
    pub(crate) request_id: String,
    /// The network's number, once it is known.
    pub(crate) payment: Option<String>,
    pub(crate) amount: Amount,
    pub(crate) at_ms: u64,
    pub(crate) ending: Ending,
    /// The result as the network told it.
    pub(crate) result: String,
    pub(crate) refunded_minor: u64,
    /// Refunds asked for: part of the next one's id.
    refunds: u32,
}

impl Till {
    pub(crate) fn new(
        acquirer: Arc<Acquirer>,
        part: &'static AcquirerPart,
        currency: Currency,
        endpoint: Option<&String>,
    ) -> Till {
        let notify_url = endpoint.map(|endpoint| format!("{endpoint}/v1/payments/notifyPayment"));
        Till { acquirer, part, currency, notify_url, screen: Screen::Home, trouble: None, sales: Vec::new() }
    }

    pub(crate) fn sale(&self, request_id: &str) -> Option<&Sale> {
        self.sales.iter().find(|sale| sale.request_id == request_id)
    }

    fn sale_mut(&mut self, request_id: &str) -> Option<&mut Sale> {
        self.sales.iter_mut().find(|sale| sale.request_id == request_id)
    }

    /// The sale on the screen.
    pub(crate) fn current(&self) -> Option<&str> {
        match &self.screen {
            Screen::Home => None,
            Screen::Code { sale, .. } | Screen::Waiting { sale, .. } | Screen::Done { sale } => Some(sale),
        }
    }

    fn begin(&mut self, amount: Amount, number: u64) -> Order {
        let request_id = format!("{OUR_PREFIX}{}-{}-{number}", self.part.client_id, now_ms());
        self.sales.push(Sale {
            request_id: request_id.clone(),
            payment: None,
            amount,
            at_ms: now_ms(),
            ending: Ending::Unknown,
            result: String::new(),
            refunded_minor: 0,
            refunds: 0,
        });
        if self.sales.len() > SALES_MAX {
            self.sales.remove(0);
        }
        self.trouble = None;
        Order {
            request_id,
            merchant: self.part.merchant.to_owned(),
            store: Some(self.part.stores[0].0.to_owned()),
            description: format!("{}, {}", self.part.merchant_name, self.part.stores[0].1),
            minor: amount.minor,
            currency: wording::currency(amount.currency),
            notify_url: self.notify_url.clone(),
            lives_ms: None,
            env: None,
        }
    }
}

impl Playground {
    /// Asks for a payment with the code a phone shows.
    pub(crate) fn charge(self: &Arc<Self>, till: usize, amount: &str, code: String) -> Result<(), NotDone> {
        let Some((order, acquirer)) = self.begin_sale(till, amount) else { return Ok(()) };
        let sale = order.request_id.clone();
        self.turn_till(till, |till| {
            till.screen = Screen::Waiting { sale, since_ms: now_ms(), unreachable: false };
        });
        let playground = self.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            loop {
                match acquirer.pay_with_code(&order, &code).await {
                    Ok(answer) => break playground.answered(till, &order, &answer),
                    Err(failed) => playground.unreachable(till, &order, &failed),
                }
                if begun.elapsed() > ENDED_WITHIN {
                    break;
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
            playground.follow_sale(till, &order.request_id).await;
        });
        Ok(())
    }

    /// Asks for a code for an order, and shows it.
    pub(crate) async fn show_order(self: &Arc<Self>, till: usize, amount: &str) -> Result<(), NotDone> {
        let Some((mut order, acquirer)) = self.begin_sale(till, amount) else { return Ok(()) };
        order.lives_ms = Some(CODE_LIVES_MS);
        let shown = match acquirer.order_code(&order).await {
            Ok(answer) => self.code_screen_of(&order, &answer),
            Err(failed) => Err(no_answer(&failed)),
        };
        match shown {
            Ok((payment, screen)) => {
                self.turn_till(till, |till| {
                    if let Some(sale) = till.sale_mut(&order.request_id) {
                        sale.payment = Some(payment);
                    }
                    till.screen = screen;
                });
                let (playground, sale) = (self.clone(), order.request_id.clone());
                tokio::spawn(async move { playground.follow_sale(till, &sale).await });
            }
            Err(trouble) => self.turn_till(till, |till| {
                till.sales.retain(|sale| sale.request_id != order.request_id);
                till.screen = Screen::Home;
                till.trouble = Some(trouble);
            }),
        }
        // Phones see which tills show a code.
        self.tell_phones();
        Ok(())
    }

    fn code_screen_of(&self, order: &Order, answer: &PayAnswer) -> Result<(String, Screen), Trouble> {
        let refused = || Trouble { kind: TroubleKind::Refused, detail: answer.result.code.to_string() };
        let form = answer.order_code_form.as_ref().ok_or_else(refused)?;
        let text =
            form.code_details.first().map(|detail| detail.code_value.to_string()).ok_or_else(refused)?;
        let payment = answer.payment_id.as_ref().map(ToString::to_string).ok_or_else(refused)?;
        let svg =
            (self.optics.draw)(&text).map_err(|detail| Trouble { kind: TroubleKind::Refused, detail })?;
        let sale = order.request_id.clone();
        Ok((payment, Screen::Code { sale, text, svg, until_ms: form.expire_time.0 }))
    }

    fn begin_sale(&self, till: usize, amount: &str) -> Option<(Order, Arc<Acquirer>)> {
        let number = self.next_number();
        let mut state = self.state();
        let till_state = &mut state.tills[till];
        let begun = match crate::amount(amount, till_state.currency) {
            Some(amount) => Some((till_state.begin(amount, number), till_state.acquirer.clone())),
            None => {
                till_state.trouble = Some(Trouble { kind: TroubleKind::BadAmount, detail: String::new() });
                None
            }
        };
        drop(state);
        self.tell(Change::Till(till));
        begun
    }

    /// The payment was answered: with a result, or with a promise of one.
    fn answered(&self, till: usize, order: &Order, answer: &PayAnswer) {
        let payment = answer.payment_id.as_ref().map(ToString::to_string);
        self.turn_till(till, |till| {
            if let Some(sale) = till.sale_mut(&order.request_id) {
                sale.payment = payment.or_else(|| sale.payment.clone());
            }
            till.hear(&order.request_id, &answer.result);
        });
    }

    fn unreachable(&self, till: usize, order: &Order, failed: &CallFailed) {
        tracing::debug!(%failed, "a till gets no answer");
        self.turn_till(till, |till| {
            if let Screen::Waiting { sale, unreachable, .. } = &mut till.screen
                && *sale == order.request_id
            {
                *unreachable = true;
            }
        });
    }

    /// Asks what became of a sale until it has ended; a notice makes it ask at once.
    async fn follow_sale(&self, till: usize, sale: &str) {
        let (acquirer, mut notices) = {
            let state = self.state();
            let acquirer = state.tills[till].acquirer.clone();
            (acquirer.clone(), acquirer.changes())
        };
        let begun = Instant::now();
        let mut pause = INQUIRE_AFTER;
        while begun.elapsed() < ENDED_WITHIN {
            let known = self.state().tills[till].sale(sale).cloned();
            let Some(known) = known.filter(|sale| sale.ending == Ending::Unknown) else { return };
            // Whoever follows has stopped with the page; the pause ends with the next notice.
            let quiet = tokio::time::timeout(pause, notices.changed()).await.is_err();
            let noticed = known.payment.as_deref().and_then(|payment| acquirer.notice(payment));
            let told = match noticed {
                Some(told) => Some(told),
                None if quiet => {
                    pause = INQUIRE_AFTER_MAX.min(pause * 2);
                    acquirer.inquire(sale).await.ok().and_then(|answer| answer.payment_result)
                }
                None => None,
            };
            if let Some(told) = told {
                self.turn_till_if(till, |till| till.hear(sale, &told));
            }
        }
    }

    /// Takes the sale on the screen back.
    pub(crate) async fn cancel_sale(&self, till: usize) -> Result<(), NotDone> {
        let (sale, acquirer) = {
            let state = self.state();
            let current = state.tills[till].current().map(str::to_owned);
            (current.ok_or(NotDone::Outdated)?, state.tills[till].acquirer.clone())
        };
        let answer = acquirer.cancel(&sale).await;
        self.turn_till(till, |till| match answer {
            Ok(answer) if answer.result.verdict() == Verdict::Done => {
                till.hear(&sale, &Outcome::of(ResultCode::OrderIsClosed));
            }
            Ok(answer) => {
                let detail = answer.result.code.to_string();
                till.trouble = Some(Trouble { kind: TroubleKind::Refused, detail });
            }
            Err(failed) => till.trouble = Some(no_answer(&failed)),
        });
        Ok(())
    }

    /// Gives money back: so much, or all that is left.
    pub(crate) async fn refund_sale(&self, till: usize, payment: &str, amount: &str) -> Result<(), NotDone> {
        let (acquirer, sale, number) = {
            let mut state = self.state();
            let till = &mut state.tills[till];
            let acquirer = till.acquirer.clone();
            let sale = till.sales.iter_mut().find(|sale| sale.payment.as_deref() == Some(payment));
            let sale = sale.ok_or(NotDone::Outdated)?;
            sale.refunds += 1;
            (acquirer, sale.clone(), sale.refunds)
        };
        let left = sale.amount.minor.saturating_sub(sale.refunded_minor);
        let asked = match amount.trim() {
            "" => Some(left),
            text => crate::amount(text, sale.amount.currency).map(|amount| amount.minor),
        };
        let Some(minor) = asked.filter(|minor| (1..=left).contains(minor)) else {
            self.turn_till(till, |till| {
                till.trouble = Some(Trouble { kind: TroubleKind::BadAmount, detail: String::new() });
            });
            return Ok(());
        };
        let refund_id = format!("{}-R{number}", sale.request_id);
        let currency = wording::currency(sale.amount.currency);
        let told = self.refund_until_known(&acquirer, &sale.request_id, &refund_id, currency, minor).await;
        self.turn_till(till, |till| match told {
            Ok(()) => {
                if let Some(sale) = till.sale_mut(&sale.request_id) {
                    sale.refunded_minor += minor;
                }
                till.trouble = None;
            }
            Err(trouble) => till.trouble = Some(trouble),
        });
        Ok(())
    }

    /// The same refund, asked for again while its result is not known: its id makes that harmless.
    async fn refund_until_known(
        &self,
        acquirer: &Acquirer,
        sale: &str,
        refund_id: &str,
        currency: CurrencyCode,
        minor: u64,
    ) -> Result<(), Trouble> {
        let begun = Instant::now();
        loop {
            let failed = match acquirer.refund(sale, refund_id, currency, minor).await {
                Ok(answer) => match answer.result.verdict() {
                    Verdict::Done => return Ok(()),
                    Verdict::Failed(_) => {
                        let detail = answer.result.code.to_string();
                        return Err(Trouble { kind: TroubleKind::Refused, detail });
                    }
                    Verdict::Unknown => None,
                },
                Err(failed) => Some(failed),
            };
            if begun.elapsed() > ENDED_WITHIN {
                let detail = failed.map(|failed| failed.to_string()).unwrap_or_default();
                return Err(Trouble { kind: TroubleKind::NoAnswer, detail });
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    /// Clears the screen. A sale that is under way is followed to its end all the same.
    pub(crate) fn clear_till(&self, till: usize) {
        self.turn_till(till, |till| {
            till.screen = Screen::Home;
            till.trouble = None;
        });
        self.tell_phones();
    }

    fn turn_till(&self, till: usize, change: impl FnOnce(&mut Till)) {
        change(&mut self.state().tills[till]);
        self.tell(Change::Till(till));
    }

    /// The same where the change says whether there was one.
    fn turn_till_if(&self, till: usize, change: impl FnOnce(&mut Till) -> bool) {
        let changed = change(&mut self.state().tills[till]);
        if changed {
            self.tell(Change::Till(till));
            self.tell_phones();
        }
    }
}

impl Till {
    /// The network told a result. Says whether it is an end that was not known.
    fn hear(&mut self, request_id: &str, told: &Outcome) -> bool {
        let ending = match told.verdict() {
            Verdict::Done => Ending::Paid,
            Verdict::Failed(Some(ResultCode::OrderIsClosed)) => Ending::Cancelled,
            Verdict::Failed(_) => Ending::Declined,
            Verdict::Unknown => return false,
        };
        let Some(sale) = self.sale_mut(request_id) else { return false };
        sale.ending = ending;
        sale.result = told.code.to_string();
        sale.at_ms = now_ms();
        if self.current() == Some(request_id) {
            self.screen = Screen::Done { sale: request_id.to_owned() };
            self.trouble = None;
        }
        true
    }
}
