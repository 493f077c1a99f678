//! The `result` object that every answer carries, and what may be concluded from a wallet's. Decides nothing about
//! money: a result that contradicts itself is simply not known.

use super::malformed::Malformed;
use super::result_code::{ResultCode, ResultStatus};
use super::scalar::Text;
use crate::signature::Refused;

object! {
    /// How a call, or the payment it asks about, ended.
    pub struct Outcome {
        must {
            /// Done, failed or not known.
            status "resultStatus": ResultStatus,
            /// Why, as a word. See `ResultCode`; wallets may answer further ones.
            code "resultCode": Text<64>,
        }
        may {
            /// Why, as a sentence for developers; never shown to payers.
            message "resultMessage": Text<256>,
        }
    }
}

/// What a result says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Done.
    Done,
    /// Definitively not done, for this reason if it is one we know.
    Failed(Option<ResultCode>),
    /// Not known: status U, or a status and a code that contradict each other.
    Unknown,
}

impl Outcome {
    /// A code with its status and default sentence.
    #[must_use]
    pub fn of(code: ResultCode) -> Outcome {
        Outcome::because(code, code.sentence())
    }

    /// A code with its status and a sentence of its own, cut to 256 characters.
    #[must_use]
    pub fn because(code: ResultCode, sentence: &str) -> Outcome {
        Outcome { status: code.status(), code: Text::cut(code.as_str()), message: Some(Text::cut(sentence)) }
    }

    /// Done.
    #[must_use]
    pub fn success() -> Outcome {
        Outcome::of(ResultCode::Success)
    }

    /// The code, if it is one we know.
    #[must_use]
    pub fn known_code(&self) -> Option<ResultCode> {
        ResultCode::parse(&self.code)
    }

    /// What may be concluded from it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let known = self.known_code();
        match (self.status, known.map(ResultCode::status)) {
            (ResultStatus::Success, Some(ResultStatus::Success)) => Verdict::Done,
            (ResultStatus::Failure, Some(ResultStatus::Failure) | None) => Verdict::Failed(known),
            _ => Verdict::Unknown,
        }
    }
}

/// A body that cannot be read is a parameter that is illegal.
impl From<&Malformed> for Outcome {
    fn from(malformed: &Malformed) -> Outcome {
        Outcome::because(ResultCode::ParamIllegal, &malformed.to_string())
    }
}

/// A message that is not accepted as signed. An unknown client is denied access; when no nonce can be remembered the
/// request may be repeated; everything else is the signature's fault.
impl From<&Refused> for Outcome {
    fn from(refused: &Refused) -> Outcome {
        let code = match refused {
            Refused::UnknownClient => ResultCode::AccessDenied,
            Refused::ReplayCacheFull => ResultCode::RequestTrafficExceedLimit,
            _ => ResultCode::InvalidSignature,
        };
        Outcome::because(code, &refused.to_string())
    }
}
