//! Does a request make sense, are its ends free, and can its band be reached above them?

use super::pad::Pad;
use super::planner::Planner;
use super::refuse;
use super::task::Task;
use super::tube::to_millimetre;
use crate::aircraft::Aircraft;
use crate::flight::{Refusal, RefusalCode, Request};
use crate::frame::{Frame, Xy};
use crate::intervals::Span;

/// No flight stays in the air for longer than this, whatever its energy.
const LONGEST_FLIGHT_S: f64 = 7.0 * 86_400.0;

/// A request whose aircraft, window and band make sense.
pub(super) struct Sensible<'a> {
    pub(super) request: &'a Request,
    pub(super) aircraft: &'a Aircraft,
    /// Where it takes off, and the ground there in metres AMSL.
    pub(super) origin: (Xy, f64),
    /// Likewise where it lands.
    pub(super) destination: (Xy, f64),
    /// Seconds from the earliest to the latest departure.
    pub(super) window_s: f64,
    pub(super) horizon_s: f64,
    pub(super) lowest_m: f64,
    pub(super) highest_m: f64,
}

impl Planner<'_> {
    /// The request with what it means in this world, or why it makes no sense.
    pub(super) fn sensible<'a>(&'a self, request: &'a Request) -> Result<Sensible<'a>, Box<Refusal>> {
        let bad = |text: String| refuse::bad_request(request, text);
        let Some(aircraft) = self.world().fleet.get(&request.aircraft) else {
            let known: Vec<&str> = self.world().fleet.keys().map(String::as_str).collect();
            return Err(bad(format!(
                "aircraft {:?} is not known; there is {}",
                request.aircraft,
                known.join(", ")
            )));
        };
        let (window, band) = (request.departure, request.cruise);
        if window.end < window.start {
            return Err(bad("the latest departure is before the earliest".into()));
        }
        if band.max.metres() < band.min.metres() {
            let (min, max) = (band.min.metres(), band.max.metres());
            return Err(bad(format!("the cruise band is upside down: from {min} m to {max} m")));
        }
        let end = |name: &str, place| {
            let at = self.frame().to_plane(place);
            let away = at.x.hypot(at.y);
            if away > Frame::REACH_M {
                let most = Frame::REACH_M / 1000.0;
                return Err(bad(format!(
                    "the {name} is {:.0} km from the centre of the area, at most {most:.0} km",
                    away / 1000.0
                )));
            }
            match self.world().ground.height_m(place) {
                Some(ground_m) => Ok((at, ground_m)),
                None => Err(bad(format!("the terrain has no height at the {name}"))),
            }
        };
        let endurance_s = aircraft.energy.greatest_endurance_s();
        let window_s = window.end.seconds_since(window.start);
        if !window_s.is_finite() || !endurance_s.is_finite() {
            return Err(bad("the departure window or the endurance has no end".into()));
        }
        Ok(Sensible {
            request,
            aircraft,
            origin: end("origin", request.origin)?,
            destination: end("destination", request.destination)?,
            window_s,
            horizon_s: window_s + endurance_s.clamp(0.0, LONGEST_FLIGHT_S),
            lowest_m: lowest_m(request, aircraft),
            highest_m: band.max.metres(),
        })
    }

    /// Refuses ends that lie in a barrier whenever the aircraft could be there, and bands that cannot be reached.
    pub(super) fn check_ends(&self, flight: &Sensible<'_>, task: &Task<'_>) -> Result<(), Box<Refusal>> {
        let request = flight.request;
        let closed =
            |pad: &Pad, during: Span| pad.free_on_ground(during).is_empty().then(|| pad.closing_ground());
        if let Some(by) = closed(&task.origin, (0.0, flight.window_s)) {
            return Err(refuse::end_in_zone(self.volumes(), request, RefusalCode::OriginInZone, &by));
        }
        let least_s = self.least_duration_s(flight, task);
        let last_s = flight.horizon_s.max(flight.window_s + least_s);
        if let Some(by) = closed(&task.destination, (least_s, last_s)) {
            return Err(refuse::end_in_zone(self.volumes(), request, RefusalCode::DestinationInZone, &by));
        }
        let lowest = flight.lowest_m;
        if lowest > flight.highest_m {
            return Err(refuse::band_below_clearance(request, flight.aircraft.vertical_clearance_m));
        }
        if task.columns_s(lowest, lowest).is_none() {
            return Err(refuse::wind(request, lowest, self.world().wind.greatest_m_s()));
        }
        for (name, pad, times) in [
            ("origin", &task.origin, task.lift_off(lowest)),
            ("destination", &task.destination, task.landing(lowest)),
        ] {
            if times.is_empty() {
                let by = pad.closing_below(lowest);
                return Err(refuse::ceiling(self.volumes(), request, name, lowest, &by));
            }
        }
        Ok(())
    }

    /// No flight takes less: the straight line at the speed limit with the strongest wind behind, and the columns.
    fn least_duration_s(&self, flight: &Sensible<'_>, task: &Task<'_>) -> f64 {
        let limit = flight.aircraft.speed_limit_m_s(flight.request.mission);
        let fastest = limit + self.world().wind.greatest_m_s();
        let straight = self.frame().length(flight.origin.0, flight.destination.0) / fastest;
        if !flight.aircraft.can_hover {
            return straight;
        }
        let up_m = (flight.lowest_m - task.origin.from_m).max(0.0);
        straight + up_m / task.climb_m_s + flight.lowest_m / task.descent_m_s
    }
}

/// The lowest height of the band that keeps clear of the ground, in whole millimetres if there is one.
fn lowest_m(request: &Request, aircraft: &Aircraft) -> f64 {
    let lowest = request.cruise.min.metres().max(aircraft.vertical_clearance_m);
    let rounded = to_millimetre(lowest);
    if rounded <= request.cruise.max.metres() { rounded } else { lowest }
}
