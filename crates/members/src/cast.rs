//! A cast of members and their terms, for the demo, the load and tests. Rates are near the market of 2026; nobody here
//! exists.

use serde_json::{Value, json};

/// A wallet of the cast.
pub struct WalletPart {
    /// The name it signs as.
    pub client_id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is licensed (ISO 3166-1 alpha-2).
    pub country: &'static str,
    /// What its users hold (ISO 4217).
    pub currency: &'static str,
    /// What its payment codes begin with.
    pub code_prefix: &'static str,
    /// Prefunding in minor units.
    pub deposit: u64,
    /// The most one payment may cost a payer.
    pub payment_max: u64,
}

/// An acquirer of the cast, with one merchant.
pub struct AcquirerPart {
    /// The name it signs as.
    pub client_id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is licensed (ISO 3166-1 alpha-2).
    pub country: &'static str,
    /// What its merchants are paid in (ISO 4217).
    pub currency: &'static str,
    /// Net debit cap in minor units: for refunds of what was paid out already.
    pub credit: u64,
    /// The most one payment may bring, in minor units.
    pub payment_max: u64,
    /// Its reference for its merchant.
    pub merchant: &'static str,
    /// The merchant's name.
    pub merchant_name: &'static str,
    /// The merchant's town.
    pub city: &'static str,
    /// The merchant's category (ISO 18245).
    pub mcc: &'static str,
    /// The merchant's stores: reference and name.
    pub stores: [(&'static str, &'static str); 2],
    /// An ordinary bill, in minor units: from, to.
    pub bill: (u64, u64),
}

/// An FX provider of the cast.
pub struct ProviderPart {
    /// The name it signs as.
    pub client_id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is licensed (ISO 3166-1 alpha-2).
    pub country: &'static str,
    /// What it earns, in parts per million.
    pub margin_ppm: u64,
}

/// Three wallets of three currencies.
pub const WALLETS: [WalletPart; 3] = [
    WalletPart {
        client_id: "BAYANI",
        name: "Bayani Pay",
        country: "PH",
        currency: "PHP",
        code_prefix: "281001",
        deposit: 900_000_000,
        payment_max: 500_000_000,
    },
    WalletPart {
        client_id: "CHAOPHRAYA",
        name: "Chao Phraya Wallet",
        country: "TH",
        currency: "THB",
        code_prefix: "282001",
        deposit: 8_000_000,
        payment_max: 500_000_000,
    },
    WalletPart {
        client_id: "HANOK",
        name: "Hanok Pay",
        country: "KR",
        currency: "KRW",
        code_prefix: "283001",
        deposit: 400_000_000,
        payment_max: 200_000_000,
    },
];

/// Two acquirers of two countries.
pub const ACQUIRERS: [AcquirerPart; 2] = [
    AcquirerPart {
        client_id: "BUND-ACQ",
        name: "Bund Acquiring",
        country: "CN",
        currency: "CNY",
        credit: 50_000_000,
        payment_max: 5_000_000,
        merchant: "M-SHANGHAI-1",
        merchant_name: "Lotus Noodle House",
        city: "SHANGHAI",
        mcc: "5812",
        stores: [("S-BUND", "The Bund"), ("S-XINTIANDI", "Xintiandi")],
        bill: (1_200, 28_800),
    },
    AcquirerPart {
        client_id: "SUMIDA-ACQ",
        name: "Sumida Acquiring",
        country: "JP",
        currency: "JPY",
        credit: 100_000_000,
        payment_max: 10_000_000,
        merchant: "M-TOKYO-1",
        merchant_name: "Asakusa Paper & Brush",
        city: "TOKYO",
        mcc: "5943",
        stores: [("S-ASAKUSA", "Asakusa"), ("S-UENO", "Ueno")],
        bill: (300, 18_000),
    },
];

/// Two FX providers that compete.
pub const PROVIDERS: [ProviderPart; 2] = [
    ProviderPart { client_id: "HARBOUR-FX", name: "Harbour FX", country: "SG", margin_ppm: 3_000 },
    ProviderPart { client_id: "MERIDIAN-FX", name: "Meridian FX", country: "HK", margin_ppm: 3_200 },
];

/// Middle prices in millionths: payee's currency, payer's currency.
pub const PRICES: [(&str, &str, u64); 6] = [
    ("CNY", "PHP", 8_125_000),
    ("CNY", "THB", 4_560_000),
    ("CNY", "KRW", 203_400_000),
    ("JPY", "PHP", 380_000),
    ("JPY", "THB", 213_500),
    ("JPY", "KRW", 9_480_000),
];

/// What each FX provider has paid in of each currency merchants are paid in, and may owe of payers'.
const PROVIDER_DEPOSITS: [(&str, u64); 2] = [("CNY", 900_000_000), ("JPY", 9_000_000_000)];
const PROVIDER_CREDITS: [(&str, u64); 3] =
    [("PHP", 900_000_000), ("THB", 900_000_000), ("KRW", 9_000_000_000)];
