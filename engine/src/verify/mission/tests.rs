#![expect(clippy::unwrap_used, reason = "tests")]

mod sampled;

use std::sync::Arc;

use rstest::rstest;

use super::super::tests::scene::{Scene, at, height, zone};
use super::*;
use crate::airspace::{Layer, Limits, Mission, Missions, Outline, Polygon, Zone};
use crate::flight::Outcome;
use crate::route::Planner;
use crate::surface::{Ground, Obstacle, Raster};

const NO_RIGHTS: Rights<'static> =
    Rights { mission: Mission::Logistics, authorizations: &[], exemptions: &[] };

/// The report on a trajectory of which every piece is a leg.
fn report(scene: &Scene, trajectory: &[Waypoint], others: &[(&str, &Plan)]) -> Report {
    let legs: Vec<usize> = (0..trajectory.len() - 1).collect();
    let line =
        Line { aircraft: &scene.world.fleet["quad"], rights: NO_RIGHTS, waypoints: trajectory, legs: &legs };
    verify_line(&scene.world, &line, others).unwrap()
}

fn kinds(report: &Report) -> Vec<(FindingKind, usize)> {
    report.findings.iter().map(|finding| (finding.kind, finding.leg)).collect()
}

fn waypoint(scene: &Scene, x: f64, y: f64, z: f64, t: f64) -> Waypoint {
    Waypoint {
        place: at(x, y),
        altitude: Amsl::new(z).unwrap(),
        time: scene.start().plus_millis((t * 1000.0).round() as i64),
    }
}

fn circle(x: f64, y: f64, radius_m: f64) -> Outline {
    Outline::Circle { centre: at(x, y), radius_m }
}

#[test]
fn a_good_line_has_no_findings_and_its_figures_are_those_of_the_plan() {
    let scene = Scene::new();
    let plan = scene.plan();
    let report = report(&scene, &plan.trajectory, &[]);
    assert_eq!((report.findings, report.advisories), (vec![], vec![]));
    assert!((report.length_m - plan.length_m).abs() < 0.01);
    assert!((report.duration_s - plan.duration_s).abs() < 0.01);
    assert!((report.energy_wh - plan.energy_wh).abs() < 0.1, "{} {}", report.energy_wh, plan.energy_wh);
    assert_eq!(report.legs.len(), 3);
    assert_eq!(report.legs[1].agl_m, (60.0, 60.0));
    assert_eq!(report.legs[2].during.end, plan.trajectory[3].time);
}

/// The planner's own way round a zone is clean; pushed to the side it meets that zone, and nothing else.
#[test]
fn a_plan_of_the_planner_is_clean_until_it_is_moved_into_a_zone() {
    let mut scene = Scene::with_length(1_800.0);
    let limits = Limits { lower: None, upper: height(300.0) };
    scene.zones(vec![
        zone("NFZ", Restriction::Prohibited, circle(900.0, 0.0, 250.0), limits),
        zone("ASK", Restriction::ReqAuthorization, circle(900.0, -1_000.0, 200.0), limits),
        zone("TALK", Restriction::Conditional, circle(0.0, 0.0, 50.0), limits),
    ]);
    let outcome = Planner::new(&scene.world).plan(&scene.request);
    let Outcome::Planned(plan) = outcome else { panic!("{outcome:?}") };
    let clean = report(&scene, &plan.trajectory, &[]);
    assert_eq!(clean.findings, []);
    assert_eq!(clean.advisories.len(), 1);
    assert_eq!(clean.advisories[0].zone, "TALK");

    let frame = &scene.world.frame;
    let passes_north = plan.trajectory.iter().any(|waypoint| frame.to_plane(waypoint.place).y > 100.0);
    let push = if passes_north { -300.0 } else { 300.0 };
    let moved: Vec<Waypoint> = plan
        .trajectory
        .iter()
        .map(|waypoint| {
            let here = frame.to_plane(waypoint.place);
            Waypoint { place: at(here.x, here.y + push), ..*waypoint }
        })
        .collect();
    let found = report(&scene, &moved, &[]);
    assert!(!found.findings.is_empty());
    for finding in &found.findings {
        assert_eq!(
            (finding.kind, finding.subject.as_deref()),
            (FindingKind::Zone, Some("NFZ")),
            "{finding:?}"
        );
        assert_eq!((finding.found, finding.expected), (Some(0.0), Some(10.0)));
        assert!(finding.text.starts_with("inside PROHIBITED zone NFZ"), "{}", finding.text);
        let here = frame.to_plane(finding.place);
        assert!((here.x - 900.0).hypot(here.y) <= 260.0);
    }
}

