//! Facts about risk control as bytes. The numbers below are for ever; what the crate `risk` calls a record has its own
//! version inside.

use risk::cases::{CaseRecord, Ruling};
use risk::screening::ScreeningRecord;
use risk::{FACTS_BYTES, Facts, Record, Verdict};
use switch::{Judged, PaymentId};

use super::payment::{read_decline, write_decline};
use super::text::{Reader, Unreadable, Writer};
use crate::control::RiskFact;

/// Longest record of risk control: as long as any record of a journal.
const RECORD_BYTES_MAX: usize = 4 << 20;

const RECORD: u8 = 1;
const LABELLED: u8 = 2;
const CLAIMED: u8 = 3;
const RULED: u8 = 4;
const SCREENING: u8 = 5;

const RULINGS: [(Ruling, u8); 3] = [(Ruling::Fraud, 1), (Ruling::Genuine, 2), (Ruling::Unclear, 3)];

pub(super) fn write(fact: &RiskFact, w: &mut Writer<'_>) {
    match fact {
        RiskFact::Record(record) => {
            let mut bytes = Vec::new();
            record.encode(&mut bytes);
            w.byte(RECORD);
            w.blob(&bytes);
        }
        RiskFact::Labelled { payment, by, fraud, reason } => {
            w.byte(LABELLED);
            w.number(payment.0);
            w.text(by);
            w.byte(u8::from(*fraud));
            w.text(reason);
        }
        RiskFact::Case(CaseRecord::Claimed { case, by, until_ms }) => {
            w.byte(CLAIMED);
            w.number(*case);
            w.text(by);
            w.fixed(*until_ms as u64);
        }
        RiskFact::Case(CaseRecord::Ruled { case, by, ruling, reason, at_ms }) => {
            w.byte(RULED);
            w.number(*case);
            w.text(by);
            let known = RULINGS.iter().find(|(known, _)| known == ruling);
            w.byte(known.expect("the table has every ruling").1);
            w.text(reason);
            w.fixed(*at_ms as u64);
        }
        RiskFact::Screening(record) => {
            let mut bytes = Vec::new();
            record.encode(&mut bytes);
            w.byte(SCREENING);
            w.blob(&bytes);
        }
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<RiskFact, Unreadable> {
    match r.byte()? {
        RECORD => {
            let bytes = r.blob(RECORD_BYTES_MAX)?;
            let record = Record::decode(bytes).map_err(|_| r.wrong("record of risk control", 0))?;
            Ok(RiskFact::Record(record))
        }
        LABELLED => Ok(RiskFact::Labelled {
            payment: PaymentId(r.number()?),
            by: text(r)?,
            fraud: r.option(|_| Ok(()))?.is_some(),
            reason: text(r)?,
        }),
        CLAIMED => {
            let (case, by) = (r.number()?, text(r)?);
            Ok(RiskFact::Case(CaseRecord::Claimed { case, by, until_ms: r.fixed()? as i64 }))
        }
        RULED => {
            let (case, by, number) = (r.number()?, text(r)?, r.byte()?);
            let ruling = RULINGS.iter().find(|(_, known)| *known == number);
            let ruling = ruling.ok_or(r.wrong("ruling", u64::from(number)))?.0;
            let reason = text(r)?;
            Ok(RiskFact::Case(CaseRecord::Ruled { case, by, ruling, reason, at_ms: r.fixed()? as i64 }))
        }
        SCREENING => {
            let bytes = r.blob(RECORD_BYTES_MAX)?;
            let record = ScreeningRecord::decode(bytes).map_err(|_| r.wrong("record of screening", 0))?;
            Ok(RiskFact::Screening(record))
        }
        tag => Err(r.wrong("fact about risk control", u64::from(tag))),
    }
}

fn text(r: &mut Reader<'_>) -> Result<String, Unreadable> {
    r.text().map(|text| text.as_ref().to_owned())
}

/// How a payment was judged.
pub(super) fn write_judged(judged: &Judged, w: &mut Writer<'_>) {
    w.option(judged.refused, |w, decline| write_decline(decline, w));
    w.option(judged.case, |w, case| w.number(case));
    w.append(|bytes| {
        judged.facts.encode(bytes);
        judged.verdict.encode(bytes);
    });
}

pub(super) fn read_judged(r: &mut Reader<'_>) -> Result<Judged, Unreadable> {
    let refused = r.option(read_decline)?;
    let case = r.option(Reader::number)?;
    let facts = Facts::decode(r.bytes(FACTS_BYTES)?).map_err(|_| r.wrong("facts of a payment", 0))?;
    let (verdict, length) = Verdict::decode(r.rest()).map_err(|_| r.wrong("verdict", 0))?;
    r.bytes(length)?;
    Ok(Judged { facts, verdict, refused, case })
}
