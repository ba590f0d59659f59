//! Backups of a running server and of one that does not run, and what becomes of them elsewhere.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use support::{Server, airspace, folder, request, scenario, square, tianlu, write};
use tianlu::store::{Batch, Log, RedbStore, Store, Table, read_backup};

fn data(dir: &Path, name: &str) -> String {
    dir.join(name).to_string_lossy().into_owned()
}

/// A server of a city without zones.
fn serve(dir: &str) -> Server {
    let beside = Path::new(dir).parent().unwrap();
    let scenario = scenario(beside, &[], &[]);
    Server::start(&["--data", dir, "--scenario", &scenario.to_string_lossy()])
}

/// A server with a zone and two flights of its own.
fn filled(dir: &str) -> Server {
    let server = serve(dir);
    let zone = airspace(&[square("WEST", "CONDITIONAL", 120.62, 30.72)]);
    assert_eq!(server.post("/collections/zones/items", "application/geo+json", zone.to_string()).status, 201);
    for (id, lat) in [("F1", 30.72), ("F2", 30.78)] {
        assert_eq!(server.post_json("/flights", &moved(id, lat)).status, 201);
    }
    server
}

/// A request for tomorrow.
fn moved(id: &str, lat: f64) -> Value {
    let mut request = request(id);
    request["origin"]["lat"] = lat.into();
    request["destination"]["lat"] = lat.into();
    let day = 24 * 3600;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let time =
        |seconds: u64| jiff::Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap().to_string();
    request["departure"] = json!({"earliest": time(now + day), "latest": time(now + day + 1800)});
    request
}

/// A flight without what a restore changes.
fn flight(server: &Server, id: &str) -> Value {
    let mut flight = server.get(&format!("/flights/{id}")).json();
    assert!(flight["trajectory"].as_array().unwrap().len() > 2, "{flight}");
    flight.as_object_mut().unwrap().remove("revision");
    flight
}

fn zones(server: &Server) -> Value {
    server.get("/collections/zones/items?limit=10000").json()["features"].take()
}

#[test]
fn a_running_server_is_copied_into_another() {
    let dir = folder();
    let first = filled(&data(dir.path(), "first"));
    let file = data(dir.path(), "city.jsonl");
    let copied = tianlu(["backup", "--url", &first.url, "-o", &file]);
    assert_eq!((copied.code, copied.out.as_str()), (0, ""), "{}", copied.err);
    assert!(copied.err.contains("city.jsonl") && copied.err.contains("revision 4"), "{}", copied.err);

    let second_dir = data(dir.path(), "second");
    let second = serve(&second_dir);
    for number in 0..5 {
        let id = format!("OLD{number}");
        assert_eq!(second.post_json("/flights", &moved(&id, 30.66 + 0.02 * f64::from(number))).status, 201);
    }
    let tag = second.get("/flights/OLD1").header("etag").to_owned();
    let restored = tianlu(["restore", &file, "--url", &second.url]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.err.contains("2 flights as revision 7"), "{}", restored.err);

    assert_eq!(second.get("/flights/OLD1").problem(), "NOT_FOUND");
    assert_ne!(second.get("/flights/F1").header("etag"), tag);
    for id in ["F1", "F2"] {
        assert_eq!(flight(&second, id), flight(&first, id));
    }
    assert_eq!(zones(&second), zones(&first));
    // It goes on from there: F1's sky is taken, its id too, and the next number is new.
    assert_eq!(second.post_json("/flights", &moved("F1", 30.60)).problem(), "DUPLICATE_FLIGHT");
    assert_eq!(second.post_json("/flights", &moved("F3", 30.72)).status, 201);
    let (f1, f3) = (flight(&second, "F1"), flight(&second, "F3"));
    assert_ne!(f1["trajectory"], f3["trajectory"]);

    // And again after a stop, with the same flights, from its disk.
    assert_eq!(second.stop(), 0);
    let second = serve(&second_dir);
    assert_eq!([flight(&second, "F1"), flight(&second, "F3")], [f1, f3]);
    assert_eq!(second.stop(), 0);

    // The logs rose all the while, and say what happened.
    let store = RedbStore::open(Path::new(&second_dir)).unwrap();
    let events = store.after(Log::Events, 0, 100).unwrap();
    assert!(events.iter().zip(1..).all(|((id, _), expected)| *id == expected));
    let kinds: Vec<Value> = events
        .iter()
        .map(|(_, event)| serde_json::from_slice::<Value>(event).unwrap()["kind"].take())
        .collect();
    assert_eq!(kinds[5], "state.restored", "{kinds:?}");
    assert_eq!(kinds[6], "flight.accepted", "{kinds:?}");
    let audit = store.after(Log::Audit, 0, 100).unwrap();
    let restored = audit.iter().map(|(_, entry)| serde_json::from_slice::<Value>(entry).unwrap());
    let restored = restored.filter(|entry| entry["what"] == "state.restore").count();
    assert_eq!(restored, 1);
}

