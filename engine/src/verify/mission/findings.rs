//! What is wrong with a line by itself.

use std::collections::BTreeMap;

use super::super::clearance::{by_segment, candidates, find_entry, find_nearest};
use super::super::energy::{FRACTION, pieces_wh};
use super::super::motion::{airspeed_excess_m, airspeed_m_s, rate_excess_m, stands};
use super::super::track::Fix;
use super::super::turns::tight_turns;
use super::super::{DISTANCE_M, END_M};
use super::{Checked, Entered, Finding, FindingKind};
use crate::airspace::Zone;
use crate::frame::Xy;

impl Checked<'_> {
    /// Height above the ground, on and off the terrain.
    pub(super) fn ground(&self) -> Vec<Finding> {
        let (flight, fine) = (self.flight, &self.flight.fine);
        let clearance = flight.craft.vertical_clearance_m;
        let reached = |fix: &Fix| fix.agl() >= clearance - DISTANCE_M;
        let en_route = fine.iter().position(reached).zip(fine.iter().rposition(reached));
        let near_m = self.near_ends_m();
        let (start, end) = (fine[0].at, fine[fine.len() - 1].at);
        // Leg by leg the most that is short of what is needed, where, and what is needed there.
        let mut lowest: BTreeMap<usize, (f64, Fix, f64)> = BTreeMap::new();
        let mut off: BTreeMap<usize, usize> = BTreeMap::new();
        for (piece, &segment) in flight.segment_of.iter().enumerate() {
            let (leg, from, to) = (self.legs[segment], &fine[piece], &fine[piece + 1]);
            if from.agl().is_nan() || to.agl().is_nan() {
                off.entry(leg).or_insert(if from.agl().is_nan() { piece } else { piece + 1 });
                continue;
            }
            let excused: &[Xy] = match en_route {
                Some((first, _)) if piece < first => &[start],
                Some((_, last)) if piece >= last => &[end],
                Some(_) => &[],
                None => &[start, end],
            };
            let mut judge = |share: f64, needed: f64| {
                let at = from.mixed(to, share);
                let short = needed - at.agl();
                if short > DISTANCE_M && lowest.get(&leg).is_none_or(|(most, ..)| short > *most) {
                    lowest.insert(leg, (short, at, needed));
                }
            };
            judge(0.0, 0.0);
            judge(1.0, 0.0);
            // The height is straight along a piece: at its least at the ends of what is not near.
            let near: Vec<(f64, f64)> =
                excused.iter().filter_map(|centre| within(*centre, near_m, from.at, to.at)).collect();
            let mut cuts: Vec<f64> = near.iter().flat_map(|(a, b)| [*a, *b]).collect();
            cuts.extend([0.0, 1.0]);
            cuts.sort_by(f64::total_cmp);
            for pair in cuts.windows(2) {
                let middle = f64::midpoint(pair[0], pair[1]);
                if pair[1] > pair[0] && !near.iter().any(|(a, b)| (*a..=*b).contains(&middle)) {
                    judge(pair[0], clearance);
                    judge(pair[1], clearance);
                }
            }
        }
        let low = lowest.into_iter().map(|(leg, (_, at, needed))| {
            let agl = at.agl();
            let text = format!("{agl:.2} m above ground, needs at least {needed} m");
            let finding = self.finding(FindingKind::Ground, leg, &at, text);
            Finding { found: Some(agl), expected: Some(needed), ..finding }
        });
        let off = off.into_iter().map(|(leg, i)| {
            self.finding(FindingKind::Terrain, leg, &fine[i], "leaves the terrain model".to_owned())
        });
        low.chain(off).collect()
    }

    /// How near to its ends the line may be lower than its clearance from the ground, metres in the plane.
    fn near_ends_m(&self) -> f64 {
        let (flight, craft) = (self.flight, self.flight.craft);
        let speed = flight.limit_m_s + flight.surroundings.world.wind.greatest_m_s();
        let slowest = craft.climb_m_s.min(craft.descent_m_s) / 2.0;
        END_M + speed * craft.vertical_clearance_m / slowest
    }

    /// Distances from zones and obstacles; and the zones entered whose conditions must be known.
    pub(super) fn volumes(&self, advisories: &mut Vec<Entered>) -> Vec<Finding> {
        let flight = self.flight;
        // A zone counts as one, however many layers it has.
        let mut worst: BTreeMap<(usize, Option<usize>, &str), Finding> = BTreeMap::new();
        let mut entered: BTreeMap<&str, ()> = BTreeMap::new();
        for (number, pieces) in by_segment(flight) {
            let leg = self.legs[number];
            for volume in candidates(flight, &pieces) {
                if volume.is_conditional() {
                    if let Some(zone) = volume.zone
                        && !entered.contains_key(volume.name)
                        && let Some(entry) = find_entry(flight, volume, &pieces)
                    {
                        entered.insert(volume.name, ());
                        advisories.push(self.entered(zone, leg, &entry.at));
                    }
                    continue;
                }
                if !volume.is_barred(flight.request) {
                    continue;
                }
                let Some(near) = find_nearest(flight, volume, &pieces) else { continue };
                let key = (leg, volume.zone.is_none().then(|| volume.number()), volume.name);
                let known = worst.get(&key);
                if known.is_some_and(|known| known.found.is_some_and(|found| found <= near.distance_m)) {
                    continue;
                }
                let needs = flight.craft.clearance_m;
                let (kind, noun) = match volume.zone {
                    Some(zone) => (FindingKind::Zone, format!("{} zone", zone.restriction.as_str())),
                    None => (FindingKind::Obstacle, "obstacle".to_owned()),
                };
                let text = if near.distance_m > 0.0 {
                    format!("{:.2} m from {noun} {}, needs {needs} m", near.distance_m, volume.name)
                } else {
                    format!("inside {noun} {}, needs {needs} m from it", volume.name)
                };
                let finding = Finding {
                    subject: Some(volume.name.to_owned()),
                    found: Some(near.distance_m),
                    expected: Some(needs),
                    ..self.finding(kind, leg, &near.at, text)
                };
                worst.insert(key, finding);
            }
        }
        worst.into_values().collect()
    }

    fn entered(&self, zone: &Zone, leg: usize, at: &Fix) -> Entered {
        let message = || zone.message.first().map(|message| message.text.clone());
        Entered {
            zone: zone.identifier.clone(),
            restriction: zone.restriction,
            text: zone.restriction_conditions.clone().or_else(message).unwrap_or_default(),
            leg,
            when: self.flight.instant(at.t),
            place: self.flight.frame().to_place(at.at),
        }
    }

    /// Climb, descent, airspeed, hover.
    pub(super) fn speeds(&self) -> Vec<Finding> {
        let (flight, craft) = (self.flight, self.flight.craft);
        let mut worst: BTreeMap<(usize, FindingKind), (f64, Finding)> = BTreeMap::new();
        let mut keep = |over: f64, finding: Finding| {
            let key = (finding.leg, finding.kind);
            if worst.get(&key).is_none_or(|(most, _)| over > *most) {
                worst.insert(key, (over, finding));
            }
        };
        for number in flight.airborne() {
            let (leg, fix) = (self.legs[number], &flight.fixes[number]);
            let rate = flight.segments[number].velocity().z;
            for (kind, verb, limit, sign) in [
                (FindingKind::Climb, "climbs", craft.climb_m_s, 1.0),
                (FindingKind::Descent, "descends", craft.descent_m_s, -1.0),
            ] {
                let over = rate_excess_m(flight, number, limit, sign);
                if over > 0.0 {
                    let text = format!("{verb} at {:.2} m/s, at most {limit}", sign * rate);
                    let finding = self.finding(kind, leg, fix, text);
                    keep(over, Finding { found: Some(sign * rate), expected: Some(limit), ..finding });
                }
            }
            if !craft.can_hover && stands(flight, number) {
                let seconds = flight.segments[number].duration_s;
                let text = format!("stands over one place for {seconds:.1} s in the air, cannot hover");
                let finding = self.finding(FindingKind::Hover, leg, fix, text);
                keep(seconds, Finding { found: Some(seconds), expected: Some(0.0), ..finding });
            }
        }
        for (number, from, to) in flight.pieces() {
            let over = airspeed_excess_m(flight, number, from, to);
            if over > 0.0 {
                let (speed, limit) = (airspeed_m_s(flight, number, over), flight.limit_m_s);
                let text = format!("{speed:.2} m/s through the air, at most {limit}");
                let finding = self.finding(FindingKind::Airspeed, self.legs[number], from, text);
                keep(over, Finding { found: Some(speed), expected: Some(limit), ..finding });
            }
        }
        worst.into_values().map(|(_, finding)| finding).collect()
    }

    /// Each turn that is too tight belongs to the leg that it ends.
    pub(super) fn turns(&self) -> Vec<Finding> {
        let radius = self.flight.craft.min_turn_radius_m;
        let mut worst: BTreeMap<usize, (f64, Finding)> = BTreeMap::new();
        for tight in tight_turns(self.flight).into_iter().flatten() {
            let leg = self.legs[tight.at.saturating_sub(1).min(self.legs.len() - 1)];
            let over = tight.turn - tight.allowed;
            if worst.get(&leg).is_none_or(|(most, _)| over > *most) {
                let fix = &self.flight.fixes[tight.at];
                let finding = Finding {
                    found: Some(tight.turn.to_degrees()),
                    expected: Some(tight.allowed.to_degrees()),
                    ..self.finding(FindingKind::Turn, leg, fix, tight.text(radius))
                };
                worst.insert(leg, (over, finding));
            }
        }
        worst.into_values().map(|(_, finding)| finding).collect()
    }

    /// Where the reserve is begun.
    pub(super) fn energy(&self) -> Option<Finding> {
        let flight = self.flight;
        let usable = flight.craft.energy.usable_wh();
        let most = usable * (1.0 + FRACTION);
        let total: f64 = pieces_wh(flight).map(|(least, _)| least).sum();
        if total <= most {
            return None;
        }
        let mut used = 0.0;
        for ((number, from, to), (least, _)) in flight.pieces().zip(pieces_wh(flight)) {
            if used + least > most {
                let at = from.mixed(to, ((most - used) / least).clamp(0.0, 1.0));
                let text = format!("begins its reserve here: needs {total:.1} Wh in all, has {usable:.1}");
                let finding = self.finding(FindingKind::Energy, self.legs[number], &at, text);
                return Some(Finding { found: Some(total), expected: Some(usable), ..finding });
            }
            used += least;
        }
        None
    }
}

/// From and to which share a straight track lies within a distance of a centre.
fn within(centre: Xy, radius_m: f64, from: Xy, to: Xy) -> Option<(f64, f64)> {
    let (run, arm) = (to - from, from - centre);
    let a = run.x * run.x + run.y * run.y;
    let b = run.x * arm.x + run.y * arm.y;
    let c = arm.x * arm.x + arm.y * arm.y - radius_m * radius_m;
    if a == 0.0 {
        return (c <= 0.0).then_some((0.0, 1.0));
    }
    let root = b * b - a * c;
    if root < 0.0 {
        return None;
    }
    let (enters, leaves) = ((-b - root.sqrt()) / a, (-b + root.sqrt()) / a);
    (enters <= 1.0 && leaves >= 0.0).then_some((enters.max(0.0), leaves.min(1.0)))
}
