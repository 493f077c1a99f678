//! Base64 with padding (RFC 4648, section 4), one written form for each run of bytes.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes as base64.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// The bytes of a text that [`encode`] writes; nothing for any other text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = text.as_bytes();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let value = |letter: u8| LETTERS.iter().position(|other| *other == letter);
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    for group in letters.chunks(4) {
        let kept = 4 - group.iter().rev().take_while(|letter| **letter == b'=').count();
        let mut bits = 0;
        for letter in &group[..kept] {
            bits = bits << 6 | u32::try_from(value(*letter)?).ok()?;
        }
        let whole = (bits << (6 * (4 - kept))).to_be_bytes();
        bytes.extend_from_slice(whole.get(1..kept)?);
    }
    (encode(&bytes) == text).then_some(bytes)
}
