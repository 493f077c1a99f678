//! Who signs, and with which of its keys: names and versions as both schemes write them. Knows no keys.

use std::fmt;

/// Longest client id, in characters.
const CLIENT_ID_LENGTH_MAX: usize = 64;

/// The name a member signs with: 1 to 64 of `A-Z a-z 0-9 _ -`. No dot and no slash, because both signature schemes join
/// the name to other text with them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(Box<str>);

impl ClientId {
    /// Reads a client id; `None` when it is empty, too long or has another character.
    #[must_use]
    pub fn parse(text: &str) -> Option<ClientId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let good = (1..=CLIENT_ID_LENGTH_MAX).contains(&text.len()) && text.bytes().all(allowed);
        good.then(|| ClientId(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of a member's keys signed: 1 to 999999. A member has two live versions while it rotates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyVersion(u32);

impl KeyVersion {
    /// The version every member starts with.
    pub const FIRST: KeyVersion = KeyVersion(1);

    /// The version with this number; `None` outside 1 to 999999.
    #[must_use]
    pub const fn try_new(number: u32) -> Option<KeyVersion> {
        if number >= 1 && number <= 999_999 { Some(KeyVersion(number)) } else { None }
    }

    /// Reads decimal digits without sign or leading zero.
    #[must_use]
    pub fn parse(text: &str) -> Option<KeyVersion> {
        let plain =
            text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        if plain { KeyVersion::try_new(text.parse().ok()?) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
