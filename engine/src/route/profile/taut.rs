//! The taut string through gates.

/// A gate that the string goes through: heights from `low_m` to `high_m` at a distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gate {
    pub(super) along_m: f64,
    pub(super) low_m: f64,
    pub(super) high_m: f64,
}

type Point = (f64, f64);

/// The shortest line through gates at strictly ascending distances, from a height of the first to one of the last; both
/// should be points.
///
/// Of all lines through the gates it has the least sum of every convex function of the slope, weighed by distance.
/// Cost: O(n), by a funnel (Lee and Preparata, "Euclidean shortest paths in the presence of rectilinear barriers",
/// Networks 14, 1984).
pub(super) fn taut(gates: &[Gate]) -> Vec<Point> {
    let (Some(first), Some(last)) = (gates.first(), gates.last()) else { return Vec::new() };
    let apex = (first.along_m, first.low_m);
    let mut funnel = Funnel { string: vec![apex], upper: Chain::from(apex), lower: Chain::from(apex) };
    for gate in &gates[1..] {
        let is_last = gate.along_m == last.along_m;
        let high_m = if is_last { gate.low_m } else { gate.high_m };
        funnel.add((gate.along_m, high_m), Side::Upper);
        funnel.add((gate.along_m, gate.low_m), Side::Lower);
    }
    funnel.string.extend_from_slice(&funnel.lower.points[funnel.lower.apex + 1..]);
    funnel.string
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    /// Bends upwards at the highest points of gates.
    Upper,
    /// Bends downwards at the lowest.
    Lower,
}

/// A taut line from the apex to the newest gate's highest or lowest point, bending only towards the other.
struct Chain {
    points: Vec<Point>,
    apex: usize,
}

/// What can be reached with one straight line less from the newest gate, and the string up to the apex.
struct Funnel {
    string: Vec<Point>,
    upper: Chain,
    lower: Chain,
}

impl Chain {
    fn from(apex: Point) -> Self {
        Self { points: vec![apex], apex: 0 }
    }

    /// The apex, and the first bend after it.
    fn first_leg(&self) -> Option<(Point, Point)> {
        Some((*self.points.get(self.apex)?, *self.points.get(self.apex + 1)?))
    }

    /// Draws the chain to a new point; true if it is straight from the apex then.
    fn draw(&mut self, to: Point, beyond: impl Fn(f64, f64) -> bool) -> bool {
        while let [.., a, b] = self.points[self.apex..] {
            if beyond(slope(a, b), slope(b, to)) {
                break;
            }
            self.points.pop();
        }
        self.points.push(to);
        self.points.len() == self.apex + 2
    }

    fn restart(&mut self, apex: Point, to: Point) {
        *self = Self { points: vec![apex, to], apex: 0 };
    }
}

impl Funnel {
    fn add(&mut self, to: Point, side: Side) {
        let (chain, other) = match side {
            Side::Upper => (&mut self.upper, &mut self.lower),
            Side::Lower => (&mut self.lower, &mut self.upper),
        };
        let steeper = |a: f64, b: f64| if side == Side::Upper { a < b } else { b < a };
        if !chain.draw(to, steeper) {
            return;
        }
        // Straight from the apex, it may cut the other chain: then the string runs along that one.
        let mut moved = false;
        while let Some((apex, bend)) = other.first_leg() {
            if !steeper(slope(apex, to), slope(apex, bend)) {
                break;
            }
            self.string.push(bend);
            other.apex += 1;
            moved = true;
        }
        if moved {
            let apex = other.points[other.apex];
            chain.restart(apex, to);
        }
    }
}

fn slope(a: Point, b: Point) -> f64 {
    (b.1 - a.1) / (b.0 - a.0)
}
