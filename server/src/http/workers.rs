//! Work that takes a processor, off the async threads, with a bound on how much is under way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use super::problem::{Code, Problem};

/// Calls that may wait for each thread; past it, 503.
const QUEUE_PER_THREAD: usize = 32;

/// A pool of threads with a bounded queue.
#[derive(Debug)]
pub(super) struct Workers {
    pool: rayon::ThreadPool,
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Workers {
    /// A pool with a thread for each processor.
    pub(super) fn new(patience: Duration) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().thread_name(|n| format!("planner-{n}")).build()?;
        let places = Arc::new(Semaphore::new(pool.current_num_threads() * QUEUE_PER_THREAD));
        Ok(Self { pool, places, patience })
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
        let (send, receive) = oneshot::channel();
        self.pool.spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(work));
            drop(place);
            // Nobody listens any more if the caller has gone away.
            let _ = send.send(result);
        });
        match tokio::time::timeout(self.patience, receive).await {
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
        let workers = Workers::new(Duration::from_secs(5)).unwrap();
        assert_eq!(workers.run(|| 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn a_panic_in_the_work_is_a_500_and_the_pool_goes_on() {
        let workers = Workers::new(Duration::from_secs(5)).unwrap();
        assert_eq!(status(workers.run(|| panic!("as the test wants")).await), 500);
        assert_eq!(workers.run(|| 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_is_a_503() {
        let workers = Arc::new(Workers::new(Duration::from_secs(5)).unwrap());
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
