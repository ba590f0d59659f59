//! What an aircraft can do, and what energy that takes.

use crate::airspace::Mission;

/// The build of an aircraft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AircraftKind {
    /// Rotors alone.
    Multirotor,
    /// Takes off upright, flies on wings.
    Vtol,
    /// Wings alone.
    FixedWing,
}

impl AircraftKind {
    /// The spelling of the scenario files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Multirotor => "multirotor",
            Self::Vtol => "vtol",
            Self::FixedWing => "fixed_wing",
        }
    }

    /// From the spelling of the scenario files.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Multirotor, Self::Vtol, Self::FixedWing].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where the energy comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EnergySource {
    /// A battery of so many watt-hours.
    Battery {
        /// Watt-hours when full.
        capacity_wh: f64,
    },
    /// A hydrogen fuel cell.
    FuelCell {
        /// Grams of hydrogen when full.
        capacity_g: f64,
        /// Grams burnt for a watt-hour.
        g_per_wh: f64,
    },
}

/// The energy on board and the power that each phase of flight takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    /// Where it comes from.
    pub source: EnergySource,
    /// The share that must be left on landing, 0 to 1.
    pub reserve_fraction: f64,
    /// Watts while hovering: below 0.1 m/s over the ground, neither climbing nor descending.
    pub hover_w: f64,
    /// Watts in cruise up to the cruise airspeed.
    pub cruise_w: f64,
    /// Watts while climbing faster than 0.1 m/s.
    pub climb_w: f64,
    /// Watts while descending faster than 0.1 m/s.
    pub descent_w: f64,
}

/// Slower than this counts as no motion, up and down or over the ground.
pub const STILL_M_S: f64 = 0.1;

impl Energy {
    /// Watt-hours that a flight may use.
    pub fn usable_wh(&self) -> f64 {
        let capacity = match self.source {
            EnergySource::Battery { capacity_wh } => capacity_wh,
            EnergySource::FuelCell { capacity_g, g_per_wh } => capacity_g / g_per_wh,
        };
        capacity * (1.0 - self.reserve_fraction)
    }

    /// Watts at a vertical speed, a speed over the ground and an airspeed, for an aircraft that cruises at `cruise_m_s`.
    pub fn power_w(&self, climb_m_s: f64, ground_speed_m_s: f64, airspeed_m_s: f64, cruise_m_s: f64) -> f64 {
        if climb_m_s > STILL_M_S {
            self.climb_w
        } else if climb_m_s < -STILL_M_S {
            self.descent_w
        } else if ground_speed_m_s < STILL_M_S {
            self.hover_w
        } else {
            self.cruise_w * (airspeed_m_s / cruise_m_s).max(1.0).powi(3)
        }
    }

    /// How long the usable energy lasts at the least of its powers, seconds.
    pub fn greatest_endurance_s(&self) -> f64 {
        let least = self.hover_w.min(self.cruise_w).min(self.climb_w).min(self.descent_w);
        self.usable_wh() * 3600.0 / least
    }
}

/// The performance of an aircraft. Readers check that every number is finite and in its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Aircraft {
    /// The build.
    pub kind: AircraftKind,
    /// May it stand in the air over one place?
    pub can_hover: bool,
    /// The airspeed limit of most flights, m/s, positive.
    pub cruise_m_s: f64,
    /// The airspeed limit of emergency and rescue flights, m/s, positive.
    pub max_airspeed_m_s: f64,
    /// The greatest rate of climb, m/s, positive.
    pub climb_m_s: f64,
    /// The greatest rate of descent, m/s, positive.
    pub descent_m_s: f64,
    /// The tightest turn, metres; 0 for any.
    pub min_turn_radius_m: f64,
    /// Horizontal distance to keep from zones and obstacles, metres, not negative.
    pub clearance_m: f64,
    /// Vertical distance to keep from zones, obstacles and the ground, metres, not negative.
    pub vertical_clearance_m: f64,
    /// Energy on board.
    pub energy: Energy,
}

impl Aircraft {
    /// The airspeed that a flight of this mission may not exceed, m/s.
    pub fn speed_limit_m_s(&self, mission: Mission) -> f64 {
        if mission.is_urgent() { self.max_airspeed_m_s } else { self.cruise_m_s }
    }
}
