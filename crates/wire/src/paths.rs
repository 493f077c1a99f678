//! Every endpoint of the contract: who calls it, where it lives, and under which names. One endpoint has several paths,
//! because Alipay+ and Antom name the same verbs differently; they are the same endpoint. Knows no router.

/// Who calls, and who is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Caller {
    /// An acquirer calls the network.
    Acquirer,
    /// A wallet calls the network.
    Wallet,
    /// An FX provider calls the network.
    FxProvider,
    /// Any member calls the network.
    Member,
    /// The operator calls the network.
    Operator,
    /// The network calls a wallet.
    NetworkToWallet,
    /// The network calls an acquirer.
    NetworkToAcquirer,
}

/// One endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// Its name, unique.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// Its paths; the first is the one we write. Operator paths have parameters in braces.
    pub paths: &'static [&'static str],
    /// Who calls it.
    pub caller: Caller,
}

/// A member's endpoint at the network: each verb under the Alipay+ prefix, the Antom prefix, and the Antom prefix that
/// its clients use for client ids that begin with `SANDBOX_`.
macro_rules! member {
    ($caller:ident, $operation:literal, $($verb:literal),+) => {
        Endpoint {
            operation: $operation,
            method: "POST",
            paths: &[
                $( concat!("/aps/api/v1/", $verb), concat!("/ams/api/v1/", $verb), concat!("/ams/sandbox/api/v1/", $verb), )+
            ],
            caller: Caller::$caller,
        }
    };
}

/// An endpoint at a member, below the base URL that the directory has for it.
macro_rules! outgoing {
    ($caller:ident, $operation:literal, $verb:literal) => {
        Endpoint {
            operation: $operation,
            method: "POST",
            paths: &[concat!("/v1/", $verb)],
            caller: Caller::$caller,
        }
    };
}

/// An endpoint for the operator.
macro_rules! operator {
    ($method:literal, $operation:literal, $path:literal) => {
        Endpoint {
            operation: $operation,
            method: $method,
            paths: &[concat!("/operator/v1/", $path)],
            caller: Caller::Operator,
        }
    };
}

