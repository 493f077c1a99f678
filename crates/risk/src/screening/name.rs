//! Takes a name of any script apart into comparable words. Does not compare.

use any_ascii::any_ascii_char;

use super::lexicon::{EMPTY, EMPTY_LONG, number};
pub use super::word::Word;
use super::word::{SYLLABLE, edits};

/// Most words of one name; the rest is cut.
pub const WORDS_MAX: usize = 16;
/// Longest name that is read, characters.
const NAME_MAX: usize = 200;

/// A name as words in Latin letters and digits, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The words, in their order.
    pub words: Vec<Word>,
    /// Each word but the last together with the next, as they would be written as one.
    pub joined: Vec<Word>,
}

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (raw, capitals) = split(text);
        // Where every word is in capitals, capitals say nothing.
        let telling = capitals.len() == 1 || capitals.contains(&false);
        let all_empty = raw.iter().all(|word| EMPTY.contains(&word.as_str()));
        let mut words: Vec<Word> = Vec::new();
        let mut at = 0;
        while at < raw.len() && words.len() < WORDS_MAX {
            let (word, next) = (raw[at].as_str(), raw.get(at + 1).map(String::as_str));
            let (mut said, mut taken) = (word.to_owned(), 1);
            match word {
                "ibn" | "bn" => said = "bin".to_owned(),
                "ben" if !words.is_empty() => said = "bin".to_owned(),
                // Abd al-Aziz, Abdul Aziz and Abdel Aziz are one.
                "abd" if matches!(next, Some("al" | "el" | "ul" | "ar" | "as")) => {
                    (said, taken) = ("abdul".to_owned(), 2);
                }
                "abdal" | "abdel" | "abdoul" | "abdur" | "abdu" => said = "abdul".to_owned(),
                _ => {
                    if let Some((value, words)) = number(word, next).filter(|_| raw.len() > 1) {
                        (said, taken) = (value.to_string(), words);
                    }
                }
            }
            if all_empty || !is_empty(&said) {
                words.push(Word::of(&said, capitals[at] && telling, words.is_empty()));
            }
            at += taken;
        }
        let series = words.len() > 3;
        // Three words and an I, V or X are a series.
        if let Some(last) = words.last_mut().filter(|_| series) {
            last.number |= matches!(&last.letters[..], b"i" | b"v" | b"x");
        }
        let joined = words.windows(2).map(|pair| pair[0].joined(&pair[1])).collect();
        Self { words, joined }
    }

    /// Sum of the words' weights.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.words.iter().map(|word| word.weight).sum()
    }
}

/// Whether a word says nothing about who it is. Long ones are known although misspelt.
fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
        || word.len() >= 10
            && word.is_ascii()
            && EMPTY_LONG.iter().any(|known| {
                let (short, long) = if known.len() < word.len() { (*known, word) } else { (word, *known) };
                long.len() <= 24 && edits(short.as_bytes(), long.as_bytes(), 2).is_some()
            })
}

/// Lower-case Latin words, and whether each was in capitals. Letters with dots between them are one word; Chinese
/// characters are a word each.
fn split(text: &str) -> (Vec<String>, Vec<bool>) {
    let chars: Vec<char> = text.chars().take(NAME_MAX).collect();
    let mut words = vec![String::new()];
    let mut small = vec![false];
    for (at, char) in chars.iter().enumerate() {
        let wide = matches!(*char as u32, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0xac00..=0xd7a3);
        let latin = any_ascii_char(*char);
        if wide {
            let spoken: String = latin.chars().filter(char::is_ascii_alphanumeric).collect();
            if !spoken.is_empty() {
                words.push(format!("{SYLLABLE}{}", spoken.to_lowercase()));
            }
            words.push(String::new());
            small.resize(words.len(), false);
            if let Some(before) = words.len().checked_sub(2) {
                small[before] = true;
            }
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
            small.resize(words.len(), false);
            if let Some(small) = small.last_mut() {
                *small |= !char.is_uppercase();
            }
        } else if !latin.is_empty() {
            words.push(String::new());
        }
    }
    small.resize(words.len(), false);
    let kept = words.into_iter().zip(small).filter(|(word, _)| !word.is_empty());
    kept.map(|(word, small)| (word, !small)).unzip()
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
