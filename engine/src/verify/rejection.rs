//! Promise 0 of a refusal: its code is the first that applies, as far as that can be told without planning.

use super::claims::least_duration_s;
use super::surroundings::{SunWindows, Surroundings};
use super::{Breach, DISTANCE_M, TIME_S};
use crate::aircraft::{Aircraft, Energy};
use crate::airspace::HeightBand;
use crate::flight::{Refusal, RefusalCode, Request};
use crate::frame::{Interval, LonLat};

/// An end of the flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Origin,
    Destination,
}

/// Which way every tolerance counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Towards the answer that the end is barred.
    Barred,
    /// Towards the answer that it is free.
    Free,
}

pub(super) fn check(surroundings: &Surroundings<'_>, request: &Request, refusal: &Refusal) -> Option<Breach> {
    let of_form = |text: String| Some(Breach::of_form(&request.id, text));
    let earlier = first_code(surroundings, request);
    if let Some(earlier) = earlier.filter(|earlier| *earlier < refusal.code) {
        return of_form(format!(
            "rejected as {}, but {} comes before it",
            refusal.code.as_str(),
            earlier.as_str()
        ));
    }
    let (end, name) = match refusal.code {
        RefusalCode::OriginInZone => (End::Origin, "origin"),
        RefusalCode::DestinationInZone => (End::Destination, "destination"),
        _ => return None,
    };
    let craft = surroundings.world.fleet.get(&request.aircraft)?;
    if is_barred(surroundings, request, craft, end, Doubt::Barred) {
        return None;
    }
    of_form(format!(
        "rejected as {}, but its {name} is free at a time when it could be there",
        refusal.code.as_str()
    ))
}

/// The first of the codes that can be told from request and zones alone, if one surely applies.
fn first_code(surroundings: &Surroundings<'_>, request: &Request) -> Option<RefusalCode> {
    let world = surroundings.world;
    let upside_down = request.departure.end < request.departure.start
        || request.cruise.max.metres() < request.cruise.min.metres();
    let far = [request.origin, request.destination].iter().any(|end| world.frame.check(*end).is_err());
    let Some(craft) = world.fleet.get(&request.aircraft).filter(|_| !upside_down && !far) else {
        return Some(RefusalCode::BadRequest);
    };
    let ends = [(End::Origin, RefusalCode::OriginInZone), (End::Destination, RefusalCode::DestinationInZone)];
    let barred = ends.into_iter().find(|(end, _)| is_barred(surroundings, request, craft, *end, Doubt::Free));
    barred.map(|(_, code)| code)
}

/// Does the place on the ground lie in volumes that the request may not enter, whenever the aircraft could be there?
fn is_barred(
    surroundings: &Surroundings<'_>,
    request: &Request,
    craft: &Aircraft,
    end: End,
    doubt: Doubt,
) -> bool {
    let base = request.departure.start;
    let (mut free, mut last) = (0.0, request.departure.end.seconds_since(base));
    let place = match end {
        End::Origin => request.origin,
        End::Destination => request.destination,
    };
    if end == End::Destination {
        let least = least_duration_s(surroundings, request, craft);
        free += least;
        last += least.max(endurance_s(&craft.energy, doubt));
    }
    let mut windows = barred_windows(surroundings, request, craft, place, last, doubt);
    windows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (opens, closes) in windows {
        if opens > free {
            break;
        }
        free = f64::max(free, closes);
    }
    free > last
}

/// How long the energy lasts: at the least of its powers where that frees the end, else at the greatest.
fn endurance_s(energy: &Energy, doubt: Doubt) -> f64 {
    let powers = [energy.hover_w, energy.cruise_w, energy.climb_w, energy.descent_w].into_iter();
    let power = match doubt {
        Doubt::Barred => powers.fold(f64::NEG_INFINITY, f64::max),
        Doubt::Free => powers.fold(f64::INFINITY, f64::min),
    };
    energy.usable_wh() * 3600.0 / power
}

/// When volumes bar the place, in seconds after the earliest departure.
fn barred_windows(
    surroundings: &Surroundings<'_>,
    request: &Request,
    craft: &Aircraft,
    place: LonLat,
    last_s: f64,
    doubt: Doubt,
) -> Vec<(f64, f64)> {
    let world = surroundings.world;
    let Some(ground) = world.ground.height_m(place) else { return Vec::new() };
    let (sign, sun) = match doubt {
        Doubt::Barred => (1.0, SunWindows::Longer),
        Doubt::Free => (-1.0, SunWindows::Shorter),
    };
    let (reach, height) =
        (craft.clearance_m + sign * DISTANCE_M, craft.vertical_clearance_m + sign * DISTANCE_M);
    let heights = HeightBand {
        low_m: ground - height,
        high_m: ground + height,
        ground_low_m: ground,
        ground_high_m: ground,
    };
    let start = request.departure.start;
    let during = Interval::new(start, start.plus_millis((last_s.clamp(0.0, 1e12) * 1000.0).ceil() as i64));
    let at = world.frame.to_plane(place);
    let near =
        surroundings.near(place, place, reach.max(0.0), heights, during).into_iter().filter(|volume| {
            let is_near = |nearest: super::shape::Nearest| nearest.distance_m <= reach;
            volume.is_barred(request)
                && surroundings
                    .shape(volume)
                    .nearest(&world.frame, at, at, reach + DISTANCE_M)
                    .is_some_and(is_near)
        });
    near.flat_map(|volume| volume.windows_s(start, during, sun))
        .map(|(opens, closes)| (opens - sign * TIME_S, closes + sign * TIME_S))
        .collect()
}
