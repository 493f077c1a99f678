//! The naive model. It shares with the rules nothing but the transactions' fields.

use receivables::Hash;
use receivables::identity::{MemberId, Party};
use receivables::state::unit_id;
use receivables::transaction::*;

use crate::world::*;

const DAY: u64 = 24 * 60 * 60 * 1_000;

pub(super) struct Certificate {
    pub(super) id: CertificateId,
    supplier: Party,
    face: Minor,
    due: Day,
    lapses: Day,
    fingerprints: Vec<Hash>,
    /// 'p'roposed, 'a'ccepted, 'r'ejected, 'c'losed.
    decided: char,
    pub(super) frozen: bool,
    pub(super) by_guarantor: Minor,
    pub(super) reimbursed: Minor,
    pub(super) written_off: Minor,
    /// Unpaid amounts of all days since due, added up.
    late_sum: u128,
    interest_paid: Minor,
}

pub(super) struct Lock {
    pub(super) to: MemberId,
    pub(super) price: Minor,
    key: Hash,
    until: u64,
    rate: usize,
    recourse: bool,
}

pub(super) struct Part {
    pub(super) id: PartId,
    of: CertificateId,
    pub(super) amount: Minor,
    pub(super) paid: Minor,
    pub(super) holder: Party,
    pub(super) split: bool,
    pub(super) pledge: Option<(Party, Minor)>,
    pub(super) lock: Option<Lock>,
    pub(super) recourse: Vec<Party>,
}

pub(super) struct Advance {
    pub(super) id: Hash,
    terms: PlaceLien,
    pub(super) repaid: Minor,
    taken: Vec<(Day, Minor)>,
}

/// Id, merchant, amount, day, fixed, paid.
type Unit = (Hash, Party, Minor, Day, bool, bool);

pub(super) struct Naive {
    now: u64,
    pub(super) certificates: Vec<Certificate>,
    pub(super) parts: Vec<Part>,
    rates: Vec<(Hash, PostRate, Minor)>,
    references: Vec<Hash>,
    pub(super) units: Vec<Unit>,
    pub(super) advances: Vec<Advance>,
}

impl Naive {
    pub(super) fn new(now: u64) -> Naive {
        Naive {
            now,
            certificates: Vec::new(),
            parts: Vec::new(),
            rates: Vec::new(),
            references: Vec::new(),
            units: Vec::new(),
            advances: Vec::new(),
        }
    }

    pub(super) fn day(&self) -> Day {
        (self.now / DAY) as Day
    }

    pub(super) fn pass_days(&mut self, days: u32) {
        for _ in 0..days {
            self.pass_ms(DAY);
        }
    }

    /// At each midnight what is unpaid is late for one more day.
    pub(super) fn pass_ms(&mut self, ms: u64) {
        let today = self.day();
        if (self.now + ms) / DAY > u64::from(today) {
            let unpaid: Vec<Minor> = self.certificates.iter().map(|one| self.unpaid(one)).collect();
            for (certificate, unpaid) in self.certificates.iter_mut().zip(unpaid) {
                if certificate.decided == 'a' && today >= certificate.due {
                    certificate.late_sum += u128::from(unpaid);
                }
            }
        }
        self.now += ms;
    }

    fn leaves(&self, id: &CertificateId) -> Vec<usize> {
        (0..self.parts.len()).filter(|at| self.parts[*at].of == *id && !self.parts[*at].split).collect()
    }

    pub(super) fn unpaid(&self, certificate: &Certificate) -> Minor {
        self.leaves(&certificate.id).iter().map(|at| self.parts[*at].amount - self.parts[*at].paid).sum()
    }

    /// Half of the face, less what the guarantor paid, never more than is unpaid.
    pub(super) fn guaranteed(&self, certificate: &Certificate) -> Minor {
        match certificate.decided {
            'a' | 'c' => (certificate.face / 2 - certificate.by_guarantor).min(self.unpaid(certificate)),
            _ => 0,
        }
    }

    /// 10 % a year of 360 days, rounded half up.
    pub(super) fn interest_due(&self, certificate: &Certificate) -> Minor {
        let exact = certificate.late_sum * 2 * 100_000;
        let year = 360 * 1_000_000;
        (((exact + year) / (2 * year)) as Minor) - certificate.interest_paid
    }

