//! Metric planes of the areas where flights are asked for, with the outlines prepared in them.

use std::sync::{Arc, Mutex, PoisonError};

use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::route::Outlines;
use tianlu_engine::world::World;

/// Areas have their centres so many degrees apart.
const APART_DEG: f64 = 0.5;

/// A flight whose ends lie farther than this from its area's centre gets a plane of its own.
const REACH_M: f64 = 100_000.0;

/// So many areas are kept, the last ones used.
const MOST: usize = 16;

/// What has been prepared, area by area. It outlives changes of the airspace.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// The last one used is the last.
    kept: Mutex<Vec<Arc<Outlines>>>,
}

/// The plane for a flight: about the nearest of a grid of centres if both ends are near it, else about their middle.
/// It depends on the two places alone.
pub(super) fn frame_of(from: LonLat, to: LonLat) -> Frame {
    let middle = middle(from, to);
    let snapped = |degrees: f64| (degrees / APART_DEG).round() * APART_DEG;
    let centre = LonLat::new(snapped(middle.lon()), snapped(middle.lat())).map(Frame::new);
    let is_near = |frame: &Frame| {
        [from, to].into_iter().all(|place| {
            let at = frame.to_plane(place);
            at.x.hypot(at.y) <= REACH_M
        })
    };
    centre.ok().filter(is_near).unwrap_or_else(|| Frame::new(middle))
}

impl Areas {
    /// The outlines that fit a world: those kept, or new ones.
    pub(super) fn outlines(&self, world: &World) -> Arc<Outlines> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let outlines = match kept.iter().position(|outlines| outlines.fit(world)) {
            Some(place) => kept.remove(place),
            None => Arc::new(Outlines::new(world)),
        };
        kept.push(Arc::clone(&outlines));
        if kept.len() > MOST {
            kept.remove(0);
        }
        outlines
    }
}

/// Halfway in degrees, the short way round the earth.
fn middle(from: LonLat, to: LonLat) -> LonLat {
    let mut across = to.lon() - from.lon();
    if across.abs() > 180.0 {
        across -= 360.0_f64.copysign(across);
    }
    let lon = from.lon() + across / 2.0;
    let lon = if lon.abs() > 180.0 { lon - 360.0_f64.copysign(lon) } else { lon };
    LonLat::new(lon, f64::midpoint(from.lat(), to.lat())).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    fn place(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn the_middle_lies_between_on_either_side_of_the_antimeridian() {
        for (from, to, expected) in [(120.0, 121.0, 120.5), (179.5, -179.9, 179.8), (-179.9, 179.5, 179.8)] {
            let middle = middle(place(from, 30.0), place(to, 31.0));
            assert!((middle.lon() - expected).abs() < 1e-9, "{middle:?}");
            assert_eq!(middle.lat(), 30.5);
        }
    }

    #[test]
    fn flights_nearby_share_a_plane_and_long_ones_have_their_own() {
        let centre = |from, to| frame_of(from, to).centre();
        assert_eq!(centre(place(120.70, 30.72), place(120.80, 30.70)), place(121.0, 30.5));
        assert_eq!(centre(place(120.90, 30.60), place(121.20, 30.30)), place(121.0, 30.5));
        assert_eq!(centre(place(179.98, -0.1), place(-179.98, 0.1)), place(180.0, 0.0));
        assert_eq!(centre(place(120.0, 30.1), place(122.2, 30.1)), place(121.1, 30.1));
        assert_eq!(centre(place(0.0, 90.0), place(90.0, 90.0)).lat(), 90.0);
    }
}
