//! One node's copy of the chain, block by block: what is taken in, proposed, judged, executed and counted.

pub(crate) mod figures;

use consensus::{Judgement, Machine as _, Round};
use receivables::codec::Codec as _;
use receivables::{Refusal, Signed};

use super::*;
use crate::block::{body_hash, header_of};
use crate::cast::{Cast, HARBOUR, Signer};
use crate::files::public_key;
use crate::pool::Full;

const BEGIN_MS: u64 = 1_772_323_200_000;

fn chain_of(cast: &Cast) -> Replica {
    let nodes: Vec<_> = (1..=4_u8)
        .map(|node| (public_key(&[node; 32]), format!("127.0.0.1:{node}").parse().unwrap()))
        .collect();
    Replica::new(&cast.genesis(BEGIN_MS, 64, &nodes), None, Bounds::default()).unwrap()
}

/// A network of one proposer and another node, block by block.
pub(crate) struct Two {
    cast: Cast,
    pub(crate) proposer: Replica,
    other: Replica,
    last: Vec<u8>,
    pub(crate) now_ms: u64,
}

impl Two {
    fn begin() -> Two {
        let cast = Cast::new(1);
        let (proposer, other) = (chain_of(&cast), chain_of(&cast));
        let last = proposer.first().encode();
        let mut two = Two { cast, proposer, other, last, now_ms: BEGIN_MS };
        let programme = two.cast.programme(two.proposer.chain(), two.now_ms, 1_000_000);
        assert!(matches!(two.settle(&programme), Outcome::Applied { .. }));
        two
    }

    fn propose(&mut self) -> Vec<u8> {
        self.now_ms += 1_000;
        let round = Round { epoch: 0, view: 1 };
        self.proposer.propose(round, &self.last, &[&self.last], self.now_ms).unwrap()
    }

    fn judge(&self, block: &[u8]) -> Judgement {
        self.other.judge(Round { epoch: 0, view: 1 }, &self.last, block, self.now_ms)
    }

    fn next(&mut self) -> Vec<u8> {
        let block = self.propose();
        assert_eq!(self.judge(&block), Judgement::Accept);
        for node in [&self.proposer, &self.other] {
            node.execute(&block, self.now_ms);
        }
        self.last = block.clone();
        block
    }

    fn settle(&mut self, (id, bytes): &(Hash, Vec<u8>)) -> Outcome {
        self.proposer.admit(bytes, self.now_ms).unwrap();
        self.next();
        self.proposer.outcome(id).unwrap().1
    }

    fn proposal(&self, supplier: &Signer, invoice: &str) -> (Hash, Vec<u8>) {
        self.cast.proposal(self.proposer.chain(), self.now_ms, supplier, 1_000, invoice)
    }
}

#[test]
fn bad_input_is_refused_at_admission_with_a_reason() {
    let mut two = Two::begin();
    let supplier = two.cast.supplier(1);
    let good = two.proposal(&supplier, "a");
    let stranger = Cast::new(2);
    let elsewhere = chain_of(&stranger);
    let changed = |change: &dyn Fn(&mut Signed)| {
        let mut signed = Signed::decode(&good.1).unwrap();
        change(&mut signed);
        signed.encode()
    };
    let rule = Refused::Rule;
    let cases: Vec<(&str, Vec<u8>, Refused)> = vec![
        ("nothing", Vec::new(), Refused::Malformed),
        ("cut short", good.1[..good.1.len() - 1].to_vec(), Refused::Malformed),
        ("a byte too many", [good.1.as_slice(), &[0]].concat(), Refused::Malformed),
        ("oversize", vec![7; 20_000], rule(Refusal::TooLarge)),
        ("unsigned", changed(&|signed| signed.signatures.clear()), rule(Refusal::Unsigned)),
        ("changed after signing", changed(&|signed| signed.nonce += 1), rule(Refusal::BadSignature)),
        (
            "a forged signature",
            changed(&|signed| signed.signatures[0].signature[3] ^= 1),
            rule(Refusal::BadSignature),
        ),
        (
            "signed for another chain",
            two.cast.proposal(elsewhere.chain(), two.now_ms, &supplier, 1_000, "b").1,
            rule(Refusal::BadSignature),
        ),
        (
            "expired",
            two.cast.proposal(two.proposer.chain(), two.now_ms - 600_000, &supplier, 1_000, "c").1,
            rule(Refusal::Expired),
        ),
        (
            "living too long",
            two.cast.proposal(two.proposer.chain(), two.now_ms + 3_600_000, &supplier, 1_000, "d").1,
            rule(Refusal::ExpiresTooLate),
        ),
        (
            "a stranger's",
            stranger.programme(two.proposer.chain(), two.now_ms, 1).1,
            rule(Refusal::UnknownKey),
        ),
    ];
    for (what, bytes, refused) in cases {
        assert_eq!(two.proposer.admit(&bytes, two.now_ms), Err(refused), "{what}");
    }
    assert_eq!(two.proposer.standing().waiting, 0);
    assert!(matches!(two.settle(&good), Outcome::Applied { events: 2, .. }));
    assert_eq!(two.proposer.admit(&good.1, two.now_ms), Err(rule(Refusal::Replayed)));
}

#[test]
fn what_slips_into_a_block_is_refused_again_at_execution() {
    let mut two = Two::begin();
    let (one, other) = (two.cast.supplier(1), two.cast.supplier(2));
    // Both are good on the state they are admitted on: one invoice, twice.
    let first = two.proposal(&one, "same");
    let second = two.proposal(&other, "same");
    two.proposer.admit(&first.1, two.now_ms).unwrap();
    two.proposer.admit(&second.1, two.now_ms).unwrap();
    assert_eq!(two.proposer.admit(&first.1, two.now_ms), Err(Refused::Full(Full::Duplicate)));
    two.next();
    let outcomes = [first.0, second.0].map(|id| two.other.outcome(&id).unwrap().1);
    let applied = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Applied { .. })).count();
    assert_eq!(applied, 1, "{outcomes:?}");
    assert!(outcomes.contains(&Outcome::Refused(Refusal::AlreadyFinanced)));
    assert_eq!(two.proposer.standing().log_root, two.other.standing().log_root);
}

