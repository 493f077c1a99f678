//! Who may begin what, by the facts alone: codes that pay once, members in good standing, open corridors, quotes that
//! last long enough.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use directory::{Change, MemberId, Standing, Time};
use money::Currency;
use switch::{CodeNumber, Event, Opened, Terms, clock};

/// What is open to whom.
#[derive(Debug, Default)]
pub(crate) struct Door {
    /// Codes that were given out and not used: to which wallet, for whom, until when.
    codes: BTreeMap<CodeNumber, (MemberId, Arc<str>, Time)>,
    suspended: BTreeSet<MemberId>,
    /// From the payee's currency to the payer's.
    closed: BTreeSet<(Currency, Currency)>,
    /// The code that begins a payment, between its opening and its quote.
    shown: Option<(MemberId, Arc<str>)>,
}

impl Door {
    pub(crate) fn change(&mut self, change: &Change) {
        match change {
            Change::StandingSet { member, standing: Standing::Suspended } => {
                self.suspended.insert(*member);
            }
            Change::StandingSet { member, standing: Standing::Active } => {
                self.suspended.remove(member);
            }
            Change::CorridorSet { payee, payer, open: false } => {
                self.closed.insert((*payee, *payer));
            }
            Change::CorridorSet { payee, payer, open: true } => {
                self.closed.remove(&(*payee, *payer));
            }
            _ => {}
        }
    }

    pub(crate) fn codes_issued(&mut self, event: &Event) {
        let Event::CodesIssued { wallet, customer, codes, until, .. } = event else { return };
        self.codes.extend(codes.iter().map(|code| (*code, (*wallet, customer.clone(), *until))));
    }

    pub(crate) fn opened(&mut self, opened: &Opened, at: Time) -> Result<(), String> {
        let id = opened.payment;
        if self.suspended.contains(&opened.acquirer) {
            return Err(format!("{id:?} is of {:?}, which is suspended", opened.acquirer));
        }
        self.shown = None;
        let Some(code) = opened.code else { return Ok(()) };
        match self.codes.remove(&code) {
            Some((wallet, customer, until)) if at < until => {
                self.shown = Some((wallet, customer));
                Ok(())
            }
            Some((.., until)) => Err(format!("{id:?} is paid with {code:?}, which ended at {until:?}")),
            None => Err(format!("{id:?} is paid with {code:?}, which is used or was never given out")),
        }
    }

    pub(crate) fn quoted(&mut self, opened: &Opened, terms: &Terms) -> Result<(), String> {
        let (id, quote) = (opened.payment, &terms.quote);
        let members = [Some(terms.wallet), quote.provider];
        if let Some(member) = members.into_iter().flatten().find(|member| self.suspended.contains(member)) {
            return Err(format!("{id:?} is quoted with {member:?}, which is suspended"));
        }
        if self.closed.contains(&(opened.amount.currency, terms.payer_amount.currency)) {
            return Err(format!("{id:?} goes through a corridor that is closed"));
        }
        if quote.expires < quote.bound.plus_ms(clock::QUOTE_LEFT_MIN_MS) {
            return Err(format!("the quote of {id:?} ends before the payment could"));
        }
        match self.shown.take() {
            Some((wallet, customer)) if (wallet, &customer) != (terms.wallet, &terms.customer) => Err(
                format!("{id:?} debits {:?}, but {customer} of {wallet:?} showed the code", terms.customer),
            ),
            _ => Ok(()),
        }
    }

    /// A payer agrees only to what still holds until the payment could end.
    pub(crate) fn confirmed(&self, opened: &Opened, terms: &Terms, at: Time) -> Result<(), String> {
        let id = opened.payment;
        if opened.expires <= at {
            return Err(format!("{id:?} was confirmed after its order ended"));
        }
        match terms.quote.expires < at.plus_ms(clock::QUOTE_LEFT_MIN_MS) {
            true => Err(format!("{id:?} was confirmed at a quote that ends too soon")),
            false => Ok(()),
        }
    }
}
