//! One till and the phones before it: sells while the network comes and goes, writes down every final answer, and can
//! show afterwards that each is still the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use hop::CallFailed;
use members::cast::ACQUIRERS;
use members::{Acquirer, Mood, Operator, Order, Standing, Wallet};
use serde_json::Value;
use wire::body::amount::CurrencyCode;
use wire::body::confirm::ConfirmRequest;
use wire::body::inquire::{InquiryAnswer, TransactionStatus};
use wire::body::outcome::{Outcome, Verdict};
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Text};
use wire::body::scan::ScanRequest;

use crate::town::Town;

/// An order code nobody goes on to pay ends after this.
const ORDER_LIVES_MS: u64 = 6_000;
/// Wallets answer, so whatever a crash left in doubt is known soon after.
const FINAL_WITHIN: Duration = Duration::from_secs(30);
const AGAIN_AFTER: Duration = Duration::from_millis(40);
const USERS: u32 = 60;
/// By the prefunding they have in the cast.
const POOR_WALLET: usize = 1;
const RICH_WALLETS: [usize; 2] = [0, 2];
/// This user's wallet says no.
const POOR: &str = "user-poor";

/// One sale, with everything final that its till was told.
pub(super) struct Deal {
    request_id: String,
    minor: u64,
    payment_id: Option<String>,
    paid: Option<Outcome>,
    cancel_asked: bool,
    cancelled: bool,
    refunds: Vec<Refund>,
}

struct Refund {
    request_id: String,
    minor: u64,
    told: Option<Outcome>,
}

pub(super) struct Till {
    pub(super) wallet_number: usize,
    pub(super) deals: Vec<Deal>,
    acquirer: Arc<Acquirer>,
    wallet: Arc<Wallet>,
    name: String,
    merchant: (&'static str, &'static str),
    bill: (u64, u64),
    currency: CurrencyCode,
    random: Rng,
    closed: Arc<AtomicBool>,
}

impl Till {
    pub(super) fn new(town: &Town, place: usize, random: Rng, closed: Arc<AtomicBool>) -> Till {
        let acquirer_number = place / 2 % ACQUIRERS.len();
        // One till serves the wallet whose prefunding runs out.
        let wallet_number = if place == 0 { POOR_WALLET } else { RICH_WALLETS[place % 2] };
        let part = &ACQUIRERS[acquirer_number];
        let wallet = town.company.wallets[wallet_number].clone();
        wallet.set_mood(POOR, Mood::Declines(ResultCode::UserBalanceNotEnough));
        Till {
            wallet_number,
            deals: Vec::new(),
            acquirer: town.company.acquirers[acquirer_number].clone(),
            wallet,
            name: format!("till-{place}"),
            merchant: (part.merchant, part.stores[0].0),
            bill: part.bill,
            currency: CurrencyCode::parse(part.currency).expect("a currency of the cast"),
            random,
            closed,
        }
    }

    /// Sells until the shop closes.
    pub(super) async fn sell(mut self) -> Till {
        while !self.closed.load(Ordering::Relaxed) {
            let mut deal = Deal {
                request_id: format!("{}-{}", self.name, self.deals.len()),
                minor: self.random.u64(self.bill.0..=self.bill.1),
                payment_id: None,
                paid: None,
                cancel_asked: false,
                cancelled: false,
                refunds: Vec::new(),
            };
            match self.random.u8(..10) {
                0..=1 => self.by_order_code(&mut deal).await,
                _ => self.by_payment_code(&mut deal).await,
            };
            let succeeded = deal.paid.as_ref().is_some_and(|paid| paid.verdict() == Verdict::Done);
            match self.random.u8(..20) {
                0..=2 => drop(self.cancel(&mut deal).await),
                3..=6 if succeeded => self.refund(&mut deal).await,
                _ => {}
            }
            self.deals.push(deal);
        }
        self
    }

    async fn by_payment_code(&mut self, deal: &mut Deal) -> Option<()> {
        let customer = match self.random.u8(..10) {
            0 => POOR.to_owned(),
            _ => format!("user-{}", self.random.u32(..USERS)),
        };
        let (wallet, acquirer, order) = (self.wallet.clone(), self.acquirer.clone(), self.order(deal, None));
        let codes = self.persist(async || wallet.codes(&customer, 1).await).await?;
        let code = codes.first().expect("the network gave a code").payment_code.to_string();
        let answer = self.persist(async || acquirer.pay_with_code(&order, &code).await).await?;
        deal.told(answer.payment_id.as_deref(), &answer.result);
        if self.random.u8(..4) == 0 {
            let again = self.persist(async || acquirer.pay_with_code(&order, &code).await).await?;
            deal.told(again.payment_id.as_deref(), &again.result);
        }
        Some(())
    }

