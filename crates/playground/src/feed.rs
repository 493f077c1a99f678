//! What a network tells its playground while it runs: every fact once it is safe, and every signed message as it went
//! over the wire. One connection on this machine, JSON by lines. The teller never makes the network wait: what does not
//! fit is left out, and facts that were left out are read from the journal.

use std::io::{BufWriter, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hop::{Half, Overheard, Tap};
use runtime::Observer;
use serde::{Deserialize, Serialize};

/// Told and not yet sent; more is left out.
const QUEUE: usize = 16_384;
/// With nothing else to tell, the number of the last fact is told this often.
const TIP_EVERY: Duration = Duration::from_millis(250);
/// A playground that is not there is looked for again.
const RECONNECT: Duration = Duration::from_millis(100);
/// The longest line: a message of the longest body, its header fields, and base64.
pub(crate) const LINE_BYTES_MAX: u64 = 1 << 20;

/// One thing told.
#[derive(Serialize, Deserialize)]
pub(crate) enum Told {
    /// A fact that is safe.
    Fact { number: u64, record: String },
    /// The number of the last fact that is safe.
    Tip { number: u64 },
    /// Half of a hop.
    Message(Line),
}

/// Half of a hop, as a line.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    hop: u64,
    at_ms: u64,
    half: HalfLine,
}

#[derive(Serialize, Deserialize)]
enum HalfLine {
    Request {
        peer: Option<String>,
        method: String,
        target_uri: String,
        headers: Vec<(String, String)>,
        body: String,
    },
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    NoAnswer {
        why: String,
    },
}

impl Told {
    pub(crate) fn read(line: &str) -> Option<Told> {
        serde_json::from_str(line).ok()
    }
}

/// The bytes of a record or body.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

impl From<Overheard> for Line {
    fn from(heard: Overheard) -> Line {
        let half = match heard.half {
            Half::Request { peer, method, target_uri, headers, body } => {
                HalfLine::Request { peer, method, target_uri, headers, body: STANDARD.encode(body) }
            }
            Half::Answer { status, headers, body } => {
                HalfLine::Answer { status, headers, body: STANDARD.encode(body) }
            }
            Half::NoAnswer { why } => HalfLine::NoAnswer { why },
        };
        Line { hop: heard.hop, at_ms: heard.at_ms, half }
    }
}

impl Line {
    /// The half that was told, if its body is whole.
    pub(crate) fn overheard(self) -> Option<Overheard> {
        let half = match self.half {
            HalfLine::Request { peer, method, target_uri, headers, body } => {
                Half::Request { peer, method, target_uri, headers, body: bytes(&body)?.into() }
            }
            HalfLine::Answer { status, headers, body } => {
                Half::Answer { status, headers, body: bytes(&body)?.into() }
            }
            HalfLine::NoAnswer { why } => Half::NoAnswer { why },
        };
        Some(Overheard { hop: self.hop, at_ms: self.at_ms, half })
    }
}

enum Item {
    Fact(u64, Vec<u8>),
    Message(Box<Overheard>),
}

/// The network's end.
pub struct Teller {
    queue: SyncSender<Item>,
    tip: Arc<AtomicU64>,
}

impl Teller {
    /// Tells the playground at this address, for as long as the process runs.
    pub fn start(playground: SocketAddr) -> std::io::Result<Teller> {
        let (queue, items) = sync_channel(QUEUE);
        let tip = Arc::new(AtomicU64::new(0));
        let last = tip.clone();
        std::thread::Builder::new().name("teller".into()).spawn(move || {
            // What cannot be sent is lost with its connection; the playground reads the journal.
            while tell(playground, &items, &last).is_err() {
                std::thread::sleep(RECONNECT);
            }
        })?;
        Ok(Teller { queue, tip })
    }

    /// For the loop: sees every fact.
    pub fn observer(&self) -> Observer {
        let (queue, tip) = (self.queue.clone(), self.tip.clone());
        Box::new(move |number, record| {
            tip.store(number, Ordering::Relaxed);
            // A full queue leaves it out.
            drop(queue.try_send(Item::Fact(number, record.to_vec())));
        })
    }

    /// For couriers and the door: sees every signed message.
    pub fn tap(&self) -> Tap {
        let queue = self.queue.clone();
        Arc::new(move |heard| drop(queue.try_send(Item::Message(Box::new(heard)))))
    }
}

/// Sends what is told until the connection breaks (an error) or nobody is left to tell anything.
fn tell(playground: SocketAddr, items: &Receiver<Item>, tip: &AtomicU64) -> std::io::Result<()> {
    let stream = TcpStream::connect(playground)?;
    stream.set_nodelay(true)?;
    let mut out = BufWriter::new(stream);
    loop {
        let mut next = match items.recv_timeout(TIP_EVERY) {
            Ok(item) => Some(item),
            Err(RecvTimeoutError::Timeout) => {
                write(&mut out, &Told::Tip { number: tip.load(Ordering::Relaxed) })?;
                None
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        while let Some(item) = next {
            let told = match item {
                Item::Fact(number, record) => Told::Fact { number, record: STANDARD.encode(record) },
                Item::Message(heard) => Told::Message((*heard).into()),
            };
            write(&mut out, &told)?;
            next = items.try_recv().ok();
        }
        out.flush()?;
    }
}

fn write(out: &mut impl Write, told: &Told) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, told)?;
    out.write_all(b"\n")
}
