//! The messages that were overheard: which payment each belongs to, who sent it, and whether its signature is good. The
//! check is made here anew, on the bytes that went over the wire, with the public keys that stand in the journal.

use std::collections::VecDeque;
use std::sync::Arc;

use console::play::{Check, Message, MessageKind, Opened, Party};
use directory::{Directory, Time};
use hop::{Half, Overheard};
use members::Network;
use runtime::{KeyRing, number};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use switch::PaymentId;
use wire::signature::{
    Exchange, Freshness, Moment, RequestParts, Responder, ResponseParts, Scheme, verify_request,
    verify_response,
};
use wire::{ClientId, KeyVersion};

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

/// What bodies are searched for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    payment_id: Option<String>,
    payment_request_id: Option<String>,
    result: Option<ResultWords>,
    payment_result: Option<ResultWords>,
    payment_codes: Option<Vec<Code>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResultWords {
    result_code: String,
    result_status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Code {
    payment_code: String,
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

    fn check(
        &self,
        request: &Overheard,
        answer: Option<&Arc<Overheard>>,
        member: &str,
        directory: &Directory,
    ) -> Check {
        let (signer, exchange) = match self.verify(request, directory) {
            Ok(verified) => verified,
            Err(why) => return Check::Bad { why },
        };
        let Some(answer) = answer else { return good(exchange.scheme(), &signer.0, signer.1) };
        let Half::Answer { status, headers, body } = &answer.half else { return Check::Nothing };
        let asked_by_network = matches!(&request.half, Half::Request { peer: Some(_), .. });
        let responder =
            if asked_by_network { ClientId::parse(member) } else { Some(self.network.client_id.clone()) };
        let Some(responder) = responder else { return Check::Bad { why: "nobody with this name".into() } };
        let at = Time(answer.at_ms);
        let find_key = |scheme: Scheme, version: KeyVersion| match asked_by_network {
            true => self.keys.of_client(directory, &responder, scheme, version, at).ok(),
            false => self.network.key(scheme, version),
        };
        let parts = ResponseParts { status: *status, headers, body };
        let who = Responder { client_id: &responder, find_key: &find_key };
        match verify_response(&exchange, &parts, who, moment(answer)) {
            Ok(version) => good(exchange.scheme(), &responder, version),
            Err(refused) => Check::Bad { why: refused.to_string() },
        }
    }

    fn verify(
        &self,
        request: &Overheard,
        directory: &Directory,
    ) -> Result<((ClientId, KeyVersion), Exchange), String> {
        let Half::Request { method, target_uri, headers, body, .. } = &request.half else {
            return Err("no request".into());
        };
        let parts = RequestParts { method, target_uri, headers, body };
        let verified = verify_request(&parts, moment(request), |client_id, scheme, version| {
            let ours = self.network.key_of(client_id, scheme, version);
            ours.or_else(|_| self.keys.of_client(directory, client_id, scheme, version, Time(request.at_ms)))
        });
        let verified = verified.map_err(|refusal| refusal.refused.to_string())?;
        Ok(((verified.client_id, verified.key_version), verified.exchange))
    }

    /// A message, opened. `name` knows members' names.
    pub(crate) fn open(&self, id: u64, name: &dyn Fn(&str) -> String) -> Option<Opened> {
        let place = self.kept.binary_search_by_key(&id, |kept| kept.message.id).ok()?;
        let kept = &self.kept[place];
        let (start_line, headers, body) = match &kept.half.half {
            Half::Request { method, target_uri, headers, body, .. } => {
                (format!("{method} {target_uri}"), headers.clone(), body.clone())
            }
            Half::Answer { status, headers, body } => {
                (format!("HTTP/1.1 {status}"), headers.clone(), body.clone())
            }
            Half::NoAnswer { why } => (why.clone(), Vec::new(), bytes::Bytes::new()),
        };
        let who = |party: Party| match party {
            Party::Network => "Sojourn".to_owned(),
            Party::Wallet | Party::Acquirer => name(&kept.member),
        };
        Some(Opened {
            between: [who(kept.message.from), who(kept.message.to)],
            message: kept.message.clone(),
            start_line,
            headers,
            bytes: body.len() as u64,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

fn good(scheme: Scheme, signer: &ClientId, version: KeyVersion) -> Check {
    Check::Good {
        scheme: match scheme {
            Scheme::Alipay => "RSA-SHA256",
            Scheme::Rfc9421 => "Ed25519 (RFC 9421)",
        }
        .to_owned(),
        signer: signer.to_string(),
        key_version: version.to_string(),
    }
}

fn moment(heard: &Overheard) -> Moment {
    Moment { now_ms: heard.at_ms, freshness: Freshness::default() }
}

fn read(body: &[u8]) -> Body {
    serde_json::from_slice(body).unwrap_or_default()
}

fn body_of(heard: &Overheard) -> Body {
    match &heard.half {
        Half::Request { body, .. } | Half::Answer { body, .. } => read(body),
        Half::NoAnswer { .. } => Body::default(),
    }
}

fn kind_of(half: &Overheard, body: &Body) -> MessageKind {
    match &half.half {
        Half::Request { .. } => MessageKind::Request,
        Half::Answer { .. } => {
            let said = body.payment_result.as_ref().or(body.result.as_ref());
            MessageKind::Answer {
                result: said.map(|said| said.result_code.clone()).unwrap_or_default(),
                status: said.map(|said| said.result_status.clone()).unwrap_or_default(),
            }
        }
        Half::NoAnswer { why } => MessageKind::NoAnswer { why: why.clone() },
    }
}

/// What this tells an acquirer of its payment: result code and status. A notice tells in its request, the rest in
/// answers.
fn told(half: &Overheard, body: &Body) -> Option<(String, String)> {
    let said = match &half.half {
        Half::NoAnswer { .. } => None,
        _ => body.payment_result.as_ref().or(body.result.as_ref()),
    };
    said.map(|said| (said.result_code.clone(), said.result_status.clone()))
}

fn request_key(client: &str, id: &str) -> String {
    format!("request {client} {id}")
}

/// The last sixteen of a payment code's digits are its own.
fn code_key(digits: &str) -> String {
    let own = digits.len().saturating_sub(16);
    format!("code {}", digits.get(own..).unwrap_or_default())
}

/// Who says to have sent a request.
fn sender(headers: &[(String, String)]) -> Option<String> {
    let field = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v);
    if let Some(input) = field("signature-input") {
        let (_, rest) = input.split_once("keyid=\"")?;
        return Some(rest.split(['/', '"']).next()?.to_owned());
    }
    field("client-id").cloned()
}
