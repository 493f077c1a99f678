//! Every body that anybody may send: what is read is written and read again the same, and nothing panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::body::operator::{funds, member, merchant, terms};
use wire::body::{
    Body, cancel, code, confirm, consult, exchange, inquire, notify, parse, pay, rates, refund, scan, wallet,
    write,
};

fn check<T: Body + serde::Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    match parse::<T>(bytes) {
        Ok(body) => assert_eq!(parse::<T>(&write(&body)).as_ref(), Ok(&body)),
        Err(malformed) => assert!(malformed.to_string().chars().count() <= 240),
    }
}

const READERS: &[fn(&[u8])] = &[
    check::<pay::PayRequest>,
    check::<pay::PayAnswer>,
    check::<inquire::InquiryRequest>,
    check::<inquire::InquiryAnswer>,
    check::<inquire::InquiryRefundRequest>,
    check::<inquire::InquiryRefundAnswer>,
    check::<cancel::CancelRequest>,
    check::<cancel::CancelAnswer>,
    check::<refund::RefundRequest>,
    check::<refund::RefundAnswer>,
    check::<consult::ConsultRequest>,
    check::<consult::ConsultAnswer>,
    check::<code::PaymentCodeRequest>,
    check::<code::PaymentCodeAnswer>,
    check::<scan::ScanRequest>,
    check::<scan::ScanAnswer>,
    check::<confirm::ConfirmRequest>,
    check::<confirm::ConfirmAnswer>,
    check::<notify::NotifyAcquirerRequest>,
    check::<notify::NotifyNetworkRequest>,
    check::<exchange::ExchangeQuoteRequest>,
    check::<rates::RatesRequest>,
    check::<rates::RatesAnswer>,
    check::<wallet::WalletPayRequest>,
    check::<wallet::WalletPayAnswer>,
    check::<wallet::WalletInquiryAnswer>,
    check::<wallet::WalletCancelRequest>,
    check::<wallet::WalletRefundRequest>,
    check::<wallet::WalletRefundAnswer>,
    check::<member::MemberAdd>,
    check::<member::KeyAdd>,
    check::<member::KeyEnd>,
    check::<member::MembersAnswer>,
    check::<merchant::MerchantAdd>,
    check::<merchant::StoreSet>,
    check::<terms::Agreement>,
    check::<terms::Corridor>,
    check::<funds::Funding>,
    check::<funds::PositionsAnswer>,
];

// The first byte chooses the body, the rest is its text.
fuzz_target!(|data: &[u8]| {
    if let Some((choice, text)) = data.split_first() {
        READERS[usize::from(*choice) % READERS.len()](text);
    }
});
