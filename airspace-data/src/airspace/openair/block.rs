//! The records of one zone turned into a zone.

use jiff::Timestamp;
use tianlu_engine::airspace::{
    Applicability, Layer, Limits, Outline, Period, Polygon, Restriction, Text, Zone,
};
use tianlu_engine::frame::{Height, Instant, LonLat};

use super::class;
use super::coordinates;
use super::limits;
use super::outline::{self, Arc, Element, LARGEST_RADIUS_M};
use super::records::{Block, Kind, Record};
use crate::airspace::rings::{self, Mended};
use crate::error::{Fault, Warning};

/// A nautical mile in metres.
const NAUTICAL_MILE_M: f64 = 1852.0;

/// Coordinates in whole seconds put the ends of an arc this far from one circle, metres; more is worth a warning ...
const MISMATCH_M: f64 = 50.0;

/// ... beyond this share of the radius.
const MISMATCH_SHARE: f64 = 0.01;

/// A ring whose crossings leave less than this share of its area in doubt is read as all that it encloses. Border
/// lines in whole seconds cross by so much where they nearly touch: up to 0.2 % in files as found.
const DOUBT_SHARE: f64 = 0.005;

/// How many corners the outlines of a file may have, arcs drawn.
pub(super) const MOST_CORNERS: usize = 4_000_000;

/// What a block became.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The zone, its identifier still as written (empty if none is), if it has an outline.
    pub(super) zone: Option<Zone>,
    /// Is it only a heading that sets a style, with nothing of a zone in it?
    pub(super) is_empty: bool,
    /// What is wrong in it. With `lenient` it is a zone all the same, if it has an outline.
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<Warning>,
    /// How many corners were drawn.
    pub(super) corners: usize,
}

/// Reads one block. `corners_left` is how many corners it may still draw.
pub(super) fn read(block: &Block<'_>, lenient: bool, corners_left: &mut usize) -> Reading {
    let mut draft = Draft { clockwise: true, corners_left: *corners_left, ..Draft::default() };
    for record in &block.records {
        draft.take(*record);
    }
    for (line, text) in &block.stray {
        draft.fault(*line, "", shorten(text), "a record of OpenAir, or a comment that begins with *");
    }
    let reading = draft.finish(block.line, lenient);
    *corners_left = corners_left.saturating_sub(reading.corners);
    reading
}

/// A zone in the making.
#[derive(Default)]
struct Draft<'t> {
    class: Option<&'t str>,
    kind: Option<&'t str>,
    identifier: Option<&'t str>,
    name: Option<&'t str>,
    lower: Option<Option<Height>>,
    upper: Option<Option<Height>>,
    limits_written: [Option<usize>; 2],
    periods: Vec<Period>,
    activations: usize,
    by_notam: Option<usize>,
    frequency: Option<&'t str>,
    station: Option<(usize, &'t str)>,
    transponder: Option<&'t str>,
    centre: Option<LonLat>,
    clockwise: bool,
    width_m: Option<f64>,
    elements: Vec<Element>,
    corners: Vec<(usize, LonLat)>,
    circle: Option<(LonLat, f64)>,
    airway: Vec<LonLat>,
    drawn: usize,
    corners_left: usize,
    corners_drawn: usize,
    outline_faults: Vec<Fault>,
    faults: Vec<Fault>,
    warnings: Vec<Warning>,
}

