//! What a reading has to say about a code: how grave, where, by which rule, and a sentence for the merchant. Knows
//! how rules are named, not how they are checked.

use std::fmt;

use crate::profile::Scheme;

/// One departure from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Offset in characters from the start of the presented text.
    pub at: usize,
    /// The rule it departs from.
    pub rule: Rule,
    /// What is wrong and what to do, for the merchant.
    pub message: String,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Advice; the rule is a recommendation.
    Notice,
    /// A departure that readers are known to tolerate.
    Warning,
    /// The code, or this way to pay, is refused.
    Error,
}

impl Severity {
    /// The word for it: `notice`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A rule, by where it is written. [`fmt::Display`] gives the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A rule of EMVCo's merchant-presented specification 1.1.
    Merchant(MerchantRule),
    /// A rule of EMVCo's consumer-presented specification 1.1.
    Consumer(ConsumerRule),
    /// A rule of the payment-code format.
    PaymentCode(PaymentCodeRule),
    /// A rule for links.
    Link(LinkRule),
    /// A rule of a national scheme.
    National(Scheme, NationalRule),
    /// The text is no payment code at all.
    Unrecognised,
    /// The bytes are not UTF-8 (EMVCo MPM 1.4.3).
    Encoding,
}

macro_rules! rules {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $source:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every rule of this kind.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// Where the rule is written, or what it asks for.
            pub fn source(self) -> &'static str {
                match self { $($name::$variant => $source,)* }
            }
        }
    };
}

rules! {
    /// Rules of EMVCo's merchant-presented specification 1.1.
    MerchantRule {
        /// The payload should have at most 512 characters.
        PayloadLength => "EMVCo MPM 4.1",
        /// A mandatory object is missing.
        Presence => "EMVCo MPM 4.2.1.1",
        /// An identifier is two digits.
        Identifier => "EMVCo MPM 4.3.1.1",
        /// An identifier occurs once at its level.
        Duplicate => "EMVCo MPM 4.3.1.2",
        /// A length counts the characters of the value.
        Length => "EMVCo MPM 4.4.1.1",
        /// A length is two digits, 01 to 99.
        LengthForm => "EMVCo MPM 4.4.1.2",
        /// A numeric value holds digits only.
        Numeric => "EMVCo MPM 4.5.1.1",
        /// An alphanumeric-special value holds the printable characters of ASCII only.
        Special => "EMVCo MPM 4.5.2.1",
        /// A string holds precomposed characters.
        Precomposed => "EMVCo MPM 4.5.3.1",
        /// A value is as long as the tables allow.
        ValueLength => "EMVCo MPM tables 3.6 to 3.8",
        /// Object 00 comes first.
        FormatFirst => "EMVCo MPM 4.6.1.1",
        /// Object 63 comes last.
        ChecksumLast => "EMVCo MPM 4.6.1.2",
        /// Object 00 is 01.
        FormatValue => "EMVCo MPM 4.7.1.1",
        /// Object 01 is 11 or 12.
        Initiation => "EMVCo MPM 4.7.2.1",
        /// The checksum matches.
        Checksum => "EMVCo MPM 4.7.3.1",
        /// The checksum is four upper-case hexadecimal digits.
        ChecksumForm => "EMVCo MPM 4.7.3.2",
        /// The amount is a number, not zero.
        Amount => "EMVCo MPM 4.7.4.1",
        /// The amount has the decimals of its currency.
        AmountDecimals => "EMVCo MPM 4.7.4.1 (decimals)",
        /// The currency is an ISO 4217 number.
        Currency => "EMVCo MPM 4.7.5.1",
        /// The tip indicator is 01, 02 or 03 with what it announces.
        Tip => "EMVCo MPM 4.7.6.1",
        /// The fixed fee is a number, not zero, and announced.
        FixedFee => "EMVCo MPM 4.7.7",
        /// The fee percentage lies between 00.01 and 99.99 and is announced.
        FeePercentage => "EMVCo MPM 4.7.8",
        /// There is at least one merchant account.
        Account => "EMVCo MPM 4.7.9.1",
        /// An account object lies in a range EMVCo keeps for itself.
        AccountReserved => "EMVCo MPM table 4.1",
        /// A template names its owner in object 00.
        Owner => "EMVCo MPM 4.7.11.2",
        /// An owner is an AID, a UUID or a reverse domain name.
        OwnerForm => "EMVCo MPM 4.7.11.2 (form)",
        /// The country is an ISO 3166-1 code.
        Country => "EMVCo MPM 4.7.13.1",
        /// Additional data hold at least one object.
        AdditionalEmpty => "EMVCo MPM 4.8.1.1",
        /// The consumer data request is made of A, M and E, each once.
        ConsumerDataRequest => "EMVCo MPM 4.8.1.3",
        /// An object of the additional data is reserved.
        AdditionalReserved => "EMVCo MPM table 4.3",
        /// A payment-system template inside the additional data names its owner.
        AdditionalOwner => "EMVCo MPM 4.8.1.5",
        /// The language template names a language and the merchant.
        Language => "EMVCo MPM 4.9.1.1",
        /// The language is two letters.
        LanguageCode => "EMVCo MPM 4.9.2.1",
        /// Objects 65 to 79 are reserved.
        Reserved => "EMVCo MPM 4.10",
        /// Objects 80 to 99 are templates that name their owner.
        Unreserved => "EMVCo MPM 4.11.1.2",
    }
}

