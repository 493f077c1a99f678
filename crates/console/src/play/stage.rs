//! The stages of a payment, for people: their names and colours.

use switch::Stage;

use super::Language;
use super::words::Word;

/// Its name.
pub(crate) fn spoken(stage: Stage, language: Language) -> &'static str {
    language.say(match stage {
        Stage::CodeIssued => Word::StageCodeIssued,
        Stage::Quoted => Word::StageQuoted,
        Stage::Reserved => Word::StageReserved,
        Stage::Sent => Word::StageSent,
        Stage::InDoubt => Word::StageInDoubt,
        Stage::Succeeded => Word::StageSucceeded,
        Stage::Failed => Word::StageFailed,
        Stage::Rejected => Word::StageRejected,
        Stage::Expired => Word::StageExpired,
        Stage::Cancelled => Word::StageCancelled,
    })
}

/// The class that colours it.
pub(crate) fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent => "going",
        Stage::Succeeded => "good",
        Stage::InDoubt | Stage::Cancelled => "open",
        Stage::Failed | Stage::Rejected | Stage::Expired => "bad",
    }
}
