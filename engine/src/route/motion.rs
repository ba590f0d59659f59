//! How fast an aircraft moves over the ground: its airspeed, the wind, the slope.

use crate::frame::{Frame, Xy};
use crate::plane::Gauge;
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
    /// Flight at a height above ground; `None` if the wind there is too strong to stand against.
    pub(super) fn at(height_m: f64, airspeed_m_s: f64, wind: &Wind) -> Option<Self> {
        Self::of(airspeed_m_s, wind.velocity_at(height_m))
    }

    /// Flight in a wind, east and north in m/s; `None` if it is too strong to stand against.
    pub(super) fn of(airspeed_m_s: f64, wind: (f64, f64)) -> Option<Self> {
        (wind.0.hypot(wind.1) < airspeed_m_s - 0.1).then_some(Self { airspeed_m_s, wind })
    }

    /// The same in a share of the airspeed.
    pub(super) fn slowed(&self, share: f64) -> Self {
        let strongest = self.wind.0.hypot(self.wind.1);
        Self { airspeed_m_s: (self.airspeed_m_s * share).max(strongest + 0.1), ..*self }
    }

    pub(super) fn is_calm(&self) -> bool {
        self.wind == (0.0, 0.0)
    }

    /// Metres a second over the ground on the way from one point to another.
    pub(super) fn ground_speed_m_s(&self, from: Xy, to: Xy) -> f64 {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        if self.is_calm() {
            return self.airspeed_m_s;
        }
        let length = (dx * dx + dy * dy).sqrt();
        if length == 0.0 {
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
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        (dx * dx + dy * dy).sqrt() / SCALE / self.ground_speed_m_s(from, to) * (1.0 - 1e-6)
    }
}

impl Gauge for Motion {
    fn length(&self, from: Xy, to: Xy) -> f64 {
        (to.x - from.x).hypot(to.y - from.y) / self.ground_speed_m_s(from, to)
    }
}

/// Flight along slopes: the airspeed, vertical part included, in each wind that it may meet, and the limits of climb and
/// descent.
#[derive(Debug, Clone)]
pub(super) struct Slopes {
    pub(super) airspeed_m_s: f64,
    pub(super) climb_m_s: f64,
    pub(super) descent_m_s: f64,
    /// East and north in m/s.
    pub(super) winds: Vec<(f64, f64)>,
}

impl Slopes {
    /// The greatest speed over the ground in a direction (of any length) on a slope (metres up a metre of way); 0 if
    /// there is none.
    ///
    /// For a unit vector `d`, slope `m` and wind `w` the airspeed bounds the speed `u` by `|u d - w|^2 + (u m)^2 <= v^2`.
    pub(super) fn ground_speed_m_s(&self, direction: (f64, f64), slope: f64) -> f64 {
        let length = direction.0.hypot(direction.1);
        let mut speed = if slope > 0.0 {
            self.climb_m_s / slope
        } else if slope < 0.0 {
            self.descent_m_s / -slope
        } else {
            f64::INFINITY
        };
        let steep = 1.0 + slope * slope;
        for wind in self.winds.iter().chain(self.winds.is_empty().then_some(&(0.0, 0.0))) {
            let along =
                if length > 0.0 { (direction.0 * wind.0 + direction.1 * wind.1) / length } else { 0.0 };
            let spare = self.airspeed_m_s * self.airspeed_m_s - wind.0 * wind.0 - wind.1 * wind.1;
            let root = (along * along + steep * spare).max(0.0).sqrt();
            speed = speed.min((along + root) / steep);
        }
        speed.max(0.0)
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
        fn on_a_slope_the_airspeed_and_the_climb_are_at_their_limit_and_never_beyond(
            winds in prop::collection::vec((-8.0..8.0_f64, -8.0..8.0_f64), 0..3),
            x in -1.0..1.0_f64, y in 0.01..1.0_f64, slope in -2.0..2.0_f64
        ) {
            let slopes = Slopes { airspeed_m_s: 15.0, climb_m_s: 3.0, descent_m_s: 2.5, winds: winds.clone() };
            let speed = slopes.ground_speed_m_s((x, y), slope);
            let length = x.hypot(y);
            let air = |(e, n): (f64, f64)| {
                (speed * x / length - e).hypot(speed * y / length - n).hypot(speed * slope)
            };
            let fastest = winds.iter().copied().chain([(0.0, 0.0)].into_iter().filter(|_| winds.is_empty())).map(air);
            let fastest = fastest.fold(0.0, f64::max);
            let rate = speed * slope;
            prop_assert!(fastest < 15.0 + 1e-9 && (-2.5 - 1e-9..3.0 + 1e-9).contains(&rate));
            prop_assert!(fastest > 15.0 - 1e-6 || !(-2.5 + 1e-6..=3.0 - 1e-6).contains(&rate));
        }

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
