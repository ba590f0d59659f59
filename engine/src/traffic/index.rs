//! The reserved flights, found by place and time.
//!
//! The plane is cut into cells and time into slabs; each cell of a slab lists the pieces of flights in it, with the box
//! of the part that is. A query walks along its own pieces and asks only the cells near it, of the slabs in which it is
//! there. Lists, tiles of cells and slabs are shared between copies and copied when they change.

mod entry;
mod grid;
mod numbers;
mod seen;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;

use self::entry::Extent;
use self::grid::Grid;
use self::numbers::Numbers;
use self::seen::Seen;
use super::blocked::pieces_in_conflict;
use super::{Apart, Fix, Piece, Track, blocked_shifts};
use crate::flight::Plan;
use crate::frame::{Frame, Instant, Xy};
use crate::table::Table;
use crate::world::Separation;

/// The reserved flights. A clone is a snapshot: it takes microseconds, shares what does not change and never changes
/// itself. Adding or removing a flight takes microseconds too, right after a clone some more.
///
/// Flights have small numbers: those of removed ones are given again, the lowest first. Figures are in
/// `benches/README.md`.
///
/// ```
/// use std::sync::Arc;
/// use tianlu_engine::frame::{Frame, Instant, LonLat, Xy};
/// use tianlu_engine::traffic::{Fix, Track, Traffic};
/// use tianlu_engine::world::Separation;
///
/// let separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };
/// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
/// let mut traffic = Traffic::new(Frame::new(nanhu_lake), Instant::from_seconds(1_795_395_600), &separation);
///
/// let fix = |x, y, time_s| Fix { at: Xy { x, y }, height_m: 80.0, time_s };
/// let north = Track::new([fix(0.0, -1000.0, 300.0), fix(0.0, 1000.0, 500.0)], traffic.pad_s());
/// let east = Track::new([fix(-1000.0, 0.0, 0.0), fix(1000.0, 0.0, 200.0)], traffic.pad_s());
/// let number = traffic.add(Arc::new(north));
///
/// assert!(traffic.is_clear(&east, |_| true));
/// assert_eq!(traffic.conflicts(&east.shifted(300.0)), [number]);
/// let mut blocked = Vec::new();
/// traffic.blocked(&east, (0.0, 600.0), &mut blocked);
/// assert!(blocked[0].from_s > 289.5 && blocked[0].to_s < 310.5);
/// ```
#[derive(Debug, Clone)]
pub struct Traffic {
    frame: Frame,
    epoch: Instant,
    apart: Apart,
    pad_s: f64,
    flights: Table<Option<Arc<Track>>>,
    numbers: Numbers,
    grid: Grid,
    /// Pieces too large for cells, by flight and number: asked one by one.
    large: Arc<Vec<(u32, u32)>>,
}

/// An open interval of shifts at which a track is in conflict with a flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocked {
    /// Flown more seconds later than this,
    pub from_s: f64,
    /// and less than this, it is in conflict
    pub to_s: f64,
    /// with this flight.
    pub flight: u32,
}

/// A box in place, height and time, its ends included; they may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its south-western corner in the plane.
    pub low: Xy,
    /// Its north-eastern corner.
    pub high: Xy,
    /// From and to, metres AMSL.
    pub heights_m: (f64, f64),
    /// From and to, seconds after the epoch.
    pub times_s: (f64, f64),
}

impl Traffic {
    /// No flights yet, in a frame's plane, with times after `epoch`.
    pub fn new(frame: Frame, epoch: Instant, separation: &Separation) -> Self {
        let apart = Apart::new(separation, &frame);
        Self {
            frame,
            epoch,
            apart,
            pad_s: separation.pad_s.max(0.0),
            flights: Table::default(),
            numbers: Numbers::default(),
            grid: Grid::default(),
            large: Arc::default(),
        }
    }

    /// The plane that tracks lie in.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// What times count from.
    pub fn epoch(&self) -> Instant {
        self.epoch
    }

    /// How far apart flights stay.
    pub fn apart(&self) -> &Apart {
        &self.apart
    }

    /// How long a flight counts as standing on its pads, seconds.
    pub fn pad_s(&self) -> f64 {
        self.pad_s
    }

    /// How many flights there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a flight, whether it is clear of the others or not, and tells its number.
    pub fn add(&mut self, track: Arc<Track>) -> u32 {
        let place = self.numbers.take();
        let flight = u32::try_from(place).expect("the tracks of so many flights fill the memory");
        for (number, piece) in (0_u32..).zip(track.pieces()) {
            if walk::fits(&piece) {
                self.grid.add(flight, number, &piece);
            } else {
                Arc::make_mut(&mut self.large).push((flight, number));
            }
        }
        if place < self.flights.len() {
            self.flights.set(place, Some(track));
        } else {
            self.flights.push(Some(track));
        }
        flight
    }

    /// Removes a flight; `None` if there is none of that number.
    pub fn remove(&mut self, flight: u32) -> Option<Arc<Track>> {
        let track = self.track(flight)?.clone();
        for (number, piece) in (0_u32..).zip(track.pieces()) {
            if walk::fits(&piece) {
                self.grid.remove(flight, number, &piece);
            } else {
                Arc::make_mut(&mut self.large).retain(|large| *large != (flight, number));
            }
        }
        self.flights.set(flight as usize, None);
        self.numbers.free(flight as usize);
        Some(track)
    }

    /// The track of a flight; `None` if there is none of that number.
    pub fn track(&self, flight: u32) -> Option<&Arc<Track>> {
        self.flights.get(flight as usize)?.as_ref()
    }

