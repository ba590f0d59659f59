//! A morning of hospital and port logistics.

use tianlu_engine::airspace::Mission;

use super::inputs::Failure;
use super::random::Random;
use super::scenario::{Draft, End, Flight};
use super::sites::Sites;

const SEED: u64 = 1;

/// Near enough to the blood centre for a quad.
const CITY_HOSPITALS: [&str; 4] = ["H-1ST", "H-2ND", "H-MCH", "H-TCM"];
const COUNTY_HOSPITALS: [&str; 5] = ["H-HAIYAN", "H-PINGHU", "H-HAINING", "H-TONGXIANG", "H-JIASHAN"];
const PORTS: [&str; 4] = ["P-ZHAPU", "P-DUSHAN", "P-HAIYAN", "P-GATE"];
const DEPOTS: [&str; 5] = ["L-YTO", "L-PARK", "L-HAINING", "L-JIASHAN", "L-WUZHEN"];

/// The scenario file.
pub(crate) fn make(sites: &Sites) -> Result<String, Failure> {
    let mut draft = Draft::new("jiaxing-morning", &["../zones.json"], "M", sites);
    let mut random = Random::new(SEED);
    hospitals(&mut draft, &mut random)?;
    goods(&mut draft, &mut random)?;
    refused(&mut draft)?;
    Ok(draft.write())
}

/// Blood goes out and samples come in, some of the blood at once.
fn hospitals(draft: &mut Draft<'_>, random: &mut Random) -> Result<(), Failure> {
    let medical = |aircraft, from, to, earliest_s, priority| Flight {
        priority,
        window_s: 1200,
        ..Flight::new(aircraft, End::Site(from), End::Site(to), earliest_s)
    };
    for round in 0..16 {
        let earliest_s = round * 420 + random.below(240) as i64;
        let to = CITY_HOSPITALS[random.below(CITY_HOSPITALS.len())];
        draft.add(&medical("quad", "B-JX", to, earliest_s, 10), "PLANNED")?;
    }
    for round in 0..10 {
        let earliest_s = round * 660 + random.below(300) as i64;
        let to = COUNTY_HOSPITALS[random.below(COUNTY_HOSPITALS.len())];
        draft.add(&medical("vtol", "B-JX", to, earliest_s, 10), "PLANNED")?;
    }
    for round in 0..14 {
        let earliest_s = round * 480 + random.below(300) as i64;
        let from = COUNTY_HOSPITALS[random.below(COUNTY_HOSPITALS.len())];
        let to = CITY_HOSPITALS[random.below(2)];
        draft.add(&medical("vtol", from, to, earliest_s, 6), "PLANNED")?;
    }
    for (to, earliest_s) in [("H-PINGHU", 1500), ("H-2ND", 3300), ("H-HAINING", 5400)] {
        let urgent = Flight { mission: Mission::Emergency, ..medical("quad", "B-JX", to, earliest_s, 20) };
        draft.add(&urgent, "PLANNED")?;
    }
    Ok(())
}

/// Goods go between ports and depots, and from depot to depot.
fn goods(draft: &mut Draft<'_>, random: &mut Random) -> Result<(), Failure> {
    for round in 0..24 {
        let earliest_s = round * 280 + random.below(240) as i64;
        let port = End::Site(PORTS[random.below(PORTS.len())]);
        let depot = End::Site(DEPOTS[random.below(DEPOTS.len())]);
        let (from, to) = if random.below(2) == 0 { (port, depot) } else { (depot, port) };
        draft.add(&Flight::new("vtol", from, to, earliest_s), "PLANNED")?;
    }
    for round in 0..10 {
        let earliest_s = round * 600 + random.below(300) as i64;
        let first = random.below(DEPOTS.len());
        let second = (first + 1 + random.below(DEPOTS.len() - 1)) % DEPOTS.len();
        let flight = Flight::new("quad", End::Site(DEPOTS[first]), End::Site(DEPOTS[second]), earliest_s);
        draft.add(&flight, "PLANNED")?;
    }
    Ok(())
}

/// Requests that must be refused, each for another reason.
fn refused(draft: &mut Draft<'_>) -> Result<(), Failure> {
    let site = End::Site;
    let in_qinshan = End::Place(120.95, 30.436);
    let on_the_apron = End::Place(120.663, 30.698);
    draft.add(&Flight::new("quad", site("H-HAIYAN"), in_qinshan, 600), "DESTINATION_IN_ZONE")?;
    draft.add(&Flight::new("quad", on_the_apron, site("H-1ST"), 1200), "ORIGIN_IN_ZONE")?;
    let unauthorized =
        Flight { authorized: false, ..Flight::new("vtol", site("L-JIASHAN"), site("P-ZHAPU"), 1800) };
    draft.add(&unauthorized, "DESTINATION_IN_ZONE")?;
    let too_high =
        Flight { cruise_agl_m: (130.0, 150.0), ..Flight::new("quad", site("B-JX"), site("H-2ND"), 2400) };
    draft.add(&too_high, "CEILING")?;
    draft.add(&Flight::new("courier", site("H-JIASHAN"), site("H-HAINING"), 3000), "ENERGY")
}
