//! A network in one engine, its log in memory: what happens is written down with its time.

use std::collections::BTreeMap;

use directory::{Agreement, Change, Country, Limit, MemberId, Role, Time};
use money::{Amount, Currency, Rate, Share};
use switch::{
    CodeNumber, Confirm, Effect, IssueCodes, Offer, Outcome, Pay, PayHow, Payment, PaymentId, Reference,
    RefundAsked, Scan, ScanTarget,
};

use crate::{Engine, Funding, FundingKind, Input, Reply, RiskAsked, Turn};

/// Noon of the network's day (UTC+8), 2026-11-23.
pub(super) const BEGIN: Time = Time(1_795_406_400_000);
/// The wallet, FX provider and acquirer of the worked example.
pub(super) const W: MemberId = MemberId(1);
pub(super) const X: MemberId = MemberId(2);
pub(super) const A: MemberId = MemberId(3);
pub(super) const PREFIX: u32 = 251_001;
pub(super) const TOKEN: u64 = 4_711;

/// Agreed shares in parts per million.
#[derive(Clone, Copy)]
pub(super) struct Shares {
    pub(super) interchange: u32,
    pub(super) acquirer_fee: u32,
    pub(super) wallet_fee: u32,
}

/// Those of the worked example: 0.60 %, 0.10 %, 0.05 %.
pub(super) const EXAMPLE: Shares = Shares { interchange: 6_000, acquirer_fee: 1_000, wallet_fee: 500 };

pub(super) struct Network {
    pub(super) engine: Engine,
    pub(super) now: Time,
    pub(super) records: Vec<Vec<u8>>,
    /// What was asked of the outside: milliseconds since the beginning, and what.
    pub(super) asked: Vec<(u64, &'static str)>,
    pub(super) codes: u64,
    /// The payer, in the wallet's words.
    pub(super) payer: std::sync::Arc<str>,
    /// What the payer's wallet runs on, if it says so.
    pub(super) device: Option<std::sync::Arc<str>>,
    requests: u64,
}

pub(super) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(super) fn amount(code: &str, minor: u64) -> Amount {
    Amount::new(currency(code), minor)
}

pub(super) fn cny(minor: u64) -> Amount {
    amount("CNY", minor)
}

impl Network {
    pub(super) fn empty() -> Network {
        let engine = Engine::new();
        Network {
            engine,
            now: BEGIN,
            records: Vec::new(),
            asked: Vec::new(),
            codes: 0,
            payer: "juan".into(),
            device: None,
            requests: 0,
        }
    }

    /// W has prefunded PHP 10,000.00, X CNY 10,000.00, A nothing.
    pub(super) fn example() -> Network {
        let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
        network.deposit(W, amount("PHP", 1_000_000));
        network.deposit(X, cny(1_000_000));
        network
    }

    /// W pays in one currency, A is paid in another, X stands between; nobody has funds.
    pub(super) fn of(payee: &str, payer: &str, price: &str, shares: Shares) -> Network {
        let mut network = Network::empty();
        network.member(Role::Wallet, Some(PREFIX), &[payer], shares);
        network.member(Role::FxProvider, None, &[payee, payer], shares);
        network.member(Role::Acquirer, None, &[payee], shares);
        network.merchant(A);
        network.lets_through_what_is_reviewed();
        if payee != payer {
            network.offer(X, Rate::parse(currency(payee), currency(payer), price).unwrap());
        }
        network
    }

    pub(super) fn member(
        &mut self,
        role: Role,
        prefix: Option<u32>,
        codes: &[&str],
        shares: Shares,
    ) -> MemberId {
        let id = MemberId(u32::try_from(self.engine.directory().members().count()).unwrap() + 1);
        self.change(Change::MemberAdded {
            client_id: format!("member-{}", id.0).into(),
            role,
            name: "Member".into(),
            country: Country::parse("CN").unwrap(),
            endpoint: None,
            code_prefix: prefix,
        });
        let (interchange, network_fee) = match role {
            Role::Acquirer => (shares.interchange, shares.acquirer_fee),
            Role::Wallet => (0, shares.wallet_fee),
            Role::FxProvider => (0, 0),
        };
        let limit = |code: &&str| Limit {
            currency: currency(code),
            payment_min_minor: 1,
            payment_max_minor: money::MINOR_MAX,
        };
        let mut limits: Vec<Limit> = codes.iter().map(limit).collect();
        limits.dedup();
        let agreement = Agreement {
            from: self.now,
            limits,
            settlement_currency: currency(codes[0]),
            interchange: Share::from_ppm(interchange).unwrap(),
            network_fee: Share::from_ppm(network_fee).unwrap(),
        };
        self.change(Change::AgreementAdded { member: id, agreement });
        id
    }

