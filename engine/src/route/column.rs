//! Take-off and landing columns: when may one be begun?

use super::barrier::Barrier;
use super::intervals::{Span, free};

/// Which way a column is flown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// The times at which a column between the ground and `top_m` may be begun within `[from, to]`, at a steady vertical
/// speed, among the barriers around it.
///
/// A barrier occupies the heights of the column between `a` and `b` seconds after its start; closed from `o` to `c`, it
/// blocks the starts in `(o - b, c - a)`.
pub(super) fn starts(
    around: &[&Barrier],
    way: Way,
    top_m: f64,
    speed_m_s: f64,
    from: f64,
    to: f64,
) -> Vec<Span> {
    let mut blocked = Vec::new();
    for barrier in around.iter().filter(|barrier| barrier.stands_below(top_m)) {
        let (low, high) = (barrier.low_m.max(0.0), barrier.high_m.min(top_m));
        let (a, b) = match way {
            Way::Up => (low / speed_m_s, high / speed_m_s),
            Way::Down => ((top_m - high) / speed_m_s, (top_m - low) / speed_m_s),
        };
        blocked.extend(barrier.windows().into_iter().map(|(opens, closes)| (opens - b, closes - a)));
    }
    free(blocked, from, to)
}

#[cfg(test)]
mod tests {
    use super::super::barrier::When;
    use super::*;

    #[test]
    fn a_zone_above_the_pad_blocks_the_starts_that_would_meet_it() {
        let zone = Barrier { volume: 0, low_m: 30.0, high_m: 60.0, when: When::At(vec![(100.0, 200.0)]) };
        let up = starts(&[&zone], Way::Up, 90.0, 3.0, 0.0, 500.0);
        assert_eq!(up, [(0.0, 80.0), (190.0, 500.0)]);
        let down = starts(&[&zone], Way::Down, 90.0, 3.0, 0.0, 500.0);
        assert_eq!(down, [(0.0, 80.0), (190.0, 500.0)]);
        assert_eq!(starts(&[&zone], Way::Up, 30.0, 3.0, 0.0, 500.0), [(0.0, 500.0)]);
    }
}
