//! Changes to the directory: each is checked whole and then applied whole. Who may ask for one is decided elsewhere.

use std::sync::Arc;

use money::Currency;

use crate::{
    Agreement, Country, Directory, Key, KeyAlgorithm, LIVE_KEYS_MAX, Member, MemberId, Merchant, MerchantId,
    Role, Standing, Store, Time,
};

/// One change, as a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A member joins; it begins without keys and agreements.
    MemberAdded {
        /// The name it will sign as.
        client_id: Arc<str>,
        /// What it does.
        role: Role,
        /// Its name for people.
        name: Arc<str>,
        /// Where it is licensed.
        country: Country,
        /// Base URL at which it is called.
        endpoint: Option<Arc<str>>,
        /// The six digits of its payment codes; wallets only.
        code_prefix: Option<u32>,
    },
    /// A member is called elsewhere from now on.
    EndpointSet {
        /// Which member.
        member: MemberId,
        /// Its new base URL.
        endpoint: Option<Arc<str>>,
    },
    /// A member is suspended or let in again.
    StandingSet {
        /// Which member.
        member: MemberId,
        /// Its standing from now on.
        standing: Standing,
    },
    /// A member gets a further key.
    KeyAdded {
        /// Which member.
        member: MemberId,
        /// The key.
        key: Key,
    },
    /// A key stops being accepted.
    KeyEnded {
        /// Which member.
        member: MemberId,
        /// Which kind of key.
        algorithm: KeyAlgorithm,
        /// Which version.
        version: u32,
        /// From when.
        until: Time,
    },
    /// A member's terms from a date on.
    AgreementAdded {
        /// Which member.
        member: MemberId,
        /// The terms.
        agreement: Agreement,
    },
    /// Payments from one currency to another are opened or closed.
    CorridorSet {
        /// The currency merchants are paid in.
        payee: Currency,
        /// The currency payers pay in.
        payer: Currency,
        /// Whether new payments may begin.
        open: bool,
    },
    /// The rules by which codes are told apart are published anew.
    CodeRulesPublished {
        /// Counts publications from 1.
        version: u64,
        /// The rules, in the canonical form that is signed; what they say is the codes' business.
        rules: Arc<str>,
    },
    /// An acquirer registers a merchant.
    MerchantAdded {
        /// The acquirer.
        acquirer: MemberId,
        /// The acquirer's reference for it.
        reference: Arc<str>,
        /// Its name.
        name: Arc<str>,
        /// Merchant category code.
        category: u16,
        /// Where it is.
        country: Country,
        /// The town in its codes.
        city: Arc<str>,
    },
    /// A merchant gets a further store, or a store further terminals: the store as it now is.
    StoreSet {
        /// Which merchant.
        merchant: MerchantId,
        /// The store.
        store: Store,
    },
}

/// Why a change is not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is no such member.
    UnknownMember,
    /// There is no such merchant.
    UnknownMerchant,
    /// Another member signs under this name.
    ClientIdTaken,
    /// Another wallet's codes begin with these digits, or they are not six.
    CodePrefixTaken,
    /// The member's role does not allow it.
    WrongRole,
    /// The member has a key of this version.
    KeyVersionTaken,
    /// The member has two live keys of this kind; one must end first.
    TooManyLiveKeys,
    /// The member has no key of this version.
    UnknownKey,
    /// A later agreement exists already, or this one begins before the change is made.
    AgreementInThePast,
    /// An agreement that covers no currency, or one twice, or with limits that no payment meets.
    AgreementWithoutSense,
    /// The acquirer has a merchant of this reference.
    ReferenceTaken,
    /// Rules were published meanwhile; look at them and publish again.
    RulesOutdated,
}