#[test]
fn zones_ask_for_rights_and_times() {
    let mut scene = Scene::new();
    let limits = Limits { lower: height(50.0), upper: height(100.0) };
    let mut ask = zone("ASK", Restriction::ReqAuthorization, circle(500.0, 0.0, 50.0), limits);
    ask.exempt_missions = Missions::NONE.with(Mission::Rescue);
    scene.zones(vec![ask, zone("NFZ", Restriction::Prohibited, circle(500.0, 0.0, 50.0), limits)]);
    let trajectory = scene.plan().trajectory;
    let with = |mission, authorizations: &[&str], exemptions: &[&str]| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (authorizations, exemptions) = (own(authorizations), own(exemptions));
        let rights = Rights { mission, authorizations: &authorizations, exemptions: &exemptions };
        let line =
            Line { aircraft: &scene.world.fleet["quad"], rights, waypoints: &trajectory, legs: &[0, 1, 2] };
        let report = verify_line(&scene.world, &line, &[]).unwrap();
        let names: Vec<String> = report.findings.into_iter().filter_map(|finding| finding.subject).collect();
        names
    };
    assert_eq!(with(Mission::Logistics, &[], &[]), ["ASK", "NFZ"]);
    assert_eq!(with(Mission::Logistics, &["ASK"], &[]), ["NFZ"]);
    assert_eq!(with(Mission::Logistics, &["NFZ"], &["NFZ"]), ["ASK"]);
    assert_eq!(with(Mission::Rescue, &[], &["NFZ"]), [""; 0]);
}

#[test]
fn a_zone_of_many_layers_is_found_once_a_leg() {
    let mut scene = Scene::new();
    let layer = |x: f64, lower: f64, upper: f64| Layer {
        outline: circle(x, 0.0, 80.0),
        limits: Limits { lower: height(lower), upper: height(upper) },
    };
    let layers = vec![layer(400.0, 0.0, 70.0), layer(400.0, 70.0, 120.0), layer(600.0, 50.0, 90.0)];
    scene.zones(vec![Zone::new("STACK", Restriction::Prohibited, layers)]);
    let found = report(&scene, &scene.plan().trajectory, &[]);
    assert_eq!(kinds(&found), [(FindingKind::Zone, 1)]);
    assert_eq!(found.findings[0].subject.as_deref(), Some("STACK"));
}

#[rstest]
#[case::climb(|line: &mut Vec<Waypoint>| later(line, 1, -1.0), FindingKind::Climb, 0, 3.15, 3.0)]
#[case::descent(|line: &mut Vec<Waypoint>| later(line, 3, -1.0), FindingKind::Descent, 2, 2.6, 2.5)]
#[case::airspeed(|line: &mut Vec<Waypoint>| later(line, 2, -1.0), FindingKind::Airspeed, 1, 15.2, 15.0)]
#[case::low(|line: &mut Vec<Waypoint>| low(line, 4.0), FindingKind::Ground, 1, 4.0, 5.0)]
#[case::below(|line: &mut Vec<Waypoint>| low(line, -2.0), FindingKind::Ground, 1, -2.0, 5.0)]
fn figures_that_are_off_by_a_known_amount(
    #[case] spoil: fn(&mut Vec<Waypoint>),
    #[case] kind: FindingKind,
    #[case] leg: usize,
    #[case] found: f64,
    #[case] expected: f64,
) {
    let scene = Scene::new();
    let mut line = scene.plan().trajectory;
    spoil(&mut line);
    let report = report(&scene, &line, &[]);
    let finding = report.findings.iter().find(|finding| finding.kind == kind).unwrap();
    assert_eq!((finding.leg, finding.expected), (leg, Some(expected)), "{finding:?}");
    assert!((finding.found.unwrap() - found).abs() < 0.06, "{finding:?}");
    assert!(report.findings.iter().all(|other| other.kind == kind), "{:?}", report.findings);
}

