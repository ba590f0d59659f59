//! The net of lanes along the way of a flight.

use super::super::pad;
use super::super::task::Task;
use super::super::trajectory::Point;
use super::Among;
use super::stretch::{Line, Stretch};
use super::way::Way;
use crate::frame::Xy;
use crate::intervals::Span;
use crate::surface::GroundLine;
use crate::traffic::sipp::{Lane, Node, Problem, Ride, Stand};
use crate::traffic::{Fix, Track};

/// Heights, at most.
const MOST_LEVELS: usize = 8;

/// Shares of the speed at which lanes are flown: where it can wait, and where it cannot.
const PACES: [&[f64]; 2] = [&[1.0, 0.6], &[1.0, 0.85, 0.7, 0.55, 0.4]];

/// Heights that differ by less are one, metres.
const SAME_HEIGHT_M: f64 = 0.03;

/// So much farther than the horizontal separation is beside the way, metres.
const BESIDE_M: f64 = 1.0;

const START: u32 = 0;
const GOAL: u32 = 1;

/// The nodes and when the start may be left, seconds after the epoch of the traffic.
pub(super) struct Net {
    nodes: Vec<Node>,
    lift_off: [Span; 1],
}

/// A place in the air where lanes meet.
#[derive(Clone, Copy)]
struct Spot {
    node: u32,
    at: Xy,
    /// Metres AMSL.
    height_m: f64,
    /// Metres above ground.
    level_m: f64,
}

/// A chain of spots from mark to mark.
enum Row<'p> {
    /// At a height above ground (by its number), so many steps to the left of the way.
    Level(usize, i32),
    /// A course of the flight.
    Course(&'p [Point]),
}

struct Builder<'a, 't> {
    task: &'a Task<'t>,
    among: &'a Among<'a>,
    way: Way,
    /// Metres along the way.
    marks: Vec<f64>,
    /// Metres above ground, ascending.
    levels: Vec<f64>,
    rows: Vec<(Row<'a>, Vec<Option<Spot>>)>,
    nodes: Vec<Node>,
}

impl Net {
    /// `None` if the courses lead nowhere.
    pub(super) fn new<'a>(
        task: &'a Task<'_>,
        courses: &'a [&'a [Point]],
        among: &'a Among<'a>,
    ) -> Option<Self> {
        let radius_m = task.aircraft.min_turn_radius_m;
        let way = Way::of(courses.first()?, radius_m)?;
        let beside_m = among.traffic.apart().horizontal_m + BESIDE_M;
        let empty = |stand| Node { stand, lanes: Vec::new() };
        let mut builder = Builder {
            task,
            among,
            marks: way.marks(beside_m, radius_m),
            way,
            levels: levels(task),
            rows: Vec::new(),
            nodes: vec![empty(Stand::Free), empty(Stand::Never)],
        };
        if task.airborne.is_some() {
            builder.nodes[START as usize].stand = builder.stand(builder.way.at(0.0), task.start_m());
        }
        // Posts of terrain near a bend would make it a tighter turn.
        let has_levels = task.can_hover() && (radius_m <= 0.0 || task.world.ground.is_flat());
        if has_levels {
            builder.add_levels(0, beside_m);
            if radius_m <= 0.0 {
                builder.add_levels(1, beside_m);
                builder.add_levels(-1, beside_m);
            }
        }
        let courses = if has_levels { &courses[..1] } else { courses };
        courses.iter().for_each(|course| builder.add_course(course));
        builder.join_levels();
        builder.join_courses();
        builder.join_ends();
        let begins_s = among.begins_s - builder.stands_s();
        let (from_s, to_s) = task.departure;
        let to_s = if task.airborne.is_some() { f64::INFINITY } else { to_s + begins_s };
        Some(Self { nodes: builder.nodes, lift_off: [(from_s + begins_s, to_s)] })
    }

    /// What to search for an arrival by a time, with the stand on the pad after it.
    pub(super) fn problem(&self, latest_s: f64) -> Problem<'_> {
        Problem { nodes: &self.nodes, start: START, lift_off: &self.lift_off, goal: GOAL, latest_s }
    }

    pub(super) fn lane(&self, ride: &Ride) -> &Lane {
        &self.nodes[ride.from as usize].lanes[ride.lane as usize]
    }
}

/// The heights above ground in the band that lie the vertical separation apart, ascending.
fn levels(task: &Task<'_>) -> Vec<f64> {
    let sag_m = if task.world.ground.is_flat() { 0.0 } else { GroundLine::SAG_M };
    let (low_m, high_m) = task.band;
    let by_m = sag_m.min((high_m - low_m) / 2.0);
    let (low_m, high_m) = (low_m + by_m, high_m - by_m);
    let apart_m = task.world.separation.vertical_m.max((high_m - low_m) / (MOST_LEVELS - 1) as f64);
    let levels = (0..MOST_LEVELS).map(|level| low_m + level as f64 * apart_m);
    let mut levels: Vec<f64> = levels.filter(|&level| level <= high_m).collect();
    levels.dedup();
    levels
}

