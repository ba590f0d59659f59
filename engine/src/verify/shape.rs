//! Outlines in the plane, and exact distances of straight tracks from them.

use crate::airspace::{Outline, Polygon, Ring};
use crate::frame::{Frame, LonLat, Xy};

/// How far a chord may stray from a zone's edge, which is straight in longitude and latitude.
const EDGE_SAG_M: f64 = 0.002;
/// What lies farther from the frame's centre than this is cut off, in longitude and latitude.
const CLIP_M: f64 = 3.0 * Frame::REACH_M;
/// Metres of a degree of latitude, at least.
const DEGREE_M: f64 = 110_574.0;

/// An outline in the plane. Circles stay circles on the ground: their distances are measured there.
#[derive(Debug)]
pub(super) enum Shape {
    Circle { centre: Xy, radius_m: f64 },
    Polygons(Vec<Vec<Edge>>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    from: Xy,
    to: Xy,
}

/// The least distance of a track, in metres on the ground, and the share of the track at which it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nearest {
    pub(super) distance_m: f64,
    pub(super) share: f64,
}

impl Shape {
    pub(super) fn new(outline: &Outline, frame: &Frame) -> Self {
        match outline {
            Outline::Circle { centre, radius_m } => {
                Self::Circle { centre: frame.to_plane(*centre), radius_m: *radius_m }
            }
            Outline::Polygons(polygons) => {
                Self::Polygons(polygons.iter().map(|polygon| edges_of(polygon, frame)).collect())
            }
        }
    }

    /// The least distance of a straight track, if it is less than `reach_m`; 0 where the track touches the shape.
    pub(super) fn nearest(&self, frame: &Frame, from: Xy, to: Xy, reach_m: f64) -> Option<Nearest> {
        let found = match self {
            Self::Circle { centre, radius_m } => {
                let (share, at) = foot(*centre, from, to);
                Some(Nearest { distance_m: (frame.length(*centre, at) - radius_m).max(0.0), share })
            }
            Self::Polygons(polygons) => {
                // The plane is at most 1.01 times as large as the ground where flights are.
                let in_plane =
                    polygons.iter().filter_map(|edges| nearest_edge(edges, from, to, 1.01 * reach_m));
                let least = in_plane.min_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
                least.map(|n| Nearest {
                    distance_m: n.distance_m / frame.scale(between(from, to, n.share)),
                    ..n
                })
            }
        };
        found.filter(|nearest| nearest.distance_m < reach_m)
    }

    /// A share of the track that lies deeper inside than a depth, if there is one.
    ///
    /// Of each stretch inside a polygon some points are tried: one that grazes an edge may pass as outside.
    pub(super) fn deeper_than(&self, frame: &Frame, from: Xy, to: Xy, depth_m: f64) -> Option<f64> {
        match self {
            Self::Circle { centre, radius_m } => {
                let (share, at) = foot(*centre, from, to);
                (frame.length(*centre, at) < radius_m - depth_m).then_some(share)
            }
            Self::Polygons(polygons) => polygons.iter().find_map(|edges| {
                let mut shares: Vec<f64> =
                    edges.iter().filter_map(|edge| crossing(from, to, edge.from, edge.to)).collect();
                shares.extend([0.0, 1.0]);
                shares.sort_by(f64::total_cmp);
                let stretches = shares.windows(2).flat_map(|pair| {
                    let (start, end) = (pair[0], pair[1]);
                    (0..=8).map(move |i| start + (end - start) * f64::from(i) / 8.0)
                });
                stretches.into_iter().find(|share| {
                    let at = between(from, to, *share);
                    is_inside(edges, at)
                        && edges.iter().all(|edge| distance(foot(at, edge.from, edge.to).1, at) > depth_m)
                })
            }),
        }
    }
}

impl Shape {
    /// South-west and north-east corner of its box in the plane.
    pub(super) fn bounds(&self, frame: &Frame) -> Option<(Xy, Xy)> {
        match self {
            Self::Circle { centre, radius_m } => {
                let r = 1.01 * radius_m * frame.scale(*centre);
                Some((Xy { x: centre.x - r, y: centre.y - r }, Xy { x: centre.x + r, y: centre.y + r }))
            }
            Self::Polygons(polygons) => {
                let corners = polygons.iter().flatten().map(|edge| (edge.from, edge.from));
                corners.reduce(|(a, b), (p, _)| {
                    (Xy { x: a.x.min(p.x), y: a.y.min(p.y) }, Xy { x: b.x.max(p.x), y: b.y.max(p.y) })
                })
            }
        }
    }

