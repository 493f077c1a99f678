//! The floor: a relay that makes the same signed hops with the same code and bodies of the same shape, and decides and
//! stores nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hop::{Answer, Call, Courier, Door, Peer, Received, Service, plain};
use hyper::StatusCode;
use tokio::net::TcpListener;
use wire::body;
use wire::body::amount::{CurrencyPair, Price};
use wire::body::outcome::{Outcome, Verdict};
use wire::body::pay::{PayAnswer, PayRequest};
use wire::body::quote::Quote;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Instant, Text, Truth};
use wire::body::wallet::{WalletPayAnswer, WalletPayRequest};
use wire::signature::{Freshness, NoKey, Scheme};
use wire::{ClientId, KeyVersion, PublicKey};

use super::site::{ACQUIRER, Parties, WALLET};

/// The relay's process, started by `load`.
#[derive(clap::Args)]
pub(crate) struct Relay {
    /// The load's directory
    directory: PathBuf,
    /// Where the wallet is
    wallet: String,
    /// `rfc9421` or `alipay`
    scheme: String,
}

impl Relay {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let parties = Parties::read(&self.directory)?;
        let scheme = if self.scheme == "alipay" { Scheme::Alipay } else { Scheme::Rfc9421 };
        let identity = parties.network_identity()?;
        let wallet_key = parties.public_key(WALLET, scheme)?;
        let wallet = Peer {
            client_id: ClientId::parse(WALLET).context("the wallet's client id")?,
            base_url: Arc::from(self.wallet.as_str()),
            scheme,
            find_key: Arc::new(move |_: Scheme, _: KeyVersion| Some(wallet_key.clone())),
        };
        let service = Arc::new(RelayService {
            door: Door::new(identity.clone(), Freshness::default()),
            courier: Courier::new(identity),
            acquirer: parties.public_key(ACQUIRER, scheme)?,
            wallet,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
        let serving = hop::serve(listener, None, service)?;
        println!("{}", serving.address);
        tokio::signal::ctrl_c().await?;
        Ok(())
    }
}

struct RelayService {
    door: Door,
    courier: Courier,
    acquirer: PublicKey,
    wallet: Peer,
}

impl Service for RelayService {
    async fn answer(&self, received: Received) -> Answer {
        let key = |client_id: &ClientId, _: Scheme, _: KeyVersion| match client_id.as_str() {
            ACQUIRER => Ok(self.acquirer.clone()),
            _ => Err(NoKey::UnknownClient),
        };
        let verified = match self.door.admit(&received, key) {
            Ok(verified) => verified,
            Err(refused) => return plain(StatusCode::UNAUTHORIZED, &refused.refused.to_string()),
        };
        let answer = match body::parse::<PayRequest>(&received.body) {
            Ok(request) => self
                .relay(request)
                .await
                .unwrap_or_else(|| PayAnswer::new(Outcome::of(ResultCode::UnknownException))),
            Err(malformed) => PayAnswer::new(Outcome::from(&malformed)),
        };
        self.door.answer(&verified.exchange, body::write(&answer))
    }
}

impl RelayService {
    async fn relay(&self, request: PayRequest) -> Option<PayAnswer> {
        let key = Id::<64>::try_new(format!("P{:>018}", request.payment_request_id.len())).ok()?;
        let quote = quote(&request)?;
        let mut asked = WalletPayRequest::new(
            request.payment_request_id.clone(),
            request.payment_request_id.clone(),
            request.order.clone(),
            request.payment_amount.clone(),
            request.payment_amount.clone(),
            request.payment_method.clone(),
            request.payment_factor.clone(),
        );
        asked.payment_quote = Some(quote.clone());
        asked.payment_expiry_time = Some(Instant(hop::now_ms() + 60_000));
        asked.payment_method.customer_id = Id::try_new("user-1").ok();
        let call = Call {
            path: "/v1/payments/pay",
            idempotency_key: Some(&request.payment_request_id),
            deadline_ms: 6_000,
            body: body::write(&asked),
        };
        let said = tokio::time::timeout(Duration::from_secs(7), self.courier.call(&self.wallet, call)).await;
        let said: WalletPayAnswer = body::parse(&said.ok()?.ok()?).ok()?;
        let outcome = match said.result.verdict() {
            Verdict::Done => Outcome::success(),
            Verdict::Failed(_) | Verdict::Unknown => Outcome::of(ResultCode::ProcessFail),
        };
        let mut answer = PayAnswer::new(outcome);
        answer.payment_request_id = Some(request.payment_request_id);
        answer.payment_id = Some(key);
        answer.actual_payment_amount = Some(request.payment_amount.clone());
        answer.payment_amount = Some(request.payment_amount);
        answer.payment_create_time = Some(Instant(hop::now_ms()));
        answer.payment_time = Some(Instant(hop::now_ms()));
        answer.acquirer_id = ClientId::parse(ACQUIRER);
        answer.psp_id = ClientId::parse(WALLET);
        answer.wallet_brand_name = Some(Text::cut("Load Wallet"));
        answer.customer_id = Id::try_new("user-1").ok();
        answer.payment_quote = Some(quote);
        Some(answer)
    }
}

fn quote(request: &PayRequest) -> Option<Quote> {
    let currency = request.payment_amount.currency;
    let pair = CurrencyPair { base: currency, quote: currency };
    let mut quote =
        Quote::new(Id::try_new("P000000000000000001Q1").ok()?, pair, Price::try_new("8.125000").ok()?);
    quote.quote_start_time = Some(Instant(hop::now_ms()));
    quote.quote_expiry_time = Some(Instant(hop::now_ms() + 90_000));
    quote.base_currency = Some(currency);
    quote.guaranteed = Some(Truth(true));
    Some(quote)
}
