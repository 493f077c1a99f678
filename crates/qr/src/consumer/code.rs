//! A consumer-presented code that was read: its applications by name. Knows no cryptography.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::scan::{Node, scan};
use super::{AccountNumber, tag};
use crate::{Defect, Malformed};

/// A consumer-presented code that a till can use: version CPV01, at least one named application, no object twice in
/// what the till combines, and readable account numbers.
///
/// ```
/// let code = qr::consumer::Code::parse("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=")?;
/// let application = code.applications().next().expect("a code has an application");
/// assert_eq!(application.name(), [0xA0, 0, 0, 0, 0x55, 0x55, 0x55]);
/// assert_eq!(application.account_number().expect("in tag 57").digits(), "1234567890123458");
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    bytes: Vec<u8>,
    nodes: Vec<Node>,
}

/// One object: a tag and a value that may hold objects itself.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    code: &'a Code,
    index: usize,
}

/// The objects of one level, in the order in which the code has them.
#[derive(Clone)]
pub struct Objects<'a> {
    code: &'a Code,
    index: usize,
    end: usize,
}

/// An application template (61) with a usable name, seen together with the common data (62).
#[derive(Clone, Copy, Debug)]
pub struct ApplicationTemplate<'a> {
    object: Object<'a>,
    name: &'a [u8],
}

impl Code {
    /// Reads base64 text (EMVCo CPM 5.1.1.1). [`Malformed::at`] counts characters of that text.
    pub fn parse(text: &str) -> Result<Code, Malformed> {
        let bytes = STANDARD.decode(text).map_err(|error| {
            use base64::DecodeError::{InvalidByte, InvalidLastSymbol, InvalidLength, InvalidPadding};
            let byte = match error {
                InvalidByte(at, _) | InvalidLastSymbol(at, _) => at,
                InvalidLength(length) => length,
                InvalidPadding => text.len(),
            };
            let at = text.char_indices().take_while(|(offset, _)| *offset < byte).count();
            Malformed::new(at, Defect::NotBase64)
        })?;
        Code::from_bytes(bytes)
    }

    /// Reads the bytes inside the base64 text.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Code, Malformed> {
        let nodes = scan(&bytes).map_err(|(byte, defect)| Malformed::new(character(byte), defect))?;
        let code = Code { bytes, nodes };
        code.check()?;
        Ok(code)
    }

    /// The base64 text that is drawn.
    pub fn to_text(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// The bytes inside the base64 text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The outermost objects, in the order presented.
    pub fn objects(&self) -> Objects<'_> {
        Objects { code: self, index: 0, end: self.nodes.len() }
    }

    /// The applications a till may choose from, in the order presented; at least one.
    pub fn applications(&self) -> impl Iterator<Item = ApplicationTemplate<'_>> {
        self.objects().filter(|object| object.tag() == tag::APPLICATION).filter_map(|object| {
            let name = object.value_of(tag::APPLICATION_NAME)?;
            (5..=16).contains(&name.len()).then_some(ApplicationTemplate { object, name })
        })
    }

    /// The common data template (62).
    pub fn common(&self) -> Option<Object<'_>> {
        self.objects().find(|object| object.tag() == tag::COMMON)
    }

    fn check(&self) -> Result<(), Malformed> {
        match self.objects().next() {
            Some(first) if first.tag() == tag::FORMAT && first.value() == b"CPV01" => {}
            _ => return Err(Malformed::new(0, Defect::ConsumerVersionWrong)),
        }
        if self.applications().next().is_none() {
            return Err(Malformed::new(0, Defect::ApplicationMissing));
        }
        let mut templates = [None; 3];
        for object in self.objects() {
            let defect = match object.tag() {
                tag::APPLICATION if templates[1].is_some() => Defect::ApplicationsTooMany,
                tag::APPLICATION => {
                    let free = usize::from(templates[0].is_some());
                    templates[free] = Some(object);
                    continue;
                }
                tag::COMMON if templates[2].is_some() => Defect::TagDuplicate { tag: tag::COMMON },
                tag::COMMON => {
                    templates[2] = Some(object);
                    continue;
                }
                _ => continue,
            };
            return Err(object.malformed(defect));
        }
        let [first, second, common] = templates;
        for application in first.into_iter().chain(second) {
            application.check()?;
            application.check_unique(common)?;
        }
        common.map_or(Ok(()), Object::check)
    }
}

