//! What the playground shows, as plain values: phones, tills, the network between them and one payment from hop to
//! hop. Who fills them in knows the network; who draws them knows only these.

use money::{Amount, Currency};
use switch::Stage;

/// The languages of the playground.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// Everything on the page at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The payers' phones.
    pub phones: Vec<Phone>,
    /// The merchants' tills.
    pub tills: Vec<Till>,
    /// The network between them.
    pub network: Network,
    /// Payments that are followed, newest first.
    pub payments: Vec<Row>,
    /// The payment that is looked at.
    pub shown: Option<Life>,
}

/// A payer's phone with one wallet's app open.
#[derive(Clone, Debug)]
pub struct Phone {
    /// The wallet's client id; part of element ids.
    pub wallet: String,
    /// The wallet's name.
    pub name: String,
    /// Where it is licensed (ISO 3166-1 alpha-2).
    pub country: String,
    /// What the payer has. A wallet may let it go below zero.
    pub currency: Currency,
    /// In minor units.
    pub balance_minor: i128,
    /// How the wallet takes requests at present.
    pub mood: Mood,
    /// What the app shows.
    pub screen: Screen,
    /// What went wrong with the last thing that was asked for.
    pub trouble: Option<Trouble>,
    /// Payments of this payer, newest first.
    pub history: Vec<Receipt>,
}

/// How a wallet takes requests to debit: the ways it can be broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Asks its user, and does as it is told.
    Sound,
    /// Says no.
    Declines,
    /// Debits and answers after the network has stopped waiting.
    Late,
    /// Neither debits nor answers.
    Silent,
    /// Tells its result twice.
    Twice,
}

impl Mood {
    /// All of them, in the order of the buttons.
    pub const ALL: [Mood; 5] = [Mood::Sound, Mood::Declines, Mood::Late, Mood::Silent, Mood::Twice];

    /// The word of the form.
    pub fn word(self) -> &'static str {
        match self {
            Mood::Sound => "sound",
            Mood::Declines => "declines",
            Mood::Late => "late",
            Mood::Silent => "silent",
            Mood::Twice => "twice",
        }
    }
}

/// What a phone shows.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Balance, and the two ways to pay.
    Home,
    /// A payment code, for a till to scan.
    Code(ShownCode),
    /// The camera: codes of tills in sight, a picture, or text.
    Scan {
        /// Tills that show a code now: id and merchant.
        in_sight: Vec<(String, String)>,
    },
    /// A standing code without an amount: the payer says how much.
    Amount {
        /// Who is to be paid.
        merchant: String,
        /// In this currency.
        currency: Currency,
    },
    /// The price, before the payer agrees.
    Review(Price),
    /// The payer has agreed, or the wallet does without asking; the result is not there yet.
    Paying(Price),
    /// How it ended.
    Done(Receipt),
}

/// A code on a screen, as text and as a picture.
#[derive(Clone, Debug)]
pub struct ShownCode {
    /// What the symbol says, byte for byte.
    pub text: String,
    /// The digits under a payer's code; nothing under a merchant's.
    pub digits: Option<String>,
    /// The symbol as an SVG document.
    pub svg: String,
    /// Until when it can be used, unix milliseconds.
    pub until_ms: u64,
}

/// What a payment costs, before anybody agrees.
#[derive(Clone, Debug)]
pub struct Price {
    /// The network's number of the payment.
    pub payment: String,
    /// Who is paid.
    pub merchant: String,
    /// What the merchant receives.
    pub payee: Amount,
    /// What the payer pays, everything included.
    pub payer: Amount,
    /// Payer's units per unit of the payee's currency, as decimals; nothing when no currency is crossed.
    pub rate: Option<String>,
    /// Whose rate it is.
    pub provider: Option<String>,
    /// Every fee of this payment.
    pub fees: Vec<Fee>,
    /// Until when the rate holds, unix milliseconds.
    pub until_ms: u64,
}

/// One fee, and who bears it.
#[derive(Clone, Debug)]
pub struct Fee {
    /// Which.
    pub kind: FeeKind,
    /// Name of the member that pays it.
    pub from: String,
    /// Name of the member that gets it.
    pub to: String,
    /// How much.
    pub amount: Amount,
}

/// The fees there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FeeKind {
    /// Acquirer to wallet.
    Interchange,
    /// Acquirer to network.
    AcquirerNetwork,
    /// Wallet to network.
    WalletNetwork,
}

