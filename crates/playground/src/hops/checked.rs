//! Whether a message is signed by whom it says, and the message itself, opened to be looked at.

use std::sync::Arc;

use console::play::{Check, Opened, Party};
use directory::{Directory, Time};
use hop::{Half, Overheard};
use wire::signature::{
    Exchange, Freshness, Moment, RequestParts, Responder, ResponseParts, Scheme, verify_request,
    verify_response,
};
use wire::{ClientId, KeyVersion};

use super::Hops;

impl Hops {
    pub(super) fn check(
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
