//! What the operator may look at: members, merchants, corridors, positions.

use std::collections::BTreeMap;

use directory::{Directory, KeyAlgorithm, Member, MemberId, Merchant, Role, Standing};
use engine::Engine;
use money::{Amount, Currency};
use runtime::{number, wording};
use serde_json::{Value, json};
use switch::{Payment, PaymentId, RefundStage};
use wire::body::amount::{Balance, Count, Minor, SignedMinor};
use wire::body::operator::funds::{Position, PositionsAnswer};
use wire::body::operator::member::{self, KeyView, MemberRole, MemberStanding, MemberView, MembersAnswer};
use wire::body::operator::merchant::{MerchantView, MerchantsAnswer, StoreSet};
use wire::body::operator::terms::{Agreement, Corridor, CorridorsAnswer, PaymentLimit};
use wire::body::outcome::Outcome;
use wire::body::scalar::{Category, CodePrefix, Flag, Id, List, Percent, Region, Text, Url};

use crate::code;

pub(super) fn members(directory: &Directory) -> MembersAnswer {
    let members = List::cut(directory.members().filter_map(|member| member_view(member)));
    MembersAnswer { members: Some(members), ..MembersAnswer::new(Outcome::success()) }
}

fn member_view(member: &Member) -> Option<MemberView> {
    let role = match member.role {
        Role::Wallet => MemberRole::Wallet,
        Role::Acquirer => MemberRole::Acquirer,
        Role::FxProvider => MemberRole::FxProvider,
    };
    let standing = match member.standing {
        Standing::Active => MemberStanding::Active,
        Standing::Suspended => MemberStanding::Suspended,
    };
    let country = Region::try_new(member.country.code()).ok()?;
    let mut view = MemberView::new(
        wording::client_id(&member.client_id)?,
        role,
        Text::cut(&member.name),
        country,
        standing,
    );
    view.endpoint = member.endpoint.as_deref().and_then(|url| Url::try_new(url).ok());
    view.code_prefix = member.code_prefix.and_then(|prefix| CodePrefix::try_new(prefix.to_string()).ok());
    view.keys = Some(List::cut(member.keys.iter().filter_map(key_view)));
    view.agreements = Some(List::cut(member.agreements.iter().filter_map(agreement_view)));
    Some(view)
}

fn key_view(key: &directory::Key) -> Option<KeyView> {
    let algorithm = match key.algorithm {
        KeyAlgorithm::Rsa256 => member::KeyAlgorithm::Rsa256,
        KeyAlgorithm::Ed25519 => member::KeyAlgorithm::Ed25519,
    };
    let version = Count::try_new(u64::from(key.version))?;
    // A PEM has lines, which a text on one line has not: the bare base64 is read back as well.
    let bare: String = key.public_pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let mut view = KeyView::new(version, algorithm, Text::cut(&bare), wording::instant(key.from));
    view.until = key.until.map(wording::instant);
    Some(view)
}

fn agreement_view(agreement: &directory::Agreement) -> Option<Agreement> {
    let limit = |limit: &directory::Limit| {
        let (least, most) =
            (Minor::try_new(limit.payment_min_minor), Minor::try_new(limit.payment_max_minor));
        Some(PaymentLimit::new(wording::currency(limit.currency), least.ok()?, most.ok()?))
    };
    let limits = List::cut(agreement.limits.iter().filter_map(limit));
    let mut view = Agreement::new(limits, wording::currency(agreement.settlement_currency));
    view.from = Some(wording::instant(agreement.from));
    let percent = |share: money::Share| Percent::try_new(share.to_string().trim_end_matches('%')).ok();
    view.interchange_percent = percent(agreement.interchange);
    view.network_fee_percent = percent(agreement.network_fee);
    Some(view)
}

pub(super) fn merchants(directory: &Directory, client_id: &str) -> MerchantsAnswer {
    let acquirer = directory.member_by_client(client_id).map(|member| member.id);
    let own = directory.merchants().filter(|merchant| Some(merchant.acquirer) == acquirer);
    let merchants = own.filter_map(|merchant| merchant_view(directory, merchant));
    MerchantsAnswer { merchants: Some(List::cut(merchants)), ..MerchantsAnswer::new(Outcome::success()) }
}

fn merchant_view(directory: &Directory, merchant: &Merchant) -> Option<MerchantView> {
    let acquirer = directory.member(merchant.acquirer)?;
    let store = |store: &directory::Store| {
        let mut view = StoreSet::new(wording::id(&store.reference), Text::cut(&store.name));
        view.terminal_ids = Some(List::cut(store.terminals.iter().map(|terminal| wording::id(terminal))));
        view
    };
    let mut view = MerchantView::new(
        wording::client_id(&acquirer.client_id)?,
        Id::try_new(merchant.reference.to_string()).ok()?,
        Text::cut(&merchant.name),
        Category::try_new(format!("{:04}", merchant.category)).ok()?,
        Region::try_new(merchant.country.code()).ok()?,
        Text::cut(&merchant.city),
        List::cut(merchant.stores.iter().map(store)),
    );
    let settlement = acquirer.agreement(runtime::Clock.now()).map(|agreement| agreement.settlement_currency);
    let code = settlement.and_then(|currency| code::standing_code(merchant, None, currency).ok());
    view.entry_code = code.map(|code| Text::cut(&code));
    Some(view)
}

