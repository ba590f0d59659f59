//! Findings against samples in time, with distances reckoned anew.

use proptest::prelude::*;

use super::*;
use crate::frame::Xy;

/// Samples to a leg.
const SAMPLES: u32 = 400;

/// A square or a circle about a place in the plane, and heights above the sea.
#[derive(Debug, Clone)]
struct Block {
    x: f64,
    y: f64,
    half_m: f64,
    round: bool,
    low_m: f64,
    high_m: f64,
    /// From and to which second it is active.
    active_s: (f64, f64),
}

fn block() -> impl Strategy<Value = Block> {
    let place = (-200.0..2_200.0, -600.0..600.0, 30.0..300.0, any::<bool>());
    (place, 0.0..90.0, 10.0..80.0, 0.0..200.0, 20.0..300.0).prop_map(
        |((x, y, half_m, round), low_m, tall_m, opens, lasts)| Block {
            x,
            y,
            half_m,
            round,
            low_m,
            high_m: low_m + tall_m,
            active_s: (f64::round(opens), f64::round(opens + lasts)),
        },
    )
}

impl Block {
    fn zone(&self, name: &str, start: Instant) -> Zone {
        let outline = if self.round {
            circle(self.x, self.y, self.half_m)
        } else {
            let corner = |dx: f64, dy: f64| at(self.x + dx * self.half_m, self.y + dy * self.half_m);
            let exterior = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
            let exterior = exterior.map(|(dx, dy)| corner(dx, dy)).to_vec();
            Outline::Polygons(vec![Polygon { exterior, holes: vec![] }])
        };
        let limits = Limits { lower: height(self.low_m), upper: height(self.high_m) };
        let mut zone = Zone::new(name, Restriction::Prohibited, vec![Layer { outline, limits }]);
        let at = |second: f64| start.plus_millis((second * 1000.0) as i64);
        zone.applicability = crate::airspace::Applicability::Periods(vec![crate::airspace::Period {
            start: Some(at(self.active_s.0)),
            end: Some(at(self.active_s.1)),
            schedule: vec![],
        }]);
        zone
    }

    /// Metres over the ground from a place to the block.
    fn distance_m(&self, at: Xy) -> f64 {
        let (dx, dy) = ((at.x - self.x).abs(), (at.y - self.y).abs());
        if self.round {
            (dx.hypot(dy) - self.half_m).max(0.0)
        } else {
            (dx - self.half_m).max(0.0).hypot((dy - self.half_m).max(0.0))
        }
    }

    /// How far outside the time or the widened heights; 0 within.
    fn is_met(&self, z: f64, t: f64, margin_m: f64, margin_s: f64) -> bool {
        (self.low_m - margin_m..=self.high_m + margin_m).contains(&z)
            && (self.active_s.0 + margin_s..=self.active_s.1 - margin_s).contains(&t)
    }
}

fn ways() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    prop::collection::vec((0.0..2_000.0, -500.0..500.0, 20.0..120.0), 2..5)
}

/// Up, through places at 12 m/s, and down.
fn line_of(scene: &Scene, ways: &[(f64, f64, f64)]) -> Vec<Waypoint> {
    let (mut t, mut line) = (0.0, vec![waypoint(scene, ways[0].0, ways[0].1, 0.0, 0.0)]);
    let mut last = (ways[0].0, ways[0].1, 0.0);
    for &(x, y, z) in ways.iter().chain([&(ways[ways.len() - 1].0, ways[ways.len() - 1].1, 0.0)]) {
        let level = f64::hypot(x - last.0, y - last.1);
        t += (level / 12.0).max(f64::abs(z - last.2) / 2.4).max(0.1);
        line.push(waypoint(scene, x, y, z, t));
        last = (x, y, z);
    }
    line
}

