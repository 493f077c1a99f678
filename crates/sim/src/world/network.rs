//! The network's share of the world: when its process takes a turn, dies and comes back, what is checked then, and who
//! gets what it lets out.

use directory::{MemberId, Time};
use fastrand::Rng;
use journal::{Fault, Loss};
use switch::{Effect, PaymentId};

use super::World;
use crate::host::{CrashPoint, Death, Turned};
use crate::letter::{Letter, Place};
use crate::plan::pick;
use crate::watch::Causes;

impl World<'_> {
    pub(super) fn network_acts(&mut self) -> Result<(), String> {
        match self.host.engine() {
            Some(_) => self.network_turn(),
            None => self.come_back(),
        }
    }

    pub(super) fn come_back(&mut self) -> Result<(), String> {
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

    pub(super) fn network_turn(&mut self) -> Result<(), String> {
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
            self.watch.delivered.agrees_with(&self.chain)?;
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
            Effect::Judge(_) | Effect::Reserve(_) => None,
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
        Effect::Judge(_) => "Judge",
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
        engine::Fact::Risk(fact) => format!("{fact:?}"),
        engine::Fact::Delivery(event) => format!("{event:?}"),
    };
    if line.len() > 300 {
        let cut = (0..=300).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        line.truncate(cut);
        line.push('…');
    }
    line
}
