//! Who takes part in one seed, and the operator's acts that let them in. Knows nothing of what they will do.

use std::sync::Arc;

use directory::{Agreement, Change, Country, Key, KeyAlgorithm, Limit, MemberId, Role, Store, Time};
use engine::{Funding, FundingKind, Input};
use fastrand::Rng;
use money::{Amount, Currency, Rate, Share};

use crate::plan::{Plan, pick};

/// Currencies of every exponent, and what a major unit is worth in millionths of one dollar.
const CURRENCIES: [(&str, u64); 10] = [
    ("CNY", 140_000),
    ("PHP", 17_000),
    ("JPY", 6_700),
    ("KWD", 3_250_000),
    ("EUR", 1_100_000),
    ("IDR", 61),
    ("VND", 40),
    ("THB", 29_000),
    ("KRW", 730),
    ("USD", 1_000_000),
];
/// Prices are pushed with six decimals.
const PRICE_SCALE: u8 = 6;
const PRICE_UNIT: u64 = 1_000_000;

/// A wallet as the world knows it.
#[derive(Clone, Debug)]
pub(crate) struct WalletRole {
    pub(crate) member: MemberId,
    pub(crate) currency: Currency,
    pub(crate) prefix: u32,
}

/// An acquirer as the world knows it.
#[derive(Clone, Debug)]
pub(crate) struct AcquirerRole {
    pub(crate) member: MemberId,
    pub(crate) currency: Currency,
    pub(crate) merchants: Vec<Arc<str>>,
}

/// Everybody.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    pub(crate) wallets: Vec<WalletRole>,
    pub(crate) acquirers: Vec<AcquirerRole>,
    pub(crate) providers: Vec<MemberId>,
    /// Each once.
    pub(crate) currencies: Vec<Currency>,
}

/// A member as the operator lets it in.
struct Newcomer {
    member: MemberId,
    role: Role,
    country: &'static str,
    prefix: Option<u32>,
    agreement: Agreement,
    deposits: Vec<Amount>,
}

impl Cast {
    /// Draws the members, and what the operator does to let them in.
    pub(crate) fn draw(plan: &Plan, rng: &mut Rng) -> (Cast, Vec<Input>) {
        let mut codes: Vec<&str> = CURRENCIES.iter().map(|(code, _)| *code).collect();
        rng.shuffle(&mut codes);
        let currency = |code: &str| Currency::parse(code).expect("the table has currencies in circulation");
        let mut cast = Cast { wallets: vec![], acquirers: vec![], providers: vec![], currencies: vec![] };
        let mut inputs = Vec::new();
        for (prefix, code) in (250_000..).zip(&codes[..plan.wallets]) {
            let role = WalletRole { member: cast.next_member(), currency: currency(code), prefix };
            cast.wallets.push(role);
        }
        for index in 0..plan.acquirers {
            // The last acquirer shares its currency with a wallet, so that some payments cross none.
            let code = if index + 1 == plan.acquirers { codes[0] } else { codes[plan.wallets + index] };
            let merchants = ["m1", "m2"][..rng.usize(1..=2)].iter().map(|name| Arc::from(*name)).collect();
            let role = AcquirerRole { member: cast.next_member(), currency: currency(code), merchants };
            cast.acquirers.push(role);
        }
        for _ in 0..plan.providers {
            cast.providers.push(cast.next_member());
        }
        cast.currencies = codes[..plan.wallets + plan.acquirers - 1].iter().map(|c| currency(c)).collect();
        for newcomer in cast.newcomers(plan, rng) {
            let_in(newcomer, plan.start, &mut inputs);
        }
        for acquirer in &cast.acquirers {
            register_merchants(acquirer, &cast, &mut inputs);
        }
        (cast, inputs)
    }

    fn next_member(&self) -> MemberId {
        let members = self.wallets.len() + self.acquirers.len() + self.providers.len();
        MemberId(u32::try_from(members).expect("a few members") + 1)
    }