/// Where it is at a share of a piece, and when.
fn sample(scene: &Scene, pair: &[Waypoint], share: f64) -> (Xy, f64, f64) {
    let frame = &scene.world.frame;
    let (from, to) = (frame.to_plane(pair[0].place), frame.to_plane(pair[1].place));
    let mix = |a: f64, b: f64| a + (b - a) * share;
    let t = |waypoint: &Waypoint| waypoint.time.seconds_since(scene.start());
    (
        from + (to - from) * share,
        mix(pair[0].altitude.metres(), pair[1].altitude.metres()),
        mix(t(&pair[0]), t(&pair[1])),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What a sample meets is found on that leg, no farther than the sample; and what is found is met by a sample, taken
    /// with room for what lies between two of them.
    #[test]
    fn zones(blocks in prop::collection::vec(block(), 1..5), ways in ways()) {
        let mut scene = Scene::new();
        let named = blocks.iter().enumerate().map(|(i, block)| block.zone(&format!("Z{i}"), scene.start()));
        scene.zones(named.collect());
        let line = line_of(&scene, &ways);
        let found = report(&scene, &line, &[]);
        for (leg, pair) in line.windows(2).enumerate() {
            let step_m = 0.05 + sample(&scene, pair, 0.0).0.distance_to(sample(&scene, pair, 1.0).0) / f64::from(SAMPLES);
            let rise_m = (pair[1].altitude.metres() - pair[0].altitude.metres()).abs() / f64::from(SAMPLES);
            let step_s = pair[1].time.seconds_since(pair[0].time) / f64::from(SAMPLES);
            for (number, block) in blocks.iter().enumerate() {
                let samples = (0..=SAMPLES).map(|i| sample(&scene, pair, f64::from(i) / f64::from(SAMPLES)));
                let least = |margin_m: f64, margin_s: f64| samples.clone()
                    .filter(|(_, z, t)| block.is_met(*z, *t, margin_m, margin_s))
                    .map(|(at, ..)| block.distance_m(at))
                    .fold(f64::INFINITY, f64::min);
                let name = format!("Z{number}");
                let finding = found.findings.iter().find(|finding| {
                    finding.kind == FindingKind::Zone && finding.leg == leg && finding.subject.as_deref() == Some(name.as_str())
                });
                let met_m = least(4.9, 0.01);
                if met_m < 9.9 {
                    prop_assert!(finding.is_some(), "leg {leg}: {name} at {met_m}");
                }
                if let Some(finding) = finding {
                    let distance_m = finding.found.unwrap();
                    prop_assert!(distance_m <= met_m + 0.05, "leg {leg}: {name} {distance_m}, sampled {met_m}");
                    let near_m = least(5.1 + rise_m, -0.01 - step_s);
                    prop_assert!(near_m <= distance_m + step_m, "leg {leg}: {name} {distance_m}, sampled {near_m}");
                    // And it is told for a moment at which it is so.
                    let here = scene.world.frame.to_plane(finding.place);
                    prop_assert!((block.distance_m(here) - distance_m).abs() < 0.05);
                    let t = finding.when.seconds_since(scene.start());
                    prop_assert!(block.is_met(finding.altitude.metres(), t, 5.1, -0.01), "{finding:?}");
                }
            }
        }
    }

    /// Heights over hills: the lowest sample of a leg, away from the ends, against what is found.
    #[test]
    fn ground(posts in prop::collection::vec(0.0..80.0_f32, 49), ways in ways()) {
        let mut scene = Scene::new();
        let (south_west, north_east) = (at(-600.0, -1_200.0), at(2_600.0, 1_200.0));
        let steps = ((north_east.lon() - south_west.lon()) / 6.0, (north_east.lat() - south_west.lat()) / 6.0);
        let raster = Raster::new((south_west.lon(), north_east.lat()), steps, 7, posts).unwrap();
        scene.world.ground = Arc::new(Ground::Raster(raster));
        let line = line_of(&scene, &ways);
        let found = report(&scene, &line, &[]);
        let ends = [line[0], line[line.len() - 1]].map(|end| scene.world.frame.to_plane(end.place));
        for (leg, pair) in line.windows(2).enumerate() {
            let lowest = (0..=SAMPLES).map(|i| {
                let (here, z, _) = sample(&scene, pair, f64::from(i) / f64::from(SAMPLES));
                let agl = z - scene.world.ground.height_m(scene.world.frame.to_place(here)).unwrap();
                let near = ends.iter().any(|end| end.distance_to(here) < 65.0);
                (agl, near)
            });
            let away = lowest.clone().filter(|(_, near)| !near).map(|(agl, _)| agl).fold(f64::INFINITY, f64::min);
            let anywhere = lowest.map(|(agl, _)| agl).fold(f64::INFINITY, f64::min);
            let finding = found.findings.iter().find(|finding| finding.kind == FindingKind::Ground && finding.leg == leg);
            if away < 4.9 || anywhere < -0.1 {
                prop_assert!(finding.is_some(), "leg {leg}: {away} m, {anywhere} m");
            }
            if let Some(finding) = finding {
                let agl = finding.found.unwrap();
                prop_assert!(agl < finding.expected.unwrap());
                prop_assert!(agl >= anywhere - 1.0, "leg {leg}: {agl}, sampled {anywhere}");
                prop_assert!(agl <= away.min(5.0) + 0.05 || anywhere < 5.0, "leg {leg}: {agl}, sampled {away}");
            }
        }
    }

    /// Two flights at once: the least distance of samples of a leg at moments no more than `time_s` apart.
    #[test]
    fn traffic(mine in ways(), theirs in ways(), shift_s in -60.0..60.0, time_s in prop::sample::select(vec![0.0, 2.0])) {
        let mut scene = Scene::new();
        scene.world.separation.time_s = time_s;
        let mut plan = scene.plan();
        plan.trajectory = line_of(&scene, &theirs);
        for waypoint in &mut plan.trajectory {
            waypoint.time = waypoint.time.plus_millis((shift_s * 1000.0) as i64);
        }
        let line = line_of(&scene, &mine);
        let found = report(&scene, &line, &[("T", &plan)]);
        let position = |t: f64| plan.trajectory.windows(2).find_map(|pair| {
            let (from, to) = (pair[0].time.seconds_since(scene.start()), pair[1].time.seconds_since(scene.start()));
            (from..=to).contains(&t).then(|| sample(&scene, pair, (t - from) / (to - from)))
        });
        for (leg, pair) in line.windows(2).enumerate() {
            let mut least = f64::INFINITY;
            for i in 0..=SAMPLES {
                let (here, z, t) = sample(&scene, pair, f64::from(i) / f64::from(SAMPLES));
                for early in [-time_s, -time_s / 2.0, 0.0, time_s / 2.0, time_s] {
                    if let Some((there, other_z, _)) = position(t + early) && (z - other_z).abs() < 19.9 {
                        least = least.min(here.distance_to(there));
                    }
                }
            }
            let finding = found.findings.iter().find(|finding| finding.kind == FindingKind::Traffic && finding.leg == leg);
            if least < 59.9 {
                prop_assert!(finding.is_some(), "leg {leg}: {least}");
            }
            if let Some(finding) = finding {
                let distance_m = finding.found.unwrap();
                prop_assert!(distance_m <= least + 0.05, "leg {leg}: {distance_m}, sampled {least}");
                // At the moment told the other is there, early or late by no more than it may be.
                let (here, z, t) = {
                    let t = finding.when.seconds_since(scene.start());
                    (scene.world.frame.to_plane(finding.place), finding.altitude.metres(), t)
                };
                let near = (-200..=200).filter_map(|i| position(t + time_s * f64::from(i) / 200.0))
                    .filter(|(_, other_z, _)| (z - other_z).abs() < 20.5)
                    .map(|(there, ..)| here.distance_to(there))
                    .fold(f64::INFINITY, f64::min);
                prop_assert!((near - distance_m).abs() < 0.5 + 0.3 * time_s, "leg {leg}: told {distance_m}, there {near}");
            }
        }
    }
}

trait DistanceTo {
    fn distance_to(self, other: Self) -> f64;
}

impl DistanceTo for Xy {
    fn distance_to(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}
