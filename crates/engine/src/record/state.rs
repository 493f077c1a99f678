//! The same alphabet for the state hash: everything that is a fact about one thing, and nothing that is not.

use directory::{Member, MemberId, Merchant};
use switch::{Asked, CodeNumber, IssuedCode, Payment, Placed, RefundStage, Refusal, Stage};

use super::text::Writer;
use super::{change, delivery, funding, payment, risk};
use crate::delivery::{Deliveries, Delivery};
use crate::funding::Funding;

pub(crate) fn member(member: &Member, w: &mut Writer<'_>) {
    change::write_member(member, w);
}

pub(crate) fn merchant(merchant: &Merchant, w: &mut Writer<'_>) {
    change::write_merchant(merchant, w);
}

pub(crate) fn funding(act: &Funding, w: &mut Writer<'_>) {
    funding::write(act, w);
}

pub(crate) fn delivery(delivery: &Delivery, w: &mut Writer<'_>) {
    delivery::write_begun(&delivery.begun, w);
    w.time(delivery.begun_at);
    w.byte(delivery.stage as u8);
    delivery::write_shares(&delivery.shares, w);
}

/// What merchants owe, and what they sold that no lien has had its share of.
pub(crate) fn sales(deliveries: &Deliveries, w: &mut Writer<'_>) {
    for advance in deliveries.advances() {
        delivery::write_hash(&advance.key, w);
        w.number(advance.delivery);
        w.amount(advance.owed);
        w.number(u64::from(advance.end_day));
        w.number(advance.repaid_minor);
    }
    for ((merchant, currency), sales) in &deliveries.sales {
        w.number(u64::from(merchant.0));
        w.currency(*currency);
        for (day, minor) in &sales.days {
            w.number(u64::from(*day));
            w.append(|bytes| bytes.extend_from_slice(&minor.to_le_bytes()));
        }
    }
}

pub(crate) fn code(number: CodeNumber, code: &IssuedCode, w: &mut Writer<'_>) {
    w.fixed(number.0);
    w.member(code.wallet);
    w.text(&code.customer);
    w.option(code.device.as_deref(), |w, device| w.text(device));
    w.time(code.until);
    w.byte(u8::from(code.used));
}

pub(crate) fn refused(asked: Asked, acquirer: MemberId, request_id: &str, why: Refusal, w: &mut Writer<'_>) {
    payment::write_refused(asked, acquirer, request_id, why, w);
}

pub(crate) fn payment(payment: &Payment, w: &mut Writer<'_>) {
    w.byte(u8::from(payment.opened.placed != Placed::default()));
    payment::write_opened(&payment.opened, w);
    w.option(payment.terms.as_deref(), |w, terms| {
        w.byte(u8::from(terms.device.is_some()));
        payment::write_terms(terms, w);
    });
    w.option(payment.judged.as_deref(), |w, judged| risk::write_judged(judged, w));
    let stage = Stage::ALL.iter().position(|stage| *stage == payment.stage).expect("ALL has every stage");
    w.number(stage as u64);
    w.time(payment.opened_at);
    w.option(payment.sent_at, |w, at| w.time(at));
    w.time(payment.since);
    w.option(payment.succeeded_at, |w, at| w.time(at));
    w.option(payment.commit, |w, commit| w.number(commit));
    w.option(payment.decline, |w, decline| payment::write_decline(decline, w));
    for flag in [payment.confirmed, payment.cancel_acknowledged, payment.late_success, payment.notice_owed] {
        w.byte(u8::from(flag));
    }
    w.number(payment.refunds.len() as u64);
    for refund in &payment.refunds {
        w.text(&refund.request_id);
        let amounts = [refund.amount, refund.payer_amount, refund.interchange, refund.interchange_payer];
        amounts.into_iter().for_each(|amount| w.amount(amount));
        w.byte(match refund.stage {
            RefundStage::Sent => 1,
            RefundStage::Succeeded => 2,
            RefundStage::Failed => 3,
            RefundStage::Stuck => 4,
        });
        w.time(refund.opened_at);
        w.time(refund.since);
        w.option(refund.decline, |w, decline| payment::write_decline(decline, w));
    }
}
