//! A client: reserves flights, cancels and activates some, reports positions, until the server is gone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tianlu_airspace_data::bundled::{Site, jiaxing_sites};

use super::Outcome;
use super::chance::Chance;
use super::ledger::{Book, Entry};
use super::server::{Answer, Server};

/// How long a client goes on.
pub(super) enum Until<'u> {
    /// Until a call has no answer.
    Killed,
    /// Until so many flights are reserved by all clients together. A call without an answer is a fault.
    Reserved(&'u AtomicUsize),
}

pub(super) struct Client<'s> {
    server: &'s Server,
    name: String,
    chance: Chance,
    /// Requests to repeat first, each with the key that it had.
    again: Vec<(String, Value)>,
    until: Until<'s>,
    sites: Vec<Site>,
    book: Book,
}

/// The server is gone.
struct Gone;

impl<'s> Client<'s> {
    pub(super) fn new(
        server: &'s Server,
        name: String,
        seed: u64,
        again: Vec<(String, Value)>,
        until: Until<'s>,
    ) -> Self {
        let (chance, sites) = (Chance::new(seed), jiaxing_sites());
        Self { server, name, chance, again, until, sites, book: Book::default() }
    }

    /// Calls until it is time to stop. What it asked for and was told.
    ///
    /// # Errors
    /// An answer that must not be.
    pub(super) fn call(mut self) -> Outcome<Book> {
        for (id, body) in std::mem::take(&mut self.again) {
            if self.reserve(&id, body)?.is_err() {
                return Ok(self.book);
            }
        }
        for number in 0.. {
            if matches!(self.until, Until::Reserved(left) if left.load(Ordering::SeqCst) == 0) {
                break;
            }
            let id = format!("{}-{number}", self.name);
            let body = self.request(&id)?;
            if self.reserve(&id, body)?.is_err() || self.lead(&id)?.is_err() {
                break;
            }
        }
        if matches!(self.until, Until::Reserved(_)) && self.book.unanswered > 0 {
            return Err("the server gave no answer, and nobody had killed it".into());
        }
        Ok(self.book)
    }

    fn reserve(&mut self, id: &str, body: Value) -> Outcome<Result<(), Gone>> {
        let answer = self.server.send("POST", "/flights", Some(id), &body);
        let entry = self.book.entries.entry(id.to_owned()).or_insert(Entry::of(body));
        entry.tries += 1;
        let Ok(answer) = answer else {
            self.book.unanswered += 1;
            return Ok(Err(Gone));
        };
        match answer.status {
            201 => {
                entry.trajectory = Some(answer.json()?["trajectory"].take());
                if let Until::Reserved(left) = self.until {
                    let _ = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                }
            }
            422 => entry.refused = true,
            // Too much to do: the same is asked again later, by another round.
            503 => {}
            _ => return Err(unexpected("POST /flights", &answer)),
        }
        Ok(Ok(()))
    }

    /// Does something with some of the flights that were accepted.
    fn lead(&mut self, id: &str) -> Outcome<Result<(), Gone>> {
        if !self.book.entries.get(id).is_some_and(Entry::is_accepted) {
            return Ok(Ok(()));
        }
        match self.chance.below(8) {
            0 | 1 => self.bring(id, "CANCELLED"),
            2 => match self.bring(id, "ACTIVATED")? {
                Ok(()) => self.report(id),
                gone => Ok(gone),
            },
            _ => Ok(Ok(())),
        }
    }

    fn bring(&mut self, id: &str, state: &'static str) -> Outcome<Result<(), Gone>> {
        let answer = self.server.send("PATCH", &format!("/flights/{id}"), None, &json!({"state": state}));
        let entry = self.book.entries.get_mut(id).ok_or("no such flight")?;
        let Ok(answer) = answer else {
            entry.asked = Some(state);
            self.book.unanswered += 1;
            return Ok(Err(Gone));
        };
        match answer.status {
            200 => entry.state = Some(state),
            503 => {}
            _ => return Err(unexpected("PATCH /flights/{id}", &answer)),
        }
        Ok(Ok(()))
    }

    /// Where the aircraft is: on its pad.
    fn report(&mut self, id: &str) -> Outcome<Result<(), Gone>> {
        let entry = self.book.entries.get_mut(id).ok_or("no such flight")?;
        let now = now_ms()?;
        let origin = &entry.body["origin"];
        let position = json!({"lon": origin["lon"], "lat": origin["lat"], "alt_m": 0.0, "time": time(now)?});
        let Ok(answer) = self.server.send("POST", &format!("/flights/{id}/positions"), None, &position)
        else {
            self.book.unanswered += 1;
            return Ok(Err(Gone));
        };
        match answer.status {
            200 => {
                entry.position_ms = Some(now);
                self.book.positions += 1;
            }
            503 => {}
            _ => return Err(unexpected("POST /flights/{id}/positions", &answer)),
        }
        Ok(Ok(()))
    }

    /// From a site of Jiaxing to a place some kilometres away, between four and sixteen hours from now.
    fn request(&mut self, id: &str) -> Outcome<Value> {
        let chance = &mut self.chance;
        let site = &self.sites[usize::try_from(chance.below(self.sites.len() as u64))?];
        let at = |dx: f64, dy: f64| json!({"lon": site.place.lon() + dx, "lat": site.place.lat() + dy});
        let mut place = |least: f64, most: f64| {
            let mut side = |scale: f64| {
                let distance = chance.between(least, most) * scale;
                if chance.one_in(2) { distance } else { -distance }
            };
            at(side(1.0 / 95.7), side(1.0 / 111.2))
        };
        let (origin, destination) = (place(0.0, 2.0), place(1.0, 5.0));
        let earliest = now_ms()? + i64::try_from(4 * 3_600_000 + self.chance.below(12 * 3_600_000))?;
        Ok(json!({
            "id": id, "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
            "origin": origin, "destination": destination,
            "departure": {"earliest": time(earliest)?, "latest": time(earliest + 1_800_000)?},
            "cruise_agl_m": {"min": 60.0, "max": 120.0},
            "authorizations": site.authorizations,
        }))
    }
}

fn unexpected(call: &str, answer: &Answer) -> Box<dyn std::error::Error + Send + Sync> {
    format!("{call}: answered {}: {}", answer.status, answer.text).into()
}

fn now_ms() -> Outcome<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

fn time(ms: i64) -> Outcome<String> {
    Ok(format!("{:.3}", jiff::Timestamp::from_millisecond(ms)?))
}