    pub(super) fn merchant(&mut self, acquirer: MemberId) {
        self.change(Change::MerchantAdded {
            acquirer,
            reference: "M-1".into(),
            name: "Noodles".into(),
            category: 5812,
            country: Country::parse("CN").unwrap(),
            city: "SHANGHAI".into(),
        });
    }

    /// Amounts are what a test needs them to be: whatever is to be reviewed goes on.
    fn lets_through_what_is_reviewed(&mut self) {
        let policy = risk::NETWORK_POLICY.replace("held review decline", "held review approve");
        self.publish(risk::Change::Policy(policy));
    }

    pub(super) fn risk(&mut self, asked: RiskAsked) -> Reply {
        self.one(Input::Risk(asked))
    }

    /// A change by two persons.
    pub(super) fn publish(&mut self, change: risk::Change) {
        let Reply::Risk(Some(proposal)) = self.risk(RiskAsked::Propose { by: "ann".into(), change }) else {
            panic!("the change was refused")
        };
        let confirmed = self.risk(RiskAsked::Confirm { by: "ben".into(), proposal });
        assert_eq!(confirmed, Reply::Risk(None));
    }

    pub(super) fn change(&mut self, change: Change) {
        assert_eq!(self.one(Input::Change(change)), Reply::Changed);
    }

    pub(super) fn offer(&mut self, provider: MemberId, rate: Rate) {
        let offer = Offer { rate, size_minor: u64::MAX, until: self.now.plus_ms(1_000_000_000_000) };
        self.one(Input::Rates { provider, offers: vec![offer] });
    }

    pub(super) fn fund(&mut self, kind: FundingKind, member: MemberId, amount: Amount) -> Reply {
        self.requests += 1;
        let request_id = format!("fund-{}", self.requests).into();
        self.one(Input::Fund(Funding { kind, request_id, member, amount, number: 0 }))
    }

    pub(super) fn deposit(&mut self, member: MemberId, amount: Amount) {
        assert_eq!(self.fund(FundingKind::Deposit, member, amount), Reply::Done);
    }

    /// One turn with these inputs; every invariant is checked after it.
    pub(super) fn turn(&mut self, inputs: Vec<Input>) -> Vec<Reply> {
        let mut turn = Turn::default();
        let records = &mut self.records;
        let log = &mut |record: &[u8]| records.push(record.to_vec());
        self.engine.turn(self.now, (0..).zip(inputs), log, &mut turn);
        self.engine.check().unwrap();
        let at = self.now.since_ms(BEGIN);
        self.asked.extend(turn.effects.iter().map(|effect| (at, effect_name(effect))));
        turn.replies.into_iter().map(|(_, reply)| reply).collect()
    }

    pub(super) fn one(&mut self, input: Input) -> Reply {
        self.turn(vec![input]).remove(0)
    }

    pub(super) fn switch(&mut self, input: switch::Input) -> Reply {
        self.one(Input::Switch(input))
    }

    /// Lets time pass, with a turn whenever something is due.
    pub(super) fn wait(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while let Some(due) = self.engine.next_due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.turn(Vec::new());
            let next = self.engine.next_due();
            assert!(next.is_none_or(|next| next > self.now), "what was due has been looked at");
        }
        self.now = until;
    }

    /// The same network after a crash: its log read back, ready for the next turn.
    pub(super) fn restarted(&self) -> Network {
        let (codes, requests) = (self.codes, self.requests);
        Network { codes, requests, ..Network::read_back(&self.records, self.now) }
    }

    /// A network from a log, or from the beginning of one.
    pub(super) fn read_back(records: &[Vec<u8>], now: Time) -> Network {
        let mut network = Network { now, records: records.to_vec(), ..Network::empty() };
        records.iter().for_each(|record| network.engine.replay(record).unwrap());
        network.engine.resume();
        network
    }

    pub(super) fn payment(&self, id: PaymentId) -> &Payment {
        self.engine.switch().payment(id).unwrap()
    }

    /// A payment code of W's payer.
    pub(super) fn code(&mut self) -> CodeNumber {
        self.codes += 1;
        let asked = IssueCodes {
            wallet: W,
            customer: self.payer.clone(),
            device: self.device.clone(),
            count: 1,
            entropy: [self.codes; 10],
        };
        assert!(matches!(self.switch(switch::Input::IssueCodes(asked)), Reply::Codes(..)));
        CodeNumber(self.codes)
    }

    /// A payment by a fresh code: whatever the network makes of it.
    pub(super) fn ask(&mut self, minor: u64) -> Reply {
        let code = self.code();
        let how = PayHow::PaymentCode { prefix: PREFIX, code };
        let currency = self.engine.directory().agreement(A, self.now).unwrap().settlement_currency;
        let pay = pay(&format!("pay-{}", code.0), how, Amount::new(currency, minor));
        self.switch(switch::Input::Pay(pay))
    }

