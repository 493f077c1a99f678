//! The machine as the engine sees it: proposals with a pause between, judgements that wait rather than refuse.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use commonware_consensus::marshal::ancestry::Ancestry;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::simplex::types::Context;
use commonware_consensus::types::Round as EngineRound;
use commonware_consensus::{Application as EngineApplication, Heightable as _};
use commonware_cryptography::Digested;
use commonware_cryptography::ed25519::PublicKey;
use commonware_cryptography::sha256::Digest;
use commonware_runtime::Clock;
use futures::StreamExt as _;

use crate::block::{Parse, Sealed};
use crate::machine::{Judgement, Machine, Round};

/// Pause before a block: what arrives meanwhile shares its cost.
const PAUSE: Duration = Duration::from_millis(20);
/// Longest wait for work before an empty block.
const IDLE: Duration = Duration::from_millis(200);
/// How often a proposal looks for work, and a judgement for what it waits for.
const LOOK: Duration = Duration::from_millis(4);
/// Ancestors that are not executed, at most: further behind, this node rather catches up than proposes.
const PENDING_MAX: usize = 64;

/// See [`Machine`].
#[derive(Clone)]
pub(crate) struct Application {
    pub(crate) machine: Arc<dyn Machine>,
    pub(crate) parse: Parse,
}

impl<E: Clock> EngineApplication<E> for Application {
    type SigningScheme = Scheme;
    type Context = Context<Digest, PublicKey>;
    type Block = Sealed;
    type Input = ();

    async fn propose(
        &mut self,
        (clock, context): (E, Self::Context),
        mut ancestry: impl Ancestry<Sealed>,
        (): (),
    ) -> Option<Digested<Sealed>> {
        let parent = ancestry.next().await?;
        let mut pending = vec![parent.clone()];
        while let Some(last) = pending.last()
            && last.height().get() > self.machine.executed()
        {
            if pending.len() > PENDING_MAX {
                return None;
            }
            match ancestry.next().await {
                Some(older) => pending.push(older),
                None => break,
            }
        }
        clock.sleep(PAUSE).await;
        let mut waited = PAUSE;
        while !self.machine.has_work() && waited < IDLE {
            clock.sleep(LOOK).await;
            waited += LOOK;
        }
        let bytes: Vec<&[u8]> = pending.iter().map(|block| block.inner().bytes().as_ref()).collect();
        let round = round_of(context.round);
        let block = self.machine.propose(round, parent.inner().bytes(), &bytes, now_ms(&clock))?;
        Some(Sealed::read(Bytes::from(block), self.parse)?.digested())
    }

    async fn verify(
        &mut self,
        (clock, context): (E, Self::Context),
        mut ancestry: impl Ancestry<Sealed>,
    ) -> bool {
        // Without both there is nothing to judge; consensus asks no further once it has let go of the round.
        let (Some(block), Some(parent)) = (ancestry.next().await, ancestry.next().await) else {
            return std::future::pending().await;
        };
        let (block, parent) = (block.inner().bytes(), parent.inner().bytes());
        loop {
            match self.machine.judge(round_of(context.round), parent, block, now_ms(&clock)) {
                Judgement::Accept => return true,
                Judgement::Refuse(_) => return false,
                Judgement::Wait => clock.sleep(LOOK).await,
            }
        }
    }
}

fn round_of(round: EngineRound) -> Round {
    Round { epoch: round.epoch().get(), view: round.view().get() }
}

/// Milliseconds since 1970 by the runtime's clock.
pub(crate) fn now_ms(clock: &impl Clock) -> u64 {
    let since = clock.current().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