    pub(super) fn owed(&self) -> Minor {
        let accepted = self.certificates.iter().filter(|one| matches!(one.decided, 'a' | 'c'));
        accepted.map(|one| self.unpaid(one) + one.by_guarantor - one.reimbursed).sum()
    }

    pub(super) fn all_guaranteed(&self) -> Minor {
        self.certificates.iter().map(|one| self.guaranteed(one)).sum()
    }

    fn days_late(&self, certificate: &Certificate) -> i64 {
        i64::from(self.day()) - i64::from(certificate.due)
    }

    fn dead(&self, certificate: &Certificate) -> bool {
        certificate.decided == 'r' || certificate.decided == 'p' && self.day() > certificate.lapses
    }

    /// The part and certificate if the part may be disposed of by its holder.
    fn free(&self, id: &PartId, who: &[Party]) -> Option<usize> {
        let at = self.parts.iter().position(|part| part.id == *id)?;
        let part = &self.parts[at];
        let certificate = self.certificates.iter().find(|one| one.id == part.of)?;
        let whole = !part.split && part.paid == 0 && part.pledge.is_none() && part.lock.is_none();
        let lives = certificate.decided == 'a' && self.days_late(certificate) < 0 && !certificate.frozen;
        (whole && lives && who.contains(&part.holder)).then_some(at)
    }

    /// Whether the wish is granted; then it is done. The ids of what is new are told by the rules.
    pub(super) fn step(
        &mut self,
        wish: &Transaction,
        who: &[Party],
        id: Hash,
        new: &[(PartId, Minor)],
    ) -> bool {
        let done = match wish {
            Transaction::Propose(wish) => self.propose(wish, who, id),
            Transaction::Accept(wish) => self.accept(&wish.certificate, who),
            Transaction::Reject(wish) => self.reject(&wish.certificate, who),
            Transaction::Split(wish) => self.split(wish, who, new),
            Transaction::Transfer(wish) => self.transfer(wish, who),
            Transaction::Pledge(wish) => self.pledge(wish, who),
            Transaction::Release(wish) => self.release(&wish.part, who),
            Transaction::PostRate(wish) => self.post_rate(wish, who, id),
            Transaction::TakeOffer(wish) => self.take(wish, who, id),
            Transaction::SettleLock(wish) => self.settle_lock(wish, who),
            Transaction::ExpireLock(wish) => self.expire_lock(wish),
            Transaction::Pay(wish) => self.pay(wish, who),
            Transaction::WriteOff(wish) => self.write_off(wish, who),
            Transaction::Freeze(wish) => self.freeze(wish, who),
            Transaction::CourtTransfer(wish) => self.court(wish),
            Transaction::RegisterUnits(wish) => self.register(wish, who),
            Transaction::AdjustUnit(wish) => self.adjust(wish, who),
            Transaction::PlaceLien(wish) => self.lien(wish, id),
            Transaction::SettleUnit(wish) => self.settle_unit(wish, who),
            other => panic!("no such wish is made: {other:?}"),
        };
        done.is_some()
    }

    fn propose(&mut self, wish: &Propose, who: &[Party], id: Hash) -> Option<()> {
        let today = self.day();
        let days = i64::from(wish.due_day) - i64::from(wish.issue_day);
        let in_time = (0..=200).contains(&days) && (days <= 180 || wish.tenor_reason.is_some());
        let distinct = wish.fingerprints.len() == 1 || wish.fingerprints[0] != wish.fingerprints[1];
        if !who.contains(&wish.supplier) || wish.supplier == member(BUYER) || wish.face == 0 || !distinct {
            return None;
        }
        if !in_time || wish.issue_day > today || wish.due_day <= today {
            return None;
        }
        let shares =
            |one: &Certificate| one.fingerprints.iter().any(|print| wish.fingerprints.contains(print));
        if self.certificates.iter().any(|one| shares(one) && !self.dead(one)) {
            return None;
        }
        self.certificates.push(Certificate {
            id,
            supplier: wish.supplier,
            face: wish.face,
            due: wish.due_day,
            lapses: (today + 30).min(wish.due_day - 1),
            fingerprints: wish.fingerprints.clone(),
            decided: 'p',
            frozen: false,
            by_guarantor: 0,
            reimbursed: 0,
            written_off: 0,
            late_sum: 0,
            interest_paid: 0,
        });
        self.parts.push(Part {
            id,
            of: id,
            amount: wish.face,
            paid: 0,
            holder: wish.supplier,
            split: false,
            pledge: None,
            lock: None,
            recourse: Vec::new(),
        });
        Some(())
    }