type Change = fn(&mut Block);

#[test]
fn blocks_that_do_not_follow_are_refused() {
    let mut two = Two::begin();
    let supplier = two.cast.supplier(1);
    let good = two.proposal(&supplier, "a");
    two.proposer.admit(&good.1, two.now_ms).unwrap();
    let bytes = two.propose();
    let block = Block::decode(&bytes).unwrap();
    assert_eq!(block.transactions.len(), 1);
    let cases: [(&str, Change); 10] = [
        ("chain", |block| block.header.chain[0] ^= 1),
        ("version", |block| block.header.version += 1),
        ("epoch", |block| block.header.epoch += 1),
        ("log root", |block| block.header.log_root[0] ^= 1),
        ("log size", |block| block.header.log_size += 1),
        ("state root", |block| block.header.state_root[9] ^= 1),
        ("events", |block| block.header.events += 1),
        ("earlier than its parent", |block| block.header.time_ms = 5),
        ("a state to come", |block| block.header.executed_height = block.header.height),
        ("validators out of turn", |block| block.header.next_validators = Some([1; 32])),
    ];
    for (what, change) in cases {
        let mut changed = block.clone();
        change(&mut changed);
        assert!(matches!(two.judge(&changed.encode()), Judgement::Refuse(_)), "{what}");
    }
    let mut forged = block.clone();
    let mut transaction = forged.transactions[0].to_vec();
    *transaction.last_mut().unwrap() ^= 1;
    forged.transactions[0] = transaction.into();
    assert!(Block::parse(&forged.encode()).is_none(), "its body is not what its header commits to");
    forged.header.body = body_hash(&forged.transactions);
    assert!(matches!(two.judge(&forged.encode()), Judgement::Refuse(_)));
    let mut twice = block.clone();
    twice.transactions.push(twice.transactions[0].clone());
    twice.header.body = body_hash(&twice.transactions);
    assert!(matches!(two.judge(&twice.encode()), Judgement::Refuse(_)));
    let mut tomorrow = block.clone();
    tomorrow.header.time_ms += 86_400_000;
    assert_eq!(two.judge(&tomorrow.encode()), Judgement::Wait);
    assert_eq!(two.judge(&bytes), Judgement::Accept);
}

#[test]
fn blocks_survive_no_changed_byte() {
    let mut two = Two::begin();
    let good = two.proposal(&two.cast.supplier(1), "a");
    two.proposer.admit(&good.1, two.now_ms).unwrap();
    let bytes = two.propose();
    let digest = Block::parse(&bytes).unwrap().digest;
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(Block::parse(&changed).is_none_or(|parsed| parsed.digest != digest), "byte {place}");
    }
}

#[test]
fn a_flood_from_one_member_leaves_room_for_others() {
    let cast = Cast::new(1);
    let nodes: Vec<_> = (1..=4_u8)
        .map(|node| (public_key(&[node; 32]), format!("127.0.0.1:{node}").parse().unwrap()))
        .collect();
    let bounds = Bounds { member_count_max: 50, ..Bounds::default() };
    let proposer = Replica::new(&cast.genesis(BEGIN_MS, 64, &nodes), None, bounds).unwrap();
    let mut two =
        Two { other: chain_of(&cast), last: proposer.first().encode(), proposer, cast, now_ms: BEGIN_MS };
    let programme = two.cast.programme(two.proposer.chain(), two.now_ms, 1_000_000);
    two.settle(&programme);
    // All of one bank's suppliers count against that bank.
    let flood: Vec<_> =
        (0..60).map(|number| two.proposal(&two.cast.supplier(number), &format!("{number}"))).collect();
    let taken = flood.iter().filter(|(_, bytes)| two.proposer.admit(bytes, two.now_ms).is_ok()).count();
    assert_eq!(taken, 50);
    assert_eq!(two.proposer.admit(&flood[59].1, two.now_ms), Err(Refused::Full(Full::Member)));
    let governance = two.cast.programme(two.proposer.chain(), two.now_ms, 2_000_000);
    two.proposer.admit(&governance.1, two.now_ms).unwrap();
    let block = Block::decode(&two.propose()).unwrap();
    let place = block.transactions.iter().position(|bytes| **bytes == *governance.1);
    assert!(place.is_some_and(|place| place < 2), "the other member's is among the first: {place:?}");
    assert_ne!(HARBOUR, 1);
}

#[test]
fn events_are_shown_under_later_headers() {
    let mut two = Two::begin();
    let mut ids = Vec::new();
    for number in 0..20 {
        let proposal = two.proposal(&two.cast.supplier(number), &format!("invoice {number}"));
        ids.push(proposal.0);
        assert!(matches!(two.settle(&proposal), Outcome::Applied { .. }));
    }
    let header = header_of(&two.next()).unwrap();
    for (number, id) in ids.iter().enumerate() {
        let found = two.proposer.event_of(id, 1).unwrap();
        let shown = two.proposer.prove_event(found.index, &header).unwrap();
        let leaf = receivables::log::leaf_hash(&shown.entry);
        let root = match shown.tree {
            receivables::proof::EventTree::Block => header.events_root,
            receivables::proof::EventTree::Log => header.log_root,
        };
        let good = receivables::log::verify_inclusion(&leaf, shown.index, shown.size, &shown.path, &root);
        assert!(good, "event {number}");
    }
}
