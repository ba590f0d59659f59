//! What the first plans prepare, before anybody waits for them: the outlines of zones, grown for each aircraft.

use tianlu_engine::airspace::Mission;
use tianlu_engine::flight::{CruiseBand, Objective, Request};
use tianlu_engine::frame::{Agl, Interval, LonLat, Xy};
use tianlu_engine::route::Planner;

use super::Service;

/// So many aircraft and places at most.
const MOST: usize = 16;
/// Without sites, places so far from the centre, metres.
const AWAY_M: f64 = 10_000.0;

impl Service {
    /// Plans between neighbouring sites, and forgets the plans. Takes a processor for a while; nothing changes.
    pub(crate) fn warm(&self) {
        let state = self.state();
        let planner = Planner::sharing(&state.world, &state.outlines);
        let now = self.clock.now();
        let (Ok(min), Ok(max)) = (Agl::new(60.0), Agl::new(120.0)) else { return };
        let places = self.warm_places();
        for aircraft in state.fleet.keys().take(MOST) {
            for pair in places.windows(2) {
                let request = Request {
                    id: "warm".to_owned(),
                    aircraft: aircraft.clone(),
                    mission: Mission::Other,
                    priority: 0,
                    origin: pair[0],
                    destination: pair[1],
                    departure: Interval::new(now, now),
                    cruise: CruiseBand { min, max },
                    authorizations: Vec::new(),
                    exemptions: Vec::new(),
                    objective: Objective::default(),
                };
                drop(planner.plan(&request));
            }
        }
    }

    fn warm_places(&self) -> Vec<LonLat> {
        if self.sites.len() > 1 {
            return self.sites.iter().take(MOST).map(|site| site.place).collect();
        }
        let corners = [(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)];
        corners.map(|(x, y)| self.fixed.frame.to_place(Xy { x: x * AWAY_M, y: y * AWAY_M })).to_vec()
    }
}
