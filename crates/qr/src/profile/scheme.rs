//! The schemes by name: where they are at home, which rulebook they follow and what of EMVCo's they set aside.

use std::fmt;

use crate::finding::{MerchantRule, Rule};

/// A payment scheme whose codes are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Thailand.
    PromptPay,
    /// Singapore.
    PayNow,
    /// Singapore's label that holds several schemes.
    Sgqr,
    /// Indonesia.
    Qris,
    /// Malaysia.
    DuitNow,
    /// Viet Nam.
    VietQr,
    /// The Philippines.
    QrPh,
    /// Cambodia.
    Khqr,
    /// Laos.
    LaoQr,
    /// Hong Kong.
    Fps,
    /// India, cards and UPI in one code.
    BharatQr,
    /// India, links.
    Upi,
    /// Brazil.
    Pix,
    /// Alipay+ payment codes and links.
    AlipayPlus,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Scheme; 14] = [
        Scheme::PromptPay,
        Scheme::PayNow,
        Scheme::Sgqr,
        Scheme::Qris,
        Scheme::DuitNow,
        Scheme::VietQr,
        Scheme::QrPh,
        Scheme::Khqr,
        Scheme::LaoQr,
        Scheme::Fps,
        Scheme::BharatQr,
        Scheme::Upi,
        Scheme::Pix,
        Scheme::AlipayPlus,
    ];

    /// Its name in lower case without blanks, as reports and rule sets use it.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::PromptPay => "promptpay",
            Scheme::PayNow => "paynow",
            Scheme::Sgqr => "sgqr",
            Scheme::Qris => "qris",
            Scheme::DuitNow => "duitnow",
            Scheme::VietQr => "vietqr",
            Scheme::QrPh => "qrph",
            Scheme::Khqr => "khqr",
            Scheme::LaoQr => "laoqr",
            Scheme::Fps => "fps",
            Scheme::BharatQr => "bharatqr",
            Scheme::Upi => "upi",
            Scheme::Pix => "pix",
            Scheme::AlipayPlus => "alipayplus",
        }
    }

    /// The scheme of that name.
    pub fn from_name(name: &str) -> Option<Scheme> {
        Scheme::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The document its rules come from.
    pub fn rulebook(self) -> &'static str {
        match self {
            Scheme::PromptPay => "PromptPay (Bank of Thailand, Standardized Thai QR Code 2019)",
            Scheme::PayNow => "PayNow (ABS, QR code for PayNow)",
            Scheme::Sgqr => "SGQR (MAS/IMDA, SGQR specification)",
            Scheme::Qris => "QRIS (Bank Indonesia, National QR Code Standard)",
            Scheme::DuitNow => "DuitNow QR (PayNet, Merchant-Presented Mode)",
            Scheme::VietQr => "VietQR (NAPAS, QR Switching part IV)",
            Scheme::QrPh => "QR Ph (BSP, National QR Code Standard)",
            Scheme::Khqr => "KHQR (National Bank of Cambodia, KHQR Code Specification 1.0)",
            Scheme::LaoQr => "LaoQR (LAPNet, Lao QR)",
            Scheme::Fps => "FPS (HKMA/HKICL, Payee-presented QR Code 1.2)",
            Scheme::BharatQr => "BharatQR (NPCI, Bharat QR Code Specification 4.0.1)",
            Scheme::Upi => "UPI (NPCI, UPI Linking Specification 1.6)",
            Scheme::Pix => "Pix (Banco Central do Brasil, Manual do BR Code)",
            Scheme::AlipayPlus => "Alipay+ (Code Scanning Payment Standards)",
        }
    }

    /// The country (ISO 3166-1) and the currencies (ISO 4217 digits) it is at home in.
    pub(crate) fn home(self) -> Option<(&'static str, &'static [&'static str])> {
        Some(match self {
            Scheme::PromptPay => ("TH", &["764"]),
            Scheme::PayNow | Scheme::Sgqr => ("SG", &["702"]),
            Scheme::Qris => ("ID", &["360"]),
            Scheme::DuitNow => ("MY", &["458"]),
            Scheme::VietQr => ("VN", &["704"]),
            Scheme::QrPh => ("PH", &["608"]),
            Scheme::Khqr => ("KH", &["116", "840"]),
            Scheme::LaoQr => ("LA", &["418"]),
            Scheme::Fps => ("HK", &["344", "156"]),
            Scheme::BharatQr | Scheme::Upi => ("IN", &["356"]),
            Scheme::Pix => ("BR", &["986"]),
            Scheme::AlipayPlus => return None,
        })
    }

    /// Whether the scheme's own rulebook or long practice lets a code depart from this EMVCo rule at root object
    /// `id`.
    pub fn allows(self, rule: Rule, id: u8) -> bool {
        let Rule::Merchant(rule) = rule else { return false };
        match (self, rule) {
            // Transfers between people name no merchant.
            (Scheme::PromptPay | Scheme::VietQr | Scheme::LaoQr, MerchantRule::Presence) => {
                matches!(id, 52 | 59 | 60)
            }
            (Scheme::Pix, MerchantRule::Presence) => id == 60,
            // Zero lets the payer enter the amount.
            (Scheme::Pix, MerchantRule::Amount) => id == 54,
            (Scheme::DuitNow, MerchantRule::FormatValue) => true,
            _ => false,
        }
    }

    /// Whether a payer can pay by it; SGQR only labels what else the code holds.
    pub fn is_payable(self) -> bool {
        self != Scheme::Sgqr
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
