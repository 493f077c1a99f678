//! Money that moves with the receivables chain, for the chain's link: bodies to inputs, deliveries to bodies.

use directory::{MemberId, Time};
use engine::delivery::{Advance, Asked, Awaits, Begun, Delivery, Mandate, What};
use engine::{Engine, Input};
use money::Amount;
use receivables::Hash;
use receivables::codec::hex;
use receivables::transaction::Payer;
use runtime::wording;
use wire::ClientId;
use wire::body::amount::{Count, MinorOrZero};
use wire::body::certificate::PayerKind;
use wire::body::operator::deliveries::{
    CertificatePayment, DeliveriesAnswer, DeliveryAwaits, DeliveryKind, DeliveryView, Lending, LienView,
};
use wire::body::outcome::Outcome;
use wire::body::scalar::{Id, List};

use super::change::{illegal, parse};
use super::{Refused, proven};
use crate::Api;
use crate::endpoint::amount;
use crate::endpoint::certificate_pay::{self, payer, stage};

/// Reads what the link shows, or what a member asks through the operator.
pub(super) async fn read(api: &Api, path: &[&str], bytes: &[u8]) -> Result<Input, Refused> {
    let directory = api.gate.directory();
    let member = |id: &ClientId| {
        let member = directory.member_by_client(id.as_str()).map(|member| member.id);
        member.ok_or_else(|| Refused::not_found(&format!("There is no member {}.", id.as_str())))
    };
    let asked = match path {
        ["locks"] => return proven::lock(api, bytes).await,
        ["words"] => return proven::word(api, bytes).await,
        ["payments"] => payment(&parse(bytes)?, member)?,
        _ => return Err(Refused::not_found("There is no such path.")),
    };
    Ok(Input::Delivery(asked))
}

/// Reads the terms on which a member lends.
pub(super) fn lending(funder: MemberId, bytes: &[u8]) -> Result<Input, Refused> {
    let asked: Lending = parse(bytes)?;
    Ok(Input::Delivery(Asked::Mandate(Mandate {
        funder,
        lent_max: amount(&asked.lent_max, "lentMax").map_err(Refused::malformed)?,
        largest_minor: asked.largest.units(),
        smallest_minor: asked.smallest.units(),
        cost_ppm: u32::try_from(asked.cost_ppm.number()).map_err(|_| illegal("costPpm is too large."))?,
        until: Time(asked.until.0),
    })))
}

fn payment(
    asked: &CertificatePayment,
    member: impl Fn(&ClientId) -> Result<MemberId, Refused>,
) -> Result<Asked, Refused> {
    Ok(Asked::Pay {
        key: hash(asked.key.as_str(), "key")?,
        certificate: hash(asked.certificate.as_str(), "certificate")?,
        payer: payer(asked.payer, asked.part.as_ref()).map_err(Refused::malformed)?,
        from: member(&asked.from)?,
        principal: amount(&asked.principal, "principal").map_err(Refused::malformed)?,
        interest_minor: asked.interest.map_or(0, |interest| interest.units()),
        until: Time(asked.until.0),
    })
}

/// Deliveries that are not over, with what each awaits.
pub(super) fn open(engine: &Engine) -> DeliveriesAnswer {
    let open = engine.deliveries().open().filter_map(|delivery| view(engine, delivery));
    DeliveriesAnswer { deliveries: Some(List::cut(open)), ..DeliveriesAnswer::new(Outcome::success()) }
}

fn view(engine: &Engine, delivery: &Delivery) -> Option<DeliveryView> {
    let Begun { number, key, what, from, amount: Amount { currency, minor }, until } = &*delivery.begun;
    let client = |member| wording::client_id(&engine.directory().member(member)?.client_id);
    let kind = match what {
        What::Sale { .. } => DeliveryKind::Sale,
        What::Redemption { .. } => DeliveryKind::Redemption,
        What::Advance { .. } => DeliveryKind::Advance,
        What::Unit { .. } => DeliveryKind::Unit,
    };
    let mut view = DeliveryView::new(
        Count::try_new(*number)?,
        id(key)?,
        kind,
        client(*from)?,
        wording::currency(*currency),
        MinorOrZero::try_new(*minor).ok()?,
        stage(delivery.stage),
        id(&delivery.reference())?,
    );
    view.awaits = delivery.awaits(engine.now()).map(|awaits| match awaits {
        Awaits::Proof => DeliveryAwaits::Proof,
        Awaits::End => DeliveryAwaits::End,
    });
    view.until = until.map(wording::instant);
    match what {
        What::Sale { part, .. } => view.subject = id(part),
        What::Redemption { certificate, payer, interest_minor } => {
            view.subject = id(certificate);
            if let Payer::Recourse(part) = payer {
                view.part = id(part);
            }
            view.payer = Some(match payer {
                Payer::Buyer(()) => PayerKind::Buyer,
                Payer::Guarantor(()) => PayerKind::Guarantor,
                Payer::Recourse(_) => PayerKind::Recourse,
            });
            view.interest = MinorOrZero::try_new(*interest_minor).ok();
        }
        What::Advance { .. } => view.lien = lien(engine, delivery),
        What::Unit { merchant, day, net_minor } => {
            let of = |advance: &&Advance| {
                advance.merchant == *merchant && advance.owed.currency == *currency && advance.collects(*day)
            };
            let advances = engine.deliveries().advances().iter().filter(of);
            view.advances = Some(List::cut(advances.filter_map(|advance| id(&advance.key))));
            let merchant = engine.directory().merchant(*merchant)?;
            view.reference_merchant_id = Id::try_new(merchant.reference.to_string()).ok();
            view.net_sales = MinorOrZero::try_new(*net_minor).ok();
            view.day = Count::try_new(u64::from(*day));
        }
    }
    Some(view)
}

fn lien(engine: &Engine, delivery: &Delivery) -> Option<LienView> {
    let lien = engine.deliveries().lien(delivery)?;
    let offered = &lien.offered;
    let merchant = engine.directory().merchant(offered.merchant)?;
    let acquirer = engine.directory().member(offered.acquirer)?;
    Some(LienView::new(
        wording::client_id(&acquirer.client_id)?,
        Id::try_new(merchant.reference.to_string()).ok()?,
        MinorOrZero::try_new(lien.owed_minor).ok()?,
        Count::try_new(u64::from(offered.share_ppm))?,
        MinorOrZero::try_new(offered.cap_minor).ok()?,
        Count::try_new(u64::from(lien.end_day))?,
        id(&offered.consent)?,
        Count::try_new(offered.number)?,
    ))
}

/// Thirty-two bytes in small hexadecimal letters.
pub(super) fn hash(text: &str, field: &str) -> Result<Hash, Refused> {
    certificate_pay::hash(text, field).map_err(Refused::malformed)
}

fn id(hash: &Hash) -> Option<Id<64>> {
    Id::try_new(hex(hash)).ok()
}
