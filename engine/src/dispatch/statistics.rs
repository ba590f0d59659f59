//! What a batch comes to, in figures.

use std::collections::BTreeMap;

use crate::flight::{Outcome, RefusalCode};

/// The figures of a batch. Seconds, but for counts and shares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// Flights with a plan.
    pub planned: usize,
    /// Flights refused, by reason.
    pub rejected: BTreeMap<RefusalCode, usize>,
    /// From lift-off to touch-down, all flights together.
    pub flown_s: f64,
    /// How much later than alone in the sky, all flights together.
    pub delay_s: f64,
    /// The delay that 95 % of the flights do not exceed.
    pub delay_p95_s: f64,
    /// The greatest delay.
    pub delay_most_s: f64,
    /// Lower bounds of the times from earliest departure to arrival, all flights together: no plans of these flights, each
    /// alone in the sky, do better.
    pub lower_bound_s: f64,
    /// By which share the times from earliest departure to arrival exceed their lower bounds, all flights together.
    pub gap: f64,
}

impl Statistics {
    /// The figures of some outcomes. Cost: O(n log n).
    pub fn new(outcomes: &[Outcome]) -> Self {
        let mut figures = Self::default();
        let mut delays = Vec::new();
        let mut arrivals_s = 0.0;
        for outcome in outcomes {
            match outcome {
                Outcome::Rejected(refusal) => *figures.rejected.entry(refusal.code).or_default() += 1,
                Outcome::Planned(plan) => {
                    figures.flown_s += plan.duration_s;
                    figures.lower_bound_s += plan.lower_bound_s;
                    arrivals_s += plan.lower_bound_s.max(1e-3) * (1.0 + plan.gap);
                    delays.push(plan.delay_s);
                }
            }
        }
        figures.planned = delays.len();
        figures.delay_s = delays.iter().sum();
        delays.sort_by(f64::total_cmp);
        figures.delay_most_s = delays.last().copied().unwrap_or(0.0);
        figures.delay_p95_s = delays.get(nearest_rank(delays.len(), 95)).copied().unwrap_or(0.0);
        figures.gap =
            if figures.lower_bound_s > 0.0 { arrivals_s / figures.lower_bound_s - 1.0 } else { 0.0 };
        figures
    }

    /// Flights refused for whatever reason.
    pub fn refused(&self) -> usize {
        self.rejected.values().sum()
    }
}

/// The place of a percentile among so many values in ascending order (nearest rank).
fn nearest_rank(count: usize, percent: usize) -> usize {
    (count * percent).div_ceil(100).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flight::{Plan, Refusal};

    fn planned(delay_s: f64) -> Outcome {
        Outcome::Planned(Plan {
            request: "F".into(),
            trajectory: Vec::new(),
            length_m: 0.0,
            duration_s: 100.0,
            delay_s,
            energy_wh: 0.0,
            lower_bound_s: 100.0,
            gap: Plan::gap_of(100.0 + delay_s, 100.0),
            advisories: Vec::new(),
        })
    }

    #[test]
    fn the_figures_add_up() {
        let mut outcomes: Vec<Outcome> = (0..20).map(|i| planned(f64::from(i))).collect();
        outcomes.push(Outcome::Rejected(Refusal {
            request: "G".into(),
            code: RefusalCode::Traffic,
            text: String::new(),
            zones: Vec::new(),
            flights: Vec::new(),
        }));
        let figures = Statistics::new(&outcomes);
        assert_eq!((figures.planned, figures.refused()), (20, 1));
        assert_eq!(figures.rejected[&RefusalCode::Traffic], 1);
        assert_eq!((figures.flown_s, figures.delay_s), (2000.0, 190.0));
        assert_eq!((figures.delay_p95_s, figures.delay_most_s), (18.0, 19.0));
        assert_eq!(figures.lower_bound_s, 2000.0);
        assert!((figures.gap - 0.095).abs() < 1e-9);
        assert_eq!(Statistics::new(&[]), Statistics::default());
    }
}
