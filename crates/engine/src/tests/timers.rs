//! What is asked of the outside and when, by a network that is only woken when it says that something is due.

use switch::{Decline, Outcome, Stage};

use super::network::{Network, cny};
use crate::Reply;

const HOUR: u64 = 3_600_000;

/// The times of what was asked so far, for one kind of thing.
fn times(network: &Network, what: &str) -> Vec<u64> {
    network.asked.iter().filter(|(_, asked)| *asked == what).map(|(at, _)| *at).collect()
}

fn seconds<const N: usize>(seconds: [u64; N]) -> Vec<u64> {
    seconds.map(|second| second * 1_000).to_vec()
}

#[test]
fn a_silent_wallet_is_asked_then_told_for_ever() {
    let mut network = Network::example();
    let payment = network.sent(10_000);
    for (until_ms, stage) in
        [(5_999, Stage::Sent), (6_000, Stage::InDoubt), (59_999, Stage::InDoubt), (60_000, Stage::Cancelled)]
    {
        network.wait(until_ms - network.now.since_ms(super::network::BEGIN));
        assert_eq!(network.payment(payment).stage, stage, "{until_ms}");
    }
    network.wait(HOUR);
    assert_eq!(times(&network, "AskToPay"), [0]);
    assert_eq!(times(&network, "AskWhatBecame"), seconds([8, 10, 14, 21, 36]));
    let told = [60, 61, 62, 64, 68, 76, 90, 120, 360, 960, 1_860, 2_760, 3_660].map(|second| second * 1_000);
    assert_eq!(times(&network, "AskToCancel"), told);
    network.wait(30 * 24 * HOUR);
    assert_eq!(times(&network, "AskToCancel").len(), told.len() + 30 * 24 * 4);
    network.switch(switch::Input::CancelTaken { payment });
    network.asked.clear();
    network.wait(24 * HOUR);
    assert!(network.asked.is_empty(), "{:?}", network.asked);
}

#[test]
fn an_unclear_answer_begins_the_questions_at_once() {
    let mut network = Network::example();
    let payment = network.sent(10_000);
    network.wait(1_000);
    network.said(payment, Outcome::Unclear);
    network.wait(8_500);
    network.said(payment, Outcome::Unclear);
    network.wait(60_000 - 9_500);
    // Two seconds after it came into doubt; a second unclear answer changes nothing.
    assert_eq!(times(&network, "AskWhatBecame"), seconds([3, 5, 9, 16, 31]));
    assert_eq!(times(&network, "AskToCancel"), seconds([60]));
}

#[test]
fn an_answer_ends_the_questions() {
    for outcome in [Outcome::Done, Outcome::Declined(Decline::RiskReject)] {
        let mut network = Network::example();
        let payment = network.sent(10_000);
        network.wait(8_000);
        network.said(payment, outcome);
        let commit = network.engine.commit();
        network.wait(30 * 24 * HOUR);
        assert_eq!(times(&network, "AskWhatBecame"), seconds([8]));
        assert!(times(&network, "AskToCancel").is_empty());
        assert_eq!(network.engine.commit(), commit, "nothing more became true");
    }
}

#[test]
fn the_acquirer_is_told_until_it_has_taken_it() {
    let minute = 60;
    let schedule = [0, 15, minute, 5 * minute, 15 * minute, 3_600, 10_800, 21_600, 43_200, 86_400];
    for taken_after in 0..=schedule.len() {
        let mut network = Network::example();
        let payment = network.paid(10_000);
        if let Some(next) = schedule.get(taken_after) {
            network.wait((next * 1_000).max(1) - 1);
            network.switch(switch::Input::NoticeTaken { payment });
        }
        network.wait(30 * 24 * HOUR);
        let told = times(&network, "TellResult");
        // What is owed at once was told before it could be taken.
        let told_before = taken_after.max(1).min(schedule.len());
        assert_eq!(told, schedule[..told_before].iter().map(|s| s * 1_000).collect::<Vec<_>>());
        assert_eq!(network.payment(payment).notice_owed, taken_after == schedule.len());
    }
}

