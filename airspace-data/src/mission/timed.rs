//! A mission made into timed waypoints: heights resolved over the ground, speeds into times.

use tianlu_engine::aircraft::{Aircraft, AircraftKind};
use tianlu_engine::flight::Waypoint;
use tianlu_engine::frame::{Amsl, Frame, Instant, LonLat};
use tianlu_engine::surface::GroundLine;
use tianlu_engine::world::World;

use super::{Action, Mission, MissionFormat, MissionHeight, MissionPoint, Speed};
use crate::error::ReadError;
use crate::fields::{Faults, Path};

/// Waypoints are at most this far apart.
const SPACING_M: f64 = 2000.0;
/// Nearer places are one place.
const SAME_PLACE_M: f64 = 1.0;
/// The longest way, metres; the longest flight, seconds; the most waypoints.
const LONGEST_M: f64 = 3_000_000.0;
const LONGEST_S: f64 = 7.0 * 86_400.0;
const MOST_WAYPOINTS: usize = 400_000;
/// The ground at home by the file and by the terrain may differ by this much without a word.
const HOME_M: f64 = 3.0;
/// Slower than this nothing is flown.
const SLOWEST_M_S: f64 = 0.1;

/// A mission as it will be flown.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// Where it is when; straight lines at constant velocity between them, at most 2 km long.
    pub waypoints: Vec<Waypoint>,
    /// For each waypoint but the first, the number of the mission's point that it is on the way to. Ascending.
    pub legs: Vec<usize>,
    /// What the file did not say, and what was taken for it.
    pub notes: Vec<String>,
}

impl Mission {
    /// The metric plane about its places.
    pub fn frame(&self) -> Option<Frame> {
        let home = self.home.map(|home| home.place);
        Frame::around(self.points.iter().map(|point| point.place).chain(home))
    }

    /// The mission in times and heights above the sea, flown by an aircraft.
    ///
    /// Speeds that the file does not give are the aircraft's: through the air no faster than `limit_m_s`, up and down as
    /// fast as it may. Heights above take-off count from the world's ground there. A mission with times keeps them, and
    /// is moved as a whole if a departure is given. `file` is for messages alone.
    ///
    /// Cost: linear in the waypoints, of which a leg that follows the ground has one for each cell of the terrain.
    ///
    /// # Errors
    /// [`ReadError`] if there is neither a time nor a departure, if a place lies off the terrain where its ground is
    /// needed or beyond the plane's reach, or if the flight is longer than 3,000 km or a week.
    pub fn timed(
        &self,
        file: &str,
        world: &World,
        craft: &Aircraft,
        limit_m_s: f64,
        departure: Option<Instant>,
    ) -> Result<Timed, ReadError> {
        let mut faults = Faults::new(file);
        let timed = Timing::new(self, world, craft, limit_m_s, departure, &mut faults)
            .and_then(|timing| timing.all(&mut faults));
        faults.done(timed)
    }
}

/// East, north and up.
#[derive(Debug, Clone, Copy)]
struct Step {
    east_m: f64,
    north_m: f64,
    up_m: f64,
}

impl Step {
    fn level_m(&self) -> f64 {
        self.east_m.hypot(self.north_m)
    }

    fn length_m(&self) -> f64 {
        self.level_m().hypot(self.up_m)
    }
}

struct Timing<'a> {
    mission: &'a Mission,
    world: &'a World,
    craft: &'a Aircraft,
    limit_m_s: f64,
    /// The take-off place and the ground there, if anything counts from it.
    base: Option<(LonLat, f64)>,
    start: Instant,
    /// Seconds since the start.
    t: f64,
    length_m: f64,
    timed: Timed,
}

/// Where the next waypoint is.
#[derive(Clone, Copy)]
struct Target {
    place: LonLat,
    alt_m: f64,
    /// The height above ground at its place, if the way there follows the ground.
    follows: bool,
}

