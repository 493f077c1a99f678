//! `getPaymentCode`: a wallet asks for codes its user can show at any merchant.

use std::sync::Arc;

use directory::Role;
use engine::{Input, Reply};
use runtime::wording;
use switch::{CodeNumber, Event, IssueCodes};
use wire::body::code::{IssuedCode, PaymentCodeAnswer, PaymentCodeRequest};
use wire::body::outcome::Outcome;
use wire::body::pay::{CodeDetail, CodeValueType, DisplayType};
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, List, Text};

use crate::Api;
use crate::code;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<PaymentCodeRequest, PaymentCodeAnswer> = Endpoint {
    role: Some(Role::Wallet),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: PaymentCodeAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: PaymentCodeRequest,
) -> Result<PaymentCodeAnswer, Outcome> {
    let asked = IssueCodes {
        wallet: caller.member.id,
        customer: Arc::from(request.customer_id.as_str()),
        device: super::device(request.env.as_ref()),
        count: request.quantity(),
        entropy: api.entropy().ok_or_else(|| Outcome::of(ResultCode::UnknownException))?,
    };
    match api.gate.submit(Input::Switch(switch::Input::IssueCodes(asked))).await.map_err(busy)? {
        Reply::Codes(member, Event::CodesIssued { codes, until, .. }) => {
            let prefix = member.code_prefix.ok_or_else(|| Outcome::of(ResultCode::AccessDenied))?;
            let issued =
                codes.into_iter().filter_map(|number| issued(prefix, number, wording::instant(until)));
            Ok(PaymentCodeAnswer {
                payment_codes: Some(List::cut(issued)),
                ..PaymentCodeAnswer::new(Outcome::success())
            })
        }
        Reply::Refused(refusal) => Err(wording::refusal(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

fn issued(prefix: u32, number: CodeNumber, until: wire::body::scalar::Instant) -> Option<IssuedCode> {
    let digits = code::payment_code(prefix, number)?;
    let bars = CodeDetail::new(CodeValueType::Barcode, Text::cut(digits.as_str()), DisplayType::Text);
    let square = code::consumer_code(prefix, number)?;
    let square = CodeDetail::new(CodeValueType::Qrcode, Text::cut(&square), DisplayType::Text);
    let mut issued = IssuedCode::new(Id::try_new(digits.as_str()).ok()?, until);
    issued.code_details = Some(List::cut([bars, square]));
    Some(issued)
}