impl<'t> Draft<'t> {
    fn take(&mut self, record: Record<'t>) {
        let Record { line, kind, rest } = record;
        if matches!(kind, Kind::Corner | Kind::ArcByAngles | Kind::ArcBetween | Kind::Circle | Kind::Airway) {
            self.drawn += 1;
        }
        match kind {
            Kind::Class if rest.is_empty() => self.fault(line, "AC", "nothing", "a class"),
            Kind::Class => self.class = Some(rest),
            Kind::Type => self.once(line, "AY", rest, |draft| &mut draft.kind),
            Kind::Identifier => self.once(line, "AI", rest, |draft| &mut draft.identifier),
            Kind::Name => self.once(line, "AN", rest, |draft| &mut draft.name),
            Kind::Lower => self.limit(line, rest, false),
            Kind::Upper => self.limit(line, rest, true),
            Kind::Activation => self.activation(line, rest),
            Kind::Frequency => self.frequency = Some(rest),
            Kind::Station => self.station = Some((line, rest)),
            Kind::Transponder => self.transponder(line, rest),
            Kind::Variable => self.variable(line, rest),
            Kind::Corner => self.corner(line, rest),
            Kind::ArcByAngles => self.arc_by_angles(line, rest),
            Kind::ArcBetween => self.arc_between(line, rest),
            Kind::Circle => self.circle(line, rest),
            Kind::Airway => match coordinates::only_place(rest) {
                Some(place) => self.airway.push(place),
                None => self.misplaced(line, "DY", rest),
            },
            Kind::Style => {}
        }
    }

    /// A text that a zone has once. A second one means that the `AC` of another zone is missing.
    fn once(
        &mut self,
        line: usize,
        field: &str,
        rest: &'t str,
        slot: impl Fn(&mut Self) -> &mut Option<&'t str>,
    ) {
        if slot(self).is_some() {
            self.fault(line, field, format!("a second one, {}", shorten(rest)), "one for each AC");
        } else if !rest.is_empty() {
            *slot(self) = Some(rest);
        }
    }

    fn limit(&mut self, line: usize, rest: &str, is_upper: bool) {
        let field = if is_upper { "AH" } else { "AL" };
        if self.limits_written[usize::from(is_upper)].replace(line).is_some() {
            return self.fault(line, field, format!("a second one, {}", shorten(rest)), "one for each AC");
        }
        match limits::limit(rest) {
            Some(None) if !is_upper => self.fault(line, field, shorten(rest), "a lower limit"),
            Some(limit) if is_upper => self.upper = Some(limit),
            Some(limit) => self.lower = Some(limit),
            None => self.fault(line, field, shorten(rest), limits::EXPECTED),
        }
    }

    fn activation(&mut self, line: usize, rest: &str) {
        const EXPECTED: &str =
            "start/end such as 2025-01-01T12:00Z/2025-01-01T13:00Z, one of them perhaps NONE, or NONE";
        self.activations += 1;
        if rest.eq_ignore_ascii_case("NONE") {
            self.by_notam = Some(line);
        } else {
            match period(rest) {
                Some(period) => self.periods.push(period),
                None => self.fault(line, "AA", shorten(rest), EXPECTED),
            }
        }
        if self.by_notam.is_some() && self.activations > 1 {
            self.fault(line, "AA", "NONE and other activation times", "NONE alone, or times");
        }
    }