impl Refusal {
    /// The reason in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::UnknownMember => "there is no such member",
            Refusal::UnknownMerchant => "there is no such merchant",
            Refusal::ClientIdTaken => "another member signs under this client id",
            Refusal::CodePrefixTaken => {
                "the code prefix belongs to another wallet or does not have six digits"
            }
            Refusal::WrongRole => "the member's role does not allow this",
            Refusal::KeyVersionTaken => "the member has a key of this version",
            Refusal::TooManyLiveKeys => "the member has two live keys of this kind; end one first",
            Refusal::UnknownKey => "the member has no key of this version",
            Refusal::AgreementInThePast => "an agreement begins now or later, and after the ones there are",
            Refusal::AgreementWithoutSense => {
                "an agreement covers at least one currency, each once, min not above max"
            }
            Refusal::RulesOutdated => "rules were published meanwhile; publish again",
            Refusal::ReferenceTaken => "the acquirer has registered a merchant under this reference",
        }
    }
}

const CODE_PREFIXES: std::ops::RangeInclusive<u32> = 100_000..=999_999;

impl Directory {
    /// Checks a change against what is registered at `now`. Changes nothing.
    pub fn check(&self, now: Time, change: &Change) -> Result<(), Refusal> {
        match change {
            Change::MemberAdded { client_id, role, code_prefix, .. } => {
                self.check_member(client_id, *role, *code_prefix)
            }
            Change::EndpointSet { member, .. } | Change::StandingSet { member, .. } => {
                self.members.get(member).map(|_| ()).ok_or(Refusal::UnknownMember)
            }
            Change::KeyAdded { member, key } => self.check_key(now, *member, key),
            Change::KeyEnded { member, algorithm, version, .. } => {
                let member = self.members.get(member).ok_or(Refusal::UnknownMember)?;
                let known =
                    member.keys.iter().any(|key| key.version == *version && key.algorithm == *algorithm);
                if known { Ok(()) } else { Err(Refusal::UnknownKey) }
            }
            Change::AgreementAdded { member, agreement } => self.check_agreement(now, *member, agreement),
            Change::CorridorSet { .. } => Ok(()),
            Change::CodeRulesPublished { version, .. } => {
                let next = self.code_rules.as_ref().map_or(1, |(version, _)| version + 1);
                if *version == next { Ok(()) } else { Err(Refusal::RulesOutdated) }
            }
            Change::MerchantAdded { acquirer, reference, .. } => {
                let member = self.members.get(acquirer).ok_or(Refusal::UnknownMember)?;
                match self.merchant_by_reference(*acquirer, reference) {
                    _ if member.role != Role::Acquirer => Err(Refusal::WrongRole),
                    Some(_) => Err(Refusal::ReferenceTaken),
                    None => Ok(()),
                }
            }
            Change::StoreSet { merchant, .. } => {
                self.merchants.get(merchant).map(|_| ()).ok_or(Refusal::UnknownMerchant)
            }
        }
    }

    fn check_member(&self, client_id: &str, role: Role, code_prefix: Option<u32>) -> Result<(), Refusal> {
        if self.by_client.contains_key(client_id) {
            return Err(Refusal::ClientIdTaken);
        }
        match (role, code_prefix) {
            (_, None) => Ok(()),
            (Role::Wallet, Some(prefix)) => {
                let free = CODE_PREFIXES.contains(&prefix) && !self.by_prefix.contains_key(&prefix);
                if free { Ok(()) } else { Err(Refusal::CodePrefixTaken) }
            }
            (_, Some(_)) => Err(Refusal::WrongRole),
        }
    }

    fn check_key(&self, now: Time, member: MemberId, key: &Key) -> Result<(), Refusal> {
        let member = self.members.get(&member).ok_or(Refusal::UnknownMember)?;
        if member.keys.iter().any(|other| other.version == key.version && other.algorithm == key.algorithm) {
            return Err(Refusal::KeyVersionTaken);
        }
        let ends_later = |other: &&Key| other.until.is_none_or(|until| now < until);
        let same_kind = member.keys.iter().filter(|other| other.algorithm == key.algorithm);
        if same_kind.filter(ends_later).count() >= LIVE_KEYS_MAX {
            return Err(Refusal::TooManyLiveKeys);
        }
        Ok(())
    }