    async fn by_order_code(&mut self, deal: &mut Deal) -> Option<()> {
        let customer = format!("user-{}", self.random.u32(..USERS));
        let order = self.order(deal, Some(ORDER_LIVES_MS));
        let (wallet, acquirer) = (self.wallet.clone(), self.acquirer.clone());
        let shown = self.persist(async || acquirer.order_code(&order).await).await?;
        deal.told(shown.payment_id.as_deref(), &shown.result);
        let code = shown.order_code_form?.code_details.first()?.code_value.to_string();
        let code = Text::try_new(code).expect("a code is a text");
        let user = Id::try_new(customer.as_str()).expect("a user is an id");
        let scan = ScanRequest::new(code, user);
        let scanned = self.persist(async || wallet.scan(&scan).await).await?;
        let mut confirm = ConfirmRequest::new(scanned.payment_id?);
        confirm.quote_id = scanned.payment_quote.map(|quote| quote.quote_id);
        self.persist(async || wallet.confirm(&customer, self.merchant.0, &confirm).await).await?;
        let found = self.persist(async || acquirer.inquire(&order.request_id).await).await?;
        deal.told(found.payment_id.as_deref(), found.payment_result.as_ref()?);
        Some(())
    }

    async fn cancel(&mut self, deal: &mut Deal) -> Option<()> {
        deal.cancel_asked = true;
        let acquirer = self.acquirer.clone();
        let answer = self.persist(async || acquirer.cancel(&deal.request_id).await).await?;
        deal.cancelled = answer.result.verdict() == Verdict::Done;
        Some(())
    }

    /// Gives a part back, and sometimes the rest.
    async fn refund(&mut self, deal: &mut Deal) {
        let part = self.random.u64(1..deal.minor);
        let parts = if self.random.bool() { vec![part] } else { vec![part, deal.minor - part] };
        let acquirer = self.acquirer.clone();
        for (place, minor) in parts.into_iter().enumerate() {
            let request_id = format!("{}-r{place}", deal.request_id);
            let asked = async || acquirer.refund(&deal.request_id, &request_id, self.currency, minor).await;
            let told = self.persist(asked).await.map(|answer| answer.result);
            let told = told.filter(|result| result.verdict() != Verdict::Unknown);
            deal.refunds.push(Refund { request_id, minor, told });
        }
    }

    fn order(&self, deal: &Deal, lives_ms: Option<u64>) -> Order {
        Order {
            request_id: deal.request_id.clone(),
            merchant: self.merchant.0.to_owned(),
            store: Some(self.merchant.1.to_owned()),
            description: "between two kills".to_owned(),
            minor: deal.minor,
            currency: self.currency,
            notify_url: None,
            lives_ms,
            env: None,
        }
    }

