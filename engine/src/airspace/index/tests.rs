#![expect(clippy::unwrap_used, reason = "tests")]

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use proptest::prelude::*;

use super::*;
use crate::airspace::{
    Airspace, Applicability, Daily, Day, DayEdge, Layer, Limits, Outline, Period, Polygon, Restriction,
    TimeOfDay,
};
use crate::frame::{Agl, Amsl, Height, Instant};

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(if lon.abs() <= 180.0 { lon } else { lon - 360f64.copysign(lon) }, lat).unwrap()
}

fn metres(a: LonLat, b: LonLat) -> f64 {
    Geodesic::wgs84().inverse(a.lat(), a.lon(), b.lat(), b.lon())
}

/// Places along the geodesic, both ends among them.
fn along(from: LonLat, azimuth: f64, length_m: f64) -> Vec<LonLat> {
    let at = |i: i32| {
        let (lat, lon): (f64, f64) =
            Geodesic::wgs84().direct(from.lat(), from.lon(), azimuth, length_m * f64::from(i) / 12.0);
        place(lon, lat)
    };
    (0..=12).map(at).collect()
}

/// Places on a polygon's outer ring, straight in longitude and latitude.
fn edge_places(polygon: &Polygon) -> impl Iterator<Item = LonLat> {
    polygon.exterior.windows(2).flat_map(|edge| {
        (0..6).map(move |i| {
            let share = f64::from(i) / 6.0;
            let mix = |a: f64, b: f64| a + (b - a) * share;
            place(mix(edge[0].lon(), edge[1].lon()), mix(edge[0].lat(), edge[1].lat()))
        })
    })
}

/// The tests' boxes and triangles are convex: inside is left of all edges, or right of all.
fn is_inside(polygon: &Polygon, at: LonLat) -> bool {
    let side = |e: &[LonLat]| {
        (e[1].lon() - e[0].lon()) * (at.lat() - e[0].lat())
            - (e[1].lat() - e[0].lat()) * (at.lon() - e[0].lon())
    };
    let sides: Vec<f64> = polygon.exterior.windows(2).map(side).collect();
    sides.iter().all(|s| *s > 0.0) || sides.iter().all(|s| *s < 0.0)
}

/// Does some of an outline lie within a reach of a place? Sampled: a yes is sure.
fn surely_near(outline: &Outline, at: LonLat, reach_m: f64) -> bool {
    match outline {
        Outline::Circle { centre, radius_m } => metres(*centre, at) <= radius_m + reach_m,
        Outline::Polygons(polygons) => polygons.iter().any(|polygon| {
            is_inside(polygon, at) || edge_places(polygon).any(|edge| metres(edge, at) <= reach_m)
        }),
    }
}

/// Is the layer within the band at the ground's lowest or highest, or between?
fn surely_between(limits: &Limits, band: &HeightBand) -> bool {
    (0..=10).any(|i| {
        let ground = band.ground_low_m + (band.ground_high_m - band.ground_low_m) * f64::from(i) / 10.0;
        let (lower, upper) = limits.amsl_over(ground);
        lower <= band.high_m && upper >= band.low_m
    })
}

/// Asked every five minutes.
fn surely_active(zone: &Zone, during: Interval) -> bool {
    let step = 300_000;
    let count = (during.end.millis() - during.start.millis()) / step;
    (0..=count).any(|i| {
        zone.applicability.is_active(zone.layers[0].outline.place(), during.start.plus_millis(i * step))
    })
}

fn height() -> impl Strategy<Value = Option<Height>> {
    prop_oneof![
        Just(None),
        (0.0..300.0).prop_map(|m| Some(Height::Amsl(Amsl::new(m).unwrap()))),
        (0.0..300.0).prop_map(|m| Some(Height::Agl(Agl::new(m).unwrap()))),
    ]
}

fn outline() -> impl Strategy<Value = Outline> {
    let anywhere = (-180.0..180.0, -90.0..90.0);
    let near_pole = (-180.0..180.0, prop_oneof![-90.0..-88.5, 88.5..90.0]);
    let near_edge = (prop_oneof![-180.0..-179.5, 179.5..180.0], -80.0..80.0);
    let here = (119.0..122.0, 29.5..32.0);
    let centre = prop_oneof![anywhere, near_pole, near_edge, here.clone(), here].boxed();
    let circle = (centre.clone(), prop_oneof![10.0..3_000.0, 10_000.0..500_000.0])
        .prop_map(|((lon, lat), radius_m)| Outline::Circle { centre: place(lon, lat), radius_m });
    let triangle =
        (centre, -2.0..2.0, -2.0..2.0, -2.0..2.0, -2.0..2.0).prop_map(|((lon, lat), a, b, c, d)| {
            let corner = |x: f64, y: f64| place((lon + x).clamp(-180.0, 180.0), (lat + y).clamp(-90.0, 90.0));
            let first = corner(0.0, 0.0);
            Outline::Polygons(vec![Polygon {
                exterior: vec![first, corner(a, b), corner(c, d), first],
                holes: vec![],
            }])
        });
    let world = Just({
        let ring = vec![
            place(-180.0, -90.0),
            place(180.0, -90.0),
            place(180.0, 90.0),
            place(-180.0, 90.0),
            place(-180.0, -90.0),
        ];
        Outline::Polygons(vec![Polygon { exterior: ring, holes: vec![] }])
    });
    prop_oneof![4 => circle, 4 => triangle, 1 => world]
}

