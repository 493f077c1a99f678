//! What this network's codes look like: payment codes in digits and in EMVCo form, order and standing codes of
//! merchants, links. Reads back what it makes; which payment is meant is the switch's.

use directory::{Merchant, MerchantId};
use qr::consumer::{self, AccountNumber, Application, tag};
use qr::link::Link;
use qr::merchant::{self, AdditionalData, Amount, Initiation, Template};
use qr::{Currency, Issuer, Malformed, PaymentCode, PresentedCode};
use switch::{CodeNumber, Opened, PaymentId};

use runtime::number;

/// The network's identifier in merchant-presented codes (EMVCo MPM, template 26 to 51, object 00).
pub(crate) const GUID: &str = "org.sojourn";
/// The network's application in consumer-presented codes: a proprietary identifier (ISO/IEC 7816-5, category F).
const APPLICATION_NAME: &[u8] = b"\xF0SOJOURN";
const LABEL: &str = "SOJOURN";
/// The first template free for anybody's use.
const ACCOUNT: u8 = 26;
/// Objects of our template: the order, what proves it was seen, the merchant of a standing code, its store.
const ORDER: u8 = 1;
const TOKEN: u8 = 2;
const MERCHANT: u8 = 3;
const STORE: u8 = 4;
/// The path of links to orders.
const LINK_PATH: &str = "/entry/";
/// A store reference longer than this does not fit beside the rest of our template.
const STORE_LENGTH_MAX: usize = 48;

/// Our application's name in hexadecimal, as routing rules write it.
pub(crate) fn application_hex() -> String {
    APPLICATION_NAME.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The 24 digits of a payment code.
pub(crate) fn payment_code(prefix: u32, number: CodeNumber) -> Option<PaymentCode> {
    PaymentCode::issue(Issuer::parse(&prefix.to_string()).ok()?, number.0).ok()
}

/// The same as an EMVCo consumer-presented code: the unique number as token, the prefix as token requestor.
pub(crate) fn consumer_code(prefix: u32, number: CodeNumber) -> Option<String> {
    let token = AccountNumber::parse(&format!("{:016}", number.0)).ok()?;
    let application = Application::new(APPLICATION_NAME)
        .label(LABEL)
        .account_number(token)
        .object(tag::TOKEN_REQUESTOR, &packed(&format!("{prefix:012}")));
    Some(consumer::Builder::new().application(application).build().ok()?.to_text())
}

fn packed(digits: &str) -> Vec<u8> {
    digits.as_bytes().chunks(2).map(|pair| (pair[0] - b'0') << 4 | (pair[1] - b'0')).collect()
}

fn unpacked(bytes: &[u8]) -> Option<u32> {
    let digit = |nibble: u8| (nibble < 10).then_some(u64::from(nibble));
    let mut number = 0_u64;
    for byte in bytes.iter().take(6) {
        number = number * 100 + digit(byte >> 4)? * 10 + digit(byte & 0x0f)?;
    }
    u32::try_from(number).ok()
}

/// Why a code presented for payment cannot be one of ours.
#[derive(Debug)]
pub(crate) enum Foreign {
    /// It is no code at all, or a damaged one.
    Malformed(Malformed),
    /// A sound code of somebody else.
    NotOurs,
}

/// What a payer's code says: prefix and number.
pub(crate) fn read_payment_code(text: &str) -> Result<(u32, CodeNumber), Foreign> {
    match PresentedCode::parse(text).map_err(Foreign::Malformed)? {
        PresentedCode::Payment(code) => {
            let (issuer, unique) = code.issuer().zip(code.unique()).ok_or(Foreign::NotOurs)?;
            Ok((issuer.number(), CodeNumber(unique)))
        }
        PresentedCode::Consumer(code) => {
            let ours = code.applications().find(|application| application.name() == APPLICATION_NAME);
            let ours = ours.ok_or(Foreign::NotOurs)?;
            let token = ours.account_number().and_then(|token| token.digits().parse().ok());
            let prefix = ours.value(tag::TOKEN_REQUESTOR).and_then(unpacked);
            let (token, prefix) = token.zip(prefix).ok_or(Foreign::NotOurs)?;
            Ok((prefix, CodeNumber(token)))
        }
        PresentedCode::Merchant(_) | PresentedCode::Link(_) => Err(Foreign::NotOurs),
    }
}

/// What a merchant's code leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    /// An order.
    Order {
        /// Its payment.
        payment: PaymentId,
        /// What proves that the code was seen.
        token: u64,
    },
    /// A merchant, and perhaps a store; the payer gives the amount.
    Standing {
        /// The merchant's number.
        merchant: MerchantId,
        /// The acquirer's reference for the store.
        store: Option<String>,
    },
}

