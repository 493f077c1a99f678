//! Money that moves with the receivables chain, from outside: what a link shows and asks over the operator's API with
//! real proofs, and a network that is killed in between.

mod refusals;

use members::cast::{ACQUIRERS, PROVIDERS};
use receivables::codec::{hex, unhex};
use receivables::state::Key;
use receivables::transaction::{ExpireLock, Freeze, Pay, Payer, SettleLock, Split, Transaction, Transfer};
use receivables::{Event, Hash};
use serde_json::{Value, json};
use wire::body::scalar::Instant;
use wire::signature::Scheme;

use crate::chain::{Chain, SETTLER, Who};
use crate::town::Town;
use crate::voice::Voice;

pub(crate) const FUNDER: &str = PROVIDERS[0].client_id;
pub(crate) const PAYEE: &str = ACQUIRERS[0].client_id;
const BUYER: &str = PROVIDERS[1].client_id;
/// The same on the chain, and members that the network does not know.
pub(crate) const BANK: u32 = 1;
pub(crate) const SPONSOR: u32 = 2;
const DEBTOR: u32 = 4;
const UNMAPPED: u32 = 8;
const GHOST: u32 = 9;
const DAY_MS: u64 = 86_400_000;
const HOUR_MS: u64 = 3_600_000;

/// A chain of this name, of these days, and a town that believes it.
pub(crate) async fn found(name: &str) -> (Chain, Town) {
    let chain = chain(name);
    let settings = format!(
        "\n[chain]\nid = \"{}\"\n[chain.members]\n{BANK} = \"{FUNDER}\"\n{SPONSOR} = \"{PAYEE}\"\n\
         {DEBTOR} = \"{BUYER}\"\n{GHOST} = \"GHOST\"\n",
        hex(&chain.id())
    );
    (chain, Town::found_set(name, &settings).await)
}

fn chain(name: &str) -> Chain {
    Chain::new(name, now_ms(), &[BANK, SPONSOR, DEBTOR, UNMAPPED, GHOST], DEBTOR, "CNY")
}

pub(crate) fn now_ms() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    u64::try_from(now.as_millis()).expect("far from the end of time")
}

fn is_locked(event: &Event) -> bool {
    matches!(event, Event::Locked(_))
}

/// Shows the network that a part is locked.
async fn show_lock(town: &Town, proof: &str) -> Result<(), String> {
    let body = json!({ "proof": proof });
    town.operator.change("deliveries/locks", &body).await.map_err(|failed| failed.to_string())
}

/// Shows the network the chain's word.
pub(crate) async fn show(town: &Town, proofs: &[&str]) -> Result<(), String> {
    let body = json!({ "proofs": proofs });
    town.operator.change("deliveries/words", &body).await.map_err(|failed| failed.to_string())
}

pub(crate) async fn show_absence(town: &Town, key: &str, proofs: &[&str]) -> Result<(), String> {
    let body = json!({ "proofs": proofs, "key": key });
    town.operator.change("deliveries/words", &body).await.map_err(|failed| failed.to_string())
}

/// What is listed as open.
pub(crate) async fn listed(town: &Town) -> Vec<Value> {
    let listed = town.operator.look("deliveries").await.expect("the network is up");
    listed["deliveries"].as_array().cloned().unwrap_or_default()
}

/// Number, stage and what it awaits.
async fn open(town: &Town) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |one: Value| [text(&one["number"]), text(&one["stage"]), text(&one["awaits"])];
    listed(town).await.into_iter().map(one).collect()
}

/// What the only open delivery's money is known by.
pub(crate) async fn only_reference(town: &Town) -> Hash {
    let listed = listed(town).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    let text = listed[0]["reference"].as_str().expect("it has one");
    Hash::try_from(unhex(text).expect("hexadecimal")).expect("32 bytes")
}

/// What somebody has, and what is held of it, in CNY.
pub(crate) async fn standing(town: &Town, client: &str) -> (i64, i64) {
    let positions = town.operator.look("positions").await.expect("the network is up");
    let all = positions["positions"].as_array().expect("positions");
    let own = all.iter().find(|one| one["clientId"] == client && one["balance"]["currency"] == "CNY");
    let own = own.expect("it has an account");
    let number = |value: &Value| value.as_str().and_then(|text| text.parse().ok()).expect("a number");
    (number(&own["balance"]["value"]), number(&own["reserved"]))
}

pub(crate) fn settle_lock(chain: &mut Chain, part: Hash, key: Hash, reference: Hash) {
    let wish = SettleLock { part, key, reference, registries: vec![] };
    chain.act(Transaction::SettleLock(wish), &[Who::Member(SETTLER)]).expect("the part is locked");
}

fn pay(chain: &mut Chain, certificate: Hash, principal: u64, reference: Hash) {
    let wish = Pay { certificate, payer: Payer::Buyer(()), principal, interest: 0, reference };
    chain.act(Transaction::Pay(wish), &[Who::Member(SETTLER)]).expect("it is owed");
}

