//! Which bodies belong to which endpoint, and which result codes to expect. One row an endpoint.

mod member;
mod operator;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::body::result_code::ResultCode;
use crate::paths::Endpoint;

/// Adds a body to the components and gives the reference to it.
type Describe = fn(&mut BTreeMap<&'static str, Value>) -> Value;

/// One endpoint with its bodies.
pub(super) struct Operation {
    pub(super) endpoint: Endpoint,
    pub(super) summary: &'static str,
    pub(super) request: Option<Describe>,
    pub(super) answer: Describe,
    pub(super) codes: &'static [ResultCode],
}

const fn ask(
    endpoint: Endpoint,
    summary: &'static str,
    request: Describe,
    answer: Describe,
    codes: &'static [ResultCode],
) -> Operation {
    Operation { endpoint, summary, request: Some(request), answer, codes }
}

const fn list(endpoint: Endpoint, summary: &'static str, answer: Describe) -> Operation {
    Operation { endpoint, summary, request: None, answer, codes: &[ResultCode::Success] }
}

/// Every endpoint, in the order of [`crate::paths::ALL`].
pub(super) fn all() -> impl Iterator<Item = &'static Operation> {
    member::OPERATIONS.iter().chain(operator::OPERATIONS)
}
