//! Random terrain, ways and crossings: profiles against brute force.

use proptest::prelude::*;

use super::brute::Brute;
use super::*;

/// More than a step of the grid can change between limits over the slopes here (below 0.6) and its rise, metres.
const MARGIN_M: f64 = 2.0;

/// What the heights of stations (1e-3) and the times of checks may be off the truth, metres.
const SLACK_M: f64 = 2e-3;

/// Posts so far apart that a way lies between four of them.
const RAMP_DEG: f64 = 0.1;

/// Terrain, a way, a tube, and crossings with limits relative to the ground about their place.
#[derive(Debug, Clone)]
struct Case {
    hills: Vec<(f64, f64, f64, f64)>,
    step_deg: f64,
    way: Vec<(f64, f64)>,
    tube: (f64, f64),
    crossings: Vec<Draft>,
}

#[derive(Debug, Clone)]
struct Draft {
    barrier: usize,
    /// Middle and half of the width, as shares of the way.
    at: (f64, f64),
    /// Height above the ground at its place, and thickness.
    low_m: f64,
    thick_m: f64,
    /// Which limits are at sea level, and which are endless.
    sea: (bool, bool),
    endless: (bool, bool),
}

/// A case made ready.
struct Ready {
    ground: Ground,
    frame: Frame,
    way: Vec<Xy>,
    line: GroundLine,
    crossings: Vec<Crossing>,
}

impl Case {
    fn ready(&self) -> Ready {
        let frame = Frame::new(LonLat::new(120.76, 30.75).unwrap());
        let (columns, rows) = ((0.1 / self.step_deg) as usize + 2, (0.1 / self.step_deg) as usize + 2);
        let post = |i: usize| {
            let (row, column) = (i / columns, i % columns);
            let (east, north) = (-0.05 + self.step_deg * column as f64, 0.05 - self.step_deg * row as f64);
            let hill = |&(x, y, size, top): &(f64, f64, f64, f64)| {
                top * (-((east - x).powi(2) + (north - y).powi(2)) / (2.0 * size * size)).exp()
            };
            self.hills.iter().map(hill).sum::<f64>() as f32
        };
        // Between few posts far apart the ground is one slope, on which many limits meet.
        let far = |i: usize| (150.0 + 150.0 * (12.9 * i as f64 + 1e3 * self.way[0].0).sin()) as f32;
        let height = |i: usize| if self.step_deg == RAMP_DEG { far(i) } else { post(i) };
        let heights = (0..columns * rows).map(height).collect();
        let raster = Raster::new((120.71, 30.8), (self.step_deg, self.step_deg), columns, heights).unwrap();
        let ground = if self.hills.is_empty() { Ground::Flat } else { Ground::Raster(raster) };
        let way: Vec<Xy> = self.way.iter().map(|&(x, y)| Xy { x, y }).collect();
        let line = GroundLine::under(&ground, &frame, &way).unwrap();
        let crossings = self.crossings.iter().map(|draft| draft.crossing(&line)).collect();
        Ready { ground, frame, way, line, crossings }
    }
}

impl Draft {
    fn crossing(&self, line: &GroundLine) -> Crossing {
        let (middle_m, half_m) = (self.at.0 * line.length_m(), self.at.1 * line.length_m());
        let ground_m = line.height_m(middle_m);
        let limit = |above_m: f64, sea: bool, endless: bool, end: f64| match (sea, endless) {
            (_, true) => Limit::Ground(end),
            (true, _) => Limit::Sea(ground_m + above_m),
            (false, _) => Limit::Ground(above_m),
        };
        Crossing {
            barrier: self.barrier,
            from_m: middle_m - half_m,
            to_m: middle_m + half_m,
            low: limit(self.low_m, self.sea.0, self.endless.0, f64::NEG_INFINITY),
            high: limit(self.low_m + self.thick_m, self.sea.1, self.endless.1, f64::INFINITY),
        }
    }
}

