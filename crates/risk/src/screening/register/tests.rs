//! Lists come and go, parties are named and renamed, and what was found is found once.

use std::collections::BTreeMap;

use super::super::list::Entry;
use super::super::{Desk, Listed, Party, ScreeningRecord, difference};
use super::{Register, TASK_PARTIES};
use crate::{Error, Key, Screening};

fn entry(id: &str, name: &str, births: &[i32]) -> Entry {
    Entry { id: id.into(), names: vec![name.into()], births: births.to_vec(), person: true }
}

fn party(name: &str, birth: Option<i32>) -> Party {
    Party { name: name.into(), birth }
}

/// Publishes a list as a network would: difference, check, record, bytes and back.
fn publish(register: &mut Register, entries: Vec<Entry>) -> Result<usize, Error> {
    let published = register.list("un");
    let published = published.as_ref().map(|(version, entries)| (*version, &**entries));
    let parts = difference("un", published, entries, 5)?;
    register.publish(&parts[0])?;
    let mut bytes_written = 0;
    for part in parts {
        let mut bytes = Vec::new();
        ScreeningRecord::Listed(part.clone()).encode(&mut bytes);
        assert_eq!(ScreeningRecord::decode(&bytes), Ok(ScreeningRecord::Listed(part.clone())));
        bytes_written += bytes.len();
        register.apply(&ScreeningRecord::Listed(part));
    }
    Ok(bytes_written)
}

fn name(register: &mut Register, subject: &str, party: Party) {
    if let Ok(Some(record)) = register.name(Key::of(subject), party, 5) {
        register.apply(&record);
    }
}

/// Does every task that waits; who was newly found, and after how many tasks.
fn search(register: &mut Register) -> (Vec<Key>, usize) {
    let (mut desk, mut news, mut tasks) = (Desk::default(), Vec::new(), 0);
    while let Some(task) = register.task() {
        let searched = desk.search(&task).expect("the lists can be searched");
        let record = register.searched(searched).expect("nothing came between");
        news.extend(register.apply(&record).into_iter().map(|(subject, _)| subject));
        tasks += 1;
        assert!(tasks < 100, "it never ends");
    }
    (news, tasks)
}

#[test]
fn who_is_listed_is_found_once_and_a_clearing_lapses_with_entry_or_name() {
    let mut register = Register::default();
    name(&mut register, "juan", party("Osama Bin Ladin", None));
    name(&mut register, "ana", party("Ana Pérez Castillo", None));
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Unknown), "no list to compare with");
    assert!(register.task().is_none() && !register.waits());
    let listed = vec![entry("1", "USAMA BIN LADEN", &[1957]), entry("2", "KIM Chol Sample", &[])];
    publish(&mut register, listed.clone()).expect("a list");
    assert!(register.waits());
    assert_eq!(search(&mut register).0, [Key::of("juan")]);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Possible));
    assert_eq!(register.status(Key::of("ana")), Some(Screening::Clear));
    assert_eq!(register.status(Key::of("nobody")), None);
    let why = &register.known(Key::of("juan")).expect("named").hits[0].why;
    assert!(why.contains("bin"), "{why}");

    register.ruled(Key::of("juan"), false);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Clear));
    // The same list, a list with another entry more, and the same name: nobody is alerted again.
    publish(&mut register, listed.clone()).expect("as it was");
    let more: Vec<Entry> = listed.iter().cloned().chain([entry("3", "Another Body", &[])]).collect();
    publish(&mut register, more.clone()).expect("one more");
    assert_eq!(register.status(Key::of("ana")), Some(Screening::Unknown), "not yet by this list");
    name(&mut register, "juan", party("Osama Bin Ladin", None));
    assert_eq!(search(&mut register).0, []);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Clear));
    // The entry changes, then the party.
    let mut changed = more.clone();
    changed[0].births.push(1958);
    publish(&mut register, changed.clone()).expect("a change");
    assert_eq!(search(&mut register).0, [Key::of("juan")]);
    register.ruled(Key::of("juan"), false);
    name(&mut register, "juan", party("Osama Bin Laden", None));
    assert_eq!(search(&mut register).0, [Key::of("juan")]);
    register.ruled(Key::of("juan"), true);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Listed));
    // It stays confirmed when others come, and lapses when its publisher takes it off.
    let others: Vec<Entry> =
        (0..200).map(|number| entry(&format!("o{number}"), "Some Other Body", &[])).collect();
    publish(&mut register, changed.iter().cloned().chain(others.clone()).collect()).expect("many more");
    assert_eq!(search(&mut register).0, []);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Listed));
    publish(&mut register, changed[1..].iter().cloned().chain(others).collect()).expect("one less");
    search(&mut register);
    assert_eq!(register.status(Key::of("juan")), Some(Screening::Clear));
}

