//! UPI payment links of India (NPCI, UPI Linking Specification 1.6).

use super::{Content, Link, encoded};
use crate::Malformed;
use crate::finding::{Finding, NationalRule, Rule, Severity};
use crate::merchant::Amount;
use crate::profile::{Scheme, bharatqr, shortened};

/// A UPI payment link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upi {
    /// Address paid to, `name@handle` (pa).
    pub address: String,
    /// Name of the payee (pn).
    pub name: Option<String>,
    /// Amount in rupees (am); without one the payer enters it.
    pub amount: Option<Amount>,
    /// Least amount (mam).
    pub amount_min: Option<Amount>,
    /// Merchant category code (mc).
    pub category: Option<String>,
    /// Reference of the payment (tr).
    pub reference: Option<String>,
    /// Note for the payer (tn).
    pub note: Option<String>,
    /// Link to the bill (url).
    pub bill_link: Option<String>,
}

/// Longest reference, in characters.
const REFERENCE_MAX: usize = 35;

pub(super) fn read(link: &Link) -> (Content, Vec<Finding>) {
    let mut findings = Findings(Vec::new());
    if !link.host().eq_ignore_ascii_case("pay") {
        let message =
            format!("“{}” is not a payment; a UPI link to pay begins with upi://pay", shortened(link.host()));
        findings.error(NationalRule::Form, link.scheme().len() + 3, message);
    }
    let mut upi = Upi::default();
    for (at, name, value) in link.query() {
        match name.as_str() {
            "pa" => {
                if !bharatqr::is_address(&value) {
                    let message = format!(
                        "The payee address must be name@bank, not “{}”; correct it",
                        shortened(&value)
                    );
                    findings.error(NationalRule::Form, at, message);
                }
                upi.address = value;
            }
            "pn" => upi.name = Some(value),
            "am" => upi.amount = findings.amount(at, &value),
            "mam" => upi.amount_min = findings.amount(at, &value),
            "cu" if !value.eq_ignore_ascii_case("INR") => {
                findings.error(NationalRule::Currency, at, "UPI pays in rupees only; write cu=INR");
            }
            "mc" => {
                if value.len() != 4 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    findings.warn(
                        NationalRule::Form,
                        at,
                        "The merchant category (mc) must be four digits; correct it",
                    );
                }
                upi.category = Some(value);
            }
            "tr" => {
                if value.chars().count() > REFERENCE_MAX {
                    findings.error(
                        NationalRule::Form,
                        at,
                        "The reference (tr) must have at most 35 characters; shorten it",
                    );
                }
                upi.reference = Some(value);
            }
            "tn" => upi.note = Some(value),
            "url" => upi.bill_link = Some(value),
            _ => {}
        }
    }
    if upi.address.is_empty() {
        findings.error(
            NationalRule::Presence,
            0,
            "The payee address (pa) is missing; without it nobody can be paid",
        );
    }
    if upi.name.is_none() {
        findings.warn(
            NationalRule::Presence,
            0,
            "The payee name (pn) is missing; the payer sees no name to check",
        );
    }
    (Content::Upi(upi), findings.0)
}

struct Findings(Vec<Finding>);

impl Findings {
    fn amount(&mut self, at: usize, value: &str) -> Option<Amount> {
        let amount =
            Amount::parse(value).ok().filter(|amount| amount.minor_units(2).is_some_and(|minor| minor > 0));
        if amount.is_none() && !value.is_empty() {
            self.error(
                NationalRule::Amount,
                at,
                "The amount must be rupees with at most two decimals, above zero; correct it",
            );
        }
        amount
    }

    fn error(&mut self, rule: NationalRule, at: usize, message: impl Into<String>) {
        let rule = Rule::National(Scheme::Upi, rule);
        self.0.push(Finding { severity: Severity::Error, at, rule, message: message.into() });
    }

    fn warn(&mut self, rule: NationalRule, at: usize, message: impl Into<String>) {
        let rule = Rule::National(Scheme::Upi, rule);
        self.0.push(Finding { severity: Severity::Warning, at, rule, message: message.into() });
    }
}

impl Upi {
    /// Writes the link.
    pub fn to_link(&self) -> Result<Link, Malformed> {
        let mut text = format!("upi://pay?pa={}", encoded(&self.address));
        let amount = |amount: Option<Amount>| amount.map(|amount| amount.as_str().to_owned());
        let pairs = [
            ("pn", self.name.clone()),
            ("mc", self.category.clone()),
            ("tr", self.reference.clone()),
            ("tn", self.note.clone()),
            ("am", amount(self.amount)),
            ("mam", amount(self.amount_min)),
            ("cu", Some("INR".to_owned())),
            ("url", self.bill_link.clone()),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                text.push_str(&format!("&{name}={}", encoded(&value)));
            }
        }
        Link::parse(&text)
    }

    /// The fields by name.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let amount = |amount: Option<Amount>| amount.map(|amount| amount.as_str().to_owned());
        let others = [
            ("name", self.name.clone()),
            ("amount", amount(self.amount)),
            ("amount_min", amount(self.amount_min)),
            ("category", self.category.clone()),
            ("reference", self.reference.clone()),
            ("note", self.note.clone()),
            ("bill_link", self.bill_link.clone()),
        ];
        let address = std::iter::once(("address", self.address.clone()));
        address.chain(others.into_iter().filter_map(|(name, value)| Some((name, value?)))).collect()
    }
}
