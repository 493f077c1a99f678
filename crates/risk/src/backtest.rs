//! Plays a labelled history through a judge and counts what each rule and decision would have done. The code that
//! judges is the payment path's own; labels count when they become known.

use crate::expression::Scope;
use crate::rules::Said;
use crate::{Event, Judge, Labelled, Outcome, Verdict};

/// Payments, frauds among them, and their amounts in minor units of the reference currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Payments.
    pub payments: u64,
    /// Frauds among them.
    pub frauds: u64,
    /// Their amount.
    pub amount_minor: i64,
    /// The frauds' amount.
    pub fraud_minor: i64,
}

impl Tally {
    fn add(&mut self, payment: &Labelled) {
        let fraud = payment.scenario > 0;
        self.payments += 1;
        self.frauds += u64::from(fraud);
        self.amount_minor = self.amount_minor.saturating_add(payment.facts.amount_minor);
        self.fraud_minor =
            self.fraud_minor.saturating_add(if fraud { payment.facts.amount_minor } else { 0 });
    }

    /// Share of the payments that are fraud.
    #[must_use]
    pub fn precision(&self) -> f64 {
        self.frauds as f64 / self.payments.max(1) as f64
    }

    /// Genuine payments.
    #[must_use]
    pub fn genuine(&self) -> u64 {
        self.payments - self.frauds
    }
}

/// What a rule would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleTally {
    /// Payments it holds for.
    pub hits: Tally,
    /// Payments that no other rule, live or in shadow, holds for.
    pub alone: Tally,
    /// Payments it could not be evaluated for.
    pub errors: u64,
}

/// What a back-test found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backtest {
    /// All payments judged.
    pub all: Tally,
    /// By decision, mildest first.
    pub decisions: [Tally; 4],
    /// By rule, in the order of the set.
    pub rules: Vec<RuleTally>,
}

impl Judge {
    /// Plays payments, which must be in time order, counting those from `from_ms` on; `each` sees every verdict counted.
    /// The judge's lists are taken to be current throughout.
    pub fn backtest(
        &mut self,
        payments: &[Labelled],
        label_delay_ms: i64,
        from_ms: i64,
        mut each: impl FnMut(usize, &Labelled, &Verdict),
    ) -> Backtest {
        self.lists_at_ms = i64::MAX;
        let mut found =
            Backtest { rules: vec![RuleTally::default(); self.rules.rules().len()], ..Backtest::default() };
        let mut slots = vec![0; self.windows.features().schema().len()];
        let mut due = payments.iter().filter(|payment| payment.scenario > 0).peekable();
        for (number, payment) in payments.iter().enumerate() {
            let facts = payment.facts;
            let known = |label: &&Labelled| label.facts.at_ms.saturating_add(label_delay_ms) <= facts.at_ms;
            while let Some(label) = due.next_if(known) {
                let at_ms = label.facts.at_ms.saturating_add(label_delay_ms);
                self.observe(&Outcome { at_ms, event: Event::Fraud, facts: label.facts });
            }
            let places = self.windows.read_places(&facts, &mut slots);
            if facts.at_ms >= from_ms {
                let verdict = self.judge_read(&facts, &[], &mut slots);
                found.all.add(payment);
                found.decisions[verdict.decision as usize].add(payment);
                self.tally(&slots, payment, &mut found.rules);
                each(number, payment, &verdict);
            }
            for event in [Event::Asked, Event::Paid] {
                self.windows.take(&Outcome { at_ms: facts.at_ms, event, facts }, &mut slots, Some(places));
            }
        }
        found
    }

    fn tally(&self, slots: &[i64], payment: &Labelled, rules: &mut [RuleTally]) {
        let (mut count, mut last) = (0, 0);
        self.rules.evaluate(Scope { slots, lists: &self.lists }, payment.facts.at_ms, |number, _, said| {
            let tally = &mut rules[usize::from(number)];
            match said {
                Said::Hit => {
                    tally.hits.add(payment);
                    (count, last) = (count + 1, usize::from(number));
                }
                Said::Error => tally.errors += 1,
            }
        });
        if count == 1 {
            rules[last].alone.add(payment);
        }
    }
}

impl Backtest {
    /// Share of all frauds that these hold.
    #[must_use]
    pub fn recall(&self, tally: &Tally) -> f64 {
        tally.frauds as f64 / self.all.frauds.max(1) as f64
    }

    /// Payments that were stopped or held: reviewed and declined.
    #[must_use]
    pub fn held(&self) -> Tally {
        let [.., review, decline] = self.decisions;
        Tally {
            payments: review.payments + decline.payments,
            frauds: review.frauds + decline.frauds,
            amount_minor: review.amount_minor.saturating_add(decline.amount_minor),
            fraud_minor: review.fraud_minor.saturating_add(decline.fraud_minor),
        }
    }
}
