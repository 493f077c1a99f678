//! What the page shows, out of everything that is known: the playground's state as the views that pages are drawn from.

use console::play::{self, Ending, Network, Phone, Provider, Receipt, Row, Scene, Screen, ShownCode, Till};
use console::play::{Life, Sale, TillScreen};
use directory::MemberId;
use members::cast::PROVIDERS;
use members::{Paid, Standing};
use money::{Amount, Currency};
use runtime::number;
use switch::{PaymentId, Stage};

use crate::life::{VISITOR, ending, price, standing_as_ending};
use crate::phone::result_of;
use crate::{State, Trouble, phone, till};

/// Payments in the list, lines of a phone's history and of a till's journal.
const ROWS: usize = 12;
const RECEIPTS: usize = 8;

impl State {
    pub(crate) fn scene(&self, shown: Option<PaymentId>) -> Scene {
        Scene {
            phones: (0..self.phones.len()).map(|number| self.phone(number)).collect(),
            tills: (0..self.tills.len()).map(|number| self.till(number)).collect(),
            network: self.network(),
            payments: self.rows(),
            shown: shown.and_then(|payment| self.life(payment)),
        }
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        self.lives.rows(&self.follower, ROWS)
    }

    pub(crate) fn life(&self, payment: PaymentId) -> Option<Life> {
        let standing = |wallet: MemberId, payment: &str| {
            let member = self.follower.engine().directory().member(wallet)?;
            let phone = self.phones.iter().find(|phone| phone.part.client_id == &*member.client_id)?;
            phone.wallet.standing(payment)
        };
        self.lives.life(payment, &self.follower, &standing)
    }

    pub(crate) fn network(&self) -> Network {
        let engine = self.follower.engine();
        let sums = engine.book().sums().filter_map(|sums| {
            let currency = Currency::from_numeric(u16::try_from(sums.ledger).ok()?).ok()?;
            let accounts = engine.book().accounts().filter(|account| account.ledger == sums.ledger);
            let sum =
                accounts.map(|account| signed(account.credits_posted) - signed(account.debits_posted)).sum();
            Some((currency, sum))
        });
        let providers = PROVIDERS.iter().zip(self.providers).map(|(part, on)| Provider {
            id: part.client_id.to_owned(),
            name: part.name.to_owned(),
            on,
        });
        let holding = [Stage::Reserved, Stage::Sent, Stage::InDoubt];
        Network {
            up: self.up,
            restarts: self.restarts,
            crash_armed: self.crash_armed,
            facts: engine.commit(),
            bytes: self.follower.bytes(),
            payments: self.lives.seen,
            followed: self.lives.taken,
            payments_a_second: self.lives.a_second(),
            sums: sums.collect(),
            open: holding.into_iter().map(|stage| engine.switch().count(stage)).sum(),
            providers: providers.collect(),
        }
    }

    pub(crate) fn phone(&self, number: usize) -> Phone {
        let phone = &self.phones[number];
        let currency = Currency::parse(phone.part.currency).expect("the cast's currencies are ISO 4217's");
        let mut history: Vec<Receipt> =
            phone.wallet.history(VISITOR).iter().map(|paid| self.receipt_of_payer(paid, currency)).collect();
        history.reverse();
        history.truncate(RECEIPTS);
        Phone {
            wallet: phone.part.client_id.to_owned(),
            name: phone.part.name.to_owned(),
            country: phone.part.country.to_owned(),
            currency,
            balance_minor: phone.wallet.balance(VISITOR),
            mood: phone.mood,
            screen: self.phone_screen(phone, currency),
            trouble: phone.trouble.as_ref().map(trouble),
            history,
        }
    }

    fn phone_screen(&self, phone: &phone::Phone, currency: Currency) -> Screen {
        let price = |payment: &str| self.price(payment);
        match &phone.screen {
            phone::Screen::Home => Screen::Home,
            phone::Screen::Code { text, digits, svg, until_ms } => Screen::Code(ShownCode {
                text: text.clone(),
                digits: Some(digits.clone()),
                svg: svg.clone(),
                until_ms: *until_ms,
            }),
            phone::Screen::Scan => Screen::Scan { in_sight: self.tills_in_sight() },
            phone::Screen::Amount { merchant, currency, .. } => {
                Screen::Amount { merchant: merchant.clone(), currency: *currency }
            }
            phone::Screen::Review { payment, .. } => price(payment).map_or(Screen::Home, Screen::Review),
            phone::Screen::Asked(question) => match price(&question.payment_id) {
                Some(price) => Screen::Review(play::Price { until_ms: question.until_ms, ..price }),
                None => Screen::Home,
            },
            phone::Screen::Paying { payment } => price(payment).map_or(Screen::Home, Screen::Paying),
            phone::Screen::Done { payment } => {
                let paid =
                    phone.wallet.history(VISITOR).into_iter().rfind(|paid| paid.payment_id == *payment);
                paid.map_or(Screen::Home, |paid| Screen::Done(self.receipt_of_payer(&paid, currency)))
            }
        }
    }

