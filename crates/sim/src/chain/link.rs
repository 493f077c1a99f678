//! The network's link to the chain. It reads what is final, in order, and tells the network until it has heard; it asks
//! the network what it holds, and tells the chain. It remembers nothing that it could not read again.

mod proof;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;

use directory::{MemberId, Time};
use engine::delivery::{About, Asked, Awaits, Refusal, Share, Stage, What, Word, heard};
use engine::{Engine, Input, Reply};
use receivables::{Event, Hash};

use super::Chain;
use crate::hands::Hands;
use crate::letter::{Ask, Open, Wake};

/// What is not answered within this time is asked again.
const AGAIN_MS: u64 = 6_000;
/// How often the link asks while something is open, and the longest it waits while nothing is.
const POLL_MS: u64 = 1_500;
const IDLE_MS_MAX: u64 = 3_600_000;
/// How often in 1,000 times somebody else speaks on its line.
const LIES: u32 = 60;

/// The link's process, and what its people want of the network.
#[derive(Default)]
pub(super) struct Link {
    /// Events of the log that were read.
    read: usize,
    /// What is to be told about each delivery, in order.
    words: BTreeMap<Hash, VecDeque<Asked>>,
    /// Other wishes, each until it is answered.
    wishes: Vec<Asked>,
    /// Calls under way: about which delivery or wish, and since when.
    calls: BTreeMap<u64, (Call, Time)>,
    busy: BTreeSet<Call>,
    /// Final payments whose delivery is not known yet, by reference.
    unmatched: BTreeMap<Hash, Word>,
    /// By reference: which delivery, and what an advance pays.
    keys: BTreeMap<Hash, (Hash, Option<u64>)>,
    /// Deliveries whose money the chain was told of, ever, by reference: for the checks, not for the link.
    proved: BTreeMap<Hash, Hash>,
    idle_ms: u64,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Call {
    Delivery(Hash),
    Wish(String),
    Open,
    /// What somebody said who is none of the chain's: must be refused.
    Lie(String),
}

impl Link {
    /// Somebody wants something of the network.
    pub(super) fn want(&mut self, asked: Asked) {
        self.wishes.push(asked);
        self.idle_ms = 0;
    }

    /// Whether the chain was ever told of a delivery's money.
    pub(super) fn has_proved(&self, key: &Hash) -> bool {
        self.proved.values().any(|proved| proved == key)
    }

    /// The delivery that the chain was told of under this reference.
    pub(super) fn proved(&self, reference: &Hash) -> Option<Hash> {
        self.proved.get(reference).copied()
    }

    /// Says what is not so, once.
    pub(super) fn lie(&mut self, asked: Asked, hands: &mut Hands<'_>) {
        let about = Call::Lie(format!("{asked:?}"));
        let call = hands.ask(Ask::Engine(Input::Delivery(asked)));
        self.calls.insert(call, (about, hands.now));
    }

    fn tell(&mut self, key: Hash, asked: Asked) {
        self.words.entry(key).or_default().push_back(asked);
        self.idle_ms = 0;
    }

    /// The process dies and comes back: what it read is read again. Wishes are other people's.
    fn forget(&mut self) {
        (self.read, self.idle_ms) = (0, 0);
        self.words.clear();
        self.calls.clear();
        self.busy.clear();
        self.unmatched.clear();
        self.keys.clear();
    }

    /// What the network said to something it was told.
    pub(super) fn answered(&mut self, call: u64, reply: &Reply, hands: &mut Hands<'_>) {
        let Some((about, _)) = self.calls.remove(&call) else { return };
        self.busy.remove(&about);
        if let Reply::DeliveryRefused(refusal) = reply {
            hands.coverage.saw("delivery refused", format!("{refusal:?}"));
            if matches!(
                refusal,
                Refusal::NotReserved
                    | Refusal::Contradicts
                    | Refusal::RepeatInconsistent
                    | Refusal::LienDiffers
                    | Refusal::TooEarly
                    | Refusal::OnlyByEvent
            ) && matches!(about, Call::Delivery(_))
            {
                hands.broken(format!("the chain's own words were refused: {refusal:?} of {about:?}"));
            }
        }
        match about {
            Call::Delivery(key) => {
                if let Some(words) = self.words.get_mut(&key) {
                    words.pop_front();
                    if words.is_empty() {
                        self.words.remove(&key);
                    }
                }
            }
            Call::Wish(wish) => self.wishes.retain(|asked| format!("{asked:?}") != wish),
            Call::Open => {}
            Call::Lie(lie) => match reply {
                Reply::DeliveryRefused(refusal) => hands.coverage.saw("lie refused", format!("{refusal:?}")),
                _ => hands.broken(format!("a lie was believed: {lie} was answered with {reply:?}")),
            },
        }
    }
}

impl Chain {
    pub(super) fn wake_link(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        if hands.mishap(hands.plan.crashes) {
            hands.coverage.saw("chain", "link dies");
            self.link.forget();
        }
        if hands.mishap(LIES) {
            self.lie(engine, hands);
        }
        if hands.quiet {
            self.thaw(hands);
            // Time passes on the chain even where nobody asks anything of it.
            if self.waiting.is_empty() {
                self.block(hands.now);
            }
        }
        self.read_on();
        let late = |since: &Time| hands.now.since_ms(*since) > AGAIN_MS;
        let lost: Vec<u64> =
            self.link.calls.iter().filter(|(_, (_, since))| late(since)).map(|(call, _)| *call).collect();
        for call in lost {
            let Some((about, _)) = self.link.calls.remove(&call) else { continue };
            self.link.busy.remove(&about);
        }
        let words = self.link.words.iter().filter_map(|(key, words)| {
            Some((Call::Delivery(*key), Ask::Engine(Input::Delivery(words.front()?.clone()))))
        });
        let wishes = self.link.wishes.iter();
        let wishes =
            wishes.map(|wish| (Call::Wish(format!("{wish:?}")), Ask::Engine(Input::Delivery(wish.clone()))));
        let mut asks: Vec<(Call, Ask)> = words.chain(wishes).collect();
        asks.push((Call::Open, Ask::Deliveries));
        for (about, ask) in asks {
            if self.link.busy.insert(about.clone()) {
                let call = hands.ask(ask);
                self.link.calls.insert(call, (about, hands.now));
            }
        }
        self.wake_again(engine, hands);
    }