impl Ready {
    fn truth(&self, along_m: f64) -> f64 {
        let (mut at, mut left) = (self.way[self.way.len() - 1], along_m);
        for leg in self.way.windows(2) {
            let step = leg[1] - leg[0];
            let length = step.x.hypot(step.y);
            if left < length {
                at = leg[0] + step * (left / length);
                break;
            }
            left -= length;
        }
        self.ground.height_m(self.frame.to_place(at)).unwrap()
    }

    fn brute(&self, tube: (f64, f64), crossings: &[Crossing], margin_m: f64) -> Brute {
        Brute::new(&|along_m| self.truth(along_m), self.line.length_m(), tube, crossings, margin_m)
    }

    /// Is a height closed by a crossing, deeper than a slack?
    fn is_closed(&self, along_m: f64, height_m: f64, slack_m: f64) -> bool {
        let ground_m = self.truth(along_m);
        self.crossings.iter().any(|c| {
            c.from_m <= along_m
                && along_m <= c.to_m
                && c.low.over(ground_m) + slack_m < height_m
                && height_m < c.high.over(ground_m) - slack_m
        })
    }

    /// Is there a limit at a point, of something above it or below it?
    fn touches(&self, tube: (f64, f64), (along_m, height_m): (f64, f64), above: bool, slack_m: f64) -> bool {
        let ground_m = self.truth(along_m);
        let near = |limit_m: f64| (limit_m - height_m).abs() <= slack_m;
        let crossings = self.crossings.iter().filter(|c| c.from_m <= along_m && along_m <= c.to_m);
        let mut crossed = crossings.map(|c| (c.low.over(ground_m), c.high.over(ground_m)));
        near(ground_m + if above { tube.1 } else { tube.0 })
            || crossed
                .any(|(low_m, high_m)| low_m <= high_m + slack_m && near(if above { low_m } else { high_m }))
    }

    /// Samples of a profile with heights above the true ground: every metre, and at all its points.
    fn samples(&self, points: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
        let mut samples = Vec::new();
        for leg in points.windows(2) {
            let parts = (leg[1].0 - leg[0].0).ceil().max(1.0);
            for i in 0..=parts as u32 {
                let share = f64::from(i) / parts;
                let along_m = leg[0].0 + (leg[1].0 - leg[0].0) * share;
                let height_m = leg[0].1 + (leg[1].1 - leg[0].1) * share;
                samples.push((along_m, height_m, height_m - self.truth(along_m)));
            }
        }
        samples
    }
}

fn hills() -> impl Strategy<Value = Vec<(f64, f64, f64, f64)>> {
    let hill = (-0.03..0.03_f64, -0.03..0.03_f64, 0.005..0.02_f64, 0.05..0.5_f64);
    // Tops go with the size, so that slopes stay below 0.6 in all.
    prop::collection::vec(hill.prop_map(|(x, y, size, share)| (x, y, size, share * size * 16_000.0)), 0..5)
}

fn draft() -> impl Strategy<Value = Draft> {
    let place = (0usize..5, (-0.05..1.05_f64, prop_oneof![Just(0.0), 0.001..0.2_f64]));
    let heights = (0.0..130.0_f64, 5.0..80.0_f64);
    let kinds =
        (any::<(bool, bool)>(), prop::sample::select(vec![(false, false), (true, false), (false, true)]));
    (place, heights, kinds).prop_map(|((barrier, at), (low_m, thick_m), (sea, endless))| Draft {
        barrier,
        at,
        low_m,
        thick_m,
        sea,
        endless,
    })
}

fn tube() -> impl Strategy<Value = (f64, f64)> {
    (40.0..70.0_f64, prop_oneof![4 => 20.0..70.0_f64, 1 => 0.0..0.2_f64])
        .prop_map(|(low, width)| (low, low + width))
}

