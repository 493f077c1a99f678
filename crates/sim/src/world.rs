//! The whole network in one thread under virtual time: one queue, everybody's turn in order, the checks after each of
//! the network's. Every choice comes from one seed.

use directory::{MemberId, Time};
use engine::Input;
use fastrand::Rng;
use journal::{Fault, Loss};
use switch::{Effect, PaymentId};

use crate::acquirer::Acquirer;
use crate::cast::Cast;
use crate::coverage::Coverage;
use crate::hands::Hands;
use crate::host::{CrashPoint, Death, Host, Turned};
use crate::letter::{Ask, Letter, Place, Wake};
use crate::mail::{FRESH_MS, Mail, Weather};
use crate::operator::Operator;
use crate::plan::{Plan, pick};
use crate::provider::Provider;
use crate::street::Street;
use crate::wallet::Wallet;
use crate::watch::{Causes, Watch};

/// Business goes on this long after the last purchase before everything calms down.
const AFTERMATH_MS: u64 = 90_000;
/// What is still open this long after all faults have stopped will never end.
const QUIET_MS_MAX: u64 = 40 * 86_400_000;
/// Steps after which a run is taken to be going in circles.
const STEPS_MAX: u64 = 2_000_000;

/// Prints one line of a trace.
pub(crate) type Tracer<'a> = Option<&'a mut dyn FnMut(&str)>;

/// Everything there is.
pub(crate) struct World<'a> {
    pub(crate) plan: Plan,
    rng: Rng,
    pub(crate) now: Time,
    pub(crate) mail: Mail,
    pub(crate) host: Host,
    pub(crate) wallets: Vec<Wallet>,
    pub(crate) acquirers: Vec<Acquirer>,
    providers: Vec<Provider>,
    pub(crate) operator: Operator,
    street: Street,
    pub(crate) watch: Watch,
    pub(crate) coverage: Coverage,
    quiet_since: Option<Time>,
    shopping_over: Option<Time>,
    broken: Vec<String>,
    tracer: Tracer<'a>,
    pub(crate) turns: u64,
    pub(crate) crashes: u64,
}

