//! One hundred seeds hold everything that must hold, and come across everything they are there for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::*;

const SEEDS: u64 = 100;

/// What the seeds must come across, by group. One arm of the switch's table cannot be met: a log that ends between
/// Reserved and Sent, because both are of one batch here.
const REQUIRED: &[(&str, &[&str])] = &[
    (
        "stage",
        &[
            "CodeIssued",
            "Quoted",
            "Reserved",
            "Sent",
            "InDoubt",
            "Succeeded",
            "Failed",
            "Rejected",
            "Expired",
            "Cancelled",
        ],
    ),
    (
        "arm",
        &[
            "CodeIssued Pay",
            "CodeIssued Begun",
            "CodeIssued Scanned",
            "Quoted Scanned",
            "Quoted Confirmed",
            "Quoted Confirmed too late for its quote",
            "CodeIssued CancelAsked",
            "Quoted CancelAsked",
            "CodeIssued Due",
            "Quoted Due",
            "Quoted Judged",
            "Quoted Judged and refused",
            "Quoted Funded",
            "Reserved Sent",
            "Quoted Not funded",
            "Sent Said Done",
            "InDoubt Said Done",
            "Sent Said Declined",
            "InDoubt Said Declined",
            "Sent Said Unclear",
            "Sent Due",
            "InDoubt Due",
            "Sent CancelAsked",
            "InDoubt CancelAsked",
            "Succeeded CancelAsked",
            "Cancelled CancelTaken",
            "Cancelled Said Done",
            "unseen CancelAsked",
            "codes issued",
            "opened ConsumerPresented",
            "opened OrderCode",
            "opened EntryCode",
            "Payment refused",
            "Refund refused",
            "Succeeded Refund",
            "Succeeded RefundSaid Done",
            "Succeeded RefundSaid Declined",
            "Succeeded RefundDue",
            "Succeeded stuck RefundSaid Done",
            "Succeeded NoticeTaken",
            "Failed NoticeTaken",
            "Rejected NoticeTaken",
            "Expired NoticeTaken",
            "Cancelled NoticeTaken",
        ],
    ),
    (
        "decline",
        &[
            "BalanceNotEnough",
            "UserNotExist",
            "UserStatusAbnormal",
            "KycNotQualified",
            "VerificationFailed",
            "UserLimitExceeded",
            "RiskReject",
            "ProcessFail",
            "LiquidityPayer",
            "LiquidityFx",
            "LiquidityAcquirer",
        ],
    ),
    (
        "crash",
        &[
            "before sync, loss of Nothing",
            "before sync, loss of Unsynced",
            "before sync, loss of Torn",
            "in sync, loss of Nothing",
            "in sync, loss of Unsynced",
            "in sync, loss of Torn",
            "disk full, loss of Nothing",
            "disk full, loss of Unsynced",
            "disk full, loss of Torn",
            "after sync, loss of Nothing",
            "after sync, loss of Unsynced",
            "after sync, loss of Torn",
            "letting out, loss of Nothing",
            "letting out, loss of Unsynced",
            "letting out, loss of Torn",
            "while recovering",
        ],
    ),
    ("recovery", &["torn tail", "unanswered turn survived"]),
    ("effect", &["AskToPay", "AskWhatBecame", "AskToCancel", "AskToRefund", "TellResult"]),
    ("offer", &["Chosen", "Dearer", "EndsTooSoon", "TooSmall", "NoLiquidity", "NotAgreed"]),
    (
        "refusal",
        &[
            "NotAllowed",
            "RepeatInconsistent",
            "UnknownPayment",
            "UnknownMerchant",
            "UnknownStore",
            "InvalidCode",
            "ExpiredCode",
            "AmountZero",
            "AmountTooSmall",
            "AmountTooLarge",
            "CorridorClosed",
            "CurrencyDiffers",
            "SettlementNotAgreed",
            "NoRate",
            "ExpiryOutOfRange",
            "WrongStage",
            "AnotherWallet",
            "QuoteChanged",
            "Closed",
            "CancelWindowExceeded",
            "HasRefunds",
            "NotPaid",
            "RefundExceedsPayment",
            "Shortage(LiquidityAcquirer)",
            "Shortage(LiquidityFx)",
            "TooMany",
        ],
    ),
    (
        "member",
        &[
            "silent",
            "late",
            "twice",
            "lie",
            "cancel before pay",
            "declined what it had not heard of",
            "changed content refused",
            "changed refund refused",
            "meddling wallet refused",
            "meddling acquirer refused",
        ],
    ),
    ("network", &["stale request", "request while down"]),
    ("funding", &["Deposit", "Withdrawal", "LineRaised", "LineLowered"]),
    ("funding refused", &["AmountZero", "NotEnough", "RepeatInconsistent"]),
    (
        "risk",
        &[
            "Stopped",
            "Screened",
            "Health",
            "Proposed",
            "Published",
            "Withdrawn",
            "Labelled",
            "Claimed",
            "Ruled",
            "Listed",
            "Named",
            "Searched",
        ],
    ),
    ("verdict", &["Approve", "StepUp", "Review", "Decline"]),
    ("crime", &["ring", "codes tried out", "takeover"]),
    (
        "reason",
        &[
            "STOPPED",
            "LIMIT",
            "SCREENING",
            "RING",
            "SHARED_DEVICE",
            "CODE_TESTING",
            "TAKEOVER_BURST",
            "LABELLED_PAYER",
        ],
    ),
    (
        "chain",
        &[
            "stands still",
            "link dies",
            "transaction lost",
            "Locked",
            "Sold",
            "LockEnded",
            "Paid",
            "FreezeSet",
        ],
    ),
    (
        "delivery",
        &[
            "Offered",
            "Sale Begun",
            "Sale Begun Reserved",
            "Sale Begun Released",
            "Sale Reserved Done",
            "Sale Reserved Released",
            "Redemption Begun Reserved",
            "Redemption Begun Released",
            "Redemption Reserved Done",
            "Redemption Reserved Withheld",
            "Redemption Reserved Released",
            "Redemption Withheld Done",
            "Advance Begun Reserved",
            "Advance Reserved Done",
            "Advance Reserved Released",
            "Unit Begun Reserved",
            "Unit Reserved Done",
            "Unit Begun Released",
        ],
    ),
    (
        "lie refused",
        &["Unknown", "Contradicts", "RepeatInconsistent", "LienDiffers", "TooEarly", "OnlyByEvent"],
    ),
    ("lien signed", &["AtOnce", "AtTheLastMoment", "Never"]),
    ("device", &["known", "unknown"]),
    ("screening", &["clean", "hit", "list published"]),
    ("screened", &["Unknown", "Possible", "Listed"]),
    ("change", &["KeyAdded", "KeyEnded", "AgreementAdded", "StandingSet", "CorridorSet"]),
];