    /// The flights that a track is in conflict with, ascending.
    pub fn conflicts(&self, track: &Track) -> Vec<u32> {
        let mut found = Vec::new();
        Seen::lend(|seen| {
            seen.clear();
            for mine in track.pieces() {
                self.candidates(&mine, (0.0, 0.0), |flight, number| {
                    if !seen.has(flight.into()) && self.is_in_conflict(&mine, flight, number) {
                        seen.insert(flight.into());
                        found.push(flight);
                    }
                    true
                });
            }
        });
        found.sort_unstable();
        found
    }

    /// Is a track in conflict with none of the flights that it heeds?
    pub fn is_clear(&self, track: &Track, heeds: impl Fn(u32) -> bool) -> bool {
        track.pieces().all(|mine| {
            self.candidates(&mine, (0.0, 0.0), |flight, number| {
                !(heeds(flight) && self.is_in_conflict(&mine, flight, number))
            })
        })
    }

    /// Adds the shifts at which a track is in conflict, in seconds added to its times: one interval for each two pieces
    /// that meet at some shift within `shifts`. Intervals are whole: they may reach beyond `shifts`. Their order
    /// depends on the changes that the traffic has seen, on nothing else.
    pub fn blocked(&self, track: &Track, shifts: (f64, f64), found: &mut Vec<Blocked>) {
        track.pieces().for_each(|piece| self.blocked_piece(&piece, shifts, found));
    }

    /// As [`Traffic::blocked`], for one piece of a track.
    pub(crate) fn blocked_piece(&self, mine: &Piece, shifts: (f64, f64), found: &mut Vec<Blocked>) {
        Seen::lend(|seen| {
            seen.clear();
            self.candidates(mine, shifts, |flight, number| {
                if seen.insert(u64::from(flight) << 32 | u64::from(number))
                    && let Some(its) = self.piece(flight, number)
                    && let Some((from_s, to_s)) = blocked_shifts(mine, &its, &self.apart)
                    && from_s < shifts.1
                    && to_s > shifts.0
                {
                    found.push(Blocked { from_s, to_s, flight });
                }
                true
            });
        });
    }

    /// The flights that are in an area at some time, ascending.
    pub fn near(&self, area: &Area) -> Vec<u32> {
        let (low, high) = (area.low, area.high);
        let extent = Extent::whole((low.x, high.x), (low.y, high.y), area.heights_m, area.times_s);
        let mut found = Vec::new();
        Seen::lend(|seen| {
            seen.clear();
            let mut look_at = |flight: u32, number: u32| {
                if !seen.has(flight.into())
                    && self.piece(flight, number).is_some_and(|piece| area.holds_some_of(&piece))
                {
                    seen.insert(flight.into());
                    found.push(flight);
                }
            };
            self.grid.within(&extent, |entry| look_at(entry.flight, entry.piece));
            self.large.iter().for_each(|&(flight, number)| look_at(flight, number));
        });
        found.sort_unstable();
        found
    }

    /// The track of a plan, the stands on its pads included.
    pub fn track_of(&self, plan: &Plan) -> Track {
        let fixes = plan.trajectory.iter().map(|point| Fix {
            at: self.frame.to_plane(point.place),
            height_m: point.altitude.metres(),
            time_s: point.time.seconds_since(self.epoch),
        });
        Track::new(fixes, self.pad_s)
    }

    /// Is a piece in conflict with one of a flight?
    fn is_in_conflict(&self, mine: &Piece, flight: u32, number: u32) -> bool {
        self.piece(flight, number).is_some_and(|its| pieces_in_conflict(mine, &its, &self.apart))
    }

    /// Calls `visit` with the flight and number of each piece that another, flown so much later, may be in conflict with; with some more than
    /// once. Stops when `visit` says so; tells whether it did not.
    fn candidates(
        &self,
        mine: &Piece,
        (least_s, most_s): (f64, f64),
        mut visit: impl FnMut(u32, u32) -> bool,
    ) -> bool {
        if !walk::fits(mine) {
            return self.all().all(|(flight, track)| {
                (0_u32..).zip(track.pieces()).all(|(number, _)| visit(flight, number))
            });
        }
        let Apart { horizontal_m, vertical_m, time_s } = self.apart;
        self.grid.along(mine, (horizontal_m, vertical_m), (least_s - time_s, most_s + time_s), |entry| {
            visit(entry.flight, entry.piece)
        }) && self.large.iter().all(|&(flight, number)| visit(flight, number))
    }

    fn all(&self) -> impl Iterator<Item = (u32, &Arc<Track>)> {
        (0_u32..).zip(self.flights.iter()).filter_map(|(number, track)| Some((number, track.as_ref()?)))
    }

    fn piece(&self, flight: u32, number: u32) -> Option<Piece> {
        let fixes = self.track(flight)?.fixes();
        Some(Piece { from: *fixes.get(number as usize)?, to: *fixes.get(number as usize + 1)? })
    }
}

impl Area {
    /// Is some of a piece in it?
    fn holds_some_of(&self, piece: &Piece) -> bool {
        let (from, to) = (&piece.from, &piece.to);
        let mut part = (0.0, 1.0);
        for (start, end, low, high) in [
            (from.time_s, to.time_s, self.times_s.0, self.times_s.1),
            (from.at.x, to.at.x, self.low.x, self.high.x),
            (from.at.y, to.at.y, self.low.y, self.high.y),
            (from.height_m, to.height_m, self.heights_m.0, self.heights_m.1),
        ] {
            let way = end - start;
            if way == 0.0 {
                if start < low || start > high {
                    return false;
                }
            } else {
                let (a, b) = ((low - start) / way, (high - start) / way);
                part = (a.min(b).max(part.0), a.max(b).min(part.1));
            }
        }
        part.0 <= part.1
    }
}
