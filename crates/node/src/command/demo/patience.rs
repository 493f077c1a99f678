//! A member's patience: whoever gets no answer asks again. Every request of the demo may be repeated.

use std::time::{Duration, Instant};

/// The network is back by then, however it went.
const ASK_FOR: Duration = Duration::from_secs(20);
const ASK_EVERY: Duration = Duration::from_millis(300);

/// Asks until there is an answer, or for too long.
pub(crate) async fn patiently<T, E, Asking>(ask: impl Fn() -> Asking) -> Result<T, E>
where
    Asking: Future<Output = Result<T, E>>,
{
    let begun = Instant::now();
    loop {
        match ask().await {
            Err(_) if begun.elapsed() < ASK_FOR => tokio::time::sleep(ASK_EVERY).await,
            answered => return answered,
        }
    }
}
