//! `getPaymentCode`: a wallet asks for codes that its user can show at any merchant of the network.

use super::Body;
use super::amount::Count;
use super::outcome::Outcome;
use super::party::Env;
use super::pay::CodeDetail;
use super::scalar::{Id, Instant, List, Region};

object! {
    /// Asks for payment codes for one payer. Several can be fetched ahead, for weak connections.
    pub struct PaymentCodeRequest {
        must {
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
        }
        may {
            /// How many; one when absent.
            code_quantity "codeQuantity": Count<1, 10>,
            /// Where the payer is.
            region "region": Region,
            /// What the wallet runs on; `deviceTokenId` names the payer's device.
            env "env": Env,
        }
    }
}

impl PaymentCodeRequest {
    /// How many codes are asked for, 1 to 10.
    #[must_use]
    pub fn quantity(&self) -> u8 {
        self.code_quantity.map_or(1, |count| u8::try_from(count.number()).expect("it is at most 10"))
    }
}

impl Body for PaymentCodeRequest {}

object! {
    /// One payment code.
    pub struct IssuedCode {
        must {
            /// The 24 digits: six of the wallet, `02`, sixteen that cannot be guessed.
            payment_code "paymentCode": Id<32>,
            /// Until when a merchant can use it.
            expiry_time "expiryTime": Instant,
        }
        may {
            /// The forms it can be shown in: the digits as bars, and the EMVCo payload (base64 of BER-TLV) as a square.
            code_details "codeDetails": List<CodeDetail, 4>,
        }
    }
}

object! {
    /// Payment codes.
    pub struct PaymentCodeAnswer {
        must {
            /// How it ended.
            result "result": Outcome,
        }
        may {
            /// The codes, each for one payment.
            payment_codes "paymentCodes": List<IssuedCode, 10>,
        }
    }
}

impl Body for PaymentCodeAnswer {}
