//! Why a transaction changes nothing. A refusal is a value that the sender is told, not a failure.

use crate::codec::code;

code! {
    /// Reasons, in the order in which they are looked for.
    Refusal {
        /// More signatures, vouches or bytes than a transaction may have.
        1 = TooLarge,
        /// Its time is over.
        2 = Expired,
        /// It would live longer than the chain remembers.
        3 = ExpiresTooLate,
        /// It was executed before.
        4 = Replayed,
        /// Nobody signed it.
        5 = Unsigned,
        /// A signature is not the key's over these bytes on this chain.
        6 = BadSignature,
        /// A key that nobody here has, or not at this height.
        7 = UnknownKey,
        /// A vouch is not a sponsor's.
        8 = BadVouch,
        /// No signer may do this.
        9 = NotAllowed,
        /// The amount asks for a second key of the member.
        10 = SecondKeyMissing,
        /// Fewer than two thirds of the voting members.
        11 = NoQuorum,
        /// A member that does not exist, is suspended or lacks the role.
        12 = UnknownMember,
        /// A party that nobody vouches for.
        13 = UnknownParty,
        /// A programme that does not exist.
        14 = UnknownProgramme,
        /// A certificate that does not exist.
        15 = UnknownCertificate,
        /// A part that does not exist.
        16 = UnknownPart,
        /// A table of rates, auction or bid that does not exist.
        17 = UnknownOffer,
        /// A unit that does not exist.
        18 = UnknownUnit,
        /// An amount, share or list that cannot be.
        19 = BadAmount,
        /// Terms that cannot be, or that never change.
        20 = BadTerms,
        /// The term is longer than the programme's or 365 days, or the days are in the wrong order.
        21 = Tenor,
        /// Above 180 days without a reason.
        22 = TenorReasonMissing,
        /// A fingerprint is another certificate's: financed before.
        23 = AlreadyFinanced,
        /// The certificate is not in the stage for this.
        24 = WrongStage,
        /// The buyer would owe more than its limit.
        25 = BuyerLimit,
        /// The guarantor would stand in for more than its limit.
        26 = GuarantorLimit,
        /// The certificate is frozen.
        27 = Frozen,
        /// The part was split, paid or never lived.
        28 = PartClosed,
        /// The part is paid in part.
        29 = PartPaid,
        /// The part is pledged.
        30 = Pledged,
        /// The part is locked for a sale.
        31 = Locked,
        /// The part is in an auction.
        32 = InAuction,
        /// The due day has come.
        33 = Matured,
        /// The part is not locked, or with another key.
        34 = NotLocked,
        /// The lock's time is over.
        35 = LockOver,
        /// The lock's time is not over.
        36 = LockRuns,
        /// Too early or too late for this step of the auction, or its times cannot be.
        37 = WrongTime,
        /// The opened bid is not the sealed one.
        38 = BidDiffers,
        /// No line of the table, or no bid, fits the part.
        39 = NoOffer,
        /// The price is below what the holder agreed to.
        40 = PriceTooLow,
        /// The funder's budget is spent.
        41 = BudgetSpent,
        /// The fee is above the programme's cap.
        42 = FeeTooHigh,
        /// Recourse where the programme has none, or nobody who answers.
        43 = NoRecourse,
        /// The payment reference was used before.
        44 = ReferenceUsed,
        /// More than is unpaid, or more interest than is owed.
        45 = TooMuch,
        /// The part would have too many siblings.
        46 = TooManyParts,
        /// The unit is paid, or its day has not come.
        47 = UnitClosed,
        /// The unit is fixed and can only fall, or is not fixed yet.
        48 = UnitFixed,
        /// The id exists.
        49 = Exists,
    }
}

impl Refusal {
    /// The reason in a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Refusal::TooLarge => "more signatures, vouches or bytes than a transaction may have",
            Refusal::Expired => "the transaction's time is over",
            Refusal::ExpiresTooLate => "the transaction would live longer than the chain remembers",
            Refusal::Replayed => "the transaction was executed before",
            Refusal::Unsigned => "nobody signed the transaction",
            Refusal::BadSignature => "a signature is not the key's over these bytes on this chain",
            Refusal::UnknownKey => "a key that nobody has on this chain, or not at this height",
            Refusal::BadVouch => "a vouch is not a sponsor's",
            Refusal::NotAllowed => "no signer may do this",
            Refusal::SecondKeyMissing => "the amount asks for a second key of the member",
            Refusal::NoQuorum => "fewer than two thirds of the voting members signed",
            Refusal::UnknownMember => "the member does not exist, is suspended or lacks the role",
            Refusal::UnknownParty => "nobody vouches for the party",
            Refusal::UnknownProgramme => "the programme does not exist",
            Refusal::UnknownCertificate => "the certificate does not exist",
            Refusal::UnknownPart => "the part does not exist",
            Refusal::UnknownOffer => "the table of rates, auction or bid does not exist",
            Refusal::UnknownUnit => "the settlement unit does not exist",
            Refusal::BadAmount => "an amount, share or list that cannot be",
            Refusal::BadTerms => "terms that cannot be, or that never change",
            Refusal::Tenor => {
                "the term is longer than the programme's or 365 days, or its days are in disorder"
            }
            Refusal::TenorReasonMissing => "a term above 180 days needs a reason",
            Refusal::AlreadyFinanced => {
                "this receivable is another certificate's: it cannot be financed twice"
            }
            Refusal::WrongStage => "the certificate is not in the stage for this",
            Refusal::BuyerLimit => "the buyer would owe more than its limit",
            Refusal::GuarantorLimit => "the guarantor would stand in for more than its limit",
            Refusal::Frozen => "the certificate is frozen",
            Refusal::PartClosed => "the part was split or paid, or never lived",
            Refusal::PartPaid => "the part is paid in part",
            Refusal::Pledged => "the part is pledged",
            Refusal::Locked => "the part is locked for a sale",
            Refusal::InAuction => "the part is in an auction",
            Refusal::Matured => "the due day has come",
            Refusal::NotLocked => "the part is not locked with this key",
            Refusal::LockOver => "the lock's time is over",
            Refusal::LockRuns => "the lock's time is not over",
            Refusal::WrongTime => "too early or too late for this, or times that cannot be",
            Refusal::BidDiffers => "the opened bid is not the sealed one",
            Refusal::NoOffer => "no rate or bid fits the part",
            Refusal::PriceTooLow => "the price is below what the holder agreed to",
            Refusal::BudgetSpent => "the funder's budget is spent",
            Refusal::FeeTooHigh => "the fee is above the programme's cap",
            Refusal::NoRecourse => "the programme has no recourse, or nobody answers for the part",
            Refusal::ReferenceUsed => "the payment reference was used before",
            Refusal::TooMuch => "more than is unpaid or owed",
            Refusal::TooManyParts => "the certificate would have too many parts",
            Refusal::UnitClosed => "the unit is paid, or its day has not come",
            Refusal::UnitFixed => "the unit is fixed and can only fall, or is not fixed yet",
            Refusal::Exists => "the id exists",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}
