//! Hands on to all nodes what clients handed in at one, many transactions a message. Knows not what they say.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_runtime::{Clock, Handle, Spawner};

use crate::application::now_ms;
use crate::machine::Machine;

/// How often messages leave.
const EVERY: Duration = Duration::from_millis(5);
/// Bytes of one message.
pub(crate) const MESSAGE_BYTES_MAX: usize = 128 * 1024;

pub(crate) fn start<E, S, R>(
    context: &E,
    machine: &Arc<dyn Machine>,
    (sender, receiver): (S, R),
) -> [Handle<()>; 2]
where
    E: Clock + Spawner,
    S: Sender,
    R: Receiver,
{
    let (telling, listening) = (machine.clone(), machine.clone());
    [
        context.child("tell").spawn(move |clock| tell(clock, telling, sender)),
        context.child("listen").spawn(move |clock| listen(clock, listening, receiver)),
    ]
}

async fn tell<E: Clock, S: Sender>(clock: E, machine: Arc<dyn Machine>, mut sender: S) {
    loop {
        clock.sleep(EVERY).await;
        for message in pack(&machine.outgoing()) {
            // A full link drops it; what stays in the pool is told again.
            sender.send(Recipients::All, message, false);
        }
    }
}

async fn listen<E: Clock, R: Receiver>(clock: E, machine: Arc<dyn Machine>, mut receiver: R) {
    while let Ok((_, message)) = receiver.recv().await {
        machine.incoming(&unpack(message.as_ref()), now_ms(&clock));
    }
}

fn unpack(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut transactions = Vec::new();
    while rest.remaining() >= 4 {
        let length = rest.get_u32() as usize;
        let Some((transaction, after)) = rest.split_at_checked(length) else { break };
        transactions.push(transaction);
        rest = after;
    }
    transactions
}

fn pack(transactions: &[Arc<[u8]>]) -> Vec<Bytes> {
    let (mut messages, mut open) = (Vec::new(), BytesMut::new());
    for transaction in transactions {
        if !open.is_empty() && open.len() + 4 + transaction.len() > MESSAGE_BYTES_MAX {
            messages.push(open.split().freeze());
        }
        open.put_u32(u32::try_from(transaction.len()).expect("bounded at admission"));
        open.put_slice(transaction);
    }
    if !open.is_empty() {
        messages.push(open.freeze());
    }
    messages
}
