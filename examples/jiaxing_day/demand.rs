//! Who flies where and when on a day in Jiaxing.

use tianlu_airspace_data::bundled::{Site, jiaxing_sites, jiaxing_zones};
use tianlu_engine::airspace::{Entry, HeightBand, Mission, Rights, VolumeIndex};
use tianlu_engine::frame::{Frame, Interval, LonLat, Xy};
use tianlu_suite::numbers::Numbers;

/// What a flight is for.
pub(crate) struct Purpose {
    /// Out of a thousand flights.
    share: usize,
    /// Kinds of the sites that they serve.
    kinds: &'static [&'static str],
    /// From a site to another, or to a place in the country around it at such distances.
    to: To,
    /// Flights per hour of the day, from 06:00 to 22:00, in proportion.
    by_hour: [u8; 16],
    pub(crate) mission: Mission,
    pub(crate) priority: i32,
    pub(crate) aircraft: &'static str,
    /// How long it may wait, minutes.
    pub(crate) patience_min: u32,
}

enum To {
    Site(&'static [&'static str]),
    Around { least_m: f64, most_m: f64 },
}

/// Parcels and meals, with peaks at noon and in the evening; freight between depots; blood and samples in the morning;
/// inspections by daylight; rescue at any time.
const PURPOSES: [Purpose; 6] = [
    Purpose {
        share: 800,
        kinds: &["logistics", "port", "hospital", "blood_centre", "rescue"],
        to: To::Around { least_m: 1000.0, most_m: 8000.0 },
        by_hour: [1, 3, 5, 6, 8, 16, 18, 9, 6, 6, 8, 17, 19, 12, 6, 2],
        mission: Mission::Logistics,
        priority: 0,
        aircraft: "quad",
        patience_min: 20,
    },
    Purpose {
        share: 60,
        kinds: &["logistics", "port"],
        to: To::Site(&["logistics", "port"]),
        by_hour: [8, 9, 9, 8, 7, 6, 6, 7, 8, 8, 8, 7, 6, 6, 8, 9],
        mission: Mission::Logistics,
        priority: 0,
        aircraft: "vtol",
        patience_min: 30,
    },
    Purpose {
        share: 80,
        kinds: &["hospital", "blood_centre"],
        to: To::Site(&["hospital", "blood_centre"]),
        by_hour: [2, 6, 14, 16, 14, 9, 6, 8, 10, 9, 7, 5, 3, 2, 2, 1],
        mission: Mission::Logistics,
        priority: 10,
        aircraft: "vtol",
        patience_min: 15,
    },
    Purpose {
        share: 40,
        kinds: &["logistics", "rescue"],
        to: To::Around { least_m: 2000.0, most_m: 12_000.0 },
        by_hour: [0, 2, 8, 10, 10, 8, 6, 8, 10, 10, 6, 2, 0, 0, 0, 0],
        mission: Mission::Inspection,
        priority: 0,
        aircraft: "quad",
        patience_min: 60,
    },
    Purpose {
        share: 15,
        kinds: &["rescue", "hospital"],
        to: To::Around { least_m: 1500.0, most_m: 12_000.0 },
        by_hour: [1; 16],
        mission: Mission::Rescue,
        priority: 50,
        aircraft: "quad",
        patience_min: 5,
    },
    Purpose {
        share: 5,
        kinds: &["hospital", "blood_centre"],
        to: To::Site(&["hospital"]),
        by_hour: [1; 16],
        mission: Mission::Emergency,
        priority: 100,
        aircraft: "vtol",
        patience_min: 5,
    },
];

/// Pads of a site are this far apart, metres: flights use neighbouring ones at once.
const PAD_M: f64 = 120.0;

/// Movements that a pad is made for, an hour.
const PAD_MOVEMENTS: f64 = 30.0;

/// Kept from zones that bar a flight, metres: more than any clearance.
const CLEAR_M: f64 = 40.0;

/// A flight of the day.
pub(crate) struct Flight {
    pub(crate) purpose: &'static Purpose,
    pub(crate) from: LonLat,
    pub(crate) to: LonLat,
    /// Seconds after 06:00.
    pub(crate) earliest_s: u32,
    pub(crate) authorizations: Vec<String>,
}

/// The sites with their pads, and what is closed.
pub(crate) struct Day {
    numbers: Numbers,
    frame: Frame,
    zones: VolumeIndex,
    sites: Vec<(Site, Vec<LonLat>)>,
}

impl Day {
    /// With pads for so many flights.
    pub(crate) fn new(flights: usize, seed: u64) -> Option<Self> {
        let sites = jiaxing_sites();
        let frame = Frame::around(sites.iter().map(|site| site.place))?;
        let mut day = Self {
            numbers: Numbers::new(seed),
            frame,
            zones: VolumeIndex::new(jiaxing_zones()),
            sites: Vec::new(),
        };
        // Half of all movements, in an hour of the evening peak, spread over the sites.
        let an_hour = 2.0 * flights as f64 * 0.13 / sites.len() as f64;
        let pads = (an_hour / PAD_MOVEMENTS).ceil().max(1.0) as usize;
        day.sites = sites
            .into_iter()
            .map(|site| {
                let pads = day.pads_of(&site, pads);
                (site, pads)
            })
            .collect();
        Some(day)
    }

