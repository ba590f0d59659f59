//! The collection of zones: read, added, replaced, removed.

mod activity;
mod bbox;
mod kept_layer;
mod read;
mod write;

pub(super) use bbox::Bbox;
pub(super) use read::{__path_get_zone, __path_get_zones, get_zone, get_zones};
pub(super) use write::{
    __path_delete_zone, __path_post_zones, __path_put_zone, delete_zone, post_zones, put_zone,
};

use axum::http::{HeaderMap, HeaderName, header};

use super::problem::{Code, Problem};
use crate::service::Denied;

pub(super) const PATH: &str = "/collections/zones/items";

fn no_zone(id: &str) -> Problem {
    Problem::new(Code::NotFound, format!("no zone has the id {id:?}"))
}

/// Does a header such as `If-Match` name the tag, or `*`? `None` if it is absent.
pub(super) fn names_tag(headers: &HeaderMap, name: HeaderName, etag: &str) -> Option<bool> {
    let mut values = headers.get_all(&name).iter().peekable();
    values.peek()?;
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    // RFC 9110, 13.1: If-None-Match compares weakly, If-Match strongly.
    let weakly = name == header::IF_NONE_MATCH;
    let bare = |tag: &str| if weakly { tag.trim_start_matches("W/").to_owned() } else { tag.to_owned() };
    Some(tags.any(|tag| matches!(tag.trim(), tag if tag == "*" || bare(tag) == bare(etag))))
}

/// The check of `If-Match` against a tag.
pub(super) fn if_match(headers: HeaderMap) -> impl FnOnce(&str) -> Result<(), Denied> + Send + 'static {
    move |etag| match names_tag(&headers, header::IF_MATCH, etag) {
        Some(false) => Err(Denied::Precondition(etag.to_owned())),
        _ => Ok(()),
    }
}