impl<'a> Timing<'a> {
    fn new(
        mission: &'a Mission,
        world: &'a World,
        craft: &'a Aircraft,
        limit_m_s: f64,
        departure: Option<Instant>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let first = mission.points.first()?;
        let mut timed = Timed { waypoints: Vec::new(), legs: Vec::new(), notes: Vec::new() };
        let start = match (first.time, departure) {
            (Some(time), None) => time,
            (Some(time), Some(departure)) => {
                let by = departure.seconds_since(time);
                if by != 0.0 {
                    timed.notes.push(format!(
                        "the file's own times are moved by {by:.3} s to the departure asked for"
                    ));
                }
                departure
            }
            (None, Some(departure)) => departure,
            (None, None) => {
                faults.add(
                    &Path::Member(&Path::Root, "departure"),
                    "nothing",
                    "a departure: the mission has no times",
                );
                return None;
            }
        };
        let needs_base = first.action == Action::TakeOff
            || mission.points.iter().any(|point| matches!(point.height, MissionHeight::AboveTakeOff(_)));
        let place = mission.home.map_or(first.place, |home| home.place);
        let base = if needs_base {
            let Some(ground_m) = world.ground.height_m(place) else {
                faults.add(&Path::Root, "a take-off place off the terrain", "one on it");
                return None;
            };
            if let Some(altitude) = mission.home.and_then(|home| home.altitude)
                && (altitude.metres() - ground_m).abs() > HOME_M
            {
                timed.notes.push(format!(
                    "the file has its take-off place at {:.1} m AMSL, the ground there is at {ground_m:.1} m: heights \
                     above take-off count from the ground",
                    altitude.metres()
                ));
            }
            if mission.home.is_none() && first.action != Action::TakeOff {
                timed.notes.push(
                    "no take-off place in the file: heights count from the ground below the first point"
                        .to_owned(),
                );
            }
            Some((place, ground_m))
        } else {
            None
        };
        let timing = Self { mission, world, craft, limit_m_s, base, start, t: 0.0, length_m: 0.0, timed };
        timing.within_reach(faults).then_some(timing)
    }

    fn within_reach(&self, faults: &mut Faults) -> bool {
        let mut all = true;
        let home = self.mission.home.map(|home| (0, home.place));
        let points = self.mission.points.iter().map(|point| (point.item, point.place));
        for (item, place) in points.chain(home) {
            if let Err(error) = self.world.frame.check(place) {
                faults.about("item", item, None);
                let found =
                    format!("a place {:.0} km from the middle of the area", error.distance_m / 1000.0);
                faults.add(&Path::Root, found, "at most 150 km");
                all = false;
            }
        }
        all
    }

    fn all(mut self, faults: &mut Faults) -> Option<Timed> {
        let points = &self.mission.points;
        let first = &points[0];
        if first.action != Action::TakeOff {
            let alt_m = self.altitude(first, faults)?;
            self.push(first.place, alt_m, None)?;
            self.note_start(first, alt_m);
            self.hold(first, 0)?;
        } else {
            let (place, ground_m) = self.base?;
            self.push(place, ground_m, None)?;
        }
        let begin = usize::from(first.action != Action::TakeOff);
        for (leg, point) in points.iter().enumerate().skip(begin) {
            faults.about("item", point.item, None);
            let targets = self.targets(leg, point, faults)?;
            if let Some(time) = point.time {
                self.fly_until(leg, targets[0], time, faults)?;
            } else {
                for target in targets {
                    self.fly(leg, point, target, faults)?;
                }
            }
            self.hold(point, leg)?;
            self.check_size(faults)?;
        }
        faults.about_all();
        self.note_defaults();
        self.note_end();
        Some(self.timed)
    }

