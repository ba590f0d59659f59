#![allow(clippy::unwrap_used, reason = "tests")]

//! What is written reads back as the same zones, or the writer says what was lost.

use proptest::prelude::*;
use tianlu_engine::airspace::{
    Applicability, Authority, AuthorityPurpose, Daily, Day, DayEdge, Layer, Limits, Mission, Missions,
    Outline, Period, Polygon, Restriction, SunEvent, Text, TimeOfDay, Variant, YesNo, Zone,
};
use tianlu_engine::frame::{Agl, Amsl, Height, Instant, LonLat};

use super::{write_airspace, zone_to_ed318};
use crate::airspace::{Format, ReadOptions, read_airspace};

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Zé中\" \\\\]{0,8}[a-z0-9]"
}

fn texts(most: usize) -> impl Strategy<Value = Vec<Text>> {
    let lang = prop_oneof![Just(String::new()), Just("en-GB".to_owned()), Just("zh-CN".to_owned())];
    prop::collection::vec((word(), lang).prop_map(|(text, lang)| Text { text, lang }), 0..=most)
}

fn place() -> impl Strategy<Value = LonLat> {
    (-179.0..179.0_f64, -80.0..80.0_f64).prop_map(|(lon, lat)| LonLat::new(lon, lat).unwrap())
}

/// A star-shaped ring around a place, closed.
fn ring(at: LonLat, reach: f64, spokes: &[f64]) -> Vec<LonLat> {
    let corner = |(n, part): (usize, &f64)| {
        let turn = n as f64 / spokes.len() as f64 * std::f64::consts::TAU;
        LonLat::new(at.lon() + reach * part * turn.cos(), at.lat() + reach * part * turn.sin()).unwrap()
    };
    let mut ring: Vec<LonLat> = spokes.iter().enumerate().map(corner).collect();
    ring.push(ring[0]);
    ring
}

fn polygon() -> impl Strategy<Value = Polygon> {
    let spokes = prop::collection::vec(0.5..1.0_f64, 3..9);
    (place(), spokes, prop::option::of(prop::collection::vec(0.2..1.0_f64, 3..6))).prop_map(
        |(at, outer, inner)| {
            // The inner ring stays within what the outer's shortest spokes and three corners enclose.
            let holes = inner.map(|inner| ring(at, 0.01 * 0.2, &inner)).into_iter().collect();
            Polygon { exterior: ring(at, 0.01, &outer), holes }
        },
    )
}

fn outline() -> impl Strategy<Value = Outline> {
    prop_oneof![
        2 => prop::collection::vec(polygon(), 1..3).prop_map(Outline::Polygons),
        1 => (place(), 0.1..5e4_f64).prop_map(|(centre, radius_m)| Outline::Circle { centre, radius_m }),
    ]
}

fn height(metres: f64, above_ground: bool) -> Height {
    if above_ground {
        Height::Agl(Agl::new(metres).unwrap())
    } else {
        Height::Amsl(Amsl::new(metres).unwrap())
    }
}

fn limits() -> impl Strategy<Value = Limits> {
    let lower = prop::option::of((-100.0..500.0_f64, any::<bool>()));
    let upper = prop::option::of((500.0..9e4_f64, any::<bool>()));
    (lower, upper).prop_map(|(lower, upper)| Limits {
        lower: lower.map(|(metres, agl)| height(metres, agl)),
        upper: upper.map(|(metres, agl)| height(metres, agl)),
    })
}

fn edge() -> impl Strategy<Value = Option<DayEdge>> {
    let clock = (0..=86_400_000_u32, prop_oneof![Just(0_i16), -720..=840_i16])
        .prop_map(|(millis, offset_minutes)| DayEdge::Clock(TimeOfDay { millis, offset_minutes }));
    let sun = prop::sample::select(vec![SunEvent::Bmct, SunEvent::Sr, SunEvent::Ss, SunEvent::Eect])
        .prop_map(DayEdge::Sun);
    prop_oneof![Just(None), clock.prop_map(Some), sun.prop_map(Some)]
}

fn daily() -> impl Strategy<Value = Daily> {
    let days = prop::sample::subsequence(
        vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun],
        1..4,
    );
    let days = prop_oneof![Just(vec![Day::Any]), days];
    (days, edge(), edge())
        .prop_map(|(days, start, end)| Daily { days, start, end })
        .prop_filter("any day all day is read as no schedule", |daily| {
            daily.days != [Day::Any] || daily.start.is_some() || daily.end.is_some()
        })
}

