//! A search among known corners allocates nothing, counted by the allocator.
#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::PathBuf;

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Roadmap, Scratch, Shape};

struct Counting;

thread_local! {
    /// Of this thread alone: the test harness has others.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_warm_search_allocates_nothing() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/plane/synth1000.json");
    let plane: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
    let shape = |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
    let shapes: Vec<Shape> = plane["polygons"].as_array().unwrap().iter().map(shape).collect();
    let pairs: Vec<(Xy, Xy)> =
        plane["pairs"].as_array().unwrap().iter().map(|pair| (point(&pair[0]), point(&pair[1]))).collect();
    let (roadmap, mut scratch) = (Roadmap::new(&shapes).unwrap(), Scratch::default());
    let mut pass = || {
        let before = COUNT.get();
        let length: f64 =
            pairs.iter().map(|pair| roadmap.search(&mut scratch, pair.0, pair.1).unwrap().length).sum();
        (COUNT.get() - before, length)
    };

    let (cold, first) = pass();
    let (warm, second) = pass();

    assert!(cold > 0, "the allocator counts");
    assert_eq!((warm, first), (0, second));
}
