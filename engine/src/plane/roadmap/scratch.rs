//! What a search writes on.

use super::super::mesh::NONE;
use super::super::mesh::Windows;
use super::hops::Hop;
use crate::frame::Xy;

/// Room for the searches of one thread: reset by a stamp, so that a search pays only for what it touches.
///
/// It grows with the first searches and fits any [`super::Roadmap`].
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    pub(super) nodes: Vec<Node>,
    /// Nodes with an older stamp are as new.
    stamp: u32,
    pub(super) queue: Vec<Entry>,
    pub(super) points: Vec<Xy>,
    pub(super) looks: Looks,
}

/// Room for looking around.
#[derive(Debug, Clone, Default)]
pub(super) struct Looks {
    pub(super) windows: Windows,
    pub(super) hops: Vec<Hop>,
}

/// What a search knows of a corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The length of the shortest path to it that is known.
    pub(super) length: f64,
    /// The straight line from it to the goal.
    pub(super) rest: f64,
    stamp: u32,
    /// The corner before it, or `NONE` for the start.
    pub(super) parent: u32,
    pub(super) sees_goal: bool,
    /// On which side the area lies when the path comes.
    pub(super) side: u32,
}

const FRESH: Node =
    Node { length: f64::INFINITY, rest: 0.0, stamp: 0, parent: NONE, sees_goal: false, side: 0 };

/// A corner that is to be taken up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) estimate: f64,
    pub(super) corner: u32,
}

impl Entry {
    /// Ties go to the lower corner, so that the path does not depend on chance.
    #[inline]
    fn is_before(&self, other: &Self) -> bool {
        self.estimate < other.estimate || (self.estimate == other.estimate && self.corner < other.corner)
    }
}

impl Scratch {
    /// Begins a search among a number of corners.
    pub(super) fn begin(&mut self, corners: usize) {
        if self.stamp == u32::MAX {
            self.nodes.clear();
            self.stamp = 0;
        }
        self.stamp += 1;
        if self.nodes.len() < corners {
            self.nodes.resize(corners, FRESH);
        }
        self.queue.clear();
        self.points.clear();
    }

    /// A corner, as new if this search has not seen it.
    #[inline]
    pub(super) fn node(&mut self, corner: u32) -> &mut Node {
        let node = &mut self.nodes[corner as usize];
        if node.stamp != self.stamp {
            *node = Node { stamp: self.stamp, ..FRESH };
        }
        node
    }

    /// Puts a corner into the queue: a heap of which each entry has four below it.
    pub(super) fn push(&mut self, entry: Entry) {
        let mut at = self.queue.len();
        self.queue.push(entry);
        while at > 0 {
            let above = (at - 1) / 4;
            if !entry.is_before(&self.queue[above]) {
                break;
            }
            self.queue[at] = self.queue[above];
            at = above;
        }
        self.queue[at] = entry;
    }

    /// Takes the corner with the least estimate.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let last = self.queue.pop()?;
        let Some(&least) = self.queue.first() else { return Some(last) };
        let (mut at, count) = (0, self.queue.len());
        loop {
            let below = 4 * at + 1;
            if below >= count {
                break;
            }
            let mut best = below;
            for i in below + 1..(below + 4).min(count) {
                if self.queue[i].is_before(&self.queue[best]) {
                    best = i;
                }
            }
            if !self.queue[best].is_before(&last) {
                break;
            }
            self.queue[at] = self.queue[best];
            at = best;
        }
        self.queue[at] = last;
        Some(least)
    }
}
