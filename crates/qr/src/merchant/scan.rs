//! Cuts a merchant-presented text into its objects, to full depth, in one pass. Knows which objects are templates,
//! not what their values mean.

use crate::{Defect, Malformed};

/// One object. Objects lie in reading order; the objects inside a template follow it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Identifier, 0 to 99.
    pub(crate) id: u8,
    /// Whether its value was cut into objects too.
    pub(crate) template: bool,
    /// Characters before its identifier.
    pub(crate) at: u16,
    /// First byte of the value.
    pub(crate) start: u16,
    /// First byte after the value.
    pub(crate) end: u16,
    /// Index of the first object that is not inside this one.
    pub(crate) next: u16,
}

/// What a text was cut into, and the defects met on the way.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) nodes: Vec<Node>,
    pub(crate) defects: Vec<Malformed>,
    /// Where the objects of the root are, by identifier.
    pub(crate) root: Root,
    /// Whether the root level was cut to its end or to its checksum.
    pub(crate) complete: bool,
}

/// Index of the objects 52 to 64 of the root, which every reader asks for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root([u16; 13]);

impl Root {
    const FIRST: u8 = 52;
    const ABSENT: u16 = u16::MAX;

    /// The index of root object `id`; nothing is known of other identifiers.
    #[inline]
    pub(crate) fn index(&self, id: u8) -> Option<Option<usize>> {
        let index = *self.0.get(usize::from(id.wrapping_sub(Root::FIRST)))?;
        Some((index != Root::ABSENT).then_some(usize::from(index)))
    }

    fn note(&mut self, id: u8, index: usize) {
        if let Some(place) = self.0.get_mut(usize::from(id.wrapping_sub(Root::FIRST))) {
            *place = narrow(index);
        }
    }
}

/// Cuts `text`; stops at the end, at the checksum or where the root level breaks. The caller checks the length.
pub(crate) fn scan(text: &str) -> Scanned {
    let mut scanner = Scanner {
        text,
        ascii: text.is_ascii(),
        scanned: Scanned {
            nodes: Vec::with_capacity(32),
            defects: Vec::new(),
            root: Root([Root::ABSENT; 13]),
            complete: true,
        },
    };
    if let Err(defect) = scanner.level(0, text.len(), 0, Place::Root) {
        scanner.scanned.defects.push(defect);
        scanner.scanned.complete = false;
    }
    scanner.scanned
}

/// Where an object stands: decides whether its value is a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// Merchant account information 26 to 51; its owner decides what nests.
    Account(Owner),
    /// Additional data 62.
    Additional,
    /// Any other template: nothing nests.
    Leaf,
}

/// The one owner known to put templates into its account template: NAPAS, for VietQR.
pub(super) const NESTING_OWNER: &str = "A000000727";

/// Whose account template it is, as far as nesting goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// VietQR keeps the bank and the account in a template of their own.
    Napas,
    Other,
}

impl Place {
    /// The place inside the value of object `id`, if it is a template.
    fn inside<'a>(self, id: u8, value: impl FnOnce() -> &'a str) -> Option<Place> {
        match (self, id) {
            (Place::Root, 26..=51) => Some(Place::Account(Owner::of(value()))),
            (Place::Root, 62) => Some(Place::Additional),
            (Place::Root, 64 | 80..=99) => Some(Place::Leaf),
            (Place::Account(Owner::Napas), 1) => Some(Place::Leaf),
            (Place::Additional, 50..=99) => Some(Place::Leaf),
            _ => None,
        }
    }

    /// Unreserved templates belong to anybody and often hold plain text instead, which harms nobody.
    fn forgives(self, id: u8) -> bool {
        self == Place::Root && id >= 80
    }
}

impl Owner {
    fn of(template: &str) -> Owner {
        // The identifier leads in every code seen; elsewhere it is looked for.
        let mut rest = template;
        while let Some((id, length)) = header(rest.as_bytes()) {
            if id == 0 {
                let owner = rest.get(4..4 + NESTING_OWNER.len()).filter(|_| length == NESTING_OWNER.len());
                let is_napas = owner.is_some_and(|owner| owner.eq_ignore_ascii_case(NESTING_OWNER));
                return if is_napas { Owner::Napas } else { Owner::Other };
            }
            let Some(end) = ends(&rest[4..]).nth(length) else { break };
            rest = &rest[4 + end..];
        }
        Owner::Other
    }
}