impl<'a> Builder<'a, '_> {
    fn ground_m(&self, at: Xy) -> Option<f64> {
        let ground = GroundLine::under(&self.task.world.ground, &self.task.world.frame, &[at])?;
        Some(ground.height_m(0.0))
    }

    /// Seconds on the pad before lift-off.
    fn stands_s(&self) -> f64 {
        if self.task.airborne.is_some() { 0.0 } else { self.among.traffic.pad_s() }
    }

    /// A place where it waits, if it can.
    fn stand(&self, at: Xy, height_m: f64) -> Stand {
        let waits = self.task.can_hover().then(|| self.task.closed_at(at, height_m)).flatten();
        match waits {
            Some(closed) => Stand::At(Fix { at, height_m, time_s: 0.0 }, self.after_epoch(closed)),
            None => Stand::Never,
        }
    }

    fn add_spot(&mut self, at: Xy, height_m: f64, level_m: f64) -> Spot {
        let stand = self.stand(at, height_m);
        self.nodes.push(Node { stand, lanes: Vec::new() });
        Spot { node: self.nodes.len() as u32 - 1, at, height_m, level_m }
    }

    fn after_epoch(&self, mut spans: Vec<Span>) -> Vec<Span> {
        let by_s = self.among.begins_s;
        spans.iter_mut().for_each(|span| *span = (span.0 + by_s, span.1 + by_s));
        spans
    }

    fn add_lane(&mut self, from: u32, to: u32, stretch: Option<Stretch>) {
        if let Some(Stretch { fixes, closed }) = stretch {
            let closed = self.after_epoch(closed);
            self.nodes[from as usize].lanes.push(Lane { to, track: Track::new(fixes, 0.0), closed });
        }
    }

    /// Rows at all levels on the way or to a side of it.
    fn add_levels(&mut self, side: i32, beside_m: f64) {
        for level in 0..self.levels.len() {
            let level_m = self.levels[level];
            let spots = (0..self.marks.len()).map(|mark| {
                let along_m = self.marks[mark];
                if side != 0 && (mark == 0 || mark + 1 == self.marks.len()) {
                    return None;
                }
                let at = match side {
                    0 => self.way.at(along_m),
                    _ => self.way.beside(along_m, f64::from(side) * beside_m),
                };
                let ground_m = self.ground_m(at)?;
                Some(self.add_spot(at, ground_m + level_m, level_m))
            });
            let spots = spots.collect();
            self.rows.push((Row::Level(level, side), spots));
        }
    }

    /// A row along a course, with its lanes, unless a level is all the same.
    fn add_course(&mut self, course: &'a [Point]) {
        let marks = self.marks.len();
        let cuts = (1..marks).map(|mark| self.cut(course, mark, 1.0));
        let cuts: Vec<Option<Stretch>> = cuts.collect();
        let (low_m, high_m) = self.task.band;
        let spots = (0..marks).map(|mark| {
            let ahead = cuts.get(mark).and_then(|cut| cut.as_ref()?.fixes.first());
            let behind = mark.checked_sub(1).and_then(|before| cuts[before].as_ref()?.fixes.last());
            let fix = ahead.or(behind)?;
            let level_m = fix.height_m - self.ground_m(fix.at)?;
            let inside = mark > 0 && mark + 1 < marks || self.task.can_hover();
            let cruises = level_m >= low_m - SAME_HEIGHT_M && level_m <= high_m + SAME_HEIGHT_M;
            (inside && cruises).then_some((fix.at, fix.height_m, level_m))
        });
        let spots: Vec<Option<(Xy, f64, f64)>> = spots.collect();
        let is_level = |level: &f64| {
            spots.iter().all(|spot| spot.is_some_and(|spot| (spot.2 - level).abs() < SAME_HEIGHT_M))
        };
        if self
            .rows
            .iter()
            .any(|(row, _)| matches!(row, Row::Level(level, 0) if is_level(&self.levels[*level])))
        {
            return;
        }
        let spots: Vec<Option<Spot>> = spots
            .into_iter()
            .map(|spot| spot.map(|(at, height, level)| self.add_spot(at, height, level)))
            .collect();
        for (mark, cut) in cuts.into_iter().enumerate() {
            if let (Some(here), Some(there)) = (spots[mark], spots[mark + 1]) {
                self.add_lane(here.node, there.node, cut);
                for &pace in &PACES[usize::from(!self.task.can_hover())][1..] {
                    self.add_lane(here.node, there.node, self.cut(course, mark + 1, pace));
                }
            }
        }
        self.rows.push((Row::Course(course), spots));
    }

    /// A course from the mark before to a mark.
    fn cut(&self, course: &[Point], mark: usize, pace: f64) -> Option<Stretch> {
        self.task.part_of(course, (self.marks[mark - 1], self.marks[mark]), pace)
    }

    /// Lanes from levels onward: at the same height, to the next heights and to the sides; and in place.
    fn join_levels(&mut self) {
        const SIDES: [(i32, i32); 7] = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1)];
        for (side, other_side) in SIDES {
            for mark in 1..self.marks.len() {
                self.join_sides((side, other_side), mark);
            }
        }
        for row in 0..self.rows.len() {
            let Row::Level(level, side) = self.rows[row].0 else { continue };
            for next in [level.checked_sub(1), Some(level + 1)].into_iter().flatten() {
                if let Some(other) = self.row(next, side) {
                    self.join_in_place(row, other);
                }
            }
        }
    }

    fn row(&self, level: usize, side: i32) -> Option<usize> {
        self.rows.iter().position(|(row, _)| matches!(row, Row::Level(l, s) if *l == level && *s == side))
    }

    /// Lanes from the levels at a mark to those at the next; to the side at the same height alone.
    fn join_sides(&mut self, (side, other_side): (i32, i32), mark: usize) {
        let ends = self.row(0, side).zip(self.row(0, other_side));
        let ends = ends.and_then(|(a, b)| self.rows[a].1[mark - 1].zip(self.rows[b].1[mark]));
        let Some((here, there)) = ends else { return };
        let line = match (side, other_side) {
            (0, 0) => self.line(mark),
            _ => Line::new(vec![here.at, there.at], vec![false; 2], self.task),
        };
        for level in 0..self.levels.len() {
            let straight = side == other_side;
            let others = if straight { level.saturating_sub(1)..=level + 1 } else { level..=level };
            for other in others {
                if let (Some(row), Some(other)) = (self.row(level, side), self.row(other, other_side)) {
                    let paces = if row == other && side == 0 { PACES[0] } else { &PACES[0][..1] };
                    self.join_along(&line, (row, other), mark, paces);
                }
            }
        }
    }

    /// The way from the mark before to a mark.
    fn line(&self, mark: usize) -> Line {
        let (points, stops) = self.way.part(self.marks[mark - 1], self.marks[mark]);
        Line::new(points, stops, self.task)
    }

    /// Lanes from one row at the mark before to another at a mark.
    fn join_along(&mut self, line: &Line, (row, other): (usize, usize), mark: usize, paces: &[f64]) {
        let (Some(here), Some(there)) = (self.rows[row].1[mark - 1], self.rows[other].1[mark]) else {
            return;
        };
        for &pace in paces {
            let stretch = self.task.stretch(line, (here.level_m, there.level_m), pace);
            self.add_lane(here.node, there.node, stretch);
        }
    }

    /// Lanes straight up or down from one row to another.
    fn join_in_place(&mut self, row: usize, other: usize) {
        for mark in 0..self.marks.len() {
            if let (Some(here), Some(there)) = (self.rows[row].1[mark], self.rows[other].1[mark]) {
                let stretch = self.task.rise(here.at, (here.height_m, there.height_m));
                self.add_lane(here.node, there.node, stretch);
            }
        }
    }

    /// Lanes between courses, and between courses and levels on the way.
    fn join_courses(&mut self) {
        let radius_m = self.task.aircraft.min_turn_radius_m;
        let may_slope = radius_m <= 0.0 || self.task.world.ground.is_flat();
        for row in 0..self.rows.len() {
            for other in (0..self.rows.len()).filter(|&other| other != row) {
                let beside = |row: &Row<'_>| matches!(row, Row::Level(_, side) if *side != 0);
                let (one, another) = (&self.rows[row].0, &self.rows[other].0);
                let is_course = matches!(one, Row::Course(_)) || matches!(another, Row::Course(_));
                if !is_course || beside(one) || beside(another) {
                    continue;
                }
                if self.task.can_hover() {
                    self.join_in_place(row, other);
                } else if may_slope {
                    for mark in 1..self.marks.len() {
                        self.join_along(&self.line(mark), (row, other), mark, &[1.0]);
                    }
                }
            }
        }
    }

    /// Lanes from the ground and to it.
    fn join_ends(&mut self) {
        let last = self.marks.len() - 1;
        for row in 0..self.rows.len() {
            if self.task.can_hover() {
                if let Some(top) = self.rows[row].1[0] {
                    self.add_lane(START, top.node, self.take_off(&top));
                }
                if let Some(top) = self.rows[row].1[last] {
                    self.add_lane(top.node, GOAL, self.land(&top));
                }
            } else if let Row::Course(course) = self.rows[row].0 {
                let spots = &self.rows[row].1;
                let first = spots.iter().position(Option::is_some);
                let ends = first.zip(spots.iter().rposition(Option::is_some));
                let Some((first, end)) = ends else { continue };
                let (Some(up), Some(down)) = (spots[first], spots[end]) else { continue };
                let climb = self.task.part_of(course, (0.0, self.marks[first]), 1.0);
                let climb = climb.map(|climb| self.after_pad(climb, &self.task.lift_off(0.0)));
                self.add_lane(START, up.node, climb);
                let descent = self.task.part_of(course, (self.marks[end], self.marks[last]), 1.0);
                let descent = descent.map(|descent| self.before_pad(descent, &self.task.landing(0.0), true));
                self.add_lane(down.node, GOAL, descent);
            }
        }
    }

    /// Up the column over the origin.
    fn take_off(&self, top: &Spot) -> Option<Stretch> {
        let start_m = self.task.start_m();
        if top.height_m < start_m - SAME_HEIGHT_M {
            return None;
        }
        let up_m = (top.height_m - self.task.origin.ground_m).max(0.0);
        let (climb_s, _) = self.task.columns_s(up_m, up_m)?;
        let column = [(start_m, 0.0), (top.height_m, whole(climb_s))];
        let fixes = column.map(|(height_m, time_s)| Fix { at: top.at, height_m, time_s });
        let stretch = Stretch { fixes: fixes.into(), closed: Vec::new() };
        let starts = match self.task.airborne {
            None => self.task.lift_off(up_m),
            // It may stay where it is.
            Some(_) => {
                let risen_m = top.height_m - start_m;
                let speed_m_s = if climb_s > 0.0 { risen_m / climb_s } else { self.task.climb_m_s };
                let times = (self.task.departure.0, f64::INFINITY);
                self.task.origin.column_starts(pad::Way::Up, up_m, speed_m_s, times)
            }
        };
        Some(self.after_pad(stretch, &starts))
    }

    /// Down the column over the destination.
    fn land(&self, top: &Spot) -> Option<Stretch> {
        let ground_m = self.task.destination.ground_m;
        let down_m = (top.height_m - ground_m).max(0.0);
        let (_, descent_s) = self.task.columns_s(down_m, down_m)?;
        let column = [(top.height_m, 0.0), (ground_m, whole(descent_s))];
        let fixes = column.map(|(height_m, time_s)| Fix { at: top.at, height_m, time_s });
        let stretch = Stretch { fixes: fixes.into(), closed: Vec::new() };
        Some(self.before_pad(stretch, &self.task.landing(down_m), false))
    }

    /// A stretch after the stand on the pad, with lift-off in these spans.
    fn after_pad(&self, mut stretch: Stretch, lift_off: &[Span]) -> Stretch {
        let pad_s = self.stands_s();
        stretch.closed.extend(beside(lift_off));
        stretch.closed.iter_mut().for_each(|span| *span = (span.0 - pad_s, span.1 - pad_s));
        stretch.fixes.iter_mut().for_each(|fix| fix.time_s += pad_s);
        if let Some(&first) = stretch.fixes.first().filter(|_| pad_s > 0.0) {
            stretch.fixes.insert(0, Fix { time_s: 0.0, ..first });
        }
        stretch
    }

    /// A stretch before the stand on the pad, begun in these spans, or ended in them.
    fn before_pad(&self, mut stretch: Stretch, landing: &[Span], ended: bool) -> Stretch {
        let pad_s = self.among.traffic.pad_s();
        let lasts_s = stretch.fixes.last().map_or(0.0, |fix| fix.time_s);
        let by_s = if ended { lasts_s } else { 0.0 };
        stretch.closed.extend(beside(landing).into_iter().map(|span| (span.0 - by_s, span.1 - by_s)));
        if let Some(&last) = stretch.fixes.last().filter(|_| pad_s > 0.0) {
            stretch.fixes.push(Fix { time_s: lasts_s + pad_s, ..last });
        }
        stretch
    }
}

/// Up to whole milliseconds, at least one.
fn whole(seconds: f64) -> f64 {
    (seconds * 1000.0 - 1e-6).ceil().max(1.0) / 1000.0
}

/// The open spans between some closed ones, before and after them.
fn beside(spans: &[Span]) -> Vec<Span> {
    let from = std::iter::once(f64::NEG_INFINITY).chain(spans.iter().map(|span| span.1));
    let to = spans.iter().map(|span| span.0).chain([f64::INFINITY]);
    from.zip(to).collect()
}
