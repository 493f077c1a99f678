//! Rules about members, keys, programmes, validators, freezes and court orders: decided by two thirds of the members
//! that vote, and whoever is bound by it.

use money::MINOR_MAX;

use crate::event::{Event, LockEnded, Moved};
use crate::identity::{Party, Purpose, Role, key_is_sound};
use crate::price::WHOLE_PPM;
use crate::refusal::Refusal;
use crate::state::admission::Case;
use crate::state::rules::{Decided, TENOR_DAYS_MAX};
use crate::state::{Stage, State};
use crate::transaction::{CourtTransfer, Freeze, RegisterMember, RotateKey, SetProgramme, SetValidators};

/// Keys of one member, past ones too.
const KEYS_MAX: usize = 64;
/// Fewest validators: with four, one may fail.
const VALIDATORS_MIN: usize = 4;
/// Most validators: every one signs every block.
const VALIDATORS_MAX: usize = 100;
/// Validators are named so many epochs ahead, so that a header never commits to a set that still can change.
const EPOCHS_AHEAD: u64 = 2;

impl Case<'_> {
    pub(super) fn register_member(&self, wish: &RegisterMember) -> Decided {
        self.signed_by_quorum()?;
        self.state.check_member(wish)?;
        Ok(vec![Event::MemberRegistered(wish.clone())])
    }

    pub(super) fn rotate_key(&self, wish: &RotateKey) -> Decided {
        let member = self.state.member(wish.member).ok_or(Refusal::UnknownMember)?;
        let old = member.keys.iter().find(|grant| grant.key == wish.old).ok_or(Refusal::UnknownKey)?;
        let ended = old.until_height.is_some_and(|until| until <= wish.from_height);
        if self.signed_by_quorum().is_ok() {
            let waits = self.block.height.saturating_add(self.state.chain.recovery_blocks);
            if wish.from_height < waits {
                return Err(Refusal::BadTerms);
            }
        } else if self.signed_with(&wish.old) {
            self.signed_by(&Party::Member(wish.member), Purpose::Govern, 0)?;
        } else {
            return Err(Refusal::NotAllowed);
        }
        let too_many = wish.new.is_some() && member.keys.len() >= KEYS_MAX;
        if ended || wish.from_height <= self.block.height || wish.from_height <= old.from_height || too_many {
            return Err(Refusal::BadTerms);
        }
        wish.new.map_or(Ok(()), |new| self.state.check_key(&new))?;
        Ok(vec![Event::KeyRotated(wish.clone())])
    }

    pub(super) fn set_programme(&self, wish: &SetProgramme) -> Decided {
        self.signed_by_quorum()?;
        self.known(&wish.buyer)?;
        self.signed_by(&wish.buyer, Purpose::Accept, wish.limit)?;
        if let Some(guarantee) = &wish.guarantee {
            self.signed_in_role(guarantee.member, Role::Guarantor, Purpose::Accept, guarantee.limit)?;
            let itself = wish.buyer == Party::Member(guarantee.member);
            if itself || guarantee.share_ppm == 0 || guarantee.share_ppm > WHOLE_PPM {
                return Err(Refusal::BadTerms);
            }
            if guarantee.limit > MINOR_MAX {
                return Err(Refusal::BadAmount);
            }
        }
        if wish.limit > MINOR_MAX {
            return Err(Refusal::BadAmount);
        }
        let rates = [wish.late_rate_ppm, wish.fee_ppm_max];
        let tenor = wish.tenor_days_max == 0 || wish.tenor_days_max > TENOR_DAYS_MAX;
        if tenor || rates.iter().any(|rate| *rate > WHOLE_PPM) {
            return Err(Refusal::BadTerms);
        }
        if let Some(before) = self.state.programme(wish.programme) {
            let guarantor = |terms: &SetProgramme| terms.guarantee.as_ref().map(|guarantee| guarantee.member);
            let same = before.terms.buyer == wish.buyer && before.terms.currency == wish.currency;
            let changes = guarantor(&before.terms) != guarantor(wish);
            if !same || changes && (before.guaranteed > 0 || before.reimbursable > 0) {
                return Err(Refusal::BadTerms);
            }
        }
        Ok(vec![Event::ProgrammeSet(wish.clone())])
    }

    pub(super) fn freeze(&self, wish: &Freeze) -> Decided {
        self.signed_by_any(Role::Authority, Purpose::Govern).or_else(|_| self.signed_by_quorum())?;
        let certificate = self.state.certificate(&wish.certificate).ok_or(Refusal::UnknownCertificate)?;
        let over = matches!(certificate.stage(self.day), Stage::Rejected | Stage::Closed);
        // What was paid while it was frozen waits in clearing, also if that was the last of it: it can be let go.
        if over && wish.frozen || certificate.frozen == wish.frozen {
            return Err(Refusal::WrongStage);
        }
        Ok(vec![Event::FreezeSet(wish.clone())])
    }

    /// A court moves what the holder may not: a frozen or pledged part, a part paid in part. It too moves nothing on or
    /// after the due day: then the order says whom the settlement member pays.
    pub(super) fn court_transfer(&self, wish: &CourtTransfer) -> Decided {
        self.signed_by_quorum()?;
        self.known(&wish.to)?;
        let part = self.state.part(&wish.part).ok_or(Refusal::UnknownPart)?;
        let certificate = self.certificate_of(part);
        if part.split || part.unpaid() == 0 || part.holder == wish.to {
            return Err(Refusal::PartClosed);
        }
        match certificate.stage(self.day) {
            Stage::Live => {}
            Stage::Proposed | Stage::Rejected | Stage::Closed => return Err(Refusal::WrongStage),
            Stage::Matured | Stage::Overdue | Stage::Defaulted | Stage::WrittenOff => {
                return Err(Refusal::Matured);
            }
        }
        let ended =
            part.lock.as_ref().map(|lock| Event::LockEnded(LockEnded { part: wish.part, key: lock.key }));
        let moved = Moved {
            part: wish.part,
            from: part.holder,
            to: wish.to,
            recourse: false,
            order: Some(wish.order),
        };
        Ok(ended.into_iter().chain([Event::CourtMoved(moved)]).collect())
    }

    pub(super) fn set_validators(&self, wish: &SetValidators) -> Decided {
        self.signed_by_quorum()?;
        if wish.epoch < self.block.epoch.saturating_add(EPOCHS_AHEAD) {
            return Err(Refusal::BadTerms);
        }
        self.state.check_validators(wish)?;
        Ok(vec![Event::ValidatorsSet(wish.clone())])
    }
}

