//! How often one client may call: a bucket of tokens each, filled at a steady rate.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Clients that are told apart; those beyond share one bucket.
const MOST: usize = 1 << 16;
/// Buckets that are full again are thrown away no more often than this.
const SWEEP: Duration = Duration::from_secs(1);

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// An operator, wherever he calls from.
    Subject(Arc<str>),
    /// Somebody without a token; of IPv6 the first 64 bits, which are one customer's.
    Address(IpAddr),
    /// All who come after too many others.
    Rest,
}

impl Client {
    pub(super) fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(network.into())
            }
            address => address,
        })
    }
}

/// Buckets of all clients.
#[derive(Debug)]
pub(super) struct Rate {
    per_s: f64,
    burst: f64,
    buckets: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    of: HashMap<Client, Bucket>,
    swept: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Rate {
    /// So many calls a second on average, and so many at once.
    pub(super) fn new(per_s: f64, burst: f64) -> Self {
        Self { per_s, burst, buckets: Mutex::default() }
    }

    /// One call of a client now.
    ///
    /// # Errors
    /// The seconds after which there is room for one again, at least 1.
    pub(super) fn take(&self, client: Client, now: Instant) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.of.len() >= MOST && buckets.swept.is_none_or(|swept| now - swept >= SWEEP) {
            buckets.swept = Some(now);
            // Who has not called for long enough is as good as new.
            buckets.of.retain(|_, bucket| self.filled(*bucket, now) < self.burst);
        }
        let known = buckets.of.len() < MOST || buckets.of.contains_key(&client);
        let client = if known { client } else { Client::Rest };
        let bucket = buckets.of.entry(client).or_insert(Bucket { tokens: self.burst, at: now });
        let tokens = self.filled(*bucket, now);
        *bucket = Bucket { tokens: if tokens >= 1.0 { tokens - 1.0 } else { tokens }, at: now };
        if tokens >= 1.0 { Ok(()) } else { Err(((1.0 - tokens) / self.per_s).ceil().max(1.0) as u32) }
    }

    /// Would a call of a client be let in now?
    pub(super) fn has_room(&self, client: &Client, now: Instant) -> bool {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.of.get(client).is_none_or(|bucket| self.filled(*bucket, now) >= 1.0)
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + since * self.per_s).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use proptest::prelude::*;

    use super::*;

    fn subject(name: &str) -> Client {
        Client::Subject(name.into())
    }

    #[test]
    fn a_burst_goes_through_and_then_the_rate() {
        let (rate, start) = (Rate::new(10.0, 5.0), Instant::now());
        for _ in 0..5 {
            rate.take(subject("a"), start).unwrap();
        }
        assert_eq!(rate.take(subject("a"), start), Err(1));
        assert!(!rate.has_room(&subject("a"), start));
        // Another client is not held up.
        rate.take(subject("b"), start).unwrap();
        let later = start + Duration::from_millis(101);
        assert!(rate.has_room(&subject("a"), later));
        rate.take(subject("a"), later).unwrap();
        assert_eq!(rate.take(subject("a"), later), Err(1));
    }

    #[test]
    fn the_wait_is_as_long_as_a_slow_rate_needs() {
        let (rate, start) = (Rate::new(0.1, 1.0), Instant::now());
        rate.take(subject("a"), start).unwrap();
        assert_eq!(rate.take(subject("a"), start), Err(10));
        assert_eq!(rate.take(subject("a"), start + Duration::from_secs(4)), Err(6));
        rate.take(subject("a"), start + Duration::from_secs(10)).unwrap();
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let at = |text: &str| Client::at(text.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:2"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }

    #[test]
    fn memory_is_bounded_and_those_who_rest_make_room() {
        let (rate, start) = (Rate::new(1.0, 2.0), Instant::now());
        for n in 0..MOST + 10 {
            rate.take(subject(&n.to_string()), start).ok();
        }
        assert!(rate.buckets.lock().unwrap().of.len() <= MOST + 1);
        assert!(rate.take(subject("late"), start).is_err());
        rate.take(subject("late"), start + Duration::from_secs(2)).unwrap();
        assert_eq!(rate.buckets.lock().unwrap().of.len(), 1);
    }

    proptest! {
        /// Whoever calls when: over any stretch no more than the burst and what the rate brings.
        #[test]
        fn never_more_than_the_rate(gaps in prop::collection::vec(0_u64..200, 1..200)) {
            let (rate, start) = (Rate::new(20.0, 4.0), Instant::now());
            let (mut at, mut let_in) = (start, Vec::new());
            for gap in gaps {
                at += Duration::from_millis(gap);
                if rate.take(subject("a"), at).is_ok() {
                    let_in.push(at);
                }
            }
            for (first, from) in let_in.iter().enumerate() {
                for (last, to) in let_in.iter().enumerate().skip(first) {
                    let most = 4.0 + (*to - *from).as_secs_f64() * 20.0 + 1e-6;
                    prop_assert!((last - first + 1) as f64 <= most);
                }
            }
        }
    }
}
