//! One payment from hop to hop, as plain values: messages with their checks, facts with what they did to the book.

use money::{Amount, Currency};
use switch::Stage;

use super::{Ending, Price, Row};

/// One payment, from hop to hop.
#[derive(Clone, Debug)]
pub struct Life {
    /// As in the list.
    pub row: Row,
    /// Names of the three lifelines: wallet, network, acquirer.
    pub lifelines: [String; 3],
    /// Stages it went through, in order, with the instant (unix milliseconds).
    pub passed: Vec<(Stage, u64)>,
    /// What the payer and payee pay and get, once it is known.
    pub price: Option<Price>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// Who was told what in the end.
    pub agreement: Option<Agreement>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Step {
    /// A signed message on a hop, or the lack of one.
    Message(Message),
    /// A fact in the journal.
    Fact(Box<Recorded>),
    /// The network's process was killed.
    Killed {
        /// When, unix milliseconds.
        at_ms: u64,
    },
    /// It has replayed its journal and answers again.
    Recovered {
        /// When, unix milliseconds.
        at_ms: u64,
        /// Facts it replayed.
        facts: u64,
    },
}

/// Who speaks on a lifeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Party {
    /// The payer's wallet.
    Wallet,
    /// The network.
    Network,
    /// The merchant's acquirer.
    Acquirer,
}

/// A message as it stands in the ladder.
#[derive(Clone, Debug)]
pub struct Message {
    /// What `/play/message/{id}` opens.
    pub id: u64,
    /// When it was seen, unix milliseconds.
    pub at_ms: u64,
    /// Who sent it.
    pub from: Party,
    /// Who got it.
    pub to: Party,
    /// The last part of the path, such as `pay` or `inquiryPayment`.
    pub name: String,
    /// What it is.
    pub kind: MessageKind,
    /// The signature's check.
    pub check: Check,
}

/// What a message is.
#[derive(Clone, Debug)]
pub enum MessageKind {
    /// A question.
    Request,
    /// An answer, with the contract's result code (of the payment, where it has one).
    Answer {
        /// Such as `SUCCESS`.
        result: String,
        /// `S`, `F` or `U`; empty when the answer has none.
        status: String,
    },
    /// No answer that can be believed.
    NoAnswer {
        /// Why.
        why: String,
    },
}

/// What checking a signature came to.
#[derive(Clone, Debug)]
pub enum Check {
    /// It is good.
    Good {
        /// `RSA-SHA256` or `Ed25519 (RFC 9421)`.
        scheme: String,
        /// Who signed.
        signer: String,
        /// With which version of its key.
        key_version: String,
    },
    /// It is not.
    Bad {
        /// Why.
        why: String,
    },
    /// There is nothing to check: no answer.
    Nothing,
}

/// A fact as it stands in the journal.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its number in the journal.
    pub number: u64,
    /// When it became true, unix milliseconds.
    pub at_ms: u64,
    /// Which.
    pub name: FactName,
    /// Length of its record in bytes.
    pub bytes: u64,
    /// The stage it led to, if it is another.
    pub stage: Option<Stage>,
    /// What it did to the book.
    pub postings: Vec<Posting>,
    /// Every account that it touched.
    pub balances: Vec<Balance>,
    /// Per currency, what all postings add up to over all accounts: zero.
    pub sums: Vec<(Currency, i128)>,
    /// How risk control judged, if this is its verdict.
    pub verdict: Option<Verdict>,
}

/// Risk control's verdict.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What is to be done.
    pub decision: Decision,
    /// The probability of fraud as the model sees it, in parts per million.
    pub score_ppm: u32,
    /// Why, by the names of rules and checks; most severe first.
    pub reasons: Vec<String>,
    /// Versions of the rules and of the model that judged.
    pub versions: [u64; 2],
}

/// What is to be done with a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It goes on.
    Approve,
    /// The payer is to prove again who it is.
    StepUp,
    /// A person is to look at it.
    Review,
    /// It is refused.
    Decline,
}

/// The facts there are about one payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the switch's events")]
pub enum FactName {
    Opened,
    Quoted,
    Confirmed,
    Reserved,
    Sent,
    Rejected,
    InDoubt,
    Succeeded,
    Failed,
    Expired,
    Cancelled,
    CancelAcknowledged,
    LateSuccess,
    NoticeTaken,
    RefundOpened,
    RefundSucceeded,
    RefundFailed,
    RefundStuck,
    Judged,
}

/// One transfer of the book.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Held, made final, released, or moved at once.
    pub kind: PostingKind,
    /// The leg by the rulebook's name: `P1`, `P2`, `F1` to `F4`, `R1` to `R4`, `cover`.
    pub leg: String,
    /// Who gives.
    pub from: String,
    /// Who gets.
    pub to: String,
    /// How much.
    pub amount: Amount,
}

/// How a transfer moves money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PostingKind {
    /// Held.
    Reserve,
    /// A held one made final.
    Post,
    /// A held one released.
    Void,
    /// Moved at once.
    Move,
}

/// An account before and after a fact, in minor units.
#[derive(Clone, Debug)]
pub struct Balance {
    /// Whose.
    pub member: String,
    /// In this currency.
    pub currency: Currency,
    /// What it had: credits less debits.
    pub before_minor: i128,
    /// What it has.
    pub after_minor: i128,
    /// What was held of it.
    pub held_before_minor: u128,
    /// What is held of it.
    pub held_after_minor: u128,
}

/// Who holds what to be true of a payment.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// What the network's journal says.
    pub network: Ending,
    /// What the acquirer was told, if it was.
    pub acquirer: Option<Ending>,
    /// What the wallet's own books say, if the wallet is one of this page.
    pub wallet: Option<Ending>,
    /// The reservation is gone, or turned into postings.
    pub nothing_held: bool,
    /// All of them hold the same to be true.
    pub agrees: bool,
}

/// A message, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// As it stands in the ladder.
    pub message: Message,
    /// Names of sender and receiver.
    pub between: [String; 2],
    /// First line: method and target, or status.
    pub start_line: String,
    /// Header fields as they were sent.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent.
    pub body: String,
    /// Length of the body in bytes.
    pub bytes: u64,
}
