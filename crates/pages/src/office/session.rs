//! Who is signed in: sessions in memory, found by a number only the browser has. They end by themselves, and a restart
//! ends them all. The token that a session acts with is never told to anybody but the API.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// A session ends so long after its last request.
pub(super) const IDLE_MS: u64 = 30 * 60_000;
/// And so long after it began in any case.
pub(super) const WHOLE_MS: u64 = 8 * 3_600_000;
/// People signed in at a time.
const SESSIONS_MAX: usize = 256;
/// Wrong tokens taken in one minute, from everybody together.
const WRONG_MAX: usize = 10;
const MINUTE_MS: u64 = 60_000;

/// Everybody who is signed in.
#[derive(Default)]
pub(super) struct Sessions {
    /// By the hash of the number that the browser has.
    open: BTreeMap<[u8; 32], Session>,
    /// When wrong tokens came.
    wrong_ms: Vec<u64>,
}

/// One person's session.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) person: String,
    pub(super) token: String,
    began_ms: u64,
    seen_ms: u64,
}

impl Session {
    fn is_open(&self, now_ms: u64) -> bool {
        now_ms < self.began_ms + WHOLE_MS && now_ms < self.seen_ms + IDLE_MS
    }
}

impl Sessions {
    /// Begins a session and returns its number. `None` if the system gives no random bytes.
    pub(super) fn begin(&mut self, person: &str, token: &str, now_ms: u64) -> Option<String> {
        self.open.retain(|_, session| session.is_open(now_ms));
        if self.open.len() >= SESSIONS_MAX {
            let idle = self.open.iter().min_by_key(|(_, session)| session.seen_ms).map(|(key, _)| *key);
            idle.map(|key| self.open.remove(&key));
        }
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let number: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let session =
            Session { person: person.to_owned(), token: token.to_owned(), began_ms: now_ms, seen_ms: now_ms };
        self.open.insert(key(&number), session);
        Some(number)
    }

    /// The session of a number, if it is open; that it was asked for keeps it open.
    pub(super) fn find(&mut self, number: &str, now_ms: u64) -> Option<Session> {
        let key = key(number);
        let session = self.open.get_mut(&key)?;
        if !session.is_open(now_ms) {
            self.open.remove(&key);
            return None;
        }
        session.seen_ms = now_ms;
        Some(session.clone())
    }

    /// Ends a session.
    pub(super) fn end(&mut self, number: &str) {
        self.open.remove(&key(number));
    }

    /// Whether one more token may be tried now.
    pub(super) fn may_try(&mut self, now_ms: u64) -> bool {
        self.wrong_ms.retain(|at| at + MINUTE_MS > now_ms);
        self.wrong_ms.len() < WRONG_MAX
    }

    /// Notes that a wrong token came.
    pub(super) fn was_wrong(&mut self, now_ms: u64) {
        self.wrong_ms.push(now_ms);
    }
}

fn key(number: &str) -> [u8; 32] {
    digest(&SHA256, number.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_by_themselves() {
        let mut sessions = Sessions::default();
        let number = sessions.begin("ana", "token", 0).expect("random bytes");
        assert!(sessions.find("another", 1).is_none());
        assert_eq!(sessions.find(&number, IDLE_MS - 1).map(|session| session.person), Some("ana".to_owned()));
        assert!(sessions.find(&number, 2 * IDLE_MS).is_none(), "idle for too long");
        let number = sessions.begin("ana", "token", 0).expect("random bytes");
        for at in (0..WHOLE_MS).step_by(IDLE_MS as usize - 1) {
            assert!(sessions.find(&number, at).is_some(), "{at}");
        }
        assert!(sessions.find(&number, WHOLE_MS).is_none(), "open for too long");
        let number = sessions.begin("ana", "token", 0).expect("random bytes");
        sessions.end(&number);
        assert!(sessions.find(&number, 1).is_none(), "ended");
    }

    #[test]
    fn wrong_tokens_are_bounded() {
        let mut sessions = Sessions::default();
        for _ in 0..WRONG_MAX {
            assert!(sessions.may_try(0));
            sessions.was_wrong(0);
        }
        assert!(!sessions.may_try(MINUTE_MS - 1));
        assert!(sessions.may_try(MINUTE_MS));
    }

    #[test]
    fn the_longest_idle_makes_room() {
        let mut sessions = Sessions::default();
        let first = sessions.begin("first", "token", 0).expect("random bytes");
        let second = sessions.begin("second", "token", 1).expect("random bytes");
        for _ in 0..SESSIONS_MAX - 1 {
            sessions.begin("another", "token", 2).expect("random bytes");
        }
        assert!(sessions.find(&first, 3).is_none());
        assert!(sessions.find(&second, 3).is_some());
    }
}
