//! What the link tells the chain of a delivery: that its money is held, or that its time is over. Whatever is told may be
//! told again: what derives from the delivery is the same each time.

use engine::delivery::{About, Asked, What, Word};
use receivables::Hash;
use receivables::identity::Party;
use receivables::state::unit_id;
use receivables::transaction::{
    ExpireLock, NewUnit, PartId, Pay, PlaceLien, RegisterUnits, SettleLock, SettleUnit, Transaction,
};

use crate::chain::{Chain, SETTLER, day, key, sealed};
use crate::hands::Hands;
use crate::letter::{Open, Wake};

impl Chain {
    /// Tells the chain that the money is held.
    pub(super) fn prove(&mut self, one: &Open, hands: &mut Hands<'_>) {
        let (begun, reference) = (&one.delivery.begun, one.delivery.reference());
        if !self.is_signed(one, hands) {
            return;
        }
        self.link.proved.insert(reference, begun.key);
        let transaction = match &begun.what {
            What::Sale { part, .. } => Transaction::SettleLock(SettleLock {
                part: *part,
                key: begun.key,
                reference,
                registries: vec![],
            }),
            What::Redemption { certificate, payer, interest_minor } => Transaction::Pay(Pay {
                certificate: *certificate,
                payer: *payer,
                principal: begun.amount.minor - interest_minor,
                interest: *interest_minor,
                reference,
            }),
            What::Advance { .. } => {
                if let Some(lien) = self.lien_of(one) {
                    self.submit(lien, hands);
                }
                return;
            }
            What::Unit { .. } => return self.settle_unit(one, hands),
        };
        let mut signed = self.signed(transaction, &[key(SETTLER, 0)], vec![]);
        // What is not in a block by then must never be: the network may release the money.
        signed.expires_ms = signed.expires_ms.min(begun.until.map_or(u64::MAX, |until| until.0));
        self.submit(signed, hands);
    }

    /// The one transaction that places an advance's lien: whenever it is made it is the same, so it is executed once.
    fn lien_of(&self, one: &Open) -> Option<receivables::Signed> {
        let lien = one.lien.as_ref()?;
        let offered = &lien.offered;
        let (merchant, vouch) = self.merchant(offered.merchant);
        let wish = PlaceLien {
            merchant: Party::Pseudonym(merchant),
            funder: offered.funder.0,
            currency: offered.limit.currency,
            owed: lien.owed_minor,
            share_ppm: offered.share_ppm,
            cap_per_day: offered.cap_minor,
            end_day: lien.end_day,
            consent: offered.consent,
            reference: one.delivery.reference(),
        };
        let expires_ms = one.delivery.begun.until?.0;
        let keys = [key(offered.funder.0, 1), merchant];
        Some(sealed(Transaction::PlaceLien(wish), offered.number, expires_ms, &keys, vec![vouch]))
    }

    /// Registers a day's sales and settles them.
    fn settle_unit(&mut self, one: &Open, hands: &mut Hands<'_>) {
        let begun = &one.delivery.begun;
        let What::Unit { merchant, net_minor, .. } = begun.what else { return };
        let (merchant, vouch) = self.merchant(merchant);
        let party = Party::Pseudonym(merchant);
        let registrar = begun.from.0;
        let scheme = u16::try_from(begun.number % 60_000).expect("below 2^16");
        let on =
            |day| NewUnit { scheme, currency: begun.amount.currency, day, amount: net_minor, fixed: true };
        let (first, today) = (day(one.delivery.begun_at), day(self.time));
        let ids = (first..=today).map(|day| unit_id(registrar, &party, &on(day)));
        let known = ids.into_iter().find(|id| self.state.unit(id).is_some());
        let (transaction, by, vouches) = match known {
            Some(unit) => {
                let reference = one.delivery.reference();
                (Transaction::SettleUnit(SettleUnit { unit, reference }), key(SETTLER, 0), vec![])
            }
            None => {
                let wish = RegisterUnits { registrar, merchant: party, units: vec![on(today)] };
                (Transaction::RegisterUnits(wish), key(registrar, 0), vec![vouch])
            }
        };
        let signed = self.signed(transaction, &[by], vouches);
        self.submit(signed, hands);
    }

    /// The time of something is over: ends its lock, or says that it can no longer be paid.
    pub(super) fn end(&mut self, one: &Open, hands: &mut Hands<'_>) {
        let begun = &one.delivery.begun;
        if let What::Sale { part, .. } = &begun.what {
            return self.end_lock(*part, begun.key, hands);
        }
        let over = begun.until.is_some_and(|until| until <= self.time);
        if !over {
            // A block whose time is past the limit shows that nothing of it can come any more.
            return self.submit_nothing(hands);
        }
        if self.may_end(&begun.key) {
            let (about, word) = (About::Key(begun.key), Word::Absent { at: self.time });
            self.link.tell(begun.key, Asked::Said { about, word });
        }
    }

    fn end_lock(&mut self, part: PartId, lock: Hash, hands: &mut Hands<'_>) {
        if self.state.part(&part).and_then(|part| part.lock.as_ref()).is_some_and(|known| known.key == lock) {
            let wish = Transaction::ExpireLock(ExpireLock { part, key: lock });
            let signed = self.signed(wish, &[key(SETTLER, 0)], vec![]);
            return self.submit(signed, hands);
        }
        // The lock is gone and the network was told so, but heard of the lock itself only afterwards.
        if self.may_end(&lock) {
            hands.coverage.saw("chain", "lock told after its end");
            let (about, word) = (About::Key(lock), Word::LockEnded);
            self.link.tell(lock, Asked::Said { about, word });
        }
    }

    /// Everything final was read, and nothing of it says otherwise.
    fn may_end(&self, key: &Hash) -> bool {
        self.read_to_the_end().is_some() && !self.paid.contains_key(key) && !self.link.words.contains_key(key)
    }

    fn submit_nothing(&mut self, hands: &mut Hands<'_>) {
        if self.waiting.is_empty() {
            hands.wake_in(20..400, Wake::Block);
        }
    }
}