    /// What is flown to on the way to a point.
    fn targets(&self, leg: usize, point: &MissionPoint, faults: &mut Faults) -> Option<Vec<Target>> {
        let here = self.timed.waypoints.last()?;
        let (now, now_m) = (here.place, here.altitude.metres());
        let is_far = self.apart(now, point.place) > SAME_PLACE_M;
        let straight = |place, alt_m| Target { place, alt_m, follows: false };
        Some(match point.action {
            Action::Fly => {
                let before = leg.checked_sub(1).map(|before| self.mission.points[before].height);
                let follows =
                    matches!((before, point.height), (Some(MissionHeight::Agl(_)), MissionHeight::Agl(_)));
                vec![Target { follows, ..straight(point.place, self.altitude(point, faults)?) }]
            }
            Action::TakeOff => {
                let alt_m = self.altitude(point, faults)?;
                match (is_far, self.craft.can_hover) {
                    (true, true) => vec![straight(now, alt_m), straight(point.place, alt_m)],
                    _ => vec![straight(point.place, alt_m)],
                }
            }
            Action::Land => {
                let Some(ground_m) = self.world.ground.height_m(point.place) else {
                    faults.add(&Path::Root, "a landing place off the terrain", "one on it");
                    return None;
                };
                match (is_far, self.craft.can_hover) {
                    (true, true) => vec![straight(point.place, now_m), straight(point.place, ground_m)],
                    _ => vec![straight(point.place, ground_m)],
                }
            }
        })
    }

    /// Metres above the sea.
    fn altitude(&self, point: &MissionPoint, faults: &mut Faults) -> Option<f64> {
        match point.height {
            MissionHeight::Amsl(height) => Some(height.metres()),
            MissionHeight::AboveTakeOff(metres) => Some(self.base?.1 + metres),
            MissionHeight::Agl(height) => {
                let ground_m = self.world.ground.height_m(point.place);
                if ground_m.is_none() {
                    faults.add(&Path::Root, "a height above ground off the terrain", "a place on it");
                }
                Some(ground_m? + height.metres())
            }
        }
    }

    fn apart(&self, from: LonLat, to: LonLat) -> f64 {
        let frame = &self.world.frame;
        frame.length(frame.to_plane(from), frame.to_plane(to))
    }

    /// Flies to a target by speeds.
    fn fly(&mut self, leg: usize, point: &MissionPoint, target: Target, faults: &mut Faults) -> Option<()> {
        for (place, alt_m) in self.way_to(target, faults)? {
            let here = *self.timed.waypoints.last()?;
            let step = self.step(&here, place, alt_m);
            self.t += self.seconds(&here, place, step, point);
            self.length_m += step.level_m();
            self.push(place, alt_m, Some(leg))?;
        }
        Some(())
    }

    /// Flies to a target at constant velocity, to be there at a time of the file's.
    fn fly_until(&mut self, leg: usize, target: Target, time: Instant, faults: &mut Faults) -> Option<()> {
        let first = self.mission.points[0].time?;
        let (from_s, to_s) = (self.t, time.seconds_since(first));
        let way = self.way_to(target, faults)?;
        let begin = *self.timed.waypoints.last()?;
        let whole_m = self.apart(begin.place, target.place);
        for (number, &(place, alt_m)) in way.iter().enumerate() {
            let here = *self.timed.waypoints.last()?;
            self.length_m += self.step(&here, place, alt_m).level_m();
            let share = if whole_m > 0.0 { self.apart(begin.place, place) / whole_m } else { 1.0 };
            self.t = if number + 1 == way.len() { to_s } else { from_s + (to_s - from_s) * share.min(1.0) };
            self.push(place, alt_m, Some(leg))?;
        }
        Some(())
    }

