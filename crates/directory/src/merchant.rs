//! Merchants, their stores and terminals, under the acquirer that answers for them.

use std::sync::Arc;

use crate::{Country, MemberId};

/// The number of a merchant, given at registration and never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MerchantId(pub u32);

/// A merchant that may be paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merchant {
    /// Its number.
    pub id: MerchantId,
    /// The acquirer that registered it and is paid for it.
    pub acquirer: MemberId,
    /// The acquirer's own reference (`referenceMerchantId`).
    pub reference: Arc<str>,
    /// Its name as payers see it.
    pub name: Arc<str>,
    /// Merchant category code (ISO 18245).
    pub category: u16,
    /// Where it is.
    pub country: Country,
    /// The town printed in its codes.
    pub city: Arc<str>,
    /// Its stores.
    pub stores: Vec<Store>,
}

/// A place of a merchant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Store {
    /// The acquirer's own reference (`referenceStoreId`).
    pub reference: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The references of its terminals.
    pub terminals: Vec<Arc<str>>,
}

impl Merchant {
    /// The store of this reference.
    pub fn store(&self, reference: &str) -> Option<&Store> {
        self.stores.iter().find(|store| &*store.reference == reference)
    }
}
