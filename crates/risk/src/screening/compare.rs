//! How alike two names are, in thousandths, and why. Does not know lists.

use std::borrow::Cow;

use super::name::{Name, WORDS_MAX, Word};
use super::word::edits;

/// Likeness of two names with what it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    /// Thousandths: 1000 is the same name.
    pub milli: u32,
    /// Weight of words that stand against each other, hundredths.
    pub against: u32,
    /// Weight of words that only the longer name has, hundredths.
    pub extra: u32,
}

/// Least likeness of two words laid side by side.
pub(super) const PAIR_LEAST: u32 = 600;

/// Compares two names whose words all say what they say.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Likeness {
    let (left, right) = (merge(left, right), merge(right, left));
    let pairs = lay(&left, &right);
    let (mut used_left, mut used_right) = (0u32, 0u32);
    let mut likeness = Likeness::default();
    let (mut sum, mut matched, mut strong) = (0u64, 0u64, 0);
    for (at, to, alike) in pairs.iter() {
        used_left |= 1 << at;
        used_right |= 1 << to;
        let weight = u64::from(left[usize::from(at)].weight.min(right[usize::from(to)].weight));
        sum += weight * u64::from(alike);
        matched += weight;
        strong += usize::from(weight >= 60);
    }
    let (over_left, over_right) = (rest(&left, used_left), rest(&right, used_right));
    // An initial stands for a whole word when another stands against it.
    let both = over_left.words > 0 && over_right.words > 0;
    likeness.against = if both { over_left.whole.min(over_right.whole) } else { 0 };
    let (few, many) = (over_left.numbers.min(over_right.numbers), over_left.numbers.max(over_right.numbers));
    likeness.against +=
        few * NUMBER_OTHER + (many - few) * NUMBER_LACKING + u32::from(crossed(&left, &right, &pairs)) * 100;
    likeness.extra = over_left.weight.abs_diff(over_right.weight);
    if matched == 0 {
        return likeness;
    }
    let mean = sum / matched;
    likeness.milli = (mean * penalty(&likeness, matched as u32, strong) / 1_000) as u32;
    likeness
}

/// Why two names are so alike: the words laid side by side, in the order of the left name, with their likeness in
/// thousandths. Words that were joined stand joined.
#[must_use]
pub fn explain(left: &Name, right: &Name) -> Vec<(String, String, u32)> {
    let (left, right) = (merge(left, right), merge(right, left));
    let pairs = lay(&left, &right);
    let told = |words: &[Word], at: u8| String::from_utf8_lossy(&words[usize::from(at)].letters).into_owned();
    let mut told: Vec<(u8, String, String, u32)> =
        pairs.iter().map(|(at, to, alike)| (at, told(&left, at), told(&right, to), alike)).collect();
    told.sort();
    told.into_iter().map(|(_, one, other, alike)| (one, other, alike)).collect()
}

/// Which word of the one name lies beside which of the other; 255 is none.
struct Pairs {
    to: [u8; WORDS_MAX],
    alike: [u32; WORDS_MAX],
}

impl Pairs {
    fn iter(&self) -> impl Iterator<Item = (u8, u8, u32)> {
        let each = self.to.iter().zip(&self.alike).enumerate();
        each.filter(|(_, (to, _))| **to != u8::MAX).map(|(at, (to, alike))| (at as u8, *to, *alike))
    }
}

/// Lays the most alike words side by side first; of equals the weightier, then those nearer in place.
fn lay(left: &[Word], right: &[Word]) -> Pairs {
    let mut pairs = Pairs { to: [u8::MAX; WORDS_MAX], alike: [0; WORDS_MAX] };
    let mut order = [(0u32, 0u32, 0u8, 0u8); WORDS_MAX * 4];
    let mut count = 0;
    for (at, one) in left.iter().enumerate() {
        for (to, other) in right.iter().enumerate() {
            let alike = words(one, other);
            if alike >= PAIR_LEAST && count < order.len() {
                order[count] = (alike, one.weight + other.weight, at as u8, to as u8);
                count += 1;
            }
        }
    }
    order[..count].sort_unstable_by_key(|(alike, weight, at, to)| {
        (std::cmp::Reverse((*alike, *weight)), at.abs_diff(*to), *at)
    });
    let mut used = 0u32;
    for (alike, _, at, to) in order[..count].iter().copied() {
        if pairs.to[usize::from(at)] == u8::MAX && used >> to & 1 == 0 {
            used |= 1 << to;
            (pairs.to[usize::from(at)], pairs.alike[usize::from(at)]) = (to, alike);
        }
    }
    pairs
}

/// What no pair used of a name.
struct Rest {
    words: u32,
    weight: u32,
    whole: u32,
    numbers: u32,
}

fn rest(words: &[Word], used: u32) -> Rest {
    let mut rest = Rest { words: 0, weight: 0, whole: 0, numbers: 0 };
    for (_, word) in words.iter().enumerate().filter(|(at, _)| used >> at & 1 == 0) {
        if word.number {
            rest.numbers += 1;
            continue;
        }
        rest.words += 1;
        rest.weight += word.weight;
        rest.whole += if word.letters.len() == 1 { 100 } else { word.weight };
    }
    rest
}

/// Whether father and son have changed places: `A bin B` and `B bin A`.
fn crossed(left: &[Word], right: &[Word], pairs: &Pairs) -> bool {
    let son = |words: &[Word]| words.iter().position(|word| &word.letters[..] == b"bin").filter(|at| *at > 0);
    let (Some(one), Some(other)) = (son(left), son(right)) else { return false };
    let side = |at: u8, bin: usize| usize::from(at).cmp(&bin);
    pairs.iter().any(|(at, to, _)| usize::from(at) + 1 == one && side(to, other).is_gt())
}

