//! What the receivables chain's proofs show, for deliveries: the chain's certificate is believed, never who brings it.
//! Signatures are checked here, before the gate; the engine gets what was shown, and judges whether it fits.

use std::collections::BTreeMap;

use directory::{Directory, MemberId, Time};
use engine::Input;
use engine::delivery::{About, Asked, Word, heard, reference};
use receivables::Hash;
use receivables::codec::Codec;
use receivables::event::{Entry, Event, Paid};
use receivables::identity::{PublicKey, Signature};
use receivables::proof::{EventTree, FILE_BYTES_MAX, Flaw, Proof, Shown};
use receivables::state::Key;
use ring::signature::{ED25519, UnparsedPublicKey};
use wire::ClientId;
use wire::body::operator::deliveries::{DeliveryWord, LockHeard, PROOF_LENGTH_MAX, PROOFS_BYTES_MAX};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use super::Refused;
use super::change::{illegal, parse_within};
use super::deliveries::hash;
use crate::Api;

const _: () = assert!(PROOF_LENGTH_MAX == FILE_BYTES_MAX && PROOFS_BYTES_MAX > 2 * FILE_BYTES_MAX);

/// The receivables chain that the network moves money with: which it is, and who its members are here.
#[derive(Clone, Debug)]
pub struct ReceivablesChain {
    id: Hash,
    members: BTreeMap<u32, ClientId>,
}

impl ReceivablesChain {
    /// The chain with this id; of its members, by number, those that are members of the network.
    pub fn new(id: Hash, members: BTreeMap<u32, ClientId>) -> ReceivablesChain {
        ReceivablesChain { id, members }
    }

    /// The network's member that is one of the chain's.
    fn member(&self, directory: &Directory, number: u32) -> Result<MemberId, Refused> {
        let client = self.members.get(&number).ok_or_else(|| {
            conflict(&format!("Member {number} of the chain is none of ours: [chain.members] has no entry."))
        })?;
        let member = directory.member_by_client(client.as_str()).map(|member| member.id);
        member.ok_or_else(|| {
            conflict(&format!("Member {number} of the chain is {} here, who is no member.", client.as_str()))
        })
    }

    /// What a final event asks or tells.
    fn heard(&self, directory: &Directory, event: &Event) -> Result<Option<Asked>, Refused> {
        heard(event, |number| self.member(directory, number))
    }
}

/// A proof that holds, with the place of its event in one of the header's trees.
struct Held {
    shown: Shown,
    tree: Option<EventTree>,
    index: Option<u64>,
}

impl Held {
    fn entry(&self) -> Option<&Entry> {
        self.shown.event.as_ref()
    }

    /// Whether its event is later on the chain. Within one block the index tells, if both are of the same tree.
    fn is_after(&self, other: &Held) -> bool {
        match (self.entry(), other.entry()) {
            (Some(one), Some(before)) if one.height == before.height => {
                self.tree == other.tree && self.index > other.index
            }
            (Some(one), Some(before)) => one.height > before.height,
            _ => false,
        }
    }
}

/// Reads a proof that a part is locked.
pub(super) async fn lock(api: &Api, bytes: &[u8]) -> Result<Input, Refused> {
    let asked: LockHeard = parse_within(bytes, PROOFS_BYTES_MAX)?;
    let chain = chain(api)?;
    let held = hold(chain.id, vec![asked.proof.as_str().to_owned()]).await?;
    let event = event_of(&held[0], 1)?;
    match (event, chain.heard(&api.gate.directory(), event)?) {
        (Event::Locked(_), Some(asked)) => Ok(Input::Delivery(asked)),
        (other, _) => Err(unfit(1, other, "Locked")),
    }
}

/// Reads proofs of the chain's final word on a delivery.
pub(super) async fn word(api: &Api, bytes: &[u8]) -> Result<Input, Refused> {
    let asked: DeliveryWord = parse_within(bytes, PROOFS_BYTES_MAX)?;
    let chain = chain(api)?;
    let key = asked.key.as_ref().map(|key| hash(key.as_str(), "key")).transpose()?;
    let held = hold(chain.id, asked.proofs.iter().map(|proof| proof.as_str().to_owned()).collect()).await?;
    let directory = api.gate.directory();
    let asked = match (key, held.as_slice()) {
        (Some(key), [header, state]) => absence(key, header, state)?,
        (None, [paid, freed]) => released(chain, &directory, paid, freed)?,
        (None, [one]) => said(chain, &directory, event_of(one, 1)?)?,
        _ => return Err(illegal("proofs are one or two; with key, two.")),
    };
    Ok(Input::Delivery(asked))
}

