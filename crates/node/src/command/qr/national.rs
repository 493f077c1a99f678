//! National schemes as arguments of `sojourn qr make`. Knows their fields by name; their rules are the `qr` crate's.

use anyhow::{Context as _, bail};
use clap::Subcommand;
use qr::finding::Finding;
use qr::link::Upi;
use qr::profile::{self, Profile, duitnow, fps, khqr, laoqr, paynow, pix, promptpay, qris, qrph, vietqr};

use super::make::Around;

/// Schemes whose codes can be made.
#[derive(Subcommand)]
pub(super) enum National {
    /// PromptPay (Thailand)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Promptpay {
        /// Mobile number
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// Citizen or tax number, 13 digits
        #[arg(long, group = "payee")]
        national_number: Option<String>,
        /// E-wallet, 15 digits
        #[arg(long, group = "payee")]
        wallet: Option<String>,
        /// Biller, 15 digits; makes a bill
        #[arg(long, group = "payee")]
        biller: Option<String>,
        /// First reference of a bill
        #[arg(long, requires = "biller")]
        bill_reference: Option<String>,
        /// Let payers from abroad pay the bill
        #[arg(long, requires = "biller")]
        cross_border: bool,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// PayNow (Singapore)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Paynow {
        /// Mobile number, such as +6581234567
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// Entity number (UEN)
        #[arg(long, group = "payee")]
        entity: Option<String>,
        /// Let the payer change the amount
        #[arg(long)]
        editable: bool,
        /// Singapore time until which the code is good, YYYYMMDD or YYYYMMDDhhmmss
        #[arg(long)]
        expiry: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// QRIS (Indonesia)
    Qris {
        /// Owner of the account, a reverse domain name
        #[arg(long)]
        owner: String,
        /// Merchant number, 9360 and on
        #[arg(long)]
        merchant_number: String,
        /// National merchant identifier, ID and 13 digits
        #[arg(long)]
        national_identifier: Option<String>,
        /// Size of the business: UMI, UKE, UME, UBE or URE
        #[arg(long)]
        criteria: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// DuitNow (Malaysia)
    Duitnow {
        /// Acquirer, 6 digits
        #[arg(long)]
        acquirer: String,
        /// Merchant at that acquirer
        #[arg(long)]
        merchant: String,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// VietQR (Viet Nam)
    Vietqr {
        /// Bank, 6 digits (BIN)
        #[arg(long)]
        bank: String,
        /// Account there
        #[arg(long)]
        account: String,
        /// The account is a card
        #[arg(long)]
        card: bool,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// QR Ph (Philippines)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Qrph {
        /// Bank (BIC)
        #[arg(long)]
        bank: String,
        /// Merchant at that bank
        #[arg(long, group = "payee")]
        merchant: Option<String>,
        /// Account of a person at that bank
        #[arg(long, group = "payee")]
        account: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// KHQR (Cambodia)
    Khqr {
        /// Bakong account, name@bank
        #[arg(long)]
        account: String,
        /// Merchant at the bank; without it the account is a person's
        #[arg(long)]
        merchant: Option<String>,
        /// Bank by name
        #[arg(long)]
        bank: Option<String>,
        /// Milliseconds since 1970 at which the code is made
        #[arg(long)]
        created_ms: Option<u64>,
        /// Milliseconds since 1970 until which the code is good
        #[arg(long)]
        expiry_ms: Option<u64>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// LaoQR (Laos)
    Laoqr {
        /// Institution, 8 digits
        #[arg(long)]
        institution: String,
        /// Kind of payment, 3 digits
        #[arg(long, default_value = "002")]
        payment_type: String,
        /// Who is paid there
        #[arg(long)]
        receiver: String,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// FPS (Hong Kong)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Fps {
        /// FPS identifier
        #[arg(long, group = "payee")]
        identifier: Option<String>,
        /// Mobile number, such as +852-91234567
        #[arg(long, group = "payee")]
        mobile: Option<String>,
        /// E-mail address
        #[arg(long, group = "payee")]
        email: Option<String>,
        /// Bank, 3 digits
        #[arg(long)]
        bank: Option<String>,
        /// Hong Kong time until which the code is good, YYMMDDhhmmss
        #[arg(long)]
        timeout: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// BharatQR (India)
    Bharatqr {
        /// UPI address, name@bank
        #[arg(long)]
        address: String,
        /// RuPay merchant number, 16 digits
        #[arg(long)]
        rupay: Option<String>,
        /// Reference of this payment
        #[arg(long)]
        payment_reference: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// UPI link (India)
    Upi {
        /// UPI address, name@bank
        #[arg(long)]
        address: String,
        /// Note for the payer
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
    /// Pix (Brazil)
    #[command(group = clap::ArgGroup::new("payee").required(true))]
    Pix {
        /// CPF, CNPJ, telephone, e-mail or random key
        #[arg(long, group = "payee")]
        key: Option<String>,
        /// Link of a dynamic code, without https://
        #[arg(long, group = "payee")]
        link: Option<String>,
        /// Text for the payer
        #[arg(long, requires = "key")]
        text: Option<String>,
        #[command(flatten)]
        around: Box<Around>,
    },
}

impl National {
    pub(super) fn payload(self) -> anyhow::Result<String> {
        if let National::Upi { address, note, around } = self {
            let details = around.details()?;
            let own = |text: Option<&str>| text.map(str::to_owned);
            let upi = Upi {
                address,
                note,
                name: own(details.name),
                amount: details.amount,
                category: own(details.category),
                reference: own(details.additional.reference),
                ..Upi::default()
            };
            let link = upi.to_link()?;
            refuse(
                link.read()
                    .1
                    .into_iter()
                    .filter(|one| one.severity == qr::finding::Severity::Error)
                    .collect(),
            )?;
            return Ok(link.as_str().to_owned());
        }
        let (profile, around) = self.profile()?;
        match profile::make(&profile, &around.details()?) {
            Ok(code) => Ok(code.as_str().to_owned()),
            Err(findings) => refuse(findings).map(|()| String::new()),
        }
    }

    fn profile(self) -> anyhow::Result<(Profile, Box<Around>)> {
        Ok(match self {
            National::Promptpay {
                mobile,
                national_number,
                wallet,
                biller,
                bill_reference,
                cross_border,
                around,
            } => {
                let payee = match (mobile, national_number, wallet, biller) {
                    (Some(number), ..) => {
                        promptpay::PromptPay::Transfer(promptpay::Proxy::thai_mobile(&number))
                    }
                    (_, Some(number), ..) => {
                        promptpay::PromptPay::Transfer(promptpay::Proxy::NationalNumber(number))
                    }
                    (_, _, Some(wallet), _) => {
                        promptpay::PromptPay::Transfer(promptpay::Proxy::Wallet(wallet))
                    }
                    (.., biller) => promptpay::PromptPay::Bill {
                        biller: biller.context("name a payee")?,
                        reference: bill_reference,
                        second_reference: None,
                        cross_border,
                    },
                };
                (Profile::PromptPay(payee), around)
            }
            National::Paynow { mobile, entity, editable, expiry, around } => {
                let proxy = match mobile {
                    Some(mobile) => paynow::Proxy::Mobile(mobile),
                    None => paynow::Proxy::Entity(entity.context("name a payee")?),
                };
                let editable = editable || around.amount()?.is_none();
                (Profile::PayNow(paynow::PayNow { proxy, editable, expiry }), around)
            }
            National::Duitnow { acquirer, merchant, around } => {
                (Profile::DuitNow(duitnow::DuitNow { acquirer, merchant }), around)
            }
            National::Vietqr { bank, account, card, around } => {
                let service =
                    if card { vietqr::Service::TransferToCard } else { vietqr::Service::TransferToAccount };
                (Profile::VietQr(vietqr::VietQr { bank, account, service }), around)
            }
            National::Laoqr { institution, payment_type, receiver, around } => {
                (Profile::LaoQr(laoqr::LaoQr { institution, payment_type, receiver }), around)
            }
            National::Fps { identifier, mobile, email, bank, timeout, around } => {
                let proxy = match (identifier, mobile) {
                    (Some(identifier), _) => fps::Proxy::Identifier(identifier),
                    (_, Some(mobile)) => fps::Proxy::Mobile(mobile),
                    _ => fps::Proxy::Email(email.context("name a payee")?),
                };
                (Profile::Fps(fps::Fps { proxy, bank, timeout }), around)
            }
            National::Pix { key, link, text, around } => {
                let pix = match key {
                    Some(key) => {
                        let read = pix::Key::read(&key);
                        let key = read.with_context(|| {
                            format!("“{key}” is none of CPF, CNPJ, telephone, e-mail or random key")
                        })?;
                        pix::Pix::Static { key, text }
                    }
                    None => pix::Pix::Dynamic { link: link.context("name a payee")? },
                };
                (Profile::Pix(pix), around)
            }
            other => other.merchant_profile()?,
        })
    }

    /// The schemes that pay merchants above all.
    fn merchant_profile(self) -> anyhow::Result<(Profile, Box<Around>)> {
        Ok(match self {
            National::Qris { owner, merchant_number, national_identifier, criteria, around } => {
                let account =
                    qris::QrisAccount { owner, merchant_number, merchant: None, criteria: criteria.clone() };
                (Profile::Qris(qris::Qris { accounts: vec![account], national_identifier, criteria }), around)
            }
            National::Qrph { bank, merchant, account, around } => {
                let qrph = match merchant {
                    Some(merchant) => qrph::QrPh::Merchant { bank, merchant, account: None, flags: None },
                    None => {
                        qrph::QrPh::Person { bank, account: account.context("name a payee")?, mobile: None }
                    }
                };
                (Profile::QrPh(qrph), around)
            }
            National::Khqr { account, merchant, bank, created_ms, expiry_ms, around } => {
                let holder = match merchant {
                    Some(merchant) => khqr::Holder::Merchant { merchant, bank },
                    None => khqr::Holder::Person { account_information: None, bank },
                };
                (Profile::Khqr(khqr::Khqr { account, holder, created_ms, expiry_ms }), around)
            }
            National::Bharatqr { address, rupay, payment_reference, around } => {
                let bharat = profile::bharatqr::BharatQr {
                    cards: rupay.map(|number| (6, number)).into_iter().collect(),
                    address: Some(address),
                    reference: payment_reference,
                    ..Default::default()
                };
                (Profile::BharatQr(bharat), around)
            }
            _ => bail!("this scheme makes links, not codes"),
        })
    }
}

/// Fails with the sentences of the findings, if there are any.
fn refuse(findings: Vec<Finding>) -> anyhow::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let sentences: Vec<_> =
        findings.iter().map(|finding| format!("{} [{}]", finding.message, finding.rule)).collect();
    bail!("{}", sentences.join("\n"))
}
