//! A small network to decide in: two Philippine wallets and a Chinese one, a Chinese acquirer, two FX providers.

use std::sync::Arc;

use directory::{Agreement, Change, Country, Directory, Limit, MemberId, Role, Standing, Store, Time};
use ledger::{Book, Ledger};
use money::{Amount, Currency, Rate, Share};

use crate::funds::{self, Purpose};
use crate::payment::{CodeNumber, Decline, Payment, PaymentId, Placed};
use crate::{
    Confirm, Context, Effect, Event, Input, IssueCodes, Judged, Moment, Offer, Outcome, Pay, PayHow, Rates,
    Reference, RefundAsked, Refusal, Scan, ScanTarget, Switch, postings,
};

/// Midnight of the network's day (UTC+8), 2026-11-23.
pub(super) const MIDNIGHT: Time = Time(1_795_363_200_000);
/// Noon of that day.
pub(super) const NOON: Time = Time(MIDNIGHT.0 + 12 * 3_600_000);

pub(super) const WALLET: MemberId = MemberId(1);
pub(super) const OTHER_WALLET: MemberId = MemberId(2);
pub(super) const ACQUIRER: MemberId = MemberId(3);
pub(super) const PROVIDER: MemberId = MemberId(4);
pub(super) const OTHER_PROVIDER: MemberId = MemberId(5);
pub(super) const HOME_WALLET: MemberId = MemberId(6);
pub(super) const PREFIX: u32 = 251_001;
pub(super) const OTHER_PREFIX: u32 = 251_002;
pub(super) const TOKEN: u64 = 77;

pub(super) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(super) fn cny(minor: u64) -> Amount {
    Amount::new(currency("CNY"), minor)
}

pub(super) fn rate(price: &str) -> Rate {
    Rate::parse(currency("CNY"), currency("PHP"), price).unwrap()
}

pub(super) struct World {
    pub(super) now: Time,
    pub(super) directory: Directory,
    pub(super) rates: Rates,
    pub(super) book: Book,
    pub(super) switch: Switch,
    pub(super) asked: Vec<Effect>,
    /// What risk control refuses every payment for.
    pub(super) refuses: Option<Decline>,
    commit: u64,
}

impl World {
    /// Everybody has funds; one offer of 8.1250 stands.
    pub(super) fn new() -> World {
        let mut world = World {
            now: NOON,
            directory: Directory::default(),
            rates: Rates::default(),
            book: Book::new(),
            switch: Switch::default(),
            asked: Vec::new(),
            refuses: None,
            commit: 0,
        };
        world.member("wallet-ph", Role::Wallet, Some(PREFIX), &["PHP"]);
        world.member("wallet-ph-2", Role::Wallet, Some(OTHER_PREFIX), &["PHP"]);
        world.member("acquirer-cn", Role::Acquirer, None, &["CNY"]);
        world.member("fx-1", Role::FxProvider, None, &["CNY", "PHP"]);
        world.member("fx-2", Role::FxProvider, None, &["CNY", "PHP"]);
        world.member("wallet-cn", Role::Wallet, Some(251_006), &["CNY"]);
        world.merchant("M-1");
        let store = Store { reference: "S-1".into(), name: "Bund".into(), terminals: vec![] };
        world.change(Change::StoreSet { merchant: directory::MerchantId(1), store });
        for member in [WALLET, OTHER_WALLET, PROVIDER, OTHER_PROVIDER] {
            world.fund(member, Amount::new(currency("PHP"), 10_000_000));
        }
        for member in [PROVIDER, OTHER_PROVIDER, HOME_WALLET] {
            world.fund(member, cny(10_000_000));
        }
        world.offer(PROVIDER, "8.1250", 100_000_000, 24 * 3_600_000);
        world
    }

