//! Sets of times: what is left of a span when open intervals are taken out of it.

/// A span of time in seconds, closed at both ends.
pub(crate) type Span = (f64, f64);

/// Shorter spans are what rounding leaves.
const LEAST_S: f64 = 1e-6;

/// What is left of `[from, to]` when the open intervals are taken out, ascending. A single instant can be left.
pub(crate) fn free(mut blocked: Vec<Span>, from: f64, to: f64) -> Vec<Span> {
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
pub(crate) fn first_from(spans: &[Span], at: f64) -> Option<(f64, Span)> {
    spans.iter().find(|span| span.1 >= at).map(|&span| (span.0.max(at), span))
}

/// What two sets of spans, each sorted and disjoint, have in common.
pub(crate) fn intersection(one: &[Span], other: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut common = Vec::new();
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        let both = (a.0.max(b.0), a.1.min(b.1));
        if both.0 <= both.1 {
            common.push(both);
        }
        if a.1 < b.1 { i += 1 } else { j += 1 }
    }
    common
}

/// The parts of a span that none of the spans covers; these are sorted and disjoint. Parts shorter than a microsecond
/// are left out if they border on one.
pub(crate) fn beyond(span: Span, covered: &[Span]) -> Vec<Span> {
    let first = covered.partition_point(|c| c.1 < span.0);
    let mut parts = Vec::new();
    let (mut at, mut open) = (span.0, true);
    for &(from, to) in covered[first..].iter().take_while(|c| c.0 <= span.1) {
        if from - at > LEAST_S {
            parts.push((at, from));
        }
        (at, open) = (to, false);
    }
    if span.1 - at > LEAST_S || open {
        parts.push((at, span.1));
    }
    parts
}

/// Adds a span to some that are sorted and disjoint, and stay so; those that touch become one.
pub(crate) fn cover(covered: &mut Vec<Span>, span: Span) {
    let first = covered.partition_point(|c| c.1 < span.0);
    let last = covered.partition_point(|c| c.0 <= span.1);
    let joined = covered[first..last].iter().fold(span, |a, b| (a.0.min(b.0), a.1.max(b.1)));
    covered.splice(first..last, [joined]);
}

/// The span that holds an instant, of some that are sorted and disjoint.
pub(crate) fn holding(spans: &[Span], at: f64) -> Option<Span> {
    let span = spans.get(spans.partition_point(|span| span.1 < at))?;
    (span.0 <= at).then_some(*span)
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

        #[test]
        fn what_is_covered_and_what_is_beyond_make_up_the_whole(
            spans in prop::collection::vec((0..40i32, 0..15i32), 0..8), new in (0..40i32, 0..15i32), at in -2..60i32
        ) {
            let span = |&(a, d): &(i32, i32)| (f64::from(a), f64::from(a + d));
            let (new, at) = (span(&new), f64::from(at) + 0.5);
            let mut covered = Vec::new();
            for s in &spans {
                cover(&mut covered, span(s));
            }
            prop_assert!(covered.windows(2).all(|pair| pair[0].1 < pair[1].0));
            let within = |s: &Span| s.0 <= at && at <= s.1;
            prop_assert_eq!(holding(&covered, at).is_some(), spans.iter().any(|s| within(&span(s))));
            let shared = intersection(&covered, &[new]);
            prop_assert_eq!(shared.iter().any(within), within(&new) && covered.iter().any(within));
            let parts = beyond(new, &covered);
            prop_assert_eq!(parts.iter().any(within), within(&new) && !covered.iter().any(within));
            if new.0 == new.1 {
                prop_assert_eq!(parts.is_empty(), holding(&covered, new.0).is_some());
            }
        }
    }
}
