//! What is asked: shapes, pairs of ends, and perhaps the lengths of the shortest paths.

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::Shape;

pub(crate) struct Task {
    pub(crate) shapes: Vec<Shape>,
    pub(crate) pairs: Vec<(Xy, Xy)>,
    pub(crate) optima: Option<Vec<f64>>,
    /// The optima are printed with so much room for rounding.
    pub(crate) half_ulp: f64,
}

impl Task {
    pub(crate) fn corners(&self) -> usize {
        self.shapes.iter().flatten().map(Vec::len).sum()
    }
}

pub(crate) fn read_json(path: &str, lengths: Option<&String>) -> Task {
    let text = std::fs::read_to_string(path).unwrap();
    let plane: serde_json::Value = serde_json::from_str(&text).unwrap();
    let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
    let shape = |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
    let pair = |v: &serde_json::Value| (point(&v[0]), point(&v[1]));
    Task {
        shapes: plane["polygons"].as_array().unwrap().iter().map(shape).collect(),
        pairs: plane["pairs"].as_array().unwrap().iter().map(pair).collect(),
        optima: lengths.map(|path| read_numbers(path)),
        half_ulp: 0.0,
    }
}

pub(crate) fn read_numbers(path: &str) -> Vec<f64> {
    std::fs::read_to_string(path).unwrap().split_whitespace().map(|n| n.parse().unwrap()).collect()
}
