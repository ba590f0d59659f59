//! What the HTTP side holds: the service, threads for planning, and limits.

use std::sync::Arc;
use std::time::Duration;

use tianlu_airspace_data::bundled::Site;
use tianlu_engine::dispatch;
use tokio::sync::{Semaphore, watch};

use super::events;
use super::workers::Workers;
use crate::service::{Expiry, Service, Start, StartError};
use crate::store::Store;

/// What a server starts with.
#[derive(Debug)]
pub struct Base {
    /// What the airspace is, for people.
    pub title: String,
    /// Take-off and landing places.
    pub sites: Vec<Site>,
    /// What the service starts with. Its sites are those above.
    pub start: Start,
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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: Duration::from_secs(30),
            planning: Duration::from_secs(30),
            batch: Duration::from_secs(300),
        }
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The service does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The thread that looks at what is due cannot be started.
    #[error("no thread for what is due: {0}")]
    Expiry(#[from] std::io::Error),
    /// The threads for planning cannot be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// The server's state, shared by all calls.
#[derive(Debug)]
pub struct App {
    /// Ends before the service does.
    _expiry: Expiry,
    pub(super) title: String,
    pub(super) sites: Vec<Site>,
    pub(super) limits: Limits,
    pub(super) workers: Workers,
    /// Threads of their own, so that urgent flights wait for no others.
    pub(super) urgent: Workers,
    /// Threads of their own, so that a batch keeps no route waiting.
    pub(super) batches: Workers,
    pub(super) service: Arc<Service>,
    /// One backup is taken or restored at a time.
    pub(super) archive: Arc<Semaphore>,
    /// For streams of events.
    pub(super) streams: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
}

impl App {
    /// The state at the start, on a store.
    ///
    /// # Errors
    /// If the service does not start, or the threads cannot be started.
    pub fn new(base: Base, store: Arc<dyn Store>, limits: Limits) -> Result<Self, AppError> {
        let Base { title, sites, mut start } = base;
        let gate = Arc::default();
        let site = |site: &Site| dispatch::Site { id: site.id.clone(), place: site.place };
        start.sites = sites.iter().map(site).collect();
        let service = Arc::new(Service::start(start, store)?);
        Ok(Self {
            _expiry: Expiry::start(&service)?,
            title,
            sites,
            limits,
            workers: Workers::new("planner", limits.planning, &gate)?,
            urgent: Workers::urgent("urgent", limits.planning, &gate)?,
            batches: Workers::one_at_a_time("batch", limits.batch)?,
            service,
            archive: Arc::new(Semaphore::new(1)),
            streams: Arc::new(Semaphore::new(events::MOST)),
            stopping: watch::Sender::new(false),
        })
    }

    /// The queues of work by name.
    pub(super) fn queues(&self) -> [(&'static str, &Workers); 3] {
        [("planner", &self.workers), ("urgent", &self.urgent), ("batch", &self.batches)]
    }

    /// From now on `/readyz` says no, and streams of events end.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Turns true when the server stops.
    pub(super) fn ends(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}
