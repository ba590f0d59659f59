//! All that a store holds, in memory: for upgrades.

use std::collections::BTreeMap;

use super::{Log, Table};

/// All entries of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) tables: BTreeMap<Table, BTreeMap<String, Vec<u8>>>,
    pub(super) logs: BTreeMap<Log, BTreeMap<u64, Vec<u8>>>,
}

impl Content {
    pub(super) fn table(&mut self, table: Table) -> &mut BTreeMap<String, Vec<u8>> {
        self.tables.entry(table).or_default()
    }

    pub(super) fn log(&mut self, log: Log) -> &mut BTreeMap<u64, Vec<u8>> {
        self.logs.entry(log).or_default()
    }
}
