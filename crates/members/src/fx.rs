//! An FX provider: pushes standing offers that wander a little, as a market does, from one seed.

use std::time::Duration;

use hop::CallFailed;
use wire::body::amount::{CurrencyPair, MinorOrZero, Price};
use wire::body::outcome::Outcome;
use wire::body::rates::{RateOffer, RatesAnswer, RatesRequest};
use wire::body::scalar::{Instant, List};

use crate::line::Line;

/// Offers hold this long: longer than a payer may look at a merchant's code.
const VALID_MS: u64 = 15 * 60_000;
const DEADLINE_MS: u32 = 5_000;
/// Decimals of the prices pushed.
const DECIMALS: u32 = 6;

/// What a provider makes prices for.
#[derive(Clone, Debug)]
pub struct Market {
    /// The pair and its middle price in millionths.
    pub pairs: Vec<(CurrencyPair, u64)>,
    /// What the provider earns, in parts per million of the price.
    pub margin_ppm: u64,
    /// How much it takes at each price, in minor units of the payer's currency.
    pub size_minor: u64,
}

impl Market {
    /// Moves every price by up to 0.05 % either way.
    fn wander(&mut self, random: &mut fastrand::Rng) {
        for (_, price) in &mut self.pairs {
            *price = (*price * (999_500 + random.u64(0..=1_000)) / 1_000_000).max(1);
        }
    }

    fn offers(&self, now_ms: u64) -> Vec<RateOffer> {
        let offer = |(pair, middle): &(CurrencyPair, u64)| {
            let price = (middle * (1_000_000 + self.margin_ppm) / 1_000_000).max(1);
            let unit = 10_u64.pow(DECIMALS);
            let text = format!("{}.{:0width$}", price / unit, price % unit, width = DECIMALS as usize);
            let price = Price::try_new(&text).ok()?;
            let size = MinorOrZero::try_new(self.size_minor).ok()?;
            Some(RateOffer::new(*pair, price, size, Instant(now_ms + VALID_MS)))
        };
        self.pairs.iter().filter_map(offer).collect()
    }

    /// Pushes the present offers once.
    pub async fn push(&self, line: &Line) -> Result<Outcome, CallFailed> {
        let request = RatesRequest::new(List::cut(self.offers(hop::now_ms())));
        let answer: RatesAnswer = line.ask("fx/rates", None, DEADLINE_MS, &request).await?;
        Ok(answer.result)
    }
}

/// Pushes offers every `pace`, for ever. A push that fails is made up by the next one.
pub async fn push_rates(line: Line, mut market: Market, pace: Duration, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    loop {
        if let Err(failed) = market.push(&line).await {
            tracing::debug!(%failed, "rates were not pushed");
        }
        tokio::time::sleep(pace).await;
        market.wander(&mut random);
    }
}
