//! Nanhu Airport: nobody near the runway, nothing above the obstacle limitation surfaces without authorization, and
//! the protection box.

use std::path::Path;

use serde_json::json;
use tianlu_engine::airspace::{AuthorityPurpose, Layer, Limits, Outline, Restriction, Zone};
use tianlu_engine::frame::Xy;

use super::inputs::Failure;
use super::runway::Runway;
use super::shapes::{self, MARGIN_M};
use super::surfaces;
use super::texts;

/// The zones of the airport described by `runway.json`.
pub(crate) fn zones(path: &Path) -> Result<Vec<Zone>, Failure> {
    let runway = Runway::read(path)?;
    Ok(vec![no_fly(&runway)?, limitation_surfaces(&runway)?, protection_box(&runway)?])
}

/// `NANHU-RWY`: closed to all at all heights, around the runway and under both approaches.
fn no_fly(runway: &Runway) -> Result<Zone, Failure> {
    let half = runway.half_length_m;
    let around = runway.no_fly.around_runway_m;
    let mut outlines = vec![shapes::capsule(runway.at(-half, 0.0), runway.at(half, 0.0), around + MARGIN_M)];
    for end in [1.0, -1.0] {
        outlines.push(surfaces::approach_outline(runway, end, runway.no_fly.approach_to_m));
    }
    let limits = Limits { lower: Some(texts::agl(0.0)?), upper: None };
    let layers = outlines.iter().map(|outline| layer(runway, outline, limits)).collect();
    let mut zone = Zone::new("NANHU-RWY", Restriction::Prohibited, layers);
    dress(runway, &mut zone, "runway and inner approaches, no-fly area", "跑道及近端进近区禁飞区");
    zone.extended = Some(
        json!({
            "rule": "Demonstration distances, see runway.json: no_fly",
            "around_runway_m": around,
            "approach_to_m": runway.no_fly.approach_to_m,
        })
        .to_string(),
    );
    Ok(zone)
}

/// `NANHU`: above the obstacle limitation surfaces.
fn limitation_surfaces(runway: &Runway) -> Result<Zone, Failure> {
    let surfaces = surfaces::layers(runway);
    let mut layers = Vec::new();
    for surface in &surfaces {
        // Rounded down: lower is the safe side.
        let lower = ((runway.elevation_m + surface.lower_m) * 100.0).floor() / 100.0;
        let limits = Limits { lower: Some(texts::amsl(lower)?), upper: None };
        layers.push(layer(runway, &surface.outline, limits));
    }
    let mut zone = Zone::new("NANHU", Restriction::ReqAuthorization, layers);
    dress(runway, &mut zone, "above the obstacle limitation surfaces", "障碍物限制面以上空域");
    zone.restriction_conditions = Some(
        "Above the surface only with authorization; below it free where no other zone bars it.".to_owned(),
    );
    let names: Vec<&str> = surfaces.iter().map(|surface| surface.name.as_str()).collect();
    zone.extended = Some(
        json!({
            "rule": "ICAO Annex 14, Volume I, Tables 4-1 and 4-2, code number 4, in steps to the safe side",
            "layers": names,
        })
        .to_string(),
    );
    Ok(zone)
}

/// `NANHU-BOX`: the protection box, above the height up to which the city is served without asking.
fn protection_box(runway: &Runway) -> Result<Zone, Failure> {
    let size = &runway.protection_box;
    let outline = runway
        .rectangle(runway.half_length_m + size.beyond_each_end_m + MARGIN_M, size.each_side_m + MARGIN_M);
    let limits = Limits { lower: Some(texts::agl(size.lower_agl_m)?), upper: None };
    let mut zone =
        Zone::new("NANHU-BOX", Restriction::ReqAuthorization, vec![layer(runway, &outline, limits)]);
    dress(runway, &mut zone, "clearance protection area", "净空保护区");
    zone.restriction_conditions = Some("Above 120 m over the ground only with authorization.".to_owned());
    zone.extended = Some(
        json!({
            "rule": "The usual protection area of a Chinese transport airport; open below the lower limit by our choice",
            "each_side_m": size.each_side_m,
            "beyond_each_end_m": size.beyond_each_end_m,
        })
        .to_string(),
    );
    Ok(zone)
}

fn layer(runway: &Runway, outline: &[Xy], limits: Limits) -> Layer {
    Layer { outline: Outline::Polygons(vec![shapes::polygon(&runway.frame, outline)]), limits }
}

fn dress(runway: &Runway, zone: &mut Zone, en: &str, zh: &str) {
    let names = &runway.names;
    texts::dress(zone, &format!("{} ({}), {en}", names.en, names.icao), &format!("{}{zh}", names.zh));
    zone.reason = vec!["AIR_TRAFFIC".to_owned()];
    let purpose = match zone.restriction {
        Restriction::ReqAuthorization => AuthorityPurpose::Authorization,
        _ => AuthorityPurpose::Information,
    };
    zone.authorities = vec![texts::authority(
        &format!("Air traffic services of {}", names.en),
        &format!("{}空中交通服务部门", names.zh),
        purpose,
    )];
}
