//! Who calls, and what he may do.

use std::sync::Arc;

use super::flight::Flight;

/// A permission. [`Scope::Admin`] holds all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read zones, sites, weather, events, and flights as far as they may be seen.
    Read,
    /// Plan without reserving, and have missions checked.
    Plan,
    /// Reserve flights and lead them.
    Flights,
    /// Ask for the missions and priorities that go before others.
    Emergency,
    /// Change the airspace, and see all flights.
    Zones,
    /// Everything.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Plan, Self::Flights, Self::Emergency, Self::Zones, Self::Admin];

    /// The spelling in tokens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Flights => "flights",
            Self::Emergency => "emergency",
            Self::Zones => "zones",
            Self::Admin => "admin",
        }
    }

    /// From the spelling in tokens.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// No permission.
    pub const NONE: Self = Self(0);
    /// Every permission.
    pub const ALL: Self = Self::NONE.with(Scope::Admin);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u8)
    }

    /// Is it in the set, or held by [`Scope::Admin`]?
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8 | 1 << Scope::Admin as u8) != 0
    }
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The operator.
    pub subject: Arc<str>,
    /// What he may do.
    pub scopes: Scopes,
    /// The zones whose authorization his requests may name; any if absent.
    pub authorizations: Option<Arc<[String]>>,
    /// The zones whose exemption his requests may name; any if absent.
    pub exemptions: Option<Arc<[String]>>,
}

impl Principal {
    /// Nobody in particular, who may do everything: for a server that runs open.
    pub fn open() -> Self {
        Self { subject: "anonymous".into(), scopes: Scopes::ALL, authorizations: None, exemptions: None }
    }

    /// Nobody, who may do nothing.
    pub(crate) fn nobody() -> Self {
        Self { subject: "".into(), scopes: Scopes::NONE, ..Self::open() }
    }

    /// Who started the server.
    pub(crate) fn start() -> Self {
        Self { subject: "start".into(), ..Self::open() }
    }

    /// May he see a flight whole? Those of others are volumes to all but the airspace's managers.
    pub(crate) fn sees(&self, flight: &Flight) -> bool {
        self.sees_all() || flight.operator == self.subject
    }

    pub(crate) fn sees_all(&self) -> bool {
        self.scopes.has(Scope::Zones)
    }

    /// May he lead a flight?
    pub(crate) fn leads(&self, flight: &Flight) -> bool {
        self.scopes.has(Scope::Admin) || (self.scopes.has(Scope::Flights) && flight.operator == self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_it_was_given_and_admin_has_all() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
            assert!(Scopes::ALL.has(scope) && !Scopes::NONE.has(scope));
            let one = Scopes::NONE.with(scope);
            let held = Scope::ALL.into_iter().filter(|other| one.has(*other)).count();
            assert_eq!(held, if scope == Scope::Admin { Scope::ALL.len() } else { 1 });
        }
        assert_eq!(Scope::parse("root"), None);
    }
}
