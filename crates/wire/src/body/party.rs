//! Who and where: merchants and their stores, buyers, addresses, devices. Knows no payment.

use super::scalar::{Id, Instant, Region, Text};

object! {
    /// A merchant, as the acquirer knows it.
    pub struct Merchant {
        must {
            /// The acquirer's reference for the merchant; it must be registered.
            reference_merchant_id "referenceMerchantId": Id<64>,
        }
        may {
            /// Merchant category code (ISO 18245).
            merchant_mcc "merchantMCC": Id<32>,
            /// The merchant's legal name.
            merchant_name "merchantName": Text<256>,
            /// The merchant's name as payers know it.
            merchant_display_name "merchantDisplayName": Text<256>,
            /// Where the merchant is.
            merchant_address "merchantAddress": Address,
            /// The store that asks.
            store "store": Store,
        }
    }
}

object! {
    /// A store of a merchant.
    pub struct Store {
        must {
            /// The acquirer's reference for the store; it must be registered.
            reference_store_id "referenceStoreId": Id<64>,
        }
        may {
            /// The store's name.
            store_name "storeName": Text<256>,
            /// Merchant category code of the store (ISO 18245).
            store_mcc "storeMCC": Id<32>,
            /// The store's name as payers know it.
            store_display_name "storeDisplayName": Text<256>,
            /// The acquirer's reference for the terminal, as Alipay+ names it.
            terminal_id "terminalId": Id<64>,
            /// The acquirer's reference for the terminal, as Antom names it.
            store_terminal_id "storeTerminalId": Id<64>,
            /// Who operates the terminal.
            store_operator_id "storeOperatorId": Id<64>,
            /// Where the store is.
            store_address "storeAddress": Address,
            /// How to call the store.
            store_phone_no "storePhoneNo": Text<32>,
        }
    }
}

object! {
    /// A postal address.
    pub struct Address {
        must {}
        may {
            /// Country or region (ISO 3166-1 alpha-2).
            region "region": Region,
            /// State or province.
            state "state": Text<64>,
            /// City or town.
            city "city": Text<64>,
            /// Street and number.
            address1 "address1": Text<256>,
            /// Building, floor, unit.
            address2 "address2": Text<256>,
            /// Postal code.
            zip_code "zipCode": Text<32>,
        }
    }
}

object! {
    /// Who buys, as the merchant knows them.
    pub struct Buyer {
        must {}
        may {
            /// The merchant's reference for the buyer.
            reference_buyer_id "referenceBuyerId": Id<64>,
        }
    }
}

object! {
    /// Where an order was placed.
    pub struct Env {
        must {}
        may {
            /// On what the buyer placed the order: `WEB`, `WAP`, `APP`, `MINI_APP`. With one of them `deviceTokenId` is the
            /// buyer's device, else the till's.
            terminal_type "terminalType": Text<32>,
            /// Operating system: `IOS`, `ANDROID`.
            os_type "osType": Text<32>,
            /// The browser's or app's user agent.
            user_agent "userAgent": Text<1024>,
            /// Token of the device, from the fingerprint library.
            device_token_id "deviceTokenId": Text<128>,
            /// IP address of the device.
            client_ip "clientIp": Text<64>,
            /// The acquirer's reference for the terminal.
            store_terminal_id "storeTerminalId": Id<64>,
            /// When the terminal asked.
            store_terminal_request_time "storeTerminalRequestTime": Instant,
            /// Further facts, as the two sides agreed.
            extend_info "extendInfo": Text<2048>,
        }
    }
}

impl Env {
    /// Whether the order was placed on the buyer's own device: in a browser or an app, not at a till.
    #[must_use]
    pub fn is_buyers(&self) -> bool {
        let kind = self.terminal_type.as_ref().map_or("", |kind| kind.as_str());
        matches!(kind, "WEB" | "WAP" | "APP" | "MINI_APP")
    }
}