impl<'a> World<'a> {
    /// Lets the members in and sends the first people shopping.
    pub(crate) fn new(seed: u64, tracer: Tracer<'a>) -> Result<World<'a>, String> {
        let mut rng = Rng::with_seed(seed);
        let plan = Plan::draw(&mut rng);
        let (cast, first) = Cast::draw(&plan, &mut rng);
        let mut world = World {
            now: plan.start,
            mail: Mail::new(plan.weather),
            host: Host::new(seed, plan.segment_bytes, plan.start),
            wallets: Vec::new(),
            acquirers: cast.acquirers.iter().map(Acquirer::new).collect(),
            providers: Vec::new(),
            operator: Operator::new(cast.clone(), &first),
            street: Street::new(cast.clone(), plan.purchases),
            watch: Watch::default(),
            coverage: Coverage::default(),
            quiet_since: None,
            shopping_over: None,
            broken: Vec::new(),
            tracer,
            turns: 0,
            crashes: 0,
            plan,
            rng,
        };
        let (mut hands, _) = world.hands(Place::Street);
        let wallets = cast.wallets.iter().enumerate().map(|(index, role)| {
            let (honest, stubborn) = (!hands.plan.liars[index], hands.plan.stubborn[index]);
            Wallet::new(role, honest, stubborn, &mut hands)
        });
        world.wallets = wallets.collect();
        for provider in &cast.providers {
            world.providers.push(Provider::new(*provider, cast.currencies.clone()));
        }
        world.open(first)?;
        Ok(world)
    }

    /// The network starts for the first time, and the operator lets everybody in.
    fn open(&mut self, first: Vec<Input>) -> Result<(), String> {
        self.come_back()?;
        for input in first {
            self.host.receive(Place::Operator, 0, Ask::Engine(input));
        }
        self.network_turn()?;
        self.mail.put(self.now, Place::Street, Letter::Wake(Wake::Shop));
        self.mail.put(self.now.plus_ms(3_000), Place::Operator, Letter::Wake(Wake::Act));
        for provider in 0..self.providers.len() {
            self.mail.put(self.now, Place::Provider(provider), Letter::Wake(Wake::Push));
        }
        Ok(())
    }

    /// Plays until nothing moves any more.
    pub(crate) fn play(&mut self) -> Result<(), String> {
        for _ in 0..STEPS_MAX {
            self.calm_down();
            let letter_at = self.mail.next_at();
            let network_at = self.host.due_at(self.now);
            let next = match (letter_at, network_at) {
                (None, None) => return Ok(()),
                (Some(letter), None) => (letter, true),
                (None, Some(network)) => (network, false),
                (Some(letter), Some(network)) => (letter.min(network), letter <= network),
            };
            self.now = self.now.max(next.0);
            if self.quiet_since.is_some_and(|since| self.now.since_ms(since) > QUIET_MS_MAX) {
                return Err("the world does not come to rest".to_owned());
            }
            match next.1 {
                true => self.deliver(),
                false => self.network_acts()?,
            }
            if let Some(broken) = self.broken.pop() {
                return Err(broken);
            }
        }
        Err("the world goes in circles".to_owned())
    }

    /// Ends the faults some time after the last purchase.
    fn calm_down(&mut self) {
        if self.quiet_since.is_some() {
            return;
        }
        if self.shopping_over.is_none() && self.street.is_over() {
            self.shopping_over = Some(self.now);
        }
        let is_over = |over: Time| self.now.since_ms(over) > AFTERMATH_MS;
        if self.shopping_over.is_some_and(is_over) {
            self.quiet_since = Some(self.now);
            self.mail.weather = Weather::FINE;
            self.say(format_args!("from here on nothing goes wrong"));
        }
    }

    fn say(&mut self, line: std::fmt::Arguments<'_>) {
        if let Some(tracer) = &mut self.tracer {
            let at = self.now.since_ms(self.plan.start);
            tracer(&format!("{:>6}.{:03} {line}", at / 1_000, at % 1_000));
        }
    }

    fn hands(&mut self, me: Place) -> (Hands<'_>, Actors<'_>) {
        let hands = Hands {
            now: self.now,
            me,
            rng: &mut self.rng,
            mail: &mut self.mail,
            plan: &self.plan,
            coverage: &mut self.coverage,
            quiet: self.quiet_since.is_some(),
            broken: &mut self.broken,
        };
        let actors = Actors {
            wallets: &mut self.wallets,
            acquirers: &mut self.acquirers,
            providers: &mut self.providers,
            operator: &mut self.operator,
            street: &mut self.street,
            host: &self.host,
        };
        (hands, actors)
    }

    /// Takes the next letter to whom it is for.
    fn deliver(&mut self) {
        let Some((_, to, letter)) = self.mail.take() else { return };
        if self.tracer.is_some() {
            self.say(format_args!("{to} <- {letter}"));
        }
        if to == Place::Network {
            let Letter::Request { from, call, sent, ask } = letter else { return };
            if self.now.since_ms(sent) > FRESH_MS {
                self.coverage.saw("network", "stale request");
            } else if !self.host.receive(from, call, ask) {
                self.coverage.saw("network", "request while down");
            }
            return;
        }
        let (mut hands, actors) = self.hands(to);
        match to {
            Place::Wallet(index) => actors.wallets[index].take(letter, &mut hands),
            Place::Acquirer(index) => actors.acquirers[index].take(letter, &mut hands),
            Place::Provider(index) => actors.providers[index].take(letter, &mut hands),
            Place::Operator => actors.operator.take(letter, actors.host.engine(), &mut hands),
            Place::Street => actors.street.take(letter, &mut hands),
            Place::Network => {}
        }
    }

    fn network_acts(&mut self) -> Result<(), String> {
        match self.host.engine() {
            Some(_) => self.network_turn(),
            None => self.come_back(),
        }
    }

    fn come_back(&mut self) -> Result<(), String> {
        let fails =
            self.quiet_since.is_none() && self.turns > 0 && self.rng.u32(0..1000) < self.plan.crashes * 8;
        let fault = fails.then(|| (self.rng.u64(0..6), any_fault(&mut self.rng), any_loss(&mut self.rng)));
        let Some(recovered) = self.host.recover(fault)? else {
            self.coverage.saw("crash", "while recovering");
            self.host.rest_until(self.now.plus_ms(100));
            return Ok(());
        };
        let survived = !recovered.records.is_empty();
        for (seen, name) in [(recovered.torn, "torn tail"), (survived, "unanswered turn survived")] {
            if seen {
                self.coverage.saw("recovery", name);
            }
        }
        self.take_records(&recovered.records, &recovered.causes)?;
        let engine = self.host.engine().ok_or("recovered, and nobody is there")?;
        self.watch.memory.recovered(engine)?;
        self.host.check_replay()?;
        let facts = self.watch.facts;
        self.say(format_args!("the network is up again, with {facts} facts"));
        Ok(())
    }

    fn death(&mut self) -> Option<Death> {
        if self.quiet_since.is_some() || self.turns == 0 || self.rng.u32(0..1000) >= self.plan.crashes {
            return None;
        }
        let rng = &mut self.rng;
        let point = match rng.u8(0..5) {
            0 => CrashPoint::BeforeSync,
            1 => CrashPoint::InSync(rng.u64(0..3), any_fault(rng)),
            2 => CrashPoint::DiskFull,
            3 => CrashPoint::AfterSync,
            _ => CrashPoint::LettingOut,
        };
        Some(Death { point, loss: any_loss(rng) })
    }

    fn network_turn(&mut self) -> Result<(), String> {
        let death = self.death();
        let back_ms = match self.quiet_since.is_none() && self.rng.u32(0..1000) < self.plan.clock_back {
            true => self.rng.u64(0..5_000),
            false => 0,
        };
        let clock = Time(self.now.0 - back_ms);
        let turned = self.host.turn(clock, death)?;
        self.turns += 1;
        let touched = self.take_records(&turned.records, &turned.causes)?;
        if let Some(engine) = self.host.engine() {
            if let Some(missed) = touched.iter().find(|id| !turned.moved.contains(id)) {
                return Err(format!("{missed:?} moved, and those who wait for it are not told"));
            }
            self.watch.after_turn(engine, !turned.records.is_empty())?;
        }
        let rest_ms = match (turned.died, death) {
            (Some(_), Some(death)) => {
                self.crashes += 1;
                self.coverage.saw("crash", crash_name(death));
                self.say(format_args!("the network dies: {death:?}"));
                self.rng.u64(1..=self.plan.down_ms_max)
            }
            _ => self.rng.u64(1..=self.plan.sync_ms_max),
        };
        self.host.rest_until(self.now.plus_ms(rest_ms));
        self.let_out(turned)
    }

    /// Shows durable records to the watch; returns the payments they are about.
    fn take_records(&mut self, records: &[Vec<u8>], causes: &Causes) -> Result<Vec<PaymentId>, String> {
        let mut touched = Vec::new();
        for record in records {
            if self.tracer.is_some()
                && let Ok((fact, _)) = engine::read_record(record)
            {
                self.say(format_args!("fact {}: {}", self.watch.facts + 1, fact_line(&fact)));
            }
            touched.extend(self.watch.record(record, causes, &mut self.coverage)?);
        }
        Ok(touched)
    }

    /// Lets answers and effects out, as far as the process lived.
    fn let_out(&mut self, turned: Turned) -> Result<(), String> {
        let mut left = turned.died.unwrap_or(usize::MAX);
        for (place, call, told) in turned.answers {
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            // A process that died letting out has nothing to compare with: what it let out is remembered all the
            // same, and must be there when it comes back.
            self.watch.memory.answer(&told, self.host.engine())?;
            self.send(place, Letter::Answer { call, told });
        }
        for effect in turned.effects {
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            self.watch.memory.effect(&effect, self.host.engine())?;
            self.coverage.saw("effect", effect_name(&effect));
            match self.addressee(&effect) {
                Some(place) => self.send(place, Letter::Effect(effect)),
                None => return Err(format!("nobody to carry out {effect:?}")),
            }
        }
        Ok(())
    }

    fn send(&mut self, to: Place, letter: Letter) {
        self.mail.send(self.now, to, letter, &mut self.rng);
    }

    fn addressee(&self, effect: &Effect) -> Option<Place> {
        let wallet = |member: MemberId| self.wallets.iter().position(|wallet| wallet.member == member);
        match effect {
            Effect::Reserve(_) => None,
            Effect::TellResult(payment) => {
                let acquirer = payment.opened.acquirer;
                let index = self.acquirers.iter().position(|known| known.member == acquirer);
                index.map(Place::Acquirer)
            }
            Effect::AskToPay(payment)
            | Effect::AskWhatBecame(payment)
            | Effect::AskToCancel(payment)
            | Effect::AskToRefund(payment, _) => {
                payment.terms.as_ref().and_then(|terms| wallet(terms.wallet)).map(Place::Wallet)
            }
        }
    }
}

/// Everybody but the network, to be woken one at a time.
struct Actors<'w> {
    wallets: &'w mut Vec<Wallet>,
    acquirers: &'w mut Vec<Acquirer>,
    providers: &'w mut Vec<Provider>,
    operator: &'w mut Operator,
    street: &'w mut Street,
    host: &'w Host,
}

