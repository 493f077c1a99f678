//! Records of one kind, ordered by key, that remember which of them changed since the root was last asked, and what
//! they were then. Knows no rule.

use std::collections::BTreeMap;

use crate::codec::{Codec, Malformed, Reader};
use crate::hash::sha256;
use crate::tree::Tree;

#[derive(Debug, Clone)]
pub(super) struct Table<K, V> {
    records: BTreeMap<K, V>,
    /// What changed, with the bytes it had under the last root.
    touched: BTreeMap<K, Option<Vec<u8>>>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table { records: BTreeMap::new(), touched: BTreeMap::new() }
    }
}

impl<K: Codec + Ord + Clone, V: Codec> Table<K, V> {
    pub(super) fn record(&self, key: &K) -> Option<&V> {
        self.records.get(key)
    }

    /// The record to be changed: it counts as changed from now on.
    pub(super) fn change(&mut self, key: &K) -> Option<&mut V> {
        let record = self.records.get_mut(key)?;
        self.touched.entry(key.clone()).or_insert_with(|| Some(record.encode()));
        Some(record)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        let before = self.records.insert(key.clone(), value);
        self.touched.entry(key).or_insert_with(|| before.map(|record| record.encode()));
    }

    pub(super) fn remove(&mut self, key: &K) {
        let before = self.records.remove(key);
        self.touched.entry(key.clone()).or_insert_with(|| before.map(|record| record.encode()));
    }

    /// The record's canonical bytes under the last root.
    pub(super) fn bytes_under_root(&self, key: &K) -> Option<Vec<u8>> {
        match self.touched.get(key) {
            Some(before) => before.clone(),
            None => self.records.get(key).map(Codec::encode),
        }
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.records.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The last record at or below the key.
    pub(super) fn last_up_to(&self, key: &K) -> Option<(&K, &V)> {
        self.records.range(..=key.clone()).next_back()
    }

    /// Brings what changed into the tree.
    pub(super) fn flush(&mut self, tag: u8, tree: &mut Tree) {
        for key in std::mem::take(&mut self.touched).into_keys() {
            let place = sha256(&[&[tag], &key.encode()]);
            match self.records.get(&key) {
                Some(value) => tree.set(&place, sha256(&[&value.encode()])),
                None => tree.remove(&place),
            }
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        (self.records.len() as u64).write(out);
        for (key, value) in &self.records {
            key.write(out);
            value.write(out);
        }
    }

    /// Reads what [`Table::write`] wrote: keys ascending, so that one state has one dump.
    pub(super) fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = u64::read(input)?;
        let mut table = Table::default();
        for _ in 0..count {
            let key = K::read(input)?;
            if table.records.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(Malformed::Unknown);
            }
            table.insert(key, V::read(input)?);
        }
        Ok(table)
    }
}
