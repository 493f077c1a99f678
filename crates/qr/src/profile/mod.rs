//! National readings: what each country's scheme makes of a code, in typed fields. Chooses nobody: a code that
//! carries several schemes yields all of them, and routing picks.

pub mod bharatqr;
pub mod duitnow;
pub mod fps;
pub mod khqr;
pub mod laoqr;
pub mod paynow;
pub mod pix;
pub mod promptpay;
pub mod qris;
pub mod qrph;
pub mod vietqr;

mod make;
mod reader;
mod scheme;

pub use make::{Details, make};
pub(crate) use reader::{capital, shortened};
pub use scheme::Scheme;

use crate::finding::{Finding, Severity};
use crate::merchant::{Code, Object, Template};
use reader::Reader;

/// The fields of one scheme in a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Thailand.
    PromptPay(promptpay::PromptPay),
    /// Singapore.
    PayNow(paynow::PayNow),
    /// Singapore's label.
    Sgqr(paynow::Sgqr),
    /// Indonesia.
    Qris(qris::Qris),
    /// Malaysia.
    DuitNow(duitnow::DuitNow),
    /// Viet Nam.
    VietQr(vietqr::VietQr),
    /// The Philippines.
    QrPh(qrph::QrPh),
    /// Cambodia.
    Khqr(khqr::Khqr),
    /// Laos.
    LaoQr(laoqr::LaoQr),
    /// Hong Kong.
    Fps(fps::Fps),
    /// India.
    BharatQr(bharatqr::BharatQr),
    /// Brazil.
    Pix(pix::Pix),
}

