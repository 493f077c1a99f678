//! Proof files of the test chain: of an event, of a header, of a record or its absence.

use receivables::codec::Codec;
use receivables::proof::{Certificate, EventProof, EventTree, Header, Proof, ValidatorSignature, vote_bytes};
use receivables::state::Key;
use receivables::{Entry, Event};

use super::Chain;
use super::people::{public, validators};

impl Chain {
    /// The proof of the last such event, in the log under the last header.
    pub(crate) fn event(&self, is: impl Fn(&Event) -> bool) -> String {
        let index = self.entries.iter().rposition(|entry: &Entry| is(&entry.event)).expect("it happened");
        let mut proof = self.proof(&self.header);
        proof.event = Some(self.shown(index));
        proof.to_json()
    }

    /// The proof that the last header is final, which shows the first event of all.
    pub(crate) fn header(&self) -> String {
        let mut proof = self.proof(&self.header);
        proof.event = Some(self.shown(0));
        proof.to_json()
    }

    /// The proof of a record, or of its absence, in the state after the last block.
    pub(crate) fn record(&self, key: &Key) -> String {
        let mut proof = self.proof(&self.header);
        proof.state = Some(self.state.prove(key));
        proof.to_json()
    }

    /// A proof as [`Chain::event`]'s that fewer signed than must.
    pub(crate) fn not_final(&self, is: impl Fn(&Event) -> bool) -> String {
        let mut proof = Proof::parse(&self.event(is)).expect("a proof");
        proof.certificate.signatures.pop();
        proof.to_json()
    }

    fn shown(&self, index: usize) -> EventProof {
        let (place, size) = (index as u64, self.log.size());
        let path = self.log.inclusion(place, size).expect("it is in the log");
        let entry = self.entries[index].encode();
        EventProof { entry, tree: EventTree::Log, index: place, size, path }
    }

    fn proof(&self, header: &Header) -> Proof {
        Proof {
            chain: self.id(),
            genesis: self.genesis.hash(),
            validators: self.genesis.keys(),
            epochs: vec![],
            header: header.clone(),
            certificate: finalization(header),
            event: None,
            state: None,
        }
    }
}

/// Signed by three of the four.
fn finalization(header: &Header) -> Certificate {
    let (view, parent_view) = (header.height + 1, header.height);
    let bytes = vote_bytes(&header.chain, 0, view, parent_view, &header.digest());
    let pairs = validators();
    assert!(pairs.windows(2).all(|two| public(&two[0]) < public(&two[1])));
    let sign = |index: u32| ValidatorSignature {
        index,
        signature: pairs[index as usize].sign(&bytes).as_ref().try_into().expect("64 bytes"),
    };
    Certificate { epoch: 0, view, parent_view, signatures: [0, 1, 3].map(sign).to_vec() }
}