fn said(chain: &ReceivablesChain, directory: &Directory, event: &Event) -> Result<Asked, Refused> {
    match chain.heard(directory, event)? {
        Some(asked @ Asked::Said { .. }) => Ok(asked),
        _ => Err(unfit(1, event, "Sold, LockEnded, Paid, RecoursePaid, LienPlaced or UnitSettled")),
    }
}

/// Shares that a freeze withheld, of a certificate that was freed after they were.
fn released(
    chain: &ReceivablesChain,
    directory: &Directory,
    first: &Held,
    second: &Held,
) -> Result<Asked, Refused> {
    let paid = match event_of(first, 1)? {
        Event::Paid(paid) if paid.withheld => paid,
        Event::Paid(_) => return Err(illegal("Proof 1 shows a payment of which nothing was withheld.")),
        other => return Err(unfit(1, other, "Paid")),
    };
    match event_of(second, 2)? {
        Event::FreezeSet(freeze) if freeze.frozen => {
            Err(illegal("Proof 2 shows that a certificate was frozen, not that it was freed."))
        }
        Event::FreezeSet(freeze) if freeze.certificate != paid.certificate => {
            Err(illegal("Proof 2 is of another certificate than proof 1."))
        }
        Event::FreezeSet(_) if !second.is_after(first) => {
            Err(illegal("The certificate was freed before the payment, not after it."))
        }
        Event::FreezeSet(_) => said(chain, directory, &free(paid)),
        other => Err(unfit(2, other, "FreezeSet")),
    }
}

fn free(paid: &Paid) -> Event {
    Event::Paid(Paid { withheld: false, ..paid.clone() })
}

/// That no money was known by a delivery's reference when the chain's time had gone so far.
fn absence(key: Hash, header: &Held, state: &Held) -> Result<Asked, Refused> {
    let (at, then) = (&header.shown.header, &state.shown.header);
    let Some((record, value)) = &state.shown.state else {
        return Err(illegal("Proof 2 shows nothing of the state."));
    };
    if *record != Key::Reference(reference(&key)).encode() {
        return Err(illegal("Proof 2 is of another record than this delivery's reference."));
    }
    if value.is_some() {
        return Err(conflict("The chain knows this delivery's reference: its proof was taken."));
    }
    if then.state_height < at.height {
        let sentence = format!(
            "Proof 2 shows the state at height {}, before the header at height {} of proof 1.",
            then.state_height, at.height
        );
        return Err(illegal(&sentence));
    }
    Ok(Asked::Said { about: About::Key(key), word: Word::Absent { at: Time(at.time_ms) } })
}

fn chain(api: &Api) -> Result<&ReceivablesChain, Refused> {
    let sentence = "No receivables chain is configured: the configuration has no section [chain].";
    api.chain.as_ref().ok_or_else(|| conflict(sentence))
}

/// Checks proofs off the threads that answer: the largest has thousands of signatures.
async fn hold(chain: Hash, texts: Vec<String>) -> Result<Vec<Held>, Refused> {
    let checking = tokio::task::spawn_blocking(move || {
        let check = |(place, text): (usize, &String)| held(&chain, text).map_err(|flaw| (place + 1, flaw));
        texts.iter().enumerate().map(check).collect::<Result<Vec<Held>, (usize, Flaw)>>()
    });
    let checked = checking.await.map_err(|_| illegal("Checking the proofs was broken off."))?;
    checked.map_err(|(place, flaw)| {
        let code = match flaw {
            Flaw::Malformed | Flaw::Empty | Flaw::WrongChain => ResultCode::ParamIllegal,
            Flaw::BadEpoch | Flaw::BadCertificate | Flaw::BadEvent | Flaw::BadState => {
                ResultCode::InvalidSignature
            }
        };
        Refused::malformed(Outcome::because(code, &format!("Proof {place}: {flaw}.")))
    })
}

fn held(chain: &Hash, text: &str) -> Result<Held, Flaw> {
    let proof = Proof::parse(text)?;
    let shown = proof.verify(chain, &signed)?;
    let place = proof.event.as_ref();
    Ok(Held { shown, tree: place.map(|event| event.tree), index: place.map(|event| event.index) })
}

/// Ed25519 (RFC 8032).
fn signed(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

fn event_of(held: &Held, place: usize) -> Result<&Event, Refused> {
    let event = held.entry().map(|entry| &entry.event);
    event.ok_or_else(|| illegal(&format!("Proof {place} shows no event.")))
}

fn unfit(place: usize, event: &Event, wanted: &str) -> Refused {
    illegal(&format!("Proof {place} shows {}, not {wanted}.", event.name()))
}

fn conflict(sentence: &str) -> Refused {
    Refused::conflict(Outcome::because(ResultCode::ProcessFail, sentence))
}

#[cfg(test)]
mod tests;