fn applicability() -> impl Strategy<Value = Applicability> {
    let clock = |hour: u32| Some(DayEdge::Clock(TimeOfDay { millis: hour * 3_600_000, offset_minutes: 480 }));
    prop_oneof![
        Just(Applicability::Always),
        Just(Applicability::Periods(vec![])),
        (0..200_000_i64, 0..200_000_i64).prop_map(|(a, b)| {
            let period = Period {
                start: Some(Instant::from_seconds(a)),
                end: Some(Instant::from_seconds(a + b)),
                ..Period::default()
            };
            Applicability::Periods(vec![period])
        }),
        (0..24_u32, 0..24_u32).prop_map(move |(a, b)| {
            let daily = Daily { days: vec![Day::Fri, Day::Sun], start: clock(a), end: clock(b) };
            Applicability::Periods(vec![Period { schedule: vec![daily], ..Period::default() }])
        }),
    ]
}

fn zones() -> impl Strategy<Value = Vec<Zone>> {
    let zone = (outline(), height(), height(), applicability()).prop_map(
        |(outline, lower, upper, applicability)| {
            let mut zone = Zone::new(
                "Z",
                Restriction::Prohibited,
                vec![Layer { outline, limits: Limits { lower, upper } }],
            );
            zone.applicability = applicability;
            zone
        },
    );
    prop::collection::vec(zone, 1..40)
}

fn band() -> impl Strategy<Value = HeightBand> {
    (0.0..200.0, 0.0..100.0, 0.0..50.0, 0.0..50.0).prop_map(|(low, more, ground, hill)| HeightBand {
        low_m: low,
        high_m: low + more,
        ground_low_m: ground,
        ground_high_m: ground + hill,
    })
}

fn during() -> impl Strategy<Value = Interval> {
    (0..400_000_i64, 0..20_000_i64)
        .prop_map(|(a, b)| Interval::new(Instant::from_seconds(a), Instant::from_seconds(a + b)))
}

