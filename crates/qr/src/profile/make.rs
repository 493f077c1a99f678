//! Makes national codes from typed fields, with what each scheme expects around them.

use super::{Profile, Scheme, read};
use crate::Currency;
use crate::finding::{Finding, Severity};
use crate::merchant::{AdditionalData, Amount, Builder, Code, Initiation};

/// What stands around the fields of a scheme. What is not given takes the scheme's usual value or is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Details<'a> {
    /// Amount; without one the payer enters it.
    pub amount: Option<Amount>,
    /// Currency; without one the scheme's first.
    pub currency: Option<Currency>,
    /// Merchant category code.
    pub category: Option<&'a str>,
    /// Merchant name.
    pub name: Option<&'a str>,
    /// Merchant city.
    pub city: Option<&'a str>,
    /// Postal code.
    pub postal_code: Option<&'a str>,
    /// Whether the code serves once; without it, once if there is an amount.
    pub initiation: Option<Initiation>,
    /// Bill, terminal and the like.
    pub additional: AdditionalData<'a>,
}

/// Makes a code of one scheme. Refuses, with the findings, what the scheme itself would refuse to read.
///
/// ```
/// use qr::profile::{Details, Profile, make, promptpay::{PromptPay, Proxy}};
/// let profile = Profile::PromptPay(PromptPay::Transfer(Proxy::thai_mobile("081-234-5678")));
/// let code = make(&profile, &Details::default()).expect("a mobile number is all it needs");
/// assert_eq!(code.account("A000000677010111").and_then(|account| account.text(1)), Some("0066812345678"));
/// ```
pub fn make(profile: &Profile, details: &Details<'_>) -> Result<Code, Vec<Finding>> {
    let code = build(profile, details).map_err(|malformed| vec![Finding::from(malformed)])?;
    let errors: Vec<Finding> = read(&code)
        .into_iter()
        .flat_map(|reading| reading.findings)
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    if errors.is_empty() { Ok(code) } else { Err(errors) }
}

fn build(profile: &Profile, details: &Details<'_>) -> Result<Code, crate::Malformed> {
    let scheme = profile.scheme();
    let (country, currencies) = scheme.home().unwrap_or(("", &[]));
    let usual = usual(scheme);
    let once = if details.amount.is_some() { Initiation::Dynamic } else { Initiation::Static };
    let mut builder = Builder::of_version(if scheme == Scheme::DuitNow { "02" } else { "01" })
        .initiation(details.initiation.unwrap_or(once));
    if let Profile::BharatQr(bharat) = profile {
        for (id, value) in bharat.objects() {
            builder = builder.object(id, &value);
        }
    }
    let (accounts, trailing): (Vec<_>, Vec<_>) =
        profile.templates().into_iter().partition(|(id, _)| *id < 52);
    for (id, template) in accounts {
        builder = builder.template(id, template);
    }
    if let Some(category) = details.category.or(usual.category) {
        builder = builder.category(category);
    }
    builder = match details.currency {
        Some(currency) => builder.currency(currency),
        None => builder.object(53, currencies.first().copied().unwrap_or_default()),
    };
    if let Some(amount) = details.amount {
        builder = builder.amount(amount);
    }
    builder = builder.country(country);
    for (id, value) in
        [(59, details.name.or(usual.name)), (60, details.city.or(usual.city)), (61, details.postal_code)]
    {
        if let Some(value) = value {
            builder = builder.object(id, value);
        }
    }
    let mut additional = details.additional;
    additional.reference = additional.reference.or(usual.reference);
    builder = builder.additional(additional);
    for (id, template) in trailing {
        builder = builder.template(id, template);
    }
    builder.build()
}

/// What a scheme writes where nothing is given; nothing where it leaves the object out.
#[derive(Default)]
struct Usual {
    category: Option<&'static str>,
    name: Option<&'static str>,
    city: Option<&'static str>,
    reference: Option<&'static str>,
}

fn usual(scheme: Scheme) -> Usual {
    let none = Usual::default();
    match scheme {
        Scheme::PayNow | Scheme::Sgqr => {
            Usual { category: Some("0000"), name: Some("NA"), city: Some("Singapore"), ..none }
        }
        Scheme::Fps => Usual { category: Some("0000"), name: Some("NA"), city: Some("HK"), ..none },
        Scheme::Pix => Usual { category: Some("0000"), reference: Some("***"), ..none },
        Scheme::PromptPay | Scheme::VietQr | Scheme::LaoQr => none,
        _ => Usual { category: Some("0000"), ..none },
    }
}
