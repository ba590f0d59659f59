//! Commands in groups: each whole or not at all, all of them in one commit, none of them if it fails.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::mpsc::{Sender, channel};

use serde_json::json;
use tokio::sync::oneshot::Receiver;

use super::*;
use crate::store::{Batch, StoreError};

/// Counts commits, and fails when it is told to.
#[derive(Debug)]
struct Watched {
    inner: RedbStore,
    commits: AtomicUsize,
    fails: AtomicBool,
}

impl Store for Watched {
    fn revision(&self) -> Result<u64, StoreError> {
        self.inner.revision()
    }

    fn load(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.inner.load(table)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(StoreError::Io("the disk is full".to_owned()));
        }
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.inner.commit(batch)
    }

    fn after(&self, log: Log, after: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.inner.after(log, after, most)
    }

    fn span(&self, log: Log) -> Result<Option<(u64, u64)>, StoreError> {
        self.inner.span(log)
    }

    fn backup(&self, to: &mut dyn std::io::Write) -> Result<crate::store::BackupSummary, StoreError> {
        self.inner.backup(to)
    }

    fn size_bytes(&self) -> u64 {
        self.inner.size_bytes()
    }
}

struct Bench {
    service: Service,
    store: Arc<Watched>,
}

fn bench() -> Bench {
    let inner = RedbStore::in_memory().unwrap();
    let store = Watched { inner, commits: AtomicUsize::new(0), fails: AtomicBool::new(false) };
    let store = Arc::new(store);
    let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let now_ms = Arc::new(AtomicI64::new(START_MS));
    let service = super::start(&shared, &now_ms, &Rules::of(&SEPARATION), Vec::new()).unwrap();
    store.commits.store(0, Ordering::SeqCst);
    Bench { service, store }
}

impl Bench {
    /// Stops the writer within a command, so that what is queued until it goes on is one group.
    fn hold(&self) -> Sender<()> {
        let (go_on, wait) = channel();
        let (begun, begins) = channel();
        let command = move |_: &mut draft::Draft<'_>| {
            begun.send(()).unwrap();
            // An error if the sender is dropped: it goes on too.
            let _ = wait.recv();
            Ok(())
        };
        drop(self.service.writer.submit(Lane::Usual, command).unwrap());
        begins.recv().unwrap();
        go_on
    }

    fn put(&self, lane: Lane, name: &str, ends: fn() -> Result<(), Denied>) -> Receiver<Result<u64, Denied>> {
        let name = name.to_owned();
        let command = move |draft: &mut draft::Draft<'_>| {
            draft.put_meta(&format!("test-{name}"), &json!(name));
            draft.tell(EventKind::WeatherChanged, None, json!({"name": name}), json!(null));
            draft.note(&Principal::open(), "test", &name, json!(null));
            draft.next_number();
            draft.know_craft(&format!("craft-{name}"), &Arc::new(quad(9.0)));
            ends()?;
            Ok(draft.state.revision)
        };
        self.service.writer.submit(lane, command).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let events = self.store.after(Log::Events, 0, 100).unwrap().into_iter();
        let events = events.map(|(_, bytes)| serde_json::from_slice::<Event>(&bytes).unwrap());
        events.map(|event| event.data["name"].as_str().unwrap().to_owned()).collect()
    }

    fn commits(&self) -> usize {
        self.store.commits.load(Ordering::SeqCst)
    }
}

fn well() -> Result<(), Denied> {
    Ok(())
}

fn badly() -> Result<(), Denied> {
    Err(Denied::WrongState("as the test wants".to_owned()))
}

#[test]
fn what_waits_is_one_commit_and_what_is_refused_leaves_no_trace_in_it() {
    let bench = bench();
    let before = bench.service.state();
    let hold = bench.hold();
    let answers = [
        bench.put(Lane::Usual, "a", well),
        bench.put(Lane::Usual, "b", badly),
        bench.put(Lane::Usual, "c", || panic!("as the test wants")),
        bench.put(Lane::Usual, "d", well),
    ];
    // Nobody sees any of it yet.
    assert_eq!(bench.service.state().revision, before.revision);
    drop(hold);
    let answers = answers.map(|answer| answer.blocking_recv().unwrap());
    assert_eq!((answers[0].clone(), answers[3].clone()), (Ok(before.revision + 1), Ok(before.revision + 2)));
    assert!(matches!(answers[1], Err(Denied::WrongState(_))) && matches!(answers[2], Err(Denied::Fault(_))));
    assert_eq!((bench.commits(), bench.names()), (1, vec!["a".to_owned(), "d".to_owned()]));
    let state = bench.service.state();
    assert_eq!((state.revision, state.last_number), (before.revision + 2, 2));
    assert_eq!((state.last_event, state.last_audit), (before.last_event + 2, before.last_audit + 2));
    assert_eq!(state.fleet.keys().collect::<Vec<_>>(), ["craft-a", "craft-d", "quad"]);
    assert!(state.world.fleet.contains_key("craft-d") && !state.world.fleet.contains_key("craft-b"));
    assert_eq!(bench.store.revision(), Ok(state.revision));
    let told = bench.service.history.since(before.last_event, 10).unwrap();
    assert_eq!(
        told.iter().map(|event| event.id).collect::<Vec<_>>(),
        [state.last_event - 1, state.last_event]
    );
}