#[test]
fn births_that_agree_need_less_likeness_and_births_that_do_not_need_more() {
    for (party, found) in [
        (party("Mohamad Iqbal Samplezadeh", Some(1961)), true),
        (party("Mohamad Iqbal Samplezadeh", Some(1990)), false),
    ] {
        let mut register = Register::default();
        publish(&mut register, vec![entry("1", "MOHAMMAD Eqbal Samplezada", &[1961])]).expect("a list");
        name(&mut register, "p", party.clone());
        assert_eq!(search(&mut register).0.len(), usize::from(found), "{party:?}");
    }
}

#[test]
fn everybody_is_searched_in_bounded_tasks_whatever_comes_between() {
    let mut register = Register::default();
    for number in 0..TASK_PARTIES * 2 + 10 {
        name(&mut register, &format!("p{number}"), party(&format!("Person Number{number}"), None));
    }
    publish(&mut register, vec![entry("1", "Viktor Samplov", &[])]).expect("a list");
    assert_eq!(search(&mut register).1, 3, "those who are new");
    let two = vec![entry("1", "Viktor Samplov", &[]), entry("2", "Person Number7", &[])];
    publish(&mut register, two.clone()).expect("a list");
    let (mut desk, first) = (Desk::default(), register.task().expect("everybody"));
    let first = desk.search(&first).expect("searched");
    let record = register.searched(first.clone()).expect("in time");
    register.apply(&record);
    assert!(register.searched(first).is_err(), "the same again");
    // Somebody is renamed while the second task is out: what was found of the old name is not said of the new one.
    let second = register.task().expect("more");
    let (renamed, _) = second.parties[0].clone();
    let found = desk.search(&second).expect("searched");
    register.apply(&ScreeningRecord::Named {
        subject: renamed,
        party: party("Viktor Samplov", None),
        at_ms: 9,
    });
    let record = register.searched(found).expect("the lists are the same");
    register.apply(&record);
    assert_eq!(register.status(renamed), Some(Screening::Unknown));
    let (news, _) = search(&mut register);
    assert!(news.contains(&renamed));
    assert_eq!(register.status(Key::of("p7")), Some(Screening::Possible));
    // A task of lists that have changed since is refused.
    publish(&mut register, two[..1].iter().cloned().chain([entry("3", "Xu Sample", &[])]).collect())
        .expect("a list");
    let old = desk.search(&register.task().expect("everybody")).expect("searched");
    publish(&mut register, two).expect("another");
    assert!(register.searched(old).is_err());
}

#[test]
fn a_list_is_recorded_as_what_is_different_and_refused_when_it_breaks() {
    let many = |count: usize| -> Vec<Entry> {
        (0..count).map(|number| entry(&format!("{number}"), &format!("Some Body{number}"), &[])).collect()
    };
    let mut register = Register::default();
    let whole = publish(&mut register, many(1_000)).expect("a list");
    let same = publish(&mut register, many(1_000)).expect("the same");
    let more = publish(&mut register, many(1_001)).expect("one more");
    assert!(whole > 40_000 && same < 100 && more < 200, "{whole} {same} {more} bytes");
    assert!(
        matches!(publish(&mut register, many(900)), Err(Error::Whole(what)) if what.contains("900 entries"))
    );
    publish(&mut register, many(990)).expect("one in a hundred less");
    let twice = vec![entry("1", "A B", &[]), entry("1", "C D", &[])];
    assert!(matches!(publish(&mut register, twice), Err(Error::Whole(what)) if what.contains("twice")));
    let nameless = vec![entry("1", " ", &[])];
    assert!(matches!(publish(&mut register, nameless), Err(Error::Whole(what)) if what.contains("name")));
    let none = BTreeMap::new();
    let parts = difference("un", Some((Key(1), &none)), many(5), 0).expect("a difference");
    assert!(matches!(register.publish(&parts[0]), Err(Error::Change(_))), "of another version");
    let long: Vec<Entry> =
        (0..40).map(|number| entry(&format!("{number}"), &"x".repeat(200_000), &[])).collect();
    let parts = difference("long", None, long, 0).expect("a difference");
    assert!(parts.len() > 2);
    let last = parts.len() - 1;
    let follows: Vec<bool> = parts.iter().map(|part: &Listed| part.more).collect();
    assert_eq!(follows, (0..parts.len()).map(|at| at < last).collect::<Vec<_>>());
    parts.into_iter().for_each(|part| drop(register.apply(&ScreeningRecord::Listed(part))));
    assert_eq!(register.list("long").map(|(_, entries)| entries.len()), Some(40));
}
