//! What a city sets for its flights.

use tianlu_engine::world::Separation;

/// How far a flight may be from its plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conformance {
    /// Metres over the ground.
    pub horizontal_m: f64,
    /// Metres in height.
    pub vertical_m: f64,
    /// Seconds early or late.
    pub time_s: f64,
}

impl Conformance {
    /// A quarter of the separation in place, and its `time_s` in time.
    pub fn of(separation: &Separation) -> Self {
        Self {
            horizontal_m: separation.horizontal_m / 4.0,
            vertical_m: separation.vertical_m / 4.0,
            time_s: separation.time_s,
        }
    }

    /// Two flights that are within it are apart: twice it stays below the separation.
    pub fn keeps(&self, separation: &Separation) -> bool {
        let below =
            |volume: f64, separation: f64| volume >= 0.0 && (2.0 * volume < separation || volume == 0.0);
        below(self.horizontal_m, separation.horizontal_m)
            && below(self.vertical_m, separation.vertical_m)
            && (0.0..=separation.time_s).contains(&self.time_s)
    }
}

/// What a city sets for its flights.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// How far a flight may be from its plan.
    pub conformance: Conformance,
    /// A flight in the air keeps its plan for so many seconds after a change.
    pub reaction_s: f64,
    /// A flight that has not been activated so many seconds after its lift-off is cancelled; one that has landed by its
    /// plan so many seconds ago has ended.
    pub expiry_s: f64,
    /// Requests with a higher priority take the scope `emergency`.
    pub open_priority: i32,
    /// Flights that have ended are kept for so many seconds.
    pub kept_s: f64,
    /// So many events are kept.
    pub kept_events: u64,
}

impl Rules {
    /// The usual ones for a separation.
    pub fn of(separation: &Separation) -> Self {
        Self {
            conformance: Conformance::of(separation),
            reaction_s: 10.0,
            expiry_s: 300.0,
            open_priority: 0,
            kept_s: 86_400.0,
            kept_events: 1_000_000,
        }
    }
}
