//! A UAS geographical zone as ED-318 and ED-269 describe it.

use super::Applicability;
use crate::frame::{Height, LonLat};

/// What a zone asks of those who want to enter (ED-318 `type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Restriction {
    /// Closed, save to requests that are exempt.
    Prohibited,
    /// Closed, save to requests that hold an authorization.
    ReqAuthorization,
    /// Open under conditions that the plan lists.
    Conditional,
    /// Open.
    NoRestriction,
    /// A U-space airspace: open, listed in the plan.
    Uspace,
}

impl Restriction {
    /// All of them, in the order of the standard.
    pub const ALL: [Self; 5] =
        [Self::Uspace, Self::Prohibited, Self::ReqAuthorization, Self::Conditional, Self::NoRestriction];

    /// The spelling of ED-318.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prohibited => "PROHIBITED",
            Self::ReqAuthorization => "REQ_AUTHORIZATION",
            Self::Conditional => "CONDITIONAL",
            Self::NoRestriction => "NO_RESTRICTION",
            Self::Uspace => "USPACE",
        }
    }

    /// From the spelling of ED-318 or ED-269 (`REQ_AUTHORISATION`), in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase().replace("AUTHORISATION", "AUTHORIZATION");
        Self::ALL.into_iter().find(|restriction| restriction.as_str() == upper)
    }
}

/// What a flight is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mission {
    /// Parcels and goods.
    Logistics,
    /// Search and rescue.
    Rescue,
    /// An emergency: goes first.
    Emergency,
    /// State flights: police, customs.
    State,
    /// Inspection of lines, dikes, roads.
    Inspection,
    /// Anything else.
    Other,
}

impl Mission {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Logistics, Self::Rescue, Self::Emergency, Self::State, Self::Inspection, Self::Other];

    /// The spelling of the request files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logistics => "LOGISTICS",
            Self::Rescue => "RESCUE",
            Self::Emergency => "EMERGENCY",
            Self::State => "STATE",
            Self::Inspection => "INSPECTION",
            Self::Other => "OTHER",
        }
    }

    /// From the spelling of the request files.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mission| mission.as_str() == text)
    }

    /// May it fly at the aircraft's greatest airspeed rather than at cruise?
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Emergency | Self::Rescue)
    }
}

/// A set of missions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Missions(u8);

impl Missions {
    /// None.
    pub const NONE: Self = Self(0);

    /// The same set with one more.
    #[must_use]
    pub const fn with(self, mission: Mission) -> Self {
        Self(self.0 | 1 << mission as u8)
    }

    /// Is the mission in the set?
    pub const fn contains(self, mission: Mission) -> bool {
        self.0 & (1 << mission as u8) != 0
    }

    /// Is there no mission in the set?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The missions of the set.
    pub fn iter(self) -> impl Iterator<Item = Mission> {
        Mission::ALL.into_iter().filter(move |mission| self.contains(*mission))
    }
}

/// A text with its language, as in ED-318 (`textShortType`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Language tag such as `en-GB` or `zh-CN`; empty where the source gives none.
    pub lang: String,
}

/// Is the zone the common one for an area, or customized for some user (ED-318 `variant`)?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Variant {
    /// For everybody.
    #[default]
    Common,
    /// For a user.
    Customized,
}

/// A yes or a no that the source may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What to ask an authority for (ED-318 `purpose`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthorityPurpose {
    /// It grants the authorization to enter.
    Authorization,
    /// It wants to be told.
    Notification,
    /// It answers questions.
    Information,
}

/// Whom to ask about a zone (ED-318 `zoneAuthority`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Authority {
    /// Its name, by language.
    pub name: Vec<Text>,
    /// The service within it, by language.
    pub service: Vec<Text>,
    /// Who to speak to, by language.
    pub contact_name: Vec<Text>,
    /// Web page.
    pub site_url: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// What it is for.
    pub purpose: Option<AuthorityPurpose>,
    /// How long before a flight to ask, an ISO 8601 duration.
    pub interval_before: Option<String>,
}

/// A closed ring of places: the last equals the first, at least four of them.
pub type Ring = Vec<LonLat>;

