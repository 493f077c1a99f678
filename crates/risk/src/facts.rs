//! What is known of one payment when it is judged, and of what later became of it. Knows nothing of how payments
//! live: parties are keys, amounts are integers, time is an argument.

use crate::expression::{Kind, Schema};

/// What is known of one payment at the moment it is judged.
///
/// Parties are [`Key`]s; a party that is not known is [`Key::NONE`] and its windows read as never seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// The moment of judging, milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    /// Amount in minor units of the network's reference currency, so that corridors compare.
    pub amount_minor: i64,
    /// Amount in minor units of the payer's currency.
    pub paid_minor: i64,
    /// The payer's currency, ISO 4217 letters.
    pub currency: Key,
    /// The payer's reference at the wallet; must be unique across wallets.
    pub payer: Key,
    /// The merchant.
    pub merchant: Key,
    /// The terminal or till.
    pub terminal: Key,
    /// The device the wallet runs on.
    pub device: Key,
    /// The member that holds the payer.
    pub wallet: Key,
    /// The member that holds the merchant.
    pub acquirer: Key,
    /// Country where the payer is, ISO 3166 letters.
    pub payer_country: Key,
    /// Country of the merchant, ISO 3166 letters.
    pub merchant_country: Key,
    /// From where to where, [`Key::corridor`].
    pub corridor: Key,
    /// How it is paid (`qr`, `online`, `other`).
    pub channel: Key,
    /// Merchant class (MCC digits).
    pub merchant_class: Key,
    /// What screening says of payer and merchant.
    pub screening: Screening,
}

/// A party or code as sixty-four bits of its text: equal texts, equal keys, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(pub u64);

impl Key {
    /// Nobody: the fact is not known.
    pub const NONE: Self = Self(0);

    /// The key of a text; the empty text is [`Key::NONE`].
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.is_empty() { Self::NONE } else { Self(fold(SEED, text.as_bytes()).max(1)) }
    }

    /// The key of `from-to`, without making that text.
    #[must_use]
    pub fn corridor(from: &str, to: &str) -> Self {
        let mut text = [0u8; 32];
        let (from, to) = (from.as_bytes(), to.as_bytes());
        let length = from.len() + 1 + to.len();
        if length > text.len() {
            return Self::NONE;
        }
        text[..from.len()].copy_from_slice(from);
        text[from.len()] = b'-';
        text[from.len() + 1..length].copy_from_slice(to);
        Self(fold(SEED, &text[..length]).max(1))
    }

    /// The key of two parties together; nobody when either is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::NONE || other == Self::NONE {
            return Self::NONE;
        }
        Self(mix(self.0 ^ SEED, other.0.rotate_left(23) ^ STEP).max(1))
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xd6e8_feb8_6659_fd93;

/// Folds bytes eight at a time with a full-width product (the idea of wyhash).
fn fold(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = seed ^ (bytes.len() as u64).wrapping_mul(STEP);
    for chunk in bytes.chunks(8) {
        let mut word = [0u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = mix(state ^ u64::from_le_bytes(word), STEP);
    }
    mix(state, SEED)
}

fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left).wrapping_mul(u128::from(right));
    (product as u64) ^ ((product >> 64) as u64)
}

/// What screening knows of the payment's parties, cached by whoever holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Screening {
    /// Not screened against the current list: never a silent pass.
    #[default]
    Unknown = 0,
    /// Screened, no hit above the threshold, or cleared by two persons.
    Clear = 1,
    /// A hit that waits for a person.
    Possible = 2,
    /// A confirmed hit.
    Listed = 3,
}

/// What became of a payment; fed to the windows from journaled events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Event {
    /// It was paid.
    Paid = 0,
    /// It was declined or failed.
    Declined = 1,
    /// Somebody entitled to say so called it fraud. `Outcome::at_ms` is when they did.
    Fraud = 2,
    /// Somebody entitled to say so called it genuine.
    Genuine = 3,
    /// It was let through to be asked for; what becomes of it is not known yet.
    Asked = 4,
}

impl Event {
    /// The word used for it in filters.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::Fraud => "fraud",
            Self::Genuine => "genuine",
            Self::Asked => "asked",
        }
    }

    /// Every event, in order of its number.
    pub const ALL: [Self; 5] = [Self::Paid, Self::Declined, Self::Fraud, Self::Genuine, Self::Asked];
}

/// One journaled outcome of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// When it became known, milliseconds since 1970. A label counts from here, never from the payment's time.
    pub at_ms: i64,
    /// What became of the payment.
    pub event: Event,
    /// The facts it was judged by.
    pub facts: Facts,
}

/// How many slots the facts take; features follow.
pub const FACT_SLOTS: usize = FIELDS.len();

/// Names and kinds of the facts, as rules and filters see them, in slot order.
pub const FIELDS: [(&str, Kind); 20] = [
    ("at_ms", Kind::Int),
    ("amount_minor", Kind::Int),
    ("paid_minor", Kind::Int),
    ("currency", Kind::Text),
    ("payer", Kind::Text),
    ("merchant", Kind::Text),
    ("terminal", Kind::Text),
    ("device", Kind::Text),
    ("wallet", Kind::Text),
    ("acquirer", Kind::Text),
    ("payer_country", Kind::Text),
    ("merchant_country", Kind::Text),
    ("corridor", Kind::Text),
    ("channel", Kind::Text),
    ("merchant_class", Kind::Text),
    ("hour", Kind::Int),
    ("weekday", Kind::Int),
    ("event", Kind::Text),
    ("score_ppm", Kind::Int),
    ("screening", Kind::Int),
];

/// Slot of the event's word; only set while an outcome is observed.
pub(crate) const EVENT_SLOT: usize = 17;
/// Slot of the model's probability, parts per million; zero while features are read.
pub(crate) const SCORE_SLOT: usize = 18;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Facts {
    /// Writes the facts into their slots. Hours and weekdays are UTC; Monday is 0.
    pub fn write(&self, slots: &mut [i64]) {
        let day = self.at_ms.div_euclid(DAY_MS);
        let values: [i64; FACT_SLOTS] = [
            self.at_ms,
            self.amount_minor,
            self.paid_minor,
            self.currency.0 as i64,
            self.payer.0 as i64,
            self.merchant.0 as i64,
            self.terminal.0 as i64,
            self.device.0 as i64,
            self.wallet.0 as i64,
            self.acquirer.0 as i64,
            self.payer_country.0 as i64,
            self.merchant_country.0 as i64,
            self.corridor.0 as i64,
            self.channel.0 as i64,
            self.merchant_class.0 as i64,
            self.at_ms.rem_euclid(DAY_MS) / HOUR_MS,
            (day + 3).rem_euclid(7), // 1970-01-01 was a Thursday
            0,
            0,
            i64::from(self.screening as u8),
        ];
        slots[..FACT_SLOTS].copy_from_slice(&values);
    }

    /// The schema of the facts alone.
    #[must_use]
    pub fn schema() -> Schema {
        let mut schema = Schema::default();
        for (name, kind) in FIELDS {
            schema.add(name, kind);
        }
        schema
    }
}
