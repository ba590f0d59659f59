#![expect(clippy::unwrap_used, reason = "tests")]

mod brute;
mod odd;
mod random;
mod shut;

use super::*;
use crate::frame::{Frame, LonLat, Xy};
use crate::surface::{Ground, Raster};

fn flat(length_m: f64) -> GroundLine {
    let frame = Frame::new(LonLat::new(120.76, 30.75).unwrap());
    let way = [Xy { x: 0.0, y: 0.0 }, Xy { x: length_m, y: 0.0 }];
    GroundLine::under(&Ground::Flat, &frame, &way).unwrap()
}

fn wall(barrier: usize, from_m: f64, to_m: f64, low_m: f64, high_m: f64) -> Crossing {
    Crossing { barrier, from_m, to_m, low: Limit::Sea(low_m), high: Limit::Sea(high_m) }
}

fn columns<'a>(ground: &'a GroundLine, crossings: &'a [Crossing]) -> Problem<'a> {
    Problem { ground, tube: (60.0, 120.0), crossings, ends: Ends::Columns, style: Style::Taut, room: &[] }
}

#[test]
fn over_flat_ground_the_lowest_height_is_kept_and_walls_are_passed_over_and_under() {
    let ground = flat(1_000.0);
    assert_eq!(profile(&columns(&ground, &[])).unwrap().points, [(0.0, 60.0), (1_000.0, 60.0)]);
    let over = [wall(0, 400.0, 500.0, -10.0, 90.0)];
    let points = [(0.0, 60.0), (400.0, 90.0), (500.0, 90.0), (1_000.0, 60.0)];
    assert_eq!(profile(&columns(&ground, &over)).unwrap().points, points);
    let both = [over[0], wall(1, 600.0, 700.0, 70.0, 130.0)];
    let points = [(0.0, 60.0), (400.0, 90.0), (500.0, 90.0), (600.0, 70.0), (1_000.0, 60.0)];
    assert_eq!(profile(&columns(&ground, &both)).unwrap().points, points);
}

#[test]
fn what_closes_the_tube_together_is_named() {
    let ground = flat(1_000.0);
    let walls = [
        wall(4, 100.0, 200.0, 0.0, 80.0),
        wall(7, 400.0, 500.0, 0.0, 90.0),
        wall(3, 450.0, 600.0, 89.0, 130.0),
        wall(5, 700.0, 800.0, 0.0, 130.0),
    ];
    assert_eq!(profile(&columns(&ground, &walls)), Err(Blocked::Barriers(vec![3, 7])));
    assert_eq!(profile(&columns(&ground, &walls[2..])), Err(Blocked::Barriers(vec![5])));
    let touching = [walls[1], wall(3, 500.0, 600.0, 90.0, 130.0)];
    assert!(profile(&columns(&ground, &touching)).is_ok());
    let inverted = Problem { tube: (120.0, 60.0), ..columns(&ground, &walls) };
    assert_eq!(profile(&inverted), Err(Blocked::Ground));
}

#[test]
fn a_way_of_length_zero_is_one_point() {
    let frame = Frame::new(LonLat::new(120.76, 30.75).unwrap());
    let ground = GroundLine::under(&Ground::Flat, &frame, &[Xy { x: 0.0, y: 0.0 }]).unwrap();
    assert_eq!(profile(&columns(&ground, &[])).unwrap().points, [(0.0, 60.0)]);
    let low = [wall(0, -10.0, 10.0, 0.0, 80.0)];
    assert_eq!(profile(&columns(&ground, &low)).unwrap().points, [(0.0, 80.0)]);
    let all = [low[0], wall(1, 0.0, 10.0, 70.0, 130.0)];
    assert_eq!(profile(&columns(&ground, &all)), Err(Blocked::Barriers(vec![0, 1])));
}

/// A ridge of 50 m across the way, 200 m from its start, on a plain at 0 m.
#[test]
fn a_slope_that_meets_a_ridge_is_not_taken() {
    let (frame, step_deg) = (Frame::new(LonLat::new(120.76, 30.75).unwrap()), 0.001);
    let heights = (0..2 * 60).map(|i| if i % 60 == 22 { 50.0 } else { 0.0 }).collect();
    let raster = Raster::new((120.74, 30.76), (step_deg, 0.02), 60, heights).unwrap();
    let way = [Xy { x: 0.0, y: 0.0 }, Xy { x: 3_000.0, y: 0.0 }];
    let ground = GroundLine::under(&Ground::Raster(raster), &frame, &way).unwrap();
    let found = |up: &[f64]| {
        let ends = Ends::Slopes { up, down: &[0.1] };
        profile(&Problem { ends, ..columns(&ground, &[]) }).map(|found| found.points[1].1 / found.points[1].0)
    };
    assert!((found(&[0.1, 0.15, 0.35]).unwrap() - 0.35).abs() < 1e-9);
    assert_eq!(found(&[0.1, 0.15]), Err(Blocked::Ground));
}

#[test]
fn slopes_lead_into_the_tube_and_out_of_it() {
    let ground = flat(2_000.0);
    let sloped = |crossings, up, down| {
        profile(&Problem {
            ground: &ground,
            tube: (60.0, 120.0),
            crossings,
            ends: Ends::Slopes { up, down },
            style: Style::Taut,
            room: &[],
        })
    };
    let points = vec![(0.0, 0.0), (600.0, 60.0), (1_400.0, 60.0), (2_000.0, 0.0)];
    assert_eq!(sloped(&[], &[0.1, 0.2], &[0.1]).unwrap().points, points);
    let wall = [wall(2, 300.0, 400.0, -1.0, 50.0)];
    let points = vec![(0.0, 0.0), (300.0, 60.0), (1_400.0, 60.0), (2_000.0, 0.0)];
    assert_eq!(sloped(&wall, &[0.1, 0.2], &[0.1]).unwrap().points, points);
    assert_eq!(sloped(&wall, &[0.1, 0.16], &[0.1]), Err(Blocked::Barriers(vec![2])));
    assert_eq!(sloped(&[], &[0.05], &[0.05]), Err(Blocked::Ground));
    assert!(sloped(&[], &[0.06], &[0.06]).is_ok());
}
