//! `GET /advice/records`, `POST /advice/replay/{proposal}` and looks at what stands whole in one record. A user's
//! records are one hash chain, so the export verifies without us.

use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::Call;
use crate::fields::Fields;

/// Records of one page.
const PAGE: usize = 20;

pub(super) fn records(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "export", &["user", "from"])?;
    let subject = subject_in(call, &fields)?;
    adviser.investor(&subject)?;
    page(adviser, &fields, &subject)
}

pub(super) fn house_records(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "export", &["subject", "from"])?;
    page(adviser, &fields, fields.text("subject")?)
}

fn page(adviser: &Adviser, fields: &Fields, subject: &str) -> Result<Step, Refusal> {
    let all = adviser.numbers(subject);
    let from = fields.optional_whole("from", 1..=i64::MAX)?.unwrap_or(1);
    let start = usize::try_from(from - 1).unwrap_or(usize::MAX).min(all.len());
    let end = (start + PAGE).min(all.len());
    let next = (end < all.len()).then_some(end + 1);
    Ok(Step::Records { numbers: all[start..end].to_vec(), next })
}

pub(super) fn replay(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    let id = call.names.first().map_or("", String::as_str);
    Ok(Step::Replay(adviser.place(call, "proposal", id)?.number))
}

pub(super) fn look(adviser: &Adviser, call: &Call, what: &str) -> Result<Step, Refusal> {
    let id = call.names.first().map_or("", String::as_str);
    let number = adviser.place(call, what, id)?.number;
    Ok(Step::Told { number, besides: Json::Object(Default::default()) })
}
