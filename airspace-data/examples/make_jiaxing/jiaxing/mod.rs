//! The generator of the bundled Jiaxing airspace, apart from writing to disk.

mod airport;
mod districts;
mod facilities;
mod fleet;
mod inputs;
mod morning;
mod notices;
mod random;
mod rescue_day;
mod rules;
mod runway;
mod scenario;
mod shapes;
mod sites;
mod strips;
mod surfaces;
mod texts;
mod writing;

use std::path::Path;

use tianlu_engine::airspace::Zone;

pub(crate) use inputs::Failure;
use inputs::Places;

/// What the generator makes.
pub(crate) struct Made {
    /// The zones, before they are written.
    #[allow(dead_code, reason = "the program writes files alone; the tests look at the zones")]
    pub(crate) zones: Vec<Zone>,
    /// Files by name, relative to `data/jiaxing`.
    pub(crate) files: Vec<(&'static str, String)>,
}

/// Makes everything from the folder of inputs.
pub(crate) fn make(inputs: &Path) -> Result<Made, Failure> {
    let places = Places::read(&inputs.join("places.csv"))?;
    let rules = rules::read(&inputs.join("rules.json"))?;
    let districts = districts::read(&inputs.join("districts.geojson"))?;
    let sites = sites::read(&inputs.join("sites.json"), &places)?;

    let mut zones = airport::zones(&inputs.join("runway.json"))?;
    zones.extend(facilities::zones(&inputs.join("facilities.json"), &places, &rules)?);
    zones.extend(strips::zones(&inputs.join("strips.json"), &rules)?);
    zones.push(districts::above_120_m(&districts, &rules)?);
    zones.extend(notices::zones(inputs, &districts, &places)?);

    let rescue_day = rescue_day::make(&sites)?;
    let files = vec![
        ("zones.json", writing::zones("Jiaxing demonstration airspace", &zones)),
        ("sites.geojson", sites::write(&sites)),
        ("scenarios/morning.json", morning::make(&sites)?),
        ("scenarios/rescue-day.json", rescue_day.scenario),
        (
            "scenarios/rescue-day-zones.json",
            writing::zones("Rescue day: temporary no-fly areas", &rescue_day.zones),
        ),
    ];
    Ok(Made { zones, files })
}
