//! The stream of what changes on the page (server-sent events, HTML standard section 9.2): fragments of the page to be
//! replaced, and steps to be added to the ladder that is looked at.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use console::play::{self, Language};
use hop::Answer;
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::{Body, Frame};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use runtime::number;
use serde_json::json;
use switch::PaymentId;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};

use crate::{Change, Playground};

/// Changes that come within so long are told together.
const GATHER: Duration = Duration::from_millis(15);
/// Counters are told no more often than this.
const COUNTERS_EVERY: Duration = Duration::from_millis(250);
/// Chunks under way to one page.
const CHUNKS: usize = 64;

/// One page's stream.
struct Stream {
    playground: Arc<Playground>,
    language: Language,
    /// The payment that was asked for; without one the newest of the page is looked at.
    asked: Option<PaymentId>,
    shown: Option<PaymentId>,
    /// The network's card as it was last told: its counters are looked at often and move seldom.
    counters: String,
    out: mpsc::Sender<Bytes>,
}

/// Begins a stream: everything as it is, and then what changes.
pub(crate) fn open(playground: Arc<Playground>, language: Language, asked: Option<PaymentId>) -> Answer {
    let (out, chunks) = mpsc::channel(CHUNKS);
    let changes = playground.changes.subscribe();
    let stream = Stream { playground, language, asked, shown: None, counters: String::new(), out };
    tokio::spawn(stream.run(changes));
    let mut answer = Response::new(Chunks(chunks).boxed_unsync());
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    answer
}

/// A body of chunks as they come.
struct Chunks(mpsc::Receiver<Bytes>);

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

impl Stream {
    /// Tells until the page is gone or cannot keep up.
    async fn run(mut self, mut changes: broadcast::Receiver<Change>) {
        if self.everything().await.is_err() {
            return;
        }
        let mut counted = tokio::time::Instant::now();
        loop {
            let first = match changes.recv().await {
                Ok(change) => change,
                Err(RecvError::Lagged(_)) => {
                    let _ = self.send("event: reload\ndata: {}\n\n".to_owned()).await;
                    return;
                }
                Err(RecvError::Closed) => return,
            };
            tokio::time::sleep(GATHER).await;
            let mut gathered = vec![first];
            while let Ok(change) = changes.try_recv() {
                if !gathered.contains(&change) {
                    gathered.push(change);
                }
            }
            let due = counted.elapsed() >= COUNTERS_EVERY;
            gathered.retain(|change| due || *change != Change::Network);
            if due {
                counted = tokio::time::Instant::now();
            }
            let told = self.tell(&gathered);
            if self.send(told).await.is_err() {
                return;
            }
        }
    }

    async fn everything(&mut self) -> Result<(), ()> {
        let text = {
            let state = self.playground.state();
            self.shown = self.asked.or(state.lives.latest_ours).or_else(|| state.lives.newest());
            let scene = state.scene(self.shown);
            drop(state);
            let mut text = String::new();
            let language = self.language;
            for phone in &scene.phones {
                fragment(&mut text, &format!("phone-{}", phone.wallet), &play::phone(phone, language));
            }
            for till in &scene.tills {
                fragment(&mut text, &format!("till-{}", till.acquirer), &play::till(till, language));
            }
            fragment(&mut text, "network", &play::network(&scene.network, language));
            let shown = self.shown.map(number::payment);
            fragment(&mut text, "payments", &play::payments(&scene.payments, shown.as_deref(), language));
            if let Some(life) = &scene.shown {
                fragment(&mut text, "life", &play::life(life, language));
                fragment(&mut text, "steps", &play::steps(life, language));
            }
            text
        };
        self.send(text).await
    }

    /// What the page is to be told about these changes.
    fn tell(&mut self, changes: &[Change]) -> String {
        let mut text = String::new();
        self.follow_newest(&mut text);
        let whole = changes.iter().any(|change| Some(*change) == self.shown.map(Change::Steps));
        for change in changes {
            match *change {
                Change::Phone(number) => {
                    let phone = self.playground.state().phone(number);
                    fragment(
                        &mut text,
                        &format!("phone-{}", phone.wallet),
                        &play::phone(&phone, self.language),
                    );
                }
                Change::Till(number) => {
                    let till = self.playground.state().till(number);
                    fragment(
                        &mut text,
                        &format!("till-{}", till.acquirer),
                        &play::till(&till, self.language),
                    );
                }
                Change::Network => {
                    let network = self.playground.state().network();
                    let counters = play::network(&network, self.language);
                    if counters != self.counters {
                        fragment(&mut text, "network", &counters);
                        self.counters = counters;
                    }
                }
                Change::Payments => {
                    let rows = self.playground.state().rows();
                    let shown = self.shown.map(number::payment);
                    fragment(&mut text, "payments", &play::payments(&rows, shown.as_deref(), self.language));
                }
                Change::Life(payment) if Some(payment) == self.shown => self.life(payment, false, &mut text),
                Change::Steps(payment) if Some(payment) == self.shown => self.life(payment, true, &mut text),
                Change::Step(payment, step) if Some(payment) == self.shown && !whole => {
                    self.step(payment, step, &mut text);
                }
                Change::Life(_) | Change::Steps(_) | Change::Step(..) => {}
            }
        }
        text
    }

    /// Without a payment that was asked for, the page looks at its own newest, and before there is one at any.
    fn follow_newest(&mut self, text: &mut String) {
        if self.asked.is_some() {
            return;
        }
        let newest = {
            let state = self.playground.state();
            // Those from outside come too fast to be looked at one after the other.
            state.lives.latest_ours.or(self.shown).or_else(|| state.lives.newest())
        };
        if newest != self.shown
            && let Some(payment) = newest
        {
            self.shown = newest;
            self.life(payment, false, text);
            self.life(payment, true, text);
        }
    }

    fn life(&self, payment: PaymentId, ladder: bool, text: &mut String) {
        let Some(life) = self.playground.state().life(payment) else { return };
        match ladder {
            true => fragment(text, "steps", &play::steps(&life, self.language)),
            false => fragment(text, "life", &play::life(&life, self.language)),
        }
    }

    fn step(&self, payment: PaymentId, number: usize, text: &mut String) {
        let step = self.playground.state().lives.step(payment, number);
        if let Some((step, began_ms)) = step {
            let html = play::step(&step, began_ms, self.language);
            let data = json!({ "payment": number::payment(payment), "html": html });
            text.push_str(&format!("event: step\ndata: {data}\n\n"));
        }
    }

    async fn send(&self, text: String) -> Result<(), ()> {
        if text.is_empty() {
            return Ok(());
        }
        self.out.send(Bytes::from(text)).await.map_err(|_| ())
    }
}

fn fragment(text: &mut String, id: &str, html: &str) {
    let data = json!({ "id": id, "html": html });
    text.push_str(&format!("event: fragment\ndata: {data}\n\n"));
}
