//! Remembers everything that was let out, and checks that it is true when it leaves and that no crash takes it back.

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::MemberId;
use engine::delivery::{self, Delivery, OfferAnswer, Offered};
use engine::{Engine, Reply};
use switch::{CodeNumber, Effect, Event, Judged, Payment, PaymentId, RefundStage, Refusal, Stage};

use crate::letter::Told;

/// What was let out so far.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    payments: BTreeMap<PaymentId, Identity>,
    /// Final stages that somebody was told.
    finals: BTreeMap<PaymentId, Stage>,
    refund_finals: BTreeMap<(PaymentId, u16), RefundStage>,
    /// What a wallet was asked to move, by the identifier it was asked under.
    duties: BTreeMap<(PaymentId, Duty), String>,
    /// Refunds by the acquirer's key: each has one number.
    refunds: BTreeMap<(MemberId, Arc<str>), (PaymentId, u16)>,
    codes: BTreeMap<CodeNumber, MemberId>,
    /// Verdicts that somebody was told the consequence of.
    verdicts: BTreeMap<PaymentId, Arc<Judged>>,
    /// Deliveries that somebody was told of, and how they stood.
    deliveries: BTreeMap<u64, Delivery>,
    /// Offers that a merchant was told of.
    offers: BTreeMap<u64, Arc<Offered>>,
}

/// What a payment is and stays.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Identity {
    acquirer: MemberId,
    request_id: Option<Arc<str>>,
    minor: u64,
    token: u64,
}

/// What a wallet can be asked to do, each once for one payment however often it is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Duty {
    Debit,
    Refund(u16),
}

fn identity(payment: &Payment) -> Identity {
    let opened = &payment.opened;
    Identity {
        acquirer: opened.acquirer,
        request_id: opened.request_id.clone(),
        minor: opened.amount.minor,
        token: opened.order_token,
    }
}

impl Memory {
    /// An answer is about to leave.
    pub(crate) fn answer(&mut self, told: &Told, engine: Option<&Engine>) -> Result<(), String> {
        match told {
            Told::Reply(Reply::Payment(payment)) | Told::Payment(Some(payment)) => {
                self.payment(payment, engine)
            }
            Told::Reply(Reply::Refund(payment, number)) | Told::Refund(Some((payment, number))) => {
                self.payment(payment, engine)?;
                self.refund(payment, *number)
            }
            Told::Reply(Reply::Codes(member, Event::CodesIssued { wallet, codes, .. })) => {
                let twice = codes.iter().find(|code| self.codes.insert(**code, *wallet).is_some());
                match (twice, member.id == *wallet) {
                    (Some(code), _) => Err(format!("{code:?} was given out twice")),
                    (None, false) => Err(format!("codes of {wallet:?} under the prefix of {:?}", member.id)),
                    (None, true) => Ok(()),
                }
            }
            // Nothing was recorded for a refusal, so there is nothing to keep.
            Told::Reply(Reply::Refused(Refusal::Shortage(_))) => Ok(()),
            Told::Reply(Reply::Delivery(delivery)) => self.delivery(delivery),
            Told::Reply(Reply::Offer(answer)) => {
                if let OfferAnswer::Offered(offered) = &**answer {
                    self.offers.insert(offered.number, offered.clone());
                }
                Ok(())
            }
            Told::Deliveries(open) => open.iter().try_for_each(|one| self.delivery(&one.delivery)),
            Told::Reply(_) | Told::Payment(None) | Told::Refund(None) => Ok(()),
        }
    }

    /// The chain, or whoever asked, is told how a delivery stands.
    fn delivery(&mut self, delivery: &Delivery) -> Result<(), String> {
        let known = self.deliveries.insert(delivery.begun.number, delivery.clone());
        match known.filter(|known| !follows(known, delivery)) {
            Some(known) => Err(format!("{known:?} was told, and then {delivery:?}")),
            None => Ok(()),
        }
    }

