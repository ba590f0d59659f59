//! What the server knows: a fixed base, and the airspace as a snapshot that one writer at a time replaces.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tianlu_airspace_data::bundled::Site;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::airspace::Zone;
use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::route::Outlines;
use tianlu_engine::surface::{Ground, Obstacle};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

use super::areas::{Areas, frame_of};
use super::problem::Problem;
use super::sky::{Change, Sky};
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
    /// How long planning a batch may take, waiting for others included.
    pub batch: Duration,
    /// Answer only calls that name this machine by a loopback name.
    pub local_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: Duration::from_secs(30),
            planning: Duration::from_secs(30),
            batch: Duration::from_secs(300),
            local_only: true,
        }
    }
}

/// The server's state, shared by all calls.
#[derive(Debug)]
pub struct App {
    pub(super) title: String,
    pub(super) sites: Vec<Site>,
    pub(super) limits: Limits,
    pub(super) workers: Workers,
    /// Threads of their own, so that a batch keeps no route waiting.
    pub(super) batches: Workers,
    pub(super) fleet: Arc<BTreeMap<String, Aircraft>>,
    obstacles: Arc<Vec<Obstacle>>,
    ground: Arc<Ground>,
    wind: Wind,
    separation: Separation,
    sky: ArcSwap<Sky>,
    areas: Areas,
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
            batches: Workers::one_at_a_time(limits.batch)?,
            fleet: base.fleet,
            obstacles: base.obstacles,
            ground: base.ground,
            wind: base.wind,
            separation: base.separation,
            sky: ArcSwap::from_pointee(Sky::new(
                base.zones.into_iter().map(Arc::new).zip(items).collect(),
                1,
            )),
            areas: Areas::default(),
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
        change: impl FnOnce(&Sky) -> Result<Change, Problem>,
    ) -> Result<Arc<Sky>, Problem> {
        // The lock guards no data of its own, so a panic under it leaves nothing half-done.
        let _only_writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.sky();
        let next = Arc::new(now.changed(change(&now)?));
        self.sky.store(Arc::clone(&next));
        Ok(next)
    }

    /// The world of a flight between two places, and the outlines prepared for it.
    pub(super) fn world(
        &self,
        sky: &Sky,
        (from, to): (LonLat, LonLat),
        fleet: Arc<BTreeMap<String, Aircraft>>,
    ) -> (World, Arc<Outlines>) {
        let world = self.world_in(sky, frame_of(from, to), fleet);
        let outlines = self.areas.outlines(&world);
        (world, outlines)
    }

    /// The world in a plane. The server's airspace is world-wide, the metric plane is not.
    pub(super) fn world_in(&self, sky: &Sky, frame: Frame, fleet: Arc<BTreeMap<String, Aircraft>>) -> World {
        World {
            frame,
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
