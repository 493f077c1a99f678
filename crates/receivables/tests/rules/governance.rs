//! Members, keys, programmes and validators: two thirds of those who vote, and whoever is bound.

use receivables::identity::{KeyGrant, Purpose, Purposes, Role};
use receivables::transaction::*;
use receivables::{Event, Refusal};

use crate::world::*;

#[test]
fn a_quorum_is_two_thirds_of_the_members_that_vote() {
    let mut world = World::new();
    let wish = Transaction::RegisterMember(registration(9, &[Role::Funder]));
    let keys = |ids: &[u32]| ids.iter().map(|id| key(*id, 0)).collect::<Vec<_>>();
    assert_eq!(world.ask(wish.clone(), &keys(&[1, 2])), Err(Refusal::NoQuorum), "2 of 4");
    assert_eq!(world.ask(wish.clone(), &keys(&[1, 2, 6, 7])), Err(Refusal::NoQuorum), "others do not vote");
    assert_eq!(world.ask(wish.clone(), &[key(1, 0), key(1, 1), key(2, 0)]), Err(Refusal::NoQuorum));
    world.ask(wish.clone(), &keys(&[1, 2, 3])).unwrap();
    assert_eq!(world.ask(wish, &keys(&[1, 2, 3])), Err(Refusal::Exists), "its keys exist");
    let mut suspended = registration(COURT, &[Role::Validator]);
    (suspended.status, suspended.keys) = (MemberStatus::Suspended, Vec::new());
    world.govern(Transaction::RegisterMember(suspended), &[]).unwrap();
    let other = Transaction::RegisterMember(registration(10, &[]));
    assert_eq!(world.ask(other.clone(), &[key(COURT, 0)]), Err(Refusal::UnknownKey), "a suspended key");
    world.ask(other, &keys(&[1, 2])).unwrap();
}

#[test]
fn a_suspended_sponsors_parties_stand_still() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 90);
    let mut suspended = registration(BANK, &[Role::Validator, Role::Sponsor, Role::Funder]);
    (suspended.status, suspended.keys) = (MemberStatus::Suspended, Vec::new());
    world.govern(Transaction::RegisterMember(suspended), &[]).unwrap();
    let split = Transaction::Split(Split { part: id, amounts: vec![1, 999] });
    assert_eq!(world.by(party(1), split), Err(Refusal::UnknownKey));
    world.pay(id, Payer::Buyer(()), 1_000, 0).unwrap();
}

fn rotation(from_height: u64) -> RotateKey {
    RotateKey { member: BUYER, old: key(BUYER, 0), new: Some(key(BUYER, 2)), from_height }
}

#[test]
fn keys_rotate_and_old_ones_count_until_then() {
    let mut world = World::new();
    world.block.height = 10;
    let mut ask =
        |wish: RotateKey, keys: &[[u8; 32]]| world.ask(Transaction::RotateKey(wish), keys).map(drop);
    let own = [key(BUYER, 0), key(BUYER, 1)];
    assert_eq!(ask(rotation(20), &[key(BUYER, 1)]), Err(Refusal::NotAllowed), "without the old key");
    assert_eq!(ask(rotation(10), &own), Err(Refusal::BadTerms), "from now on is too early");
    assert_eq!(ask(RotateKey { new: Some(key(BANK, 0)), ..rotation(20) }, &own), Err(Refusal::Exists));
    assert_eq!(ask(RotateKey { new: Some([0; 32]), ..rotation(20) }, &own), Err(Refusal::BadTerms));
    assert_eq!(ask(rotation(20), &own), Ok(()));
    assert_eq!(ask(RotateKey { new: None, ..rotation(21) }, &own), Err(Refusal::BadTerms), "it ends before");
    let wish = world.proposal(1, 10, 90);
    let certificate = world.propose(wish).unwrap();
    let mut accept = |height: u64, key: [u8; 32]| {
        world.block.height = height;
        world.ask(Transaction::Accept(CertificateRef { certificate }), &[key]).map(drop)
    };
    assert_eq!(accept(19, key(BUYER, 2)), Err(Refusal::UnknownKey));
    assert_eq!(accept(20, key(BUYER, 0)), Err(Refusal::UnknownKey));
    assert_eq!(accept(20, key(BUYER, 2)), Ok(()));
}

#[test]
fn a_lost_key_is_replaced_by_governance_after_a_wait() {
    let mut world = World::new();
    let height = world.block.height;
    let early = Transaction::RotateKey(rotation(height + 99));
    assert_eq!(world.govern(early, &[]), Err(Refusal::BadTerms));
    let later = Transaction::RotateKey(rotation(height + 100));
    world.govern(later, &[]).unwrap();
    let end = RotateKey { old: key(BUYER, 1), new: None, ..rotation(height + 200) };
    world.govern(Transaction::RotateKey(end), &[]).unwrap();
    assert_eq!(world.state.member(BUYER).unwrap().keys.len(), 3);
}

