//! Breaking things on purpose: wallets in bad moods, FX providers that withdraw, and the network's process killed.

use std::sync::Arc;
use std::time::Duration;

use console::play::{Mood, Step};
use hop::now_ms;

use crate::life::VISITOR;
use crate::phone::wallet_mood;
use crate::{Change, NotDone, Playground};

/// How long the network stays dead, so that a person sees it.
const DEAD: Duration = Duration::from_millis(1_500);

impl Playground {
    /// From now on a wallet takes requests to debit this page's payer like this.
    pub(crate) fn set_mood(&self, phone: usize, mood: Mood) {
        self.turn(phone, |phone| {
            phone.mood = mood;
            phone.wallet.set_mood(VISITOR, wallet_mood(mood));
        });
        self.tell(Change::Network);
    }

    /// An FX provider withdraws its rates, or pushes again.
    pub(crate) async fn provide(&self, provider: usize, on: bool) -> Result<(), NotDone> {
        self.host.provide(provider, on).await.map_err(|why| {
            tracing::warn!(%why, "an FX provider could not be turned");
            NotDone::Busy
        })?;
        self.state().providers[provider] = on;
        self.tell(Change::Network);
        Ok(())
    }

    /// The next payment of the page kills the network as soon as its wallet has been asked.
    pub(crate) fn arm_crash(&self) {
        self.state().crash_armed = true;
        self.tell(Change::Network);
    }

    /// Kills the network's process where it stands, and starts it again.
    pub(crate) async fn crash(self: &Arc<Self>) -> Result<(), NotDone> {
        {
            let mut state = self.state();
            if !state.up {
                return Err(NotDone::Busy);
            }
            state.up = false;
            state.crash_armed = false;
        }
        let killed = self.host.kill().await;
        {
            let mut state = self.state();
            state.hops.forget_open();
            state.interrupt(&Step::Killed { at_ms: now_ms() });
        }
        self.everything_moved();
        self.report(killed, "killed");
        let playground = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(DEAD).await;
            let restarted = playground.host.restart().await;
            let back = restarted.is_ok();
            playground.report(restarted, "started");
            {
                let mut state = playground.state();
                state.up = back;
                state.restarts += u32::from(back);
                let facts = state.follower.engine().commit();
                if back {
                    state.interrupt(&Step::Recovered { at_ms: now_ms(), facts });
                }
            }
            playground.everything_moved();
        });
        Ok(())
    }

    fn report(&self, done: Result<(), String>, what: &str) {
        if let Err(why) = done {
            tracing::error!(%why, "the network could not be {what}");
        }
    }

    fn everything_moved(&self) {
        self.tell(Change::Network);
        let open: Vec<_> = {
            let state = self.state();
            state.lives.latest_ours.into_iter().chain(state.lives.newest()).collect()
        };
        for payment in open {
            self.tell(Change::Steps(payment));
            self.tell(Change::Life(payment));
        }
    }
}