    /// The flights in the order in which they are asked for: by the time at which they would leave.
    pub(crate) fn flights(mut self, count: usize) -> Vec<Flight> {
        let mut flights: Vec<Flight> = (0..count).map(|_| self.flight()).collect();
        flights.sort_by_key(|flight| flight.earliest_s);
        flights
    }

    fn flight(&mut self) -> Flight {
        let mut left = self.numbers.below(PURPOSES.iter().map(|purpose| purpose.share).sum());
        let purpose = PURPOSES.iter().find(|purpose| {
            let here = left < purpose.share;
            left = left.saturating_sub(purpose.share);
            here
        });
        let purpose = purpose.unwrap_or(&PURPOSES[0]);
        let earliest_s = self.time(&purpose.by_hour);
        loop {
            let (site, pad) = self.pad(purpose.kinds);
            let (to, mut authorizations) = match purpose.to {
                To::Site(kinds) => {
                    let (other, to) = self.pad(kinds);
                    if other == site {
                        continue;
                    }
                    (to, self.sites[other].0.authorizations.clone())
                }
                To::Around { least_m, most_m } => {
                    let Some(place) = self.around(pad, least_m, most_m, purpose.mission) else { continue };
                    (place, Vec::new())
                }
            };
            authorizations.extend(self.sites[site].0.authorizations.iter().cloned());
            authorizations.sort();
            authorizations.dedup();
            let back = matches!(purpose.to, To::Around { .. }) && self.numbers.part() < 0.5;
            let (from, to) = if back { (to, pad) } else { (pad, to) };
            return Flight { purpose, from, to, earliest_s, authorizations };
        }
    }

    fn time(&mut self, by_hour: &[u8; 16]) -> u32 {
        let all: usize = by_hour.iter().map(|&share| usize::from(share)).sum();
        let mut left = self.numbers.below(all);
        for (hour, &share) in (0_u32..).zip(by_hour) {
            if left < usize::from(share) {
                return hour * 3600 + self.numbers.below(3600) as u32;
            }
            left -= usize::from(share);
        }
        0
    }

    fn pad(&mut self, kinds: &[&str]) -> (usize, LonLat) {
        loop {
            let site = self.numbers.below(self.sites.len());
            let (place, pads) = &self.sites[site];
            if kinds.contains(&place.kind.as_str()) && !pads.is_empty() {
                return (site, pads[self.numbers.below(pads.len())]);
            }
        }
    }

    /// A free place at some distance, more often near than far; `None` if the one drawn is not free.
    fn around(&mut self, pad: LonLat, least_m: f64, most_m: f64, mission: Mission) -> Option<LonLat> {
        let centre = self.frame.to_plane(pad);
        let distance_m = least_m + (most_m - least_m) * (self.numbers.about_zero().abs() / 2.0).min(1.0);
        let angle = self.numbers.between(0.0, std::f64::consts::TAU);
        let at = Xy { x: centre.x + distance_m * angle.cos(), y: centre.y + distance_m * angle.sin() };
        let place = rounded(self.frame.to_place(at))?;
        self.is_free(place, mission, &[]).then_some(place)
    }

    /// The free pads nearest to a site on a square grid.
    fn pads_of(&self, site: &Site, count: usize) -> Vec<LonLat> {
        let centre = self.frame.to_plane(site.place);
        let reach = 12_i32;
        let mut offsets: Vec<(i32, i32)> =
            (-reach..=reach).flat_map(|i| (-reach..=reach).map(move |j| (i, j))).collect();
        offsets.sort_by_key(|(i, j)| (i * i + j * j, *i, *j));
        let place = |(i, j): (i32, i32)| {
            let at = Xy { x: centre.x + PAD_M * f64::from(i), y: centre.y + PAD_M * f64::from(j) };
            rounded(self.frame.to_place(at))
        };
        let free = |place: &LonLat| self.is_free(*place, Mission::Logistics, &site.authorizations);
        offsets.into_iter().filter_map(place).filter(free).take(count).collect()
    }

    /// May a flight take off and climb to its band there at any time?
    fn is_free(&self, place: LonLat, mission: Mission, authorizations: &[String]) -> bool {
        let rights = Rights { mission, authorizations, exemptions: &[] };
        let heights = HeightBand { low_m: 0.0, high_m: 70.0, ground_low_m: 0.0, ground_high_m: 0.0 };
        let bars = |id: tianlu_engine::airspace::VolumeId| {
            self.zones.zone(id.zone).is_some_and(|zone| zone.entry(&rights) == Entry::Barred)
        };
        // Notices of past years are inactive on the day.
        let day = Interval {
            start: tianlu_engine::frame::Instant::from_seconds(crate::START_S),
            end: tianlu_engine::frame::Instant::from_seconds(crate::START_S + 86_400),
        };
        !self.zones.at_column(place, CLEAR_M, heights, day).into_iter().any(bars)
    }
}

/// To seven decimals, as written.
fn rounded(place: LonLat) -> Option<LonLat> {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    LonLat::new(round(place.lon()), round(place.lat())).ok()
}
