//! `sojourn qr make`: makes a code from arguments, by the standard or by a national scheme, and puts it out.

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use qr::merchant::{AdditionalData, Amount, Builder, Initiation, Template};
use qr::{Currency, Issuer, PaymentCode, consumer};

use super::draw::Drawing;
use super::national::National;

/// Arguments of `sojourn qr make`.
#[derive(Args)]
pub(super) struct Make {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    drawing: Drawing,
}

/// Kinds of code that can be made.
#[derive(Subcommand)]
enum What {
    /// A merchant-presented code by EMVCo
    Merchant(Merchant),
    /// A consumer-presented code by EMVCo
    Consumer(Consumer),
    /// A payment code of 24 digits
    PaymentCode(Payment),
    /// Any text, as it is
    Text {
        /// The text to draw
        text: String,
    },
    #[command(flatten)]
    National(National),
}

impl Make {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let payload = match self.what {
            What::Merchant(merchant) => merchant.payload()?,
            What::Consumer(consumer) => consumer.payload()?,
            What::PaymentCode(payment) => payment.payload()?,
            What::Text { text } => text,
            What::National(national) => national.payload()?,
        };
        self.drawing.put(&payload)
    }
}

/// Arguments of `sojourn qr make merchant`.
#[derive(Args)]
struct Merchant {
    /// Owner of the account: reverse domain name, AID or UUID
    #[arg(long, value_name = "GUID")]
    owner: String,
    /// A field of the account, such as 03=01J9ZK3E8Q; may be given again
    #[arg(long = "field", value_name = "ID=VALUE")]
    fields: Vec<String>,
    /// Object the account stands in, 26 to 51
    #[arg(long, default_value_t = 26, value_parser = clap::value_parser!(u8).range(26..=51))]
    account: u8,
    /// Country, two letters
    #[arg(long)]
    country: String,
    #[command(flatten)]
    around: Around,
    /// Language of the local name, two letters
    #[arg(long, requires = "local_name")]
    language: Option<String>,
    /// Merchant name in that language
    #[arg(long, requires = "language")]
    local_name: Option<String>,
    /// Merchant city in that language
    #[arg(long, requires = "language")]
    local_city: Option<String>,
}

/// What stands around an account, in every kind of merchant-presented code.
#[derive(Args)]
pub(super) struct Around {
    /// Amount; without it the payer enters one
    #[arg(long)]
    amount: Option<String>,
    /// Currency, three letters
    #[arg(long)]
    currency: Option<String>,
    /// Merchant category code, four digits
    #[arg(long)]
    category: Option<String>,
    /// Merchant name
    #[arg(long)]
    name: Option<String>,
    /// Merchant city
    #[arg(long)]
    city: Option<String>,
    /// Postal code
    #[arg(long)]
    postal_code: Option<String>,
    /// Say that the code serves once, even without an amount
    #[arg(long)]
    once: bool,
    /// Bill number
    #[arg(long)]
    bill: Option<String>,
    /// Reference
    #[arg(long)]
    reference: Option<String>,
    /// Store
    #[arg(long)]
    store: Option<String>,
    /// Terminal
    #[arg(long)]
    terminal: Option<String>,
    /// Purpose
    #[arg(long)]
    purpose: Option<String>,
}

