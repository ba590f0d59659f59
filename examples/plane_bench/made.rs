//! Convex polygons of our own making: 40 x 40 km, an eighth of it covered, however many there are.

use std::f64::consts::TAU;

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Contour, Region, Shape};

use crate::task::Task;

const SIDE_M: f64 = 40_000.0;
/// The mean square of a polygon's radius, as a share of the square that it has on average.
const SPREAD: f64 = 0.062;
const PAIRS: usize = 100;

/// Numbers that look like chance, the same each time (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
/// generators").
struct Chance(u64);

impl Chance {
    /// A number from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn place(&mut self, margin: f64) -> Xy {
        let mut at = || margin + self.next() * (SIDE_M - 2.0 * margin);
        Xy { x: at(), y: at() }
    }
}

/// So many disjoint polygons, and pairs of free places.
pub(crate) fn task(count: usize) -> Task {
    let mut chance = Chance(20_261_122 + count as u64);
    let mean = SIDE_M * (SPREAD / count as f64).sqrt();
    let greatest = 1.9 * mean;
    let columns = (SIDE_M / (2.0 * greatest)) as usize;
    let cell = |at: f64| ((at / SIDE_M * columns as f64) as usize).min(columns - 1);
    let mut discs: Vec<Vec<(Xy, f64)>> = vec![Vec::new(); columns * columns];
    let mut shapes: Vec<Shape> = Vec::new();
    while shapes.len() < count {
        let radius = mean * (0.4 + 1.5 * chance.next() * chance.next().sqrt());
        let centre = chance.place(greatest);
        let (column, row) = (cell(centre.x), cell(centre.y));
        let near = |at: usize| at.saturating_sub(1)..=(at + 1).min(columns - 1);
        let is_clear = |disc: &(Xy, f64)| (disc.0.x - centre.x).hypot(disc.0.y - centre.y) > disc.1 + radius;
        if near(row).all(|r| near(column).all(|c| discs[r * columns + c].iter().all(is_clear))) {
            discs[row * columns + column].push((centre, radius));
            shapes.push(vec![polygon(&mut chance, centre, radius)]);
        }
    }
    let region = Region::new(shapes.clone());
    let mut pairs = Vec::new();
    while pairs.len() < PAIRS {
        let (start, goal) = (chance.place(0.0), chance.place(0.0));
        if !region.contains(start) && !region.contains(goal) {
            pairs.push((start, goal));
        }
    }
    Task { shapes, pairs, optima: None, half_ulp: 0.0 }
}

/// Three to eight points on a circle, to the millimetre.
fn polygon(chance: &mut Chance, centre: Xy, radius: f64) -> Contour {
    let count = 3 + (chance.next() * 6.0) as usize;
    let turn = chance.next();
    let point = |k: usize| {
        let angle = TAU * (turn + (k as f64 + 0.7 * chance.next()) / count as f64);
        let millimetre = |at: f64| (at * 1e3).round() / 1e3;
        Xy { x: millimetre(centre.x + radius * angle.cos()), y: millimetre(centre.y + radius * angle.sin()) }
    };
    (0..count).map(point).collect()
}