    /// In the order in which they get their numbers.
    fn newcomers(&self, plan: &Plan, rng: &mut Rng) -> Vec<Newcomer> {
        let mut all = Vec::new();
        for wallet in &self.wallets {
            let network_fee = *pick(rng, &[0, 500, 20_000]);
            all.push(Newcomer {
                member: wallet.member,
                role: Role::Wallet,
                country: "PH",
                prefix: Some(wallet.prefix),
                agreement: agreement(plan.start, &[wallet.currency], 0, network_fee),
                deposits: vec![Amount::new(wallet.currency, 40 * worth(wallet.currency))],
            });
        }
        for acquirer in &self.acquirers {
            let interchange = *pick(rng, &[0, 6_000, 60_000, 750_000]);
            all.push(Newcomer {
                member: acquirer.member,
                role: Role::Acquirer,
                country: "CN",
                prefix: None,
                agreement: agreement(plan.start, &[acquirer.currency], interchange, *pick(rng, &[0, 1_000])),
                deposits: vec![Amount::new(acquirer.currency, 2 * worth(acquirer.currency))],
            });
        }
        for provider in &self.providers {
            let deposits = self.currencies.iter().map(|c| Amount::new(*c, 30 * worth(*c))).collect();
            all.push(Newcomer {
                member: *provider,
                role: Role::FxProvider,
                country: "SG",
                prefix: None,
                agreement: agreement(plan.start, &self.currencies, 0, 0),
                deposits,
            });
        }
        all
    }
}

/// Minor units worth some hundred dollars: what a well-off customer spends in a shop.
pub(crate) fn worth(currency: Currency) -> u64 {
    let major = 300_000_000 / micro_dollars(currency).max(1);
    major.max(1) * 10_u64.pow(u32::from(currency.exponent()))
}

fn micro_dollars(currency: Currency) -> u64 {
    CURRENCIES.iter().find(|(code, _)| *code == currency.code()).map_or(1, |(_, value)| *value)
}

/// The price of `base` in `quote`, off its true value by `per_mille_over` of 1,000; none where it would be zero.
pub(crate) fn price(base: Currency, quote: Currency, per_mille_over: u64) -> Option<Rate> {
    let mantissa =
        micro_dollars(base) * PRICE_UNIT / micro_dollars(quote).max(1) * (1_000 + per_mille_over) / 1_000;
    Rate::from_parts(base, quote, mantissa, PRICE_SCALE).ok()
}

/// Terms from a date on, without a lower limit and with one that few payments exceed.
pub(crate) fn agreement(
    from: Time,
    currencies: &[Currency],
    interchange: u32,
    network_fee: u32,
) -> Agreement {
    let limit = |currency: &Currency| Limit {
        currency: *currency,
        payment_min_minor: 1,
        payment_max_minor: 3 * worth(*currency),
    };
    let share = |ppm| Share::from_ppm(ppm).expect("below the whole");
    Agreement {
        from,
        limits: currencies.iter().map(limit).collect(),
        settlement_currency: currencies[0],
        interchange: share(interchange),
        network_fee: share(network_fee),
    }
}

/// A key whose signatures nobody makes here: signing is another floor's.
pub(crate) fn key(version: u32, from: Time) -> Key {
    Key { version, algorithm: KeyAlgorithm::Ed25519, public_pem: Arc::from("a key"), from, until: None }
}

fn let_in(newcomer: Newcomer, at: Time, inputs: &mut Vec<Input>) {
    let number = newcomer.member.0;
    inputs.push(Input::Change(Change::MemberAdded {
        client_id: format!("member-{number}").into(),
        role: newcomer.role,
        name: format!("Member {number}").into(),
        country: Country::parse(newcomer.country).expect("two letters"),
        endpoint: None,
        code_prefix: newcomer.prefix,
    }));
    inputs.push(Input::Change(Change::KeyAdded { member: newcomer.member, key: key(1, at) }));
    let agreement = newcomer.agreement;
    inputs.push(Input::Change(Change::AgreementAdded { member: newcomer.member, agreement }));
    for amount in newcomer.deposits {
        inputs.push(Input::Fund(Funding {
            kind: FundingKind::Deposit,
            request_id: format!("first-{number}-{}", amount.currency).into(),
            member: newcomer.member,
            amount,
            number: 0,
        }));
    }
}

fn register_merchants(acquirer: &AcquirerRole, cast: &Cast, inputs: &mut Vec<Input>) {
    let before: usize = cast
        .acquirers
        .iter()
        .take_while(|other| other.member != acquirer.member)
        .map(|other| other.merchants.len())
        .sum();
    for (index, reference) in acquirer.merchants.iter().enumerate() {
        inputs.push(Input::Change(Change::MerchantAdded {
            acquirer: acquirer.member,
            reference: reference.clone(),
            name: format!("Shop {reference} of {}", acquirer.member.0).into(),
            category: 5411,
            country: Country::parse("CN").expect("two letters"),
            city: Arc::from("Hangzhou"),
        }));
        let merchant = u32::try_from(before + index).expect("a few merchants") + 1;
        inputs.push(Input::Change(Change::StoreSet {
            merchant: directory::MerchantId(merchant),
            store: Store { reference: Arc::from("s1"), name: Arc::from("First store"), terminals: vec![] },
        }));
    }
}
