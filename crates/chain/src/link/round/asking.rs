//! How the chain is asked: signed as settler, once a round, and what its refusals mean.

use std::time::Instant;

use receivables::codec::{Codec as _, hex};
use receivables::link::{Absence, Reading, Wish};
use receivables::{Hash, Signed, Transaction};

use super::super::metrics::count;
use super::super::nodes::Taken;
use super::super::say;
use super::{ANEW, ANEW_HALVED_MAX, Blame, Link};

impl Link {
    /// Hands a transaction in. A nonce out of the window is replaced; whatever else stands against it is said, and passes
    /// or is the network's to hear.
    pub(super) async fn submit(&mut self, wish: &Wish) -> anyhow::Result<()> {
        let mut nonce = wish.nonce;
        for _ in 0..2 {
            let (id, bytes) = self.signed(wish, nonce);
            let what = format!("{} of delivery {}", name(&wish.transaction), wish.number);
            let Taken::Refused(word, sentence) = self.nodes.submit(&bytes).await? else {
                count(&self.counts.asked);
                say(&format!("asked the chain: {what}, transaction {}", hex(&id)));
                return Ok(());
            };
            match word.as_str() {
                "Duplicate" => return Ok(()),
                "Replayed" if nonce == wish.nonce => {
                    nonce = self.nodes.fresh_nonce(&self.home.signer.key).await?;
                }
                "NotLocked" | "ReferenceUsed" | "WrongStage" => {
                    self.puzzled(wish.key);
                    return Ok(());
                }
                _ => {
                    say(&format!("the chain refuses the {what}: {sentence}"));
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn signed(&self, wish: &Wish, nonce: u64) -> (Hash, Vec<u8>) {
        let signer = &self.home.signer;
        let mut signed = Signed {
            transaction: wish.transaction.clone(),
            sender: signer.key,
            nonce,
            expires_ms: wish.expires_ms,
            vouches: Vec::new(),
            signatures: Vec::new(),
        };
        let bytes = signed.signing_bytes(&self.home.chain);
        signed.sign(signer.key, signer.signature(&bytes));
        (signed.id(&self.home.chain), signed.encode())
    }

    /// Shows the network that a delivery's time is over on the chain and nothing of it came: two proofs, the second of a
    /// state that is younger than the first.
    pub(super) async fn show_absent(&mut self, absence: &Absence) -> anyhow::Result<()> {
        let (text, shown) = self.nodes.state(&absence.record()).await?;
        if shown.state.as_ref().is_some_and(|(_, value)| value.is_some()) {
            self.puzzled(absence.key);
            return Ok(());
        }
        let Some((first, over)) = self.over.get(&absence.key) else {
            if absence.is_over(&shown) {
                self.over.insert(absence.key, (text, shown));
            }
            return Ok(());
        };
        if !absence.is_shown(over, &shown) {
            return Ok(());
        }
        let proofs = [first.clone(), text];
        self.blame = Blame::Network;
        let heard = self.network.word(&proofs, Some(&absence.key)).await?;
        self.heard(&format!("end of delivery {}, which the chain never took", absence.number), &heard);
        self.over.remove(&absence.key);
        Ok(())
    }

    /// The chain has finished what the network still waits for. Usually the word is on its way; if it was told to a
    /// network that forgot it, as after a restoration, only reading everything again helps.
    fn puzzled(&mut self, key: Hash) {
        let seen = self.puzzles.entry(key).or_default();
        *seen += 1;
        let times = self.anew.map_or(0, |(_, times)| times);
        let long_ago =
            self.anew.is_none_or(|(at, _)| at.elapsed() > ANEW * (1 << times.min(ANEW_HALVED_MAX)));
        if *seen >= 3 && self.reading.waiting() == 0 && long_ago {
            say("the network waits for what the chain finished long ago: reads everything again");
            self.anew = Some((Instant::now(), times + 1));
            self.reading = Reading::default();
            self.puzzles.clear();
        }
    }
}

fn name(transaction: &Transaction) -> &'static str {
    match transaction {
        Transaction::SettleLock(_) => "settlement of a lock",
        Transaction::Pay(_) => "payment on a certificate",
        Transaction::SettleUnit(_) => "settlement of a unit",
        Transaction::ExpireLock(_) => "end of a lock",
        _ => "transaction",
    }
}