#[test]
fn urgent_commands_go_first_and_a_heavy_one_is_a_commit_of_its_own() {
    let bench = bench();
    let hold = bench.hold();
    let mut answers = vec![bench.put(Lane::Usual, "usual", well)];
    answers.push(bench.put(Lane::Heavy, "heavy", well));
    answers.push(bench.put(Lane::Usual, "after", well));
    answers.push(bench.put(Lane::Heavy, "heavy again", well));
    answers.push(bench.put(Lane::Urgent, "urgent", well));
    drop(hold);
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().unwrap().is_ok()));
    assert_eq!(bench.names(), ["urgent", "usual", "heavy", "after", "heavy again"]);
    assert_eq!(bench.commits(), 4);
}

/// While a heavy command is at work, what is urgent comes next.
#[test]
fn after_a_heavy_command_urgent_ones_come_first() {
    let bench = bench();
    let hold = bench.hold();
    let (begun, begins) = channel();
    let (go_on, wait) = channel::<()>();
    let heavy = bench.service.writer.submit(Lane::Heavy, move |_| {
        begun.send(()).unwrap();
        let _ = wait.recv();
        Ok(())
    });
    let usual = bench.put(Lane::Usual, "usual", well);
    drop(hold);
    begins.recv().unwrap();
    let urgent = bench.put(Lane::Urgent, "urgent", well);
    drop(go_on);
    heavy.unwrap().blocking_recv().unwrap().unwrap();
    urgent.blocking_recv().unwrap().unwrap();
    usual.blocking_recv().unwrap().unwrap();
    assert_eq!(bench.names(), ["urgent", "usual"]);
}

#[test]
fn if_the_store_fails_none_of_the_group_has_happened_and_nothing_more_is_taken() {
    let bench = bench();
    bench.put(Lane::Usual, "a", well).blocking_recv().unwrap().unwrap();
    let before = bench.service.state();
    let hold = bench.hold();
    let answers = [bench.put(Lane::Usual, "b", well), bench.put(Lane::Usual, "c", well)];
    bench.store.fails.store(true, Ordering::SeqCst);
    drop(hold);
    for answer in answers {
        assert!(matches!(answer.blocking_recv().unwrap(), Err(Denied::Store(_))));
    }
    // The disk has room again, but nobody knows what is on it.
    bench.store.fails.store(false, Ordering::SeqCst);
    let later = bench.put(Lane::Usual, "d", well).blocking_recv().unwrap();
    assert!(matches!(later, Err(Denied::Store(_))));
    assert!(bench.service.is_broken());
    assert!(Arc::ptr_eq(&bench.service.state(), &before));
    assert_eq!((bench.names(), bench.commits()), (vec!["a".to_owned()], 1));
    assert_eq!(bench.service.history.since(before.last_event, 10), Some(Vec::new()));
    // What changes nothing is answered still.
    let state = bench.service.writer.submit(Lane::Usual, |draft| Ok(draft.state.last_number)).unwrap();
    assert_eq!(state.blocking_recv().unwrap(), Ok(1));
}

#[test]
fn a_full_queue_is_refused_and_urgent_commands_have_places_of_their_own() {
    let bench = bench();
    let hold = bench.hold();
    let mut answers = Vec::new();
    let refused = loop {
        match bench.service.writer.submit(Lane::Usual, |draft| Ok(draft.next_number())) {
            Ok(answer) => answers.push(answer),
            Err(refused) => break refused,
        }
        assert!(answers.len() < 100_000);
    };
    assert!(matches!(refused, Denied::Overloaded(_)));
    let urgent = bench.put(Lane::Urgent, "urgent", well);
    drop(hold);
    urgent.blocking_recv().unwrap().unwrap();
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().unwrap().is_ok()));
}

#[test]
fn what_was_queued_is_done_before_the_writer_ends() {
    let bench = bench();
    let hold = bench.hold();
    let answers: Vec<_> = (0..600).map(|_| bench.put(Lane::Usual, "x", well)).collect();
    drop(hold);
    let Bench { service, store } = bench;
    drop(service);
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().unwrap().is_ok()));
    assert_eq!(store.span(Log::Events), Ok(Some((1, 600))));
    // At most 256 in one commit.
    assert!(store.commits.load(Ordering::SeqCst) >= 3);
}
