//! A rescue day: a seawall gives way near Yanguan, and there is an accident on the expressway.

use tianlu_engine::airspace::{
    Applicability, AuthorityPurpose, Layer, Limits, Mission, Missions, Period, Restriction, Zone,
};

use super::facilities::circle;
use super::inputs::{self, Failure};
use super::notices::instant;
use super::random::Random;
use super::scenario::{Draft, End, Flight};
use super::sites::Sites;
use super::texts;

const SEED: u64 = 2;

/// Where the accident is: on the G60, beside the carriageway.
const ACCIDENT: End<'static> = End::Place(120.8305, 30.7385);

/// The scenario and its temporary no-fly areas.
pub(crate) struct RescueDay {
    pub(crate) scenario: String,
    pub(crate) zones: Vec<Zone>,
}

/// Makes both.
pub(crate) fn make(sites: &Sites) -> Result<RescueDay, Failure> {
    let mut draft = Draft::new("jiaxing-rescue-day", &["../zones.json", "rescue-day-zones.json"], "R", sites);
    let mut random = Random::new(SEED);
    flood(&mut draft, &mut random)?;
    accident(&mut draft)?;
    everyday(&mut draft, &mut random)?;
    around_the_closure(&mut draft)?;
    Ok(RescueDay { scenario: draft.write(), zones: zones()? })
}

fn zones() -> Result<Vec<Zone>, Failure> {
    Ok(vec![
        closed(
            "TFR-FLOOD",
            "Flood near Yanguan (invented)",
            "盐官洪水救援临时禁飞区(虚构)",
            (120.55, 30.405),
            5_000.0,
            ("00:30", "06:00"),
        )?,
        closed(
            "TFR-G60",
            "Accident on the G60 (invented)",
            "G60 事故救援临时禁飞区(虚构)",
            (120.83, 30.738),
            1_200.0,
            ("01:00", "03:00"),
        )?,
    ])
}

/// An area closed on that day between two times in UTC to all but emergency and rescue flights.
fn closed(
    identifier: &str,
    en: &str,
    zh: &str,
    (lon, lat): (f64, f64),
    radius_m: f64,
    (from, to): (&str, &str),
) -> Result<Zone, Failure> {
    let limits = Limits { lower: Some(texts::agl(0.0)?), upper: Some(texts::agl(300.0)?) };
    let outline = circle(inputs::place(lon, lat)?, radius_m);
    let mut zone = Zone::new(identifier, Restriction::Prohibited, vec![Layer { outline, limits }]);
    texts::dress(&mut zone, en, zh);
    zone.reason = vec!["EMERGENCY".to_owned()];
    zone.authorities = vec![texts::authority(
        "Emergency management authority (invented notice)",
        "应急管理部门(虚构通告)",
        AuthorityPurpose::Information,
    )];
    zone.exempt_missions = Missions::NONE.with(Mission::Emergency).with(Mission::Rescue);
    zone.applicability = Applicability::Periods(vec![Period {
        start: Some(instant(&format!("2026-11-23T{from}:00Z"))?),
        end: Some(instant(&format!("2026-11-23T{to}:00Z"))?),
        schedule: Vec::new(),
    }]);
    Ok(zone)
}

/// Rescue flights to the flooded area and back.
fn flood(draft: &mut Draft<'_>, random: &mut Random) -> Result<(), Failure> {
    let legs = [
        ("E-BASE", "E-YANGUAN", "vtol"),
        ("E-PINGHU", "E-YANGUAN", "vtol"),
        ("L-HAINING", "E-YANGUAN", "quad"),
        ("E-YANGUAN", "H-HAINING", "quad"),
    ];
    for round in 0..16 {
        let (from, to, aircraft) = legs[round % legs.len()];
        let flight = Flight {
            mission: Mission::Rescue,
            priority: 15,
            window_s: 1200,
            ..Flight::new(
                aircraft,
                End::Site(from),
                End::Site(to),
                2100 + round as i64 * 300 + random.below(120) as i64,
            )
        };
        draft.add(&flight, "PLANNED")?;
    }
    Ok(())
}

/// Emergency flights to the accident and from it to hospital.
fn accident(draft: &mut Draft<'_>) -> Result<(), Failure> {
    let site = End::Site;
    let legs = [
        (site("B-JX"), ACCIDENT, 3660),
        (site("H-1ST"), ACCIDENT, 3900),
        (site("E-BASE"), ACCIDENT, 4140),
        (ACCIDENT, site("H-1ST"), 5100),
        (ACCIDENT, site("H-MCH"), 5400),
        (ACCIDENT, site("E-BASE"), 5700),
    ];
    for (from, to, earliest_s) in legs {
        let flight = Flight {
            mission: Mission::Emergency,
            priority: 20,
            window_s: 900,
            ..Flight::new("quad", from, to, earliest_s)
        };
        draft.add(&flight, "PLANNED")?;
    }
    Ok(())
}

/// Blood and goods, on as on other days.
fn everyday(draft: &mut Draft<'_>, random: &mut Random) -> Result<(), Failure> {
    let hospitals = ["H-1ST", "H-2ND", "H-MCH", "H-TCM", "H-TONGXIANG", "H-HAINING"];
    for round in 0..10 {
        let to = hospitals[random.below(hospitals.len())];
        let earliest_s = round * 600 + random.below(300) as i64;
        let flight =
            Flight { priority: 10, ..Flight::new("quad", End::Site("B-JX"), End::Site(to), earliest_s) };
        draft.add(&flight, "PLANNED")?;
    }
    let depots = ["P-HAIYAN", "L-PARK", "L-WUZHEN", "L-JIASHAN", "P-DUSHAN", "H-TONGXIANG"];
    for round in 0..20 {
        let first = random.below(depots.len());
        let second = (first + 1 + random.below(depots.len() - 1)) % depots.len();
        let earliest_s = round * 400 + random.below(240) as i64;
        let flight = Flight::new("vtol", End::Site(depots[first]), End::Site(depots[second]), earliest_s);
        draft.add(&flight, "PLANNED")?;
    }
    Ok(())
}

/// Goods for the depot in the closed area: refused while it is closed, late where the window outlasts the closure.
fn around_the_closure(draft: &mut Draft<'_>) -> Result<(), Failure> {
    let (wuzhen, haining) = (End::Site("L-WUZHEN"), End::Site("L-HAINING"));
    draft.add(&Flight::new("quad", wuzhen, haining, 2700), "DESTINATION_IN_ZONE")?;
    draft.add(&Flight::new("quad", haining, wuzhen, 3600), "ORIGIN_IN_ZONE")?;
    let after_it = Flight { window_s: 3600, ..Flight::new("quad", haining, wuzhen, 20_400) };
    draft.add(&after_it, "PLANNED")
}
