//! The operator's changes: from path and body to one input of the engine.

use std::sync::Arc;

use directory::{Agreement, Change, Country, Directory, Key, Limit, Member, Role, Standing, Store, Time};
use engine::{Funding, FundingKind, Input};
use money::Share;
use runtime::{Clock, algorithm_of};
use wire::body::code_rules::CodeRulesPublish;
use wire::body::operator::funds::{self, FundingDirection};
use wire::body::operator::member::{
    EndpointSet, KeyAdd, KeyAlgorithm, KeyEnd, MemberAdd, MemberRole, MemberStanding, StandingSet,
};
use wire::body::operator::merchant::{MerchantAdd, StoreSet};
use wire::body::operator::terms;
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::Percent;
use wire::body::{self, Body};
use wire::signature::Scheme;

use super::Refused;
use crate::endpoint::{amount, currency};
use crate::{Api, code_rules};

/// Reads a change.
pub(super) fn read(directory: &Directory, path: &[&str], bytes: &[u8]) -> Result<Input, Refused> {
    match path {
        ["members"] => member_added(&parse(bytes)?).map(Input::Change),
        ["corridors"] => corridor_set(&parse(bytes)?).map(Input::Change),
        ["members", client_id, rest @ ..] => {
            let member = directory.member_by_client(client_id);
            let member =
                member.ok_or_else(|| Refused::not_found("There is no member with this client id."))?;
            of_member(directory, member, rest, bytes)
        }
        _ => Err(Refused::not_found("There is no such path.")),
    }
}

/// Reads rules to be published beside the network's own.
pub(super) fn code_rules(api: &Api, bytes: &[u8]) -> Result<Input, Refused> {
    let asked: CodeRulesPublish = parse(bytes)?;
    let network = api.door.identity().client_id().to_string();
    let now_s = Clock.now().0 / 1_000;
    code_rules::publication(&api.gate.directory(), &network, &api.public_url, &asked, now_s)
        .map(Input::Change)
        .map_err(|why| illegal(&format!("{why}.")))
}

pub(super) fn parse<T: Body>(bytes: &[u8]) -> Result<T, Refused> {
    body::parse(bytes).map_err(|malformed| Refused::malformed(Outcome::from(&malformed)))
}

pub(super) fn parse_within<T: Body>(bytes: &[u8], length_max: usize) -> Result<T, Refused> {
    body::parse_within(bytes, length_max).map_err(|malformed| Refused::malformed(Outcome::from(&malformed)))
}

pub(super) fn illegal(sentence: &str) -> Refused {
    Refused::malformed(Outcome::because(ResultCode::ParamIllegal, sentence))
}

fn of_member(directory: &Directory, member: &Member, path: &[&str], bytes: &[u8]) -> Result<Input, Refused> {
    let id = member.id;
    let change = match path {
        ["endpoint"] => {
            let set: EndpointSet = parse(bytes)?;
            Change::EndpointSet { member: id, endpoint: set.endpoint.map(|url| base_url(url.as_str())) }
        }
        ["standing"] => {
            let set: StandingSet = parse(bytes)?;
            let standing = match set.standing {
                MemberStanding::Active => Standing::Active,
                MemberStanding::Suspended => Standing::Suspended,
            };
            Change::StandingSet { member: id, standing }
        }
        ["keys"] => Change::KeyAdded { member: id, key: key(&parse(bytes)?)? },
        ["keys", version, "end"] => {
            let version = version.parse().map_err(|_| Refused::not_found("A key's version is a number."))?;
            let end: KeyEnd = parse(bytes)?;
            let algorithm = match end.algorithm {
                KeyAlgorithm::Rsa256 => directory::KeyAlgorithm::Rsa256,
                KeyAlgorithm::Ed25519 => directory::KeyAlgorithm::Ed25519,
            };
            let until = end.until.map_or_else(|| Clock.now(), |until| Time(until.0));
            Change::KeyEnded { member: id, algorithm, version, until }
        }
        ["agreements"] => Change::AgreementAdded { member: id, agreement: agreement(&parse(bytes)?)? },
        ["merchants"] => merchant_added(member, &parse(bytes)?)?,
        ["merchants", reference, "stores"] => {
            let merchant = directory.merchant_by_reference(id, reference);
            let merchant = merchant.ok_or_else(|| Refused::not_found("The member has no such merchant."))?;
            Change::StoreSet { merchant: merchant.id, store: store(&parse(bytes)?) }
        }
        ["funding"] => return funding(member, &parse(bytes)?),
        ["credit"] => return credit(member, &parse(bytes)?),
        ["lending"] => return super::deliveries::lending(id, bytes),
        _ => return Err(Refused::not_found("There is no such path.")),
    };
    Ok(Input::Change(change))
}

/// Paths are put behind it, so it carries no slash at its end.
fn base_url(url: &str) -> Arc<str> {
    Arc::from(url.trim_end_matches('/'))
}

