//! A feature of a dialect into a zone, by its table.

use serde_json::Value;
use tianlu_engine::airspace::{Applicability, Limits, Outline, Period, Restriction, Text};
use tianlu_engine::frame::Instant;

use super::super::ed269;
use super::super::findings::{At, Findings, describe};
use super::super::json::{Object, given, identifier, number, object, one_of};
use super::super::limits::{End, Reference, Written, read_limit, read_limits, read_unit};
use super::super::outline::Drawing;
use super::super::times::instant_of;
use super::super::zone_reader::Draft;
use super::table::{Asked, Choice, Counted, Dialect, LengthUnit, Limit, Moment, MomentFormat};

impl Dialect {
    /// Reads a feature of this dialect.
    pub(in super::super) fn read_feature(
        &self,
        feature: &Object,
        findings: Findings,
        drawing: Drawing,
    ) -> Draft {
        let mut draft = Draft::new(findings);
        let at = At::Top.member("properties");
        let nothing = Object::new();
        let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
        if self.properties.is_some() {
            draft.findings.identifier =
                given(properties, "identifier").and_then(Value::as_str).map(str::to_owned);
            ed269::read_members(properties, &at, &mut draft.zone, &mut draft.findings);
        } else {
            self.read_properties(properties, &at, &mut draft);
        }
        let findings = &mut draft.findings;
        let outline = self.read_outline(feature, properties, drawing, findings);
        let limits = if self.properties.is_some() {
            read_ed269_limits(properties, &at, outline.as_ref(), findings)
        } else {
            self.read_limits(properties, &at, outline.as_ref(), findings)
        };
        draft.push(outline, limits);
        draft
    }

    fn read_properties(&self, properties: &Object, at: &At, draft: &mut Draft) {
        let (zone, findings) = (&mut draft.zone, &mut draft.findings);
        if let Some(template) = &self.identifier {
            let filled = Value::String(fill(template, properties));
            if let Some(missing) = holes(template).find(|name| given(properties, name).is_none()) {
                findings.fault(&at.member(missing), "nothing", "a value that identifies the zone");
            } else if let Some(identifier) = identifier(&filled, at, findings) {
                findings.identifier = Some(identifier.clone());
                zone.identifier = identifier;
            }
        }
        zone.country.clone_from(&self.country);
        let text = |template: &Option<String>| -> Vec<Text> {
            let filled = template.as_ref().map(|template| fill(template, properties));
            filled
                .filter(|text| !text.trim().is_empty())
                .map(|text| Text { text, lang: self.language.clone() })
                .into_iter()
                .collect()
        };
        zone.name = text(&self.name);
        zone.message = text(&self.message);
        if let Some(choice) = &self.restriction
            && let Some(restriction) = choose(choice, properties, at, findings)
        {
            zone.restriction = restriction;
        }
        let start = self.start.as_ref().and_then(|moment| read_moment(moment, properties, at, findings));
        let end = self.end.as_ref().and_then(|moment| read_moment(moment, properties, at, findings));
        if let (Some(start), Some(end), Some(moment)) = (start, end, &self.end)
            && end < start
        {
            let found = properties.get(&moment.property).map(describe).unwrap_or_default();
            findings.fault(&at.member(&moment.property), found, "an end that is not before the start");
        }
        if start.is_some() || end.is_some() {
            zone.applicability = Applicability::Periods(vec![Period { start, end, schedule: Vec::new() }]);
        }
    }

    fn read_outline(
        &self,
        feature: &Object,
        properties: &Object,
        drawing: Drawing,
        findings: &mut Findings,
    ) -> Option<Outline> {
        let at = At::Top.member("geometry");
        let properties_at = At::Top.member("properties");
        let Some(Value::Object(geometry)) = feature.get("geometry") else {
            let found = feature.get("geometry").map_or("nothing".to_owned(), describe);
            findings.fault(&at, found, "a geometry");
            return None;
        };
        let name = self.radius.as_ref().map_or("radius_m", |radius| radius.property.as_str());
        let radius_at = properties_at.member(name);
        let is_point = given(geometry, "type").and_then(Value::as_str) == Some("Point");
        let given_radius = given(properties, name).filter(|_| is_point);
        let radius = given_radius.and_then(|value| {
            let unit = self.radius.as_ref().map_or(LengthUnit::Metre, |radius| radius.unit);
            read_length(value, unit, &radius_at, findings)
        });
        if given_radius.is_some() && radius.is_none() {
            return None;
        }
        let metres = radius.map(Value::from);
        drawing.outline(geometry, metres.as_ref(), &radius_at, &at, findings)
    }

