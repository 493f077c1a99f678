//! Orders in whole minor units: sales before purchases, oldest lots first, fees counted, nothing lost. What is left
//! out is listed with its reason.

use super::request::{Kind, Request};
use crate::json::Json;
use crate::lots::share_out;
use crate::refusal::Code;
use crate::suitability::Product;

/// Buy or sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderSide {
    /// Units for cash.
    Sell,
    /// Cash for units.
    Buy,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Buy or sell.
    pub side: OrderSide,
    /// Product code.
    pub code: String,
    /// Value sold, or cash spent with its fee, minor units.
    pub amount_minor: i64,
    /// Fee within it.
    pub fee_minor: i64,
}

/// A trade that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Product code.
    pub code: String,
    /// Why.
    pub reason: Code,
    /// Amount not traded, minor units.
    pub amount_minor: i64,
    /// Fee avoided by waiting.
    pub fee_avoided_minor: i64,
    /// Days until the fee falls, where that is the reason.
    pub days_left: Option<i64>,
}

/// All orders of a proposal and what the plan looks like after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orders {
    /// Sales first.
    pub list: Vec<Order>,
    /// What was left out.
    pub skipped: Vec<Skip>,
    /// All fees.
    pub fees_minor: i64,
    /// Cash after all orders and the withdrawal, the reserve included.
    pub cash_minor: i64,
    /// Value of each product after the orders, by code, ascending.
    pub holdings: Vec<(String, i64)>,
}

/// Orders that move a plan to these weights of what is invested. `may_wait` leaves out lots whose fee falls soon and
/// products in `unstable`.
pub(super) fn build(request: &Request, weights: &[f64], unstable: &[String], may_wait: bool) -> Orders {
    let codes = request.codes();
    let targets = targets(request, weights);
    let mut orders = Orders {
        list: Vec::new(),
        skipped: Vec::new(),
        fees_minor: 0,
        cash_minor: request.cash_minor,
        holdings: codes.iter().map(|c| (c.clone(), request.held_minor(c))).collect(),
    };
    let short = request.reserve_minor + request.withdraw_minor > request.cash_minor;
    let wait = may_wait && !short && request.kind != Kind::Withdrawal;
    let mut wanted = vec![0; codes.len()];
    for (i, code) in codes.iter().enumerate() {
        let Some(product) = request.product(code) else { continue };
        let change = targets[i] - orders.holdings[i].1;
        let free = request.waits.iter().find(|(waiting, day)| waiting == code && *day > request.day);
        if change != 0 && wait && unstable.contains(code) {
            orders.skip(code, Code::InputsChanged, change.abs());
        } else if let Some((_, free)) = free.filter(|_| change > 0 && wait) {
            orders.skip(code, Code::WashSale, change);
            let days = i64::from(free.0 - request.day.0);
            orders.skipped.last_mut().expect("just skipped").days_left = Some(days);
        } else if change > 0 {
            wanted[i] = change;
        } else if change < 0 {
            orders.sell(request, product, i, -change, wait);
        }
    }
    orders.buy_all(request, &codes, &wanted);
    orders.cash_minor -= request.withdraw_minor;
    orders
}

/// The plan as it would be after these orders.
pub(super) fn after(request: &Request, list: &[Order]) -> Orders {
    let mut orders = Orders {
        list: list.to_vec(),
        skipped: Vec::new(),
        fees_minor: list.iter().map(|order| order.fee_minor).sum(),
        cash_minor: request.cash_minor - request.withdraw_minor,
        holdings: request.codes().into_iter().map(|c| (c.clone(), request.held_minor(&c))).collect(),
    };
    for order in list {
        let Some((_, value)) = orders.holdings.iter_mut().find(|(code, _)| *code == order.code) else {
            continue;
        };
        match order.side {
            OrderSide::Buy => {
                *value += order.amount_minor - order.fee_minor;
                orders.cash_minor -= order.amount_minor;
            }
            OrderSide::Sell => {
                *value -= order.amount_minor.min(*value);
                orders.cash_minor += order.amount_minor - order.fee_minor;
            }
        }
    }
    orders
}

/// Weights as amounts that sum to what is invested; a billionth is finer than any amount.
fn targets(request: &Request, weights: &[f64]) -> Vec<i64> {
    let parts: Vec<i64> = weights.iter().map(|w| (w.clamp(0.0, 1.0) * 1e9).round() as i64).collect();
    share_out(request.invested_minor(), &parts)
}

