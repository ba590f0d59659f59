//! A search: A* over the taut edges.

use super::super::mesh::{Lens, NONE, Place};
use super::super::predicate::turn;
use super::hops::{LEFT, arriving_side, distance};
use super::scratch::{Entry, Scratch};
use super::{Corner, Roadmap};
use crate::frame::Xy;

/// A path, for as long as nothing else is written on the scratch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way<'a> {
    /// From the start to the goal, with the corners between them.
    pub points: &'a [Xy],
    /// Its length, metres in the plane.
    pub length: f64,
}

/// A corner that can be reached, and what comes after it.
struct Search<'a> {
    roadmap: &'a Roadmap,
    scratch: &'a mut Scratch,
    goal: Xy,
    /// The shortest path to the goal that is known, and the corner before the goal on it.
    best: f64,
    last: u32,
}

/// Most paths are hardly longer than the straight line, and little is in sight near that: a search looks for a path that is
/// longer by so much at most, then by more.
const SLACKS: [f64; 3] = [1.005, 1.02, f64::INFINITY];

/// Searches this long ask whether there is a path at all.
const LONG: usize = 4096;

impl Roadmap {
    /// As [`Self::shortest_path`], without allocating once the scratch has grown and what lies on the way is known.
    pub fn search<'s>(&self, scratch: &'s mut Scratch, start: Xy, goal: Xy) -> Option<Way<'s>> {
        let from = self.place(start)?;
        let to = self.place(goal)?;
        scratch.begin(self.corners.len());
        if self.mesh.sees(start, from, goal) {
            scratch.points.push(start);
            if start != goal {
                scratch.points.push(goal);
            }
            return Some(Way { points: &scratch.points, length: distance(start, goal) });
        }
        let straight = distance(start, goal);
        let (length, last) = SLACKS.iter().find_map(|slack| {
            let mut search =
                Search { roadmap: self, scratch: &mut *scratch, goal, best: straight * slack, last: NONE };
            search.run((start, from), (goal, to));
            (search.last != NONE || *slack == f64::INFINITY).then_some((search.best, search.last))
        })?;
        (last != NONE).then(|| {
            self.write_points(scratch, start, goal, last);
            Way { points: &scratch.points, length }
        })
    }

    /// Does a point lie outside all shapes, or on their borders? Cost: O(1) but for odd shapes.
    pub fn is_open(&self, p: Xy) -> bool {
        self.place(p).is_some()
    }

    /// Where a point lies, unless that is within a shape or beyond the plane.
    pub(super) fn place(&self, p: Xy) -> Option<Place> {
        if !(p.x.is_finite() && p.y.is_finite()) {
            return None;
        }
        self.mesh.locate(p, self.grid.near(p)).filter(|&place| self.mesh.is_open(place))
    }

    /// Calls `seen` with the vertices in sight of a place, some of them more than once.
    fn look_from(
        &self,
        eye: Xy,
        place: Place,
        scratch: &mut super::scratch::Looks,
        seen: &mut impl FnMut(u32),
    ) {
        self.mesh.look_around(eye, place, &mut scratch.windows, seen);
        let is_passed = |v: u32| self.first_corner[v as usize] == NONE;
        match place {
            Place::Within(_) => {}
            Place::Along(half) => self.mesh.look_along_seam(half, is_passed, seen),
            Place::At(vertex) => self.mesh.look_along_seams(vertex, is_passed, seen),
        }
    }

    fn write_points(&self, scratch: &mut Scratch, start: Xy, goal: Xy, last: u32) {
        scratch.points.push(goal);
        let mut corner = last;
        while corner != NONE {
            scratch.points.push(self.corners[corner as usize].corner.at);
            corner = scratch.nodes[corner as usize].parent;
        }
        scratch.points.push(start);
        scratch.points.reverse();
        scratch.points.dedup();
    }
}

impl Search<'_> {
    fn corner(&self, number: u32) -> &Corner {
        &self.roadmap.corners[number as usize].corner
    }

    /// Finds the shortest path that is shorter than `best`.
    fn run(&mut self, start: (Xy, Place), goal: (Xy, Place)) {
        self.scratch.begin(self.roadmap.corners.len());
        self.scratch.looks.windows.lens = Lens::new(goal.0, start.0, self.best);
        self.join_goal(goal.1);
        self.scratch.looks.windows.lens = Lens::new(start.0, goal.0, self.best);
        self.join_start(start.0, start.1);
        let mut taken = 0;
        while let Some(Entry { estimate, corner }) = self.scratch.pop() {
            if estimate >= self.best {
                break;
            }
            self.take_up(corner, estimate, start.0);
            taken += 1;
            if taken == LONG && !self.roadmap.are_joined(start.1, goal.1) {
                break;
            }
        }
    }

    /// Marks the corners from which a taut path can go straight to the goal.
    fn join_goal(&mut self, place: Place) {
        let (roadmap, goal) = (self.roadmap, self.goal);
        let mut looks = std::mem::take(&mut self.scratch.looks);
        roadmap.look_from(goal, place, &mut looks, &mut |vertex| {
            for number in roadmap.corners_at(vertex) {
                let corner = &roadmap.corners[number as usize].corner;
                if corner.is_grazed_from(goal) {
                    self.scratch.node(number).sees_goal = true;
                }
            }
        });
        self.scratch.looks = looks;
    }

    /// Goes from the start to the corners around which a taut path can turn.
    fn join_start(&mut self, start: Xy, place: Place) {
        let roadmap = self.roadmap;
        let mut looks = std::mem::take(&mut self.scratch.looks);
        roadmap.look_from(start, place, &mut looks, &mut |vertex| {
            for number in roadmap.corners_at(vertex) {
                let corner = &roadmap.corners[number as usize].corner;
                if let Some(side) = arriving_side(start, corner) {
                    self.reach(number, side, NONE, distance(start, corner.at), corner.at);
                }
            }
        });
        self.scratch.looks = looks;
    }

    /// A corner is reached on a path of some length.
    #[inline]
    fn reach(&mut self, number: u32, side: u32, parent: u32, length: f64, at: Xy) {
        let rest = distance(at, self.goal);
        let estimate = length + rest;
        // Most are told apart here, before anything of theirs is read.
        if estimate >= self.best {
            return;
        }
        let node = self.scratch.node(number);
        if length >= node.length {
            return;
        }
        (node.length, node.rest, node.parent, node.side) = (length, rest, parent, side);
        if node.sees_goal {
            (self.best, self.last) = (estimate, number);
        } else {
            self.scratch.push(Entry { estimate, corner: number });
        }
    }

    /// Goes on from a corner to those that a taut path can turn to: on from where it comes, around the corner.
    fn take_up(&mut self, number: u32, estimate: f64, start: Xy) {
        let node = self.scratch.nodes[number as usize];
        if node.length + node.rest < estimate {
            return;
        }
        let before = if node.parent == NONE { start } else { self.corner(node.parent).at };
        let at = self.corner(number).at;
        let hops = self.roadmap.hops(number, node.side, &mut self.scratch.looks);
        // Counter-clockwise: what is left of the way that led here stands at the end, what is right of it before that.
        let length = node.length;
        if node.side == LEFT {
            for hop in hops.iter().rev().take_while(|hop| turn(before, at, hop.at) >= 0.0) {
                self.reach(hop.corner, hop.side, number, length + hop.length, hop.at);
            }
        } else {
            for hop in hops.iter().take_while(|hop| turn(before, at, hop.at) <= 0.0) {
                self.reach(hop.corner, hop.side, number, length + hop.length, hop.at);
            }
        }
    }
}
