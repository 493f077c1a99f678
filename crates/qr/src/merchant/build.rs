//! Makes merchant-presented codes, object by object, in the order given. Knows how long each object of the standard
//! may be, not which must be there.

use super::{Amount, Code, Initiation, Tip, dictionary};
use crate::{Currency, Defect, Malformed, checksum};

/// A code being made. Objects stand in the order of the calls; the checksum is added by [`Builder::build`].
///
/// ```
/// use qr::merchant::{AdditionalData, Amount, Builder, Initiation, Template};
/// use qr::Currency;
/// let code = Builder::new()
///     .initiation(Initiation::Dynamic)
///     .template(26, Template::of("org.example.pay").object(3, "01J9ZK3E8Q6T7V0W1X2Y3Z4A5B"))
///     .category("5812")
///     .currency(Currency::from_alphabetic("CNY").expect("listed"))
///     .amount(Amount::parse("100.00")?)
///     .country("CN")
///     .name("TEST NOODLE SHOP")
///     .city("SHANGHAI")
///     .additional(AdditionalData { bill: Some("ORD-0001"), terminal: Some("T01"), ..Default::default() })
///     .build()?;
/// assert_eq!(qr::merchant::Code::parse(code.as_str())?, code);
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    level: Template,
}

/// A template being made: objects inside one object.
#[derive(Clone, Debug, Default)]
pub struct Template {
    text: String,
    defect: Option<Malformed>,
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

impl Builder {
    /// Begins a code of payload format 01.
    pub fn new() -> Builder {
        Builder::of_version("01")
    }

    /// Begins a code of another payload format, which only some national schemes read.
    pub fn of_version(version: &str) -> Builder {
        let mut level = Template { text: String::with_capacity(256), defect: None };
        level.push(0, version, 2);
        Builder { level }
    }

    /// Says whether the code serves once or always (01).
    #[must_use]
    pub fn initiation(self, initiation: Initiation) -> Builder {
        self.object(
            1,
            match initiation {
                Initiation::Static => "11",
                Initiation::Dynamic => "12",
            },
        )
    }

    /// Adds any object. The value may be as long as the standard lets this object be.
    #[must_use]
    pub fn object(mut self, id: u8, value: &str) -> Builder {
        self.level.push(id, value, dictionary::longest(id));
        self
    }

    /// Adds a template, such as a merchant account (26 to 51).
    #[must_use]
    pub fn template(mut self, id: u8, template: Template) -> Builder {
        self.level = self.level.template(id, template);
        self
    }

    /// Merchant category code, four digits (52).
    #[must_use]
    pub fn category(self, code: &str) -> Builder {
        self.object(52, code)
    }

    /// Currency (53).
    #[must_use]
    pub fn currency(self, currency: Currency) -> Builder {
        let digits = currency.digits();
        self.object(53, std::str::from_utf8(&digits).expect("digits are ASCII"))
    }

    /// Amount in that currency (54). Leave it out to let the payer enter it.
    #[must_use]
    pub fn amount(self, amount: Amount) -> Builder {
        self.object(54, amount.as_str())
    }

    /// Tip or convenience fee (55 to 57).
    #[must_use]
    pub fn tip(self, tip: Tip) -> Builder {
        match tip {
            Tip::Prompt => self.object(55, "01"),
            Tip::Fixed(fee) => self.object(55, "02").object(56, fee.as_str()),
            Tip::Percent(fee) => self.object(55, "03").object(57, &fee.to_string()),
        }
    }

    /// Country, two letters (58).
    #[must_use]
    pub fn country(self, code: &str) -> Builder {
        self.object(58, code)
    }

    /// Merchant name, at most 25 characters (59).
    #[must_use]
    pub fn name(self, name: &str) -> Builder {
        self.object(59, name)
    }

    /// Merchant city, at most 15 characters (60).
    #[must_use]
    pub fn city(self, city: &str) -> Builder {
        self.object(60, city)
    }

    /// Postal code, at most 10 characters (61).
    #[must_use]
    pub fn postal_code(self, code: &str) -> Builder {
        self.object(61, code)
    }

    /// Additional data (62); nothing is written if nothing is given.
    #[must_use]
    pub fn additional(self, data: AdditionalData<'_>) -> Builder {
        let template = Template::additional(data);
        if template.text.is_empty() && template.defect.is_none() { self } else { self.template(62, template) }
    }

    /// Merchant name and city in the local language (64); `language` is two letters of ISO 639.
    #[must_use]
    pub fn language(self, language: &str, name: &str, city: Option<&str>) -> Builder {
        let mut template = Template::default();
        template.push(0, language, 2);
        template.push(1, name, 25);
        if let Some(city) = city {
            template.push(2, city, 15);
        }
        self.template(64, template)
    }

    /// Adds the checksum and reads the code once, so that what was made can also be read.
    pub fn build(self) -> Result<Code, Malformed> {
        let Template { mut text, defect } = self.level;
        if let Some(defect) = defect {
            return Err(defect);
        }
        text.push_str("6304");
        text.extend(checksum::hexadecimal(checksum::crc16(text.as_bytes())).map(char::from));
        Code::parse(&text)
    }
}

impl Default for Builder {
    fn default() -> Builder {
        Builder::new()
    }
}

impl Template {
    /// A template owned by the holder of a globally unique identifier (object 00).
    pub fn of(guid: &str) -> Template {
        let mut template = Template::default();
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
        match template.defect {
            Some(inner) => self.refuse(inner.at + 4, inner.defect),
            None => self.push(id, &template.text, LENGTH_MAX),
        }
        self
    }

    fn push(&mut self, id: u8, value: &str, longest: usize) {
        let length = value.chars().count();
        if id > 99 {
            return self.refuse(0, Defect::IdentifierTooLarge);
        }
        if length > longest {
            return self.refuse(0, Defect::ValueTooLong { id, longest });
        }
        let digits = |number: usize| [number / 10, number % 10].map(|digit| char::from(b"0123456789"[digit]));
        self.text.extend(digits(id.into()));
        self.text.extend(digits(length));
        self.text.push_str(value);
    }

    /// Keeps the first defect; `within` counts characters from where the next object would begin.
    fn refuse(&mut self, within: usize, defect: Defect) {
        let at = self.text.chars().count() + within;
        self.defect.get_or_insert(Malformed::new(at, defect));
    }
}

/// The most characters a length of two digits can announce.
const LENGTH_MAX: usize = 99;
