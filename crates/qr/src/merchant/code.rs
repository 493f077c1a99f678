//! A merchant-presented code that was read: its parts by name. Knows the standard's objects; presence rules and
//! national readings are decided elsewhere.

use super::object::{Object, Objects};
use super::part::{Account, Additional, Language};
use super::scan::{Node, Root, Scanned, scan};
use super::{Amount, Percentage};
use crate::{Currency, Defect, LONGEST_BYTES, Malformed, checksum};

/// A merchant-presented code whose structure, checksum and money fields are right.
///
/// Every template was read to full depth, no identifier occurs twice at its level, the checksum matches, and what is
/// there of currency, amount, tip and fee can be used. Which objects *must* be there depends on the reading: see
/// the linter and the national profiles.
///
/// ```
/// use qr::{Currency, merchant::Code};
/// let code = Code::parse("00020101021226730015org.example.pay0106AQ00010210M000000001032601J9ZK3E8Q6T7V0W1X2Y3Z4A5B\
///     5204581253031565406100.005802CN5916TEST NOODLE SHOP6008SHANGHAI62190508ORD-00010703T01\
///     64200002zh0104测试面馆0202上海630419D9")?;
/// let account = code.account("org.example.pay").expect("the code names this scheme");
/// assert_eq!(account.text(3), Some("01J9ZK3E8Q6T7V0W1X2Y3Z4A5B"));
/// assert_eq!(code.currency(), Currency::from_alphabetic("CNY"));
/// assert_eq!(code.amount().and_then(|amount| amount.minor_units(2)), Some(10_000));
/// assert_eq!(code.language().map(|language| language.name()), Some("测试面馆"));
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    text: String,
    nodes: Vec<Node>,
    root: Root,
}

/// Whether a code serves once or always (object 01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiation {
    /// `11`: the same code is shown for many payments.
    Static,
    /// `12`: a new code is shown for each payment.
    Dynamic,
}

/// What is paid on top (objects 55 to 57).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tip {
    /// The payer is asked.
    Prompt,
    /// A fixed fee in the currency of the code.
    Fixed(Amount),
    /// A fee in percent of the amount.
    Percent(Percentage),
}

impl Code {
    /// Reads a code. Lengths count characters, the checksum runs over UTF-8 bytes.
    pub fn parse(text: &str) -> Result<Code, Malformed> {
        let (code, defects) = Code::examine(text)?;
        match defects.first() {
            Some(&defect) => Err(defect),
            None => Ok(code),
        }
    }

    /// Reads what can be read of a broken code, with all its defects: structure, then checksum, then money.
    #[inline]
    pub(crate) fn examine(text: &str) -> Result<(Code, Vec<Malformed>), Malformed> {
        if text.is_empty() {
            return Err(Malformed::new(0, Defect::Empty));
        }
        if text.len() > LONGEST_BYTES {
            return Err(Malformed::new(0, Defect::TooLong { longest: LONGEST_BYTES }));
        }
        let Scanned { nodes, mut defects, root, complete } = scan(text);
        if nodes.first().is_some_and(|node| node.id != 0) {
            defects.insert(0, Malformed::new(0, Defect::FormatIndicatorNotFirst));
        }
        let mut code = Code { text: text.to_owned(), nodes, root };
        if complete && let Err(defect) = code.check_checksum() {
            defects.push(defect);
        }
        code.check_money(&mut defects);
        Ok((code, defects))
    }

    /// Reads a text whose checksum was just computed.
    pub(super) fn sealed(text: String) -> Result<Code, Malformed> {
        if text.len() > LONGEST_BYTES {
            return Err(Malformed::new(0, Defect::TooLong { longest: LONGEST_BYTES }));
        }
        let Scanned { nodes, mut defects, root, .. } = scan(&text);
        if let Some(early) = nodes.last().filter(|last| last.id == 63 && usize::from(last.end) < text.len()) {
            let characters = text[usize::from(early.end)..].chars().count();
            let at = text.chars().count() - characters;
            defects.push(Malformed::new(at, Defect::AfterChecksum { characters }));
        }
        let code = Code { text, nodes, root };
        code.check_money(&mut defects);
        match defects.first() {
            Some(&defect) => Err(defect),
            None => Ok(code),
        }
    }

