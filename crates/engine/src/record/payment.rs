//! Facts about payments as bytes. The numbers below are for ever; new facts get new numbers.

use std::sync::Arc;

use directory::{MemberId, MerchantId};
use switch::{
    Asked, CODES_MAX, CONSIDERED_MAX, CancelledBy, CodeNumber, Considered, Decline, Event, Kind,
    OfferOutcome, Opened, PaymentId, Placed, Quote, RefundOpened, Refusal, Terms,
};

use super::risk::{read_judged, write_judged};
use super::text::{Reader, Unreadable, Writer};

const CODES_ISSUED: u8 = 1;
const OPENED: u8 = 2;
const QUOTED: u8 = 3;
const CONFIRMED: u8 = 4;
const RESERVED: u8 = 5;
const SENT: u8 = 6;
const REJECTED: u8 = 7;
const IN_DOUBT: u8 = 8;
const SUCCEEDED: u8 = 9;
const FAILED: u8 = 10;
const EXPIRED: u8 = 11;
const CANCELLED: u8 = 12;
const CANCEL_ACKNOWLEDGED: u8 = 13;
const LATE_SUCCESS: u8 = 14;
const NOTICE_TAKEN: u8 = 15;
const CANCELLED_UNSEEN: u8 = 16;
const REFUND_OPENED: u8 = 17;
const REFUND_SUCCEEDED: u8 = 18;
const REFUND_FAILED: u8 = 19;
const REFUND_STUCK: u8 = 20;
const REFUSED: u8 = 21;
const JUDGED: u8 = 22;
/// As [`OPENED`], and where the order was placed; for an order of which that is known.
const OPENED_PLACED: u8 = 23;
/// As [`QUOTED`], and the payer's device; where the wallet told it.
const QUOTED_ON_DEVICE: u8 = 24;
/// As [`CODES_ISSUED`], and the payer's device; where the wallet told it.
const CODES_ISSUED_ON_DEVICE: u8 = 25;

/// A closed set and the number each member has in records.
trait Numbered: Copy + PartialEq + 'static {
    const WHAT: &'static str;
    const NUMBERS: &'static [(Self, u8)];

    fn put(self, w: &mut Writer<'_>) {
        let known = Self::NUMBERS.iter().find(|(value, _)| *value == self);
        w.byte(known.expect("the table has every member; a test looks").1);
    }

    fn take(r: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let number = r.byte()?;
        let known = Self::NUMBERS.iter().find(|(_, other)| *other == number);
        known.map(|(value, _)| *value).ok_or(r.wrong(Self::WHAT, u64::from(number)))
    }
}

impl Numbered for Kind {
    const WHAT: &'static str = "kind of payment";
    const NUMBERS: &'static [(Self, u8)] =
        &[(Kind::ConsumerPresented, 1), (Kind::OrderCode, 2), (Kind::EntryCode, 3)];
}

impl Numbered for OfferOutcome {
    const WHAT: &'static str = "outcome of an offer";
    const NUMBERS: &'static [(Self, u8)] = &[
        (OfferOutcome::Chosen, 1),
        (OfferOutcome::Dearer, 2),
        (OfferOutcome::EndsTooSoon, 3),
        (OfferOutcome::TooSmall, 4),
        (OfferOutcome::NoLiquidity, 5),
        (OfferOutcome::NotAgreed, 6),
    ];
}

impl Numbered for CancelledBy {
    const WHAT: &'static str = "canceller";
    const NUMBERS: &'static [(Self, u8)] = &[(CancelledBy::Acquirer, 1), (CancelledBy::Limit, 2)];
}

impl Numbered for Asked {
    const WHAT: &'static str = "kind of request";
    const NUMBERS: &'static [(Asked, u8)] = &[(Asked::Payment, 1), (Asked::Refund, 2)];
}

