//! The little DER (X.690) that keys are wrapped in: SPKI (RFC 5280), PKCS#8 (RFC 5958), PKCS#1 (RFC 8017). Reads
//! strictly, and knows nothing of signatures.

use super::{KeyKind, KeyRefused};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// `rsaEncryption` with its NULL parameters (RFC 3279 section 2.3.1), the content of an AlgorithmIdentifier.
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// `id-Ed25519` without parameters (RFC 8410 section 3).
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// Bits of an RSA modulus that ring verifies with.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Takes a SubjectPublicKeyInfo apart.
pub(super) fn spki(bytes: &[u8]) -> Result<(KeyKind, &[u8]), KeyRefused> {
    let mut outer = Reader(bytes).only(SEQUENCE)?;
    let kind = algorithm(outer.take(SEQUENCE)?)?;
    let key = outer.take(BIT_STRING)?;
    outer.end()?;
    match key.split_first() {
        Some((0, key)) => Ok((kind, key)),
        _ => Err(KeyRefused::NotAKey),
    }
}

/// Takes a PrivateKeyInfo apart, version 1 or 2; attributes and the public half of version 2 are left to ring.
pub(super) fn pkcs8(bytes: &[u8]) -> Result<(KeyKind, &[u8]), KeyRefused> {
    let mut outer = Reader(bytes).only(SEQUENCE)?;
    if !matches!(outer.take(INTEGER)?, [0 | 1]) {
        return Err(KeyRefused::NotAKey);
    }
    let kind = algorithm(outer.take(SEQUENCE)?)?;
    Ok((kind, outer.take(OCTET_STRING)?))
}

/// The content of one OCTET STRING and nothing after it.
pub(super) fn octets(bytes: &[u8]) -> Result<&[u8], KeyRefused> {
    Ok(Reader(bytes).only(OCTET_STRING)?.0)
}

/// Checks an RSAPublicKey: an odd modulus of an accepted size, an odd exponent from 3 to below 2^33.
pub(super) fn checked_rsa_public(bytes: &[u8]) -> Result<&[u8], KeyRefused> {
    let mut outer = Reader(bytes).only(SEQUENCE)?;
    let modulus = positive(outer.take(INTEGER)?)?;
    let exponent = positive(outer.take(INTEGER)?)?;
    outer.end()?;
    let bits = |number: &[u8]| number.len() * 8 - number[0].leading_zeros() as usize;
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let usable = RSA_BITS.contains(&bits(modulus))
        && odd(modulus)
        && odd(exponent)
        && (2..=33).contains(&bits(exponent));
    if usable { Ok(bytes) } else { Err(KeyRefused::UnsafeRsa) }
}

fn algorithm(identifier: &[u8]) -> Result<KeyKind, KeyRefused> {
    match identifier {
        RSA => Ok(KeyKind::Rsa),
        ED25519 => Ok(KeyKind::Ed25519),
        _ => Err(KeyRefused::UnknownKind),
    }
}

/// The magnitude of a positive INTEGER, without the zero byte that keeps it positive.
fn positive(content: &[u8]) -> Result<&[u8], KeyRefused> {
    match content {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Ok(rest),
        [first, ..] if (1..0x80).contains(first) => Ok(content),
        _ => Err(KeyRefused::NotAKey),
    }
}

/// What is still unread.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The content of the next value, which must have this tag.
    fn take(&mut self, tag: u8) -> Result<&'a [u8], KeyRefused> {
        let (length, header) = match *self.0 {
            [found, length, ..] if found == tag && length < 0x80 => (usize::from(length), 2),
            [found, 0x81, length, ..] if found == tag && length >= 0x80 => (usize::from(length), 3),
            [found, 0x82, high, low, ..] if found == tag && high > 0 => {
                (usize::from(high) << 8 | usize::from(low), 4)
            }
            _ => return Err(KeyRefused::NotAKey),
        };
        let content = self.0.get(header..header + length).ok_or(KeyRefused::NotAKey)?;
        self.0 = &self.0[header + length..];
        Ok(content)
    }

    /// The content of the next value, which must have this tag and be the last.
    fn only(mut self, tag: u8) -> Result<Reader<'a>, KeyRefused> {
        let content = self.take(tag)?;
        self.end()?;
        Ok(Reader(content))
    }

    fn end(&self) -> Result<(), KeyRefused> {
        if self.0.is_empty() { Ok(()) } else { Err(KeyRefused::NotAKey) }
    }
}

/// Writes a SubjectPublicKeyInfo around a key.
pub(super) fn write_spki(kind: KeyKind, key: &[u8]) -> Vec<u8> {
    let bits = [&[0], key].concat();
    value(SEQUENCE, &[value(SEQUENCE, identifier(kind)), value(BIT_STRING, &bits)].concat())
}

/// Writes a PrivateKeyInfo of version 1 around an RSAPrivateKey or an Ed25519 seed.
pub(super) fn write_pkcs8(kind: KeyKind, key: &[u8]) -> Vec<u8> {
    let inner = match kind {
        KeyKind::Rsa => key.to_vec(),
        KeyKind::Ed25519 => value(OCTET_STRING, key),
    };
    let parts = [value(INTEGER, &[0]), value(SEQUENCE, identifier(kind)), value(OCTET_STRING, &inner)];
    value(SEQUENCE, &parts.concat())
}

fn identifier(kind: KeyKind) -> &'static [u8] {
    match kind {
        KeyKind::Rsa => RSA,
        KeyKind::Ed25519 => ED25519,
    }
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let mut bytes = match content.len() {
        0..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend_from_slice(content);
    bytes
}
