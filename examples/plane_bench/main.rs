//! Exact shortest paths among the polygons of a file, timed and compared.
//!
//! - `plane_bench PLANE.json [LENGTHS]`: `polygons` (rings of points) and `pairs` (start and goal); LENGTHS holds the
//!   shortest length of each pair.
//! - `plane_bench MESH SCEN [OPT]`: a navigation mesh, version 2 or 3, and its scenario; OPT holds the lengths, or the last
//!   column of a version 3 scenario does.
//! - `plane_bench --made COUNT`: polygons of our own making, 40 x 40 km, as dense whatever their count.
//! - `--rivals`: the crates `polyanya` and `pathfinding` on the same pairs. `--plain`: the search that prepares nothing.
//!   `--updates`: polygons taken away and put back, with all corners known. `--repeat N`: only warm passes, for a profiler.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

mod made;
mod mesh;
mod rivals;
mod task;
mod timing;

use std::time::Instant;

use task::Task;
use tianlu_engine::plane::{Region, Roadmap, Scratch, shortest_path};
use timing::{Timed, millis, print_head, timed};

fn main() {
    let mut files = Vec::new();
    let (mut with_rivals, mut plain, mut updates, mut repeat, mut made) = (false, false, false, 0, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().unwrap().parse::<usize>().unwrap();
        match argument.as_str() {
            "--rivals" => with_rivals = true,
            "--plain" => plain = true,
            "--updates" => updates = true,
            "--repeat" => repeat = number(),
            "--made" => made = Some(number()),
            _ => files.push(argument),
        }
    }
    let task = match (made, files.as_slice()) {
        (Some(count), _) => made::task(count),
        (None, [plane]) => task::read_json(plane, None),
        (None, [plane, lengths]) if plane.ends_with(".json") => task::read_json(plane, Some(lengths)),
        (None, [mesh, scenario]) => mesh::read(mesh, scenario, None),
        (None, [mesh, scenario, optima]) => mesh::read(mesh, scenario, Some(optima)),
        _ => panic!("expected PLANE.json [LENGTHS], MESH SCEN [OPT] or --made COUNT"),
    };
    println!("{} shapes, {} corners, {} pairs", task.shapes.len(), task.corners(), task.pairs.len());
    if repeat > 0 {
        return run_for_profiler(&task, repeat);
    }

    print_head();
    let clock = Instant::now();
    let roadmap = Roadmap::new(&task.shapes).unwrap();
    let ready = clock.elapsed();
    let mut scratch = Scratch::default();
    let mut search = |start, goal| roadmap.search(&mut scratch, start, goal).map(|way| way.length);
    let cold = timed(&task, 1, &mut search);
    cold.print("roadmap, cold", ready);
    let warm = timed(&task, 5, &mut search);
    warm.print("roadmap, warm", ready);
    assert!(cold.lengths == warm.lengths, "what is kept changes an answer");
    if plain {
        let clock = Instant::now();
        let region = Region::new(task.shapes.clone());
        let ready = clock.elapsed();
        let found = timed(&task, 1, &mut |start, goal| {
            Some(shortest_path(&region, start, goal, f64::INFINITY)?.length)
        });
        found.print("region", ready);
        println!("region and roadmap differ by at most {:.1e}", warm.difference(&found.lengths));
    }
    report(&task, &warm);
    if updates {
        timing::time_updates(&task, roadmap.clone(), ready);
    }
    if with_rivals {
        rivals::run(&task, &roadmap, &warm);
    }
}

/// The lengths, and how far they are from the optima that the files hold.
fn report(task: &Task, found: &Timed) {
    let missing = found.lengths.iter().filter(|length| length.is_none()).count();
    println!("total length {:.4}, {missing} pairs without a path", found.total());
    let Some(optima) = &task.optima else { return };
    println!("total optimum {:.4}", optima.iter().sum::<f64>());
    println!("greatest relative difference {:.2e}", found.difference_beyond(optima, 0.0));
    let half = task.half_ulp;
    println!(
        "greatest relative difference beyond the {half:.0e} by which the file is rounded {:.2e}",
        found.difference_beyond(optima, half)
    );
    if let Some((pair, found, optimum)) = found.worst(optima, half) {
        println!("worst: pair {pair}, {found} against {optimum}");
    }
}

fn run_for_profiler(task: &Task, repeat: usize) {
    let roadmap = Roadmap::new(&task.shapes).unwrap();
    let mut scratch = Scratch::default();
    let clock = Instant::now();
    for _ in 0..repeat {
        for &(start, goal) in &task.pairs {
            std::hint::black_box(roadmap.search(&mut scratch, start, goal));
        }
    }
    println!("{:.1} ms a pass", millis(clock.elapsed()) / repeat as f64);
}