/// Only those that are remembered.
impl Numbered for Refusal {
    const WHAT: &'static str = "reason to refuse";
    const NUMBERS: &'static [(Refusal, u8)] = &[
        (Refusal::NotAllowed, 1),
        (Refusal::AmountTooSmall, 2),
        (Refusal::AmountTooLarge, 3),
        (Refusal::CurrencyNotAgreed, 4),
        (Refusal::CorridorClosed, 5),
        (Refusal::NoRate, 6),
        (Refusal::ExpiryOutOfRange, 7),
        (Refusal::NotPaid, 8),
        (Refusal::RefundExceedsPayment, 9),
        (Refusal::Shortage(Decline::LiquidityAcquirer), 10),
        (Refusal::Shortage(Decline::LiquidityFx), 11),
    ];
}

impl Numbered for Decline {
    const WHAT: &'static str = "reason to decline";
    const NUMBERS: &'static [(Self, u8)] = &[
        (Decline::BalanceNotEnough, 1),
        (Decline::UserNotExist, 2),
        (Decline::UserStatusAbnormal, 3),
        (Decline::KycNotQualified, 4),
        (Decline::VerificationFailed, 5),
        (Decline::UserLimitExceeded, 6),
        (Decline::RiskReject, 7),
        (Decline::ProcessFail, 8),
        (Decline::LiquidityPayer, 9),
        (Decline::LiquidityFx, 10),
        (Decline::LiquidityAcquirer, 11),
    ];
}

pub(super) fn write(event: &Event, w: &mut Writer<'_>) {
    w.byte(tag(event));
    if let (Some(PaymentId(id)), false) = (event.payment(), matches!(event, Event::Opened(_))) {
        w.number(id);
    }
    match event {
        Event::CodesIssued { wallet, customer, device, codes, until } => {
            w.member(*wallet);
            w.text(customer);
            w.number(codes.len() as u64);
            codes.iter().for_each(|code| w.fixed(code.0));
            w.time(*until);
            if let Some(device) = device {
                w.text(device);
            }
        }
        Event::Opened(opened) => write_opened(opened, w),
        Event::Quoted { terms, .. } => write_terms(terms, w),
        Event::Judged { judged, .. } => write_judged(judged, w),
        Event::Rejected { decline, .. } | Event::Failed { decline, .. } => decline.put(w),
        Event::Cancelled { by, .. } => by.put(w),
        Event::CancelledUnseen { acquirer, request_id } => {
            w.member(*acquirer);
            w.text(request_id);
        }
        Event::Refused { asked, acquirer, request_id, why } => {
            write_refused(*asked, *acquirer, request_id, *why, w);
        }
        Event::RefundOpened(refund) => {
            w.text(&refund.request_id);
            let amounts = [refund.amount, refund.payer_amount, refund.interchange, refund.interchange_payer];
            amounts.into_iter().for_each(|amount| w.amount(amount));
        }
        Event::RefundSucceeded { refund, .. } | Event::RefundStuck { refund, .. } => {
            w.number(u64::from(*refund))
        }
        Event::RefundFailed { refund, decline, .. } => {
            w.number(u64::from(*refund));
            decline.put(w);
        }
        Event::Confirmed { .. } | Event::Reserved { .. } | Event::Sent { .. } | Event::InDoubt { .. } => {}
        Event::Succeeded { .. } | Event::Expired { .. } | Event::CancelAcknowledged { .. } => {}
        Event::LateSuccess { .. } | Event::NoticeTaken { .. } => {}
    }
}