fn freeze(chain: &mut Chain, certificate: Hash, frozen: bool) {
    let wish = Freeze { certificate, frozen, order: [1; 32] };
    chain.act(Transaction::Freeze(wish), &[Who::Member(SETTLER)]).expect("a court");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_paid_on_the_chains_word_across_a_kill() {
    let (mut chain, mut town) = found("deliveries").await;
    let (before, _) = standing(&town, PAYEE).await;
    let rate = chain.rate(BANK, "CNY");
    let part = chain.certificate(DEBTOR, Who::Party(1, SPONSOR), 100_000);
    let (key, price) = chain.lock(part, Who::Party(1, SPONSOR), rate, DAY_MS);
    let (locked, held) = (chain.event(is_locked), price as i64);
    for _ in 0..2 {
        show_lock(&town, &locked).await.expect("it is heard");
        assert_eq!(open(&town).await, [["1", "RESERVED", "PROOF"].map(str::to_owned)]);
        assert_eq!(standing(&town, FUNDER).await.1, held);
    }
    town.server.kill().await.expect("it dies");
    town.start().await.expect("it comes back");
    assert_eq!(open(&town).await, [["1", "RESERVED", "PROOF"].map(str::to_owned)]);
    let reference = only_reference(&town).await;
    settle_lock(&mut chain, part, key, reference);
    let sold = chain.event(|event| matches!(event, Event::Sold(_)));
    for _ in 0..2 {
        show(&town, &[&sold]).await.expect("the chain's word");
        assert!(open(&town).await.is_empty());
        assert_eq!(standing(&town, PAYEE).await, (before + held, 0));
        assert_eq!(standing(&town, FUNDER).await.1, 0);
    }
    let facts = town.facts().await;
    show_lock(&town, &locked).await.expect("shown again, it changes nothing");
    assert_eq!(town.facts().await, facts);
    // Another lock ends: nothing moves.
    let part = chain.certificate(DEBTOR, Who::Party(2, SPONSOR), 5_000);
    let (key, price) = chain.lock(part, Who::Party(2, SPONSOR), rate, DAY_MS);
    show_lock(&town, &chain.event(is_locked)).await.expect("it is heard");
    assert_eq!(standing(&town, FUNDER).await.1, price as i64);
    chain.pass_to(chain.time_ms + DAY_MS);
    chain
        .act(Transaction::ExpireLock(ExpireLock { part, key }), &[Who::Member(SETTLER)])
        .expect("it is over");
    let ended = chain.event(|event| matches!(event, Event::LockEnded(_)));
    for _ in 0..2 {
        show(&town, &[&ended]).await.expect("the chain's word");
        assert!(open(&town).await.is_empty());
        assert_eq!(standing(&town, PAYEE).await, (before + held, 0));
        assert_eq!(standing(&town, FUNDER).await.1, 0);
    }
    town.stop_and_replay().await;
}

/// A buyer pays two holders through the operator, again while a court keeps the money, and a third time by its own
/// signed line without the chain ever being told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_paid_to_its_holders_and_a_court_lets_go() {
    let (mut chain, mut town) = found("redemption").await;
    let before =
        [standing(&town, PAYEE).await.0, standing(&town, FUNDER).await.0, standing(&town, BUYER).await.0];
    let certificate = chain.certificate(DEBTOR, Who::Party(1, SPONSOR), 100_000);
    let wish = Split { part: certificate, amounts: vec![70_000, 30_000] };
    let events = chain.act(Transaction::Split(wish), &[Who::Party(1, SPONSOR)]).expect("its holder");
    let [Event::PartSplit(split)] = &events[..] else { panic!("{events:?}") };
    let to = Who::Party(3, BANK);
    let wish = Transfer { part: split.children[1].part, to: to.as_party(), recourse: false };
    chain.act(Transaction::Transfer(wish), &[Who::Party(1, SPONSOR), to]).expect("its holder");
    let until = serde_json::to_value(Instant(now_ms() + HOUR_MS)).expect("a time");
    let payment = |key: &str, minor: &str| {
        json!({
            "key": key.repeat(32), "certificate": hex(&certificate), "payer": "BUYER", "from": BUYER,
            "principal": { "currency": "CNY", "value": minor }, "until": until,
        })
    };
    let is_paid = |event: &Event| matches!(event, Event::Paid(_));
    town.operator.change("deliveries/payments", &payment("0a", "10000")).await.expect("it is asked");
    assert_eq!(standing(&town, BUYER).await, (before[2], 10_000));
    let reference = only_reference(&town).await;
    pay(&mut chain, certificate, 10_000, reference);
    let paid = chain.event(is_paid);
    show(&town, &[&paid]).await.expect("the chain's word");
    show(&town, &[&paid]).await.expect("again");
    let standings = async |town: &Town| {
        [standing(town, PAYEE).await.0, standing(town, FUNDER).await.0, standing(town, BUYER).await.0]
    };
    assert_eq!(standings(&town).await, [before[0] + 7_000, before[1] + 3_000, before[2] - 10_000]);
    // While a court holds the certificate, what comes in stays in clearing.
    town.operator.change("deliveries/payments", &payment("0b", "20000")).await.expect("it is asked");
    freeze(&mut chain, certificate, true);
    let frozen = chain.event(|event| matches!(event, Event::FreezeSet(_)));
    let reference = only_reference(&town).await;
    pay(&mut chain, certificate, 20_000, reference);
    let withheld = chain.event(is_paid);
    show(&town, &[&withheld]).await.expect("the chain's word");
    assert_eq!(open(&town).await, [["2", "WITHHELD", ""].map(str::to_owned)]);
    assert_eq!(standings(&town).await, [before[0] + 7_000, before[1] + 3_000, before[2] - 30_000]);
    town.server.kill().await.expect("it dies");
    town.start().await.expect("it comes back");
    let facts = town.facts().await;
    for (proofs, told) in [
        ([&*withheld, &*frozen], "was frozen, not that it was freed"),
        ([&*paid, &*frozen], "nothing was withheld"),
    ] {
        let refused = show(&town, &proofs).await.expect_err("nobody freed it");
        assert!(refused.contains(told), "{refused}");
    }
    freeze(&mut chain, certificate, false);
    let freed = chain.event(|event| matches!(event, Event::FreezeSet(_)));
    let refused = show(&town, &[&freed, &withheld]).await.expect_err("in the wrong order");
    assert!(refused.contains("Proof 1 shows FreezeSet, not Paid"), "{refused}");
    assert_eq!(town.facts().await, facts);
    for _ in 0..2 {
        show(&town, &[&withheld, &freed]).await.expect("the court let go");
        assert_eq!(standings(&town).await, [before[0] + 21_000, before[1] + 9_000, before[2] - 30_000]);
    }
    assert!(open(&town).await.is_empty());
    by_its_own_line(&mut chain, &town, certificate, &until).await;
    let after = standings(&town).await;
    assert_eq!(after.iter().sum::<i64>(), before.iter().sum::<i64>(), "nobody else gained or lost");
    assert_eq!(after[2], before[2] - 30_000, "the buyer's own was released");
    assert!((350..=351).contains(&(after[0] - before[0] - 21_000)), "seven tenths of 501: {after:?}");
    town.stop_and_replay().await;
}