#[test]
fn a_refund_is_asked_for_72_hours_and_then_left_to_an_operator() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    network.switch(switch::Input::NoticeTaken { payment });
    network.asked.clear();
    network.refund(payment, 4_000);
    network.wait(72 * HOUR - 1);
    let open = network.payment(payment).refunds[0].stage;
    network.wait(24 * HOUR);
    let growing = [0, 2, 4, 8, 15, 30, 60, 300, 900].map(|second| second * 1_000);
    let hourly = (1..72).map(|hour| hour * HOUR);
    let asked: Vec<u64> = growing.into_iter().chain(hourly).collect();
    assert_eq!(times(&network, "AskToRefund"), asked);
    let stuck = network.payment(payment).refunds[0].stage;
    assert_eq!((open, stuck), (switch::RefundStage::Sent, switch::RefundStage::Stuck));
    assert!(network.standing().contains("A holds 40.00"), "{}", network.standing());
}

#[test]
fn orders_expire_by_themselves() {
    let mut network = Network::example();
    let payment = network.scanned(10_000);
    network.wait(10 * 60_000 - 1);
    assert_eq!(network.payment(payment).stage, Stage::Quoted);
    network.wait(1);
    assert_eq!(network.payment(payment).stage, Stage::Expired);
    assert_eq!(times(&network, "TellResult"), [600_000]);
}

/// Merchant-presented: the wallet asked first, so it is not asked to pay, and its silence is looked into.
#[test]
fn a_confirmed_order_is_not_asked_for_but_asked_about() {
    let mut network = Network::example();
    let payment = network.scanned(10_000);
    network.wait(1_000);
    assert!(matches!(network.confirm(payment), Reply::Payment(sent) if sent.stage == Stage::Sent));
    network.wait(60_000);
    assert!(times(&network, "AskToPay").is_empty());
    assert_eq!(times(&network, "AskWhatBecame"), seconds([9, 11, 15, 22, 37]));
    assert_eq!(network.payment(payment).stage, Stage::Cancelled);
    assert_eq!(network.standing(), "");
}

/// However late the turn: each payment is brought to where it should be, and each thing is asked once.
#[test]
fn a_late_turn_asks_once() {
    let mut network = Network::example();
    let payment = network.sent(10_000);
    network.now = network.now.plus_ms(2 * HOUR);
    network.turn(Vec::new());
    assert_eq!(network.payment(payment).stage, Stage::Cancelled);
    let late: Vec<&str> = network.asked.iter().filter(|(at, _)| *at > 0).map(|(_, what)| *what).collect();
    assert_eq!(late, ["AskToCancel", "TellResult"]);
    network.turn(Vec::new());
    assert_eq!(network.asked.len(), 3, "nothing is asked again in the same instant");
}

/// After a crash nobody knows what was asked: everything owed is asked again, once.
#[test]
fn a_restart_asks_once_and_not_in_a_burst() {
    let mut network = Network::example();
    let asked = network.sent(10_000);
    let doubtful = network.sent(10_000);
    network.said(doubtful, Outcome::Unclear);
    let cancelled = network.sent(10_000);
    network.cancel(cancelled);
    let told = network.paid(10_000);
    let refunded = network.paid(10_000);
    network.switch(switch::Input::NoticeTaken { payment: refunded });
    network.refund(refunded, 1_000);
    network.wait(4_500);
    let mut restarted = network.restarted();
    restarted.turn(Vec::new());
    let mut names: Vec<&str> = restarted.asked.iter().map(|(_, what)| *what).collect();
    names.sort_unstable();
    let once = ["AskToCancel", "AskToPay", "AskToRefund", "AskWhatBecame", "TellResult", "TellResult"];
    assert_eq!(names, once);
    restarted.turn(Vec::new());
    assert_eq!(restarted.asked.len(), once.len());
    // From there on both go the same way: what was asked twice is asked at the same times again.
    network.asked.clear();
    restarted.asked.clear();
    network.wait(24 * HOUR);
    restarted.wait(24 * HOUR);
    assert_eq!(restarted.asked, network.asked);
    for payment in [asked, doubtful, cancelled, told, refunded] {
        assert_eq!(restarted.payment(payment), network.payment(payment));
    }
}

#[test]
fn nothing_is_due_in_a_network_at_rest() {
    let mut network = Network::example();
    assert_eq!(network.engine.next_due(), None);
    let payment = network.paid(10_000);
    network.switch(switch::Input::NoticeTaken { payment });
    assert_eq!(network.engine.next_due(), None);
    network.deposit(super::network::A, cny(1));
    assert_eq!(network.engine.next_due(), None);
}