    fn price(&self, payment: &str) -> Option<play::Price> {
        let payment = self.follower.engine().switch().payment(number::read_payment(payment)?)?;
        price(payment, &self.follower)
    }

    /// Tills whose code a camera would see.
    fn tills_in_sight(&self) -> Vec<(String, String)> {
        let showing = self.tills.iter().filter(|till| matches!(till.screen, till::Screen::Code { .. }));
        showing.map(|till| (till.part.client_id.to_owned(), till.part.merchant_name.to_owned())).collect()
    }

    /// Phones whose code a scanner would see.
    fn phones_in_sight(&self) -> Vec<(String, String)> {
        let showing = self.phones.iter().filter(|phone| matches!(phone.screen, phone::Screen::Code { .. }));
        showing.map(|phone| (phone.part.client_id.to_owned(), phone.part.name.to_owned())).collect()
    }

    fn receipt_of_payer(&self, paid: &Paid, currency: Currency) -> Receipt {
        let price = self.price(&paid.payment_id);
        let payer = Amount::new(currency, paid.minor);
        Receipt {
            payment: paid.payment_id.clone(),
            other: paid.merchant.clone(),
            payee: price.as_ref().map_or(payer, |price| price.payee),
            payer: Some(payer),
            rate: price.as_ref().and_then(|price| price.rate.clone()),
            provider: price.and_then(|price| price.provider),
            at_ms: paid.at_ms,
            ending: standing_as_ending(paid.standing),
            result: result_of(paid.standing).to_owned(),
            refunded: Amount::new(
                currency,
                if paid.standing == Standing::Debited { paid.refunded_minor } else { 0 },
            ),
        }
    }

    pub(crate) fn till(&self, number: usize) -> Till {
        let till = &self.tills[number];
        let mut sales: Vec<Sale> = till.sales.iter().map(|sale| self.sale(sale)).collect();
        sales.reverse();
        sales.truncate(RECEIPTS);
        Till {
            acquirer: till.part.client_id.to_owned(),
            acquirer_name: till.part.name.to_owned(),
            merchant: till.part.merchant_name.to_owned(),
            store: till.part.stores[0].1.to_owned(),
            city: till.part.city.to_owned(),
            currency: till.currency,
            usual_minor: (till.part.bill.0 + till.part.bill.1) / 2 / 10 * 10,
            screen: self.till_screen(till),
            in_sight: self.phones_in_sight(),
            trouble: till.trouble.as_ref().map(trouble),
            sales,
        }
    }

    fn till_screen(&self, till: &till::Till) -> TillScreen {
        let amount = |sale: &str| till.sale(sale).map(|sale| sale.amount);
        let shown = match &till.screen {
            till::Screen::Home => None,
            till::Screen::Code { sale, text, svg, until_ms } => amount(sale).map(|amount| TillScreen::Code {
                code: ShownCode { text: text.clone(), digits: None, svg: svg.clone(), until_ms: *until_ms },
                amount,
            }),
            till::Screen::Waiting { sale, since_ms, unreachable } => {
                let (since_ms, unreachable) = (*since_ms, *unreachable);
                amount(sale).map(|amount| TillScreen::Waiting { amount, since_ms, unreachable })
            }
            till::Screen::Done { sale } => {
                till.sale(sale).map(|sale| TillScreen::Done(self.receipt_of_payee(sale)))
            }
        };
        shown.unwrap_or(TillScreen::Home)
    }

    fn sale(&self, sale: &till::Sale) -> Sale {
        let paid = sale.ending == Ending::Paid;
        let left = sale.amount.minor.saturating_sub(sale.refunded_minor);
        Sale { receipt: self.receipt_of_payee(sale), refundable_minor: if paid { left } else { 0 } }
    }

    fn receipt_of_payee(&self, sale: &till::Sale) -> Receipt {
        let payment = sale.payment.as_deref().and_then(number::read_payment);
        let payment = payment.and_then(|payment| self.follower.engine().switch().payment(payment));
        let price = payment.and_then(|payment| price(payment, &self.follower));
        let wallet = payment.and_then(|payment| payment.terms.as_ref()).map(|terms| terms.wallet);
        // The network tells a till that an order is closed; why, its journal says.
        let closed = payment.map(|payment| ending(payment.stage)).filter(|ending| *ending == Ending::Expired);
        Receipt {
            payment: sale.payment.clone().unwrap_or_default(),
            other: wallet.map(|wallet| self.follower.member_name(wallet)).unwrap_or_default(),
            payee: sale.amount,
            payer: price.as_ref().map(|price| price.payer),
            rate: price.as_ref().and_then(|price| price.rate.clone()),
            provider: price.and_then(|price| price.provider),
            at_ms: sale.at_ms,
            ending: closed.filter(|_| sale.ending == Ending::Cancelled).unwrap_or(sale.ending),
            result: sale.result.clone(),
            refunded: Amount::new(sale.amount.currency, sale.refunded_minor),
        }
    }
}

fn trouble(trouble: &Trouble) -> play::Trouble {
    play::Trouble { kind: trouble.kind, detail: trouble.detail.clone() }
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}