    /// The corners of polygons that a way can bend around, each with the directions (radians, ascending) in which what
    /// lies outside is nearest to it.
    pub(super) fn outward_corners(&self) -> Vec<(Xy, (f64, f64))> {
        let Self::Polygons(polygons) = self else { return Vec::new() };
        let mut corners = Vec::new();
        for edges in polygons {
            let mut start = 0;
            for (i, edge) in edges.iter().enumerate() {
                let closes = edge.to == edges[start].from;
                let next = if closes { start } else { i + 1 };
                if closes {
                    start = i + 1;
                }
                if let Some(next) = edges.get(next) {
                    corners.extend(outward(edges, edge, next).map(|arc| (edge.to, arc)));
                }
            }
        }
        corners
    }
}

/// The directions between the outward normals of two edges that meet, if their corner points outwards.
fn outward(edges: &[Edge], before: &Edge, after: &Edge) -> Option<(f64, f64)> {
    /// So far from the corner it is asked which side is outside.
    const ASIDE_M: f64 = 1e-4;
    let (a, b) = (before.to - before.from, after.to - after.from);
    let (turn, along) = (a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
    let angle = turn.atan2(along);
    if angle == 0.0 {
        return None;
    }
    // Right of the way where it turns left, and the other way round.
    let first = if turn > 0.0 { (-a.x).atan2(a.y) } else { a.x.atan2(-a.y) };
    let bisector = first + angle / 2.0;
    let corner = before.to;
    let aside = Xy { x: corner.x + ASIDE_M * bisector.cos(), y: corner.y + ASIDE_M * bisector.sin() };
    let arc = (first.min(first + angle), first.max(first + angle));
    (!is_inside(edges, aside)).then_some(arc)
}

/// The point of a track at a share of it.
pub(super) fn between(from: Xy, to: Xy, share: f64) -> Xy {
    from + (to - from) * share
}

pub(super) fn distance(a: Xy, b: Xy) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The nearest point of a track, and its share.
fn foot(of: Xy, from: Xy, to: Xy) -> (f64, Xy) {
    let (step, arm) = (to - from, of - from);
    let squared = step.x * step.x + step.y * step.y;
    let share =
        if squared > 0.0 { ((arm.x * step.x + arm.y * step.y) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (share, between(from, to, share))
}

/// The share of a track at which it crosses an edge.
fn crossing(from: Xy, to: Xy, p: Xy, q: Xy) -> Option<f64> {
    let (track, edge, arm) = (to - from, q - p, p - from);
    let cross = |a: Xy, b: Xy| a.x * b.y - a.y * b.x;
    let denominator = cross(track, edge);
    let (along, across) = (cross(arm, edge) / denominator, cross(arm, track) / denominator);
    ((0.0..=1.0).contains(&along) && (0.0..=1.0).contains(&across)).then_some(along)
}

/// Least distance in the plane, if not more than a reach.
fn nearest_edge(edges: &[Edge], from: Xy, to: Xy, reach_m: f64) -> Option<Nearest> {
    if is_inside(edges, from) {
        return Some(Nearest { distance_m: 0.0, share: 0.0 });
    }
    let (low, high) =
        (Xy { x: from.x.min(to.x), y: from.y.min(to.y) }, Xy { x: from.x.max(to.x), y: from.y.max(to.y) });
    let mut best: Option<Nearest> = None;
    let mut reach = reach_m;
    for Edge { from: p, to: q } in edges.iter().copied() {
        let beside = p.x.min(q.x) > high.x + reach || p.x.max(q.x) < low.x - reach;
        if beside || p.y.min(q.y) > high.y + reach || p.y.max(q.y) < low.y - reach {
            continue;
        }
        let found = nearest_to_edge(from, to, p, q);
        if found.distance_m <= reach {
            reach = found.distance_m;
            best = Some(found);
        }
    }
    best
}

fn nearest_to_edge(from: Xy, to: Xy, p: Xy, q: Xy) -> Nearest {
    if let Some(share) = crossing(from, to, p, q) {
        return Nearest { distance_m: 0.0, share };
    }
    let corner = |corner: Xy| {
        let (share, at) = foot(corner, from, to);
        Nearest { distance_m: distance(corner, at), share }
    };
    let end = |end: Xy, share: f64| Nearest { distance_m: distance(end, foot(end, p, q).1), share };
    let mut best = corner(p);
    for other in [corner(q), end(from, 0.0), end(to, 1.0)] {
        if other.distance_m < best.distance_m {
            best = other;
        }
    }
    best
}

/// Is a point inside, by the number of edges to its right?
fn is_inside(edges: &[Edge], at: Xy) -> bool {
    let right = |edge: &&Edge| {
        let Edge { from: p, to: q } = **edge;
        (p.y > at.y) != (q.y > at.y) && at.x < p.x + (q.x - p.x) * (at.y - p.y) / (q.y - p.y)
    };
    edges.iter().filter(right).count() % 2 == 1
}

fn edges_of(polygon: &Polygon, frame: &Frame) -> Vec<Edge> {
    let rings = std::iter::once(&polygon.exterior).chain(&polygon.holes);
    let mut edges = Vec::new();
    for ring in rings {
        for turn in [0.0, -360.0, 360.0] {
            let corners = clipped(ring, frame.centre(), turn);
            for (i, from) in corners.iter().enumerate() {
                subdivide(frame, *from, corners[(i + 1) % corners.len()], &mut edges);
            }
        }
    }
    edges
}

/// The part of a ring within [`CLIP_M`] of the centre, in degrees, longitudes counted from the centre's.
///
/// Sutherland and Hodgman, "Reentrant polygon clipping" (1974). Edges may run to and fro along the cut: far from flights.
fn clipped(ring: &Ring, centre: LonLat, turn: f64) -> Vec<[f64; 2]> {
    let north_deg = CLIP_M / DEGREE_M;
    let (south, north) = (centre.lat() - north_deg, centre.lat() + north_deg);
    let steep = south.abs().max(north.abs());
    let east_deg = if steep < 89.0 { (north_deg / steep.to_radians().cos()).min(180.0) } else { 180.0 };
    let open = ring.split_last().map_or(&[][..], |(_, rest)| rest);
    let mut corners: Vec<[f64; 2]> =
        open.iter().map(|corner| [corner.lon() + turn - centre.lon(), corner.lat()]).collect();
    for (axis, bound, sign) in [(0, east_deg, 1.0), (0, -east_deg, -1.0), (1, north, 1.0), (1, south, -1.0)] {
        let over = |corner: &[f64; 2]| sign * (corner[axis] - bound);
        let mut kept = Vec::with_capacity(corners.len());
        for (i, to) in corners.iter().enumerate() {
            let from = &corners[(i + corners.len() - 1) % corners.len()];
            let (a, b) = (over(from), over(to));
            if (a > 0.0) != (b > 0.0) {
                let share = a / (a - b);
                let mut cut = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
                cut[axis] = bound;
                kept.push(cut);
            }
            if b <= 0.0 {
                kept.push(*to);
            }
        }
        corners = kept;
    }
    corners
}

/// Adds an edge in pieces that stray less than [`EDGE_SAG_M`] from their chords.
fn subdivide(frame: &Frame, from: [f64; 2], to: [f64; 2], edges: &mut Vec<Edge>) {
    let at = |share: f64| {
        let lon = frame.centre().lon() + from[0] + (to[0] - from[0]) * share;
        let lat = from[1] + (to[1] - from[1]) * share;
        let lon = if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        };
        frame
            .to_plane(LonLat::new(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).unwrap_or(frame.centre()))
    };
    let (start, end) = (at(0.0), at(1.0));
    // Thirds too: an edge across the centre's latitude may bend both ways.
    let sag = [1.0 / 3.0, 0.5, 2.0 / 3.0].map(|share| distance(at(share), between(start, end, share)));
    let sag = sag.into_iter().fold(0.0, f64::max);
    let pieces = (sag / EDGE_SAG_M).sqrt().ceil().clamp(1.0, 20_000.0) as u32;
    let mut last = start;
    for piece in 1..=pieces {
        let next = if piece == pieces { end } else { at(f64::from(piece) / f64::from(pieces)) };
        edges.push(Edge { from: last, to: next });
        last = next;
    }
}