fn tag(event: &Event) -> u8 {
    match event {
        Event::CodesIssued { device: None, .. } => CODES_ISSUED,
        Event::CodesIssued { device: Some(_), .. } => CODES_ISSUED_ON_DEVICE,
        Event::Opened(opened) if opened.placed == Placed::default() => OPENED,
        Event::Opened(_) => OPENED_PLACED,
        Event::Quoted { terms, .. } if terms.device.is_none() => QUOTED,
        Event::Quoted { .. } => QUOTED_ON_DEVICE,
        Event::Confirmed { .. } => CONFIRMED,
        Event::Reserved { .. } => RESERVED,
        Event::Sent { .. } => SENT,
        Event::Rejected { .. } => REJECTED,
        Event::InDoubt { .. } => IN_DOUBT,
        Event::Succeeded { .. } => SUCCEEDED,
        Event::Failed { .. } => FAILED,
        Event::Expired { .. } => EXPIRED,
        Event::Cancelled { .. } => CANCELLED,
        Event::CancelAcknowledged { .. } => CANCEL_ACKNOWLEDGED,
        Event::LateSuccess { .. } => LATE_SUCCESS,
        Event::NoticeTaken { .. } => NOTICE_TAKEN,
        Event::CancelledUnseen { .. } => CANCELLED_UNSEEN,
        Event::Refused { .. } => REFUSED,
        Event::Judged { .. } => JUDGED,
        Event::RefundOpened(_) => REFUND_OPENED,
        Event::RefundSucceeded { .. } => REFUND_SUCCEEDED,
        Event::RefundFailed { .. } => REFUND_FAILED,
        Event::RefundStuck { .. } => REFUND_STUCK,
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Event, Unreadable> {
    let tag = r.byte()?;
    match tag {
        CODES_ISSUED | CODES_ISSUED_ON_DEVICE => {
            let (wallet, customer) = (r.member()?, r.text()?);
            let codes = r.list(usize::from(CODES_MAX), |r| r.fixed().map(CodeNumber))?;
            let until = r.time()?;
            let device = (tag == CODES_ISSUED_ON_DEVICE).then(|| r.text()).transpose()?;
            return Ok(Event::CodesIssued { wallet, customer, device, codes, until });
        }
        OPENED | OPENED_PLACED => return Ok(Event::Opened(Arc::new(read_opened(r, tag)?))),
        CANCELLED_UNSEEN => {
            return Ok(Event::CancelledUnseen { acquirer: r.member()?, request_id: r.text()? });
        }
        REFUSED => {
            let (asked, acquirer, request_id) = (Asked::take(r)?, r.member()?, r.text()?);
            return Ok(Event::Refused { asked, acquirer, request_id, why: Refusal::take(r)? });
        }
        _ => {}
    }
    let payment = PaymentId(r.number()?);
    Ok(match tag {
        QUOTED | QUOTED_ON_DEVICE => Event::Quoted { payment, terms: Arc::new(read_terms(r, tag)?) },
        CONFIRMED => Event::Confirmed { payment },
        JUDGED => Event::Judged { payment, judged: Arc::new(read_judged(r)?) },
        RESERVED => Event::Reserved { payment },
        SENT => Event::Sent { payment },
        REJECTED => Event::Rejected { payment, decline: Decline::take(r)? },
        IN_DOUBT => Event::InDoubt { payment },
        SUCCEEDED => Event::Succeeded { payment },
        FAILED => Event::Failed { payment, decline: Decline::take(r)? },
        EXPIRED => Event::Expired { payment },
        CANCELLED => Event::Cancelled { payment, by: CancelledBy::take(r)? },
        CANCEL_ACKNOWLEDGED => Event::CancelAcknowledged { payment },
        LATE_SUCCESS => Event::LateSuccess { payment },
        NOTICE_TAKEN => Event::NoticeTaken { payment },
        REFUND_OPENED => Event::RefundOpened(RefundOpened {
            payment,
            request_id: r.text()?,
            amount: r.amount()?,
            payer_amount: r.amount()?,
            interchange: r.amount()?,
            interchange_payer: r.amount()?,
        }),
        REFUND_SUCCEEDED => Event::RefundSucceeded { payment, refund: r.narrow("refund")? },
        REFUND_FAILED => {
            Event::RefundFailed { payment, refund: r.narrow("refund")?, decline: Decline::take(r)? }
        }
        REFUND_STUCK => Event::RefundStuck { payment, refund: r.narrow("refund")? },
        tag => return Err(r.wrong("fact about a payment", u64::from(tag))),
    })
}

pub(super) fn write_opened(opened: &Opened, w: &mut Writer<'_>) {
    w.number(opened.payment.0);
    opened.kind.put(w);
    w.member(opened.acquirer);
    w.option(opened.request_id.as_deref(), |w, text| w.text(text));
    w.number(u64::from(opened.merchant.0));
    w.option(opened.store.as_deref(), |w, text| w.text(text));
    w.amount(opened.amount);
    w.text(&opened.order_reference);
    w.text(&opened.order_description);
    w.option(opened.notify_url.as_deref(), |w, text| w.text(text));
    w.option(opened.code, |w, code| w.fixed(code.0));
    w.fixed(opened.order_token);
    w.time(opened.expires);
    if opened.placed != Placed::default() {
        let Placed { terminal, device, by_buyer } = &opened.placed;
        w.option(terminal.as_deref(), |w, text| w.text(text));
        w.option(device.as_deref(), |w, text| w.text(text));
        w.byte(u8::from(*by_buyer));
    }
}

fn read_placed(r: &mut Reader<'_>) -> Result<Placed, Unreadable> {
    let (terminal, device) = (r.option(Reader::text)?, r.option(Reader::text)?);
    let placed = Placed { terminal, device, by_buyer: r.option(|_| Ok(()))?.is_some() };
    if placed == Placed::default() { Err(r.wrong("place of an order", 0)) } else { Ok(placed) }
}

fn read_opened(r: &mut Reader<'_>, tag: u8) -> Result<Opened, Unreadable> {
    Ok(Opened {
        payment: PaymentId(r.number()?),
        kind: Kind::take(r)?,
        acquirer: r.member()?,
        request_id: r.option(Reader::text)?,
        merchant: MerchantId(r.narrow("merchant")?),
        store: r.option(Reader::text)?,
        amount: r.amount()?,
        order_reference: r.text()?,
        order_description: r.text()?,
        notify_url: r.option(Reader::text)?,
        code: r.option(|r| r.fixed().map(CodeNumber))?,
        order_token: r.fixed()?,
        expires: r.time()?,
        placed: if tag == OPENED_PLACED { read_placed(r)? } else { Placed::default() },
    })
}

pub(super) fn write_terms(terms: &Terms, w: &mut Writer<'_>) {
    w.member(terms.wallet);
    w.text(&terms.customer);
    let quote = &terms.quote;
    w.number(u64::from(quote.number));
    w.option(quote.provider, |w, provider| w.member(provider));
    w.rate(quote.rate);
    w.time(quote.bound);
    w.time(quote.expires);
    w.number(quote.considered.len() as u64);
    for considered in &quote.considered {
        w.member(considered.provider);
        w.rate(considered.rate);
        considered.outcome.put(w);
    }
    let amounts = [
        terms.payer_amount,
        terms.interchange,
        terms.interchange_payer,
        terms.acquirer_fee,
        terms.wallet_fee,
    ];
    amounts.into_iter().for_each(|amount| w.amount(amount));
    if let Some(device) = &terms.device {
        w.text(device);
    }
}

fn read_terms(r: &mut Reader<'_>, tag: u8) -> Result<Terms, Unreadable> {
    let mut terms = Terms {
        wallet: r.member()?,
        customer: r.text()?,
        quote: Quote {
            number: r.narrow("number of a quote")?,
            provider: r.option(Reader::member)?,
            rate: r.rate()?,
            bound: r.time()?,
            expires: r.time()?,
            considered: r.list(CONSIDERED_MAX, |r| {
                Ok(Considered { provider: r.member()?, rate: r.rate()?, outcome: OfferOutcome::take(r)? })
            })?,
        },
        payer_amount: r.amount()?,
        interchange: r.amount()?,
        interchange_payer: r.amount()?,
        acquirer_fee: r.amount()?,
        wallet_fee: r.amount()?,
        device: None,
    };
    terms.device = (tag == QUOTED_ON_DEVICE).then(|| r.text()).transpose()?;
    Ok(terms)
}

pub(super) fn write_refused(
    asked: Asked,
    acquirer: MemberId,
    request_id: &str,
    why: Refusal,
    w: &mut Writer<'_>,
) {
    asked.put(w);
    w.member(acquirer);
    w.text(request_id);
    why.put(w);
}

pub(super) fn write_decline(decline: Decline, w: &mut Writer<'_>) {
    decline.put(w);
}

pub(super) fn read_decline(r: &mut Reader<'_>) -> Result<Decline, Unreadable> {
    Decline::take(r)
}
