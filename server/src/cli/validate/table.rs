//! The table that `tianlu validate` prints: a row for each leg, then what was found.

use std::fmt::Write as _;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use tianlu_airspace_data::plans::rfc3339;
use tianlu_engine::frame::Instant;

use crate::validation::Validated;

/// Wide enough for every column where the output is no terminal.
const WIDTH_OF_A_FILE: u16 = 180;

pub(super) fn render(validated: &Validated) -> String {
    let report = &validated.report;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH_OF_A_FILE);
    }
    table.set_header(["leg", "item", "begins", "ends", "to", "m AMSL", "m AGL", "m", "Wh", "findings"]);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for leg in &report.legs {
        let found = report.findings.iter().filter(|finding| finding.leg == leg.leg);
        let item =
            validated.mission.points.get(leg.leg).map_or(String::new(), |point| point.item.to_string());
        let (low, high) = leg.agl_m;
        let heights = if low.is_nan() { "?".to_owned() } else { format!("{low:.0} to {high:.0}") };
        table.add_row([
            right(leg.leg.to_string()),
            right(item),
            Cell::new(clock(leg.during.start)),
            Cell::new(clock(leg.during.end)),
            Cell::new(format!("{:.6} {:.6}", leg.to.place.lon(), leg.to.place.lat())),
            right(format!("{:.1}", leg.to.altitude.metres())),
            right(heights),
            right(format!("{:.0}", leg.length_m)),
            right(format!("{:.1}", leg.energy_wh)),
            Cell::new(names(found.map(|finding| finding.kind.as_str()))),
        ]);
    }
    let mut text = format!("{table}\n");
    for finding in &report.findings {
        let _ = writeln!(
            text,
            "leg {}: {}: {}, at {}, {:.7} {:.7}, {:.1} m AMSL",
            finding.leg,
            finding.kind.as_str(),
            finding.text,
            rfc3339(finding.when),
            finding.place.lon(),
            finding.place.lat(),
            finding.altitude.metres()
        );
    }
    for entered in &report.advisories {
        let (zone, kind) = (&entered.zone, entered.restriction.as_str());
        let _ = writeln!(text, "leg {}: enters {kind} zone {zone}: {}", entered.leg, entered.text);
    }
    text
}

/// `ZONE x2, AIRSPEED`.
fn names<'a>(kinds: impl Iterator<Item = &'a str>) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for kind in kinds {
        match counted.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counted.push((kind, 1)),
        }
    }
    let words = counted.iter().map(|(kind, count)| match count {
        1 => (*kind).to_owned(),
        count => format!("{kind} x{count}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// `01:00:20`.
fn clock(instant: Instant) -> String {
    rfc3339(instant).get(11..19).map_or_else(|| rfc3339(instant), str::to_owned)
}
