//! The state of the city at one moment: a snapshot that the writer replaces whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::frame::{Frame, Instant};
use tianlu_engine::route::Outlines;
use tianlu_engine::surface::{Ground, Obstacle};
use tianlu_engine::traffic::{Book, Traffic};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

use super::flight::Flight;
use super::keys::KeyUse;
use super::principal::Principal;
use super::shards::Shards;
use super::sky::Sky;

/// What does not change while the server runs.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) frame: Frame,
    /// What the book counts seconds from: near to now, so that they are exact.
    pub(crate) epoch: Instant,
    pub(crate) obstacles: Arc<Vec<Obstacle>>,
    pub(crate) ground: Arc<Ground>,
    pub(crate) separation: Separation,
}

/// The state at one moment. A copy shares what does not change.
#[derive(Clone)]
pub(crate) struct State {
    /// Orders snapshots: every change is one higher.
    pub(crate) revision: u64,
    pub(crate) sky: Arc<Sky>,
    pub(crate) wind: Arc<Wind>,
    /// Rises with each change of the wind.
    pub(crate) weather_revision: u64,
    /// The aircraft that requests may name, and those that requests have described.
    pub(crate) fleet: Arc<BTreeMap<String, Aircraft>>,
    /// All of the above as the engine takes it.
    pub(crate) world: Arc<World>,
    pub(crate) outlines: Arc<Outlines>,
    /// Who flies when and where.
    pub(crate) book: Book,
    /// All flights that are known, also those that have ended, by id.
    pub(crate) flights: Shards<Arc<Flight>>,
    /// The ids of flights by the volumes that others know them as.
    pub(crate) volumes: Shards<Arc<str>>,
    /// How many flights of each priority are in the book.
    pub(crate) priorities: BTreeMap<i32, usize>,
    /// Idempotency keys that have been used.
    pub(crate) keys: Shards<Arc<KeyUse>>,
    /// The number of the last flight.
    pub(crate) last_number: u64,
    pub(crate) last_event: u64,
    pub(crate) last_audit: u64,
}

impl std::fmt::Debug for State {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "State({}: {} zones, {} flights)",
            self.revision,
            self.sky.airspace.len(),
            self.book.len()
        )
    }
}

impl State {
    /// No flights yet.
    pub(crate) fn new(fixed: &Fixed, sky: Sky, wind: Wind, fleet: Arc<BTreeMap<String, Aircraft>>) -> Self {
        let (sky, wind) = (Arc::new(sky), Arc::new(wind));
        let world = Arc::new(world(fixed, &sky, &wind, &fleet));
        let outlines = Arc::new(Outlines::new(&world));
        let traffic = Traffic::new(fixed.frame.clone(), fixed.epoch, &fixed.separation);
        Self {
            revision: 0,
            sky,
            wind,
            weather_revision: 1,
            fleet,
            world,
            outlines,
            book: Book::new(traffic),
            flights: Shards::default(),
            volumes: Shards::default(),
            priorities: BTreeMap::new(),
            keys: Shards::default(),
            last_number: 0,
            last_event: 0,
            last_audit: 0,
        }
    }

    /// Makes the world anew after a change of what it holds.
    pub(crate) fn renew_world(&mut self, fixed: &Fixed) {
        self.world = Arc::new(world(fixed, &self.sky, &self.wind, &self.fleet));
        if !self.outlines.fit(&self.world) {
            self.outlines = Arc::new(Outlines::new(&self.world));
        }
    }

    /// A flight by its id, or by the volume that it is to others.
    pub(crate) fn flight(&self, id: &str) -> Option<&Arc<Flight>> {
        self.flights.get(id)
    }

    /// The flight behind a volume's name.
    pub(crate) fn flight_of_volume(&self, volume: &str) -> Option<&Arc<Flight>> {
        self.flights.get(self.volumes.get(volume)?)
    }

    /// How a flight is named to somebody: its id if he may see it, else the volume that it is to him.
    pub(crate) fn name_for(&self, who: &Principal, id: &str) -> String {
        match self.flights.get(id) {
            Some(flight) if !who.sees(flight) => flight.volume(),
            _ => id.to_owned(),
        }
    }

    /// Is a flight of lower priority in the book?
    pub(crate) fn has_lower(&self, priority: i32) -> bool {
        self.priorities.first_key_value().is_some_and(|(lowest, _)| *lowest < priority)
    }
}

/// The world in another fleet: with an aircraft that a request describes.
pub(crate) fn world(fixed: &Fixed, sky: &Sky, wind: &Wind, fleet: &Arc<BTreeMap<String, Aircraft>>) -> World {
    World {
        frame: fixed.frame.clone(),
        airspace: Arc::clone(&sky.airspace),
        obstacles: Arc::clone(&fixed.obstacles),
        ground: Arc::clone(&fixed.ground),
        wind: wind.clone(),
        separation: fixed.separation,
        fleet: Arc::clone(fleet),
    }
}
