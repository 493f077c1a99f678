//! Merchants, their stores and terminals.

use crate::body::Body;
use crate::body::outcome::Outcome;
use crate::body::scalar::{Category, Id, List, Region, Text};
use crate::key::ClientId;

object! {
    /// Registers a merchant under an acquirer.
    pub struct MerchantAdd {
        must {
            /// The acquirer's reference for it, `referenceMerchantId` in payments.
            reference_merchant_id "referenceMerchantId": Id<64>,
            /// Its name as payers see it.
            merchant_name "merchantName": Text<128>,
            /// Merchant category code (ISO 18245).
            merchant_mcc "merchantMCC": Category,
            /// Where it is.
            country "country": Region,
            /// The town printed in its codes.
            city "city": Text<64>,
        }
        may {}
    }
}

impl Body for MerchantAdd {}

object! {
    /// A store of a merchant as it is from now on, its terminals among it.
    pub struct StoreSet {
        must {
            /// The acquirer's reference for it, `referenceStoreId` in payments.
            reference_store_id "referenceStoreId": Id<64>,
            /// Its name.
            store_name "storeName": Text<128>,
        }
        may {
            /// The acquirer's references for its terminals.
            terminal_ids "terminalIds": List<Id<64>, 1000>,
        }
    }
}

impl Body for StoreSet {}

object! {
    /// A merchant as it stands.
    pub struct MerchantView {
        must {
            /// The acquirer's client id.
            acquirer_id "acquirerId": ClientId,
            /// The acquirer's reference for it.
            reference_merchant_id "referenceMerchantId": Id<64>,
            /// Its name as payers see it.
            merchant_name "merchantName": Text<128>,
            /// Merchant category code (ISO 18245).
            merchant_mcc "merchantMCC": Category,
            /// Where it is.
            country "country": Region,
            /// The town printed in its codes.
            city "city": Text<64>,
            /// Its stores.
            stores "stores": List<StoreSet, 10_000>,
        }
        may {
            /// The code it can print once (EMVCo merchant-presented, static): the payer gives the amount.
            entry_code "entryCode": Text<512>,
        }
    }
}

object! {
    /// Merchants.
    pub struct MerchantsAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The merchants, in the order they were registered.
            merchants "merchants": List<MerchantView, 100_000>,
        }
    }
}

impl Body for MerchantsAnswer {}
