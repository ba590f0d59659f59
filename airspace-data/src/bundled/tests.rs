use std::collections::BTreeSet;

use super::*;

#[test]
fn the_zones_have_one_identifier_each() {
    let zones = jiaxing_zones();
    let identifiers: BTreeSet<&str> = zones.iter().map(|zone| zone.identifier.as_str()).collect();
    assert_eq!(identifiers.len(), zones.len());
    assert!(zones.len() >= 25, "found {}", zones.len());
}

#[test]
fn the_zones_are_read_with_nothing_mended() {
    let file = read_airspace("zones.json", ZONES.as_bytes(), &ReadOptions::default()).expect("a good file");
    assert_eq!(file.warnings, []);
    assert_eq!(file.left_out, 0);
}

#[test]
fn the_sites_have_one_id_each() {
    let sites = jiaxing_sites();
    let ids: BTreeSet<&str> = sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(ids.len(), sites.len());
    assert!(sites.len() >= 20, "found {}", sites.len());
}

#[test]
fn what_is_no_site_file_is_no_site() {
    assert_eq!(sites::read("{\"features\": [{}]}"), None);
    assert_eq!(sites::read("not JSON"), None);
}

#[test]
fn the_disclaimer_is_the_one_in_the_data() {
    let (english, chinese) = jiaxing_disclaimer().split_once(". ").expect("two sentences");
    assert!(ZONES.contains(english) && ZONES.contains(chinese));
    assert!(SITES.contains(english) && SITES.contains(chinese));
}