/// A waypoint and those behind it are so much later.
fn later(line: &mut [Waypoint], from: usize, seconds: f64) {
    for waypoint in &mut line[from..] {
        waypoint.time = waypoint.time.plus_millis((seconds * 1000.0) as i64);
    }
}

/// A dip to a height halfway along.
fn low(line: &mut Vec<Waypoint>, metres: f64) {
    let (from, to) = (line[1], line[2]);
    let millis = (to.time.millis() - from.time.millis()) / 2;
    let dip = Waypoint {
        place: at(500.0, 0.0),
        altitude: Amsl::new(metres).unwrap(),
        time: Instant::from_millis(from.time.millis() + millis),
    };
    line.insert(2, dip);
    // Slow enough down and up for both.
    later(line, 2, 30.0);
    later(line, 3, 30.0);
    later(line, 4, 0.0);
}

#[test]
fn low_flight_is_excused_only_near_the_ends() {
    let scene = Scene::new();
    // Rises slowly: 5 m are reached 200 m from the start.
    let line = [
        waypoint(&scene, 0.0, 0.0, 0.0, 0.0),
        waypoint(&scene, 2_000.0, 0.0, 50.0, 200.0),
        waypoint(&scene, 2_000.0, 0.0, 0.0, 260.0),
    ];
    let slow = report(&scene, &line, &[]);
    assert_eq!(kinds(&slow), [(FindingKind::Ground, 0)]);
    // Worst where the excuse ends: 61 m out.
    assert!((slow.findings[0].found.unwrap() - 61.0 / 40.0).abs() < 0.05, "{slow:?}");
    // Rises at half its rate at full speed: as the slopes of aircraft that cannot hover.
    let line = [
        waypoint(&scene, 0.0, 0.0, 0.0, 0.0),
        waypoint(&scene, 600.0, 0.0, 60.0, 41.0),
        waypoint(&scene, 600.0, 0.0, 0.0, 70.0),
    ];
    assert_eq!(kinds(&report(&scene, &line, &[])), []);
    // Never high enough.
    let line = [waypoint(&scene, 0.0, 0.0, 0.0, 0.0), waypoint(&scene, 900.0, 0.0, 3.0, 70.0)];
    assert_eq!(kinds(&report(&scene, &line, &[])), [(FindingKind::Ground, 0)]);
}

#[test]
fn what_cannot_hover_or_turn_is_told_where() {
    let mut scene = Scene::new();
    scene.craft(|craft| (craft.can_hover, craft.min_turn_radius_m) = (false, 50.0));
    let line = [
        waypoint(&scene, 0.0, 0.0, 0.0, 0.0),
        waypoint(&scene, 600.0, 0.0, 60.0, 45.0),
        waypoint(&scene, 600.0, 600.0, 60.0, 90.0),
        waypoint(&scene, 600.0, 600.0, 60.0, 100.0),
        waypoint(&scene, 0.0, 600.0, 0.0, 145.0),
    ];
    let report = report(&scene, &line, &[]);
    // The second bend is flown from a standstill, which is another fault.
    assert_eq!(kinds(&report), [(FindingKind::Turn, 0), (FindingKind::Hover, 2)], "{report:#?}");
    assert!((report.findings[0].found.unwrap() - 90.0).abs() < 0.1);
    assert_eq!(report.findings[1].found, Some(10.0));
}

#[test]
fn energy_is_told_where_the_reserve_begins() {
    let mut scene = Scene::new();
    let plan = scene.plan();
    // Half of what it needs.
    scene.craft(|craft| {
        craft.energy.source =
            crate::aircraft::EnergySource::Battery { capacity_wh: plan.energy_wh / 2.0 / 0.8 };
    });
    let found = report(&scene, &plan.trajectory, &[]);
    assert_eq!(kinds(&found), [(FindingKind::Energy, 1)]);
    let finding = &found.findings[0];
    assert!((finding.found.unwrap() / finding.expected.unwrap() - 2.0).abs() < 0.01, "{finding:?}");
    // Up to there it has used what it may.
    let early: Vec<Waypoint> = plan.trajectory[..2].to_vec();
    let last = Waypoint { place: finding.place, altitude: finding.altitude, time: finding.when };
    let part = report(&scene, &[early, vec![last]].concat(), &[]);
    assert!((part.energy_wh - plan.energy_wh / 2.0).abs() < 0.1, "{}", part.energy_wh);
}