    fn transponder(&mut self, line: usize, rest: &'t str) {
        if rest.len() == 4 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
            self.transponder = Some(rest);
        } else {
            self.warn(line, format!("AX {rest}: not a transponder code of four digits 0 to 7, passed over"));
        }
    }

    fn variable(&mut self, line: usize, rest: &str) {
        let (name, value) =
            rest.split_once('=').map_or((rest, ""), |(name, value)| (name.trim(), value.trim()));
        match name.to_ascii_uppercase().as_str() {
            "X" => match coordinates::only_place(value) {
                Some(place) => self.centre = Some(place),
                None => self.misplaced(line, "V X", value),
            },
            "D" => match value {
                "+" => self.clockwise = true,
                "-" => self.clockwise = false,
                _ => self.outline_fault(line, "V D", shorten(value), "+ (clockwise) or -"),
            },
            "W" => match positive(value) {
                Some(miles) => self.width_m = Some(miles * NAUTICAL_MILE_M),
                None => self.outline_fault(line, "V W", shorten(value), "a width in nautical miles"),
            },
            "Z" | "T" => {}
            _ => self.warn(line, format!("V {}: not known, passed over", shorten(rest))),
        }
    }

    fn corner(&mut self, line: usize, rest: &str) {
        match coordinates::only_place(rest) {
            Some(place) => {
                self.elements.push(Element::Corner(place));
                self.corners.push((line, place));
            }
            None => self.misplaced(line, "DP", rest),
        }
    }

    fn arc_by_angles(&mut self, line: usize, rest: &str) {
        const EXPECTED: &str = "radius in nautical miles, start and end in degrees: 2.5,90,270";
        let numbers: Option<Vec<f64>> = rest.split(',').map(|part| number(part.trim())).collect();
        let Some(&[radius, start, end]) = numbers.as_deref() else {
            return self.outline_fault(line, "DA", shorten(rest), EXPECTED);
        };
        let radius_m = radius * NAUTICAL_MILE_M;
        let sensible =
            radius_m > 0.0 && radius_m <= LARGEST_RADIUS_M && [start, end].iter().all(|a| a.abs() <= 360.0);
        match self.centre {
            _ if !sensible => self.outline_fault(line, "DA", shorten(rest), EXPECTED),
            None => self.centreless(line, "DA"),
            Some(centre) => {
                let arc = Arc::by_angles(centre, radius_m, (start, end), self.clockwise);
                self.elements.push(Element::Arc(arc));
            }
        }
    }

    fn arc_between(&mut self, line: usize, rest: &str) {
        let Some((start, end)) = coordinates::two_places(rest) else {
            return self.misplaced(line, "DB", rest);
        };
        let Some(centre) = self.centre else { return self.centreless(line, "DB") };
        match Arc::between(centre, start, end, self.clockwise) {
            Ok(arc) => {
                if arc.mismatch_m() > MISMATCH_M + MISMATCH_SHARE * arc.radius_m() {
                    let off = arc.mismatch_m();
                    self.warn(
                        line,
                        format!("DB: its ends are {off:.0} m from lying on one circle about V X"),
                    );
                }
                self.elements.push(Element::Arc(arc));
            }
            Err((from, to)) => {
                let found = format!("ends {from:.0} m and {to:.0} m from V X");
                self.outline_fault(
                    line,
                    "DB",
                    found,
                    "two places on one circle about V X, at most 500 km away",
                );
            }
        }
    }

    fn circle(&mut self, line: usize, rest: &str) {
        let miles = rest.strip_suffix("NM").or(rest.strip_suffix("nm")).unwrap_or(rest);
        let radius_m = positive(miles.trim()).map(|miles| miles * NAUTICAL_MILE_M);
        match (self.centre, radius_m.filter(|radius| *radius <= LARGEST_RADIUS_M)) {
            (_, None) => self.outline_fault(line, "DC", shorten(rest), "a radius in nautical miles"),
            (None, _) => self.centreless(line, "DC"),
            (Some(centre), Some(radius_m)) => self.circle = Some((centre, radius_m)),
        }
    }

    fn finish(mut self, line: usize, lenient: bool) -> Reading {
        let is_empty = self.name.is_none()
            && self.identifier.is_none()
            && self.limits_written == [None; 2]
            && self.drawn == 0
            && self.faults.is_empty()
            && self.outline_faults.is_empty();
        if is_empty {
            return Reading { is_empty, warnings: self.warnings, ..Reading::default() };
        }
        if self.class.is_none() && !self.faults.iter().any(|fault| fault.field == "AC") {
            self.fault(line, "AC", "nothing", "a class before the other records of a zone");
        }
        for (index, field) in [(0, "AL"), (1, "AH")] {
            if self.limits_written[index].is_none() {
                self.fault(line, field, "nothing", limits::EXPECTED);
            }
        }
        self.check_limits();
        let outline = self.outline(line, lenient);
        self.faults.append(&mut self.outline_faults);
        let mut zone = outline.map(|outline| self.zone(line, outline));
        if let (Some(zone), false) = (&mut zone, self.faults.is_empty()) {
            zone.restriction = Restriction::Prohibited;
            zone.applicability = Applicability::Always;
            zone.layers.iter_mut().for_each(|layer| layer.limits = Limits::UNBOUNDED);
        }
        let identifier = self.identifier.or(self.name).map(str::to_owned);
        self.faults.iter_mut().for_each(|fault| fault.identifier.clone_from(&identifier));
        self.warnings.iter_mut().for_each(|warning| warning.identifier.clone_from(&identifier));
        Reading { zone, is_empty, faults: self.faults, warnings: self.warnings, corners: self.corners_drawn }
    }

    fn check_limits(&mut self) {
        let upside_down = match (self.lower.flatten(), self.upper.flatten()) {
            (Some(Height::Amsl(lower)), Some(Height::Amsl(upper))) => lower > upper,
            (Some(Height::Agl(lower)), Some(Height::Agl(upper))) => lower > upper,
            _ => false,
        };
        if let (true, Some(line)) = (upside_down, self.limits_written[0]) {
            self.fault(line, "AL", "a lower limit above the upper one", "limits with the lower one below");
        }
    }

    fn outline(&mut self, line: usize, lenient: bool) -> Option<Outline> {
        if !self.outline_faults.is_empty() {
            return None;
        }
        let kinds = [!self.elements.is_empty(), self.circle.is_some(), !self.airway.is_empty()];
        match (kinds, self.circle) {
            ([false, true, false], Some((centre, radius_m))) if self.drawn == 1 => {
                Some(Outline::Circle { centre, radius_m })
            }
            ([true, false, false], _) => self.polygon(line, lenient),
            ([false, false, true], _) => self.airway(line),
            ([false, false, false], _) => {
                self.outline_fault(line, "", "no outline", "DP, DA, DB, DC or DY");
                None
            }
            _ => {
                self.outline_fault(
                    line,
                    "",
                    "an outline of several kinds",
                    "one circle, or corners and arcs, or an airway",
                );
                None
            }
        }
    }

    fn polygon(&mut self, line: usize, lenient: bool) -> Option<Outline> {
        self.drop_repeated_beginning();
        if let (Some(at), false) = (self.leftover(), lenient) {
            self.outline_fault(
                at,
                "DP",
                "the first corner again, and a single one after it",
                "an outline that ends there",
            );
            return None;
        }
        if !self.may_draw(line, outline::corners(&self.elements)) {
            return None;
        }
        let corners = outline::draw(&self.elements);
        if outline::crosses_antimeridian(&corners) {
            self.outline_fault(line, "", "an outline across 180 degrees", "one to each side of it");
            return None;
        }
        let mended = match rings::mend(vec![corners.clone()], lenient) {
            Err(fault) => self.barely_crossed(line, corners).ok_or(fault),
            mended => mended,
        };
        match mended {
            Ok(mended) => {
                mended.notes.into_iter().for_each(|note| self.warn(line, note));
                Some(Outline::Polygons(mended.polygons))
            }
            Err(fault) => {
                self.outline_fault(line, "", fault.found, fault.expected);
                None
            }
        }
    }

    /// Is there room for so many corners more? A few letters can ask for a thousand of them.
    fn may_draw(&mut self, line: usize, corners: usize) -> bool {
        let may = corners <= self.corners_left;
        if may {
            self.corners_drawn = corners;
        } else {
            self.outline_fault(line, "", format!("{corners} corners more"), "at most 4 million in a file");
        }
        may
    }

    /// All that a ring encloses, if its crossings leave hardly any of it in doubt.
    fn barely_crossed(&mut self, line: usize, corners: Vec<LonLat>) -> Option<Mended> {
        let drawn = outline::area(&corners).abs();
        let all = rings::mend(vec![corners], true).ok()?;
        let enclosed: f64 = all.polygons.iter().map(outline::polygon_area).sum();
        // A loop that runs the other way counts twice: it is missing once, and taken off once.
        let doubt = (enclosed - drawn).abs() / 2.0 / enclosed;
        if doubt.is_nan() || doubt > DOUBT_SHARE {
            return None;
        }
        self.warn(line, format!("its crossings leave {:.0e} of its area in doubt", doubt));
        Some(all)
    }

    /// Where the first corner comes again: its place among the elements.
    fn closed_at(&self) -> Option<usize> {
        let is_first = |element: &Element| match (element, self.elements.first()) {
            (Element::Corner(place), Some(Element::Corner(first))) => place == first,
            _ => false,
        };
        let away = self.elements.iter().position(|element| !is_first(element))?;
        self.elements[away..].iter().position(is_first).map(|index| away + index)
    }

    /// Takes off corners after the end of the outline that are its beginning over again.
    fn drop_repeated_beginning(&mut self) {
        let Some(end) = self.closed_at() else { return };
        let corner = |element: &Element| match element {
            Element::Corner(place) => Some(*place),
            Element::Arc(_) => None,
        };
        let after = self.elements[end..].iter().map(corner);
        let repeats = after.zip(self.elements.iter().map(corner)).all(|(a, b)| a.is_some() && a == b);
        let count = self.elements.len() - end - 1;
        if repeats && count > 0 && count < end {
            self.elements.truncate(end + 1);
            let line = self.corners.iter().rev().nth(count - 1).map_or(0, |(line, _)| *line);
            self.warn(
                line,
                format!("DP: the outline ended before: {count} corners that begin it again are dropped"),
            );
        }
    }

    /// The line of the first corner come again, if what follows it encloses nothing: another line was meant there.
    fn leftover(&self) -> Option<usize> {
        let end = self.closed_at()?;
        let mut after: Vec<LonLat> = Vec::new();
        for element in &self.elements[end + 1..] {
            match element {
                Element::Corner(place) if Some(place) != self.corners.first().map(|(_, first)| first) => {
                    after.push(*place);
                }
                Element::Corner(_) => {}
                Element::Arc(_) => return None,
            }
        }
        after.dedup();
        let first = self.corners.first()?.1;
        let line = self.corners.iter().skip(1).find(|(_, place)| *place == first)?.0;
        (after.len() == 1).then_some(line)
    }

    fn airway(&mut self, line: usize) -> Option<Outline> {
        let Some(width_m) = self.width_m.filter(|width| *width <= LARGEST_RADIUS_M / 2.0) else {
            self.outline_fault(line, "V W", "nothing", "the width of the airway in nautical miles");
            return None;
        };
        if self.airway.len() < 2 || outline::crosses_antimeridian(&self.airway) {
            self.outline_fault(
                line,
                "DY",
                format!("{} places", self.airway.len()),
                "2 or more on one side of 180 degrees",
            );
            return None;
        }
        if !self.may_draw(line, outline::airway_corners(&self.airway)) {
            return None;
        }
        let mut polygons: Vec<Polygon> = Vec::new();
        for rings in outline::airway(&self.airway, width_m) {
            match rings::mend(rings, false) {
                Ok(mended) => polygons.extend(mended.polygons),
                Err(fault) => self.outline_fault(line, "DY", fault.found, fault.expected),
            }
        }
        (!polygons.is_empty()).then_some(Outline::Polygons(polygons))
    }

    fn zone(&mut self, line: usize, outline: Outline) -> Zone {
        let class = self.class.unwrap_or("UNC");
        let meaning = class::meaning(class, self.kind);
        if let (Some(unknown), true) = (meaning.unknown, self.class.is_some()) {
            self.warn(line, format!("class {unknown}: not known, read as REQ_AUTHORIZATION"));
        }
        if self.name.is_none() {
            self.warn(line, "no name (AN)".to_owned());
        }
        if let (Some((line, _)), None) = (self.station, self.frequency) {
            self.warn(line, "AG: a ground station without a frequency (AF)".to_owned());
        }
        if let Some(line) = self.by_notam {
            self.warn(
                line,
                "AA NONE: active when a NOTAM says so, which is not known here: always active".to_owned(),
            );
        }
        let limits = Limits { lower: self.lower.flatten(), upper: self.upper.flatten() };
        let mut zone = Zone::new(
            self.identifier.unwrap_or_default(),
            meaning.restriction,
            vec![Layer { outline, limits }],
        );
        zone.name =
            self.name.map(|text| Text { text: text.to_owned(), lang: String::new() }).into_iter().collect();
        if meaning.restriction == Restriction::Conditional {
            zone.restriction_conditions = Some(format!("{} (OpenAir class {class})", meaning.called));
        }
        if !self.periods.is_empty() {
            zone.applicability = Applicability::Periods(std::mem::take(&mut self.periods));
        }
        let members = [
            ("openairClass", self.class),
            ("openairType", self.kind),
            ("frequency", self.frequency),
            ("groundStation", self.station.map(|(_, station)| station)),
            ("transponderCode", self.transponder),
        ];
        let extended: serde_json::Map<_, _> =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect();
        if !extended.is_empty() {
            zone.extended = Some(serde_json::Value::Object(extended).to_string());
        }
        zone
    }

    fn misplaced(&mut self, line: usize, field: &str, rest: &str) {
        let expected = match field {
            "DB" => "two coordinates such as 52:51:00 N 005:30:30 E, 52:52:00 N 005:31:30 E",
            _ => "coordinates such as 52:51:00 N 005:30:30 E",
        };
        self.outline_fault(line, field, shorten(rest), expected);
    }

    fn centreless(&mut self, line: usize, field: &str) {
        self.outline_fault(line, field, "no centre", "a centre (V X=...) before it");
    }

    fn fault(&mut self, line: usize, field: &str, found: impl Into<String>, expected: &str) {
        self.faults.push(fault(line, field, found.into(), expected));
    }

    fn outline_fault(&mut self, line: usize, field: &str, found: impl Into<String>, expected: &str) {
        self.outline_faults.push(fault(line, field, found.into(), expected));
    }

    fn warn(&mut self, line: usize, text: String) {
        self.warnings.push(Warning { index: Some(line), place: "line", identifier: None, text });
    }
}

