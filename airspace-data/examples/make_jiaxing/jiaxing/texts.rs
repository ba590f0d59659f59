//! Names, the disclaimer and authorities, in English and Chinese.

use tianlu_engine::airspace::{Authority, AuthorityPurpose, Restriction, Text, Zone};
use tianlu_engine::frame::{Agl, Amsl, Height};

use super::inputs::Failure;

/// What every feature says, in English.
pub(crate) const DISCLAIMER_EN: &str = "Demonstration data: approximate, not for navigation.";
/// What every feature says, in Chinese.
pub(crate) const DISCLAIMER_ZH: &str = "演示数据:位置为近似值,不得用于导航或实际飞行。";

/// One thing said in English and in Chinese.
pub(crate) fn both(en: &str, zh: &str) -> Vec<Text> {
    vec![
        Text { text: en.to_owned(), lang: "en-GB".to_owned() },
        Text { text: zh.to_owned(), lang: "zh-CN".to_owned() },
    ]
}

/// Gives a zone what all zones of the bundle carry: country, names, the disclaimer.
pub(crate) fn dress(zone: &mut Zone, en: &str, zh: &str) {
    zone.country = "CHN".to_owned();
    zone.name = both(en, zh);
    zone.message = both(DISCLAIMER_EN, DISCLAIMER_ZH);
}

/// A public authority.
pub(crate) fn authority(en: &str, zh: &str, purpose: AuthorityPurpose) -> Authority {
    Authority { name: both(en, zh), purpose: Some(purpose), ..Authority::default() }
}

/// The authority that approves flights in controlled airspace (空中交通管理机构 in Article 19).
pub(crate) fn air_traffic_management(restriction: Restriction) -> Authority {
    let purpose = match restriction {
        Restriction::ReqAuthorization => AuthorityPurpose::Authorization,
        _ => AuthorityPurpose::Information,
    };
    authority("Air traffic management authority", "空中交通管理机构", purpose)
}

/// A height above ground.
pub(crate) fn agl(metres: f64) -> Result<Height, Failure> {
    Agl::new(metres).map(Height::Agl).map_err(|error| Failure::plain(error.to_string()))
}

/// A height above mean sea level.
pub(crate) fn amsl(metres: f64) -> Result<Height, Failure> {
    Amsl::new(metres).map(Height::Amsl).map_err(|error| Failure::plain(error.to_string()))
}
