//! What a signature is made over, as the HTTP library hands it to us: method, target, header fields and body. Knows no
//! HTTP library and no scheme.

use super::Refused;

/// A header field as it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Header<'a> {
    /// Not in the message.
    Absent,
    /// Exactly once, visible ASCII, tabs and blanks.
    One(&'a str),
    /// More than once. No field that we read may be: two readers could pick different ones.
    Repeated,
    /// Bytes that are not visible ASCII.
    Unreadable,
}

/// Finds header fields. Names are asked for in lower case.
pub trait Headers {
    /// The field with this name.
    fn find(&self, name: &str) -> Header<'_>;
}

/// Lists of name and value, in any case, as tests and small clients have them.
impl<Name: AsRef<str>, Value: AsRef<str>> Headers for Vec<(Name, Value)> {
    fn find(&self, name: &str) -> Header<'_> {
        let mut found = self.iter().filter(|(key, _)| key.as_ref().eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (None, _) => Header::Absent,
            (Some((_, value)), None) => Header::read(value.as_ref().as_bytes()),
            _ => Header::Repeated,
        }
    }
}

impl<'a> Header<'a> {
    /// A field from its bytes: blanks around it are cut off, everything but visible ASCII, tabs and blanks is
    /// [`Header::Unreadable`].
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Header<'a> {
        let readable = bytes.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
        match std::str::from_utf8(bytes) {
            Ok(text) if readable => Header::One(text.trim_matches([' ', '\t'])),
            _ => Header::Unreadable,
        }
    }
}

/// The field, which must be there exactly once and readable.
pub(super) fn required<'a>(headers: &'a dyn Headers, name: &'static str) -> Result<&'a str, Refused> {
    optional(headers, name)?.ok_or(Refused::Missing { what: name })
}

/// The field if it is there; refused when it is there more than once or unreadable.
pub(super) fn optional<'a>(headers: &'a dyn Headers, name: &'static str) -> Result<Option<&'a str>, Refused> {
    match headers.find(name) {
        Header::Absent => Ok(None),
        Header::One(value) => Ok(Some(value)),
        Header::Repeated => Err(Refused::Repeated { what: name }),
        Header::Unreadable => Err(Refused::Malformed { what: name, why: "it is not visible ASCII" }),
    }
}

/// A request, as received.
#[derive(Clone, Copy)]
pub struct RequestParts<'a> {
    /// `POST`, in upper case as received.
    pub method: &'a str,
    /// The absolute URI the client addressed, `https://host/path?query`: its request target if that is absolute,
    /// otherwise put together from our scheme, the `Host` field and the request target.
    pub target_uri: &'a str,
    /// The header fields.
    pub headers: &'a dyn Headers,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// An answer, as received.
#[derive(Clone, Copy)]
pub struct ResponseParts<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: &'a dyn Headers,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// An absolute URI taken apart (RFC 3986 section 3), as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Target<'a> {
    pub(super) scheme: &'a str,
    pub(super) authority: &'a str,
    /// Never empty: an empty path is `/`.
    pub(super) path: &'a str,
    /// With its question mark; `?` when there is no query (RFC 9421 section 2.2.7).
    pub(super) query: &'a str,
}

impl<'a> Target<'a> {
    pub(super) fn parse(target_uri: &'a str) -> Result<Target<'a>, Refused> {
        let refused = |why| Refused::Malformed { what: "target URI", why };
        if !target_uri.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
            return Err(refused("it has blanks or bytes that are not ASCII"));
        }
        let (scheme, rest) = target_uri.split_once("://").ok_or(refused("it is not absolute"))?;
        if rest.contains('#') {
            return Err(refused("it has a fragment"));
        }
        let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if scheme.is_empty() || authority.is_empty() {
            return Err(refused("it has no scheme or no host"));
        }
        let (path, query) = tail.split_at(tail.find('?').unwrap_or(tail.len()));
        Ok(Target {
            scheme,
            authority,
            path: if path.is_empty() { "/" } else { path },
            query: if query.is_empty() { "?" } else { query },
        })
    }
}
