//! Codes that are links. Knows how a link is cut, not which member it belongs to.

use crate::{Defect, Malformed};

/// A link: scheme, host and the rest, as presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    text: String,
    scheme: usize,
    host: std::ops::Range<usize>,
}

impl Link {
    /// Whether a text begins like a link: letters, then `://`.
    pub(crate) fn claims(text: &str) -> bool {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.split_once("://").is_some_and(|(scheme, _)| {
                scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            })
    }

    /// Reads a link (RFC 3986). Refuses blanks, control characters and anything outside ASCII.
    pub fn parse(text: &str) -> Result<Link, Malformed> {
        if let Some(at) = text.chars().position(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c)) {
            return Err(Malformed::new(at, Defect::LinkWrong));
        }
        if !Link::claims(text) {
            return Err(Malformed::new(0, Defect::LinkWrong));
        }
        let scheme = text.find(':').unwrap_or_default();
        let start = scheme + 3;
        let authority_end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
        let authority = &text[start..authority_end];
        let host_start = start + authority.rfind('@').map_or(0, |at| at + 1);
        let host_end = match text[host_start..authority_end].rfind(':') {
            Some(colon) if !text[host_start..authority_end].ends_with(']') => host_start + colon,
            _ => authority_end,
        };
        if host_start == host_end {
            return Err(Malformed::new(start, Defect::LinkWrong));
        }
        Ok(Link { text: text.to_owned(), scheme, host: host_start..host_end })
    }

    /// The link as presented.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme as presented, such as `https` or `upi`.
    pub fn scheme(&self) -> &str {
        &self.text[..self.scheme]
    }

    /// The host as presented, without port.
    pub fn host(&self) -> &str {
        &self.text[self.host.clone()]
    }
}
