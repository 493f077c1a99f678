//! What becomes of one event of `create_accounts`. Knows nothing of how it is decided.

use super::statuses;

statuses! {
    /// What became of one event of `create_accounts`. Declared in the order of the checks, first match wins;
    /// where TigerBeetle has the same status, it has the same meaning and rank.
    AccountStatus {
        /// The account exists now.
        Created = "created",
        /// The time handed in is not below 2^63 nanoseconds; refuses the whole batch. Not in TigerBeetle.
        ClockOutOfRange = "clock_out_of_range",
        /// Another member of its chain failed, so this one was not, or is no longer, created.
        LinkedEventFailed = "linked_event_failed",
        /// The last event of the batch is linked to nothing.
        LinkedEventChainOpen = "linked_event_chain_open",
        /// `imported` is set. Not offered: an import may only run into a quiet book (every ordinary event moves the
        /// lowest timestamp it may use), its rules would touch every path, and TigerBeetle releases before pull
        /// request 3867 stop for good when an imported event resolves a pending transfer with a timeout.
        ImportedNotSupported = "imported_not_supported",
        /// The timestamp is the book's to set.
        TimestampMustBeZero = "timestamp_must_be_zero",
        /// A flag without a meaning is set.
        ReservedFlag = "reserved_flag",
        /// The id is 0.
        IdMustNotBeZero = "id_must_not_be_zero",
        /// The id is `u128::MAX`.
        IdMustNotBeMax = "id_must_not_be_max",
        /// The id is taken by an account with other flags; closing an account is enough.
        ExistsWithDifferentFlags = "exists_with_different_flags",
        /// The id is taken by an account with another `user_data_128`.
        ExistsWithDifferentUserData128 = "exists_with_different_user_data_128",
        /// The id is taken by an account with another `user_data_64`.
        ExistsWithDifferentUserData64 = "exists_with_different_user_data_64",
        /// The id is taken by an account with another `user_data_32`.
        ExistsWithDifferentUserData32 = "exists_with_different_user_data_32",
        /// The id is taken by an account on another ledger.
        ExistsWithDifferentLedger = "exists_with_different_ledger",
        /// The id is taken by an account with another code.
        ExistsWithDifferentCode = "exists_with_different_code",
        /// The very same account was created before: a repeated request, to be read as success.
        Exists = "exists",
        /// The book holds as many accounts as it was told to hold at most. Not in TigerBeetle.
        BookFull = "book_full",
        /// Both limit flags are set.
        FlagsAreMutuallyExclusive = "flags_are_mutually_exclusive",
        /// An account starts with no pending debits.
        DebitsPendingMustBeZero = "debits_pending_must_be_zero",
        /// An account starts with no posted debits.
        DebitsPostedMustBeZero = "debits_posted_must_be_zero",
        /// An account starts with no pending credits.
        CreditsPendingMustBeZero = "credits_pending_must_be_zero",
        /// An account starts with no posted credits.
        CreditsPostedMustBeZero = "credits_posted_must_be_zero",
        /// The ledger is 0.
        LedgerMustNotBeZero = "ledger_must_not_be_zero",
        /// The code is 0.
        CodeMustNotBeZero = "code_must_not_be_zero",
    }
}
