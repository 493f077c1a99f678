//! The engine alone, on one core: codes, payments and wallets' answers through decide, apply and a journal of real files
//! with one sync a turn. No sockets, no signatures, no JSON.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use directory::{Agreement, Change, Country, Limit, MemberId, Role, Time};
use engine::{Engine, Funding, FundingKind, Input, Token, Turn};
use journal::{Files, Journal, Options};
use money::{Amount, Currency, Rate, Share};
use serde_json::{Value, json};
use switch::{CodeNumber, IssueCodes, Offer, Outcome, Pay, PayHow, PaymentId};

use super::process;

const BEGIN: Time = Time(1_795_363_200_000);
const WALLET: MemberId = MemberId(1);
const ACQUIRER: MemberId = MemberId(2);
const PROVIDER: MemberId = MemberId(3);
const PREFIX: u32 = 251_001;
const FUNDS: u64 = 9_000_000_000_000_000;
/// Payments of one turn: what waits while a sync is under way.
const BATCH: u64 = 500;

/// What was measured.
pub(crate) struct Alone {
    payments: u64,
    seconds: f64,
    cpu_us: u64,
    bytes: u64,
}

#[allow(clippy::float_arithmetic, reason = "a measurement, not money")]
impl Alone {
    fn per_second(&self) -> f64 {
        self.payments as f64 / self.seconds
    }

    fn cpu_us_each(&self) -> f64 {
        self.cpu_us as f64 / self.payments as f64
    }

    pub(crate) fn line(&self) -> String {
        format!(
            "{:.0} payments/s ({:.0} per second of processor time; aim 200000), {:.2} CPU µs and {} journal bytes each",
            self.per_second(),
            1_000_000.0 / self.cpu_us_each(),
            self.cpu_us_each(),
            self.bytes / self.payments
        )
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "payments": self.payments,
            "paymentsPerSecond": self.per_second(),
            "cpuMicrosecondsPerPayment": self.cpu_us_each(),
            "journalBytesPerPayment": self.bytes / self.payments,
        })
    }
}

/// Measures with so many payments, in a temporary directory.
pub(crate) fn measure(payments: u64) -> anyhow::Result<Alone> {
    let directory = std::env::temp_dir().join(format!("sojourn-engine-{}", std::process::id()));
    let (mut journal, _) = Journal::open(Files::at(&directory), Options::default())?;
    let mut engine = Engine::new();
    let mut turn = Turn::default();
    let mut bytes = 0;
    let mut one = |now: Time, inputs: Vec<Input>, turn: &mut Turn| -> anyhow::Result<u64> {
        turn.clear();
        let mut refused = None;
        let log = &mut |record: &[u8]| refused = refused.take().or(journal.append(record).err());
        let inputs = inputs.into_iter().enumerate().map(|(token, input)| (token as Token, input));
        engine.turn(now, inputs, log, turn);
        match refused {
            Some(error) => Err(error.into()),
            None => Ok(journal.commit()?.bytes),
        }
    };
    one(BEGIN, members()?, &mut turn)?;
    one(BEGIN.plus_ms(1), funds()?, &mut turn)?;
    let (mut in_engine, mut cpu_us, mut now) = (std::time::Duration::ZERO, 0, BEGIN.plus_ms(2));
    let (mut made, mut random) = (0, fastrand::Rng::with_seed(1));
    while made < payments {
        let batch = BATCH.min(payments - made);
        let (codes, pays, answers) = inputs(made, batch, &mut random)?;
        let (begun, before) = (Instant::now(), process::cpu_us(std::process::id())?);
        for inputs in [codes, pays, answers] {
            now = now.plus_ms(1);
            bytes += one(now, inputs, &mut turn)?;
        }
        in_engine += begun.elapsed();
        cpu_us += process::cpu_us(std::process::id())? - before;
        made += batch;
    }
    let succeeded = engine.switch().payments().filter(|payment| payment.commit.is_some()).count() as u64;
    drop(journal);
    std::fs::remove_dir_all(&directory).with_context(|| format!("removing {}", directory.display()))?;
    if succeeded != payments {
        bail!("{succeeded} of {payments} payments succeeded");
    }
    engine.check()?;
    Ok(Alone { payments, seconds: in_engine.as_secs_f64(), cpu_us, bytes })
}

type Inputs = Vec<Input>;

