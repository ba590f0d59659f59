//! The scale of the plane around a centre, in a few multiplications.
//!
//! The scale is an even function of the distance from the middle meridian, which changes slowly along it:
//! `1 + x² (a(y) + x² (b(y) + x² c(y)))`, the three interpolated between exact ones.

use super::Xy;

/// The series holds this far east, west, north and south, metres.
const REACH_M: f64 = 300_000.0;

/// Places along the meridian at which the scale is taken.
const NODES: usize = 7;

/// The scale around a centre.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    /// Where it is taken, shares of the reach.
    nodes: [f64; NODES],
    /// Newton's divided differences of the three coefficients.
    differences: [[f64; 3]; NODES],
}

impl Series {
    /// The series of an exact scale.
    pub(super) fn new(exact: impl Fn(Xy) -> f64) -> Self {
        let mut nodes = [0.0; NODES];
        let mut differences = [[0.0; 3]; NODES];
        for (number, (node, taken)) in nodes.iter_mut().zip(&mut differences).enumerate() {
            // Chebyshev's nodes keep the error even.
            *node = (std::f64::consts::PI * (number as f64 + 0.5) / NODES as f64).cos();
            let grown = |share: f64| {
                let squared = share * share;
                (exact(Xy { x: share * REACH_M, y: *node * REACH_M }) - 1.0) / squared
            };
            *taken = through([grown(1.0 / 3.0), grown(2.0 / 3.0), grown(1.0)]);
        }
        for order in 1..NODES {
            for number in (order..NODES).rev() {
                let apart = nodes[number] - nodes[number - order];
                let below = differences[number - 1];
                for (difference, below) in differences[number].iter_mut().zip(below) {
                    *difference = (*difference - below) / apart;
                }
            }
        }
        Self { nodes, differences }
    }

    /// The scale at a point; `None` if it is too far away.
    pub(super) fn at(&self, at: Xy) -> Option<f64> {
        let (x, y) = (at.x / REACH_M, at.y / REACH_M);
        if !(x.abs() <= 1.0 && y.abs() <= 1.0) {
            return None;
        }
        let [.., mut sums] = self.differences;
        for (differences, node) in self.differences.iter().zip(&self.nodes).rev().skip(1) {
            for (sum, difference) in sums.iter_mut().zip(differences) {
                *sum = *sum * (y - node) + difference;
            }
        }
        let squared = x * x;
        Some(1.0 + squared * (sums[0] + squared * (sums[1] + squared * sums[2])))
    }
}

/// The coefficients of a quadratic in the square of a share, given where the share is a third, two thirds and one.
fn through([first, second, third]: [f64; 3]) -> [f64; 3] {
    let (p, q, r) = (1.0 / 9.0, 4.0 / 9.0, 1.0);
    let one = (second - first) / (q - p);
    let two = ((third - second) / (r - q) - one) / (r - p);
    [first - p * one + p * q * two, one - (p + q) * two, two]
}
