//! OpenAir text, versions 1 and 2.
//!
//! Read line by line; `*` begins a comment, also behind a record. Records of kinds that are not known (`AP`, `AW`,
//! `TW`, ...) are warnings; records that only say how to draw (`SP`, `SB`, `AT`, `TO`, `TC`, `V Z`) are passed over.
//!
//! | OpenAir | becomes |
//! | --- | --- |
//! | `AC` or `AY` P | `PROHIBITED` |
//! | A, B, C, D, R, CTR, TMA, CTA, ATZ, TRA, TSA, ... | `REQ_AUTHORIZATION` |
//! | E, F, G, Q (danger), RMZ, TMZ, W (wave), GP, GSEC, FIR, ... | `CONDITIONAL`, its meaning as the condition |
//! | anything else | `REQ_AUTHORIZATION`, with a warning |
//! | `AC` and `AY` of different rows | the stricter of the two |
//! | `FL95` | 9,500 ft above sea level (as in standard pressure) |
//! | `GND`, `SFC` | 0 m above ground |
//! | a number without reference or unit | feet above sea level |
//! | `UNL` | no limit |
//! | a circle alone (`DC`) | a circle |
//! | arcs (`DA`, `DB`) | edges that stray at most 1 m from it, so that the zone is never smaller |
//! | an airway (`DY`, `V W=`) | all within half of its width |
//! | `AA` from/to | a period; `AA NONE` (by NOTAM) counts as always, with a warning |
//!
//! Rings that cross themselves refuse the file (or are read as all that they enclose, with `lenient`), but for those
//! whose crossings leave less than 0.5 % of their area in doubt: border lines written in whole seconds do so. They are
//! read as all that they enclose, with a warning.
//!
//! The identifier is `AI`; without one it is made of the name: its letters and digits, everything between them a
//! hyphen (`CTA BRATISLAVA 1` becomes `CTA-BRATISLAVA-1`), `zone` if there is no name. One that is taken already gets
//! `-2`, `-3`, ... in the order of the file.
//!
//! Reference: Naviter, *OpenAir airspace file format*, versions 1 and 2.1.

mod block;
mod class;
mod coordinates;
mod identifiers;
mod limits;
mod outline;
mod records;
#[cfg(test)]
mod tests;

use tianlu_engine::airspace::Outline;

use super::{AirspaceFile, Format, ReadOptions};
use crate::crs::Crs;
use crate::error::{Fault, ReadError, Warning};
use identifiers::Identifiers;

/// Reads an OpenAir text. `name` is for messages alone.
pub(crate) fn read(name: &str, text: &str, options: &ReadOptions) -> Result<AirspaceFile, ReadError> {
    let records = records::records(text.trim_start_matches('\u{feff}'));
    if let (true, Some((line, text))) = (records.blocks.is_empty(), records.preamble.first()) {
        let fault = block::fault(*line, "", block::shorten(text), "a record of OpenAir such as AC");
        return Err(ReadError { file: name.to_owned(), faults: vec![fault], more: 0 });
    }
    let (mut zones, mut faults, mut left_out) = (Vec::new(), Vec::new(), 0);
    let mut warnings = unknown(&records);
    let mut corners_left = block::MOST_CORNERS;
    for block in &records.blocks {
        let reading = block::read(block, options.lenient, &mut corners_left);
        warnings.extend(reading.warnings);
        if reading.is_empty {
            continue;
        }
        if !reading.faults.is_empty() && options.lenient {
            left_out += usize::from(reading.zone.is_none());
            warnings.push(forgiven(&reading.faults, reading.zone.is_some()));
        } else {
            faults.extend(reading.faults);
        }
        zones.extend(reading.zone);
    }
    if !faults.is_empty() {
        let more = faults.len().saturating_sub(ReadError::MOST);
        faults.truncate(ReadError::MOST);
        return Err(ReadError { file: name.to_owned(), faults, more });
    }
    if zones.is_empty() && left_out == 0 {
        let text = "no zone in this file".to_owned();
        warnings.push(Warning { index: None, place: "line", identifier: None, text });
    }
    warnings.extend(Identifiers::default().give(&mut zones));
    for layer in zones.iter_mut().flat_map(|zone| &mut zone.layers) {
        to_wgs84(&mut layer.outline, options.crs);
    }
    warnings.sort_by_key(|warning| warning.index);
    Ok(AirspaceFile { format: Format::OpenAir, title: None, zones, warnings, left_out })
}

fn unknown(records: &records::Records<'_>) -> Vec<Warning> {
    let at = |line: usize, text: String| Warning { index: Some(line), place: "line", identifier: None, text };
    let of_kind = |(kind, line, count): &(&str, usize, usize)| {
        let others = if *count > 1 { format!(" ({count} such lines)") } else { String::new() };
        at(*line, format!("{kind}: a record that is not known, passed over{others}"))
    };
    let stray =
        |(line, text): &(usize, &str)| at(*line, format!("{}: no record, passed over", block::shorten(text)));
    records.unknown.iter().map(of_kind).chain(records.preamble.iter().map(stray)).collect()
}

fn to_wgs84(outline: &mut Outline, crs: Crs) {
    match outline {
        Outline::Circle { centre, .. } => *centre = crs.to_wgs84(*centre),
        Outline::Polygons(polygons) => {
            let rings =
                polygons.iter_mut().flat_map(|p| std::iter::once(&mut p.exterior).chain(&mut p.holes));
            rings.flatten().for_each(|place| *place = crs.to_wgs84(*place));
        }
    }
}

/// What `lenient` makes of faults.
fn forgiven(faults: &[Fault], has_outline: bool) -> Warning {
    let what =
        if has_outline { "kept closed at all heights and times" } else { "left out: it has no outline" };
    let said: Vec<_> = (faults.iter())
        .map(|fault| {
            let line = fault.index.map_or(String::new(), |line| format!("line {line}: "));
            let field = if fault.field.is_empty() { String::new() } else { format!("{}: ", fault.field) };
            format!("{line}{field}found {}, expected {}", fault.found, fault.expected)
        })
        .collect();
    Warning {
        index: faults[0].index,
        place: "line",
        identifier: faults[0].identifier.clone(),
        text: format!("{what} ({})", said.join("; ")),
    }
}
