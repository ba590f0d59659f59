//! Does a request make sense, are its ends free, and can its band be reached above them?

use super::barrier::Barrier;
use super::intervals::free;
use super::level::Task;
use super::planner::{Planner, to_millimetre};
use super::refuse;
use crate::aircraft::Aircraft;
use crate::flight::{Refusal, RefusalCode, Request};
use crate::frame::{Frame, Xy};

/// No flight stays in the air for longer than this, whatever its energy.
const LONGEST_FLIGHT_S: f64 = 7.0 * 86_400.0;

/// A request whose aircraft, window and band make sense.
pub(super) struct Sensible<'a> {
    pub(super) request: &'a Request,
    pub(super) aircraft: &'a Aircraft,
    pub(super) origin: Xy,
    pub(super) destination: Xy,
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
        if !aircraft.can_hover {
            return Err(bad(format!(
                "{:?} cannot hover; sloped take-off and landing are not planned yet",
                request.aircraft
            )));
        }
        if !self.world().ground.is_flat() {
            return Err(bad("flights over terrain are not planned yet".into()));
        }
        let end = |name: &str, place| {
            let at = self.frame().to_plane(place);
            let away = at.x.hypot(at.y);
            if away <= Frame::REACH_M {
                Ok(at)
            } else {
                let most = Frame::REACH_M / 1000.0;
                Err(bad(format!(
                    "the {name} is {:.0} km from the centre of the area, at most {most:.0} km",
                    away / 1000.0
                )))
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
        if let Some(by) = closed(&task.around_origin, 0.0, flight.window_s) {
            return Err(refuse::end_in_zone(self.volumes(), request, RefusalCode::OriginInZone, &by));
        }
        let least_s = self.least_duration_s(flight, task);
        let last_s = flight.horizon_s.max(flight.window_s + least_s);
        if let Some(by) = closed(&task.around_destination, least_s, last_s) {
            return Err(refuse::end_in_zone(self.volumes(), request, RefusalCode::DestinationInZone, &by));
        }
        let lowest = flight.lowest_m;
        if lowest > flight.highest_m {
            return Err(refuse::band_below_clearance(request, flight.aircraft.vertical_clearance_m));
        }
        if task.columns_s(lowest).is_none() {
            return Err(refuse::wind(request, lowest, self.world().wind.greatest_m_s()));
        }
        let below = |around: &[&Barrier]| -> Vec<u32> {
            around.iter().filter(|b| b.stands_below(lowest)).map(|b| b.volume).collect()
        };
        if task.lift_off(lowest).is_empty() {
            return Err(refuse::ceiling(
                self.volumes(),
                request,
                "origin",
                lowest,
                &below(&task.around_origin),
            ));
        }
        if task.landing(lowest).is_empty() {
            return Err(refuse::ceiling(
                self.volumes(),
                request,
                "destination",
                lowest,
                &below(&task.around_destination),
            ));
        }
        Ok(())
    }

    /// No flight takes less: the straight line at the speed limit with the strongest wind behind, and the columns.
    fn least_duration_s(&self, flight: &Sensible<'_>, task: &Task<'_>) -> f64 {
        let limit = flight.aircraft.speed_limit_m_s(flight.request.mission);
        let fastest = limit + self.world().wind.greatest_m_s();
        let straight = self.frame().length(flight.origin, flight.destination) / fastest;
        straight + flight.lowest_m / task.climb_m_s + flight.lowest_m / task.descent_m_s
    }
}

/// The barriers that close the ground at an end, if between them they do so all the time.
fn closed<'b>(around: &[&'b Barrier], from_s: f64, to_s: f64) -> Option<Vec<&'b Barrier>> {
    let on_ground: Vec<&Barrier> = around.iter().copied().filter(|barrier| barrier.closes_ground()).collect();
    let blocked = on_ground.iter().flat_map(|barrier| barrier.windows()).collect();
    free(blocked, from_s, to_s).is_empty().then_some(on_ground)
}

/// The lowest height of the band that keeps clear of the ground, in whole millimetres if there is one.
fn lowest_m(request: &Request, aircraft: &Aircraft) -> f64 {
    let lowest = request.cruise.min.metres().max(aircraft.vertical_clearance_m);
    let rounded = to_millimetre(lowest);
    if rounded <= request.cruise.max.metres() { rounded } else { lowest }
}
