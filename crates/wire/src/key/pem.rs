//! PEM frames (RFC 7468): one frame and nothing beside it, or bare base64. Knows nothing of keys.

use super::KeyRefused;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest text read: an RSA key of 8192 bits in PEM has about 6,400 characters.
const TEXT_LENGTH_MAX: usize = 16 * 1024;

/// Characters of base64 on a line (RFC 7468 section 2).
const LINE_LENGTH: usize = 64;

/// Reads one frame: its label, and the bytes. Without a frame the text itself must be base64, and the label is `None`.
pub(super) fn read(text: &str) -> Result<(Option<&str>, Vec<u8>), KeyRefused> {
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_LENGTH_MAX {
        return Err(KeyRefused::NotPem);
    }
    let Some(framed) = text.strip_prefix("-----BEGIN ") else {
        return if text.contains("-----") { Err(KeyRefused::NotPem) } else { Ok((None, decode(text)?)) };
    };
    let (label, rest) = framed.split_once("-----").ok_or(KeyRefused::NotPem)?;
    let (body, end) = rest.split_once("-----END ").ok_or(KeyRefused::NotPem)?;
    if end.strip_suffix("-----") != Some(label) {
        return Err(KeyRefused::NotPem);
    }
    Ok((Some(label), decode(body)?))
}

fn decode(text: &str) -> Result<Vec<u8>, KeyRefused> {
    let compact: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(compact).map_err(|_| KeyRefused::NotBase64)
}

/// Writes one frame, ending with a line feed.
pub(super) fn write(label: &str, bytes: &[u8]) -> String {
    let base64 = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE_LENGTH));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
