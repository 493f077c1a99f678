//! Who really asks: expiry, nonce, signatures and vouches, checked before any rule. Knows no rule.

use crate::envelope::{
    LIFETIME_MS_MAX, NONCE_WINDOW, SIGNATURES_MAX, Signed, VOUCHES_MAX, Verify, vouch_bytes,
};
use crate::event::{Event, Vouched};
use crate::hash::{Hash, sha256};
use crate::identity::{MemberId, Party, Pseudonym, PublicKey, Purpose, Purposes, Role, key_is_sound};
use crate::refusal::Refusal;
use crate::state::{Block, NonceRecord, State};
use crate::transaction::{Day, MemberStatus, Minor};

/// One transaction in one block, with all signatures proven.
pub(super) struct Case<'a> {
    pub(super) state: &'a State,
    pub(super) block: &'a Block,
    pub(super) day: Day,
    /// The transaction's id.
    pub(super) id: Hash,
    signers: Vec<Signer>,
    vouched: Vec<Vouched>,
}

struct Signer {
    key: PublicKey,
    party: Party,
    purposes: Purposes,
}

impl<'a> Case<'a> {
    /// Proves who asks, in the order of [`Refusal`]'s reasons.
    pub(super) fn admit(
        state: &'a State,
        block: &'a Block,
        signed: &Signed,
        verify: Verify<'_>,
    ) -> Result<Case<'a>, Refusal> {
        let ascending = signed.signatures.windows(2).all(|pair| pair[0].key < pair[1].key);
        if signed.signatures.len() > SIGNATURES_MAX || signed.vouches.len() > VOUCHES_MAX || !ascending {
            return Err(Refusal::TooLarge);
        }
        if signed.expires_ms <= block.time_ms {
            return Err(Refusal::Expired);
        }
        if signed.expires_ms - block.time_ms > LIFETIME_MS_MAX {
            return Err(Refusal::ExpiresTooLate);
        }
        if !state.nonce_is_new(&signed.sender, signed.nonce) {
            return Err(Refusal::Replayed);
        }
        if !signed.signatures.iter().any(|by| by.key == signed.sender) {
            return Err(Refusal::Unsigned);
        }
        let bytes = signed.signing_bytes(state.chain());
        if !signed.signatures.iter().all(|by| verify(&by.key, &bytes, &by.signature)) {
            return Err(Refusal::BadSignature);
        }
        let vouched = state.vouched(block, signed, verify)?;
        let signer = |key: &PublicKey| state.signer(block.height, key, &vouched);
        let signers = signed.signatures.iter().map(|by| signer(&by.key));
        let signers = signers.collect::<Option<Vec<Signer>>>().ok_or(Refusal::UnknownKey)?;
        Ok(Case { state, block, day: block.day(), id: sha256(&[&bytes]), signers, vouched })
    }

    /// Events of the parties that take part for the first time.
    pub(super) fn introductions(&self) -> Vec<Event> {
        self.vouched.iter().cloned().map(Event::Vouched).collect()
    }

    /// Refuses unless the party itself signed, with a key for this purpose; with two keys from the amount on that the
    /// member has set.
    pub(super) fn signed_by(&self, party: &Party, purpose: Purpose, amount: Minor) -> Result<(), Refusal> {
        let may = |signer: &&Signer| signer.party == *party && signer.purposes.has(purpose);
        let count = self.signers.iter().filter(may).count();
        let two_keys_from = match party {
            Party::Member(id) => self.state.member(*id).and_then(|member| member.two_keys_from),
            Party::Pseudonym(_) => None,
        };
        match (count, two_keys_from) {
            (0, _) => Err(Refusal::NotAllowed),
            (1, Some(from)) if amount >= from => Err(Refusal::SecondKeyMissing),
            _ => Ok(()),
        }
    }

    /// As [`Case::signed_by`], for a member with a role.
    pub(super) fn signed_in_role(
        &self,
        member: MemberId,
        role: Role,
        purpose: Purpose,
        amount: Minor,
    ) -> Result<(), Refusal> {
        self.state.in_role(member, role)?;
        self.signed_by(&Party::Member(member), purpose, amount)
    }

    /// Whether this key is among the signers'.
    pub(super) fn signed_with(&self, key: &PublicKey) -> bool {
        self.signers.iter().any(|signer| signer.key == *key)
    }

    /// Refuses unless some signer is a member with this role, and signed for this purpose.
    pub(super) fn signed_by_any(&self, role: Role, purpose: Purpose) -> Result<(), Refusal> {
        let may = |signer: &Signer| match signer.party {
            Party::Member(id) => signer.purposes.has(purpose) && self.state.in_role(id, role).is_ok(),
            Party::Pseudonym(_) => false,
        };
        if self.signers.iter().any(may) { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    /// Refuses unless two thirds of the members that vote signed with governing keys.
    pub(super) fn signed_by_quorum(&self) -> Result<(), Refusal> {
        let voter = |signer: &Signer| match signer.party {
            Party::Member(id) if signer.purposes.has(Purpose::Govern) => {
                self.state.in_role(id, Role::Validator).ok().map(|()| id)
            }
            _ => None,
        };
        let mut voters: Vec<MemberId> = self.signers.iter().filter_map(voter).collect();
        voters.sort_unstable();
        voters.dedup();
        let all = self.state.members().filter(|(id, _)| self.state.in_role(**id, Role::Validator).is_ok());
        if !voters.is_empty() && voters.len() * 3 >= all.count() * 2 {
            Ok(())
        } else {
            Err(Refusal::NoQuorum)
        }
    }

    /// Refuses a party that does not take part.
    pub(super) fn known(&self, party: &Party) -> Result<(), Refusal> {
        self.state.active(self.agent(party)?)
    }

    /// The member that is paid for a party: its sponsor, or the member that it is.
    pub(super) fn agent(&self, party: &Party) -> Result<MemberId, Refusal> {
        match party {
            Party::Member(id) => Ok(*id),
            Party::Pseudonym(pseudonym) => {
                let now = self.vouched.iter().find(|vouched| vouched.pseudonym == *pseudonym);
                let before = self.state.party(pseudonym).map(|party| party.sponsor);
                now.map(|vouched| vouched.sponsor).or(before).ok_or(Refusal::UnknownParty)
            }
        }
    }
}

impl State {
    /// Refuses a member that does not take part.
    pub(super) fn active(&self, id: MemberId) -> Result<(), Refusal> {
        let active = self.member(id).is_some_and(|member| member.status == MemberStatus::Active);
        if active { Ok(()) } else { Err(Refusal::UnknownMember) }
    }

    /// Refuses a member that does not take part in this role.
    pub(super) fn in_role(&self, id: MemberId, role: Role) -> Result<(), Refusal> {
        self.active(id)?;
        let has = self.member(id).is_some_and(|member| member.roles.has(role));
        if has { Ok(()) } else { Err(Refusal::UnknownMember) }
    }

    /// What a member's key may sign at this height; nothing if it counts for nothing.
    fn purposes(&self, height: u64, key: &PublicKey) -> Option<(MemberId, Purposes)> {
        let id = *self.owners.get(key)?;
        self.active(id).ok()?;
        let counts = |height: u64, from: u64, until: Option<u64>| {
            from <= height && until.is_none_or(|until| height < until)
        };
        let grants = &self.member(id)?.keys;
        let grant = grants
            .iter()
            .find(|grant| grant.key == *key && counts(height, grant.from_height, grant.until_height))?;
        Some((id, grant.purposes))
    }

    fn signer(&self, height: u64, key: &PublicKey, vouched: &[Vouched]) -> Option<Signer> {
        if let Some((id, purposes)) = self.purposes(height, key) {
            return Some(Signer { key: *key, party: Party::Member(id), purposes });
        }
        let now = vouched.iter().find(|vouched| vouched.pseudonym == *key).map(|vouched| vouched.sponsor);
        let sponsor = self.party(key).map(|party| party.sponsor).or(now)?;
        self.active(sponsor).ok()?;
        let purposes = Purposes::of(&[Purpose::Issue, Purpose::Accept, Purpose::Dispose]);
        Some(Signer { key: *key, party: Party::Pseudonym(*key), purposes })
    }

    /// Parties that are vouched for here and were not known before.
    fn vouched(&self, block: &Block, signed: &Signed, verify: Verify<'_>) -> Result<Vec<Vouched>, Refusal> {
        let mut new: Vec<Vouched> = Vec::new();
        for vouch in &signed.vouches {
            let bytes = vouch_bytes(self.chain(), &vouch.pseudonym, vouch.sponsor);
            let may = self
                .purposes(block.height, &vouch.key)
                .is_some_and(|(member, purposes)| member == vouch.sponsor && purposes.has(Purpose::Dispose));
            let sponsors = self.in_role(vouch.sponsor, Role::Sponsor).is_ok();
            let known = self.party(&vouch.pseudonym).map(|party| party.sponsor);
            let others = known.is_some_and(|sponsor| sponsor != vouch.sponsor)
                || new.iter().any(|other| other.pseudonym == vouch.pseudonym)
                || self.owners.contains_key(&vouch.pseudonym);
            let sound = key_is_sound(&vouch.pseudonym);
            if !may || !sponsors || others || !sound || !verify(&vouch.key, &bytes, &vouch.signature) {
                return Err(Refusal::BadVouch);
            }
            if known.is_none() {
                new.push(Vouched { pseudonym: vouch.pseudonym, sponsor: vouch.sponsor });
            }
        }
        Ok(new)
    }

    fn nonce_is_new(&self, sender: &Pseudonym, nonce: u64) -> bool {
        let Some(record) = self.tables.nonces.record(sender) else { return true };
        match record.highest.checked_sub(nonce) {
            None => true,
            Some(below) if below < NONCE_WINDOW => {
                let below = usize::try_from(below).expect("below the window");
                record.used[below / 8] >> (below % 8) & 1 == 0
            }
            Some(_) => false,
        }
    }

    pub(super) fn use_nonce(&mut self, sender: &PublicKey, nonce: u64) {
        let Some(record) = self.tables.nonces.change(sender) else {
            let mut used = [0; 128];
            used[0] = 1;
            self.tables.nonces.insert(*sender, NonceRecord { highest: nonce, used });
            return;
        };
        if let Some(up) = nonce.checked_sub(record.highest) {
            record.used = moved(&record.used, up);
            record.highest = nonce;
        }
        let below = usize::try_from(record.highest - nonce).expect("below the window");
        record.used[below / 8] |= 1 << (below % 8);
    }
}

/// The bits moved away from the front by so many places; what leaves the window is forgotten.
fn moved(used: &[u8; 128], places: u64) -> [u8; 128] {
    let mut after = [0; 128];
    let Ok(places) = usize::try_from(places.min(NONCE_WINDOW)) else { return after };
    for to in places..1_024 {
        let from = to - places;
        after[to / 8] |= (used[from / 8] >> (from % 8) & 1) << (to % 8);
    }
    after
}
