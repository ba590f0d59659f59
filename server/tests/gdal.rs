//! GDAL and QGIS open the collections as they are, and QGIS writes zones.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail; one that is skipped says so")]

mod support;

use std::process::Command;

use serde_json::{Value, json};
use support::{Server, folder, request, scenario, square};

/// A server with 12 zones in a row and 7 flights between its sites' heights; its clock is the system's.
fn city() -> (Server, tempfile::TempDir) {
    let folder = folder();
    let zones: Vec<Value> =
        (0..12).map(|n| square(&format!("Z{n}"), "CONDITIONAL", 120.5 + 0.05 * f64::from(n), 30.5)).collect();
    let file = scenario(folder.path(), &zones, &[]);
    let server = Server::start(&["--scenario", file.to_str().unwrap()]);
    for n in 0..7 {
        let mut flight = soon(&format!("F{n}"));
        let north = 30.70 + 0.004 * f64::from(n);
        flight["origin"]["lat"] = north.into();
        flight["destination"]["lat"] = north.into();
        let answer = server.post_json("/flights", &flight);
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    (server, folder)
}

/// A request that may lift off in the hour that begins.
fn soon(id: &str) -> Value {
    let mut flight = request(id);
    let now = jiff::Timestamp::now();
    let later = now.checked_add(jiff::Span::new().hours(1)).unwrap();
    flight["departure"] = json!({"earliest": now.to_string(), "latest": later.to_string()});
    flight
}

/// What a program of GDAL says; `None` if it is not installed.
fn gdal(program: &str, args: &[&str]) -> Option<String> {
    let output = match Command::new(program).args(args).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: {program} cannot be run ({error})");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

fn features(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("OGRFeature")).count()
}

#[test]
fn ogrinfo_lists_filters_and_pages_all_collections() {
    let (server, _folder) = city();
    let source = format!("OAPIF:{}", server.url);
    let Some(layers) = gdal("ogrinfo", &[&source]) else { return };
    for layer in ["1: zones", "2: flights", "3: sites"] {
        assert!(layers.contains(layer), "{layers}");
    }
    let all = gdal("ogrinfo", &["-al", &source]).unwrap();
    assert!(all.contains("Geometry: 3D Line String") && all.contains("TEMPORAL_INTERVAL_MIN"), "{all}");
    for (layer, count, within) in [("zones", 12, 2), ("flights", 7, 3), ("sites", 0, 0)] {
        assert_eq!(features(&gdal("ogrinfo", &["-q", &source, layer]).unwrap()), count, "{layer}");
        let paged = gdal("ogrinfo", &["-q", "-oo", "PAGE_SIZE=5", &source, layer]).unwrap();
        assert_eq!(features(&paged), count, "{layer} in pages");
        let area = if layer == "zones" {
            ["120.49", "30.49", "120.56", "30.51"]
        } else {
            ["120.70", "30.699", "120.71", "30.709"]
        };
        let args = [&["-q", &source, layer, "-spat"], &area[..]].concat();
        assert_eq!(features(&gdal("ogrinfo", &args).unwrap()), within, "{layer} in a box");
    }
    let file = _folder.path().join("flights.json");
    gdal("ogr2ogr", &["-f", "GeoJSON", file.to_str().unwrap(), &source, "flights"]).unwrap();
    let json: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(json["features"].as_array().unwrap().len(), 7);
    assert_eq!(json["features"][0]["geometry"]["coordinates"][0].as_array().unwrap().len(), 3);
}

/// What QGIS' provider does to edit: OPTIONS of the collection and of an item, POST of a feature without an id, GET of
/// what `Location` names, PUT of the feature as QGIS holds it (GeoJSON alone: the geometry has no `layer`), DELETE.
#[test]
fn qgis_creates_changes_and_removes_a_zone() {
    let (server, _folder) = city();
    let allows = |path: &str| {
        let answer = server.call("OPTIONS", path, &[], b"");
        assert_eq!(answer.status, 204);
        answer.header("allow").to_owned()
    };
    assert_eq!(allows("/collections/zones/items"), "GET, HEAD, POST, OPTIONS");
    assert_eq!(allows("/collections/zones/items/Z3"), "GET, HEAD, PUT, DELETE, OPTIONS");
    assert_eq!(allows("/collections/flights/items"), "GET, HEAD, OPTIONS");

    let ring = json!([[[120.9, 30.5], [120.95, 30.5], [120.95, 30.55], [120.9, 30.5]]]);
    let drawn = json!({
        "type": "Feature", "geometry": {"type": "Polygon", "coordinates": ring},
        "properties": {"identifier": "DRAWN", "country": "CHN", "name": null, "type": "REQ_AUTHORIZATION", "variant": null}
    });
    let answer = server.post("/collections/zones/items", "application/geo+json", drawn.to_string());
    assert_eq!(answer.status, 201, "{}", answer.body);
    let location = answer.header("location").to_owned();
    assert!(location.ends_with("/items/DRAWN"), "{location}");
    assert_eq!(server.get(&location).json()["properties"]["type"], "REQ_AUTHORIZATION");

    // Its heights stay though QGIS cannot hold them.
    let before = server.get("/collections/zones/items/Z3");
    let layer = before.json()["geometry"]["layer"].clone();
    assert_eq!(layer["upper"], 300.0);
    let mut changed = before.json();
    changed["geometry"] = json!({"type": "Polygon", "coordinates": ring});
    let put = |etag: &str| {
        let headers = [("content-type", "application/geo+json"), ("if-match", etag)];
        server.call("PUT", "/collections/zones/items/Z3", &headers, changed.to_string().as_bytes())
    };
    assert_eq!(put("\"another\"").problem(), "PRECONDITION_FAILED");
    let answer = put(before.header("etag"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let after = server.get("/collections/zones/items/Z3");
    assert_eq!(after.header("etag"), answer.header("etag"));
    assert_eq!(after.json()["geometry"]["layer"], layer);
    assert_eq!(after.json()["geometry"]["coordinates"][0][1], json!([120.95, 30.5]));

    assert_eq!(server.call("DELETE", &location, &[], b"").status, 204);
    assert_eq!(server.get(&location).status, 404);
}

#[test]
fn pages_and_items_that_have_not_changed_are_not_sent_again() {
    let (server, _folder) = city();
    for path in [
        "/collections/zones/items?limit=3&offset=2",
        "/collections/flights/items",
        "/collections/sites/items",
        "/collections/zones/items/Z1",
        "/collections/flights/items/F2",
    ] {
        let first = server.get(path);
        let etag = first.header("etag");
        assert!(first.status == 200 && !etag.is_empty(), "{path}");
        assert_eq!(server.call("GET", path, &[("if-none-match", etag)], b"").status, 304, "{path}");
        let other = server.call("GET", path, &[("if-none-match", "\"another\"")], b"");
        assert_eq!((other.status, other.header("etag")), (200, etag));
    }
    let page = "/collections/flights/items";
    let before = server.get(page).header("etag").to_owned();
    assert_eq!(server.post_json("/flights", &soon("F9")).status, 201);
    assert_eq!(server.call("GET", page, &[("if-none-match", &before)], b"").status, 200);
}
