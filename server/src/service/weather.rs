//! The wind changed under the flights: those that cannot be flown in it as planned are planned anew in the same step.

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};
use tianlu_airspace_data::scenario::wind_to_json;
use tianlu_engine::dispatch::{self, Affected, Moment};
use tianlu_engine::flight::{Outcome, Plan};
use tianlu_engine::frame::Instant;
use tianlu_engine::route::Planner;
use tianlu_engine::traffic::Reserved;
use tianlu_engine::verify::{Breach, Verifier};
use tianlu_engine::weather::Wind;

use super::Service;
use super::denied::Denied;
use super::draft::Draft;
use super::event::EventKind;
use super::fates::{Cause, Told, apply};
use super::principal::Principal;
use super::writer::Lane;
use super::zone_item::fnv1a_128;

/// What a change of the wind comes to.
#[derive(Debug)]
pub(crate) struct WeatherChanged {
    /// As it is served.
    pub(crate) wind: Value,
    /// Rises with each change.
    pub(crate) revision: u64,
    /// What became of flights.
    pub(crate) affected: Vec<Told>,
}

/// A strong ETag of the wind as it is served, quotes included.
pub(crate) fn weather_tag(wind: &Value) -> String {
    format!("\"{:032x}\"", fnv1a_128(wind.to_string().as_bytes()))
}

impl Service {
    /// Sets the wind, if the tag of what it was passes a check.
    ///
    /// # Errors
    /// What the check or the writer denies.
    pub(crate) async fn change_weather(
        &self,
        who: Principal,
        wind: Wind,
        check: impl FnOnce(&str) -> Result<(), Denied> + Send + 'static,
    ) -> Result<WeatherChanged, Denied> {
        let sites = Arc::clone(&self.sites);
        self.writer
            .write(Lane::Heavy, move |draft| {
                check(&weather_tag(&wind_to_json(&draft.state.wind)))?;
                change(draft, wind, &who, &sites)
            })
            .await
    }
}

fn change(
    draft: &mut Draft<'_>,
    wind: Wind,
    who: &Principal,
    sites: &[dispatch::Site],
) -> Result<WeatherChanged, Denied> {
    let json = wind_to_json(&wind);
    if *draft.state.wind == wind {
        let revision = draft.state.weather_revision;
        return Ok(WeatherChanged { wind: json, revision, affected: Vec::new() });
    }
    draft.change_wind(wind, &json);
    let world = Arc::clone(&draft.state.world);
    let outlines = Arc::clone(&draft.state.outlines);
    let planner = Planner::sharing(&world, &outlines);
    let moment = Moment { now: draft.now, reaction_s: draft.rules.reaction_s };
    let flights = broken(draft, moment);
    let Affected { fated, change } = dispatch::renew(&planner, &draft.state.book, &flights, moment, sites);
    let since = draft.state.book.revision();
    draft.state.book.apply(change, since)?;

    let revision = draft.state.weather_revision;
    let data = json!({"weather_revision": revision, "wind": json, "affected": fated.len()});
    draft.tell(EventKind::WeatherChanged, None, data.clone(), Value::Null);
    let affected = apply(draft, fated, &Cause::Weather);
    draft.note(who, "weather.change", "", data);
    Ok(WeatherChanged { wind: json, revision, affected })
}

/// The reserved flights whose plans cannot be flown in the wind as it is: too fast through the air (promise 2), or with too
/// little energy (promise 6).
fn broken(draft: &Draft<'_>, moment: Moment) -> Vec<u32> {
    let verifier = Verifier::new(&draft.state.world);
    let reserved: Vec<&Arc<Reserved>> = draft.state.book.iter().collect();
    let reacts = moment.now.plus_millis((moment.reaction_s * 1000.0).ceil() as i64);
    let is_broken = |reserved: &Reserved| {
        let plan = Outcome::Planned(Plan::clone(&reserved.plan));
        verifier.flight(&reserved.request, &plan).iter().any(|breach| counts(breach, reacts))
    };
    reserved.par_iter().filter(|reserved| is_broken(reserved)).map(|reserved| reserved.flight).collect()
}

/// What was flown before anybody could react cannot be helped.
fn counts(breach: &Breach, reacts: Instant) -> bool {
    match breach.promise {
        2 => breach.when.is_none_or(|when| when >= reacts),
        promise => promise == 6,
    }
}
