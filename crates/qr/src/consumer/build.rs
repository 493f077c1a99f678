//! Makes consumer-presented codes. Knows the lengths of the standard's tags, not what an issuer puts into them.

use super::scan::is_constructed;
use super::{AccountNumber, Code, tag};
use crate::{Defect, Malformed};

/// A code being made.
///
/// ```
/// use qr::consumer::{AccountNumber, Application, Builder, Code};
/// let token = AccountNumber::parse("9512345678901234567")?;
/// let code = Builder::new()
///     .application(Application::new(&[0xA0, 0, 0, 0x09, 0x99, 0x01]).label("SOJOURN").account_number(token))
///     .build()?;
/// let read = Code::parse(&code.to_text())?;
/// assert_eq!(read.applications().next().and_then(|one| one.account_number()), Some(token));
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    level: Template,
}

/// An application template (61) being made.
#[derive(Clone, Debug)]
pub struct Application {
    level: Template,
}

/// Objects inside an object, being made.
#[derive(Clone, Debug, Default)]
pub struct Template {
    bytes: Vec<u8>,
    defect: Option<Defect>,
}

impl Builder {
    /// Begins a code of version CPV01.
    pub fn new() -> Builder {
        Builder { level: Template::default().object(tag::FORMAT, b"CPV01") }
    }

    /// Adds an application. The standard allows two.
    #[must_use]
    pub fn application(self, application: Application) -> Builder {
        Builder { level: self.level.template(tag::APPLICATION, application.level) }
    }

    /// Adds the common data (62), which must not repeat a tag of an application.
    #[must_use]
    pub fn common(self, common: Template) -> Builder {
        Builder { level: self.level.template(tag::COMMON, common) }
    }

    /// Adds any other object after those.
    #[must_use]
    pub fn object(self, tag: u32, value: &[u8]) -> Builder {
        Builder { level: self.level.object(tag, value) }
    }

    /// Reads the code once, so that what was made can also be read.
    pub fn build(self) -> Result<Code, Malformed> {
        match self.level.defect {
            Some(defect) => Err(Malformed::new(0, defect)),
            None => Code::from_bytes(self.level.bytes),
        }
    }
}

impl Default for Builder {
    fn default() -> Builder {
        Builder::new()
    }
}

impl Application {
    /// An application with this name (AID), 5 to 16 bytes.
    pub fn new(name: &[u8]) -> Application {
        Application { level: Template::default().object(tag::APPLICATION_NAME, name) }
    }

    /// The label to print, 1 to 16 letters, digits and blanks (50).
    #[must_use]
    pub fn label(self, label: &str) -> Application {
        self.object(tag::LABEL, label.as_bytes())
    }

    /// The account number or payment token (5A).
    #[must_use]
    pub fn account_number(self, number: AccountNumber) -> Application {
        self.object(tag::ACCOUNT_NUMBER, &number.packed())
    }

    /// Adds any object.
    #[must_use]
    pub fn object(self, tag: u32, value: &[u8]) -> Application {
        Application { level: self.level.object(tag, value) }
    }

    /// Adds the application-specific transparent template (63).
    #[must_use]
    pub fn transparent(self, template: Template) -> Application {
        Application { level: self.level.template(tag::APPLICATION_TRANSPARENT, template) }
    }
}

impl Template {
    /// Adds an object.
    #[must_use]
    pub fn object(mut self, tag: u32, value: &[u8]) -> Template {
        let (shortest, longest) = lengths(tag);
        if !(shortest..=longest).contains(&value.len()) {
            self.defect.get_or_insert(Defect::TagLengthWrong { tag });
        } else if !is_well_formed(tag) {
            self.defect.get_or_insert(Defect::TagWrong);
        } else {
            self.push(tag, value);
        }
        self
    }

    /// Adds a template inside this one; its tag must be a constructed one.
    #[must_use]
    pub fn template(mut self, tag: u32, template: Template) -> Template {
        if let Some(defect) = template.defect {
            self.defect.get_or_insert(defect);
        } else if !is_constructed(first_byte(tag)) {
            self.defect.get_or_insert(Defect::TagWrong);
        }
        self.object(tag, &template.bytes)
    }

    fn push(&mut self, tag: u32, value: &[u8]) {
        self.bytes.extend(tag.to_be_bytes().into_iter().skip_while(|&byte| byte == 0));
        match (u8::try_from(value.len()), u16::try_from(value.len())) {
            (Ok(length @ 0..=0x7F), _) => self.bytes.push(length),
            (Ok(length), _) => self.bytes.extend([0x81, length]),
            (_, Ok(length)) => {
                self.bytes.push(0x82);
                self.bytes.extend(length.to_be_bytes());
            }
            _ => {
                self.defect.get_or_insert(Defect::TagLengthWrong { tag });
                return;
            }
        }
        self.bytes.extend_from_slice(value);
    }
}

/// Bytes a value may have (EMVCo CPM table A.1; EMV Book 3 for the rest).
fn lengths(tag: u32) -> (usize, usize) {
    match tag {
        tag::FORMAT => (5, 5),
        tag::APPLICATION_NAME => (5, 16),
        tag::LABEL => (1, 16),
        tag::TRACK_2 => (1, 19),
        tag::ACCOUNT_NUMBER => (1, 10),
        tag::HOLDER_NAME => (2, 26),
        tag::LANGUAGE => (2, 8),
        tag::VERSION | tag::LAST_DIGITS | tag::COUNTER => (2, 2),
        tag::TOKEN_REQUESTOR => (6, 6),
        tag::ACCOUNT_REFERENCE => (29, 29),
        tag::ISSUER_DATA => (1, 32),
        tag::CRYPTOGRAM => (8, 8),
        tag::UNPREDICTABLE => (4, 4),
        _ => (0, crate::LONGEST_BYTES),
    }
}

/// Whether the bytes of a tag end where its first byte says.
fn is_well_formed(tag: u32) -> bool {
    let bytes = tag.to_be_bytes();
    let bytes = &bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..];
    match bytes {
        [] => false,
        [only] => only & 0x1F != 0x1F,
        [first, middle @ .., last] => {
            first & 0x1F == 0x1F && middle.iter().all(|byte| byte & 0x80 != 0) && last & 0x80 == 0
        }
    }
}

fn first_byte(tag: u32) -> u8 {
    tag.to_be_bytes().into_iter().find(|&byte| byte != 0).unwrap_or_default()
}