fn any_fault(rng: &mut Rng) -> Fault {
    *pick(rng, &[Fault::Refused, Fault::Halfway, Fault::Halfway, Fault::Full])
}

fn any_loss(rng: &mut Rng) -> Loss {
    *pick(rng, &[Loss::Nothing, Loss::Unsynced, Loss::Torn])
}

fn crash_name(death: Death) -> String {
    let point = match death.point {
        CrashPoint::BeforeSync => "before sync",
        CrashPoint::InSync(..) => "in sync",
        CrashPoint::DiskFull => "disk full",
        CrashPoint::AfterSync => "after sync",
        CrashPoint::LettingOut => "letting out",
    };
    format!("{point}, loss of {:?}", death.loss)
}

fn effect_name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Reserve(_) => "Reserve",
        Effect::AskToPay(_) => "AskToPay",
        Effect::AskWhatBecame(_) => "AskWhatBecame",
        Effect::AskToCancel(_) => "AskToCancel",
        Effect::AskToRefund(..) => "AskToRefund",
        Effect::TellResult(_) => "TellResult",
    }
}

fn fact_line(fact: &engine::Fact) -> String {
    let mut line = match fact {
        engine::Fact::Payment(event) => format!("{event:?}"),
        engine::Fact::Directory(change) => format!("{change:?}"),
        engine::Fact::Funding(funding) => format!("{funding:?}"),
    };
    if line.len() > 300 {
        let cut = (0..=300).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        line.truncate(cut);
        line.push('…');
    }
    line
}