    /// The waypoints of a straight way, the target the last: none farther apart than [`SPACING_M`], and the ground's
    /// stations where it is followed.
    fn way_to(&self, target: Target, faults: &mut Faults) -> Option<Vec<(LonLat, f64)>> {
        let here = self.timed.waypoints.last()?;
        let frame = Frame::around([here.place, target.place])?;
        let (from, to) = (frame.to_plane(here.place), frame.to_plane(target.place));
        let level_m = frame.length(from, to);
        if self.length_m + level_m > LONGEST_M {
            faults.add(&Path::Root, "a way of more than 3000 km", "a shorter one");
            return None;
        }
        let pieces = (level_m / SPACING_M).ceil().max(1.0);
        let mut shares: Vec<f64> = (1..pieces as u32).map(|piece| f64::from(piece) / pieces).collect();
        let mut heights: Option<GroundLine> = None;
        if target.follows && level_m > SAME_PLACE_M {
            let Some(line) = GroundLine::under(&self.world.ground, &frame, &[from, to]) else {
                faults.add(&Path::Root, "a way above ground that leaves the terrain", "a way over it");
                return None;
            };
            let stations = line.stations().iter().map(|(along, _)| along / line.length_m());
            shares.extend(stations.filter(|share| *share > 0.0 && *share < 1.0));
            shares.sort_by(f64::total_cmp);
            heights = Some(line);
        }
        if self.timed.waypoints.len() + shares.len() > MOST_WAYPOINTS {
            faults.add(&Path::Root, "more waypoints", format!("at most {MOST_WAYPOINTS}"));
            return None;
        }
        let now_m = here.altitude.metres();
        let height = |share: f64| match &heights {
            Some(line) => {
                let ground = |share: f64| line.height_m(share * line.length_m());
                let (above, then) = (now_m - ground(0.0), target.alt_m - ground(1.0));
                ground(share) + above + (then - above) * share
            }
            None => now_m + (target.alt_m - now_m) * share,
        };
        let mut way: Vec<_> = shares
            .into_iter()
            .map(|share| (frame.to_place(from + (to - from) * share), height(share)))
            .collect();
        way.push((target.place, target.alt_m));
        Some(way)
    }

    fn step(&self, here: &Waypoint, place: LonLat, alt_m: f64) -> Step {
        let frame = &self.world.frame;
        let (from, to) = (frame.to_plane(here.place), frame.to_plane(place));
        let run = to - from;
        let size = run.x.hypot(run.y);
        let shrink = if size > 0.0 { frame.length(from, to) / size } else { 1.0 };
        Step { east_m: run.x * shrink, north_m: run.y * shrink, up_m: alt_m - here.altitude.metres() }
    }

    /// How long a step takes: by its speed, and no faster up or down than the limits.
    fn seconds(&self, here: &Waypoint, place: LonLat, step: Step, point: &MissionPoint) -> f64 {
        let climb = point.climb_m_s.unwrap_or(self.craft.climb_m_s);
        let descent = point.descent_m_s.unwrap_or(self.craft.descent_m_s);
        let vertical = (step.up_m / climb).max(-step.up_m / descent);
        let by_speed = match self.speed_of(point) {
            Speed::Ground(speed) => step.level_m() / speed.max(SLOWEST_M_S),
            Speed::Air(airspeed) => self.seconds_in_wind(here, place, step, airspeed),
        };
        vertical.max(by_speed)
    }

    fn speed_of(&self, point: &MissionPoint) -> Speed {
        let hints = &self.mission.speeds;
        let hint = match self.craft.kind {
            AircraftKind::Multirotor => hints.hover_m_s,
            AircraftKind::Vtol | AircraftKind::FixedWing => hints.cruise_m_s,
        };
        point.speed.or(hint.map(Speed::Ground)).unwrap_or(Speed::Air(self.limit_m_s))
    }

