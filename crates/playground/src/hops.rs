//! The messages that were overheard: which payment each belongs to, who sent it, and whether its signature is good. The
//! check is made here anew, on the bytes that went over the wire, with the public keys that stand in the journal.

mod checked;
mod reading;

use std::collections::VecDeque;
use std::sync::Arc;

use console::play::{Message, Party};
use directory::Directory;
use hop::{Half, Overheard};
use members::Network;
use runtime::{KeyRing, number};
use rustc_hash::FxHashMap;
use switch::PaymentId;

use reading::{body_of, code_key, kind_of, read, request_key, sender, told};

/// Hops whose payment is not known yet, or whose answer is still to come.
const OPEN_MAX: usize = 8_192;
/// Messages kept to be opened.
const KEPT_MAX: usize = 6_000;

/// The messages.
pub(crate) struct Hops {
    keys: KeyRing,
    network: Network,
    /// By number of the hop, in the order they began.
    open: FxHashMap<u64, Hop>,
    order: VecDeque<u64>,
    /// Hops that wait for a payment: by request id or payment code.
    waiting: FxHashMap<String, u64>,
    kept: VecDeque<Kept>,
    next: u64,
}

struct Hop {
    request: Arc<Overheard>,
    answer: Option<Arc<Overheard>>,
    payment: Option<PaymentId>,
    /// What it waits under.
    key: Option<String>,
}

/// A message that can be opened.
struct Kept {
    message: Message,
    /// The member at the other end of the network.
    member: String,
    half: Arc<Overheard>,
}

/// A message to be put on a payment's ladder.
pub(crate) struct Placed {
    pub(crate) payment: PaymentId,
    pub(crate) message: Message,
    /// What an acquirer was told of the payment, if this told it.
    pub(crate) told_acquirer: Option<(String, String)>,
}

impl Hops {
    pub(crate) fn new(network: Network) -> Hops {
        Hops {
            keys: KeyRing::default(),
            network,
            open: FxHashMap::default(),
            order: VecDeque::new(),
            waiting: FxHashMap::default(),
            kept: VecDeque::new(),
            next: 1,
        }
    }

    /// The network's process is gone: what it asked gets no answer, what it was asked neither.
    pub(crate) fn forget_open(&mut self) {
        self.open.clear();
        self.order.clear();
        self.waiting.clear();
    }

    /// Takes a half. `find` knows the payments that are followed, by number; `directory` has everybody's keys.
    pub(crate) fn hear(
        &mut self,
        heard: Overheard,
        directory: &Directory,
        is_followed: &dyn Fn(PaymentId) -> bool,
        find: &dyn Fn(&str, &str) -> Option<PaymentId>,
        placed: &mut Vec<Placed>,
    ) {
        match &heard.half {
            Half::Request { peer, headers, body, .. } => {
                let body = read(body);
                let client = peer.clone().or_else(|| sender(headers)).unwrap_or_default();
                let request_id = body.payment_request_id.as_deref();
                let named = body.payment_id.as_deref().and_then(number::read_payment);
                let payment = named
                    .filter(|id| is_followed(*id))
                    .or_else(|| request_id.and_then(|request_id| find(&client, request_id)));
                // The payment of a first request opens in the next turn.
                let key = request_id.filter(|_| payment.is_none()).map(|id| request_key(&client, id));
                let number = heard.hop;
                let request = Arc::new(heard);
                self.begin(number, Hop { request: request.clone(), answer: None, payment, key });
                if let Some(payment) = payment {
                    self.place(payment, &request, None, directory, placed);
                }
            }
            Half::Answer { .. } | Half::NoAnswer { .. } => {
                let Some(hop) = self.open.get_mut(&heard.hop) else { return };
                let answer = Arc::new(heard);
                hop.answer = Some(answer.clone());
                let request = hop.request.clone();
                if let Some(payment) = hop.payment {
                    self.end(answer.hop);
                    self.place(payment, &request, Some(&answer), directory, placed);
                    return;
                }
                self.answered(&request, &answer, directory, is_followed, placed);
            }
        }
    }

