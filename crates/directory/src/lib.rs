//! Who takes part and on what terms: members, keys, merchants, stores, terminals and agreements, effective-dated.
//! Knows no live payment.

mod agreement;
mod change;
mod member;
mod merchant;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeMap;
use std::sync::Arc;

use money::Currency;
use rustc_hash::FxHashMap;

pub use agreement::{Agreement, Limit};
pub use change::{Change, Refusal};
pub use member::{Country, Key, KeyAlgorithm, LIVE_KEYS_MAX, Member, MemberId, Role, Standing};
pub use merchant::{Merchant, MerchantId, Store};
pub use time::Time;

/// Everything registered, as it stands after the changes applied so far.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    members: BTreeMap<MemberId, Arc<Member>>,
    by_client: FxHashMap<Arc<str>, MemberId>,
    by_prefix: BTreeMap<u32, MemberId>,
    merchants: BTreeMap<MerchantId, Arc<Merchant>>,
    by_reference: FxHashMap<(MemberId, Arc<str>), MerchantId>,
    /// Payee's currency, payer's currency: whether new payments may begin. Those not in it are open.
    corridors: BTreeMap<(Currency, Currency), bool>,
    /// The code rules in force: version and canonical text.
    code_rules: Option<(u64, Arc<str>)>,
    version: u64,
}

impl Directory {
    /// How many changes were applied: a reader that knows this number knows whether it is up to date.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The member of this number.
    pub fn member(&self, id: MemberId) -> Option<&Arc<Member>> {
        self.members.get(&id)
    }

    /// The member that signs as this client.
    pub fn member_by_client(&self, client_id: &str) -> Option<&Arc<Member>> {
        self.by_client.get(client_id).and_then(|id| self.members.get(id))
    }

    /// The wallet whose payment codes begin with these six digits.
    pub fn wallet_by_prefix(&self, prefix: u32) -> Option<&Arc<Member>> {
        self.by_prefix.get(&prefix).and_then(|id| self.members.get(id))
    }

    /// All members, by number.
    pub fn members(&self) -> impl Iterator<Item = &Arc<Member>> {
        self.members.values()
    }

    /// The merchant of this number.
    pub fn merchant(&self, id: MerchantId) -> Option<&Arc<Merchant>> {
        self.merchants.get(&id)
    }

    /// The merchant that this acquirer knows under this reference.
    pub fn merchant_by_reference(&self, acquirer: MemberId, reference: &str) -> Option<&Arc<Merchant>> {
        self.by_reference.get(&(acquirer, Arc::from(reference))).and_then(|id| self.merchants.get(id))
    }

    /// The one merchant of an acquirer that has exactly one, so that its requests need not name it.
    pub fn only_merchant(&self, acquirer: MemberId) -> Option<&Arc<Merchant>> {
        let mut own = self.merchants.values().filter(|merchant| merchant.acquirer == acquirer);
        own.next().filter(|_| own.next().is_none())
    }

    /// All merchants, by number.
    pub fn merchants(&self) -> impl Iterator<Item = &Arc<Merchant>> {
        self.merchants.values()
    }

    /// The code rules in force: their version and canonical text, once some were published.
    pub fn code_rules(&self) -> Option<(u64, &Arc<str>)> {
        self.code_rules.as_ref().map(|(version, rules)| (*version, rules))
    }

    /// Whether payments may begin that pay `payee` out of `payer`; closed ones were closed by the operator.
    pub fn is_open(&self, payee: Currency, payer: Currency) -> bool {
        self.corridors.get(&(payee, payer)).copied().unwrap_or(true)
    }

    /// Every corridor that was ever opened or closed: payee's currency, payer's currency, whether it is open.
    pub fn corridors(&self) -> impl Iterator<Item = (Currency, Currency, bool)> {
        self.corridors.iter().map(|((payee, payer), open)| (*payee, *payer, *open))
    }

    /// The agreement of a member in force at `at`.
    pub fn agreement(&self, member: MemberId, at: Time) -> Option<&Agreement> {
        self.members.get(&member).and_then(|member| member.agreement(at))
    }
}