    /// Comes back soon while something is under way, later when nothing is, and never when nothing will be.
    fn wake_again(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let open = engine.is_none_or(|engine| engine.deliveries().open().next().is_some());
        let awaited = engine.is_none_or(|engine| {
            engine
                .deliveries()
                .open()
                .any(|one| one.stage == Stage::Withheld || one.awaits(engine.now()).is_some())
        });
        let busy = awaited || !self.link.words.is_empty() || !self.link.wishes.is_empty();
        let locked = self.state.parts().any(|(_, part)| part.lock.is_some());
        if busy || locked || self.read_to_the_end().is_none() {
            self.link.idle_ms = 0;
        }
        let sales = engine.is_some_and(|engine| engine.deliveries().has_sales_to_share());
        // A payment or a letter may be under way for some time after all has gone quiet.
        if hands.quiet && self.link.idle_ms >= IDLE_MS_MAX && !sales && !open {
            return;
        }
        self.link.idle_ms = match hands.quiet {
            true => (self.link.idle_ms * 2).clamp(POLL_MS, IDLE_MS_MAX),
            false => POLL_MS,
        };
        hands.wake(self.link.idle_ms, Wake::Link);
    }

    fn read_to_the_end(&self) -> Option<()> {
        (self.link.read == self.log.len()).then_some(())
    }

    /// Reads what became final since, and notes whom to tell.
    fn read_on(&mut self) {
        while let Some((_, _, event)) = self.log.get(self.link.read).cloned() {
            self.link.read += 1;
            self.understand(&event);
        }
    }

    fn understand(&mut self, event: &Event) {
        let Ok(heard) = heard(event, |id| Ok::<_, Infallible>(MemberId(id)));
        match heard {
            Some(Asked::Said { about, word }) => self.hear(about, word),
            Some(locked @ Asked::Locked { key, .. }) => self.link.tell(key, locked),
            _ => {}
        }
        if let Event::FreezeSet(freeze) = event
            && !freeze.frozen
        {
            let withheld = self.log[..self.link.read].iter().filter_map(|(_, _, event)| match event {
                Event::Paid(paid) if paid.certificate == freeze.certificate && paid.withheld => {
                    Some(paid.clone())
                }
                _ => None,
            });
            for paid in withheld.collect::<Vec<_>>() {
                self.understand(&Event::Paid(receivables::event::Paid { withheld: false, ..paid }));
            }
        }
    }

    /// A word about a delivery that is not known yet waits until it is.
    fn hear(&mut self, about: About, word: Word) {
        let known = match about {
            About::Key(key) => Some((key, None)),
            About::Reference(reference) => self.link.keys.get(&reference).copied(),
        };
        match (known, about) {
            (Some((key, advanced)), _) => self.say(key, advanced, about, word),
            (None, About::Reference(reference)) => {
                self.link.unmatched.insert(reference, word);
            }
            (None, About::Key(_)) => {}
        }
    }

    /// Tells a word, and notes who is paid by it.
    fn say(&mut self, key: Hash, advanced: Option<u64>, about: About, word: Word) {
        let shares = match &word {
            Word::Sold { share, .. } => Some(vec![*share]),
            Word::Paid { shares, .. } | Word::Settled { shares, .. } => Some(shares.clone()),
            // How much was advanced the network knows.
            Word::Secured(secured) => {
                advanced.map(|minor| vec![Share { to: secured.agent, minor, of: secured.advance }])
            }
            Word::LockEnded | Word::Absent { .. } => None,
        };
        if let Some(shares) = shares {
            self.paid.entry(key).or_insert(shares);
        }
        self.link.tell(key, Asked::Said { about, word });
    }

    /// The network's answer: what is open there, and what it awaits.
    pub(super) fn work_off(&mut self, call: u64, open: &[Open], hands: &mut Hands<'_>) {
        if let Some((about, _)) = self.link.calls.remove(&call) {
            self.link.busy.remove(&about);
        }
        for one in open {
            let begun = &one.delivery.begun;
            let reference = one.delivery.reference();
            let advanced = matches!(begun.what, What::Advance { .. }).then_some(begun.amount.minor);
            self.link.keys.insert(reference, (begun.key, advanced));
            if let Some(word) = self.link.unmatched.remove(&reference) {
                self.say(begun.key, advanced, About::Reference(reference), word);
            }
            match one.awaits {
                Some(Awaits::Proof) => self.prove(one, hands),
                Some(Awaits::End) => self.end(one, hands),
                None => {}
            }
        }
    }
}
