//! The power fails: of what was written since the disk was last waited for, any part may be lost. And the disk fails.

use std::sync::{Arc, Mutex};

use redb::StorageBackend;

use super::{RedbStore, Store, StoreError, holds_numbered, numbered};
use crate::store::upgrade::Chain;

/// A disk that remembers what it has not been waited for.
#[derive(Debug, Clone, Default)]
struct Disk(Arc<Mutex<Platter>>);

#[derive(Debug, Clone, Default)]
struct Platter {
    /// As a reader sees it.
    seen: Vec<u8>,
    /// As it is after a loss of power that keeps nothing.
    kept: Vec<u8>,
    /// What is under way, by sectors.
    writes: Vec<Write>,
    /// The number of the last commit that has returned.
    acknowledged: u64,
    /// What losses of power at random moments would have left, each with what was acknowledged then.
    losses: Vec<(u64, Vec<u8>)>,
    chance: Chance,
    /// After so many writes it takes no more.
    room: Option<usize>,
}

#[derive(Debug, Clone)]
enum Write {
    Sector(usize, Vec<u8>),
    Length(usize),
}

/// A disk writes so many bytes at once.
const SECTOR: usize = 512;

impl Write {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Sector(at, bytes) => {
                let end = at + bytes.len();
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[*at..end].copy_from_slice(bytes);
            }
            Self::Length(length) => to.resize(*length, 0),
        }
    }
}

impl Platter {
    fn write(&mut self, write: Write) {
        write.apply(&mut self.seen);
        self.writes.push(write);
        if self.chance.one_in(97) {
            self.lose_power();
        }
    }

    /// Notes what would be left now. The disk takes what is under way in any order, so any of it may be lost.
    fn lose_power(&mut self) {
        let mut left = self.kept.clone();
        let kept_of_ten = self.chance.below(11);
        for write in &self.writes {
            if self.chance.below(10) < kept_of_ten {
                write.apply(&mut left);
            }
        }
        self.losses.push((self.acknowledged, left));
    }
}

/// The same numbers in every run (xorshift, Marsaglia 2003).
#[derive(Debug, Clone)]
struct Chance(u64);

impl Default for Chance {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, std::io::Error> {
        Ok(self.0.lock().unwrap().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        let start = usize::try_from(offset).unwrap();
        let disk = self.0.lock().unwrap();
        let read = disk.seen.get(start..start + out.len());
        out.copy_from_slice(read.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        self.0.lock().unwrap().write(Write::Length(usize::try_from(len).unwrap()));
        Ok(())
    }

    fn sync_data(&self) -> Result<(), std::io::Error> {
        let mut disk = self.0.lock().unwrap();
        if disk.chance.one_in(3) {
            disk.lose_power();
        }
        let disk = &mut *disk;
        for write in disk.writes.drain(..) {
            write.apply(&mut disk.kept);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        let mut disk = self.0.lock().unwrap();
        for (number, bytes) in data.chunks(SECTOR).enumerate() {
            if let Some(room) = &mut disk.room {
                *room = room.checked_sub(1).ok_or(std::io::ErrorKind::StorageFull)?;
            }
            let at = usize::try_from(offset).unwrap() + number * SECTOR;
            disk.write(Write::Sector(at, bytes.to_vec()));
        }
        Ok(())
    }
}

#[test]
fn what_was_acknowledged_outlives_a_loss_of_power() {
    let disk = Disk::default();
    let store = RedbStore::over(disk.clone()).unwrap();
    store.initialize(Chain::HERE).unwrap();
    disk.0.lock().unwrap().losses.clear();
    for revision in 1..=90 {
        store.commit(&numbered(revision)).unwrap();
        disk.0.lock().unwrap().acknowledged = revision;
    }
    let losses = std::mem::take(&mut disk.0.lock().unwrap().losses);
    let mut torn = 0;
    for (acknowledged, left) in &losses {
        let platter = Platter { seen: left.clone(), kept: left.clone(), ..Platter::default() };
        let found = holds_numbered(&RedbStore::over(Disk(Arc::new(Mutex::new(platter)))).unwrap());
        assert!(found == *acknowledged || found == acknowledged + 1, "found {found}, told {acknowledged}");
        torn += u64::from(found == *acknowledged);
    }
    assert!(losses.len() > 50 && torn > 10, "only {} losses, {torn} before the commit", losses.len());
}

#[test]
fn a_disk_that_takes_no_more_ends_in_an_error_and_loses_nothing() {
    for room in (0..400).step_by(7) {
        let disk = Disk::default();
        let store = RedbStore::over(disk.clone()).unwrap();
        store.initialize(Chain::HERE).unwrap();
        store.commit(&numbered(1)).unwrap();
        disk.0.lock().unwrap().room = Some(room);
        let failed = (2..90).find_map(|revision| Some((revision, store.commit(&numbered(revision)).err()?)));
        let (revision, error) = failed.unwrap();
        assert!(matches!(error, StoreError::Io(_)), "{error}");
        assert!(store.commit(&numbered(revision)).is_err(), "it went on");
        drop(store);

        disk.0.lock().unwrap().room = None;
        let found = holds_numbered(&RedbStore::over(disk).unwrap());
        assert!(found == revision || found + 1 == revision, "found {found}, failed at {revision}");
    }
}
