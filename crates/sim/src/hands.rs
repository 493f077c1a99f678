//! What an actor can do in its moment: send, answer, remember for later, and let chance decide. Knows no actor.

use std::ops::Range;

use directory::Time;
use engine::Input;
use fastrand::Rng;

use crate::coverage::Coverage;
use crate::letter::{Ask, Letter, Place, Wake};
use crate::mail::Mail;
use crate::plan::{Mood, Plan};

/// One actor's moment.
pub(crate) struct Hands<'a> {
    pub(crate) now: Time,
    pub(crate) me: Place,
    pub(crate) rng: &'a mut Rng,
    pub(crate) mail: &'a mut Mail,
    pub(crate) plan: &'a Plan,
    pub(crate) coverage: &'a mut Coverage,
    /// Nothing goes wrong any more, and everybody answers.
    pub(crate) quiet: bool,
    /// What somebody saw that must not be.
    pub(crate) broken: &'a mut Vec<String>,
}

impl Hands<'_> {
    /// Whether something happens that happens so many times in 1,000; never when all is quiet.
    pub(crate) fn mishap(&mut self, of_thousand: u32) -> bool {
        !self.quiet && self.rng.u32(0..1000) < of_thousand
    }

    /// Whether members are in this mood just now; never when all is quiet.
    pub(crate) fn in_mood(&mut self, share: fn(&Mood) -> u32) -> bool {
        self.mishap(share(&self.plan.mood))
    }

    /// Whether something happens that happens so many times in 1,000.
    pub(crate) fn chance(&mut self, of_thousand: u32) -> bool {
        self.rng.u32(0..1000) < of_thousand
    }

    /// Sends a request to the network and returns its call number.
    pub(crate) fn ask(&mut self, ask: Ask) -> u64 {
        let call = self.mail.next_call();
        let letter = Letter::Request { from: self.me, call, sent: self.now, ask };
        self.mail.send(self.now, Place::Network, letter, self.rng);
        call
    }

    /// Sends something for the engine and returns its call number.
    pub(crate) fn ask_engine(&mut self, input: Input) -> u64 {
        self.ask(Ask::Engine(input))
    }

    /// Answers what the network asked, in the mood of the day: perhaps not, late, or twice.
    pub(crate) fn say(&mut self, input: switch::Input) {
        let mood = self.plan.mood;
        if self.mishap(mood.silent) {
            self.coverage.saw("member", "silent");
            return;
        }
        let mut at = self.now;
        if self.mishap(mood.late) {
            self.coverage.saw("member", "late");
            at = at.plus_ms(self.rng.u64(3_000..25_000));
        }
        let twice = self.mishap(mood.twice);
        if twice {
            self.coverage.saw("member", "twice");
        }
        for _ in 0..=u8::from(twice) {
            let ask = Ask::Engine(Input::Switch(input.clone()));
            let letter = Letter::Request { from: self.me, call: 0, sent: at, ask };
            self.mail.send(at, Place::Network, letter, self.rng);
        }
    }

    /// Reminds oneself.
    pub(crate) fn wake(&mut self, after_ms: u64, wake: Wake) {
        self.mail.put(self.now.plus_ms(after_ms), self.me, Letter::Wake(wake));
    }

    /// Reminds oneself at some time within a range of milliseconds from now.
    pub(crate) fn wake_in(&mut self, after_ms: Range<u64>, wake: Wake) {
        let after_ms = self.rng.u64(after_ms);
        self.wake(after_ms, wake);
    }

    /// Shows somebody something, or lets somebody begin something.
    pub(crate) fn hand(&mut self, to: Place, after_ms: u64, wake: Wake) {
        self.mail.put(self.now.plus_ms(after_ms), to, Letter::Wake(wake));
    }

    /// Shows somebody something at some time within a range of milliseconds from now.
    pub(crate) fn hand_in(&mut self, to: Place, after_ms: Range<u64>, wake: Wake) {
        let after_ms = self.rng.u64(after_ms);
        self.hand(to, after_ms, wake);
    }

    /// Reports what must not be.
    pub(crate) fn broken(&mut self, what: String) {
        self.broken.push(format!("{}: {what}", self.me));
    }
}
