//! A supervisor's figures: counted as events come, and the same from a state whose events are not there.

use receivables::state::DAY_MS;
use receivables::transaction::{
    CertificateRef, ExpireLock, Offer, Pay, Payer, PostRate, RateBand, SettleLock, TakeOffer, Transaction,
};

use super::*;
use crate::cast::{BUYER, HARBOUR, NETWORK, PROGRAMME, currency};

const FACE: u64 = 300_000;
const FEE: u64 = 500;

type Asked = (Hash, Vec<u8>);

impl Two {
    fn ask(&mut self, signer: &Signer, wish: Transaction) {
        let asked = signer.ask(self.proposer.chain(), self.now_ms, wish, &[], Vec::new());
        self.done(&asked);
    }

    fn by(&mut self, member: u32, wish: Transaction) {
        let signer = self.cast.member(member);
        let asked = signer.ask(self.proposer.chain(), self.now_ms, wish, &[], Vec::new());
        self.done(&asked);
    }

    fn done(&mut self, asked: &Asked) {
        let outcome = self.settle(asked);
        assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    }

    fn accepted(&mut self, supplier: &Signer, invoice: &str) -> Hash {
        let (chain, now_ms) = (*self.proposer.chain(), self.now_ms);
        let proposal = self.cast.proposal(&chain, now_ms, supplier, FACE, invoice);
        self.done(&proposal);
        self.by(BUYER, Transaction::Accept(CertificateRef { certificate: proposal.0 }));
        proposal.0
    }

    /// The key of the lock that taking a rate made.
    fn locked(&mut self, supplier: &Signer, part: Hash, rate: Hash) -> Hash {
        let until_ms = self.now_ms + 10_000;
        let take = TakeOffer { part, offer: Offer::Posted(rate), price_min: 1, until_ms };
        self.ask(supplier, Transaction::TakeOffer(take));
        self.proposer.look(|state| state.part(&part).unwrap().lock.as_ref().unwrap().key)
    }
}

/// Three certificates over 3,000.00: the first is sold for 90 days at 6 % and a fee of 5.00, the second was locked in
/// vain, the third is paid but for 1,000.00.
pub(crate) fn played() -> (Two, [Hash; 3]) {
    let two = Two::begin();
    let mut two = Two { proposer: two.proposer.with_trails(), ..two };
    let supplier = two.cast.supplier(1);
    let band = RateBand {
        buyer_class: 1,
        days_max: 180,
        amount_min: 1,
        amount_max: FACE,
        rate_ppm: 60_000,
        fee: FEE,
    };
    let until_ms = two.now_ms + 100 * DAY_MS;
    let table = PostRate {
        funder: HARBOUR,
        currency: currency(),
        bands: vec![band],
        budget: 10 * FACE,
        until_ms,
        recourse: false,
        replaces: None,
    };
    two.by(HARBOUR, Transaction::PostRate(table));
    let rate = two.proposer.look(|state| state.rates().map(|(id, _)| *id).next().unwrap());
    let certificates = ["a", "b", "c"].map(|invoice| two.accepted(&supplier, invoice));
    let key = two.locked(&supplier, certificates[0], rate);
    let settle = SettleLock { part: certificates[0], key, reference: [7; 32], registries: vec![] };
    two.by(NETWORK, Transaction::SettleLock(settle));
    let key = two.locked(&supplier, certificates[1], rate);
    two.now_ms += 20_000;
    two.by(NETWORK, Transaction::ExpireLock(ExpireLock { part: certificates[1], key }));
    let pay = Pay {
        certificate: certificates[2],
        payer: Payer::Buyer(()),
        principal: FACE - 100_000,
        interest: 0,
        reference: [8; 32],
    };
    two.by(NETWORK, Transaction::Pay(pay));
    (two, certificates)
}

#[test]
fn what_money_costs_and_what_is_overdue_is_counted_as_events_come() {
    let (mut two, certificates) = played();
    let taken = two.proposer.taken();
    let source = (PROGRAMME, HARBOUR, currency());
    assert_eq!(taken.keys().collect::<Vec<_>>(), [&source], "a lock that ended in nothing costs nothing");
    let sold = taken[&source];
    assert_eq!((sold.sales, sold.face, sold.discount, sold.fee), (1, FACE, 4_500, FEE));
    assert_eq!(sold.days(), Some(90));
    // 5,000 for 295,000 over 90 days of 360.
    assert_eq!(sold.yearly_cost_ppm(), Some(67_797));
    assert_eq!(sold.and(&sold).yearly_cost_ppm(), sold.yearly_cost_ppm());

    let due = u32::try_from(BEGIN_MS / DAY_MS).unwrap() + 90;
    assert_eq!(two.proposer.overdue(due + 4, 9), Overdue::default(), "grace is five days");
    let overdue = two.proposer.overdue(due + 5, 2);
    assert_eq!((overdue.count, overdue.oldest.len()), (3, 2));
    assert_eq!(overdue.sums, BTreeMap::from([(currency(), 2 * FACE + 100_000)]));
    assert_eq!(two.proposer.long_terms(9), (0, vec![]));

    let pay = Pay {
        certificate: certificates[2],
        payer: Payer::Buyer(()),
        principal: 100_000,
        interest: 0,
        reference: [9; 32],
    };
    two.by(NETWORK, Transaction::Pay(pay));
    assert_eq!(two.proposer.overdue(due + 5, 9).count, 2);
    let restored = two.other.with_trails();
    assert_eq!(restored.overdue(due + 5, 9), two.proposer.overdue(due + 5, 9));
    assert!(restored.taken().is_empty(), "who has not seen the sales does not make them up");
}
