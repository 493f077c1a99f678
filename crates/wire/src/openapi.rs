//! The OpenAPI 3.1 document of the whole contract, made from the same descriptions that read and write the bodies.
//! Serves nobody; a test keeps the copy in `docs/openapi.json` equal to it.

mod advice;
mod operations;
mod prose;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub use self::advice::advice_paths;

use self::operations::Operation;
use crate::body::Described;
use crate::body::result_code::{ResultCode, ResultStatus};
use crate::paths::Caller;

/// Builds the document.
#[must_use]
pub fn document() -> Value {
    // Every answer carries a result code; the set of them is described even where no body names the type.
    let mut components = BTreeMap::new();
    ResultCode::describe(&mut components);
    let mut paths = Map::new();
    let mut webhooks = Map::new();
    for operation in operations::all() {
        let described = operation.describe(&mut components);
        match operation.endpoint.caller {
            Caller::NetworkToWallet | Caller::NetworkToAcquirer => {
                let item = json!({ "summary": operation.endpoint.paths[0], "post": described });
                webhooks.insert(operation.endpoint.operation.to_owned(), item);
            }
            Caller::Acquirer | Caller::Wallet | Caller::FxProvider | Caller::Member | Caller::Operator => {
                operation.put_paths(&described, &mut paths);
            }
        }
    }
    advice::put_paths(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sojourn payment network",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Pay at a merchant of one country with a wallet of another.",
            "description": prose::INTRODUCTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "https://localhost", "description": "A network of your own" }],
        "tags": tags(),
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": components,
            "parameters": prose::parameters(),
            "headers": prose::headers(),
            "securitySchemes": prose::security_schemes(),
        },
        "x-result-codes": result_codes(),
    })
}

impl Operation {
    fn describe(&self, components: &mut BTreeMap<&'static str, Value>) -> Value {
        let from_operator = self.endpoint.caller == Caller::Operator;
        let mut described = json!({
            "operationId": self.endpoint.operation,
            "summary": self.summary,
            "tags": [tag(self.endpoint.caller)],
            "security": if from_operator { json!([{ "operator": [] }]) } else { json!([{ "alipay": [] }, { "rfc9421": [] }]) },
            "responses": self.responses((self.answer)(components)),
            "x-result-codes": self.codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
        });
        if let Some(request) = self.request {
            described["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": request(components) } } });
        }
        let shared = if from_operator { &[][..] } else { prose::MEMBER_PARAMETERS };
        let mut parameters: Vec<Value> =
            shared.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect();
        parameters.extend(placeholders(self.endpoint.paths[0]).map(
            |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }),
        ));
        if !parameters.is_empty() {
            described["parameters"] = parameters.into();
        }
        described
    }

    fn responses(&self, answer: Value) -> Value {
        let content = json!({ "application/json": { "schema": answer } });
        if self.endpoint.caller == Caller::Operator {
            return json!({
                "200": { "description": "What was asked, or why not: see `result`.", "content": content },
                "401": { "description": "The bearer token is missing or wrong." },
            });
        }
        let signed: Map<String, Value> = prose::ANSWER_HEADERS
            .iter()
            .map(|(name, component)| {
                ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{component}") }))
            })
            .collect();
        json!({
            "200": {
                "description": "The signed answer, good or bad: see `result`.",
                "headers": signed,
                "content": content,
            },
            "400": { "description": "The request cannot be tied to any member: its signature fields cannot be read." },
            "401": { "description": "No member has this client id." },
            "413": { "description": "The body is too long." },
        })
    }

    /// One entry for every path; all but the first are marked as other names for it.
    fn put_paths(&self, described: &Value, paths: &mut Map<String, Value>) {
        let [first, ..] = self.endpoint.paths else { return };
        for path in self.endpoint.paths {
            let mut described = described.clone();
            if path != first {
                let name = path.trim_start_matches('/').replace('/', "_");
                described["operationId"] = name.into();
                described["description"] = format!("The same endpoint as `{first}`.").into();
            }
            let item = paths.entry(*path).or_insert_with(|| json!({}));
            item[self.endpoint.method.to_ascii_lowercase()] = described;
        }
    }
}

/// The parameters in a path: the words in braces.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn tag(caller: Caller) -> &'static str {
    match caller {
        Caller::Acquirer => "acquirer",
        Caller::Wallet => "wallet",
        Caller::FxProvider => "fx provider",
        Caller::Member => "member",
        Caller::Operator => "operator",
        Caller::NetworkToWallet => "network to wallet",
        Caller::NetworkToAcquirer => "network to acquirer",
    }
}

fn tags() -> Value {
    json!([
        { "name": "acquirer", "description": "Calls of acquirers to the network." },
        { "name": "wallet", "description": "Calls of wallets to the network." },
        { "name": "fx provider", "description": "Calls of FX providers to the network." },
        { "name": "network to wallet", "description": "Calls of the network to a wallet, below the wallet's base URL." },
        { "name": "network to acquirer", "description": "Calls of the network to an acquirer, below its base URL or at the payment's own address." },
        { "name": "advice", "description": "Calls of wallets for their users, and of the house, where the network offers advice. Every change carries a `request_id` in its body and is done once." },
        { "name": "operator", "description": "Calls of the operator's tools, with a bearer token." },
    ])
}

fn result_codes() -> Value {
    let entry = |code: &ResultCode| json!({ "resultCode": code.as_str(), "resultStatus": code.status().as_str(), "resultMessage": code.sentence() });
    let of =
        |status: ResultStatus| ResultCode::ALL.iter().filter(move |code| code.status() == status).map(entry);
    ResultStatus::ALL.iter().flat_map(|status| of(*status)).collect::<Vec<_>>().into()
}
