//! `userInitiatedPay`: a wallet sends what its user scanned and learns which order it is, what it costs the payer, and
//! until when.

use super::Body;
use super::amount::Amount;
use super::order::Order;
use super::outcome::Outcome;
use super::party::Env;
use super::quote::Quote;
use super::scalar::{Flag, Id, Instant, Text};
use crate::key::ClientId;

object! {
    /// Sends a scanned code.
    pub struct ScanRequest {
        must {
            /// The code, byte for byte as it was scanned.
            code_value "codeValue": Text<8192>,
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
        }
        may {
            /// Standing code: what the payer wants to pay, in the merchant's currency.
            payment_amount "paymentAmount": Amount,
            /// What the wallet runs on; `deviceTokenId` names the payer's device.
            env "env": Env,
        }
    }
}

impl Body for ScanRequest {}

words! {
    /// What kind of code was scanned.
    pub enum ScannedCodeType {
        /// A code made for one order.
        OrderCode = "ORDER_CODE",
        /// A merchant's standing code: the payer gives the amount.
        EntryCode = "ENTRY_CODE",
    }
}

object! {
    /// What a scanned code asks for. After the payer has agreed, call `confirm` with `paymentId` and `quoteId`; debit
    /// nobody before that is answered `S`.
    pub struct ScanAnswer {
        must {
            /// Whether the code was understood.
            result "result": Outcome,
        }
        may {
            /// What kind of code it is.
            code_type "codeType": ScannedCodeType,
            /// `true`: ask the payer for the amount and send the code again with it. Then nothing else is there.
            need_amount "needAmount": Flag,
            /// The currency to ask for, in the order's merchant's country.
            amount_currency "amountCurrency": super::amount::CurrencyCode,
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The acquirer's client id.
            acquirer_id "acquirerId": ClientId,
            /// What is bought, and who sells.
            order "order": Order,
            /// What the merchant is paid.
            payment_amount "paymentAmount": Amount,
            /// What the payer pays, and the wallet owes the network.
            pay_to_amount "payToAmount": Amount,
            /// The rate between the two.
            payment_quote "paymentQuote": Quote,
            /// Until when it can be paid.
            payment_expiry_time "paymentExpiryTime": Instant,
        }
    }
}

impl Body for ScanAnswer {}