    /// Somebody is told how a payment stands.
    fn payment(&mut self, payment: &Payment, engine: Option<&Engine>) -> Result<(), String> {
        let id = payment.id();
        let own = identity(payment);
        if let Some(known) = self.payments.insert(id, own.clone())
            && known != own
        {
            return Err(format!("{id:?} was {known:?} and is {own:?}"));
        }
        if let Some(judged) = &payment.judged {
            let known = self.verdicts.entry(id).or_insert_with(|| judged.clone());
            if known != judged {
                return Err(format!("{id:?} was judged {known:?} and then {judged:?}"));
            }
        } else if self.verdicts.contains_key(&id) {
            return Err(format!("the verdict of {id:?} is lost"));
        }
        if payment.stage == Stage::Sent && !payment.is_consumer_presented() {
            // This tells a wallet to debit.
            held(payment, engine)?;
            self.duty(payment, Duty::Debit, debit(payment))?;
        }
        if !payment.stage.is_final() {
            return match self.finals.get(&id) {
                Some(told) => Err(format!("{id:?} was told to be {told:?} and is {:?}", payment.stage)),
                None => Ok(()),
            };
        }
        match self.finals.insert(id, payment.stage) {
            None => Ok(()),
            Some(told) if told == payment.stage => Ok(()),
            Some(Stage::Succeeded) if payment.stage == Stage::Cancelled => Ok(()),
            Some(told) => Err(format!("{id:?} was told to be {told:?} and is {:?}", payment.stage)),
        }
    }

    fn refund(&mut self, payment: &Payment, number: u16) -> Result<(), String> {
        let id = payment.id();
        let refund = payment.refunds.get(usize::from(number));
        let refund = refund.ok_or(format!("refund {number} of {id:?} was told, and is not there"))?;
        let key = (payment.opened.acquirer, refund.request_id.clone());
        let known = *self.refunds.entry(key).or_insert((id, number));
        if known != (id, number) {
            return Err(format!("refund {} was {known:?} and is {:?}", refund.request_id, (id, number)));
        }
        let told = self.refund_finals.get(&(id, number)).copied();
        match (told, refund.stage) {
            (None, stage @ (RefundStage::Succeeded | RefundStage::Failed)) => {
                self.refund_finals.insert((id, number), stage);
                Ok(())
            }
            (Some(told), stage) if told != stage => {
                Err(format!("refund {number} of {id:?} was told to be {told:?} and is {stage:?}"))
            }
            _ => Ok(()),
        }
    }

    /// The network is about to ask or tell a member something.
    pub(crate) fn effect(&mut self, effect: &Effect, engine: Option<&Engine>) -> Result<(), String> {
        match effect {
            Effect::Judge(payment) | Effect::Reserve(payment) => {
                Err(format!("the network's own business left it: {payment:?}"))
            }
            Effect::AskToPay(payment) => {
                if !payment.is_consumer_presented() {
                    return Err(format!("{:?} is confirmed by its payer, not asked for", payment.id()));
                }
                held(payment, engine)?;
                self.payment(payment, engine)?;
                self.duty(payment, Duty::Debit, debit(payment))
            }
            Effect::AskWhatBecame(payment) => {
                held(payment, engine)?;
                self.payment(payment, engine)?;
                self.duty(payment, Duty::Debit, debit(payment))
            }
            Effect::AskToCancel(payment) => {
                let now = current(payment, engine)?;
                if now.stage != Stage::Cancelled || now.sent_at.is_none() {
                    return Err(format!("the wallet is to cancel {:?}, which is {:?}", now.id(), now.stage));
                }
                self.payment(payment, engine)?;
                self.duty(payment, Duty::Debit, debit(payment))
            }
            Effect::AskToRefund(payment, number) => {
                let now = current(payment, engine)?;
                let refund = now.refunds.get(usize::from(*number)).ok_or("a refund that is not there")?;
                if !matches!(refund.stage, RefundStage::Sent | RefundStage::Stuck) {
                    return Err(format!("refund {number} of {:?} is {:?}", now.id(), refund.stage));
                }
                let content =
                    format!("{} to {:?} for {}", refund.payer_amount, terms(now), refund.request_id);
                self.refund(payment, *number)?;
                self.duty(payment, Duty::Refund(*number), content)
            }
            Effect::TellResult(payment) => {
                if current(payment, engine)?.stage != payment.stage {
                    return Err(format!("an old result of {:?}: {:?}", payment.id(), payment.stage));
                }
                self.payment(payment, engine)
            }
        }
    }