/// The buyer asks itself; the chain is never told, and its silence releases the money.
async fn by_its_own_line(chain: &mut Chain, town: &Town, certificate: Hash, until: &Value) {
    let voice = |client: &str| {
        let identity = town.company.credentials[client].identity();
        Voice { identity, scheme: Scheme::Rfc9421, network: town.network.clone() }
    };
    let ask = async |client: &str, minor: &str| {
        let body = json!({
            "requestId": "march", "certificate": hex(&certificate), "payer": "BUYER",
            "principal": { "currency": "CNY", "value": minor }, "until": until,
        });
        voice(client).code("aps/api/v1/certificates/pay", body.to_string().as_bytes()).await
    };
    assert_eq!(ask(BUYER, "500").await, "SUCCESS");
    assert_eq!(ask(BUYER, "500").await, "SUCCESS");
    assert_eq!(ask(BUYER, "501").await, "REPEAT_REQ_INCONSISTENT");
    assert_eq!(open(town).await, [["3", "RESERVED", "PROOF"].map(str::to_owned)]);
    let listed = listed(town).await;
    let (key, reference) = (listed[0]["key"].as_str().expect("a key"), only_reference(town).await);
    let record = Key::Reference(reference);
    let early = (chain.header(), chain.record(&record));
    let over = now_ms() + HOUR_MS + 1;
    chain.pass_to(over);
    let header = chain.header();
    let refused = show_absence(town, key, &[&early.0, &early.1]).await.expect_err("too early");
    assert!(refused.contains("before this delivery's time was over"), "{refused}");
    let refused = show_absence(town, key, &[&header, &early.1]).await.expect_err("too old");
    assert!(refused.contains("before the header at height"), "{refused}");
    let other = chain.record(&Key::Reference([7; 32]));
    let refused = show_absence(town, key, &[&header, &other]).await.expect_err("of another");
    assert!(refused.contains("another record than this delivery's reference"), "{refused}");
    chain.pass_to(over + 1);
    let absent = chain.record(&record);
    for _ in 0..2 {
        show_absence(town, key, &[&header, &absent]).await.expect("it is absent");
        assert!(open(town).await.is_empty());
    }
    // Another member's request of the same id is another request.
    assert_eq!(ask(FUNDER, "501").await, "SUCCESS");
    let reference = only_reference(town).await;
    pay(chain, certificate, 501, reference);
    let listed = self::listed(town).await;
    let key = listed[0]["key"].as_str().expect("a key");
    let (header, there) = (chain.header(), chain.record(&Key::Reference(reference)));
    let refused = show_absence(town, key, &[&header, &there]).await.expect_err("it is there");
    assert!(refused.contains("its proof was taken"), "{refused}");
    show(town, &[&chain.event(|event| matches!(event, Event::Paid(_)))]).await.expect("the chain's word");
    assert!(open(town).await.is_empty());
}