fn member_added(add: &MemberAdd) -> Result<Change, Refused> {
    Ok(Change::MemberAdded {
        client_id: Arc::from(add.client_id.as_str()),
        role: match add.role {
            MemberRole::Wallet => Role::Wallet,
            MemberRole::Acquirer => Role::Acquirer,
            MemberRole::FxProvider => Role::FxProvider,
        },
        name: Arc::from(add.name.as_str()),
        country: country(add.country.as_str())?,
        endpoint: add.endpoint.as_ref().map(|url| base_url(url.as_str())),
        code_prefix: add.code_prefix.as_ref().and_then(|prefix| prefix.as_str().parse().ok()),
    })
}

fn country(code: &str) -> Result<Country, Refused> {
    Country::parse(code).ok_or_else(|| illegal("country is not two capital letters (ISO 3166-1 alpha-2)."))
}

fn key(add: &KeyAdd) -> Result<Key, Refused> {
    let public = add.key().map_err(|malformed| Refused::malformed(Outcome::from(&malformed)))?;
    Ok(Key {
        version: u32::try_from(add.version.number()).map_err(|_| illegal("version is too large."))?,
        algorithm: algorithm_of(Scheme::of(public.kind())),
        public_pem: Arc::from(public.to_pem().as_str()),
        from: add.from.map_or_else(|| Clock.now(), |from| Time(from.0)),
        until: add.until.map(|until| Time(until.0)),
    })
}

fn agreement(asked: &terms::Agreement) -> Result<Agreement, Refused> {
    let limits = asked.limits.iter().enumerate().map(|(place, limit)| {
        let field = format!("limits[{place}].currency");
        Ok(Limit {
            currency: currency(limit.currency, &field).map_err(Refused::malformed)?,
            payment_min_minor: limit.payment_min.units(),
            payment_max_minor: limit.payment_max.units().min(money::MINOR_MAX),
        })
    });
    Ok(Agreement {
        // An agreement that begins now begins when it is recorded, a little later than this clock says.
        from: asked.from.map_or_else(|| Clock.now().plus_ms(BEGINS_IN_MS), |from| Time(from.0)),
        limits: limits.collect::<Result<_, Refused>>()?,
        settlement_currency: currency(asked.settlement_currency, "settlementCurrency")
            .map_err(Refused::malformed)?,
        interchange: share(asked.interchange_percent.as_ref(), "interchangePercent")?,
        network_fee: share(asked.network_fee_percent.as_ref(), "networkFeePercent")?,
    })
}

/// Longer than an input waits for its turn.
const BEGINS_IN_MS: u64 = 250;

fn share(percent: Option<&Percent>, field: &str) -> Result<Share, Refused> {
    match percent {
        None => Ok(Share::ZERO),
        Some(percent) => {
            Share::parse_percent(percent.as_str()).map_err(|error| illegal(&format!("{field}: {error}.")))
        }
    }
}

fn merchant_added(acquirer: &Member, add: &MerchantAdd) -> Result<Change, Refused> {
    Ok(Change::MerchantAdded {
        acquirer: acquirer.id,
        reference: Arc::from(add.reference_merchant_id.as_str()),
        name: Arc::from(add.merchant_name.as_str()),
        category: add
            .merchant_mcc
            .as_str()
            .parse()
            .map_err(|_| illegal("merchantMCC is not four digits."))?,
        country: country(add.country.as_str())?,
        city: Arc::from(add.city.as_str()),
    })
}

fn store(set: &StoreSet) -> Store {
    let terminals = set.terminal_ids.iter().flat_map(|ids| ids.iter()).map(|id| Arc::from(id.as_str()));
    Store {
        reference: Arc::from(set.reference_store_id.as_str()),
        name: Arc::from(set.store_name.as_str()),
        terminals: terminals.collect(),
    }
}

fn corridor_set(set: &terms::Corridor) -> Result<Change, Refused> {
    Ok(Change::CorridorSet {
        payee: currency(set.payment_currency, "paymentCurrency").map_err(Refused::malformed)?,
        payer: currency(set.pay_to_currency, "payToCurrency").map_err(Refused::malformed)?,
        open: set.open.0,
    })
}

fn funding(member: &Member, asked: &funds::Funding) -> Result<Input, Refused> {
    let kind = match asked.direction {
        FundingDirection::In => FundingKind::Deposit,
        FundingDirection::Out => FundingKind::Withdrawal,
    };
    Ok(Input::Fund(Funding {
        kind,
        request_id: Arc::from(asked.funding_request_id.as_str()),
        member: member.id,
        amount: amount(&asked.amount, "amount").map_err(Refused::malformed)?,
        number: 0,
    }))
}

fn credit(member: &Member, asked: &funds::CreditChange) -> Result<Input, Refused> {
    let kind = match asked.change {
        funds::CreditDirection::Raise => FundingKind::LineRaised,
        funds::CreditDirection::Lower => FundingKind::LineLowered,
    };
    Ok(Input::Fund(Funding {
        kind,
        request_id: Arc::from(asked.credit_request_id.as_str()),
        member: member.id,
        amount: amount(&asked.amount, "amount").map_err(Refused::malformed)?,
        number: 0,
    }))
}
