//! What can be said about a merchant-presented code: EMVCo's rules for the root, the readings of the schemes it
//! carries, and from both whether it can be paid.

use super::{Context, Report, Value, country, template};
use crate::Defect;
use crate::finding::{Finding, MerchantRule, NationalRule, Rule, Severity};
use crate::merchant::{Code, Initiation, Object, Tip, name};
use crate::profile::{self, Reading, capital, shortened};

/// What a payload should not exceed, in characters.
const PAYLOAD_MAX: usize = 512;

pub(super) fn lint(text: &str, context: &Context, report: &mut Report) {
    let (code, defects) = match Code::examine(text) {
        Ok(examined) => examined,
        Err(malformed) => return report.findings.push(malformed.into()),
    };
    let counts_bytes = !text.is_ascii() && template::counts_bytes(text);
    let mut findings: Vec<(Option<u8>, Finding)> = Vec::new();
    for defect in &defects {
        let mut finding = Finding::from(*defect);
        if counts_bytes && breaks_off(defect.defect) {
            finding.message.push_str("; its lengths count bytes where they must count characters");
        }
        findings.push((None, finding));
    }
    let is_whole = defects.is_empty();
    Root { code: &code, findings: &mut findings }.check(text, is_whole);
    let mut readings = readings(&code, context);
    if !is_whole {
        // What seems to be missing may stand behind the break.
        let says_missing =
            |finding: &Finding| matches!(finding.rule, Rule::National(_, NationalRule::Presence));
        readings.iter_mut().for_each(|reading| reading.findings.retain(|finding| !says_missing(finding)));
    }
    report.accepted = is_whole && is_payable(&code, &readings, &findings);
    settle(&readings, report.accepted, &mut findings);
    report.profiles = distinct(&readings);
    report.fields = fields(&code, &readings);
    report.findings = findings.into_iter().map(|(_, finding)| finding).collect();
    report.findings.extend(readings.into_iter().flat_map(|reading| reading.findings));
}

/// Whether a defect can come from a length that counts something else than characters.
fn breaks_off(defect: Defect) -> bool {
    use Defect::{ChecksumMissing, IdentifierNotDigits, LengthNotDigits, Truncated};
    matches!(defect, Truncated { .. } | IdentifierNotDigits | LengthNotDigits { .. } | ChecksumMissing)
}

fn readings(code: &Code, context: &Context) -> Vec<Reading> {
    let mut readings = profile::read(code);
    for reading in &mut readings {
        let expires_at = reading.profile.as_ref().and_then(|profile| profile.expires_at());
        if expires_at.zip(context.now).is_some_and(|(expires_at, now)| expires_at < now) {
            reading.findings.push(Finding {
                severity: Severity::Error,
                at: reading.at,
                rule: Rule::National(reading.scheme, NationalRule::Expiry),
                message: "The code has expired; ask the merchant for a new one".to_owned(),
            });
        }
    }
    readings
}

/// Whether at least one account can be paid: a scheme's own by its reading, any other by the standard.
fn is_payable(code: &Code, readings: &[Reading], findings: &[(Option<u8>, Finding)]) -> bool {
    let by_scheme = readings.iter().any(|reading| {
        let stops = |(id, finding): &(Option<u8>, Finding)| {
            finding.severity == Severity::Error && !reading.scheme.allows(finding.rule, id.unwrap_or(u8::MAX))
        };
        reading.scheme.is_payable() && reading.is_accepted() && !findings.iter().any(stops)
    });
    let foreign = code.accounts().any(|account| {
        let named = account.id() < 26 || account.guid().is_some();
        named && profile::scheme_of(code, account.object()).is_none()
    });
    by_scheme || foreign && !findings.iter().any(|(_, finding)| finding.severity == Severity::Error)
}