/// Codes for `count` payments, the payments with them, and the wallet's answers.
fn inputs(first: u64, count: u64, random: &mut fastrand::Rng) -> anyhow::Result<(Inputs, Inputs, Inputs)> {
    let currency = Currency::parse("CNY")?;
    let (mut codes, mut pays, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for number in (first..first + count).step_by(10) {
        let tens = 10.min(first + count - number);
        let mut entropy = [0; 10];
        // Numbers that are never the same: a code that collides is given another number.
        (0..tens)
            .for_each(|place| entropy[place as usize] = (number + place) * 1_000_003 + random.u64(0..1_000));
        codes.push(Input::Switch(switch::Input::IssueCodes(IssueCodes {
            wallet: WALLET,
            customer: Arc::from("user-1"),
            device: None,
            count: tens as u8,
            entropy,
        })));
        for place in 0..tens {
            let id = number + place + 1;
            pays.push(Input::Switch(switch::Input::Pay(Pay {
                acquirer: ACQUIRER,
                request_id: Arc::from(format!("LOAD-{id:012}").as_str()),
                how: PayHow::PaymentCode { prefix: PREFIX, code: CodeNumber(entropy[place as usize]) },
                merchant: Some(Arc::from("M-1")),
                store: None,
                amount: Amount::new(currency, 2_000 + id % 8_000),
                settlement_currency: None,
                order_reference: Arc::from(format!("ORDER-{id:012}").as_str()),
                order_description: Arc::from("Noodles, large, and tea"),
                notify_url: None,
                placed: switch::Placed::default(),
                entropy: id,
            })));
            let (payment, outcome) = (PaymentId(id), Outcome::Done);
            answers.push(Input::Switch(switch::Input::WalletSaid { wallet: WALLET, payment, outcome }));
        }
    }
    Ok((codes, pays, answers))
}

fn members() -> anyhow::Result<Vec<Input>> {
    let country = Country::parse("CN").context("a country")?;
    let member = |client_id: &str, role, code_prefix| {
        let (client_id, name) = (Arc::from(client_id), Arc::from(client_id));
        Input::Change(Change::MemberAdded { client_id, role, name, country, endpoint: None, code_prefix })
    };
    let terms = |member, codes: &[&str], interchange: &str| -> anyhow::Result<Input> {
        let limits = codes.iter().map(|code| {
            Ok(Limit { currency: Currency::parse(code)?, payment_min_minor: 1, payment_max_minor: FUNDS })
        });
        let agreement = Agreement {
            from: BEGIN,
            limits: limits.collect::<Result<_, money::Error>>()?,
            settlement_currency: Currency::parse(codes[0])?,
            interchange: Share::parse_percent(interchange)?,
            network_fee: Share::parse_percent("0.05")?,
        };
        Ok(Input::Change(Change::AgreementAdded { member, agreement }))
    };
    Ok(vec![
        member("WALLET", Role::Wallet, Some(PREFIX)),
        member("ACQUIRER", Role::Acquirer, None),
        member("PROVIDER", Role::FxProvider, None),
        terms(WALLET, &["PHP"], "0")?,
        terms(ACQUIRER, &["CNY"], "0.60")?,
        terms(PROVIDER, &["CNY", "PHP"], "0")?,
        Input::Change(Change::MerchantAdded {
            acquirer: ACQUIRER,
            reference: Arc::from("M-1"),
            name: Arc::from("Noodles"),
            category: 5812,
            country,
            city: Arc::from("SHANGHAI"),
        }),
    ])
}

fn funds() -> anyhow::Result<Vec<Input>> {
    let deposit = |member, code: &str| -> anyhow::Result<Input> {
        let request_id = Arc::from(format!("fund-{code}").as_str());
        let amount = Amount::new(Currency::parse(code)?, FUNDS);
        Ok(Input::Fund(Funding { kind: FundingKind::Deposit, request_id, member, amount, number: 0 }))
    };
    let rate = Rate::parse(Currency::parse("CNY")?, Currency::parse("PHP")?, "8.1250")?;
    let offer = Offer { rate, size_minor: u64::MAX, until: BEGIN.plus_ms(86_400_000) };
    let rates = Input::Rates { provider: PROVIDER, offers: vec![offer] };
    Ok(vec![deposit(WALLET, "PHP")?, deposit(PROVIDER, "CNY")?, rates])
}
