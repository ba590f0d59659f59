//! When a track may be begun: found in windows of time that grow with the need.

use super::super::Track;
use crate::intervals::{Span, free, holding};

/// What a search asks: the open spans of starts (seconds) at which a track meets others, for starts within a span.
pub(super) type Sky<'a> = dyn FnMut(&Track, Span, &mut Vec<Span>) + 'a;

/// At first so much is asked for, milliseconds.
const FIRST_MS: f64 = 30_000.0;

/// Numbers of milliseconds that differ by less are one.
const ROUNDING_MS: f64 = 1e-4;

/// Seconds as the milliseconds before them.
pub(super) fn floor_ms(seconds: f64) -> f64 {
    (seconds * 1000.0 + ROUNDING_MS).floor()
}

/// Seconds as the milliseconds after them.
pub(super) fn ceil_ms(seconds: f64) -> f64 {
    (seconds * 1000.0 - ROUNDING_MS).ceil()
}

/// The free starts of a track in whole milliseconds, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Starts {
    known: Option<Span>,
    free: Vec<Span>,
}

impl Starts {
    /// Those within `[from, to]` and maybe more, ascending and disjoint.
    pub(super) fn within(
        &mut self,
        (from, to): Span,
        track: &Track,
        closed: &[Span],
        sky: &mut Sky<'_>,
    ) -> &[Span] {
        let known = self.known.unwrap_or((from, from));
        let more = (known.1 - known.0).max(FIRST_MS);
        if self.known.is_none() || to > known.1 {
            let window = (known.1, to.max(known.1 + more));
            let later = free_of(window, track, closed, sky);
            append(&mut self.free, later);
            self.known = Some((known.0, window.1));
        }
        let known = self.known.unwrap_or(known);
        if from < known.0 {
            let window = (from.min(known.0 - more), known.0);
            let mut all = free_of(window, track, closed, sky);
            append(&mut all, std::mem::take(&mut self.free));
            self.free = all;
            self.known = Some((window.0, known.1));
        }
        let first = self.free.partition_point(|span| span.1 < from);
        let last = self.free.partition_point(|span| span.0 <= to);
        &self.free[first..last.max(first)]
    }

    /// All that are known, ascending and disjoint.
    pub(super) fn known(&self) -> &[Span] {
        &self.free
    }

    /// The known free span that holds an instant.
    pub(super) fn around(&self, at: f64) -> Option<Span> {
        holding(&self.free, at)
    }
}

/// Joins what is free in one window with what is free in the next.
fn append(spans: &mut Vec<Span>, later: Vec<Span>) {
    let mut later = later.into_iter().peekable();
    if let (Some(last), Some(&first)) = (spans.last_mut(), later.peek())
        && last.1 >= first.0
    {
        last.1 = first.1;
        later.next();
    }
    spans.extend(later);
}

fn free_of((from, to): Span, track: &Track, closed: &[Span], sky: &mut Sky<'_>) -> Vec<Span> {
    let mut blocked = closed.to_vec();
    sky(track, (from / 1000.0, to / 1000.0), &mut blocked);
    let outwards = |span: &Span| (floor_ms(span.0), ceil_ms(span.1));
    free(blocked.iter().map(outwards).collect(), from, to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn windows_make_up_the_whole(
            blocked in prop::collection::vec((0..400_000i32, 1..60_000i32), 0..12),
            asked in prop::collection::vec((0..400_000i32, 0..50_000i32), 1..8)
        ) {
            let spans: Vec<Span> =
                blocked.iter().map(|&(a, d)| (f64::from(a) / 1000.0, f64::from(a + d) / 1000.0)).collect();
            let track = Track::new([], 0.0);
            let mut sky = |_: &Track, window: Span, found: &mut Vec<Span>| {
                found.extend(spans.iter().filter(|s| s.0 < window.1 && window.0 < s.1));
            };
            let mut starts = Starts::default();
            for (from, lasts) in asked {
                let window = (f64::from(from), f64::from(from + lasts));
                let found: Vec<Span> = starts.within(window, &track, &[], &mut sky).to_vec();
                let clipped: Vec<Span> =
                    found.iter().map(|s| (s.0.max(window.0), s.1.min(window.1))).collect();
                let whole = spans.iter().map(|s| ((s.0 * 1000.0).round(), (s.1 * 1000.0).round())).collect();
                prop_assert_eq!(clipped, free(whole, window.0, window.1));
            }
        }
    }
}