/// Identifier and length at the beginning of `bytes`, if these are four digits.
#[inline]
fn header(bytes: &[u8]) -> Option<(u8, usize)> {
    // All four at once: what is below `0` or above `9` sets the highest bit of its byte.
    let digits = u32::from_le_bytes(*bytes.first_chunk()?).wrapping_sub(u32::from_le_bytes(*b"0000"));
    if (digits | digits.wrapping_add(0x7676_7676)) & 0x8080_8080 != 0 {
        return None;
    }
    let number = |tens: u32, ones: u32| ((digits >> tens & 0xF) * 10 + (digits >> ones & 0xF)) as u8;
    Some((number(0, 8), usize::from(number(16, 24))))
}

/// What is wrong with the beginning of `bytes`, character `at`, where a header should be.
#[cold]
fn broken_header(bytes: &[u8], at: usize) -> Malformed {
    let digit = |place: usize| bytes.get(place).filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0');
    match digit(0).zip(digit(1)) {
        Some((tens, ones)) => Malformed::new(at + 2, Defect::LengthNotDigits { id: tens * 10 + ones }),
        None => Malformed::new(at, Defect::IdentifierNotDigits),
    }
}

/// The byte offsets after 0, 1, 2, … characters.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.char_indices().map(|(at, character)| at + character.len_utf8()))
}

struct Scanner<'a> {
    text: &'a str,
    ascii: bool,
    scanned: Scanned,
}

impl Scanner<'_> {
    /// Cuts the bytes `from..to`, the first of which is character `at`.
    fn level(&mut self, mut from: usize, to: usize, mut at: usize, place: Place) -> Result<(), Malformed> {
        let mut seen = [0_u64; 2];
        while from < to {
            let bytes = &self.text.as_bytes()[from..to];
            let Some((id, length)) = header(bytes) else { return Err(broken_header(bytes, at)) };
            let start = from + 4;
            let end = self.advance(start, to, length).map_err(|left| match (place, id) {
                (Place::Root, 63) => Malformed::new(at, Defect::ChecksumMissing),
                _ => Malformed::new(at + 2, Defect::Truncated { id, declared: length, left }),
            })?;
            // A second object of the same identifier is told but not kept, so that a level has at most a hundred.
            let (word, bit) = (usize::from(id / 64), 1 << (id % 64));
            if seen[word] & bit == 0 {
                seen[word] |= bit;
                if place == Place::Root {
                    self.scanned.root.note(id, self.scanned.nodes.len());
                }
                self.object(id, at, start..end, place);
            } else {
                self.scanned.defects.push(Malformed::new(at, Defect::Duplicate { id }));
            }
            from = end;
            at += 4 + length;
            if place == Place::Root && id == 63 {
                break;
            }
        }
        Ok(())
    }

    /// Notes one object and, if it is a template, the objects inside.
    fn object(&mut self, id: u8, at: usize, value: std::ops::Range<usize>, place: Place) {
        let index = self.scanned.nodes.len();
        let node = Node {
            id,
            template: false,
            at: narrow(at),
            start: narrow(value.start),
            end: narrow(value.end),
            next: narrow(index + 1),
        };
        self.scanned.nodes.push(node);
        let Some(inside) = place.inside(id, || &self.text[value.clone()]) else { return };
        let defects = self.scanned.defects.len();
        match self.level(value.start, value.end, at + 4, inside) {
            Ok(()) => {
                self.scanned.nodes[index].template = true;
                self.scanned.nodes[index].next = narrow(self.scanned.nodes.len());
            }
            Err(defect) => {
                // What cannot be cut stays whole, so that the rest of the code can still be explained.
                self.scanned.nodes.truncate(index + 1);
                if place.forgives(id) {
                    self.scanned.defects.truncate(defects);
                } else {
                    self.scanned.defects.push(defect);
                }
            }
        }
    }

    /// The byte after `characters` characters from `start`, or how many characters are left before `to`.
    fn advance(&self, start: usize, to: usize, characters: usize) -> Result<usize, usize> {
        let end = start + characters;
        // Most values are ASCII even where the code is not.
        if end <= to && (self.ascii || self.text.as_bytes()[start..end].is_ascii()) {
            return Ok(end);
        }
        let rest = &self.text[start..to];
        ends(rest).nth(characters).map(|end| start + end).ok_or_else(|| rest.chars().count())
    }
}

/// Offsets and counts fit because the text is at most [`crate::LONGEST_BYTES`] long, or twice that where each byte was
/// made a character; cutting bits off costs nothing where checking would.
#[inline]
fn narrow(offset: usize) -> u16 {
    debug_assert!(offset < usize::from(Root::ABSENT));
    (offset & 0xFFFF) as u16
}
