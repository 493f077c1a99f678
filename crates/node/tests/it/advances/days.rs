//! Days that pass in the journal of a network that is stopped: the engine turns as it would have at those times, with
//! sales of one merchant, and the network that is started again goes on from there.

use std::path::Path;

use directory::{MemberId, Time};
use engine::{Engine, Input, Reply, RiskAsked, Turn};
use journal::{Files, Journal, Options};
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use money::{Amount, Currency, Rate};
use switch::{CodeNumber, IssueCodes, Offer, Outcome, Pay, PayHow, Placed};

const DAY_MS: u64 = 86_400_000;
/// More than seven months, as the points table wants to see.
const DAYS: u64 = 215;

/// A network between two runs of its process.
struct Stopped {
    engine: Engine,
    journal: Journal<Files>,
    now: Time,
    codes: u64,
    wallet: MemberId,
    acquirer: MemberId,
}

/// Four sales a day for seven months.
pub(super) fn sell_for_months(directory: &Path) {
    let mut stopped = Stopped::open(directory);
    for day in 0..DAYS {
        for sale in 0..4 {
            stopped.sell(day * 7 + sale * 31, 20_000 + (day * 13 + sale * 997) % 3_000);
        }
        stopped.wait(DAY_MS);
    }
    stopped.close();
}

/// One sale, and as long as it takes until it can no longer be cancelled.
pub(super) fn sell_a_day(directory: &Path, minor: u64) {
    let mut stopped = Stopped::open(directory);
    stopped.sell(1, minor);
    stopped.wait(2 * DAY_MS);
    stopped.close();
}

impl Stopped {
    fn open(directory: &Path) -> Stopped {
        let options = Options { segment_bytes: 1 << 20, ..Options::default() };
        let found = runtime::recover(Files::at(directory.join("journal")), options, &mut |_, _| {});
        let found = found.unwrap_or_else(|fault| panic!("the journal is sound: {fault}"));
        let id = |client: &str| found.engine.directory().member_by_client(client).expect("a member").id;
        let (wallet, acquirer) = (id(WALLETS[0].client_id), id(ACQUIRERS[0].client_id));
        let provider = id(PROVIDERS[0].client_id);
        let (codes, now) = (found.engine.switch().len() as u64, found.engine.now());
        let mut stopped =
            Stopped { engine: found.engine, journal: found.journal, now, codes, wallet, acquirer };
        let of = |code: &str| Currency::parse(code).expect("a currency");
        let rate = Rate::parse(of("CNY"), of("PHP"), "8.1250").expect("a rate");
        let offer = Offer { rate, size_minor: u64::MAX, until: now.plus_ms(1 << 40) };
        stopped.turn(Input::Rates { provider, offers: vec![offer] });
        stopped.let_through();
        stopped
    }

    /// Amounts are what the test needs them to be: whatever is to be reviewed goes on.
    fn let_through(&mut self) {
        let policy = risk::NETWORK_POLICY.replace("held review decline", "held review approve");
        let change = risk::Change::Policy(policy);
        let proposed = self.turn(Input::Risk(RiskAsked::Propose { by: "ann".into(), change }));
        if let Reply::Risk(Some(proposal)) = proposed {
            self.turn(Input::Risk(RiskAsked::Confirm { by: "ben".into(), proposal }));
        }
    }

    fn turn(&mut self, input: Input) -> Reply {
        self.turn_with(vec![input]).remove(0)
    }

    fn turn_with(&mut self, inputs: Vec<Input>) -> Vec<Reply> {
        let mut turn = Turn::default();
        let journal = &mut self.journal;
        let mut log = |record: &[u8]| {
            journal.append(record).expect("there is room on the disk");
        };
        self.engine.turn(self.now, (0..).zip(inputs), &mut log, &mut turn);
        turn.replies.into_iter().map(|(_, reply)| reply).collect()
    }

    /// Lets time pass, with a turn whenever something is due.
    fn wait(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while let Some(due) = self.engine.next_due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.turn_with(Vec::new());
        }
        self.now = until;
        self.turn_with(Vec::new());
    }

    /// Nobody waits for an answer meanwhile: one sync is enough.
    fn close(mut self) {
        self.journal.commit().expect("there is room on the disk");
    }

    fn sell(&mut self, customer: u64, minor: u64) {
        self.codes += 1;
        let code = CodeNumber((1 << 40) + self.codes);
        let asked = IssueCodes {
            wallet: self.wallet,
            customer: format!("payer-{customer}").into(),
            device: None,
            count: 1,
            entropy: [code.0; 10],
        };
        let reply = self.turn(Input::Switch(switch::Input::IssueCodes(asked)));
        assert!(matches!(reply, Reply::Codes(..)), "{reply:?}");
        let prefix = WALLETS[0].code_prefix.parse().expect("six digits");
        let pay = Pay {
            acquirer: self.acquirer,
            request_id: format!("sale-{}", self.codes).into(),
            how: PayHow::PaymentCode { prefix, code },
            merchant: None,
            store: None,
            amount: Amount::new(Currency::parse("CNY").expect("a currency"), minor),
            settlement_currency: None,
            order_reference: "order".into(),
            order_description: "noodles".into(),
            notify_url: None,
            placed: Placed::default(),
            entropy: self.codes,
        };
        let reply = self.turn(Input::Switch(switch::Input::Pay(pay)));
        let Reply::Payment(payment) = reply else { panic!("{reply:?}") };
        let (wallet, payment) = (self.wallet, payment.id());
        let said = switch::Input::WalletSaid { wallet, payment, outcome: Outcome::Done };
        let reply = self.turn(Input::Switch(said));
        let sold = self.engine.switch().payment(payment).expect("it is there");
        assert_eq!(sold.stage, switch::Stage::Succeeded, "{reply:?}");
    }
}
