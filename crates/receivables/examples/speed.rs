//! What rules, log, state root and proofs cost on this machine, without signatures. Figures of a busy machine are
//! larger.

use std::time::Instant;

use receivables::codec::Codec;
use receivables::envelope::KeySignature;
use receivables::hash::sha256;
use receivables::identity::{KeyGrant, Party, PublicKey, Purposes, Role, Roles, Validator};
use receivables::log::Log;
use receivables::state::{DAY_MS, Key};
use receivables::transaction::*;
use receivables::{Block, Entry, Genesis, Hash, Signed, State};

fn key(member: u32) -> PublicKey {
    let mut key = sha256(&[b"speed", &member.to_be_bytes()]);
    key[31] &= 0x3f;
    key
}

fn genesis() -> Genesis {
    let member = |member: u32| RegisterMember {
        member,
        roles: Roles::of(&[Role::Validator, Role::Settler]),
        status: MemberStatus::Active,
        attestation: [0; 32],
        two_keys_from: None,
        keys: vec![KeyGrant {
            key: key(member),
            purposes: Purposes::all(),
            from_height: 0,
            until_height: None,
        }],
    };
    let validator = |member: u32| Validator { member, key: key(100 + member), address: String::new() };
    Genesis {
        name: "speed".to_owned(),
        time_ms: 0,
        epoch_blocks: 1_000,
        recovery_blocks: 100,
        members: (1..=4).map(member).collect(),
        validators: (1..=4).map(validator).collect(),
    }
}

struct Speed {
    state: State,
    block: Block,
    nonce: u64,
    log: Log,
}

impl Speed {
    fn ask(&mut self, transaction: Transaction, members: &[u32]) -> Hash {
        self.nonce += 1;
        let mut signed = Signed {
            transaction,
            sender: key(members[0]),
            nonce: self.nonce,
            expires_ms: self.block.time_ms + 60_000,
            vouches: Vec::new(),
            signatures: Vec::new(),
        };
        let mut keys: Vec<PublicKey> = members.iter().map(|member| key(*member)).collect();
        keys.sort_unstable();
        signed.signatures = keys.iter().map(|key| KeySignature { key: *key, signature: [0; 64] }).collect();
        let id = signed.id(self.state.chain());
        let (height, time_ms) = (self.block.height, self.block.time_ms);
        for event in self.state.execute(&self.block, &signed, &|_, _, _| true).expect("a sound wish") {
            self.log.append(&Entry { height, time_ms, transaction: id, event }.encode());
        }
        id
    }
}

/// Memory of this process in MiB, where the system tells; the highest so far with `VmHWM`.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib =
        line.and_then(|line| line.trim_matches([':', ' ', '\t']).split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}

fn main() {
    let count: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let state = State::genesis(&genesis()).expect("a sound genesis");
    let block = Block { height: 1, epoch: 0, time_ms: 20_000 * DAY_MS };
    let mut speed = Speed { state, block, nonce: 0, log: Log::default() };
    let programme = SetProgramme {
        programme: 1,
        buyer: Party::Member(2),
        currency: money::Currency::parse("CNY").expect("it circulates"),
        buyer_class: 1,
        limit: money::MINOR_MAX,
        guarantee: None,
        tenor_days_max: 180,
        basis: DayCount::Actual360,
        late_rate_ppm: 0,
        fee_ppm_max: 0,
        recourse: false,
        grace_days: 3,
        default_days: 30,
    };
    speed.ask(Transaction::SetProgramme(programme), &[1, 2, 3]);
    let begun = Instant::now();
    for number in 0..count {
        let wish = Propose {
            programme: 1,
            supplier: Party::Member(1),
            face: 1_000,
            issue_day: 20_000,
            due_day: 20_090,
            tenor_reason: None,
            fingerprints: vec![sha256(&[&number.to_be_bytes()])],
            document: [0; 32],
        };
        let certificate = speed.ask(Transaction::Propose(wish), &[1]);
        speed.ask(Transaction::Accept(CertificateRef { certificate }), &[2]);
        let wish = Transfer { part: certificate, to: Party::Member(3), recourse: false };
        speed.ask(Transaction::Transfer(wish), &[1]);
    }
    let transactions = u128::from(count) * 3;
    println!("{transactions} transactions with log: {} ns each", begun.elapsed().as_nanos() / transactions);
    println!("before the first root: {} MiB", memory("VmRSS"));
    let begun = Instant::now();
    speed.state.root();
    println!("first root over {} records: {:?}", speed.state.records(), begun.elapsed());
    println!("state, tree and log: {} MiB", memory("VmRSS"));
    let parts: Vec<Hash> = speed.state.parts().map(|(id, _)| *id).take(500).collect();
    for part in &parts {
        speed.ask(
            Transaction::Transfer(Transfer { part: *part, to: Party::Member(4), recourse: false }),
            &[3],
        );
    }
    let begun = Instant::now();
    let root = speed.state.root();
    println!("root after 500 changed records: {:?}", begun.elapsed());
    let begun = Instant::now();
    let proof = speed.state.prove(&Key::Part(parts[0]));
    println!("state proof: {} siblings in {:?}", proof.tree.siblings.len(), begun.elapsed());
    let begun = Instant::now();
    let size = speed.log.size();
    let path = speed.log.inclusion(size / 2, size).expect("it is in the log");
    println!("log of {size}: path of {} in {:?}", path.len(), begun.elapsed());
    let begun = Instant::now();
    let dump = speed.state.dump();
    let mut restored = State::restore(&dump).expect("a dump of our own");
    assert_eq!(restored.root(), root, "a snapshot is the state");
    println!("snapshot of {} bytes written, read and checked: {:?}", dump.len(), begun.elapsed());
}