    fn accept(&mut self, id: &CertificateId, who: &[Party]) -> Option<()> {
        let (owed, guaranteed) = (self.owed(), self.all_guaranteed());
        let one = self.certificates.iter().position(|one| one.id == *id)?;
        let alive = !self.dead(&self.certificates[one]);
        let one = &mut self.certificates[one];
        let fits = owed + one.face <= 1_000_000 && guaranteed + one.face / 2 <= 400_000;
        let may = who.contains(&member(BUYER)) && alive && one.decided == 'p' && !one.frozen && fits;
        may.then(|| one.decided = 'a')
    }

    fn reject(&mut self, id: &CertificateId, who: &[Party]) -> Option<()> {
        let one = self.certificates.iter().position(|one| one.id == *id)?;
        let alive = !self.dead(&self.certificates[one]);
        let one = &mut self.certificates[one];
        let may = who.contains(&member(BUYER)) || who.contains(&one.supplier);
        (may && alive && one.decided == 'p').then(|| one.decided = 'r')
    }

    fn split(&mut self, wish: &Split, who: &[Party], new: &[(PartId, Minor)]) -> Option<()> {
        let at = self.free(&wish.part, who)?;
        let sum: u128 = wish.amounts.iter().map(|amount| u128::from(*amount)).sum();
        let sound = wish.amounts.len() > 1 && wish.amounts.iter().all(|amount| *amount > 0);
        let leaves = self.leaves(&self.parts[at].of).len();
        if !sound || sum != u128::from(self.parts[at].amount) || leaves + wish.amounts.len() > 257 {
            return None;
        }
        self.parts[at].split = true;
        assert!(new.iter().map(|(_, amount)| amount).eq(&wish.amounts));
        for (id, amount) in new {
            let (of, holder) = (self.parts[at].of, self.parts[at].holder);
            let recourse = self.parts[at].recourse.clone();
            self.parts.push(Part {
                id: *id,
                of,
                amount: *amount,
                paid: 0,
                holder,
                split: false,
                pledge: None,
                lock: None,
                recourse,
            });
        }
        Some(())
    }

    fn transfer(&mut self, wish: &Transfer, who: &[Party]) -> Option<()> {
        let at = self.free(&wish.part, who)?;
        let part = &mut self.parts[at];
        if wish.to == part.holder || wish.recourse && part.recourse.len() == 8 {
            return None;
        }
        if wish.recourse {
            part.recourse.push(part.holder);
        }
        part.holder = wish.to;
        Some(())
    }

    fn pledge(&mut self, wish: &Pledge, who: &[Party]) -> Option<()> {
        let at = self.free(&wish.part, who)?;
        let part = &mut self.parts[at];
        let sound = wish.to != part.holder && (1..=part.amount).contains(&wish.secured);
        sound.then(|| part.pledge = Some((wish.to, wish.secured)))
    }

    fn release(&mut self, id: &PartId, who: &[Party]) -> Option<()> {
        let part = self.parts.iter_mut().find(|part| part.id == *id)?;
        let pledgee = part.pledge?.0;
        who.contains(&pledgee).then(|| part.pledge = None)
    }

    fn post_rate(&mut self, wish: &PostRate, who: &[Party], id: Hash) -> Option<()> {
        let sound = wish.bands[0].amount_min <= wish.bands[0].amount_max && wish.until_ms > self.now;
        (who.contains(&member(FUNDER)) && sound).then(|| self.rates.push((id, wish.clone(), 0)))
    }

