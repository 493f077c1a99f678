//! How alike two names are, in thousandths, and why. Does not know lists.

use super::name::{Name, WORDS_MAX, Word};

/// Likeness of two names with what it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Likeness {
    /// Thousandths: 1000 is the same name.
    pub milli: u32,
    /// Words laid side by side: number in each name and likeness in thousandths.
    pub pairs: Vec<(u8, u8, u32)>,
    /// Weight of words that stand against each other, hundredths.
    pub against: u32,
    /// Weight of words that only the longer name has, hundredths.
    pub extra: u32,
}

/// Least likeness of two words laid side by side.
const PAIR_LEAST: u32 = 600;

/// Compares two names whose words all say what they say.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Likeness {
    let (left, right) = (merge(left, right), merge(right, left));
    let mut grid = [[0u32; WORDS_MAX]; WORDS_MAX];
    let mut order: Vec<(u32, u32, u8, u8)> = Vec::with_capacity(16);
    for (at, one) in left.words.iter().enumerate() {
        for (to, other) in right.words.iter().enumerate() {
            let alike = words(one, other);
            grid[at][to] = alike;
            if alike >= PAIR_LEAST {
                order.push((alike, one.weight + other.weight, at as u8, to as u8));
            }
        }
    }
    order.sort_unstable_by_key(|(alike, weight, at, to)| {
        (std::cmp::Reverse((*alike, *weight)), at.abs_diff(*to), *at)
    });
    let (mut used_left, mut used_right) = (0u32, 0u32);
    let mut likeness = Likeness::default();
    let (mut sum, mut matched, mut strong) = (0u64, 0u64, 0);
    for (alike, _, at, to) in order {
        if used_left >> at & 1 == 1 || used_right >> to & 1 == 1 {
            continue;
        }
        used_left |= 1 << at;
        used_right |= 1 << to;
        let weight = u64::from(left.words[usize::from(at)].weight.min(right.words[usize::from(to)].weight));
        sum += weight * u64::from(alike);
        matched += weight;
        strong += usize::from(weight >= 60);
        likeness.pairs.push((at, to, alike));
    }
    let (over_left, over_right) = (rest(&left, used_left), rest(&right, used_right));
    // An initial stands for a whole word when another stands against it.
    let both = over_left.words > 0 && over_right.words > 0;
    likeness.against = if both { over_left.whole.min(over_right.whole) } else { 0 };
    likeness.against += (over_left.numbers + over_right.numbers) * 100
        + u32::from(crossed(&left, &right, &likeness.pairs)) * 100;
    likeness.extra = over_left.weight.abs_diff(over_right.weight);
    if matched == 0 {
        return likeness;
    }
    let mean = sum / matched;
    likeness.milli = (mean * penalty(&likeness, matched as u32, strong) / 1_000) as u32;
    likeness
}

/// What no pair used of a name.
struct Rest {
    words: u32,
    weight: u32,
    whole: u32,
    numbers: u32,
}

fn rest(name: &Name, used: u32) -> Rest {
    let mut rest = Rest { words: 0, weight: 0, whole: 0, numbers: 0 };
    for (_, word) in name.words.iter().enumerate().filter(|(at, _)| used >> at & 1 == 0) {
        if word.is_number() {
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
fn crossed(left: &Name, right: &Name, pairs: &[(u8, u8, u32)]) -> bool {
    let son = |name: &Name| name.words.iter().position(|word| word.letters == b"bin").filter(|at| *at > 0);
    let (Some(one), Some(other)) = (son(left), son(right)) else { return false };
    let side = |at: u8, bin: usize| usize::from(at).cmp(&bin);
    pairs.iter().any(|(at, to, _)| usize::from(*at) + 1 == one && side(*to, other).is_gt())
}

/// What is left of a thousand: words that stand against each other cost most, words of only one name little, unless
/// they are more than what the names share.
fn penalty(likeness: &Likeness, matched: u32, strong: usize) -> u64 {
    let against = u64::from(likeness.against) * AGAINST / 100;
    let dear = if strong < 2 { EXTRA_ALONE } else { EXTRA };
    let extra = u64::from(likeness.extra) * dear / u64::from(matched.max(100) / 100).clamp(1, 3) / 100;
    1_000u64.saturating_sub(against.min(700)).saturating_sub(extra.min(500))
}

/// Thousandths lost for each whole word against another.
const AGAINST: u64 = 380;
/// Thousandths lost for each whole word that one name lacks.
const EXTRA: u64 = 160;
/// The same where only one word is shared.
const EXTRA_ALONE: u64 = 340;

/// Joins two words of `name` where `other` writes them as one.
fn merge(name: &Name, other: &Name) -> Name {
    let mut words: Vec<Word> = Vec::with_capacity(name.words.len());
    let mut at = 0;
    while at < name.words.len() {
        let word = &name.words[at];
        let found = name.words.get(at + 1).and_then(|next| {
            let whole = word.joined(next);
            let stands = |one: &Word| other.words.iter().any(|known| known.letters == one.letters);
            let alike = |known: &Word| {
                known.letters == whole.letters
                    || (whole.letters.len() >= 6 && self::words(known, &whole) >= 880)
            };
            (!stands(word) && !stands(next) && other.words.iter().any(alike)).then_some(whole)
        });
        at += 1 + usize::from(found.is_some());
        words.push(found.unwrap_or_else(|| word.clone()));
    }
    Name { words }
}

/// How alike two words are, thousandths.
fn words(one: &Word, other: &Word) -> u32 {
    if one.letters == other.letters {
        return 1_000;
    }
    if one.is_number() || other.is_number() || (one.syllable && other.syllable) {
        return 0;
    }
    let (short, long) = if one.letters.len() <= other.letters.len() { (one, other) } else { (other, one) };
    if short.letters.len() == 1 {
        return if short.letters[0] == long.letters[0] { 850 } else { 0 };
    }
    let length = long.letters.len();
    let most = match length {
        0..=2 => return 0,
        5..=6 if short.letters[0] == long.letters[0] => 2,
        3..=6 => 1,
        7..=11 => 2,
        _ => 3,
    };
    let Some(steps) = distance(&short.letters, &long.letters, most) else {
        let same = one.sounds.len() >= 3 && one.sounds == other.sounds;
        return if same { 820 } else { 0 };
    };
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

/// Edits (insert, delete, replace, swap neighbours) from one to the other, if at most `most`.
fn distance(short: &[u8], long: &[u8], most: u32) -> Option<u32> {
    if long.len() - short.len() > most as usize {
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