    fn read_limits(
        &self,
        properties: &Object,
        at: &At,
        outline: Option<&Outline>,
        findings: &mut Findings,
    ) -> Limits {
        let mut limit = |limit: &Option<Limit>, end| -> Option<Written> {
            let Limit { property, unit, reference } = limit.as_ref()?;
            let reference = match reference {
                Counted::Agl => Reference::Agl,
                Counted::Amsl => Reference::Amsl,
                Counted::Wgs84 => Reference::Wgs84,
            };
            read_limit(
                given(properties, property),
                end,
                unit.metres(),
                reference,
                &at.member(property),
                findings,
            )
        };
        let (lower, upper) = (limit(&self.lower, End::Lower), limit(&self.upper, End::Upper));
        read_limits(lower, upper, outline, at, findings)
    }
}

/// Limits in a property named `geometry`, as a volume of ED-269 has them.
fn read_ed269_limits(
    properties: &Object,
    at: &At,
    outline: Option<&Outline>,
    findings: &mut Findings,
) -> Limits {
    let at = at.member("geometry");
    let Some(volume) = given(properties, "geometry").and_then(|value| object(value, &at, findings)) else {
        return Limits::UNBOUNDED;
    };
    let to_metres = read_unit(given(volume, "uomDimensions"), &at.member("uomDimensions"), findings);
    let (lower, upper) = ed269::read_volume_limits(volume, to_metres, &at, findings);
    read_limits(lower, upper, outline, &at, findings)
}

/// The names in braces of a text.
fn holes(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

/// A text with its braces filled from the properties; what is absent leaves nothing.
fn fill(template: &str, properties: &Object) -> String {
    let mut filled = template.to_owned();
    for name in holes(template) {
        let value = match given(properties, name) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        };
        filled = filled.replacen(&format!("{{{name}}}"), &value, 1);
    }
    filled
}

fn choose(choice: &Choice, properties: &Object, at: &At, findings: &mut Findings) -> Option<Restriction> {
    let value = choice.property.as_ref().and_then(|name| given(properties, name));
    let word = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let chosen = word.as_ref().and_then(|word| choice.values.get(word)).copied();
    if let (Some(name), None, Some(_)) = (&choice.property, chosen, choice.otherwise) {
        let found = value.map_or("nothing".to_owned(), describe);
        findings.warn(format!("{}: found {found}, which the dialect's table does not list", at.member(name)));
    }
    match chosen.or(choice.otherwise) {
        Some(Asked::Uspace) => Some(Restriction::Uspace),
        Some(Asked::Prohibited) => Some(Restriction::Prohibited),
        Some(Asked::ReqAuthorization) => Some(Restriction::ReqAuthorization),
        Some(Asked::Conditional) => Some(Restriction::Conditional),
        Some(Asked::NoRestriction) => Some(Restriction::NoRestriction),
        None => {
            let known: Vec<&str> = choice.values.keys().map(String::as_str).collect();
            let found = value.map_or("nothing".to_owned(), describe);
            findings.fault(&at.member(choice.property.as_deref().unwrap_or_default()), found, one_of(&known));
            None
        }
    }
}

fn read_moment(moment: &Moment, properties: &Object, at: &At, findings: &mut Findings) -> Option<Instant> {
    let value = given(properties, &moment.property).filter(|value| value.as_str() != Some(""))?;
    let (found, expected) = match moment.format {
        MomentFormat::Rfc3339 => (value.as_str().and_then(instant_of), "a date and time of RFC 3339"),
        MomentFormat::Rfc2822 => (value.as_str().and_then(mail_date), "a date and time of RFC 2822"),
        MomentFormat::EpochMs => (value.as_i64().map(Instant::from_millis), "milliseconds since 1970"),
    };
    if found.is_none() {
        findings.fault(&at.member(&moment.property), describe(value), expected);
    }
    found
}

fn mail_date(text: &str) -> Option<Instant> {
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(Instant::from_millis(zoned.timestamp().as_millisecond()))
}

/// A length in metres: a number, or a text such as `5 km`.
fn read_length(value: &Value, unit: LengthUnit, at: &At, findings: &mut Findings) -> Option<f64> {
    const UNITS: [(&str, LengthUnit); 4] = [
        ("km", LengthUnit::Kilometre),
        ("nm", LengthUnit::NauticalMile),
        ("ft", LengthUnit::Foot),
        ("m", LengthUnit::Metre),
    ];
    let text = value.as_str().map(|text| text.trim().to_ascii_lowercase());
    let Some(text) = text else { return number(value, at, findings).map(|length| length * unit.metres()) };
    let known = UNITS.into_iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, unit)));
    let (digits, unit) = known.unwrap_or((&text, unit));
    let length = digits.trim().parse::<f64>().ok().filter(|length| length.is_finite());
    if length.is_none() {
        findings.fault(at, describe(value), "a length such as 5 km");
    }
    length.map(|length| length * unit.metres())
}