    fn take(&mut self, wish: &TakeOffer, who: &[Party], id: Hash) -> Option<()> {
        let at = self.free(&wish.part, who)?;
        let Offer::Posted(rate) = wish.offer else { return None };
        let rate = self.rates.iter().position(|(id, ..)| *id == rate)?;
        let (_, table, spent) = &self.rates[rate];
        let (part, band) = (&self.parts[at], &table.bands[0]);
        let due = self.certificates.iter().find(|one| one.id == part.of)?.due;
        let days = u64::from(due - self.day());
        let fits = band.buyer_class == 1
            && days <= u64::from(band.days_max)
            && band.amount_min <= part.amount
            && part.amount <= band.amount_max
            && self.now < table.until_ms;
        let in_time = wish.until_ms > self.now && wish.until_ms <= self.now + 2 * DAY;
        let fee_fits = u128::from(band.fee) * 100 <= u128::from(part.amount);
        let recourse_fits = !table.recourse || part.recourse.len() < 8;
        // Rounded half up: twice the exact discount, plus one, halved.
        let exact = u128::from(part.amount) * u128::from(band.rate_ppm) * u128::from(days);
        let discount = ((exact * 2 + 360_000_000) / 720_000_000) as Minor;
        let price = part.amount.checked_sub(discount + band.fee)?;
        let priced = price > 0 && price >= wish.price_min && spent + price <= table.budget;
        if !fits || !in_time || !fee_fits || !recourse_fits || !priced || part.holder == member(FUNDER) {
            return None;
        }
        let recourse = table.recourse;
        self.rates[rate].2 += price;
        let lock = Lock { to: FUNDER, price, key: id, until: wish.until_ms, rate, recourse };
        self.parts[at].lock = Some(lock);
        Some(())
    }

    fn locked(&self, id: &PartId, key: &Hash) -> Option<usize> {
        let has = |part: &Part| part.id == *id && part.lock.as_ref().is_some_and(|lock| lock.key == *key);
        self.parts.iter().position(has)
    }

    fn settle_lock(&mut self, wish: &SettleLock, who: &[Party]) -> Option<()> {
        let at = self.locked(&wish.part, &wish.key)?;
        let one = self.certificates.iter().find(|one| one.id == self.parts[at].of)?;
        let fits = !one.frozen && self.days_late(one) < 0 && !self.references.contains(&wish.reference);
        let in_time = self.parts[at].lock.as_ref()?.until > self.now;
        if !who.contains(&member(NETWORK)) || !fits || !in_time {
            return None;
        }
        self.references.push(wish.reference);
        let part = &mut self.parts[at];
        let lock = part.lock.take()?;
        if lock.recourse {
            part.recourse.push(part.holder);
        }
        part.holder = member(lock.to);
        Some(())
    }

    fn expire_lock(&mut self, wish: &ExpireLock) -> Option<()> {
        let at = self.locked(&wish.part, &wish.key)?;
        (self.parts[at].lock.as_ref()?.until <= self.now).then(|| self.unlock(at))
    }

    fn unlock(&mut self, at: usize) {
        if let Some(lock) = self.parts[at].lock.take() {
            self.rates[lock.rate].2 -= lock.price;
        }
    }

    fn pay(&mut self, wish: &Pay, who: &[Party]) -> Option<()> {
        let at = self.certificates.iter().position(|one| one.id == wish.certificate)?;
        let one = &self.certificates[at];
        let used = self.references.contains(&wish.reference);
        if !who.contains(&member(NETWORK)) || one.decided != 'a' || used {
            return None;
        }
        if let Payer::Recourse(part) = wish.payer {
            return self.pay_recourse(wish, at, &part);
        }
        let (unpaid, due, owed) =
            (self.unpaid(one), self.interest_due(one), one.by_guarantor - one.reimbursed);
        let by_guarantor = wish.payer == Payer::Guarantor(());
        let most = if by_guarantor { self.guaranteed(one) } else { unpaid + owed };
        let early = by_guarantor && (self.days_late(one) < 0 || wish.interest > 0);
        if early || wish.principal + wish.interest == 0 || wish.principal > most || wish.interest > due {
            return None;
        }
        let leaves = self.leaves(&wish.certificate);
        let runs = |at: &usize| self.parts[*at].lock.as_ref().is_some_and(|lock| lock.until > self.now);
        if leaves.iter().any(runs) {
            return None;
        }
        leaves.iter().for_each(|at| self.unlock(*at));
        let to_holders = wish.principal.min(unpaid);
        self.share(&leaves, to_holders, unpaid);
        self.references.push(wish.reference);
        let one = &mut self.certificates[at];
        one.interest_paid += wish.interest;
        if by_guarantor {
            one.by_guarantor += to_holders;
        } else {
            one.reimbursed += wish.principal - to_holders;
        }
        one.written_off = one.written_off.min(unpaid - to_holders);
        let repaid = one.by_guarantor == one.reimbursed;
        if to_holders == unpaid && wish.interest == due && repaid {
            one.decided = 'c';
        }
        Some(())
    }

