//! Rings into polygons: closed, checked, and mended where they touch themselves or each other.
//!
//! Whether a polygon is in order is decided with exact predicates, and one that is comes back as written, corner by
//! corner. What touches (pinches, spikes, edges in common) is taken apart at corners that the file itself has, so
//! nothing moves. Only where rings cross are new corners needed, rounded to the nearest double (1e-14 degrees).

mod arrangement;
mod noding;
mod validity;

use geo::ConvexHull;
use tianlu_engine::airspace::Polygon;
use tianlu_engine::frame::LonLat;

use arrangement::{Arrangement, Winding};
use noding::Segment;
use validity::Validity;

/// Square degrees below which an area is not told from rounded coordinates: 0.01 m² at the equator.
pub(crate) const SLIVER_DEG2: f64 = 1e-12;

/// A corner: longitude, latitude.
pub(crate) type Corner = [f64; 2];

/// What rings became.
#[derive(Debug)]
pub(crate) struct Mended {
    /// Polygons in order; at least one.
    pub(crate) polygons: Vec<Polygon>,
    /// What was done to them, in words.
    pub(crate) notes: Vec<String>,
}

/// Why a ring is not understood.
#[derive(Debug)]
pub(crate) struct RingFault {
    /// Which one: 0 is the outer ring.
    pub(crate) ring: usize,
    /// What it is.
    pub(crate) found: String,
    /// What it should be.
    pub(crate) expected: &'static str,
}

const SIMPLE_RING: &str = "a ring that does not cross itself and encloses an area";

/// Makes polygons of an outer ring and its holes, in any orientation.
///
/// Unclosed rings are closed, corners given twice in a row are dropped. Rings that touch themselves or each other are
/// taken apart; holes that overlap or stick out are cut from the outer ring. With `lenient`, a ring that crosses
/// itself is read as all that it encloses.
///
/// # Errors
/// [`RingFault`] for a ring of fewer than three corners or of no area, and (unless `lenient`) one that crosses itself.
///
/// Cost: O(n log n) in the number of corners for rings in order.
pub(crate) fn mend(rings: Vec<Vec<LonLat>>, lenient: bool) -> Result<Mended, RingFault> {
    let mut notes = Vec::new();
    let mut closed = Vec::with_capacity(rings.len());
    for (number, ring) in rings.into_iter().enumerate() {
        closed.push(close(ring, number, &mut notes)?);
    }
    if closed.is_empty() {
        return Err(RingFault { ring: 0, found: "no ring".to_owned(), expected: "an outer ring" });
    }
    if let (Validity::InOrder, true) = (validity::check(&closed), area(&closed[0]).abs() > SLIVER_DEG2) {
        return Ok(Mended { polygons: vec![polygon(closed)], notes });
    }
    let mut regions = Vec::with_capacity(closed.len());
    for (number, ring) in closed.iter().enumerate() {
        regions.push(enclosed(ring, number, lenient, &mut notes)?);
    }
    let polygons = cut(regions, &mut notes)?;
    Ok(Mended { polygons, notes })
}

/// Closes a ring, and drops corners that are the same as the one before.
fn close(ring: Vec<LonLat>, number: usize, notes: &mut Vec<String>) -> Result<Vec<Corner>, RingFault> {
    let mut corners: Vec<Corner> = ring.iter().map(|place| [place.lon(), place.lat()]).collect();
    let unclosed = corners.first() != corners.last();
    corners.dedup();
    if unclosed && let Some(first) = corners.first().copied() {
        notes.push(format!("ring {number} was not closed: closed at {}, {}", first[0], first[1]));
        corners.push(first);
    }
    let mut distinct: Vec<Corner> = corners.iter().take(16).copied().collect();
    distinct.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    distinct.dedup();
    if distinct.len() < 3 && corners.len() <= 16 {
        let found = format!("a ring of {} distinct corners", distinct.len());
        return Err(RingFault { ring: number, found, expected: "at least 3" });
    }
    Ok(corners)
}

