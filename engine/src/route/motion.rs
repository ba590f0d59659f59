//! How fast an aircraft moves over the ground at one height: its airspeed and the wind there.

use crate::frame::{Frame, Xy};
use crate::weather::Wind;

/// Level flight at an airspeed in a steady wind that is weaker.
///
/// The time along a straight line is a convex gauge of its vector, so the shortest paths in time bend at corners alone,
/// and no way is quicker than the straight line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Motion {
    airspeed_m_s: f64,
    /// East and north in m/s; the frame's north, as the trajectory's speeds are measured in it.
    wind: (f64, f64),
}

impl Motion {
    /// Flight at a height above flat ground; `None` if the wind there is too strong to stand against.
    pub(super) fn at(height_m: f64, airspeed_m_s: f64, wind: &Wind) -> Option<Self> {
        let wind = wind.velocity_at(height_m);
        (wind.0.hypot(wind.1) < airspeed_m_s - 0.1).then_some(Self { airspeed_m_s, wind })
    }

    pub(super) fn is_calm(&self) -> bool {
        self.wind == (0.0, 0.0)
    }

    /// Do both fly in the same wind?
    pub(super) fn has_wind_of(&self, other: &Self) -> bool {
        self.wind == other.wind
    }

    /// Metres a second over the ground on the way from one point to another.
    pub(super) fn ground_speed_m_s(&self, from: Xy, to: Xy) -> f64 {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = dx.hypot(dy);
        if length == 0.0 || self.is_calm() {
            return self.airspeed_m_s;
        }
        let along = (dx * self.wind.0 + dy * self.wind.1) / length;
        let across = (dx * self.wind.1 - dy * self.wind.0) / length;
        along + (self.airspeed_m_s * self.airspeed_m_s - across * across).sqrt()
    }

    /// Seconds along a straight line.
    pub(super) fn seconds(&self, frame: &Frame, from: Xy, to: Xy) -> f64 {
        frame.length(from, to) / self.ground_speed_m_s(from, to)
    }

    /// No way between two points takes less, in seconds.
    pub(super) fn least_seconds(&self, from: Xy, to: Xy) -> f64 {
        /// The greatest scale of the plane within reach: a metre in it is at least this part of one on the ground.
        const SCALE: f64 = 1.0006;
        (to.x - from.x).hypot(to.y - from.y) / SCALE / self.ground_speed_m_s(from, to) * (1.0 - 1e-6)
    }
}

/// The fastest that a column up to a height can be flown, in m/s: the airspeed has to hold the place against the wind of
/// every layer on the way as well. `None` if it cannot.
pub(super) fn vertical_m_s(limit_m_s: f64, airspeed_m_s: f64, top_m: f64, wind: &Wind) -> Option<f64> {
    let layers = wind.layers().iter().filter(|layer| layer.above_agl_m <= top_m).map(|layer| layer.speed_m_s);
    let strongest = layers.fold(0.0, f64::max);
    let spare = airspeed_m_s * airspeed_m_s - strongest * strongest;
    (spare > 0.0).then(|| limit_m_s.min(spare.sqrt())).filter(|&speed| speed > 0.1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::weather::WindLayer;

    fn blowing(speed_m_s: f64, from_deg: f64) -> Wind {
        Wind::new(vec![WindLayer { above_agl_m: f64::NEG_INFINITY, speed_m_s, from_deg }]).unwrap()
    }

    #[test]
    fn a_tail_wind_helps_and_a_head_wind_hinders() {
        let at = |x, y| Xy { x, y };
        let motion = Motion::at(60.0, 15.0, &blowing(5.0, 270.0)).unwrap();
        assert!((motion.ground_speed_m_s(at(0.0, 0.0), at(9.0, 0.0)) - 20.0).abs() < 1e-12);
        assert!((motion.ground_speed_m_s(at(9.0, 0.0), at(0.0, 0.0)) - 10.0).abs() < 1e-12);
        assert!((motion.ground_speed_m_s(at(0.0, 0.0), at(0.0, 9.0)) - 200.0_f64.sqrt()).abs() < 1e-12);
        assert!(Motion::at(60.0, 15.0, &blowing(15.0, 0.0)).is_none());
    }

    proptest! {
        #[test]
        fn the_velocity_through_the_air_is_the_airspeed(
            speed in 0.0..14.0_f64, from in 0.0..360.0_f64, x in -1e4..1e4_f64, y in 1.0..1e4_f64
        ) {
            let wind = blowing(speed, from);
            let motion = Motion::at(60.0, 15.0, &wind).unwrap();
            let ground = motion.ground_speed_m_s(Xy { x: 0.0, y: 0.0 }, Xy { x, y });
            let (east, north) = wind.velocity_at(60.0);
            let length = x.hypot(y);
            let air = (ground * x / length - east).hypot(ground * y / length - north);
            prop_assert!((air - 15.0).abs() < 1e-9);
        }
    }
}
