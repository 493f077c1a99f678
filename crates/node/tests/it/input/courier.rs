//! The courier believes nothing that is not signed as it must be: it calls a small server that answers everything, each
//! path in another wrong way.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hop::{Answer, Call, CallFailed, Courier, Door, Peer, Received, Service, plain};
use http_body_util::{BodyExt, Full};
use hyper::{Response, StatusCode};
use tokio::net::TcpListener;
use wire::signature::{Exchange, Freshness, Identity, OutgoingResponse, Refused, Scheme, SignedHeaders};

use crate::town::credentials_of;
use crate::voice::SCHEMES;

const BODY: &[u8] = br#"{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}"#;
const OTHER_BODY: &[u8] = br#"{"result":{"resultStatus":"F","resultCode":"PROCESS_FAIL"}}"#;
const PATIENCE_MS: u32 = 400;

/// A server with good keys and bad manners.
struct Liar {
    door: Door,
    identity: Arc<Identity>,
    /// The same name with other keys.
    forger: Arc<Identity>,
    caller: wire::ClientId,
}

impl Service for Liar {
    async fn answer(&self, received: Received) -> Answer {
        let keys = credentials_of(self.caller.as_str(), 1);
        let verified = self.door.admit(&received, |_, scheme, _| {
            Ok(match scheme {
                Scheme::Alipay => keys.rsa.public(),
                Scheme::Rfc9421 => keys.ed25519.public(),
            })
        });
        let Ok(verified) = verified else { return plain(StatusCode::UNAUTHORIZED, "who are you?") };
        let exchange = &verified.exchange;
        let now_ms = hop::now_ms();
        match received.path.as_str() {
            "/good" => self.door.answer(exchange, BODY.to_vec()),
            "/refused" => self.door.answer_with(exchange, StatusCode::TOO_MANY_REQUESTS, BODY.to_vec()),
            "/unsigned" => said(StatusCode::OK, Vec::new(), BODY),
            "/unsigned-error" => plain(StatusCode::INTERNAL_SERVER_ERROR, "oops"),
            "/another-body" => said(StatusCode::OK, signed(&self.identity, exchange, now_ms), OTHER_BODY),
            "/another-status" => said(StatusCode::ACCEPTED, signed(&self.identity, exchange, now_ms), BODY),
            "/another-key" => said(StatusCode::OK, signed(&self.forger, exchange, now_ms), BODY),
            "/old" => said(StatusCode::OK, signed(&self.identity, exchange, now_ms - 400_000), BODY),
            "/signed-twice" => {
                let mut headers = signed(&self.identity, exchange, now_ms);
                headers.extend(signed(&self.identity, exchange, now_ms));
                said(StatusCode::OK, headers, BODY)
            }
            "/large" => self.door.answer(exchange, vec![b' '; hop::ANSWER_BYTES_MAX + 1]),
            _ => {
                tokio::time::sleep(Duration::from_secs(5)).await;
                self.door.answer(exchange, BODY.to_vec())
            }
        }
    }
}

fn signed(identity: &Identity, exchange: &Exchange, now_ms: u64) -> SignedHeaders {
    let outgoing = OutgoingResponse { status: 200, body: BODY };
    identity.sign_response(exchange, &outgoing, now_ms).expect("a key of each kind")
}

fn said(status: StatusCode, headers: SignedHeaders, body: &'static [u8]) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(body)).boxed_unsync());
    *answer.status_mut() = status;
    for (name, value) in headers {
        answer.headers_mut().append(name, value.parse().expect("a header field"));
    }
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_is_believed_without_a_good_signature() {
    let (caller, callee) = (credentials_of("CALLER", 1), credentials_of("CALLEE", 2));
    let forged = credentials_of("CALLEE", 3);
    let other = Identity::new(forged.client_id.clone()).with(forged.key_version, super::other_rsa());
    let liar = Liar {
        door: Door::new(callee.identity(), Freshness::default()),
        identity: callee.identity(),
        forger: Arc::new(other.with(forged.key_version, forged.ed25519.clone())),
        caller: caller.client_id.clone(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let serving = hop::serve(listener, None, Arc::new(liar)).expect("a server");
    let courier = Courier::new(caller.identity());
    for scheme in SCHEMES {
        let (rsa, ed25519) = (callee.rsa.public(), callee.ed25519.public());
        let peer = Peer {
            client_id: callee.client_id.clone(),
            base_url: Arc::from(format!("http://{}", serving.address)),
            scheme,
            find_key: Arc::new(move |scheme, _| {
                Some(match scheme {
                    Scheme::Alipay => rsa.clone(),
                    Scheme::Rfc9421 => ed25519.clone(),
                })
            }),
        };
        let ask = async |peer: &Peer, path: &str| {
            let call = Call { path, idempotency_key: None, deadline_ms: PATIENCE_MS, body: b"{}".to_vec() };
            courier.call(peer, call).await
        };
        assert_eq!(ask(&peer, "/good").await.expect("a good answer"), BODY, "{scheme:?}");
        for path in ["/unsigned", "/unsigned-error", "/another-body", "/another-key", "/old", "/signed-twice"]
        {
            let answer = ask(&peer, path).await;
            assert!(matches!(answer, Err(CallFailed::NotBelieved(_))), "{scheme:?} {path}: {answer:?}");
        }
        let wrong = ask(&peer, "/another-key").await;
        assert!(matches!(wrong, Err(CallFailed::NotBelieved(Refused::WrongSignature))), "{wrong:?}");
        // The older scheme does not sign the status; one that is not 200 is no answer either way.
        let status = ask(&peer, "/another-status").await;
        match scheme {
            Scheme::Alipay => assert!(matches!(status, Err(CallFailed::Status(202))), "{status:?}"),
            Scheme::Rfc9421 => assert!(matches!(status, Err(CallFailed::NotBelieved(_))), "{status:?}"),
        }
        assert!(matches!(ask(&peer, "/refused").await, Err(CallFailed::Status(429))), "{scheme:?}");
        assert!(matches!(ask(&peer, "/large").await, Err(CallFailed::Unreadable(_))), "{scheme:?}");
        assert!(matches!(ask(&peer, "/silent").await, Err(CallFailed::TimedOut)), "{scheme:?}");
        let unknown = Peer { find_key: Arc::new(|_, _| None), ..peer.clone() };
        let answer = ask(&unknown, "/good").await;
        assert!(matches!(answer, Err(CallFailed::NotBelieved(Refused::UnknownKey))), "{answer:?}");
        let nobody = Peer { base_url: Arc::from("http://127.0.0.1:1"), ..peer.clone() };
        assert!(matches!(ask(&nobody, "/good").await, Err(CallFailed::NotSent(_))), "{scheme:?}");
    }
    serving.stop().await;
}
