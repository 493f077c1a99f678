//! Turns the arguments of a national scheme into a payload, or into the sentences why the scheme would refuse it.

use anyhow::{Context as _, bail};
use qr::finding::Finding;
use qr::link::Upi;
use qr::profile::{self, Profile, duitnow, fps, khqr, laoqr, paynow, pix, promptpay, qris, qrph, vietqr};

use super::National;
use crate::command::qr::make::Around;

impl National {
    pub(in crate::command::qr) fn payload(self) -> anyhow::Result<String> {
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
            other => other.further_profile()?,
        })
    }

    /// The schemes whose fields need more putting together.
    fn further_profile(self) -> anyhow::Result<(Profile, Box<Around>)> {
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
            National::Fps { identifier, mobile, email, bank, timeout, around } => {
                let proxy = match (identifier, mobile) {
                    (Some(identifier), _) => fps::Proxy::Identifier(identifier),
                    (_, Some(mobile)) => fps::Proxy::Mobile(mobile),
                    _ => fps::Proxy::Email(email.context("name a payee")?),
                };
                (Profile::Fps(fps::Fps { proxy, bank, timeout }), around)
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
