//! A leg flown at any constant speed up to the greatest: when it can be started and when it arrives.
//!
//! A leg of crossing shares `[a, b]` that starts at `t` and takes `d` runs into a barrier closed from `o` to `c` if and
//! only if `t + a d < c` and `t + b d > o`. With the arrival `e = t + d` both bound the start by lines in `e`, so that the
//! arrivals possible change only where two such lines meet: nothing is sampled.

use crate::intervals::{Span, free};

/// A barrier's window that a leg meets: between which shares of it, closed when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate {
    pub(super) enters: f64,
    pub(super) leaves: f64,
    pub(super) closed: Span,
}

/// A leg that starts within a span and takes a time within another.
pub(super) struct Slow<'a> {
    pub(super) starts: Span,
    pub(super) takes: Span,
    pub(super) gates: &'a [Gate],
}

impl Gate {
    /// The starts, an open interval, that run into it if the arrival is at `at`.
    fn blocked(&self, at: f64, slack_s: f64) -> Span {
        let (opens, closes) = (self.closed.0 + slack_s, self.closed.1 - slack_s);
        let from = match 1.0 - self.leaves {
            rest if rest > 0.0 => (opens - self.leaves * at) / rest,
            _ if at > opens => f64::NEG_INFINITY,
            _ => f64::INFINITY,
        };
        (from, (closes - self.enters * at) / (1.0 - self.enters))
    }
}

impl Slow<'_> {
    /// When it can arrive, ascending and disjoint; exact but for single instants between two that are blocked.
    pub(super) fn arrivals(&self) -> Vec<Span> {
        let (first, last) = (self.starts.0 + self.takes.0, self.starts.1 + self.takes.1);
        let relevant = |gate: &&Gate| {
            gate.closed.1 > self.starts.0 + gate.enters * self.takes.0
                && gate.closed.0 < self.starts.1 + gate.leaves * self.takes.1
        };
        let gates: Vec<Gate> = self.gates.iter().filter(relevant).copied().collect();
        if gates.is_empty() {
            return vec![(first, last)];
        }
        let mut arrivals: Vec<Span> = Vec::new();
        for pair in self.events(&gates, first, last).windows(2) {
            if self.start(&gates, (pair[0] + pair[1]) / 2.0, 0.0).is_some() {
                match arrivals.last_mut() {
                    Some(span) if span.1 == pair[0] => span.1 = pair[1],
                    _ => arrivals.push((pair[0], pair[1])),
                }
            }
        }
        arrivals
    }

    /// The latest start for an arrival that is possible.
    pub(super) fn latest_start(&self, arrival_s: f64) -> Option<f64> {
        /// At the very ends of what is possible rounding may hide the start.
        const SLACKS_S: [f64; 4] = [0.0, 1e-9, 1e-6, 1e-4];
        SLACKS_S.iter().find_map(|&slack_s| self.start(self.gates, arrival_s, slack_s))
    }

    fn start(&self, gates: &[Gate], arrival_s: f64, slack_s: f64) -> Option<f64> {
        let earliest = self.starts.0.max(arrival_s - self.takes.1 - slack_s);
        let latest = self.starts.1.min(arrival_s - self.takes.0 + slack_s);
        let blocked = gates.iter().map(|gate| gate.blocked(arrival_s, slack_s)).collect();
        free(blocked, earliest, latest).last().map(|span| span.1.min(arrival_s - self.takes.0))
    }

    /// The arrivals, between the first and the last, at which two bounds of the start meet; ascending.
    fn events(&self, gates: &[Gate], first: f64, last: f64) -> Vec<f64> {
        // A bound `start = at + slope * arrival`.
        let mut lines =
            vec![(self.starts.0, 0.0), (self.starts.1, 0.0), (-self.takes.0, 1.0), (-self.takes.1, 1.0)];
        let mut events = vec![first, last];
        for gate in gates {
            if gate.leaves < 1.0 {
                lines.push((gate.closed.0 / (1.0 - gate.leaves), -gate.leaves / (1.0 - gate.leaves)));
            } else {
                events.push(gate.closed.0);
            }
            lines.push((gate.closed.1 / (1.0 - gate.enters), -gate.enters / (1.0 - gate.enters)));
        }
        for (i, a) in lines.iter().enumerate() {
            events.extend(lines[..i].iter().map(|b| (b.0 - a.0) / (a.1 - b.1)));
        }
        events.retain(|&at| first <= at && at <= last);
        events.sort_by(f64::total_cmp);
        events.dedup();
        events
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn is_free(gates: &[Gate], start: f64, arrival: f64, slack: f64) -> bool {
        gates.iter().all(|gate| {
            let takes = arrival - start;
            start + gate.leaves * takes <= gate.closed.0 + slack
                || start + gate.enters * takes >= gate.closed.1 - slack
        })
    }

    fn gate() -> impl Strategy<Value = Gate> {
        let share = || prop_oneof![4 => 0.0..1.0_f64, 1 => Just(0.0), 1 => Just(1.0)];
        (share(), share(), 0.0..60.0_f64, 1.0..30.0_f64).prop_filter_map("empty", |(a, b, from, lasts)| {
            ((a - b).abs() > 1e-3).then(|| Gate {
                enters: a.min(b),
                leaves: a.max(b),
                closed: (from, from + lasts),
            })
        })
    }

    proptest! {
        #[test]
        fn arrivals_are_those_of_all_starts_and_speeds(
            gates in prop::collection::vec(gate(), 0..4),
            (first, lasts) in (0.0..30.0_f64, 0.0..30.0_f64), (least, more) in (1.0..20.0_f64, 0.0..60.0_f64)
        ) {
            let slow = Slow { starts: (first, first + lasts), takes: (least, least + more), gates: &gates };
            let arrivals = slow.arrivals();
            prop_assert!(arrivals.windows(2).all(|pair| pair[0].1 < pair[1].0));
            for i in 0..=60 {
                let start = first + lasts * f64::from(i) / 60.0;
                for j in 0..=60 {
                    let arrival = start + least + more * f64::from(j) / 60.0;
                    let found = arrivals.iter().any(|s| s.0 - 1e-6 <= arrival && arrival <= s.1 + 1e-6);
                    prop_assert!(found || !is_free(&gates, start, arrival, -1e-3));
                }
            }
            for (from, to) in arrivals {
                for k in 0..=20 {
                    let arrival = from + (to - from) * f64::from(k) / 20.0;
                    let start = slow.latest_start(arrival).unwrap();
                    prop_assert!(first - 1e-3 <= start && start <= first + lasts + 1e-3);
                    let takes = arrival - start;
                    prop_assert!(least - 1e-9 <= takes && takes <= least + more + 1e-3);
                    prop_assert!(is_free(&gates, start, arrival, 1e-2), "{} {}", start, arrival);
                }
            }
        }
    }
}
