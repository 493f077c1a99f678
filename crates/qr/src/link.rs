//! Codes that are links: cut into scheme, host, path and query, and read as UPI or Alipay+ where they are. Opens no
//! link.

mod alipay;
mod upi;

pub use alipay::{Payload, PayloadObject, mpm_link};
pub use upi::Upi;

use std::ops::Range;

use crate::finding::Finding;
use crate::profile::Scheme;
use crate::{Defect, LONGEST_BYTES, Malformed};

/// A link: scheme, host and the rest, as presented.
///
/// ```
/// use qr::link::{Content, Link};
/// let link = Link::parse("upi://pay?pa=shop@examplebank&pn=Test%20Shop&am=10.00&cu=INR")?;
/// let (content, findings) = link.read();
/// let Content::Upi(upi) = content else { panic!("it is a UPI link") };
/// assert_eq!((upi.address.as_str(), upi.name.as_deref()), ("shop@examplebank", Some("Test Shop")));
/// assert!(findings.is_empty());
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    text: String,
    scheme: usize,
    host: Range<usize>,
    path: Range<usize>,
}

/// What a link is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A payment by UPI.
    Upi(Upi),
    /// An Alipay+ code of format `/MPM/3/`.
    AlipayPayload(Payload),
    /// An order code in the form Alipay+ gives to acquirers: `281`, three digits of the acquirer, `04`, the order.
    AlipayOrder {
        /// Three digits that name the acquirer.
        acquirer: String,
    },
    /// Any other link; whose it is, its host says.
    Other,
}

impl Content {
    /// The scheme it belongs to by its form.
    pub fn scheme(&self) -> Option<Scheme> {
        match self {
            Content::Upi(_) => Some(Scheme::Upi),
            Content::AlipayPayload(_) | Content::AlipayOrder { .. } => Some(Scheme::AlipayPlus),
            Content::Other => None,
        }
    }
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
        if text.len() > LONGEST_BYTES {
            return Err(Malformed::new(0, Defect::TooLong { longest: LONGEST_BYTES }));
        }
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
        let path_end = text[authority_end..].find(['?', '#']).map_or(text.len(), |at| authority_end + at);
        Ok(Link { text: text.to_owned(), scheme, host: host_start..host_end, path: authority_end..path_end })
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

    /// The path as presented, with its leading slash if there is one.
    pub fn path(&self) -> &str {
        &self.text[self.path.clone()]
    }

    /// The pairs of the query in order, decoded, each with its offset in characters.
    pub fn query(&self) -> impl Iterator<Item = (usize, String, String)> {
        let rest = &self.text[self.path.end..];
        let query = rest.strip_prefix('?').unwrap_or("");
        let query = query.split('#').next().unwrap_or("");
        let mut at = self.path.end + 1;
        query.split('&').filter_map(move |pair| {
            let begins = at;
            at += pair.len() + 1;
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (!name.is_empty()).then(|| (begins, decoded(name), decoded(value)))
        })
    }

    /// Reads what the link says beyond its host, with what is wrong in it.
    pub fn read(&self) -> (Content, Vec<Finding>) {
        if self.scheme().eq_ignore_ascii_case("upi") {
            return upi::read(self);
        }
        alipay::read(self)
    }

    /// Characters before the path.
    pub(crate) fn path_at(&self) -> usize {
        self.path.start
    }
}

/// Undoes percent-encoding; what is not UTF-8 afterwards becomes the replacement character.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => nibble(*high).zip(nibble(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes everything but what RFC 3986 leaves unreserved, and `@`.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 0xF].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