/// A fault on a line.
pub(super) fn fault(line: usize, field: &str, found: String, expected: &str) -> Fault {
    let (field, expected) = (field.to_owned(), expected.to_owned());
    Fault { index: Some(line), place: "line", identifier: None, field, found, expected }
}

/// A text as a message quotes it.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return format!("{text:?}");
    }
    format!("{:?}...", text.chars().take(MOST).collect::<String>())
}

/// From a start to an end (`2025-01-01T12:00Z/2025-01-01T13:00Z`), at most one of which is `NONE`.
fn period(text: &str) -> Option<Period> {
    let (start, end) = text.split_once('/')?;
    let instant = |text: &str| -> Option<Option<Instant>> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("NONE") {
            return Some(None);
        }
        let instant = text.parse::<Timestamp>().ok()?;
        Some(Some(Instant::from_millis(instant.as_millisecond())))
    };
    let (start, end) = (instant(start)?, instant(end)?);
    let sensible = match (start, end) {
        (Some(start), Some(end)) => start <= end,
        (None, None) => false,
        _ => true,
    };
    sensible.then(|| Period { start, end, schedule: Vec::new() })
}

fn positive(text: &str) -> Option<f64> {
    number(text).filter(|number| *number > 0.0)
}

/// A number of digits, with a sign and a point at most.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    plain.then(|| text.parse().ok())?
}