/// Far away, near a pole, at the antimeridian, and mostly where the zones are dense.
fn somewhere() -> impl Strategy<Value = LonLat> {
    prop_oneof![
        (-180.0..180.0, -90.0..90.0),
        (-180.0..180.0, prop_oneof![-90.0..-88.0, 88.0..90.0]),
        (prop_oneof![-180.0..-179.5, 179.5..180.0], -80.0..80.0),
        (119.5..121.5, 30.0..31.5),
    ]
    .prop_map(|(lon, lat)| place(lon, lat))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Nothing that is surely in the way is missed, whatever the shape, the place, the height and the time.
    #[test]
    fn a_segment_misses_nothing(
        zones in zones(), from in somewhere(), azimuth in 0.0..360.0, length in prop_oneof![Just(0.0), 0.0..5_000.0, 0.0..300_000.0],
        reach in prop_oneof![Just(0.0), 0.0..200.0, 0.0..20_000.0], band in band(), during in during(),
    ) {
        let track = along(from, azimuth, length);
        let index = VolumeIndex::new(zones.clone());
        let found = index.along_segment(track[0], track[12], reach, band, during);
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        for (number, zone) in zones.iter().enumerate() {
            let layer = &zone.layers[0];
            let sure = surely_between(&layer.limits, &band)
                && surely_active(zone, during)
                && track.iter().any(|at| surely_near(&layer.outline, *at, reach));
            let id = VolumeId { zone: number as u32, layer: 0 };
            prop_assert!(!sure || found.contains(&id), "missed {zone:?}");
        }
    }

    #[test]
    fn a_box_misses_nothing(zones in zones(), corner in somewhere(), width in 0.0..3.0_f64, tall in 0.0..3.0_f64, band in band(), during in during()) {
        let max = place((corner.lon() + width).min(180.0), (corner.lat() + tall).min(90.0));
        let found = VolumeIndex::new(zones.clone()).in_box(LonLatBox { min: corner, max }, band, during);
        for (number, zone) in zones.iter().enumerate() {
            let layer = &zone.layers[0];
            let grid = (0..64).map(|i| {
                let share = |k: i32| f64::from(k) / 7.0;
                place(corner.lon() + (max.lon() - corner.lon()) * share(i % 8), corner.lat() + (max.lat() - corner.lat()) * share(i / 8))
            });
            let sure = surely_between(&layer.limits, &band)
                && surely_active(zone, during)
                && grid.into_iter().any(|at| surely_near(&layer.outline, at, 0.0));
            prop_assert!(!sure || found.contains(&VolumeId { zone: number as u32, layer: 0 }), "missed {zone:?}");
        }
    }

    /// Nor is everything named: what a segment of 2 km finds is within 1.02 times the reach and 5 m. The sag of 2 km is
    /// under 1 m, a degree is underestimated by at most 1.1 percent here.
    #[test]
    fn a_segment_names_little_else(lon in 119.5..121.5, lat in 30.0..31.5, radius in 10.0..5_000.0, azimuth in 0.0..360.0, reach in 0.0..2_000.0) {
        let centre = place(lon, lat);
        let zone = Zone::new("Z", Restriction::Prohibited, vec![Layer { outline: Outline::Circle { centre, radius_m: radius }, limits: Limits::UNBOUNDED }]);
        let track = along(place(120.5, 30.7), azimuth, 2_000.0);
        let band = HeightBand { low_m: 0.0, high_m: 1.0, ground_low_m: 0.0, ground_high_m: 0.0 };
        let found = !VolumeIndex::new([zone]).along_segment(track[0], track[12], reach, band, Interval::ALWAYS).is_empty();
        let nearest = track.iter().map(|at| metres(*at, centre)).fold(f64::INFINITY, f64::min);
        prop_assert!(!found || nearest <= 1.02 * (reach + radius) + 90.0, "{nearest}"); // 90 m: between two samples
        prop_assert!(found || nearest > reach + radius);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// After any changes an airspace finds what one made at once of the same zones finds, in the same order; and what it
    /// was made from still finds what it did.
    #[test]
    fn a_changed_airspace_finds_what_a_new_one_finds(
        start in zones(), changes in prop::collection::vec((prop::collection::vec(0..60_usize, 0..6), prop::option::of(zones())), 1..25),
        from in somewhere(), azimuth in 0.0..360.0, reach in 0.0..20_000.0, band in band(), during in during(),
    ) {
        let track = along(from, azimuth, 200_000.0);
        let found = |airspace: &Airspace| -> Vec<(*const Zone, u32)> {
            let index = airspace.index();
            let found = index.along_segment(track[0], track[12], reach, band, during);
            found.into_iter().map(|id| (Arc::as_ptr(index.zone(id.zone).unwrap()), id.layer)).collect()
        };
        let mut list: Vec<Arc<Zone>> = start.into_iter().map(Arc::new).collect();
        let mut airspace = Airspace::new(list.iter().cloned(), 1);
        for (removed, added) in changes {
            let (before, was_found) = (airspace.clone(), found(&airspace));
            let places: Vec<u32> = airspace.index().numbered().map(|(place, _)| place).collect();
            let mut numbers: Vec<usize> = removed.into_iter().filter(|&n| n < places.len()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let removed: Vec<u32> = numbers.iter().map(|&n| places[n]).collect();
            for &number in numbers.iter().rev() {
                list.remove(number);
            }
            let added: Vec<Arc<Zone>> = added.unwrap_or_default().into_iter().map(Arc::new).collect();
            list.extend(added.iter().cloned());
            airspace = airspace.changed(&removed, added);
            let anew = Airspace::new(list.iter().cloned(), 1);
            prop_assert_eq!(found(&airspace), found(&anew));
            prop_assert!(airspace.zones().map(Arc::as_ptr).eq(list.iter().map(Arc::as_ptr)));
            prop_assert_eq!((airspace.len(), airspace.revision()), (list.len(), before.revision() + 1));
            prop_assert!(airspace.index().places() <= 2 * list.len() + 64);
            prop_assert_eq!(found(&before), was_found);
        }
    }
}

/// A layer has one number, in the order of the list.
#[test]
fn layers_are_numbered_in_their_order() {
    let zone = |layers: usize| {
        let outline = Outline::Circle { centre: place(120.0, 30.0), radius_m: 100.0 };
        Zone::new("Z", Restriction::Prohibited, vec![Layer { outline, limits: Limits::UNBOUNDED }; layers])
    };
    let airspace = Airspace::new([zone(2), zone(1), zone(3)], 1).changed(&[1], [zone(2)]);
    let index = airspace.index();
    let number = |zone, layer| index.number_of(VolumeId { zone, layer });
    assert_eq!([number(0, 1), number(2, 0), number(3, 1)], [Some(1), Some(3), Some(7)]);
    assert!((0..index.layers()).all(|n| index.layer(n).and_then(|id| index.number_of(id)) == Some(n)));
    assert_eq!((index.layer(8), number(4, 0), index.zone(1).is_some()), (None, None, false));
}

#[test]
fn touching_heights_meet_and_empty_is_empty() {
    assert!(VolumeIndex::default().is_empty());
    let limits = Limits {
        lower: Some(Height::Amsl(Amsl::new(50.0).unwrap())),
        upper: Some(Height::Agl(Agl::new(100.0).unwrap())),
    };
    let outline = Outline::Circle { centre: place(120.0, 30.0), radius_m: 100.0 };
    let index = VolumeIndex::new([Zone::new("Z", Restriction::Prohibited, vec![Layer { outline, limits }])]);
    let at = |low_m, high_m| {
        let band = HeightBand { low_m, high_m, ground_low_m: 0.0, ground_high_m: 20.0 };
        index.at_column(place(120.0, 30.0), 0.0, band, Interval::ALWAYS).len()
    };
    assert_eq!((at(0.0, 49.9), at(0.0, 50.0), at(120.0, 130.0), at(120.1, 130.0)), (0, 1, 1, 0));
}
