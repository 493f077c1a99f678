//! What the state keeps, and what follows from a record and a day. Knows no transaction.

mod certificates;
mod financing;
mod members;
mod units;

pub use certificates::{CertificateRecord, Decision, LockRecord, PartRecord, PledgeRecord, Stage, Terms};
pub use financing::{AuctionRecord, BidRecord, RateRecord};
pub use members::{ChainRecord, MemberRecord, NonceRecord, PartyRecord, ProgrammeRecord, ValidatorsRecord};
pub use units::{AdvanceRecord, LienKey, LienRecord, UnitRecord};