impl Merchant {
    fn payload(&self) -> anyhow::Result<String> {
        let around = &self.around;
        let mut template = Template::of(&self.owner);
        for field in &self.fields {
            let (id, value) = field.split_once('=').with_context(|| format!("“{field}” is not ID=VALUE"))?;
            let id: u8 = id.parse().with_context(|| format!("“{id}” is not an identifier of two digits"))?;
            template = template.object(id, value);
        }
        let amount = around.amount()?;
        let mut builder = Builder::new()
            .initiation(if amount.is_some() || around.once {
                Initiation::Dynamic
            } else {
                Initiation::Static
            })
            .template(self.account, template)
            .category(around.category.as_deref().unwrap_or("0000"))
            .currency(around.currency()?.context("a code needs --currency")?);
        if let Some(amount) = amount {
            builder = builder.amount(amount);
        }
        builder = builder
            .country(&self.country)
            .name(around.name.as_deref().context("a code needs --name")?)
            .city(around.city.as_deref().context("a code needs --city")?);
        if let Some(code) = &around.postal_code {
            builder = builder.postal_code(code);
        }
        builder = builder.additional(around.additional());
        if let (Some(language), Some(name)) = (&self.language, &self.local_name) {
            builder = builder.language(language, name, self.local_city.as_deref());
        }
        Ok(builder.build()?.as_str().to_owned())
    }
}

impl Around {
    pub(super) fn details(&self) -> anyhow::Result<qr::profile::Details<'_>> {
        Ok(qr::profile::Details {
            amount: self.amount()?,
            currency: self.currency()?,
            category: self.category.as_deref(),
            name: self.name.as_deref(),
            city: self.city.as_deref(),
            postal_code: self.postal_code.as_deref(),
            initiation: self.once.then_some(Initiation::Dynamic),
            additional: self.additional(),
        })
    }

    pub(super) fn amount(&self) -> anyhow::Result<Option<Amount>> {
        let parse = |text: &String| Amount::parse(text).with_context(|| format!("“{text}” is not an amount"));
        self.amount.as_ref().map(parse).transpose()
    }

    fn currency(&self) -> anyhow::Result<Option<Currency>> {
        let parse = |letters: &String| {
            Currency::from_alphabetic(&letters.to_uppercase())
                .ok_or_else(|| anyhow!("“{letters}” is not a currency of ISO 4217, such as CNY"))
        };
        self.currency.as_ref().map(parse).transpose()
    }

    fn additional(&self) -> AdditionalData<'_> {
        AdditionalData {
            bill: self.bill.as_deref(),
            store: self.store.as_deref(),
            reference: self.reference.as_deref(),
            terminal: self.terminal.as_deref(),
            purpose: self.purpose.as_deref(),
            ..Default::default()
        }
    }
}

/// Arguments of `sojourn qr make consumer`.
#[derive(Args)]
struct Consumer {
    /// Application name (AID) in hexadecimal, 5 to 16 bytes
    #[arg(long, value_name = "HEX")]
    application: String,
    /// Label that tills print
    #[arg(long)]
    label: Option<String>,
    /// Account number or payment token, up to 19 digits
    #[arg(long, value_name = "DIGITS")]
    token: String,
}

impl Consumer {
    fn payload(&self) -> anyhow::Result<String> {
        let name = from_hexadecimal(&self.application)?;
        let mut application = consumer::Application::new(&name);
        if let Some(label) = &self.label {
            application = application.label(label);
        }
        let token = consumer::AccountNumber::parse(&self.token)?;
        let code = consumer::Builder::new().application(application.account_number(token)).build()?;
        Ok(code.to_text())
    }
}

fn from_hexadecimal(text: &str) -> anyhow::Result<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        bail!("“{text}” is not an even number of hexadecimal digits");
    }
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16);
    (0..text.len())
        .step_by(2)
        .map(|at| byte(at).with_context(|| format!("“{text}” is not hexadecimal")))
        .collect()
}

/// Arguments of `sojourn qr make payment-code`.
#[derive(Args)]
struct Payment {
    /// Issuer, six digits
    #[arg(long, value_name = "DIGITS")]
    issuer: String,
    /// Unique number, up to sixteen digits
    #[arg(long, value_name = "NUMBER")]
    unique: u64,
}

impl Payment {
    fn payload(&self) -> anyhow::Result<String> {
        let issuer = Issuer::parse(&self.issuer).context("reading the issuer")?;
        Ok(PaymentCode::issue(issuer, self.unique)?.to_string())
    }
}