/// Lowers errors that an accepting scheme allows, so that an accepted code shows why it is accepted.
fn settle(readings: &[Reading], accepted: bool, findings: &mut [(Option<u8>, Finding)]) {
    if !accepted {
        return;
    }
    for (id, finding) in findings.iter_mut().filter(|(_, finding)| finding.severity == Severity::Error) {
        let allows = |reading: &&Reading| reading.scheme.allows(finding.rule, id.unwrap_or(u8::MAX));
        if let Some(reading) = readings.iter().find(allows) {
            finding.severity = Severity::Warning;
            finding.message.push_str(&format!(" ({} allows this)", reading.scheme));
        }
    }
}

fn distinct(readings: &[Reading]) -> Vec<profile::Scheme> {
    let mut schemes = Vec::new();
    for reading in readings {
        if !schemes.contains(&reading.scheme) {
            schemes.push(reading.scheme);
        }
    }
    schemes
}

/// The rules of the root level.
struct Root<'a> {
    code: &'a Code,
    findings: &'a mut Vec<(Option<u8>, Finding)>,
}

impl Root<'_> {
    fn check(&mut self, text: &str, is_whole: bool) {
        let characters = text.chars().count();
        if characters > PAYLOAD_MAX {
            let message = format!(
                "The code has {characters} characters; above {PAYLOAD_MAX} cameras struggle; shorten it"
            );
            self.note(Severity::Notice, None, MerchantRule::PayloadLength, 0, message);
        }
        // What is missing from a code that breaks off is no news.
        if is_whole {
            self.check_presence();
        }
        self.check_conventions(text, is_whole);
        self.check_money();
        for object in self.code.objects() {
            template::check(self.code, object, self.findings);
        }
    }

    fn check_presence(&mut self) {
        for id in [52, 53, 58, 59, 60] {
            if self.code.object(id).is_none() {
                let message = format!("{} (object {id:02}) is missing; add it", capital(name(id)));
                self.note(Severity::Error, Some(id), MerchantRule::Presence, 0, message);
            }
        }
        if self.code.accounts().next().is_none() {
            let message =
                "The code names no account to pay to (objects 02 to 51); ask your bank for a new code";
            self.note(Severity::Error, None, MerchantRule::Account, 0, message);
        }
    }

    fn check_conventions(&mut self, text: &str, is_whole: bool) {
        if let Some(object) = self.code.object(0).filter(|object| object.value() != "01") {
            let message = format!(
                "The payload format must be 01, not {}; ask your bank for a new code",
                shortened(object.value())
            );
            self.note(Severity::Error, Some(0), MerchantRule::FormatValue, object.at(), message);
        }
        if let Some(object) = self.code.object(1).filter(|_| self.code.initiation().is_none()) {
            let message = "The point of initiation must be 11 (used often) or 12 (used once); correct it";
            self.note(Severity::Warning, Some(1), MerchantRule::Initiation, object.at(), message);
        }
        if is_whole && !text.ends_with(self.code.checksum()) {
            let at = self.code.object(63).map_or(0, Object::at) + 4;
            let message = "The checksum should be in capital letters; some wallets refuse small ones";
            self.note(Severity::Warning, Some(63), MerchantRule::ChecksumForm, at, message);
        }
        if let Some(object) = self.code.object(58).filter(|object| !country::is_country(object.value())) {
            let message = format!(
                "“{}” is no country code of two capital letters, such as CN; correct it",
                shortened(object.value())
            );
            self.note(Severity::Warning, Some(58), MerchantRule::Country, object.at(), message);
        }
    }

    fn check_money(&mut self) {
        let currency = self.code.currency();
        if let (Some(object), Some(unknown)) =
            (self.code.object(53), currency.filter(|one| one.exponent().is_none()))
        {
            let message = format!(
                "No currency has the number {:03}; write that of ISO 4217, such as 156",
                unknown.numeric()
            );
            self.note(Severity::Error, Some(53), MerchantRule::Currency, object.at(), message);
        }
        for id in [54, 56] {
            let rule = if id == 54 { MerchantRule::Amount } else { MerchantRule::FixedFee };
            let Some(object) = self.code.object(id) else { continue };
            let Ok(amount) = crate::merchant::Amount::parse(object.value()) else { continue };
            if amount.is_zero() {
                let message = format!(
                    "{} must not be zero; leave object {id:02} out to let the payer enter it",
                    capital(name(id))
                );
                self.note(Severity::Error, Some(id), rule, object.at(), message);
            }
            let Some((currency, exponent)) = currency.and_then(|one| Some((one, one.exponent()?))) else {
                continue;
            };
            if amount.minor_units(exponent).is_none() {
                let message = format!(
                    "{} {amount} has more decimals than {currency} ({exponent}); round it",
                    capital(name(id))
                );
                self.note(Severity::Error, Some(id), MerchantRule::AmountDecimals, object.at(), message);
            } else if amount.decimals() > usize::try_from(exponent).unwrap_or(usize::MAX) {
                let message =
                    format!("{currency} has {exponent} decimals; write no more, though they are zero");
                self.note(Severity::Notice, Some(id), MerchantRule::AmountDecimals, object.at(), message);
            }
        }
        for (id, announced, rule) in
            [(56, "02", MerchantRule::FixedFee), (57, "03", MerchantRule::FeePercentage)]
        {
            if let Some(object) = self.code.object(id).filter(|_| self.code.value(55) != Some(announced)) {
                let message = format!(
                    "{} is there but object 55 is not {announced}, so wallets differ on what to charge; correct it",
                    capital(name(id))
                );
                self.note(Severity::Error, Some(id), rule, object.at(), message);
            }
        }
    }

    fn note(
        &mut self,
        severity: Severity,
        id: Option<u8>,
        rule: MerchantRule,
        at: usize,
        message: impl Into<String>,
    ) {
        let finding = Finding { severity, at, rule: Rule::Merchant(rule), message: message.into() };
        self.findings.push((id, finding));
    }
}

