//! The whole network in one thread under virtual time: one queue, everybody's turn in order, the checks after each of
//! the network's. Every choice comes from one seed.

mod network;

use directory::Time;
use engine::Input;
use fastrand::Rng;

use crate::acquirer::Acquirer;
use crate::cast::Cast;
use crate::chain::Chain;
use crate::coverage::Coverage;
use crate::hands::Hands;
use crate::host::Host;
use crate::letter::{Ask, Letter, Place, Wake};
use crate::mail::{FRESH_MS, Mail, Weather};
use crate::operator::Operator;
use crate::plan::Plan;
use crate::provider::Provider;
use crate::street::Street;
use crate::wallet::Wallet;
use crate::watch::Watch;

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
    pub(crate) chain: Chain,
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
            chain: Chain::new(&cast, plan.start)?,
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
        self.mail.put(self.now.plus_ms(1_000), Place::Chain, Letter::Wake(Wake::Trade));
        self.mail.put(self.now.plus_ms(1_000), Place::Chain, Letter::Wake(Wake::Link));
        self.mail.put(self.now.plus_ms(4_000), Place::Operator, Letter::Wake(Wake::Desk));
        if self.plan.dry {
            self.mail.put(self.now, Place::Operator, Letter::Wake(Wake::PayOut));
        }
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
            chain: &mut self.chain,
            watch: &self.watch,
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
            Place::Chain => {
                actors.chain.take(letter, actors.host.engine(), &actors.watch.delivered, &mut hands)
            }
            Place::Network => {}
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
    chain: &'w mut Chain,
    watch: &'w Watch,
    host: &'w Host,
}