#[test]
fn a_hundred_seeds_hold_and_come_across_everything() {
    let next = AtomicU64::new(0);
    let player = || {
        let mut coverage = Coverage::default();
        let mut failures = Vec::new();
        loop {
            match next.fetch_add(1, Ordering::Relaxed) {
                seed if seed >= SEEDS => return (coverage, failures),
                seed => match run(seed) {
                    Ok(report) => coverage.add(&report.coverage),
                    Err(failure) => failures.push(failure.to_string()),
                },
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get());
    let mut coverage = Coverage::default();
    let mut failures = Vec::new();
    thread::scope(|scope| {
        let players: Vec<_> = (0..threads).map(|_| scope.spawn(player)).collect();
        for player in players {
            let (seen, failed) = player.join().unwrap();
            coverage.add(&seen);
            failures.extend(failed);
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let names = REQUIRED.iter().flat_map(|(group, names)| names.iter().map(move |name| (*group, *name)));
    let missed: Vec<_> = names.filter(|(group, name)| coverage.count(group, name) == 0).collect();
    assert!(missed.is_empty(), "never came across {missed:?}");
}

#[test]
fn a_seed_plays_the_same_every_time() {
    let play = |seed| {
        let mut lines = Vec::new();
        let report = trace(seed, &mut |line| lines.push(line.to_owned())).unwrap();
        (lines, report.state_hash, report.letters, report.coverage)
    };
    let (first, second) = (play(3), play(3));
    assert!(first == second, "two plays of one seed differ");
    assert!(first.0.len() > 500, "a trace of {} lines", first.0.len());
    let quiet = run(3).unwrap();
    assert_eq!((quiet.state_hash, quiet.letters), (first.1, first.2), "tracing changes what happens");
    assert_ne!(play(4).1, first.1);
}