/// What is left of a thousand: words that stand against each other cost most, words of only one name little, unless
/// they are more than what the names share.
fn penalty(likeness: &Likeness, matched: u32, strong: usize) -> u64 {
    let against = u64::from(likeness.against) * AGAINST / 100;
    let dear = if strong < 2 { EXTRA_ALONE } else { EXTRA };
    let extra = u64::from(likeness.extra) * dear / u64::from(matched.max(100) / 100).clamp(1, 3) / 100;
    1_000u64.saturating_sub(against.min(700)).saturating_sub(extra.min(500))
}

/// Weight of a number against another number, hundredths: of funds and series in one house.
const NUMBER_OTHER: u32 = 60;
/// Weight of a number against none.
const NUMBER_LACKING: u32 = 100;
/// Likeness of short words of one sound, as Xi and Shi.
const SHORT_SOUND: u32 = 650;
/// Likeness of first letters to the words they stand for.
const SPELLED: u32 = 880;
/// Thousandths lost for each whole word against another.
const AGAINST: u64 = 380;
/// Thousandths lost for each whole word that one name lacks.
const EXTRA: u64 = 160;
/// The same where only one word is shared.
const EXTRA_ALONE: u64 = 340;

/// The name with words joined where `other` writes them as one, or as their first letters.
fn merge<'a>(name: &'a Name, other: &Name) -> Cow<'a, [Word]> {
    let mut words: Option<Vec<Word>> = None;
    let mut at = 0;
    while at < name.words.len() {
        let found = spelled(name, at, other).or_else(|| written_as_one(name, at, other));
        if let Some((whole, count)) = found {
            words.get_or_insert_with(|| name.words[..at].to_vec()).push(whole);
            at += count;
            continue;
        }
        if let Some(words) = &mut words {
            words.push(name.words[at].clone());
        }
        at += 1;
    }
    words.map_or(Cow::Borrowed(&name.words[..]), Cow::Owned)
}

/// `Jean Claude` where the other says `JC`: the other's word, and how many it stands for.
fn spelled(name: &Name, at: usize, other: &Name) -> Option<(Word, usize)> {
    let found = other.words.iter().find(|word| {
        let from = &name.words[at..];
        word.initials
            && from.len() >= word.letters.len()
            // Two letters alone are anybody's.
            && (word.letters.len() > 2 || name.words.len() > 2)
            && word.letters.iter().zip(from).all(|(letter, word)| {
                word.letters.first() == Some(letter) && word.letters.len() > 1 && !word.number
            })
    })?;
    Some((Word { spelled: true, ..found.clone() }, found.letters.len()))
}

/// Two words, or three with a particle among them, where the other writes one, or two with the gap elsewhere.
fn written_as_one(name: &Name, at: usize, other: &Name) -> Option<(Word, usize)> {
    let stands = |one: &Word| other.words.iter().any(|known| known.letters == one.letters);
    let (word, whole) = (&name.words[at], name.joined.get(at)?);
    let next = &name.words[at + 1];
    let alike = |known: &Word, whole: &Word| {
        known.letters == whole.letters
            || (whole.letters.len() >= 6
                && known.letters.len().abs_diff(whole.letters.len()) <= 3
                && words(known, whole) >= 880)
    };
    // The other may have put the gap elsewhere.
    let as_one = other.words.iter().any(|known| alike(known, whole))
        || other.joined.iter().any(|known| known.letters == whole.letters);
    if as_one && !stands(word) && !stands(next) {
        return Some((whole.clone(), 2));
    }
    let last = name.words.get(at + 2).filter(|_| word.is_particle() || next.is_particle())?;
    let length = whole.letters.len() + last.letters.len();
    other.words.iter().any(|known| known.letters.len() == length).then(|| whole.joined(last)).and_then(
        |whole| {
            let one = other.words.iter().any(|known| known.letters == whole.letters);
            one.then_some((whole, 3))
        },
    )
}

/// How alike two words are, thousandths.
pub(super) fn words(one: &Word, other: &Word) -> u32 {
    if one.letters == other.letters {
        return if one.spelled || other.spelled { SPELLED } else { 1_000 };
    }
    if one.number || other.number || (one.syllable && other.syllable) {
        return 0;
    }
    let (short, long) = if one.letters.len() <= other.letters.len() { (one, other) } else { (other, one) };
    if short.letters.len() == 1 {
        return if short.letters[0] == long.letters[0] { 850 } else { 0 };
    }
    let length = long.letters.len();
    let same_sounds = !one.sounds.is_empty() && one.sounds == other.sounds;
    // A short word that begins with a vowel or a breath keeps too little of its sound.
    let spoken = |word: &Word| !b"aeiouyh".contains(&word.letters[0]);
    let otherwise = || match () {
        () if one.sounds.len() >= 3 && same_sounds => 820,
        () if length <= 4 && same_sounds && spoken(one) && spoken(other) => SHORT_SOUND,
        () => 0,
    };
    let most = match length {
        0..=2 => return otherwise(),
        5..=6 if short.letters[0] == long.letters[0] => 2,
        3..=6 => 1,
        7..=11 => 2,
        _ => 3,
    };
    let Some(steps) = edits(&short.letters, &long.letters, most) else { return otherwise() };
    let plain = 1_000 - steps * 1_000 / length as u32;
    let same_sounds = one.sounds == other.sounds;
    let first = one.letters[0] == other.letters[0];
    match (same_sounds, first) {
        (true, _) => plain.max(if one.sounds.len() >= 2 { 900 } else { 800 }),
        (false, true) => plain,
        // A different first letter is rarely a slip.
        (false, false) => plain.saturating_sub(60),
    }
}
