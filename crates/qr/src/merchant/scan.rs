//! Cuts a merchant-presented text into its objects, to full depth, in one pass. Knows which objects are templates,
//! not what their values mean.

use crate::{Defect, LONGEST_BYTES, Malformed};

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
    /// Whether the root level was cut to its end or to its checksum.
    pub(crate) complete: bool,
}

/// Cuts `text`; stops at the end, at the checksum or where the root level breaks. The caller checks the length.
pub(crate) fn scan(text: &str) -> Scanned {
    debug_assert!(text.len() <= LONGEST_BYTES);
    let mut scanner = Scanner {
        text,
        ascii: text.is_ascii(),
        scanned: Scanned { nodes: Vec::with_capacity(32), defects: Vec::new(), complete: true },
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

/// Whose account template it is, as far as nesting goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// VietQR keeps the bank and the account in a template of their own.
    Napas,
    Other,
}

impl Place {
    /// The place inside the value of object `id`, if it is a template.
    fn inside(self, id: u8, value: &str) -> Option<Place> {
        match (self, id) {
            (Place::Root, 26..=51) => Some(Place::Account(Owner::of(value))),
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
        const NAPAS: &str = "A000000727";
        // The identifier leads in every code seen; elsewhere it is looked for.
        let mut rest = template;
        while let Some((id, value, after)) = cut(rest) {
            if id == 0 {
                return if value.eq_ignore_ascii_case(NAPAS) { Owner::Napas } else { Owner::Other };
            }
            rest = after;
        }
        Owner::Other
    }
}

/// The first object of `text`: identifier, value and what follows.
fn cut(text: &str) -> Option<(u8, &str, &str)> {
    let [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', d @ b'0'..=b'9', ..] = text.as_bytes() else {
        return None;
    };
    let (id, length) = ((a - b'0') * 10 + (b - b'0'), usize::from((c - b'0') * 10 + (d - b'0')));
    let rest = &text[4..];
    let end = ends(rest).nth(length)?;
    Some((id, &rest[..end], &rest[end..]))
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
        let mut seen = 0_u128;
        while from < to {
            let bytes = &self.text.as_bytes()[from..to];
            let [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] = bytes else {
                return Err(Malformed::new(at, Defect::IdentifierNotDigits));
            };
            let id = (a - b'0') * 10 + (b - b'0');
            let [c @ b'0'..=b'9', d @ b'0'..=b'9', ..] = rest else {
                return Err(Malformed::new(at + 2, Defect::LengthNotDigits { id }));
            };
            let length = usize::from((c - b'0') * 10 + (d - b'0'));
            let start = from + 4;
            let end = self.advance(start, to, length).map_err(|left| match (place, id) {
                (Place::Root, 63) => Malformed::new(at, Defect::ChecksumMissing),
                _ => Malformed::new(at + 2, Defect::Truncated { id, declared: length, left }),
            })?;
            // A second object of the same identifier is told but not kept, so that a level has at most a hundred.
            if seen & 1 << id == 0 {
                self.object(id, at, start..end, place);
            } else {
                self.scanned.defects.push(Malformed::new(at, Defect::Duplicate { id }));
            }
            seen |= 1 << id;
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
        let Some(inside) = place.inside(id, &self.text[value.clone()]) else { return };
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
        if self.ascii {
            let end = start + characters;
            return if end <= to { Ok(end) } else { Err(to - start) };
        }
        let rest = &self.text[start..to];
        ends(rest).nth(characters).map(|end| start + end).ok_or_else(|| rest.chars().count())
    }
}

/// Offsets and counts fit because the text is at most [`LONGEST_BYTES`] long.
fn narrow(offset: usize) -> u16 {
    u16::try_from(offset).expect("a text of at most 8192 bytes has no larger offset")
}
