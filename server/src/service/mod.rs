//! The service: the state of the city, who changes it and how, what is told of it. No HTTP.
//!
//! A call takes a snapshot (`State`), plans on it, and gives the writer a command. The writer makes it durable, then
//! visible, then answers: see `writer.rs`.

mod accept;
mod clock;
mod conformance;
mod denied;
mod draft;
mod event;
mod expiry;
mod fates;
mod flight;
mod history;
mod keys;
mod life;
mod plan;
mod positions;
mod principal;
mod record;
mod recovery;
mod restore;
mod rules;
mod shards;
mod sky;
mod state;
#[cfg(test)]
mod tests;
mod warm;
mod weather;
mod writer;
mod zone_item;
mod zones;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::airspace::{Outline, Zone};
use tianlu_engine::dispatch;
use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::surface::{Ground, Obstacle};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::Separation;

pub(crate) use accept::{Accepted, Call, Offered};
pub use clock::Clock;
pub(crate) use denied::Denied;
#[cfg(test)]
pub(crate) use draft::Draft;
pub(crate) use event::{Event, EventKind};
pub(crate) use expiry::Expiry;
pub(crate) use fates::Told;
pub(crate) use flight::{Flight, FlightState, Position};
use history::History;
pub(crate) use keys::Key;
pub(crate) use plan::{Ask, instead, plan, world_for};
pub(crate) use positions::Reported;
pub use principal::{Principal, Scope, Scopes};
pub use recovery::RecoveryError;
use recovery::{Entries, begin, fingerprint, last_of_logs};
pub(crate) use restore::into_store;
pub use rules::{Conformance, Rules};
pub(crate) use sky::Sky;
pub(crate) use state::{Fixed, State};
pub(crate) use weather::{WeatherChanged, weather_tag};
pub(crate) use writer::Lane;
use writer::{Desk, Writer};
pub(crate) use zone_item::{ZoneItem, fnv1a_128};
pub(crate) use zones::ZonesChanged;

use crate::store::Store;

/// Jiaxing: the middle of an airspace that has none, degrees.
const SOMEWHERE: (f64, f64) = (120.75, 30.72);

/// What a service starts with.
#[derive(Debug)]
pub struct Start {
    /// The zones, if the store has none yet.
    pub zones: Vec<Zone>,
    /// Were they asked for by name? Then a store that began with others is refused.
    pub zones_asked_for: bool,
    /// The zones take the place of those in the store.
    pub replace_zones: bool,
    /// The middle of the plane in which flights are kept apart; of the zones, if absent.
    pub centre: Option<LonLat>,
    /// Places where an aircraft can land.
    pub sites: Vec<dispatch::Site>,
    /// What stands on the ground.
    pub obstacles: Arc<Vec<Obstacle>>,
    /// The ground.
    pub ground: Arc<Ground>,
    /// The wind, unless the store has another.
    pub wind: Wind,
    /// How far apart flights stay.
    pub separation: Separation,
    /// Aircraft by name.
    pub fleet: Arc<BTreeMap<String, Aircraft>>,
    /// What the city sets for its flights.
    pub rules: Rules,
    /// The time.
    pub clock: Clock,
}

impl Start {
    /// These zones over flat ground in calm air, without aircraft or sites, by the usual rules.
    pub fn usual(zones: Vec<Zone>, separation: Separation) -> Self {
        Self {
            zones,
            zones_asked_for: false,
            replace_zones: false,
            centre: None,
            sites: Vec::new(),
            obstacles: Arc::default(),
            ground: Arc::default(),
            wind: Wind::CALM,
            separation,
            fleet: Arc::default(),
            rules: Rules::of(&separation),
            clock: Clock::system(),
        }
    }
}

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The state cannot be had from the store.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    /// The zones are not those that the store began with.
    #[error(
        "the airspace in the store did not begin with these zones: leave them away to go on with what is stored, change \
         it over HTTP, or replace all of it with --replace-airspace"
    )]
    OtherAirspace,
    /// The conformance volume does not keep flights apart.
    #[error("{0}")]
    Conformance(String),
    /// The system has no thread.
    #[error("no thread for the writer: {0}")]
    Thread(#[from] std::io::Error),
    /// The zones could not be replaced.
    #[error("the airspace could not be replaced: {0}")]
    Replace(String),
}

/// The service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) fixed: Arc<Fixed>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) clock: Clock,
    pub(crate) sites: Arc<[dispatch::Site]>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) history: Arc<History>,
    /// The aircraft and the wind that the server was started with.
    pub(crate) fleet: Arc<BTreeMap<String, Aircraft>>,
    wind: Wind,
    broken: Arc<AtomicBool>,
    state: Arc<ArcSwap<State>>,
    pub(crate) writer: Writer,
}

