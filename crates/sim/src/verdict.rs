//! When the world has come to rest: nothing is open, and everybody's own book says the same about every payment.

use switch::{Payment, Reference, RefundStage, Stage};

use crate::acquirer::{Acquirer, Verdict, WishState};
use crate::purse::Debit;
use crate::wallet::Wallet;
use crate::world::World;

impl World<'_> {
    /// Compares everybody's books; returns the hash of the state they agree on.
    pub(crate) fn verdict(&self) -> Result<[u8; 32], String> {
        let engine = self.host.engine().ok_or("the network is down at the end")?;
        if !self.watch.holds_nothing() {
            return Err("reservations are left at the end".to_owned());
        }
        for payment in engine.switch().payments() {
            self.payment_is_settled(payment)?;
        }
        for acquirer in &self.acquirers {
            if let Some(open) = acquirer.open_business() {
                return Err(format!("acquirer {}: {open}", acquirer.member.0));
            }
            for number in 0..acquirer.sales.len() {
                self.sale_agrees(acquirer, number)?;
            }
        }
        for wallet in self.wallets.iter().filter(|wallet| wallet.honest) {
            for payment in wallet.purse.payments() {
                let known = engine.switch().payment(payment);
                known.ok_or(format!("wallet {} knows {payment:?}, the network does not", wallet.member.0))?;
            }
        }
        self.watch.delivered.rests_with(&self.chain)?;
        self.chain.rests()?;
        if self.watch.books.clearing() != 0 {
            return Err("something is left in clearing at the end".to_owned());
        }
        self.positions_agree()?;
        if let Some(differs) = self.operator.disagreement(|id| self.watch.was_funded(id)) {
            return Err(format!("operator: {differs}"));
        }
        self.host.check_replay()
    }

    fn payment_is_settled(&self, payment: &Payment) -> Result<(), String> {
        let id = payment.id();
        if !payment.stage.is_final() {
            return Err(format!("{id:?} is {:?} at the end", payment.stage));
        }
        let agreed = payment.is_consumer_presented() || payment.confirmed;
        if agreed != payment.judged.is_some() {
            return Err(format!("{id:?} is agreed to: {agreed}, and has the verdict {:?}", payment.judged));
        }
        if payment.notice_owed {
            let last = "its last notice may have been in vain, but not with faults over for days";
            return Err(format!("{id:?} owes its acquirer a notice at the end: {last}"));
        }
        if let Some(open) =
            payment.refunds.iter().find(|r| !matches!(r.stage, RefundStage::Succeeded | RefundStage::Failed))
        {
            return Err(format!("refund {} of {id:?} is {:?} at the end", open.request_id, open.stage));
        }
        let Some(terms) = &payment.terms else { return Ok(()) };
        let wallet = self.wallets.iter().find(|wallet| wallet.member == terms.wallet);
        let wallet = wallet.ok_or(format!("{id:?} is of nobody's wallet"))?;
        if wallet.honest { wallet_agrees(wallet, payment, terms.payer_amount.minor) } else { Ok(()) }
    }

    fn sale_agrees(&self, acquirer: &Acquirer, number: usize) -> Result<(), String> {
        let engine = self.host.engine().ok_or("the network is down at the end")?;
        let sale = &acquirer.sales[number];
        let reference = match (&sale.request, &sale.payment) {
            (Some(request), _) => Reference::Request(request.request_id.clone()),
            (None, Some(payment)) => Reference::Payment(payment.id()),
            (None, None) => return Err(format!("sale {number} is of no payment")),
        };
        let payment = engine.switch().find(acquirer.member, &reference);
        let stage = payment.map(|payment| payment.stage);
        if (sale.verdict == Verdict::Paid) != (stage == Some(Stage::Succeeded)) {
            return Err(format!(
                "acquirer {} holds {reference:?} for {:?}, the network for {stage:?}",
                acquirer.member.0, sale.verdict
            ));
        }
        for wish in &sale.wishes {
            let found = engine.switch().find_refund(acquirer.member, &wish.request_id);
            let stage = found.and_then(|(payment, n)| payment.refunds.get(usize::from(n))).map(|r| r.stage);
            let agrees = match wish.state {
                WishState::Done => stage == Some(RefundStage::Succeeded),
                WishState::Failed => stage == Some(RefundStage::Failed),
                WishState::Refused => stage.is_none() || wish.forged,
                WishState::Open => false,
            };
            if !agrees {
                return Err(format!(
                    "acquirer {} holds refund {} for {:?}, the network for {stage:?}",
                    acquirer.member.0, wish.request_id, wish.state
                ));
            }
        }
        Ok(())
    }

    /// What members' own books say they are owed.
    fn positions_agree(&self) -> Result<(), String> {
        let wallets = self.wallets.iter().filter(|wallet| wallet.honest);
        let wallets = wallets.map(|wallet| (wallet.member, wallet.currency, wallet.position()));
        let acquirers = self.acquirers.iter();
        let acquirers = acquirers.map(|acquirer| (acquirer.member, acquirer.currency, acquirer.position()));
        for (member, currency, own) in wallets.chain(acquirers) {
            let ours = self.watch.books.net(member, currency);
            if own != ours {
                return Err(format!(
                    "member {} counts {own} {currency} by its own book, the network {ours}",
                    member.0
                ));
            }
        }
        Ok(())
    }
}

/// A user is debited once for a payment that succeeded, less refunds, and nets to nothing for any other.
fn wallet_agrees(wallet: &Wallet, payment: &Payment, payer_minor: u64) -> Result<(), String> {
    let id = payment.id();
    let debit = wallet.purse.debit(id);
    let moved = wallet.purse.movements(id);
    let refunded: u64 = payment
        .refunds
        .iter()
        .filter(|refund| refund.stage == RefundStage::Succeeded)
        .map(|refund| refund.payer_amount.minor)
        .sum();
    let agrees = match payment.stage {
        Stage::Succeeded => {
            debit == Some(Debit::Taken)
                && (moved.debits, moved.debited, moved.returned) == (1, payer_minor, 0)
                && moved.refunded == refunded
        }
        _ => {
            debit != Some(Debit::Taken)
                && debit != Some(Debit::Thinking)
                && moved.debits <= 1
                && moved.debited == moved.returned
                && moved.refunded == 0
        }
    };
    match agrees {
        true => Ok(()),
        false => Err(format!(
            "{id:?} is {:?} with {payer_minor} paid and {refunded} refunded, its wallet says {debit:?}, {moved:?}",
            payment.stage
        )),
    }
}
