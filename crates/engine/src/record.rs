//! Facts as bytes: the journal's own, versioned record. Every version that was ever written can be read for ever; a
//! change of shape is a new version and a new golden file.

pub(crate) mod change;
pub(crate) mod delivery;
pub(crate) mod funding;
mod payment;
mod risk;
pub(crate) mod state;
mod text;

use directory::{Change, Time};

use crate::control::RiskFact;
use crate::funding::Funding;
pub use text::{Reader, Unreadable, Writer};

/// The version written today.
const VERSION: u8 = 1;

/// One fact, of any kind the engine knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// About payments.
    Payment(switch::Event),
    /// About who takes part.
    Directory(Change),
    /// About members' funds.
    Funding(Funding),
    /// About risk control itself.
    Risk(RiskFact),
    /// About money that moves with the receivables chain.
    Delivery(crate::delivery::Event),
}

const KIND_PAYMENT: u8 = 1;
const KIND_DIRECTORY: u8 = 2;
const KIND_FUNDING: u8 = 3;
const KIND_RISK: u8 = 4;
const KIND_DELIVERY: u8 = 5;

/// Appends the record of a fact that became one at `at`.
pub fn write(fact: &Fact, at: Time, bytes: &mut Vec<u8>) {
    let mut writer = Writer::new(bytes);
    writer.byte(VERSION);
    writer.byte(match fact {
        Fact::Payment(_) => KIND_PAYMENT,
        Fact::Directory(_) => KIND_DIRECTORY,
        Fact::Funding(_) => KIND_FUNDING,
        Fact::Risk(_) => KIND_RISK,
        Fact::Delivery(_) => KIND_DELIVERY,
    });
    writer.number(at.0);
    match fact {
        Fact::Payment(event) => payment::write(event, &mut writer),
        Fact::Directory(change) => change::write(change, &mut writer),
        Fact::Funding(funding) => funding::write(funding, &mut writer),
        Fact::Risk(fact) => risk::write(fact, &mut writer),
        Fact::Delivery(event) => delivery::write(event, &mut writer),
    }
}

/// Reads a record back, whole.
pub fn read(bytes: &[u8]) -> Result<(Fact, Time), Unreadable> {
    let mut reader = Reader::new(bytes);
    match reader.byte()? {
        VERSION => {}
        version => return Err(reader.wrong("version", u64::from(version))),
    }
    let kind = reader.byte()?;
    let at = Time(reader.number()?);
    let fact = match kind {
        KIND_PAYMENT => Fact::Payment(payment::read(&mut reader)?),
        KIND_DIRECTORY => Fact::Directory(change::read(&mut reader)?),
        KIND_FUNDING => Fact::Funding(funding::read(&mut reader)?),
        KIND_RISK => Fact::Risk(risk::read(&mut reader)?),
        KIND_DELIVERY => Fact::Delivery(delivery::read(&mut reader)?),
        kind => return Err(reader.wrong("kind", u64::from(kind))),
    };
    reader.end()?;
    Ok((fact, at))
}
