//! The aircraft of the scenarios.

use serde_json::{Value, json};

/// Aircraft by name, as a scenario file has them: figures for demonstration, of no product.
pub(crate) fn fleet() -> [(&'static str, Value); 3] {
    let battery = |capacity_wh: f64, hover_w: f64, cruise_w: f64, climb_w: f64, descent_w: f64| {
        json!({
            "source": "battery", "capacity_wh": capacity_wh, "reserve_fraction": 0.2,
            "hover_w": hover_w, "cruise_w": cruise_w, "climb_w": climb_w, "descent_w": descent_w,
        })
    };
    let quad = json!({
        "kind": "multirotor", "can_hover": true,
        "cruise_m_s": 15.0, "max_airspeed_m_s": 20.0, "climb_m_s": 3.0, "descent_m_s": 2.5,
        "min_turn_radius_m": 0.0, "clearance_m": 10.0, "vertical_clearance_m": 5.0,
        "energy": battery(2400.0, 1400.0, 1100.0, 1700.0, 1000.0),
    });
    let courier = json!({
        "kind": "multirotor", "can_hover": true,
        "cruise_m_s": 12.0, "max_airspeed_m_s": 15.0, "climb_m_s": 3.0, "descent_m_s": 2.5,
        "min_turn_radius_m": 0.0, "clearance_m": 10.0, "vertical_clearance_m": 5.0,
        "energy": battery(300.0, 500.0, 400.0, 600.0, 350.0),
    });
    let vtol = json!({
        "kind": "vtol", "can_hover": true,
        "cruise_m_s": 25.0, "max_airspeed_m_s": 32.0, "climb_m_s": 4.0, "descent_m_s": 3.0,
        "min_turn_radius_m": 60.0, "clearance_m": 20.0, "vertical_clearance_m": 8.0,
        "energy": {
            "source": "fuel_cell", "capacity_g": 180.0, "g_per_wh": 0.06, "reserve_fraction": 0.2,
            "hover_w": 3200.0, "cruise_w": 900.0, "climb_w": 3400.0, "descent_w": 2400.0,
        },
    });
    [("quad", quad), ("courier", courier), ("vtol", vtol)]
}
