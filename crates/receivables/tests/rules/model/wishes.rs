//! Random wishes about what is there, and now and then about what is not, mostly by who may.

use fastrand::Rng;

use receivables::Hash;
use receivables::identity::Party;
use receivables::state::{DAY_MS, PartRecord, Stage};
use receivables::transaction::*;

use crate::world::*;

/// A wish and who signs it.
pub(super) fn wish(random: &mut Rng, world: &World) -> (Transaction, Vec<Party>) {
    let part = any_part(random, world);
    let certificate = any_certificate(random, world);
    let holder = world.state.part(&part).map_or(party(1), |part| part.holder);
    let amount = world.state.part(&part).map_or(10, |part| part.amount);
    let now = world.block.time_ms;
    let (wish, who) = match random.u32(..100) {
        0..9 => propose(random, world),
        9..18 => (Transaction::Accept(CertificateRef { certificate }), member(BUYER)),
        18..20 => (Transaction::Reject(Reject { certificate, reason: 1 }), member(BUYER)),
        20..28 => (Transaction::Split(Split { part, amounts: amounts(random, amount) }), holder),
        28..38 => {
            let wish = Transfer { part, to: somebody(random), recourse: random.u32(..3) == 0 };
            (Transaction::Transfer(wish), holder)
        }
        38..43 => {
            let wish = Pledge { part, to: somebody(random), secured: random.u64(0..=amount + 1) };
            (Transaction::Pledge(wish), holder)
        }
        43..46 => {
            let pledgee =
                world.state.part(&part).and_then(|part| part.pledge.as_ref()).map(|pledge| pledge.to);
            (Transaction::Release(PartRef { part }), pledgee.unwrap_or(holder))
        }
        46..48 => post_rate(random, now),
        48..57 => {
            let offer = Offer::Posted(any(random, world.state.rates().map(|(id, _)| *id)));
            let until_ms = now + random.u64(0..=2 * DAY_MS + 1);
            let wish = TakeOffer { part, offer, price_min: random.u64(..amount.max(1)) / 2, until_ms };
            (Transaction::TakeOffer(wish), holder)
        }
        57..62 => {
            let (part, key) = any_lock(random, world);
            let reference = hash(random.u64(..20_000));
            let wish = SettleLock { part, key, reference, registries: Vec::new() };
            (Transaction::SettleLock(wish), member(NETWORK))
        }
        62..65 => {
            let (part, key) = any_lock(random, world);
            (Transaction::ExpireLock(ExpireLock { part, key }), member(RIVAL))
        }
        65..80 => {
            let certificate = any_accepted(random, world);
            (pay(random, world, certificate), member(NETWORK))
        }
        80..82 => {
            let certificate = any_accepted(random, world);
            let wish = WriteOff { certificate, amount: random.u64(..5_000), reason: 1 };
            (Transaction::WriteOff(wish), member(NETWORK))
        }
        82..85 => {
            let wish = Freeze { certificate, frozen: random.u32(..3) == 0, order: hash(1) };
            (Transaction::Freeze(wish), member(COURT))
        }
        85..87 => {
            let wish = CourtTransfer { part, to: somebody(random), order: hash(1) };
            return (Transaction::CourtTransfer(wish), GOVERNORS.map(member).to_vec());
        }
        87..91 => register_units(random, world),
        91..94 => {
            let unit = any(random, world.state.units().map(|(id, _)| *id));
            let wish = AdjustUnit { unit, less: random.u64(..300), reason: UnitReason::Chargeback };
            (Transaction::AdjustUnit(wish), member(NETWORK))
        }
        94..95 => return place_lien(random, world),
        _ => {
            let unit = any(random, world.state.units().map(|(id, _)| *id));
            let wish = SettleUnit { unit, reference: hash(random.u64(..20_000)) };
            (Transaction::SettleUnit(wish), member(NETWORK))
        }
    };
    let who = if random.u32(..25) == 0 { member(random.u32(1..8)) } else { who };
    (wish, vec![who])
}

/// Any of these, or now and then one that is not there.
fn any(random: &mut Rng, ids: impl Iterator<Item = Hash>) -> Hash {
    let ids: Vec<Hash> = ids.collect();
    if ids.is_empty() || random.u32(..50) == 0 { hash(999) } else { ids[random.usize(..ids.len())] }
}

fn any_part(random: &mut Rng, world: &World) -> PartId {
    let lives = |part: &PartRecord| {
        let certificate = world.state.certificate(&part.certificate);
        certificate.is_some_and(|one| one.stage(world.day()) == Stage::Live)
    };
    let live = world.state.parts().filter(|(_, part)| !part.split && part.unpaid() > 0 && lives(part));
    if random.u32(..12) == 0 {
        any(random, world.state.parts().map(|(id, _)| *id))
    } else {
        any(random, live.map(|(id, _)| *id))
    }
}

fn any_certificate(random: &mut Rng, world: &World) -> CertificateId {
    let over = |stage| matches!(stage, Stage::Closed | Stage::Rejected);
    let open = world.state.certificates().filter(|(_, record)| !over(record.stage(world.day())));
    let open = open.map(|(id, _)| *id);
    if random.u32(..20) == 0 {
        any(random, world.state.certificates().map(|(id, _)| *id))
    } else {
        any(random, open)
    }
}

