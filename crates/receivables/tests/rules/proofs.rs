//! Proofs with real Ed25519: made here, checked by the library and by the Python script, and refused after any change
//! of one byte.

use std::process::Command;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use receivables::codec::Codec;
use receivables::hash::sha256;
use receivables::identity::{PublicKey, Signature, validators_hash};
use receivables::log::{Log, root_of};
use receivables::proof::{
    Certificate, EpochStep, EventProof, EventTree, Flaw, Header, Proof, ValidatorSignature, quorum, verify,
    vote_bytes,
};
use receivables::state::Key;
use receivables::{Genesis, Hash};

use crate::story::tell;
use crate::vectors::golden;
use crate::world::*;

fn ed25519(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

fn validator_pair(epoch: u64, number: u64) -> Ed25519KeyPair {
    let seed = sha256(&[b"validator", &epoch.to_be_bytes(), &number.to_be_bytes()]);
    Ed25519KeyPair::from_seed_unchecked(&seed).unwrap()
}

/// An epoch's validators by ascending key.
fn validators(epoch: u64) -> Vec<Ed25519KeyPair> {
    let mut pairs: Vec<Ed25519KeyPair> = (0..4).map(|number| validator_pair(epoch, number)).collect();
    pairs.sort_unstable_by_key(public);
    pairs
}

fn public(pair: &Ed25519KeyPair) -> PublicKey {
    pair.public_key().as_ref().try_into().unwrap()
}

fn keys(epoch: u64) -> Vec<PublicKey> {
    validators(epoch).iter().map(public).collect()
}

fn finalize(header: &Header, signers: &[usize]) -> Certificate {
    let (view, parent_view) = (header.height + 130, header.height + 128);
    let bytes = vote_bytes(&header.chain, header.epoch, view, parent_view, &header.digest());
    let pairs = validators(header.epoch);
    let sign = |index: &usize| ValidatorSignature {
        index: u32::try_from(*index).unwrap(),
        signature: pairs[*index].sign(&bytes).as_ref().try_into().unwrap(),
    };
    Certificate { epoch: header.epoch, view, parent_view, signatures: signers.iter().map(sign).collect() }
}

fn real_genesis() -> Genesis {
    let mut genesis = genesis();
    for (number, validator) in genesis.validators.iter_mut().enumerate() {
        validator.key = public(&validator_pair(0, number as u64));
    }
    genesis
}

/// The story's end, final in epoch 1: its last ten events in the block, all of them in the log, its state.
struct Scene {
    genesis: Genesis,
    leaves: Vec<Vec<u8>>,
    log: Log,
    header: Header,
    world: World,
}

impl Scene {
    fn new() -> Scene {
        let genesis = real_genesis();
        let story = tell(World::of(&genesis));
        let mut world = story.world;
        let leaves: Vec<Vec<u8>> = story.entries.iter().map(Codec::encode).collect();
        let mut log = Log::default();
        leaves.iter().for_each(|leaf| {
            log.append(leaf);
        });
        let header = Header {
            version: 1,
            chain: genesis.chain(),
            height: 1_200,
            epoch: 1,
            time_ms: world.block.time_ms,
            parent: hash(1),
            body: hash(2),
            executed_height: 1_199,
            events: 10,
            events_root: root_of(leaves[leaves.len() - 10..].iter().map(Vec::as_slice)),
            log_size: log.size(),
            log_root: log.root(),
            state_scheme: 1,
            state_height: 1_152,
            state_root: world.state.root(),
            next_validators: None,
        };
        Scene { genesis, leaves, log, header, world }
    }

    fn proof(&mut self, event: Option<(EventTree, u64)>, key: Option<&Key>) -> Proof {
        let last = Header {
            height: 999,
            epoch: 0,
            next_validators: Some(validators_hash(&keys(1))),
            ..self.header.clone()
        };
        let step = EpochStep { certificate: finalize(&last, &[0, 1, 3]), header: last, validators: keys(1) };
        let event = event.map(|(tree, index)| {
            let block: Log =
                self.leaves[self.leaves.len() - 10..].iter().fold(Log::default(), |mut log, leaf| {
                    log.append(leaf);
                    log
                });
            let (log, entry) = match tree {
                EventTree::Block => (&block, &self.leaves[self.leaves.len() - 10 + index as usize]),
                EventTree::Log => (&self.log, &self.leaves[index as usize]),
            };
            let path = log.inclusion(index, log.size()).unwrap();
            EventProof { entry: entry.clone(), tree, index, size: log.size(), path }
        });
        Proof {
            chain: self.genesis.chain(),
            genesis: self.genesis.hash(),
            validators: keys(0),
            epochs: vec![step],
            header: self.header.clone(),
            certificate: finalize(&self.header, &[0, 2, 3]),
            event,
            state: key.map(|key| self.world.state.prove(key)),
        }
    }

    fn proofs(&mut self) -> Vec<(&'static str, Proof)> {
        vec![
            ("proof-event.json", self.proof(Some((EventTree::Block, 7)), None)),
            ("proof-log.json", self.proof(Some((EventTree::Log, 3)), Some(&Key::Programme(PROGRAMME)))),
            ("proof-absence.json", self.proof(None, Some(&Key::Fingerprint(hash(777))))),
        ]
    }
}

#[test]
fn good_proofs_show_what_they_say() {
    let mut scene = Scene::new();
    let chain = scene.genesis.chain();
    golden("proof-chain.txt", &format!("{}\n", receivables::codec::hex(&chain)));
    for (name, proof) in scene.proofs() {
        let text = proof.to_json();
        golden(name, &text);
        let shown = verify(&text, &chain, &ed25519).unwrap();
        assert_eq!(shown.header, scene.header);
        assert_eq!(Proof::parse(&text).as_ref(), Ok(&proof));
        println!("{name}: {} bytes", text.len());
    }
    let absent = scene.proof(None, Some(&Key::Fingerprint(hash(777)))).verify(&chain, &ed25519).unwrap();
    assert_eq!(absent.state, Some((Key::Fingerprint(hash(777)).encode(), None)));
    let event = scene.proof(Some((EventTree::Log, 0)), None).verify(&chain, &ed25519).unwrap().event.unwrap();
    assert_eq!(event.encode(), scene.leaves[0]);
}

/// The text with the right checksum over all that is before it.
fn sealed(text: &str) -> Option<String> {
    let (body, _) = text.rsplit_once(",\"check\":")?;
    let check = receivables::proof::base64::encode(&sha256(&[body.as_bytes()]));
    Some(format!("{body},\"check\":\"{check}\"}}"))
}

#[test]
fn every_change_of_one_byte_is_refused() {
    let mut scene = Scene::new();
    let chain = scene.genesis.chain();
    for (name, proof) in scene.proofs() {
        let text = proof.to_json();
        for place in 0..text.len() {
            for bit in 0..7 {
                let mut changed = text.clone().into_bytes();
                changed[place] ^= 1 << bit;
                let changed = String::from_utf8(changed).unwrap();
                assert!(verify(&changed, &chain, &ed25519).is_err(), "{name}, byte {place}, bit {bit}");
            }
            let mut shorter = text.clone();
            shorter.remove(place);
            assert!(verify(&shorter, &chain, &ed25519).is_err(), "{name} without byte {place}");
        }
        for odd in [format!("{text}\n"), format!(" {text}"), text.replace(",\"header\"", ", \"header\"")] {
            assert_eq!(verify(&odd, &chain, &ed25519), Err(Flaw::Malformed), "one written form");
        }
        assert_eq!(verify(&text, &hash(0), &ed25519), Err(Flaw::WrongChain));
    }
}

/// Without the checksum's help: signatures, roots and paths refuse every change too, but for a key whose absence the
/// same proof shows as truly.
#[test]
fn no_change_with_a_new_checksum_shows_what_is_not_so() {
    let mut scene = Scene::new();
    let chain = scene.genesis.chain();
    let mut refused = std::collections::BTreeMap::<String, usize>::new();
    for (name, proof) in scene.proofs() {
        let text = proof.to_json();
        for place in (0..text.len() - 58).step_by(3) {
            let mut changed = text.clone().into_bytes();
            changed[place] ^= if place % 2 == 0 { 1 } else { 4 };
            let Ok(changed) = String::from_utf8(changed) else { continue };
            let Some(changed) = sealed(&changed) else { continue };
            match verify(&changed, &chain, &ed25519) {
                Err(flaw) => *refused.entry(format!("{flaw:?}")).or_default() += 1,
                Ok(shown) => {
                    let Some((key, None)) = shown.state else { panic!("{name}, byte {place}: {shown:?}") };
                    let key = Key::decode(&key).unwrap();
                    assert!(scene.world.state.prove(&key).value.is_none(), "{name}, byte {place}: {key:?}");
                }
            }
        }
    }
    println!("refused: {refused:?}");
    assert!(refused.len() >= 6, "every kind of flaw but one: {refused:?}");
}

#[test]
fn what_is_not_final_is_not_shown() {
    let mut scene = Scene::new();
    let chain = scene.genesis.chain();
    let good = scene.proof(Some((EventTree::Block, 0)), None);
    let check = |change: &dyn Fn(&mut Proof), expected: Flaw| {
        let mut proof = good.clone();
        change(&mut proof);
        assert_eq!(proof.verify(&chain, &ed25519), Err(expected));
    };
    let header = scene.header.clone();
    check(&|proof| proof.event = None, Flaw::Empty);
    check(&|proof| proof.certificate = finalize(&header, &[0, 1]), Flaw::BadCertificate);
    check(&|proof| proof.certificate.signatures[2].index = 2, Flaw::BadCertificate);
    check(&|proof| proof.certificate.signatures[0].index = 9, Flaw::BadCertificate);
    check(&|proof| proof.certificate.view += 1, Flaw::BadCertificate);
    let twice = |proof: &mut Proof| {
        let first = proof.certificate.signatures[0].clone();
        proof.certificate.signatures[1] = first;
    };
    check(&twice, Flaw::BadCertificate);
    check(&|proof| proof.epochs.clear(), Flaw::BadEpoch);
    check(&|proof| proof.epochs[0].validators = keys(2), Flaw::BadEpoch);
    check(&|proof| proof.epochs[0].header.next_validators = None, Flaw::BadEpoch);
    check(&|proof| proof.epochs[0].certificate.signatures.truncate(2), Flaw::BadEpoch);
    check(&|proof| proof.validators.reverse(), Flaw::WrongChain);
    check(&|proof| proof.validators = keys(2), Flaw::WrongChain);
    check(&|proof| proof.genesis[0] ^= 1, Flaw::WrongChain);
    let later = |proof: &mut Proof| {
        proof.header.height += 1;
        proof.certificate = finalize(&header, &[0, 1, 2]);
    };
    check(&later, Flaw::BadCertificate);
    let other_size = |proof: &mut Proof| proof.event.as_mut().unwrap().size += 1;
    check(&other_size, Flaw::BadEvent);
    check(&|proof| proof.event.as_mut().unwrap().tree = EventTree::Log, Flaw::BadEvent);
    let scheme = Header { state_scheme: 2, ..scene.header.clone() };
    let mut proof = scene.proof(None, Some(&Key::Member(BANK)));
    proof.certificate = finalize(&scheme, &[0, 1, 2]);
    proof.header = scheme;
    assert_eq!(proof.verify(&chain, &ed25519), Err(Flaw::BadState), "a scheme it does not know");
    assert_eq!([1, 4, 7, 10, 16, 31].map(quorum), [1, 3, 5, 7, 11, 21]);
}

/// The script's answer to a proof: whether it holds, and what it says.
fn python(text: &str, chain: &Hash) -> Option<(bool, String)> {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("verify.py");
    let file =
        std::env::temp_dir().join(format!("receivables-proof-{}-{}.json", std::process::id(), text.len()));
    std::fs::write(&file, text).unwrap();
    let output = Command::new("python3").arg(script).arg(&file).arg(receivables::codec::hex(chain)).output();
    let _ = std::fs::remove_file(&file);
    let output = output.ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn the_python_script_agrees() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: there is no python3 here, so the script was not run");
        return;
    }
    let mut scene = Scene::new();
    let chain = scene.genesis.chain();
    for (name, proof) in scene.proofs() {
        let text = proof.to_json();
        let (holds, said) = python(&text, &chain).unwrap();
        assert!(holds, "{name}: {said}");
        assert!(!python(&text, &hash(0)).unwrap().0, "{name} is of another chain");
        let mut forged = proof.clone();
        forged.certificate.signatures[1].signature[40] ^= 1;
        let (holds, said) = python(&forged.to_json(), &chain).unwrap();
        assert!(!holds && said.contains("certificate"), "{name}: {said}");
    }
    let text = scene.proof(Some((EventTree::Log, 3)), Some(&Key::Programme(PROGRAMME))).to_json();
    let file = std::env::temp_dir().join(format!("receivables-every-byte-{}.json", std::process::id()));
    std::fs::write(&file, &text).unwrap();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("verify.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(&file).arg(receivables::codec::hex(&chain)).args(["--change-bytes", "41"]);
    let output = command.output().unwrap();
    let _ = std::fs::remove_file(&file);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("each refused"), "{said}{:?}", output.stderr);
}

#[test]
fn a_proof_is_of_the_last_root_whatever_changed_since() {
    let mut world = World::new();
    let old = world.live(1, 1_000, 90);
    let root = world.state.root();
    let key_of = |key: &Key| sha256(&[&key.encode()]);
    let shows = |world: &World, root: &Hash, key: Key, there: bool| {
        let proof = world.state.prove(&key);
        let value = proof.value.as_ref().map(|bytes| sha256(&[bytes]));
        assert_eq!(value.is_some(), there, "{key:?}");
        assert!(proof.tree.verify(root, &key_of(&key), value.as_ref()), "{key:?}");
    };
    world.transfer(old, party(2), false).unwrap();
    let new = world.live(2, 500, 90);
    for (key, before) in [(Key::Part(old), true), (Key::Part(new), false), (Key::Fingerprint(hash(2)), false)]
    {
        shows(&world, &root, key, before);
    }
    let later = world.state.root();
    for key in [Key::Part(old), Key::Part(new), Key::Fingerprint(hash(2))] {
        shows(&world, &later, key, true);
    }
}
