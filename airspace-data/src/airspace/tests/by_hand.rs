//! What is looked at by hand: how long big files take, what files elsewhere hold, and output for other programs to judge.

use serde_json::Value;

use super::{GOOD, read, read_text};
use crate::airspace::{Format, ReadOptions, read_airspace, write_airspace};

#[test]
#[ignore = "by hand: rings and what they became, as JSON for another program to judge"]
fn rings_for_another_judge() {
    let mut state = 7_u64;
    let mut chance = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let mut judged = Vec::new();
    for _ in 0..3000 {
        let ring = |chance: &mut dyn FnMut(u64) -> u64| -> Value {
            let corners = 3 + chance(8);
            (0..corners).map(|_| serde_json::json!([chance(6) as f64, chance(6) as f64])).collect()
        };
        let rings: Vec<Value> = (0..1 + chance(3)).map(|_| ring(&mut chance)).collect();
        let text = serde_json::json!({"type": "Polygon", "coordinates": rings}).to_string();
        let result = read_text(&text).ok().map(|file| {
            let (out, _) = write_airspace(Format::GeoJson, None, &file.zones).unwrap();
            serde_json::from_str::<Value>(&out).unwrap()["features"][0]["geometry"].clone()
        });
        judged.push(serde_json::json!({"rings": rings, "result": result}));
    }
    let Ok(folder) = std::env::var("TIANLU_JUDGE") else {
        eprintln!("TIANLU_JUDGE is not set: skipped");
        return;
    };
    std::fs::write(format!("{folder}/rings.json"), Value::Array(judged).to_string()).unwrap();
}

#[test]
#[ignore = "by hand: the good files as ED-318, for a schema validator to judge"]
fn ed318_for_another_judge() {
    let Ok(folder) = std::env::var("TIANLU_JUDGE") else {
        eprintln!("TIANLU_JUDGE is not set: skipped");
        return;
    };
    for (path, ..) in GOOD {
        let (text, _) = write_airspace(Format::Ed318, None, &read(path).unwrap().zones).unwrap();
        std::fs::write(format!("{folder}/{}", path.replace('/', "_")), text).unwrap();
    }
}

#[test]
#[ignore = "by hand: says how long big files take"]
fn big_files() {
    let ring = |corners: u32, lon: f64, lat: f64| -> String {
        let corner = |n: u32| {
            let turn = f64::from(n % corners) / f64::from(corners) * std::f64::consts::TAU;
            format!("[{:.9},{:.9}]", lon + 0.004 * turn.cos(), lat + 0.004 * turn.sin())
        };
        (0..=corners).map(corner).collect::<Vec<_>>().join(",")
    };
    for (features, corners) in [(100_000, 5), (20, 100_000), (1, 1_500_000)] {
        let list: Vec<String> = (0..features)
            .map(|n| {
                let (lon, lat) = (100.0 + f64::from(n % 400) * 0.01, 20.0 + f64::from(n / 400) * 0.01);
                format!(
                    r#"{{"type":"Feature","properties":{{"identifier":"Z{n}","type":"PROHIBITED","variant":"COMMON"}},"geometry":{{"type":"Polygon","coordinates":[[{}]],"layer":{{"upper":120}}}}}}"#,
                    ring(corners, lon, lat)
                )
            })
            .collect();
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, list.join(","));
        let start = std::time::Instant::now();
        let file = read_text(&text).unwrap();
        eprintln!(
            "{} zones of {corners} corners, {} MB: {:?}",
            file.zones.len(),
            text.len() / 1_000_000,
            start.elapsed()
        );
    }
}

#[test]
#[ignore = "by hand: every file under TIANLU_TEST_DATA"]
fn every_file_at_hand() {
    let Ok(root) = std::env::var("TIANLU_TEST_DATA") else {
        eprintln!("TIANLU_TEST_DATA is not set: skipped");
        return;
    };
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match read_airspace(&name, &bytes, &ReadOptions::default()) {
                Ok(file) => {
                    eprintln!("OK {name}: {:?} {} zones", file.format, file.zones.len());
                    file.warnings.iter().for_each(|warning| eprintln!("     {warning}"));
                }
                Err(error) => eprintln!("NO {error}"),
            }
        }
    }
}