fn fields(code: &Code, readings: &[Reading]) -> Vec<(&'static str, Value)> {
    let mut fields = Vec::new();
    let mut text = |name: &'static str, value: Option<String>| {
        fields.extend(value.map(|value| (name, Value::Text(value))));
    };
    let initiation = code.initiation().map(|initiation| match initiation {
        Initiation::Static => "static",
        Initiation::Dynamic => "dynamic",
    });
    text("initiation", initiation.map(str::to_owned));
    text("category", code.category().map(str::to_owned));
    text("currency", code.currency().map(|currency| currency.to_string()));
    text("amount", code.amount().map(|amount| amount.to_string()));
    text(
        "tip",
        code.tip().map(|tip| match tip {
            Tip::Prompt => "prompt".to_owned(),
            Tip::Fixed(fee) => fee.to_string(),
            Tip::Percent(fee) => format!("{fee}%"),
        }),
    );
    text("country", code.country().map(str::to_owned));
    text("name", code.name().map(str::to_owned));
    text("city", code.city().map(str::to_owned));
    text("postal_code", code.postal_code().map(str::to_owned));
    if let Some(data) = code.additional() {
        text("bill", data.bill().map(str::to_owned));
        text("reference", data.reference().map(str::to_owned));
        text("store", data.store().map(str::to_owned));
        text("terminal", data.terminal().map(str::to_owned));
        text("purpose", data.purpose().map(str::to_owned));
    }
    if let Some(language) = code.language() {
        text("local_name", Some(language.name().to_owned()));
        text("local_city", language.city().map(str::to_owned));
    }
    let accounts = code.accounts().map(|account| template::account(code, account.object()));
    fields.push(("accounts", Value::List(accounts.collect())));
    let profiles = readings.iter().filter_map(|reading| {
        let own = reading.profile.as_ref()?.fields();
        Some((reading.scheme.name().to_owned(), Value::map(own)))
    });
    fields.push(("profiles", Value::Map(profiles.collect())));
    fields
}
