//! Serves HTTP/1.1 on a socket, with or without TLS: bounded heads, bodies, connections and patience.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// The longest body that is read: passThroughInfo alone may have 20,000 characters, of up to four bytes.
pub const BODY_BYTES_MAX: usize = 128 * 1024;
/// Connections at a time; more wait to be accepted.
const CONNECTIONS_MAX: usize = 16_384;
/// Time for a head to arrive whole, and so also the longest idle connection.
const HEAD: Duration = Duration::from_secs(30);
/// Time for a body to arrive whole.
const BODY: Duration = Duration::from_secs(10);
/// Time for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Bytes of one head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Time that open requests get when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// The body of an answer: whole, or streamed.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;
/// An answer.
pub type Answer = Response<Body>;

/// A request, whole.
#[derive(Clone, Debug)]
pub struct Received {
    /// The method.
    pub method: Method,
    /// The absolute URI the client addressed.
    pub target_uri: String,
    /// Its path.
    pub path: String,
    /// Its query, without the question mark.
    pub query: Option<String>,
    /// The header fields.
    pub headers: HeaderMap<HeaderValue>,
    /// The body, at most [`Service::body_bytes_max`] bytes.
    pub body: Bytes,
    /// Who is at the other end of the connection.
    pub from: SocketAddr,
}

/// Answers requests.
pub trait Service: Send + Sync + 'static {
    /// The longest body to be read of a request, by its head: whoever is known to may send more.
    fn body_bytes_max(&self, path: &str, headers: &HeaderMap<HeaderValue>) -> usize {
        let _ = (path, headers);
        BODY_BYTES_MAX
    }

    /// Answers one request.
    fn answer(&self, received: Received) -> impl Future<Output = Answer> + Send;
}

/// A server that is running.
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Serving {
    /// Takes no new connection, lets open requests end, and returns when they have.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // The task ends by itself; that it was cut off with its runtime is as good.
        let _ = self.task.await;
    }
}

/// Begins to serve on a bound listener.
pub fn serve<S: Service>(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    service: Arc<S>,
) -> std::io::Result<Serving> {
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(accept(listener, tls.map(TlsAcceptor::from), service, stopped));
    Ok(Serving { address, stop, task })
}

async fn accept<S: Service>(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    service: Arc<S>,
    mut stopped: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = room.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: the next may be free soon.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (tls, service, stopped) = (tls.clone(), service.clone(), stopped.clone());
        tokio::spawn(async move {
            let _place = place;
            greet(stream, from, tls, service, stopped).await;
        });
    }
    // Every connection gives its place back when it ends.
    let all = u32::try_from(CONNECTIONS_MAX).expect("a small number");
    let _ = tokio::time::timeout(LAST_ANSWERS, room.acquire_many(all - 1)).await;
}

async fn greet<S: Service>(
    stream: TcpStream,
    from: SocketAddr,
    tls: Option<TlsAcceptor>,
    service: Arc<S>,
    stopped: watch::Receiver<bool>,
) {
    // Small messages both ways: waiting to fill a packet would cost more than it saves.
    let _ = stream.set_nodelay(true);
    match tls {
        None => converse(stream, from, "http", service, stopped).await,
        Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => converse(stream, from, "https", service, stopped).await,
            Ok(Err(error)) => tracing::debug!(%from, %error, "no TLS handshake"),
            Err(_) => tracing::debug!(%from, "no TLS handshake in time"),
        },
    }
}

async fn converse<S: Service>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    from: SocketAddr,
    scheme: &'static str,
    service: Arc<S>,
    mut stopped: watch::Receiver<bool>,
) {
    let handle = service_fn(move |request| {
        let service = service.clone();
        async move { Ok::<Answer, Infallible>(handle(request, from, scheme, &*service).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), handle);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%from, %error, "a connection ended badly");
    }
}

async fn handle<S: Service>(
    request: Request<Incoming>,
    from: SocketAddr,
    scheme: &str,
    service: &S,
) -> Answer {
    let (head, body) = request.into_parts();
    let most = service.body_bytes_max(head.uri.path(), &head.headers);
    let body = match tokio::time::timeout(BODY, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let told = format!("the body is longer than {most} bytes");
            return plain(StatusCode::PAYLOAD_TOO_LARGE, &told);
        }
        Ok(Err(_)) => return plain(StatusCode::BAD_REQUEST, "the body broke off"),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT, "the body did not arrive within 10 s"),
    };
    let authority = match (head.uri.authority(), head.headers.get(hyper::header::HOST)) {
        (Some(authority), _) => authority.as_str().to_owned(),
        (None, Some(host)) => host.to_str().unwrap_or_default().to_owned(),
        (None, None) => String::new(),
    };
    let path_and_query = head.uri.path_and_query().map_or("/", |both| both.as_str());
    let scheme = head.uri.scheme_str().unwrap_or(scheme);
    let received = Received {
        target_uri: format!("{scheme}://{authority}{path_and_query}"),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        method: head.method,
        headers: head.headers,
        body,
        from,
    };
    service.answer(received).await
}

/// An answer in plain text, for those who cannot be identified and so get nothing signed.
pub fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(format!("{text}\n"))).boxed_unsync());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
