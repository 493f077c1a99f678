//! The rules by which members tell codes apart: made from the directory and the operator's own, signed, and downloaded
//! from a cacheable address. What a rule matches is the code library's business.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use directory::{Change, Directory, Role};
use hop::{Answer, Received, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH};
use hyper::{Response, StatusCode};
use qr::routing::{Pattern, Refused, Rule, RuleSet};
use wire::body::code_rules::{CodeRule, CodeRulesPublish};
use wire::signature::{Identity, Scheme};

use crate::Api;
use crate::code;

/// Where the rules are downloaded, without a signature on the request.
pub const RULES_PATH: &str = "/codes/rules";
/// The scheme of the network's own codes.
const OWN_SCHEME: &str = "sojourn";
/// Caches may keep the rules for so long; a wallet with older ones asks the network about codes it does not know.
const CACHE: &str = "public, max-age=300";

/// The rules in force with their signature.
pub(crate) struct InForce {
    pub(crate) version: u64,
    pub(crate) text: Arc<str>,
    pub(crate) key_version: String,
    pub(crate) signature: String,
}

/// The rules in force, signed; none before the first publication.
pub(crate) fn in_force(directory: &Directory, identity: &Identity) -> Option<InForce> {
    let (version, text) = directory.code_rules()?;
    let (key_version, signature) = identity.seal(Scheme::Rfc9421, text.as_bytes()).ok()?;
    Some(InForce {
        version,
        text: text.clone(),
        key_version: key_version.to_string(),
        signature: STANDARD.encode(signature),
    })
}

/// The change that publishes the network's own rules and these beside them.
pub(crate) fn publication(
    directory: &Directory,
    network: &str,
    public_url: &str,
    asked: &CodeRulesPublish,
    now_s: u64,
) -> Result<Change, String> {
    let mut rules = own(directory, network, public_url).map_err(|refused| refused.to_string())?;
    for (place, rule) in asked.rules.iter().enumerate() {
        let known = rule.member.as_str() == network || directory.member_by_client(&rule.member).is_some();
        if !known {
            return Err(format!("rules[{place}].member {} is no member", rule.member));
        }
        rules.push(read(rule).map_err(|refused| format!("rules[{place}]: {refused}"))?);
    }
    let version = directory.code_rules().map_or(1, |(version, _)| version + 1);
    let set = RuleSet::publish(version, now_s, rules).map_err(|refused| refused.to_string())?;
    let text = String::from_utf8(set.canonical()).map_err(|_| "the rules are not text".to_owned())?;
    Ok(Change::CodeRulesPublished { version, rules: Arc::from(text.as_str()) })
}

/// The network's own codes: every wallet's prefix, our identifiers, our links.
fn own(directory: &Directory, network: &str, public_url: &str) -> Result<Vec<Rule>, Refused> {
    let mut rules = vec![
        Rule::new(Pattern::owner(code::GUID)?, OWN_SCHEME, network)?,
        Rule::new(Pattern::application(&code::application_hex())?, OWN_SCHEME, network)?,
    ];
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    // A network on a bare address or port has no domain of its own, so its links are told by asking it.
    rules.extend(Pattern::domain(host).ok().and_then(|domain| Rule::new(domain, OWN_SCHEME, network).ok()));
    for wallet in directory.members().filter(|member| member.role == Role::Wallet) {
        if let Some(prefix) = wallet.code_prefix {
            rules.push(Rule::new(Pattern::prefix(&prefix.to_string())?, OWN_SCHEME, &wallet.client_id)?);
        }
    }
    Ok(rules)
}

fn read(rule: &CodeRule) -> Result<Rule, Refused> {
    let text = rule.pattern.as_str();
    let pattern = match rule.kind.as_str() {
        "prefix" => Pattern::prefix(text)?,
        "application" => Pattern::application(text)?,
        "owner" => Pattern::owner(text)?,
        "card" => Pattern::card(text.parse().unwrap_or(0))?,
        "domain" => Pattern::domain(text)?,
        _ => return Err(Refused::Pattern { text: format!("{} {text}", rule.kind) }),
    };
    let preference = rule.preference.map_or(0, |count| u16::try_from(count.number()).unwrap_or(u16::MAX));
    Ok(Rule::new(pattern, &rule.scheme, &rule.member)?.preferred(preference))
}

/// `GET /codes/rules`: the canonical text, with entity tag and signature.
pub(crate) fn download(api: &Api, received: &Received) -> Answer {
    let directory = api.gate.directory();
    let Some(rules) = in_force(&directory, api.door.identity()) else {
        return plain(StatusCode::NOT_FOUND, "no code rules have been published");
    };
    let Ok(set) = RuleSet::parse(rules.text.as_bytes()) else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "the published code rules cannot be read");
    };
    let etag = set.etag();
    let held = received.headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged =
        held.is_some_and(|held| held.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
    let body = if unchanged { Bytes::new() } else { Bytes::from(rules.text.to_string()) };
    let mut answer = Response::new(Full::new(body).boxed_unsync());
    if unchanged {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    let signed = [
        (ETAG, etag),
        (
            HeaderName::from_static("x-rules-key"),
            format!("{}/{}", api.door.identity().client_id(), rules.key_version),
        ),
        (HeaderName::from_static("x-rules-signature"), rules.signature),
    ];
    for (name, value) in signed {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    answer
}
