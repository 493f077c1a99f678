//! The objects of the standard by name, form and length (EMVCo MPM 3.2, tables 3.6 to 3.8). Knows no scheme.

/// What a value may consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Digits.
    Numeric,
    /// The printable characters of ASCII (EMV Book 4, common character set).
    Special,
    /// Any precomposed characters.
    Text,
}

/// One line of the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) format: Format,
    pub(crate) length_min: usize,
    pub(crate) length_max: usize,
}

/// The name of object `id` of the root, in plain words.
pub fn name(id: u8) -> &'static str {
    root(id).name
}

/// The longest value of object `id` of the root, in characters.
pub(crate) fn longest(id: u8) -> usize {
    root(id).length_max
}

/// Object `id` of the root (table 3.6).
pub(crate) fn root(id: u8) -> Entry {
    use Format::{Numeric, Special, Text};
    match id {
        0 => entry("payload format indicator", Numeric, 2, 2),
        1 => entry("point of initiation", Numeric, 2, 2),
        2..=51 => entry("merchant account information", if id < 26 { Special } else { Text }, 1, 99),
        52 => entry("merchant category code", Numeric, 4, 4),
        53 => entry("currency", Numeric, 3, 3),
        54 => entry("amount", Special, 1, 13),
        55 => entry("tip indicator", Numeric, 2, 2),
        56 => entry("fixed fee", Special, 1, 13),
        57 => entry("fee percentage", Special, 1, 5),
        58 => entry("country", Special, 2, 2),
        59 => entry("merchant name", Special, 1, 25),
        60 => entry("merchant city", Special, 1, 15),
        61 => entry("postal code", Special, 1, 10),
        62 => entry("additional data", Text, 1, 99),
        63 => entry("checksum", Special, 4, 4),
        64 => entry("local-language information", Text, 1, 99),
        65..=79 => entry("object reserved for EMVCo", Text, 1, 99),
        _ => entry("unreserved template", Text, 1, 99),
    }
}

/// Object `id` of the additional data, 01 to 08 (table 3.7).
pub(crate) fn additional_entry(id: u8) -> Entry {
    let name = match id {
        1 => "bill number",
        2 => "mobile number",
        3 => "store label",
        4 => "loyalty number",
        5 => "reference label",
        6 => "customer label",
        7 => "terminal label",
        _ => "purpose",
    };
    entry(name, Format::Special, 1, 25)
}

/// Object `id` of the local-language information, 01 and above (table 3.8).
pub(crate) fn language_entry(id: u8) -> Entry {
    match id {
        1 => entry("local merchant name", Format::Text, 1, 25),
        2 => entry("local merchant city", Format::Text, 1, 15),
        _ => entry("reserved local information", Format::Text, 1, 99),
    }
}

const fn entry(name: &'static str, format: Format, length_min: usize, length_max: usize) -> Entry {
    Entry { name, format, length_min, length_max }
}
