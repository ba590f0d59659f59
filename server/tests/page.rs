//! The page in a real browser: it draws the zones and plans a route.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::process::Command;

use support::{Server, folder, request, scenario, square};

/// The page's document after its script has run; `None` without a browser.
fn document(url: &str) -> Option<String> {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let browser = browsers.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = browser else {
        eprintln!("no browser found ({}): the page is not tested", browsers.join(", "));
        assert!(std::env::var_os("CI").is_none(), "a run that counts needs a browser");
        return None;
    };
    let profile = folder();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-quic",
        ])
        .args(["--no-first-run", "--virtual-time-budget=10000", "--window-size=1400,900", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(url)
        .output()
        .unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

fn assert_says(document: &str, text: &str) {
    let body = document.find("<body").map_or(document, |at| &document[at..]);
    assert!(document.contains(text), "{text} is not in {body:.600}");
}

#[test]
fn the_page_draws_the_bundled_zones_and_plans_between_two_sites() {
    let server = Server::start(&[]);
    let zones = server.get("/collections/zones/items?limit=1").json()["numberMatched"].as_u64().unwrap();
    let sites = server.get("/collections/sites/items").json();
    let ids: Vec<&str> =
        sites["features"].as_array().unwrap().iter().map(|site| site["id"].as_str().unwrap()).collect();
    // A morning on which the answer is known from the API: the page must give the same.
    let Some(document) = document(&format!("{}/?lang=en&follow=0&plan={},{}", server.url, ids[0], ids[1]))
    else {
        return;
    };
    assert_says(&document, "data-state=\"ready\"");
    assert_says(&document, &format!("data-zones=\"{zones}\""));
    assert_says(&document, &format!("data-drawn=\"{zones}\""));
    assert_says(&document, "not for navigation");
    assert_says(&document, "class=\"answer");
}

#[test]
fn the_page_shows_the_route_with_its_profile() {
    let folder = folder();
    let file = scenario(folder.path(), &[square("WALL", "PROHIBITED", 120.75, 30.72)], &[]);
    let server = Server::start(&["--scenario", file.to_str().unwrap()]);
    let address = format!("{}/?lang=en&follow=0&plan=120.70;30.72,120.80;30.72", server.url);
    let Some(document) = document(&address) else { return };
    assert_says(&document, "data-route=\"PLANNED\"");
    assert_says(&document, "Route found");
    assert_says(&document, "<polyline class=\"path\"");
}

#[test]
fn the_page_names_what_is_in_the_way_of_a_refused_route() {
    let folder = folder();
    let file = scenario(folder.path(), &[square("WALL", "PROHIBITED", 120.75, 30.72)], &[]);
    let server = Server::start(&["--scenario", file.to_str().unwrap()]);
    let address = format!("{}/?lang=zh&follow=0&plan=120.75;30.72,120.80;30.72", server.url);
    let Some(document) = document(&address) else { return };
    assert_says(&document, "data-route=\"ORIGIN_IN_ZONE\"");
    assert_says(&document, "阻挡的空域");
    assert_says(&document, "WALL");
}

#[test]
fn the_page_shows_the_reserved_flights_and_offers_to_reserve() {
    let folder = folder();
    let file = scenario(folder.path(), &[], &[]);
    let server = Server::start(&["--scenario", file.to_str().unwrap()]);
    let mut flight = request("F1");
    let now = jiff::Timestamp::now();
    let later = now + jiff::SignedDuration::from_hours(1);
    flight["departure"] = serde_json::json!({"earliest": now.to_string(), "latest": later.to_string()});
    assert_eq!(server.post_json("/flights", &flight).status, 201);
    // A stream that stays open would keep the browser waiting for its end.
    let address = format!("{}/?lang=en&follow=0&plan=120.70;30.75,120.80;30.75", server.url);
    let Some(document) = document(&address) else { return };
    assert_says(&document, "data-state=\"ready\"");
    assert_says(&document, "data-flights=\"1\"");
    assert_says(&document, "F1");
    assert_says(&document, "accepted");
    assert_says(&document, "Reserve this flight");
    assert!(!document.contains("nothing is reserved"));
}