impl State {
    pub(in crate::state) fn check_member(&self, wish: &RegisterMember) -> Result<(), Refusal> {
        let before = self.member(wish.member).map_or(0, |member| member.keys.len());
        if before + wish.keys.len() > KEYS_MAX {
            return Err(Refusal::BadTerms);
        }
        for (number, grant) in wish.keys.iter().enumerate() {
            self.check_key(&grant.key)?;
            let twice = wish.keys[..number].iter().any(|other| other.key == grant.key);
            if twice || grant.until_height.is_some_and(|until| until <= grant.from_height) {
                return Err(Refusal::BadTerms);
            }
        }
        Ok(())
    }

    /// Refuses a key that is not sound, or that somebody has: a key has one owner for ever.
    fn check_key(&self, key: &[u8; 32]) -> Result<(), Refusal> {
        if self.owners.contains_key(key) || self.party(key).is_some() {
            return Err(Refusal::Exists);
        }
        if key_is_sound(key) { Ok(()) } else { Err(Refusal::BadTerms) }
    }

    pub(in crate::state) fn check_validators(&self, wish: &SetValidators) -> Result<(), Refusal> {
        if !(VALIDATORS_MIN..=VALIDATORS_MAX).contains(&wish.validators.len()) {
            return Err(Refusal::BadTerms);
        }
        for (number, validator) in wish.validators.iter().enumerate() {
            self.in_role(validator.member, Role::Validator)?;
            let same = |other: &crate::identity::Validator| {
                other.key == validator.key || other.member == validator.member
            };
            let used = self.owners.contains_key(&validator.key) || !key_is_sound(&validator.key);
            if used || wish.validators[..number].iter().any(same) {
                return Err(Refusal::BadTerms);
            }
        }
        Ok(())
    }
}
