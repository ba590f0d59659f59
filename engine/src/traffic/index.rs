//! The reserved flights, found by place and time.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::blocked::pieces_in_conflict;
use super::{Apart, Fix, Piece, Track, blocked_shifts};
use crate::flight::Plan;
use crate::frame::{Frame, Instant, Xy};
use crate::table::Table;
use crate::world::Separation;

/// The reserved flights. A clone is a snapshot: cheap, and it shares what does not change.
///
/// Flights have small numbers: those of removed ones are given again, the lowest first.
#[derive(Debug, Clone)]
pub struct Traffic {
    frame: Frame,
    epoch: Instant,
    apart: Apart,
    pad_s: f64,
    flights: Table<Option<Arc<Track>>>,
    free: BTreeSet<u32>,
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

/// A box in place, height and time, its ends included.
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
            free: BTreeSet::new(),
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
        self.flights.len() - self.free.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a flight, whether it is clear of the others or not, and tells its number.
    pub fn add(&mut self, track: Arc<Track>) -> u32 {
        if let Some(number) = self.free.pop_first() {
            self.flights.set(number as usize, Some(track));
            return number;
        }
        let number = u32::try_from(self.flights.len()).expect("tracks of so many flights fill the memory");
        self.flights.push(Some(track));
        number
    }

    /// Removes a flight; `None` if there is none of that number.
    pub fn remove(&mut self, flight: u32) -> Option<Arc<Track>> {
        let track = self.track(flight)?.clone();
        self.flights.set(flight as usize, None);
        self.free.insert(flight);
        Some(track)
    }

    /// The track of a flight; `None` if there is none of that number.
    pub fn track(&self, flight: u32) -> Option<&Arc<Track>> {
        self.flights.get(flight as usize)?.as_ref()
    }

    /// The flights that a track is in conflict with, ascending.
    pub fn conflicts(&self, track: &Track) -> Vec<u32> {
        self.all().filter(|(_, other)| self.meet(track, other)).map(|(flight, _)| flight).collect()
    }

    /// Is a track in conflict with none of the flights that it heeds?
    pub fn is_clear(&self, track: &Track, heeds: impl Fn(u32) -> bool) -> bool {
        !self.all().any(|(flight, other)| heeds(flight) && self.meet(track, other))
    }

    /// Adds the shifts at which a track is in conflict, in seconds added to its times: one interval for each two pieces
    /// that meet at some shift within `shifts`. Intervals are whole: they may reach beyond `shifts`. Their order is
    /// the same on every run, and no other.
    pub fn blocked(&self, track: &Track, shifts: (f64, f64), found: &mut Vec<Blocked>) {
        for (flight, other) in self.all() {
            for (mine, its) in track.pieces().flat_map(|mine| other.pieces().map(move |its| (mine, its))) {
                if let Some((from_s, to_s)) = blocked_shifts(&mine, &its, &self.apart)
                    && from_s < shifts.1
                    && to_s > shifts.0
                {
                    found.push(Blocked { from_s, to_s, flight });
                }
            }
        }
    }

    /// The flights with a piece whose box meets an area, ascending.
    pub fn near(&self, area: &Area) -> Vec<u32> {
        let near = |track: &Track| track.pieces().any(|piece| area.meets(&piece));
        self.all().filter(|(_, track)| near(track)).map(|(flight, _)| flight).collect()
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

    fn all(&self) -> impl Iterator<Item = (u32, &Arc<Track>)> {
        (0_u32..).zip(self.flights.iter()).filter_map(|(number, track)| Some((number, track.as_ref()?)))
    }

    fn meet(&self, one: &Track, other: &Track) -> bool {
        one.pieces().any(|mine| other.pieces().any(|its| pieces_in_conflict(&mine, &its, &self.apart)))
    }
}

impl Area {
    /// Does the box of a piece meet it?
    fn meets(&self, piece: &Piece) -> bool {
        let overlap = |a: f64, b: f64, low: f64, high: f64| a.min(b) <= high && a.max(b) >= low;
        let (from, to) = (&piece.from, &piece.to);
        overlap(from.time_s, to.time_s, self.times_s.0, self.times_s.1)
            && overlap(from.at.x, to.at.x, self.low.x, self.high.x)
            && overlap(from.at.y, to.at.y, self.low.y, self.high.y)
            && overlap(from.height_m, to.height_m, self.heights_m.0, self.heights_m.1)
    }
}