    /// An answer may say what its request did not: which payment, or under which codes one will come.
    fn answered(
        &mut self,
        request: &Arc<Overheard>,
        answer: &Arc<Overheard>,
        directory: &Directory,
        is_followed: &dyn Fn(PaymentId) -> bool,
        placed: &mut Vec<Placed>,
    ) {
        let body = body_of(answer);
        let payment = body.payment_id.as_deref().and_then(number::read_payment);
        if let Some(payment) = payment.filter(|payment| is_followed(*payment)) {
            self.end(answer.hop);
            self.place(payment, request, None, directory, placed);
            self.place(payment, request, Some(answer), directory, placed);
            return;
        }
        let codes = body.payment_codes.unwrap_or_default();
        if let Some(code) = codes.first().filter(|_| codes.len() == 1) {
            let key = code_key(&code.payment_code);
            self.waiting.insert(key.clone(), answer.hop);
            if let Some(hop) = self.open.get_mut(&answer.hop) {
                hop.key = Some(key);
            }
            return;
        }
        self.end(answer.hop);
    }

    /// A payment opened that is followed: what waited for it goes on its ladder.
    pub(crate) fn opened(
        &mut self,
        payment: PaymentId,
        request: Option<(&str, &str)>,
        code: Option<u64>,
        directory: &Directory,
        placed: &mut Vec<Placed>,
    ) {
        let code = code.map(|unique| format!("code {unique:016}"));
        let request = request.map(|(client, id)| request_key(client, id));
        for key in [code, request].into_iter().flatten() {
            let Some(number) = self.waiting.remove(&key) else { continue };
            let Some(hop) = self.open.get_mut(&number) else { continue };
            hop.payment = Some(payment);
            hop.key = None;
            let (request, answer) = (hop.request.clone(), hop.answer.clone());
            self.place(payment, &request, None, directory, placed);
            if let Some(answer) = answer {
                self.end(number);
                self.place(payment, &request, Some(&answer), directory, placed);
            }
        }
    }

    fn begin(&mut self, number: u64, hop: Hop) {
        if let Some(key) = &hop.key {
            self.waiting.insert(key.clone(), number);
        }
        self.open.insert(number, hop);
        self.order.push_back(number);
        while self.order.len() > OPEN_MAX {
            let Some(oldest) = self.order.pop_front() else { break };
            self.end(oldest);
        }
    }

    fn end(&mut self, number: u64) {
        let ended = self.open.remove(&number);
        if let Some(key) = ended.and_then(|hop| hop.key)
            && self.waiting.get(&key) == Some(&number)
        {
            self.waiting.remove(&key);
        }
    }

    /// Puts a request, or the answer to it, on a payment's ladder.
    fn place(
        &mut self,
        payment: PaymentId,
        request: &Arc<Overheard>,
        answer: Option<&Arc<Overheard>>,
        directory: &Directory,
        placed: &mut Vec<Placed>,
    ) {
        let Half::Request { peer, target_uri, headers, .. } = &request.half else { return };
        let asked_by_network = peer.is_some();
        let member = peer.clone().or_else(|| sender(headers)).unwrap_or_default();
        let party = match directory.member_by_client(&member).map(|member| member.role) {
            Some(directory::Role::Acquirer) => Party::Acquirer,
            _ => Party::Wallet,
        };
        let half = answer.unwrap_or(request);
        let from_network = asked_by_network == answer.is_none();
        let (from, to) = if from_network { (Party::Network, party) } else { (party, Party::Network) };
        let body = body_of(half);
        let name = target_uri.rsplit('/').next().unwrap_or_default().to_owned();
        let kind = kind_of(half, &body);
        let told_acquirer = (party == Party::Acquirer && from_network).then(|| told(half, &body)).flatten();
        let message = Message {
            id: self.next,
            at_ms: half.at_ms,
            from,
            to,
            name,
            kind,
            check: self.check(request, answer, &member, directory),
        };
        self.next += 1;
        self.kept.push_back(Kept { message: message.clone(), member, half: half.clone() });
        if self.kept.len() > KEPT_MAX {
            self.kept.pop_front();
        }
        placed.push(Placed { payment, message, told_acquirer });
    }
}
