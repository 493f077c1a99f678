//! Makes merchant-presented codes, object by object, in the order given. Knows how long each object of the standard
//! may be, not which must be there.

use super::template::{AdditionalData, Template};
use super::{Amount, Code, Initiation, Tip, dictionary};
use crate::{Currency, LONGEST_BYTES, Malformed, checksum};

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

impl Builder {
    /// Begins a code of payload format 01.
    pub fn new() -> Builder {
        Builder::of_version("01")
    }

    /// Begins a code of another payload format, which only some national schemes read.
    pub fn of_version(version: &str) -> Builder {
        let mut level = Template { text: Vec::with_capacity(256), ..Template::default() };
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
        // Money that was not given as such, and templates that were given as text.
        self.level.doubtful |= matches!(id, 26..=51 | 53..=57 | 62..=64 | 80..);
        self.level.push(id, value, dictionary::longest(id));
        self
    }

    /// Adds a template, such as a merchant account (26 to 51).
    #[must_use]
    pub fn template(mut self, id: u8, template: Template) -> Builder {
        self.level.doubtful |= matches!(id, 53..=57 | 63);
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
        self.sure(53, std::str::from_utf8(&digits).expect("digits are ASCII"))
    }

    /// Amount in that currency (54). Leave it out to let the payer enter it.
    #[must_use]
    pub fn amount(self, amount: Amount) -> Builder {
        self.sure(54, amount.as_str())
    }

    /// Tip or convenience fee (55 to 57).
    #[must_use]
    pub fn tip(self, tip: Tip) -> Builder {
        match tip {
            Tip::Prompt => self.sure(55, "01"),
            Tip::Fixed(fee) => self.sure(55, "02").sure(56, fee.as_str()),
            Tip::Percent(fee) => self.sure(55, "03").sure(57, &fee.to_string()),
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

    /// An object of money whose value is known to be right.
    fn sure(mut self, id: u8, value: &str) -> Builder {
        self.level.push(id, value, dictionary::longest(id));
        self
    }

    /// Adds the checksum and gives the text alone, for drawing. The text is one that can be read.
    pub fn payload(self) -> Result<String, Malformed> {
        if self.level.doubtful || self.level.text.len() + 8 > LONGEST_BYTES {
            return self.build().map(Code::into_text);
        }
        match self.level.defect {
            Some(defect) => Err(*defect),
            None => Ok(sealed(self.level.into_text())),
        }
    }

    /// Adds the checksum and reads the code once, so that what was made can also be read.
    pub fn build(self) -> Result<Code, Malformed> {
        match self.level.defect {
            Some(defect) => Err(*defect),
            None => Code::sealed(sealed(self.level.into_text())),
        }
    }
}

impl Default for Builder {
    fn default() -> Builder {
        Builder::new()
    }
}

/// Puts the checksum behind the objects.
fn sealed(mut text: String) -> String {
    text.push_str("6304");
    let digits = checksum::hexadecimal(checksum::crc16(text.as_bytes()));
    text.push_str(std::str::from_utf8(&digits).expect("hexadecimal digits are ASCII"));
    text
}