    /// Whole units first; then one each to whoever is furthest below its exact share, the smaller id first.
    fn share(&mut self, leaves: &[usize], amount: Minor, unpaid: Minor) {
        if unpaid == 0 {
            return;
        }
        let exact = |part: &Part| u128::from(amount) * u128::from(part.amount - part.paid);
        let mut given: Vec<(usize, Minor, u128)> = Vec::new();
        for at in leaves {
            let exact = exact(&self.parts[*at]);
            given.push((*at, (exact / u128::from(unpaid)) as Minor, exact % u128::from(unpaid)));
        }
        let mut left = amount - given.iter().map(|(_, minor, _)| minor).sum::<Minor>();
        while left > 0 {
            let before = |one: &(usize, Minor, u128), other: &(usize, Minor, u128)| {
                one.2 > other.2 || one.2 == other.2 && self.parts[one.0].id < self.parts[other.0].id
            };
            let mut best = 0;
            for place in 1..given.len() {
                if before(&given[place], &given[best]) {
                    best = place;
                }
            }
            given[best].1 += 1;
            given[best].2 = 0;
            left -= 1;
        }
        for (at, minor, _) in given {
            let part = &mut self.parts[at];
            part.paid += minor;
            if let Some((_, secured)) = &mut part.pledge {
                *secured -= minor.min(*secured);
                if *secured == 0 {
                    part.pledge = None;
                }
            }
        }
    }

    fn pay_recourse(&mut self, wish: &Pay, at: usize, id: &PartId) -> Option<()> {
        let one = &self.certificates[at];
        let part = self.parts.iter().position(|part| part.id == *id && part.of == one.id)?;
        let defaulted = self.days_late(one) >= 33 && !one.frozen;
        let whole = !self.parts[part].split && self.parts[part].pledge.is_none();
        let unpaid = self.parts[part].amount - self.parts[part].paid;
        let right = unpaid > 0 && wish.principal == unpaid && wish.interest == 0;
        if !defaulted || !whole || !right || self.parts[part].recourse.is_empty() {
            return None;
        }
        self.unlock(part);
        self.references.push(wish.reference);
        self.parts[part].holder = self.parts[part].recourse.pop()?;
        Some(())
    }

    fn write_off(&mut self, wish: &WriteOff, who: &[Party]) -> Option<()> {
        let at = self.certificates.iter().position(|one| one.id == wish.certificate)?;
        let one = &self.certificates[at];
        let (unpaid, due) = (self.unpaid(one), self.interest_due(one));
        let defaulted = one.decided == 'a' && self.days_late(one) >= 33;
        if !who.contains(&member(NETWORK)) || !defaulted || wish.amount == 0 {
            return None;
        }
        let one = &mut self.certificates[at];
        if unpaid > 0 {
            return (one.written_off + wish.amount <= unpaid).then(|| one.written_off += wish.amount);
        }
        if wish.amount != due {
            return None;
        }
        one.interest_paid += due;
        if one.by_guarantor == one.reimbursed {
            one.decided = 'c';
        }
        Some(())
    }