fn cases(most: usize) -> impl Strategy<Value = Case> {
    let way = prop::collection::vec((-2_000.0..2_000.0_f64, -2_000.0..2_000.0_f64), 2..4);
    let step = prop::sample::select(vec![1.0 / 3600.0, 3.0 / 3600.0, 0.004, RAMP_DEG]);
    (hills(), step, way, tube(), prop::collection::vec(draft(), 0..most))
        .prop_map(|(hills, step_deg, way, tube, crossings)| Case { hills, step_deg, way, tube, crossings })
}

/// A piece's cost, convex in its slope: slower where it climbs or descends faster than it may, and some work for both.
#[derive(Debug, Clone, Copy)]
struct Cost {
    up: f64,
    down: f64,
    work: f64,
}

impl Cost {
    fn of(self, length_m: f64, rise_m: f64) -> f64 {
        let slope = rise_m / length_m;
        length_m * (1.0_f64.max(slope / self.up).max(-slope / self.down) + self.work * slope * slope)
    }

    fn of_all(self, points: &[(f64, f64)]) -> f64 {
        points.windows(2).map(|leg| self.of(leg[1].0 - leg[0].0, leg[1].1 - leg[0].1)).sum()
    }
}

fn costs() -> impl Strategy<Value = Cost> {
    (0.05..1.0_f64, 0.05..1.0_f64, 0.0..5.0_f64).prop_map(|(up, down, work)| Cost { up, down, work })
}