    fn member(&mut self, client_id: &str, role: Role, code_prefix: Option<u32>, currencies: &[&str]) {
        self.change(Change::MemberAdded {
            client_id: client_id.into(),
            role,
            name: client_id.into(),
            country: Country::parse("PH").unwrap(),
            endpoint: None,
            code_prefix,
        });
        let member = self.directory.member_by_client(client_id).unwrap().id;
        let (interchange, network_fee) = match role {
            Role::Acquirer => (6_000, 1_000),
            Role::Wallet => (0, 500),
            Role::FxProvider => (0, 0),
        };
        let limit = |code: &&str| Limit {
            currency: currency(code),
            payment_min_minor: 1,
            payment_max_minor: 50_000_000,
        };
        let agreement = Agreement {
            from: self.now,
            limits: currencies.iter().map(limit).collect(),
            settlement_currency: currency(currencies[0]),
            interchange: Share::from_ppm(interchange).unwrap(),
            network_fee: Share::from_ppm(network_fee).unwrap(),
        };
        self.change(Change::AgreementAdded { member, agreement });
        for code in currencies {
            let accounts = [
                funds::account(member, currency(code), Purpose::Position),
                funds::account(member, currency(code), Purpose::CreditLine),
                funds::account(MemberId::NETWORK, currency(code), Purpose::Position),
                funds::account(MemberId::NETWORK, currency(code), Purpose::Bank),
            ];
            self.book.create_accounts(self.now.as_ns(), &accounts, &mut Vec::new());
        }
    }

    pub(super) fn merchant(&mut self, reference: &str) {
        self.change(Change::MerchantAdded {
            acquirer: ACQUIRER,
            reference: reference.into(),
            name: "Noodles".into(),
            category: 5812,
            country: Country::parse("CN").unwrap(),
            city: "SHANGHAI".into(),
        });
    }

    pub(super) fn change(&mut self, change: Change) {
        self.directory.check(self.now, &change).unwrap();
        self.directory.apply(&change);
    }

    pub(super) fn suspend(&mut self, member: MemberId) {
        self.change(Change::StandingSet { member, standing: Standing::Suspended });
    }

    pub(super) fn fund(&mut self, member: MemberId, amount: Amount) {
        let deposit = ledger::Transfer {
            id: (1 << 100) + self.book.transfers_len() as u128,
            debit_account_id: funds::account_id(MemberId::NETWORK, amount.currency, Purpose::Bank),
            credit_account_id: funds::account_id(member, amount.currency, Purpose::Position),
            amount: u128::from(amount.minor),
            ledger: u32::from(amount.currency.numeric()),
            code: funds::Reason::Funding as u16,
            ..ledger::Transfer::default()
        };
        let mut statuses = Vec::new();
        self.book.create_transfers(self.now.as_ns(), &[deposit], &mut statuses);
        assert_eq!(statuses, [ledger::TransferStatus::Created]);
    }

    pub(super) fn offer(&mut self, provider: MemberId, price: &str, size_minor: u64, lifetime_ms: u64) {
        let until = self.now.plus_ms(lifetime_ms);
        self.rates.push(provider, Offer { rate: rate(price), size_minor, until });
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.now = self.now.plus_ms(ms);
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { now: self.now, directory: &self.directory, rates: &self.rates, book: &self.book }
    }

    /// What would become true. Changes nothing.
    pub(super) fn decide(&self, input: &Input) -> Result<Vec<Event>, Refusal> {
        self.switch.decide(&self.context(), input)
    }

    /// Decides, makes it true, and lets the book answer.
    pub(super) fn take(&mut self, input: &Input) -> Result<Vec<Event>, Refusal> {
        let mut events = self.decide(input)?;
        events.iter().for_each(|event| self.apply(event));
        let Some(id) = events.iter().find_map(Event::payment) else { return Ok(events) };
        let mut effects = Vec::new();
        self.switch.take_effects(id, self.now, &mut effects);
        for effect in effects {
            let answer = match effect {
                Effect::Judge(payment) => Input::Judged { payment, judged: judged(self.refuses) },
                Effect::Reserve(payment) => {
                    let shortage = postings::shortage(self.payment(id), &self.book);
                    Input::Funded { payment, shortage }
                }
                effect => {
                    self.asked.push(effect);
                    continue;
                }
            };
            events.extend(self.take(&answer).unwrap());
        }
        Ok(events)
    }

    /// Makes one fact true without asking what follows from it.
    pub(super) fn apply(&mut self, event: &Event) {
        self.commit += 1;
        if let Some(payment) = event.payment().and_then(|id| self.switch.payment(id)) {
            let mut transfers = Vec::new();
            postings::of_event(payment, event, &self.book, &mut transfers);
            let mut statuses = Vec::new();
            self.book.create_transfers(self.now.as_ns(), &transfers, &mut statuses);
            assert!(statuses.iter().all(|status| status.is_in_effect()), "{statuses:?}");
            if let Event::Quoted { terms, .. } = event {
                self.rates.take(&terms.quote, terms.payer_amount);
            }
        }
        self.switch.apply(Moment { at: self.now, commit: self.commit }, event);
        assert!(self.book.is_balanced());
    }

