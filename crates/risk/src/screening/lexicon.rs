//! Words of names that weigh less than others, and words for numbers. Knows no list and no name.

/// Words that say nothing about who it is, unless they are all there is.
pub(super) const EMPTY: [&str; 66] = [
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sir",
    "the",
    "and",
    "of",
    "for",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "jsc",
    "ojsc",
    "pjsc",
    "cjsc",
    "oao",
    "ooo",
    "zao",
    "pao",
    "ao",
    "gmbh",
    "ag",
    "kg",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "pte",
    "pty",
    "pvt",
    "sdn",
    "bhd",
    "kk",
    "fze",
    "fzco",
    "joint",
    "stock",
    "obshchestvo",
    "tov",
    "doo",
    "aktiengesellschaft",
    "liability",
    "president",
    "minister",
    "colonel",
    "sheikh",
    "madam",
    "dame",
];
/// Words between names.
pub(super) const PARTICLES: [&str; 33] = [
    "al", "el", "ad", "an", "ar", "ul", "ur", "bin", "ibn", "ben", "bint", "von", "van", "de", "da", "di",
    "du", "la", "le", "del", "della", "der", "den", "dos", "das", "do", "san", "y", "e", "abu", "um", "haji",
    "mullah",
];
/// Words that many firms share.
pub(super) const COMMON: [&str; 22] = [
    "group",
    "holding",
    "holdings",
    "international",
    "trading",
    "industries",
    "industrial",
    "services",
    "enterprise",
    "enterprises",
    "bank",
    "global",
    "general",
    "trust",
    "shipping",
    "import",
    "export",
    "establishment",
    "organization",
    "foundation",
    "national",
    "capital",
];
/// Empty words long enough to be known although misspelt.
pub(super) const EMPTY_LONG: [&str; 4] = ["aktiengesellschaft", "obshchestvo", "incorporated", "corporation"];
/// Numbers as words. Those of three letters are left out: they are names too.
const NUMBERS: [(&str, u32); 21] = [
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
];
const UNITS: [(&str, u32); 4] = [("one", 1), ("two", 2), ("six", 6), ("ten", 10)];

/// The number a word says, and the one it says together with the next: `forty`, `forty four`.
pub(super) fn number(word: &str, next: Option<&str>) -> Option<(u32, usize)> {
    let said = |word: &str, table: &[(&str, u32)]| {
        table.iter().find(|(text, _)| *text == word).map(|(_, value)| *value)
    };
    let value = said(word, &NUMBERS)?;
    if (20..100).contains(&value) {
        let unit = next.and_then(|next| said(next, &NUMBERS).or_else(|| said(next, &UNITS)));
        if let Some(unit) = unit.filter(|unit| *unit < 10) {
            return Some((value + unit, 2));
        }
    }
    Some((value, 1))
}
