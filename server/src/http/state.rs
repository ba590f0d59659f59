//! What the server knows: a fixed base, and the airspace as a snapshot that one writer at a time replaces.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tianlu_airspace_data::bundled::Site;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::airspace::{Airspace, Zone};
use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::surface::{Ground, Obstacle};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

use super::problem::Problem;
use super::workers::Workers;
use super::zones::ZoneItem;

/// What a server starts with.
#[derive(Debug)]
pub struct Base {
    /// What the airspace is, for people.
    pub title: String,
    /// The zones at the start.
    pub zones: Vec<Zone>,
    /// Take-off and landing places.
    pub sites: Vec<Site>,
    /// What stands on the ground.
    pub obstacles: Arc<Vec<Obstacle>>,
    /// The ground.
    pub ground: Arc<Ground>,
    /// The wind.
    pub wind: Wind,
    /// How far apart flights stay.
    pub separation: Separation,
    /// Aircraft by name.
    pub fleet: Arc<BTreeMap<String, Aircraft>>,
}

/// How much the server takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a body may take to arrive.
    pub body: Duration,
    /// How long planning may take.
    pub planning: Duration,
    /// Answer only calls that name this machine by a loopback name.
    pub local_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: Duration::from_secs(30), planning: Duration::from_secs(30), local_only: true }
    }
}

/// The zones at one moment, with what is served of each.
#[derive(Debug)]
pub(super) struct Sky {
    pub(super) airspace: Arc<Airspace>,
    /// As many as zones, in their order.
    pub(super) items: Vec<Arc<ZoneItem>>,
    by_id: HashMap<String, usize>,
}

impl Sky {
    fn new(zones: Vec<(Zone, Arc<ZoneItem>)>, revision: u64) -> Self {
        let (zones, items): (Vec<_>, Vec<_>) = zones.into_iter().unzip();
        let by_id =
            items.iter().enumerate().map(|(index, item): (_, &Arc<ZoneItem>)| (item.id.clone(), index));
        Self { by_id: by_id.collect(), airspace: Arc::new(Airspace::new(zones, revision)), items }
    }

    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The zones with their items, to be changed.
    pub(super) fn entries(&self) -> Vec<(Zone, Arc<ZoneItem>)> {
        self.airspace.zones().iter().cloned().zip(self.items.iter().cloned()).collect()
    }
}

/// The server's state, shared by all calls.
#[derive(Debug)]
pub struct App {
    pub(super) title: String,
    pub(super) sites: Vec<Site>,
    pub(super) limits: Limits,
    pub(super) workers: Workers,
    pub(super) fleet: Arc<BTreeMap<String, Aircraft>>,
    obstacles: Arc<Vec<Obstacle>>,
    ground: Arc<Ground>,
    wind: Wind,
    separation: Separation,
    sky: ArcSwap<Sky>,
    writer: Mutex<()>,
    stopping: AtomicBool,
}

impl App {
    /// The state at the start.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub fn new(base: Base, limits: Limits) -> Result<Self, rayon::ThreadPoolBuildError> {
        let items = ZoneItem::of_all(&base.zones);
        Ok(Self {
            title: base.title,
            sites: base.sites,
            limits,
            workers: Workers::new(limits.planning)?,
            fleet: base.fleet,
            obstacles: base.obstacles,
            ground: base.ground,
            wind: base.wind,
            separation: base.separation,
            sky: ArcSwap::from_pointee(Sky::new(base.zones.into_iter().zip(items).collect(), 1)),
            writer: Mutex::new(()),
            stopping: AtomicBool::new(false),
        })
    }

    /// The airspace as it is now. Later changes do not touch it.
    pub(super) fn sky(&self) -> Arc<Sky> {
        self.sky.load_full()
    }

    /// Replaces the airspace by what `change` makes of it; one at a time, all or nothing.
    pub(super) fn change_sky(
        &self,
        change: impl FnOnce(&Sky) -> Result<Vec<(Zone, Arc<ZoneItem>)>, Problem>,
    ) -> Result<Arc<Sky>, Problem> {
        // The lock guards no data of its own, so a panic under it leaves nothing half-done.
        let _only_writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.sky();
        let next = Arc::new(Sky::new(change(&now)?, now.airspace.revision() + 1));
        self.sky.store(Arc::clone(&next));
        Ok(next)
    }

    /// The world of one flight, about a place. The server's airspace is world-wide, the metric plane is not.
    pub(super) fn world(&self, sky: &Sky, centre: LonLat, fleet: Arc<BTreeMap<String, Aircraft>>) -> World {
        World {
            frame: Frame::new(centre),
            airspace: Arc::clone(&sky.airspace),
            obstacles: Arc::clone(&self.obstacles),
            ground: Arc::clone(&self.ground),
            wind: self.wind.clone(),
            separation: self.separation,
            fleet,
        }
    }

    /// The lowest and the highest ground, metres above sea level.
    pub(super) fn ground_range_m(&self) -> (f64, f64) {
        self.ground.range_m()
    }

    /// From now on `/readyz` says no.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