/// No single limit of a provider matters beside its funds.
const PROVIDER_LIMIT: u64 = 1_000_000_000_000;

/// What the operator is asked to change so that the cast is registered: path and body, in order.
pub fn changes(
    keys: &dyn Fn(&str) -> Vec<String>,
    endpoint: &dyn Fn(&str) -> Option<String>,
) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut member = |client_id: &str, role: &str, name: &str, country: &str, prefix: Option<&str>| {
        let mut add = json!({ "clientId": client_id, "role": role, "name": name, "country": country });
        if let Some(endpoint) = endpoint(client_id) {
            add["endpoint"] = json!(endpoint);
        }
        if let Some(prefix) = prefix {
            add["codePrefix"] = json!(prefix);
        }
        all.push(("members".to_owned(), add));
        for public_key in keys(client_id) {
            all.push((
                format!("members/{client_id}/keys"),
                json!({ "version": "1", "publicKey": public_key }),
            ));
        }
    };
    for wallet in &WALLETS {
        member(wallet.client_id, "WALLET", wallet.name, wallet.country, Some(wallet.code_prefix));
    }
    for acquirer in &ACQUIRERS {
        member(acquirer.client_id, "ACQUIRER", acquirer.name, acquirer.country, None);
    }
    for provider in &PROVIDERS {
        member(provider.client_id, "FX_PROVIDER", provider.name, provider.country, None);
    }
    all.extend(WALLETS.iter().flat_map(wallet_terms));
    all.extend(ACQUIRERS.iter().flat_map(acquirer_terms));
    all.extend(PROVIDERS.iter().map(provider_terms));
    all.push(("code-rules".to_owned(), json!({ "rules": [] })));
    all
}

fn limit(currency: &str, most: u64) -> Value {
    json!({ "currency": currency, "paymentMin": "1", "paymentMax": most.to_string() })
}

fn wallet_terms(wallet: &WalletPart) -> Vec<(String, Value)> {
    let terms = json!({
        "limits": [limit(wallet.currency, wallet.payment_max)],
        "settlementCurrency": wallet.currency,
        "networkFeePercent": "0.05",
    });
    vec![(format!("members/{}/agreements", wallet.client_id), terms)]
}

fn acquirer_terms(acquirer: &AcquirerPart) -> Vec<(String, Value)> {
    let client_id = acquirer.client_id;
    let terms = json!({
        "limits": [limit(acquirer.currency, acquirer.payment_max)],
        "settlementCurrency": acquirer.currency,
        "interchangePercent": "0.60",
        "networkFeePercent": "0.10",
    });
    let merchant = json!({
        "referenceMerchantId": acquirer.merchant,
        "merchantName": acquirer.merchant_name,
        "merchantMCC": acquirer.mcc,
        "country": acquirer.country,
        "city": acquirer.city,
    });
    let mut all = vec![
        (format!("members/{client_id}/agreements"), terms),
        (format!("members/{client_id}/merchants"), merchant),
    ];
    for (reference, name) in acquirer.stores {
        let store = json!({ "referenceStoreId": reference, "storeName": name, "terminalIds": ["T1", "T2"] });
        all.push((format!("members/{client_id}/merchants/{}/stores", acquirer.merchant), store));
    }
    all
}

fn provider_terms(provider: &ProviderPart) -> (String, Value) {
    let currencies = PROVIDER_DEPOSITS.iter().chain(&PROVIDER_CREDITS);
    let limits: Vec<Value> = currencies.map(|(currency, _)| limit(currency, PROVIDER_LIMIT)).collect();
    let terms = json!({ "limits": limits, "settlementCurrency": "CNY" });
    (format!("members/{}/agreements", provider.client_id), terms)
}

/// What members pay in and may draw, once their agreements hold.
pub fn funds() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut deposit = |client_id: &str, currency: &str, minor: u64| {
        let body = json!({
            "fundingRequestId": format!("demo-{client_id}-{currency}"),
            "direction": "IN",
            "amount": { "currency": currency, "value": minor.to_string() },
        });
        all.push((format!("members/{client_id}/funding"), body));
    };
    WALLETS.iter().for_each(|wallet| deposit(wallet.client_id, wallet.currency, wallet.deposit));
    for provider in &PROVIDERS {
        PROVIDER_DEPOSITS.iter().for_each(|(currency, minor)| deposit(provider.client_id, currency, *minor));
    }
    let mut credit = |client_id: &str, currency: &str, minor: u64| {
        let body = json!({
            "creditRequestId": format!("demo-credit-{client_id}-{currency}"),
            "change": "RAISE",
            "amount": { "currency": currency, "value": minor.to_string() },
        });
        all.push((format!("members/{client_id}/credit"), body));
    };
    ACQUIRERS.iter().for_each(|acquirer| credit(acquirer.client_id, acquirer.currency, acquirer.credit));
    for provider in &PROVIDERS {
        PROVIDER_CREDITS.iter().for_each(|(currency, minor)| credit(provider.client_id, currency, *minor));
    }
    all
}