rules! {
    /// Rules of EMVCo's consumer-presented specification 1.1.
    ConsumerRule {
        /// A code should have at most 512 bytes.
        Size => "EMVCo CPM 3.1.1.1 (size)",
        /// Templates 61 and 62 precede the others; at most two 61.
        Order => "EMVCo CPM 3.1.1.1",
        /// The text is base64 of BER-TLV.
        Encoding => "EMVCo CPM 5.1.1.2",
        /// The first object is 85 = CPV01.
        Version => "EMVCo CPM 5.1.1.3",
        /// At least one application with a name of 5 to 16 bytes.
        Application => "EMVCo CPM 5.1.1.4",
        /// No object twice in what a till combines.
        Duplicate => "EMVCo CPM 5.1.1.10",
        /// An account number or track 2 is present.
        AccountNumber => "EMVCo CPM table 6.1",
        /// The account number is made of digits.
        AccountNumberForm => "EMVCo CPM 6.1.1.2",
        /// Values have the length and characters of the dictionary.
        Value => "EMVCo CPM table A.1",
    }
}

rules! {
    /// Rules of the payment-code format.
    PaymentCodeRule {
        /// Digits only.
        Digits => "Alipay+ payment code: numeric",
        /// 17 to 32 digits.
        Length => "Alipay+ payment code: length",
        /// Lengths 20 to 23 and 25 to 32 are reserved.
        Reserved => "Alipay+ payment code: reserved length",
        /// The seventh and eighth digit of 24 are `02`.
        Business => "Alipay+ payment code: business type",
        /// A shorter code follows a known legacy pattern.
        Legacy => "Alipay+ payment code: legacy table 1",
    }
}

rules! {
    /// Rules for links.
    LinkRule {
        /// A link has a scheme, a host and allowed characters.
        Form => "RFC 3986",
        /// A payment link is protected on its way.
        Protected => "Alipay+ order code: HTTPS",
        /// The payload of an MPM/3 link can be read.
        Payload => "Alipay+ MPM code format 3",
    }
}

rules! {
    /// What the rules of national schemes are about.
    NationalRule {
        /// The currency is one of the scheme's.
        Currency => "currency",
        /// The country is the scheme's.
        Country => "country",
        /// Object 00 is a version of the scheme.
        Version => "version",
        /// Something the scheme demands is missing.
        Presence => "presence",
        /// A value has not the form the scheme gives it.
        Form => "form",
        /// A check digit does not match.
        CheckDigit => "check digit",
        /// The amount is not one the scheme pays.
        Amount => "amount",
        /// Static and dynamic are used against the scheme's rules.
        Initiation => "initiation",
        /// The code has expired.
        Expiry => "expiry",
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Merchant(rule) => f.write_str(rule.source()),
            Rule::Consumer(rule) => f.write_str(rule.source()),
            Rule::PaymentCode(rule) => f.write_str(rule.source()),
            Rule::Link(rule) => f.write_str(rule.source()),
            Rule::National(scheme, rule) => write!(f, "{}: {}", scheme.rulebook(), rule.source()),
            Rule::Unrecognised => f.write_str("EMVCo MPM 4.6.1.1, EMVCo CPM 5.1.1.1"),
            Rule::Encoding => f.write_str("EMVCo MPM 1.4.3"),
        }
    }
}