fn climbed(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|leg| (leg[1].1 - leg[0].1).abs()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// Every metre against the true ground.
    #[test]
    fn a_profile_keeps_to_the_tube_and_out_of_what_is_closed(case in cases(7)) {
        let ready = case.ready();
        let problem = Problem { ground: &ready.line, tube: case.tube, crossings: &ready.crossings, ends: Ends::Columns, style: Style::Taut, room: &[] };
        let Ok(found) = profile(&problem) else { return Ok(()) };
        prop_assert!(found.points.windows(2).all(|leg| leg[0].0 < leg[1].0));
        let ends = (found.points[0].0, found.points[found.points.len() - 1].0);
        prop_assert_eq!(ends, (0.0, ready.line.length_m()));
        // What a narrow tube cannot spare.
        let narrow_m = (ready.line.sag_m() - (case.tube.1 - case.tube.0) / 2.0).max(0.0);
        for (along_m, height_m, agl_m) in ready.samples(&found.points) {
            let within = case.tube.0 - SLACK_M - narrow_m <= agl_m && agl_m <= case.tube.1 + SLACK_M + narrow_m;
            prop_assert!(within, "{agl_m} above ground at {along_m}");
            prop_assert!(!ready.is_closed(along_m, height_m, SLACK_M), "closed at {along_m}, {height_m}");
        }
    }

    /// A corridor that the grid finds open with a margin is open, one that it finds closed with a margin is closed;
    /// and the barriers named close it, none of them spared.
    #[test]
    fn it_is_open_and_closed_as_a_grid_says(case in cases(9)) {
        let ready = case.ready();
        let of = |crossings: &[Crossing]| {
            profile(&Problem { ground: &ready.line, tube: case.tube, crossings, ends: Ends::Columns, style: Style::Taut, room: &[] })
        };
        let only = |barriers: &[usize]| -> Vec<Crossing> {
            ready.crossings.iter().filter(|c| barriers.contains(&c.barrier)).copied().collect()
        };
        match of(&ready.crossings) {
            Ok(_) => prop_assert!(ready.brute(case.tube, &ready.crossings, -MARGIN_M).is_open()),
            Err(Blocked::Ground) => prop_assert!(false, "the tube alone is open"),
            Err(Blocked::Barriers(barriers)) => {
                prop_assert!(!ready.brute(case.tube, &ready.crossings, MARGIN_M).is_open());
                prop_assert!(barriers.is_sorted() && !barriers.is_empty());
                prop_assert!(of(&only(&barriers)).is_err());
                for spared in &barriers {
                    let rest: Vec<usize> = barriers.iter().copied().filter(|b| b != spared).collect();
                    prop_assert!(of(&only(&rest)).is_ok(), "{spared} of {barriers:?} can be spared");
                }
            }
        }
    }

    /// The string bends up only where it touches something above, and down only where it touches something below: in
    /// one channel that proves it the best for every convex cost.
    #[test]
    fn it_bends_only_around_limits(case in cases(7)) {
        let ready = case.ready();
        let problem = Problem { ground: &ready.line, tube: case.tube, crossings: &ready.crossings, ends: Ends::Columns, style: Style::Taut, room: &[] };
        let Ok(found) = profile(&problem) else { return Ok(()) };
        let touch_m = 2.0 * GroundLine::SAG_M + SLACK_M;
        for bend in found.points.windows(3) {
            let slopes = [0, 1].map(|i| (bend[i + 1].1 - bend[i].1) / (bend[i + 1].0 - bend[i].0));
            if (slopes[1] - slopes[0]).abs() < 1e-9 {
                continue;
            }
            prop_assert!(
                ready.touches(case.tube, bend[1], slopes[0] < slopes[1], touch_m),
                "{} to {} at {:?}", slopes[0], slopes[1], bend[1]
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Among many holes, where channels part and join again and again, no path of a grid climbs and descends less.
    #[test]
    fn no_channel_among_holes_climbs_less(
        length_m in 800.0..2_000.0_f64,
        holes in prop::collection::vec((0.0..1.0_f64, 0.01..0.06_f64, 40.0..115.0_f64, 2.0..50.0_f64), 8..30),
    ) {
        let ground = flat(length_m);
        let hole = |(i, &(at, half, low_m, thick_m)): (usize, &(f64, f64, f64, f64))| {
            wall(i, length_m * (at - half), length_m * (at + half), low_m, low_m + thick_m)
        };
        let crossings: Vec<Crossing> = holes.iter().enumerate().map(hole).collect();
        let Ok(found) = profile(&columns(&ground, &crossings)) else { return Ok(()) };
        let (first, last) = (found.points[0], found.points[found.points.len() - 1]);
        let total = first.1 + climbed(&found.points) + last.1;
        let grid = Brute::new(&|_| 0.0, length_m, (60.0, 120.0), &crossings, 0.01);
        let grid = grid.least((10, 3), (|z| z, |z| z), |_, rise: f64| rise.abs());
        prop_assert!(total <= grid + 1e-6, "{total}, but {grid} by the grid");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// No path of a grid within the corridor climbs and descends less, through any channel.
    #[test]
    fn no_channel_climbs_less(case in cases(7)) {
        let ready = case.ready();
        let problem = Problem { ground: &ready.line, tube: case.tube, crossings: &ready.crossings, ends: Ends::Columns, style: Style::Taut, room: &[] };
        let Ok(found) = profile(&problem) else { return Ok(()) };
        let (first, last) = (found.points[0], found.points[found.points.len() - 1]);
        let total = first.1 + climbed(&found.points) + last.1;
        let grid = ready.brute(case.tube, &ready.crossings, 0.1).least((20, 4), (|z| z, |z| z), |_, rise: f64| rise.abs());
        prop_assert!(total <= grid + 1e-6, "{total}, but {grid} by the grid");
    }

    /// Where there is one channel, no path of a grid between the same ends costs less, whatever the convex cost.
    #[test]
    fn in_one_channel_no_path_costs_less(case in cases(6), cost in costs()) {
        let mut case = case;
        for draft in &mut case.crossings {
            // From above or from below: nothing to pass on two sides.
            draft.endless = if draft.endless.1 { (false, true) } else { (true, false) };
        }
        let ready = case.ready();
        let problem = Problem { ground: &ready.line, tube: case.tube, crossings: &ready.crossings, ends: Ends::Columns, style: Style::Taut, room: &[] };
        let Ok(found) = profile(&problem) else { return Ok(()) };
        let ends = (found.points[0].1, found.points[found.points.len() - 1].1);
        // To and from the grid's nearest height at the ends, at no cost.
        let near = |end: f64| move |z: f64| if (z - end).abs() < 0.7 { 0.0 } else { f64::INFINITY };
        let grid = ready.brute(case.tube, &ready.crossings, 0.1);
        let grid = grid.least((25, 2), (near(ends.0), near(ends.1)), |length, rise| cost.of(length, rise));
        // 0.7 m at both ends, at the steepest that any cost is here.
        let slack = 1.4 * (1.0 / cost.up.min(cost.down) + cost.work * 4.0);
        prop_assert!(cost.of_all(&found.points) <= grid + slack, "{} by the grid {grid}", cost.of_all(&found.points));
    }

    /// Lines up and down: on the ground at the ends, of a slope of the list, above the ground, free, until the tube is
    /// met; and no pair of slopes before them is free with a margin.
    #[test]
    fn slopes_are_free_and_the_first_that_are(case in cases(4), steep in 0.05..0.3_f64) {
        let ready = case.ready();
        let slopes: Vec<f64> = [1.0, 1.3, 2.0].iter().map(|f| steep * f).collect();
        let ends = Ends::Slopes { up: &slopes, down: &slopes };
        let problem = Problem { ground: &ready.line, tube: case.tube, crossings: &ready.crossings, ends, style: Style::Taut, room: &[] };
        let length_m = ready.line.length_m();
        let mut pairs: Vec<(usize, usize)> = (0..9).map(|i| (i / 3, i % 3)).collect();
        pairs.sort_by_key(|p| (p.0 + p.1, p.0));
        let mut open = pairs.iter().map(|p| (slopes[p.0], slopes[p.1]));
        match profile(&problem) {
            Ok(found) => {
                let points = &found.points;
                prop_assert!(points.windows(2).all(|leg| leg[0].0 < leg[1].0));
                let slope = |a: (f64, f64), b: (f64, f64)| ((b.1 - a.1) / (b.0 - a.0)).abs();
                let taken = (slope(points[0], points[1]), slope(points[points.len() - 2], points[points.len() - 1]));
                let is = |p: &(f64, f64)| (p.0 - taken.0).abs() < 1e-6 && (p.1 - taken.1).abs() < 1e-6;
                let place = open.clone().position(|p| is(&p));
                prop_assert!(place.is_some(), "{taken:?} of {slopes:?}");
                prop_assert!((points[0].0, points[points.len() - 1].0) == (0.0, length_m));
                let samples = ready.samples(points);
                prop_assert!(samples[0].2.abs() < SLACK_M && samples[samples.len() - 1].2.abs() < SLACK_M);
                let cruise = (points[1].0, points[points.len() - 2].0);
                for (along_m, height_m, agl_m) in samples {
                    prop_assert!(agl_m >= -GroundLine::SAG_M - SLACK_M, "{agl_m} at {along_m}");
                    prop_assert!(!ready.is_closed(along_m, height_m, SLACK_M), "closed at {along_m}");
                    let low_m = if cruise.0 <= along_m && along_m <= cruise.1 { case.tube.0 } else { 0.0 };
                    prop_assert!(low_m - 2.0 * GroundLine::SAG_M <= agl_m && agl_m <= case.tube.1 + 0.03, "{agl_m} at {along_m}");
                }
                let grid = ready.brute(case.tube, &ready.crossings, MARGIN_M);
                for (up, down) in open.take(place.unwrap_or(0)) {
                    prop_assert!(!grid.is_open_sloped(up, down), "{up} and {down} are free");
                }
            }
            Err(blocked) => {
                let grid = ready.brute(case.tube, &ready.crossings, MARGIN_M);
                prop_assert!(!open.any(|p| grid.is_open_sloped(p.0, p.1)), "open, but {blocked:?}");
            }
        }
    }
}