/// A polygon: the outer ring and its holes. Edges are straight in longitude and latitude (RFC 7946, 3.1.1).
///
/// Readers hand over rings that are closed and cross neither themselves nor each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The outer ring.
    pub exterior: Ring,
    /// The holes.
    pub holes: Vec<Ring>,
}

/// Where a layer is.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    /// Polygons, at least one.
    Polygons(Vec<Polygon>),
    /// All within `radius_m` metres of a place; the radius is positive and finite.
    Circle {
        /// The middle.
        centre: LonLat,
        /// Metres on the ground.
        radius_m: f64,
    },
}

impl Outline {
    /// The zone's own place, at which its schedule is evaluated: the centre, or the first corner.
    pub fn place(&self) -> LonLat {
        match self {
            Self::Circle { centre, .. } => *centre,
            Self::Polygons(polygons) => polygons[0].exterior[0],
        }
    }
}

/// Vertical limits; what is absent is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// The lower limit.
    pub lower: Option<Height>,
    /// The upper limit.
    pub upper: Option<Height>,
}

impl Limits {
    /// From the ground of the earth to the sky.
    pub const UNBOUNDED: Self = Self { lower: None, upper: None };

    /// Lower and upper limit in metres above sea level over ground at `ground_m`, infinite where unbounded.
    pub fn amsl_over(&self, ground_m: f64) -> (f64, f64) {
        (
            self.lower.map_or(f64::NEG_INFINITY, |height| height.amsl_over(ground_m)),
            self.upper.map_or(f64::INFINITY, |height| height.amsl_over(ground_m)),
        )
    }
}

/// One vertical layer of a zone (an ED-318 geometry with its `layer`).
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Where.
    pub outline: Outline,
    /// How high.
    pub limits: Limits,
}

/// A UAS geographical zone: one or more layers under one identifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The identifier that authorizations and exemptions name. Not empty; may be longer than ED-318's seven.
    pub identifier: String,
    /// ISO 3166-1 alpha-3; empty where the source gives none.
    pub country: String,
    /// Names by language.
    pub name: Vec<Text>,
    /// What it asks.
    pub restriction: Restriction,
    /// Common or customized.
    pub variant: Variant,
    /// The conditions of a `CONDITIONAL` zone, free text.
    pub restriction_conditions: Option<String>,
    /// Region number of the source.
    pub region: Option<i64>,
    /// Why it exists, in the words of the standard (`AIR_TRAFFIC`, `SENSITIVE`, ...).
    pub reason: Vec<String>,
    /// Why, in other words.
    pub other_reason_info: Vec<Text>,
    /// ED-318 `regulationExemption`.
    pub regulation_exemption: Option<YesNo>,
    /// What to tell those who come near.
    pub message: Vec<Text>,
    /// Whom to ask.
    pub authorities: Vec<Authority>,
    /// When it is active.
    pub applicability: Applicability,
    /// The missions that may enter without being named (`extendedProperties.exempt_missions`).
    pub exempt_missions: Missions,
    /// Where and how high; at least one.
    pub layers: Vec<Layer>,
    /// What else the source said, a JSON object's text kept as it was; written back, never read by the engine.
    pub extended: Option<String>,
}

impl Zone {
    /// A zone with an identifier, a restriction and layers, always active; everything else empty.
    pub fn new(identifier: impl Into<String>, restriction: Restriction, layers: Vec<Layer>) -> Self {
        Self {
            identifier: identifier.into(),
            country: String::new(),
            name: Vec::new(),
            restriction,
            variant: Variant::Common,
            restriction_conditions: None,
            region: None,
            reason: Vec::new(),
            other_reason_info: Vec::new(),
            regulation_exemption: None,
            message: Vec::new(),
            authorities: Vec::new(),
            applicability: Applicability::Always,
            exempt_missions: Missions::NONE,
            layers,
            extended: None,
        }
    }

    /// The first name, else the identifier.
    pub fn title(&self) -> &str {
        self.name.first().map_or(&self.identifier, |name| &name.text)
    }
}