    /// The same duty is always the same content.
    fn duty(&mut self, payment: &Payment, duty: Duty, content: String) -> Result<(), String> {
        let known = self.duties.entry((payment.id(), duty)).or_insert_with(|| content.clone());
        match *known == content {
            true => Ok(()),
            false => Err(format!("{duty:?} of {:?} was {known} and is {content}", payment.id())),
        }
    }

    /// After a crash: everything that was let out is still so.
    pub(crate) fn recovered(&self, engine: &Engine) -> Result<(), String> {
        let switch = engine.switch();
        for (id, known) in &self.payments {
            let found = switch.payment(*id).ok_or(format!("{id:?} was told of and is lost"))?;
            if identity(found) != *known {
                return Err(format!("{id:?} was {known:?} and is {:?}", identity(found)));
            }
        }
        for (id, judged) in &self.verdicts {
            if switch.payment(*id).and_then(|payment| payment.judged.as_ref()) != Some(judged) {
                return Err(format!("{id:?} was judged {judged:?}, and is not any more"));
            }
        }
        let deliveries = engine.deliveries();
        for (number, told) in &self.deliveries {
            let found = deliveries.delivery(*number).filter(|found| follows(told, found));
            found.ok_or(format!("{told:?} was told, and is {:?}", deliveries.delivery(*number)))?;
        }
        for (number, told) in &self.offers {
            if deliveries.offer(*number) != Some(told) {
                return Err(format!("{told:?} was told, and is {:?}", deliveries.offer(*number)));
            }
        }
        for (id, told) in &self.finals {
            let stage = switch.payment(*id).map(|payment| payment.stage);
            let taken_back = (*told, stage) == (Stage::Succeeded, Some(Stage::Cancelled));
            if stage != Some(*told) && !taken_back {
                return Err(format!("{id:?} was told to be {told:?} and is {stage:?}"));
            }
        }
        for ((acquirer, request_id), (id, number)) in &self.refunds {
            let found = switch.find_refund(*acquirer, request_id).map(|(payment, n)| (payment.id(), n));
            if found != Some((*id, *number)) {
                return Err(format!("refund {request_id} was told of as {number} and is {found:?}"));
            }
        }
        for ((id, number), told) in &self.refund_finals {
            let payment = switch.payment(*id);
            let refund = payment.and_then(|payment| payment.refunds.get(usize::from(*number)));
            if refund.map(|refund| refund.stage) != Some(*told) {
                return Err(format!("refund {number} of {id:?} was told to be {told:?}"));
            }
        }
        Ok(())
    }
}

/// Whether a delivery can have come to stand so after it stood as it was told: what was asked stays, the stage never
/// goes back, and what has moved or been released stays so.
fn follows(told: &Delivery, now: &Delivery) -> bool {
    use delivery::Stage::{Begun, Done, Released, Reserved, Withheld};
    let onward = match (told.stage, now.stage) {
        (before, after) if before == after => true,
        (Begun, _) | (Reserved, Withheld | Done | Released) | (Withheld, Done) => true,
        (Reserved | Withheld | Done | Released, _) => false,
    };
    told.begun == now.begun && onward && (told.shares.is_empty() || told.shares == now.shares)
}

/// The payment as it stands now; as it was told, when the network died while it was letting things out.
fn current<'a>(payment: &'a Payment, engine: Option<&'a Engine>) -> Result<&'a Payment, String> {
    let Some(engine) = engine else { return Ok(payment) };
    engine.switch().payment(payment.id()).ok_or(format!("{:?} is not known", payment.id()))
}

/// A wallet may be asked for money only while it is held.
fn held(payment: &Payment, engine: Option<&Engine>) -> Result<(), String> {
    let now = current(payment, engine)?;
    if now.judged.as_ref().is_none_or(|judged| judged.refused.is_some()) {
        return Err(format!("the wallet of {:?} is asked for money, but it was not let through", now.id()));
    }
    match now.stage {
        Stage::Sent | Stage::InDoubt => Ok(()),
        stage => Err(format!("{:?} is {stage:?}, and its wallet is asked for money", payment.id())),
    }
}

fn terms(payment: &Payment) -> Option<(MemberId, &str)> {
    payment.terms.as_ref().map(|terms| (terms.wallet, &*terms.customer))
}

fn debit(payment: &Payment) -> String {
    let amount = payment.terms.as_ref().map(|terms| terms.payer_amount);
    format!("{amount:?} of {:?}", terms(payment))
}
