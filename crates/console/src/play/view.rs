//! What the playground shows, as plain values: phones, tills, the network between them and one payment from hop to
//! hop. Who fills them in knows the network; who draws them knows only these.

mod life;

use money::{Amount, Currency};
use switch::Stage;

pub use life::*;

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