fn period() -> impl Strategy<Value = Period> {
    let instant = || prop::option::of(-60_000_000_000_000..250_000_000_000_000_i64);
    (instant(), instant(), prop::collection::vec(daily(), 0..3)).prop_map(|(one, other, schedule)| {
        let (start, end) = match (one, other) {
            (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
            found => found,
        };
        Period { start: start.map(Instant::from_millis), end: end.map(Instant::from_millis), schedule }
    })
}

fn applicability() -> impl Strategy<Value = Applicability> {
    prop_oneof![
        Just(Applicability::Always),
        prop::collection::vec(period(), 1..3).prop_map(Applicability::Periods),
    ]
}

fn authority() -> impl Strategy<Value = Authority> {
    let purpose = prop::sample::select(vec![
        None,
        Some(AuthorityPurpose::Authorization),
        Some(AuthorityPurpose::Notification),
        Some(AuthorityPurpose::Information),
    ]);
    let optional = || prop::option::of(word());
    (texts(2), texts(1), texts(1), optional(), optional(), optional(), optional(), purpose).prop_map(
        |(name, service, contact_name, site_url, email, phone, interval_before, purpose)| Authority {
            name,
            service,
            contact_name,
            site_url,
            email,
            phone,
            purpose,
            interval_before,
        },
    )
}

fn zone() -> impl Strategy<Value = Zone> {
    let layers = prop::collection::vec(
        (outline(), limits()).prop_map(|(outline, limits)| Layer { outline, limits }),
        1..4,
    );
    let missions =
        prop::sample::subsequence(vec![Mission::Emergency, Mission::Rescue, Mission::State], 0..=3)
            .prop_map(|missions| missions.into_iter().fold(Missions::NONE, Missions::with));
    let authorities = prop::collection::vec(
        authority().prop_filter("an empty authority is none", |held| *held != Authority::default()),
        0..3,
    );
    let what = (
        word(),
        prop::sample::select(Restriction::ALL.to_vec()),
        prop_oneof![Just(String::new()), Just("CHN".to_owned())],
        prop::sample::select(vec![Variant::Common, Variant::Customized]),
        prop::option::of(word()),
        prop::option::of(any::<i64>()),
        prop::sample::select(vec![None, Some(YesNo::Yes), Some(YesNo::No)]),
        prop::sample::subsequence(
            vec!["AIR_TRAFFIC".to_owned(), "NATURE".to_owned(), "Foreign soil".to_owned()],
            0..=3,
        ),
    );
    let said = (texts(3), texts(2), texts(2), authorities, applicability(), missions);
    let extended = prop_oneof![Just(None), Just(Some(r#"{"colour":"red","n":[1,2.5,null]}"#.to_owned()))];
    (what, said, layers, extended).prop_map(|(what, said, layers, extended)| {
        let (
            identifier,
            restriction,
            country,
            variant,
            restriction_conditions,
            region,
            regulation_exemption,
            reason,
        ) = what;
        let (name, other_reason_info, message, authorities, applicability, exempt_missions) = said;
        Zone {
            country,
            name,
            variant,
            restriction_conditions,
            region,
            reason,
            other_reason_info,
            regulation_exemption,
            message,
            authorities,
            applicability,
            exempt_missions,
            extended,
            ..Zone::new(identifier, restriction, layers)
        }
    })
}

fn written_and_read(format: Format, zones: &[Zone]) -> (Vec<Zone>, Vec<String>) {
    let (text, losses) = write_airspace(format, Some("a title"), zones).unwrap();
    let file = read_airspace("written.json", text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!((file.format, file.title.as_deref()), (format, Some("a title")));
    (file.zones, losses.into_iter().map(|loss| loss.text).collect())
}

/// What ED-269 holds of a zone.
fn as_ed269(zone: &Zone) -> Zone {
    let one = |texts: &[Text]| -> Vec<Text> {
        texts.iter().take(1).map(|first| Text { text: first.text.clone(), lang: String::new() }).collect()
    };
    let split = |layer: &Layer| match &layer.outline {
        Outline::Polygons(polygons) => polygons
            .iter()
            .map(|polygon| Layer { outline: Outline::Polygons(vec![polygon.clone()]), limits: layer.limits })
            .collect(),
        Outline::Circle { .. } => vec![layer.clone()],
    };
    let authority = |held: &Authority| Authority {
        name: one(&held.name),
        service: one(&held.service),
        contact_name: one(&held.contact_name),
        ..held.clone()
    };
    Zone {
        name: one(&zone.name),
        other_reason_info: one(&zone.other_reason_info),
        message: one(&zone.message),
        authorities: zone.authorities.iter().map(authority).collect(),
        layers: zone.layers.iter().flat_map(split).collect(),
        ..zone.clone()
    }
}

/// What plain GeoJSON holds of a zone: a zone for each layer.
fn as_geojson(zone: &Zone) -> Vec<Zone> {
    let applicability = match &zone.applicability {
        Applicability::Periods(periods) => {
            let start = periods.iter().map(|period| period.start).min().flatten();
            let ends: Option<Vec<_>> = periods.iter().map(|period| period.end).collect();
            let end = ends.and_then(|ends| ends.into_iter().max());
            if start.is_none() && end.is_none() {
                Applicability::Always
            } else {
                Applicability::Periods(vec![Period { start, end, schedule: Vec::new() }])
            }
        }
        Applicability::Always => Applicability::Always,
    };
    let plain = |layer: &Layer| Zone {
        name: zone
            .name
            .iter()
            .take(1)
            .map(|name| Text { text: name.text.clone(), lang: String::new() })
            .collect(),
        applicability: applicability.clone(),
        exempt_missions: zone.exempt_missions,
        extended: zone.extended.clone(),
        ..Zone::new(zone.identifier.clone(), zone.restriction, vec![layer.clone()])
    };
    zone.layers.iter().map(plain).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn ed318_holds_everything(zones in prop::collection::vec(zone(), 1..3)) {
        let (read, losses) = written_and_read(Format::Ed318, &zones);
        prop_assert_eq!(losses, Vec::<String>::new());
        prop_assert_eq!(read, zones);
    }

    #[test]
    fn ed269_holds_what_it_does_not_report_lost(zones in prop::collection::vec(zone(), 1..3)) {
        let (read, losses) = written_and_read(Format::Ed269, &zones);
        let expected: Vec<Zone> = zones.iter().map(as_ed269).collect();
        let all_kept = expected == zones && zones.iter().all(|zone| zone.restriction != Restriction::Uspace);
        prop_assert_eq!(losses.is_empty(), all_kept);
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn plain_geojson_holds_what_it_does_not_report_lost(zones in prop::collection::vec(zone(), 1..3)) {
        let (read, losses) = written_and_read(Format::GeoJson, &zones);
        let expected: Vec<Zone> = zones.iter().flat_map(as_geojson).collect();
        if losses.is_empty() {
            let same = |(kept, zone): (&Zone, &Zone)| Zone { applicability: zone.applicability.clone(), ..kept.clone() } == *zone;
            prop_assert!(expected.iter().zip(&zones).all(same));
        }
        prop_assert_eq!(read, expected);
    }
}

fn plain_zone() -> Zone {
    let centre = LonLat::new(120.76, 30.753).unwrap();
    let limits = Limits { lower: None, upper: Some(height(120.0, true)) };
    Zone::new(
        "LAKE",
        Restriction::Prohibited,
        vec![Layer { outline: Outline::Circle { centre, radius_m: 800.0 }, limits }],
    )
}

#[test]
fn a_feature_has_all_that_the_schema_asks_for() {
    let expected = serde_json::json!({
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [120.76, 30.753],
            "extent": {"subType": "Circle", "radius": 800.0},
            "layer": {"upper": 120.0, "upperReference": "AGL", "uom": "m"}
        },
        "properties": {
            "identifier": "LAKE",
            "country": "XXX",
            "type": "PROHIBITED",
            "variant": "COMMON",
            "zoneAuthority": [{"name": [{"lang": "zxx"}], "purpose": "INFORMATION"}]
        }
    });
    assert_eq!(zone_to_ed318(&plain_zone()), expected);
}

#[test]
fn a_zone_that_is_never_active_stays_so() {
    let zone = Zone { applicability: Applicability::Periods(Vec::new()), ..plain_zone() };
    for format in [Format::Ed318, Format::Ed269, Format::GeoJson] {
        let (read, _) = written_and_read(format, std::slice::from_ref(&zone));
        let Applicability::Periods(periods) = &read[0].applicability else { panic!("{format:?}") };
        assert_eq!(periods[0].end, Some(Instant::from_seconds(0)), "{format:?}");
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    assert!(write_airspace(Format::OpenAir, None, &[]).unwrap_err().contains("read, not written"));
    let zone = Zone {
        exempt_missions: Missions::NONE.with(Mission::Logistics),
        extended: Some("no JSON".to_owned()),
        ..plain_zone()
    };
    let (_, losses) = write_airspace(Format::Ed318, None, &[zone]).unwrap();
    let losses: Vec<String> = losses.iter().map(ToString::to_string).collect();
    assert_eq!(
        losses,
        [
            "zone 0 (LAKE): extendedProperties are no JSON object: left out",
            "zone 0 (LAKE): the exemption of LOGISTICS cannot be written",
        ]
    );
}