impl Service {
    /// Goes on with what the store has, or begins with what is given.
    ///
    /// # Errors
    /// [`StartError`].
    pub(crate) fn start(start: Start, store: Arc<dyn Store>) -> Result<Self, StartError> {
        start.rules.conformance.check(&start.separation).map_err(StartError::Conformance)?;
        let entries = Entries::of(&*store)?;
        let print = fingerprint(&start.zones);
        let other = entries.airspace_began_with().is_some_and(|began_with| began_with != print);
        if other && start.zones_asked_for && !start.replace_zones {
            return Err(StartError::OtherAirspace);
        }
        let centre = start.centre.or_else(|| entries.centre());
        let frame = centre.map(Frame::new).unwrap_or_else(|| frame_about(&start.zones, &start.sites));
        let fixed = Arc::new(Fixed {
            frame,
            epoch: start.clock.now(),
            obstacles: start.obstacles,
            ground: start.ground,
            separation: start.separation,
        });
        let is_new = entries.is_new();
        let (fleet, wind) = (Arc::clone(&start.fleet), start.wind.clone());
        let state = if is_new {
            let items = ZoneItem::of_all(&start.zones);
            let zones = start.zones.iter().cloned().map(Arc::new).zip(items).collect();
            let mut state = State::new(&fixed, Sky::new(zones, 1), start.wind, start.fleet);
            begin(&*store, &mut state, &fixed, &print).map_err(RecoveryError::from)?;
            state
        } else {
            let logs = last_of_logs(&*store).map_err(RecoveryError::from)?;
            let revision = store.revision().map_err(RecoveryError::from)?;
            entries.state(&fixed, start.fleet, start.wind, logs, revision)?
        };
        let broken = Arc::new(AtomicBool::new(false));
        let history = Arc::new(History::after(state.last_event));
        let state = Arc::new(ArcSwap::from_pointee(state));
        let rules = Arc::new(start.rules);
        let desk = Desk {
            fixed: Arc::clone(&fixed),
            rules: Arc::clone(&rules),
            clock: start.clock.clone(),
            state: Arc::clone(&state),
            store: Arc::clone(&store),
            history: Arc::clone(&history),
            broken: Arc::clone(&broken),
        };
        let writer = Writer::start(desk)?;
        let service = Self {
            fixed,
            rules,
            clock: start.clock,
            sites: start.sites.into(),
            store,
            history,
            fleet,
            wind,
            broken,
            state,
            writer,
        };
        if other && start.replace_zones {
            service.replace_airspace(start.zones, &print)?;
        }
        Ok(service)
    }

    /// The state as it is now. Later changes do not touch it.
    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// Has a commit failed? Then nothing is taken until the server is started anew.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// All zones at once, before the service is open to others.
    fn replace_airspace(&self, zones: Vec<Zone>, print: &str) -> Result<(), StartError> {
        let sites = Arc::clone(&self.sites);
        let print = print.to_owned();
        let command = move |draft: &mut draft::Draft<'_>| {
            let change = zones::instead_of_all(&draft.state.sky, zones);
            draft.put_meta("airspace", &serde_json::json!({"fingerprint": print}));
            zones::change_zones(draft, change, &Principal::start(), "zones.replace_all", &sites)
        };
        let failed = |denied: Denied| StartError::Replace(denied.to_string());
        let done = self.writer.submit(Lane::Heavy, command).map_err(failed)?;
        done.blocking_recv().unwrap_or(Err(Denied::Stopping)).map(drop).map_err(failed)
    }
}

/// The plane about the middle of the zones, else of the sites, else of Jiaxing.
fn frame_about(zones: &[Zone], sites: &[dispatch::Site]) -> Frame {
    let layers = zones.iter().flat_map(|zone| &zone.layers);
    let corners = layers.flat_map(|layer| match &layer.outline {
        Outline::Circle { centre, .. } => vec![*centre],
        Outline::Polygons(polygons) => polygons.iter().flat_map(|polygon| polygon.exterior.clone()).collect(),
    });
    let sites = sites.iter().map(|site| site.place);
    Frame::around(corners).or_else(|| Frame::around(sites)).unwrap_or_else(|| {
        let (lon, lat) = SOMEWHERE;
        Frame::new(LonLat::new(lon, lat).expect("Jiaxing is a place"))
    })
}