fn any_accepted(random: &mut Rng, world: &World) -> CertificateId {
    let owed = |stage| !matches!(stage, Stage::Proposed | Stage::Closed | Stage::Rejected);
    let accepted = world.state.certificates().filter(|(_, record)| owed(record.stage(world.day())));
    any(random, accepted.map(|(id, _)| *id))
}

fn any_lock(random: &mut Rng, world: &World) -> (PartId, Hash) {
    let part = any(random, world.state.parts().filter(|(_, part)| part.lock.is_some()).map(|(id, _)| *id));
    let lock = world.state.part(&part).and_then(|part| part.lock.as_ref()).map(|lock| lock.key);
    (part, lock.filter(|_| random.u32(..20) > 0).unwrap_or(hash(998)))
}

fn somebody(random: &mut Rng) -> Party {
    match random.u32(..10) {
        0 => member(BANK),
        1 => member(RIVAL),
        2 => member(GUARANTOR),
        _ => party(random.u8(1..6)),
    }
}

fn propose(random: &mut Rng, world: &World) -> (Transaction, Party) {
    let days = if random.u32(..8) == 0 { random.u32(..260) } else { random.u32(..60) };
    let mut wish = world.proposal(random.u64(..400), random.u64(..60_000), days);
    wish.supplier = if random.u32(..12) == 0 { member(BUYER) } else { party(random.u8(1..6)) };
    if random.u32(..5) == 0 {
        wish.issue_day -= random.u32(..20);
    }
    wish.tenor_reason = random.bool().then_some(1);
    if random.bool() {
        wish.fingerprints.push(hash(random.u64(..400)));
        wish.fingerprints.sort_unstable();
    }
    let supplier = wish.supplier;
    (Transaction::Propose(wish), supplier)
}

fn amounts(random: &mut Rng, whole: Minor) -> Vec<Minor> {
    let first = random.u64(0..=whole);
    match random.u32(..8) {
        0 => vec![first, whole],
        1 => vec![whole],
        2 => {
            let second = random.u64(0..=whole - first);
            vec![first, second, whole - first - second]
        }
        _ => vec![first, whole - first],
    }
}

fn post_rate(random: &mut Rng, now: TimeMs) -> (Transaction, Party) {
    let band = RateBand {
        buyer_class: u8::from(random.u32(..6) > 0),
        days_max: random.u16(10..200),
        amount_min: random.u64(..100),
        amount_max: random.u64(50..200_000),
        rate_ppm: random.u32(..400_000),
        fee: if random.bool() { 0 } else { random.u64(..100) },
    };
    let wish = PostRate {
        funder: FUNDER,
        currency: cny(),
        bands: vec![band],
        budget: random.u64(..400_000),
        until_ms: now + random.u64(0..30 * DAY_MS),
        recourse: random.bool(),
        replaces: None,
    };
    (Transaction::PostRate(wish), member(FUNDER))
}

fn pay(random: &mut Rng, world: &World, certificate: CertificateId) -> Transaction {
    let record = world.state.certificate(&certificate);
    let unpaid = record.map_or(10, |record| record.unpaid());
    let due = record.map_or(0, |record| record.interest_due(world.day()));
    let leaves = record.map_or(Vec::new(), |record| record.leaves.clone());
    let mut principal = if random.bool() { unpaid } else { random.u64(0..=unpaid + 2) };
    let mut interest = if random.bool() { due } else { random.u64(0..=due + 1) };
    let payer = match random.u32(..8) {
        0 | 1 => {
            interest = interest.min(random.u64(..2));
            Payer::Guarantor(())
        }
        2 if !leaves.is_empty() => {
            let part = leaves[random.usize(..leaves.len())];
            principal = world.state.part(&part).map_or(0, |part| part.unpaid());
            interest = 0;
            Payer::Recourse(part)
        }
        _ => Payer::Buyer(()),
    };
    Transaction::Pay(Pay { certificate, payer, principal, interest, reference: hash(random.u64(..20_000)) })
}

fn register_units(random: &mut Rng, world: &World) -> (Transaction, Party) {
    let mut unit = || NewUnit {
        scheme: random.u16(..3),
        currency: cny(),
        day: world.day() + random.u32(..3),
        amount: random.u64(..2_000),
        fixed: random.bool(),
    };
    let units = vec![unit(), unit()];
    let wish = RegisterUnits { registrar: NETWORK, merchant: party(random.u8(1..3)), units };
    (Transaction::RegisterUnits(wish), member(NETWORK))
}

fn place_lien(random: &mut Rng, world: &World) -> (Transaction, Vec<Party>) {
    let merchant = party(random.u8(1..3));
    let wish = PlaceLien {
        merchant,
        funder: if random.bool() { FUNDER } else { RIVAL },
        currency: cny(),
        owed: random.u64(..3_000),
        share_ppm: random.u32(..600_000),
        cap_per_day: random.u64(..800),
        end_day: world.day() + random.u32(..40),
        consent: hash(1),
        reference: hash(random.u64(..20_000)),
    };
    let funder = member(wish.funder);
    (Transaction::PlaceLien(wish), vec![merchant, funder])
}