/// What one scheme makes of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whose reading it is.
    pub scheme: Scheme,
    /// The fields; nothing if what is essential is missing or wrong.
    pub profile: Option<Profile>,
    /// Characters before the first object of this scheme.
    pub at: usize,
    /// Departures from the scheme's own rules.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Whether the scheme itself takes the code.
    pub fn is_accepted(&self) -> bool {
        self.profile.is_some() && !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads a code as each scheme it carries does, in the order of their accounts.
///
/// ```
/// use qr::profile::{self, Profile, Scheme};
/// let code = qr::merchant::Code::parse(
///     "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
/// )?;
/// let readings = profile::read(&code);
/// assert_eq!(readings[0].scheme, Scheme::VietQr);
/// let Some(Profile::VietQr(beneficiary)) = &readings[0].profile else { panic!("all fields are there") };
/// assert_eq!((beneficiary.bank.as_str(), beneficiary.account.as_str()), ("970403", "0011012345678"));
/// # Ok::<(), qr::Malformed>(())
/// ```
pub fn read(code: &Code) -> Vec<Reading> {
    let mut groups: Vec<(Scheme, Vec<Object<'_>>)> = Vec::new();
    for account in code.accounts() {
        let Some(scheme) = scheme_of(code, account.object()) else { continue };
        // These two spread one payee over several accounts.
        let gathers = matches!(scheme, Scheme::Qris | Scheme::BharatQr);
        match groups.iter_mut().find(|(other, _)| gathers && *other == scheme) {
            Some((_, objects)) => objects.push(account.object()),
            None => groups.push((scheme, vec![account.object()])),
        }
    }
    groups.into_iter().map(|(scheme, objects)| read_as(code, scheme, &objects)).collect()
}

/// The scheme that an account object (02 to 51) belongs to.
pub(crate) fn scheme_of(code: &Code, object: Object<'_>) -> Option<Scheme> {
    let Some(guid) = object.text(0) else {
        return bharatqr::owns(code, object, None).then_some(Scheme::BharatQr);
    };
    let owned = [
        (Scheme::PromptPay, promptpay::owns(guid)),
        (Scheme::PayNow, guid.eq_ignore_ascii_case(paynow::PAYNOW)),
        (Scheme::Sgqr, guid.eq_ignore_ascii_case(paynow::SGQR)),
        (Scheme::DuitNow, duitnow::owns(guid)),
        (Scheme::VietQr, vietqr::owns(guid)),
        (Scheme::QrPh, qrph::owns(guid)),
        (Scheme::LaoQr, laoqr::owns(guid)),
        (Scheme::Fps, fps::owns(guid)),
        (Scheme::Pix, pix::owns(guid)),
        (Scheme::BharatQr, bharatqr::owns(code, object, Some(guid))),
        (Scheme::Qris, qris::owns(object, guid)),
        (Scheme::Khqr, khqr::owns(code, object, guid)),
    ];
    owned.into_iter().find(|(_, owns)| *owns).map(|(scheme, _)| scheme)
}

fn read_as<'a>(code: &'a Code, scheme: Scheme, objects: &[Object<'a>]) -> Reading {
    let mut reader = Reader::new(code, scheme);
    let first = objects[0];
    let guid = first.text(0).unwrap_or_default();
    let profile = match scheme {
        Scheme::PromptPay => promptpay::read(&mut reader, first, guid).map(Profile::PromptPay),
        Scheme::PayNow => paynow::read(&mut reader, first).map(Profile::PayNow),
        Scheme::Sgqr => paynow::read_label(&mut reader, first).map(Profile::Sgqr),
        Scheme::Qris => qris::read(&mut reader, objects).map(Profile::Qris),
        Scheme::DuitNow => duitnow::read(&mut reader, first).map(Profile::DuitNow),
        Scheme::VietQr => vietqr::read(&mut reader, first).map(Profile::VietQr),
        Scheme::QrPh => qrph::read(&mut reader, first, guid).map(Profile::QrPh),
        Scheme::Khqr => khqr::read(&mut reader, first).map(Profile::Khqr),
        Scheme::LaoQr => laoqr::read(&mut reader, first).map(Profile::LaoQr),
        Scheme::Fps => fps::read(&mut reader, first).map(Profile::Fps),
        Scheme::BharatQr => bharatqr::read(&mut reader, objects).map(Profile::BharatQr),
        Scheme::Pix => pix::read(&mut reader, first).map(Profile::Pix),
        // Links and payment codes are not merchant-presented codes.
        Scheme::Upi | Scheme::AlipayPlus => None,
    };
    Reading { scheme, profile, at: first.at(), findings: reader.findings }
}

impl Profile {
    /// Whose fields these are.
    pub fn scheme(&self) -> Scheme {
        match self {
            Profile::PromptPay(_) => Scheme::PromptPay,
            Profile::PayNow(_) => Scheme::PayNow,
            Profile::Sgqr(_) => Scheme::Sgqr,
            Profile::Qris(_) => Scheme::Qris,
            Profile::DuitNow(_) => Scheme::DuitNow,
            Profile::VietQr(_) => Scheme::VietQr,
            Profile::QrPh(_) => Scheme::QrPh,
            Profile::Khqr(_) => Scheme::Khqr,
            Profile::LaoQr(_) => Scheme::LaoQr,
            Profile::Fps(_) => Scheme::Fps,
            Profile::BharatQr(_) => Scheme::BharatQr,
            Profile::Pix(_) => Scheme::Pix,
        }
    }

    /// Seconds since 1970 after which the code is no longer good, where it says so.
    pub fn expires_at(&self) -> Option<i64> {
        match self {
            Profile::PayNow(paynow) => paynow.expires_at(),
            Profile::Khqr(khqr) => khqr.expires_at(),
            Profile::Fps(fps) => fps.expires_at(),
            _ => None,
        }
    }

    /// The fields by name, in the scheme's own words.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Profile::PromptPay(fields) => fields.fields(),
            Profile::PayNow(fields) => fields.fields(),
            Profile::Sgqr(fields) => fields.fields(),
            Profile::Qris(fields) => fields.fields(),
            Profile::DuitNow(fields) => fields.fields(),
            Profile::VietQr(fields) => fields.fields(),
            Profile::QrPh(fields) => fields.fields(),
            Profile::Khqr(fields) => fields.fields(),
            Profile::LaoQr(fields) => fields.fields(),
            Profile::Fps(fields) => fields.fields(),
            Profile::BharatQr(fields) => fields.fields(),
            Profile::Pix(fields) => fields.fields(),
        }
    }

    /// The templates that carry the fields.
    fn templates(&self) -> Vec<(u8, Template)> {
        match self {
            Profile::PromptPay(fields) => fields.templates(),
            Profile::PayNow(fields) => fields.templates(),
            Profile::Sgqr(fields) => fields.templates(),
            Profile::Qris(fields) => fields.templates(),
            Profile::DuitNow(fields) => fields.templates(),
            Profile::VietQr(fields) => fields.templates(),
            Profile::QrPh(fields) => fields.templates(),
            Profile::Khqr(fields) => fields.templates(),
            Profile::LaoQr(fields) => fields.templates(),
            Profile::Fps(fields) => fields.templates(),
            Profile::BharatQr(fields) => fields.templates(),
            Profile::Pix(fields) => fields.templates(),
        }
    }
}

#[cfg(test)]
mod tests;