    fn freeze(&mut self, wish: &Freeze, who: &[Party]) -> Option<()> {
        let at = self.certificates.iter().position(|one| one.id == wish.certificate)?;
        let over = self.dead(&self.certificates[at]) || self.certificates[at].decided == 'c';
        let one = &mut self.certificates[at];
        let may = who.contains(&member(COURT)) && !(over && wish.frozen) && one.frozen != wish.frozen;
        may.then(|| one.frozen = wish.frozen)
    }

    fn court(&mut self, wish: &CourtTransfer) -> Option<()> {
        let at = self.parts.iter().position(|part| part.id == wish.part)?;
        let one = self.certificates.iter().find(|one| one.id == self.parts[at].of)?;
        let part = &self.parts[at];
        let open = !part.split && part.paid < part.amount && part.holder != wish.to;
        if !open || one.decided != 'a' || self.days_late(one) >= 0 {
            return None;
        }
        self.unlock(at);
        let part = &mut self.parts[at];
        part.holder = wish.to;
        part.pledge = part.pledge.filter(|(pledgee, _)| *pledgee != wish.to);
        Some(())
    }

    fn register(&mut self, wish: &RegisterUnits, who: &[Party]) -> Option<()> {
        let today = self.day();
        let ids: Vec<Hash> = wish.units.iter().map(|unit| unit_id(NETWORK, &wish.merchant, unit)).collect();
        let known = |id: &Hash| self.units.iter().position(|unit| unit.0 == *id);
        let may = |(id, unit): (&Hash, &NewUnit)| match known(id) {
            Some(at) => !self.units[at].4 && !self.units[at].5,
            None => unit.day >= today,
        };
        if !who.contains(&member(NETWORK)) || ids[0] == ids[1] || !ids.iter().zip(&wish.units).all(may) {
            return None;
        }
        for (id, unit) in ids.iter().zip(&wish.units) {
            self.units.retain(|other| other.0 != *id);
            self.units.push((*id, wish.merchant, unit.amount, unit.day, unit.fixed, false));
        }
        Some(())
    }

    fn adjust(&mut self, wish: &AdjustUnit, who: &[Party]) -> Option<()> {
        let unit = self.units.iter_mut().find(|unit| unit.0 == wish.unit)?;
        let sound = unit.4 && !unit.5 && wish.less > 0 && wish.less <= unit.2;
        (sound && who.contains(&member(NETWORK))).then(|| unit.2 -= wish.less)
    }

    fn lien(&mut self, wish: &PlaceLien, id: Hash) -> Option<()> {
        let today = self.day();
        let sound = wish.owed > 0 && wish.share_ppm > 0 && wish.cap_per_day > 0 && wish.end_day > today;
        let open = |one: &&Advance| {
            one.terms.merchant == wish.merchant && one.repaid < one.terms.owed && today <= one.terms.end_day
        };
        let room = self.advances.iter().filter(open).count() < 16;
        if !sound || !room || self.references.contains(&wish.reference) {
            return None;
        }
        self.references.push(wish.reference);
        self.advances.push(Advance { id, terms: wish.clone(), repaid: 0, taken: Vec::new() });
        Some(())
    }

    fn settle_unit(&mut self, wish: &SettleUnit, who: &[Party]) -> Option<()> {
        let today = self.day();
        let used = self.references.contains(&wish.reference);
        let unit = self.units.iter_mut().find(|unit| unit.0 == wish.unit)?;
        if !who.contains(&member(NETWORK)) || !unit.4 || unit.5 || unit.3 > today || used {
            return None;
        }
        unit.5 = true;
        let mut left = unit.2;
        for advance in self.advances.iter_mut().filter(|advance| advance.terms.merchant == unit.1) {
            let on_day: Minor =
                advance.taken.iter().filter(|(day, _)| *day == today).map(|(_, minor)| minor).sum();
            let share = (u128::from(unit.2) * u128::from(advance.terms.share_ppm) / 1_000_000) as Minor;
            let mut takes = share.min(left).min(advance.terms.owed - advance.repaid);
            takes = takes.min(advance.terms.cap_per_day - on_day);
            if today > advance.terms.end_day {
                takes = 0;
            }
            advance.taken.push((today, takes));
            advance.repaid += takes;
            left -= takes;
        }
        self.references.push(wish.reference);
        Some(())
    }
}
