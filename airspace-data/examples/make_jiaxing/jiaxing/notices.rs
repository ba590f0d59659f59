//! The city's temporary notices: kept with their true times, all past.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use tianlu_engine::airspace::{
    Applicability, AuthorityPurpose, Layer, Limits, Outline, Period, Restriction, Zone,
};
use tianlu_engine::frame::{Instant, LonLat};

use super::districts::Districts;
use super::facilities::circle;
use super::inputs::{self, Failure, Places};
use super::rules::missions;
use super::strips;
use super::texts;

#[derive(Deserialize)]
struct Notices {
    notices: Vec<Notice>,
}

#[derive(Deserialize)]
struct Notice {
    id: String,
    authority: String,
    start: String,
    end: String,
    area: String,
    adcodes: Vec<String>,
    #[serde(default)]
    buffer_m: f64,
    source: String,
}

/// `notice_areas.json`: names, and areas that are not whole districts.
#[derive(Deserialize)]
struct Areas {
    names: BTreeMap<String, Name>,
    seawalls: BTreeMap<String, Seawall>,
    exempt_missions: Vec<String>,
    exemption_note: String,
}

#[derive(Deserialize)]
struct Name {
    en: String,
    zh: String,
}

#[derive(Deserialize)]
struct Seawall {
    adcode: String,
    from: (f64, f64),
    to: (f64, f64),
    and_around: Around,
}

#[derive(Deserialize)]
struct Around {
    place: String,
    radius_m: f64,
}

/// The zones of all notices in the folder of inputs.
pub(crate) fn zones(inputs: &Path, districts: &Districts, places: &Places) -> Result<Vec<Zone>, Failure> {
    let file: Notices = inputs::json(&inputs.join("notices.json"))?;
    let areas: Areas = inputs::json(&inputs.join("notice_areas.json"))?;
    file.notices.iter().map(|notice| zone(notice, &areas, districts, places)).collect()
}

fn zone(notice: &Notice, areas: &Areas, districts: &Districts, places: &Places) -> Result<Zone, Failure> {
    let outlines = match areas.seawalls.get(&notice.id) {
        Some(seawall) => along_seawall(seawall, notice.buffer_m, districts, places)?,
        None => notice.adcodes.iter().map(|code| districts.outline(code)).collect::<Result<_, _>>()?,
    };
    let limits = Limits { lower: Some(texts::agl(0.0)?), upper: None };
    let layers = outlines.into_iter().map(|outline| Layer { outline, limits }).collect();
    let name = areas
        .names
        .get(&notice.id)
        .ok_or_else(|| Failure::plain(format!("notice_areas.json: no name for {}", notice.id)))?;

    let mut zone = Zone::new(notice.id.clone(), Restriction::Prohibited, layers);
    texts::dress(&mut zone, &name.en, &name.zh);
    zone.reason = vec!["POPULATION".to_owned()];
    // The notice's number may stand behind the name.
    let (government, number) = notice.authority.split_once(' ').unwrap_or((&notice.authority, ""));
    zone.authorities =
        vec![texts::authority("People's Government of Jiaxing", government, AuthorityPurpose::Information)];
    zone.exempt_missions = missions(&areas.exempt_missions)?;
    zone.applicability = Applicability::Periods(vec![Period {
        start: Some(instant(&notice.start)?),
        end: Some(instant(&notice.end)?),
        schedule: Vec::new(),
    }]);
    zone.extended = Some(
        json!({
            "source": notice.source,
            "number": number,
            "area": notice.area,
            "exemptions": areas.exemption_note,
        })
        .to_string(),
    );
    Ok(zone)
}

/// All within the buffer of the district's border between two places, and a circle.
fn along_seawall(
    seawall: &Seawall,
    buffer_m: f64,
    districts: &Districts,
    places: &Places,
) -> Result<Vec<Outline>, Failure> {
    let ring = districts.ring(&seawall.adcode)?;
    let (first, last) = (nearest(ring, seawall.from), nearest(ring, seawall.to));
    if first >= last {
        return Err(Failure::plain(
            "notice_areas.json: a seawall: expected places in the order of the border",
        ));
    }
    let line: Vec<_> = ring[first..=last].iter().map(|place| (place.lon(), place.lat())).collect();
    let mut outlines = strips::outlines(&line, buffer_m)?;
    let park = places.find(&seawall.and_around.place)?;
    outlines.push(circle(park.at, seawall.and_around.radius_m));
    Ok(outlines)
}

/// The corner of a ring nearest to a place, in degrees: good enough to name a corner.
fn nearest(ring: &[LonLat], (lon, lat): (f64, f64)) -> usize {
    let apart = |place: &LonLat| (place.lon() - lon).hypot(place.lat() - lat);
    let corners = ring.iter().enumerate().min_by(|a, b| apart(a.1).total_cmp(&apart(b.1)));
    corners.map_or(0, |(index, _)| index)
}

/// An instant of RFC 3339; `24:00:00` is the end of the day.
pub(crate) fn instant(text: &str) -> Result<Instant, Failure> {
    const DAY_MS: i64 = 86_400_000;
    let at_midnight = text.replace("T24:00:00", "T00:00:00");
    let wrong = |error: jiff::Error| Failure::plain(format!("{text:?}: {error}"));
    let timestamp: jiff::Timestamp = at_midnight.parse().map_err(wrong)?;
    let past_midnight = if at_midnight == text { 0 } else { DAY_MS };
    Ok(Instant::from_millis(timestamp.as_millisecond() + past_midnight))
}
