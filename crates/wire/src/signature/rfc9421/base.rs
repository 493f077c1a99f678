//! The signature base (RFC 9421 section 2.5): what is signed, built from the received list of components in its own
//! order. Knows which components can be read, not which a profile demands.

use std::borrow::Cow;

use super::field::{Bare, InnerList, Parameters};
use crate::header::SIGNATURE;
use crate::signature::Refused;
use crate::signature::message::{Header, Headers, Target};

/// The message that a signature covers.
#[derive(Clone, Copy)]
pub(in crate::signature) enum Subject<'a> {
    Request(Request<'a>),
    /// An answer and, for components marked `req`, the request it answers (RFC 9421 section 2.4).
    Response {
        status: u16,
        headers: &'a dyn Headers,
        request: Request<'a>,
    },
}

/// A request, as far as it is still known when its answer is signed.
#[derive(Clone, Copy)]
pub(in crate::signature) struct Request<'a> {
    pub(in crate::signature) method: &'a str,
    pub(in crate::signature) target_uri: &'a str,
    pub(in crate::signature) headers: Option<&'a dyn Headers>,
    /// Label and base64 of its signature.
    pub(in crate::signature) signature: Option<(&'a str, &'a str)>,
}

/// Builds the signature base for the components and parameters in `covered`.
pub(in crate::signature) fn build(subject: Subject<'_>, covered: &InnerList) -> Result<String, Refused> {
    let mut base = String::with_capacity(768);
    for (index, (name, parameters)) in covered.items.iter().enumerate() {
        let Bare::Text(name) = name else {
            return Err(malformed("a component is not a string"));
        };
        let twice = covered.items[..index].iter().any(|(earlier, other)| {
            matches!(earlier, Bare::Text(earlier) if earlier == name) && same(other, parameters)
        });
        if twice {
            return Err(Refused::Repeated { what: "a component in signature-input" });
        }
        let value = value(subject, name, parameters)?;
        Bare::Text(name.clone()).write(&mut base);
        parameters.write(&mut base);
        base.push_str(": ");
        base.push_str(&value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    covered.write(&mut base);
    Ok(base)
}

/// Equal in whatever order.
fn same(one: &Parameters, other: &Parameters) -> bool {
    one.0.len() == other.0.len() && one.0.iter().all(|(name, value)| other.get(name) == Some(value))
}

fn value<'a>(subject: Subject<'a>, name: &str, parameters: &Parameters) -> Result<Cow<'a, str>, Refused> {
    let mut of_request = false;
    let mut key = None;
    for (parameter, value) in &parameters.0 {
        match (parameter.as_str(), value) {
            ("req", Bare::Boolean(true)) => of_request = true,
            ("key", Bare::Text(label)) => key = Some(label.as_str()),
            _ => return Err(malformed("a component has a parameter that is not supported")),
        }
    }
    match (subject, of_request) {
        (Subject::Request(request), false) => of(request, name, key),
        (Subject::Response { request, .. }, true) => of(request, name, key),
        (Subject::Request(_), true) => Err(malformed("a request cannot cover its own request")),
        (Subject::Response { status, headers, .. }, false) => match (name, key) {
            ("@status", None) => Ok(format!("{status:03}").into()),
            (_, None) if !name.starts_with('@') => field(headers, name),
            _ => Err(malformed("an answer covers a component that only requests have")),
        },
    }
}

fn of<'a>(request: Request<'a>, name: &str, key: Option<&str>) -> Result<Cow<'a, str>, Refused> {
    if let Some(label) = key {
        return match request.signature {
            Some((known, base64)) if name == SIGNATURE && known == label => Ok(format!(":{base64}:").into()),
            _ => Err(malformed("it covers a member of a dictionary that we did not keep")),
        };
    }
    let target = || Target::parse(request.target_uri);
    match name {
        "@method" => Ok(request.method.into()),
        "@target-uri" => target().map(|_| request.target_uri.into()),
        "@scheme" => Ok(target()?.scheme.to_ascii_lowercase().into()),
        "@authority" => Ok(authority(target()?).into()),
        "@path" => Ok(target()?.path.into()),
        "@query" => Ok(target()?.query.into()),
        _ if name.starts_with('@') => Err(malformed("it covers a derived component that is not supported")),
        _ => match request.headers {
            Some(headers) => field(headers, name),
            None => Err(malformed("it covers a field of the request that we did not keep")),
        },
    }
}

/// The host in lower case, without the port that its scheme has anyway (RFC 9421 section 2.2.3).
fn authority(target: Target<'_>) -> String {
    let authority = target.authority.to_ascii_lowercase();
    let port = match target.scheme.to_ascii_lowercase().as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return authority,
    };
    authority.strip_suffix(port).map(str::to_owned).unwrap_or(authority)
}

fn field<'a>(headers: &'a dyn Headers, name: &str) -> Result<Cow<'a, str>, Refused> {
    if name.is_empty() || name.bytes().any(|byte| byte.is_ascii_uppercase() || !(b'!'..=b'~').contains(&byte))
    {
        return Err(malformed("the name of a covered field is not in lower case"));
    }
    match headers.find(name) {
        Header::One(value) => Ok(value.into()),
        Header::Absent => Err(Refused::Missing { what: "a field that the signature covers" }),
        Header::Repeated => Err(Refused::Repeated { what: "a field that the signature covers" }),
        Header::Unreadable => Err(malformed("a field that it covers is not visible ASCII")),
    }
}

fn malformed(why: &'static str) -> Refused {
    Refused::Malformed { what: "signature-input", why }
}