/// The base64 character that holds the first bits of byte `byte`.
fn character(byte: usize) -> usize {
    byte * 4 / 3
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "consumer::Code({} bytes, {} applications)", self.bytes.len(), self.applications().count())
    }
}

impl<'a> Object<'a> {
    /// The tag, with its first byte highest.
    pub fn tag(self) -> u32 {
        self.node().tag
    }

    /// Characters of the base64 text before the one in which this object begins.
    pub fn at(self) -> usize {
        character(self.node().at.into())
    }

    /// The value.
    pub fn value(self) -> &'a [u8] {
        let node = self.node();
        &self.code.bytes[usize::from(node.start)..usize::from(node.end)]
    }

    /// Whether the value was read as objects.
    pub fn is_template(self) -> bool {
        self.node().template
    }

    /// The objects inside; none if it is not a template.
    pub fn objects(self) -> Objects<'a> {
        Objects { code: self.code, index: self.index + 1, end: usize::from(self.node().next) }
    }

    /// The value of the first object `tag` inside.
    pub fn value_of(self, tag: u32) -> Option<&'a [u8]> {
        self.objects().find(|object| object.tag() == tag).map(Object::value)
    }

    /// Checks an application or common data template.
    fn check(self) -> Result<(), Malformed> {
        if !self.is_template() {
            return Err(self.malformed(Defect::TagWrong));
        }
        for object in self.objects() {
            let readable = match object.tag() {
                tag::ACCOUNT_NUMBER => AccountNumber::from_packed(object.value()).is_some(),
                tag::TRACK_2 => AccountNumber::from_track_2(object.value()).is_some(),
                _ => true,
            };
            if !readable {
                return Err(object.malformed(Defect::AccountNumberWrong));
            }
        }
        self.check_unique(None)
    }

    /// Checks that no tag occurs twice in this template and the common data taken together.
    fn check_unique(self, common: Option<Object<'a>>) -> Result<(), Malformed> {
        let common = common.into_iter().flat_map(Object::objects);
        let mut places: Vec<(u32, usize)> =
            common.chain(self.objects()).map(|object| (object.tag(), object.index)).collect();
        places.sort_unstable();
        match places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => {
                let object = Object { code: self.code, index: pair[1].1 };
                Err(object.malformed(Defect::TagDuplicate { tag: pair[1].0 }))
            }
            None => Ok(()),
        }
    }

    fn malformed(self, defect: Defect) -> Malformed {
        Malformed::new(self.at(), defect)
    }

    fn node(self) -> Node {
        self.code.nodes[self.index]
    }
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({:X}, {} bytes)", self.tag(), self.value().len())
    }
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    fn next(&mut self) -> Option<Object<'a>> {
        if self.index >= self.end {
            return None;
        }
        let object = Object { code: self.code, index: self.index };
        self.index = usize::from(object.node().next);
        Some(object)
    }
}

impl<'a> ApplicationTemplate<'a> {
    /// The application's name (AID), 5 to 16 bytes.
    pub fn name(self) -> &'a [u8] {
        self.name
    }

    /// Whether a till that supports the application `identifier` takes this one: the name begins with it (CPM 5.1.1.4).
    pub fn matches(self, identifier: &[u8]) -> bool {
        self.name.starts_with(identifier)
    }

    /// The value of a tag in this template or else in the common data.
    pub fn value(self, tag: u32) -> Option<&'a [u8]> {
        let common = || self.object.code.common().and_then(|common| common.value_of(tag));
        self.object.value_of(tag).or_else(common)
    }

    /// The label to print (50).
    pub fn label(self) -> Option<&'a str> {
        self.value(tag::LABEL).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The account number or payment token, from tag 5A or else 57.
    pub fn account_number(self) -> Option<AccountNumber> {
        let packed = self.value(tag::ACCOUNT_NUMBER).and_then(AccountNumber::from_packed);
        packed.or_else(|| self.value(tag::TRACK_2).and_then(AccountNumber::from_track_2))
    }

    /// The template itself.
    pub fn object(self) -> Object<'a> {
        self.object
    }
}
