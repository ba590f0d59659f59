//! Why a request is refused.

/// The closed list of reasons; the first that applies is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalCode {
    /// The request makes no sense, or asks for what cannot be planned.
    BadRequest,
    /// The origin lies in a zone or obstacle that it may not enter, whenever it could be there.
    OriginInZone,
    /// Likewise the destination.
    DestinationInZone,
    /// No height of the cruise band can be reached above the origin or the destination.
    Ceiling,
    /// Heights are free, a path is not.
    NoRoute,
    /// Every path takes more energy than there is.
    Energy,
    /// Alone in the sky it would have a plan.
    Traffic,
}

impl RefusalCode {
    /// All codes in the order in which they apply.
    pub const ALL: [Self; 7] = [
        Self::BadRequest,
        Self::OriginInZone,
        Self::DestinationInZone,
        Self::Ceiling,
        Self::NoRoute,
        Self::Energy,
        Self::Traffic,
    ];

    /// The spelling of the plan files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::OriginInZone => "ORIGIN_IN_ZONE",
            Self::DestinationInZone => "DESTINATION_IN_ZONE",
            Self::Ceiling => "CEILING",
            Self::NoRoute => "NO_ROUTE",
            Self::Energy => "ENERGY",
            Self::Traffic => "TRAFFIC",
        }
    }

    /// From the spelling of the plan files.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

/// A refusal with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The request's name.
    pub request: String,
    /// The first reason that applies.
    pub code: RefusalCode,
    /// The reason in words, for people.
    pub text: String,
    /// Identifiers of the zones and obstacles in the way.
    pub zones: Vec<String>,
    /// Requests of the flights in the way.
    pub flights: Vec<String>,
}
