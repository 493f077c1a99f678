//! What keys of risk control are called by people: members, merchants, stores and corridors by the directory, payers,
//! devices and terminals by payments that the engine still has. A key alone says nothing of who it is.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Engine, subject};
use risk::Key;
use switch::{Payment, PaymentId};
use wire::body::scalar::Text;

/// The latest payments that are looked through for a payer or a device: some milliseconds.
const LOOKED_THROUGH: usize = 2_000;

/// Names by key.
pub(super) struct Names(BTreeMap<Key, String>);

impl Names {
    /// Names of whatever the directory knows, and of those among `wanted` that late payments and cases know.
    pub(super) fn of(engine: &Engine, wanted: impl Iterator<Item = Key>) -> Names {
        let mut names = registered(engine);
        let mut wanted: BTreeSet<Key> = wanted.filter(|key| !names.contains_key(key)).collect();
        let cases = engine.control().cases().all().flat_map(|(_, case)| &case.evidence);
        let cases = cases.filter_map(|one| engine.switch().payment(PaymentId(one.payment)));
        for payment in cases.chain(engine.switch().latest().take(LOOKED_THROUGH)) {
            if wanted.is_empty() {
                break;
            }
            for name in told(engine, payment) {
                let key = subject::named(&name);
                if wanted.remove(&key) {
                    names.insert(key, name);
                }
            }
        }
        Names(names)
    }

    /// The name, else the key as sixteen hexadecimal digits.
    pub(super) fn name(&self, party: Key) -> Text<256> {
        self.0.get(&party).map_or_else(|| Text::cut(&format!("{:016x}", party.0)), |name| Text::cut(name))
    }
}

/// What members, merchants, stores and corridors are called.
fn registered(engine: &Engine) -> BTreeMap<Key, String> {
    let directory = engine.directory();
    let mut names = BTreeMap::new();
    for member in directory.members() {
        names.insert(subject::member(&member.client_id), member.client_id.to_string());
    }
    for merchant in directory.merchants() {
        let Some(acquirer) = directory.member(merchant.acquirer) else { continue };
        let (acquirer, reference) = (&acquirer.client_id, &merchant.reference);
        names.insert(subject::merchant(acquirer, reference), format!("{acquirer}/{reference}"));
        for store in &merchant.stores {
            let key = subject::store(acquirer, reference, &store.reference);
            names.insert(key, format!("{acquirer}/{reference}/{}", store.reference));
        }
        for member in directory.members() {
            let (from, to) = (member.country.code(), merchant.country.code());
            names.insert(subject::corridor(from, to), format!("{from}-{to}"));
        }
    }
    names
}

/// What a payment's payer, devices and terminal are called, as members told them.
fn told(engine: &Engine, payment: &Payment) -> Vec<String> {
    let mut names = Vec::new();
    let directory = engine.directory();
    let client_id = |member| directory.member(member).map(|member| member.client_id.clone());
    if let Some(terms) = &payment.terms
        && let Some(wallet) = client_id(terms.wallet)
    {
        names.push(format!("{wallet}/{}", terms.customer));
    }
    let placed = &payment.opened.placed;
    let devices = engine::device(payment).into_iter().chain(placed.device.as_deref());
    names.extend(devices.map(|token| format!("device/{token}")));
    if let (Some(terminal), Some(merchant), Some(acquirer)) =
        (&placed.terminal, directory.merchant(payment.opened.merchant), client_id(payment.opened.acquirer))
    {
        let store = payment.opened.store.as_deref().unwrap_or("");
        names.push(format!("{acquirer}/{}/{store}/{terminal}", merchant.reference));
    }
    names
}
