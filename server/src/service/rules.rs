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

    /// Does it keep flights apart? Two that are within it are, as long as one is not later than the other by more than the
    /// separation's time: twice it stays below the separation.
    ///
    /// # Errors
    /// The option of `tianlu serve` that has to be another, with what is expected.
    pub fn check(&self, separation: &Separation) -> Result<(), String> {
        for (option, found, apart) in [
            ("horizontal-m", self.horizontal_m, separation.horizontal_m),
            ("vertical-m", self.vertical_m, separation.vertical_m),
        ] {
            if !(found == 0.0 || (found > 0.0 && 2.0 * found < apart)) {
                return Err(format!(
                    "--conformance-{option}: found {found}, expected less than half of the separation's {apart}"
                ));
            }
        }
        if !(0.0..=separation.time_s).contains(&self.time_s) {
            let (found, most) = (self.time_s, separation.time_s);
            return Err(format!(
                "--conformance-time-s: found {found}, expected 0 to the separation's {most}"
            ));
        }
        Ok(())
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
