//! The loop over storage in memory: replies come after the sync, and a sync that fails ends the loop before anybody is
//! answered.

use std::sync::{Arc, Mutex};

use directory::{Change, Country, Role};
use engine::{Engine, Input, Reply};
use journal::{Fault, Journal, Memory, Options};

use crate::{Busy, Gate, Loop, recover, start};

fn member(client_id: &str) -> Input {
    Input::Change(Change::MemberAdded {
        client_id: client_id.into(),
        role: Role::Acquirer,
        name: "Somebody".into(),
        country: Country::parse("CN").unwrap(),
        endpoint: None,
        code_prefix: None,
    })
}

fn running(memory: &Memory, observer: Option<crate::Observer>) -> Loop {
    let (journal, _) = Journal::open(memory.clone(), Options::default()).unwrap();
    start(Engine::new(), journal, |_: Gate| Box::new(|released| drop(released.tell())), observer).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn what_was_replied_is_in_the_log() {
    let memory = Memory::new(1);
    let Loop { gate, thread } = running(&memory, None);
    block_on(async {
        assert_eq!(gate.submit(member("A")).await, Ok(Reply::Changed));
        let again = gate.submit(member("A")).await;
        assert_eq!(again, Ok(Reply::ChangeRefused(directory::Refusal::ClientIdTaken)));
        assert_eq!(gate.ask(|engine| engine.commit()).await, Ok(1), "what is refused leaves no fact");
        assert!(
            gate.directory().member_by_client("A").is_some(),
            "the directory is published after the sync"
        );
        gate.stop();
    });
    thread.join().unwrap().unwrap();
    let found = recover(memory, Options::default(), &mut |_, _| {}).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(found.engine.commit(), 1);
    assert!(found.engine.directory().member_by_client("A").is_some());
}

#[test]
fn a_failed_sync_ends_the_loop_and_answers_nobody() {
    // The first changing call of a commit is its write, the second its sync.
    let faults = [
        (0, Fault::Refused),
        (0, Fault::Halfway),
        (0, Fault::Full),
        (1, Fault::Refused),
        (1, Fault::Halfway),
    ];
    for (call, fault) in faults {
        let memory = Memory::new(1);
        let Loop { gate, thread } = running(&memory, None);
        block_on(async {
            assert_eq!(gate.submit(member("A")).await, Ok(Reply::Changed));
            memory.fail(call, fault);
            assert_eq!(
                gate.submit(member("B")).await,
                Err(Busy),
                "{fault:?}: nobody hears of what is not safe"
            );
            assert_eq!(gate.submit(member("C")).await, Err(Busy), "{fault:?}: and the loop has ended");
        });
        assert!(thread.join().unwrap().is_err(), "{fault:?}");
    }
}

#[test]
fn an_observer_sees_safe_facts_with_their_numbers() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let into = seen.clone();
    let observer = Box::new(move |number, fact: &[u8]| into.lock().unwrap().push((number, fact.len())));
    let Loop { gate, thread } = running(&Memory::new(1), Some(observer));
    block_on(async {
        for client_id in ["A", "B"] {
            gate.submit(member(client_id)).await.unwrap();
        }
        gate.stop();
    });
    thread.join().unwrap().unwrap();
    let numbers: Vec<u64> = seen.lock().unwrap().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers[1], numbers[0] + 1);
}