    fn check_agreement(&self, now: Time, member: MemberId, agreement: &Agreement) -> Result<(), Refusal> {
        let member = self.members.get(&member).ok_or(Refusal::UnknownMember)?;
        let latest = member.agreements.last();
        if agreement.from < now || latest.is_some_and(|latest| agreement.from <= latest.from) {
            return Err(Refusal::AgreementInThePast);
        }
        let mut currencies: Vec<_> = agreement.limits.iter().map(|limit| limit.currency).collect();
        currencies.sort_unstable();
        let twice = currencies.windows(2).any(|pair| pair[0] == pair[1]);
        let empty = agreement.limits.iter().any(|limit| limit.payment_min_minor > limit.payment_max_minor);
        if currencies.is_empty() || twice || empty {
            return Err(Refusal::AgreementWithoutSense);
        }
        if member.role != Role::Acquirer && agreement.interchange.ppm() > 0 {
            return Err(Refusal::WrongRole);
        }
        Ok(())
    }

    /// Makes a checked change true.
    pub fn apply(&mut self, change: &Change) {
        self.version += 1;
        match change {
            Change::MemberAdded { client_id, role, name, country, endpoint, code_prefix } => {
                let member = Member {
                    id: MemberId(u32::try_from(self.members.len()).expect("fewer members than 2^32") + 1),
                    client_id: client_id.clone(),
                    role: *role,
                    name: name.clone(),
                    country: *country,
                    endpoint: endpoint.clone(),
                    code_prefix: *code_prefix,
                    standing: Standing::Active,
                    keys: Vec::new(),
                    agreements: Vec::new(),
                };
                self.by_client.insert(client_id.clone(), member.id);
                self.by_prefix.extend(code_prefix.map(|prefix| (prefix, member.id)));
                self.members.insert(member.id, Arc::new(member));
            }
            Change::EndpointSet { member, endpoint } => {
                self.change(*member, |m| m.endpoint = endpoint.clone())
            }
            Change::StandingSet { member, standing } => self.change(*member, |m| m.standing = *standing),
            Change::KeyAdded { member, key } => self.change(*member, |m| m.keys.push(key.clone())),
            Change::KeyEnded { member, algorithm, version, until } => self.change(*member, |m| {
                let ended =
                    m.keys.iter_mut().filter(|key| key.version == *version && key.algorithm == *algorithm);
                ended.for_each(|key| key.until = Some(*until));
            }),
            Change::AgreementAdded { member, agreement } => {
                self.change(*member, |m| m.agreements.push(agreement.clone()));
            }
            Change::CodeRulesPublished { version, rules } => {
                self.code_rules = Some((*version, rules.clone()))
            }
            Change::CorridorSet { payee, payer, open } => {
                self.corridors.insert((*payee, *payer), *open);
            }
            Change::MerchantAdded { acquirer, reference, name, category, country, city } => {
                let merchant = Merchant {
                    id: MerchantId(
                        u32::try_from(self.merchants.len()).expect("fewer merchants than 2^32") + 1,
                    ),
                    acquirer: *acquirer,
                    reference: reference.clone(),
                    name: name.clone(),
                    category: *category,
                    country: *country,
                    city: city.clone(),
                    stores: Vec::new(),
                };
                self.by_reference.insert((*acquirer, reference.clone()), merchant.id);
                self.merchants.insert(merchant.id, Arc::new(merchant));
            }
            Change::StoreSet { merchant, store } => {
                let merchant = self.merchants.get_mut(merchant).expect("checked before it became a fact");
                let stores = &mut Arc::make_mut(merchant).stores;
                stores.retain(|other| other.reference != store.reference);
                stores.push(store.clone());
            }
        }
    }

    fn change(&mut self, member: MemberId, edit: impl FnOnce(&mut Member)) {
        let member = self.members.get_mut(&member).expect("checked before it became a fact");
        edit(Arc::make_mut(member));
    }
}
