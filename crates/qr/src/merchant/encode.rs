//! Writes a whole code from a borrowed tree of objects in one pass, for those who have it at hand. Knows what a reader
//! would refuse, not what a scheme wants.

use super::scan::NESTING_OWNER;
use super::{Amount, Code};
use crate::{Currency, Defect, LONGEST_BYTES, Malformed, checksum};

/// An object to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An identifier and its value.
    Value(u8, &'a str),
    /// An identifier and the objects inside its value.
    Inside(u8, &'a [Item<'a>]),
}

/// Writes objects in the order given, the payload format 00 first, and adds the checksum. Refuses what could not be
/// read back. [`Builder`](super::Builder) does the same by name.
///
/// ```
/// use qr::merchant::{Code, Item, encode};
/// let payload = encode(&[
///     Item::Value(0, "01"),
///     Item::Inside(26, &[Item::Value(0, "org.example.pay"), Item::Value(3, "01J9ZK")]),
///     Item::Value(53, "156"),
/// ])?;
/// assert_eq!(Code::parse(&payload)?.account("org.example.pay").and_then(|own| own.text(3)), Some("01J9ZK"));
/// # Ok::<(), qr::Malformed>(())
/// ```
pub fn encode(items: &[Item<'_>]) -> Result<String, Malformed> {
    if !matches!(items.first(), Some(Item::Value(0, _))) {
        return Err(Malformed::new(0, Defect::FormatIndicatorNotFirst));
    }
    let mut writer = Writer { text: Vec::with_capacity(USUAL_BYTES), doubtful: false };
    writer.level(items, 0, true)?;
    let Writer { mut text, doubtful } = writer;
    text.extend_from_slice(b"6304");
    let digits = checksum::hexadecimal(checksum::crc16(&text));
    text.extend_from_slice(&digits);
    let text = String::from_utf8(text).expect("identifiers, lengths and values are all text");
    if doubtful || text.len() > LONGEST_BYTES { Code::sealed(text).map(Code::into_text) } else { Ok(text) }
}

/// Most codes are shorter.
const USUAL_BYTES: usize = 320;
/// The most characters a length of two digits can announce.
const LENGTH_MAX: usize = 99;

struct Writer {
    text: Vec<u8>,
    /// Whether only reading can tell if what was written is right.
    doubtful: bool,
}

impl Writer {
    /// Writes the objects of one level, the first at character `at`. Gives the number of characters written.
    fn level(&mut self, items: &[Item<'_>], at: usize, is_root: bool) -> Result<usize, Malformed> {
        let mut seen = [0_u64; 2];
        let mut characters = 0;
        for item in items {
            let (Item::Value(id, _) | Item::Inside(id, _)) = *item;
            let (bit, word) = (1_u64 << (id & 63), usize::from(id >> 6 & 1));
            if id > 99 || seen[word] & bit != 0 {
                let defect = if id > 99 { Defect::IdentifierTooLarge } else { Defect::Duplicate { id } };
                return Err(Malformed::new(at + characters, defect));
            }
            seen[word] |= bit;
            let [a, b] = two_digits(id);
            let length = match *item {
                Item::Value(id, value) => {
                    self.doubtful |= if is_root { is_doubtful(id, value) } else { is_nesting(id, value) };
                    let length = if value.is_ascii() { value.len() } else { value.chars().count() };
                    let [c, d] = two_digits((length & 0x7F) as u8);
                    self.text.extend_from_slice(&[a, b, c, d]);
                    self.text.extend_from_slice(value.as_bytes());
                    length
                }
                Item::Inside(id, items) => {
                    self.doubtful |= is_root && matches!(id, 0 | 52..=57 | 63);
                    // The length is known when the inside is written.
                    self.text.extend_from_slice(&[a, b, b'0', b'0']);
                    let start = self.text.len();
                    let length = self.level(items, at + characters + 4, false)?;
                    self.text[start - 2..start].copy_from_slice(&two_digits((length & 0x7F) as u8));
                    length
                }
            };
            if length > LENGTH_MAX {
                return Err(Malformed::new(
                    at + characters,
                    Defect::ValueTooLong { id, longest: LENGTH_MAX },
                ));
            }
            characters += 4 + length;
        }
        Ok(characters)
    }
}

/// Digits of a number below 100; of a larger one, something that is refused at once.
#[inline]
fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

/// Money that cannot be used, and templates given as text.
fn is_doubtful(id: u8, value: &str) -> bool {
    match id {
        53 => Currency::parse(value).is_err(),
        54 => Amount::parse(value).is_err(),
        55 => value != "01",
        26..=51 | 56 | 57 | 62..=64 | 80.. => true,
        _ => false,
    }
}

/// An owner whose values nest, or a template of the additional data given as text.
fn is_nesting(id: u8, value: &str) -> bool {
    id >= 50 || id == 0 && value.eq_ignore_ascii_case(NESTING_OWNER)
}
