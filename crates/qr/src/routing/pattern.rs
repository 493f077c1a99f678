//! What a routing rule looks at in a code, in normal form: two patterns that match the same codes are equal.

use std::fmt;

use super::Refused;
use crate::profile::Scheme;

/// What a rule matches. Ordered by kind, then text, which is the order of the canonical form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// First digits of a payment code.
    Prefix(String),
    /// First bytes of an application name in a consumer-presented code, in upper-case hexadecimal.
    Application(String),
    /// Owner of an account template: an AID or its first digits, a UUID, or a reverse domain name or its first
    /// labels; in lower case.
    Owner(String),
    /// Institution inside a national scheme, or its first characters: bank, acquirer or address handle.
    Institution(Scheme, String),
    /// Any account of a national scheme, or any link or payment code of that form.
    Scheme(Scheme),
    /// Account object of a card network, 02 to 25.
    Card(u8),
    /// Host of a link, or a domain above it, in lower case, with the first characters of the path.
    Domain(String, String),
}

/// Longest text of a pattern, in bytes.
const LONGEST: usize = 128;

impl Pattern {
    /// First 1 to 32 digits of a payment code.
    pub fn prefix(digits: &str) -> Result<Pattern, Refused> {
        let fits = (1..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        checked(fits, digits, || Pattern::Prefix(digits.to_owned()))
    }

    /// First 1 to 16 bytes of an application name, in hexadecimal.
    pub fn application(name: &str) -> Result<Pattern, Refused> {
        let fits = (2..=32).contains(&name.len())
            && name.len().is_multiple_of(2)
            && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        checked(fits, name, || Pattern::Application(name.to_ascii_uppercase()))
    }

    /// Owner of an account template.
    pub fn owner(identifier: &str) -> Result<Pattern, Refused> {
        let fits = (1..=32).contains(&identifier.len())
            && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
            && !identifier.ends_with('.');
        checked(fits, identifier, || Pattern::Owner(identifier.to_ascii_lowercase()))
    }

    /// Institution inside a national scheme.
    pub fn institution(scheme: Scheme, identifier: &str) -> Result<Pattern, Refused> {
        let fits = (1..=40).contains(&identifier.len())
            && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        checked(fits, identifier, || Pattern::Institution(scheme, identifier.to_ascii_lowercase()))
    }

    /// Account object of a card network, 02 to 25.
    pub fn card(id: u8) -> Result<Pattern, Refused> {
        checked((2..=25).contains(&id), &id.to_string(), || Pattern::Card(id))
    }

    /// A domain such as `pay.example.org`, or `pay.example.org/o/` to ask for the beginning of the path too.
    pub fn domain(text: &str) -> Result<Pattern, Refused> {
        let (host, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let fits = text.len() <= LONGEST
            && host.contains('.')
            && host.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
            && path.bytes().all(|byte| byte.is_ascii_graphic());
        // A path of one slash is every path.
        let path = if path == "/" { "" } else { path };
        checked(fits, text, || Pattern::Domain(host.to_ascii_lowercase(), path.to_owned()))
    }

    /// The word for its kind.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Pattern::Prefix(_) => "prefix",
            Pattern::Application(_) => "application",
            Pattern::Owner(_) => "owner",
            Pattern::Institution(..) => "institution",
            Pattern::Scheme(_) => "scheme",
            Pattern::Card(_) => "card",
            Pattern::Domain(..) => "domain",
        }
    }

    /// Reads what [`fmt::Display`] writes.
    pub(super) fn parse(kind: &str, text: &str) -> Result<Pattern, Refused> {
        let wrong = || Refused::Pattern { text: text.to_owned() };
        match kind {
            "prefix" => Pattern::prefix(text),
            "application" => Pattern::application(text),
            "owner" => Pattern::owner(text),
            "institution" => {
                let (scheme, identifier) = text.split_once(':').ok_or_else(wrong)?;
                Pattern::institution(Scheme::from_name(scheme).ok_or_else(wrong)?, identifier)
            }
            "scheme" => Scheme::from_name(text).map(Pattern::Scheme).ok_or_else(wrong),
            "card" => Pattern::card(text.parse().map_err(|_| wrong())?),
            "domain" => Pattern::domain(text),
            _ => Err(wrong()),
        }
    }

    /// How much it says: the kind first, then how many characters.
    pub(super) fn specificity(&self) -> (u8, usize) {
        match self {
            Pattern::Scheme(_) | Pattern::Card(_) => (0, 0),
            Pattern::Owner(text) | Pattern::Prefix(text) | Pattern::Application(text) => (1, text.len()),
            Pattern::Domain(host, path) => (1, host.len() + path.len()),
            Pattern::Institution(_, text) => (2, text.len()),
        }
    }
}

fn checked(fits: bool, text: &str, pattern: impl FnOnce() -> Pattern) -> Result<Pattern, Refused> {
    if fits { Ok(pattern()) } else { Err(Refused::Pattern { text: text.to_owned() }) }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Pattern::Prefix(text) | Pattern::Application(text) | Pattern::Owner(text) => {
                write!(f, "{kind} {text}")
            }
            Pattern::Institution(scheme, text) => write!(f, "{kind} {scheme}:{text}"),
            Pattern::Scheme(scheme) => write!(f, "{kind} {scheme}"),
            Pattern::Card(id) => write!(f, "{kind} {id:02}"),
            Pattern::Domain(host, path) => write!(f, "{kind} {host}{path}"),
        }
    }
}