    /// At an airspeed through whichever wind of the heights passed slows it most. Where the wind is stronger than the
    /// aircraft it is taken to make half its airspeed over the ground: the check will tell.
    fn seconds_in_wind(&self, here: &Waypoint, place: LonLat, step: Step, airspeed: f64) -> f64 {
        let length_m = step.length_m();
        if length_m == 0.0 {
            return 0.0;
        }
        let ground = |place: LonLat| self.world.ground.height_m(place).unwrap_or(0.0);
        let (a, b) =
            (here.altitude.metres() - ground(here.place), here.altitude.metres() + step.up_m - ground(place));
        let layers = self.world.wind.layers();
        let low = layers.iter().take_while(|layer| layer.above_agl_m <= a.min(b) - 1.0).count();
        let high = layers.iter().take_while(|layer| layer.above_agl_m <= a.max(b) + 1.0).count();
        let slowest = (low..=high).map(|layer| {
            let (east, north) = layer.checked_sub(1).map_or((0.0, 0.0), |index| layers[index].velocity());
            let along = (east * step.east_m + north * step.north_m) / length_m;
            let root = along * along + airspeed * airspeed - (east * east + north * north);
            if root < 0.0 { airspeed / 2.0 } else { along + root.sqrt() }
        });
        length_m / slowest.fold(f64::INFINITY, f64::min).max(SLOWEST_M_S)
    }

    fn hold(&mut self, point: &MissionPoint, leg: usize) -> Option<()> {
        if point.hold_s > 0.0 && point.action != Action::Land {
            let here = *self.timed.waypoints.last()?;
            self.t += point.hold_s;
            self.push(here.place, here.altitude.metres(), Some(leg))?;
        }
        Some(())
    }

    fn push(&mut self, place: LonLat, alt_m: f64, leg: Option<usize>) -> Option<()> {
        let time = self.start.plus_millis((self.t * 1000.0).round() as i64);
        self.timed.waypoints.push(Waypoint { place, altitude: Amsl::new(alt_m).ok()?, time });
        self.timed.legs.extend(leg);
        Some(())
    }

    fn check_size(&self, faults: &mut Faults) -> Option<()> {
        if self.t.is_nan() || self.t > LONGEST_S {
            faults.add(&Path::Root, "a flight of more than a week", "a shorter one");
            return None;
        }
        Some(())
    }

    fn note_start(&mut self, first: &MissionPoint, alt_m: f64) {
        let agl = self.world.ground.height_m(first.place).map(|ground_m| alt_m - ground_m);
        if agl.is_some_and(|agl| agl > SAME_PLACE_M) {
            self.timed.notes.push("the mission begins in the air: its take-off is not checked".to_owned());
        }
    }

    fn note_end(&mut self) {
        let Some(last) = self.timed.waypoints.last() else { return };
        let agl = self.world.ground.height_m(last.place).map(|ground_m| last.altitude.metres() - ground_m);
        if agl.is_some_and(|agl| agl > SAME_PLACE_M) {
            self.timed.notes.push("the mission ends in the air: its landing is not checked".to_owned());
        }
    }

    /// What was taken from the aircraft, each once.
    fn note_defaults(&mut self) {
        let points = &self.mission.points;
        if points.iter().any(|point| point.time.is_some()) {
            return;
        }
        let flown = || points.iter().skip(usize::from(points[0].action != Action::TakeOff));
        let without = flown().filter(|point| point.speed.is_none()).count();
        if without > 0 {
            let text =
                match points.iter().find(|point| point.speed.is_none()).map(|point| self.speed_of(point)) {
                    Some(Speed::Ground(speed)) => {
                        format!("{without} legs without a speed of their own: the file's {speed} m/s")
                    }
                    _ => format!(
                        "{without} legs without a speed: the aircraft's, {} m/s through the air",
                        self.limit_m_s
                    ),
                };
            self.timed.notes.push(text);
        }
        if flown().any(|point| point.climb_m_s.is_none() || point.descent_m_s.is_none()) {
            self.timed.notes.push(format!(
                "no rates of climb and descent for all legs: the aircraft's, {} and {} m/s",
                self.craft.climb_m_s, self.craft.descent_m_s
            ));
        }
        if self.mission.format != MissionFormat::Plan {
            self.timed.notes.push("bends are flown as corners, without slowing down".to_owned());
        }
    }
}