impl Orders {
    fn sell(&mut self, request: &Request, product: &Product, place: usize, wish: i64, wait: bool) {
        let held = self.holdings[place].1;
        let mut lots: Vec<_> = request.holdings.iter().filter(|l| l.code == product.code).collect();
        lots.sort_by_key(|l| l.bought);
        // Steps bind unless everything goes.
        let wish = if wish >= held { held } else { wish - wish % product.step_minor };
        let (mut left, mut sold, mut fee) = (wish, 0, 0);
        for lot in lots {
            let part = left.min(lot.value_minor);
            if part <= 0 {
                continue;
            }
            let days = i64::from(request.day.0 - lot.bought.0);
            let (rate, falls_in) = product.redemption_fee_bp(days);
            let cost = (part * rate + 9_999) / 10_000;
            left -= part;
            if wait && rate > 0 && falls_in.is_some_and(|days| days <= request.policy.wait_days_max) {
                self.skipped.push(Skip {
                    code: product.code.clone(),
                    reason: Code::ShortHoldingFee,
                    amount_minor: part,
                    fee_avoided_minor: cost,
                    days_left: falls_in,
                });
                continue;
            }
            sold += part;
            fee += cost;
        }
        if sold < product.minimum_minor && sold < held {
            if sold > 0 {
                self.skip(&product.code, Code::BelowMinimum, sold);
            }
            return;
        }
        self.holdings[place].1 -= sold;
        self.cash_minor += sold - fee;
        self.fees_minor += fee;
        self.list.push(Order {
            side: OrderSide::Sell,
            code: product.code.clone(),
            amount_minor: sold,
            fee_minor: fee,
        });
    }

    /// Spends what cash allows. A purchase dropped as too small frees its cash for the others.
    fn buy_all(&mut self, request: &Request, codes: &[String], wanted: &[i64]) {
        let spendable = (self.cash_minor - request.reserve_minor - request.withdraw_minor).max(0);
        let mut wanted = wanted.to_vec();
        loop {
            let total: i64 = wanted.iter().sum();
            let amounts = if total > spendable { share_out(spendable, &wanted) } else { wanted.clone() };
            let small = (0..codes.len()).filter(|i| amounts[*i] > 0).find(|i| {
                request.product(&codes[*i]).is_some_and(|p| stepped(amounts[*i], p) < p.minimum_minor)
            });
            match small {
                Some(i) => {
                    self.skip(&codes[i], Code::BelowMinimum, amounts[i]);
                    wanted[i] = 0;
                }
                None => {
                    for (i, code) in codes.iter().enumerate().filter(|(i, _)| amounts[*i] > 0) {
                        let Some(product) = request.product(code) else { continue };
                        self.buy(product, i, stepped(amounts[i], product));
                    }
                    return;
                }
            }
        }
    }

    fn buy(&mut self, product: &Product, place: usize, amount: i64) {
        let fee = (amount * product.purchase_fee_bp + 9_999) / 10_000;
        self.holdings[place].1 += amount - fee;
        self.cash_minor -= amount;
        self.fees_minor += fee;
        let code = product.code.clone();
        self.list.push(Order { side: OrderSide::Buy, code, amount_minor: amount, fee_minor: fee });
    }

    fn skip(&mut self, code: &str, reason: Code, amount_minor: i64) {
        self.skipped.push(Skip {
            code: code.into(),
            reason,
            amount_minor,
            fee_avoided_minor: 0,
            days_left: None,
        });
    }

    /// Bought of a code, minor units.
    pub fn bought_minor(&self, code: &str) -> i64 {
        let buys = self.list.iter().filter(|o| o.side == OrderSide::Buy && o.code == code);
        buys.map(|o| o.amount_minor).sum()
    }

    /// The orders as they are recorded.
    pub fn to_json(&self) -> Json {
        let order = |o: &Order| {
            Json::object([
                ("side", Json::text(if o.side == OrderSide::Buy { "buy" } else { "sell" })),
                ("product", Json::text(&o.code)),
                ("amount_minor", Json::Whole(o.amount_minor)),
                ("fee_minor", Json::Whole(o.fee_minor)),
            ])
        };
        let skip = |s: &Skip| {
            Json::object([
                ("product", Json::text(&s.code)),
                (
                    "reason",
                    Json::text(if s.reason == Code::InputsChanged {
                        "UNSTABLE_TRADE"
                    } else {
                        s.reason.name()
                    }),
                ),
                ("amount_minor", Json::Whole(s.amount_minor)),
                ("fee_avoided_minor", Json::Whole(s.fee_avoided_minor)),
                ("days_left", s.days_left.map_or(Json::Null, Json::Whole)),
            ])
        };
        let holdings = self.holdings.iter().map(|(code, value)| (code.clone(), Json::Whole(*value)));
        Json::object([
            ("list", Json::List(self.list.iter().map(order).collect())),
            ("not_done", Json::List(self.skipped.iter().map(skip).collect())),
            ("fees_minor", Json::Whole(self.fees_minor)),
            ("cash_after_minor", Json::Whole(self.cash_minor)),
            ("holdings_after_minor", Json::object(holdings)),
        ])
    }
}

fn stepped(amount: i64, product: &Product) -> i64 {
    amount - amount % product.step_minor
}
