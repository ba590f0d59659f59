//! Who may enter a zone while it is active.

use super::{Mission, Restriction, Zone};

/// What a request brings along: its mission and the zones that it may enter by name.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a> {
    /// What the flight is for.
    pub mission: Mission,
    /// Zones that require an authorization and have given it.
    pub authorizations: &'a [String],
    /// Prohibited zones that do not hold for this request.
    pub exemptions: &'a [String],
}

/// The answer of a zone to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// May not enter while the zone is active.
    Barred,
    /// May enter; the plan lists the zone.
    Advisory,
    /// May enter.
    Free,
}

impl Zone {
    /// May a flight with these rights enter while the zone is active?
    pub fn entry(&self, rights: &Rights<'_>) -> Entry {
        let named = |list: &[String]| list.contains(&self.identifier);
        let granted = match self.restriction {
            Restriction::NoRestriction => return Entry::Free,
            Restriction::Conditional | Restriction::Uspace => return Entry::Advisory,
            Restriction::Prohibited => named(rights.exemptions),
            Restriction::ReqAuthorization => named(rights.authorizations),
        };
        if granted || self.exempt_missions.contains(rights.mission) { Entry::Free } else { Entry::Barred }
    }
}
