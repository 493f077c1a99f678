//! `inquiryForeignExchangeQuote`: what something would cost just now. For reference only; a payment binds its own.

use money::Rounding;
use runtime::{Clock, wording};
use wire::body::exchange::{ExchangeQuoteAnswer, ExchangeQuoteRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::endpoint::{amount, currency};
use crate::indication;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<ExchangeQuoteRequest, ExchangeQuoteAnswer> = Endpoint {
    role: None,
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: ExchangeQuoteAnswer::new,
};

async fn answer(
    api: &Api,
    _: &Caller,
    request: ExchangeQuoteRequest,
) -> Result<ExchangeQuoteAnswer, Outcome> {
    let stated = request.payment_currency().map_err(|malformed| Outcome::from(&malformed))?;
    let payee = currency(stated, "paymentCurrency")?;
    let payer = currency(request.pay_to_currency, "payToCurrency")?;
    let asked = request.payment_amount.as_ref().map(|asked| amount(asked, "paymentAmount")).transpose()?;
    let now = Clock.now();
    let found =
        api.gate.ask(move |engine| indication::cheapest(engine, payee, payer, now)).await.map_err(busy)?;
    let quote = found.ok_or_else(|| Outcome::of(ResultCode::ExchangeRateUnavailable))?;
    let mut answer = ExchangeQuoteAnswer::new(Outcome::success());
    answer.pay_to_amount =
        asked.and_then(|asked| quote.rate.convert(asked, Rounding::HalfEven).ok()).and_then(wording::amount);
    answer.payment_quote = Some(wording::quote_as(&quote, format!("I{}", now.0), false));
    Ok(answer)
}