/// What both sides keep of a payment.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The network's number of the payment.
    pub payment: String,
    /// The other side: the merchant on a phone, the wallet at a till.
    pub other: String,
    /// What the merchant receives.
    pub payee: Amount,
    /// What the payer pays, once it is known.
    pub payer: Option<Amount>,
    /// As in [`Price`].
    pub rate: Option<String>,
    /// As in [`Price`].
    pub provider: Option<String>,
    /// When it ended, unix milliseconds.
    pub at_ms: u64,
    /// How.
    pub ending: Ending,
    /// The contract's result code as it was told on this side.
    pub result: String,
    /// What was given back, in the currency of this side; zero when nothing.
    pub refunded: Amount,
}

/// How a payment ended, for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Paid.
    Paid,
    /// Not paid: somebody said no.
    Declined,
    /// Taken back, or never to be taken.
    Cancelled,
    /// Nobody paid in time.
    Expired,
    /// Not known yet on this side.
    Unknown,
}

/// A till.
#[derive(Clone, Debug)]
pub struct Till {
    /// The acquirer's client id; part of element ids.
    pub acquirer: String,
    /// The acquirer's name.
    pub acquirer_name: String,
    /// The merchant's name.
    pub merchant: String,
    /// The store's name.
    pub store: String,
    /// The town, as it stands on receipts.
    pub city: String,
    /// What is charged.
    pub currency: Currency,
    /// A usual bill in minor units: what the amount field begins with.
    pub usual_minor: u64,
    /// What it shows.
    pub screen: TillScreen,
    /// Phones that show a code now: wallet's client id and name.
    pub in_sight: Vec<(String, String)>,
    /// What went wrong with the last thing that was asked for.
    pub trouble: Option<Trouble>,
    /// What was sold, newest first.
    pub sales: Vec<Sale>,
}

/// What a till shows.
#[derive(Clone, Debug)]
pub enum TillScreen {
    /// Amount, and the two ways to be paid.
    Home,
    /// A code for the order, for a phone to scan.
    Code {
        /// The code.
        code: ShownCode,
        /// What it asks for.
        amount: Amount,
    },
    /// Asked, and no result yet.
    Waiting {
        /// What was asked for.
        amount: Amount,
        /// Since when, unix milliseconds.
        since_ms: u64,
        /// The network could not be reached; the till goes on asking.
        unreachable: bool,
    },
    /// How it ended.
    Done(Receipt),
}

/// A sale in the till's journal.
#[derive(Clone, Debug)]
pub struct Sale {
    /// What the till keeps.
    pub receipt: Receipt,
    /// What can still be given back, in minor units of the till's currency; zero when nothing.
    pub refundable_minor: u64,
}

/// Why something was not done.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What happened, for people.
    pub kind: TroubleKind,
    /// The contract's result code or the technical reason; empty when there is none.
    pub detail: String,
}

/// The troubles there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TroubleKind {
    /// The network did not answer.
    NoAnswer,
    /// The network said no.
    Refused,
    /// A text or picture that holds no code.
    NoCode,
    /// A code that cannot be paid here.
    ForeignCode,
    /// No amount, or none that can be paid.
    BadAmount,
    /// The screen has moved on since.
    Outdated,
}

/// The network between them.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its process answers.
    pub up: bool,
    /// How often it was killed and started again since the demo began.
    pub restarts: u32,
    /// It will be killed as soon as the next payment's wallet has been asked.
    pub crash_armed: bool,
    /// Facts in the journal.
    pub facts: u64,
    /// Bytes of these facts since the demo began.
    pub bytes: u64,
    /// Payments in all, and how many of them are followed here. More come than are shown when a load runs.
    pub payments: u64,
    /// How many of them the page follows.
    pub followed: u64,
    /// Payments of the last second.
    pub payments_a_second: u32,
    /// Sum over all accounts, per currency: zero, always.
    pub sums: Vec<(Currency, i128)>,
    /// Payments that hold a reservation now.
    pub open: u64,
    /// Who sells currency.
    pub providers: Vec<Provider>,
}

/// An FX provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Client id.
    pub id: String,
    /// Name.
    pub name: String,
    /// It pushes rates.
    pub on: bool,
}

/// One line of the list of payments.
#[derive(Clone, Debug)]
pub struct Row {
    /// The network's number.
    pub payment: String,
    /// When it was opened, unix milliseconds.
    pub at_ms: u64,
    /// The wallet's name, once it is known.
    pub wallet: String,
    /// The merchant's name.
    pub merchant: String,
    /// What the merchant receives.
    pub payee: Amount,
    /// What the payer pays, once it is known.
    pub payer: Option<Amount>,
    /// How far it is.
    pub stage: Stage,
    /// Made on this page, not from outside.
    pub ours: bool,
}

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
