//! A sender that reaches only some: how a liar tells different things to different nodes, or nothing at all.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use commonware_cryptography::ed25519::PublicKey;
use commonware_p2p::{LimitedSender, Recipients};

/// Whom a sender reaches.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    /// Everybody.
    All,
    /// These.
    Some(Arc<BTreeSet<PublicKey>>),
}

/// A sender with a reach.
#[derive(Clone, Debug)]
pub(crate) struct Filtered<S> {
    pub(crate) sender: S,
    pub(crate) reach: Reach,
}

impl<S: LimitedSender<PublicKey = PublicKey>> LimitedSender for Filtered<S> {
    type PublicKey = PublicKey;
    type Checked<'a>
        = S::Checked<'a>
    where
        Self: 'a;

    fn check(&mut self, recipients: Recipients<PublicKey>) -> Result<S::Checked<'_>, SystemTime> {
        let reached = match &self.reach {
            Reach::All => recipients,
            Reach::Some(reached) => Recipients::Some(match recipients {
                Recipients::All => reached.iter().cloned().collect(),
                Recipients::Some(wanted) => wanted.into_iter().filter(|key| reached.contains(key)).collect(),
                Recipients::One(wanted) => {
                    Some(wanted).filter(|key| reached.contains(key)).into_iter().collect()
                }
            }),
        };
        self.sender.check(reached)
    }
}
