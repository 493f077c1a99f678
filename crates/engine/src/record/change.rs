//! Facts about who takes part as bytes. The numbers below are for ever; new facts get new numbers.

use directory::{
    Agreement, Change, Country, Key, KeyAlgorithm, Limit, Member, Merchant, MerchantId, Role, Standing, Store,
};
use money::Share;

use super::text::{Reader, Unreadable, Writer};

const MEMBER_ADDED: u8 = 1;
const ENDPOINT_SET: u8 = 2;
const STANDING_SET: u8 = 3;
const KEY_ADDED: u8 = 4;
const KEY_ENDED: u8 = 5;
const AGREEMENT_ADDED: u8 = 6;
const MERCHANT_ADDED: u8 = 7;
const STORE_SET: u8 = 8;
const CORRIDOR_SET: u8 = 9;
const CODE_RULES_PUBLISHED: u8 = 10;

/// Currencies of one agreement: more than there are in ISO 4217.
const LIMITS_MAX: usize = 256;
/// Terminals of one store in one record.
const TERMINALS_MAX: usize = 100_000;

pub(super) fn write(change: &Change, w: &mut Writer<'_>) {
    match change {
        Change::MemberAdded { client_id, role, name, country, endpoint, code_prefix } => {
            w.byte(MEMBER_ADDED);
            w.text(client_id);
            w.byte(role_number(*role));
            w.text(name);
            w.text(country.code());
            w.option(endpoint.as_deref(), |w, text| w.text(text));
            w.option(*code_prefix, |w, prefix| w.number(u64::from(prefix)));
        }
        Change::EndpointSet { member, endpoint } => {
            w.byte(ENDPOINT_SET);
            w.member(*member);
            w.option(endpoint.as_deref(), |w, text| w.text(text));
        }
        Change::StandingSet { member, standing } => {
            w.byte(STANDING_SET);
            w.member(*member);
            w.byte(standing_number(*standing));
        }
        Change::KeyAdded { member, key } => {
            w.byte(KEY_ADDED);
            w.member(*member);
            write_key(key, w);
        }
        Change::KeyEnded { member, algorithm, version, until } => {
            w.byte(KEY_ENDED);
            w.member(*member);
            w.byte(algorithm_number(*algorithm));
            w.number(u64::from(*version));
            w.time(*until);
        }
        Change::AgreementAdded { member, agreement } => {
            w.byte(AGREEMENT_ADDED);
            w.member(*member);
            write_agreement(agreement, w);
        }
        Change::MerchantAdded { acquirer, reference, name, category, country, city } => {
            w.byte(MERCHANT_ADDED);
            w.member(*acquirer);
            w.text(reference);
            w.text(name);
            w.number(u64::from(*category));
            w.text(country.code());
            w.text(city);
        }
        Change::CorridorSet { payee, payer, open } => {
            w.byte(CORRIDOR_SET);
            w.currency(*payee);
            w.currency(*payer);
            w.byte(u8::from(*open));
        }
        Change::CodeRulesPublished { version, rules } => {
            w.byte(CODE_RULES_PUBLISHED);
            w.number(*version);
            w.text(rules);
        }
        Change::StoreSet { merchant, store } => {
            w.byte(STORE_SET);
            w.number(u64::from(merchant.0));
            write_store(store, w);
        }
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Change, Unreadable> {
    Ok(match r.byte()? {
        MEMBER_ADDED => Change::MemberAdded {
            client_id: r.text()?,
            role: read_role(r)?,
            name: r.text()?,
            country: read_country(r)?,
            endpoint: r.option(Reader::text)?,
            code_prefix: r.option(|r| r.narrow("code prefix"))?,
        },
        ENDPOINT_SET => Change::EndpointSet { member: r.member()?, endpoint: r.option(Reader::text)? },
        STANDING_SET => Change::StandingSet { member: r.member()?, standing: read_standing(r)? },
        KEY_ADDED => Change::KeyAdded { member: r.member()?, key: read_key(r)? },
        KEY_ENDED => Change::KeyEnded {
            member: r.member()?,
            algorithm: read_algorithm(r)?,
            version: r.narrow("key version")?,
            until: r.time()?,
        },
        AGREEMENT_ADDED => Change::AgreementAdded { member: r.member()?, agreement: read_agreement(r)? },
        MERCHANT_ADDED => Change::MerchantAdded {
            acquirer: r.member()?,
            reference: r.text()?,
            name: r.text()?,
            category: r.narrow("merchant category")?,
            country: read_country(r)?,
            city: r.text()?,
        },
        CODE_RULES_PUBLISHED => Change::CodeRulesPublished { version: r.number()?, rules: r.text()? },
        CORRIDOR_SET => Change::CorridorSet {
            payee: r.currency()?,
            payer: r.currency()?,
            open: r.option(|_| Ok(()))?.is_some(),
        },
        STORE_SET => Change::StoreSet {
            merchant: MerchantId(r.narrow("merchant")?),
            store: Store {
                reference: r.text()?,
                name: r.text()?,
                terminals: r.list(TERMINALS_MAX, Reader::text)?,
            },
        },
        tag => return Err(r.wrong("fact about the directory", u64::from(tag))),
    })
}

/// Everything about a member, for the state hash.
pub(crate) fn write_member(member: &Member, w: &mut Writer<'_>) {
    w.member(member.id);
    w.text(&member.client_id);
    w.byte(role_number(member.role));
    w.text(&member.name);
    w.text(member.country.code());
    w.option(member.endpoint.as_deref(), |w, text| w.text(text));
    w.option(member.code_prefix, |w, prefix| w.number(u64::from(prefix)));
    w.byte(standing_number(member.standing));
    w.number(member.keys.len() as u64);
    member.keys.iter().for_each(|key| write_key(key, w));
    w.number(member.agreements.len() as u64);
    member.agreements.iter().for_each(|agreement| write_agreement(agreement, w));
}

/// Everything about a merchant, for the state hash.
pub(crate) fn write_merchant(merchant: &Merchant, w: &mut Writer<'_>) {
    w.number(u64::from(merchant.id.0));
    w.member(merchant.acquirer);
    w.text(&merchant.reference);
    w.text(&merchant.name);
    w.number(u64::from(merchant.category));
    w.text(merchant.country.code());
    w.text(&merchant.city);
    w.number(merchant.stores.len() as u64);
    merchant.stores.iter().for_each(|store| write_store(store, w));
}

fn role_number(role: Role) -> u8 {
    match role {
        Role::Wallet => 1,
        Role::Acquirer => 2,
        Role::FxProvider => 3,
    }
}

fn read_role(r: &mut Reader<'_>) -> Result<Role, Unreadable> {
    match r.byte()? {
        1 => Ok(Role::Wallet),
        2 => Ok(Role::Acquirer),
        3 => Ok(Role::FxProvider),
        role => Err(r.wrong("role", u64::from(role))),
    }
}

fn standing_number(standing: Standing) -> u8 {
    match standing {
        Standing::Active => 1,
        Standing::Suspended => 2,
    }
}

fn read_standing(r: &mut Reader<'_>) -> Result<Standing, Unreadable> {
    match r.byte()? {
        1 => Ok(Standing::Active),
        2 => Ok(Standing::Suspended),
        standing => Err(r.wrong("standing", u64::from(standing))),
    }
}

fn read_country(r: &mut Reader<'_>) -> Result<Country, Unreadable> {
    let code = r.text()?;
    Country::parse(&code).ok_or(r.wrong("country", 0))
}

fn algorithm_number(algorithm: KeyAlgorithm) -> u8 {
    match algorithm {
        KeyAlgorithm::Rsa256 => 1,
        KeyAlgorithm::Ed25519 => 2,
    }
}

fn read_algorithm(r: &mut Reader<'_>) -> Result<KeyAlgorithm, Unreadable> {
    match r.byte()? {
        1 => Ok(KeyAlgorithm::Rsa256),
        2 => Ok(KeyAlgorithm::Ed25519),
        algorithm => Err(r.wrong("key algorithm", u64::from(algorithm))),
    }
}

fn write_key(key: &Key, w: &mut Writer<'_>) {
    w.number(u64::from(key.version));
    w.byte(algorithm_number(key.algorithm));
    w.text(&key.public_pem);
    w.time(key.from);
    w.option(key.until, |w, until| w.time(until));
}

fn read_key(r: &mut Reader<'_>) -> Result<Key, Unreadable> {
    Ok(Key {
        version: r.narrow("key version")?,
        algorithm: read_algorithm(r)?,
        public_pem: r.text()?,
        from: r.time()?,
        until: r.option(Reader::time)?,
    })
}

fn write_agreement(agreement: &Agreement, w: &mut Writer<'_>) {
    w.time(agreement.from);
    w.number(agreement.limits.len() as u64);
    for limit in &agreement.limits {
        w.currency(limit.currency);
        w.number(limit.payment_min_minor);
        w.number(limit.payment_max_minor);
    }
    w.currency(agreement.settlement_currency);
    w.number(u64::from(agreement.interchange.ppm()));
    w.number(u64::from(agreement.network_fee.ppm()));
}

fn read_agreement(r: &mut Reader<'_>) -> Result<Agreement, Unreadable> {
    Ok(Agreement {
        from: r.time()?,
        limits: r.list(LIMITS_MAX, |r| {
            Ok(Limit {
                currency: r.currency()?,
                payment_min_minor: r.number()?,
                payment_max_minor: r.number()?,
            })
        })?,
        settlement_currency: r.currency()?,
        interchange: read_share(r)?,
        network_fee: read_share(r)?,
    })
}

fn read_share(r: &mut Reader<'_>) -> Result<Share, Unreadable> {
    let ppm = r.narrow("share")?;
    Share::from_ppm(ppm).map_err(|_| r.wrong("share", u64::from(ppm)))
}

fn write_store(store: &Store, w: &mut Writer<'_>) {
    w.text(&store.reference);
    w.text(&store.name);
    w.number(store.terminals.len() as u64);
    store.terminals.iter().for_each(|terminal| w.text(terminal));
}