    /// The code as text. The checksum is in upper case even if it was presented in lower case.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The objects of the root, in the order presented, the checksum last.
    pub fn objects(&self) -> Objects<'_> {
        Objects::root(self)
    }

    /// The object `id` of the root.
    pub fn object(&self, id: u8) -> Option<Object<'_>> {
        match self.root.index(id) {
            Some(index) => index.map(|index| Object::at_index(self, index)),
            None => self.objects().find(|object| object.id() == id),
        }
    }

    /// The value of object `id` of the root.
    pub fn value(&self, id: u8) -> Option<&str> {
        self.object(id).map(Object::value)
    }

    /// Static or dynamic; nothing if the code does not say or says something else.
    pub fn initiation(&self) -> Option<Initiation> {
        match self.value(1)? {
            "11" => Some(Initiation::Static),
            "12" => Some(Initiation::Dynamic),
            _ => None,
        }
    }

    /// All ways to pay, in the order presented.
    pub fn accounts(&self) -> impl Iterator<Item = Account<'_>> {
        self.objects().filter(|object| (2..=51).contains(&object.id())).map(Account::new)
    }

    /// The first account with this globally unique identifier, whatever the case of its letters.
    pub fn account(&self, guid: &str) -> Option<Account<'_>> {
        self.accounts().find(|account| account.guid().is_some_and(|own| own.eq_ignore_ascii_case(guid)))
    }

    /// Merchant category code as written (ISO 18245, object 52).
    pub fn category(&self) -> Option<&str> {
        self.value(52)
    }

    /// Currency of the payment (object 53).
    pub fn currency(&self) -> Option<Currency> {
        self.value(53).and_then(|digits| Currency::parse(digits).ok())
    }

    /// Amount in that currency (object 54); nothing if the payer is to enter it. May be zero as written.
    pub fn amount(&self) -> Option<Amount> {
        self.value(54).and_then(|text| Amount::parse(text).ok())
    }

    /// Tip or convenience fee (objects 55 to 57).
    pub fn tip(&self) -> Option<Tip> {
        tip(self).ok().flatten()
    }

    /// Country, two letters of ISO 3166-1 as written (object 58).
    pub fn country(&self) -> Option<&str> {
        self.value(58)
    }

    /// Merchant name (object 59).
    pub fn name(&self) -> Option<&str> {
        self.value(59)
    }

    /// Merchant city (object 60).
    pub fn city(&self) -> Option<&str> {
        self.value(60)
    }

    /// Postal code (object 61).
    pub fn postal_code(&self) -> Option<&str> {
        self.value(61)
    }

    /// Additional data (object 62).
    pub fn additional(&self) -> Option<Additional<'_>> {
        self.object(62).map(Additional::new)
    }

    /// Merchant information in the local language (object 64).
    pub fn language(&self) -> Option<Language<'_>> {
        self.object(64).map(Language::new)
    }

    /// The checksum as written.
    pub fn checksum(&self) -> &str {
        self.value(63).unwrap_or_default()
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Compares the checksum and writes it in upper case.
    fn check_checksum(&mut self) -> Result<(), Malformed> {
        let Some(last) = self.object(63) else {
            return Err(Malformed::new(self.text.chars().count(), Defect::ChecksumMissing));
        };
        let at = last.at();
        let node = last.node();
        let (start, end) = (usize::from(node.start), usize::from(node.end));
        let after = self.text[end..].chars().count();
        if after > 0 {
            let at = at + 4 + self.text[start..end].chars().count();
            return Err(Malformed::new(at, Defect::AfterChecksum { characters: after }));
        }
        let Some(written) = checksum::from_hexadecimal(&self.text.as_bytes()[start..end]) else {
            return Err(Malformed::new(at, Defect::ChecksumNotHexadecimal));
        };
        let computed = checksum::crc16(&self.text.as_bytes()[..start]);
        if written != computed {
            return Err(Malformed::new(at + 4, Defect::ChecksumWrong { written, computed }));
        }
        if self.text[start..].bytes().any(|byte| byte.is_ascii_lowercase()) {
            self.text.truncate(start);
            self.text.extend(checksum::hexadecimal(computed).map(char::from));
        }
        Ok(())
    }

    /// Notes money fields that could not be used.
    fn check_money(&self, defects: &mut Vec<Malformed>) {
        let mut check = |id, is_wrong: fn(&str) -> bool, defect| {
            if let Some(object) = self.object(id).filter(|object| is_wrong(object.value())) {
                defects.push(Malformed::new(object.at(), defect));
            }
        };
        check(53, |text| Currency::parse(text).is_err(), Defect::CurrencyNotNumeric);
        for id in [54, 56] {
            check(
                id,
                |text| !text.is_empty() && Amount::parse(text).is_err(),
                Defect::AmountNotNumber { id },
            );
        }
        check(57, |text| !text.is_empty() && Percentage::parse(text).is_err(), Defect::PercentageWrong);
        if let Some(object) = self.object(55)
            && let Err(defect) = tip(self)
        {
            defects.push(Malformed::new(object.at(), defect));
        }
    }
}

fn tip(code: &Code) -> Result<Option<Tip>, Defect> {
    let wrong = Defect::TipIndicatorWrong;
    match code.value(55) {
        None | Some("") => Ok(None),
        Some("01") => Ok(Some(Tip::Prompt)),
        Some("02") => {
            let fee = code.value(56).ok_or(wrong)?;
            Amount::parse(fee).map(|fee| Some(Tip::Fixed(fee))).map_err(|_| wrong)
        }
        Some("03") => {
            let fee = code.value(57).ok_or(wrong)?;
            Percentage::parse(fee).map(|fee| Some(Tip::Percent(fee))).map_err(|_| wrong)
        }
        Some(_) => Err(wrong),
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "merchant::Code({:?})", self.text)
    }
}
