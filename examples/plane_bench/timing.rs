//! Times and lengths of the answers.

use std::time::{Duration, Instant};

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::Roadmap;

use crate::task::Task;

pub(crate) struct Timed {
    /// Microseconds.
    times: Vec<f64>,
    pub(crate) lengths: Vec<Option<f64>>,
}

/// Asks for every pair, in order, so many times over; of a pair's times the median is kept.
pub(crate) fn timed(task: &Task, passes: usize, search: &mut dyn FnMut(Xy, Xy) -> Option<f64>) -> Timed {
    let mut times = vec![Vec::new(); task.pairs.len()];
    let mut lengths = Vec::new();
    for _ in 0..passes {
        lengths.clear();
        for (&(start, goal), times) in task.pairs.iter().zip(&mut times) {
            let clock = Instant::now();
            let length = search(start, goal);
            times.push(clock.elapsed().as_secs_f64() * 1e6);
            lengths.push(length);
        }
    }
    let times = times.into_iter().map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    Timed { times: times.collect(), lengths }
}

pub(crate) fn print_head() {
    println!("{:28} {:>12} {:>11} {:>11} {:>11}", "", "ready, ms", "median, us", "p95, us", "mean, us");
}

impl Timed {
    pub(crate) fn print(&self, name: &str, ready: Duration) {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let (median, late) = (times[times.len() / 2], times[times.len() * 95 / 100]);
        println!("{name:28} {:12.1} {median:11.1} {late:11.1} {mean:11.1}", millis(ready));
    }

    /// How long all questions took, of one pass.
    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_secs_f64(self.times.iter().sum::<f64>() / 1e6)
    }

    pub(crate) fn total(&self) -> f64 {
        self.lengths.iter().flatten().sum()
    }

    /// The greatest relative difference; a path on one side alone differs by infinity.
    pub(crate) fn difference(&self, others: &[Option<f64>]) -> f64 {
        let relative = |(one, other): (&Option<f64>, &Option<f64>)| match (one, other) {
            (Some(one), Some(other)) if one == other => 0.0,
            (Some(one), Some(other)) => (one / other - 1.0).abs(),
            (None, None) => 0.0,
            _ => f64::INFINITY,
        };
        self.lengths.iter().zip(others).map(relative).fold(0.0, f64::max)
    }

    /// The pair that differs most, what was found and what should have been.
    pub(crate) fn worst(&self, optima: &[f64], slack: f64) -> Option<(usize, f64, f64)> {
        let found = self.lengths.iter().map(|length| length.unwrap_or(f64::INFINITY));
        let pairs = found.zip(optima).enumerate().map(|(i, (found, &optimum))| (i, found, optimum));
        pairs.max_by(|a, b| beyond(a.1, a.2, slack).total_cmp(&beyond(b.1, b.2, slack)))
    }

    /// The greatest relative difference, less what is below a slack.
    pub(crate) fn difference_beyond(&self, optima: &[f64], slack: f64) -> f64 {
        self.worst(optima, slack).map_or(0.0, |(_, found, optimum)| beyond(found, optimum, slack))
    }
}

fn beyond(found: f64, optimum: f64, slack: f64) -> f64 {
    let off = ((found - optimum).abs() - slack).max(0.0);
    if off == 0.0 { 0.0 } else { off / optimum }
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Takes polygons away and puts them back, one after the other, and asks as long as it takes to know the plane again.
pub(crate) fn time_updates(task: &Task, mut roadmap: Roadmap, ready: Duration) {
    const CHANGES: usize = 100;
    let (mut out, mut back) = (Vec::new(), Vec::new());
    let step = (task.shapes.len() / CHANGES).max(1);
    for number in (0..task.shapes.len()).step_by(step) {
        let shape = [task.shapes[number].clone()];
        let clock = Instant::now();
        roadmap.replace(&[number], &[]).unwrap();
        out.push(clock.elapsed().as_secs_f64() * 1e3);
        let clock = Instant::now();
        roadmap.replace(&[], &shape).unwrap();
        back.push(clock.elapsed().as_secs_f64() * 1e3);
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (out, back) = (median(&mut out), median(&mut back));
    println!("a polygon away: {out:.2} ms, back: {back:.2} ms, all anew: {:.1} ms", millis(ready));
}
