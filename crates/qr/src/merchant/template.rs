//! Makes the inside of an object: objects with their identifiers and lengths, written once and never looked at again.
//! Knows how long an object can be, not what belongs into it.

use super::scan::NESTING_OWNER;
use crate::{Defect, Malformed};

/// A template being made: objects inside one object.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// UTF-8: every part is text.
    pub(super) text: Vec<u8>,
    pub(super) characters: u32,
    /// Whether only reading can tell if what was written is right.
    pub(super) doubtful: bool,
    /// Identifiers written, one bit each.
    pub(super) seen: [u64; 2],
    /// Boxed, because builders are passed by value and hardly ever have one.
    pub(super) defect: Option<Box<Malformed>>,
}

/// Additional data (object 62). `***` asks the payer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdditionalData<'a> {
    /// Bill number (01), at most 25 characters as all but the last.
    pub bill: Option<&'a str>,
    /// Mobile number (02).
    pub mobile: Option<&'a str>,
    /// Store label (03).
    pub store: Option<&'a str>,
    /// Loyalty number (04).
    pub loyalty: Option<&'a str>,
    /// Reference label (05).
    pub reference: Option<&'a str>,
    /// Customer label (06).
    pub customer: Option<&'a str>,
    /// Terminal label (07).
    pub terminal: Option<&'a str>,
    /// Purpose of the transaction (08).
    pub purpose: Option<&'a str>,
    /// Any of A (address), M (mobile), E (e-mail) (09).
    pub consumer_data_request: Option<&'a str>,
}

impl Template {
    /// The text of all objects.
    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.text).expect("identifiers, lengths and values are all text")
    }

    /// A template owned by the holder of a globally unique identifier (object 00).
    pub fn of(guid: &str) -> Template {
        // Whose values may have to be templates themselves, only the reader knows.
        let doubtful = guid.eq_ignore_ascii_case(NESTING_OWNER);
        let mut template = Template { doubtful, ..Template::default() };
        template.push(0, guid, 32);
        template
    }

    /// The template 62 of this data.
    pub fn additional(data: AdditionalData<'_>) -> Template {
        let mut template = Template::default();
        let labels = [
            data.bill,
            data.mobile,
            data.store,
            data.loyalty,
            data.reference,
            data.customer,
            data.terminal,
            data.purpose,
        ];
        for (id, label) in (1..).zip(labels) {
            if let Some(label) = label {
                template.push(id, label, 25);
            }
        }
        if let Some(request) = data.consumer_data_request {
            template.push(9, request, 3);
        }
        template
    }

    /// Adds an object of at most 99 characters.
    #[must_use]
    pub fn object(mut self, id: u8, value: &str) -> Template {
        // An owner whose values nest, or a template of the additional data given as text.
        self.doubtful |= id >= 50 || id == 0 && value.eq_ignore_ascii_case(NESTING_OWNER);
        self.push(id, value, LENGTH_MAX);
        self
    }

    /// Adds an object if there is a value for it.
    #[must_use]
    pub fn object_if(self, id: u8, value: Option<&str>) -> Template {
        match value {
            Some(value) => self.object(id, value),
            None => self,
        }
    }

    /// Adds a template inside this one.
    #[must_use]
    pub fn template(mut self, id: u8, template: Template) -> Template {
        self.doubtful |= template.doubtful;
        match template.defect {
            Some(inner) => self.refuse_at(inner.at + 4, inner.defect),
            None => {
                let length = usize::try_from(template.characters).unwrap_or(usize::MAX);
                self.write(id, &template.text, length, LENGTH_MAX);
            }
        }
        self
    }

    #[inline]
    pub(super) fn push(&mut self, id: u8, value: &str, longest: usize) {
        let length = if value.is_ascii() { value.len() } else { value.chars().count() };
        self.write(id, value.as_bytes(), length, longest);
    }

    #[inline]
    fn write(&mut self, id: u8, value: &[u8], length: usize, longest: usize) {
        let (bit, word) = (1_u64 << (id & 63), usize::from(id >> 6 & 1));
        if id > 99 || length > longest || self.seen[word] & bit != 0 {
            return self.refuse(id, length, longest);
        }
        self.seen[word] |= bit;
        // A template ends within 99 characters, so that it is laid out once.
        self.text.reserve(if self.text.is_empty() { 4 + LENGTH_MAX } else { 4 + value.len() });
        let two = |number: u8| [b'0' + number / 10, b'0' + number % 10];
        let ([a, b], [c, d]) = (two(id), two((length & 0x7F) as u8));
        self.text.extend_from_slice(&[a, b, c, d]);
        self.text.extend_from_slice(value);
        self.characters += 4 + (length & 0x7F) as u32;
    }

    /// Says why an object was not written.
    #[cold]
    fn refuse(&mut self, id: u8, length: usize, longest: usize) {
        let defect = if id > 99 {
            Defect::IdentifierTooLarge
        } else if length > longest {
            Defect::ValueTooLong { id, longest }
        } else {
            Defect::Duplicate { id }
        };
        self.refuse_at(0, defect);
    }

    /// Keeps the first defect; `within` counts characters from where the next object would begin.
    fn refuse_at(&mut self, within: usize, defect: Defect) {
        let at = usize::try_from(self.characters).unwrap_or_default() + within;
        self.defect.get_or_insert_with(|| Box::new(Malformed::new(at, defect)));
    }
}

/// The most characters a length of two digits can announce.
const LENGTH_MAX: usize = 99;