    pub(super) fn payment(&self, id: PaymentId) -> &Payment {
        self.switch.payment(id).unwrap()
    }

    /// A fresh code of the first wallet's payer.
    pub(super) fn code(&mut self) -> CodeNumber {
        let asked = issue(WALLET, 1, 1_000_000 + self.commit);
        match &self.take(&asked).unwrap()[..] {
            [Event::CodesIssued { codes, .. }] => codes[0],
            other => panic!("{other:?}"),
        }
    }

    /// A payment by a fresh code, sent to the wallet.
    pub(super) fn paid_by_code(&mut self, request_id: &str, amount: Amount) -> PaymentId {
        let code = self.code();
        let events = self.take(&Input::Pay(by_code(request_id, PREFIX, code, amount))).unwrap();
        events[0].payment().unwrap()
    }

    /// An order that waits for a payer.
    pub(super) fn ordered(&mut self, request_id: &str, amount: Amount) -> PaymentId {
        let events = self.take(&Input::Pay(order(request_id, amount))).unwrap();
        events[0].payment().unwrap()
    }
}

pub(super) fn issue(wallet: MemberId, count: u8, first: u64) -> Input {
    let entropy = std::array::from_fn(|index| first + index as u64);
    Input::IssueCodes(IssueCodes { wallet, customer: "juan".into(), device: None, count, entropy })
}

pub(super) fn order(request_id: &str, amount: Amount) -> Pay {
    Pay {
        acquirer: ACQUIRER,
        request_id: request_id.into(),
        how: PayHow::OrderCode { expires: None },
        merchant: Some("M-1".into()),
        store: Some("S-1".into()),
        amount,
        settlement_currency: Some(currency("CNY")),
        order_reference: "order".into(),
        order_description: "noodles".into(),
        notify_url: Some("https://acquirer.example/notify".into()),
        placed: Placed::default(),
        entropy: TOKEN,
    }
}

pub(super) fn by_code(request_id: &str, prefix: u32, code: CodeNumber, amount: Amount) -> Pay {
    Pay { how: PayHow::PaymentCode { prefix, code }, ..order(request_id, amount) }
}

pub(super) fn scan(wallet: MemberId, payment: PaymentId, token: u64) -> Scan {
    let target = ScanTarget::Order { payment, token };
    Scan { wallet, customer: "juan".into(), device: None, target, entropy: 1 }
}

pub(super) fn confirm(wallet: MemberId, payment: PaymentId, quote: Option<u32>) -> Input {
    Input::Confirm(Confirm { wallet, payment, quote })
}

pub(super) fn said(payment: PaymentId, outcome: Outcome) -> Input {
    Input::WalletSaid { wallet: WALLET, payment, outcome }
}

pub(super) fn cancel(request_id: &str) -> Input {
    Input::Cancel { acquirer: ACQUIRER, reference: Reference::Request(request_id.into()) }
}

pub(super) fn refund(request_id: &str, payment: PaymentId, amount: Amount) -> Input {
    let (request_id, reference) = (Arc::from(request_id), Reference::Payment(payment));
    Input::Refund(RefundAsked { acquirer: ACQUIRER, reference, request_id, amount })
}

/// The names of facts, as `Reserved + Sent`, or the refusal after an exclamation mark.
pub(super) fn told(decided: Result<Vec<Event>, Refusal>) -> String {
    let name = |event: &Event| {
        let text = format!("{event:?}");
        text.split([' ', '(']).next().unwrap().to_owned()
    };
    match decided {
        Ok(events) if events.is_empty() => "-".into(),
        Ok(events) => events.iter().map(name).collect::<Vec<_>>().join(" + "),
        Err(refusal) => format!("! {refusal:?}"),
    }
}

/// A verdict that lets a payment go on, or does not.
pub(super) fn judged(refused: Option<Decline>) -> Arc<Judged> {
    let (facts, verdict) = (risk::Facts::default(), risk::Verdict::default());
    Arc::new(Judged { facts, verdict, refused, case: None })
}