    /// A payment that has been sent to the wallet.
    pub(super) fn sent(&mut self, minor: u64) -> PaymentId {
        match self.ask(minor) {
            Reply::Payment(payment) if payment.stage == switch::Stage::Sent => payment.id(),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn said(&mut self, payment: PaymentId, outcome: Outcome) -> Reply {
        self.switch(switch::Input::WalletSaid { wallet: W, payment, outcome })
    }

    pub(super) fn paid(&mut self, minor: u64) -> PaymentId {
        let payment = self.sent(minor);
        self.said(payment, Outcome::Done);
        payment
    }

    pub(super) fn cancel(&mut self, payment: PaymentId) -> Reply {
        self.switch(switch::Input::Cancel { acquirer: A, reference: Reference::Payment(payment) })
    }

    pub(super) fn refund(&mut self, payment: PaymentId, minor: u64) -> Reply {
        self.requests += 1;
        let request_id = format!("refund-{}", self.requests).into();
        let amount = Amount { minor, ..self.payment(payment).opened.amount };
        let reference = Reference::Payment(payment);
        self.switch(switch::Input::Refund(RefundAsked { acquirer: A, reference, request_id, amount }))
    }

    /// A refund that the wallet answered; returns R1 to R4 in minor units.
    pub(super) fn refunded(&mut self, payment: PaymentId, minor: u64, outcome: Outcome) -> [u64; 4] {
        let Reply::Refund(_, refund) = self.refund(payment, minor) else { panic!("the refund was refused") };
        self.switch(switch::Input::RefundSaid { payment, refund, outcome });
        let refund = &self.payment(payment).refunds[usize::from(refund)];
        [refund.amount, refund.payer_amount, refund.interchange, refund.interchange_payer]
            .map(|amount| amount.minor)
    }

    /// An order scanned by W's payer.
    pub(super) fn scanned(&mut self, minor: u64) -> PaymentId {
        self.requests += 1;
        let order = pay(
            &format!("order-{}", self.requests),
            PayHow::OrderCode { expires: None },
            amount("CNY", minor),
        );
        let Reply::Payment(payment) = self.switch(switch::Input::Pay(order)) else { panic!() };
        let target = ScanTarget::Order { payment: payment.id(), token: TOKEN };
        let scan =
            Scan { wallet: W, customer: self.payer.clone(), device: self.device.clone(), target, entropy: 0 };
        self.switch(switch::Input::Scan(scan));
        payment.id()
    }

    pub(super) fn confirm(&mut self, payment: PaymentId) -> Reply {
        self.switch(switch::Input::Confirm(Confirm { wallet: W, payment, quote: None }))
    }

    /// Who stands where because of payments, and what is held: `PHP W -808.03, X +807.62, N +0.41; CNY …`.
    pub(super) fn standing(&self) -> String {
        let mut currencies: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut positions = self.engine.positions();
        positions.sort_by_key(|position| (position.member == MemberId::NETWORK, position.member));
        for position in positions {
            let name = match position.member {
                W => "W".into(),
                X => "X".into(),
                A => "A".into(),
                MemberId::NETWORK => "N".into(),
                MemberId(other) => format!("{other}"),
            };
            let major = |minor: u128| Amount::new(position.currency, u64::try_from(minor).unwrap()).major();
            let line = currencies.entry(position.currency.code()).or_default();
            if position.net_minor != 0 {
                let sign = if position.net_minor > 0 { '+' } else { '-' };
                line.push(format!("{name} {sign}{}", major(position.net_minor.unsigned_abs())));
            }
            if position.reserved_minor != 0 {
                line.push(format!("{name} holds {}", major(position.reserved_minor)));
            }
        }
        let lines = currencies.into_iter().filter(|(_, line)| !line.is_empty());
        lines.map(|(code, line)| format!("{code} {}", line.join(", "))).collect::<Vec<_>>().join("; ")
    }
}

pub(super) fn pay(request_id: &str, how: PayHow, amount: Amount) -> Pay {
    Pay {
        acquirer: A,
        request_id: request_id.into(),
        how,
        merchant: None,
        store: None,
        amount,
        settlement_currency: None,
        order_reference: "order".into(),
        order_description: "noodles".into(),
        notify_url: Some("https://acquirer.example/notify".into()),
        placed: switch::Placed::default(),
        entropy: TOKEN,
    }
}

fn effect_name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Judge(_) => "Judge",
        Effect::Reserve(_) => "Reserve",
        Effect::AskToPay(_) => "AskToPay",
        Effect::AskWhatBecame(_) => "AskWhatBecame",
        Effect::AskToCancel(_) => "AskToCancel",
        Effect::AskToRefund(..) => "AskToRefund",
        Effect::TellResult(_) => "TellResult",
    }
}
