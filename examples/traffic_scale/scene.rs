//! Made flights: two ways between hubs and customers, on four levels.

use std::sync::Arc;

use tianlu_engine::flight::{Plan, Waypoint};
use tianlu_engine::frame::{Amsl, Frame, Instant, LonLat, Xy};
use tianlu_engine::traffic::{Fix, Track, Traffic};
use tianlu_engine::world::Separation;
use tianlu_suite::numbers::Numbers;

pub(crate) const SEPARATION: Separation =
    Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };

const HALF_M: f64 = 20_000.0;
const HUBS: usize = 10;
/// Along each side of a hub's square of pads.
const PADS: usize = 5;
const PAD_M: f64 = 120.0;
const LEVELS_M: [f64; 4] = [60.0, 80.0, 100.0, 120.0];
const CRUISE_M_S: f64 = 15.0;
const CLIMB_M_S: f64 = 3.0;
const DESCENT_M_S: f64 = 2.5;
const BENDS: usize = 5;

/// Where flights come from: 40 x 40 km, a hub's worth of pads at each of ten places.
pub(crate) struct Scene {
    numbers: Numbers,
    pads: Vec<Xy>,
    /// Flights leave within so many seconds.
    pub(crate) lasts_s: f64,
}

impl Scene {
    /// As many flights an hour as `an_hour` says, on `count` of them.
    pub(crate) fn new(count: usize, an_hour: usize, seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let mut hubs: Vec<Xy> = Vec::new();
        while hubs.len() < HUBS {
            let at = place(&mut numbers, 0.7 * HALF_M);
            if hubs.iter().all(|hub| (hub.x - at.x).hypot(hub.y - at.y) > 3000.0) {
                hubs.push(at);
            }
        }
        let pad = |hub: &Xy, i: usize| Xy {
            x: hub.x + PAD_M * (i % PADS) as f64,
            y: hub.y + PAD_M * (i / PADS) as f64,
        };
        let pads = hubs.iter().flat_map(|hub| (0..PADS * PADS).map(move |i| pad(hub, i))).collect();
        Self { numbers, pads, lasts_s: 3600.0 * (count as f64 / an_hour as f64).max(1.0) }
    }

    pub(crate) fn traffic() -> Traffic {
        let centre = LonLat::new(120.75, 30.72).expect("a place");
        Traffic::new(Frame::new(centre), Instant::from_seconds(1_795_395_600), &SEPARATION)
    }

    pub(crate) fn numbers(&mut self) -> &mut Numbers {
        &mut self.numbers
    }

    /// A flight of ten pieces: stand, climb, six of cruise, descent, stand.
    pub(crate) fn flight(&mut self) -> Track {
        let pad = self.pads[self.numbers.below(self.pads.len())];
        let customer = loop {
            let at = place(&mut self.numbers, HALF_M);
            if (1500.0..9000.0).contains(&(at.x - pad.x).hypot(at.y - pad.y)) {
                break at;
            }
        };
        let (from, to) = if self.numbers.part() < 0.5 { (pad, customer) } else { (customer, pad) };
        let level_m = LEVELS_M[self.numbers.below(LEVELS_M.len())];
        let mut time_s = self.numbers.between(0.0, self.lasts_s);
        let mut fixes = Vec::with_capacity(BENDS + 4);
        let mut fix = |at: Xy, height_m: f64, after_s: f64| {
            time_s = ((time_s + after_s) * 1000.0).ceil() / 1000.0;
            fixes.push(Fix { at, height_m, time_s });
        };
        fix(from, 0.0, 0.0);
        fix(from, level_m, level_m / CLIMB_M_S);
        let mut last = from;
        for bend in 1..=BENDS + 1 {
            let part = bend as f64 / (BENDS + 1) as f64;
            let aside_m = if bend > BENDS { 0.0 } else { self.numbers.between(-100.0, 100.0) };
            let at = Xy {
                x: from.x + part * (to.x - from.x) + aside_m,
                y: from.y + part * (to.y - from.y) + aside_m,
            };
            fix(at, level_m, (at.x - last.x).hypot(at.y - last.y) / CRUISE_M_S);
            last = at;
        }
        fix(to, 0.0, level_m / DESCENT_M_S);
        Track::new(fixes, SEPARATION.pad_s)
    }
}

fn place(numbers: &mut Numbers, half_m: f64) -> Xy {
    Xy { x: numbers.between(-half_m, half_m), y: numbers.between(-half_m, half_m) }
}

/// The plan that a track could be of.
pub(crate) fn plan_of(track: &Track, number: usize, frame: &Frame) -> Arc<Plan> {
    let fixes = track.fixes();
    let waypoint = |fix: &Fix| Waypoint {
        place: frame.to_place(fix.at),
        altitude: Amsl::new(fix.height_m).expect("a finite height"),
        time: Instant::from_millis(1_795_395_600_000 + (fix.time_s * 1000.0).round() as i64),
    };
    let (first_s, last_s) = track.span_s();
    Arc::new(Plan {
        request: format!("F{number:06}"),
        trajectory: fixes[1..fixes.len() - 1].iter().map(waypoint).collect(),
        length_m: 0.0,
        duration_s: last_s - first_s,
        delay_s: 0.0,
        energy_wh: 0.0,
        lower_bound_s: last_s - first_s,
        gap: 0.0,
        advisories: Vec::new(),
    })
}
