//! What becomes of one event of `create_transfers`. Knows nothing of how it is decided.

use super::statuses;

statuses! {
    /// What became of one event of `create_transfers`. For each kind of transfer the checks run in the order
    /// of declaration, first match wins; where TigerBeetle has the same status, it has the same meaning and rank.
    TransferStatus {
        /// The transfer was carried out.
        Created = "created",
        /// The time handed in is not below 2^63 nanoseconds; refuses the whole batch. Not in TigerBeetle.
        ClockOutOfRange = "clock_out_of_range",
        /// Another member of its chain failed, so this one was not, or is no longer, carried out.
        LinkedEventFailed = "linked_event_failed",
        /// The last event of the batch is linked to nothing.
        LinkedEventChainOpen = "linked_event_chain_open",
        /// `imported` is set. Not offered, for the reasons given at [`crate::AccountStatus::ImportedNotSupported`].
        ImportedNotSupported = "imported_not_supported",
        /// The timestamp is the book's to set.
        TimestampMustBeZero = "timestamp_must_be_zero",
        /// A flag without a meaning is set.
        ReservedFlag = "reserved_flag",
        /// The id is 0.
        IdMustNotBeZero = "id_must_not_be_zero",
        /// The id is `u128::MAX`.
        IdMustNotBeMax = "id_must_not_be_max",
        /// The id is taken by a transfer with other flags.
        ExistsWithDifferentFlags = "exists_with_different_flags",
        /// The id is taken by a transfer with another `pending_id`.
        ExistsWithDifferentPendingId = "exists_with_different_pending_id",
        /// The id is taken by a transfer with another timeout.
        ExistsWithDifferentTimeout = "exists_with_different_timeout",
        /// The id is taken by a transfer from another account.
        ExistsWithDifferentDebitAccountId = "exists_with_different_debit_account_id",
        /// The id is taken by a transfer to another account.
        ExistsWithDifferentCreditAccountId = "exists_with_different_credit_account_id",
        /// The id is taken by a transfer of another amount; of a greater one, if balancing.
        ExistsWithDifferentAmount = "exists_with_different_amount",
        /// The id is taken by a transfer with another `user_data_128`.
        ExistsWithDifferentUserData128 = "exists_with_different_user_data_128",
        /// The id is taken by a transfer with another `user_data_64`.
        ExistsWithDifferentUserData64 = "exists_with_different_user_data_64",
        /// The id is taken by a transfer with another `user_data_32`.
        ExistsWithDifferentUserData32 = "exists_with_different_user_data_32",
        /// The id is taken by a transfer on another ledger.
        ExistsWithDifferentLedger = "exists_with_different_ledger",
        /// The id is taken by a transfer with another code.
        ExistsWithDifferentCode = "exists_with_different_code",
        /// The very same transfer was carried out before: a repeated request, to be read as success.
        Exists = "exists",
        /// The id was refused before for a reason that may pass, and stays refused: see [`Self::burns_id`].
        IdAlreadyFailed = "id_already_failed",
        /// The book holds as many transfers and burned ids as it was told to hold at most. Not in TigerBeetle.
        BookFull = "book_full",
        /// Post and void exclude each other and the pending, balancing and closing flags.
        FlagsAreMutuallyExclusive = "flags_are_mutually_exclusive",
        /// The debit account's id is 0.
        DebitAccountIdMustNotBeZero = "debit_account_id_must_not_be_zero",
        /// The debit account's id is `u128::MAX`.
        DebitAccountIdMustNotBeMax = "debit_account_id_must_not_be_max",
        /// The credit account's id is 0.
        CreditAccountIdMustNotBeZero = "credit_account_id_must_not_be_zero",
        /// The credit account's id is `u128::MAX`.
        CreditAccountIdMustNotBeMax = "credit_account_id_must_not_be_max",
        /// Debit and credit account are the same.
        AccountsMustBeDifferent = "accounts_must_be_different",
        /// Only a post or void names a pending transfer.
        PendingIdMustBeZero = "pending_id_must_be_zero",
        /// A post or void must name a pending transfer.
        PendingIdMustNotBeZero = "pending_id_must_not_be_zero",
        /// The pending transfer's id is `u128::MAX`.
        PendingIdMustNotBeMax = "pending_id_must_not_be_max",
        /// A transfer cannot resolve itself.
        PendingIdMustBeDifferent = "pending_id_must_be_different",
        /// Only a pending transfer has a timeout.
        TimeoutReservedForPendingTransfer = "timeout_reserved_for_pending_transfer",
        /// Only a pending transfer can close an account.
        ClosingTransferMustBePending = "closing_transfer_must_be_pending",
        /// The ledger is 0.
        LedgerMustNotBeZero = "ledger_must_not_be_zero",
        /// The code is 0.
        CodeMustNotBeZero = "code_must_not_be_zero",
        /// There is no transfer `pending_id`.
        PendingTransferNotFound = "pending_transfer_not_found",
        /// The transfer `pending_id` is not a pending one.
        PendingTransferNotPending = "pending_transfer_not_pending",
        /// The pending transfer debits another account.
        PendingTransferHasDifferentDebitAccountId = "pending_transfer_has_different_debit_account_id",
        /// The pending transfer credits another account.
        PendingTransferHasDifferentCreditAccountId = "pending_transfer_has_different_credit_account_id",
        /// The pending transfer is on another ledger.
        PendingTransferHasDifferentLedger = "pending_transfer_has_different_ledger",
        /// The pending transfer has another code.
        PendingTransferHasDifferentCode = "pending_transfer_has_different_code",
        /// More than was reserved.
        ExceedsPendingTransferAmount = "exceeds_pending_transfer_amount",
        /// A void releases all of the reservation or nothing.
        PendingTransferHasDifferentAmount = "pending_transfer_has_different_amount",
        /// The pending transfer was posted under another id.
        PendingTransferAlreadyPosted = "pending_transfer_already_posted",
        /// The pending transfer was voided under another id.
        PendingTransferAlreadyVoided = "pending_transfer_already_voided",
        /// The pending transfer's deadline has passed, whether it has been released yet or not.
        PendingTransferExpired = "pending_transfer_expired",
        /// There is no such debit account.
        DebitAccountNotFound = "debit_account_not_found",
        /// There is no such credit account.
        CreditAccountNotFound = "credit_account_not_found",
        /// The accounts are on different ledgers.
        AccountsMustHaveTheSameLedger = "accounts_must_have_the_same_ledger",
        /// The transfer's ledger is not its accounts'.
        TransferMustHaveTheSameLedgerAsAccounts = "transfer_must_have_the_same_ledger_as_accounts",
        /// The debit account is closed.
        DebitAccountAlreadyClosed = "debit_account_already_closed",
        /// The credit account is closed.
        CreditAccountAlreadyClosed = "credit_account_already_closed",
        /// The debit account's pending debits would pass 2^128 - 1.
        OverflowsDebitsPending = "overflows_debits_pending",
        /// The credit account's pending credits would pass 2^128 - 1.
        OverflowsCreditsPending = "overflows_credits_pending",
        /// The debit account's posted debits would pass 2^128 - 1.
        OverflowsDebitsPosted = "overflows_debits_posted",
        /// The credit account's posted credits would pass 2^128 - 1.
        OverflowsCreditsPosted = "overflows_credits_posted",
        /// The debit account's pending and posted debits together would pass 2^128 - 1.
        OverflowsDebits = "overflows_debits",
        /// The credit account's pending and posted credits together would pass 2^128 - 1.
        OverflowsCredits = "overflows_credits",
        /// The deadline would not be below 2^63 nanoseconds.
        OverflowsTimeout = "overflows_timeout",
        /// The debit account's debits would exceed its posted credits, which it must not.
        ExceedsCredits = "exceeds_credits",
        /// The credit account's credits would exceed its posted debits, which it must not.
        ExceedsDebits = "exceeds_debits",
    }
}

impl TransferStatus {
    /// Whether an event refused so uses up its id: the reason may pass, so a late repetition of the same
    /// request could succeed after its sender was told that it failed. From then on the id gets
    /// [`Self::IdAlreadyFailed`]; a new attempt needs a new id.
    pub const fn burns_id(self) -> bool {
        matches!(
            self,
            Self::DebitAccountNotFound
                | Self::CreditAccountNotFound
                | Self::PendingTransferNotFound
                | Self::DebitAccountAlreadyClosed
                | Self::CreditAccountAlreadyClosed
                | Self::ExceedsCredits
                | Self::ExceedsDebits
        )
    }
}
