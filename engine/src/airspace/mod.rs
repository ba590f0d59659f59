//! UAS geographical zones: where, how high, when, and who may enter; the R-tree over them; snapshots.

mod applicability;
mod entry;
mod index;
mod snapshot;
mod sun;
mod zone;

pub use applicability::{Applicability, Daily, Day, DayEdge, Period, SunEvent, TimeOfDay};
pub use entry::{Entry, Rights};
pub use index::{HeightBand, LonLatBox, VolumeId, VolumeIndex};
pub use snapshot::Airspace;
pub use sun::SUN_TOLERANCE_MS;
pub use zone::{
    Authority, AuthorityPurpose, Layer, Limits, Mission, Missions, Outline, Polygon, Restriction, Ring, Text,
    Variant, YesNo, Zone,
};
