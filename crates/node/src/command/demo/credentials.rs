//! What an outside developer needs to join as one of the demo's members. Holds private keys: for this machine only.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::command::init;
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};

/// Writes the file, readable by its owner only.
pub(crate) fn write(file: &Path, stage: &Stage) -> anyhow::Result<()> {
    let key = |client_id: &str| {
        let credentials = &stage.company.credentials[client_id];
        json!({
            "clientId": client_id,
            "keyVersion": "1",
            "rsaPrivateKeyPem": credentials.rsa.to_pem(),
            "rsaPrivateKeyPkcs1Pem": credentials.rsa.to_pkcs1_pem(),
            "ed25519PrivateKeyPem": credentials.ed25519.to_pem(),
            "endpoint": stage.company.endpoints.get(client_id),
        })
    };
    let wallets = WALLETS.iter().map(|part| {
        let mut member = key(part.client_id);
        let endpoint = stage.company.endpoints.get(part.client_id).cloned().unwrap_or_default();
        member["currency"] = json!(part.currency);
        member["codePrefix"] = json!(part.code_prefix);
        member["phone"] = json!(format!("{endpoint}/phone"));
        member
    });
    let acquirers = ACQUIRERS.iter().map(|part| {
        let mut member = key(part.client_id);
        member["currency"] = json!(part.currency);
        member["merchant"] = json!({
            "referenceMerchantId": part.merchant,
            "merchantName": part.merchant_name,
            "merchantMCC": part.mcc,
            "referenceStoreId": part.stores[0].0,
            "storeTerminalId": "T1",
        });
        member
    });
    let all = json!({
        "baseUrl": stage.house.base_url(),
        "network": {
            "clientId": "SOJOURN",
            "keyVersion": "1",
            "rsaPublicKeyPem": stage.network.rsa.to_pem(),
            "ed25519PublicKeyPem": stage.network.ed25519.to_pem(),
        },
        "wallets": wallets.collect::<Vec<Value>>(),
        "acquirers": acquirers.collect::<Vec<Value>>(),
        "fxProviders": PROVIDERS.iter().map(|part| key(part.client_id)).collect::<Vec<Value>>(),
        "operatorToken": super::house::token(&stage.house.path("operator.token"))?,
    });
    let _ = std::fs::remove_file(file);
    let text = serde_json::to_string_pretty(&all).context("writing JSON")?;
    init::write_secret(file, &text)
}