/// The EMVCo code a merchant shows for one order.
pub(crate) fn order_code(opened: &Opened, merchant: &Merchant) -> Result<String, Malformed> {
    let account = Template::of(GUID)
        .object(ORDER, &opened.payment.0.to_string())
        .object(TOKEN, &format!("{:016X}", opened.order_token));
    let amount = Amount::from_minor_units(opened.amount.minor, u32::from(opened.amount.currency.exponent()))?;
    let bill = clipped(&opened.order_reference, 25);
    let code = described(merchant, Initiation::Dynamic, account)
        .currency(currency(opened.amount.currency))
        .amount(amount)
        .additional(AdditionalData { bill: bill.as_deref(), ..AdditionalData::default() })
        .build()?;
    Ok(code.as_str().to_owned())
}

/// The EMVCo code a merchant prints once: no amount.
pub(crate) fn standing_code(
    merchant: &Merchant,
    store: Option<&str>,
    settlement: money::Currency,
) -> Result<String, Malformed> {
    let account = Template::of(GUID)
        .object(MERCHANT, &merchant.id.0.to_string())
        .object_if(STORE, store.filter(|store| store.len() <= STORE_LENGTH_MAX));
    let code = described(merchant, Initiation::Static, account).currency(currency(settlement)).build()?;
    Ok(code.as_str().to_owned())
}

fn described(merchant: &Merchant, initiation: Initiation, account: Template) -> merchant::Builder {
    let name = clipped(&merchant.name, 25).unwrap_or_else(|| "MERCHANT".to_owned());
    let city = clipped(&merchant.city, 15).unwrap_or_else(|| "CITY".to_owned());
    merchant::Builder::new()
        .initiation(initiation)
        .template(ACCOUNT, account)
        .category(&format!("{:04}", merchant.category))
        .country(merchant.country.code())
        .name(&name)
        .city(&city)
}

fn currency(currency: money::Currency) -> Currency {
    Currency::from_numeric(currency.numeric()).expect("ISO 4217 numbers have three digits")
}

/// The first characters that the standard's ans format allows; nothing if there are none.
fn clipped(text: &str, length_max: usize) -> Option<String> {
    let allowed = text.chars().filter(|character| matches!(character, ' '..='~'));
    let clipped: String = allowed.take(length_max).collect();
    let clipped = clipped.trim().to_owned();
    (!clipped.is_empty()).then_some(clipped)
}

/// The link a wallet opens to pay an order that an acquirer's own page has prepared.
pub(crate) fn order_link(public_url: &str, opened: &Opened) -> String {
    format!("{public_url}{LINK_PATH}{}.{:016X}", number::payment(opened.payment), opened.order_token)
}

/// What a scanned text says, if it is one of ours.
pub(crate) fn read_shown(text: &str) -> Result<Shown, Foreign> {
    match PresentedCode::parse(text).map_err(Foreign::Malformed)? {
        PresentedCode::Merchant(code) => read_account(&code).ok_or(Foreign::NotOurs),
        PresentedCode::Link(Link { .. }) => read_link(text).ok_or(Foreign::NotOurs),
        PresentedCode::Payment(_) | PresentedCode::Consumer(_) => Err(Foreign::NotOurs),
    }
}

fn read_account(code: &merchant::Code) -> Option<Shown> {
    let account = code.account(GUID)?;
    if let (Some(order), Some(token)) = (account.text(ORDER), account.text(TOKEN)) {
        let token = u64::from_str_radix(token, 16).ok()?;
        return Some(Shown::Order { payment: PaymentId(order.parse().ok()?), token });
    }
    let merchant = MerchantId(account.text(MERCHANT)?.parse().ok()?);
    Some(Shown::Standing { merchant, store: account.text(STORE).map(str::to_owned) })
}

fn read_link(text: &str) -> Option<Shown> {
    let (_, order) = text.split_once(LINK_PATH)?;
    let (payment, token) = order.split_once('.')?;
    Some(Shown::Order {
        payment: number::read_payment(payment)?,
        token: u64::from_str_radix(token, 16).ok()?,
    })
}
