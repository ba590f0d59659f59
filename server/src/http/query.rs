//! Query parameters: each known, given once, and well formed.

use axum::extract::Query;
use axum::http::Uri;
use jiff::Timestamp;
use tianlu_engine::frame::{Instant, Interval};

use super::problem::{Code, Problem};
use super::zones::Bbox;

/// The page size if none is asked for.
pub(super) const LIMIT: usize = 1000;
/// The greatest page size; more is read as this (OGC API - Features, 7.15.2).
pub(super) const MOST: usize = 10_000;

/// What a call for items asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ItemsQuery {
    pub(super) bbox: Option<Bbox>,
    pub(super) datetime: Option<Interval>,
    pub(super) limit: usize,
    pub(super) offset: usize,
    /// The parameters as they came, but for limit and offset: for links to other pages.
    others: Vec<(String, String)>,
}

impl ItemsQuery {
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        Ok(Self::with(uri, &[])?.0)
    }

    /// With parameters of a collection's own, as they came.
    pub(super) fn with(uri: &Uri, own: &[&str]) -> Result<(Self, Vec<(String, String)>), Problem> {
        let mut query = Self { bbox: None, datetime: None, limit: LIMIT, offset: 0, others: Vec::new() };
        let mut more = Vec::new();
        for (name, value) in pairs(uri, &[&["bbox", "datetime", "limit", "offset", "f"], own].concat())? {
            match name.as_str() {
                name if own.contains(&name) => more.push((name.to_owned(), value.clone())),
                "bbox" => query.bbox = Some(bbox(&value)?),
                "datetime" => query.datetime = Some(datetime(&value)?),
                "limit" => query.limit = whole(&name, &value, 1)?.min(MOST),
                "offset" => query.offset = whole(&name, &value, 0)?,
                _ => check_format(&value)?,
            }
            if name != "limit" && name != "offset" {
                query.others.push((name, value));
            }
        }
        Ok((query, more))
    }

    /// The query of another page.
    pub(super) fn at_offset(&self, offset: usize) -> String {
        let mut text = format!("limit={}&offset={offset}", self.limit);
        for (name, value) in &self.others {
            text += &format!("&{name}={}", percent_encoded(value));
        }
        text
    }
}

/// For calls that take no parameter but `f=json`.
pub(super) fn none(uri: &Uri) -> Result<(), Problem> {
    pairs(uri, &["f"])?.iter().try_for_each(|(_, value)| check_format(value))
}

/// The parameters, each of them known and given once.
pub(super) fn pairs(uri: &Uri, known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|error| Problem::new(Code::BadUrl, format!("the query: {error}")))?;
    for (index, (name, _)) in pairs.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            return Err(wrong("parameter", name, &format!("one of {}", known.join(", "))));
        }
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(wrong(name, "it twice", "it once"));
        }
    }
    Ok(pairs)
}

pub(super) fn wrong(name: &str, found: &str, expected: &str) -> Problem {
    Problem::new(Code::BadUrl, format!("{name}: found {found:?}, expected {expected}"))
}

fn check_format(value: &str) -> Result<(), Problem> {
    if ["json", "geojson"].contains(&value) { Ok(()) } else { Err(wrong("f", value, "json")) }
}

pub(super) fn whole(name: &str, value: &str, least: usize) -> Result<usize, Problem> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // Digits that do not fit are a very large number.
    let number = if digits { value.parse().unwrap_or(usize::MAX) } else { 0 };
    if digits && number >= least {
        Ok(number)
    } else {
        Err(wrong(name, value, &format!("a whole number from {least}")))
    }
}

fn bbox(value: &str) -> Result<Bbox, Problem> {
    let expected = "4 or 6 finite numbers: west,south,east,north in degrees, or west,south,low,east,north,high with metres";
    let refuse = || wrong("bbox", value, expected);
    let numbers: Vec<f64> =
        value.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().map_err(|_| refuse())?;
    let (west, south, east, north, heights_m) = match numbers[..] {
        [west, south, east, north] => (west, south, east, north, None),
        [west, south, low, east, north, high] => (west, south, east, north, Some((low, high))),
        _ => return Err(refuse()),
    };
    if [west, east].iter().any(|lon| !(-180.0..=180.0).contains(lon)) {
        return Err(wrong("bbox", value, "longitudes from -180 to 180"));
    }
    if [south, north].iter().any(|lat| !(-90.0..=90.0).contains(lat)) || south > north {
        return Err(wrong("bbox", value, "latitudes from -90 to 90, the southern first"));
    }
    match heights_m {
        Some((low, high)) if !(low.is_finite() && high.is_finite() && low <= high) => {
            Err(wrong("bbox", value, "finite heights, the lower first"))
        }
        _ => Ok(Bbox { west, south, east, north, heights_m }),
    }
}

fn datetime(value: &str) -> Result<Interval, Problem> {
    let expected = "an RFC 3339 time, or an interval of two with / between them; .. leaves an end open";
    let refuse = || wrong("datetime", value, expected);
    let instant =
        |text: &str| text.parse::<Timestamp>().ok().map(|time| Instant::from_millis(time.as_millisecond()));
    let end = |text: &str, open: Instant| match text {
        "" | ".." => Some(open),
        text => instant(text),
    };
    let interval = match value.split_once('/') {
        None => instant(value).map(|time| Interval::new(time, time)),
        Some(("" | "..", "" | "..")) => None,
        Some((from, to)) => {
            end(from, Instant::MIN).zip(end(to, Instant::MAX)).map(|(a, b)| Interval::new(a, b))
        }
    };
    interval.filter(|interval| interval.start <= interval.end).ok_or_else(refuse)
}

/// For a query's value (RFC 3986): what is not unreserved becomes `%XX`.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    fn items(query: &str) -> Result<ItemsQuery, Problem> {
        ItemsQuery::of(&format!("/collections/zones/items?{query}").parse().unwrap())
    }

    #[test]
    fn a_full_query_is_understood_and_its_next_page_keeps_it() {
        let query = items("bbox=120.5,30.5,121,31&datetime=2026-11-23T01:00:00Z/..&limit=2").unwrap();
        assert_eq!(query.bbox.unwrap().east, 121.0);
        let interval = query.datetime.unwrap();
        assert_eq!(interval.start, Instant::from_seconds(1_795_395_600));
        assert_eq!(interval.end, Instant::MAX);
        let next = items(&query.at_offset(2)).unwrap();
        assert_eq!((next.limit, next.offset), (2, 2));
        assert_eq!((next.bbox, next.datetime), (query.bbox, query.datetime));
    }

    #[test]
    fn what_is_unknown_twice_or_malformed_is_refused() {
        for query in [
            "bbx=1,2,3,4",
            "limit=1&limit=2",
            "limit=0",
            "limit=-1",
            "limit=ten",
            "limit=",
            "offset=-1",
            "offset=1.5",
            "bbox=",
            "bbox=1,2,3",
            "bbox=1,2,3,4,5",
            "bbox=NaN,2,3,4",
            "bbox=1,inf,3,4",
            "bbox=500,2,3,4",
            "bbox=1,4,3,2",
            "bbox=1,2,9,3,4,8",
            "datetime=",
            "datetime=now",
            "datetime=../..",
            "datetime=2026-11-23",
            "datetime=2026-11-23T02:00:00Z/2026-11-23T01:00:00Z",
            "f=xml",
        ] {
            assert!(items(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_limit_beyond_the_greatest_is_the_greatest() {
        assert_eq!(items("limit=99999999999999999999999").unwrap().limit, MOST);
    }
}
