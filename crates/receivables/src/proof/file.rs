//! The written form of a proof: JSON with base64 fields, no blanks, fields in one order, and a checksum at its end. A
//! text that would be written otherwise is refused, so a proof has one file. The checksum is for accidents: without it
//! one changed letter could turn the absence of one record into the equally true absence of another.

use super::{
    Certificate, EpochStep, EventProof, EventTree, FILE_BYTES_MAX, Flaw, Header, Proof, StateProof, base64,
};
use crate::codec::Codec;
use crate::hash::{Hash, sha256};
use crate::tree::{Leaf, TreeProof};

const FORMAT: &str = "sojourn-proof-1";

impl Proof {
    /// The proof's file.
    pub fn to_json(&self) -> String {
        let epochs = self.epochs.iter().map(|step| {
            format!(
                r#"{{"header":{},"certificate":{},"validators":{}}}"#,
                text(&step.header.encode()),
                text(&step.certificate.encode()),
                hashes(&step.validators)
            )
        });
        let epochs: Vec<String> = epochs.collect();
        let body = format!(
            r#"{{"format":"{FORMAT}","chain":{},"genesis":{},"validators":{},"epochs":[{}],"header":{},"certificate":{},"event":{},"state":{}"#,
            text(&self.chain),
            text(&self.genesis),
            hashes(&self.validators),
            epochs.join(","),
            text(&self.header.encode()),
            text(&self.certificate.encode()),
            self.event.as_ref().map_or("null".to_owned(), event_json),
            self.state.as_ref().map_or("null".to_owned(), state_json),
        );
        let seal = seal(&body);
        body + &seal
    }

    /// Reads a proof's file; refuses any text that [`Proof::to_json`] would not write.
    pub fn parse(text: &str) -> Result<Proof, Flaw> {
        let (body, _) = text.rsplit_once(",\"check\":").ok_or(Flaw::Malformed)?;
        if text.len() > FILE_BYTES_MAX || !text.ends_with(&seal(body)) {
            return Err(Flaw::Malformed);
        }
        let mut input = Input { rest: text };
        let proof = proof(&mut input).filter(|_| input.rest.is_empty()).ok_or(Flaw::Malformed)?;
        if proof.to_json() == text { Ok(proof) } else { Err(Flaw::Malformed) }
    }
}

/// The checksum over all that is before it, and the end.
fn seal(body: &str) -> String {
    format!(r#","check":{}}}"#, text(&sha256(&[body.as_bytes()])))
}

fn event_json(event: &EventProof) -> String {
    let tree = match event.tree {
        EventTree::Block => "block",
        EventTree::Log => "log",
    };
    format!(
        r#"{{"entry":{},"tree":"{tree}","index":{},"size":{},"path":{}}}"#,
        text(&event.entry),
        event.index,
        event.size,
        hashes(&event.path)
    )
}

fn state_json(state: &StateProof) -> String {
    format!(
        r#"{{"key":{},"value":{},"leaf":{},"path":{}}}"#,
        text(&state.key),
        state.value.as_ref().map_or("null".to_owned(), |value| text(value)),
        state.tree.leaf.as_ref().map_or("null".to_owned(), |leaf| text(&leaf.encode())),
        hashes(&state.tree.siblings)
    )
}

fn text(bytes: &[u8]) -> String {
    format!("\"{}\"", base64::encode(bytes))
}

fn hashes(hashes: &[Hash]) -> String {
    let texts: Vec<String> = hashes.iter().map(|hash| text(hash)).collect();
    format!("[{}]", texts.join(","))
}

/// The text still to be read.
struct Input<'a> {
    rest: &'a str,
}

fn proof(input: &mut Input<'_>) -> Option<Proof> {
    input.word("{\"format\":\"")?.word(FORMAT)?.word("\",\"chain\":")?;
    let chain = input.hash()?;
    let genesis = input.word(",\"genesis\":")?.hash()?;
    let validators = input.word(",\"validators\":")?.list(Input::hash)?;
    let epochs = input.word(",\"epochs\":")?.list(epoch)?;
    let header = input.word(",\"header\":")?.value::<Header>()?;
    let certificate = input.word(",\"certificate\":")?.value::<Certificate>()?;
    let event = input.word(",\"event\":")?.optional(event)?;
    let state = input.word(",\"state\":")?.optional(state)?;
    input.word(",\"check\":")?.hash()?;
    input.word("}")?;
    Some(Proof { chain, genesis, validators, epochs, header, certificate, event, state })
}

fn epoch(input: &mut Input<'_>) -> Option<EpochStep> {
    let header = input.word("{\"header\":")?.value()?;
    let certificate = input.word(",\"certificate\":")?.value()?;
    let validators = input.word(",\"validators\":")?.list(Input::hash)?;
    input.word("}")?;
    Some(EpochStep { header, certificate, validators })
}

fn event(input: &mut Input<'_>) -> Option<EventProof> {
    let entry = input.word("{\"entry\":")?.bytes()?;
    input.word(",\"tree\":\"")?;
    let tree = match input.word("block\"") {
        Some(_) => EventTree::Block,
        None => input.word("log\"").map(|_| EventTree::Log)?,
    };
    let index = input.word(",\"index\":")?.number()?;
    let size = input.word(",\"size\":")?.number()?;
    let path = input.word(",\"path\":")?.list(Input::hash)?;
    input.word("}")?;
    Some(EventProof { entry, tree, index, size, path })
}

fn state(input: &mut Input<'_>) -> Option<StateProof> {
    let key = input.word("{\"key\":")?.bytes()?;
    let value = input.word(",\"value\":")?.optional(Input::bytes)?;
    let leaf = input.word(",\"leaf\":")?.optional(Input::value::<Leaf>)?;
    let siblings = input.word(",\"path\":")?.list(Input::hash)?;
    input.word("}")?;
    Some(StateProof { key, value, tree: TreeProof { leaf, siblings } })
}

impl Input<'_> {
    fn word(&mut self, word: &str) -> Option<&mut Self> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(self)
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let (text, rest) = self.word("\"")?.rest.split_once('"')?;
        let bytes = base64::decode(text)?;
        self.rest = rest;
        Some(bytes)
    }

    fn hash(&mut self) -> Option<Hash> {
        self.bytes()?.try_into().ok()
    }

    fn value<T: Codec>(&mut self) -> Option<T> {
        T::decode(&self.bytes()?).ok()
    }

    fn number(&mut self) -> Option<u64> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.word("null") {
            Some(_) => Some(None),
            None => read(self).map(Some),
        }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.word("[")?;
        let mut elements = Vec::new();
        if self.word("]").is_some() {
            return Some(elements);
        }
        loop {
            elements.push(read(self)?);
            if self.word("]").is_some() {
                return Some(elements);
            }
            self.word(",")?;
        }
    }
}