#[test]
fn only_a_governing_key_changes_keys() {
    let mut world = World::new();
    let mut member = registration(11, &[]);
    let plain = Purposes::of(&[Purpose::Dispose]);
    member.keys.iter_mut().for_each(|grant: &mut KeyGrant| grant.purposes = plain);
    world.govern(Transaction::RegisterMember(member), &[]).unwrap();
    let wish = RotateKey { member: 11, old: key(11, 0), new: None, from_height: 50 };
    assert_eq!(world.ask(Transaction::RotateKey(wish), &[key(11, 0), key(11, 1)]), Err(Refusal::NotAllowed));
}

#[test]
fn a_programme_keeps_its_buyer_and_a_guarantor_in_need() {
    let mut world = World::new();
    world.live(1, 1_000, 90);
    let guarantee = programme().guarantee.unwrap();
    let cases = [
        (SetProgramme { buyer: member(RIVAL), ..programme() }, Refusal::BadTerms),
        (SetProgramme { currency: money::Currency::parse("EUR").unwrap(), ..programme() }, Refusal::BadTerms),
        (SetProgramme { guarantee: None, ..programme() }, Refusal::BadTerms),
        (SetProgramme { tenor_days_max: 0, ..programme() }, Refusal::BadTerms),
        (SetProgramme { fee_ppm_max: 1_000_001, ..programme() }, Refusal::BadTerms),
        (SetProgramme { limit: u64::MAX, ..programme() }, Refusal::BadAmount),
        (
            SetProgramme {
                guarantee: Some(Guarantee { share_ppm: 1_000_001, ..guarantee.clone() }),
                ..programme()
            },
            Refusal::BadTerms,
        ),
        (
            SetProgramme { guarantee: Some(Guarantee { member: RIVAL, ..guarantee }), ..programme() },
            Refusal::UnknownMember,
        ),
    ];
    for (terms, expected) in cases {
        let answer = world.govern(Transaction::SetProgramme(terms), &[BUYER, GUARANTOR, RIVAL]);
        assert_eq!(answer, Err(expected));
    }
    let fresh = SetProgramme { programme: 2, buyer: party(7), guarantee: None, ..programme() };
    assert_eq!(
        world.govern(Transaction::SetProgramme(fresh), &[]),
        Err(Refusal::UnknownParty),
        "a buyer that nobody vouches for"
    );
}

#[test]
fn validators_are_named_two_epochs_ahead() {
    let mut world = World::new();
    let ids = [BANK, FUNDER, NETWORK, COURT];
    let set = |epoch, ids: &[u32]| {
        let validators = ids.iter().map(|id| validator(*id)).collect();
        Transaction::SetValidators(SetValidators { epoch, validators })
    };
    assert_eq!(world.govern(set(1, &ids), &[]), Err(Refusal::BadTerms));
    assert_eq!(world.govern(set(2, &ids[..3]), &[]), Err(Refusal::BadTerms), "three cannot lose one");
    assert_eq!(world.govern(set(2, &[1, 2, 3, 3]), &[]), Err(Refusal::BadTerms), "each once");
    assert_eq!(world.govern(set(2, &[1, 2, 3, RIVAL]), &[]), Err(Refusal::UnknownMember));
    let mut fifth = registration(12, &[Role::Validator]);
    fifth.keys.truncate(1);
    world.govern(Transaction::RegisterMember(fifth), &[]).unwrap();
    let keys: Vec<_> = [1, 2, 3, 4].iter().map(|id| key(*id, 0)).collect();
    let events = world.ask(set(2, &[1, 2, 3, 4, 12]), &keys).unwrap();
    assert!(matches!(events[..], [Event::ValidatorsSet(_)]));
    let size = |epoch| world.state.validators(epoch).len();
    assert_eq!((size(0), size(1), size(2), size(9)), (4, 4, 5, 5));
}

#[test]
fn a_genesis_that_cannot_be_is_refused() {
    type Change = fn(&mut receivables::Genesis);
    let cases: [(&str, Change, Refusal); 4] = [
        ("a member twice", |genesis| genesis.members.push(genesis.members[0].clone()), Refusal::Exists),
        (
            "a key twice",
            |genesis| genesis.members[1].keys[0].key = genesis.members[0].keys[0].key,
            Refusal::Exists,
        ),
        ("three validators", |genesis| genesis.validators.truncate(3), Refusal::BadTerms),
        (
            "a validator that is no member",
            |genesis| genesis.validators[0].member = 99,
            Refusal::UnknownMember,
        ),
    ];
    for (what, change, expected) in cases {
        let mut genesis = genesis();
        change(&mut genesis);
        assert_eq!(receivables::State::genesis(&genesis).map(drop), Err(expected), "{what}");
    }
}