/// What one ring encloses, as loops with the inside on their left.
fn enclosed(
    ring: &[Corner],
    number: usize,
    lenient: bool,
    notes: &mut Vec<String>,
) -> Result<Vec<Vec<Corner>>, RingFault> {
    let signed = area(ring);
    if validity::is_simple(ring) && signed.abs() > SLIVER_DEG2 {
        return Ok(vec![turned(ring, signed > 0.0)]);
    }
    let segments = ring.windows(2).map(|edge| Segment::new(edge[0], edge[1], Winding { shell: 1, holes: 0 }));
    let Ok((nodes, crossing)) = noding::node(segments.collect()) else {
        if lenient {
            notes.push(format!("ring {number} is too tangled to take apart: read as its convex hull"));
            return Ok(vec![hull(ring)]);
        }
        let found = "a ring that crosses itself again and again".to_owned();
        return Err(RingFault { ring: number, found, expected: SIMPLE_RING });
    };
    let arrangement = Arrangement::new(&nodes);
    let turns: Vec<i32> =
        arrangement.faces().filter(|face| face.area > SLIVER_DEG2).map(|face| face.winding.shell).collect();
    let inside: Vec<i32> = turns.into_iter().filter(|number| *number != 0).collect();
    if inside.is_empty() {
        let found = "a ring that encloses nothing".to_owned();
        return Err(RingFault { ring: number, found, expected: SIMPLE_RING });
    }
    let simple = inside.iter().all(|number| *number == inside[0]) && inside[0].abs() == 1;
    match (simple, lenient) {
        (true, _) => notes.push(format!("ring {number} touches itself: taken apart")),
        (false, true) => notes.push(format!("ring {number} crosses itself: read as all that it encloses")),
        (false, false) => {
            let place = crossing.map_or(String::new(), |at| format!(" near {}, {}", at[0], at[1]));
            let found = format!("a ring that crosses itself{place}");
            return Err(RingFault { ring: number, found, expected: SIMPLE_RING });
        }
    }
    Ok(arrangement.outline(|winding| winding.shell != 0))
}

/// Cuts the regions of the holes from the region of the outer ring.
fn cut(mut regions: Vec<Vec<Vec<Corner>>>, notes: &mut Vec<String>) -> Result<Vec<Polygon>, RingFault> {
    let holes = regions.split_off(1);
    let shell = regions.pop().unwrap_or_default();
    let loops = if holes.is_empty() {
        shell
    } else {
        let own = edges(&shell, Winding { shell: 1, holes: 0 });
        let segments: Vec<Segment> =
            own.chain(holes.iter().flat_map(|hole| edges(hole, Winding { shell: 0, holes: 1 }))).collect();
        match noding::node(segments) {
            Ok((nodes, _)) => {
                notes
                    .push("rings that touch or overlap each other: holes cut from the outer ring".to_owned());
                Arrangement::new(&nodes).outline(|winding| winding.shell > 0 && winding.holes == 0)
            }
            // Without its holes a zone is larger: the safe side.
            Err(_) => {
                notes.push("holes too tangled to cut: left out, the zone covers them".to_owned());
                shell
            }
        }
    };
    let polygons = nest(loops);
    if polygons.is_empty() {
        let found = "a polygon of which its holes leave nothing".to_owned();
        return Err(RingFault { ring: 0, found, expected: SIMPLE_RING });
    }
    Ok(polygons)
}

fn edges(loops: &[Vec<Corner>], winding: Winding) -> impl Iterator<Item = Segment> {
    loops
        .iter()
        .flat_map(move |ring| ring.windows(2).map(move |edge| Segment::new(edge[0], edge[1], winding)))
}

/// Sorts loops into outer rings (counter-clockwise) and holes, each hole to the smallest ring around it.
fn nest(loops: Vec<Vec<Corner>>) -> Vec<Polygon> {
    let (mut shells, mut holes) = (Vec::new(), Vec::new());
    for ring in loops {
        let signed = area(&ring);
        if signed > SLIVER_DEG2 {
            shells.push((signed, vec![ring]));
        } else if signed < -SLIVER_DEG2 {
            holes.push(ring);
        }
    }
    for hole in holes {
        let around = shells
            .iter_mut()
            .filter(|(signed, rings)| *signed > area(&hole).abs() && validity::lies_within(&hole, &rings[0]))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, rings)) = around {
            rings.push(hole);
        }
    }
    shells.into_iter().map(|(_, rings)| polygon(rings)).collect()
}

/// The convex hull, counter-clockwise.
fn hull(ring: &[Corner]) -> Vec<Corner> {
    let corners: geo_types::MultiPoint<f64> =
        ring.iter().map(|corner| geo_types::Point::new(corner[0], corner[1])).collect();
    let hull: Vec<Corner> = corners.convex_hull().exterior().0.iter().map(|at| [at.x, at.y]).collect();
    let forward = area(&hull) > 0.0;
    turned(&hull, forward)
}

fn turned(ring: &[Corner], forward: bool) -> Vec<Corner> {
    if forward { ring.to_vec() } else { ring.iter().rev().copied().collect() }
}

/// The signed area of a closed ring in square degrees, positive counter-clockwise.
fn area(ring: &[Corner]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let from_origin = |corner: &Corner| [corner[0] - origin[0], corner[1] - origin[1]];
    let twice: f64 = ring
        .windows(2)
        .map(|edge| {
            let (a, b) = (from_origin(&edge[0]), from_origin(&edge[1]));
            a[0] * b[1] - a[1] * b[0]
        })
        .sum();
    twice / 2.0
}

fn polygon(rings: Vec<Vec<Corner>>) -> Polygon {
    let mut rings = rings.into_iter().map(|ring| {
        ring.into_iter()
            .map(|[lon, lat]| LonLat::new(lon, lat).expect("corners between valid places are valid"))
            .collect()
    });
    let exterior = rings.next().unwrap_or_default();
    Polygon { exterior, holes: rings.collect() }
}

#[cfg(test)]
mod tests;
