//! How many connections one address has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::super::rate::Client;

/// Open connections by address. This machine's are not counted: a proxy on it speaks for many.
#[derive(Debug)]
pub(super) struct Peers {
    most: usize,
    open: Mutex<HashMap<Client, usize>>,
}

/// One connection; its place is free again when this is dropped.
pub(super) struct Entry<'p> {
    peers: &'p Peers,
    client: Option<Client>,
}

impl Peers {
    pub(super) fn new(most: usize) -> Self {
        Self { most, open: Mutex::default() }
    }

    /// A place for one more connection; `None` if the address has enough.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Entry<'_>> {
        if address.to_canonical().is_loopback() {
            return Some(Entry { peers: self, client: None });
        }
        let client = Client::at(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(client.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Entry { peers: self, client: Some(client) })
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let Some(client) = &self.client else { return };
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(client) {
            *count -= 1;
            if *count == 0 {
                open.remove(client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let peers = Peers::new(2);
        let at = |text: &str| peers.enter(text.parse().unwrap());
        let (first, _second) = (at("192.0.2.1").unwrap(), at("192.0.2.1").unwrap());
        assert!(at("192.0.2.1").is_none());
        assert!(at("::ffff:192.0.2.1").is_none());
        let other = at("192.0.2.2");
        assert!(other.is_some());
        drop(first);
        assert!(at("192.0.2.1").is_some());
        let own: Vec<_> = (0..5).map(|_| at("127.0.0.1")).collect();
        assert!(own.iter().all(Option::is_some));
        drop((other, own, _second));
        assert!(peers.open.lock().unwrap().is_empty());
    }
}
