//! `certificates/pay`: a member pays a certificate of the receivables chain with its own money. The same request again
//! says how the payment stands.

use directory::{MemberId, Time};
use engine::delivery::{Asked, Stage};
use engine::{Input, Reply};
use receivables::Hash;
use receivables::codec::{hex, unhex};
use receivables::hash::sha256;
use receivables::transaction::Payer;
use wire::body::certificate::{CertificatePayAnswer, CertificatePayRequest, DeliveryStage, PayerKind};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::Id;

use super::advance_consult::refused;
use crate::Api;
use crate::endpoint::amount;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<CertificatePayRequest, CertificatePayAnswer> = Endpoint {
    role: None,
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: CertificatePayAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: CertificatePayRequest,
) -> Result<CertificatePayAnswer, Outcome> {
    let asked = Asked::Pay {
        key: key(caller.member.id, request.request_id.as_str()),
        certificate: hash(request.certificate.as_str(), "certificate")?,
        payer: payer(request.payer, request.part.as_ref())?,
        from: caller.member.id,
        principal: amount(&request.principal, "principal")?,
        interest_minor: request.interest.map_or(0, |interest| interest.units()),
        until: Time(request.until.0),
    };
    match api.gate.submit(Input::Delivery(asked)).await.map_err(busy)? {
        Reply::Delivery(delivery) => {
            let mut answer = CertificatePayAnswer::new(Outcome::success());
            answer.stage = Some(stage(delivery.stage));
            answer.reference = Id::try_new(hex(&delivery.reference())).ok();
            Ok(answer)
        }
        Reply::DeliveryRefused(refusal) => Err(refused(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

/// Each member has keys of its own: nobody can take another's.
fn key(member: MemberId, request_id: &str) -> Hash {
    sha256(&[b"sojourn certificate", &member.0.to_be_bytes(), request_id.as_bytes()])
}

/// In whose stead a certificate is paid.
pub(crate) fn payer(kind: PayerKind, part: Option<&Id<64>>) -> Result<Payer, Outcome> {
    Ok(match (kind, part) {
        (PayerKind::Recourse, Some(part)) => Payer::Recourse(hash(part.as_str(), "part")?),
        (PayerKind::Guarantor, _) => Payer::Guarantor(()),
        (PayerKind::Buyer | PayerKind::Recourse, _) => Payer::Buyer(()),
    })
}

/// Where a delivery is, in the words of the wire.
pub(crate) fn stage(stage: Stage) -> DeliveryStage {
    match stage {
        Stage::Begun => DeliveryStage::Begun,
        Stage::Reserved => DeliveryStage::Reserved,
        Stage::Withheld => DeliveryStage::Withheld,
        Stage::Done => DeliveryStage::Done,
        Stage::Released => DeliveryStage::Released,
    }
}

/// Thirty-two bytes in small hexadecimal letters.
pub(crate) fn hash(text: &str, field: &str) -> Result<Hash, Outcome> {
    let bytes = unhex(text).and_then(|bytes| Hash::try_from(bytes).ok());
    let sentence = format!("{field} is not 64 small hexadecimal digits.");
    bytes.ok_or_else(|| Outcome::because(ResultCode::ParamIllegal, &sentence))
}