    /// Asks the same again until it is answered; now and then a till does not wait for that.
    async fn persist<T>(&self, ask: impl AsyncFn() -> Result<T, CallFailed>) -> Option<T> {
        let mut random = self.random.clone();
        let begun = Instant::now();
        loop {
            match ask().await {
                Ok(answer) => return Some(answer),
                Err(_) if random.u8(..120) == 0 => return None,
                Err(failed) => assert!(begun.elapsed() < FINAL_WITHIN, "no answer: {failed}"),
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Waits until every payment and refund has ended.
    pub(super) async fn settle(&mut self) {
        let begun = Instant::now();
        for deal in &mut self.deals {
            while !deal.is_settled(&self.acquirer, &self.wallet).await {
                assert!(begun.elapsed() < FINAL_WITHIN, "{} is stuck", deal.request_id);
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }

    /// Every answer is still the answer, and the wallet's books agree. Returns what the wallet has taken and not given
    /// back, and how many payments stand as successes.
    pub(super) async fn check(&self, operator: &Operator) -> (u64, u64) {
        let (mut taken, mut successes) = (0, 0);
        for deal in &self.deals {
            let found = self.acquirer.inquire(&deal.request_id).await.expect("the network is up");
            deal.check_answers(&found);
            let Some(payment_id) = found.payment_id.as_deref() else { continue };
            let view = operator.look(&format!("payments/{payment_id}")).await.expect("the network is up");
            deal.check_refunds(&view);
            let succeeded = found.payment_result.expect("an answer").verdict() == Verdict::Done;
            let standing = self.wallet.standing(payment_id);
            assert_eq!(standing == Some(Standing::Debited), succeeded, "{payment_id}: {standing:?}, {view}");
            if succeeded {
                let (minor, refunded) = self.wallet.amounts(payment_id).expect("it was debited");
                let payer_minor = minor_of(&view["terms"]["payerAmount"]);
                assert_eq!((minor, refunded), (payer_minor, refunded_minor(&view)), "{payment_id}: {view}");
                taken += minor - refunded;
                successes += 1;
            }
        }
        (taken, successes)
    }
}

impl Deal {
    /// Writes an answer down. A final answer that was given is never followed by another.
    fn told(&mut self, payment_id: Option<&str>, result: &Outcome) {
        if let Some(payment_id) = payment_id {
            let known = self.payment_id.get_or_insert_with(|| payment_id.to_owned());
            assert_eq!(known, payment_id, "{} has become two payments", self.request_id);
        }
        if result.verdict() == Verdict::Unknown {
            return;
        }
        let known = self.paid.get_or_insert_with(|| result.clone());
        assert_eq!(known.code, result.code, "{} was given two final answers", self.request_id);
    }

    async fn is_settled(&mut self, acquirer: &Acquirer, wallet: &Wallet) -> bool {
        let found = acquirer.inquire(&self.request_id).await.expect("the network is up");
        for refund in &self.refunds {
            let found = acquirer.inquire_refund(&refund.request_id).await.expect("the network is up");
            if found.refund_status == Some(TransactionStatus::Processing) {
                return false;
            }
        }
        match (&found.payment_result, &found.payment_id) {
            (Some(result), _) if result.verdict() == Verdict::Unknown => false,
            // The network repeats a cancel until the wallet has taken it.
            (Some(result), Some(id)) if result.known_code() == Some(ResultCode::OrderIsClosed) => {
                wallet.standing(id) != Some(Standing::Debited)
            }
            _ => true,
        }
    }

    fn check_answers(&self, found: &InquiryAnswer) {
        let id = &self.request_id;
        let Some(now) = &found.payment_result else {
            // A request that never arrived, or was refused without becoming a payment.
            assert_eq!(found.result.known_code(), Some(ResultCode::OrderNotExist), "{id}");
            assert!(self.payment_id.is_none(), "{id}: a payment is lost");
            let paid = self.paid.as_ref().is_some_and(|paid| paid.verdict() == Verdict::Done);
            assert!(!paid && self.refunds.is_empty(), "{id}: a success is lost");
            return;
        };
        if let Some(payment_id) = &self.payment_id {
            assert_eq!(Some(payment_id.as_str()), found.payment_id.as_deref(), "{id} is another payment now");
        }
        let closed = now.known_code() == Some(ResultCode::OrderIsClosed);
        if self.cancelled {
            assert_ne!(now.verdict(), Verdict::Done, "{id}: its cancel is lost");
        }
        if let Some(paid) = &self.paid {
            let may_close = self.cancel_asked && paid.verdict() == Verdict::Done;
            assert!(paid.code == now.code || (may_close && closed), "{id}: {paid:?} became {now:?}");
        }
    }

    fn check_refunds(&self, view: &Value) {
        for refund in &self.refunds {
            let rows = view["refunds"].as_array().expect("a list of refunds");
            let row = rows.iter().find(|row| row["refundRequestId"] == refund.request_id.as_str());
            let Some(told) = &refund.told else { continue };
            if told.verdict() == Verdict::Done {
                let row = row.unwrap_or_else(|| panic!("{} is lost: {view}", refund.request_id));
                assert_eq!((&row["stage"], minor_of(&row["amount"])), (&"Succeeded".into(), refund.minor));
            } else if let Some(row) = row {
                assert_eq!(row["stage"], "Failed", "{}: {told:?}", refund.request_id);
            }
        }
    }
}

fn refunded_minor(view: &Value) -> u64 {
    let rows = view["refunds"].as_array().expect("a list of refunds");
    let succeeded = rows.iter().filter(|row| row["stage"] == "Succeeded");
    succeeded.map(|row| minor_of(&row["payerAmount"])).sum()
}

fn minor_of(amount: &Value) -> u64 {
    amount["value"].as_str().and_then(|value| value.parse().ok()).expect("an amount in minor units")
}