/// Lists every endpoint once: as a constant, and among [`ALL`].
macro_rules! endpoints {
    ($( $(#[doc = $doc:literal])+ $name:ident = $endpoint:expr; )+) => {
        $( $(#[doc = $doc])+ pub const $name: Endpoint = $endpoint; )+

        /// Every endpoint.
        pub const ALL: &[Endpoint] = &[$( $name ),+];
    };
}

endpoints! {
    /// An acquirer asks for a payment.
    PAY = member!(Acquirer, "pay", "payments/pay");
    /// An acquirer asks what became of a payment.
    INQUIRY_PAYMENT = member!(Acquirer, "inquiryPayment", "payments/inquiryPayment");
    /// An acquirer takes a payment back.
    CANCEL_PAYMENT = member!(Acquirer, "cancelPayment", "payments/cancelPayment", "payments/cancel");
    /// An acquirer gives money back.
    REFUND = member!(Acquirer, "refund", "payments/refund");
    /// An acquirer asks what became of a refund.
    INQUIRY_REFUND = member!(Acquirer, "inquiryRefund", "payments/inquiryRefund");
    /// An acquirer asks which wallets could pay.
    CONSULT_PAYMENT = member!(Acquirer, "consultPayment", "payments/consultPayment", "payments/consult");
    /// A wallet asks for payment codes.
    GET_PAYMENT_CODE = member!(Wallet, "getPaymentCode", "codes/getPaymentCode");
    /// A wallet sends a scanned code.
    USER_INITIATED_PAY = member!(Wallet, "userInitiatedPay", "payments/userInitiatedPay");
    /// A wallet's user agreed to pay.
    CONFIRM = member!(Wallet, "confirm", "payments/confirm");
    /// A wallet tells how a debit ended.
    NOTIFY_PAYMENT = member!(Wallet, "notifyPayment", "payments/notifyPayment");
    /// A wallet asks for the present exchange rate.
    INQUIRY_FOREIGN_EXCHANGE_QUOTE =
        member!(Wallet, "inquiryForeignExchangeQuote", "payments/inquiryForeignExchangeQuote");
    /// A member asks for the rules by which codes are told apart. Also, for caches: `GET /codes/rules`.
    INQUIRY_CODE_RULES = member!(Wallet, "inquiryCodeRules", "codes/inquiryCodeRules");
    /// An FX provider pushes its offers.
    FX_RATES = member!(FxProvider, "fxRates", "fx/rates");
    /// A merchant asks what it could be advanced.
    ADVANCE_CONSULT = member!(Acquirer, "consultAdvance", "advances/consult");
    /// A funder offers an advance on its own judgement.
    ADVANCE_OFFER = member!(Member, "offerAdvance", "advances/offer");
    /// A merchant draws an advance.
    ADVANCE_DRAW = member!(Acquirer, "drawAdvance", "advances/draw");
    /// A member pays a certificate of the receivables chain.
    CERTIFICATE_PAY = member!(Member, "payCertificateAsMember", "certificates/pay");

    /// The network asks a wallet to debit.
    WALLET_PAY = outgoing!(NetworkToWallet, "walletPay", "payments/pay");
    /// The network asks a wallet what became of a debit.
    WALLET_INQUIRY_PAYMENT = outgoing!(NetworkToWallet, "walletInquiryPayment", "payments/inquiryPayment");
    /// The network takes a payment back from a wallet.
    WALLET_CANCEL_PAYMENT = outgoing!(NetworkToWallet, "walletCancelPayment", "payments/cancelPayment");
    /// The network asks a wallet to give money back.
    WALLET_REFUND = outgoing!(NetworkToWallet, "walletRefund", "payments/refund");
    /// The network tells an acquirer how a payment ended, at its endpoint or at the payment's `paymentNotifyUrl`.
    ACQUIRER_NOTIFY_PAYMENT = outgoing!(NetworkToAcquirer, "acquirerNotifyPayment", "payments/notifyPayment");

    /// Lists the members.
    OPERATOR_MEMBERS = operator!("GET", "listMembers", "members");
    /// Adds a member.
    OPERATOR_MEMBER_ADD = operator!("POST", "addMember", "members");
    /// Suspends a member or lets it in again.
    OPERATOR_STANDING_SET = operator!("POST", "setStanding", "members/{clientId}/standing");
    /// Says where a member is called.
    OPERATOR_ENDPOINT_SET = operator!("POST", "setEndpoint", "members/{clientId}/endpoint");
    /// Gives a member a further key.
    OPERATOR_KEY_ADD = operator!("POST", "addKey", "members/{clientId}/keys");
    /// Ends a member's key.
    OPERATOR_KEY_END = operator!("POST", "endKey", "members/{clientId}/keys/{version}/end");
    /// Gives a member new terms.
    OPERATOR_AGREEMENT_ADD = operator!("POST", "addAgreement", "members/{clientId}/agreements");
    /// Lists an acquirer's merchants.
    OPERATOR_MERCHANTS = operator!("GET", "listMerchants", "members/{clientId}/merchants");
    /// Registers a merchant.
    OPERATOR_MERCHANT_ADD = operator!("POST", "addMerchant", "members/{clientId}/merchants");
    /// Adds or changes a store of a merchant, with its terminals.
    OPERATOR_STORE_SET = operator!("POST", "setStore", "members/{clientId}/merchants/{referenceMerchantId}/stores");
    /// Records what a member paid in or was paid out.
    OPERATOR_FUNDING = operator!("POST", "recordFunding", "members/{clientId}/funding");
    /// Raises or lowers a member's net debit cap.
    OPERATOR_CREDIT = operator!("POST", "changeCredit", "members/{clientId}/credit");
    /// Shows how everybody stands.
    OPERATOR_POSITIONS = operator!("GET", "listPositions", "positions");
    /// Lists the corridors.
    OPERATOR_CORRIDORS = operator!("GET", "listCorridors", "corridors");
    /// Publishes the rules by which codes are told apart.
    OPERATOR_CODE_RULES_PUBLISH = operator!("POST", "publishCodeRules", "code-rules");
    /// Opens or closes a corridor.
    OPERATOR_CORRIDOR_SET = operator!("POST", "setCorridor", "corridors");
    /// Lists deliveries that are not over, with what each awaits from the receivables chain.
    OPERATOR_DELIVERIES = operator!("GET", "listDeliveries", "deliveries");
    /// Shows that the chain has locked a part until its price is there.
    OPERATOR_DELIVERY_LOCK = operator!("POST", "hearLock", "deliveries/locks");
    /// Asks that a certificate is paid.
    OPERATOR_DELIVERY_PAYMENT = operator!("POST", "payCertificate", "deliveries/payments");
    /// Shows what the chain finally says about a delivery.
    OPERATOR_DELIVERY_WORD = operator!("POST", "tellWord", "deliveries/words");
    /// Says on what terms a member lends to merchants.
    OPERATOR_LENDING = operator!("POST", "setLending", "members/{clientId}/lending");
    /// Says whose token is used.
    OPERATOR_PERSON = operator!("GET", "showPerson", "person");
    /// Shows how payments are judged.
    OPERATOR_RISK = operator!("GET", "showRiskControl", "risk");
    /// Proposes a change to risk control.
    OPERATOR_RISK_CHANGE = operator!("POST", "proposeRiskChange", "risk/changes");
    /// Confirms another person's change.
    OPERATOR_RISK_CONFIRM = operator!("POST", "confirmRiskChange", "risk/changes/{number}/confirm");
    /// Takes a proposed change back.
    OPERATOR_RISK_WITHDRAW = operator!("POST", "withdrawRiskChange", "risk/changes/{number}/withdraw");
    /// Stops a party or corridor at once.
    OPERATOR_RISK_STOP = operator!("POST", "stopParty", "risk/stops");
    /// Records what screening found of a party.
    OPERATOR_RISK_SCREENING = operator!("POST", "recordScreening", "risk/screenings");
    /// Confirms that the sanctions lists are current.
    OPERATOR_RISK_LISTS = operator!("POST", "confirmLists", "risk/lists-are-current");
    /// Shows the sanctions lists, and how far everybody is compared with them.
    OPERATOR_SCREENING_LISTS = operator!("GET", "showScreeningLists", "risk/lists");
    /// Publishes a version of a sanctions list.
    OPERATOR_SCREENING_PUBLISH = operator!("POST", "publishScreeningList", "risk/lists/{name}");
    /// Says what a party is called.
    OPERATOR_SCREENING_NAME = operator!("POST", "nameParty", "risk/parties");
    /// Shows what was found of a party.
    OPERATOR_SCREENING_PARTY = operator!("GET", "showParty", "risk/parties/{subject}");
    /// Shows how a payment was judged, and why.
    OPERATOR_RISK_VERDICT = operator!("GET", "showVerdict", "risk/payments/{paymentId}");
    /// Says what a payment turned out to be.
    OPERATOR_RISK_LABEL = operator!("POST", "labelPayment", "risk/payments/{paymentId}/label");
    /// Lists the open cases.
    OPERATOR_RISK_CASES = operator!("GET", "listCases", "risk/cases");
    /// Shows a case with its evidence and links.
    OPERATOR_RISK_CASE = operator!("GET", "showCase", "risk/cases/{number}");
    /// Takes a case for half an hour.
    OPERATOR_RISK_CLAIM = operator!("POST", "claimCase", "risk/cases/{number}/claim");
    /// Rules on a case.
    OPERATOR_RISK_RULING = operator!("POST", "ruleOnCase", "risk/cases/{number}/ruling");
}
