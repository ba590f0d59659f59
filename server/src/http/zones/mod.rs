//! The collection of zones: read, added, replaced, removed.

mod activity;
mod bbox;
mod item;
mod read;
mod write;

pub(super) use bbox::Bbox;
pub(super) use item::ZoneItem;
pub(super) use read::{__path_get_zone, __path_get_zones, get_zone, get_zones};
pub(super) use write::{
    __path_delete_zone, __path_post_zones, __path_put_zone, delete_zone, post_zones, put_zone,
};

use axum::http::{HeaderMap, HeaderName, header};

use super::problem::{Code, Problem};

pub(super) const PATH: &str = "/collections/zones/items";

fn no_zone(id: &str) -> Problem {
    Problem::new(Code::NotFound, format!("no zone has the id {id:?}"))
}

/// Does a header such as `If-Match` name the tag, or `*`? `None` if it is absent.
fn names_tag(headers: &HeaderMap, name: HeaderName, etag: &str) -> Option<bool> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    Some(tags.any(|tag| matches!(tag.trim(), tag if tag == "*" || tag == etag)))
}

fn check_if_match(headers: &HeaderMap, etag: &str) -> Result<(), Problem> {
    if names_tag(headers, header::IF_MATCH, etag) == Some(false) {
        let detail = format!("If-Match: the zone's ETag is {etag}");
        return Err(Problem::new(Code::PreconditionFailed, detail));
    }
    Ok(())
}