#[test]
fn a_directory_is_copied_into_another_once_no_server_has_it() {
    let dir = folder();
    let (first_dir, second_dir) = (data(dir.path(), "first"), data(dir.path(), "second"));
    let file = data(dir.path(), "city.jsonl");
    let first = filled(&first_dir);
    let (f1, zones_before) = (flight(&first, "F1"), zones(&first));
    let busy = tianlu(["backup", "--data", &first_dir, "-o", &file]);
    assert_eq!(busy.code, 2);
    assert!(busy.err.contains("another process has it open"), "{}", busy.err);
    assert!(!Path::new(&file).exists());
    assert_eq!(first.stop(), 0);

    assert_eq!(tianlu(["backup", "--data", &first_dir, "-o", &file]).code, 0);
    let restored = tianlu(["restore", &file, "--data", &second_dir]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    let again = tianlu(["restore", &file, "--data", &second_dir]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("--replace"), "{}", again.err);
    assert_eq!(tianlu(["restore", &file, "--data", &second_dir, "--replace"]).code, 0);

    let store = RedbStore::open(Path::new(&second_dir)).unwrap();
    // Three that the backup had, and one of each restore.
    assert_eq!(store.span(Log::Events).unwrap(), Some((1, 5)));
    assert_eq!(store.revision().unwrap(), 6);
    drop(store);
    let second = serve(&second_dir);
    assert_eq!(flight(&second, "F1"), f1);
    assert_eq!(zones(&second), zones_before);
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let dir = folder();
    let first_dir = data(dir.path(), "first");
    let server = filled(&first_dir);
    let file = data(dir.path(), "city.jsonl");
    assert_eq!(tianlu(["backup", "--url", &server.url, "-o", &file]).code, 0);
    let whole = std::fs::read_to_string(&file).unwrap();
    let kind = "application/x-ndjson";

    let cut = &whole[..whole.len() / 2];
    assert_eq!(server.post("/restore", kind, cut).problem(), "INVALID_BACKUP");
    assert_eq!(server.post("/restore", kind, whole.replace("F2", "F9")).problem(), "INVALID_BACKUP");
    assert_eq!(server.post("/restore", "image/png", &whole).problem(), "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(server.get("/backup?now=1").problem(), "BAD_URL");
    let cut_file = write(dir.path(), "cut.jsonl", cut);
    let refused = tianlu(["restore", &cut_file.to_string_lossy(), "--url", &server.url]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("cut.jsonl: line "), "{}", refused.err);
    assert_eq!(server.get("/flights/F2").status, 200);

    // Whole, but two flights of it fly into each other.
    let mut puts = read_backup(&mut whole.as_bytes()).unwrap().puts;
    let of =
        |id: &str| puts.iter().position(|(table, key, _)| *table == Table::Flights && key == id).unwrap();
    let text = String::from_utf8(puts[of("F1")].2.clone()).unwrap();
    let twin = text.replace("\"F1\"", "\"F2\"").replacen("\"number\":1,", "\"number\":2,", 1);
    let place = of("F2");
    puts[place].2 = twin.into_bytes();
    let refused = server.post("/restore", kind, backup_of(puts));
    assert_eq!(refused.problem(), "INVALID_BACKUP");
    assert!(refused.body.contains("closer to each other"), "{}", refused.body);
    assert_eq!(server.get("/flights/F2").status, 200);

    let nowhere = tianlu(["backup", "--data", &data(dir.path(), "none"), "-o", &data(dir.path(), "x")]);
    assert_eq!(nowhere.code, 2);
    assert!(!dir.path().join("none").exists(), "a backup made a directory");
    for args in
        [&["backup", "-o", "x"][..], &["restore", &file], &["restore", &file, "--data", "a", "--url", "b"]]
    {
        assert_eq!(tianlu(args).code, 2);
    }
}

/// A whole backup of these entries.
fn backup_of(puts: Vec<(Table, String, Vec<u8>)>) -> Vec<u8> {
    let store = RedbStore::in_memory().unwrap();
    store.commit(&Batch { revision: 9, puts, ..Batch::default() }).unwrap();
    let mut text = Vec::new();
    store.backup(&mut text).unwrap();
    text
}

/// Entries of a backup with one value of one of them made strange.
fn strange() -> impl Strategy<Value = (Index, Index, Value)> {
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        Just(json!("")),
        Just(json!(-1)),
        Just(json!(1e308)),
        Just(json!(u64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!("2026-13-45")),
        Just(json!([[1e300, 1e300, 1e300, i64::MAX]])),
    ];
    (any::<Index>(), any::<Index>(), value)
}

/// Pointers to all values within a value, itself too.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| pointers(value, &format!("{at}/{name}"), all));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

#[test]
fn strange_entries_are_refused_or_taken_and_never_a_fault() {
    let dir = folder();
    let server = filled(&data(dir.path(), "data"));
    let whole = server.get("/backup").body;
    let puts = read_backup(&mut whole.as_bytes()).unwrap().puts;
    let mut runner = TestRunner::new(Config { cases: 120, failure_persistence: None, ..Config::default() });
    let statuses = std::cell::RefCell::new(Vec::new());
    let run = |(entry, place, value): (Index, Index, Value)| {
        let mut puts = puts.clone();
        let entry = entry.index(puts.len());
        let mut json: Value = serde_json::from_slice(&puts[entry].2).unwrap();
        let mut all = Vec::new();
        pointers(&json, "", &mut all);
        *json.pointer_mut(&all[place.index(all.len())]).unwrap() = value;
        puts[entry].2 = json.to_string().into_bytes();
        let answer = server.post("/restore", "application/x-ndjson", backup_of(puts));
        prop_assert!([200, 422].contains(&answer.status), "{}: {}", json, answer.body);
        statuses.borrow_mut().push(answer.status);
        prop_assert_eq!(server.get("/collections/zones/items").status, 200);
        Ok(())
    };
    runner.run(&strange(), run).unwrap();
    let statuses = statuses.into_inner();
    assert!(statuses.contains(&200) && statuses.contains(&422));
    // It goes on, and from what it holds now it starts again.
    assert_eq!(server.post("/restore", "application/x-ndjson", &whole).status, 200);
    assert_eq!(server.post_json("/flights", &moved("F3", 30.66)).status, 201);
}

#[test]
fn half_a_download_leaves_no_file() {
    let dir = folder();
    let file = dir.path().join("city.jsonl");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let line = "{\"format\":\"tianlu-backup\",\"version\":1,\"schema\":1,\"revision\":1,\"last\":{}}\n";
    let chunk = format!("{:x}\r\n{line}\r\n", line.len());
    let problem = "{\"code\":\"FORBIDDEN\",\"detail\":\"it takes the scope admin\"}";
    let refusal = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{problem}", problem.len());
    // Cut in the middle of the body; ended properly, but too early; and refused.
    let answers = [format!("{head}{chunk}"), format!("{head}{chunk}0\r\n\r\n"), refusal];
    for (answer, expected) in answers.into_iter().zip(["GET /backup", "line 2", "FORBIDDEN: it takes"]) {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = [0; 4096];
                let length = stream.read(&mut asked).unwrap();
                assert!(String::from_utf8_lossy(&asked[..length]).contains("Bearer secret"));
                stream.write_all(answer.as_bytes()).unwrap();
            });
            let ended = tianlu(["backup", "--url", &url, "--token", "secret", "-o", &file.to_string_lossy()]);
            assert_eq!(ended.code, 2);
            assert!(ended.err.contains(expected) && !ended.err.contains("secret"), "{}", ended.err);
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "left something behind");
        });
    }
}

#[test]
fn a_copy_is_of_one_moment_while_flights_come() {
    let dir = folder();
    let server = serve(&data(dir.path(), "data"));
    std::thread::scope(|scope| {
        let posts = scope.spawn(|| {
            for number in 0..40 {
                let answer = server.post_json("/flights", &moved(&format!("F{number}"), 30.72));
                assert!([201, 422].contains(&answer.status), "{answer:?}");
            }
        });
        let mut seen = 0;
        while !posts.is_finished() {
            let answer = server.get("/backup");
            assert_eq!(answer.status, 200);
            let backup = read_backup(&mut answer.body.as_bytes()).unwrap();
            let flights = backup.puts.iter().filter(|(table, ..)| *table == Table::Flights).count();
            let accepted = backup.appends.iter().filter(|(log, ..)| *log == Log::Events).count();
            let noted = backup.appends.iter().filter(|(log, ..)| *log == Log::Audit).count();
            assert_eq!((accepted, noted), (flights, flights));
            assert!(flights >= seen);
            seen = flights;
        }
    });
}