#[test]
fn obstacles_and_the_end_of_the_terrain() {
    let mut scene = Scene::new();
    scene.world.obstacles = Arc::new(vec![Obstacle {
        identifier: "mast".into(),
        outline: circle(500.0, 12.0, 5.0),
        height: Agl::new(58.0).unwrap(),
    }]);
    let line = scene.plan().trajectory;
    let found = report(&scene, &line, &[]);
    assert_eq!(kinds(&found), [(FindingKind::Obstacle, 1)]);
    let finding = &found.findings[0];
    assert_eq!((finding.subject.as_deref(), finding.expected), (Some("mast"), Some(10.0)));
    assert!((finding.found.unwrap() - 7.0).abs() < 0.01);

    let east = at(700.0, 0.0).lon();
    let west = at(-1_000.0, 0.0).lon();
    let raster = Raster::new((west, at(0.0, 500.0).lat()), (east - west, 0.01), 2, vec![0.0; 4]).unwrap();
    scene.world.obstacles = Arc::default();
    scene.world.ground = Arc::new(Ground::Raster(raster));
    let found = report(&scene, &line, &[]);
    assert_eq!(kinds(&found), [(FindingKind::Terrain, 1), (FindingKind::Terrain, 2)]);
}

#[test]
fn other_flights_are_told_leg_by_leg() {
    let scene = Scene::new();
    let mine = scene.plan().trajectory;
    // The same way 40 m aside, 10 m higher; and one that is long gone.
    let beside = |shift: f64| {
        let mut plan = scene.plan();
        for waypoint in &mut plan.trajectory {
            let here = scene.world.frame.to_plane(waypoint.place);
            waypoint.place = at(here.x, here.y + 40.0);
            waypoint.time = waypoint.time.plus_millis((shift * 1000.0) as i64);
        }
        plan
    };
    let (near, gone) = (beside(0.0), beside(-3_600.0));
    let found = report(&scene, &mine, &[("N", &near), ("G", &gone)]);
    assert_eq!(
        kinds(&found),
        [(FindingKind::Traffic, 0), (FindingKind::Traffic, 1), (FindingKind::Traffic, 2)]
    );
    for finding in &found.findings {
        assert_eq!((finding.subject.as_deref(), finding.expected), (Some("N"), Some(60.0)));
        assert!((finding.found.unwrap() - 40.0).abs() < 0.1, "{finding:?}");
    }
}

#[test]
fn lines_that_cannot_be_looked_at_are_refused() {
    let scene = Scene::new();
    let good = scene.plan().trajectory;
    let refused = |waypoints: &[Waypoint], legs: &[usize]| {
        let line = Line { aircraft: &scene.world.fleet["quad"], rights: NO_RIGHTS, waypoints, legs };
        verify_line(&scene.world, &line, &[]).unwrap_err()
    };
    assert!(refused(&good, &[0, 1]).contains("found 2 legs for 4 waypoints"));
    assert!(refused(&good, &[0, 2, 1]).contains("legs"));
    assert!(refused(&good[..1], &[]).contains("fewer than two points"));
    assert!(refused(&[], &[]).contains("0 waypoints"));
    let mut back = good.clone();
    back[2].time = back[0].time;
    assert!(refused(&back, &[0, 1, 2]).contains("a time before the one before it"));
    let mut endless = good.clone();
    endless[3].time = Instant::MAX;
    assert!(refused(&endless, &[0, 1, 2]).contains("time without bound"));
    let mut far = good;
    far[2].place = LonLat::new(-60.0, 10.0).unwrap();
    assert!(refused(&far, &[0, 1, 2]).contains("strays"));
}

#[test]
fn a_line_that_stands_still_has_no_findings() {
    let scene = Scene::new();
    let here = scene.plan().trajectory[0];
    let later = Waypoint { time: here.time.plus_millis(5_000), ..here };
    let report = report(&scene, &[here, later], &[]);
    assert_eq!((report.findings.len(), report.energy_wh, report.duration_s), (0, 0.0, 0.0));
}
