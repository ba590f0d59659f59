//! The aircraft of the bundled airspace, and how far apart flights stay in it.

use std::collections::BTreeMap;

use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::world::Separation;

/// A quadcopter and a larger aircraft that takes off upright, by name, in figures usual for their kinds.
///
/// ```
/// let fleet = tianlu_airspace_data::bundled::jiaxing_fleet();
/// assert_eq!(fleet["quad"].cruise_m_s, 15.0);
/// ```
pub fn jiaxing_fleet() -> BTreeMap<String, Aircraft> {
    let quad = Aircraft {
        kind: AircraftKind::Multirotor,
        can_hover: true,
        cruise_m_s: 15.0,
        max_airspeed_m_s: 20.0,
        climb_m_s: 3.0,
        descent_m_s: 2.5,
        min_turn_radius_m: 0.0,
        clearance_m: 10.0,
        vertical_clearance_m: 5.0,
        energy: Energy {
            source: EnergySource::Battery { capacity_wh: 2400.0 },
            reserve_fraction: 0.2,
            hover_w: 1400.0,
            cruise_w: 1100.0,
            climb_w: 1700.0,
            descent_w: 1000.0,
        },
    };
    let vtol = Aircraft {
        kind: AircraftKind::Vtol,
        can_hover: true,
        cruise_m_s: 25.0,
        max_airspeed_m_s: 32.0,
        climb_m_s: 4.0,
        descent_m_s: 3.0,
        min_turn_radius_m: 60.0,
        clearance_m: 20.0,
        vertical_clearance_m: 8.0,
        energy: Energy {
            source: EnergySource::FuelCell { capacity_g: 180.0, g_per_wh: 0.06 },
            reserve_fraction: 0.2,
            hover_w: 3200.0,
            cruise_w: 900.0,
            climb_w: 3400.0,
            descent_w: 2400.0,
        },
    };
    BTreeMap::from([("quad".to_owned(), quad), ("vtol".to_owned(), vtol)])
}

/// How far apart flights stay over Jiaxing.
pub const fn jiaxing_separation() -> Separation {
    Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 }
}
