//! Facts about members' funds as bytes. The numbers below are for ever.

use super::text::{Reader, Unreadable, Writer};
use crate::funding::{Funding, FundingKind};

pub(crate) fn write(funding: &Funding, w: &mut Writer<'_>) {
    w.byte(match funding.kind {
        FundingKind::Deposit => 1,
        FundingKind::Withdrawal => 2,
        FundingKind::LineRaised => 3,
        FundingKind::LineLowered => 4,
    });
    w.text(&funding.request_id);
    w.member(funding.member);
    w.amount(funding.amount);
    w.number(funding.number);
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Funding, Unreadable> {
    let kind = match r.byte()? {
        1 => FundingKind::Deposit,
        2 => FundingKind::Withdrawal,
        3 => FundingKind::LineRaised,
        4 => FundingKind::LineLowered,
        kind => return Err(r.wrong("kind of funding", u64::from(kind))),
    };
    Ok(Funding { kind, request_id: r.text()?, member: r.member()?, amount: r.amount()?, number: r.number()? })
}