pub(super) fn corridors(directory: &Directory) -> CorridorsAnswer {
    let corridors = directory.corridors().map(|(payee, payer, open)| {
        Corridor::new(wording::currency(payee), wording::currency(payer), Flag(open))
    });
    CorridorsAnswer { corridors: Some(List::cut(corridors)), ..CorridorsAnswer::new(Outcome::success()) }
}

pub(super) fn positions(engine: &Engine) -> PositionsAnswer {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    let mut rows = Vec::new();
    for position in engine.positions() {
        *sums.entry(position.currency).or_default() += position.net_minor;
        let name = match engine.directory().member(position.member) {
            Some(member) => member.client_id.to_string(),
            None if position.member == MemberId::NETWORK => "NETWORK".to_owned(),
            None => continue,
        };
        let balance = Balance::new(wording::currency(position.currency), SignedMinor(position.net_minor));
        let reserved = SignedMinor(i128::try_from(position.reserved_minor).unwrap_or(i128::MAX));
        let Some(name) = wording::client_id(&name) else { continue };
        rows.push(Position::new(name, balance, reserved, SignedMinor(position.available_minor)));
    }
    let sums =
        sums.into_iter().map(|(currency, sum)| Balance::new(wording::currency(currency), SignedMinor(sum)));
    PositionsAnswer {
        positions: Some(List::cut(rows)),
        sums: Some(List::cut(sums)),
        ..PositionsAnswer::new(Outcome::success())
    }
}

/// Everything the network knows of one payment: its terms, the offers that were weighed, fees, refunds.
pub(super) fn payment(engine: &Engine, id: PaymentId) -> Option<Value> {
    let payment = engine.switch().payment(id)?;
    let name =
        |member: MemberId| engine.directory().member(member).map(|member| member.client_id.to_string());
    let opened = &payment.opened;
    let mut view = json!({
        "paymentId": number::payment(id),
        "stage": format!("{:?}", payment.stage),
        "kind": format!("{:?}", opened.kind),
        "acquirer": name(opened.acquirer),
        "paymentRequestId": opened.request_id.as_deref(),
        "merchant": engine.directory().merchant(opened.merchant).map(|merchant| merchant.name.to_string()),
        "paymentAmount": amount(opened.amount),
        "openedAtMs": payment.opened_at.0.to_string(),
        "sentAtMs": payment.sent_at.map(|at| at.0.to_string()),
        "sinceMs": payment.since.0.to_string(),
        "commit": payment.commit.map(|commit| commit.to_string()),
        "decline": payment.decline.map(|decline| wording::code_of(decline).as_str()),
        "cancelAcknowledged": payment.cancel_acknowledged,
        "lateSuccess": payment.late_success,
        "refunds": refunds(payment),
    });
    if let Some(terms) = &payment.terms {
        let considered = terms.quote.considered.iter().map(|offer| {
            json!({
                "provider": name(offer.provider),
                "price": offer.rate.to_string(),
                "outcome": format!("{:?}", offer.outcome),
            })
        });
        view["terms"] = json!({
            "wallet": name(terms.wallet),
            "payerAmount": amount(terms.payer_amount),
            "provider": terms.quote.provider.and_then(name),
            "price": terms.quote.rate.to_string(),
            "quoteExpiresMs": terms.quote.expires.0.to_string(),
            "considered": considered.collect::<Vec<_>>(),
            "interchange": amount(terms.interchange),
            "interchangeToWallet": amount(terms.interchange_payer),
            "acquirerFee": amount(terms.acquirer_fee),
            "walletFee": amount(terms.wallet_fee),
        });
    }
    Some(view)
}

fn refunds(payment: &Payment) -> Vec<Value> {
    let one = |(place, refund): (usize, &switch::Refund)| {
        json!({
            "refundId": number::refund(payment.id(), u16::try_from(place).unwrap_or(u16::MAX)),
            "refundRequestId": refund.request_id.to_string(),
            "amount": amount(refund.amount),
            "payerAmount": amount(refund.payer_amount),
            "stage": match refund.stage {
                RefundStage::Sent => "Sent",
                RefundStage::Succeeded => "Succeeded",
                RefundStage::Failed => "Failed",
                RefundStage::Stuck => "Stuck",
            },
        })
    };
    payment.refunds.iter().enumerate().map(one).collect()
}

fn amount(amount: Amount) -> Value {
    json!({ "currency": amount.currency.code(), "value": amount.minor.to_string() })
}
