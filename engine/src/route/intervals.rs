//! Sets of times: what is left of a span when open intervals are taken out of it.

/// A span of time in seconds, closed at both ends.
pub(super) type Span = (f64, f64);

/// What is left of `[from, to]` when the open intervals are taken out, ascending. A single instant can be left.
pub(super) fn free(mut blocked: Vec<Span>, from: f64, to: f64) -> Vec<Span> {
    blocked.retain(|b| b.0 < b.1);
    blocked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut spans = Vec::new();
    let mut at = from;
    for (opens, closes) in blocked {
        if opens >= at {
            if at <= to {
                spans.push((at, opens.min(to)));
            }
            at = closes;
        } else {
            at = at.max(closes);
        }
        if at > to {
            return spans;
        }
    }
    if at <= to {
        spans.push((at, to));
    }
    spans
}

/// The first instant of the spans at or after `at`, and the span that holds it.
pub(super) fn first_from(spans: &[Span], at: f64) -> Option<(f64, Span)> {
    spans.iter().find(|span| span.1 >= at).map(|&span| (span.0.max(at), span))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn touching_intervals_leave_an_instant_between_them() {
        assert_eq!(free(vec![(0.0, 5.0), (5.0, 9.0)], 0.0, 10.0), [(0.0, 0.0), (5.0, 5.0), (9.0, 10.0)]);
        assert_eq!(free(vec![(-1.0, 11.0)], 0.0, 10.0), []);
        assert_eq!(free(Vec::new(), 0.0, 10.0), [(0.0, 10.0)]);
    }

    proptest! {
        #[test]
        fn an_instant_is_free_if_no_open_interval_holds_it(
            blocked in prop::collection::vec((0..40i32, 0..15i32), 0..8), at in -2..44i32
        ) {
            let blocked: Vec<Span> = blocked.iter().map(|&(a, d)| (f64::from(a), f64::from(a + d))).collect();
            let at = f64::from(at) / 2.0;
            let held = blocked.iter().any(|b| b.0 < at && at < b.1);
            let found = free(blocked, 0.0, 20.0).iter().any(|s| s.0 <= at && at <= s.1);
            prop_assert_eq!(found, !held && (0.0..=20.0).contains(&at));
        }
    }
}
