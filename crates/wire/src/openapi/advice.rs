//! The advisory service's part of the document. Its bodies are the adviser's own JSON, so they are described by their
//! fields and not by types of the payment contract.

mod house;
mod members;

use serde_json::{Map, Value, json};

use super::prose;
use house::HOUSE;
use members::MEMBERS;

/// Method, path, operation, summary, fields of the body or query (`?` behind what may be left out), what is answered.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Method and path of every endpoint of the service.
pub fn advice_paths() -> impl Iterator<Item = (&'static str, &'static str)> {
    MEMBERS.iter().chain(HOUSE).map(|row| (row.0, row.1))
}

/// Adds the service's endpoints.
pub(super) fn put_paths(paths: &mut Map<String, Value>) {
    for (rows, of_member) in [(MEMBERS, true), (HOUSE, false)] {
        for row in rows {
            let item = paths.entry(row.1).or_insert_with(|| json!({}));
            item[row.0.to_ascii_lowercase()] = described(row, of_member);
        }
    }
}

fn described(row: &Row, of_member: bool) -> Value {
    let (method, path, operation, summary, fields, answer) = *row;
    let fields: Vec<(&str, bool)> =
        fields.split_whitespace().map(|f| f.strip_suffix('?').map_or((f, true), |f| (f, false))).collect();
    let by_query = matches!(method, "GET" | "DELETE");
    let mut parameters: Vec<Value> = super::placeholders(path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if of_member {
        let shared = prose::MEMBER_PARAMETERS.iter();
        parameters.extend(shared.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })));
    }
    if by_query {
        let named = |(name, needed): &(&str, bool)| json!({ "name": name, "in": "query", "required": needed, "schema": { "type": "string" } });
        parameters.extend(fields.iter().map(named));
    }
    let mut described = json!({
        "operationId": operation,
        "summary": summary,
        "tags": ["advice"],
        "security": if of_member { json!([{ "alipay": [] }, { "rfc9421": [] }]) } else { json!([{ "operator": [] }]) },
        "parameters": parameters,
        "responses": {
            "200": { "description": answer, "content": { "application/json": { "schema": { "type": "object" } } } },
            "default": {
                "description": "A refusal as problem details (RFC 9457) with code, message, rule, limit, actual, nearest and remedy.",
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
        },
    });
    if !by_query {
        let properties: Map<String, Value> =
            fields.iter().map(|(name, _)| ((*name).to_owned(), json!({}))).collect();
        let required: Vec<&str> =
            fields.iter().filter(|(_, needed)| *needed).map(|(name, _)| *name).collect();
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    described
}
