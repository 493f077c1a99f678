//! The memory of nonces: a request of scheme `rfc9421` counts once. Bounded, and forgetful only of what freshness
//! refuses anyway. Lost at a restart: for the life of a signature after it, repeats are left to idempotency.

use std::collections::VecDeque;

use ring::digest::{Context, SHA256};
use rustc_hash::FxHashSet;

use super::{Freshness, Refused};
use crate::key::ClientId;

/// Nonces remembered at most, over all members: at 32 bytes each about 64 MB, and about 25,000 requests a second
/// through the whole window.
pub const NONCES_MAX: usize = 2_000_000;

/// Parts the window is kept in; a part is forgotten whole, so memory is at most one part too old.
const BUCKETS: u64 = 4;

/// Remembers who used which nonce. Show it only nonces of requests whose signature is good, so that nobody can use up
/// another member's nonces or fill the memory from outside.
#[derive(Debug)]
pub struct ReplayCache {
    /// Newest first; each holds the nonces of one part of the window.
    buckets: VecDeque<FxHashSet<u128>>,
    bucket_ms: u64,
    /// When the newest bucket was opened, in unix milliseconds.
    opened_ms: u64,
    count: usize,
    count_max: usize,
}

impl ReplayCache {
    /// An empty memory for the longest life that `freshness` accepts, of at most `count_max` nonces.
    #[must_use]
    pub fn new(freshness: Freshness, count_max: usize) -> ReplayCache {
        // A signature may be created one skew ahead of us and is taken until one skew after its end.
        let window_ms = freshness
            .rfc9421_life_s_max
            .saturating_mul(1000)
            .saturating_add(freshness.rfc9421_skew_ms_max.saturating_mul(2));
        ReplayCache {
            buckets: VecDeque::from([FxHashSet::default()]),
            bucket_ms: window_ms / BUCKETS + 1,
            opened_ms: 0,
            count: 0,
            count_max,
        }
    }

    /// Takes a nonce that has not been used, and refuses one that has. When the memory is full it refuses too, rather
    /// than forget.
    pub fn admit(&mut self, client_id: &ClientId, nonce: &str, now_ms: u64) -> Result<(), Refused> {
        self.forget(now_ms);
        let key = fingerprint(client_id, nonce);
        if self.buckets.iter().any(|bucket| bucket.contains(&key)) {
            return Err(Refused::Replayed);
        }
        if self.count >= self.count_max {
            return Err(Refused::ReplayCacheFull);
        }
        self.buckets.front_mut().expect("there is always a newest bucket").insert(key);
        self.count += 1;
        Ok(())
    }

    /// How many nonces are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Opens new buckets as time passes and drops those that lie wholly before the window. A clock that is set back
    /// drops nothing.
    fn forget(&mut self, now_ms: u64) {
        let passed = now_ms.saturating_sub(self.opened_ms) / self.bucket_ms;
        if passed == 0 {
            return;
        }
        for _ in 0..passed.min(BUCKETS + 1) {
            self.buckets.push_front(FxHashSet::default());
        }
        self.opened_ms = if passed > BUCKETS { now_ms } else { self.opened_ms + passed * self.bucket_ms };
        // The newest is filling; behind it the whole window, and one more because the newest may just have been opened.
        while self.buckets.len() as u64 > BUCKETS + 1 {
            self.count -= self.buckets.pop_back().map_or(0, |bucket| bucket.len());
        }
    }
}

/// 128 bits of SHA-256 over client id and nonce: nobody can make two that collide in practice, and members with long
/// nonces take no more room than others.
fn fingerprint(client_id: &ClientId, nonce: &str) -> u128 {
    let mut context = Context::new(&SHA256);
    // A client id has no slash, so the pair cannot be read two ways.
    context.update(client_id.as_str().as_bytes());
    context.update(b"/");
    context.update(nonce.as_bytes());
    let digest = context.finish();
    let bytes = digest.as_ref().first_chunk().expect("SHA-256 has more than 16 bytes");
    u128::from_be_bytes(*bytes)
}
