//! A load on a network that runs already: as one of the demo's acquirers and one of its wallets, with the credentials
//! that the demo writes.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use members::{Acquirer, Credentials, Line, Network, Wallet};
use serde_json::Value;
use wire::body::amount::CurrencyCode;
use wire::signature::Scheme;
use wire::{ClientId, KeyVersion, PrivateKey, PublicKey};

use super::offer::{self, Measured, Offer, Till};

/// Codes of one request, and so of one payer.
const CODES_AT_ONCE: usize = 10;
/// Small bills, so that the demo's prefunding lasts: smallest and span in minor units.
const BILL: (u64, u64) = (100, 400);

/// The two members whose part the load takes.
pub(crate) struct Visit {
    acquirer: Arc<Acquirer>,
    wallet: Wallet,
    till: Till,
}

impl Visit {
    /// Reads the file of `demo --write-credentials`.
    pub(crate) fn read(file: &Path, scheme: Scheme) -> anyhow::Result<Visit> {
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let all: Value =
            serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
        Visit::of(&all, scheme).with_context(|| format!("in {}", file.display()))
    }

    fn of(all: &Value, scheme: Scheme) -> anyhow::Result<Visit> {
        let network = network(all)?;
        let (acquirer, wallet) = (&all["acquirers"][0], &all["wallets"][0]);
        let credentials_of_acquirer = credentials(acquirer).context("the first of `acquirers`")?;
        let credentials_of_wallet = credentials(wallet).context("the first of `wallets`")?;
        let merchant = &acquirer["merchant"];
        let till = Till {
            merchant: text(merchant, "referenceMerchantId")?.to_owned(),
            store: text(merchant, "referenceStoreId")?.to_owned(),
            currency: currency(acquirer)?,
            bill: BILL,
            run: format!("load-{}", hop::now_ms()),
        };
        let line = Line::new(&credentials_of_acquirer, &network, scheme);
        let acquirer = Arc::new(Acquirer::new(&credentials_of_acquirer, line));
        let line = Line::new(&credentials_of_wallet, &network, scheme);
        let wallet = Wallet::new(&credentials_of_wallet, line, currency(wallet)?);
        Ok(Visit { acquirer, wallet, till })
    }

    /// Complete payments, each payer's ten at a time.
    pub(crate) async fn load(&self, offer: &Offer) -> anyhow::Result<Measured> {
        let bar = ProgressBar::new(offer.count() as u64).with_style(
            ProgressStyle::with_template("{bar:40} {pos}/{len} codes").expect("the template is well formed"),
        );
        let mut codes = Vec::with_capacity(offer.count());
        while codes.len() < offer.count() {
            let payer = format!("load-{}", codes.len() / CODES_AT_ONCE);
            let issued = self.wallet.codes(&payer, CODES_AT_ONCE as u8).await?;
            codes.extend(issued.into_iter().map(|issued| issued.payment_code.to_string()));
            bar.set_position(codes.len() as u64);
        }
        bar.finish_and_clear();
        codes.truncate(offer.count());
        offer::run(offer, &self.acquirer, &self.till, codes).await
    }
}

fn text<'a>(of: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    of[name].as_str().with_context(|| format!("`{name}` is missing or no text"))
}

fn currency(of: &Value) -> anyhow::Result<CurrencyCode> {
    CurrencyCode::parse(text(of, "currency")?).context("`currency` is not three capital letters")
}

fn network(all: &Value) -> anyhow::Result<Network> {
    let network = &all["network"];
    let key = |name: &str| match PublicKey::from_pem(text(network, name)?) {
        Ok(key) => Ok(key),
        Err(refused) => bail!("`{name}`: {refused}"),
    };
    Ok(Network {
        base_url: Arc::from(text(all, "baseUrl")?),
        client_id: ClientId::parse(text(network, "clientId")?).context("`clientId` of the network")?,
        key_version: KeyVersion::parse(text(network, "keyVersion")?)
            .context("`keyVersion` of the network")?,
        rsa: key("rsaPublicKeyPem")?,
        ed25519: key("ed25519PublicKeyPem")?,
    })
}

fn credentials(member: &Value) -> anyhow::Result<Credentials> {
    let key = |name: &str| match PrivateKey::from_pem(text(member, name)?) {
        Ok(key) => Ok(key),
        Err(refused) => bail!("`{name}`: {refused}"),
    };
    Ok(Credentials {
        client_id: ClientId::parse(text(member, "clientId")?).context("`clientId`")?,
        key_version: KeyVersion::parse(text(member, "keyVersion")?).context("`keyVersion`")?,
        rsa: key("rsaPrivateKeyPem")?,
        ed25519: key("ed25519PrivateKeyPem")?,
    })
}
