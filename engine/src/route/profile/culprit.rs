//! The barriers that close a corridor together.

use super::corridor::clip;
use super::{Blocked, Crossing, Problem, is_open};

/// A smallest set, in the sense that none of it can be spared, of barriers without a profile; those met up to
/// `reach_m`, as far as the corridor leads, are enough.
///
/// Cost: O(k log(n / k)) corridors for k barriers found among n (Junker, "QuickXplain", AAAI 2004).
pub(super) fn blocked(problem: &Problem<'_>, reach_m: f64) -> Blocked {
    let crossings: Vec<&Crossing> = problem.crossings.iter().filter(|c| clip(c, reach_m).is_some()).collect();
    // The nearest to where the corridor ends first: the first of several equal sets is found.
    let mut nearest: Vec<(f64, usize)> = crossings.iter().map(|c| (c.from_m, c.barrier)).collect();
    nearest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut barriers: Vec<usize> = Vec::new();
    for (_, barrier) in nearest {
        if !barriers.contains(&barrier) {
            barriers.push(barrier);
        }
    }
    let is_open = |among: &[usize]| {
        let left: Vec<&Crossing> = problem.crossings.iter().filter(|c| among.contains(&c.barrier)).collect();
        is_open(problem, &left)
    };
    if !is_open(&[]) {
        return Blocked::Ground;
    }
    let mut found = least(&is_open, &mut Vec::new(), false, &barriers);
    found.sort_unstable();
    Blocked::Barriers(found)
}

/// What must be added of `among` to `known` to close the corridor; `grown` says that `known` is new.
fn least(
    is_open: &impl Fn(&[usize]) -> bool,
    known: &mut Vec<usize>,
    grown: bool,
    among: &[usize],
) -> Vec<usize> {
    if grown && !is_open(known) {
        return Vec::new();
    }
    if among.len() <= 1 {
        return among.to_vec();
    }
    let (first, second) = among.split_at(among.len() / 2);
    let mark = known.len();
    known.extend_from_slice(first);
    let mut found = least(is_open, known, true, second);
    known.truncate(mark);
    known.extend_from_slice(&found);
    let rest = least(is_open, known, !found.is_empty(), first);
    known.truncate(mark);
    found.extend(rest);
    found
}
