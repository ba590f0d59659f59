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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::airspace::Missions;

    /// The table of section 1 of the contract, for every restriction, mission and right.
    #[test]
    fn who_may_enter() {
        let named = ["ZONE".to_owned()];
        let others = ["ZONE-2".to_owned(), "zone".to_owned(), String::new()];
        let exempt = [Missions::NONE, Missions::NONE.with(Mission::Rescue).with(Mission::State)];
        let mut barred = 0;
        for restriction in Restriction::ALL {
            for exempt_missions in exempt {
                for mission in Mission::ALL {
                    for (authorizations, exemptions) in [
                        (&others[..], &others[..]),
                        (&named[..], &others[..]),
                        (&others[..], &named[..]),
                        (&named[..], &named[..]),
                    ] {
                        let mut zone = Zone::new("ZONE", restriction, vec![]);
                        zone.exempt_missions = exempt_missions;
                        let by_mission = !exempt_missions.is_empty()
                            && matches!(mission, Mission::Rescue | Mission::State);
                        let authorized = authorizations.len() == 1;
                        let exempted = exemptions.len() == 1;
                        let expected = match restriction {
                            Restriction::Prohibited if !exempted && !by_mission => Entry::Barred,
                            Restriction::ReqAuthorization if !authorized && !by_mission => Entry::Barred,
                            Restriction::Conditional | Restriction::Uspace => Entry::Advisory,
                            _ => Entry::Free,
                        };
                        let found = zone.entry(&Rights { mission, authorizations, exemptions });
                        assert_eq!(
                            found, expected,
                            "{restriction:?} {mission:?} {authorizations:?} {exemptions:?}"
                        );
                        barred += usize::from(found == Entry::Barred);
                    }
                }
            }
        }
        // Two restrictions bar, by two of the four rights, six missions without an exemption and four with one.
        assert_eq!(barred, 2 * 2 * (6 + 4));
    }
}
