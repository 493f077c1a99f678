//! Every result code of the contract with the status it always has and the sentence that goes with it by default. Does
//! not decide when which is answered.

words! {
    /// How a call ended.
    pub enum ResultStatus {
        /// Done.
        Success = "S",
        /// Definitively not done; repeating the same request gives the same answer.
        Failure = "F",
        /// Not known yet: ask again, or repeat the same request with the same id.
        Unknown = "U",
    }
}

/// Lists the codes once: variant, text, status, sentence.
macro_rules! codes {
    ($( $(#[doc = $doc:literal])+ $code:ident $text:literal $status:ident $sentence:literal, )+) => {
        words! {
            /// What a result means. Wallets may answer further codes; a client treats those by their status.
            pub enum ResultCode { $( $(#[doc = $doc])+ $code = $text, )+ }
        }

        impl ResultCode {
            /// The status that always goes with it.
            #[must_use]
            pub const fn status(self) -> ResultStatus {
                match self { $( ResultCode::$code => ResultStatus::$status, )+ }
            }

            /// The sentence that goes with it unless there is a better one.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $( ResultCode::$code => $sentence, )+ }
            }
        }
    };
}

codes! {
    // Codes of Alipay+.
    /// The call did what it should.
    Success "SUCCESS" Success "Success.",
    /// The payment is under way.
    PaymentInProcess "PAYMENT_IN_PROCESS" Unknown "The payment is in process: ask again.",
    /// A field is missing, malformed or out of its limits.
    ParamIllegal "PARAM_ILLEGAL" Failure "A parameter is illegal.",
    /// It failed, and no other code says why.
    ProcessFail "PROCESS_FAIL" Failure "The request failed.",
    /// The member may not do this.
    AccessDenied "ACCESS_DENIED" Failure "Access is denied.",
    /// The signature is missing, stale, replayed or wrong.
    InvalidSignature "INVALID_SIGNATURE" Failure "The signature is not valid.",
    /// The network does not know what became of the request.
    UnknownException "UNKNOWN_EXCEPTION" Unknown "The result is not known: ask again, or repeat the request.",
    /// The request id was used for a request with other content.
    RepeatReqInconsistent "REPEAT_REQ_INCONSISTENT" Failure "This request id was used with other content.",
    /// There is no such payment.
    OrderNotExist "ORDER_NOT_EXIST" Failure "The payment does not exist.",
    /// The payment was cancelled or has expired.
    OrderIsClosed "ORDER_IS_CLOSED" Failure "The payment is closed.",
    /// Risk control of the wallet or the network said no.
    RiskReject "RISK_REJECT" Failure "The payment is refused by risk control.",
    /// The payer has not enough money.
    UserBalanceNotEnough "USER_BALANCE_NOT_ENOUGH" Failure "The payer's balance is not enough.",
    /// The wallet has no such payer.
    UserNotExist "USER_NOT_EXIST" Failure "The payer does not exist.",
    /// The payer's account is blocked or closed.
    UserStatusAbnormal "USER_STATUS_ABNORMAL" Failure "The payer's account is blocked or closed.",
    /// The payer is not identified well enough.
    UserKycNotQualified "USER_KYC_NOT_QUALIFIED" Failure "The payer is not identified well enough.",
    /// The payer failed to authenticate.
    UserPaymentVerificationFailed "USER_PAYMENT_VERIFICATION_FAILED" Failure "The payer failed to authenticate.",
    /// The amount is above the payer's limit.
    UserAmountExceedLimit "USER_AMOUNT_EXCEED_LIMIT" Failure "The amount is above the payer's limit.",
    /// The amount is outside the limits of an agreement.
    PaymentAmountExceedLimit "PAYMENT_AMOUNT_EXCEED_LIMIT" Failure "The amount is outside the agreed limits.",
    /// The payer has paid too often.
    PaymentCountExceedLimit "PAYMENT_COUNT_EXCEED_LIMIT" Failure "The payer has paid too often.",
    /// An agreement token is not valid.
    InvalidToken "INVALID_TOKEN" Failure "The token is not valid.",
    /// An agreement token has expired.
    ExpiredAccessToken "EXPIRED_ACCESS_TOKEN" Failure "The token has expired.",
    /// The code was valid and is no longer.
    ExpiredCode "EXPIRED_CODE" Failure "The code has expired.",
    /// The code is malformed, foreign, used, or of another wallet.
    InvalidCode "INVALID_CODE" Failure "The code is not valid.",
    /// No wallet takes this payment method.
    UnavailablePaymentMethod "UNAVAILABLE_PAYMENT_METHOD" Failure "The payment method is not available.",
    /// The merchant has not passed its checks.
    MerchantKybNotQualified "MERCHANT_KYB_NOT_QUALIFIED" Failure "The merchant has not passed its checks.",
    /// The merchant or store is not registered under this acquirer.
    MerchantNotRegistered "MERCHANT_NOT_REGISTERED" Failure "The merchant or store is not registered.",
    /// The time for cancelling has passed; refund instead.
    CancelWindowExceed "CANCEL_WINDOW_EXCEED" Failure "The time for cancelling has passed: refund instead.",
    // Codes of Antom, the same house's interface for merchants.
    /// No agreement covers this currency.
    CurrencyNotSupport "CURRENCY_NOT_SUPPORT" Failure "The currency is not supported.",
    /// Settlement in this currency is not agreed.
    SettleContractNotMatch "SETTLE_CONTRACT_NOT_MATCH" Failure "Settlement in this currency is not agreed.",
    /// The payment is in a stage that does not allow this.
    OrderStatusInvalid "ORDER_STATUS_INVALID" Failure "The payment's present state does not allow this.",
    /// The refund is under way.
    RefundInProcess "REFUND_IN_PROCESS" Unknown "The refund is in process: ask again.",
    /// Refunds would add up to more than was paid.
    RefundAmountExceed "REFUND_AMOUNT_EXCEED" Failure "The refunds would exceed the payment.",
    /// The time for refunding has passed.
    RefundWindowExceed "REFUND_WINDOW_EXCEED" Failure "The time for refunding has passed.",
    /// There is no such refund.
    RefundNotExist "REFUND_NOT_EXIST" Failure "The refund does not exist.",
    /// Too many requests at once; nothing was done, and the request may be repeated shortly.
    RequestTrafficExceedLimit "REQUEST_TRAFFIC_EXCEED_LIMIT" Unknown "Too many requests: repeat this one shortly.",
    /// The body is not JSON in UTF-8.
    MediaTypeNotAcceptable "MEDIA_TYPE_NOT_ACCEPTABLE" Failure "The body must be application/json in UTF-8.",
    /// The HTTP method is not the endpoint's.
    MethodNotSupported "METHOD_NOT_SUPPORTED" Failure "The HTTP method is not supported here.",
    /// There is no such endpoint.
    NoInterfaceDef "NO_INTERFACE_DEF" Failure "There is no such endpoint.",
    // Codes of this network, for what the others keep to themselves.
    /// The wallet's prefunding at the network does not cover the payment.
    LiquidityPayer "LIQUIDITY_PAYER" Failure "The wallet's funds at the network do not cover the payment.",
    /// The FX provider's funds at the network do not cover the payment.
    LiquidityFx "LIQUIDITY_FX" Failure "The FX provider's funds at the network do not cover the payment.",
    /// The acquirer's funds at the network do not cover the refund.
    LiquidityAcquirer "LIQUIDITY_ACQUIRER" Failure "The acquirer's funds at the network do not cover the refund.",
    /// No FX provider offers an executable rate between the two currencies.
    ExchangeRateUnavailable "EXCHANGE_RATE_UNAVAILABLE" Failure "There is no executable exchange rate just now.",
    /// The quote that the payer agreed to is no longer in force: scan again to show the present one.
    QuoteExpired "QUOTE_EXPIRED" Failure "The quote is no longer in force: scan again.",
    /// The payment has as many refunds as it may have.
    RefundCountExceed "REFUND_COUNT_EXCEED" Failure "The payment has too many refunds.",
}
