//! The single writer: commands one after the other, made durable in groups, then visible, then answered.
//!
//! A command changes a copy of the state, or refuses and leaves it. What several waiting commands change is one commit of
//! the store; only when it is on disk do others see it, events tell it and callers get their answer. If the store fails,
//! none of the group has happened.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::oneshot;

use super::clock::Clock;
use super::denied::Denied;
use super::draft::Draft;
use super::event::Event;
use super::history::History;
use super::rules::Rules;
use super::state::{Fixed, State};
use crate::metrics;
use crate::store::{Batch, Store};

/// Commands that may wait; urgent ones have as many places of their own.
const PLACES: usize = 1024;

/// Commands in one commit.
const GROUP: usize = 256;

/// How a command is queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Before all usual ones.
    Urgent,
    Usual,
    /// Takes long: what waits in its group is committed first.
    Heavy,
}

/// Tells a caller what became of the group that its command was in.
type Answer = Box<dyn FnOnce(Result<(), Denied>) + Send>;
/// A command with its answer: the answer, and whether the draft is to be kept.
type Job = Box<dyn FnOnce(&mut Draft<'_>) -> (bool, Answer) + Send>;

#[derive(Default)]
struct Queue {
    urgent: VecDeque<(Lane, Job)>,
    usual: VecDeque<(Lane, Job)>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    comes: Condvar,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // No code that may panic runs under the lock.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the writer works on.
pub(super) struct Desk {
    pub(super) fixed: Arc<Fixed>,
    pub(super) rules: Arc<Rules>,
    pub(super) clock: Clock,
    pub(super) state: Arc<ArcSwap<State>>,
    pub(super) store: Arc<dyn Store>,
    pub(super) history: Arc<History>,
    /// A commit has failed.
    pub(super) broken: Arc<AtomicBool>,
}

/// The way to the writer's thread. It ends, with all that was queued done, when this is dropped.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Writer({} waiting)", self.waiting())
    }
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system has no thread for it.
    pub(super) fn start(desk: Desk) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let queue = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("writer".to_owned()).spawn(move || work(&desk, &queue))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// How many commands wait.
    pub(crate) fn waiting(&self) -> usize {
        let queue = self.shared.queue();
        queue.urgent.len() + queue.usual.len()
    }

    /// How many commands wait in the fuller lane, and how many may.
    pub(crate) fn load(&self) -> (usize, usize) {
        let queue = self.shared.queue();
        (queue.urgent.len().max(queue.usual.len()), PLACES)
    }

    /// Queues a command. What it gives comes back once it is on disk.
    ///
    /// # Errors
    /// [`Denied::Overloaded`] if too many wait; [`Denied::Stopping`].
    pub(crate) fn submit<T, F>(
        &self,
        lane: Lane,
        command: F,
    ) -> Result<oneshot::Receiver<Result<T, Denied>>, Denied>
    where
        T: Send + 'static,
        F: FnOnce(&mut Draft<'_>) -> Result<T, Denied> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |draft| {
            let done = catch_unwind(AssertUnwindSafe(|| command(draft)))
                .unwrap_or_else(|_| Err(Denied::Fault("the command ended in a panic".to_owned())));
            let keep = done.is_ok();
            // Nobody listens any more if the caller has gone away.
            let answer = move |group: Result<(), Denied>| drop(send.send(group.and(done)));
            (keep, Box::new(answer) as Answer)
        });
        let mut queue = self.shared.queue();
        if queue.closed {
            return Err(Denied::Stopping);
        }
        let places = if lane == Lane::Urgent { &mut queue.urgent } else { &mut queue.usual };
        if places.len() >= PLACES {
            return Err(Denied::Overloaded("every place in the queue of the writer is taken".to_owned()));
        }
        places.push_back((lane, job));
        drop(queue);
        self.shared.comes.notify_one();
        Ok(receive)
    }

    /// As [`Writer::submit`], for async callers: waits for the answer.
    pub(crate) async fn write<T, F>(&self, lane: Lane, command: F) -> Result<T, Denied>
    where
        T: Send + 'static,
        F: FnOnce(&mut Draft<'_>) -> Result<T, Denied> + Send + 'static,
    {
        self.submit(lane, command)?.await.unwrap_or(Err(Denied::Stopping))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.queue().closed = true;
        self.shared.comes.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread: takes what waits, until the queue is closed and empty.
fn work(desk: &Desk, shared: &Shared) {
    while let Some(jobs) = next(shared) {
        let mut group = Group::new(desk);
        for (lane, job) in jobs {
            if lane == Lane::Heavy && !group.answers.is_empty() {
                group.commit();
                group = Group::new(desk);
            }
            group.take(job);
        }
        group.commit();
    }
}

/// The commands that wait, urgent ones first; `None` at the end.
fn next(shared: &Shared) -> Option<Vec<(Lane, Job)>> {
    let mut queue = shared.queue();
    loop {
        if !queue.urgent.is_empty() || !queue.usual.is_empty() {
            // After a heavy command, urgent ones are looked for again.
            let mut jobs: Vec<_> = queue.urgent.drain(..).collect();
            while jobs.len() < GROUP
                && jobs.last().is_none_or(|(lane, _)| *lane != Lane::Heavy)
                && let Some(job) = queue.usual.pop_front()
            {
                jobs.push(job);
            }
            return Some(jobs);
        }
        if queue.closed {
            return None;
        }
        queue = shared.comes.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Commands whose changes are one commit.
struct Group<'d> {
    desk: &'d Desk,
    state: State,
    batch: Batch,
    events: Vec<Arc<Event>>,
    answers: Vec<Answer>,
}

impl<'d> Group<'d> {
    fn new(desk: &'d Desk) -> Self {
        let state = State::clone(&desk.state.load());
        let batch = Batch { since: state.revision, revision: state.revision, ..Batch::default() };
        Self { desk, state, batch, events: Vec::new(), answers: Vec::new() }
    }

    fn take(&mut self, job: Job) {
        let Desk { fixed, rules, clock, .. } = self.desk;
        let mut draft = Draft::new(self.state.clone(), clock.now(), fixed, rules);
        let (keep, answer) = job(&mut draft);
        self.answers.push(answer);
        if keep && !draft.is_empty() {
            self.batch.then(draft.batch);
            self.events.append(&mut draft.events);
            self.state = draft.state;
        }
    }

    fn commit(self) {
        let Self { desk, state, batch, events, answers } = self;
        let mut done = Ok(());
        if batch.revision != batch.since {
            done = durable(desk, &batch, answers.len());
            if done.is_ok() {
                for event in &events {
                    metrics::event(event.kind.as_str());
                }
                desk.state.store(Arc::new(state));
                desk.history.publish(events);
            }
        }
        for answer in answers {
            answer(done.clone());
        }
    }
}

/// Puts a batch on disk. After a failure nobody knows whether it is there: from then on nothing is taken any more.
fn durable(desk: &Desk, batch: &Batch, commands: usize) -> Result<(), Denied> {
    if desk.broken.load(Ordering::Acquire) {
        return Err(Denied::Store("an earlier commit failed: the server has to be started anew".to_owned()));
    }
    let begun = std::time::Instant::now();
    desk.store.commit(batch).map_err(|error| {
        desk.broken.store(true, Ordering::Release);
        metrics::commit_failed();
        tracing::error!(%error, "the store took no commit");
        Denied::from(error)
    })?;
    let bytes = batch.puts.iter().map(|put| put.1.len() + put.2.len()).sum::<usize>()
        + batch.appends.iter().map(|append| append.2.len()).sum::<usize>();
    metrics::committed(commands, bytes, begun.elapsed());
    Ok(())
}
