//! Questions a wallet puts to its users: to pay or not, while the network waits. A user who is slow is no user who
//! says no: the network is told that the payment is in process, and later how it ended.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use wire::body::wallet::WalletPayRequest;

/// The wallet's answer waits so long for its user: a little less than the network waits for the wallet.
pub(crate) const ANSWER_WAITS: Duration = Duration::from_millis(5_000);

/// What a user is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The network's number of the payment.
    pub payment_id: String,
    /// Who is asked.
    pub customer: String,
    /// At which merchant.
    pub merchant: String,
    /// What the user would be debited, in minor units.
    pub minor: u64,
    /// Until when the network waits, unix milliseconds.
    pub until_ms: u64,
}

/// The questions that are open.
#[derive(Default)]
pub(crate) struct Questions {
    open: BTreeMap<String, Open>,
}

struct Open {
    question: Question,
    decided: watch::Sender<Option<bool>>,
    /// The network was told that it must wait: the result is owed to it.
    told_to_wait: bool,
}

impl Questions {
    /// Asks a user, or asks again; the receiver hears the decision.
    pub(crate) fn ask(
        &mut self,
        request: &WalletPayRequest,
        customer: &str,
    ) -> watch::Receiver<Option<bool>> {
        let merchant = request.order.merchant.as_ref().and_then(|merchant| merchant.merchant_name.as_ref());
        let open = self.open.entry(request.payment_id.to_string()).or_insert_with(|| Open {
            question: Question {
                payment_id: request.payment_id.to_string(),
                customer: customer.to_owned(),
                merchant: merchant.map_or("", |name| name.as_str()).to_owned(),
                minor: request.pay_to_amount.value.units(),
                until_ms: request.payment_expiry_time.map_or(0, |until| until.0),
            },
            decided: watch::channel(None).0,
            told_to_wait: false,
        });
        open.decided.subscribe()
    }

    /// The network is being told to wait. False if the user has decided meanwhile.
    pub(crate) fn tell_to_wait(&mut self, payment_id: &str) -> bool {
        let open = self.open.get_mut(payment_id);
        open.map(|open| open.told_to_wait = true).is_some()
    }

    /// Whether this payment waits for its user.
    pub(crate) fn is_open(&self, payment_id: &str) -> bool {
        self.open.contains_key(payment_id)
    }

    /// A user has decided. Returns what was asked, and whether the result is still owed to the network: it was told to
    /// wait, or its call has broken off.
    pub(crate) fn close(&mut self, payment_id: &str, agreed: bool) -> Option<(Question, bool)> {
        let open = self.open.remove(payment_id)?;
        open.decided.send_replace(Some(agreed));
        let nobody_hears = open.decided.receiver_count() == 0;
        Some((open.question, open.told_to_wait || nobody_hears))
    }

    /// What a user is being asked.
    pub(crate) fn of(&self, customer: &str) -> Option<Question> {
        self.open.values().map(|open| &open.question).find(|question| question.customer == customer).cloned()
    }
}
