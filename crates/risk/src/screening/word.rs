//! One word of a name: its letters, its sounds, and how much it says. Does not know its neighbours.

use std::ops::Deref;

use super::lexicon::{COMMON, PARTICLES};

/// Longest word, letters; the rest is cut.
pub(super) const LETTERS_MAX: usize = 24;

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its letters.
    pub letters: Letters,
    /// Its consonants by sound, vowels left out: what survives transliteration.
    pub sounds: Letters,
    /// How much it says, hundredths: a family name 100, `bin` or `group` little.
    pub weight: u32,
    /// Whether it stands for one Chinese or Korean character: those are alike or not.
    pub syllable: bool,
    /// Whether it is a number, in digits or Roman.
    pub number: bool,
    /// Whether it may be the first letters of several words.
    pub initials: bool,
    /// Whether it stands for words whose first letters it is.
    pub spelled: bool,
}

/// A few letters in place, so that a name is read from one stretch of memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    bytes: [u8; LETTERS_MAX],
    length: u8,
}

impl Deref for Letters {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length).min(LETTERS_MAX)]
    }
}

impl FromIterator<u8> for Letters {
    fn from_iter<I: IntoIterator<Item = u8>>(letters: I) -> Self {
        let mut own = Self { bytes: [0; LETTERS_MAX], length: 0 };
        for (to, letter) in own.bytes.iter_mut().zip(letters) {
            *to = letter;
            own.length += 1;
        }
        own
    }
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?}", String::from_utf8_lossy(self))
    }
}

/// Words of two or three letters that are Roman numbers.
const ROMAN: [&[u8]; 13] =
    [b"ii", b"iii", b"iv", b"vi", b"vii", b"viii", b"ix", b"xi", b"xii", b"xiv", b"xv", b"xvi", b"xx"];

impl Word {
    /// Reads a word in lower case. `capitals`: it was written in capitals among words that were not; `first`: it
    /// begins the name.
    pub(super) fn of(text: &str, capitals: bool, first: bool) -> Self {
        let syllable = text.starts_with(SYLLABLE);
        let text = text.trim_start_matches(SYLLABLE);
        let letters: Letters = spoken(text).collect();
        let weight = match letters.len() {
            // Ben is a son between names, and somebody at the beginning.
            _ if PARTICLES.contains(&text) && !(first && text == "ben") => 20,
            _ if COMMON.contains(&text) => 60,
            0 | 1 => 35,
            2 => 70,
            3 => 90,
            _ => 100,
        };
        // Xi begins a name and ends a series.
        let number = letters.iter().any(u8::is_ascii_digit) || !first && ROMAN.contains(&&letters[..]);
        let vowels = letters.iter().any(|letter| b"aeiouy".contains(letter));
        let initials = weight > 20
            && !number
            && !syllable
            && ((2..=4).contains(&letters.len()) && !vowels || (2..=5).contains(&letters.len()) && capitals);
        Self { sounds: sounds(&letters), letters, weight, syllable, number, initials, spelled: false }
    }

    /// Two words written as one.
    #[must_use]
    pub fn joined(&self, next: &Self) -> Self {
        let letters: Letters = self.letters.iter().chain(next.letters.iter()).copied().collect();
        Self {
            sounds: sounds(&letters),
            letters,
            weight: self.weight.max(next.weight),
            syllable: false,
            number: self.number || next.number,
            initials: false,
            spelled: false,
        }
    }

    /// Whether it weighs as little as `al` or `von`.
    #[must_use]
    pub fn is_particle(&self) -> bool {
        self.weight <= 20
    }
}

/// Marks a word that is one character of a script without spaces.
pub(super) const SYLLABLE: char = '~';

/// Digits between letters are read as the letters they are drawn like.
fn spoken(text: &str) -> impl Iterator<Item = u8> {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let drawn =
        letters >= 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"01345789".contains(&byte));
    text.bytes().map(move |byte| match byte {
        b'0' if drawn => b'o',
        b'1' if drawn => b'i',
        b'3' if drawn => b'e',
        b'4' if drawn => b'a',
        b'5' if drawn => b's',
        b'7' if drawn => b't',
        b'8' if drawn => b'b',
        b'9' if drawn => b'g',
        other => other,
    })
}

fn sounds(letters: &[u8]) -> Letters {
    let mut sounds: Vec<u8> = Vec::with_capacity(letters.len());
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
    sounds.into_iter().collect()
}

/// Edits (insert, delete, replace, swap neighbours) from one to the other, if at most `most`.
pub(super) fn edits(short: &[u8], long: &[u8], most: u32) -> Option<u32> {
    if long.len().abs_diff(short.len()) > most as usize || long.len() > LETTERS_MAX {
        return None;
    }
    let mut before = [0u32; 32];
    let mut last: [u32; 32] = std::array::from_fn(|at| at as u32);
    for (row, letter) in long.iter().enumerate() {
        let mut now = [0u32; 32];
        now[0] = row as u32 + 1;
        let mut least = now[0];
        for (column, other) in short.iter().enumerate() {
            let replace = last[column] + u32::from(letter != other);
            let mut best = replace.min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && *letter == short[column - 1] && long[row - 1] == *other {
                best = best.min(before[column - 1] + 1);
            }
            now[column + 1] = best;
            least = least.min(best);
        }
        if least > most {
            return None;
        }
        (before, last) = (last, now);
    }
    Some(last[short.len()]).filter(|steps| *steps <= most)
}
