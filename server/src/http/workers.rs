//! Work that takes a processor, off the async threads, with a bound on how much is under way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use super::problem::{Code, Problem};

/// Calls that may wait for each thread; past it, 503.
const QUEUE_PER_THREAD: usize = 32;

/// Calls that may wait where one is worked on at a time.
const SHORT_QUEUE: usize = 8;

/// The longest that work makes way for urgent work.
const MAKES_WAY: Duration = Duration::from_millis(50);

/// Counts urgent work that is under way, so that other work begins after it.
#[derive(Debug, Default)]
pub(super) struct Gate {
    urgent: Mutex<usize>,
    opens: Condvar,
}

impl Gate {
    fn urgent(&self) -> MutexGuard<'_, usize> {
        self.urgent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no urgent work is under way, but not for ever.
    fn wait(&self) {
        drop(self.opens.wait_timeout_while(self.urgent(), MAKES_WAY, |urgent| *urgent > 0));
    }
}

/// Urgent work under way; it ends when this is dropped.
struct Urgent(Arc<Gate>);

impl Urgent {
    fn begin(gate: &Arc<Gate>) -> Self {
        *gate.urgent() += 1;
        Self(Arc::clone(gate))
    }
}

impl Drop for Urgent {
    fn drop(&mut self) {
        *self.0.urgent() -= 1;
        self.0.opens.notify_all();
    }
}

/// A pool of threads with a bounded queue.
#[derive(Debug)]
pub(super) struct Workers {
    pool: rayon::ThreadPool,
    /// For calls that wait or are worked on.
    places: Arc<Semaphore>,
    /// For those that are worked on.
    turns: Arc<Semaphore>,
    most: usize,
    patience: Duration,
    gate: Arc<Gate>,
    is_urgent: bool,
}

impl Workers {
    /// A pool with a thread for each processor, whose work makes way for the urgent work of a gate.
    pub(super) fn new(
        name: &'static str,
        patience: Duration,
        gate: &Arc<Gate>,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().thread_name(move |n| format!("{name}-{n}")).build()?;
        let places = pool.current_num_threads() * QUEUE_PER_THREAD;
        Ok(Self { gate: Arc::clone(gate), ..Self::with(pool, places, places, patience) })
    }

    /// The same for urgent work.
    pub(super) fn urgent(
        name: &'static str,
        patience: Duration,
        gate: &Arc<Gate>,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self { is_urgent: true, ..Self::new(name, patience, gate)? })
    }

    /// A pool with a thread for each processor, all of them for one call after the other.
    pub(super) fn one_at_a_time(
        name: &'static str,
        patience: Duration,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().thread_name(move |n| format!("{name}-{n}")).build()?;
        Ok(Self::with(pool, SHORT_QUEUE, 1, patience))
    }

    fn with(pool: rayon::ThreadPool, places: usize, turns: usize, patience: Duration) -> Self {
        let most = places;
        let [places, turns] = [places, turns].map(|count| Arc::new(Semaphore::new(count)));
        Self { pool, places, turns, most, patience, gate: Arc::default(), is_urgent: false }
    }

    /// How many places are taken, and how many there are.
    pub(super) fn load(&self) -> (usize, usize) {
        (self.most - self.places.available_permits().min(self.most), self.most)
    }

    /// Runs work on the pool.
    ///
    /// # Errors
    /// A problem if the queue is full, the work takes too long (it keeps its place until it ends), or panics.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let detail = "every place in the queue of the planner is taken";
            return Err(Problem::new(Code::Overloaded, detail).retry_after_s(1));
        };
        let result = async {
            // The semaphore is never closed.
            let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
            let (send, receive) = oneshot::channel();
            let span = tracing::Span::current();
            let urgent = self.is_urgent.then(|| Urgent::begin(&self.gate));
            let gate = Arc::clone(&self.gate);
            self.pool.spawn(move || {
                if urgent.is_none() {
                    gate.wait();
                }
                let result = catch_unwind(AssertUnwindSafe(|| span.in_scope(work)));
                drop((turn, place, urgent));
                // Nobody listens any more if the caller has gone away.
                let _ = send.send(result);
            });
            receive.await
        };
        match tokio::time::timeout(self.patience, result).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(_) => Err(Problem::new(Code::Internal, "the work ended in a panic")),
            Err(_) => {
                let detail = format!("not done within {} s", self.patience.as_secs_f64());
                Err(Problem::new(Code::PlanningTimeout, detail))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    fn status(result: Result<(), Problem>) -> u16 {
        use axum::response::IntoResponse;
        result.unwrap_err().into_response().status().as_u16()
    }

    #[tokio::test]
    async fn work_comes_back_with_its_value() {
        let workers = Workers::new("test", Duration::from_secs(5), &Arc::default()).unwrap();
        assert_eq!(workers.run(|| 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn a_panic_in_the_work_is_a_500_and_the_pool_goes_on() {
        let workers = Workers::new("test", Duration::from_secs(5), &Arc::default()).unwrap();
        assert_eq!(status(workers.run(|| panic!("as the test wants")).await), 500);
        assert_eq!(workers.run(|| 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn work_begins_after_urgent_work() {
        let gate = Arc::default();
        let urgent = Workers::urgent("test", Duration::from_secs(5), &gate).unwrap();
        let usual = Workers::new("test", Duration::from_secs(5), &gate).unwrap();
        let done = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let turn = |done: &Arc<std::sync::atomic::AtomicUsize>| {
            let done = Arc::clone(done);
            move || done.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
        };
        let (begun, begins) = oneshot::channel();
        let first = {
            let turn = turn(&done);
            urgent.run(move || {
                let _ = begun.send(());
                std::thread::sleep(Duration::from_millis(10));
                turn()
            })
        };
        let second = async {
            begins.await.unwrap();
            usual.run(turn(&done)).await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!((first.unwrap(), second.unwrap()), (0, 1));
        assert_eq!(*gate.urgent(), 0);
    }

    #[tokio::test]
    async fn one_at_a_time_is_no_more_than_one() {
        let workers = Arc::new(Workers::one_at_a_time("test", Duration::from_secs(5)).unwrap());
        let at_work = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let call = || {
            let (workers, at_work) = (Arc::clone(&workers), Arc::clone(&at_work));
            tokio::spawn(async move {
                let work = move || {
                    let others = at_work.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(5));
                    at_work.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    others
                };
                workers.run(work).await
            })
        };
        let calls: Vec<_> = (0..SHORT_QUEUE).map(|_| call()).collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn a_full_queue_is_a_503() {
        let workers = Arc::new(Workers::new("test", Duration::from_secs(5), &Arc::default()).unwrap());
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let gate = Arc::new(gate);
        let places = workers.places.available_permits();
        let mut waiting = Vec::new();
        for _ in 0..places {
            let (workers, gate) = (Arc::clone(&workers), Arc::clone(&gate));
            waiting.push(tokio::spawn(async move {
                workers.run(move || drop(gate.lock().map(|gate| gate.recv()))).await
            }));
        }
        while workers.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(status(workers.run(|| ()).await), 503);
        drop(open);
        for task in waiting {
            task.await.unwrap().unwrap();
        }
    }
}
