//! Takes a name of any script apart into comparable words. Does not compare.

use any_ascii::any_ascii_char;

/// Most words of one name; the rest is cut.
pub const WORDS_MAX: usize = 16;
/// Longest word, letters; the rest is cut.
const LETTERS_MAX: usize = 24;
/// Longest name that is read, characters.
const NAME_MAX: usize = 200;

/// A name as words in Latin letters and digits, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The words, in their order.
    pub words: Vec<Word>,
}

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its letters.
    pub letters: Vec<u8>,
    /// Its consonants by sound, vowels left out: what survives transliteration.
    pub sounds: Vec<u8>,
    /// How much it says, hundredths: a family name 100, `bin` or `group` little.
    pub weight: u32,
    /// Whether it stands for one Chinese or Korean character: those are alike or not.
    pub syllable: bool,
}

/// Words that say nothing about who it is, unless they are all there is.
const EMPTY: [&str; 66] = [
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
const PARTICLES: [&str; 33] = [
    "al", "el", "ad", "an", "ar", "ul", "ur", "bin", "ibn", "ben", "bint", "von", "van", "de", "da", "di",
    "du", "la", "le", "del", "della", "der", "den", "dos", "das", "do", "san", "y", "e", "abu", "um", "haji",
    "mullah",
];
/// Words that many firms share.
const COMMON: [&str; 22] = [
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

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let raw = split(text);
        let mut words: Vec<Word> = Vec::new();
        let all_empty = raw.iter().all(|word| EMPTY.contains(&word.as_str()));
        let mut raw = raw.into_iter().peekable();
        while let Some(word) = raw.next() {
            if words.len() == WORDS_MAX {
                break;
            }
            let word = match word.as_str() {
                "ibn" | "ben" | "bn" => "bin".to_owned(),
                // Abd al-Aziz, Abdul Aziz and Abdel Aziz are one.
                "abd"
                    if raw
                        .peek()
                        .is_some_and(|next| matches!(next.as_str(), "al" | "el" | "ul" | "ar" | "as")) =>
                {
                    raw.next();
                    "abdul".to_owned()
                }
                "abdal" | "abdel" | "abdoul" | "abdur" | "abdu" => "abdul".to_owned(),
                _ => word,
            };
            if !all_empty && EMPTY.contains(&word.as_str()) {
                continue;
            }
            words.push(Word::of(&word));
        }
        Self { words }
    }

    /// Sum of the words' weights.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.words.iter().map(|word| word.weight).sum()
    }
}

impl Word {
    fn of(text: &str) -> Self {
        let syllable = text.starts_with(SYLLABLE);
        let text = text.trim_start_matches(SYLLABLE);
        let letters: Vec<u8> = spoken(text).take(LETTERS_MAX).collect();
        let weight = match letters.len() {
            _ if PARTICLES.contains(&text) => 20,
            _ if COMMON.contains(&text) => 60,
            0 | 1 => 35,
            2 => 70,
            3 => 90,
            _ => 100,
        };
        Self { sounds: sounds(&letters), letters, weight, syllable }
    }

    /// Two words written as one.
    #[must_use]
    pub fn joined(&self, next: &Self) -> Self {
        let letters: Vec<u8> = self.letters.iter().chain(&next.letters).copied().take(LETTERS_MAX).collect();
        Self { sounds: sounds(&letters), letters, weight: self.weight.max(next.weight), syllable: false }
    }

    /// Whether it is a number, in digits or Roman.
    #[must_use]
    pub fn is_number(&self) -> bool {
        let roman = [
            &b"ii"[..],
            b"iii",
            b"iv",
            b"vi",
            b"vii",
            b"viii",
            b"ix",
            b"xi",
            b"xii",
            b"xiv",
            b"xv",
            b"xvi",
            b"xx",
        ];
        self.letters.iter().any(u8::is_ascii_digit) || roman.contains(&&self.letters[..])
    }
}

/// Marks a word that is one character of a script without spaces.
const SYLLABLE: char = '~';

/// Digits between letters are read as the letters they are drawn like.
fn spoken(text: &str) -> impl Iterator<Item = u8> {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let drawn =
        letters >= 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"01345".contains(&byte));
    text.bytes().map(move |byte| match byte {
        b'0' if drawn => b'o',
        b'1' if drawn => b'i',
        b'3' if drawn => b'e',
        b'4' if drawn => b'a',
        b'5' if drawn => b's',
        other => other,
    })
}

/// Lower-case Latin words. Letters with dots between them are one word; Chinese characters are a word each.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().take(NAME_MAX).collect();
    let mut words = vec![String::new()];
    for (at, char) in chars.iter().enumerate() {
        let wide = matches!(*char as u32, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0xac00..=0xd7a3);
        let latin = any_ascii_char(*char);
        if wide {
            let spoken: String = latin.chars().filter(char::is_ascii_alphanumeric).collect();
            if !spoken.is_empty() {
                words.push(format!("{SYLLABLE}{}", spoken.to_lowercase()));
            }
            words.push(String::new());
        } else if *char == '.' {
            let single = words.last().is_some_and(|word| !word.is_empty()) && lone(&chars, at);
            if !single {
                words.push(String::new());
            }
        } else if matches!(char, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{2bc}' | '\u{2bf}') {
            // an apostrophe inside a word joins its halves
        } else if latin.chars().any(|one| one.is_ascii_alphanumeric()) {
            let letters =
                latin.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_lowercase());
            if let Some(word) = words.last_mut() {
                word.extend(letters);
            }
        } else if !latin.is_empty() {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the dot at `at` stands between single letters, as in `L.L.C.`
fn lone(chars: &[char], at: usize) -> bool {
    let letter =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|char| char.is_alphanumeric());
    let alone = |at: Option<usize>| {
        letter(at) && !letter(at.and_then(|at| at.checked_sub(1))) && !letter(at.map(|at| at + 1))
    };
    alone(at.checked_sub(1)) && alone(Some(at + 1))
}

fn sounds(letters: &[u8]) -> Vec<u8> {
    let mut sounds = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(0);
        let sound = match (*letter, next) {
            (b'p', b'h') | (b'v' | b'w' | b'f', _) => b'f',
            (b's' | b'c', b'h') | (b'j' | b'x', _) => b'j',
            (b'z', b'h') => b'j',
            (b'c', b'e' | b'i' | b'y') | (b's' | b'z', _) => b's',
            (b'c' | b'k' | b'q', _) => b'k',
            (b'g', _) => b'g',
            (b'd', _) => b'd',
            (b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h', _) => {
                if at == 0 && *letter != b'h' {
                    b'a'
                } else {
                    continue;
                }
            }
            (other, _) => other,
        };
        if sounds.last() != Some(&sound) {
            sounds.push(sound);
        }
    }
    sounds
}
