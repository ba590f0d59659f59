//! The earliest arrival over a graph of lanes among flights: safe-interval path planning.
//!
//! A lane is a stretch flown as it is; only its start is to be found. The starts at which it meets a flight are open
//! intervals in closed form ([`Traffic::blocked`]), so those at which it may be begun are exact. Where an aircraft can
//! wait, the first arrival in a span of time in which the place is free holds all later ones; where it cannot, each time
//! at which it can be there is followed up once, whole spans of them together. Exact on the graph.
//!
//! All times found are whole milliseconds: blocked spans are rounded outwards. What is blocked is asked for in windows of
//! time that grow with the need.
//!
//! Reference: Phillips and Likhachev 2011, "SIPP: safe interval path planning for dynamic environments".

mod latest;
mod rest;
mod search;
mod starts;

use super::{Blocked, Fix, Track, Traffic};
use crate::intervals::Span;

/// A stretch from one node to another.
#[derive(Debug, Clone)]
pub struct Lane {
    /// The node to which it leads.
    pub to: u32,
    /// How it is flown; seconds after its start, from 0, in whole milliseconds.
    pub track: Track,
    /// Open spans of starts, seconds after the epoch of the traffic, that something else forbids.
    pub closed: Vec<(f64, f64)>,
}

/// Where an aircraft waits.
#[derive(Debug, Clone)]
pub enum Stand {
    /// Waiting here meets nobody: on the ground before lift-off.
    Free,
    /// At a place and a height, the time of which is not looked at, but for open spans of time that something else
    /// forbids.
    At(Fix, Vec<(f64, f64)>),
    /// It cannot wait here.
    Never,
}

/// A place at which lanes begin.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it waits here.
    pub stand: Stand,
    /// The lanes from here; those that lead to the start are not looked at.
    pub lanes: Vec<Lane>,
}

/// What to search. Times are seconds after the epoch of the traffic.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// All nodes.
    pub nodes: &'a [Node],
    /// The node from which it leaves.
    pub start: u32,
    /// Spans in which it may leave the start. Where the start is in the air it is there from the beginning of each.
    pub lift_off: &'a [(f64, f64)],
    /// The node to arrive at.
    pub goal: u32,
    /// No later arrival is of interest.
    pub latest_s: f64,
}

/// A lane as it is flown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ride {
    /// The node that it leaves.
    pub from: u32,
    /// Which of the node's lanes.
    pub lane: u32,
    /// When, seconds after the epoch of the traffic.
    pub departs_s: f64,
}

/// The rides of the earliest arrival at the goal, free of the flights that it `heeds`; `None` if there is none in time.
///
/// Of all that arrive then it is one that leaves the start last, the same as long as it is free: more flights in none of
/// whose way it is do not change it. (Where some lanes lead from where it cannot wait to where it can, it may be one that
/// leaves earlier.) Cost: as A* on the pairs of nodes and spans in which they are free, with the time over empty lanes as
/// the bound; it ends without an answer after two hundred thousand steps.
pub fn earliest(problem: &Problem<'_>, traffic: &Traffic, heeds: &dyn Fn(u32) -> bool) -> Option<Vec<Ride>> {
    let mut found: Vec<Blocked> = Vec::new();
    let mut blocked = |track: &Track, starts: Span, spans: &mut Vec<Span>| {
        found.clear();
        traffic.blocked(track, starts, &mut found);
        spans.extend(found.iter().filter(|by| heeds(by.flight)).map(|by| (by.from_s, by.to_s)));
    };
    search::Search::new(problem, &mut blocked)?.run()
}

#[cfg(test)]
mod tests;
