//! The kernel against the optima of public benchmarks on navigation meshes, which are not part of this repository.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../examples/plane_bench/mesh.rs"]
mod mesh;
#[path = "../examples/plane_bench/task.rs"]
#[allow(dead_code, reason = "only meshes are read here")]
mod task;

use std::path::Path;

use tianlu_engine::plane::{Roadmap, Scratch};

fn compare(folder: &Path, mesh: &str, scenario: &str, optima: Option<&str>) {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let task = mesh::read(&path(mesh), &path(scenario), optima.map(path).as_ref());
    let (roadmap, mut scratch) = (Roadmap::new(&task.shapes).unwrap(), Scratch::default());
    let optima = task.optima.as_ref().unwrap();
    assert_eq!(task.pairs.len(), optima.len());

    for (&(start, goal), optimum) in task.pairs.iter().zip(optima) {
        let length = roadmap.search(&mut scratch, start, goal).unwrap().length;
        // The files are rounded; sums of the same lengths in another order.
        assert!(
            (length - optimum).abs() <= task.half_ulp + 1e-9 * optimum,
            "{mesh}: {length} against {optimum}"
        );
    }
}

#[test]
fn on_navigation_meshes_every_path_is_as_short_as_the_optimum() {
    let Some(data) = std::env::var_os("TIANLU_TEST_DATA") else {
        return eprintln!("skipped: TIANLU_TEST_DATA does not name the folder of benchmark data");
    };
    let folder = Path::new(&data).join("bench");
    for name in ["AR0011SR", "den520d", "Aurora"] {
        let files = [format!("{name}-merged.mesh"), format!("{name}.map.scen"), format!("{name}.opt")];
        compare(&folder.join("movingai"), &files[0], &files[1], Some(&files[2]));
    }
    compare(&folder.join("ironharvest"), "scene_mp_2p_01.mesh", "scene_mp_2p_01.mesh.scen", None);
}
